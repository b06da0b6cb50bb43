//! The records over real files. Each test has its own folder.

use super::*;
use sidelight_protocol::http::Role;
use sidelight_protocol::plan::SafetyPlan;
use sidelight_protocol::{Leaving, Way, desk::ContactDetails};
use sidelight_room::{Fact, Happened};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// A data folder of its own, gone with the test.
pub(super) struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        Folder(std::env::temp_dir().join(format!("sidelight-records-{}", new_id().unwrap())))
    }

    pub async fn records(&self) -> Records {
        Records::open(&self.0).await.unwrap()
    }

    /// Name and content of every file.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap());
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn details(reference: &str) -> ContactDetails {
    ContactDetails {
        reference: reference.into(),
        greeting: Some("Persephone".into()),
        practitioner: Some("Balthazar".into()),
        starts_at: 1000,
        minutes: 30,
        ways: vec![Way::Video, Way::Text],
        waiting_words: Some("The kettle is humming".into()),
        word: Some("marmalade".into()),
        response: Some("End quietly, then write at six".into()),
        when_hidden: None,
        rings: false,
        number: None,
        signing: false,
        by_code: false,
        about: None,
        spellings: vec![],
        early: None,
        help: None,
    }
}

/// A safety plan.
pub(super) fn agreed() -> SafetyPlan {
    serde_json::from_value(serde_json::json!({ "reference": "JT", "channels": [], "hours": [], "zone": "UTC", "number": null, "word": null,
        "spellings": [], "response": null, "proves_us": null, "proves_them": null, "proves_them_answer": null, "if_other": null,
        "if_drops": null, "if_exit": null, "when_hidden": null, "signing": false, "by_code": false, "early": null, "wording": null }))
    .unwrap()
}

pub(super) fn fact(at: u32, person: Option<&str>, what: Happened) -> Fact {
    Fact { at, person: person.map(Into::into), what }
}

pub(super) fn opened(session: &str) -> Happened {
    Happened::Opened { session: session.into(), browser: None, claim: None, another: false }
}

fn found(content: &[u8], text: &str) -> bool {
    content.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_contact_and_what_happened_in_it_are_there_after_a_restart() {
    let folder = Folder::new();
    let facts = vec![
        fact(5, Some("p1"), Happened::Invited { invitee: None }),
        fact(6, Some("p1"), opened("s1")),
        fact(7, Some("p1"), Happened::Knocked),
    ];
    let id = {
        let records = folder.records().await;
        let id = records.new_contact("owner", &details("JT-4471"), 1).await.unwrap();
        assert_eq!(records.invite(&id, "i1", "p1", 2).await.unwrap(), "p1");
        records.append(&id, &facts[..2], false, None).await.unwrap();
        records.append(&id, &facts[2..], false, None).await.unwrap();
        id
    };
    let records = folder.records().await;
    let contact = records.contact(&id).await.unwrap().unwrap();
    assert!(contact.details == details("JT-4471") && contact.owner == "owner" && contact.ended.is_none() && contact.link);
    assert!(records.facts(&id).await.unwrap() == facts);
    assert!(records.contact("other").await.unwrap().is_none());
    assert!(records.facts("other").await.unwrap().is_empty());
    assert!(matches!(records.append("other", &facts, false, None).await, Err(RecordsError::Missing)));
}

#[tokio::test]
async fn nothing_of_a_contact_is_in_clear_in_any_file() {
    let folder = Folder::new();
    let records = folder.records().await;
    let id = records.new_contact("owner", &details("JT-4471-Kensington"), 1).await.unwrap();
    records.change_contact(&id, &details("JT-4471-Wandsworth")).await.unwrap();
    let mut happened = vec![fact(5, Some("person-one"), Happened::Invited { invitee: None })];
    happened.push(fact(6, Some("person-one"), opened("session-one")));
    records.append(&id, &happened, false, None).await.unwrap();
    let secrets = [
        "Kensington",
        "Wandsworth",
        "Persephone",
        "Balthazar",
        "kettle",
        "marmalade",
        "quietly",
        "session-one",
        "person-one",
        "invited",
        "opened\"",
        "reference",
        "greeting",
    ];
    let look = |when: &str| {
        let files = folder.files();
        assert!(files.iter().any(|(name, content)| name.starts_with("records.db") && found(content, &id)), "the control: ids are in clear");
        for (name, content) in files {
            for secret in secrets {
                assert!(!found(&content, secret), "{secret} is in {name} {when}");
            }
        }
    };
    look("while open");
    records.close().await;
    look("after closing");
}

#[tokio::test]
async fn no_two_contacts_share_a_key_and_a_key_of_one_opens_nothing_of_another() {
    let folder = Folder::new();
    let records = folder.records().await;
    let one = records.new_contact("owner", &details("one"), 1).await.unwrap();
    let two = records.new_contact("owner", &details("two"), 1).await.unwrap();
    assert!(records.keys().key(&one).await.unwrap().bytes() != records.keys().key(&two).await.unwrap().bytes());
    // The sealed row of one, put in the place of the other, doesn't open; nor does the wrapped key of one as that of the other.
    engine::on_each!(records.engine(), db => {
        let mut write = db.write().await.unwrap();
        let swap = "UPDATE contacts SET sealed = (SELECT c.sealed FROM contacts c WHERE c.id = $1) WHERE id = $2";
        sqlx::query(swap).bind(&one).bind(&two).execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
    });
    assert!(matches!(records.contact(&two).await, Err(RecordsError::Damaged)));
    assert!(records.contact(&one).await.unwrap().is_some());
    records.keys().forget(std::slice::from_ref(&one)).await.unwrap();
    assert!(records.contact(&one).await.unwrap().is_none(), "readable without its key");
    assert!(matches!(records.facts(&one).await, Ok(facts) if facts.is_empty()));
    assert!(matches!(records.append(&one, &[fact(1, None, Happened::Ended)], false, None).await, Err(RecordsError::Missing)));
}

#[tokio::test]
async fn a_wrong_or_missing_master_key_is_told_at_the_start() {
    let folder = Folder::new();
    let other = Folder::new();
    folder.records().await.close().await;
    other.records().await.close().await;
    let key = folder.0.join("master.key");
    fs::copy(other.0.join("master.key"), &key).unwrap();
    assert!(matches!(Records::open(&folder.0).await, Err(RecordsError::WrongMasterKey(named)) if named == key.display().to_string()));
    fs::remove_file(&key).unwrap();
    assert!(matches!(Records::open(&folder.0).await, Err(RecordsError::NoMasterKey(_))));
    assert!(!key.exists(), "a new key was made over records that it can't read");
    fs::write(&key, "short").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(Records::open(&folder.0).await, Err(RecordsError::Unusable(_))));
}

#[tokio::test]
async fn what_is_deleted_is_overwritten_what_is_committed_is_on_disk_and_readers_only_read() {
    let folder = Folder::new();
    let records = folder.records().await;
    engine::on_each!(records.engine(), db => {
        let mut write = db.write().await.unwrap();
        // secure_delete on, auto_vacuum incremental, synchronous full, foreign keys on.
        for (pragma, expected) in [("secure_delete", 1), ("auto_vacuum", 2), ("synchronous", 2), ("foreign_keys", 1)] {
            let pragma = format!("PRAGMA {pragma}");
            let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(pragma.clone())).fetch_one(&mut *write).await.unwrap();
            assert_eq!(found, expected, "{pragma}");
        }
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *write).await.unwrap();
        assert_eq!(mode, "wal");
        drop(write);
        assert!(sqlx::query("DELETE FROM contacts").execute(db.readers()).await.is_err(), "a reader wrote");
    });
}

#[tokio::test]
async fn files_and_folder_are_their_owners_alone() {
    let folder = Folder::new();
    fs::create_dir(&folder.0).unwrap();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    let records = folder.records().await;
    records.new_contact("owner", &details("one"), 1).await.unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.0.clone()), 0o700);
    let mut names: Vec<String> = folder.files().into_iter().map(|(name, _)| name).collect();
    names.sort();
    let all = ["keys.db", "keys.db-shm", "keys.db-wal", "master.key", "records.db", "records.db-shm", "records.db-wal"];
    assert_eq!(names, all);
    for name in names {
        assert_eq!(mode(folder.0.join(&name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_new_link_makes_the_old_one_worthless_and_the_same_again_changes_nothing() {
    let folder = Folder::new();
    let records = folder.records().await;
    let id = records.new_contact("owner", &details("one"), 1).await.unwrap();
    let other = records.new_contact("owner", &details("two"), 1).await.unwrap();
    assert_eq!(records.invite(&id, "i1", "p1", 2).await.unwrap(), "p1");
    assert_eq!(records.invite(&id, "i1", "p9", 3).await.unwrap(), "p1");
    assert_eq!(records.invite(&id, "i2", "p2", 4).await.unwrap(), "p2");
    let dead = async |invitation: &str| records.invitation(invitation).await.unwrap().unwrap().dead;
    assert_eq!((dead("i1").await, dead("i2").await), (true, false));
    assert!(matches!(records.invite(&id, "i1", "p3", 5).await, Err(RecordsError::Taken)), "a dead one came back to life");
    assert!(matches!(records.invite(&other, "i2", "p3", 5).await, Err(RecordsError::Taken)));
    assert_eq!(records.invited(&id).await.unwrap(), ["p2"]);
    records.revoke(&id, None, 6).await.unwrap();
    assert!(dead("i2").await && !records.contact(&id).await.unwrap().unwrap().link);
    assert!(records.invitation("i3").await.unwrap().is_none());
}

#[tokio::test]
async fn leaving_and_ending_kill_the_way_in_with_the_fact_that_tells_of_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let id = records.new_contact("owner", &details("one"), 1).await.unwrap();
    records.invite(&id, "i1", "p1", 2).await.unwrap();
    records.append(&id, &[fact(3, Some("p2"), Happened::Left { how: Leaving::Exit })], false, None).await.unwrap();
    assert!(!records.invitation("i1").await.unwrap().unwrap().dead, "somebody else left");
    records.append(&id, &[fact(3, Some("p1"), Happened::Left { how: Leaving::Exit })], false, None).await.unwrap();
    assert!(records.invitation("i1").await.unwrap().unwrap().dead);
    records.invite(&id, "i2", "p3", 4).await.unwrap();
    records.append(&id, &[fact(9, None, Happened::Ended)], false, None).await.unwrap();
    assert!(records.invitation("i2").await.unwrap().unwrap().dead);
    assert_eq!(records.contact(&id).await.unwrap().unwrap().ended, Some(9));
}

#[tokio::test]
async fn a_day_lists_its_own_contacts_and_those_still_open_soonest_first() {
    let folder = Folder::new();
    let records = folder.records().await;
    let at = async |owner: &str, starts_at: u32| {
        let details = ContactDetails { starts_at, ..details("x") };
        records.new_contact(owner, &details, 1).await.unwrap()
    };
    let (late, early, yesterday, _next) = (at("me", 150).await, at("me", 100).await, at("me", 50).await, at("me", 200).await);
    let _others = at("you", 120).await;
    let ids = async || {
        let contacts = records.contacts_between("me", 100, 200).await.unwrap();
        contacts.into_iter().map(|contact| contact.id).collect::<Vec<_>>()
    };
    assert_eq!(ids().await, [early.clone(), late.clone()]);
    records.append(&yesterday, &[fact(51, Some("p"), opened("s"))], false, None).await.unwrap();
    assert_eq!(ids().await, [yesterday.clone(), early.clone(), late.clone()]);
    records.append(&yesterday, &[fact(90, None, Happened::Ended)], false, None).await.unwrap();
    assert_eq!(ids().await, [early.clone(), late.clone()]);
    // What waits for "Handled" is shown whatever its time, ended or not; and one without its key keeps none of the others away.
    records.append(&yesterday, &[fact(91, None, Happened::Lost)], true, None).await.unwrap();
    assert_eq!(ids().await, [yesterday.clone(), early.clone(), late.clone()]);
    records.keys().forget(std::slice::from_ref(&early)).await.unwrap();
    assert_eq!(ids().await, [yesterday.clone(), late.clone()]);
    records.append(&yesterday, &[fact(92, None, Happened::Lost)], false, None).await.unwrap();
    assert_eq!(ids().await, [late]);
}

#[tokio::test]
async fn a_contact_is_due_to_end_four_hours_after_its_planned_end_however_that_was_moved() {
    let folder = Folder::new();
    let records = folder.records().await;
    let plan = async |starts_at: u32, minutes: u32| {
        records.new_contact("owner", &ContactDetails { starts_at, minutes, ..details("x") }, 1).await.unwrap()
    };
    let (later, sooner) = (plan(100_000, 60).await, plan(100_000, 30).await);
    let end = 100_000 + 30 * 60 + 4 * 3600;
    let due = async |now: u32| records.due_to_end(now).await.unwrap();
    assert_eq!(due(0).await.len() + due(end - 1).await.len(), 0);
    assert_eq!(due(end).await, std::slice::from_ref(&sooner));
    assert_eq!(due(end + 1800).await, [sooner.clone(), later.clone()]);
    records.change_contact(&sooner, &ContactDetails { starts_at: 200_000, ..details("x") }).await.unwrap();
    assert_eq!(due(end + 1800).await, std::slice::from_ref(&later));
    records.append(&later, &[fact(9, None, Happened::Ended)], false, None).await.unwrap();
    assert_eq!(due(u32::MAX).await, [sooner]);
}

#[tokio::test]
async fn what_is_under_way_is_found_page_by_page() {
    let folder = Folder::new();
    let records = folder.records().await;
    let mut open = Vec::new();
    for number in 0..5 {
        let id = records.new_contact("owner", &details("x"), 1).await.unwrap();
        if number > 0 {
            records.append(&id, &[fact(2, Some("p"), opened("s"))], false, None).await.unwrap();
        }
        if number == 4 {
            // What waits to be handled is looked after also when it is over.
            records.append(&id, &[fact(3, None, Happened::Ended)], true, None).await.unwrap();
        }
        if number > 1 {
            open.push(id);
        } else if number > 0 {
            records.append(&id, &[fact(3, None, Happened::Ended)], false, None).await.unwrap();
        }
    }
    open.sort();
    assert_eq!(records.under_way("").await.unwrap(), open);
    assert_eq!(records.under_way(&open[0]).await.unwrap(), open[1..]);
}

#[tokio::test]
async fn the_last_mark_of_life_is_there_after_a_restart() {
    let folder = Folder::new();
    let records = folder.records().await;
    assert_eq!(records.last_alive().await.unwrap(), None);
    records.mark_alive(10).await.unwrap();
    records.mark_alive(20).await.unwrap();
    records.close().await;
    assert_eq!(folder.records().await.last_alive().await.unwrap(), Some(20));
}

#[tokio::test]
async fn what_an_earlier_version_kept_goes_over() {
    let folder = Folder::new();
    folder.records().await.close().await;
    // As the first version left it.
    let path = folder.0.join("records.db");
    fs::remove_file(&path).unwrap();
    let old = sqlite::Sqlite::open(&path).await.unwrap();
    let mut all = sqlx::migrate!("./migrations/records");
    all.migrations.to_mut().retain(|migration| migration.version == 1);
    old.migrate(&all).await.unwrap();
    let mut write = old.write().await.unwrap();
    for sql in [
        "INSERT INTO staff VALUES ('sam', 'Sam', 's@e', 's@e', 'phc', 1, 0, 1, 1)",
        "INSERT INTO staff_sessions VALUES (x'01010101010101010101010101010101', 'sam', 7, 5000)",
        "INSERT INTO contacts (id, owner, starts_at, sealed, made, ended) VALUES ('c1', 'sam', 1000, x'00', 1, NULL), ('c2', 'sam', 1000, x'00', 1, 90)",
    ] {
        sqlx::query(sql).execute(&mut *write).await.unwrap();
    }
    write.commit().await.unwrap();
    old.close().await;
    let records = folder.records().await;
    assert_eq!(records.due_to_end(1000 + 8 * 3600).await.unwrap(), ["c1"]);
    assert_eq!(records.due_to_end(1000 + 8 * 3600 - 1).await.unwrap().len(), 0);
    let ended = |unhandled| EndedContact { id: "c2".into(), owner: "sam".into(), ended: 90, unhandled };
    assert_eq!(records.ended_by(90, Some(0), 100, None).await.unwrap(), [ended(false)]);
    let kept = &records.sign_ins("sam", 10).await.unwrap()[0];
    assert_eq!((kept.browser.as_str(), kept.since, kept.last_used), ("Another browser", 7, 7));
}

#[tokio::test]
async fn two_hundred_writers_at_once_all_write() {
    let folder = Folder::new();
    let records = folder.records().await;
    let id = records.new_contact("owner", &details("one"), 1).await.unwrap();
    let writes = (0..200).map(|at| {
        let (records, id) = (records.clone(), id.clone());
        tokio::spawn(async move { records.append(&id, &[fact(at, None, Happened::Knocked)], false, None).await.is_ok() })
    });
    for write in writes.collect::<Vec<_>>() {
        assert!(write.await.unwrap());
    }
    assert_eq!(records.facts(&id).await.unwrap().len(), 200);
}

#[tokio::test]
async fn a_key_without_its_contact_is_forgotten_and_no_other() {
    let folder = Folder::new();
    let records = folder.records().await;
    let id = records.new_contact("owner", &details("one"), 1).await.unwrap();
    records.keys().make("never-written").await.unwrap();
    assert_eq!(records.forget_orphaned_keys().await.unwrap(), 1);
    assert_eq!(records.keys().contacts().await.unwrap(), [id]);
}

#[tokio::test]
async fn a_one_time_link_works_once_until_it_expires_or_there_is_an_administrator() {
    let folder = Folder::new();
    let records = folder.records().await;
    let first = FirstLink { roles: vec![Role::Practitioner, Role::Administrator], first: true, ..FirstLink::default() };
    records.new_first_link(b"old", &first, 100).await.unwrap();
    records.new_first_link(b"new", &first, 100).await.unwrap();
    assert!(records.first_link(b"old", 1).await.unwrap().is_none(), "replaced");
    assert!(records.first_link(b"new", 99).await.unwrap().is_some());
    assert!(records.first_link(b"new", 100).await.unwrap().is_none(), "expired");
    let member = NewMember { name: "Sam", email: "Sam@Example.org ", password: "phc", roles: &[Role::Administrator], team: None };
    assert!(matches!(records.use_first_link(b"old", &member, 1).await, Err(RecordsError::Missing)));
    let sam = records.use_first_link(b"new", &member, 1).await.unwrap();
    assert!(matches!(records.use_first_link(b"new", &member, 1).await, Err(RecordsError::Missing)), "used");
    records.new_first_link(b"again", &first, 100).await.unwrap();
    assert!(records.first_link(b"again", 1).await.unwrap().is_none(), "there is an administrator");
    let account = records.account(" sam@example.ORG").await.unwrap().unwrap();
    assert!(account.member.id == sam.id && account.password == "phc" && account.member.look_first);
    let other = FirstLink { email: Some("SAM@example.org".into()), roles: vec![Role::Practitioner], ..FirstLink::default() };
    assert!(matches!(records.new_first_link(b"other", &other, 100).await, Err(RecordsError::Taken)));
}

#[tokio::test]
async fn a_sign_in_lasts_until_it_expires_is_ended_or_is_one_too_many() {
    let folder = Folder::new();
    let records = folder.records().await;
    let first = FirstLink { roles: vec![Role::Practitioner], first: true, ..FirstLink::default() };
    records.new_first_link(b"link", &first, 100).await.unwrap();
    let member = NewMember { name: "Sam", email: "s@e", password: "phc", roles: &first.roles, team: None };
    let sam = records.use_first_link(b"link", &member, 1).await.unwrap();
    let kim = records.new_first_link(b"link of kim", &FirstLink { email: Some("k@e".into()), ..first.clone() }, 100).await;
    kim.unwrap();
    let member = NewMember { name: "Kim", email: "k@e", password: "phc", roles: &first.roles, team: None };
    let kim = records.use_first_link(b"link of kim", &member, 1).await.unwrap();
    let hash = |letter: u8| vec![letter; 32];
    let valid = async |letter: u8, now: u32| records.signed_in(&hash(letter), now).await.unwrap().is_some();
    let enter = async |letter: u8, staff: &str, now: u32| {
        let new = NewSignIn { hash: &hash(letter), staff, browser: "Firefox on Linux", expires: 5000, way: sign_ins::Way::Own };
        records.new_sign_in(&new, now, 2).await.unwrap();
    };
    enter(1, &sam.id, 10).await;
    assert!(valid(1, 4999).await && !valid(1, 5000).await && !valid(2, 10).await);
    enter(2, &sam.id, 11).await;
    enter(3, &sam.id, 12).await;
    enter(4, &kim.id, 12).await;
    assert!(!valid(1, 20).await && valid(2, 20).await && valid(3, 20).await && valid(4, 20).await);
    let list = async |now: u32| records.sign_ins(&sam.id, now).await.unwrap();
    let entry = |letter: u8, since: u32, last_used: u32| SignIn {
        name: sign_in_name(&hash(letter)),
        browser: "Firefox on Linux".into(),
        since,
        last_used,
    };
    assert_eq!(list(20).await, [entry(3, 12, 12), entry(2, 11, 11)]);
    assert_eq!(list(5000).await, []);
    // In use: written down every five minutes, and not for another's or for none.
    let used = async |letter: u8, now: u32| records.sign_in_used(&sam.id, &sign_in_name(&hash(letter)), now).await.unwrap();
    used(2, 310).await;
    used(4, 400).await;
    used(9, 400).await;
    assert_eq!(list(400).await, [entry(3, 12, 12), entry(2, 11, 11)]);
    used(2, 311).await;
    assert_eq!(list(400).await, [entry(2, 11, 311), entry(3, 12, 12)]);
    let known = records.signed_in(&hash(2), 400).await.unwrap().unwrap();
    assert!(known.last_used == 311 && !known.used_long_ago(610) && known.used_long_ago(611) && known.sign_in == sign_in_name(&hash(2)));
    let end = async |staff: &str, name: &str| records.end_sign_in_of(staff, name, 100).await.unwrap();
    assert!(!end(&sam.id, &sign_in_name(&hash(4))).await && !end(&sam.id, "no name").await && !end(&sam.id, "").await);
    assert!(valid(4, 20).await, "another's was ended");
    assert!(end(&sam.id, &sign_in_name(&hash(2))).await && !end(&sam.id, &sign_in_name(&hash(2))).await);
    assert!(!valid(2, 20).await && valid(3, 20).await);
    records.end_sign_in(&hash(3), 100).await.unwrap();
    assert!(!valid(3, 20).await && valid(4, 20).await);
}

#[tokio::test]
async fn signing_keys_survive_a_restart_and_differ_by_purpose() {
    let folder = Folder::new();
    let records = folder.records().await;
    let keys = records.signing_keys(1).await.unwrap();
    let devices = records.signing_keys_for(Purpose::Device, 1).await.unwrap();
    assert!(keys.len() == 1 && devices.len() == 1 && keys[0].secret != devices[0].secret);
    records.close().await;
    let again = folder.records().await.signing_keys(2).await.unwrap();
    assert!(again.len() == 1 && again[0].secret == keys[0].secret && again[0].id == keys[0].id);
    for (name, content) in folder.files() {
        assert!(!content.windows(32).any(|window| window == keys[0].secret), "the secret is in {name}");
    }
}
