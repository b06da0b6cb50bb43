//! What a thief of a backup has, and what comes back out of one.

use super::super::tests::{Folder, agreed, details, fact};
use super::super::{FirstLink, NewMember};
use super::*;
use sidelight_protocol::http::Role;
use sidelight_room::Happened;
use std::os::unix::fs::PermissionsExt;

/// A data folder, one for backups, and one for the copy of the keys.
pub(super) struct Place {
    pub data: Folder,
    pub backups: Folder,
    pub safe: Folder,
}

/// Tells nobody how far it has come.
pub(super) fn quietly(_done: u64, _of: u64) {}

impl Place {
    pub fn new() -> Place {
        let place = Place { data: Folder::new(), backups: Folder::new(), safe: Folder::new() };
        fs::create_dir(&place.safe.0).unwrap();
        place
    }

    pub fn copy(&self) -> PathBuf {
        self.safe.0.join("keys.db")
    }

    pub fn keys(&self) -> config::Keys {
        config::Keys { copy: Some(self.copy()), ..config::Keys::default() }
    }

    pub async fn records(&self) -> Records {
        Records::open_with(&self.data.0, &self.keys()).await.unwrap()
    }

    /// A new machine with the master key from the safe, and what is restored to it.
    pub async fn restored(&self, from: Keys<'_>) -> (Folder, Result<Restored>) {
        let machine = Folder::new();
        fs::create_dir(&machine.0).unwrap();
        fs::copy(self.data.0.join("master.key"), machine.0.join("master.key")).unwrap();
        let restored = Records::restore(&machine.0, &self.keys(), &self.backups.0, from, quietly).await;
        (machine, restored)
    }
}

async fn erase(records: &Records, contact: &str) {
    records.shred(contact).await.unwrap();
    records.delete_rows(contact).await.unwrap();
    assert!(records.wipe().await.unwrap());
    records.renew_key_copy().await.unwrap();
}

pub(super) async fn contact(records: &Records, reference: &str) -> String {
    let id = records.new_contact("owner", &details(reference), 1).await.unwrap();
    records.append(&id, &[fact(3, Some("p1"), Happened::Knocked)], false, None).await.unwrap();
    id
}

pub(super) fn found(content: &[u8], value: &[u8]) -> bool {
    content.windows(value.len()).any(|window| window == value)
}

#[tokio::test]
async fn a_backup_from_before_a_purge_cant_be_read_with_the_keys_of_today_and_could_with_those_of_then() {
    let place = Place::new();
    let records = place.records().await;
    let (kept, purged) = (contact(&records, "kept").await, contact(&records, "purged").await);
    let person = records.new_person("owner", &agreed(), 1).await.unwrap();
    records.back_up(&place.backups.0, quietly).await.unwrap();
    records.renew_key_copy().await.unwrap();
    let then = place.safe.0.join("stolen");
    fs::copy(place.copy(), &then).unwrap();
    erase(&records, &purged).await;
    assert!(records.erase_person(&person, 1).await.unwrap());
    let later = contact(&records, "later").await;
    records.renew_key_copy().await.unwrap();

    let (machine, restored) = place.restored(Keys::Newest).await;
    assert_eq!(restored.unwrap(), Restored { unreadable: 2, audited: 0 });
    let again = machine.records().await;
    assert!(again.contact(&kept).await.unwrap().is_some() && again.facts(&kept).await.unwrap().len() == 1);
    for gone in [&purged, &later] {
        assert!(again.contact(gone).await.unwrap().is_none() && again.facts(gone).await.unwrap().is_empty());
    }
    assert!(again.person(&person).await.unwrap().is_none());
    let (machine, restored) = place.restored(Keys::Copy(&then)).await;
    assert_eq!(restored.unwrap().unreadable, 0);
    let again = machine.records().await;
    assert!(again.contact(&purged).await.unwrap().is_some(), "the control: with the keys of then it is read");
    assert!(again.person(&person).await.unwrap().is_some(), "and so is the plan");
}

#[tokio::test]
async fn a_backup_holds_no_key_and_the_copy_of_the_keys_holds_none_that_was_destroyed() {
    let place = Place::new();
    let records = place.records().await;
    let purged = contact(&records, "purged").await;
    records.renew_key_copy().await.unwrap();
    let wrapped = {
        let mut keys = SqliteConnectOptions::new().filename(place.data.0.join("keys.db")).connect().await.unwrap();
        let wrapped: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT wrapped FROM data_keys UNION SELECT wrapped FROM service_keys").fetch_all(&mut keys).await.unwrap();
        keys.close().await.unwrap();
        wrapped
    };
    records.back_up(&place.backups.0, quietly).await.unwrap();
    let in_files = |folder: &Folder| {
        let files = folder.files();
        wrapped.iter().filter(|wrapped| files.iter().any(|(_, content)| found(content, &wrapped[..16]))).count()
    };
    assert_eq!((wrapped.len(), in_files(&place.safe), in_files(&place.backups)), (3, 3, 0), "the control: the copy of the keys has them");
    erase(&records, &purged).await;
    assert_eq!((in_files(&place.safe), in_files(&place.data)), (2, 2), "those of the service itself are left");
    for (folder, names) in [(&place.safe, ["keys.db"]), (&place.backups, [BACKUP])] {
        let files: Vec<String> = folder.files().into_iter().map(|(name, _)| name).collect();
        assert_eq!(files, names, "nothing else lies about");
        let mode = fs::metadata(folder.0.join(names[0])).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", names[0]);
    }
}

#[tokio::test]
async fn a_backup_never_takes_the_place_of_another_and_a_copy_of_the_keys_always_does() {
    let place = Place::new();
    let records = place.records().await;
    records.back_up(&place.backups.0, quietly).await.unwrap();
    assert!(matches!(records.back_up(&place.backups.0, quietly).await, Err(RecordsError::Taken)));
    // What a power cut left unfinished is in nobody's way.
    fs::write(place.safe.0.join("keys.db.new"), "half").unwrap();
    let mut before = vec![];
    for _ in 0..2 {
        contact(&records, "x").await;
        records.renew_key_copy().await.unwrap();
        let now = fs::read(place.copy()).unwrap();
        assert!(now != before);
        before = now;
    }
    fs::remove_file(place.copy()).unwrap();
    records.renew_key_copy().await.unwrap();
    assert!(!place.copy().exists(), "nothing has changed since the last one");
    records.shred("nobody").await.unwrap();
    // A place that can't be written is told of and tried again.
    fs::remove_dir_all(&place.safe.0).unwrap();
    assert!(records.renew_key_copy().await.is_err());
    fs::create_dir(&place.safe.0).unwrap();
    records.renew_key_copy().await.unwrap();
    assert!(place.copy().exists());
}

#[tokio::test]
async fn copies_are_made_while_others_write_and_each_is_whole() {
    let place = Place::new();
    let records = place.records().await;
    let writing = {
        let records = records.clone();
        tokio::spawn(async move {
            for _ in 0..60 {
                contact(&records, "x").await;
            }
        })
    };
    let mut number = 0;
    while !writing.is_finished() {
        number += 1;
        let folder = place.backups.0.join(number.to_string());
        records.back_up(&folder, quietly).await.unwrap();
        records.copy_keys(&place.copy()).await.unwrap();
        let opened = place.safe.0.join(format!("opened-{number}"));
        Records::open_backup(&place.data.0, &place.keys(), &folder, &opened, quietly).await.unwrap();
        sound(&place.copy()).await.unwrap();
    }
    writing.await.unwrap();
    assert!(number > 0);
}

#[tokio::test]
async fn without_its_keys_a_backup_gives_the_accounts_and_no_contact_and_only_when_that_is_asked_for() {
    let place = Place::new();
    let records = place.records().await;
    contact(&records, "x").await;
    let first = FirstLink { roles: vec![Role::Administrator], first: true, ..FirstLink::default() };
    records.new_first_link(b"link", &first, 100).await.unwrap();
    let member = NewMember { name: "Sam", email: "sam@example.org", password: "phc", roles: &first.roles, team: None };
    records.use_first_link(b"link", &member, 1).await.unwrap();
    let session = records.signing_keys(1).await.unwrap()[0].secret;
    records.back_up(&place.backups.0, quietly).await.unwrap();

    let (_machine, restored) = place.restored(Keys::Newest).await;
    assert!(restored.unwrap_err().to_string().contains("keys.db"), "no copy of the keys was ever made");
    let (machine, restored) = place.restored(Keys::None).await;
    assert_eq!(restored.unwrap().unreadable, 1);
    let again = machine.records().await;
    assert!(again.account("sam@example.org").await.unwrap().is_some());
    assert!(again.contacts_between("owner", 0, u32::MAX).await.unwrap().is_empty());
    assert!(again.signing_keys(2).await.unwrap()[0].secret != session, "sessions of then are worth nothing");
}

#[tokio::test]
async fn nothing_is_restored_over_what_is_there_nor_from_what_is_damaged_or_cant_be_opened() {
    let place = Place::new();
    let records = place.records().await;
    contact(&records, "x").await;
    records.back_up(&place.backups.0, quietly).await.unwrap();
    records.renew_key_copy().await.unwrap();
    let over = async |data: &Folder| {
        let restored = Records::restore(&data.0, &place.keys(), &place.backups.0, Keys::Newest, quietly).await;
        restored.unwrap_err().to_string()
    };
    assert!(over(&place.data).await.contains("records.db is there already"));
    let (machine, _) = place.restored(Keys::Newest).await;
    for left in ["records.db-wal", "keys.db-wal"] {
        let stray = Folder::new();
        fs::create_dir(&stray.0).unwrap();
        fs::copy(machine.0.join("master.key"), stray.0.join("master.key")).unwrap();
        fs::write(stray.0.join(left), "log").unwrap();
        assert!(over(&stray).await.contains(&format!("{left} is there already")));
    }
    let empty = Folder::new();
    assert!(over(&empty).await.contains("master key"), "the master key isn't there");
    assert!(!empty.0.join("master.key").exists(), "and none was made");
    assert!(!empty.0.join("keys.db").exists(), "nor was a copy of the keys left there");
    // What can be opened and isn't a database: every page but the first is gone.
    let (opened, refused) = (place.safe.0.join("opened"), place.backups.0.join("refused"));
    Records::open_backup(&place.data.0, &place.keys(), &place.backups.0, &opened, quietly).await.unwrap();
    let bytes = fs::read(&opened).unwrap();
    fs::write(&opened, [&bytes[..4096], &vec![7; bytes.len() - 4096][..]].concat()).unwrap();
    fs::create_dir(&refused).unwrap();
    sealed::seal(&opened, &refused.join(BACKUP), records.keys(), quietly).await.unwrap();
    let machine = Folder::new();
    fs::create_dir(&machine.0).unwrap();
    fs::copy(place.data.0.join("master.key"), machine.0.join("master.key")).unwrap();
    let restored = Records::restore(&machine.0, &place.keys(), &refused, Keys::Newest, quietly).await;
    let left: Vec<String> = machine.files().into_iter().map(|(name, _)| name).filter(|name| name.ends_with(".db")).collect();
    assert!(restored.is_err() && left.is_empty(), "{left:?}");
}
