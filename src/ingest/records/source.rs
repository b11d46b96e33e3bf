//! What `--calls` may name: a file of any known format, or a database.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use postgres::{Client, NoTls};

use super::columns::Names;
use super::share::{Rows, Share};
use super::table::TableFormat;
use super::{ReadOptions, table, text};
use crate::domain::CallError;
use crate::ingest::fault::Fault;

/// Where call records are.
enum Source<'a> {
    Text(Box<dyn Read>),
    Table(TableFormat, PathBuf),
    Postgres(&'a str),
}

impl<'a> Source<'a> {
    fn open(place: &'a Path) -> Result<Self, Fault> {
        let written = place.to_str().unwrap_or_default();
        if written == "-" {
            return Ok(Self::Text(Box::new(stdin())));
        }
        if written.starts_with("postgres://") || written.starts_with("postgresql://") {
            return Ok(Self::Postgres(written));
        }
        let path = written.strip_prefix("sqlite:").map_or(place, Path::new);
        let mut start = Vec::new();
        File::open(path)?.take(TableFormat::MAGIC_BYTES as u64).read_to_end(&mut start)?;
        match TableFormat::of(&start) {
            Some(format) => Ok(Self::Table(format, path.to_owned())),
            None if path != place => {
                Err(Fault::new("is no SQLite database", "give the path of a database after sqlite:"))
            }
            None => Ok(Self::Text(Box::new(File::open(path)?))),
        }
    }
}

/// Reads what `place` names; the names of its columns.
pub(super) fn read<R: Rows>(
    place: &Path,
    options: &ReadOptions,
    new: &(impl Fn() -> R + Sync),
    take: &mut (impl FnMut(Share<R>) -> Result<(), CallError> + Send),
) -> Result<Result<Names, CallError>, Fault> {
    match Source::open(place)? {
        Source::Text(file) => text::read(file, &options.mapping, new, take),
        Source::Table(format, path) => table::read(format, &path, options, new, take),
        Source::Postgres(url) => read_postgres(url, options, new, take),
    }
}

/// The server writes rows as CSV, which is read as a file is.
fn read_postgres<R: Rows>(
    url: &str,
    options: &ReadOptions,
    new: &(impl Fn() -> R + Sync),
    take: &mut (impl FnMut(Share<R>) -> Result<(), CallError> + Send),
) -> Result<Result<Names, CallError>, Fault> {
    let query = match (&options.query, &options.table) {
        (Some(query), _) => query.clone(),
        (None, Some(table)) => format!("SELECT * FROM {}", quoted(table)),
        (None, None) => {
            return Err(Fault::new(
                "is a database of many tables",
                "name one with --table, or give a --query",
            ));
        }
    };
    let mut client = Client::connect(url, NoTls).map_err(|error| unreachable_server(&error))?;
    client
        .batch_execute("SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET default_transaction_read_only = on")
        .map_err(|error| refused(&error))?;
    let copy = format!("COPY ({}) TO STDOUT (FORMAT csv, HEADER)", query.trim().trim_end_matches(';'));
    let rows = client.copy_out(&copy).map_err(|error| refused(&error))?;
    text::read(rows, &options.mapping, new, take)
}

/// A table's name as SQL writes it, with its schema where it has one.
pub(super) fn quoted(table: &str) -> String {
    let part = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
    table.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// A place as messages may show it: without a password.
pub fn shown(place: &Path) -> PathBuf {
    let written = place.to_string_lossy();
    let Some((scheme, rest)) = written.split_once("://") else { return place.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, server)) => {
            let user = user.split(':').next().unwrap_or_default();
            PathBuf::from(format!("{scheme}://{user}@{server}"))
        }
        None => place.to_owned(),
    }
}

fn unreachable_server(error: &postgres::Error) -> Fault {
    Fault::new(
        format!("cannot be reached: {}", told(error)),
        "check the address, the user and that the server takes unencrypted connections from here",
    )
}

fn refused(error: &postgres::Error) -> Fault {
    Fault::new(format!("refuses the query: {}", told(error)), "check --table or --query")
}

/// The server's own words, where it gave any.
fn told(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables_cannot_end_their_quotes() {
        assert_eq!(quoted("calls"), "\"calls\"");
        assert_eq!(quoted("audit.Call Records"), "\"audit\".\"Call Records\"");
        assert_eq!(quoted("x\"; DROP TABLE y; --"), "\"x\"\"; DROP TABLE y; --\"");
    }

    #[test]
    fn messages_show_no_password() {
        for (place, expected) in [
            ("postgres://qa:secret@db.local:5432/calls", "postgres://qa@db.local:5432/calls"),
            ("postgres://db.local/calls", "postgres://db.local/calls"),
            ("calls.csv", "calls.csv"),
        ] {
            assert_eq!(shown(Path::new(place)), PathBuf::from(expected));
        }
    }
}
