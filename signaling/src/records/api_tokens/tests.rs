//! A token works until its end, and not a second longer; there are only so many at once.

use super::super::tests::Folder;
use super::super::{FirstLink, NewMember};
use super::*;
use sidelight_protocol::http::Role;

const HASH: [u8; 32] = [7; 32];

/// Records with an administrator.
async fn with_ada(folder: &Folder) -> (Records, String) {
    let records = folder.records().await;
    let first = FirstLink { roles: vec![Role::Administrator], ..FirstLink::default() };
    records.new_first_link(b"first", &first, 1000).await.unwrap();
    let member = NewMember { name: "Ada", email: "a@e", password: "phc", roles: &first.roles, team: None };
    let ada = records.use_first_link(b"first", &member, 1).await.unwrap().id;
    (records, ada)
}

async fn make(records: &Records, who: &str, hash: &[u8], ends: u32, now: u32) -> Result<String> {
    let new = NewApiToken { hash, name: "Case system", scopes: &[Scope::UsageRead], who, ends };
    records.new_api_token(&new, now).await
}

#[tokio::test]
async fn a_token_that_ended_one_that_was_revoked_and_one_that_never_was_are_alike() {
    let folder = Folder::new();
    let (records, ada) = with_ada(&folder).await;
    let id = make(&records, &ada, &HASH, 100, 10).await.unwrap();
    let found = records.use_api_token(&HASH, 99).await.unwrap();
    let due = Program { id: id.clone(), name: "Case system".into(), scopes: vec![Scope::UsageRead] };
    assert_eq!(found, Some(due), "the control");
    assert_eq!(records.use_api_token(&HASH, 100).await.unwrap(), None, "it has ended");
    assert_eq!(records.use_api_token(&[8; 32], 99).await.unwrap(), None, "it never was");
    assert!(matches!(records.revoke_api_token("another", &ada, 50).await, Err(RecordsError::Missing)));
    records.revoke_api_token(&id, &ada, 50).await.unwrap();
    assert_eq!(records.use_api_token(&HASH, 99).await.unwrap(), None, "it was revoked");
    let entries = records.audit_entries(None).await.unwrap();
    let told: Vec<_> = entries.iter().filter(|one| one.token.is_some()).map(|one| (one.what, one.token.as_deref())).collect();
    assert_eq!(told, [(Audited::ApiTokenRevoked, Some(id.as_str())), (Audited::ApiTokenMade, Some(id.as_str()))]);
    assert_eq!(records.token_names().await.unwrap()[&id], "Case system", "the audit can say which, though it is gone");
}

#[tokio::test]
async fn its_last_use_is_known_by_the_day_alone() {
    let folder = Folder::new();
    let (records, ada) = with_ada(&folder).await;
    make(&records, &ada, &HASH, 10 * DAY, 10).await.unwrap();
    let last = async || records.api_tokens(20).await.unwrap()[0].last_used;
    assert_eq!(last().await, None);
    for (at, day) in [(30, 0), (DAY - 1, 0), (DAY, DAY), (2 * DAY + 77, 2 * DAY)] {
        records.use_api_token(&HASH, at).await.unwrap();
        assert_eq!(last().await, Some(day), "{at}");
    }
}

#[tokio::test]
async fn there_are_twenty_at_most_and_those_that_ended_make_room() {
    let folder = Folder::new();
    let (records, ada) = with_ada(&folder).await;
    for number in 0..20 {
        make(&records, &ada, &[number; 32], 100, 10).await.unwrap();
    }
    assert!(matches!(make(&records, &ada, &[20; 32], 200, 99).await, Err(RecordsError::Taken)));
    make(&records, &ada, &[20; 32], 200, 100).await.unwrap();
    assert_eq!(records.api_tokens(100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_made_it_knows_it_so_it_opens_nothing_once_they_are_no_administrator() {
    let folder = Folder::new();
    let (records, ada) = with_ada(&folder).await;
    make(&records, &ada, &HASH, 100, 10).await.unwrap();
    let works = async || {
        let (used, listed) = (records.use_api_token(&HASH, 20).await.unwrap().is_some(), records.api_tokens(20).await.unwrap());
        assert_eq!((listed.len(), listed[0].works), (1, used), "the list says so");
        assert_eq!(records.programs_with(Scope::UsageRead, 20).await.unwrap().is_empty(), !used);
        used
    };
    assert!(works().await, "the control");
    records.set_roles(&ada, &[Role::Practitioner], None, 20).await.unwrap();
    assert!(!works().await, "they have another role");
    records.set_roles(&ada, &[Role::Administrator], None, 20).await.unwrap();
    assert!(works().await);
    records.set_disabled(&ada, true, None, 20).await.unwrap();
    assert!(!works().await, "they have left");
    make(&records, "nobody", &[8; 32], 100, 10).await.unwrap();
    assert_eq!(records.use_api_token(&[8; 32], 20).await.unwrap(), None, "they never were here");
}
