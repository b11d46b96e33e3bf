//! A file for the browser to keep.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::review::fault::Fault;

/// `name` is of any characters: browsers get it percent-encoded (RFC 8187), as UTF-8.
pub(super) fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Result<Response, Fault> {
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(name));
    let disposition = HeaderValue::try_from(disposition).map_err(Fault::internal)?;
    let kind = HeaderValue::from_static(kind);
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

fn encoded(name: &str) -> String {
    let encoded = name.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_the_header() {
        for (name, sent) in [
            ("K-1.zip", "K-1.zip"),
            ("投诉.zip", "%E6%8A%95%E8%AF%89.zip"),
            ("a\"; b\r\nX: y", "a%22%3B%20b%0D%0AX%3A%20y"),
        ] {
            let response = download(name, "application/zip", Vec::new()).unwrap();
            let disposition = response.headers()[CONTENT_DISPOSITION].to_str().unwrap();
            assert_eq!(disposition, format!("attachment; filename*=UTF-8''{sent}"));
        }
    }
}
