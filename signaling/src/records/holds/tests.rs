//! What is held is erased by nothing, until the hold lets go.

use super::super::tests::{Folder, agreed, details, fact};
use super::super::{Records, Tally};
use super::*;
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::keeping::Category;
use sidelight_room::Happened;

const TALLY: Tally = Tally { category: Category::Plan, period: 90, at: 50 };

async fn ended(records: &Records, about: Option<&str>) -> String {
    let details = ContactDetails { about: about.map(str::to_owned), ..details("JT-4471") };
    let id = records.new_contact("owner", &details, 1).await.unwrap();
    records.append(&id, &[fact(5, None, Happened::Ended)], false, None).await.unwrap();
    id
}

async fn over(records: &Records, now: u32) -> Vec<String> {
    let mut ids: Vec<String> = records.ended_by(10, None, now, None).await.unwrap().into_iter().map(|contact| contact.id).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn neither_a_sweep_nor_an_erasure_nor_the_end_of_a_period_takes_what_is_held_and_the_end_of_the_hold_lets_go_by_itself() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("owner", &agreed(), 1).await.unwrap();
    let (held, theirs, free) = (ended(&records, None).await, ended(&records, Some(&person)).await, ended(&records, None).await);
    let mut all = vec![held.clone(), theirs.clone(), free.clone()];
    all.sort();
    assert_eq!(over(&records, 20).await, all, "the control: all are over");
    records.hold(&held, "ada", 100, "A court has asked for it", 20).await.unwrap();
    records.hold(&person, "ada", 100, "A complaint is open", 20).await.unwrap();
    assert_eq!(over(&records, 99).await, [free.clone()]);
    assert_eq!(records.count_ended_by(10, false, 99).await.unwrap(), [("owner".to_owned(), 1)]);
    // Also where somebody had listed them before they were held.
    assert_eq!(records.shred_all(all.clone(), 99).await.unwrap().0, [free.clone()]);
    assert!(records.contact(&held).await.unwrap().is_some() && records.contact(&theirs).await.unwrap().is_some());
    records.erase_people(std::slice::from_ref(&person), TALLY).await.unwrap();
    assert!(!records.erase_person(&person, 99).await.unwrap() && records.person(&person).await.unwrap().is_some());
    assert_eq!(records.person_held(&person, 99).await.unwrap(), Some(100));
    let mine = records.held_of("owner", 99).await.unwrap();
    assert!(mine.len() == 2 && mine.contains(&(held.clone(), 100)) && records.held_of("another", 99).await.unwrap().is_empty());
    let listed = records.holds(99).await.unwrap();
    let of = |subject: &str| listed.iter().find(|hold| hold.subject == subject).unwrap();
    assert!(of(&person).of_person && of(&person).reason == "A complaint is open" && !of(&held).of_person && of(&held).who == "ada");
    assert!(matches!(records.hold("nobody", "ada", 100, "A court has asked for it", 20).await, Err(RecordsError::Missing)));

    assert_eq!(records.release_ended(99).await.unwrap(), 0);
    assert!(records.holds(100).await.unwrap().is_empty(), "at its end it holds nothing, swept or not");
    assert_eq!(records.release_ended(100).await.unwrap(), 2);
    assert_eq!(records.release_ended(100).await.unwrap(), 0);
    let mut left = vec![held.clone(), theirs.clone()];
    left.sort();
    assert!(over(&records, 100).await.iter().all(|id| *id == free || left.contains(id)));
    assert!(records.erase_person(&person, 100).await.unwrap());
    let told: Vec<_> = records.audit_entries(None).await.unwrap().into_iter().map(|entry| (entry.what, entry.who)).collect();
    let ada = || Some("ada".to_owned());
    let due = [(Audited::HoldEnded, None), (Audited::HoldEnded, None), (Audited::HoldPlaced, ada()), (Audited::HoldPlaced, ada())];
    assert_eq!(told, due);
}

#[tokio::test]
async fn a_contact_that_is_held_keeps_its_persons_plan_and_letting_go_early_is_audited_with_who_did_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("owner", &agreed(), 1).await.unwrap();
    let contact = ended(&records, Some(&person)).await;
    let hold = records.hold(&contact, "ada", 100, "A court has asked for it", 20).await.unwrap();
    assert!(!records.erase_person(&person, 50).await.unwrap());
    records.release(&hold, "kim", 50).await.unwrap();
    assert!(matches!(records.release(&hold, "kim", 50).await, Err(RecordsError::Missing)));
    let newest = records.audit_entries(None).await.unwrap().remove(0);
    assert!(newest.what == Audited::HoldReleased && newest.who.as_deref() == Some("kim") && newest.contact.as_deref() == Some(&*contact));
    assert!(records.erase_person(&person, 50).await.unwrap());
}
