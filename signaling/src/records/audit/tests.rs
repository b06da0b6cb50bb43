//! The audit over real files, and what the database itself refuses.

use super::super::tests::{Folder, details, fact};
use super::*;
use crate::time::now;
use aws_lc_rs::signature::Ed25519KeyPair;
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
        of(Happened::Wrote { ours: 1, theirs: 2 }),
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
    let old = "DELETE FROM audit WHERE who = 'old'";
    assert!(by_hand(&folder, old).await.is_some(), "old enough, and no checkpoint stands for it");
    assert_eq!(records.forget_audit(now() - 365 * DAY, None).await.unwrap(), 1, "the control: so it can go");
    for sql in [
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_checkpoint SET last = 0",
        "UPDATE audit_checkpoint SET hash = x'00'",
        "UPDATE audit_state SET node = 'other'",
    ] {
        assert!(by_hand(&folder, sql).await.is_some(), "the database let this pass: {sql}");
    }
}

#[tokio::test]
async fn what_is_older_than_the_kept_period_goes_and_ids_go_on_rising() {
    let folder = Folder::new();
    let records = folder.records().await;
    for days in [400, 366, 300, 40] {
        records.audit(now() - days * DAY, "kim", Audited::DutyOn).await.unwrap();
    }
    let ids = async || told(&records).await.into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
    assert!(records.forget_audit(now() - 200 * DAY, None).await.is_err(), "younger than the database was told");
    assert_eq!(ids().await, [4, 3, 2, 1], "and then nothing goes");
    assert_eq!(records.forget_audit(now() - 365 * DAY, None).await.unwrap(), 2);
    assert_eq!(ids().await, [4, 3]);
    records.keep_audit(30).await.unwrap();
    assert_eq!(records.forget_audit(now() - 30 * DAY, None).await.unwrap(), 2);
    records.audit(now(), "kim", Audited::DutyOff).await.unwrap();
    assert_eq!(ids().await, [5], "an id is never given twice");
    assert!(records.keep_audit(29).await.is_err());
    assert_eq!(whole(&folder, &records, None).await, Ok(Whole { checkpoint: 4, last: 5, entries: 1, anchored: 0 }));
}

#[tokio::test]
async fn nothing_goes_and_nothing_is_signed_where_what_is_to_go_was_changed() {
    let folder = Folder::new();
    let records = folder.records().await;
    for days in [400, 380, 370, 40] {
        records.audit(now() - days * DAY, "kim", Audited::DutyOn).await.unwrap();
    }
    assert_eq!(by_hand(&folder, "DROP TRIGGER audit_is_never_changed").await, None);
    assert_eq!(by_hand(&folder, "UPDATE audit SET who = 'lee' WHERE id = 2").await, None);
    let said = records.forget_audit(now() - 365 * DAY, None).await.unwrap_err().to_string();
    assert!(said.contains("entry 2 was changed"), "{said}");
    assert_eq!(told(&records).await.len(), 4);
    assert!(whole(&folder, &records, None).await.is_err(), "it can still be found");
    assert_eq!(by_hand(&folder, "UPDATE audit SET who = 'kim' WHERE id = 2").await, None);
    assert_eq!(records.forget_audit(now() - 365 * DAY, None).await.unwrap(), 3, "the control: as it was, they go");
    // A checkpoint that somebody else signed is no beginning either, until a command that restores takes it over.
    let stranger = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let forge = async |records: &Records| {
        let (node, ..) = records.chain().await.unwrap();
        let kept: Vec<u8> = on_each!(records.engine(), db => {
            sqlx::query_scalar("SELECT hash FROM audit_checkpoint").fetch_one(db.readers()).await.unwrap()
        });
        let at: i64 = on_each!(records.engine(), db => {
            sqlx::query_scalar("SELECT at FROM audit_checkpoint").fetch_one(db.readers()).await.unwrap()
        });
        let head = Head { node, last: 3, at: seconds(at), hash: kept.try_into().unwrap() };
        let signed = Signed::new(&stranger, Said::Checkpoint, head).unwrap();
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let sql = format!("UPDATE audit_checkpoint SET key = x'{}', signature = x'{}'", hex(&signed.key.0), hex(&signed.signature));
        assert_eq!(by_hand(&folder, &sql).await, None);
    };
    forge(&records).await;
    records.keep_audit(30).await.unwrap();
    let said = records.forget_audit(now() - 39 * DAY, None).await.unwrap_err().to_string();
    assert!(said.contains("isn't signed by the service's key"), "{said}");
    records.adopt_checkpoint().await.unwrap();
    assert_eq!(records.forget_audit(now() - 39 * DAY, None).await.unwrap(), 1);
    whole(&folder, &records, None).await.unwrap();
}

#[tokio::test]
async fn what_stands_behind_a_younger_entry_stays_with_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    for days in [400, 40, 400, 400] {
        records.audit(now() - days * DAY, "kim", Audited::DutyOn).await.unwrap();
    }
    assert_eq!(records.forget_audit(now() - 365 * DAY, None).await.unwrap(), 1);
    assert_eq!(told(&records).await.len(), 3);
    assert_eq!(records.forget_audit(now() - 365 * DAY, None).await.unwrap(), 0);
    whole(&folder, &records, None).await.unwrap();
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
    records.erase_person(&person, 0).await.unwrap();
    assert_eq!(reasons().await, [true, false], "the entry stays, and what was written to it can't be read");
    assert!(matches!(records.allow(&person, "kim", Some(&allowed()), now()).await, Err(RecordsError::Missing)));
    assert_eq!(reasons().await.len(), 2);
}

async fn whole(folder: &Folder, records: &Records, anchor: Option<&str>) -> std::result::Result<Whole, Fault> {
    verify(&folder.0.join("records.db"), &[records.audit_key().unwrap()], anchor).await.unwrap()
}

/// The triggers keep honest programs honest; somebody else takes them away.
async fn without_triggers(folder: &Folder) {
    let mut connection = SqliteConnectOptions::new().filename(folder.0.join("records.db")).connect().await.unwrap();
    let triggers: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    for trigger in triggers {
        assert_eq!(by_hand(folder, &format!("DROP TRIGGER {trigger}")).await, None);
    }
}

#[tokio::test]
async fn what_is_done_to_the_file_by_hand_is_found_and_named() {
    let cut = "DELETE FROM audit WHERE id > 3; \
        UPDATE audit_state SET last = 3, head = (SELECT hash FROM audit WHERE id = 3)";
    let table = [
        ("UPDATE audit SET who = 'other' WHERE id = 4", Fault::Changed { id: 4 }),
        ("UPDATE audit SET at = at + 1 WHERE id = 5", Fault::Changed { id: 5 }),
        ("UPDATE audit SET who = NULL WHERE id = 3", Fault::Changed { id: 3 }),
        ("DELETE FROM audit WHERE id = 4", Fault::Loose { id: 5, after: 3 }),
        ("UPDATE audit SET id = 9 WHERE id = 4", Fault::Loose { id: 5, after: 3 }),
        ("DELETE FROM audit WHERE id = 3", Fault::Loose { id: 4, after: 2 }),
        ("DELETE FROM audit WHERE id = 5", Fault::Cut { id: 5, line: 2, found: 4 }),
        (cut, Fault::Cut { id: 5, line: 2, found: 3 }),
        ("DELETE FROM audit_checkpoint", Fault::Loose { id: 3, after: 0 }),
        ("UPDATE audit_checkpoint SET last = 1", Fault::Checkpoint { last: 1, why: "it isn't signed by the service's key" }),
    ];
    for (sql, fault) in table {
        let folder = Folder::new();
        let records = folder.records().await;
        for days in [400, 399, 3, 2, 1] {
            records.audit(now() - days * DAY, "kim", Audited::DutyOn).await.unwrap();
        }
        records.forget_audit(now() - 365 * DAY, None).await.unwrap();
        let anchor = format!("started\nNov 23 log sidelight: {}\n", records.audit_head(now()).await.unwrap().line());
        let untouched = Whole { checkpoint: 2, last: 5, entries: 3, anchored: 1 };
        assert_eq!(whole(&folder, &records, Some(&anchor)).await, Ok(untouched), "the control");
        without_triggers(&folder).await;
        for sql in sql.split(';') {
            assert_eq!(by_hand(&folder, sql).await, None);
        }
        assert_eq!(whole(&folder, &records, Some(&anchor)).await, Err(fault), "{sql}");
    }
}

#[tokio::test]
async fn the_audit_names_contacts_and_people_so_that_nobody_can_tell_whose_it_was_once_they_are_erased() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = records.new_contact("sam", &details("x"), 1).await.unwrap();
    let person = records.new_person("sam", &plan(), now()).await.unwrap();
    records.append(&contact, &[fact(5, Some("p"), Happened::Alarm { how: Used::Typed })], false, Some("sam")).await.unwrap();
    records.append(&contact, &[fact(6, Some("p"), Happened::EndedQuietly)], false, Some("sam")).await.unwrap();
    records.allow(&person, "kim", Some(&allowed()), now()).await.unwrap();
    let ids = async || {
        let entries = records.audit_entries(None).await.unwrap().into_iter();
        entries.map(|entry| (entry.contact, entry.person)).collect::<Vec<_>>()
    };
    let (of_contact, of_person) = ((Some(contact.clone()), None), (None, Some(person.clone())));
    assert_eq!(ids().await, [of_person.clone(), of_contact.clone(), of_contact.clone()], "while they are kept, they are found");
    let stored = async || {
        let mut connection = SqliteConnectOptions::new().filename(folder.0.join("records.db")).connect().await.unwrap();
        let all: Vec<String> =
            sqlx::query_scalar("SELECT COALESCE(contact, person) FROM audit ORDER BY id").fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        all
    };
    let names = stored().await;
    assert!(names[0] == names[1] && names[0] != contact && names[2] != person && names[2] != names[0]);
    records.shred(&contact).await.unwrap();
    records.delete_rows(&contact).await.unwrap();
    records.erase_person(&person, 0).await.unwrap();
    let shredded = ids().await;
    assert_eq!(shredded[1], (Some(names[0].clone()), None), "the same in all their entries, and no id that anybody knows");
    assert_eq!((shredded[0].1.as_ref(), stored().await == names), (Some(&names[2]), true));
    whole(&folder, &records, None).await.unwrap();
}

#[tokio::test]
async fn what_was_written_down_before_there_was_a_chain_gets_its_place_in_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let person = records.new_person("sam", &plan(), now()).await.unwrap();
    let key = records.keys().key(&person).await.unwrap();
    let sealed = data_encoding::HEXLOWER.encode(&key.seal(&place("7", &person), b"Her sister rang").unwrap());
    records.close().await;
    std::fs::remove_file(folder.0.join("records.db")).unwrap();
    let old = super::super::sqlite::Sqlite::open(&folder.0.join("records.db")).await.unwrap();
    let mut all = sqlx::migrate!("./migrations/records");
    all.migrations.to_mut().retain(|migration| migration.version < 8);
    old.migrate(&all).await.unwrap();
    old.close().await;
    for sql in [
        "UPDATE audit_state SET last = 9".to_owned(),
        "INSERT INTO audit (id, at, who, what, contact) VALUES (4, 100, 'sam', 'alarm_raised', 'erased')".to_owned(),
        "INSERT INTO audit (id, at, who, what, contact) VALUES (6, 110, 'sam', 'handled', 'erased')".to_owned(),
        format!("INSERT INTO audit (id, at, who, what, person, sealed) VALUES (7, 120, 'kim', 'override_given', '{person}', x'{sealed}')"),
        "INSERT INTO audit (id, at, what) VALUES (9, 130, 'alarm_went_over')".to_owned(),
    ] {
        assert_eq!(by_hand(&folder, &sql).await, None, "{sql}");
    }
    for _ in 0..2 {
        let records = folder.records().await;
        assert_eq!(whole(&folder, &records, None).await, Ok(Whole { checkpoint: 3, last: 9, entries: 4, anchored: 0 }));
        let entries = records.audit_entries(None).await.unwrap();
        assert_eq!(entries.iter().map(|entry| (entry.id, entry.at)).collect::<Vec<_>>(), [(9, 130), (7, 120), (6, 110), (4, 100)]);
        assert_eq!((entries[1].person.as_ref(), entries[1].reason.as_deref()), (Some(&person), Some("Her sister rang")));
        assert!(entries[2].contact == entries[3].contact && entries[2].contact.as_deref() != Some("erased"));
        records.close().await;
    }
    let records = folder.records().await;
    records.audit(now(), "kim", Audited::DutyOn).await.unwrap();
    assert_eq!(whole(&folder, &records, None).await, Ok(Whole { checkpoint: 3, last: 10, entries: 5, anchored: 0 }));
}

#[tokio::test]
async fn an_audit_that_was_emptied_before_there_was_a_chain_begins_behind_a_checkpoint() {
    let folder = Folder::new();
    folder.records().await.close().await;
    std::fs::remove_file(folder.0.join("records.db")).unwrap();
    let old = super::super::sqlite::Sqlite::open(&folder.0.join("records.db")).await.unwrap();
    let mut all = sqlx::migrate!("./migrations/records");
    all.migrations.to_mut().retain(|migration| migration.version < 8);
    old.migrate(&all).await.unwrap();
    old.close().await;
    assert_eq!(by_hand(&folder, "UPDATE audit_state SET last = 12").await, None);
    let records = folder.records().await;
    records.audit(now(), "kim", Audited::DutyOn).await.unwrap();
    assert_eq!(whole(&folder, &records, None).await, Ok(Whole { checkpoint: 12, last: 13, entries: 1, anchored: 0 }));
}
