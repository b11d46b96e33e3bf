//! What call records show: single findings, and how they are spread over agents, teams, lenders, hours and days.

use serde::Serialize;

use super::{CallId, Category, Finding};

/// A finding from call records, with the call it is found on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimingFinding {
    pub call_id: CallId,
    /// `YYYY-MM-DD`, the day of the call in the debtor's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debtor_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lender: Option<String>,
    #[serde(flatten)]
    pub finding: Finding,
}

/// Calls and findings counted in every way that a report shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TimingSummary {
    /// The limits judged by, in the order of the policies: what [`TimingTally::by_rule`] counts.
    pub rules: Vec<TimingRule>,
    pub total: TimingTally,
    /// By name; the empty name is that of calls whose record does not say.
    pub agents: Vec<(String, TimingTally)>,
    pub teams: Vec<(String, TimingTally)>,
    pub lenders: Vec<(String, TimingTally)>,
    /// By hour of the debtor's day, 24 of them.
    pub hours: Vec<TimingTally>,
    /// Days with calls, in order.
    pub days: Vec<TimingDay>,
    pub open_hours: Vec<OpenHours>,
    pub unjudged: Vec<Unjudged>,
}

/// A limit of a policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimingRule {
    pub id: String,
    pub title: String,
    pub category: Category,
}

/// Counts of some calls and of what was found on them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TimingTally {
    /// Rows of the records, repeats left out.
    pub calls: u64,
    pub outbound: u64,
    pub answered: u64,
    pub talk_s: u64,
    /// Calls with a finding.
    pub flagged: u64,
    pub violations: u64,
    pub reviews: u64,
    /// Findings by limit.
    pub by_rule: Vec<u64>,
}

/// One day of the debtors' calendar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimingDay {
    /// `YYYY-MM-DD`
    pub date: String,
    pub tally: TimingTally,
    /// Outbound calls by hour of the day, 24 of them.
    pub calls_by_hour: Vec<u64>,
}

/// When a policy lets calls start: `[open, close)` in seconds of the debtor's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenHours {
    pub policy: String,
    pub open_s: u32,
    pub close_s: u32,
}

/// How often a limit could not be judged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudged {
    /// Policy and limit, or the policy alone.
    pub rule: String,
    pub reason: String,
    pub calls: u64,
}

impl TimingTally {
    /// Adds the counts of other calls.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.outbound += other.outbound;
        self.answered += other.answered;
        self.talk_s += other.talk_s;
        self.flagged += other.flagged;
        self.violations += other.violations;
        self.reviews += other.reviews;
        self.by_rule.resize(self.by_rule.len().max(other.by_rule.len()), 0);
        for (total, more) in self.by_rule.iter_mut().zip(&other.by_rule) {
            *total += more;
        }
    }

    /// Calls with a finding among outbound calls, 0 without any.
    #[must_use]
    pub fn flagged_rate(&self) -> f64 {
        if self.outbound == 0 { 0.0 } else { self.flagged as f64 / self.outbound as f64 }
    }
}
