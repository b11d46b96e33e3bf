//! A period in numbers, beside the period of the same length before it.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::agreement::{Agreement, agreement};
use super::proportion::{Share, exact_upper_bound};
use super::warnings::{Warning, warnings};
use crate::domain::Category;
use crate::store::{CallCount, CallsBy, FindingCount, FindingsBy, SampleCount, Scope, Store, StoreError};

/// Days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Period {
    /// The `days` up to `to`.
    #[must_use]
    pub fn up_to(to: Date, days: u16) -> Self {
        let from = to.saturating_sub((i64::from(days.max(1)) - 1).days());
        Self { from, to }
    }

    /// Number of days.
    #[must_use]
    pub fn days(self) -> i64 {
        i64::from((self.to - self.from).get_days()) + 1
    }

    /// The same length, just before.
    #[must_use]
    pub fn before(self) -> Self {
        let days = self.days().days();
        Self { from: self.from.saturating_sub(days), to: self.to.saturating_sub(days) }
    }

    fn scope(self, team: Option<&str>, agent_id: Option<&str>) -> Scope {
        Scope {
            from_day: self.from.to_string(),
            to_day: self.to.to_string(),
            team: team.map(str::to_owned),
            agent_id: agent_id.map(str::to_owned),
        }
    }
}

/// An agent or a team in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub key: String,
    pub calls: u64,
    /// Calls with a finding that stands.
    pub flagged: Share,
    pub findings: u64,
    pub critical: u64,
    pub complaints: u64,
}

/// How often a rule is right, as people found it.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePrecision {
    pub rule: String,
    pub category: Option<Category>,
    pub findings: u64,
    /// Confirmed ones of those judged.
    pub precision: Share,
    /// The same in the period before.
    pub before: Share,
    /// True where it surely fell.
    pub is_falling: bool,
}

/// Everything that a dashboard shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    pub period: Period,
    pub calls: u64,
    pub heard: u64,
    pub flagged: Share,
    pub flagged_before: Share,
    pub complaints: u64,
    pub by_day: Vec<CallCount>,
    pub by_hour: Vec<CallCount>,
    pub by_team: Vec<Line>,
    pub by_agent: Vec<Line>,
    /// With the findings of the period before.
    pub by_category: Vec<(FindingCount, u64)>,
    pub by_rule: Vec<RulePrecision>,
    pub agreement: Agreement,
    pub samples: SampleCount,
    /// The share of calls without a finding in which something was missed is below this with 95 % certainty; absent
    /// without random samples.
    pub missed_below: Option<f64>,
    /// For the last seven days of the period, over all teams and agents.
    pub warnings: Vec<Warning>,
}

/// The period in numbers, of all calls or of a team's or an agent's.
///
/// # Errors
/// When the store cannot be read.
pub fn overview(
    store: &mut Store,
    period: Period,
    team: Option<&str>,
    agent_id: Option<&str>,
) -> Result<Overview, StoreError> {
    let (scope, before) = (period.scope(team, agent_id), period.before().scope(team, agent_id));
    let by_day = store.count_calls(CallsBy::Day, &scope)?;
    let samples = store.count_samples(&scope.from_day, &scope.to_day)?;
    let by_team = lines(store, &scope, CallsBy::Team)?;
    let by_agent = lines(store, &scope, CallsBy::Agent)?;
    Ok(Overview {
        period,
        calls: by_day.iter().map(|day| day.calls).sum(),
        heard: by_day.iter().map(|day| day.heard).sum(),
        flagged: flagged(&by_day),
        flagged_before: flagged(&store.count_calls(CallsBy::Team, &before)?),
        complaints: by_agent.iter().map(|line| line.complaints).sum(),
        by_day,
        by_hour: store.count_calls(CallsBy::Hour, &scope)?,
        by_team,
        by_agent,
        by_category: categories(store, &scope, &before)?,
        by_rule: rules(store, &scope, &before)?,
        agreement: agreement(&store.second_opinions(&scope.from_day, &scope.to_day)?),
        samples,
        missed_below: (samples.heard > 0)
            .then(|| exact_upper_bound(Share { count: samples.missed, of: samples.heard })),
        warnings: warnings(store, period.to)?,
    })
}

fn flagged(counts: &[CallCount]) -> Share {
    let add =
        |sum: Share, count: &CallCount| Share { count: sum.count + count.flagged, of: sum.of + count.calls };
    counts.iter().fold(Share::default(), add)
}

/// Agents or teams, those first with the largest share of flagged calls that is sure.
fn lines(store: &mut Store, scope: &Scope, by: CallsBy) -> Result<Vec<Line>, StoreError> {
    let is_team = by == CallsBy::Team;
    let findings = store.count_findings(if is_team { FindingsBy::Team } else { FindingsBy::Agent }, scope)?;
    let findings: BTreeMap<_, _> = findings.iter().map(|count| (count.key.as_str(), count)).collect();
    let complaints: BTreeMap<_, _> =
        store.count_complaints(is_team, &scope.from_day, &scope.to_day)?.into_iter().collect();
    let line = |count: CallCount| {
        let of_key = findings.get(count.key.as_str());
        Line {
            calls: count.calls,
            flagged: Share { count: count.flagged, of: count.calls },
            findings: of_key.map_or(0, |count| count.findings),
            critical: of_key.map_or(0, |count| count.critical),
            complaints: complaints.get(&count.key).copied().unwrap_or_default(),
            key: count.key,
        }
    };
    let mut lines: Vec<_> = store.count_calls(by, scope)?.into_iter().map(line).collect();
    lines.sort_by(|a, b| b.flagged.interval().0.total_cmp(&a.flagged.interval().0));
    Ok(lines)
}

fn categories(
    store: &mut Store,
    scope: &Scope,
    before: &Scope,
) -> Result<Vec<(FindingCount, u64)>, StoreError> {
    let earlier = store.count_findings(FindingsBy::Category, before)?;
    let earlier: BTreeMap<_, _> = earlier.into_iter().map(|count| (count.key, count.findings)).collect();
    let mut counts: Vec<_> = store
        .count_findings(FindingsBy::Category, scope)?
        .into_iter()
        .map(|count| {
            let before = earlier.get(&count.key).copied().unwrap_or_default();
            (count, before)
        })
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(count.findings));
    Ok(counts)
}

/// Rules, those first whose precision fell, then those that find most.
fn rules(store: &mut Store, scope: &Scope, before: &Scope) -> Result<Vec<RulePrecision>, StoreError> {
    let precision =
        |count: &FindingCount| Share { count: count.confirmed, of: count.confirmed + count.rejected };
    let earlier = store.count_findings(FindingsBy::Rule, before)?;
    let earlier: BTreeMap<_, _> =
        earlier.iter().map(|count| (count.key.as_str(), precision(count))).collect();
    let rule = |count: FindingCount| {
        let before = earlier.get(count.key.as_str()).copied().unwrap_or_default();
        let precision = precision(&count);
        RulePrecision {
            category: count.category,
            findings: count.findings,
            is_falling: precision.is_surely_below(before),
            precision,
            before,
            rule: count.key,
        }
    };
    let mut rules: Vec<_> = store.count_findings(FindingsBy::Rule, scope)?.into_iter().map(rule).collect();
    rules.sort_by_key(|rule| std::cmp::Reverse((rule.is_falling, rule.findings)));
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn periods_touch_and_do_not_overlap() {
        let period = Period::up_to(date(2026, 3, 1), 30);
        assert_eq!((period.from, period.days()), (date(2026, 1, 31), 30));
        assert_eq!(period.before(), Period { from: date(2026, 1, 1), to: date(2026, 1, 30) });
        assert_eq!(Period::up_to(date(2026, 3, 1), 0).days(), 1);
    }
}
