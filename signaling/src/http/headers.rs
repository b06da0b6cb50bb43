//! What goes with every response: security headers, and a plain refusal where a handler broke.

use super::App;
use crate::error::BROKEN;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, header};
use std::panic::AssertUnwindSafe;

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Camera and microphone for our own pages; everything else that could locate or watch somebody for nobody.
const PERMITTED: &str = "camera=(self), microphone=(self), screen-wake-lock=(self), autoplay=(self), fullscreen=(self), \
    geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=(), accelerometer=(), \
    gyroscope=(), magnetometer=(), browsing-topics=()";

/// For whatever isn't a page: nothing in it may run or be framed.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// With every response. `sidelight doctor` looks for them too.
pub static ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (COOP, HeaderValue::from_static("same-origin")),
    (CORP, HeaderValue::from_static("same-origin")),
    (PERMISSIONS, HeaderValue::from_static(PERMITTED)),
];

/// With every response that doesn't say something else itself. Whatever doesn't say that it may be kept may not.
pub static UNLESS_SAID: [(HeaderName, HeaderValue); 3] = [
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Where browsers are told to come by TLS alone.
pub static ONLY_TLS: (HeaderName, HeaderValue) = (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));

pub async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        // What it was, the panic hook has told, without what it was about.
        Err(_) => BROKEN.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        headers.insert(name, value.clone());
    }
    for (name, value) in &UNLESS_SAID {
        headers.entry(name).or_insert(value.clone());
    }
    if app.only_tls {
        let (name, value) = &ONLY_TLS;
        headers.insert(name, value.clone());
    }
    response
}
