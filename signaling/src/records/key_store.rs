//! The store of wrapped data keys (`keys.db`): small, and out of backups, so that a purged key is purged everywhere. Only the
//! newest copy of it is kept, elsewhere (`copies.rs`).

use super::erasure::values;
use super::master_key::Holder;
use super::sealing::{Key, Place};
use super::sqlite::Sqlite;
use super::upgrade::Upgrading;
use super::{RecordsError, Result};
use crate::config;
use aws_lc_rs::signature::Ed25519KeyPair;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

pub(super) struct KeyStore {
    master: Key,
    holder: Holder,
    service: Key,
    audit: Ed25519KeyPair,
    database: Sqlite,
    /// Where the copy goes, if anywhere.
    pub copy: Option<PathBuf>,
    /// The copy holds the keys that there are, as far as this process knows.
    pub copied: AtomicBool,
}

/// Keys forgotten in one transaction. More: whoever plans a contact waits for longer. Fewer: it takes more transactions.
const AT_ONCE: usize = 500;

const CHECK: Place<'static> = Place { table: "master_check", row: "1", contact: "" };
const CHECKED: &[u8] = b"sidelight master key";

fn place(contact: &str) -> Place<'_> {
    Place { table: "data_keys", row: contact, contact }
}

fn place_of_service_key(name: &str) -> Place<'_> {
    Place { table: "service_keys", row: name, contact: "" }
}

impl KeyStore {
    /// An earlier version's is brought up to date, without a copy of it: in one, keys would outlive what they were for.
    pub async fn open(directory: &Path, keys: &config::Keys, by: Upgrading) -> Result<KeyStore> {
        let holder = Holder::of(&keys.master, directory)?;
        let database = Sqlite::open(&directory.join("keys.db")).await?;
        let migrations = sqlx::migrate!("./migrations/keys");
        database.schema(&migrations).await?.allowed("keys.db", by)?;
        database.migrate(&migrations).await?;
        let master = master(&database, &holder).await?;
        let service = service_key(&database, &master, "service").await?;
        let seed = service_key(&database, &master, "audit").await?;
        let audit = Ed25519KeyPair::from_seed_unchecked(seed.bytes()).map_err(|_| RecordsError::Damaged)?;
        Ok(KeyStore { master, holder, service, audit, database, copy: keys.copy.clone(), copied: AtomicBool::new(false) })
    }

    /// For secrets of the service itself, which belong to no contact. It stays the same when the master key is replaced.
    pub fn service(&self) -> &Key {
        &self.service
    }

    /// What sealed such secrets before there was [`service`](KeyStore::service).
    pub fn master(&self) -> &Key {
        &self.master
    }

    /// Signs heads and checkpoints of the audit.
    pub fn audit(&self) -> &Ed25519KeyPair {
        &self.audit
    }

    /// Makes a contact's key; it is on disk when this returns, before anything is sealed under it.
    pub async fn make(&self, contact: &str) -> Result<Key> {
        let key = Key::random()?;
        let wrapped = self.master.seal(&place(contact), key.bytes())?;
        let mut write = self.database.write().await?;
        // What is sealed under a key that nobody can unwrap is lost: the master key may have been replaced meanwhile.
        let check: Vec<u8> = sqlx::query_scalar("SELECT sealed FROM master_check WHERE id = 1").fetch_one(&mut *write).await?;
        self.master.open(&CHECK, &check).ok_or_else(|| RecordsError::WrongMasterKey(self.holder.named()))?;
        let insert = "INSERT INTO data_keys (contact, wrapped) VALUES ($1, $2)";
        sqlx::query(insert).bind(contact).bind(wrapped).execute(&mut *write).await?;
        write.commit().await?;
        self.copied.store(false, Ordering::SeqCst);
        Ok(key)
    }

    /// The contact's key. `Missing` where it was purged or never was.
    pub async fn key(&self, contact: &str) -> Result<Key> {
        let select = "SELECT wrapped FROM data_keys WHERE contact = $1";
        let wrapped = sqlx::query_scalar::<_, Vec<u8>>(select).bind(contact).fetch_one(self.database.readers()).await?;
        self.unwrap(contact, &wrapped)
    }

    fn unwrap(&self, contact: &str, wrapped: &[u8]) -> Result<Key> {
        let bytes = self.master.open(&place(contact), wrapped).ok_or(RecordsError::Damaged)?;
        Key::from_bytes(&bytes).ok_or(RecordsError::Damaged)
    }

    /// A key as it stands in the store.
    #[cfg(test)]
    pub async fn wrapped(&self, contact: &str) -> Vec<u8> {
        let select = "SELECT wrapped FROM data_keys WHERE contact = $1";
        sqlx::query_scalar(select).bind(contact).fetch_one(self.database.readers()).await.unwrap()
    }

    /// All contacts that have a key.
    pub async fn contacts(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT contact FROM data_keys").fetch_all(self.database.readers()).await?)
    }

    /// Whose names in the audit these are: of all that have a key, the id by the name.
    pub async fn named_in_audit(&self) -> Result<HashMap<String, String>> {
        let select = "SELECT contact, wrapped FROM data_keys";
        let all: Vec<(String, Vec<u8>)> = sqlx::query_as(select).fetch_all(self.database.readers()).await?;
        all.into_iter().map(|(contact, wrapped)| Ok((self.unwrap(&contact, &wrapped)?.name_in_audit(&contact), contact))).collect()
    }

    /// Forgets keys; what they sealed can't be read any more. Returns how long it held others up.
    pub async fn forget(&self, contacts: &[String]) -> Result<Duration> {
        self.copied.store(false, Ordering::SeqCst);
        let mut longest = Duration::ZERO;
        for some in contacts.chunks(AT_ONCE) {
            let mut write = self.database.write().await?;
            let begun = Instant::now();
            let delete = format!("DELETE FROM data_keys WHERE contact IN ({})", values(1, some.len()));
            let mut query = sqlx::query(sqlx::AssertSqlSafe(delete));
            for contact in some {
                query = query.bind(contact);
            }
            query.execute(&mut *write).await?;
            write.commit().await?;
            longest = longest.max(begun.elapsed());
        }
        Ok(longest)
    }

    /// Forgets keys in one transaction: all or none.
    pub async fn forget_together(&self, keys: &[String]) -> Result<()> {
        self.copied.store(false, Ordering::SeqCst);
        let mut write = self.database.write().await?;
        for some in keys.chunks(AT_ONCE) {
            let delete = format!("DELETE FROM data_keys WHERE contact IN ({})", values(1, some.len()));
            let mut query = sqlx::query(sqlx::AssertSqlSafe(delete));
            for key in some {
                query = query.bind(key);
            }
            query.execute(&mut *write).await?;
        }
        write.commit().await?;
        Ok(())
    }

    /// See [`Sqlite::settle`].
    pub async fn settle(&self) -> Result<()> {
        self.database.settle().await
    }

    /// The file that holds the master key.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Wraps every key anew, by another master key, in one transaction; how many. This store can open nothing any more afterwards:
    /// it is to be closed.
    pub async fn rewrap(&self, next: &Key) -> Result<usize> {
        self.copied.store(false, Ordering::SeqCst);
        let mut write = self.database.write().await?;
        let again = |place: &Place<'_>, wrapped: &[u8]| {
            let clear: Zeroizing<Vec<u8>> = self.master.open(place, wrapped).ok_or(RecordsError::Damaged)?;
            next.seal(place, &clear)
        };
        let data: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT contact, wrapped FROM data_keys").fetch_all(&mut *write).await?;
        let own: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT name, wrapped FROM service_keys").fetch_all(&mut *write).await?;
        for (contact, wrapped) in &data {
            let update = "UPDATE data_keys SET wrapped = $2 WHERE contact = $1";
            sqlx::query(update).bind(contact).bind(again(&place(contact), wrapped)?).execute(&mut *write).await?;
        }
        for (name, wrapped) in &own {
            let update = "UPDATE service_keys SET wrapped = $2 WHERE name = $1";
            sqlx::query(update).bind(name).bind(again(&place_of_service_key(name), wrapped)?).execute(&mut *write).await?;
        }
        let update = "UPDATE master_check SET sealed = $1 WHERE id = 1";
        sqlx::query(update).bind(next.seal(&CHECK, CHECKED)?).execute(&mut *write).await?;
        write.commit().await?;
        Ok(data.len() + own.len())
    }

    /// Rewrites the whole store without what was deleted: a deleted row's bytes may stay in a page that lives on. False as with
    /// [`Sqlite::merged`].
    pub async fn wipe(&self) -> Result<bool> {
        // What a million keys have left is given back first: what is then written anew is small, and soon done.
        self.database.shrink().await?;
        self.database.rewrite().await
    }

    /// See [`Sqlite::copy_into`].
    pub async fn copy_into(&self, file: &Path) -> Result<()> {
        self.database.copy_into(file).await
    }

    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// The key that this store was wrapped with.
async fn master(database: &Sqlite, holder: &Holder) -> Result<Key> {
    let check = sqlx::query_scalar::<_, Vec<u8>>("SELECT sealed FROM master_check WHERE id = 1");
    let check = check.fetch_optional(database.readers()).await?;
    let master = match holder.read()? {
        Some(master) => master,
        // A new one would read nothing of what is there.
        None if check.is_some() => return Err(RecordsError::NoMasterKey(holder.named())),
        None => holder.make()?,
    };
    let Some(check) = check else {
        let sealed = master.seal(&CHECK, CHECKED)?;
        let mut write = database.write().await?;
        let insert = "INSERT INTO master_check (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING";
        sqlx::query(insert).bind(sealed).execute(&mut *write).await?;
        write.commit().await?;
        return Ok(master);
    };
    if master.open(&CHECK, &check).is_some() {
        return Ok(master);
    }
    // A rotation that was stopped when everything was wrapped anew, and before the new key was put in the old one's place.
    let next = holder.read_next()?.filter(|next| next.open(&CHECK, &check).is_some());
    let next = next.ok_or_else(|| RecordsError::WrongMasterKey(holder.named()))?;
    holder.put_next_in_place()?;
    Ok(next)
}

/// A key of the service itself; made the first time.
async fn service_key(database: &Sqlite, master: &Key, name: &str) -> Result<Key> {
    let select = "SELECT wrapped FROM service_keys WHERE name = $1";
    let mut wrapped: Option<Vec<u8>> = sqlx::query_scalar(select).bind(name).fetch_optional(database.readers()).await?;
    if wrapped.is_none() {
        let made = master.seal(&place_of_service_key(name), Key::random()?.bytes())?;
        let mut write = database.write().await?;
        let insert = "INSERT INTO service_keys (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sqlx::query(insert).bind(name).bind(made).execute(&mut *write).await?;
        // Another process may have been first.
        wrapped = sqlx::query_scalar(select).bind(name).fetch_optional(&mut *write).await?;
        write.commit().await?;
    }
    let bytes = wrapped.and_then(|wrapped| master.open(&place_of_service_key(name), &wrapped)).ok_or(RecordsError::Damaged)?;
    Key::from_bytes(&bytes).ok_or(RecordsError::Damaged)
}
