//! What the provider says of itself (OpenID Connect Discovery 1.0), and the keys that it signs with. Both are asked for when they are
//! needed, and kept for an hour.

use super::id_token::{Head, choose};
use crate::config::{Address, Oidc};
use crate::https::{Answer, Failed, Https};
use http::Method;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long is believed what the provider said. Longer: a key that it threw away is good here for longer. Shorter: more requests.
const KEPT: Duration = Duration::from_secs(3600);

/// Between two looks for a key that isn't known. Shorter: whoever invents names of keys has us ask the provider again and again. Longer:
/// where it changed its keys, people wait.
const UNKNOWN_KEY: Duration = Duration::from_secs(30);

/// After a provider couldn't be reached it isn't tried for so long: those who press meanwhile are told at once.
const AWAY: Duration = Duration::from_secs(5);

/// How long one request may take. Longer: two of them outlast a page's patience. Shorter: a slow provider is none.
const REQUEST: Duration = Duration::from_secs(6);

/// So many keys are looked at.
const KEYS: usize = 50;

/// The provider can't be reached, or says what can't be meant. What it was stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away;

#[derive(Deserialize)]
pub struct Document {
    issuer: String,
    pub authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// It names itself to whoever comes back (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

struct Said {
    document: Arc<Document>,
    keys: Arc<Vec<Jwk>>,
    at: Instant,
}

#[derive(Default)]
struct State {
    said: Option<Said>,
    failed: Option<Instant>,
}

pub struct Directory {
    issuer: String,
    address: Address,
    root: Option<PathBuf>,
    /// Between two looks for a key that isn't known.
    unknown_key: Duration,
    /// Whoever waits here gets what the one before has learnt.
    state: Mutex<State>,
}

fn away(what: &str, error: &dyn std::fmt::Display) -> Away {
    tracing::error!(%error, "{what} (oidc.issuer)");
    Away
}

impl Directory {
    pub fn new(oidc: &Oidc) -> Directory {
        let Oidc { issuer, address, root, .. } = oidc;
        Directory {
            issuer: issuer.clone(),
            address: address.clone(),
            root: root.clone(),
            unknown_key: UNKNOWN_KEY,
            state: Mutex::default(),
        }
    }

    pub async fn document(&self) -> Result<Arc<Document>, Away> {
        let mut state = self.state.lock().await;
        self.fresh(&mut state, KEPT).await?;
        state.said.as_ref().map(|said| Arc::clone(&said.document)).ok_or(Away)
    }

    /// The key that such a token is signed with; none: the provider has no such key.
    pub async fn key(&self, head: &Head) -> Result<Option<Jwk>, Away> {
        let mut state = self.state.lock().await;
        self.fresh(&mut state, KEPT).await?;
        let known = |state: &State| state.said.as_ref().and_then(|said| choose(&said.keys, head).cloned());
        if let Some(key) = known(&state) {
            return Ok(Some(key));
        }
        self.fresh(&mut state, self.unknown_key).await?;
        Ok(known(&state))
    }

    /// What was said is not older than this, or it is asked for again.
    async fn fresh(&self, state: &mut State, age: Duration) -> Result<(), Away> {
        if state.said.as_ref().is_some_and(|said| said.at.elapsed() < age) {
            return Ok(());
        }
        if state.failed.is_some_and(|failed| failed.elapsed() < AWAY) {
            return Err(Away);
        }
        match self.ask().await {
            Ok(said) => {
                *state = State { said: Some(said), failed: None };
                Ok(())
            }
            Err(Away) => {
                state.failed = Some(Instant::now());
                Err(Away)
            }
        }
    }

    async fn ask(&self) -> Result<Said, Away> {
        let path = format!("{}/.well-known/openid-configuration", self.address.path);
        let document: Document = self.get(&Address { path, ..self.address.clone() }).await?;
        if document.issuer != self.issuer {
            return Err(away("the provider calls itself otherwise", &document.issuer));
        }
        self.endpoint(&document.authorization_endpoint)?;
        let keys = self.endpoint(&document.jwks_uri)?;
        let keys: Value = self.get(&keys).await?;
        let keys = keys.get("keys").and_then(Value::as_array).ok_or_else(|| away("the provider's keys can't be read", &"no list"))?;
        // Each by itself: one of a kind that nobody here knows doesn't spoil the others.
        let keys = keys.iter().take(KEYS).filter_map(|key| serde_json::from_value(key.clone()).ok()).collect();
        Ok(Said { document: Arc::new(document), keys: Arc::new(keys), at: Instant::now() })
    }

    /// An address that the provider named: under TLS, unless the provider itself is one on this machine without.
    fn endpoint(&self, named: &str) -> Result<Address, Away> {
        let address = Address::read(named).filter(|address| address.tls || !self.address.tls);
        address.ok_or_else(|| away("the provider names an address that isn't https", &named))
    }

    async fn get<T: for<'a> Deserialize<'a>>(&self, address: &Address) -> Result<T, Away> {
        let named = format!("{}{}", address.host, address.path);
        let answer = self.send(address, Method::GET, &[("accept", "application/json")], String::new()).await?;
        if !answer.is_good() {
            return Err(away(&format!("{named} can't be had"), &answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|error| away(&format!("{named} can't be read"), &error))
    }

    async fn send(&self, address: &Address, method: Method, headers: &[(&str, &str)], body: String) -> Result<Answer, Away> {
        let Address { tls, host, port, path } = address;
        let https = if *tls {
            Https::new(host, *port, path, self.root.as_deref()).map_err(|error| away("oidc.root", &error))?
        } else {
            Https::plain(host, *port, path)
        };
        let late = |_| Failed::After(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
        let answer = timeout(REQUEST, https.ask(method, "", headers, body)).await.map_err(late).flatten();
        answer.map_err(|error| away(&format!("{host} can't be reached"), &error))
    }

    /// Sends a form to where tokens are given. Whether it says that it takes the secret in a header comes first.
    pub async fn token(&self, form: String, in_header: &str, in_form: &str) -> Result<Answer, Away> {
        let document = self.document().await?;
        let address = self.endpoint(&document.token_endpoint)?;
        let by_header = document.token_endpoint_auth_methods_supported.as_ref();
        let by_header = by_header.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
        let body = if by_header { form } else { format!("{form}&{in_form}") };
        if by_header {
            headers.push(("authorization", in_header));
        }
        self.send(&address, Method::POST, &headers, body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Flags};
    use axum::Router;
    use axum::routing::get;
    use jsonwebtoken::Algorithm;
    use serde_json::json;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A provider on this machine whose only key has the number of times that it was asked for its keys; and who looks it up.
    async fn provider() -> (Directory, Arc<AtomicU32>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicU32::new(0));
        let document = json!({
            "issuer": issuer, "authorization_endpoint": format!("{issuer}/a"), "token_endpoint": format!("{issuer}/t"),
            "jwks_uri": format!("{issuer}/keys"),
        });
        let keys = Arc::clone(&asked);
        let router = Router::new().route("/.well-known/openid-configuration", get(async move || axum::Json(document))).route(
            "/keys",
            get(async move || {
                let number = keys.fetch_add(1, Ordering::Relaxed);
                let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": number.to_string() });
                axum::Json(json!({ "keys": [{ "kty": "of tomorrow" }, key] }))
            }),
        );
        tokio::spawn(async move { axum::serve(listener, router).await });
        let named = [("ISSUER", issuer.as_str()), ("CLIENT_ID", "c"), ("CLIENT_SECRET", "known to both")];
        let named = named.map(|(key, value)| (format!("SIDELIGHT_OIDC__{key}"), value.to_owned()));
        let config = Config::read(&Flags::default(), named.into_iter()).unwrap_or_else(|wrong| panic!("{wrong}"));
        (Directory::new(&config.oidc.unwrap()), asked)
    }

    fn head(kid: &str) -> Head {
        Head { algorithm: Algorithm::EdDSA, kid: Some(kid.into()) }
    }

    #[tokio::test]
    async fn a_key_that_is_not_known_is_asked_for_once_and_then_not_again_for_a_while() {
        let (directory, asked) = provider().await;
        assert!(directory.key(&head("0")).await.unwrap().is_some());
        for _ in 0..5 {
            assert!(directory.key(&head("1")).await.unwrap().is_none());
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        // The while is over.
        let directory = Directory { unknown_key: Duration::ZERO, ..directory };
        assert!(directory.key(&head("1")).await.unwrap().is_some());
        assert!(directory.key(&head("0")).await.unwrap().is_none(), "what the provider threw away is good no more");
    }
}
