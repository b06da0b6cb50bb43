//! `sidelight backup`, `restore` and `open-backup`.

use super::{Failure, block_on, failed, with_records};
use crate::config::Config;
use crate::records::{BACKUP, Keys, Records, RecordsError};
use crate::serve::Serving;
use crate::time::now;
use sidelight_protocol::audit::Audited;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a long copy says how far it is. More often: lines nobody reads. Less often: whoever waits takes it for stuck.
const TELLS: Duration = Duration::from_secs(5);

/// Works beside a running service.
pub(super) fn back_up(config: &Config, folder: &Path, keys: Option<&Path>) -> Result<(), Failure> {
    let copy = keys.or(config.keys.copy.as_deref());
    if keys.is_none()
        && let Some(copy) = copy.filter(|copy| copy.starts_with(folder))
    {
        let copy = copy.display().to_string();
        return Err(Failure::Usage(format!("keys.copy: found {copy:?}, which is in the backup; allowed: another folder, or --keys FILE")));
    }
    with_records(config, "backup", async |records| {
        let failed = failed("backup");
        let file = folder.join(BACKUP);
        records.back_up(folder, telling("Sealed")).await.map_err(|error| match error {
            RecordsError::Taken => Failure::Failed(format!("backup: {} is there already", file.display())),
            error => failed(error),
        })?;
        println!("The records are in {}, sealed and without their keys.", file.display());
        match copy {
            Some(copy) => {
                records.copy_keys(copy).await.map_err(&failed)?;
                println!("The keys are in {}, in place of those before.", copy.display());
            }
            None => println!("No copy of the keys was made: without one, contacts can't be restored (keys.copy, or --keys FILE)."),
        }
        Ok(())
    })
}

pub(super) fn restore(config: &Config, folder: &Path, keys: Option<&Path>, without_keys: bool) -> Result<(), Failure> {
    let _alone = Serving::only_one(&config.data)?;
    let from = match keys {
        Some(copy) => Keys::Copy(copy),
        None if without_keys => Keys::None,
        None => Keys::Newest,
    };
    let failed = failed("restore");
    let restored =
        block_on(async { Records::restore(&config.data, &config.keys, folder, from, telling("Opened")).await.map_err(&failed) })?;
    with_records(config, "restore", async |records| records.audit(now(), None, Audited::Restored).await.map_err(&failed))?;
    println!("Restored. Erased because their key is gone, or never was in this copy of the keys: {}.", restored.unreadable);
    println!("The audit goes on behind entry {}; begin a new anchor, and keep the old one.", restored.audited);
    Ok(())
}

/// Works beside a running service, and changes nothing.
pub(super) fn open(config: &Config, folder: &Path, to: &Path) -> Result<(), Failure> {
    if within(to, folder) {
        return Err(Failure::Usage(format!("--to: found {:?}, which is in the backup; allowed: another folder", to.display().to_string())));
    }
    let opened = block_on(async {
        let opened = Records::open_backup(&config.data, &config.keys, folder, to, telling("Opened")).await;
        opened.map_err(|error| match error {
            RecordsError::Taken => Failure::Failed(format!("open-backup: {} is there already", to.display())),
            error => failed("open-backup")(error),
        })
    });
    opened?;
    println!("The records stand in the clear in {}: delete it when you have looked.", to.display());
    Ok(())
}

/// Whether this file would lie in the folder, whatever ways lead there.
fn within(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}

/// Says on standard error how far a long copy has come.
fn telling(what: &'static str) -> impl FnMut(u64, u64) + Send + 'static {
    let mut told = Instant::now();
    move |done, of| {
        if told.elapsed() >= TELLS {
            told = Instant::now();
            eprintln!("{what} {} of {} MB …", done / 1_000_000, of / 1_000_000);
        }
    }
}
