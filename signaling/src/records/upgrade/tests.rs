use super::super::sqlite::Sqlite;
use super::super::tests::Folder;
use super::super::{BACKUP, Keys, Records};
use super::*;
use crate::config;
use std::fs::File;
use std::time::SystemTime;

/// A folder with records as they were at this schema, with one member of staff, and the keys of today.
async fn at(schema: i64) -> Folder {
    let folder = Folder::new();
    folder.records().await.close().await;
    let path = folder.0.join("records.db");
    fs::remove_file(&path).unwrap();
    let old = Sqlite::open(&path).await.unwrap();
    let mut some = Engine::migrations();
    some.migrations.to_mut().retain(|migration| migration.version <= schema);
    old.migrate(&some).await.unwrap();
    let mut write = old.write().await.unwrap();
    let sam = "INSERT INTO staff (id, name, email, email_folded, password, practitioner, administrator, look_first, made) \
        VALUES ('sam', 'Sam', 's@e', 's@e', 'phc', 1, 1, 1, 1)";
    sqlx::query(sam).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    old.close().await;
    folder
}

fn newest() -> i64 {
    Engine::migrations().iter().map(|migration| migration.version).max().unwrap()
}

/// The schema that the copy from before has, opened.
async fn schema_in(folder: &Folder, backup: &str) -> Option<i64> {
    let opened = folder.0.join("opened.db");
    let from = folder.0.join(BEFORE).join(backup);
    Records::open_backup(&folder.0, &config::Keys::default(), &from, &opened, told_by_nobody).await.unwrap();
    let database = Sqlite::open(&opened).await.unwrap();
    let found = database.schema(&Engine::migrations()).await.unwrap();
    database.close().await;
    fs::remove_file(&opened).unwrap();
    match found {
        Schema::Older(found) => Some(found),
        _ => None,
    }
}

#[test]
fn what_is_as_old_as_we_are_is_left_and_what_is_newer_is_never_touched() {
    for (found, schema) in [(None, Schema::New), (Some(20), Schema::Older(20)), (Some(21), Schema::Current), (Some(22), Schema::Newer(22))]
    {
        assert_eq!(Schema::of(found, 21), schema);
        for by in [Upgrading::Here, Upgrading::ByTheService] {
            let refused = match schema {
                Schema::Newer(_) => true,
                Schema::Older(_) => by == Upgrading::ByTheService,
                _ => false,
            };
            assert_eq!(schema.allowed("records.db", by).is_err(), refused, "{schema:?} {by:?}");
        }
    }
}

#[tokio::test]
async fn from_every_schema_there_is_a_way_forward_with_a_backup_of_before() {
    for migration in Engine::migrations().iter().filter(|migration| migration.version < newest()) {
        let folder = at(migration.version).await;
        let records = folder.records().await;
        assert_eq!(records.members().await.unwrap().len(), 1, "{}", migration.version);
        records.close().await;
        assert_eq!(schema_in(&folder, &format!("schema-{}", migration.version)).await, Some(migration.version));
        folder.records().await.close().await;
        assert_eq!(folders(&folder.0.join(BEFORE)).unwrap().len(), 1, "the next start has nothing to do");
    }
    let folder = Folder::new();
    folder.records().await.close().await;
    assert!(!folder.0.join(BEFORE).exists(), "the control: what is new has no before");
}

#[tokio::test]
async fn where_no_backup_can_be_made_nothing_is_brought_up_to_date() {
    let folder = at(newest() - 1).await;
    fs::write(folder.0.join(BEFORE), b"in the way").unwrap();
    assert!(Records::open(&folder.0).await.is_err());
    let database = Sqlite::open(&folder.0.join("records.db")).await.unwrap();
    assert_eq!(database.schema(&Engine::migrations()).await.unwrap(), Schema::Older(newest() - 1));
    database.close().await;
    fs::remove_file(folder.0.join(BEFORE)).unwrap();
    folder.records().await.close().await;
}

#[tokio::test]
async fn cut_off_between_two_steps_it_keeps_the_copy_of_the_first_until_all_is_done() {
    let folder = at(newest() - 1).await;
    let earlier = folder.0.join(BEFORE).join("schema-1");
    fs::create_dir_all(&earlier).unwrap();
    fs::write(earlier.join(BACKUP), b"of the first start").unwrap();
    let stopped = folder.0.join(BEFORE).join(format!("schema-{}", newest() - 1));
    fs::write(&stopped, b"in the way").unwrap();
    assert!(Records::open(&folder.0).await.is_err());
    assert!(earlier.join(BACKUP).exists());
    fs::remove_file(&stopped).unwrap();
    // What a start before has left in its place is made anew.
    fs::create_dir(&stopped).unwrap();
    fs::write(stopped.join(BACKUP), b"of an earlier upgrade").unwrap();
    folder.records().await.close().await;
    assert!(!earlier.exists());
    assert_eq!(schema_in(&folder, &format!("schema-{}", newest() - 1)).await, Some(newest() - 1));
}

#[tokio::test]
async fn a_newer_database_and_for_a_command_an_older_one_are_refused_and_stay_as_they_are() {
    for (database, schema) in [("records.db", newest() + 1), ("keys.db", 1000)] {
        let folder = Folder::new();
        folder.records().await.close().await;
        let file = Sqlite::open(&folder.0.join(database)).await.unwrap();
        let mut write = file.write().await.unwrap();
        let later =
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES ($1, 'later', 1, x'00', 0)";
        sqlx::query(later).bind(schema).execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
        file.close().await;
        let before = fs::read(folder.0.join(database)).unwrap();
        let refused = Records::open(&folder.0).await.err().unwrap();
        assert!(matches!(refused, RecordsError::Newer(named) if named == database), "{refused}");
        assert_eq!(fs::read(folder.0.join(database)).unwrap(), before);
    }
    let folder = at(newest() - 1).await;
    let command = Records::open_for_command(&folder.0, &config::Keys::default()).await;
    assert!(matches!(command, Err(RecordsError::Older("records.db"))));
    assert!(!folder.0.join(BEFORE).exists());
    folder.records().await.close().await;
    Records::open_for_command(&folder.0, &config::Keys::default()).await.unwrap().close().await;
}

#[tokio::test]
async fn the_backup_from_before_leads_back_and_goes_after_thirty_days() {
    let folder = at(newest() - 1).await;
    let records = folder.records().await;
    let copy = folder.0.join(BEFORE).join(format!("schema-{}", newest() - 1));
    let machine = Folder::new();
    fs::create_dir(&machine.0).unwrap();
    for file in ["master.key", "keys.db"] {
        fs::copy(folder.0.join(file), machine.0.join(file)).unwrap();
    }
    Records::restore(&machine.0, &config::Keys::default(), &copy, Keys::Newest, told_by_nobody).await.unwrap();
    assert_eq!(machine.records().await.members().await.unwrap()[0].member.name, "Sam");

    records.wipe().await.unwrap();
    assert!(copy.exists(), "the control: it is new");
    let old = SystemTime::now() - KEPT - Duration::from_secs(60);
    File::options().write(true).open(copy.join(BACKUP)).unwrap().set_modified(old).unwrap();
    records.wipe().await.unwrap();
    assert!(!copy.exists());
}
