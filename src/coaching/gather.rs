//! What the store knows of an agent's month.

use std::collections::BTreeSet;

use super::group::{CategoryGroup, RuleGroup, groups};
use super::trend::{overcome, trend};
use super::well::Tally;
use super::{CoachingError, Example, Month, RuleTopic, Sheet, Topic, Well, Won};
use crate::domain::{CallReport, Coaching};
use crate::store::{
    AgentDays, AgentFinding, Decision, FindingState, Judgement, Store, StoreError, WonAppeal,
};
use crate::text::{KnownNumbers, to_simplified};

/// Most reports that are read for what went well: a month may have thousands, and a habit shows in these.
pub const MOST_READ: usize = 300;

/// The sheet of an agent's month, with the words of `coaching`. To be called within a transaction, lest a run at work
/// changes half of it.
///
/// # Errors
/// When the store cannot be read, no call names the agent, or none of the agent's calls is of that month.
pub fn gather(
    store: &mut Store,
    agent_id: &str,
    month: Month,
    coaching: &Coaching,
) -> Result<Sheet, CoachingError> {
    if !store.knows_agent(agent_id)? {
        return Err(CoachingError::UnknownAgent(agent_id.to_owned()));
    }
    let days =
        AgentDays { agent_id: agent_id.to_owned(), from_day: month.first_day(), to_day: month.last_day() };
    let earliest = super::trend::months(month).next().unwrap_or(month);
    let trend_days = AgentDays { from_day: earliest.first_day(), ..days.clone() };
    let trend = trend(month, &store.months_of_agent(&trend_days)?, &store.categories_of_agent(&trend_days)?);
    if trend.last().is_none_or(|figures| figures.calls == 0) {
        let last_day = store.last_day(Some(agent_id))?;
        return Err(CoachingError::no_calls(agent_id, month, last_day.as_deref()));
    }
    let findings = store.standing_findings(&days)?;
    let stands: BTreeSet<(i64, String)> =
        findings.iter().map(|finding| (finding.call, finding.finding_id.clone())).collect();
    let (mut recurring, mut single) = (Vec::new(), Vec::new());
    for group in groups(findings) {
        let topics = if group.recurs() { &mut recurring } else { &mut single };
        topics.push(topic(store, group, coaching)?);
    }
    let mut tally = Tally::default();
    for call in store.heard_calls(&days, MOST_READ)? {
        if let Some(report) = store.masked_report(call)? {
            let is_standing = |id: &str| stands.contains(&(call, id.to_owned()));
            let call_id = known_numbers(&report).hidden(&report.call_id.0);
            tally.add(call, &call_id, &report, &is_standing);
        }
    }
    let (read, good, kept) = tally.counted();
    let won = store.won_appeals(&trend_days, &days.from_day, &month.to_string())?;
    Ok(Sheet {
        agent_id: agent_id.to_owned(),
        team: store.team_of_agent(&days)?,
        month,
        recurring,
        single,
        set_aside: store.findings_set_aside(&days)?,
        well: Well {
            read,
            good,
            kept,
            overcome: overcome(&trend),
            won: won.into_iter().map(won_appeal).collect(),
        },
        trend,
    })
}

/// The agents with calls in a month, in order of their ids.
///
/// # Errors
/// When the store cannot be read, or no agent has a call in that month.
pub fn agents(store: &mut Store, month: Month) -> Result<Vec<String>, CoachingError> {
    let agents = store.agents_on(&month.first_day(), &month.last_day())?;
    if agents.is_empty() { Err(CoachingError::EmptyMonth(month)) } else { Ok(agents) }
}

/// The month of the last call that the store knows; none in an empty store.
///
/// # Errors
/// When the store cannot be read.
pub fn last_month(store: &mut Store) -> Result<Option<Month>, StoreError> {
    Ok(store.last_day(None)?.as_deref().and_then(Month::of_day))
}

fn topic(store: &mut Store, group: CategoryGroup, coaching: &Coaching) -> Result<Topic, StoreError> {
    let CategoryGroup { category, severity, calls, findings, rules } = group;
    let rules = rules.into_iter().map(|rule| rule_topic(store, rule, coaching));
    Ok(Topic {
        category,
        severity,
        calls: calls as u64,
        findings: findings as u64,
        advice: coaching.on_category(category).cloned(),
        rules: rules.collect::<Result<_, _>>()?,
    })
}

fn rule_topic(store: &mut Store, group: RuleGroup, coaching: &Coaching) -> Result<RuleTopic, StoreError> {
    let (mut examples, mut title) = (Vec::new(), None);
    for finding in group.examples {
        let report = store.masked_report(finding.call)?;
        let item = report.iter().flat_map(|report| &report.checklist).find(|item| item.rule == group.rule);
        title = title.or_else(|| item.map(|item| item.title.clone()));
        examples.push(example(store, finding, report.as_ref())?);
    }
    Ok(RuleTopic {
        title: title.unwrap_or_else(|| group.rule.clone()),
        severity: group.severity,
        calls: group.calls as u64,
        findings: group.findings as u64,
        advice: coaching.on_rule(&group.rule).cloned(),
        rule: group.rule,
        examples,
    })
}

fn example(
    store: &mut Store,
    finding: AgentFinding,
    report: Option<&CallReport>,
) -> Result<Example, StoreError> {
    let known = KnownNumbers::new(finding.number.as_deref());
    let reported = report.and_then(|report| report.findings.iter().find(|one| one.id == finding.finding_id));
    Ok(Example {
        comments: comments(store, &finding)?.iter().map(|comment| known.hidden(comment)).collect(),
        call: finding.call,
        call_id: known.hidden(&finding.call_id),
        day: finding.day,
        start_s: finding.start_s,
        end_s: reported.and_then(|finding| finding.end_s),
        severity: finding.severity,
        state: finding.state,
        quote: to_simplified(&known.hidden(&finding.quote)),
        explanation: reported.map(|finding| known.hidden(&finding.explanation)).unwrap_or_default(),
        basis: reported.map(|finding| finding.basis.clone()).unwrap_or_default(),
        finding_id: finding.finding_id,
    })
}

/// What people said when they confirmed a finding or upheld it; none of one that nobody has looked at.
fn comments(store: &mut Store, finding: &AgentFinding) -> Result<Vec<String>, StoreError> {
    if finding.state == FindingState::Open {
        return Ok(Vec::new());
    }
    let of_finding = |id: &str| id == finding.finding_id;
    let reviews = store.reviews_of(finding.call)?.into_iter();
    let confirmed = reviews
        .filter(|review| of_finding(&review.finding_id) && review.judgement == Judgement::Confirmed)
        .map(|review| review.comment);
    let appeals = store.appeals_of(finding.call)?.into_iter();
    let upheld = appeals
        .filter(|appeal| of_finding(&appeal.finding_id))
        .filter_map(|appeal| appeal.decision.filter(|Decision { is_upheld, .. }| *is_upheld))
        .map(|decision| decision.grounds);
    Ok(confirmed.chain(upheld).filter(|comment| !comment.trim().is_empty()).collect())
}

fn won_appeal(won: WonAppeal) -> Won {
    let known = KnownNumbers::new(won.finding.number.as_deref());
    Won {
        call: won.finding.call,
        call_id: known.hidden(&won.finding.call_id),
        finding_id: won.finding.finding_id,
        day: won.finding.day,
        category: won.finding.category,
        quote: to_simplified(&known.hidden(&won.finding.quote)),
        decided: won.decided_at.map(|at| at.chars().take(10).collect()),
        grounds: known.hidden(&won.grounds.unwrap_or_default()),
    }
}

fn known_numbers(report: &CallReport) -> KnownNumbers {
    KnownNumbers::new(report.record.as_ref().and_then(|record| record.number.as_deref()))
}
