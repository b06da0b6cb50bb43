//! Scripts and styles, under the hash of all of them: `/assets/HASH/PATH`.
//!
//! Call modules load late, perhaps after the service was replaced: an older hash gets the file of today, and isn't told to
//! keep it.

use super::App;
use super::path::Path;
use super::site::Content;
use crate::error::{BROKEN, NOT_FOUND};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

const KEEP: &str = "public, max-age=31536000, immutable";

pub async fn asset(State(app): State<App>, Path((hash, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Ok(site) = app.pages.site().await else { return BROKEN.into_response() };
    let Some(content) = site.asset(&path) else { return NOT_FOUND.into_response() };
    send(&headers, content, if hash == site.hash() { KEEP } else { "no-cache" })
}

/// Sends it compressed where that is accepted, or not at all where the browser has it.
pub fn send(headers: &HeaderMap, content: &Content, keep: &'static str) -> Response {
    let compressed = if accepts_brotli(headers) { content.compressed() } else { None };
    let had = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    // Each form has its own tag: they are not the same bytes.
    let tag = if compressed.is_some() { content.tag.replacen('"', "\"br-", 1) } else { content.tag.clone() };
    let has = had.is_some_and(|tags| tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let (status, body) = match compressed {
        _ if has => (StatusCode::NOT_MODIFIED, Bytes::new()),
        Some(compressed) => (StatusCode::OK, compressed.clone()),
        None => (StatusCode::OK, content.plain.clone()),
    };
    let mut response = (status, Body::from(body)).into_response();
    let sent = response.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static(content.kind));
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    sent.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        sent.insert(header::ETAG, tag);
    }
    if compressed.is_some() && !has {
        sent.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// `br` among the encodings, and not with a quality of nothing.
pub(super) fn accepts_brotli(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| {
        let (name, quality) = one.split_once(';').unwrap_or((one, "q=1"));
        let refused = quality.trim().strip_prefix("q=").is_none_or(|quality| quality.parse::<f32>().is_ok_and(|quality| quality == 0.0));
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_goes_to_those_who_take_it() {
        let accepts = |list: &str| accepts_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_str(list).unwrap())]));
        for list in ["br", "gzip, deflate, br, zstd", "gzip, BR;q=0.5"] {
            assert!(accepts(list), "{list}");
        }
        for list in ["", "gzip", "br;q=0", "br;q=0.000", "brx", "*"] {
            assert!(!accepts(list), "{list}");
        }
        assert!(!accepts_brotli(&HeaderMap::new()));
    }
}
