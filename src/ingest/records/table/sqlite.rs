//! A SQLite database: a table or view, or what a query gives.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::super::ReadOptions;
use super::super::columns::{Mapping, Names};
use super::super::source::quoted;
use super::Feed;
use crate::ingest::fault::Fault;

pub(super) fn read(path: &Path, options: &ReadOptions, feed: &mut Feed) -> Result<(), Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| unreadable(&error))?;
    let query = match (&options.query, &options.table) {
        (Some(query), _) => query.clone(),
        (None, Some(table)) => format!("SELECT * FROM {}", quoted(table)),
        (None, None) => format!("SELECT * FROM {}", quoted(&choose(&connection, &options.mapping)?)),
    };
    let mut statement = connection.prepare(&query).map_err(|error| refused(&error))?;
    if !statement.readonly() {
        return Err(Fault::new("was given a query that would write", "give a query that only reads"));
    }
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let wanted = feed.header(names.iter().map(String::as_str));
    let mut rows = statement.query([]).map_err(|error| refused(&error))?;
    let mut line = 0;
    while let Some(row) = rows.next().map_err(|error| unreadable(&error))? {
        line += 1;
        let cells: Result<Vec<String>, String> =
            wanted.iter().map(|place| cell(row.get_ref(*place), &names[*place])).collect();
        let goes_on = match cells {
            Ok(cells) => feed.row(line, cells.iter().map(String::as_str)),
            Err(cause) => feed.bad_row(line, cause),
        };
        if !goes_on {
            break;
        }
    }
    Ok(())
}

fn cell(value: rusqlite::Result<ValueRef>, name: &str) -> Result<String, String> {
    match value.map_err(|error| error.to_string())? {
        ValueRef::Null => Ok(String::new()),
        ValueRef::Integer(number) => Ok(number.to_string()),
        ValueRef::Real(number) => Ok(number.to_string()),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map(str::to_owned).map_err(|_| format!("{name} is not UTF-8 text"))
        }
        ValueRef::Blob(_) => Err(format!("{name} is not a plain value")),
    }
}

/// The one table or view whose columns name calls.
fn choose(connection: &Connection, mapping: &Mapping) -> Result<String, Fault> {
    let tables = tables(connection).map_err(|error| unreadable(&error))?;
    let names_calls = |table: &&String| {
        let statement = connection.prepare(&format!("SELECT * FROM {}", quoted(table)));
        statement.is_ok_and(|statement| {
            let mut names = Names::default();
            for name in statement.column_names() {
                names.field(name, mapping);
            }
            names.name_calls()
        })
    };
    let fitting: Vec<&String> = tables.iter().filter(names_calls).collect();
    match fitting.as_slice() {
        [table] => Ok((*table).clone()),
        _ => Err(Fault::new(
            format!("has {} tables that name calls", fitting.len()),
            format!("name one with --table: {}", tables.join(", ")),
        )),
    }
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    const TABLES: &str = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name";
    connection.prepare(TABLES)?.query_map([], |row| row.get(0))?.collect()
}

fn unreadable(error: &rusqlite::Error) -> Fault {
    Fault::new(format!("cannot be read as a database: {error}"), "check that it is a whole SQLite file")
}

fn refused(error: &rusqlite::Error) -> Fault {
    Fault::new(format!("refuses the query: {error}"), "check --table or --query")
}
