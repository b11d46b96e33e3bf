//! What a coaching sheet holds. All texts are masked.

use std::collections::BTreeMap;

use super::Month;
use crate::domain::{Advice, Category, Severity};
use crate::oversight::Share;
use crate::store::{FindingState, SetAside};

/// A month of an agent's calls, for whoever speaks with the agent about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub agent_id: String,
    /// Of the last call that names one.
    pub team: Option<String>,
    pub month: Month,
    /// This month and those before it, the earliest first; never empty.
    pub trend: Vec<MonthFigures>,
    /// Kinds of breach that stand in two calls or more, the gravest first.
    pub recurring: Vec<Topic>,
    /// Those that stand in one call only.
    pub single: Vec<Topic>,
    /// What was found this month and does not count.
    pub set_aside: SetAside,
    pub well: Well,
}

/// An agent's month in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthFigures {
    pub month: Month,
    pub calls: u64,
    /// Calls that were heard or read.
    pub heard: u64,
    /// Calls with a finding that stands.
    pub flagged: Share,
    /// Of the calls that were heard, 0 to 100; absent without such calls.
    pub average_score: Option<f64>,
    /// Findings that stand.
    pub findings: BTreeMap<Category, u64>,
}

/// A kind of breach, with what to say instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub category: Category,
    /// The gravest.
    pub severity: Severity,
    pub calls: u64,
    pub findings: u64,
    pub advice: Option<Advice>,
    /// The rules that were broken, those in most calls first among the equally grave.
    pub rules: Vec<RuleTopic>,
}

/// One rule of a [`Topic`].
#[derive(Debug, Clone, PartialEq)]
pub struct RuleTopic {
    pub rule: String,
    pub title: String,
    /// The gravest.
    pub severity: Severity,
    pub calls: u64,
    pub findings: u64,
    /// Advice of the rule's own, beside that of the category.
    pub advice: Option<Advice>,
    /// The latest, each of another call.
    pub examples: Vec<Example>,
}

/// A finding, as the agent is shown it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The store's own number of the call.
    pub call: i64,
    pub call_id: String,
    pub finding_id: String,
    /// `YYYY-MM-DD`
    pub day: String,
    pub start_s: Option<f64>,
    pub end_s: Option<f64>,
    pub severity: Severity,
    pub state: FindingState,
    pub quote: String,
    /// Why it is a finding.
    pub explanation: String,
    /// What it rests on, one line each, with force and certainty.
    pub basis: Vec<String>,
    /// What people said when they confirmed it.
    pub comments: Vec<String>,
}

/// What the agent did well.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Well {
    /// Reports that were read for good conduct and for what was kept: the latest of the month.
    pub read: u64,
    /// Good conduct, what was shown in most calls first.
    pub good: Vec<Good>,
    /// Calls in which nothing of a category was broken, of those in which it could be judged.
    pub kept: Vec<(Category, Share)>,
    /// What was found in an earlier month and not in this one, with how often it was found.
    pub overcome: Vec<(Category, u64)>,
    pub won: Vec<Won>,
}

/// A kind of good conduct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Good {
    pub rule: String,
    pub title: String,
    pub calls: u64,
    /// The latest.
    pub quote: String,
    pub call: i64,
    pub call_id: String,
}

/// An appeal that the agent won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Won {
    pub call: i64,
    pub call_id: String,
    pub finding_id: String,
    pub day: String,
    pub category: Category,
    pub quote: String,
    /// Day of the decision; absent where the store does not say.
    pub decided: Option<String>,
    pub grounds: String,
}
