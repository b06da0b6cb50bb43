//! A token works until its end, and not a second longer; there are only so many at once.

use super::super::tests::Folder;
use super::*;

const HASH: [u8; 32] = [7; 32];

async fn make(records: &Records, hash: &[u8], ends: u32, now: u32) -> Result<String> {
    let new = NewApiToken { hash, name: "Case system", scopes: &[Scope::UsageRead], who: "ada", ends };
    records.new_api_token(&new, now).await
}

#[tokio::test]
async fn a_token_that_ended_one_that_was_revoked_and_one_that_never_was_are_alike() {
    let folder = Folder::new();
    let records = folder.records().await;
    let id = make(&records, &HASH, 100, 10).await.unwrap();
    let found = records.use_api_token(&HASH, 99).await.unwrap();
    assert_eq!(found, Some((id.clone(), vec![Scope::UsageRead])), "the control");
    assert_eq!(records.use_api_token(&HASH, 100).await.unwrap(), None, "it has ended");
    assert_eq!(records.use_api_token(&[8; 32], 99).await.unwrap(), None, "it never was");
    assert!(matches!(records.revoke_api_token("another", "ada", 50).await, Err(RecordsError::Missing)));
    records.revoke_api_token(&id, "ada", 50).await.unwrap();
    assert_eq!(records.use_api_token(&HASH, 99).await.unwrap(), None, "it was revoked");
    let told: Vec<Audited> = records.audit_entries(None).await.unwrap().into_iter().map(|entry| entry.what).collect();
    assert_eq!(told, [Audited::ApiTokenRevoked, Audited::ApiTokenMade]);
}

#[tokio::test]
async fn its_last_use_is_known_by_the_day_alone() {
    let folder = Folder::new();
    let records = folder.records().await;
    make(&records, &HASH, 10 * DAY, 10).await.unwrap();
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
    let records = folder.records().await;
    for number in 0..20 {
        make(&records, &[number; 32], 100, 10).await.unwrap();
    }
    assert!(matches!(make(&records, &[20; 32], 200, 99).await, Err(RecordsError::Taken)));
    make(&records, &[20; 32], 200, 100).await.unwrap();
    assert_eq!(records.api_tokens(100).await.unwrap().len(), 1);
}
