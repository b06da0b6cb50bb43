//! A sealed backup in the hands of whoever has it, and of whoever changes it.

use super::super::super::tests::Folder;
use super::super::super::{Change, FirstLink, NewMember, Records};
use super::super::tests::{Place, contact, found, quietly};
use super::super::{BACKUP, Keys, RECORDS, Unsealed, pieces};
use super::*;
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// What stands in the clear in the records: of an account, of a setting, of the audit.
const CLEAR: [&[u8]; 4] = [b"Persephone Quill", b"persephone@example.org", b"The lamp is lit", b"master_key_replaced"];

/// With all of `CLEAR`, and some pieces long.
async fn filled(place: &Place) -> Records {
    let records = place.records().await;
    let first = FirstLink { roles: vec![Role::Administrator], first: true, ..FirstLink::default() };
    records.new_first_link(b"link", &first, 100).await.unwrap();
    let member = NewMember { name: "Persephone Quill", email: "persephone@example.org", password: "phc", roles: &first.roles, team: None };
    records.use_first_link(b"link", &member, 1).await.unwrap();
    let words = serde_json::json!({ "words": "The lamp is lit" });
    let change = Change { at: 1, who: "somebody", reason: Some("none"), what: Audited::SettingChanged };
    records.set_setting("test", &words, change).await.unwrap();
    records.audit(1, None, Audited::MasterKeyReplaced).await.unwrap();
    contact(&records, "kept").await;
    records.renew_key_copy().await.unwrap();
    records
}

/// Which of these words stand in one of the folder's files.
fn told_by(folder: &Path) -> Vec<&'static [u8]> {
    let files: Vec<Vec<u8>> = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    CLEAR.into_iter().filter(|words| files.iter().any(|file| found(file, words))).collect()
}

#[tokio::test]
async fn no_name_no_setting_and_no_audit_stands_in_any_file_that_ever_lies_where_backups_go() {
    let place = Place::new();
    let records = filled(&place).await;
    let seen = Arc::new(Mutex::new(vec![]));
    let (watched, backups, data) = (seen.clone(), place.backups.0.clone(), place.data.0.clone());
    let while_sealing = move |done, of| {
        let files: Vec<String> = fs::read_dir(&backups).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        let clear = fs::read(data.join("unsealed.db")).unwrap();
        let control = CLEAR.iter().filter(|words| found(&clear, words)).count();
        watched.lock().unwrap().push((done, of, files, told_by(&backups), control));
    };
    records.back_up(&place.backups.0, while_sealing).await.unwrap();
    let seen = seen.lock().unwrap();
    let (done, of, ..) = seen.last().unwrap();
    assert!(seen.len() > 2 && done == of && seen.windows(2).all(|pair| pair[0].0 <= pair[1].0), "it tells how far it has come");
    for (_, _, files, told, control) in seen.iter() {
        assert_eq!((files.as_slice(), told.len(), *control), (["records.backup.new".to_owned()].as_slice(), 0, CLEAR.len()));
    }
    assert!(told_by(&place.backups.0).is_empty());
    records.close().await;
    assert_eq!(told_by(&place.data.0), CLEAR, "the control: in the records they stand");
    assert!(!place.data.0.join("unsealed.db").exists(), "the copy in the clear is gone");
}

#[tokio::test]
async fn a_backup_that_was_changed_cut_off_or_put_together_is_refused_and_nothing_is_lost_by_it() {
    let place = Place::new();
    let records = filled(&place).await;
    records.back_up(&place.backups.0, quietly).await.unwrap();
    let other = place.backups.0.join("other");
    records.back_up(&other, quietly).await.unwrap();
    records.close().await;
    let (file, other) = (place.backups.0.join(BACKUP), other.join(BACKUP));
    let (whole, other) = (fs::read(file).unwrap(), fs::read(other).unwrap());
    let (head, body) = whole.split_at(head::LEN);
    let all: Vec<&[u8]> = body.chunks(pieces::SEALED).collect();
    assert!(all.len() > 2, "the control: there are pieces to exchange");

    let mut bad: Vec<(String, Vec<u8>)> = vec![];
    let starts = (0..all.len()).map(|piece| head::LEN + piece * pieces::SEALED);
    let flipped = (0..head::LEN).chain(starts.clone().flat_map(|start| [start, start + 9])).chain([whole.len() - 1]);
    for at in flipped {
        let mut changed = whole.clone();
        changed[at] ^= 4;
        bad.push((format!("changed at {at}"), changed));
    }
    bad.extend(starts.chain([0, 1, head::LEN - 1, whole.len() - 1]).map(|at| (format!("cut at {at}"), whole[..at].to_vec())));
    bad.push(("two exchanged".into(), [head, all[1], all[0], &all[2..].concat()].concat()));
    bad.push(("one left out".into(), [head, &all[1..].concat()].concat()));
    bad.push(("more behind".into(), [&whole[..], b"x"].concat()));
    bad.push(("another's head".into(), [&other[..head::LEN], body].concat()));
    bad.push(("another's piece".into(), [head, &other[head::LEN..][..pieces::SEALED], &all[1..].concat()].concat()));
    bad.push(("half of another's head".into(), [&head[..77], &other[77..head::LEN], body].concat()));
    bad.push(("no backup".into(), b"something else".repeat(99)));

    let (machine, forged) = (Folder::new(), Folder::new());
    fs::create_dir(&machine.0).unwrap();
    fs::create_dir(&forged.0).unwrap();
    fs::copy(place.data.0.join("master.key"), machine.0.join("master.key")).unwrap();
    for (what, bytes) in &bad {
        fs::write(forged.0.join(BACKUP), bytes).unwrap();
        let (to, keys) = (forged.0.join("opened"), AtHand::of(&place.data.0, &place.keys()).await.unwrap());
        let opened = open(&forged.0.join(BACKUP), &to, keys, quietly).await;
        assert!(matches!(opened, Err(RecordsError::Backup(..))), "{what}: {opened:?}");
        let _part = fs::remove_file(to);
    }
    // And by the whole way, of which nothing is left behind.
    for (what, bytes) in bad.iter().rev().step_by(9) {
        fs::write(forged.0.join(BACKUP), bytes).unwrap();
        let restored = Records::restore(&machine.0, &place.keys(), &forged.0, Keys::Newest, quietly).await;
        assert!(matches!(restored, Err(RecordsError::Backup(..))), "{what}: {restored:?}");
        let mut left: Vec<String> = machine.files().into_iter().map(|(name, _)| name).collect();
        left.sort();
        assert_eq!(left, ["master.key", "unsealed"], "{what}");
        let opened = Records::open_backup(&place.data.0, &place.keys(), &forged.0, &forged.0.join("opened"), quietly).await;
        assert!(opened.is_err() && forged.files().len() == 1, "{what}");
    }
    fs::write(forged.0.join(BACKUP), &whole).unwrap();
    let restored = Records::restore(&machine.0, &place.keys(), &forged.0, Keys::Newest, quietly).await;
    assert_eq!(restored.unwrap().unreadable, 0, "the control: as it was it is restored there");
}

#[tokio::test]
async fn a_backup_opens_after_a_rotation_and_without_the_keys_store_and_with_none_of_both_keys_it_doesnt() {
    let place = Place::new();
    let records = filled(&place).await;
    records.back_up(&place.backups.0, quietly).await.unwrap();
    let old = place.safe.0.join("old.key");
    fs::copy(place.data.0.join("master.key"), &old).unwrap();
    records.rotate_master_key(None).await.unwrap();
    records.close().await;

    let (_machine, restored) = place.restored(Keys::Newest).await;
    assert_eq!(restored.unwrap().unreadable, 0, "the service's own key outlasts the master key");
    let (_machine, restored) = place.restored(Keys::None).await;
    let fault = restored.unwrap_err();
    assert!(matches!(fault, RecordsError::Backup(_, BackupFault::OtherKeys)) && fault.to_string().ends_with("(backup_keys)"), "{fault}");
    let with_old = Folder::new();
    fs::create_dir(&with_old.0).unwrap();
    fs::copy(&old, with_old.0.join("master.key")).unwrap();
    let restored = Records::restore(&with_old.0, &config::Keys::default(), &place.backups.0, Keys::None, quietly).await;
    assert_eq!(restored.unwrap().unreadable, 1, "accounts come back by the master key of then, and no contact");
    let again = with_old.records().await;
    assert!(again.account("persephone@example.org").await.unwrap().is_some());

    let foreign = Place::new();
    foreign.records().await.renew_key_copy().await.unwrap();
    let to = place.safe.0.join("opened");
    let opened = Records::open_backup(&foreign.data.0, &foreign.keys(), &place.backups.0, &to, quietly).await;
    assert!(matches!(opened, Err(RecordsError::Backup(_, BackupFault::OtherKeys))), "{opened:?}");
    let nowhere = Records::open_backup(&Folder::new().0, &config::Keys::default(), &place.backups.0, &to, quietly).await;
    assert!(matches!(nowhere, Err(RecordsError::NoMasterKey(_))), "{nowhere:?}");
    assert!(!to.exists());
    Records::open_backup(&place.data.0, &place.keys(), &place.backups.0, &to, quietly).await.unwrap();
    let again = Records::open_backup(&place.data.0, &place.keys(), &place.backups.0, &to, quietly).await;
    assert!(matches!(again, Err(RecordsError::Taken)), "nothing is written over");
}

#[tokio::test]
async fn a_backup_that_isnt_sealed_is_refused_by_name() {
    let place = Place::new();
    let records = filled(&place).await;
    records.close().await;
    fs::create_dir(&place.backups.0).unwrap();
    for name in [RECORDS, BACKUP] {
        fs::copy(place.data.0.join(RECORDS), place.backups.0.join(name)).unwrap();
        let (_machine, restored) = place.restored(Keys::Newest).await;
        let fault = restored.unwrap_err();
        assert!(matches!(fault, RecordsError::Backup(_, BackupFault::Unsealed)), "{name}: {fault}");
    }
    fs::write(place.backups.0.join(BACKUP), b"sidelight backup\x02 of later").unwrap();
    let (_machine, restored) = place.restored(Keys::Newest).await;
    assert!(restored.unwrap_err().to_string().ends_with("(backup_version)"));
}

#[tokio::test]
async fn what_a_killed_backup_left_in_the_clear_is_taken_away_by_the_next_who_opens_and_a_living_ones_stays() {
    let place = Place::new();
    place.records().await.close().await;
    let left: Vec<PathBuf> = ["unsealed.db", "unsealed.db-journal"].map(|name| place.data.0.join(name)).into();
    let leave = || left.iter().for_each(|file| fs::write(file, "in the clear").unwrap());
    let alive = Unsealed::alone(&place.data.0).await.unwrap();
    leave();
    let records = place.records().await;
    assert!(left.iter().all(|file| file.exists()), "somebody is at it");
    drop(alive);
    assert!(!left.iter().any(|file| file.exists()));
    leave();
    records.wipe().await.unwrap();
    assert!(!left.iter().any(|file| file.exists()), "a sweep takes it away");
    records.close().await;
    leave();
    place.records().await.close().await;
    assert!(!left.iter().any(|file| file.exists()), "and so does a start");
}

#[tokio::test]
async fn a_backup_that_cant_be_written_leaves_nothing_in_the_clear_nor_half_of_itself() {
    let place = Place::new();
    let records = filled(&place).await;
    fs::create_dir(&place.backups.0).unwrap();
    // It can't be put in its place.
    let in_the_way = place.backups.0.clone();
    let blocked = records.back_up(&place.backups.0, move |_, _| {
        let _there = fs::create_dir_all(in_the_way.join(BACKUP).join("full"));
    });
    assert!(blocked.await.is_err());
    assert!(!place.data.0.join("unsealed.db").exists());
    fs::remove_dir_all(place.backups.0.join(BACKUP)).unwrap();
    records.back_up(&place.backups.0, quietly).await.unwrap();
    assert_eq!(fs::read_dir(&place.backups.0).unwrap().count(), 1);
}
