//! The case of a debtor: everything on one page, and as a pack to take away.

use axum::extract::{Query, State};
use axum::response::{Html, Response};
use jiff::Timestamp;
use minijinja::context;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::download::download;
use super::person;
use crate::case::{self, Masking};
use crate::report::{Served, file_stem};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::{Sent, SignedIn};
use crate::store::Role;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::review) struct Asked {
    debtor: String,
}

pub(in crate::review) async fn show(
    State(desk): State<Desk>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Fault> {
    by.must(Role::may_supervise)?;
    let case = desk.case(asked.debtor).await?;
    let masking = if by.role().may_see_all() { Masking::Unmasked } else { Masking::Masked };
    let served = Served {
        style: &format!("{}{}", super::STYLE, case::STYLE),
        script: "",
        policy: super::POLICY,
        language: "zh-CN",
        view: case::desk_view(&case, masking, Timestamp::now()),
        desk: context! { debtor => case.debtor, ..person(&by) },
    };
    Ok(Html(desk.html().served("desk_case.html", served)?))
}

/// Sends the pack; the log knows of it before it leaves.
pub(in crate::review) async fn pack(State(desk): State<Desk>, sent: Sent) -> Result<Response, Fault> {
    sent.by.must(Role::may_supervise)?;
    let masking = if sent.field("unmasked") == "1" { Masking::Unmasked } else { Masking::Masked };
    if masking == Masking::Unmasked {
        sent.by.must(Role::may_see_all)?;
    }
    let case = desk.case(sent.field("debtor").to_owned()).await?;
    let packing = move || case::zip_bytes(&case, masking, Timestamp::now()).map(|done| (case, done));
    let (case, (bytes, packed)) = spawn_blocking(packing).await.map_err(Fault::internal)??;
    let name = format!("{}.zip", file_stem(sent.field("debtor")));
    let actor = sent.by.name().to_owned();
    desk.write(move |store| Ok(case::log_pack(store, &actor, &case, masking, &packed)?)).await?;
    download(&name, "application/zip", bytes)
}
