//! The master key: a file of its own, in neither database, or a credential that systemd hands over. Whoever has a copy of the
//! databases has nothing without it.

use super::sealing::Key;
use super::{RecordsError, Result};
use crate::config::MasterKey;
use data_encoding::HEXLOWER;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Where systemd puts the credentials of a service.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Rights on the file that nobody may have. systemd lets the service's user read a credential by an access list, whose mask
/// stands where the group's rights stand; its folder is that user's alone.
const OTHERS: u32 = 0o077;
const OTHERS_ON_CREDENTIAL: u32 = 0o037;

/// A file that holds a master key, or is to hold it.
#[derive(Clone)]
pub(super) struct Holder {
    path: PathBuf,
    is_credential: bool,
}

impl Holder {
    pub fn of(source: &MasterKey, directory: &Path) -> Result<Holder> {
        let file = |path: PathBuf| Holder { path, is_credential: false };
        Ok(match source {
            MasterKey::InData => file(directory.join("master.key")),
            MasterKey::File(path) => file(path.clone()),
            MasterKey::Credential(name) => {
                let folder = std::env::var_os(CREDENTIALS);
                let folder = folder.ok_or_else(|| RecordsError::NoMasterKey(format!("credential {name}: {CREDENTIALS} isn't set")))?;
                Holder { path: Path::new(&folder).join(name), is_credential: true }
            }
        })
    }

    pub fn named(&self) -> String {
        self.path.display().to_string()
    }

    /// None where there is no such file.
    pub fn read(&self) -> Result<Option<Key>> {
        read(&self.path, if self.is_credential { OTHERS_ON_CREDENTIAL } else { OTHERS })
    }

    /// Makes a key where there is none. Two processes may start at once: the whole file appears in one step, and only one of them
    /// puts it there.
    pub fn make(&self) -> Result<Key> {
        if self.is_credential {
            return Err(RecordsError::NoMasterKey(self.named()));
        }
        let temporary = beside(&self.path, &format!("{}", std::process::id()));
        let made = write_new(&temporary).and_then(|()| {
            let linked = fs::hard_link(&temporary, &self.path);
            fs::remove_file(&temporary)?;
            match linked {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => settle(&self.path),
            }
        });
        made.map_err(|error| unusable(&self.path, &error))?;
        self.read()?.ok_or_else(|| RecordsError::NoMasterKey(self.named()))
    }

    /// The key that is to come, in a file beside this one; whatever a rotation that was stopped has left there is written over.
    /// Only where everything is wrapped by the present one.
    pub fn make_next(&self) -> Result<Key> {
        if self.is_credential {
            let named = self.named();
            return Err(RecordsError::Unusable(format!(
                "{named} is a credential, which only systemd can replace: name the new one (--new)"
            )));
        }
        let next = self.next();
        let made = match fs::remove_file(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => write_new(&next).and_then(|()| settle(&next)),
        };
        made.map_err(|error| unusable(&next, &error))?;
        read(&next, OTHERS)?.ok_or_else(|| RecordsError::NoMasterKey(next.display().to_string()))
    }

    /// The key that is to come, if a rotation has left one.
    pub fn read_next(&self) -> Result<Option<Key>> {
        if self.is_credential { Ok(None) } else { read(&self.next(), OTHERS) }
    }

    /// From here on the key that was to come is the key. Fine if another process has done it in the same moment.
    pub fn put_next_in_place(&self) -> Result<()> {
        let done = match fs::rename(self.next(), &self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => settle(&self.path),
        };
        done.map_err(|error| unusable(&self.path, &error))
    }

    fn next(&self) -> PathBuf {
        beside(&self.path, "next")
    }
}

fn unusable(path: &Path, error: &io::Error) -> RecordsError {
    RecordsError::Unusable(format!("{}: {error}", path.display()))
}

/// `PATH.ENDING`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn read(path: &Path, forbidden: u32) -> Result<Option<Key>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(path, &error)),
    };
    let mode = file.metadata().map_err(|error| unusable(path, &error))?.mode();
    if mode & forbidden != 0 {
        return Err(RecordsError::OpenMasterKey(path.display().to_string(), mode & 0o777));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(4096).read_to_string(&mut text).map_err(|error| unusable(path, &error))?;
    let bytes = HEXLOWER.decode(text.trim().as_bytes()).map(Zeroizing::new);
    let key = bytes.ok().and_then(|bytes| Key::from_bytes(&bytes));
    let wrong = || RecordsError::Unusable(format!("{}: not a master key (64 hexadecimal digits)", path.display()));
    key.map(Some).ok_or_else(wrong)
}

/// A new key in a file of its owner alone, which is on disk when this returns.
fn write_new(path: &Path) -> io::Result<()> {
    let key = Key::random().map_err(io::Error::other)?;
    let text = Zeroizing::new(format!("{}\n", HEXLOWER.encode(key.bytes())));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The name of a file must be on disk before anything depends on it.
pub(super) fn settle(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
