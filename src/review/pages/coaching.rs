//! The coaching sheet of an agent's month, to be read on the desk or printed.

use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use crate::coaching;
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::SignedIn;
use crate::store::Role;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    agent: String,
    month: String,
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Fault> {
    by.must(Role::may_review)?;
    let month =
        asked.month.parse().map_err(|_| Fault::Bad("月份写作 2026-03。Write the month as 2026-03."))?;
    let sheet = desk.sheet(asked.agent, month).await?;
    Ok(Html(coaching::page(&sheet, None)?))
}
