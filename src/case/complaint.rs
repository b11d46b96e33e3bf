//! The complaints about a debtor's calls.

use serde::Serialize;

use super::masking::Mask;
use crate::report::words::date_time;
use crate::store::{Complaint, ComplaintLink, Store, StoreError};

/// A complaint with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseComplaint {
    pub complaint: Complaint,
    pub links: Vec<ComplaintLink>,
}

/// All complaints of which the register says that they are about the debtor.
pub(super) fn complaints(store: &mut Store, debtor: &str) -> Result<Vec<CaseComplaint>, StoreError> {
    let complaints = store.complaints_about(debtor)?.into_iter();
    let with_links = |complaint: Complaint| {
        let links = store.links_of_complaint(complaint.id)?;
        Ok(CaseComplaint { complaint, links })
    };
    complaints.map(with_links).collect()
}

impl CaseComplaint {
    pub(super) fn masked(&self, mask: &Mask) -> Self {
        let mut masked = self.clone();
        let complaint = &mut masked.complaint;
        let named = [&mut complaint.debtor_id, &mut complaint.agent_id, &mut complaint.assigned_to];
        let texts = [&mut complaint.statement, &mut complaint.conclusion, &mut complaint.registered_by];
        let linked = masked.links.iter_mut().flat_map(|link| [Some(&mut link.call_id), link.quote.as_mut()]);
        for text in named.into_iter().flatten().chain(texts).chain(linked.flatten()) {
            mask.hide(text);
        }
        masked
    }
}

/// A complaint as pages and tables tell of it.
#[derive(Serialize)]
pub(super) struct ComplaintView {
    pub number: i64,
    pub received: String,
    pub due: String,
    pub opened: String,
    pub closed: String,
    pub source: &'static str,
    pub kind: &'static str,
    pub state: &'static str,
    pub agent: String,
    pub statement: String,
    pub conclusion: String,
    pub registered_by: String,
    pub assigned_to: String,
    /// Call ids, each with the words of the finding or nothing.
    pub links: Vec<(String, String)>,
}

impl ComplaintView {
    pub(super) fn of(CaseComplaint { complaint, links }: &CaseComplaint) -> Self {
        let moment = |moment: &Option<String>| moment.as_deref().map(date_time).unwrap_or_default();
        let link = |link: &ComplaintLink| (link.call_id.clone(), link.quote.clone().unwrap_or_default());
        Self {
            number: complaint.id,
            received: date_time(&complaint.received_at),
            due: date_time(&complaint.due_at),
            opened: moment(&complaint.opened_at),
            closed: moment(&complaint.closed_at),
            source: complaint.source.name_zh(),
            kind: complaint.kind.name_zh(),
            state: complaint.state.name_zh(),
            agent: complaint.agent_id.clone().unwrap_or_default(),
            statement: complaint.statement.clone(),
            conclusion: complaint.conclusion.clone(),
            registered_by: complaint.registered_by.clone(),
            assigned_to: complaint.assigned_to.clone().unwrap_or_default(),
            links: links.iter().map(link).collect(),
        }
    }
}
