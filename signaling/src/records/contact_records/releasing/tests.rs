//! What was released is the very copy, is known to be fetched before it is given, and goes with its record.

use super::super::super::tests::{Folder, details, fact, opened};
use super::*;
use sidelight_protocol::programs::ProgramState;
use sidelight_room::Happened;

const COPY: &str = r#"{"text":"The kettle was warm"}"#;

fn program(id: &str) -> Program {
    Program { id: id.into(), name: format!("Case system {id}"), scopes: vec![] }
}

/// A record of a contact that is over: the ids of both.
async fn over(records: &Records) -> (String, String) {
    let contact = records.new_contact("owner", &details("JT-4471"), 1).await.unwrap();
    let facts = [fact(1000, Some("p1"), Happened::Invited { invitee: None }), fact(1600, None, Happened::Ended)];
    records.append(&contact, &facts, false, None).await.unwrap();
    records.keep_draft(&contact, 1600).await.unwrap();
    let record = records.record_of(&contact).await.unwrap().unwrap().id;
    (contact, record)
}

async fn listed(records: &Records) -> Vec<String> {
    records.released_records(None).await.unwrap().unwrap().items.into_iter().map(|one| one.record).collect()
}

async fn fetched(records: &Records, record: &str, by: &str, now: u32) -> Option<String> {
    records.fetch_record(record, &program(by), now).await.unwrap().map(|fetched| fetched.copy)
}

#[tokio::test]
async fn what_is_not_released_is_nobodys_and_what_was_fetched_cant_be_taken_back() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (contact, record) = over(&records).await;
    assert_eq!((listed(&records).await, fetched(&records, &record, "a", 1700).await), (vec![], None));
    assert_eq!(records.withdraw_release(&record, "sam", 1700).await.unwrap(), Withdrawn::NotReleased);
    records.release_record(&record, COPY.into(), false, "sam", 1701).await.unwrap();
    assert_eq!(listed(&records).await, [record.as_str()]);
    assert_eq!(records.withdraw_release(&record, "sam", 1702).await.unwrap(), Withdrawn::Done);
    assert_eq!((listed(&records).await, fetched(&records, &record, "a", 1703).await), (vec![], None), "taken back");
    assert!(!records.record_taken(&record, &program("a"), 1703).await.unwrap());

    records.release_record(&record, COPY.into(), true, "sam", 1704).await.unwrap();
    assert!(!records.record_taken(&record, &program("a"), 1704).await.unwrap(), "it has fetched nothing");
    for (by, at) in [("a", 1705), ("a", 1706), ("b", 1707)] {
        assert_eq!(fetched(&records, &record, by, at).await.as_deref(), Some(COPY));
    }
    assert_eq!(records.withdraw_release(&record, "sam", 1708).await.unwrap(), Withdrawn::Fetched);
    assert!(records.record_taken(&record, &program("a"), 1709).await.unwrap());
    assert!(records.record_taken(&record, &program("a"), 1710).await.unwrap(), "the first time counts");
    let shown = records.record_of(&contact).await.unwrap().unwrap().released.unwrap();
    let told: Vec<_> = shown.fetched.iter().map(|one| (one.program.as_str(), one.at, one.taken, one.earlier)).collect();
    assert_eq!(told, [("Case system a", 1705, Some(1709), false), ("Case system b", 1707, None, false)]);
    assert_eq!((shown.at, shown.safety), (Some(1704), true));

    // Another copy in its place: it is new to everybody, and can be taken back until somebody has it.
    records.release_record(&record, "{}".into(), false, "sam", 1720).await.unwrap();
    assert_eq!(records.withdraw_release(&record, "sam", 1721).await.unwrap(), Withdrawn::Done);
    let shown = records.record_of(&contact).await.unwrap().unwrap().released.unwrap();
    assert!(shown.at.is_none() && shown.fetched.len() == 2 && shown.fetched.iter().all(|one| one.earlier), "that it was fetched stays");

    // The audit names the record by what its own key calls it, and which token it was.
    let entries = records.audit_entries(None).await.unwrap();
    let told: Vec<_> = entries.iter().rev().map(|one| (one.what, one.who.as_deref(), one.token.as_deref())).collect();
    use Audited::{RecordFetched, RecordReleaseWithdrawn, RecordReleased};
    let sam = Some("sam");
    let due = [
        (RecordReleased, sam, None),
        (RecordReleaseWithdrawn, sam, None),
        (RecordReleased, sam, None),
        (RecordFetched, None, Some("a")),
        (RecordFetched, None, Some("b")),
        (RecordReleased, sam, None),
        (RecordReleaseWithdrawn, sam, None),
    ];
    assert_eq!(told, due);
    assert!(entries.iter().all(|one| one.contact.as_deref() == Some(record.as_str()) && one.whom.is_none() && one.person.is_none()));
}

#[tokio::test]
async fn what_was_released_is_gone_with_its_record_and_is_in_no_file_in_clear() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (contact, record) = over(&records).await;
    records.release_record(&record, COPY.into(), false, "sam", 1701).await.unwrap();
    let holds = |what: &str| folder.files().iter().any(|(_, bytes)| bytes.windows(what.len()).any(|part| part == what.as_bytes()));
    assert!(!holds("kettle") && holds(&record), "sealed; the control: its id is there");
    // It outlives its contact.
    records.shred(&contact).await.unwrap();
    records.delete_rows(&contact).await.unwrap();
    assert_eq!(fetched(&records, &record, "a", 1702).await.as_deref(), Some(COPY));
    // Its key is gone, as after a power cut in an erasure: nobody gets it though its row is there.
    records.keys().forget(std::slice::from_ref(&record)).await.unwrap();
    assert_eq!(fetched(&records, &record, "b", 1703).await, None);
    records.erase_record(&record, None, None).await.unwrap();
    assert_eq!((listed(&records).await, fetched(&records, &record, "a", 1704).await), (vec![], None));
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_and_take_no_cursor_of_others() {
    let folder = Folder::new();
    let records = folder.records().await;
    let mut all = Vec::new();
    for _ in 0..=usize::from(MAX_PAGE) {
        let (_, record) = over(&records).await;
        // All in one second: the ids decide.
        records.release_record(&record, COPY.into(), false, "sam", 1700).await.unwrap();
        all.push(record);
    }
    all.sort();
    let first = records.released_records(None).await.unwrap().unwrap();
    let next = first.next.clone().unwrap();
    let second = records.released_records(Some(&next)).await.unwrap().unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next), (usize::from(MAX_PAGE), 1, None));
    let told: Vec<String> = first.items.into_iter().chain(second.items).map(|one| one.record).collect();
    assert_eq!(told, all, "each once, none left out");
    let contacts = |after: Option<String>| {
        let records = records.clone();
        async move {
            let asked = super::super::super::Planned { from: 0, to: 5000, after: after.as_deref() };
            records.contacts_for_programs(asked, 9000).await.unwrap()
        }
    };
    let first = contacts(None).await.unwrap();
    let second = contacts(first.next.clone()).await.unwrap();
    let mut names: Vec<String> = first.items.iter().chain(&second.items).map(|one| one.contact.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), second.next), (usize::from(MAX_PAGE) + 1, None));
    assert!(contacts(Some(next)).await.is_none(), "the cursor of another list");
    for bad in ["", "0", "zz", &"0".repeat(80)] {
        assert!(contacts(Some(bad.into())).await.is_none() && records.released_records(Some(bad)).await.unwrap().is_none(), "{bad}");
    }
}

#[tokio::test]
async fn what_became_of_a_contact_is_told_after_its_planned_end_alone() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = records.new_contact("owner", &details("JT-4471"), 1).await.unwrap();
    let state = async |now: u32| {
        let asked = super::super::super::Planned { from: 0, to: 5000, after: None };
        records.contacts_for_programs(asked, now).await.unwrap().unwrap().items[0].state
    };
    assert_eq!(state(9000).await, ProgramState::Planned, "it isn't over");
    let facts = [
        fact(1000, Some("p1"), Happened::Invited { invitee: None }),
        fact(1001, Some("p1"), opened("s1")),
        fact(1002, Some("p1"), Happened::Admitted { epoch: 1, desk: None }),
        fact(1003, Some("p1"), Happened::ItsThem),
        fact(1200, None, Happened::Ended),
    ];
    records.append(&contact, &facts, false, None).await.unwrap();
    assert_eq!(state(1000 + 30 * 60 - 1).await, ProgramState::Planned, "it ended early, and nobody outside learns when");
    assert_eq!(state(1000 + 30 * 60).await, ProgramState::Held);
    records.shred(&contact).await.unwrap();
    let asked = super::super::super::Planned { from: 0, to: 5000, after: None };
    assert!(records.contacts_for_programs(asked, 9000).await.unwrap().unwrap().items.is_empty(), "its key is gone");
}
