//! What the template of the page over call records fills in.

use serde::Serialize;

use super::heat::Heat;
use crate::domain::{CallError, TimingSummary, TimingTally};
use crate::report::TimingFacts;
use crate::report::{chinese, words};

/// Rows a table shows: the others are in the CSV.
const SHOWN: usize = 30;

#[derive(Serialize)]
pub(super) struct TimingView<'a> {
    policies: String,
    total: Figures,
    errors: &'a [CallError],
    problems: u64,
    rows_lost: u64,
    rules: Vec<RuleView<'a>>,
    unjudged: Vec<UnjudgedView<'a>>,
    heat: Heat,
    groups: Vec<GroupView>,
    hours: Vec<HourView>,
}

#[derive(Serialize)]
struct RuleView<'a> {
    id: &'a str,
    title: &'a str,
    category: &'static str,
    count: u64,
    percent: String,
}

#[derive(Serialize)]
struct UnjudgedView<'a> {
    rule: &'a str,
    reason: String,
    calls: u64,
}

/// One table: agents, teams, lenders.
#[derive(Serialize)]
struct GroupView {
    title: &'static str,
    file: &'static str,
    rows: Vec<GroupRow>,
    hidden: usize,
}

#[derive(Serialize)]
struct GroupRow {
    name: String,
    figures: Figures,
}

#[derive(Serialize)]
struct HourView {
    label: String,
    calls: u64,
    flagged: u64,
    calls_percent: String,
    flagged_percent: String,
}

#[derive(Serialize)]
struct Figures {
    calls: u64,
    outbound: u64,
    answered: u64,
    talk: String,
    flagged: u64,
    /// Of outbound calls.
    flagged_percent: String,
    violations: u64,
    reviews: u64,
}

impl<'a> TimingView<'a> {
    pub(super) fn new(summary: &'a TimingSummary, facts: &'a TimingFacts) -> Self {
        Self {
            policies: facts.policies.join("、"),
            total: Figures::of(&summary.total),
            errors: &facts.input_errors,
            problems: facts.problems,
            rows_lost: facts.rows_lost,
            rules: rules(summary),
            unjudged: unjudged(summary),
            heat: Heat::new(&summary.days, &summary.open_hours),
            groups: vec![
                group("按坐席", "agents.csv", &summary.agents),
                group("按团队", "teams.csv", &summary.teams),
                group("按委托机构", "lenders.csv", &summary.lenders),
            ],
            hours: hours(&summary.hours),
        }
    }
}

impl Figures {
    fn of(tally: &TimingTally) -> Self {
        Self {
            calls: tally.calls,
            outbound: tally.outbound,
            answered: tally.answered,
            talk: format!("{:.1}", tally.talk_s as f64 / 3600.0),
            flagged: tally.flagged,
            flagged_percent: format!("{:.2}", tally.flagged_rate() * 100.0),
            violations: tally.violations,
            reviews: tally.reviews,
        }
    }
}

fn rules(summary: &TimingSummary) -> Vec<RuleView<'_>> {
    let counts = &summary.total.by_rule;
    let most = counts.iter().max().copied().unwrap_or(0).max(1);
    summary
        .rules
        .iter()
        .zip(counts)
        .map(|(rule, count)| RuleView {
            id: &rule.id,
            title: &rule.title,
            category: rule.category.name_zh(),
            count: *count,
            percent: percent(*count, most),
        })
        .collect()
}

fn unjudged(summary: &TimingSummary) -> Vec<UnjudgedView<'_>> {
    summary
        .unjudged
        .iter()
        .map(|unjudged| UnjudgedView {
            rule: &unjudged.rule,
            reason: chinese::reason(&unjudged.reason),
            calls: unjudged.calls,
        })
        .collect()
}

/// The groups with most flagged calls first; equals by name.
fn group(title: &'static str, file: &'static str, groups: &[(String, TimingTally)]) -> GroupView {
    let mut order: Vec<_> = groups.iter().collect();
    order.sort_by_key(|(_, tally)| std::cmp::Reverse((tally.violations, tally.reviews)));
    let row = |(name, tally): &&(String, TimingTally)| GroupRow {
        name: words::name_or_unstated(name),
        figures: Figures::of(tally),
    };
    let rows = order.iter().take(SHOWN).map(row).collect();
    GroupView { title, file, rows, hidden: groups.len().saturating_sub(SHOWN) }
}

fn hours(hours: &[TimingTally]) -> Vec<HourView> {
    let most = hours.iter().map(|tally| tally.outbound).max().unwrap_or(0).max(1);
    let view = |(hour, tally): (usize, &TimingTally)| HourView {
        label: format!("{hour:02}:00"),
        calls: tally.outbound,
        flagged: tally.flagged,
        calls_percent: percent(tally.outbound - tally.flagged.min(tally.outbound), most),
        flagged_percent: percent(tally.flagged, most),
    };
    hours.iter().enumerate().filter(|(_, tally)| tally.calls > 0).map(view).collect()
}

fn percent(count: u64, most: u64) -> String {
    format!("{:.1}", count as f64 * 100.0 / most as f64)
}
