//! Calls drawn to be heard though nothing was found in them.

use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use minijinja::context;
use serde::Serialize;

use super::figures::percent;
use super::{page, value};
use crate::domain::Category;
use crate::oversight::{Share, exact_upper_bound};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::{Sent, SignedIn};
use crate::review::words::Language;
use crate::store::{DrawMethod, DrawPlan, Role, Sample};

/// Samples of a page.
const LINES: usize = 200;
/// Calls of a draw.
const MOST: usize = 1_000;

#[derive(Serialize)]
pub(super) struct Shown {
    pub draw: i64,
    pub call: i64,
    pub call_id: String,
    pub day: String,
    pub agent_id: Option<String>,
    pub method: &'static str,
    pub is_heard: bool,
    pub missed: Option<&'static str>,
    pub comment: String,
    pub by: String,
    pub at: String,
}

pub(super) fn shown(sample: Sample, language: Language) -> Shown {
    let (is_heard, heard) = (sample.heard.is_some(), sample.heard);
    let (missed, comment, by, at) =
        heard.map(|heard| (heard.missed, heard.comment, heard.by, heard.at)).unwrap_or_default();
    Shown {
        draw: sample.draw,
        call: sample.call,
        call_id: sample.call_id,
        day: sample.day,
        agent_id: sample.agent_id,
        method: language.draw_method(sample.method),
        is_heard,
        missed: missed.map(|category| language.category(category)),
        comment,
        by,
        at,
    }
}

pub(in crate::review) async fn show(State(desk): State<Desk>, by: SignedIn) -> Result<Html<String>, Fault> {
    let language = by.language;
    let (waiting, heard, count, last_day) = desk
        .read(|store| {
            let count = store.count_samples("", "9999-12-31")?;
            Ok((store.samples(false, LINES)?, store.samples(true, LINES)?, count, store.last_day(None)?))
        })
        .await?;
    let shown = |samples: Vec<Sample>| -> Vec<_> {
        samples.into_iter().map(|sample| shown(sample, language)).collect()
    };
    let bound = exact_upper_bound(Share { count: count.missed, of: count.heard });
    let view = context! {
        waiting => value(&shown(waiting)),
        heard => value(&shown(heard)),
        count => value(&[count.heard, count.missed]),
        missed_below => (count.heard > 0).then(|| percent(bound)),
        to => last_day,
    };
    page(&desk, &by, "samples.html", view)
}

pub(in crate::review) async fn draw(State(desk): State<Desk>, sent: Sent) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| Fault::internal(format!("no source of chance: {error}")))?;
    let bad = Fault::Bad("请填写通数（至多 1000）和方式。Say how many calls, 1,000 at most, and how.");
    let day = |name: &str, otherwise: &str| {
        Some(sent.field(name)).filter(|day| !day.is_empty()).unwrap_or(otherwise).to_owned()
    };
    let (Ok(calls), Some(method)) =
        (sent.field("calls").parse::<usize>(), DrawMethod::from_id(sent.field("method")))
    else {
        return Err(bad);
    };
    if !(1..=MOST).contains(&calls) {
        return Err(bad);
    }
    let plan = DrawPlan {
        method,
        from_day: day("from", ""),
        to_day: day("to", "9999-12-31"),
        calls,
        // Half the range: the store's numbers have a sign.
        seed: u64::from_le_bytes(seed) >> 1,
    };
    desk.write(move |store| Ok(store.draw_calls(sent.by.name(), &plan)?)).await?;
    Ok(Redirect::to("/samples"))
}

pub(in crate::review) async fn judge(
    State(desk): State<Desk>,
    Path((draw, call)): Path<(i64, i64)>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_review)?;
    let missed = match sent.field("result") {
        "nothing" => None,
        "missed" => Some(
            Category::from_id(sent.field("category"))
                .ok_or(Fault::Bad("请选择遗漏的类别。Say what was missed."))?,
        ),
        _ => return Err(Fault::Bad("请选择。Choose.")),
    };
    let is_done = desk
        .write(move |store| {
            Ok(store.judge_sample(sent.by.name(), (draw, call), missed, sent.field("comment"))?)
        })
        .await?;
    if is_done {
        Ok(Redirect::to("/samples"))
    } else {
        Err(Fault::Conflict("该通话已有人听过。Somebody has heard this call already."))
    }
}
