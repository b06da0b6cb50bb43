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
    listed(&machine).await
}

/// The same with a copy of the database itself, which only by hand comes into its place.
async fn put_in_place(from: &Machine, records: &Path, keys: &Path) -> Vec<String> {
    let machine = from.other();
    std::fs::copy(records, machine.file("records.db")).expect("can be copied");
    std::fs::copy(keys, machine.file("keys.db")).expect("can be copied");
    listed(&machine).await
}

async fn listed(machine: &Machine) -> Vec<String> {
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
    let (ours, online) = (machine.backups.path().join("ours"), machine.safe.path().join("online.db"));
    machine.done(&["backup", &ours.display().to_string()]).await;
    sqlite(&machine.file("records.db"), &format!(".backup {}", online.display()));
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
        files.into_iter().filter(|(path, content)| *path != of_then && *path != online && holds(content)).count()
    };
    assert!(found(&wrapped) >= 2 && found(&sealed) >= 1, "the control: they are in the files, the key in its copy too");
    machine.a_day_passes_for(&erased);
    until("it is erased, in the copy too", || found(&wrapped) == 0 && found(&sealed) == 0);
    assert!(machine.has_key(&kept) && !machine.has_key(&erased));
    assert_eq!(service.stop().await, Some(0));
    assert_eq!((found(&wrapped), found(&sealed)), (0, 0), "nor after it has stopped");

    assert_eq!(restored(&machine, &ours, &machine.copy()).await, ["kept"]);
    assert_eq!(restored(&machine, &ours, &of_then).await, ["erased", "kept"], "the control: with the keys of then");
    assert_eq!(put_in_place(&machine, &online, &machine.copy()).await, ["kept"]);
    assert_eq!(put_in_place(&machine, &online, &of_then).await, ["erased", "kept"], "the control: with the keys of then");
}

#[tokio::test]
async fn a_backup_that_is_killed_leaves_no_clear_copy_after_the_next_start_and_none_where_backups_go() {
    let machine = Machine::new();
    let service = Service::start(&machine.settings).await;
    Desk::first(&service).await.planned("kept").await;
    // It takes a while, so that it can be killed on its way.
    sqlite(&machine.file("records.db"), "CREATE TABLE ballast (x); INSERT INTO ballast VALUES (zeroblob(1 << 20));");
    sqlite(&machine.file("records.db"), &"INSERT INTO ballast SELECT x FROM ballast;".repeat(6));
    let (clear, name) = (machine.file("unsealed.db"), b"sam@example.org");
    let (mut left, tries) = (0, 8);
    for number in 0..tries {
        let folder = machine.backups.path().join("killed").display().to_string();
        let mut backup = machine.settings.command(&["backup", &folder]);
        let mut backup = backup.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        until("the copy is being made", || clear.exists());
        tokio::time::sleep(Duration::from_millis(30 * number)).await;
        backup.start_kill().expect("can be asked");
        let killed = !backup.wait().await.expect("ends").success();
        left += u32::from(killed && clear.exists());
        for (path, content) in machine.files(&[&machine.backups]) {
            assert!(!content.windows(name.len()).any(|window| window == name), "{}", path.display());
            std::fs::remove_file(path).expect("is ours");
        }
        machine.done(&["audit", "key"]).await;
        assert!(!clear.exists(), "killed at {number} of {tries}");
    }
    assert!(left > 0, "the control: some were killed with a copy in the clear");
    service.stop().await;
    let whole = machine.backups.path().join("whole");
    machine.done(&["backup", &whole.display().to_string()]).await;
    assert_eq!(restored(&machine, &whole, &machine.copy()).await, ["kept"]);
}

#[tokio::test]
async fn a_backup_is_opened_and_looked_into_and_neither_is_changed_nor_lies_open_beside_itself() {
    let machine = Machine::new();
    let service = Service::start(&machine.settings).await;
    Desk::first(&service).await;
    let text = |path: &Path| path.display().to_string();
    let (folder, opened) = (machine.backups.path().join("monday"), machine.safe.path().join("opened.db"));
    machine.done(&["backup", &text(&folder)]).await;
    let (status, said) = machine.run(&["backup", &text(&folder)]).await;
    assert!(status == Some(1) && said.contains("records.backup is there already"), "{said}");
    let (status, said) = machine.run(&["open-backup", &text(&folder), "--to", &text(&folder.join("opened.db"))]).await;
    assert!(status == Some(2) && said.contains("--to:"), "{said}");
    let (status, said) = machine.run(&["audit", "verify", "--records", &text(&folder.join("records.backup"))]).await;
    assert!(status == Some(2) && said.contains("which is sealed"), "{said}");
    machine.done(&["open-backup", &text(&folder), "--to", &text(&opened)]).await;
    let said = machine.done(&["audit", "verify", "--records", &text(&opened)]).await;
    assert!(said.contains("The audit is whole"), "{said}");
    assert_eq!(sqlite(&opened, "SELECT email FROM staff"), "sam@example.org", "the control: it is in the clear there");
    let stranger = Machine::new();
    Service::start(&stranger.settings).await.stop().await;
    let to = text(&stranger.safe.path().join("opened.db"));
    let (status, said) = stranger.run(&["open-backup", &text(&folder), "--to", &to]).await;
    assert!(status == Some(1) && said.contains("(backup_keys)") && !Path::new(&to).exists(), "{said}");
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
