//! A seized disk or backup: what was erased is read with nothing that is left.

use crate::machine::{Desk, Machine, Writing, sqlite, until};
use data_encoding::HEXUPPER;
use sidelight_e2e::service::Service;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Contacts whose keys are wrapped anew.
const KEYS: usize = 60;

/// A new machine with this backup and these keys; what a practitioner finds there.
async fn restored(from: &Machine, backup: &Path, keys: &Path) -> Vec<String> {
    let machine = from.other();
    let (backup, keys) = (backup.display().to_string(), keys.display().to_string());
    machine.done(&["restore", &backup, "--keys", &keys]).await;
    let service = Service::start(&machine.settings).await;
    Desk::again(&service).await.list().await
}

#[tokio::test]
async fn a_backup_from_before_an_erasure_cant_be_read_with_the_keys_of_today() {
    let machine = Machine::new();
    let service = Service::start(&machine.settings).await;
    let desk = Desk::first(&service).await;
    let (kept, erased) = (desk.planned("kept").await, desk.planned("erased").await);
    until("both keys are in the copy", || machine.copy().exists() && sqlite(&machine.copy(), "SELECT COUNT(*) FROM data_keys") == "2");
    // By our own command, and page by page by SQLite's online backup, both while it runs.
    let (ours, online) = (machine.backups.path().join("ours"), machine.backups.path().join("online"));
    machine.done(&["backup", &ours.display().to_string()]).await;
    std::fs::create_dir(&online).expect("is new");
    sqlite(&machine.file("records.db"), &format!(".backup {}", online.join("records.db").display()));
    let of_then = machine.safe.path().join("stolen");
    std::fs::copy(machine.copy(), &of_then).expect("can be copied");
    let hex = |file: &str, what: &str| {
        let found = sqlite(&machine.file(file), &format!("SELECT hex({what}) WHERE 1"));
        HEXUPPER.decode(found.as_bytes()).expect("is hexadecimal")
    };
    let of = |column: &str, table: &str, id: &str| format!("(SELECT {column} FROM {table} WHERE {id} = '{erased}')");
    let (wrapped, sealed) = (hex("keys.db", &of("wrapped", "data_keys", "contact")), hex("records.db", &of("sealed", "contacts", "id")));
    let found = |value: &[u8]| {
        let files = machine.files(&[&machine.data, &machine.safe]);
        // Its two ends: the service's own tests search for every piece.
        let ends = [&value[..16], &value[value.len() - 16..]];
        let holds = |content: &[u8]| ends.iter().any(|end| content.windows(16).any(|window| window[0] == end[0] && window == *end));
        files.into_iter().filter(|(path, content)| *path != of_then && holds(content)).count()
    };
    assert!(found(&wrapped) >= 2 && found(&sealed) >= 1, "the control: they are in the files, the key in its copy too");
    machine.a_day_passes_for(&erased);
    until("it is erased, in the copy too", || found(&wrapped) == 0 && found(&sealed) == 0);
    assert!(machine.has_key(&kept) && !machine.has_key(&erased));
    assert_eq!(service.stop().await, Some(0));
    assert_eq!((found(&wrapped), found(&sealed)), (0, 0), "nor after it has stopped");

    for backup in [&ours, &online] {
        assert_eq!(restored(&machine, backup, &machine.copy()).await, ["kept"], "{}", backup.display());
        assert_eq!(restored(&machine, backup, &of_then).await, ["erased", "kept"], "the control: with the keys of then");
    }
}

/// On threads, since what was asked for is to go on while the test waits for a file.
#[tokio::test(flavor = "multi_thread")]
async fn killed_between_a_key_and_its_data_no_data_is_ever_without_its_key_nor_a_key_left_over() {
    let machine = Machine::new();
    let mut service = Service::start(&machine.settings).await;
    let desk = Desk::first(&service).await;
    let (kept, erased) = (desk.planned("kept").await, desk.planned("erased").await);
    // Making: the records can't be written, so it stands between the two.
    let writing = Writing::to(&machine.file("records.db"));
    let asked = desk.plans("never made");
    until("the new key is on disk", || machine.keys() == 3);
    service.kill().await;
    drop(writing);
    assert_eq!(asked.await.expect("is asked"), None);
    assert_eq!(sqlite(&machine.file("records.db"), "SELECT COUNT(*) FROM contacts"), "2", "and its data aren't");
    // Erasing: the row can't be deleted.
    sqlite(&machine.file("records.db"), "CREATE TRIGGER stop BEFORE DELETE ON contacts BEGIN SELECT RAISE(ABORT, 'stop'); END");
    let mut service = Service::start(&machine.settings).await;
    assert_eq!(machine.keys(), 2, "the start forgets the key without data");
    machine.a_day_passes_for(&erased);
    until("its key is destroyed", || !machine.has_key(&erased));
    service.kill().await;
    let left = || sqlite(&machine.file("records.db"), &format!("SELECT COUNT(*) FROM contacts WHERE id = '{erased}'"));
    assert_eq!(left(), "1", "and its data aren't yet");
    sqlite(&machine.file("records.db"), "DROP TRIGGER stop");
    let service = Service::start(&machine.settings).await;
    assert_eq!(Desk::again(&service).await.list().await, ["kept"]);
    until("the next sweep ends it", || left() == "0");
    assert!(machine.has_key(&kept));
}

#[tokio::test]
async fn killed_while_the_master_key_is_replaced_everything_opens_afterwards() {
    let machine = Machine::new();
    let service = Service::start(&machine.settings).await;
    let desk = Desk::first(&service).await;
    for number in 0..KEYS {
        desk.planned(&format!("kept {number:03}")).await;
    }
    let (status, said) = machine.run(&["keys", "rotate"]).await;
    assert!(status == Some(1) && said.contains("another sidelight serves from it already"), "{said}");
    assert_eq!(service.stop().await, Some(0));
    let whole = std::time::Instant::now();
    machine.done(&["keys", "rotate"]).await;
    let whole = whole.elapsed();
    let tries: u32 = if std::env::var_os("SIDELIGHT_LONG").is_some() { 200 } else { 12 };
    let mut killed = 0;
    for number in 0..tries {
        let mut rotation = machine.settings.command(&["keys", "rotate"]);
        let mut rotation = rotation.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        tokio::time::sleep(whole * number / tries).await;
        rotation.start_kill().expect("can be asked");
        killed += u32::from(!rotation.wait().await.expect("ends").success());
        // It opens as a start would open it.
        let (status, said) = machine.run(&["audit", "key"]).await;
        assert_eq!(status, Some(0), "killed after {number} of {tries} parts: {said}");
    }
    println!("{killed} of {tries} killed on their way");
    assert!(killed > 0, "the control: some were killed on their way");
    let service = Service::start(&machine.settings).await;
    let desk = Desk::again(&service).await;
    desk.planned("new").await;
    assert_eq!(desk.list().await.len(), KEYS + 1);
}

#[tokio::test]
async fn a_master_key_that_others_can_read_is_refused_and_one_may_come_from_systemd() {
    let mut machine = Machine::new();
    Service::start(&machine.settings).await.stop().await;
    let key = machine.file("master.key");
    let mode = |path: &Path, mode: u32| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(path, mode).expect("is ours");
    };
    mode(&key, 0o640);
    let (status, said) = machine.run(&["serve"]).await;
    assert!(status == Some(1) && said.contains("has mode 0640: it must be its owner's alone"), "{said}");
    // As LoadCredential hands it over.
    let credential = machine.safe.path().join("master");
    std::fs::rename(&key, &credential).expect("same disk");
    mode(&credential, 0o400);
    machine.settings.set("keys.master", "credential:master");
    let (status, said) = machine.run(&["audit", "key"]).await;
    assert!(status == Some(1) && said.contains("CREDENTIALS_DIRECTORY isn't set"), "{said}");
    machine.settings.variable("CREDENTIALS_DIRECTORY", &machine.safe.path().display().to_string());
    let service = Service::start(&machine.settings).await;
    assert!(!key.exists(), "none was made in the data folder");
    assert_eq!(service.stop().await, Some(0));
    let next = machine.safe.path().join("next");
    std::fs::write(&next, format!("{}\n", "0123456789abcdef".repeat(4))).expect("is written");
    mode(&next, 0o400);
    let (status, said) = machine.run(&["keys", "rotate"]).await;
    assert!(status == Some(1) && said.contains("--new"), "{said}");
    machine.done(&["keys", "rotate", "--new", "credential:next"]).await;
    let (status, said) = machine.run(&["audit", "key"]).await;
    assert!(status == Some(1) && said.contains("is not the one these records were written with"), "{said}");
    std::fs::rename(&next, &credential).expect("same disk");
    machine.done(&["audit", "key"]).await;
    tokio::time::timeout(Duration::from_secs(20), Service::start(&machine.settings)).await.expect("starts with the new one").stop().await;
}
