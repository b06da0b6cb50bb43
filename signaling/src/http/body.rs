//! Bodies: JSON of a bounded size and of exactly the fields that are declared.

use super::assets::accepts_brotli;
use crate::error::{BAD_BODY, BAD_JSON, BAD_TYPE, BROKEN, Refusal, TOO_LARGE, TOO_SLOW};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sidelight_protocol::transcript::MAX_TRANSCRIPT;
use std::io::Write;
use std::time::Duration;

/// How long a body may take to arrive. Longer: whoever sends a byte a minute holds a connection for longer. Shorter: a phone
/// on a very slow line can't say "Continue".
const WAIT: Duration = Duration::from_secs(8);

/// What is shorter goes in two packets anyway.
const WORTH_IT: usize = 2_000;
/// More: the week comes later, on a busy machine for everybody; less: it is longer.
const EFFORT: u32 = 4;

/// A body of `application/json`.
pub struct Json<T>(pub T);

/// The same, as long as what was typed in a whole contact.
pub struct LongJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for LongJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<LongJson<T>, Refusal> {
        if !is_type(request.headers(), &["application/json"]) {
            return Err(BAD_TYPE);
        }
        let bytes = tokio::time::timeout(WAIT, axum::body::to_bytes(request.into_body(), MAX_TRANSCRIPT)).await.map_err(|_| TOO_SLOW)?;
        // Whoever has broken off hears nothing of it.
        parsed(&bytes.map_err(|_| TOO_LARGE)?).map(LongJson)
    }
}

/// A JSON body under any plain content type: a beacon of a page that is going away can't say `application/json`.
pub struct Beacon<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Refusal> {
        if !is_type(request.headers(), &["application/json"]) {
            return Err(BAD_TYPE);
        }
        read(request, state).await.map(Json)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Beacon<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Beacon<T>, Refusal> {
        if !is_type(request.headers(), &["application/json", "text/plain"]) {
            return Err(BAD_TYPE);
        }
        read(request, state).await.map(Beacon)
    }
}

/// A list in reply, compressed where that is taken: a week of contacts goes over a slow line too. Nothing of it comes from outside
/// together with a secret, and no other site's page can ask for it, so its length tells nothing.
pub fn compressed<T: serde::Serialize>(headers: &HeaderMap, list: &T) -> Response {
    let Ok(plain) = serde_json::to_vec(list) else { return BROKEN.into_response() };
    let mut short = Vec::new();
    let takes = plain.len() >= WORTH_IT && accepts_brotli(headers);
    let whole = takes && {
        let mut writer = brotli::CompressorWriter::new(&mut short, 4096, EFFORT, 20);
        writer.write_all(&plain).and_then(|()| writer.flush()).is_ok()
    };
    let mut response = if whole { short } else { plain }.into_response();
    let sent = response.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    sent.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if whole {
        sent.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

fn is_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|given| given.split(';').next()).unwrap_or("").trim();
    types.iter().any(|one| essence.eq_ignore_ascii_case(one))
}

/// A form of another program, as it came.
pub struct Form(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Form, Refusal> {
        bytes(request, state).await.map(Form)
    }
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    let bytes = tokio::time::timeout(WAIT, Bytes::from_request(request, state)).await.map_err(|_| TOO_SLOW)?;
    bytes.map_err(|rejection: BytesRejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => BAD_JSON,
    })
}

async fn read<T: DeserializeOwned, S: Send + Sync>(request: Request, state: &S) -> Result<T, Refusal> {
    parsed(&bytes(request, state).await?)
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => BAD_BODY,
        Category::Io | Category::Syntax | Category::Eof => BAD_JSON,
    })
}
