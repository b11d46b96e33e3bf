//! One SQL for two servers. Statements are written once, in words that SQLite and PostgreSQL share: `$1` for values,
//! `ON CONFLICT`, `RETURNING`; what they do not share asks for the [`Dialect`].

mod postgres;
mod sqlite;
mod value;

use super::{Place, StoreError};
pub(super) use value::{Row, Value};

/// Which server's words to use where the two differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// A connection to either server.
pub(super) trait Database: Send {
    fn dialect(&self) -> Dialect;

    /// Runs one statement; the number of rows it changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;

    /// All rows of a query: callers limit what they ask for.
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs statements without values.
    fn run_script(&mut self, sql: &str) -> Result<(), StoreError>;
}

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Makes the store where there is none.
    Write,
    /// The store has to be there.
    Read,
}

/// Connects; the schema may be of any version or missing.
pub(super) fn connect(place: &Place, access: Access) -> Result<Box<dyn Database>, StoreError> {
    Ok(match place {
        Place::Sqlite(path) => Box::new(sqlite::Sqlite::open(path, access)?),
        Place::Postgres(url) => Box::new(postgres::Postgres::connect(url, access, &place.to_string())?),
    })
}

/// The values of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::database::Value::from($value)),*] };
}
pub(super) use values;
