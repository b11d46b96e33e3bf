//! Findings of a store, page by page.

use std::vec::IntoIter;

use crate::store::{JudgedFinding, Selection, Store, StoreError};

/// Findings read at once.
const PAGE: usize = 2_000;

/// The findings of a selection in order of call and id. Each page is of its own moment: what people say meanwhile is in it
/// or not, and no finding comes twice.
pub struct Rows<'a> {
    store: &'a mut Store,
    selection: Selection,
    page: IntoIter<JudgedFinding>,
    /// Call and id of the last finding given.
    last: Option<(i64, String)>,
    is_ended: bool,
}

impl<'a> Rows<'a> {
    #[must_use]
    pub fn new(store: &'a mut Store, selection: Selection) -> Self {
        Self { store, selection, page: Vec::new().into_iter(), last: None, is_ended: false }
    }

    fn turn_page(&mut self) -> Result<(), StoreError> {
        let after = self.last.as_ref().map(|(call, finding_id)| (*call, finding_id.as_str()));
        let page = self.store.judged_findings(&self.selection, after, PAGE)?;
        self.is_ended = page.len() < PAGE;
        self.last = page.last().map(|finding| (finding.call, finding.finding_id.clone()));
        self.page = page.into_iter();
        Ok(())
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<JudgedFinding, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0
            && !self.is_ended
            && let Err(error) = self.turn_page()
        {
            self.is_ended = true;
            return Some(Err(error));
        }
        self.page.next().map(Ok)
    }
}
