//! Cells of a table to the fields of a row.

use std::borrow::Cow;

use super::columns::Column;
use super::values;
use crate::domain::{CallRow, Contact, Direction};

/// Reads cells; values of few kinds are looked up once.
#[derive(Debug, Default)]
pub struct CellReader {
    contacts: Seen<Contact>,
    directions: Seen<Direction>,
    answers: Seen<bool>,
    consents: Seen<String>,
}

impl CellReader {
    /// Puts `cell` into the row's field; an empty one changes nothing.
    ///
    /// # Errors
    /// What the value should have been.
    pub fn fill<'a>(
        &mut self,
        row: &mut CallRow<'a>,
        column: Column,
        cell: &'a str,
    ) -> Result<(), &'static str> {
        let Some(text) = values::present(cell) else { return Ok(()) };
        match column {
            Column::CallId => row.call_id = Some(text),
            Column::Recording => row.recording = Some(text),
            Column::StartedAt => row.started_at = Some(text),
            Column::Duration => row.duration_s = Some(values::duration_s(text)?),
            Column::Agent => row.agent_id = Some(text),
            Column::Team => row.team = Some(text),
            Column::Debtor => row.debtor_id = Some(text),
            Column::Contact => row.contact = Some(self.contacts.read(text, values::contact)?),
            Column::Number => row.number = Some(text),
            Column::Direction => row.direction = Some(self.directions.read(text, values::direction)?),
            Column::Answered => row.answered = Some(self.answers.read(text, values::answered)?),
            Column::Timezone => row.timezone = Some(text),
            Column::ConsentWindow => {
                let read = |text: &str| values::consent_window(text).map(|window| window.text());
                row.consent_window = Some(Cow::Owned(self.consents.read(text, read)?));
            }
            Column::Lender => row.lender = Some(text),
            Column::Product => row.product = Some(text),
        }
        Ok(())
    }
}

/// What the texts of a column were found to mean, as long as they are few.
#[derive(Debug)]
struct Seen<T>(Vec<(String, T)>);

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone> Seen<T> {
    const MOST: usize = 16;

    fn read(
        &mut self,
        text: &str,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<T, &'static str> {
        if let Some((_, meaning)) = self.0.iter().find(|(seen, _)| seen == text) {
            return Ok(meaning.clone());
        }
        let meaning = read(text)?;
        if self.0.len() < Self::MOST {
            self.0.push((text.to_owned(), meaning.clone()));
        }
        Ok(meaning)
    }
}
