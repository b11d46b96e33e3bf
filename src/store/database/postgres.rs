//! PostgreSQL: one store for a team.

use std::collections::HashMap;
use std::error::Error as _;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use super::{Access, Database, Dialect, Row, StoreError, Value};

type Fault = Box<dyn std::error::Error + Sync + Send>;

pub(super) struct Postgres {
    client: Client,
    statements: HashMap<String, Statement>,
    place: String,
}

impl Postgres {
    /// `place` is the address without its password.
    pub(super) fn connect(url: &str, access: Access, place: &str) -> Result<Self, StoreError> {
        let client = Client::connect(url, NoTls).map_err(|error| {
            let cause = format!("the server does not answer: {}", source(&error));
            StoreError::new(place, cause, "check the address, the user and the password")
        })?;
        let mut database = Self { client, statements: HashMap::new(), place: place.to_owned() };
        if access == Access::Read {
            database.run_script("SET default_transaction_read_only = on")?;
        }
        Ok(database)
    }

    fn error(&self, error: &postgres::Error) -> StoreError {
        let hint = if error.is_closed() {
            "the connection was lost: run it again, what was done is kept"
        } else {
            "check the rights of the user and the space of the server"
        };
        StoreError::new(&self.place, format!("the store failed: {}", source(error)), hint)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| self.error(&error))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Database for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let statement = self.statement(sql)?;
        self.client.execute(&statement, &parameters(values)).map_err(|error| self.error(&error))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(sql)?;
        let rows = self.client.query(&statement, &parameters(values)).map_err(|error| self.error(&error))?;
        let read = |row: &postgres::Row| -> Result<Vec<Value>, postgres::Error> {
            (0..row.len())
                .map(|column| Ok(row.try_get::<_, Option<Value>>(column)?.unwrap_or(Value::Null)))
                .collect()
        };
        let rows: Result<Vec<_>, _> = rows.iter().map(read).collect();
        let rows = rows.map_err(|error| self.error(&error))?.into_iter();
        Ok(rows.map(|columns| Row { columns, place: self.place.clone() }).collect())
    }

    fn run_script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|error| self.error(&error))
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// The server's own words, where there are any.
fn source(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.source().map_or_else(|| error.to_string(), ToString::to_string),
        |told| told.message().to_owned(),
    )
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql_checked(kind, out),
            Self::Real(number) => number.to_sql_checked(kind, out),
            // The one character that SQLite keeps and PostgreSQL refuses.
            Self::Text(text) => text.replace('\0', "").to_sql_checked(kind, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(match *kind {
            Type::INT4 => Self::Integer(i64::from(i32::from_sql(kind, raw)?)),
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            Type::BYTEA => Self::Bytes(Vec::from_sql(kind, raw)?),
            _ => Self::Text(String::from_sql(kind, raw)?),
        })
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT4 | Type::INT8 | Type::FLOAT8 | Type::BYTEA)
            || <String as FromSql>::accepts(kind)
    }
}
