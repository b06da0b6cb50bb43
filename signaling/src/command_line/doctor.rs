//! `sidelight doctor`.

use super::{Failure, block_on};
use crate::doctor::target::{Target, host_and_port};
use crate::doctor::{Asked, due, finding, look, own_pages};
use crate::serve::provide_cryptography;
use clap::Args;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Args)]
pub(super) struct DoctorArguments {
    /// The service's address, as people are given it: https://HOST
    #[arg(value_name = "URL")]
    address: String,
    /// For a program: one JSON object, with codes that stay (docs/doctor.md)
    #[arg(long)]
    json: bool,
    /// How long each step may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=60))]
    timeout: u64,
    /// A PEM file with the root certificate of a private authority
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// What `sidelight manifest` printed on the server: its pages are compared too
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// A file of its owner's alone (mode 0600) with a token for "Trying out a call": then sound and picture are tried both ways
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// Where sound and picture go by UDP, if not to port 3478 of the same host
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "token")]
    relay_udp: Option<String>,
    /// The same by TCP
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "token")]
    relay_tcp: Option<String>,
}

/// The largest manifest that is read: a real one has a few dozen kilobytes.
const MANIFEST: u64 = 1024 * 1024;

pub(super) fn run(arguments: DoctorArguments) -> Result<(), Failure> {
    let DoctorArguments { address, json, timeout, root, manifest, token, relay_udp, relay_tcp } = arguments;
    provide_cryptography();
    let target = Target::read(&address)
        .ok_or_else(|| Failure::Usage(format!("doctor: found {address:?}; allowed: https://HOST or https://HOST:PORT, without a path")))?;
    let origin = target.origin();
    let manifest = manifest.map(|file| text(&file, "--manifest", MANIFEST)).transpose()?;
    let (udp, tcp) = (at("--relay-udp", relay_udp)?, at("--relay-tcp", relay_tcp)?);
    let token = token.map(|file| secret(&file)).transpose()?;
    let asked = Asked { target, limit: Duration::from_secs(timeout), root, manifest, udp, tcp, token };
    let ours = own_pages().map_err(|error| Failure::Failed(format!("doctor: {error}")))?;
    let due =
        due(&asked, &ours).ok_or_else(|| Failure::Usage("--manifest: found something else than `sidelight manifest` prints".into()))?;
    let found = block_on(async {
        // All that can go wrong before anybody is asked is the root certificate.
        look(asked, &ours, &due).await.map_err(|error| Failure::Usage(format!("--root: found {error}; allowed: a PEM file")))
    })?;
    if json {
        println!("{:#}", finding::json(&origin, &found));
    } else {
        print!("{}", finding::text(&found));
    }
    if finding::fails(&found) { Err(Failure::Told) } else { Ok(()) }
}

fn at(option: &str, given: Option<String>) -> Result<Option<(String, u16)>, Failure> {
    let read =
        |given: String| host_and_port(&given).ok_or_else(|| Failure::Usage(format!("{option}: found {given:?}; allowed: HOST:PORT")));
    given.map(read).transpose()
}

/// What opens something is nobody else's to read.
fn secret(file: &Path) -> Result<String, Failure> {
    let others = std::fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
    if others {
        let named = file.display();
        return Err(Failure::Usage(format!("--token: found {named:?}, which others may read; allowed: a file of mode 0600")));
    }
    text(file, "--token", 1_024).map(|token| token.trim().to_owned())
}

/// A small file.
fn text(file: &Path, option: &str, most: u64) -> Result<String, Failure> {
    let named = file.display().to_string();
    let size = std::fs::metadata(file).map(|about| about.len());
    let read =
        size.and_then(|size| if size > most { Err(std::io::Error::other("it is too large")) } else { std::fs::read_to_string(file) });
    read.map_err(|error| Failure::Usage(format!("{option}: found {named:?}, which can't be read ({error}); allowed: a file")))
}
