//! One night run at a time.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use super::database::{Access, Database, connect};
use super::{Place, StoreError};

/// Held as long as it lives; whatever ends the program ends it.
pub struct Lock {
    _held: Held,
}

#[expect(dead_code, reason = "held, never read")]
enum Held {
    File(File),
    Session(Box<dyn Database>),
}

/// Locks the store against other runs; readers and reviewers go on.
///
/// # Errors
/// When another run has it, or it cannot be locked.
pub fn lock(place: &Place) -> Result<Lock, StoreError> {
    let held = match place {
        Place::Sqlite(path) => {
            let mut beside = path.clone().into_os_string();
            beside.push(".lock");
            lock_file(place, &PathBuf::from(beside)).map(Held::File)
        }
        Place::Postgres(_) => lock_session(place).map(Held::Session),
    };
    held.map(|held| Lock { _held: held })
}

fn lock_file(place: &Place, path: &PathBuf) -> Result<File, StoreError> {
    let unlocked = |error: std::io::Error| {
        let cause = format!("{} cannot be locked: {error}", path.display());
        StoreError::new(&place.to_string(), cause, "check the folder and its rights")
    };
    let file = File::options().create(true).truncate(false).write(true).open(path).map_err(unlocked)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(busy(place)),
        Err(TryLockError::Error(error)) => Err(unlocked(error)),
    }
}

fn lock_session(place: &Place) -> Result<Box<dyn Database>, StoreError> {
    let mut database = connect(place, Access::Read)?;
    let sql = "SELECT CAST(pg_try_advisory_lock(hashtext('callaudit.batch')) AS INT)";
    let mut rows = database.query(sql, &[])?;
    let is_held = rows.first_mut().map_or(Ok(false), |row| row.take(0))?;
    if is_held { Ok(database) } else { Err(busy(place)) }
}

fn busy(place: &Place) -> StoreError {
    StoreError::new(&place.to_string(), "another run is at work on this store", "wait until it is done")
}
