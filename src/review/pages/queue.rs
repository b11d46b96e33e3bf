//! The queue: findings to look at, the gravest first.

use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::{page, value};
use crate::domain::{Category, Severity};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::SignedIn;
use crate::review::words::Language;
use crate::store::{COUNTED, Cursor, Filter, FindingState, Queued};

/// Lines of a page.
const LINES: usize = 50;

/// Complaints whose case has to be opened within so many hours are called to mind.
const DUE_SOON_HOURS: i64 = 12;

/// What the address says; empty texts say nothing.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    state: String,
    category: String,
    severity: String,
    agent: String,
    mine: String,
    order: String,
    from: String,
    to: String,
    after: String,
}

#[derive(Serialize)]
struct Line {
    call: i64,
    call_id: String,
    finding_id: String,
    category: &'static str,
    severity_id: &'static str,
    severity: &'static str,
    tier_id: &'static str,
    tier: &'static str,
    rule: String,
    quote: String,
    day: String,
    agent_id: Option<String>,
    assigned_to: Option<String>,
    confidence_percent: u8,
}

#[derive(Serialize)]
pub(super) struct Choice {
    pub id: &'static str,
    pub name: &'static str,
    pub is_chosen: bool,
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Fault> {
    let filter = filter(&asked, by.name());
    let filter_state = filter.state;
    let is_by_doubt = asked.order == "doubt";
    let sees_complaints = by.role().may_supervise();
    let (asked, count, lines, due) = desk
        .read(move |store| {
            let lines = if is_by_doubt {
                store.doubtful(&filter, LINES)?
            } else {
                store.queue(&filter, cursor(&asked.after).as_ref(), LINES)?
            };
            let due = if sees_complaints { store.complaints_due(DUE_SOON_HOURS, LINES)?.len() } else { 0 };
            Ok((asked, store.count_queue(&filter)?, lines, due))
        })
        .await?;
    let language = by.language;
    // Who asks for what is least sure judges it, and asks again.
    let has_next = lines.len() == LINES && !is_by_doubt;
    let next = lines.last().filter(|_| has_next).map(|line| written(&line.cursor()));
    let view = context! {
        count => count.min(COUNTED),
        is_more => count >= COUNTED,
        states => value(&states(language, &asked)),
        categories => value(&categories(language, &asked)),
        severities => value(&severities(language, &asked)),
        lines => value(&lines.into_iter().map(|line| Line::new(line, language)).collect::<Vec<_>>()),
        state => filter_state.id(),
        next,
        due,
        is_by_doubt,
        asked => value(&asked),
    };
    page(&desk, &by, "queue.html", view)
}

/// The call of the first open finding after the one named, for those who work through the queue.
pub(in crate::review) async fn next(
    State(desk): State<Desk>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Redirect, Fault> {
    let filter = Filter { state: FindingState::Open, ..filter(&asked, by.name()) };
    let here: i64 = asked.after.parse().unwrap_or_default();
    let lines = desk.read(move |store| Ok(store.queue(&filter, None, LINES)?)).await?;
    let next = lines.iter().find(|line| line.call != here);
    Ok(Redirect::to(
        &next.map_or_else(|| "/".to_owned(), |line| format!("/call/{}#f-{}", line.call, line.finding_id)),
    ))
}

fn filter(asked: &Asked, me: &str) -> Filter {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Filter {
        state: FindingState::from_id(&asked.state).unwrap_or(FindingState::Open),
        category: Category::from_id(&asked.category),
        severity: Severity::from_id(&asked.severity),
        agent_id: text(&asked.agent),
        assigned_to: (asked.mine == "1").then(|| me.to_owned()),
        from_day: text(&asked.from),
        to_day: text(&asked.to),
    }
}

fn states(language: Language, asked: &Asked) -> Vec<Choice> {
    let chosen = FindingState::from_id(&asked.state).unwrap_or(FindingState::Open);
    FindingState::ALL
        .map(|state| Choice { id: state.id(), name: language.state(state), is_chosen: state == chosen })
        .into()
}

fn categories(language: Language, asked: &Asked) -> Vec<Choice> {
    let choice = |category: Category| Choice {
        id: category.id(),
        name: language.category(category),
        is_chosen: category.id() == asked.category,
    };
    Category::ALL.map(choice).into()
}

fn severities(language: Language, asked: &Asked) -> Vec<Choice> {
    let choice = |severity: Severity| Choice {
        id: severity.id(),
        name: language.severity(severity),
        is_chosen: severity.id() == asked.severity,
    };
    Severity::ALL.into_iter().rev().map(choice).collect()
}

impl Line {
    fn new(line: Queued, language: Language) -> Self {
        Self {
            call: line.call,
            call_id: line.call_id,
            finding_id: line.finding_id,
            category: line.category.map_or("", |category| language.category(category)),
            severity_id: line.severity.id(),
            severity: language.severity(line.severity),
            tier_id: line.tier.id(),
            tier: language.tier(line.tier),
            rule: line.rule,
            quote: line.quote,
            day: line.day,
            agent_id: line.agent_id,
            assigned_to: line.assigned_to,
            confidence_percent: (line.confidence.clamp(0.0, 1.0) * 100.0).round() as u8,
        }
    }
}

/// A place in the queue as an address carries it.
fn written(cursor: &Cursor) -> String {
    format!("{}.{}.{}.{}.{}", cursor.tier, cursor.severity, cursor.day, cursor.call, cursor.finding_id)
}

fn cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.splitn(5, '.');
    let mut number = || parts.next()?.parse().ok();
    let (tier, severity) = (number()?, number()?);
    let day = parts.next()?.to_owned();
    let call = parts.next()?.parse().ok()?;
    Some(Cursor { tier, severity, day, call, finding_id: parts.next()?.to_owned() })
}
