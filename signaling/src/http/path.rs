//! The changing parts of an address.

use crate::error::{BAD_PATH, Refusal};
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use serde::de::DeserializeOwned;

/// The longest part, in characters: longer than any that is given out.
pub const LONGEST: usize = 100;

pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Refusal> {
        let given = RawPathParams::from_request_parts(parts, state).await.map_err(|_| BAD_PATH)?;
        if given.iter().any(|(_, value)| value.chars().count() > LONGEST) {
            return Err(BAD_PATH);
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Path(value)).map_err(|_| BAD_PATH)
    }
}
