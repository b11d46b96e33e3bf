//! Who asks, whether they may, and whether the form is one of ours.

use std::collections::HashMap;

use axum::extract::State;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::{Form, RequestPartsExt};

use super::chance::{equal, fingerprint};
use super::desk::Desk;
use super::fault::Fault;
use super::words::Language;
use crate::store::{Role, Session};

/// The cookie that holds the token.
pub(super) const TOKEN: &str = "callaudit";
/// The cookie that holds the language.
pub(super) const LANGUAGE: &str = "language";

/// Somebody signed in.
pub(super) struct SignedIn {
    pub session: Session,
    pub token: String,
    pub language: Language,
    /// What was asked for.
    pub path: String,
}

impl SignedIn {
    pub(super) fn name(&self) -> &str {
        &self.session.account.name
    }

    pub(super) fn role(&self) -> Role {
        self.session.account.role
    }

    /// Refuses where the role does not allow it.
    pub(super) fn must(&self, allowed: fn(Role) -> bool) -> Result<(), Fault> {
        if allowed(self.role()) {
            Ok(())
        } else {
            Err(Fault::Forbidden("您的角色没有这项权限。Not for your role."))
        }
    }
}

impl FromRequestParts<Desk> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Fault> {
        let token = cookie(parts, TOKEN).ok_or(Fault::SignIn)?;
        let language = language(parts);
        let key = fingerprint(&token);
        let session = desk.read(move |store| Ok(store.session(&key)?)).await?.ok_or(Fault::SignIn)?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { session, token, language, path })
    }
}

/// A form sent by somebody signed in, from a page of ours: the session's own secret is in it.
pub(super) struct Sent {
    pub by: SignedIn,
    fields: HashMap<String, String>,
}

/// Longest text of a field, in characters.
const LONGEST_FIELD: usize = 4_000;

impl Sent {
    /// A field without white space around it; empty where it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.trim())
    }
}

impl FromRequest<Desk> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, desk: &Desk) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let State(state): State<Desk> = parts.extract_with_state(desk).await.map_err(Fault::internal)?;
        let by = SignedIn::from_request_parts(&mut parts, &state).await?;
        let request = Request::from_parts(parts, body);
        let Form(fields): Form<HashMap<String, String>> = Form::from_request(request, desk)
            .await
            .map_err(|_| Fault::Bad("表单无法读取或过大。The form cannot be read or is too large."))?;
        if !equal(fields.get("csrf").map_or("", String::as_str), &by.session.csrf) {
            return Err(Fault::Forbidden("表单已失效，请返回刷新后重试。The form is not valid any more."));
        }
        if fields.values().any(|value| value.chars().count() > LONGEST_FIELD) {
            return Err(Fault::Bad("文字过长。Too long."));
        }
        Ok(Self { by, fields })
    }
}

/// The value of a cookie.
pub(super) fn cookie(parts: &Parts, name: &str) -> Option<String> {
    let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
}

pub(super) fn language(parts: &Parts) -> Language {
    if cookie(parts, LANGUAGE).as_deref() == Some("en") { Language::English } else { Language::Chinese }
}
