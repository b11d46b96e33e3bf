//! Forgetting calls of a certain age.

use super::database::values;
use super::{Store, StoreError};

impl Store {
    /// Removes calls whose day (or, where the record gives none, whose audit) is before `day`, `YYYY-MM-DD`, with
    /// everything said in them; how many. What was done with them stays in the log of actions, without their words. Their
    /// recordings are known by content still, so that none is taken in again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_before(&mut self, day: &str) -> Result<u64, StoreError> {
        let old = "SELECT id FROM call WHERE coalesce(nullif(day, ''), substr(audited_at, 1, 10)) < $1";
        let stale = format!(
            "INSERT INTO stale_day (day) SELECT DISTINCT day FROM call WHERE id IN ({old}) ON CONFLICT DO NOTHING"
        );
        self.execute(&stale, values![day])?;
        for table in self.spoken_tables() {
            self.execute(&format!("DELETE FROM {table} IN ({old})"), values![day])?;
        }
        let forgotten = self.execute(&format!("DELETE FROM call WHERE id IN ({old})"), values![day])?;
        // A dictionary holds a whole report.
        self.execute("DELETE FROM dictionary WHERE id NOT IN (SELECT dictionary FROM body)", &[])?;
        Ok(forgotten)
    }
}
