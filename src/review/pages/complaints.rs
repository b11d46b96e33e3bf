//! The register of complaints: what is due, and the form for what comes in.

use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use jiff::Timestamp;
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::queue::Choice;
use super::{page, value};
use crate::review::clock::Clock;
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::{Sent, SignedIn};
use crate::review::words::Language;
use crate::store::{Complaint, ComplaintKind, ComplaintSource, ComplaintState, NewComplaint, Role, written};

/// Complaints of a page.
const LINES: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    state: String,
}

/// A complaint, as pages show it.
#[derive(Serialize)]
pub(super) struct Shown {
    pub id: i64,
    pub received: String,
    pub due: String,
    pub is_overdue: bool,
    pub kind: &'static str,
    pub source: &'static str,
    pub state: &'static str,
    pub state_id: &'static str,
    pub debtor_id: Option<String>,
    pub agent_id: Option<String>,
    pub team: Option<String>,
    pub statement: String,
    pub assigned_to: Option<String>,
    pub conclusion: String,
    pub registered_by: String,
}

pub(super) fn shown(complaint: Complaint, language: Language) -> Shown {
    let now = written(Timestamp::now());
    Shown {
        id: complaint.id,
        is_overdue: complaint.state == ComplaintState::Registered && complaint.due_at < now,
        received: complaint.received_at,
        due: complaint.due_at,
        kind: language.complaint_kind(complaint.kind),
        source: language.complaint_source(complaint.source),
        state: language.complaint_state(complaint.state),
        state_id: complaint.state.id(),
        debtor_id: complaint.debtor_id,
        agent_id: complaint.agent_id,
        team: complaint.team,
        statement: complaint.statement,
        assigned_to: complaint.assigned_to,
        conclusion: complaint.conclusion,
        registered_by: complaint.registered_by,
    }
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Fault> {
    by.must(Role::may_supervise)?;
    let state = ComplaintState::from_id(&asked.state).unwrap_or(ComplaintState::Registered);
    let language = by.language;
    let complaints = desk.read(move |store| Ok(store.complaints(state, LINES)?)).await?;
    let complaints: Vec<_> = complaints.into_iter().map(|complaint| shown(complaint, language)).collect();
    let choice = |id, name, is_chosen| Choice { id, name, is_chosen };
    let states = ComplaintState::ALL.map(|own| choice(own.id(), language.complaint_state(own), own == state));
    let kinds = ComplaintKind::ALL.map(|kind| choice(kind.id(), language.complaint_kind(kind), false));
    let sources =
        ComplaintSource::ALL.map(|source| choice(source.id(), language.complaint_source(source), false));
    let view = context! {
        complaints => value(&complaints),
        states => value(&states),
        kinds => value(&kinds),
        sources => value(&sources),
        now => desk.clock().now(),
        zone => desk.clock().name(),
    };
    page(&desk, &by, "complaints.html", view)
}

pub(in crate::review) async fn register(State(desk): State<Desk>, sent: Sent) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    let complaint = read(&sent, &desk.clock())?;
    let id = desk.write(move |store| Ok(store.register_complaint(sent.by.name(), &complaint)?)).await?;
    Ok(Redirect::to(&format!("/complaint/{id}")))
}

fn read(sent: &Sent, clock: &Clock) -> Result<NewComplaint, Fault> {
    let text = |name: &str| Some(sent.field(name).to_owned()).filter(|text| !text.is_empty());
    Ok(NewComplaint {
        received_at: clock
            .moment(sent.field("received"))
            .ok_or(Fault::Bad("请填写收到时间。Say when it was received."))?,
        source: ComplaintSource::from_id(sent.field("source"))
            .ok_or(Fault::Bad("请选择来源。Say who complains."))?,
        kind: ComplaintKind::from_id(sent.field("kind"))
            .ok_or(Fault::Bad("请选择事由。Say what it is about."))?,
        debtor_id: text("debtor"),
        agent_id: text("agent"),
        statement: text("statement").ok_or(Fault::Bad("请填写投诉内容。Give the statement."))?,
    })
}
