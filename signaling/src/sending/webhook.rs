//! Any gateway for text messages: one signed request for each (docs/sending.md).

use super::notify::server;
use super::{Attempt, of_status};
use crate::config;
use crate::https::{Failed, Https};
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use http::Method;
use secrecy::ExposeSecret;
use serde_json::json;
use sidelight_protocol::sending::NotSent;
use std::io;
use std::path::Path;

pub struct Webhook {
    server: Https,
    key: hmac::Key,
}

impl Webhook {
    pub fn new(webhook: &config::Webhook, root: Option<&Path>) -> io::Result<Webhook> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, webhook.key.expose_secret().as_bytes());
        Ok(Webhook { server: server(&webhook.address, root)?, key })
    }

    /// Over the time and the body, so that neither an old request nor a changed one is taken for ours.
    pub(super) fn signature(&self, now: u32, body: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{now}.{body}").as_bytes());
        format!("t={now},v1={}", HEXLOWER.encode(tag.as_ref()))
    }

    pub async fn send(&self, to: &str, from: &str, text: &str, reference: &str, now: u32) -> Attempt {
        let body = json!({ "id": reference, "to": to, "from": from, "text": text }).to_string();
        let signature = self.signature(now, &body);
        let headers = [("content-type", "application/json"), ("sidelight-signature", signature.as_str())];
        match self.server.ask(Method::POST, "", &headers, body).await {
            Err(Failed::Before(_)) => Attempt::NotTaken { why: NotSent::Unreachable, again: true },
            Err(Failed::After(_)) => Attempt::Unknown,
            Ok(answer) => of_status(answer.status),
        }
    }
}
