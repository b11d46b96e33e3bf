//! The case as a page of the review desk: links lead to the desk's own pages, and what was said is heard there.

use jiff::Timestamp;
use minijinja::Value;
use minijinja::value::Serde;

use super::masking::Mask;
use super::pack::{Shown, ShownCall};
use super::page::view;
use super::paths::CallPaths;
use super::sound::Sound;
use super::{Case, CaseCall, Masking};

/// Name and text of the page's template. The desk extends it: its blocks `above`, `pack` and `whole` are the desk's to
/// fill.
pub const TEMPLATE: (&str, &str) = ("case.html", include_str!("templates/case.html"));
/// What the template needs beside the style of all pages.
pub const STYLE: &str = include_str!("templates/case.css");

/// What the template shows. Nothing is read from the recordings.
#[must_use]
pub fn desk_view(case: &Case, masking: Masking, made_at: Timestamp) -> Value {
    let mask = Mask::of(case, masking);
    let mut shown = Shown::new(case, masking, mask.as_ref(), made_at);
    let call = |(place, call): (usize, &CaseCall)| ShownCall {
        paths: CallPaths::on_desk(place, case.calls.len(), call.id),
        sound: Sound::unheard(call),
        call: mask.as_ref().map_or_else(|| call.clone(), |mask| mask.call(call)),
        has_transcript: false,
        clips: Vec::new(),
    };
    shown.calls = case.calls.iter().enumerate().map(call).collect();
    Value::from(Serde(&view(&shown)))
}
