//! One complaint: what it says, the calls it is about, and how it ends.

use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use minijinja::context;

use super::complaints::shown;
use super::{page, value};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::{Sent, SignedIn};
use crate::store::{ComplaintState, Role};

/// Calls of the debtor to choose from.
const CALLS: usize = 200;

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Path(id): Path<i64>,
) -> Result<Html<String>, Fault> {
    by.must(Role::may_supervise)?;
    let found = desk
        .read(move |store| {
            let Some(complaint) = store.complaint(id)? else { return Ok(None) };
            let links = store.links_of_complaint(id)?;
            let calls = match &complaint.debtor_id {
                Some(debtor_id) => store.calls_about(debtor_id, CALLS)?,
                None => Vec::new(),
            };
            Ok(Some((complaint, links, calls)))
        })
        .await?;
    let (complaint, links, calls) = found.ok_or(Fault::NotFound)?;
    let is_open = matches!(complaint.state, ComplaintState::Registered | ComplaintState::Opened);
    let view = context! {
        is_open,
        complaint => value(&shown(complaint, by.language)),
        links => value(&links),
        calls => value(&calls),
    };
    page(&desk, &by, "complaint.html", view)
}

pub(in crate::review) async fn change(
    State(desk): State<Desk>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    let state = ComplaintState::from_id(sent.field("state")).ok_or(Fault::Bad("请选择。Choose."))?;
    let is_closing = matches!(state, ComplaintState::Founded | ComplaintState::Unfounded);
    if is_closing && sent.field("conclusion").is_empty() {
        return Err(Fault::Bad("结案须填写结论。Closing takes a conclusion."));
    }
    let is_done = desk
        .write(move |store| Ok(store.move_complaint(sent.by.name(), id, state, sent.field("conclusion"))?))
        .await?;
    done(id, is_done)
}

pub(in crate::review) async fn link(
    State(desk): State<Desk>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    // A call, or a call and a finding of it: `12` or `12/3f9ac2d41b07`.
    let (call, finding) = sent.field("call").split_once('/').unwrap_or((sent.field("call"), ""));
    let call: i64 = call.parse().map_err(|_| Fault::Bad("请选择通话。Choose a call."))?;
    let finding = finding.to_owned();
    let is_done =
        desk.write(move |store| Ok(store.link_complaint(sent.by.name(), id, call, &finding)?)).await?;
    done(id, is_done)
}

fn done(id: i64, is_done: bool) -> Result<Redirect, Fault> {
    if is_done {
        Ok(Redirect::to(&format!("/complaint/{id}")))
    } else {
        Err(Fault::Conflict("未作改变，请返回刷新。Nothing was changed: go back and reload."))
    }
}
