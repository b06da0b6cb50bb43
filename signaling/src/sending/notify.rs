//! GOV.UK Notify (docs.notifications.service.gov.uk/rest-api.html).

use super::{Attempt, of_status};
use crate::config::{Address, NotifyService, notify_ids};
use crate::https::{Failed, Https};
use http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sidelight_protocol::plan::Channel;
use sidelight_protocol::sending::NotSent;
use sidelight_room::outbox::Report;
use std::io;
use std::path::Path;

pub struct Notify {
    server: Https,
    service: String,
    key: EncodingKey,
    template: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: u32,
}

/// What it says of notifications.
#[derive(Deserialize)]
struct Found {
    notifications: Vec<Notification>,
}

#[derive(Deserialize)]
struct Notification {
    reference: Option<String>,
    status: String,
}

impl Notify {
    pub fn new(service: &NotifyService, root: Option<&Path>) -> io::Result<Notify> {
        let NotifyService { address, key, template } = service;
        let (id, secret) = notify_ids(key.expose_secret()).ok_or_else(|| io::Error::other("the key of Notify can't be read"))?;
        let key = EncodingKey::from_secret(secret.as_bytes());
        Ok(Notify { server: server(address, root)?, service: id.to_owned(), key, template: template.clone() })
    }

    /// Good for 30 seconds.
    pub(super) fn token(&self, now: u32) -> io::Result<String> {
        let claims = Claims { iss: &self.service, iat: now };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.key).map_err(io::Error::other)
    }

    async fn ask(&self, method: Method, path: &str, body: String, now: u32) -> Result<crate::https::Answer, Failed> {
        let authorization = format!("Bearer {}", self.token(now).map_err(Failed::Before)?);
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        self.server.ask(method, path, &headers, body).await
    }

    /// `reference`: by which it is found again.
    pub async fn send(&self, channel: Channel, to: &str, subject: &str, text: &str, reference: &str, now: u32) -> Attempt {
        let (path, body) = match channel {
            Channel::Email => {
                ("/v2/notifications/email", json!({"email_address": to, "personalisation": {"subject": subject, "message": text}}))
            }
            _ => ("/v2/notifications/sms", json!({"phone_number": to, "personalisation": {"message": text}})),
        };
        let mut body = body;
        body["template_id"] = Value::from(self.template.as_str());
        body["reference"] = Value::from(reference);
        match self.ask(Method::POST, path, body.to_string(), now).await {
            Err(Failed::Before(_)) => Attempt::NotTaken { why: NotSent::Unreachable, again: true },
            Err(Failed::After(_)) => Attempt::Unknown,
            // What isn't about a field of this message is about our set-up: a trial, a template that isn't there.
            Ok(answer) if answer.status == 400 && !is_about_a_field(&answer.body) => {
                Attempt::NotTaken { why: NotSent::SetUp, again: false }
            }
            Ok(answer) => of_status(answer.status),
        }
    }

    /// What became of a message. None: it doesn't know this one, or can't be asked now; neither says that it didn't go.
    pub async fn report(&self, reference: &str, now: u32) -> Option<Report> {
        let path = format!("/v2/notifications?reference={reference}");
        let answer = self.ask(Method::GET, &path, String::new(), now).await.ok().filter(crate::https::Answer::is_good)?;
        let found: Found = serde_json::from_slice(&answer.body).ok()?;
        let ours = found.notifications.into_iter().find(|one| one.reference.as_deref() == Some(reference))?;
        Some(match ours.status.as_str() {
            "delivered" => Report::Delivered,
            "permanent-failure" | "temporary-failure" | "technical-failure" => Report::NotDelivered,
            _ => Report::Taken,
        })
    }
}

fn is_about_a_field(body: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    answer["errors"].as_array().is_some_and(|errors| errors.iter().any(|error| error["error"] == "ValidationError"))
}

/// A server of the configuration.
pub(super) fn server(address: &Address, root: Option<&Path>) -> io::Result<Https> {
    let Address { tls, host, port, path } = address;
    if *tls { Https::new(host, *port, path, root) } else { Ok(Https::plain(host, *port, path)) }
}
