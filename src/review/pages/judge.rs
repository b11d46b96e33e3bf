//! The forms: confirm, reject, appeal, decide, assign.

use axum::extract::{Path, State};
use axum::response::Redirect;

use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::Sent;
use crate::store::{FindingKey, Judgement, Rejection, Role, Store, StoreError};

/// Call and finding, as the address names them.
type Place = Path<(i64, String)>;

const TOO_LATE: Fault =
    Fault::Conflict("该问题的状态已改变，请返回刷新。The finding has changed meanwhile: go back and reload.");

pub(in crate::review) async fn review(
    State(desk): State<Desk>,
    place: Place,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_review)?;
    let judgement = match sent.field("judgement") {
        "confirmed" => Judgement::Confirmed,
        "rejected" => Judgement::Rejected(
            Rejection::from_id(sent.field("reason")).ok_or(Fault::Bad("请选择驳回理由。Choose a reason."))?,
        ),
        _ => return Err(Fault::Bad("请确认或驳回。Confirm or reject.")),
    };
    act(desk, place, sent, move |store, by, key, sent| {
        store.judge_finding(by, key, judgement, sent.field("comment"))
    })
    .await
}

pub(in crate::review) async fn appeal(
    State(desk): State<Desk>,
    place: Place,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    if sent.field("grounds").is_empty() {
        return Err(Fault::Bad("请填写申诉理由。Give the grounds."));
    }
    act(desk, place, sent, |store, by, key, sent| store.file_appeal(by, key, sent.field("grounds"))).await
}

pub(in crate::review) async fn decide(
    State(desk): State<Desk>,
    place: Place,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    let is_upheld = match sent.field("decision") {
        "upheld" => true,
        "overturned" => false,
        _ => return Err(Fault::Bad("请维持或撤销。Uphold or overturn.")),
    };
    if sent.field("grounds").is_empty() {
        return Err(Fault::Bad("请填写处理理由。Give the grounds."));
    }
    act(desk, place, sent, move |store, by, key, sent| {
        store.decide_appeal(by, key, is_upheld, sent.field("grounds"))
    })
    .await
}

pub(in crate::review) async fn assign(
    State(desk): State<Desk>,
    place: Place,
    sent: Sent,
) -> Result<Redirect, Fault> {
    sent.by.must(Role::may_supervise)?;
    act(desk, place, sent, |store, by, key, sent| {
        let to = Some(sent.field("to")).filter(|name| !name.is_empty());
        let known = match to {
            Some(name) => {
                store.account(name)?.is_some_and(|account| account.is_active && account.role.may_review())
            }
            None => true,
        };
        if known { store.assign_finding(by, key, to) } else { Ok(false) }
    })
    .await
}

/// Does it, and goes back to the finding.
async fn act(
    desk: Desk,
    Path((call, finding_id)): Place,
    sent: Sent,
    work: impl FnOnce(&mut Store, &str, FindingKey, &Sent) -> Result<bool, StoreError> + Send + 'static,
) -> Result<Redirect, Fault> {
    let back = format!(
        "/call/{call}#f-{}",
        finding_id.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
    );
    let is_done = desk
        .write(move |store| {
            let key = FindingKey { call, finding_id: &finding_id };
            Ok(work(store, sent.by.name(), key, &sent)?)
        })
        .await?;
    if is_done { Ok(Redirect::to(&back)) } else { Err(TOO_LATE) }
}
