//! A provider of work accounts written by others (the npm package `oidc-provider`, certified by the OpenID Foundation), on another site
//! than the service: `localhost` and `127.0.0.1` are two.

use crate::process::Program;
use crate::service::Settings;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::process::Command;

const CLIENT: &str = "sidelight";
const SECRET: &str = "a secret of the two of them, 0123456789";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/provider/provider.mjs");

/// The provider, until it is dropped.
pub struct WorkProvider {
    _program: Program,
    pub issuer: String,
}

impl WorkProvider {
    /// `service`: the address of the service, to which it sends people back. `people`: their claims, by the names they sign in with.
    pub async fn start(service: &str, people: Value) -> WorkProvider {
        let settings = json!({
            "port": 0, "host": "localhost", "client": CLIENT, "secret": SECRET, "people": people,
            "redirect": format!("{service}/sign-in/back"), "ended": format!("{service}/api/staff/work-account/ended"),
        });
        let program = Program::start("node", Command::new("node").args([SCRIPT, &settings.to_string()]));
        let ready = |line: &str| line.strip_prefix("The provider is ready at ").map(|url| url.trim().to_owned());
        let issuer = program.output().wait_for("the provider's address", Duration::from_secs(20), ready).await;
        WorkProvider { _program: program, issuer }
    }

    /// What the service must know of it.
    pub fn set<'a>(&self, settings: &'a mut Settings) -> &'a mut Settings {
        settings.set("oidc.issuer", &self.issuer).set("oidc.client_id", CLIENT).set("oidc.client_secret", SECRET)
    }
}
