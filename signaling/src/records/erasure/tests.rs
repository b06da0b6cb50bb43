//! Erasure is judged by what was really there: the sealed rows and the wrapped keys as they stood in the files, and not by words
//! that never did. Whoever searches here has the whole folder, the master key included.

use super::super::sealing::{Key, Place};
use super::super::tests::{Folder, agreed, details, fact, opened};
use super::super::*;
use crate::live::Hub;
use crate::relay::{RelayControl, Scope};
use crate::retention::{Keeper, Swept};
use crate::tokens::{self, Tokens};
use crate::{config, time};
use sidelight_protocol::plan::{Allowed, Channel};
use sidelight_protocol::{RelayAccess, desk::ContactDetails};
use sidelight_room::Happened;
use sidelight_room::keeping::Installed;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::time::Duration;

/// So many bytes in a row are no coincidence.
const WINDOW: usize = 16;

const DAY: u32 = 24 * 3600;

struct NoRelay;

impl RelayControl for NoRelay {
    fn grant(&self, _room: &str, _peer: &str, _scope: Scope) -> RelayAccess {
        RelayAccess { urls: vec![], username: String::new(), credential: String::new() }
    }

    fn lasts(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn revoke(&self, _peer: &str) {}
}

fn hub(records: &Records) -> Hub {
    let tokens = Tokens::new(vec![tokens::Key { id: "key".into(), secret: vec![7; 32].into() }]).unwrap();
    Hub::new(records.clone(), Arc::new(NoRelay), Arc::new(tokens), None)
}

fn keeper(records: &Records) -> Keeper {
    let retention = config::Retention { installed: Installed::default(), sweep: Duration::from_secs(u64::from(DAY)) };
    Keeper::new(records.clone(), hub(records), &retention)
}

/// A contact in which a good deal happened, and which ended then.
async fn ended(records: &Records, at: u32) -> String {
    let id = records.new_contact("owner", &details("JT-4471"), 1).await.unwrap();
    records.invite(&id, &new_id().unwrap(), "p1", 2).await.unwrap();
    let mut facts = vec![fact(3, Some("p1"), Happened::Invited { invitee: None }), fact(4, Some("p1"), opened("s1"))];
    facts.extend((0..700).map(|number| fact(5 + number, Some("p1"), Happened::Knocked)));
    facts.push(fact(at, None, Happened::Ended));
    records.append(&id, &facts, false, None).await.unwrap();
    id
}

/// One that is still to come.
async fn planned(records: &Records) -> String {
    records.new_contact("owner", &ContactDetails { starts_at: time::now(), ..details("K-0932") }, 1).await.unwrap()
}

async fn open(folder: &Folder, name: &str) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.0.join(name)).connect().await.unwrap()
}

/// Everything sealed, and every key as it was wrapped, of some contacts.
struct Copies {
    /// Table, row, contact.
    sealed: Vec<(&'static str, String, String, Vec<u8>)>,
    wrapped: Vec<(String, Vec<u8>)>,
}

impl Copies {
    async fn of(folder: &Folder, contacts: &[String]) -> Copies {
        let mut rows = open(folder, "records.db").await;
        let mut sealed = Vec::new();
        let all: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT id, sealed FROM contacts").fetch_all(&mut rows).await.unwrap();
        sealed.extend(all.into_iter().map(|(id, bytes)| ("contacts", id.clone(), id, bytes)));
        let all: Vec<(String, i64, Vec<u8>)> =
            sqlx::query_as("SELECT contact, number, sealed FROM facts").fetch_all(&mut rows).await.unwrap();
        sealed.extend(all.into_iter().map(|(id, number, bytes)| ("facts", number.to_string(), id, bytes)));
        sealed.retain(|(_, _, contact, _)| contacts.contains(contact));
        let mut keys = open(folder, "keys.db").await;
        let mut wrapped: Vec<(String, Vec<u8>)> =
            sqlx::query_as("SELECT contact, wrapped FROM data_keys").fetch_all(&mut keys).await.unwrap();
        wrapped.retain(|(contact, _)| contacts.contains(contact));
        rows.close().await.unwrap();
        keys.close().await.unwrap();
        assert_eq!((sealed.len(), wrapped.len()), (contacts.len() * 704, contacts.len()));
        Copies { sealed, wrapped }
    }

    /// Searches every file of the folder.
    async fn search(&self, folder: &Folder, records: &Records) -> Found {
        let files: Vec<Vec<u8>> = folder.files().into_iter().map(|(_, content)| content).collect();
        let pieces: HashSet<&[u8]> = self.wrapped.iter().flat_map(|(_, wrapped)| wrapped.windows(WINDOW)).collect();
        let pieces = files.iter().flat_map(|file| file.windows(WINDOW)).filter(|window| pieces.contains(window)).count();
        // Whatever key can still be had: those in use, those found whole in the files, and the master key itself.
        let master = records.keys().master();
        let mut keys = vec![Key::from_bytes(master.bytes()).unwrap()];
        for contact in records.keys().contacts().await.unwrap() {
            keys.push(records.keys().key(&contact).await.unwrap());
        }
        let whole = found(&files, self.wrapped.iter().map(|(_, wrapped)| wrapped.as_slice()));
        for (contact, wrapped) in self.wrapped.iter().enumerate().filter(|(number, _)| whole.contains(number)).map(|(_, key)| key) {
            let bytes = master.open(&Place { table: "data_keys", row: contact, contact }, wrapped).unwrap();
            keys.push(Key::from_bytes(&bytes).unwrap());
        }
        let sealed = found(&files, self.sealed.iter().map(|(_, _, _, sealed)| sealed.as_slice()));
        let opened = sealed.iter().filter(|number| {
            let (table, row, contact, sealed) = &self.sealed[**number];
            keys.iter().any(|key| key.open(&Place { table, row, contact }, sealed).is_some())
        });
        Found { pieces, keys: whole.len(), opened: opened.count(), sealed: sealed.len() }
    }
}

/// What a search has brought to light.
#[derive(Debug)]
struct Found {
    /// Pieces of wrapped keys.
    pieces: usize,
    /// Whole wrapped keys.
    keys: usize,
    /// Sealed values, and those of them that open with any key that can still be had.
    sealed: usize,
    opened: usize,
}

/// Which of these stand in a file as they are.
fn found<'a>(files: &[Vec<u8>], values: impl Iterator<Item = &'a [u8]>) -> HashSet<usize> {
    let values: HashMap<&[u8], (usize, &[u8])> = values.enumerate().map(|(number, value)| (&value[..WINDOW], (number, value))).collect();
    let mut found = HashSet::new();
    for file in files {
        for (at, window) in file.windows(WINDOW).enumerate() {
            if let Some((number, value)) = values.get(window)
                && file[at..].starts_with(value)
            {
                found.insert(*number);
            }
        }
    }
    found
}

#[tokio::test]
async fn what_was_erased_is_read_by_nobody_who_has_all_the_files_and_the_master_key() {
    let folder = Folder::new();
    // Among the files that are searched, as a copy of the keys is.
    let keys = config::Keys { copy: Some(folder.0.join("keys.copy")), ..config::Keys::default() };
    let records = Records::open_with(&folder.0, &keys).await.unwrap();
    let kept = planned(&records).await;
    let erased = [ended(&records, 1000).await, ended(&records, 1001).await];
    let younger = ended(&records, 1002).await;
    records.renew_key_copy().await.unwrap();
    let copies = Copies::of(&folder, &erased).await;
    let in_copy = fs::read(folder.0.join("keys.copy")).unwrap();
    assert_eq!(found(&[in_copy], copies.wrapped.iter().map(|(_, wrapped)| wrapped.as_slice())).len(), 2, "the control: the copy has them");
    let before = copies.search(&folder, &records).await;
    assert_eq!((before.keys, before.sealed, before.opened), (2, 1408, 1408), "the control: all of it is found, and opens");
    let mut keeper = keeper(&records);
    let swept = keeper.sweep(1001 + DAY).await.unwrap();
    assert_eq!(swept, Swept { woken: 0, erased: 2, plans: 0, records: 0, transcripts: 0, audit: 0, left: 0 });
    for when in ["while open", "after closing"] {
        let after = copies.search(&folder, &records).await;
        println!("{when}: {after:?}");
        assert_eq!((after.pieces, after.opened), (0, 0), "{when}: {after:?}");
        if when == "while open" {
            assert!(records.contact(&kept).await.unwrap().is_some() && records.contact(&younger).await.unwrap().is_some());
            let mut rows = open(&folder, "records.db").await;
            for (table, column) in [("facts", "contact"), ("invitations", "contact"), ("contacts", "id")] {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} IN ($1, $2)");
                let left: i64 =
                    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(&erased[0]).bind(&erased[1]).fetch_one(&mut rows).await.unwrap();
                assert_eq!(left, 0, "{table}");
            }
            let free: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(&mut rows).await.unwrap();
            assert_eq!(free, 0, "free pages were kept");
            rows.close().await.unwrap();
            let logs: Vec<(String, usize)> = folder.files().into_iter().map(|(name, content)| (name, content.len())).collect();
            assert!(logs.iter().all(|(name, length)| !name.ends_with("-wal") || *length == 0), "a log was kept: {logs:?}");
        }
        records.inner.engine.close().await;
    }
}

/// The search would see what a purge leaves that lacks any one of its steps.
#[tokio::test]
async fn with_shredding_off_the_search_finds_the_keys_and_what_they_open() {
    for missing in ["deleting keys", "secure delete and rewriting", "rewriting and merging"] {
        let folder = Folder::new();
        let records = folder.records().await;
        planned(&records).await;
        let erased = [ended(&records, 1000).await];
        let copies = Copies::of(&folder, &erased).await;
        match missing {
            "deleting keys" => {
                records.delete_rows(&erased[0]).await.unwrap();
                assert!(records.keys().wipe().await.unwrap());
            }
            "secure delete and rewriting" => {
                let mut keys = open(&folder, "keys.db").await;
                for sql in ["PRAGMA secure_delete = OFF", "DELETE FROM data_keys WHERE contact = $1", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                    let query = sqlx::query(sql);
                    let query = if sql.contains("$1") { query.bind(&erased[0]) } else { query };
                    query.fetch_all(&mut keys).await.unwrap();
                }
                keys.close().await.unwrap();
                records.delete_rows(&erased[0]).await.unwrap();
            }
            _ => {
                records.shred(&erased[0]).await.unwrap();
                records.delete_rows(&erased[0]).await.unwrap();
            }
        }
        let found = copies.search(&folder, &records).await;
        assert!(found.pieces > 0 && found.keys == 1 && found.opened > 0, "without {missing}, it found only {found:?}");
        if missing != "deleting keys" {
            // As after a power cut at that moment: the next run has nothing to erase, and wipes what was left.
            assert_eq!(keeper(&records).sweep(1000).await.unwrap(), Swept::default());
            let wiped = copies.search(&folder, &records).await;
            assert_eq!((wiped.pieces, wiped.opened), (0, 0), "without {missing}");
        }
    }
}

#[tokio::test]
async fn what_a_power_cut_leaves_half_erased_troubles_nobody_and_is_erased_by_the_next_sweep() {
    let folder = Folder::new();
    let records = folder.records().await;
    let kept = planned(&records).await;
    let (key_gone, half_gone) = (ended(&records, 1000).await, ended(&records, 1000).await);
    records.shred(&key_gone).await.unwrap();
    records.shred(&half_gone).await.unwrap();
    let mut rows = open(&folder, "records.db").await;
    sqlx::query("DELETE FROM facts WHERE contact = $1 AND number > 100").bind(&half_gone).execute(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    records.close().await;
    let records = folder.records().await;
    assert_eq!(records.forget_orphaned_keys().await.unwrap(), 0);
    // `details` starts everything at 1000.
    let listed = records.contacts_between("owner", 0, u32::MAX).await.unwrap();
    assert!(listed.len() == 1 && listed[0].id == kept);
    let hub = hub(&records);
    hub.wake(&key_gone).await;
    assert!(records.contact(&key_gone).await.unwrap().is_none());
    let mut keeper = keeper(&records);
    assert_eq!(
        keeper.sweep(1000 + DAY).await.unwrap(),
        Swept { woken: 0, erased: 2, plans: 0, records: 0, transcripts: 0, audit: 0, left: 0 }
    );
    assert_eq!(keeper.sweep(1000 + DAY).await.unwrap(), Swept::default());
    let mut rows = open(&folder, "records.db").await;
    let left: Vec<String> =
        sqlx::query_scalar("SELECT id FROM contacts UNION SELECT contact FROM facts").fetch_all(&mut rows).await.unwrap();
    assert_eq!(left, [kept]);
    rows.close().await.unwrap();
}

#[tokio::test]
async fn who_reads_an_old_state_is_in_the_way_of_wiping_which_says_so_and_works_afterwards() {
    let folder = Folder::new();
    let records = folder.records().await;
    let erased = [ended(&records, 1000).await];
    let copies = Copies::of(&folder, &erased).await;
    let mut reader = open(&folder, "keys.db").await;
    let mut reading = reader.begin().await.unwrap();
    let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM data_keys").fetch_one(&mut *reading).await.unwrap();
    assert_eq!(there, 1);
    records.shred(&erased[0]).await.unwrap();
    assert!(!records.wipe().await.unwrap());
    assert!(copies.search(&folder, &records).await.keys > 0, "the control: it is still there");
    // Meanwhile others write.
    planned(&records).await;
    reading.rollback().await.unwrap();
    assert!(records.wipe().await.unwrap());
    assert_eq!(copies.search(&folder, &records).await.pieces, 0);
    reader.close().await.unwrap();
}

#[tokio::test]
async fn what_waits_for_handled_is_kept_for_thirty_days_and_what_hasnt_ended_always() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (open, waits, handled) = (planned(&records).await, ended(&records, 1000).await, ended(&records, 1000).await);
    for contact in [&waits, &handled] {
        records.append(contact, &[fact(1001, Some("p1"), Happened::Lost)], true, None).await.unwrap();
    }
    let mut keeper = keeper(&records);
    let mut erased = async |now: u32| keeper.sweep(now).await.unwrap().erased;
    assert_eq!(erased(1000 + DAY).await, 0, "something in them waits");
    assert_eq!(erased(1000 + 30 * DAY - 1).await, 0);
    records.append(&handled, &[fact(1002, Some("p1"), Happened::Back)], false, None).await.unwrap();
    assert_eq!(erased(1000 + DAY - 1).await, 0, "handled, but its day isn't over");
    assert_eq!(erased(1000 + DAY).await, 1);
    assert!(records.contact(&handled).await.unwrap().is_none() && records.contact(&waits).await.unwrap().is_some());
    assert_eq!(erased(1000 + 30 * DAY).await, 1);
    assert!(records.contact(&waits).await.unwrap().is_none());
    // Nothing has ended it: the far end of time doesn't erase it.
    assert!(records.ended_by(u32::MAX, Some(u32::MAX), 0, None).await.unwrap().is_empty());
    assert!(records.contact(&open).await.unwrap().is_some());
}

#[tokio::test]
async fn a_sweep_drafts_what_a_kill_left_and_a_record_outlives_its_contact_and_then_goes_itself() {
    let folder = Folder::new();
    let records = folder.records().await;
    // Nobody was there to draft it: as after a kill in the moment in which it ended.
    let [left, copied] = [ended(&records, 1000).await, ended(&records, 1000).await];
    let mut keeper = keeper(&records);
    let swept = |erased, records| Swept { erased, records, ..Swept::default() };
    assert_eq!(keeper.sweep(1001).await.unwrap(), swept(0, 0));
    let listed = |records: Records| async move {
        let mut listed: Vec<String> = records.records_to_write_up("owner").await.unwrap().into_iter().map(|one| one.contact).collect();
        listed.sort();
        listed
    };
    let mut both = vec![left.clone(), copied.clone()];
    both.sort();
    assert_eq!(listed(records.clone()).await, both);
    // What happens meanwhile is drafted before the contact goes.
    records.append(&left, &[fact(1500, Some("p1"), Happened::Wrote { ours: 3, theirs: 4 })], false, None).await.unwrap();
    records.record_copied(&copied, Some(2000)).await.unwrap();
    assert_eq!(keeper.sweep(1000 + DAY).await.unwrap(), swept(2, 0));
    assert!(records.contact(&left).await.unwrap().is_none());
    let (draft, _) = records.record_of(&left).await.unwrap().unwrap().draft.unwrap();
    assert_eq!((draft.reference.as_str(), draft.messages_ours, draft.messages_theirs), ("JT-4471", 3, 4));
    // Keys and ciphertexts of the one that was copied, as they stand in the files.
    let id = records.record_of(&copied).await.unwrap().unwrap().id;
    let wrapped = records.keys().wrapped(&id).await;
    let mut rows = open(&folder, "records.db").await;
    let sealed: Vec<u8> =
        sqlx::query_scalar("SELECT draft FROM contact_records WHERE id = $1").bind(&id).fetch_one(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    let there = |folder: &Folder| {
        let files: Vec<Vec<u8>> = folder.files().into_iter().map(|(_, content)| content).collect();
        found(&files, [wrapped.as_slice(), sealed.as_slice()].into_iter()).len()
    };
    assert_eq!(there(&folder), 2, "the control: they are found");
    assert_eq!(keeper.sweep(2000 + 7 * DAY - 1).await.unwrap(), swept(0, 0));
    assert_eq!(keeper.sweep(2000 + 7 * DAY).await.unwrap(), swept(0, 1));
    assert_eq!(there(&folder), 0, "something of it is left");
    assert_eq!(keeper.sweep(1000 + 30 * DAY).await.unwrap(), swept(0, 1));
    assert!(records.record_of(&left).await.unwrap().is_none());
    assert_eq!(records.keys().contacts().await.unwrap(), [""; 0], "no key is left");
}

#[tokio::test]
async fn what_was_agreed_with_a_person_and_why_it_was_passed_over_is_read_by_nobody_after_its_period() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("owner", &agreed(), 1000).await.unwrap();
    let kept = records.new_person("owner", &agreed(), 2000).await.unwrap();
    let allowed = Allowed { channel: Channel::Text, until: 9000, reason: "They asked for it themselves".into() };
    records.allow(&person, "ada", Some(&allowed), 1500).await.unwrap();
    let mut rows = open(&folder, "records.db").await;
    let of = "SELECT sealed, allowed FROM people WHERE id = $1";
    let (plan, passed): (Vec<u8>, Vec<u8>) = sqlx::query_as(of).bind(&person).fetch_one(&mut rows).await.unwrap();
    let (entry, reason): (i64, Vec<u8>) = sqlx::query_as("SELECT id, sealed FROM audit").fetch_one(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    let mut keys = open(&folder, "keys.db").await;
    let wrapped: Vec<u8> =
        sqlx::query_scalar("SELECT wrapped FROM data_keys WHERE contact = $1").bind(&person).fetch_one(&mut keys).await.unwrap();
    keys.close().await.unwrap();
    let sealed = |table, row: &str, bytes| (table, row.to_owned(), person.clone(), bytes);
    let copies = Copies {
        sealed: vec![
            sealed("people", &person, plan),
            sealed("people.allowed", &person, passed),
            sealed("audit", &entry.to_string(), reason),
        ],
        wrapped: vec![(person.clone(), wrapped)],
    };
    let before = copies.search(&folder, &records).await;
    assert_eq!((before.keys, before.opened), (1, 3), "the control: all of it is found, and opens");
    assert_eq!(keeper(&records).sweep(1000 + 90 * DAY).await.unwrap().plans, 1);
    let after = copies.search(&folder, &records).await;
    // The audit keeps its entry, whose reason nobody can read any more.
    assert_eq!((after.pieces, after.opened, after.sealed), (0, 0, 1), "{after:?}");
    assert!(records.person(&kept).await.unwrap().is_some());
    let entries = records.audit_entries(None).await.unwrap();
    assert!(entries.len() == 1 && entries[0].reason.is_none() && entries[0].person.as_deref() != Some(&*person));
}

/// Contacts that are over, with keys and facts that nobody opens.
async fn plant(folder: &Folder, contacts: u32) {
    let mut rows = open(folder, "records.db").await;
    for sql in [
        "INSERT INTO contacts (id, owner, starts_at, ends_at, sealed, made, ended) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 \
         FROM n WHERE i < $1) SELECT lower(hex(randomblob(16))), 'owner', 1, 2, randomblob(400), 1, 1000 - i % 500 FROM n",
        "INSERT INTO facts (contact, number, sealed) SELECT id, 1, randomblob(90) FROM contacts WHERE $1 > 0",
    ] {
        sqlx::query(sql).bind(contacts).execute(&mut rows).await.unwrap();
    }
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM contacts").fetch_all(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    let mut keys = open(folder, "keys.db").await;
    let mut write = keys.begin().await.unwrap();
    for id in ids {
        sqlx::query("INSERT INTO data_keys (contact, wrapped) VALUES ($1, randomblob(60))").bind(id).execute(&mut *write).await.unwrap();
    }
    write.commit().await.unwrap();
    keys.close().await.unwrap();
}

/// `tests/bench/run sweep` does the same with a million rows, and says how long others wait.
#[tokio::test]
async fn a_long_sweep_goes_on_until_all_is_erased_lets_others_write_in_between_and_has_counted_each() {
    const CONTACTS: u32 = 3_000;
    let folder = Folder::new();
    let records = folder.records().await;
    plant(&folder, CONTACTS).await;
    let others = {
        let records = records.clone();
        tokio::spawn(async move {
            let mut made = 0;
            while !records.keys().contacts().await.unwrap().is_empty() && records.receipts().await.unwrap().is_empty() {
                planned(&records).await;
                made += 1;
            }
            made
        })
    };
    let mut keeper = keeper(&records);
    let due = crate::retention::Chosen::read(&records).await.unwrap().due(&Installed::default(), 1000 + DAY);
    assert_eq!(due.count_contacts(&records).await.unwrap(), CONTACTS);
    assert_eq!(keeper.sweep(1000 + DAY).await.unwrap().erased, CONTACTS as usize);
    let made = others.await.unwrap();
    println!("{made} contacts were planned meanwhile");
    assert!(made > 5, "nobody else could write");
    assert_eq!(records.keys().contacts().await.unwrap().len(), made, "keys are left");
    assert!(records.ended_by(u32::MAX, None, 0, None).await.unwrap().is_empty());
    let receipts = records.receipts().await.unwrap();
    assert!(receipts.len() == 1 && receipts[0].count == CONTACTS && receipts[0].period == Some(24), "{receipts:?}");
}
