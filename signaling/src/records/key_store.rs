//! The master key and the store of wrapped data keys.
//!
//! The master key is a file of its own (`master.key`), in neither database; whoever has a copy of the databases has nothing
//! without it. The store (`keys.db`) is small and stays out of backups, so that a purged key is purged everywhere.

use super::sealing::{Key, Place};
use super::sqlite::Sqlite;
use super::{RecordsError, Result};
use data_encoding::HEXLOWER;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

pub(super) struct KeyStore {
    master: Key,
    database: Sqlite,
}

const CHECK: Place<'static> = Place { table: "master_check", row: "1", contact: "" };
const CHECKED: &[u8] = b"sidelight master key";

fn place(contact: &str) -> Place<'_> {
    Place { table: "data_keys", row: contact, contact }
}

impl KeyStore {
    pub async fn open(directory: &Path) -> Result<KeyStore> {
        let file = directory.join("master.key");
        let named = file.display().to_string();
        let database = Sqlite::open(&directory.join("keys.db")).await?;
        database.migrate(&sqlx::migrate!("./migrations/keys")).await?;
        let check = sqlx::query_scalar::<_, Vec<u8>>("SELECT sealed FROM master_check WHERE id = 1");
        let check = check.fetch_optional(database.readers()).await?;
        let unreadable = |error: io::Error| RecordsError::Unusable(format!("{named}: {error}"));
        let master = match read_master(&file).map_err(unreadable)? {
            Some(master) => master,
            // A new one would read nothing of what is there.
            None if check.is_some() => return Err(RecordsError::NoMasterKey(named)),
            None => {
                make_master(directory, &file).map_err(unreadable)?;
                read_master(&file).map_err(unreadable)?.ok_or(RecordsError::NoMasterKey(named.clone()))?
            }
        };
        match check {
            Some(sealed) => {
                master.open(&CHECK, &sealed).ok_or(RecordsError::WrongMasterKey(named))?;
            }
            None => {
                let sealed = master.seal(&CHECK, CHECKED)?;
                let mut write = database.write().await?;
                let insert = "INSERT INTO master_check (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING";
                sqlx::query(insert).bind(sealed).execute(&mut *write).await?;
                write.commit().await?;
            }
        }
        Ok(KeyStore { master, database })
    }

    /// For secrets of the service itself, which belong to no contact.
    pub fn master(&self) -> &Key {
        &self.master
    }

    /// Makes a contact's key; it is on disk when this returns, before anything is sealed under it.
    pub async fn make(&self, contact: &str) -> Result<Key> {
        let key = Key::random()?;
        let wrapped = self.master.seal(&place(contact), key.bytes())?;
        let mut write = self.database.write().await?;
        let insert = "INSERT INTO data_keys (contact, wrapped) VALUES ($1, $2)";
        sqlx::query(insert).bind(contact).bind(wrapped).execute(&mut *write).await?;
        write.commit().await?;
        Ok(key)
    }

    /// The contact's key. `Missing` where it was purged or never was.
    pub async fn key(&self, contact: &str) -> Result<Key> {
        let select = "SELECT wrapped FROM data_keys WHERE contact = $1";
        let wrapped = sqlx::query_scalar::<_, Vec<u8>>(select).bind(contact).fetch_one(self.database.readers()).await?;
        let bytes = self.master.open(&place(contact), &wrapped).ok_or(RecordsError::Damaged)?;
        Key::from_bytes(&bytes).ok_or(RecordsError::Damaged)
    }

    /// All contacts that have a key.
    pub async fn contacts(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT contact FROM data_keys").fetch_all(self.database.readers()).await?)
    }

    /// Forgets keys; what they sealed can't be read any more.
    pub async fn forget(&self, contacts: &[String]) -> Result<()> {
        let mut write = self.database.write().await?;
        for contact in contacts {
            sqlx::query("DELETE FROM data_keys WHERE contact = $1").bind(contact).execute(&mut *write).await?;
        }
        write.commit().await?;
        Ok(())
    }

    /// Rewrites the whole store without what was deleted: a deleted row's bytes may stay in a page that lives on. False as with
    /// [`Sqlite::merged`].
    pub async fn wipe(&self) -> Result<bool> {
        self.database.rewrite().await
    }

    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// None where there is no file.
fn read_master(path: &Path) -> io::Result<Option<Key>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    file.set_permissions(Permissions::from_mode(0o600))?;
    let mut text = Zeroizing::new(String::new());
    file.take(4096).read_to_string(&mut text)?;
    let bytes = HEXLOWER.decode(text.trim().as_bytes()).map(Zeroizing::new);
    match bytes.ok().and_then(|bytes| Key::from_bytes(&bytes)) {
        Some(key) => Ok(Some(key)),
        None => Err(io::Error::new(io::ErrorKind::InvalidData, "not a master key (64 hexadecimal digits)")),
    }
}

/// Two processes may start at once: the whole file appears in one step, and only one of them puts it there.
fn make_master(directory: &Path, path: &Path) -> io::Result<()> {
    let key = Key::random().map_err(io::Error::other)?;
    let temporary = directory.join(format!("master.key.{}", std::process::id()));
    let text = Zeroizing::new(format!("{}\n", HEXLOWER.encode(key.bytes())));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&temporary, path);
    fs::remove_file(&temporary)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // The name must be on disk before anything is sealed under the key.
    File::open(directory)?.sync_all()
}
