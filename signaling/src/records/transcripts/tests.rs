//! Transcripts over real files: each goes by itself, with its record, or with its person; and nothing takes what is held.

use super::super::tests::{Folder, agreed, details, fact};
use super::*;
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::keeping::Category;
use sidelight_protocol::transcript::{Agreed, TypedLine};
use sidelight_room::Happened;

async fn planned(records: &Records, about: Option<&str>) -> Contact {
    let details = ContactDetails { about: about.map(str::to_owned), ..details("JT-4471") };
    let id = records.new_contact("sam", &details, 1).await.unwrap();
    records.contact(&id).await.unwrap().unwrap()
}

fn typed(text: &str) -> Typed {
    let lines = vec![TypedLine { part: None, ours: true, at: 12, text: text.into() }];
    Typed { since: 10, asked: 15, agreed: vec![Agreed { part: None, at: 16 }], lines }
}

async fn kept(records: &Records, about: Option<&str>, at: u32) -> Contact {
    let contact = planned(records, about).await;
    records.keep_transcript(&contact, typed("The kettle is humming"), "sam", at).await.unwrap();
    contact
}

async fn over(records: &Records, then: u32) -> usize {
    records.transcripts_over(then, 50, 10).await.unwrap().len()
}

fn stands_in(folder: &Folder, bytes: &[u8]) -> bool {
    folder.files().iter().any(|(_, file)| file.windows(16).any(|window| window == &bytes[..16]))
}

#[tokio::test]
async fn it_is_kept_once_under_a_key_of_its_own_and_outlives_its_contact() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = kept(&records, None, 20).await;
    let again = records.keep_transcript(&contact, typed("Something else"), "sam", 21).await;
    assert!(matches!(again, Err(RecordsError::Taken)), "what they agreed to isn't changed");
    assert_eq!(records.keys().contacts().await.unwrap().len(), 2, "and no key was left by the second");
    let id = records.transcript_of(&contact.id).await.unwrap().unwrap().id;
    assert!(!stands_in(&folder, b"The kettle is humming"));
    records.shred(&contact.id).await.unwrap();
    records.delete_rows(&contact.id).await.unwrap();
    records.close().await;
    let records = folder.records().await;
    assert_eq!(records.forget_orphaned_keys().await.unwrap(), 0, "a transcript's key is nobody's orphan");
    assert_eq!(
        records.transcript_of(&contact.id).await.unwrap(),
        Some(KeptTranscript { id: id.clone(), made: 20, typed: typed("The kettle is humming") })
    );
    // A name that leads to nobody is in the audit, and the other way round.
    records.delete_transcript(&contact.id, "sam", 30).await.unwrap();
    assert!(matches!(records.delete_transcript(&contact.id, "sam", 30).await, Err(RecordsError::Missing)));
    let told: Vec<_> = records.audit_entries(None).await.unwrap().into_iter().map(|entry| entry.what).collect();
    assert_eq!(told, [Audited::TranscriptDeleted, Audited::TranscriptKept]);
}

#[tokio::test]
async fn of_an_erased_one_nothing_can_be_read() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = kept(&records, None, 20).await;
    let id = records.transcript_of(&contact.id).await.unwrap().unwrap().id;
    let wrapped = records.keys().wrapped(&id).await;
    let sealed: Vec<u8> = on_each!(records.engine(), db => {
        sqlx::query_scalar("SELECT sealed FROM transcripts WHERE id = $1").bind(&id).fetch_one(db.readers()).await.unwrap()
    });
    assert!(stands_in(&folder, &wrapped) && stands_in(&folder, &sealed), "the control: all of it is found");
    records.delete_transcript(&contact.id, "sam", 30).await.unwrap();
    assert!(records.unwiped() && records.wipe().await.unwrap());
    assert!(!stands_in(&folder, &wrapped) && !stands_in(&folder, &sealed), "something is left in the files");
    assert!(records.contact(&contact.id).await.unwrap().is_some(), "and nothing else went");
}

#[tokio::test]
async fn the_oldest_are_over_first_and_the_record_beside_takes_it_along() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (first, second) = (kept(&records, None, 20).await, kept(&records, None, 30).await);
    assert_eq!((over(&records, 19).await, over(&records, 20).await, over(&records, 30).await), (0, 1, 2));
    assert_eq!(records.count_kept(Category::Transcript).await.unwrap(), 2);
    assert_eq!(records.count_due(Category::Transcript, 20, 50).await.unwrap(), [(String::new(), 1)]);
    records.append(&first.id, &[fact(40, None, Happened::Ended)], false, None).await.unwrap();
    records.keep_draft(&first.id, 41).await.unwrap();
    let record = records.record_of(&first.id).await.unwrap().unwrap().id;
    let tally = |category| Some(Tally { category, period: 7, at: 50 });
    records.erase_record(&record, tally(Category::Record), tally(Category::Transcript)).await.unwrap();
    assert!(records.transcript_of(&first.id).await.unwrap().is_none() && records.transcript_of(&second.id).await.unwrap().is_some());
    assert_eq!(records.write_receipts().await.unwrap(), 2, "each is in a receipt of its own category");
}

#[tokio::test]
async fn nothing_takes_what_is_held() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("sam", &agreed(), 1).await.unwrap();
    let (held, theirs) = (kept(&records, None, 20).await, kept(&records, Some(&person), 20).await);
    assert_eq!(over(&records, 20).await, 2, "the control");
    records.hold(&held.id, "ada", 100, "A court has asked for it", 40).await.unwrap();
    records.hold(&person, "ada", 100, "A complaint is open", 40).await.unwrap();
    assert_eq!(over(&records, 20).await, 0);
    for contact in [&held, &theirs] {
        assert!(matches!(records.delete_transcript(&contact.id, "sam", 50).await, Err(RecordsError::Taken)));
    }
    records.release_ended(100).await.unwrap();
    for contact in [&held, &theirs] {
        records.delete_transcript(&contact.id, "sam", 100).await.unwrap();
    }
}

#[tokio::test]
async fn it_goes_with_its_person_also_where_the_contact_became_theirs_later_and_is_gone() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("sam", &agreed(), 1).await.unwrap();
    let (theirs, became, other) = (kept(&records, Some(&person), 20).await, kept(&records, None, 20).await, kept(&records, None, 20).await);
    let about = ContactDetails { about: Some(person.clone()), ..details("JT-4471") };
    records.change_contact(&became.id, &about).await.unwrap();
    for contact in [&theirs, &became] {
        records.append(&contact.id, &[fact(40, None, Happened::Ended)], false, None).await.unwrap();
        records.keep_draft(&contact.id, 41).await.unwrap();
        records.shred(&contact.id).await.unwrap();
        records.delete_rows(&contact.id).await.unwrap();
    }
    assert_eq!(records.kept_of(&person, 50).await.unwrap().unwrap().transcripts.len(), 2);
    assert_eq!(records.erasure_of(&person, 50).await.unwrap().counts.get(&Category::Transcript), Some(&2));
    records.erase_all_of(&person, "sam", 50).await.unwrap();
    assert!(records.transcript_of(&theirs.id).await.unwrap().is_none() && records.transcript_of(&became.id).await.unwrap().is_none());
    assert!(records.transcript_of(&other.id).await.unwrap().is_some(), "the control");
    assert_eq!(records.count_kept(Category::Transcript).await.unwrap(), 1, "nor is its row left");
}
