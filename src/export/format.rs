//! Which kind of file.

use std::path::Path;

/// A kind of file that findings are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A workbook, to be filled in.
    Xlsx,
    /// Text for spreadsheets, to be filled in.
    Csv,
    /// A line of JSON a finding, `callaudit.findings/1`.
    Json,
    Parquet,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Xlsx, Self::Csv, Self::Json, Self::Parquet];

    /// The stable id, as on the command line; also the usual ending of a file's name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Parquet => "parquet",
        }
    }

    /// The format of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// The format that a file's name ends in.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        if ending == "jsonl" { Some(Self::Json) } else { Self::from_id(&ending) }
    }

    /// As HTTP names it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format() {
        for (name, format) in [
            ("a.xlsx", Some(Format::Xlsx)),
            ("a.b/c.CSV", Some(Format::Csv)),
            ("a.json", Some(Format::Json)),
            ("a.jsonl", Some(Format::Json)),
            ("a.parquet", Some(Format::Parquet)),
            ("a.xls", None),
            ("a", None),
        ] {
            assert_eq!(Format::of_path(Path::new(name)), format, "{name}");
        }
    }
}
