//! The changing parts of an address.

use crate::error::{BAD_PATH, Refusal};
use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Refusal> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Path(value)).map_err(|_| BAD_PATH)
    }
}
