//! A certificate that no authority has signed, for a service that speaks TLS in tests.

use crate::folder::Folder;
use std::path::{Path, PathBuf};

/// Its two files, until it is dropped.
pub struct Certificate {
    folder: Folder,
}

impl Certificate {
    /// For 127.0.0.1 and localhost.
    pub fn new() -> Certificate {
        let folder = Folder::new("tls");
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]);
        let rcgen::CertifiedKey { cert, signing_key } = made.expect("names that can stand in a certificate");
        let certificate = Certificate { folder };
        for (file, text) in [(certificate.chain(), cert.pem()), (certificate.key(), signing_key.serialize_pem())] {
            std::fs::write(&file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        }
        certificate
    }

    pub fn chain(&self) -> PathBuf {
        self.path("chain.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.path("key.pem")
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.folder.path(), name)
    }
}

impl Default for Certificate {
    fn default() -> Certificate {
        Certificate::new()
    }
}
