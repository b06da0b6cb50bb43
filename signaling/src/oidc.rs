//! Signing in by the organisation's own accounts (OpenID Connect): the authorization code flow with PKCE. What comes of a token that is
//! believed is decided in [`crate::staff`].
//!
//! A browser that is under way to the provider keeps what belongs to it in a cookie that we signed, so nobody who only asks fills
//! anything here. The cookie is one that comes along from another site (`Lax`); the sign-in's own isn't.

mod claims;
mod directory;
mod id_token;
mod login;

pub use claims::Person;
pub use login::{LASTS, Login, Ticket};

use crate::config::Oidc;
use crate::error::{Refusal, WORK_AWAY, WORK_DENIED, WORK_NO_ROLE, WORK_STALE, WORK_UNKNOWN, WORK_UNTRUSTED};
use crate::live::limits::{Guesses, Limit};
use crate::records::{Purpose, Records, RecordsError};
use crate::staff::{REMEMBERED, escaped};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use claims::Unfit;
use data_encoding::BASE64;
use directory::{Away, Directory};
use id_token::{Expected, Untrusted};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::time::Duration;

/// The longest code that is passed on, in bytes: some are as long as a token.
const CODE: usize = 8 * 1024;

/// Signing in by work accounts, where there is a provider.
pub struct WorkAccounts {
    pub oidc: Oidc,
    directory: Directory,
    /// Where the provider sends people back to.
    back: String,
    /// Signs cookies.
    pub key: hmac::Key,
    records: Records,
    /// Those who came back with nothing that is worth anything.
    pub tries: Guesses,
}

/// What a browser came back with.
#[derive(Default)]
pub struct Back {
    pub code: Option<String>,
    pub state: Option<String>,
    pub issuer: Option<String>,
    pub error: Option<String>,
}

impl Back {
    /// None: something stands there twice, which nobody means (RFC 6749, section 3.1).
    pub fn of(query: Vec<(String, String)>) -> Option<Back> {
        let mut back = Back::default();
        for (name, value) in query {
            let place = match name.as_str() {
                "code" => &mut back.code,
                "state" => &mut back.state,
                "iss" => &mut back.issuer,
                "error" => &mut back.error,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        Some(back)
    }
}

impl From<Away> for Refusal {
    fn from(Away: Away) -> Refusal {
        WORK_AWAY
    }
}

impl From<Untrusted> for Refusal {
    fn from(why: Untrusted) -> Refusal {
        tracing::warn!(?why, "a token of a work account isn't believed");
        WORK_UNTRUSTED
    }
}

impl From<Unfit> for Refusal {
    fn from(why: Unfit) -> Refusal {
        tracing::warn!(?why, "a work account isn't one that may come in");
        match why {
            Unfit::Subject => WORK_UNTRUSTED,
            Unfit::Required => WORK_UNKNOWN,
            Unfit::Overage => WORK_NO_ROLE,
        }
    }
}

impl WorkAccounts {
    /// `public`: our own address.
    pub async fn new(records: Records, oidc: Oidc, public: &str, now: u32) -> Result<WorkAccounts, RecordsError> {
        let keys = records.signing_keys_for(Purpose::WorkAccount, now).await?;
        let key = keys.first().ok_or(RecordsError::Unusable("no key for cookies".into()))?;
        Ok(WorkAccounts {
            directory: Directory::new(&oidc),
            back: format!("{public}/sign-in/back"),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key.secret),
            records,
            // Each has us ask the provider. An office shares one address, and whoever comes in gives it back.
            tries: Guesses::new(
                "sign-ins by work account that fail",
                Limit::new(20, Duration::from_secs(30), REMEMBERED),
                Limit::new(300, Duration::from_millis(200), 1),
            ),
            oidc,
        })
    }

    /// Begins: where to go, and what the browser keeps meanwhile.
    pub async fn begin(&self, now: u32) -> Result<(String, String), Refusal> {
        let document = self.directory.document().await?;
        let login = Login::new(now).ok_or_else(Refusal::not_kept)?;
        let fields = [
            ("response_type", "code"),
            ("client_id", &self.oidc.client_id),
            ("redirect_uri", &self.back),
            ("scope", &self.oidc.scopes),
            ("state", &login.state()),
            ("nonce", &login.nonce()),
            ("code_challenge", &login.challenge()),
            ("code_challenge_method", "S256"),
        ];
        let address = &document.authorization_endpoint;
        let joint = if address.contains('?') { '&' } else { '?' };
        Ok((format!("{address}{joint}{}", form(&fields)), login.cookie(&self.key)))
    }

    /// Somebody is back from the provider: who they are. Whatever they brought is used up by it, however it ends.
    pub async fn who(&self, cookie: Option<&str>, back: Back, now: u32) -> Result<Person, Refusal> {
        let login = cookie.and_then(|cookie| Login::of(cookie, &self.key, now)).ok_or(WORK_STALE)?;
        let state = login.state();
        if back.state.as_ref() != Some(&state) || !self.records.spend(&hash(&state), login.ends(), now).await? {
            return Err(WORK_STALE);
        }
        let document = self.directory.document().await?;
        // Somebody else's answer, brought to us (RFC 9207).
        let must_say = document.authorization_response_iss_parameter_supported;
        if back.issuer.as_ref().map_or(must_say, |issuer| *issuer != self.oidc.issuer) {
            return Err(Untrusted::Issuer.into());
        }
        let code = match back {
            Back { error: None, code: Some(code), .. } if code.len() <= CODE => code,
            Back { error, .. } => {
                tracing::info!(error = %error.as_deref().map_or("none", known), "the provider lets somebody not in");
                return Err(WORK_DENIED);
            }
        };
        let token = self.exchange(&code, &login).await?;
        let claims = self.believed(&token, &login.nonce(), now).await?;
        Ok(claims::person(&claims, &self.oidc.rules)?)
    }

    /// Gives the code to the provider, for the token.
    async fn exchange(&self, code: &str, login: &Login) -> Result<String, Refusal> {
        let (id, secret) = (&self.oidc.client_id, self.oidc.client_secret.expose_secret());
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.back),
            ("code_verifier", &login.verifier()),
            ("client_id", id),
        ];
        let header = format!("Basic {}", BASE64.encode(format!("{}:{}", escaped(id), escaped(secret)).as_bytes()));
        let answer = self.directory.token(form(&fields), &header, &form(&[("client_secret", secret)])).await?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match (answer.status, said.get("id_token").and_then(Value::as_str)) {
            (200, Some(token)) => Ok(token.to_owned()),
            (status @ 400..=499, _) => {
                let error = said.get("error").and_then(Value::as_str).map_or("none", known);
                tracing::warn!(status, error, "the provider takes no code of ours");
                Err(WORK_DENIED)
            }
            (status, _) => {
                tracing::error!(status, "the provider gives no token");
                Err(WORK_AWAY)
            }
        }
    }

    fn expected(&self) -> Expected<'_> {
        Expected { issuer: &self.oidc.issuer, client_id: &self.oidc.client_id }
    }

    async fn believed(&self, token: &str, nonce: &str, now: u32) -> Result<claims::Claims, Refusal> {
        let head = id_token::head(token, &self.oidc.algorithms)?;
        let key = self.directory.key(&head).await?.ok_or(Untrusted::UnknownKey)?;
        Ok(id_token::read(token, &head, &key, &self.expected(), nonce, now)?)
    }

    /// Who has signed out at the provider, as it tells us itself. Each token once.
    pub async fn ended(&self, token: &str, now: u32) -> Result<String, Refusal> {
        let head = id_token::head(token, &self.oidc.algorithms)?;
        let key = self.directory.key(&head).await?.ok_or(Untrusted::UnknownKey)?;
        let claims = id_token::read_ended(token, &head, &key, &self.expected(), now)?;
        let subject = claims::subject(&claims).ok_or(Untrusted::Event)?;
        let id = claims.get("jti").and_then(Value::as_str).ok_or(Untrusted::Event)?;
        if !self.records.spend(&hash(&format!("ended {id}")), now.saturating_add(2 * LASTS), now).await? {
            return Err(Untrusted::Event.into());
        }
        Ok(subject.to_owned())
    }
}

/// What a provider calls a failure, where it is one that everybody knows: nothing else of it goes into the log.
fn known(error: &str) -> &'static str {
    const KNOWN: [&str; 12] = [
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_response_type",
        "server_error",
        "temporarily_unavailable",
        "interaction_required",
        "login_required",
        "consent_required",
    ];
    KNOWN.into_iter().find(|one| *one == error).unwrap_or("another one")
}

pub fn hash(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}
