//! Findings that several people judged.

use super::database::{Row, values};
use super::{Store, StoreError};

/// The last word of one of the reviewers of a finding that several judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondOpinion {
    pub call: i64,
    pub finding_id: String,
    /// Rejected otherwise.
    pub is_confirmed: bool,
}

impl Store {
    /// The last words on findings of some days, `YYYY-MM-DD`, both included, that more than one person judged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn second_opinions(
        &mut self,
        from_day: &str,
        to_day: &str,
    ) -> Result<Vec<SecondOpinion>, StoreError> {
        let sql = "SELECT said.call, said.finding_id, said.judgement FROM finding
             JOIN review AS said ON said.call = finding.call AND said.finding_id = finding.finding_id
             WHERE finding.reviewers > 1 AND finding.day >= $1 AND finding.day <= $2
                 AND NOT EXISTS (SELECT 1 FROM review AS later WHERE later.call = said.call
                     AND later.finding_id = said.finding_id AND later.reviewer = said.reviewer AND later.id > said.id)
             ORDER BY said.call, said.finding_id, said.id";
        let opinion = |mut row: Row| {
            Ok(SecondOpinion {
                call: row.take(0)?,
                finding_id: row.take(1)?,
                is_confirmed: row.take::<String>(2)? == "confirmed",
            })
        };
        self.query(sql, values![from_day, to_day])?.into_iter().map(opinion).collect()
    }
}
