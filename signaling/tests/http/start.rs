//! Starting, stopping, and being told what is wrong.

use crate::world::{Folder, Running, details, invitation};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

#[tokio::test]
async fn it_says_where_it_is_how_to_begin_and_how_to_stop_and_is_ready_at_once() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    assert_eq!(running.lines.len(), 3, "{:?}", running.lines);
    assert!(running.first.as_ref().is_some_and(|token| token.len() == 32));
    assert_eq!(running.lines[2], "Stop with Ctrl+C");
    let mut client = running.client();
    assert_eq!(client.get("/healthz").await.bytes, b"alive\n");
    assert_eq!(client.get("/readyz").await.bytes, b"ready\n");
    assert!(running.log().contains("pages.number is empty"), "no warning without a number");
    let (mut took, memory) = (running.took, running.peak_memory());
    assert!(running.stop().success());
    // The quickest of a few first starts: what else the machine does at the time is not what is measured.
    for _ in 0..4 {
        took = took.min(Running::start(&Folder::new()).took);
    }
    println!("ready after {took:?}, peak memory {memory} kB");
    assert!(took < Duration::from_secs(1), "ready after {took:?}");
}

#[tokio::test]
async fn each_start_prints_a_new_link_until_there_is_an_administrator() {
    let folder = Folder::new();
    let first = Running::start(&folder);
    let old = first.first.clone();
    assert!(first.stop().success());
    let second = Running::start(&folder);
    let mut client = second.client();
    client.post("/api/staff/first-link", json!({ "token": old })).await.refused(404, "link_finished");
    let about = client.post("/api/staff/first-link", json!({ "token": second.first })).await.is(200);
    assert_eq!(about, json!({"name": null, "email": null, "roles": ["practitioner", "administrator"], "reset": false}));
    second.practitioner().await;
    client.post("/api/staff/first-link", json!({ "token": second.first })).await.refused(404, "link_finished");
    assert!(second.stop().success());
    let third = Running::start(&folder);
    assert_eq!((third.first.as_ref(), third.lines.len()), (None, 2));
}

#[tokio::test]
async fn staff_add_prints_a_link_beside_the_running_service() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    running.practitioner().await;
    let added = folder.run(&["staff", "add", "--name", "Kim", "--email", "kim@example.org", "--role", "practitioner"]);
    let line = String::from_utf8(added.stdout).unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let token = line.strip_prefix(&format!("{}/desk#first=", running.address)).unwrap().strip_suffix(" (valid for one hour)\n").unwrap();
    let mut kim = running.client();
    let about = kim.post("/api/staff/first-link", json!({ "token": token })).await.is(200);
    assert_eq!(about, json!({"name": "Kim", "email": "kim@example.org", "roles": ["practitioner"], "reset": false}));
    let first =
        json!({"token": token, "name": "Kim", "email": "kim@example.org", "password": "ladder plum ghost mile", "practitioner": false});
    let me = kim.post("/api/staff/first", first).await.is(200);
    assert_eq!(me["roles"], json!(["practitioner"]), "what the administrator gave, nobody takes by a tick");
    assert!(running.stop().success());
    let later = folder.run(&["staff", "add", "--name", "Lee", "--email", "lee@example.org", "--role", "practitioner"]);
    let line = String::from_utf8(later.stdout).unwrap();
    assert!(line.starts_with("http://127.0.0.1:0/desk#first="), "the address of a service that doesn't run any more: {line}");
    let again = folder.run(&["staff", "add", "--name", "Kim", "--email", "KIM@example.org", "--role", "administrator"]);
    assert_eq!((again.status.code(), String::from_utf8_lossy(&again.stderr).lines().count()), (Some(1), 1));
}

#[test]
fn wrong_configuration_and_bad_use_end_with_2_and_one_line() {
    let folder = Folder::new();
    let file = folder.path().join("mine.toml");
    fs::write(&file, "[relay]\nudp_port = 70000\n").unwrap();
    fs::write(folder.path().join("key.pem"), "no key").unwrap();
    let named = file.display().to_string();
    let expect = |arguments: &[&str], environment: &[(&str, &str)], begins: &str| {
        let output = folder.command().envs(environment.iter().copied()).args(arguments).output().unwrap();
        let lines = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), lines.lines().count(), output.stdout.len()), (Some(2), 1, 0), "{arguments:?}: {lines}");
        assert!(lines.starts_with(begins), "{lines}");
    };
    let port = format!("relay.udp_port: found 70000 (in {named}); allowed: a port from 0 to 65535");
    let all_lines = |extra: &[(&'static str, &'static str)]| extra.to_vec();
    // The port is set in the environment by the test world, so the file is tried without it.
    let output = std::process::Command::new(crate::world::BINARY).env_clear().args(["--config", &named]).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(2), format!("{port}\n")));
    expect(&["--config", "/no/such.toml"], &[], "--config: found \"/no/such.toml\", which can't be read");
    expect(&["check-config", "--listen", "nowhere"], &[], "web.listen: found \"nowhere\" (in --listen); allowed: an address and a port");
    expect(&[], &all_lines(&[("SIDELIGHT_WEB__LISEN", "x")]), "web.lisen: found in SIDELIGHT_WEB__LISEN, but there is no such key");
    expect(&[], &[("SIDELIGHT_PAGES__NEUTRAL_PAGE", "weather")], "pages.neutral_page: found \"weather\"");
    expect(&[], &[("SIDELIGHT_TLS__KEY", "key.pem")], "tls.certificate: found \"\"");
    let both = [("SIDELIGHT_TLS__KEY", "key.pem"), ("SIDELIGHT_TLS__CERTIFICATE", "key.pem")];
    expect(&[], &both, "tls.certificate: found \"key.pem\", which doesn't go with tls.key");
    expect(&["dance"], &[], "error: unrecognized subcommand 'dance'");
    expect(&["staff", "add", "--name", "x", "--email", "x", "--role", "practitioner"], &[], "--email: found what isn't an email");
    expect(&["staff", "add", "--name", "x", "--email", "x@y", "--role", "king"], &[], "error: invalid value 'king' for '--role <ROLES>'");
    assert!(!folder.data().exists(), "something was started");
}

#[test]
fn the_printed_configuration_is_a_good_one() {
    let folder = Folder::new();
    let printed = folder.run(&["print-config"]);
    assert!(printed.status.success());
    fs::write(folder.path().join("mine.toml"), printed.stdout).unwrap();
    let checked = folder.run(&["check-config", "--config", "mine.toml"]);
    assert_eq!((checked.status.code(), checked.stdout.as_slice()), (Some(0), &b"The configuration is good.\n"[..]));
}

#[test]
fn what_cant_be_done_ends_with_1_and_one_line() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let failed = |output: std::process::Output, begins: &str| {
        let lines = String::from_utf8(output.stderr).unwrap();
        let last = lines.lines().last().unwrap_or_default().to_owned();
        assert_eq!(output.status.code(), Some(1), "{lines}");
        assert!(last.starts_with(begins), "{lines}");
    };
    failed(folder.run(&[]), "data.directory data: another sidelight serves from it already");
    let taken = running.address.strip_prefix("http://").unwrap();
    failed(folder.run(&["--data", "other", "--listen", taken]), &format!("web.listen {taken}: "));
    let (udp, tcp) = (std::net::UdpSocket::bind("127.0.0.1:0").unwrap(), std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    for (key, port) in [("udp_port", udp.local_addr().unwrap().port()), ("tcp_port", tcp.local_addr().unwrap().port())] {
        let mut command = folder.command();
        command.args(["--data", "other"]).env(format!("SIDELIGHT_RELAY__{}", key.to_uppercase()), port.to_string());
        failed(command.output().unwrap(), &format!("relay.{key} {port} on 127.0.0.1: "));
    }
    assert!(running.stop().success());
    let key = folder.data().join("master.key");
    let real = fs::read_to_string(&key).unwrap();
    fs::write(&key, real.chars().rev().collect::<String>().trim()).unwrap();
    failed(folder.run(&[]), "the records: the master key (data/master.key) is not the one these records were written with");
    fs::write(&key, real).unwrap();
    assert!(Running::start(&folder).stop().success());
}

#[tokio::test]
async fn nothing_of_a_contact_is_in_clear_in_the_data_folder_and_all_of_it_is_its_owners_alone() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471-Kensington")).await;
    sam.put(&format!("/api/contacts/{id}"), details("JT-4471-Wandsworth")).await.is(204);
    sam.put(&format!("/api/contacts/{id}/invitation"), json!({ "invitation": invitation() })).await.is(204);
    let cookie = sam.cookies["sidelight"].clone();
    let secrets = ["Kensington", "Wandsworth", "Persephone", "Balthazar", "kettle", "marmalade", "quietly", cookie.as_str()];
    let look = || {
        let mut ids = 0;
        for entry in fs::read_dir(folder.data()).unwrap() {
            let entry = entry.unwrap();
            let content = fs::read(entry.path()).unwrap();
            let holds = |text: &str| content.windows(text.len()).any(|window| window == text.as_bytes());
            ids += usize::from(holds(&id));
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
            for secret in secrets {
                assert!(!holds(secret), "{secret} is in {:?}", entry.file_name());
            }
        }
        assert!(ids > 0, "the control: ids are in clear");
    };
    look();
    assert_eq!(fs::metadata(folder.data()).unwrap().permissions().mode() & 0o777, 0o700);
    let log = running.log();
    assert!(running.stop().success());
    look();
    for secret in secrets.into_iter().chain([id.as_str(), "sam@example.org", "Sam", "127.0.0.1"]) {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

#[tokio::test]
async fn what_a_newer_version_has_written_is_left_alone_and_what_is_older_is_left_to_the_service() {
    let folder = Folder::new();
    assert!(Running::start(&folder).stop().success());
    let schema = |change: &str| {
        let file = folder.data().join("records.db");
        let done = std::process::Command::new("sqlite3").arg(file).arg(change).status();
        assert!(done.expect("sqlite3 runs").success());
    };
    let said = |wanted: i32| {
        let listed = folder.run(&["staff", "list"]);
        assert_eq!(listed.status.code(), Some(wanted));
        String::from_utf8_lossy(&listed.stderr).into_owned()
    };
    assert_eq!(said(0), "", "the control");
    schema("INSERT INTO _sqlx_migrations VALUES (1000, 'later', '2030-01-01', 1, x'00', 0);");
    assert!(said(1).contains("records_newer"));
    let served = folder.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(served.status.code() == Some(1) && String::from_utf8_lossy(&served.stderr).contains("records_newer"));
    // The newest step of ours, taken back.
    schema("DELETE FROM _sqlx_migrations WHERE version = 1000;");
    schema(&format!("DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations); {}", newest_taken_back()));
    assert!(said(1).contains("records_older"));
    let running = Running::start(&folder);
    assert!(running.log().contains("up to date"), "{}", running.log());
    assert_eq!(fs::read_dir(folder.data().join("before-upgrade")).unwrap().count(), 1);
    assert_eq!(said(0), "");
}

/// Undoes what the newest step adds to the records.
fn newest_taken_back() -> String {
    let number = |path: &std::path::Path| path.file_name()?.to_str()?.split('_').next()?.parse::<u32>().ok();
    let steps = fs::read_dir("migrations/records").unwrap().map(|entry| entry.unwrap().path());
    let newest = fs::read_to_string(steps.max_by_key(|path| number(path)).unwrap()).unwrap();
    let undone = newest.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["CREATE", "TABLE", table, ..] => Some(format!("DROP TABLE {table};")),
            // Before its table, and with it, where that is new too.
            ["CREATE", "INDEX", index, ..] | ["CREATE", "UNIQUE", "INDEX", index, ..] => Some(format!("DROP INDEX IF EXISTS {index};")),
            ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] => Some(format!("ALTER TABLE {table} DROP COLUMN {column};")),
            _ => None,
        }
    });
    undone.collect::<Vec<_>>().into_iter().rev().collect()
}
