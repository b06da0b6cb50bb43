//! Commands for whoever looks after the machine: the master key, the audit.

use super::{Failure, block_on, failed, with_records};
use crate::config::{Config, MasterKey};
use crate::records::{self, BACKUP, PublicKey, RECORDS};
use crate::serve::Serving;
use crate::time::now;
use clap::Subcommand;
use sidelight_protocol::audit::Audited;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Put another master key in the place of the present one; the service must not run
    Rotate {
        /// The new key, as keys.master names one, where it isn't to be made in the present one's place
        #[arg(long, value_name = "KEY")]
        new: Option<String>,
    },
}

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Check that nothing in the audit was changed, deleted, moved or cut off
    Verify {
        /// The file of records, where it isn't the data folder's: what `open-backup` made of a backup
        #[arg(long, value_name = "FILE")]
        records: Option<PathBuf>,
        /// What was sent out of it (audit.anchor), as it was kept there; without it, a cut end isn't found
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
        /// The service's key as `audit key` printed it; may be given more than once. Without it: the data folder's
        #[arg(long = "key", value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Print the key that the audit's signatures are checked with
    Key,
}

/// The service may not run: it has the key in memory.
pub(super) fn rotate(config: &Config, new: Option<&str>) -> Result<(), Failure> {
    let to = new.map(|text| {
        let read = MasterKey::read(text).filter(|key| *key != MasterKey::InData && *key != config.keys.master);
        read.ok_or_else(|| Failure::Usage(format!("--new: found {text:?}; allowed: {}, other than keys.master", MasterKey::ALLOWED)))
    });
    let to = to.transpose()?;
    let _alone = Serving::only_one(&config.data)?;
    with_records(config, "keys rotate", async |records| {
        let failed = failed("keys rotate");
        let wrapped = records.rotate_master_key(to.as_ref()).await.map_err(&failed)?;
        // It needs no key.
        records.audit(now(), None, Audited::MasterKeyReplaced).await.map_err(&failed)?;
        println!("{wrapped} keys are wrapped by the new master key. Put a copy of it in a safe, and destroy those of the old one.");
        if let Some(new) = new {
            println!("Before the next start, keys.master must lead to what {new} leads to now.");
        }
        Ok(())
    })
}

/// Works beside a running service.
pub(super) fn audit_key(config: &Config) -> Result<PublicKey, Failure> {
    with_records(config, "audit", async |records| records.audit_key().map_err(failed("audit")))
}

/// As `audit key` printed them.
pub(super) fn public_keys(keys: &[String]) -> Result<Vec<PublicKey>, Failure> {
    let read = |key: &String| {
        PublicKey::from_text(key).ok_or_else(|| Failure::Usage(format!("--key: found {key:?}; allowed: 64 hexadecimal digits")))
    };
    keys.iter().map(read).collect()
}

/// Works beside a running service.
pub(super) fn verify(config: &Config, records: Option<PathBuf>, anchor: Option<PathBuf>, keys: &[String]) -> Result<(), Failure> {
    let mut trusted = public_keys(keys)?;
    if trusted.is_empty() {
        trusted.push(audit_key(config)?);
    }
    let anchored = anchor.as_deref().map(|file| {
        let text = std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        text.map_err(|error| {
            Failure::Usage(format!("--anchor: found {:?}, which can't be read ({error}); allowed: a file", file.display()))
        })
    });
    let anchored = anchored.transpose()?;
    let file = records.unwrap_or_else(|| config.data.join(RECORDS));
    if file.file_name().is_some_and(|name| name == BACKUP) {
        let file = file.display();
        return Err(Failure::Usage(format!("--records: found {file:?}, which is sealed; allowed: what `open-backup` makes of it")));
    }
    let found = block_on(async { records::verify_audit(&file, &trusted, anchored.as_deref()).await.map_err(failed("audit")) })?;
    let whole = found.map_err(|fault| Failure::Failed(format!("audit: {fault}")))?;
    println!("The audit is whole: {} entries, up to entry {}.", whole.entries, whole.last);
    if whole.checkpoint > 0 {
        println!("A signed checkpoint stands for those up to entry {}.", whole.checkpoint);
    }
    match whole.anchored {
        0 => println!("Without --anchor: whether its end was cut off, or all of it written anew, isn't known."),
        points => println!("It agrees with the anchor, which knows it at {points} points."),
    }
    Ok(())
}
