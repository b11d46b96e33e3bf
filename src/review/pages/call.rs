//! The page of a call: the report, with the sound, what people said of each finding, and the forms to say more.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Html;
use minijinja::{Value, context};
use serde::Serialize;

use super::{page, samples, value};
use crate::domain::Category;
use crate::report::{Html as Templates, waveforms_of};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::SignedIn;
use crate::review::words::Language;
use crate::store::{Appeal, FindingState, Judgement, Queued, Rejection, Review, Store, written};
use crate::text::mask_report;

/// What people made of a finding.
#[derive(Default, Serialize)]
struct Judged {
    state_id: &'static str,
    state: &'static str,
    /// What can be done next: judge, appeal, decide.
    steps: &'static [&'static str],
    assigned_to: Option<String>,
    /// The day by which the open appeal should be decided.
    due: Option<String>,
    is_overdue: bool,
    history: Vec<Said>,
}

/// A line of the history.
#[derive(Serialize)]
struct Said {
    at: String,
    by: String,
    /// Key of the word for what was done.
    what: &'static str,
    reason: Option<&'static str>,
    text: String,
}

/// What the store knows of a call.
struct Kept {
    view: Value,
    has_sound: bool,
    judged: BTreeMap<String, Judged>,
    reviewers: Vec<String>,
    samples: Vec<samples::Shown>,
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Path(call): Path<i64>,
) -> Result<Html<String>, Fault> {
    let (sees_all, language) = (by.role().may_see_all(), by.language);
    let kept = desk.read(move |store| kept(store, call, sees_all, language)).await?.ok_or(Fault::NotFound)?;
    let Kept { view, has_sound, judged, reviewers, samples } = kept;
    let spoken: Vec<_> = Category::SPOKEN.map(|category| (category.id(), language.category(category))).into();
    let reasons: Vec<_> = Rejection::ALL.map(|reason| (reason.id(), language.reason(reason))).into();
    let more = context! {
        call,
        has_sound,
        judged => value(&judged),
        reviewers => value(&reviewers),
        reasons => value(&reasons),
        samples => value(&samples),
        spoken => value(&spoken),
        ..view
    };
    page(&desk, &by, "desk_call.html", more)
}

fn kept(store: &mut Store, call: i64, sees_all: bool, language: Language) -> Result<Option<Kept>, Fault> {
    let Some(stored) = store.stored_call(call)? else { return Ok(None) };
    let mut report = stored.report;
    let has_sound = report.recording.is_some();
    if !sees_all {
        mask_report(&mut report);
    }
    let waveforms = stored.levels.as_ref().map(waveforms_of).unwrap_or_default();
    let (findings, reviews, appeals) =
        (store.findings_of(call)?, store.reviews_of(call)?, store.appeals_of(call)?);
    let today = written(jiff::Timestamp::now());
    let judged = findings
        .iter()
        .map(|finding| (finding.finding_id.clone(), judged(finding, &reviews, &appeals, language, &today)))
        .collect();
    let reviewers =
        store.accounts()?.into_iter().filter(|account| account.is_active && account.role.may_review());
    let reviewers = reviewers.map(|account| account.name).collect();
    let samples =
        store.samples_of(call)?.into_iter().map(|sample| samples::shown(sample, language)).collect();
    let view = Templates::call_view(&report, &waveforms);
    Ok(Some(Kept { view, has_sound, judged, reviewers, samples }))
}

fn judged(finding: &Queued, reviews: &[Review], appeals: &[Appeal], language: Language, now: &str) -> Judged {
    let of_finding = |id: &String| *id == finding.finding_id;
    let mut history: Vec<Said> = Vec::new();
    for review in reviews.iter().filter(|review| of_finding(&review.finding_id)) {
        let (what, reason) = match review.judgement {
            Judgement::Confirmed => ("confirmed_by", None),
            Judgement::Rejected(reason) => ("rejected_by", Some(language.reason(reason))),
        };
        let (at, by, text) = (review.at.clone(), review.reviewer.clone(), review.comment.clone());
        history.push(Said { at, by, what, reason, text });
    }
    let appeals: Vec<_> = appeals.iter().filter(|appeal| of_finding(&appeal.finding_id)).collect();
    for appeal in &appeals {
        let (at, by, text) = (appeal.filed_at.clone(), appeal.filed_by.clone(), appeal.grounds.clone());
        history.push(Said { at, by, what: "appealed_by", reason: None, text });
        if let Some(decision) = &appeal.decision {
            let state = if decision.is_upheld { FindingState::Upheld } else { FindingState::Overturned };
            history.push(Said {
                at: decision.at.clone(),
                by: decision.by.clone(),
                what: "decided_by",
                reason: Some(language.state(state)),
                text: decision.grounds.clone(),
            });
        }
    }
    history.sort_by(|a, b| a.at.cmp(&b.at));
    let open = appeals.iter().find(|appeal| appeal.decision.is_none());
    let state = finding.state;
    Judged {
        state_id: state.id(),
        state: language.state(state),
        steps: match state {
            FindingState::Open | FindingState::Rejected => &["judge"],
            FindingState::Confirmed => &["judge", "appeal"],
            FindingState::Appealed => &["decide"],
            FindingState::Upheld | FindingState::Overturned => &[],
        },
        assigned_to: finding.assigned_to.clone(),
        due: open.map(|appeal| appeal.due_at.clone()),
        is_overdue: open.is_some_and(|appeal| appeal.due_at.as_str() < now),
        history,
    }
}
