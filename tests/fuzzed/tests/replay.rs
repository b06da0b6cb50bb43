//! What fuzzers began with, what they kept and what they found, fed once more: none of it may be trouble again.

use sidelight_fuzzed::{TARGETS, relay, room, seeds, signals};
use sidelight_protocol::Signal;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// Each input takes milliseconds. One that takes this long has hung.
const HUNG: Duration = Duration::from_secs(20);

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The files in a folder, those of the seeds, corpus or findings of one target. None where there is no such folder.
fn inputs(kind: &str, target: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(folder) = std::fs::read_dir(fuzz().join(kind).join(target)) else { return Vec::new() };
    let files = folder.map(|entry| entry.expect("a folder is read to its end").path());
    files.map(|path| (path.display().to_string(), std::fs::read(&path).expect("a file is read"))).collect()
}

/// Feeds them all, and names the first that brings trouble.
fn fed(play: fn(&[u8]), inputs: Vec<(String, Vec<u8>)>, hung: Duration) -> Result<usize, String> {
    let names: Vec<String> = inputs.iter().map(|(name, _)| name.clone()).collect();
    let (done, each) = mpsc::channel();
    std::thread::spawn(move || {
        for (_, bytes) in inputs {
            play(&bytes);
            let _nobody_waits = done.send(());
        }
    });
    for name in &names {
        match each.recv_timeout(hung) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => return Err(format!("{name} hangs")),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(format!("{name} panics; see above")),
        }
    }
    Ok(names.len())
}

#[test]
fn nothing_that_fuzzers_found_is_trouble_again() {
    for (target, play) in TARGETS {
        let all: Vec<_> = ["seeds", "corpus", "findings"].iter().flat_map(|kind| inputs(kind, target)).collect();
        assert!(!all.is_empty(), "{target} has neither seeds nor a corpus");
        match fed(*play, all, HUNG) {
            Ok(count) => println!("{target}: {count} inputs"),
            Err(trouble) => panic!("{trouble}"),
        }
    }
}

#[test]
fn an_input_that_is_trouble_is_named() {
    let inputs = || vec![("fine".to_owned(), vec![1]), ("troublesome".to_owned(), vec![0])];
    let panics = |bytes: &[u8]| assert_ne!(bytes, [0]);
    assert_eq!(fed(panics, inputs(), HUNG), Err("troublesome panics; see above".into()));
    let hangs = |bytes: &[u8]| while bytes == [0] {};
    assert_eq!(fed(hangs, inputs(), Duration::from_millis(200)), Err("troublesome hangs".into()));
    assert_eq!(fed(|_| {}, inputs(), HUNG), Ok(2));
}

#[test]
fn the_seeds_are_those_that_are_committed() {
    let mut stale = Vec::new();
    for seeds::Seed { target, name, bytes } in seeds::all() {
        let file = fuzz().join("seeds").join(target).join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("makes the folder");
            std::fs::write(&file, &bytes).expect("writes the seed");
        }
        if std::fs::read(&file).ok() != Some(bytes) {
            stale.push(file.display().to_string());
        }
    }
    assert_eq!(stale, Vec::<String>::new(), "run `UPDATE=1 cargo test --release -p sidelight-fuzzed`");
}

/// The bytes of a seed.
fn seed(target: &str, name: &str) -> Vec<u8> {
    seeds::all().into_iter().find(|seed| seed.target == target && seed.name == name).expect("there is such a seed").bytes
}

#[test]
fn the_seeds_get_behind_the_door() {
    let came = relay::came_to(&seed("relay", "conversation"));
    assert_eq!((came.allocated, came.carried), (4, 3), "{came:?}");
    // What is sent to try the line comes back to whoever tries it, until its time is over, and reaches nobody else.
    let came = relay::came_to(&seed("relay", "trial"));
    assert_eq!((came.allocated, came.carried), (3, 1), "{came:?}");
    // One is refused: a channel to an address that nobody has.
    let came = relay::came_to(&seed("relay", "sealed"));
    assert!(came.refused >= 1, "{came:?}");
    let written = |name: &str| -> BTreeSet<String> {
        let facts = room::facts(&seed("room", name));
        facts.iter().map(|fact| serde_json::to_value(&fact.what).unwrap()["fact"].as_str().unwrap().to_owned()).collect()
    };
    let (one, two) = (written("conversation"), written("two-people"));
    for fact in ["opened", "answered", "chose", "knocked", "admitted", "its_them", "alarm", "lost", "put_back", "handed_over", "ended"] {
        assert!(one.contains(fact), "{fact} isn't in {one:?}");
    }
    for fact in ["other_browser", "moved", "asked_who", "rung", "ended_quietly", "ended"] {
        assert!(two.contains(fact), "{fact} isn't in {two:?}");
    }
}

/// What the protocol calls the messages of a direction, by the browser's types, which are generated from it.
fn named(kind: &str, tag: &str) -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web-client/parts/protocol.d.ts");
    let types = std::fs::read_to_string(file).expect("the types are there");
    let line = types.lines().find(|line| line.starts_with(&format!("export type {kind} = "))).expect("there is such a type");
    let before = format!("\"{tag}\": \"");
    let names = line.split(&before).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
    names.collect()
}

#[test]
fn every_message_is_among_those_that_are_fuzzed() {
    let all: Vec<String> = seeds::all().into_iter().filter(|seed| seed.target == "messages").map(|seed| seed.name).collect();
    let fuzzed = |side: &str| -> BTreeSet<String> { all.iter().filter_map(|name| name.strip_prefix(side)).map(str::to_owned).collect() };
    for (side, names) in [("guest-", named("FromGuest", "type")), ("desk-", named("Act", "do"))] {
        assert!(names.len() >= 14, "{names:?}");
        let fuzzed = fuzzed(side);
        let missing: Vec<_> = names.difference(&fuzzed).collect();
        assert!(missing.is_empty(), "{side}: {missing:?} is never sent: see `room::message` and `room::act_of`");
    }
}

#[test]
fn an_address_that_passed_would_be_seen() {
    let tells = |sdp: &str| {
        let signal = Signal::Offer { sdp: format!("v=0\r\n{sdp}\r\n"), bound: String::new() };
        std::panic::catch_unwind(|| signals::assert_tells_no_address(&signal)).is_err()
    };
    for line in ["a=mid:192.168.1.7", "a=x:a192.168.1.7b", "a=x:fe80::1", "a=x:me.LOCAL", "a=x:1.192.168.1.7", "c=IN IP4 10.0.0.1"] {
        assert!(tells(line), "{line}");
    }
    for line in ["a=mid:0", "c=IN IP4 0.0.0.0", "a=candidate:1 1 UDP 1 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9", "a=x:1.2.3"] {
        assert!(!tells(line), "{line}");
    }
}
