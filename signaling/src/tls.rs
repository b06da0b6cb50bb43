//! Where the web port's certificate comes from: files that somebody else renews, an ACME server, or this machine itself.

mod acme;
mod files;
mod self_signed;

use crate::config::Certificate;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::ResolvesServerCert;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::fmt::Display;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinHandle;

pub use files::checked;

/// What the web port needs to speak TLS. All clones are the same; with the last one ends what keeps the certificate fresh.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    /// For an ACME server that looks whether the name is ours (RFC 8737).
    challenge: Option<Arc<ServerConfig>>,
    _keeping: Option<Arc<Keeping>>,
}

/// The task that keeps a certificate fresh.
struct Keeping(JoinHandle<()>);

impl Drop for Keeping {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Tls {
    /// Reads, makes or asks for the certificate, and keeps it fresh from now on, on the current runtime. An error names the file.
    /// By ACME it comes later: until then, handshakes fail, and what the ACME server says is told.
    pub fn start(certificate: &Certificate, host: &str, data: &Path) -> io::Result<Tls> {
        match certificate {
            Certificate::Files { certificate, key } => Tls::from_files(certificate, key),
            Certificate::Acme(acme) => acme::start(acme, host, &data.join("acme")),
            Certificate::SelfSigned => {
                let own = self_signed::kept(&data.join("lan"), host)?;
                Ok(Tls { config: Arc::new(with(own)?), challenge: None, _keeping: None })
            }
        }
    }

    /// A certificate chain and its key (PEM), read again when they change.
    pub fn from_files(certificate: &Path, key: &Path) -> io::Result<Tls> {
        let (resolver, keeping) = files::watched(certificate, key)?;
        Ok(Tls { config: Arc::new(with(resolver)?), challenge: None, _keeping: Some(Arc::new(Keeping(keeping))) })
    }

    /// For browsers, and for relay clients.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// For whom the port is looked at by an ACME server; none where no certificate comes that way.
    pub fn challenge(&self) -> Option<Arc<ServerConfig>> {
        self.challenge.clone()
    }
}

/// Named, since the process may hold a second provider: the default would be a matter of luck.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn with(certificate: Arc<dyn ResolvesServerCert>) -> io::Result<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(io::Error::other)?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(certificate);
    // Browsers' relay clients offer nothing but stun.turn: without it here their handshake would fail.
    config.alpn_protocols = [&b"h2"[..], b"http/1.1", b"stun.turn"].map(<[u8]>::to_vec).to_vec();
    Ok(config)
}

/// For talking to a server under TLS: one of those that browsers trust, or one with a private root certificate (PEM).
pub fn client(root: Option<&Path>) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    match root {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let named = |error: &dyn Display| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", file.display()));
            for root in CertificateDer::pem_file_iter(file).map_err(|error| named(&error))? {
                roots.add(root.map_err(|error| named(&error))?).map_err(|error| named(&error))?;
            }
            if roots.is_empty() {
                return Err(named(&"holds no certificate"));
            }
        }
    }
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    Ok(builder.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth())
}

/// A folder for keys: its owner alone looks into it.
fn own_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}
