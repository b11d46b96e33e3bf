//! Where a store is: a file, or a PostgreSQL database.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A store's place, as the user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Sqlite(PathBuf),
    /// A connection string, `postgres://user:password@server/database`.
    Postgres(String),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let is_server = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        Ok(if is_server {
            Self::Postgres(text.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(text.strip_prefix("sqlite:").unwrap_or(text)))
        })
    }
}

/// Without the password, so that it may be printed and logged.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Sqlite(path) => return path.display().fmt(formatter),
            Self::Postgres(text) => text,
        };
        let (scheme, rest) = text.split_once("://").unwrap_or(("postgres", text));
        // Parameters may hold a password, too.
        let rest = rest.split('?').next().unwrap_or_default();
        let (user, server) = rest.rsplit_once('@').unwrap_or(("", rest));
        let user = user.split(':').next().unwrap_or_default();
        let at = if user.is_empty() { "" } else { "@" };
        write!(formatter, "{scheme}://{user}{at}{server}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_without_its_password() {
        for (given, shown) in [
            ("qa.sqlite", "qa.sqlite"),
            ("sqlite:/data/qa", "/data/qa"),
            ("postgres://qa:s3c@ret@db/calls", "postgres://qa@db/calls"),
            ("postgresql://db:5433/calls?password=x", "postgresql://db:5433/calls"),
        ] {
            assert_eq!(given.parse::<Place>().unwrap().to_string(), shown);
        }
    }
}
