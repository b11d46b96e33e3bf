//! One file a page.

pub(super) mod audio;
pub(super) mod call;
pub(super) mod case;
pub(super) mod coaching;
pub(super) mod complaint;
pub(super) mod complaints;
pub(super) mod dashboard;
mod download;
pub(super) mod export;
mod figures;
pub(super) mod judge;
pub(super) mod queue;
pub(super) mod samples;
pub(super) mod search;
pub(super) mod sign_in;

use axum::response::Html;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::desk::Desk;
use super::fault::Fault;
use super::guard::SignedIn;
use super::words::Language;
use crate::report::Served;

const STYLE: &str = include_str!("../templates/desk.css");
const SCRIPT: &str = include_str!("../templates/desk.js");
/// Beside style and script: forms and sounds of this server.
const POLICY: &str = "form-action 'self'; media-src 'self'";

/// A page for somebody signed in.
fn page(desk: &Desk, by: &SignedIn, template: &str, view: Value) -> Result<Html<String>, Fault> {
    served(desk, by.language, template, view, person(by))
}

/// What every page says of whoever is signed in.
fn person(by: &SignedIn) -> Value {
    context! {
        name => by.name(),
        role => by.language.role(by.role()),
        path => by.path.as_str(),
        csrf => by.session.csrf.as_str(),
        may_review => by.role().may_review(),
        may_supervise => by.role().may_supervise(),
        sees_all => by.role().may_see_all(),
        t => words(by.language),
    }
}

fn served(
    desk: &Desk,
    language: Language,
    template: &str,
    view: Value,
    person: Value,
) -> Result<Html<String>, Fault> {
    let page =
        Served { style: STYLE, script: SCRIPT, policy: POLICY, language: language.tag(), view, desk: person };
    Ok(Html(desk.html().served(template, page)?))
}

fn words(language: Language) -> Value {
    value(&language.words())
}

/// What a template reads.
fn value(of: &impl Serialize) -> Value {
    Value::from(Serde(of))
}
