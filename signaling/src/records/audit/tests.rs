//! The audit over real files, and what the database itself refuses.

use super::super::tests::{Folder, details, fact};
use super::*;
use crate::time::now;
use sidelight_protocol::desk::{Matter, Used};
use sidelight_protocol::plan::{Allowed, Channel, SafetyPlan};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

const DAY: u32 = 24 * 60 * 60;

/// Somebody with the file in hand and any SQL they like; the error, where it is refused.
async fn by_hand(folder: &Folder, sql: &str) -> Option<String> {
    let mut connection = SqliteConnectOptions::new().filename(folder.0.join("records.db")).connect().await.unwrap();
    let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
    connection.close().await.unwrap();
    done.err().map(|error| error.to_string())
}

fn plan() -> SafetyPlan {
    SafetyPlan { reference: "JT-4471".into(), channels: vec![Channel::Text], zone: "Europe/Dublin".into(), ..SafetyPlan::default() }
}

fn allowed() -> Allowed {
    Allowed { channel: Channel::Email, until: now() + 600, reason: "Her sister rang about Kensington".into() }
}

async fn told(records: &Records) -> Vec<(u32, Option<String>, Audited)> {
    records.audit_entries(None).await.unwrap().into_iter().map(|entry| (entry.id, entry.who, entry.what)).collect()
}

#[tokio::test]
async fn what_happens_in_a_contact_and_is_audited_has_its_entry_in_the_same_transaction() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = records.new_contact("sam", &details("x"), 1).await.unwrap();
    let of = |what| fact(5, Some("p"), what);
    let facts = [
        of(Happened::Alarm { how: Used::Typed }),
        of(Happened::AtIt),
        of(Happened::HandedOver { by_itself: true }),
        of(Happened::Taken { by: "Kim".into() }),
    ];
    records.append(&contact, &facts, true, Some("sam")).await.unwrap();
    let later =
        [of(Happened::EndedQuietly), of(Happened::Handled { matter: Matter::Alarm }), of(Happened::HandedOver { by_itself: false })];
    records.append(&contact, &later, false, Some("sam")).await.unwrap();
    let sam = || Some("sam".to_owned());
    let wanted = vec![
        (6, sam(), Audited::AlarmHandedOver),
        (5, sam(), Audited::Handled),
        (4, sam(), Audited::EndedQuietly),
        (3, sam(), Audited::AlarmTaken),
        (2, None, Audited::AlarmWentOver),
        (1, sam(), Audited::AlarmRaised),
    ];
    assert_eq!(told(&records).await, wanted);
    let entries = records.audit_entries(Some(2)).await.unwrap();
    assert_eq!((entries.len(), entries[0].id, entries[0].at, entries[0].contact.as_ref()), (1, 1, 5, Some(&contact)));
    assert!(entries[0].person.is_none() && entries[0].reason.is_none());
}

/// Fail closed: the table can't be written, and so nothing of it happens.
#[tokio::test]
async fn where_the_entry_cannot_be_written_nothing_is_done() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = records.new_contact("sam", &details("x"), 1).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END";
    assert_eq!(by_hand(&folder, full).await, None);
    let alarm = fact(5, Some("p"), Happened::Alarm { how: Used::Typed });
    let both = [fact(5, Some("p"), Happened::Knocked), alarm.clone()];
    assert!(records.append(&contact, &both, true, Some("sam")).await.is_err());
    assert!(records.facts(&contact).await.unwrap().is_empty(), "written down without its entry");
    assert!(records.audit(5, "sam", Audited::DutyOn).await.is_err());
    // The control: what isn't audited goes on, and so does the rest when there is room again.
    records.append(&contact, &both[..1], false, Some("sam")).await.unwrap();
    assert_eq!(by_hand(&folder, "DROP TRIGGER full").await, None);
    records.append(&contact, &[alarm], true, Some("sam")).await.unwrap();
    assert_eq!(told(&records).await, [(1, Some("sam".into()), Audited::AlarmRaised)]);
}

#[tokio::test]
async fn no_entry_is_ever_changed_replaced_or_deleted_before_its_time() {
    let folder = Folder::new();
    let records = folder.records().await;
    records.audit(now() - 400 * DAY, "old", Audited::DutyOn).await.unwrap();
    records.audit(now() - 364 * DAY, "young", Audited::DutyOn).await.unwrap();
    records.audit(now(), "new", Audited::DutyOff).await.unwrap();
    let before = told(&records).await;
    let refused = [
        "UPDATE audit SET who = 'other' WHERE id = 1",
        "UPDATE audit SET at = 0",
        "UPDATE OR REPLACE audit SET id = 3 WHERE id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 3",
        "DELETE FROM audit WHERE who = 'young'",
        "INSERT OR REPLACE INTO audit (id, at, who, what) VALUES (3, 0, 'other', 'duty_on')",
        "INSERT INTO audit (id, at, who, what) VALUES (0, 0, 'other', 'duty_on')",
        "UPDATE audit_state SET kept_days = 29",
        "UPDATE audit_state SET last = 0",
        "DELETE FROM audit_state",
        "INSERT INTO audit_state (id, last, kept_days) VALUES (2, 0, 1)",
        "INSERT OR REPLACE INTO audit_state (id, last, kept_days) VALUES (1, 0, 1)",
    ];
    for sql in refused {
        assert!(by_hand(&folder, sql).await.is_some(), "the database let this pass: {sql}");
    }
    assert_eq!(told(&records).await, before);
    assert_eq!(by_hand(&folder, "DELETE FROM audit WHERE who = 'old'").await, None, "the control: what is old enough can go");
}

#[tokio::test]
async fn what_is_older_than_the_kept_period_goes_and_ids_go_on_rising() {
    let folder = Folder::new();
    let records = folder.records().await;
    for days in [400, 366, 300, 40] {
        records.audit(now() - days * DAY, "kim", Audited::DutyOn).await.unwrap();
    }
    let ids = async || told(&records).await.into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
    assert!(records.forget_audit(now() - 200 * DAY).await.is_err(), "younger than the database was told");
    assert_eq!(ids().await, [4, 3, 2, 1], "and then nothing goes");
    assert_eq!(records.forget_audit(now() - 365 * DAY).await.unwrap(), 2);
    assert_eq!(ids().await, [4, 3]);
    records.keep_audit(30).await.unwrap();
    assert_eq!(records.forget_audit(now() - 30 * DAY).await.unwrap(), 2);
    records.audit(now(), "kim", Audited::DutyOff).await.unwrap();
    assert_eq!(ids().await, [5], "an id is never given twice");
    assert!(records.keep_audit(29).await.is_err());
}

#[tokio::test]
async fn at_most_five_hundred_entries_are_read_at_once() {
    let folder = Folder::new();
    let records = folder.records().await;
    for _ in 0..MAX_ENTRIES + 3 {
        records.audit(1, "kim", Audited::DutyOn).await.unwrap();
    }
    let first = records.audit_entries(None).await.unwrap();
    assert_eq!((first.len(), first[0].id, first.last().unwrap().id), (500, 503, 4));
    let rest: Vec<u32> = records.audit_entries(Some(4)).await.unwrap().iter().map(|entry| entry.id).collect();
    assert_eq!(rest, [3, 2, 1]);
}

#[tokio::test]
async fn a_written_reason_is_sealed_under_its_persons_key_and_goes_with_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("sam", &plan(), now()).await.unwrap();
    let other = records.new_person("sam", &plan(), now()).await.unwrap();
    for about in [&person, &other] {
        records.allow(about, "kim", Some(&allowed()), now()).await.unwrap();
    }
    let reasons = async || records.audit_entries(None).await.unwrap().into_iter().map(|entry| entry.reason.is_some()).collect::<Vec<_>>();
    assert_eq!(reasons().await, [true, true]);
    assert_eq!(records.audit_entries(None).await.unwrap()[1].person.as_ref(), Some(&person));
    for (name, content) in folder.files() {
        assert!(!content.windows(10).any(|window| window == b"Kensington"), "the reason is in clear in {name}");
    }
    records.erase_person(&person).await.unwrap();
    assert_eq!(reasons().await, [true, false], "the entry stays, and what was written to it can't be read");
    assert!(matches!(records.allow(&person, "kim", Some(&allowed()), now()).await, Err(RecordsError::Missing)));
    assert_eq!(reasons().await.len(), 2);
}
