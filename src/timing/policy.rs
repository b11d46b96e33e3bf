//! A policy: named limits on when and how often debtors may be called, each with the texts it rests on.

use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::Source;
use crate::domain::Category;

/// A named set of limits, chosen by `--policy`.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// What the user types; also the first half of every finding's rule id.
    pub id: String,
    pub title: String,
    /// Judge only records that carry the debtor's own time zone: the country has several.
    pub require_timezone: bool,
    /// How the texts were read where they leave room, in Chinese, printed by `policy explain`.
    pub notes: Vec<String>,
    /// In the order of the file; never empty.
    pub limits: Vec<Limit>,
    /// The file's text, for the digest.
    pub(super) source: String,
}

/// One limit of a policy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "UncheckedLimit")]
pub struct Limit {
    /// Unique within the policy, e.g. `hours`.
    pub id: String,
    pub title: String,
    pub check: Check,
    /// Chinese sentence for a finding, with `{placeholders}`.
    pub explain: String,
    /// How the text was read, in Chinese.
    pub note: Option<String>,
    /// The texts that set this limit, at least one. Those in force on the day of the call count.
    pub basis: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedLimit {
    id: String,
    title: String,
    check: Check,
    explain: String,
    note: Option<String>,
    basis: Vec<Source>,
}

impl TryFrom<UncheckedLimit> for Limit {
    type Error = String;

    fn try_from(limit: UncheckedLimit) -> Result<Self, String> {
        let UncheckedLimit { id, title, check, explain, note, basis } = limit;
        if basis.is_empty() {
            return Err(format!("limit `{id}` names no basis"));
        }
        if let Some(unknown) = placeholders(&explain).find(|name| !check.placeholders().contains(name)) {
            let known = check.placeholders().join("}, {");
            return Err(format!("unknown placeholder {{{unknown}}} in `explain`, known here: {{{known}}}"));
        }
        Ok(Self { id, title, check, explain, note, basis })
    }
}

impl Limit {
    /// The texts in force on `day`.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Source> {
        self.basis.iter().filter(move |source| source.is_in_force(day))
    }
}

/// The names in braces of a template.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// What a limit asks of the records.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Hours(Hours),
    Daily(Daily),
    Interval(Interval),
    Holiday(Holiday),
    ThirdParty(ThirdParty),
}

impl Check {
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Hours(_) => Category::OutsideHours,
            Self::Daily(_) => Category::TooFrequent,
            Self::Interval(_) => Category::ShortInterval,
            Self::Holiday(_) => Category::Holiday,
            Self::ThirdParty(_) => Category::ThirdPartyFrequency,
        }
    }

    /// The names that an `explain` template may use in braces.
    #[must_use]
    pub fn placeholders(&self) -> &'static [&'static str] {
        match self {
            Self::Hours(_) => &["start", "open", "close"],
            Self::Daily(_) => &["start", "date", "count", "max", "others", "effective_min_s"],
            Self::Interval(_) => &["start", "gap", "min_minutes", "previous"],
            Self::Holiday(_) => &["start", "date", "day"],
            Self::ThirdParty(_) => &["start", "count", "failed_min", "others"],
        }
    }
}

/// Calls may start within `[open, close)`, local time of the debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "UncheckedHours")]
pub struct Hours {
    pub open: Time,
    pub close: Time,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedHours {
    open: String,
    close: String,
}

impl TryFrom<UncheckedHours> for Hours {
    type Error = String;

    fn try_from(hours: UncheckedHours) -> Result<Self, String> {
        let clock = |text: &str| {
            super::moment::clock(text).ok_or_else(|| format!("`{text}` is no time of day, write HH:MM"))
        };
        let (open, close) = (clock(&hours.open)?, clock(&hours.close)?);
        if open < close {
            Ok(Self { open, close })
        } else {
            Err(format!("the window opens at {} and closes at {}, not later", hours.open, hours.close))
        }
    }
}

/// At most `max` calls that count in one natural day of the debtor.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Daily {
    pub max: u32,
    pub per: Per,
    pub counts: Counts,
    #[serde(default = "default_effective_min_s")]
    pub effective_min_s: f64,
}

/// At least `min_minutes` between the starts of two calls that count.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    pub min_minutes: u32,
    pub per: Per,
    pub counts: Counts,
    #[serde(default = "default_effective_min_s")]
    pub effective_min_s: f64,
}

/// No calls on these kinds of days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// A call on such a day is a violation.
    pub days: Vec<RestDay>,
    /// A call on such a day asks for a human judgement.
    #[serde(default)]
    pub review: Vec<RestDay>,
}

/// A third person only after the debtor could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThirdParty {
    /// Unanswered calls to the debtor, on earlier days and since the debtor last answered.
    pub failed_min: u32,
}

/// Whose calls are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Calls to the debtor in person, over all numbers.
    Debtor,
    /// Calls to one number, whoever owns it.
    Number,
}

/// Which calls count. Inbound calls never do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Answered and at least `effective_min_s` seconds long (有效通话).
    Effective,
    Unanswered,
    /// Every call, answered or not.
    Attempts,
}

/// Days a house policy may rule out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestDay {
    /// One of the days the national regulation itself names.
    Statutory,
    /// Off by the yearly notice only.
    DayOff,
    /// A Saturday or Sunday that no notice mentions.
    Weekend,
}

/// Which calls a frequency limit counts, and whose together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counting {
    pub per: Per,
    pub counts: Counts,
    pub effective_min_s: f64,
}

impl Daily {
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting { per: self.per, counts: self.counts, effective_min_s: self.effective_min_s }
    }
}

impl Interval {
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting { per: self.per, counts: self.counts, effective_min_s: self.effective_min_s }
    }
}

/// «有效通话» is defined in no text; half a minute is more than a wrong number takes.
fn default_effective_min_s() -> f64 {
    30.0
}
