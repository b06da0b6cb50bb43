//! A certificate made here, for trying out on a local network. Browsers warn of it once; it is kept, so that what a phone was
//! told to accept stays good over restarts.

use super::files::{Served, from_pem};
use super::own_folder;
use rcgen::{CertificateParams, KeyPair};
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long it is valid. Some phones refuse longer ones outright.
const DAYS: u64 = 390;

/// Made anew from this age on, so that it never runs out while the service runs for some months.
const OLD: Duration = Duration::from_secs((DAYS - 90) * 86_400);

/// The certificate for this host, kept in the folder.
pub(super) fn kept(folder: &Path, host: &str) -> io::Result<Arc<Served>> {
    own_folder(folder)?;
    let path = folder.join(format!("{host}.pem"));
    if let Ok(pem) = fs::read_to_string(&path)
        && !is_old(&path)
        && let Ok(pair) = from_pem(&path, &pem)
    {
        return Ok(Arc::new(Served::new(pair)));
    }
    let pem = made(host)?;
    // Whole or not at all, should the power go.
    let new = folder.join("new.pem");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    Ok(Arc::new(Served::new(from_pem(&path, &pem)?)))
}

/// What can't be told is old: making it anew only costs a press on the phone.
fn is_old(path: &Path) -> bool {
    let made = fs::metadata(path).and_then(|file| file.modified());
    made.ok().and_then(|made| made.elapsed().ok()).is_none_or(|age| age >= OLD)
}

/// Certificate and key, one after the other.
fn made(host: &str) -> io::Result<String> {
    let made = || {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(vec![host.to_owned()])?;
        let name = rcgen::DnType::CommonName;
        params.distinguished_name.push(name, "Sidelight on this network");
        let now = std::time::SystemTime::now();
        // A phone whose clock is a little slow takes it too.
        params.not_before = (now - Duration::from_secs(86_400)).into();
        params.not_after = (now + Duration::from_secs(DAYS * 86_400)).into();
        params.extended_key_usages.push(rcgen::ExtendedKeyUsagePurpose::ServerAuth);
        let certificate = params.self_signed(&key)?;
        Ok::<_, rcgen::Error>(format!("{}{}", certificate.pem(), key.serialize_pem()))
    };
    made().map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_certificate_serves_over_restarts_for_its_address_until_it_is_old() {
        let folder = std::env::temp_dir().join(format!("sidelight-lan-{}", std::process::id()));
        let read = |host: &str| fs::read(folder.join(format!("{host}.pem"))).unwrap();
        kept(&folder, "192.0.2.2").unwrap();
        let first = read("192.0.2.2");
        kept(&folder, "192.0.2.2").unwrap();
        assert!(read("192.0.2.2") == first);
        kept(&folder, "192.0.2.3").unwrap();
        assert!(read("192.0.2.3") != first);
        let file = fs::File::options().write(true).open(folder.join("192.0.2.2.pem")).unwrap();
        file.set_modified(std::time::SystemTime::now() - OLD).unwrap();
        kept(&folder, "192.0.2.2").unwrap();
        assert!(read("192.0.2.2") != first, "made anew");
        fs::write(folder.join("192.0.2.2.pem"), "broken").unwrap();
        kept(&folder, "192.0.2.2").unwrap();
        assert!(read("192.0.2.2").starts_with(b"-----BEGIN CERTIFICATE"), "what is broken is made anew");
        fs::remove_dir_all(&folder).unwrap();
    }
}
