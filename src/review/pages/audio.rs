//! The recording of a call, as any browser plays it; personal numbers are covered for those who may not hear them.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;

use crate::ingest::{DecodeOptions, decode_same};
use crate::report::recording_wav;
use crate::review::desk::Desk;
use crate::review::fault::Fault;
use crate::review::guard::SignedIn;
use crate::text::muted;

pub(in crate::review) async fn play(
    State(desk): State<Desk>,
    by: SignedIn,
    Path(call): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let sees_all = by.role().may_see_all();
    let bytes = match desk.recording((call, sees_all)) {
        Some(bytes) => bytes,
        None => make(&desk, call, sees_all).await?,
    };
    let asked = headers.get(RANGE).and_then(|range| range.to_str().ok());
    Ok(part(&bytes, asked))
}

async fn make(desk: &Desk, call: i64, sees_all: bool) -> Result<Bytes, Fault> {
    let stored = desk.read(move |store| Ok(store.stored_call(call)?)).await?.ok_or(Fault::NotFound)?;
    let recording = stored.report.recording.ok_or(Fault::NotFound)?;
    let covered = if sees_all { Vec::new() } else { muted(&stored.report.transcript) };
    let made = spawn_blocking(move || {
        let path = recording.path.as_ref();
        let decoded = decode_same(path, &recording.sha256, &DecodeOptions::default()).map_err(|lost| {
            eprintln!("error: {}: {lost}", recording.path);
            Fault::NotFound
        })?;
        recording_wav(&decoded.audio, &covered).map_err(Fault::internal)
    });
    let bytes = Bytes::from(made.await.map_err(Fault::internal)??);
    desk.keep_recording((call, sees_all), bytes.clone());
    Ok(bytes)
}

/// All of it, or the one range asked for (RFC 9110, section 14): without, browsers cannot jump.
fn part(bytes: &Bytes, asked: Option<&str>) -> Response {
    let kind = [(CONTENT_TYPE, "audio/wav"), (ACCEPT_RANGES, "bytes")];
    match asked.and_then(|asked| range(asked, bytes.len())) {
        None => (kind, bytes.clone()).into_response(),
        Some((from, to)) if from < to => {
            let place = format!("bytes {from}-{}/{}", to - 1, bytes.len());
            (StatusCode::PARTIAL_CONTENT, kind, [(CONTENT_RANGE, place)], bytes.slice(from..to))
                .into_response()
        }
        Some(_) => {
            let place = format!("bytes */{}", bytes.len());
            (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, place)]).into_response()
        }
    }
}

/// First byte and the one after the last; `None` where the header is to be ignored, an empty range where there is none
/// of it.
fn range(asked: &str, length: usize) -> Option<(usize, usize)> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<usize>().ok();
    match (number(first), number(last)) {
        (Some(first), Some(last)) => Some((first, last.saturating_add(1).min(length))),
        (Some(first), None) if last.trim().is_empty() => Some((first, length)),
        (None, Some(count)) if first.trim().is_empty() => Some((length.saturating_sub(count), length)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        for (asked, expected) in [
            ("bytes=0-9", Some((0, 10))),
            ("bytes=90-", Some((90, 100))),
            ("bytes=90-500", Some((90, 100))),
            ("bytes=-10", Some((90, 100))),
            ("bytes=-500", Some((0, 100))),
            ("bytes=100-", Some((100, 100))),
            ("bytes=5-4", Some((5, 5))),
            ("bytes=0-1,5-6", None),
            ("bytes=a-b", None),
            ("lines=0-9", None),
            ("bytes=0-18446744073709551615", Some((0, 100))),
        ] {
            assert_eq!(range(asked, 100), expected, "{asked}");
        }
    }
}
