//! `sidelight retention`: what is due to be erased, erasing it, and checking a receipt. Each says one line.

use super::{Failure, failed, with_records};
use crate::config::Config;
use crate::live::Hub;
use crate::records::{Records, verify_receipt};
use crate::relay::{RelayControl, Scope};
use crate::retention::{Chosen, Keeper, Swept};
use crate::serve::Serving;
use crate::time::now;
use crate::tokens::{Key, Tokens};
use clap::Subcommand;
use sidelight_protocol::RelayAccess;
use sidelight_room::keeping::{Category, RULES, Unit};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[derive(Subcommand)]
pub(super) enum RetentionCommand {
    /// Say what the next sweep would erase; works beside a running service
    Preview,
    /// Erase now what has been kept for long enough; the service must not run, since it does this by itself
    Run,
    /// Check that a receipt is this service's and that nothing in it was changed
    Verify {
        #[arg(value_name = "FILE")]
        receipt: PathBuf,
        /// The service's key as `audit key` printed it; may be given more than once. Without it: the data folder's
        #[arg(long = "key", value_name = "KEY")]
        keys: Vec<String>,
    },
}

/// The longest receipt that is read.
const LONGEST: u64 = 64 * 1024;

pub(super) fn run(config: &Config, command: RetentionCommand) -> Result<(), Failure> {
    match command {
        RetentionCommand::Preview => preview(config),
        RetentionCommand::Run => sweep(config),
        RetentionCommand::Verify { receipt, keys } => verify(config, &receipt, &keys),
    }
}

fn named(category: Category) -> &'static str {
    match category {
        Category::Reach => "numbers and addresses",
        Category::Contact => "contacts",
        Category::Unhandled => "unhandled contacts",
        Category::Plan => "safety plans",
        Category::Record => "copied records",
        Category::Unfinished => "uncopied records",
        Category::Transcript => "transcripts",
        Category::Delivery => "delivery receipts",
        Category::Audit => "audit entries",
        Category::Receipts => "deletion receipts",
    }
}

/// Changes nothing.
fn preview(config: &Config) -> Result<(), Failure> {
    with_records(config, "retention preview", async |records| {
        let failed = failed("retention preview");
        let chosen = Chosen::read(records).await.map_err(&failed)?;
        let due = chosen.due(&config.retention.installed, now());
        let mut parts = Vec::new();
        for rule in RULES {
            let count = due.count(records, rule.category).await.map_err(&failed)?;
            if count > 0 {
                let unit = if rule.unit == Unit::Hours { "hours" } else { "days" };
                let period = due.policies.organisation.period(rule.category);
                parts.push(format!("{count} {} (kept for {period} {unit})", named(rule.category)));
            }
        }
        match parts.as_slice() {
            [] => println!("Nothing is to be erased now."),
            parts => println!("To be erased now: {}.", parts.join(", ")),
        }
        Ok(())
    })
}

/// No relay runs here, and nobody is in conversation.
struct NoRelay;

impl RelayControl for NoRelay {
    fn grant(&self, _room: &str, _peer: &str, _scope: Scope) -> RelayAccess {
        RelayAccess { urls: vec![], username: String::new(), credential: String::new() }
    }

    fn lasts(&self) -> Duration {
        Duration::ZERO
    }

    fn revoke(&self, _peer: &str) {}
}

/// As the service would sweep, rooms and all: contacts that nobody has ended end first.
fn sweep(config: &Config) -> Result<(), Failure> {
    let seconds = config.retention.sweep.as_secs();
    let _alone = Serving::only_one(&config.data).map_err(|failure| match failure {
        Failure::Failed(line) => Failure::Failed(format!("retention run: {line}, and sweeps by itself every {seconds} seconds")),
        usage => usage,
    })?;
    with_records(config, "retention run", async |records| {
        let swept = sweep_once(config, records).await?;
        let Swept { erased, plans, audit, left, .. } = swept;
        if left > 0 {
            return Err(Failure::Failed(format!("retention run: erased {erased} contacts, and couldn't erase {left}; run it again")));
        }
        println!("Erased: {erased} contacts, {plans} safety plans, {audit} audit entries.");
        Ok(())
    })
}

async fn sweep_once(config: &Config, records: &Records) -> Result<Swept, Failure> {
    let failed = failed("retention run");
    let keys = records.signing_keys(now()).await.map_err(&failed)?;
    let keys = keys.into_iter().map(|key| Key { id: key.id, secret: key.secret.to_vec().into() }).collect();
    let tokens = Tokens::new(keys).map_err(|_| Failure::Failed("retention run: tokens can't be signed here".into()))?;
    let away_since = records.last_alive().await.map_err(&failed)?.map(|last| u64::from(last) * 1000);
    let hub = Hub::new(records.clone(), Arc::new(NoRelay), Arc::new(tokens), away_since);
    let mut keeper = Keeper::new(records.clone(), hub.clone(), &config.retention);
    let swept = keeper.sweep(now()).await;
    hub.shutdown().await;
    let swept = swept.map_err(&failed)?;
    if keeper.wiped() {
        Ok(swept)
    } else {
        Err(Failure::Failed("retention run: erased, but somebody reads the files, which may still hold some of it; run it again".into()))
    }
}

/// Needs nothing but the file where the key is given.
fn verify(config: &Config, receipt: &std::path::Path, keys: &[String]) -> Result<(), Failure> {
    let trusted = match keys {
        [] => vec![super::upkeep::audit_key(config)?],
        keys => super::upkeep::public_keys(keys)?,
    };
    let named = receipt.display();
    let unreadable = |error: std::io::Error| Failure::Usage(format!("retention verify: {named} can't be read ({error})"));
    let long = std::fs::metadata(receipt).map_err(unreadable)?.len() > LONGEST;
    let file = if long { Vec::new() } else { std::fs::read(receipt).map_err(unreadable)? };
    let file = String::from_utf8_lossy(&file).replace("\r\n", "\n");
    let said = verify_receipt(&file, &trusted).map_err(|why| Failure::Failed(format!("retention verify: {named}: {why}")))?;
    let line = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    println!("The receipt holds: number {}, {} {}.", line("number: "), line("how many: "), line("erased: "));
    Ok(())
}
