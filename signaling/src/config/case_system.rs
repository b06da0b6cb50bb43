//! Where finished records of contacts go, if anywhere.

use super::AnchorPlace;
use std::path::PathBuf;

/// A case system that takes records by webhook. No Debug: it holds a secret.
#[derive(Clone)]
pub struct CaseSystem {
    pub host: String,
    pub port: u16,
    pub path: String,
    /// Signs what is sent.
    pub secret: String,
    /// The root certificate of a private one.
    pub root: Option<PathBuf>,
}

/// The shortest secret that can't be guessed, in characters.
pub const SECRET: usize = 32;

/// Host, port and path of an https address.
pub fn read(text: &str) -> Option<(String, u16, String)> {
    match AnchorPlace::read(text)? {
        AnchorPlace::Https { host, port, path } => Some((host, port, path)),
        AnchorPlace::File(_) | AnchorPlace::Syslog => None,
    }
}
