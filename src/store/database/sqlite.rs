//! SQLite: one file, one writer, many readers.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Error, ErrorCode, OpenFlags};

use super::{Access, Database, Dialect, Row, StoreError, Value};

/// How long a writer waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(20);

/// A write-ahead log lets readers go on while one writes; a page of it is on the disk before the file changes, so that
/// whatever ends the program leaves whole transactions. Space given back by deletion is overwritten: it held what people said.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = FAST;
    PRAGMA mmap_size = 268435456;
    PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY;
";

pub(super) struct Sqlite {
    connection: Connection,
    place: String,
}

impl Sqlite {
    pub(super) fn open(path: &Path, access: Access) -> Result<Self, StoreError> {
        let place = path.display().to_string();
        if access == Access::Write {
            create_private(path).map_err(|error| unopened(&place, &error.to_string()))?;
        }
        // Readers of a write-ahead log write, too: its index is shared memory beside the file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| told(&place, &error))?;
        let database = Self { connection, place };
        database.connection.busy_timeout(PATIENCE).map_err(|error| database.error(&error))?;
        database.connection.set_prepared_statement_cache_capacity(128);
        let set = database.connection.execute_batch(SETTINGS);
        set.map_err(|error| database.error(&error))?;
        Ok(database)
    }

    fn error(&self, error: &Error) -> StoreError {
        told(&self.place, error)
    }

    fn prepared(&self, sql: &str, values: &[Value]) -> Result<CachedStatement<'_>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        for (number, value) in (1..).zip(values) {
            if let Some(index) = statement.parameter_index(&format!("${number}"))? {
                match value {
                    Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
                    Value::Integer(number) => statement.raw_bind_parameter(index, number)?,
                    Value::Real(number) => statement.raw_bind_parameter(index, number)?,
                    Value::Text(text) => statement.raw_bind_parameter(index, text)?,
                    Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes)?,
                }
            }
        }
        Ok(statement)
    }

    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let mut statement = self.prepared(sql, values)?;
        let columns = statement.column_count();
        let mut found = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let columns: Result<_, Error> =
                (0..columns).map(|column| Ok(value(row.get_ref(column)?))).collect();
            rows.push(Row { columns: columns?, place: self.place.clone() });
        }
        Ok(rows)
    }
}

impl Database for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let changed = self.prepared(sql, values).and_then(|mut statement| statement.raw_execute());
        changed.map(|changed| changed as u64).map_err(|error| self.error(&error))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.rows(sql, values).map_err(|error| self.error(&error))
    }

    fn run_script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|error| self.error(&error))
    }
}

fn value(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

/// Makes the file for its owner alone: it holds what people said.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // A file that may only be read is told of by the first write, with the right words.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied && path.exists() => Ok(()),
        other => other.map(|_| ()),
    }
}

fn unopened(place: &str, cause: &str) -> StoreError {
    StoreError::new(place, format!("the store cannot be opened: {cause}"), "check the folder and its rights")
}

fn told(place: &str, error: &Error) -> StoreError {
    let (cause, hint) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            ("the disk is full", "free some space and run it again: what was done is kept")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            ("the store may not be written", "check the rights of the file and of its folder")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("another program has been writing for too long", "wait until it is done and run it again")
        }
        Some(ErrorCode::NotADatabase) => ("is no store", "name another file with --store"),
        Some(ErrorCode::DatabaseCorrupt) => {
            ("the store is damaged", "take it from a backup; callaudit doctor --store says what is wrong")
        }
        Some(ErrorCode::SystemIoFailure) => {
            ("the disk cannot be read or written", "check the disk and its free space, then run it again")
        }
        Some(ErrorCode::CannotOpen) => {
            return unopened(place, "there is no such file, or it may not be read");
        }
        _ => {
            return StoreError::new(
                place,
                format!("the store failed: {error}"),
                "run callaudit doctor --store",
            );
        }
    };
    StoreError::new(place, format!("{cause} ({error})"), hint)
}
