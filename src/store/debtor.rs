//! The calls to one debtor.

use super::database::values;
use super::record::{select_records, stored_record};
use super::{Store, StoreError, StoredRecord};

impl Store {
    /// The records that name a debtor, at most `limit`, in order of their start on the debtor's clock: answered or not,
    /// recorded or not. A start that is not known stands first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_of_debtor(&mut self, debtor: &str, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let sql = format!(
            "{} WHERE debtor_id = $1 AND has_record = 1
             ORDER BY day, coalesce(hour, -1), coalesce(started_at, ''), id LIMIT $2",
            select_records()
        );
        let rows = self.query(&sql, values![debtor, limit])?;
        rows.into_iter().map(|mut row| stored_record(&mut row)).collect()
    }
}
