//! A user's own names for columns.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{Column, normal};
use crate::domain::CallError;

/// Names beyond those known by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// By name as [`normal`] leaves it; `None` for a column to be ignored.
    names: BTreeMap<String, Option<Column>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Mapping {
    /// Reads a file of lines such as `started_at = "拨打发起时间"` or `number = ["外显号码", "called"]`; `ignore = […]`
    /// names columns whose default meaning is wrong here.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown field, a name given to two fields.
    pub fn read(path: &Path) -> Result<Self, CallError> {
        let wrong = |cause: String| {
            CallError::new(path, cause, "write a line a field, such as started_at = \"拨打发起时间\"")
        };
        let text = fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        Self::parse(&text).map_err(wrong)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let table: BTreeMap<String, OneOrMore> =
            toml::from_str(text).map_err(|error| error.message().lines().collect::<Vec<_>>().join(", "))?;
        let mut mapping = Self::default();
        for (field, names) in table {
            let column = match field.as_str() {
                "ignore" => None,
                field => Some(
                    Column::ALL
                        .into_iter()
                        .find(|column| column.name() == field)
                        .ok_or_else(|| format!("`{field}` is no field; known are {}", fields()))?,
                ),
            };
            let names = match names {
                OneOrMore::One(name) => vec![name],
                OneOrMore::More(names) => names,
            };
            for name in names {
                if mapping.names.insert(normal(&name), column).is_some() {
                    return Err(format!("the column `{name}` is given twice"));
                }
            }
        }
        Ok(mapping)
    }

    /// The column that a header names, by this mapping, else by default.
    pub(in crate::ingest::records) fn column(&self, header: &str) -> Option<Column> {
        match self.names.get(&normal(header)) {
            Some(column) => *column,
            None => Column::from_header(header),
        }
    }
}

fn fields() -> String {
    Column::ALL.map(Column::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_come_first() {
        let mapping = Mapping::parse(
            "started_at = \"拨打发起\"\nnumber = [\"外显\", \"Called No\"]\nignore = [\"电话\"]",
        )
        .unwrap();
        for (header, column) in [
            ("拨打发起", Some(Column::StartedAt)),
            ("called_no", Some(Column::Number)),
            ("电话", None),
            ("号码", Some(Column::Number)),
            ("开始时间", Some(Column::StartedAt)),
        ] {
            assert_eq!(mapping.column(header), column, "{header}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let error = |text: &str| Mapping::parse(text).unwrap_err();
        assert!(
            error("start = \"x\"")
                .starts_with("`start` is no field; known are call_id, recording, started_at")
        );
        assert_eq!(error("number = \"x\"\nagent_id = \"X\""), "the column `x` is given twice");
        assert!(error("number = 3").contains("data did not match"));
    }
}
