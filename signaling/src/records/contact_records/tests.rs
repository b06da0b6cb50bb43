//! Records over real files: what outlives the contact, which save wins, and what is left of one that was erased.

use super::super::tests::{Folder, details, fact, opened};
use super::*;
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::record::Outcome;
use sidelight_room::Happened;
use std::fs;

const DAY: u32 = 24 * 3600;

async fn planned(records: &Records) -> Contact {
    let id = records.new_contact("owner", &details("JT-4471"), 1).await.unwrap();
    records.contact(&id).await.unwrap().unwrap()
}

fn written(notes: &str) -> Written {
    Written { notes: notes.into(), text: None, safety: None }
}

fn save(page: &str, number: u32, base: u32, notes: &str) -> SaveRecord {
    SaveRecord { written: written(notes), page: page.into(), number, base }
}

/// They come, and it ends then.
async fn ends(records: &Records, contact: &Contact, at: u32) {
    let facts = [
        fact(1000, Some("p1"), Happened::Invited { invitee: None }),
        fact(1001, Some("p1"), opened("s1")),
        fact(at, None, Happened::Ended),
    ];
    records.append(&contact.id, &facts, false, None).await.unwrap();
}

async fn read(records: &Records, contact: &Contact) -> KeptRecord {
    records.record_of(&contact.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_old_save_never_overwrites_a_newer_one() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = planned(&records).await;
    let put = async |save: SaveRecord| records.save_record(&contact.id, Some(&contact), &save, 5).await.unwrap();
    assert_eq!(put(save("a", 1, 0, "T")).await, Save::Kept { revision: 1 });
    assert_eq!(put(save("a", 3, 0, "The kettle")).await, Save::Kept { revision: 2 }, "the same page goes by its numbers");
    assert_eq!(put(save("a", 2, 1, "The")).await, Save::Old, "it came late");
    assert_eq!(put(save("a", 3, 2, "The kettle")).await, Save::Old, "it came twice");
    assert_eq!(put(save("b", 1, 1, "Mine")).await, Save::Changed, "another page that hasn't seen the last one");
    assert_eq!(read(&records, &contact).await.written.notes, "The kettle");
    assert_eq!(put(save("b", 1, 2, "The kettle was warm")).await, Save::Kept { revision: 3 });
    assert_eq!(put(save("a", 4, 2, "The kettles")).await, Save::Changed);
    records.close().await;
    let records = folder.records().await;
    assert_eq!(records.forget_orphaned_keys().await.unwrap(), 0, "a record's key is nobody's orphan");
    let kept = read(&records, &contact).await;
    assert_eq!((kept.written.notes.as_str(), kept.revision), ("The kettle was warm", 3));
}

#[tokio::test]
async fn two_first_saves_at_once_make_one_record_and_no_key_too_many() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = planned(&records).await;
    let (one, two) = (save("a", 1, 0, "one"), save("b", 1, 0, "two"));
    let both =
        tokio::join!(records.save_record(&contact.id, Some(&contact), &one, 5), records.save_record(&contact.id, Some(&contact), &two, 5));
    let kept = [both.0.unwrap(), both.1.unwrap()];
    assert!(kept.contains(&Save::Kept { revision: 1 }) && kept.contains(&Save::Changed), "{kept:?}");
    assert_eq!(records.keys().contacts().await.unwrap().len(), 2, "the contact's and the record's");
}

#[tokio::test]
async fn a_record_is_drafted_when_the_contact_ends_and_outlives_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = planned(&records).await;
    records.keep_draft(&contact.id, 5).await.unwrap();
    assert!(records.record_of(&contact.id).await.unwrap().is_none(), "it isn't over");
    records.save_record(&contact.id, Some(&contact), &save("a", 1, 0, "Kettle"), 5).await.unwrap();
    ends(&records, &contact, 1600).await;
    assert_eq!(records.ended_without_record().await.unwrap(), [contact.id.as_str()], "as after a kill");
    assert_eq!(records.records_to_write_up("owner").await.unwrap(), []);
    records.keep_draft(&contact.id, 1601).await.unwrap();
    assert_eq!(records.ended_without_record().await.unwrap(), [""; 0]);
    let listed = records.records_to_write_up("owner").await.unwrap();
    let wanted = UnfinishedRecord {
        contact: contact.id.clone(),
        reference: "JT-4471".into(),
        starts_at: 1000,
        ended: 1600,
        outcome: Outcome::NoTalk,
    };
    assert_eq!(listed, [wanted]);
    assert_eq!(records.records_to_write_up("other").await.unwrap(), []);
    // What happens after the end is in it too.
    let late = fact(1700, Some("p1"), Happened::Alarm { how: sidelight_protocol::desk::Used::Heard });
    records.append(&contact.id, &[late], true, None).await.unwrap();
    records.keep_draft(&contact.id, 1701).await.unwrap();
    records.shred(&contact.id).await.unwrap();
    records.delete_rows(&contact.id).await.unwrap();
    let kept = read(&records, &contact).await;
    let (draft, safety) = kept.draft.unwrap();
    assert_eq!((draft.reference.as_str(), draft.ended, safety.lines.len()), ("JT-4471", Some(1600), 1));
    assert_eq!(kept.written.notes, "Kettle");
    // It can still be written.
    let late = records.save_record(&contact.id, None, &save("a", 2, 1, "Kettle, warm"), 90_000).await.unwrap();
    assert_eq!(late, Save::Kept { revision: 2 });
}

#[tokio::test]
async fn a_record_goes_some_time_after_it_was_copied_and_at_the_latest_long_after_the_end() {
    let folder = Folder::new();
    let records = folder.records().await;
    let mut contacts = Vec::new();
    for at in [1600, 1700, 1800] {
        let contact = planned(&records).await;
        ends(&records, &contact, at).await;
        records.keep_draft(&contact.id, at).await.unwrap();
        contacts.push(contact);
    }
    let over = async |now: u32| ids(records.records_over(now, 7 * DAY, 30 * DAY, 10).await.unwrap());
    let ids = [read(&records, &contacts[0]).await.id, read(&records, &contacts[1]).await.id, read(&records, &contacts[2]).await.id];
    assert_eq!(records.record_copied(&contacts[1].id, Some(2000)).await.unwrap(), Some(2000));
    assert_eq!(records.record_copied(&contacts[1].id, Some(2500)).await.unwrap(), Some(2000), "the first press counts");
    records.record_copied(&contacts[2].id, Some(2100)).await.unwrap();
    assert_eq!(records.record_copied(&contacts[2].id, None).await.unwrap(), None, "taken back");
    assert_eq!(records.records_to_write_up("owner").await.unwrap().len(), 2);
    assert_eq!(over(2000 + 7 * DAY - 1).await, [""; 0]);
    assert_eq!(over(2000 + 7 * DAY).await, [ids[1].as_str()]);
    assert_eq!(over(1700 + 30 * DAY).await, [ids[0].as_str(), &ids[1]]);
    assert_eq!(records.records_over(1800 + 30 * DAY, 7 * DAY, 30 * DAY, 2).await.unwrap().len(), 2, "so many at a time");
    // Notes of a contact that is still to come stay, however old they are; it is moved meanwhile.
    let ahead = planned(&records).await;
    records.save_record(&ahead.id, Some(&ahead), &save("a", 1, 0, "Ask about the boiler"), 5).await.unwrap();
    assert_eq!(over(60 * DAY).await.len(), 4, "began long ago and never ended: it isn't there any more");
    records.change_contact(&ahead.id, &ContactDetails { starts_at: 50 * DAY, ..details("JT-4471") }).await.unwrap();
    assert_eq!(over(60 * DAY).await.len(), 3);
}

/// So many bytes in a row are no coincidence.
fn stands_in(folder: &Folder, bytes: &[u8]) -> bool {
    folder.files().iter().any(|(_, file)| file.windows(16).any(|window| window == &bytes[..16]))
}

#[tokio::test]
async fn of_an_erased_record_nothing_can_be_read_and_it_is_not_made_again() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = planned(&records).await;
    records.save_record(&contact.id, Some(&contact), &save("a", 1, 0, "Kettle"), 5).await.unwrap();
    ends(&records, &contact, 1600).await;
    records.keep_draft(&contact.id, 1601).await.unwrap();
    let id = read(&records, &contact).await.id;
    // What really stands there, key and texts.
    let wrapped = records.keys().wrapped(&id).await;
    let sealed: (Vec<u8>, Vec<u8>) = on_each!(records.engine(), db => {
        let select = "SELECT draft, written FROM contact_records WHERE id = $1";
        sqlx::query_as(select).bind(&id).fetch_one(db.readers()).await.unwrap()
    });
    let all = [wrapped, sealed.0, sealed.1];
    assert!(all.iter().all(|bytes| stands_in(&folder, bytes)), "the control: all of it is found");
    records.erase_record(&id, None, None).await.unwrap();
    records.erase_record(&id, None, None).await.unwrap();
    assert!(records.wipe().await.unwrap());
    assert!(!all.iter().any(|bytes| stands_in(&folder, bytes)), "something is left in the files");
    assert!(records.record_of(&contact.id).await.unwrap().is_none());
    assert!(records.had_record(&contact.id).await.unwrap());
    // The contact is still there, with all that happened in it.
    assert_eq!(records.ended_without_record().await.unwrap(), [""; 0]);
    records.keep_draft(&contact.id, 1700).await.unwrap();
    assert!(records.record_of(&contact.id).await.unwrap().is_none());
    let late = records.save_record(&contact.id, Some(&contact), &save("a", 2, 1, "x"), 1700).await;
    assert!(matches!(late, Err(RecordsError::Missing)));
    assert_eq!(records.keys().contacts().await.unwrap(), [contact.id.as_str()], "and no key was made for it");
}

#[tokio::test]
async fn a_killed_erasure_is_finished_by_the_next_and_without_its_key_nothing_opens() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = planned(&records).await;
    ends(&records, &contact, 1600).await;
    records.keep_draft(&contact.id, 1601).await.unwrap();
    let id = read(&records, &contact).await.id;
    // The key is gone, and then the power.
    records.keys().forget(std::slice::from_ref(&id)).await.unwrap();
    assert!(records.record_of(&contact.id).await.unwrap().is_none(), "like none");
    assert_eq!(records.records_to_write_up("owner").await.unwrap(), []);
    assert_eq!(ids(records.records_over(1600 + 30 * DAY, 7 * DAY, 30 * DAY, 10).await.unwrap()), [id.as_str()]);
    records.erase_record(&id, None, None).await.unwrap();
    assert!(fs::metadata(folder.0.join("records.db")).unwrap().len() > 0);
    assert_eq!(ids(records.records_over(1600 + 30 * DAY, 7 * DAY, 30 * DAY, 10).await.unwrap()), [""; 0]);
}

fn ids(over: Vec<(String, bool)>) -> Vec<String> {
    over.into_iter().map(|(id, _)| id).collect()
}
