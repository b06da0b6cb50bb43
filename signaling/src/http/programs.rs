//! Other programs, by tokens. Whoever brings one is let in to what its scopes open and to nothing else, whatever the handlers would say; so
//! an address that nobody thought of is shut to them.

use super::{Answer, App};
use crate::error::{BAD_ORIGIN, Refusal, SCOPE_MISSING, TOKEN_AND_COOKIE, TOKEN_MISSING, TOKEN_REFUSED};
use crate::live::limits::{Guesses, Limit, Tries};
use crate::records::Program;
use crate::time::now;
use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE32_NOPAD;
use http::request::Parts;
use http::{HeaderMap, header};
use sidelight_room::rights::program_may;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// What each begins with, so that whatever looks for secrets in code and logs can find it.
const BEGINS: &str = "sl_";

/// How fast programs may ask.
pub struct Limits {
    by_token: Limit,
    /// Tokens that are none: 160 bits, so this keeps nobody from guessing, which is hopeless; it tells a robot to slow down.
    strange: Guesses,
}

impl Default for Limits {
    fn default() -> Limits {
        let by_client = Limit::new(30, Duration::from_secs(6), 20_000);
        Limits {
            // A program that looks once a minute needs far fewer; one gone wild is held to one a second.
            by_token: Limit::new(60, Duration::from_secs(1), 200),
            strange: Guesses::new("tokens of nobody", by_client, Limit::new(20_000, Duration::from_millis(5), 1)),
        }
    }
}

/// The program that asks, and may ask for this: goes with a request inside the service. Nobody else gets by it.
impl FromRequestParts<App> for Program {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Program, Refusal> {
        parts.extensions.get::<Program>().cloned().ok_or(TOKEN_MISSING)
    }
}

/// A new token. None where the machine gives no randomness.
pub fn new_token() -> Option<String> {
    let mut bytes = [0; 20];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(format!("{BEGINS}{}", BASE32_NOPAD.encode(&bytes).to_lowercase()))
}

pub fn hash(token: &[u8]) -> Vec<u8> {
    digest(&SHA256, token).as_ref().to_vec()
}

/// What comes as a token. Whatever else a proxy asks for in that header is its own affair. Two are as good as a wrong one.
fn brought(headers: &HeaderMap) -> Option<&[u8]> {
    let tokens = headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| {
        let (scheme, token) = value.as_bytes().split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
    });
    let mut tokens = tokens.fuse();
    let first = tokens.next()?;
    Some(if tokens.next().is_some() { b"" } else { first })
}

pub async fn gate(State(app): State<App>, ConnectInfo(from): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some(token) = brought(&parts.headers) {
        match let_in(&app, token, from.ip(), &parts).await {
            Ok(program) => drop(parts.extensions.insert(program)),
            Err(refused) => return refused.into_response(),
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn let_in(app: &App, token: &[u8], client: IpAddr, asked: &Parts) -> Answer<Program> {
    if asked.headers.contains_key(header::COOKIE) {
        return Err(TOKEN_AND_COOKIE);
    }
    if app.origins.is_foreign(&asked.headers) {
        return Err(BAD_ORIGIN);
    }
    // Looked up first: a right one passes, whatever others at the same address do.
    let Some(program) = app.records.use_api_token(&hash(token), now()).await? else {
        app.programs.strange.take(client, Instant::now()).await?;
        return Err(TOKEN_REFUSED);
    };
    app.programs.by_token.take(program.id.clone(), Instant::now()).await?;
    if program_may(&program.scopes, asked.method.as_str(), asked.uri.path()) { Ok(program) } else { Err(SCOPE_MISSING) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_begins_so_that_it_is_found_and_no_two_are_alike() {
        let (one, other) = (new_token().unwrap(), new_token().unwrap());
        let rest = one.strip_prefix("sl_").unwrap();
        assert!(rest.len() == 32 && rest.bytes().all(|letter| letter.is_ascii_lowercase() || (b'2'..=b'7').contains(&letter)));
        assert_ne!(one, other);
    }

    #[test]
    fn only_bearers_count_and_two_are_as_good_as_a_wrong_one() {
        let read = |all: &[&str]| {
            let mut headers = HeaderMap::new();
            for one in all {
                headers.append(header::AUTHORIZATION, one.parse().unwrap());
            }
            brought(&headers).map(<[u8]>::to_vec)
        };
        assert_eq!(read(&["Bearer sl_x"]).as_deref(), Some(b"sl_x".as_slice()));
        assert_eq!(read(&["bearer sl_x", "Basic eA=="]).as_deref(), Some(b"sl_x".as_slice()));
        assert_eq!(read(&["Bearer sl_x", "Bearer sl_x"]).as_deref(), Some(b"".as_slice()));
        assert_eq!((read(&[]), read(&["Basic eA=="]), read(&["Bearer"])), (None, None, None));
    }
}
