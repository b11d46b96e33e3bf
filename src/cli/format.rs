//! Which files a run writes.

use clap::Args;

use crate::report::Format;

/// [`Format::USUAL`] as it is typed.
const USUAL: &str = "jsonl,csv,html";

/// The choice of formats, the same for every command that writes reports.
#[derive(Debug, Args)]
pub(super) struct FormatArgs {
    /// What to write, separated by commas: jsonl, csv, html, parquet
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',', default_value = USUAL)]
    pub formats: Vec<Format>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_formats_are_written_when_nothing_is_asked_for() {
        let usual: Vec<Format> = USUAL.split(',').map(|name| name.parse().unwrap()).collect();
        assert_eq!(usual, Format::USUAL);
    }
}
