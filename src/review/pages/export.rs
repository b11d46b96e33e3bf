//! Findings of the queue as a file.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;

use super::download::download;
use crate::domain::{Category, Severity};
use crate::export::{Format, Rows, write};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::Sent;
use crate::store::{FindingState, Role, Selection};

/// Sends the findings that the form selects; who took how many is in the log before they leave.
pub(in crate::review) async fn download_findings(
    State(desk): State<Desk>,
    sent: Sent,
) -> Result<Response, Fault> {
    sent.by.must(Role::may_review)?;
    let format = Format::from_id(sent.field("format")).ok_or(Fault::Bad("请选择格式。Choose a format."))?;
    let text = |name: &str| Some(sent.field(name).to_owned()).filter(|text| !text.is_empty());
    let selection = Selection {
        states: FindingState::from_id(sent.field("state")).into_iter().collect(),
        category: Category::from_id(sent.field("category")),
        severity: Severity::from_id(sent.field("severity")),
        agent_id: text("agent"),
        assigned_to: (sent.field("mine") == "1").then(|| sent.by.name().to_owned()),
        from_day: text("from"),
        to_day: text("to"),
    };
    let (bytes, count) = desk
        .read(move |store| {
            let mut bytes = Vec::new();
            let count = write(Rows::new(store, selection), format, &mut bytes)?;
            Ok((bytes, count))
        })
        .await?;
    let actor = sent.by.name().to_owned();
    let details = json!({"findings": count, "format": format.id()}).to_string();
    desk.write(move |store| {
        Ok(store.transaction(|store| store.log_action(&actor, "export", "findings", &details))?)
    })
    .await?;
    let name = format!("findings-{}.{}", Timestamp::now().strftime("%Y%m%d-%H%M%S"), format.id());
    download(&name, format.media_type(), bytes)
}
