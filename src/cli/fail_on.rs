//! Which findings make a run fail.

use clap::ValueEnum;

use crate::domain::Severity;

/// A severity on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Minor,
    Major,
    Critical,
}

impl From<FailOn> for Severity {
    fn from(value: FailOn) -> Self {
        match value {
            FailOn::Info => Self::Info,
            FailOn::Minor => Self::Minor,
            FailOn::Major => Self::Major,
            FailOn::Critical => Self::Critical,
        }
    }
}
