//! The dashboard: a period in numbers and pictures.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::response::Html;
use jiff::civil::Date;
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::figures::{Bars, Shown, bars, percent, shown};
use super::{page, value};
use crate::oversight::{Line, Overview, Period, RulePrecision, Share, Subject, Warning, overview};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::SignedIn;
use crate::review::overviews::Subject as Counted;
use crate::review::words::Language;
use crate::store::CallCount;

/// Periods to choose from, in days.
const PERIODS: [u16; 4] = [7, 30, 90, 365];
/// Agents and rules on the page.
const LINES: usize = 100;

/// What the address says; empty texts say nothing.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    days: String,
    to: String,
    team: String,
    agent: String,
}

#[derive(Serialize)]
struct LineShown {
    key: String,
    flagged: Shown,
    findings: u64,
    critical: u64,
    complaints: u64,
    complaints_per_thousand: String,
}

#[derive(Serialize)]
struct CategoryShown {
    name: String,
    findings: u64,
    before: u64,
    confirmed: u64,
    rejected: u64,
    width: f64,
}

#[derive(Serialize)]
struct RuleShown {
    rule: String,
    category: &'static str,
    findings: u64,
    precision: Shown,
    before: Shown,
    is_falling: bool,
}

#[derive(Serialize)]
struct WarningShown {
    subject: &'static str,
    /// Where the key leads: agent, team or neither.
    subject_id: &'static str,
    key: String,
    is_above: bool,
    usual: String,
    now: Shown,
    picture: Bars,
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Fault> {
    let subject = subject(&desk, &asked).await?;
    let length = subject.period.days();
    let (found, age) = counted(&desk, subject).await?;
    let language = by.language;
    let view = context! {
        asked => value(&asked),
        period => length,
        age_s => age.as_secs(),
        periods => value(&PERIODS),
        from => found.period.from.to_string(),
        to => found.period.to.to_string(),
        calls => found.calls,
        heard => found.heard,
        flagged => value(&shown(found.flagged)),
        flagged_before => value(&shown(found.flagged_before)),
        complaints => found.complaints,
        complaints_per_thousand => per_thousand(found.complaints, found.calls),
        agreement => value(&shown(Share { count: found.agreement.agreed, of: found.agreement.findings })),
        alpha => found.agreement.alpha.map(|alpha| format!("{alpha:.2}")),
        samples => value(&[found.samples.heard, found.samples.missed]),
        missed_below => found.missed_below.map(percent),
        by_day => value(&bars(&days(&found.by_day))),
        by_hour => value(&bars(&hours(&found.by_hour))),
        categories => value(&categories(&found, language)),
        teams => value(&lines(&found.by_team)),
        agents => value(&lines(&found.by_agent)),
        rules => value(&rules(&found.by_rule, language)),
        warnings => value(&found.warnings.iter().map(|warning| told(warning, language)).collect::<Vec<_>>()),
    };
    page(&desk, &by, "dashboard.html", view)
}

/// What is asked for, up to the last day of which there are calls where no day is named.
async fn subject(desk: &Desk, asked: &Asked) -> Result<Counted, Fault> {
    let days = asked.days.parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(30);
    let last_day = match asked.to.parse::<Date>() {
        Ok(day) => Some(day),
        Err(_) => desk.read(|store| Ok(store.last_day(None)?)).await?.and_then(|day| day.parse().ok()),
    };
    let last_day = last_day.unwrap_or_else(|| jiff::Zoned::now().date());
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Counted {
        period: Period::up_to(last_day, days),
        team: text(&asked.team),
        agent_id: text(&asked.agent),
    })
}

/// The overview, as somebody else counted it a moment ago or counted now.
async fn counted(desk: &Desk, subject: Counted) -> Result<(Arc<Overview>, Duration), Fault> {
    let begun_at = Instant::now();
    if let Some(kept) = desk.overviews().get(&subject, begun_at) {
        return Ok(kept);
    }
    if desk.read(|store| Ok(store.is_stale()?)).await? {
        desk.write(|store| Ok(store.refresh_tallies()?)).await?;
    }
    let of = subject.clone();
    let overview = desk
        .read(move |store| Ok(overview(store, of.period, of.team.as_deref(), of.agent_id.as_deref())?))
        .await?;
    let overview = Arc::new(overview);
    desk.overviews().put(subject, overview.clone(), begun_at, Instant::now());
    Ok((overview, Duration::ZERO))
}

fn days(counts: &[CallCount]) -> Vec<(String, String, Share)> {
    let day = |count: &CallCount| {
        let share = Share { count: count.flagged, of: count.calls };
        let short = count.key.get(5..).unwrap_or_default().to_owned();
        (short, format!("{}：{}/{}", count.key, count.flagged, count.calls), share)
    };
    counts.iter().map(day).collect()
}

fn hours(counts: &[CallCount]) -> Vec<(String, String, Share)> {
    let mut hours: Vec<_> = counts
        .iter()
        .filter_map(|count| Some((count.key.parse::<i8>().ok().filter(|hour| *hour >= 0)?, count)))
        .collect();
    hours.sort_by_key(|(hour, _)| *hour);
    let hour = |(hour, count): (i8, &CallCount)| {
        let share = Share { count: count.flagged, of: count.calls };
        (format!("{hour}:00"), format!("{hour}:00：{}/{}", count.flagged, count.calls), share)
    };
    hours.into_iter().map(hour).collect()
}

fn categories(found: &Overview, language: Language) -> Vec<CategoryShown> {
    let most = found.by_category.iter().map(|(count, before)| count.findings.max(*before)).max().unwrap_or(1);
    let category = |(count, before): &(crate::store::FindingCount, u64)| CategoryShown {
        name: count
            .category
            .map_or_else(|| count.key.clone(), |category| language.category(category).to_owned()),
        findings: count.findings,
        before: *before,
        confirmed: count.confirmed,
        rejected: count.rejected,
        width: (count.findings as f64 / most.max(1) as f64 * 100.0).round(),
    };
    found.by_category.iter().map(category).collect()
}

fn lines(lines: &[Line]) -> Vec<LineShown> {
    let line = |line: &Line| LineShown {
        key: line.key.clone(),
        flagged: shown(line.flagged),
        findings: line.findings,
        critical: line.critical,
        complaints: line.complaints,
        complaints_per_thousand: per_thousand(line.complaints, line.calls),
    };
    lines.iter().take(LINES).map(line).collect()
}

fn rules(rules: &[RulePrecision], language: Language) -> Vec<RuleShown> {
    let rule = |rule: &RulePrecision| RuleShown {
        rule: rule.rule.clone(),
        category: rule.category.map_or("", |category| language.category(category)),
        findings: rule.findings,
        precision: shown(rule.precision),
        before: shown(rule.before),
        is_falling: rule.is_falling,
    };
    rules.iter().take(LINES).map(rule).collect()
}

fn told(warning: &Warning, language: Language) -> WarningShown {
    let weeks: Vec<_> = warning
        .weeks
        .iter()
        .map(|week| {
            let short = week.from_day.get(5..).unwrap_or_default().to_owned();
            (short, format!("{}：{}/{}", week.from_day, week.share.count, week.share.of), week.share)
        })
        .collect();
    WarningShown {
        subject: language.subject(warning.subject),
        subject_id: if warning.subject == Subject::Rule { "" } else { warning.subject.id() },
        key: warning.key.clone(),
        is_above: warning.is_above,
        usual: percent(warning.usual),
        now: shown(warning.weeks.last().map(|week| week.share).unwrap_or_default()),
        picture: bars(&weeks),
    }
}

fn per_thousand(count: u64, of: u64) -> String {
    if of == 0 { "—".to_owned() } else { format!("{:.2}", count as f64 * 1_000.0 / of as f64) }
}
