//! Certificate files that somebody else renews: looked at again and again, and taken when they have changed.

use super::provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// Between two looks. More: a renewed certificate serves later; fewer: work for nothing. Certificates last for days at least.
const LOOK: Duration = Duration::from_secs(10);

/// The largest file that is read: chains are a few kilobytes.
const MOST: u64 = 1024 * 1024;

/// The certificate that is served now.
pub(super) struct Served(RwLock<Arc<CertifiedKey>>);

impl Served {
    pub(super) fn new(key: CertifiedKey) -> Served {
        Served(RwLock::new(Arc::new(key)))
    }

    fn now(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Served")
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

/// Both files as they were read.
type Content = (Vec<u8>, Vec<u8>);

/// Reads both files, and takes them again when either has changed and they go together. The last good pair is served until then.
pub(super) fn watched(certificate: &Path, key: &Path) -> io::Result<(Arc<Served>, JoinHandle<()>)> {
    watched_every(LOOK, certificate, key)
}

fn watched_every(look: Duration, certificate: &Path, key: &Path) -> io::Result<(Arc<Served>, JoinHandle<()>)> {
    let content = read(certificate, key)?;
    let served = Arc::new(Served::new(pair(certificate, key, &content)?));
    let watch = watch(look, Arc::clone(&served), certificate.to_owned(), key.to_owned(), content);
    Ok((served, tokio::spawn(watch)))
}

/// Whether these two files can be served. An error names the file.
pub fn checked(certificate: &Path, key: &Path) -> io::Result<()> {
    pair(certificate, key, &read(certificate, key)?).map(|_| ())
}

async fn watch(look: Duration, served: Arc<Served>, certificate: PathBuf, key: PathBuf, mut last: Content) {
    let mut ticks = interval(look);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = String::new();
    loop {
        ticks.tick().await;
        // Two small files: a thread for it would cost more than it.
        let fresh = read(&certificate, &key).and_then(|content| {
            let pair = if content == last { None } else { Some(pair(&certificate, &key, &content)?) };
            Ok((content, pair))
        });
        match fresh {
            Ok((content, Some(pair))) => {
                *served.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
                last = content;
                told.clear();
                tracing::info!("the certificate's files have changed: the new one is served from now on");
            }
            Ok((_, None)) => told.clear(),
            // One file written, the other not yet: the next look finds both. What stays wrong is told once.
            Err(error) if error.to_string() != told => {
                told = error.to_string();
                tracing::warn!(%error, "the certificate's files can't be used as they are now: the last good one is served");
            }
            Err(_) => {}
        }
    }
}

fn read(certificate: &Path, key: &Path) -> io::Result<Content> {
    let file = |path: &Path| {
        let size = std::fs::metadata(path).map_err(|error| named(path, &error))?.len();
        if size > MOST {
            return Err(named(path, &"too large for a certificate or a key"));
        }
        std::fs::read(path).map_err(|error| named(path, &error))
    };
    Ok((file(certificate)?, file(key)?))
}

fn pair(certificate: &Path, key: &Path, (chain, secret): &Content) -> io::Result<CertifiedKey> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(|error| named(certificate, &error))?;
    if chain.is_empty() {
        return Err(named(certificate, &"holds no certificate"));
    }
    let secret = PrivateKeyDer::from_pem_slice(secret).map_err(|error| named(key, &error))?;
    // Refuses a key that isn't the certificate's.
    CertifiedKey::from_der(chain, secret, &provider()).map_err(|error| named(certificate, &error))
}

fn named(path: &Path, what: &dyn fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()))
}

/// A pair that was made here.
pub(super) fn from_pem(path: &Path, pem: &str) -> io::Result<CertifiedKey> {
    pair(path, path, &(pem.into(), pem.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let path = std::env::temp_dir().join(format!("sidelight-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        fn write(&self, name: &str, content: &str) -> PathBuf {
            let path = self.0.join(name);
            std::fs::write(&path, content).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn made() -> (String, String, CertificateDer<'static>) {
        let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        (cert.pem(), signing_key.serialize_pem(), cert.der().clone())
    }

    async fn serves(served: &Served, certificate: &CertificateDer<'static>) {
        // Several looks, so that what must not be taken would have been.
        tokio::time::sleep(OFTEN * 20).await;
        assert!(served.now().cert.first() == Some(certificate));
    }

    const OFTEN: Duration = Duration::from_millis(5);

    #[tokio::test]
    async fn a_renewed_certificate_is_served_and_a_broken_one_is_not() {
        let folder = Folder::new("renewed");
        let (first, second, third) = (made(), made(), made());
        let certificate = folder.write("certificate.pem", &first.0);
        let key = folder.write("key.pem", &first.1);
        let (served, keeping) = watched_every(OFTEN, &certificate, &key).unwrap();
        serves(&served, &first.2).await;
        // Half way through a renewal, the two don't go together.
        folder.write("certificate.pem", &second.0);
        serves(&served, &first.2).await;
        folder.write("key.pem", &second.1);
        serves(&served, &second.2).await;
        folder.write("certificate.pem", "nothing");
        serves(&served, &second.2).await;
        std::fs::remove_file(&certificate).unwrap();
        serves(&served, &second.2).await;
        folder.write("key.pem", &third.1);
        folder.write("certificate.pem", &third.0);
        serves(&served, &third.2).await;
        assert!(!keeping.is_finished());
        keeping.abort();
    }

    #[test]
    fn what_is_no_certificate_is_an_error_that_names_the_file() {
        let folder = Folder::new("no-certificate");
        let (chain, _, _) = made();
        let (_, other_key, _) = made();
        let (empty, good) = (folder.write("empty.pem", "nothing"), folder.write("good.pem", &chain));
        let (missing, other) = (folder.0.join("missing.pem"), folder.write("other.pem", &other_key));
        let huge = folder.write("huge.pem", &"x".repeat(2 * 1024 * 1024));
        let table = [
            (&empty, &empty, "empty.pem"),
            (&missing, &empty, "missing.pem"),
            (&good, &empty, "empty.pem"),
            (&good, &other, "good.pem"),
            (&huge, &other, "huge.pem"),
        ];
        for (certificate, key, named) in table {
            let error = checked(certificate, key).expect_err("an error").to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
