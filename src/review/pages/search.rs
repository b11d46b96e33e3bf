//! Search: who said what, in all stored calls.

use axum::extract::{Query as Asking, State};
use axum::response::Html;
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::{page, value};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::SignedIn;
use crate::store::{Hit, Query, Sense};

/// Calls of a page.
const CALLS: usize = 20;

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    q: String,
    sense: String,
    before: String,
}

#[derive(Serialize)]
struct Shown {
    call: i64,
    call_id: String,
    agent_id: Option<String>,
    day: String,
    speaker: &'static str,
    at: String,
    before: String,
    words: String,
    after: String,
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Asking(asked): Asking<Asked>,
) -> Result<Html<String>, Fault> {
    let sense = if asked.sense == "sound" { Sense::Sound } else { Sense::Words };
    let query = Query {
        text: asked.q.chars().take(100).collect(),
        sense,
        limit: CALLS,
        before: asked.before.parse().ok(),
    };
    let hits = desk.read(move |store| Ok(store.search(&query)?)).await?;
    let language = by.language;
    let shown: Vec<_> = hits
        .hits
        .into_iter()
        .map(|hit| Shown { speaker: language.speaker(hit.segment.speaker), ..shown(hit) })
        .collect();
    let view = context! {
        asked => value(&asked),
        is_by_sound => sense == Sense::Sound,
        hits => value(&shown),
        calls => hits.calls,
        next => hits.next,
    };
    page(&desk, &by, "search.html", view)
}

fn shown(hit: Hit) -> Shown {
    let text = &hit.segment.text;
    let seconds = hit.segment.start_s.max(0.0) as u64;
    Shown {
        call: hit.call,
        call_id: hit.call_id.0,
        agent_id: hit.agent_id,
        day: hit.started_at.as_deref().and_then(|moment| moment.get(..10)).unwrap_or_default().to_owned(),
        speaker: "",
        at: format!("{:02}:{:02}", seconds / 60, seconds % 60),
        before: text[..hit.range.start].to_owned(),
        words: text[hit.range.clone()].to_owned(),
        after: text[hit.range.end..].to_owned(),
    }
}
