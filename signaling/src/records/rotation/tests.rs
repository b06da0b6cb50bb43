//! Each way to be stopped, and that everything opens afterwards.

use super::super::tests::{Folder, details};
use super::*;
use crate::config;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

async fn keys_by_hand(folder: &Folder) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.0.join("keys.db")).connect().await.unwrap()
}

async fn by_hand(folder: &Folder, sql: &str) {
    let mut keys = keys_by_hand(folder).await;
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut keys).await.unwrap();
    keys.close().await.unwrap();
}

/// All that is wrapped, as it stands in the file.
async fn wrapped(folder: &Folder) -> Vec<Vec<u8>> {
    let mut keys = keys_by_hand(folder).await;
    let all = "SELECT wrapped FROM data_keys UNION SELECT wrapped FROM service_keys UNION SELECT sealed FROM master_check";
    let all = sqlx::query_scalar(all).fetch_all(&mut keys).await.unwrap();
    keys.close().await.unwrap();
    all
}

fn master_key(folder: &Folder) -> Vec<u8> {
    std::fs::read(folder.0.join("master.key")).unwrap()
}

/// How many of these stand in any file of the folders.
fn found(folders: &[&Folder], values: &[Vec<u8>]) -> usize {
    let files: Vec<Vec<u8>> = folders.iter().flat_map(|folder| folder.files()).map(|(_, content)| content).collect();
    values.iter().filter(|value| files.iter().any(|file| file.windows(value.len()).any(|window| window == value.as_slice()))).count()
}

/// Records with three contacts and a secret of the service; their ids.
async fn filled(folder: &Folder, keys: &config::Keys) -> (Records, Vec<String>, Vec<u8>) {
    let records = Records::open_with(&folder.0, keys).await.unwrap();
    let mut ids = vec![];
    for _ in 0..3 {
        ids.push(records.new_contact("owner", &details("JT-4471"), 1).await.unwrap());
    }
    let secret = records.signing_keys(1).await.unwrap()[0].secret.to_vec();
    (records, ids, secret)
}

/// Everything opens, as a start would open it.
async fn all_opens(folder: &Folder, ids: &[String], secret: &[u8]) {
    let records = folder.records().await;
    for id in ids {
        assert!(records.contact(id).await.unwrap().is_some());
    }
    assert!(records.signing_keys(2).await.unwrap()[0].secret == secret);
    records.new_contact("owner", &details("new"), 1).await.unwrap();
    records.close().await;
}

#[tokio::test]
async fn after_a_rotation_everything_opens_and_what_the_old_key_opens_is_nowhere() {
    let (folder, safe) = (Folder::new(), Folder::new());
    std::fs::create_dir(&safe.0).unwrap();
    let keys = config::Keys { copy: Some(safe.0.join("keys.copy")), ..config::Keys::default() };
    let (records, ids, secret) = filled(&folder, &keys).await;
    records.renew_key_copy().await.unwrap();
    let (old, old_key) = (wrapped(&folder).await, master_key(&folder));
    assert_eq!((old.len(), found(&[&safe], &old)), (6, 6), "the control: they are found, in the copy too");
    assert_eq!(records.rotate_master_key(None).await.unwrap(), 5);
    records.close().await;
    assert!(master_key(&folder) != old_key && !folder.0.join("master.key.next").exists());
    assert_eq!(found(&[&folder, &safe], &old), 0);
    assert_eq!(found(&[&safe], &wrapped(&folder).await), 6, "the copy holds them as they are now");
    all_opens(&folder, &ids, &secret).await;
    std::fs::write(folder.0.join("master.key"), old_key).unwrap();
    assert!(matches!(Records::open(&folder.0).await, Err(RecordsError::WrongMasterKey(_))));
}

#[tokio::test]
async fn stopped_before_its_transaction_is_through_the_old_key_opens_everything() {
    for step in ["the new key is written", "the last of the keys is being wrapped"] {
        let folder = Folder::new();
        let (records, ids, secret) = filled(&folder, &config::Keys::default()).await;
        let (old, old_key) = (wrapped(&folder).await, master_key(&folder));
        if step == "the new key is written" {
            records.keys().holder().make_next().unwrap();
        } else {
            by_hand(&folder, "CREATE TRIGGER stop BEFORE UPDATE ON master_check BEGIN SELECT RAISE(ABORT, 'stop'); END").await;
            assert!(records.rotate_master_key(None).await.is_err());
            by_hand(&folder, "DROP TRIGGER stop").await;
        }
        drop(records);
        assert!(master_key(&folder) == old_key && folder.0.join("master.key.next").exists(), "{step}");
        assert!(wrapped(&folder).await == old, "{step}");
        all_opens(&folder, &ids, &secret).await;
        // And the next one isn't troubled by what is left.
        let records = folder.records().await;
        records.rotate_master_key(None).await.unwrap();
        records.close().await;
        assert!(master_key(&folder) != old_key);
        all_opens(&folder, &ids, &secret).await;
    }
}

#[tokio::test]
async fn stopped_before_the_new_key_is_in_its_place_the_next_start_puts_it_there() {
    let folder = Folder::new();
    let (records, ids, secret) = filled(&folder, &config::Keys::default()).await;
    let old_key = master_key(&folder);
    let next = records.keys().holder().make_next().unwrap();
    records.keys().rewrap(&next).await.unwrap();
    drop(records);
    assert!(master_key(&folder) == old_key);
    all_opens(&folder, &ids, &secret).await;
    assert!(master_key(&folder) != old_key && !folder.0.join("master.key.next").exists());
    all_opens(&folder, &ids, &secret).await;
}

#[tokio::test]
async fn whoever_has_the_old_key_in_memory_can_lose_nothing_under_it() {
    let folder = Folder::new();
    let (records, ids, secret) = filled(&folder, &config::Keys::default()).await;
    let other = folder.records().await;
    records.rotate_master_key(None).await.unwrap();
    assert!(matches!(other.new_contact("owner", &details("lost"), 1).await, Err(RecordsError::WrongMasterKey(_))));
    other.close().await;
    records.close().await;
    all_opens(&folder, &ids, &secret).await;
}

#[tokio::test]
async fn a_key_that_is_there_already_can_be_named_and_the_present_one_stays_where_it_is() {
    let (folder, safe) = (Folder::new(), Folder::new());
    std::fs::create_dir(&safe.0).unwrap();
    let (records, ids, secret) = filled(&folder, &config::Keys::default()).await;
    let (old_key, new) = (master_key(&folder), MasterKey::File(safe.0.join("new")));
    assert!(matches!(records.rotate_master_key(Some(&new)).await, Err(RecordsError::NoMasterKey(_))));
    Holder::of(&new, &folder.0).unwrap().make().unwrap();
    records.rotate_master_key(Some(&new)).await.unwrap();
    records.close().await;
    assert!(master_key(&folder) == old_key);
    assert!(matches!(Records::open(&folder.0).await, Err(RecordsError::WrongMasterKey(_))));
    std::fs::copy(safe.0.join("new"), folder.0.join("master.key")).unwrap();
    all_opens(&folder, &ids, &secret).await;
}

/// As the version before left it: sealed under the master key itself.
#[tokio::test]
async fn secrets_of_the_service_that_the_master_key_sealed_go_over_to_its_own_key() {
    let folder = Folder::new();
    let (records, _, secret) = filled(&folder, &config::Keys::default()).await;
    let id = records.signing_keys(1).await.unwrap()[0].id.clone();
    let place = super::super::sealing::Place { table: "signing_keys", row: &id, contact: "session" };
    let sealed = records.keys().master().seal(&place, &secret).unwrap();
    records.close().await;
    let mut file = SqliteConnectOptions::new().filename(folder.0.join("records.db")).connect().await.unwrap();
    sqlx::query("UPDATE signing_keys SET sealed = $1").bind(sealed).execute(&mut file).await.unwrap();
    let records = folder.records().await;
    assert!(records.signing_keys(2).await.unwrap()[0].secret.to_vec() == secret);
    records.rotate_master_key(None).await.unwrap();
    records.close().await;
    assert!(folder.records().await.signing_keys(2).await.unwrap()[0].secret.to_vec() == secret);
    // What nobody can open makes room for another.
    sqlx::query("UPDATE signing_keys SET sealed = x'00'").execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    assert!(folder.records().await.signing_keys(3).await.unwrap()[0].secret.to_vec() != secret);
}
