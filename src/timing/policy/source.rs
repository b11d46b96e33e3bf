//! The texts a limit rests on: instrument, verb, force, and when they are in force.

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::{Basis, Certainty, Force, Severity};

/// A text that sets a limit, with the verb it uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub verb: Verb,
    pub instrument: String,
    pub article: Option<String>,
    pub force: Force,
    pub verified: Certainty,
    /// First day in force.
    pub from: Option<Date>,
    /// Last day in force.
    pub until: Option<Date>,
    /// Where the limit was read and how sure that is, in Chinese.
    pub note: Option<String>,
}

impl Source {
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The same text as reports cite it.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis {
            instrument: self.instrument.clone(),
            article: self.article.clone(),
            force: self.force,
            verified: self.verified,
            from: self.from.map(|day| day.to_string()),
            until: self.until.map(|day| day.to_string()),
        }
    }
}

/// The verb of the text: it decides how grave a breach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Verb {
    #[serde(rename = "严禁")]
    StrictlyForbidden,
    #[serde(rename = "不得")]
    MustNot,
    #[serde(rename = "不应")]
    ShouldNot,
    #[serde(rename = "不宜")]
    NotAdvisable,
    /// The text presumes a breach and lets it be disproved.
    #[serde(rename = "推定")]
    Presumed,
    /// The wording was not seen.
    #[serde(rename = "未见原文")]
    Unseen,
}

impl Verb {
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::StrictlyForbidden | Self::MustNot | Self::ShouldNot | Self::Presumed => Severity::Major,
            Self::NotAdvisable | Self::Unseen => Severity::Minor,
        }
    }

    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::StrictlyForbidden => "严禁",
            Self::MustNot => "不得",
            Self::ShouldNot => "不应",
            Self::NotAdvisable => "不宜",
            Self::Presumed => "推定",
            Self::Unseen => "未见原文",
        }
    }
}
