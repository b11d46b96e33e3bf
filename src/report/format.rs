//! Which files a run writes.

use std::fmt;
use std::str::FromStr;

/// One kind of output. `run.json` is written whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// `report.jsonl`: everything, for programs.
    Jsonl,
    /// `findings.csv`: one row a finding, for spreadsheets; of call records the tables of counts as well.
    Csv,
    /// `index.html` and `calls/*.html`: for people.
    Html,
    /// `reports.parquet` and `findings.parquet`: tables of typed columns, for databases and data frames.
    Parquet,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Jsonl, Self::Csv, Self::Html, Self::Parquet];

    /// What a run writes when nothing else is asked for.
    pub const USUAL: [Self; 3] = [Self::Jsonl, Self::Csv, Self::Html];

    fn id(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Parquet => "parquet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// A name that is none of the formats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown report format `{0}`; the formats are jsonl, csv, html and parquet")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.id() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_formats() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        assert_eq!("xlsx".parse::<Format>(), Err(UnknownFormat("xlsx".into())));
    }

    #[test]
    fn the_error_names_every_format() {
        let told = UnknownFormat("xlsx".into()).to_string();
        assert!(Format::ALL.iter().all(|format| told.contains(&format.to_string())), "{told}");
    }
}
