//! Signing in and out, and the language.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::{Timestamp, ToSpan};
use minijinja::context;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::{served, words};
use crate::review::chance::{fingerprint, token};
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::{LANGUAGE, Sent, TOKEN, language as language_of};
use crate::review::password::fits;
use crate::review::words::Language;
use crate::store::written;

/// A working day.
const HOURS: i64 = 12;

/// What nobody's password fits: names that do not exist take as long as those that do.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(Deserialize)]
pub(in crate::review) struct Credentials {
    name: String,
    password: String,
}

pub(in crate::review) async fn show(State(desk): State<Desk>, parts: Parts) -> Result<Html<String>, Fault> {
    form(&desk, language_of(&parts), false)
}

fn form(desk: &Desk, language: Language, is_wrong: bool) -> Result<Html<String>, Fault> {
    served(
        desk,
        language,
        "sign_in.html",
        context! { is_wrong },
        context! { path => "/sign-in", name => "", t => words(language) },
    )
}

pub(in crate::review) async fn enter(
    State(desk): State<Desk>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    parts: Parts,
    Form(Credentials { name, password }): Form<Credentials>,
) -> Result<Response, Fault> {
    let keys = [format!("name {name}"), format!("address {}", address.ip())];
    let patience = desk.patience();
    if !keys.iter().all(|key| patience.lasts(key, Instant::now())) {
        return Err(Fault::TooMany);
    }
    let wanted = name.clone();
    let account =
        desk.read(move |store| Ok(store.account(&wanted)?)).await?.filter(|account| account.is_active);
    let hash = account.as_ref().map_or(NOBODY.to_owned(), |account| account.password.clone());
    let is_right = spawn_blocking(move || fits(&password, &hash)).await.map_err(Fault::internal)?;
    if !is_right || account.is_none() {
        for key in &keys {
            patience.failed(key, Instant::now());
        }
        let page = form(&desk, language_of(&parts), true)?;
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    }
    patience.succeeded(&keys[0]);
    let (token, csrf) = (token()?, token()?);
    let expires_at = written(Timestamp::now() + HOURS.hours());
    let key = fingerprint(&token);
    desk.write(move |store| {
        store.transaction(|store| {
            store.put_session(&key, &name, &csrf, &expires_at)?;
            store.log_action(&name, "sign_in", &name, "{}")
        })?;
        Ok(())
    })
    .await?;
    Ok(to("/", &[cookie(TOKEN, &token, HOURS * 3600)]))
}

pub(in crate::review) async fn leave(State(desk): State<Desk>, sent: Sent) -> Result<Response, Fault> {
    let key = fingerprint(&sent.by.token);
    desk.write(move |store| Ok(store.end_session(&key)?)).await?;
    Ok(to("/sign-in", &[cookie(TOKEN, "", 0)]))
}

#[derive(Deserialize)]
pub(in crate::review) struct Wanted {
    to: String,
    #[serde(default)]
    back: String,
}

/// Sets the language and goes back to where it was asked for.
pub(in crate::review) async fn language(Query(Wanted { to: wanted, back }): Query<Wanted>) -> Response {
    let tag = if wanted == "en" { "en" } else { "zh" };
    to(if is_path(&back) { &back } else { "/" }, &[cookie(LANGUAGE, tag, 365 * 24 * 3600)])
}

/// A place on this server: two slashes would begin another server's name.
fn is_path(back: &str) -> bool {
    back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\t', '\r', '\n'])
}

fn cookie(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}")
}

fn to(path: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/")));
    for cookie in cookies {
        headers.extend(HeaderValue::from_str(cookie).ok().map(|cookie| (SET_COOKIE, cookie)));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_server() {
        for (back, is_ours) in [
            ("/call/7?x=1", true),
            ("/", true),
            ("", false),
            ("//evil.example/", false),
            ("/\\evil.example", false),
            ("/\t/evil.example", false),
            ("http://evil.example/", false),
        ] {
            assert_eq!(is_path(back), is_ours, "{back}");
        }
    }
}
