//! What a limit asks of the records.

use jiff::civil::Time;
use serde::Deserialize;

use crate::domain::Category;
use crate::timing::log::clock;

/// What a limit asks of the records.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Hours(Hours),
    Frequency(Frequency),
    Interval(Interval),
    AfterConversation(AfterConversation),
    Holiday(Holiday),
    ThirdParty(ThirdParty),
    Refusal(Refusal),
    TextOnly(TextOnly),
}

impl Check {
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Hours(_) => Category::OutsideHours,
            Self::Frequency(_) | Self::AfterConversation(_) => Category::TooFrequent,
            Self::Interval(_) => Category::ShortInterval,
            Self::Holiday(_) => Category::Holiday,
            Self::ThirdParty(_) => Category::ThirdPartyFrequency,
            Self::Refusal(_) => Category::ContactAfterRefusal,
            Self::TextOnly(rule) => rule.category,
        }
    }

    /// Whose calls it looks at together.
    #[must_use]
    pub fn together(&self) -> Together {
        let by_number = match self {
            Self::Hours(_) | Self::Holiday(_) | Self::TextOnly(_) => return Together::Nobody,
            Self::ThirdParty(_) => false,
            Self::Refusal(_) => true,
            Self::Frequency(rule) => rule.counting.per.is_by_number(),
            Self::Interval(rule) => rule.per.is_by_number(),
            Self::AfterConversation(rule) => rule.per.is_by_number(),
        };
        if by_number { Together::Number } else { Together::Debtor }
    }

    /// False for what records cannot tell.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        !matches!(self, Self::TextOnly(_))
    }

    /// The names that an `explain` template may use in braces.
    #[must_use]
    pub fn placeholders(&self) -> &'static [&'static str] {
        match self {
            Self::Hours(_) => &["start", "open", "close"],
            Self::Frequency(_) => &["start", "date", "count", "max", "others", "effective_min_s"],
            Self::Interval(_) => &["start", "gap", "min_minutes", "previous"],
            Self::AfterConversation(_) => &["start", "date", "days", "previous"],
            Self::Holiday(_) => &["start", "date", "day"],
            Self::ThirdParty(_) => &["start", "count", "failed_min", "others"],
            Self::Refusal(_) => &["start", "previous"],
            Self::TextOnly(_) => &[],
        }
    }
}

/// Whose calls have to be at hand together to judge one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// The call alone tells.
    Nobody,
    /// All calls about one debtor.
    Debtor,
    /// All calls to one number.
    Number,
}

impl Together {
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Debtor, Self::Number];
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
        let clock =
            |text: &str| clock(text).ok_or_else(|| format!("`{text}` is no time of day, write HH:MM"));
        let (open, close) = (clock(&hours.open)?, clock(&hours.close)?);
        if open < close {
            Ok(Self { open, close })
        } else {
            Err(format!("the window opens at {} and closes at {}, not later", hours.open, hours.close))
        }
    }
}

/// At most `max` calls that count in any one period.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "UncheckedFrequency")]
pub struct Frequency {
    pub max: u32,
    pub period: Period,
    pub counting: Counting,
}

/// How long calls are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// So many consecutive days of the debtor's calendar, that of the call the last.
    Days(u32),
    /// So many minutes up to the start of the call, half-open at the far end.
    Minutes(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedFrequency {
    max: u32,
    days: Option<u32>,
    minutes: Option<u32>,
    per: Per,
    counts: Counts,
    #[serde(default = "default_effective_min_s")]
    effective_min_s: f64,
}

impl TryFrom<UncheckedFrequency> for Frequency {
    type Error = &'static str;

    fn try_from(unchecked: UncheckedFrequency) -> Result<Self, Self::Error> {
        let UncheckedFrequency { max, days, minutes, per, counts, effective_min_s } = unchecked;
        let period = match (days, minutes) {
            (None, None) => Period::Days(1),
            (Some(days @ 1..=366), None) => Period::Days(days),
            (None, Some(minutes @ 1..=10_080)) => Period::Minutes(minutes),
            _ => return Err("give days (1 to 366) or minutes (1 to 10080)"),
        };
        Ok(Self { max, period, counting: Counting { per, counts, effective_min_s } })
    }
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

impl Interval {
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting { per: self.per, counts: self.counts, effective_min_s: self.effective_min_s }
    }
}

/// No call within so many days after a conversation, whoever began it; the day of the conversation is the first.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AfterConversation {
    pub days: u32,
    pub per: Per,
    /// A shorter answered call is no conversation.
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

/// No call to a third person's number after that person asked, in an audited call, not to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {}

/// A duty without a number: printed by `policy explain`, never judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextOnly {
    pub category: Category,
}

/// Whose calls are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Calls to the debtor in person, over all numbers, agents, lenders and agencies.
    Debtor,
    /// The same for one lender, all its agencies summed.
    Lender,
    /// The same for one debt: lender and product.
    Debt,
    /// The same by one agent.
    Agent,
    /// Calls to one number, whoever owns it.
    Number,
    /// Calls to one number of a person who owes nothing.
    ThirdPerson,
}

impl Per {
    /// Whether calls are put together by number; else by debtor.
    #[must_use]
    pub fn is_by_number(self) -> bool {
        matches!(self, Self::Number | Self::ThirdPerson)
    }
}

/// Which calls count. Inbound calls never do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Answered and at least `effective_min_s` seconds long (有效通话).
    Effective,
    Answered,
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

/// «有效通话» is defined in no text; half a minute is more than a wrong number takes.
fn default_effective_min_s() -> f64 {
    30.0
}
