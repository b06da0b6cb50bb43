//! `sweep`: a million rows whose time is over are erased while people plan, join and are let in. What they wait for is sampled during the
//! sweep alone, and again after it, at the same pace on the same machine.
//!
//! The rows are 200,000 contacts that ended days ago, each with an invitation, three facts and a key of its own. `SIDELIGHT_SWEPT`
//! takes another number of contacts.

use crate::row::{Figures, Row};
use serde_json::json;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::visitor::{Dice, Port, Practitioner, Socket, hello};
use sidelight_protocol::PROTOCOL;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::collections::{BTreeMap, HashSet};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CONTACTS: u32 = 200_000;
/// Rows of each: itself, its invitation, its facts.
const ROWS: u32 = 5;
/// Practitioners at work, each with one person after the other, and the pause between two of them. More in a row of one, and the
/// limit on what a practitioner changes would hold them up.
const DESKS: usize = 20;
const PAUSE: Duration = Duration::from_secs(4);
/// How long the same is sampled without a sweep.
const BESIDE: Duration = Duration::from_secs(60);
/// The longest that a sweep may take.
const PATIENCE: Duration = Duration::from_secs(3600);
/// Wrapped keys that are searched for afterwards, by so many of their bytes.
const SEARCHED: usize = 2_000;
const WINDOW: usize = 16;

/// What each kind of request took, in milliseconds.
type Samples = BTreeMap<&'static str, Vec<f64>>;

pub async fn measure(figures: &mut Figures) {
    let contacts = std::env::var("SIDELIGHT_SWEPT").ok().and_then(|text| text.parse().ok()).unwrap_or(CONTACTS);
    let data = Folder::new("sweep");
    let settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    let service = Service::start(&settings).await;
    let port = Port::of(&service);
    let mut cookies = vec![Practitioner::first(&service, &port).await.cookie];
    for number in 1..DESKS {
        let email = format!("desk{number}@example.org");
        let printed = settings.run(&["staff", "add", "--name", "Desk", "--email", &email, "--role", "practitioner"]).await;
        let link = printed.split_whitespace().find(|word| word.contains("first=")).expect("a link is printed").to_owned();
        cookies.push(Practitioner::by_link(&port, &link, &email).await.cookie);
    }
    assert_eq!(service.stop().await, Some(0));
    let keys = plant(data.path(), contacts).await;
    let before = size(data.path());

    let begun = Instant::now();
    let service = Service::start(&settings).await;
    let port = Port::of(&service);
    let over = Arc::new(AtomicBool::new(false));
    let desks: Vec<_> = cookies
        .iter()
        .enumerate()
        .map(|(number, cookie)| tokio::spawn(desk(port.clone(), cookie.clone(), number as u64, over.clone())))
        .collect();
    let told = format!("erased={contacts} ");
    service
        .output()
        .wait_for("the end of the sweep", PATIENCE, |line| (line.contains("were ended or erased") && line.contains(&told)).then_some(()))
        .await;
    let took = begun.elapsed();
    over.store(true, Ordering::Relaxed);
    let during = together(desks).await;
    let written = service.written().unwrap_or_default();
    let peak = service.memory().unwrap_or_default();

    let over = Arc::new(AtomicBool::new(false));
    let desks: Vec<_> = cookies
        .iter()
        .enumerate()
        .map(|(number, cookie)| tokio::spawn(desk(port.clone(), cookie.clone(), 100 + number as u64, over.clone())))
        .collect();
    tokio::time::sleep(BESIDE).await;
    over.store(true, Ordering::Relaxed);
    let without = together(desks).await;

    figures.say(Row::told("rows that were over", f64::from(contacts * ROWS), "rows"));
    figures.say(Row::told("from the start of the service to the end of the sweep, files and all", took.as_secs_f64(), "s"));
    let (all, alone) = (everything(&during), everything(&without));
    let beside = "without a sweep";
    figures.say(Row::told("requests sampled during the sweep", all.len() as f64, "requests").beside(beside, alone.len() as f64));
    figures.say(Row::at_most("all that write, p99", percentile(&all, 0.99), 100.0, "ms").beside(beside, percentile(&alone, 0.99)));
    figures.say(Row::told("all that write, longest", percentile(&all, 1.0), "ms").beside(beside, percentile(&alone, 1.0)));
    for (name, times) in &during {
        let alone = without.get(name).cloned().unwrap_or_default();
        figures.say(Row::at_most(format!("{name}, p99"), percentile(times, 0.99), 100.0, "ms").beside(beside, percentile(&alone, 0.99)));
        figures.say(Row::told(format!("{name}, longest"), percentile(times, 1.0), "ms").beside(beside, percentile(&alone, 1.0)));
    }
    figures.say(Row::told("written to the disk until then", written as f64 / 1e6, "MB"));
    figures.say(Row::told("memory (VmRSS) at the end of the sweep", peak as f64 / 1e6, "MB"));
    figures.say(
        Row::told("both databases before, and after the sweep", before as f64 / 1e6, "MB").beside("after", size(data.path()) as f64 / 1e6),
    );
    let left = left(data.path(), &keys).await;
    figures.say(Row::at_most("of their wrapped keys left, by row", left.0, 0.0, "keys"));
    figures.say(Row::at_most(format!("of {} wrapped keys left, by their bytes in any file", keys.len()), left.1, 0.0, "keys"));
}

async fn open(data: &Path, name: &str) -> SqliteConnection {
    SqliteConnectOptions::new().filename(data.join(name)).connect().await.expect("opens")
}

/// Contacts that ended between five and two days ago, of a hundred practitioners. Returns some of their wrapped keys.
async fn plant(data: &Path, contacts: u32) -> Vec<Vec<u8>> {
    let mut rows = open(data, "records.db").await;
    let numbers = |most: u32| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})");
    for sql in [
        "BEGIN".to_owned(),
        format!(
            "INSERT INTO contacts (id, owner, starts_at, ends_at, sealed, made, opened, ended, unhandled) {} SELECT lower(hex(randomblob(16))), \
             'planted' || (i % 100), s, s + 3600, randomblob(400), s, s, s + 3000, 0 \
             FROM (SELECT i, CAST(strftime('%s', 'now') AS INTEGER) - 432000 + i * 259200 / {contacts} AS s FROM n)",
            numbers(contacts)
        ),
        "INSERT INTO invitations (id, contact, person, made, dead) SELECT lower(hex(randomblob(16))), id, 'p1', made, ended FROM contacts"
            .into(),
        format!("INSERT INTO facts (contact, number, sealed) {} SELECT c.id, n.i, randomblob(90) FROM contacts c, n", numbers(ROWS - 2)),
        "COMMIT".into(),
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut rows).await.expect("is planted");
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&mut rows).await.expect("is merged");
    rows.close().await.expect("closes");
    let mut keys = open(data, "keys.db").await;
    let attach = format!("ATTACH '{}' AS records", data.join("records.db").display());
    for sql in
        [attach.as_str(), "INSERT INTO data_keys (contact, wrapped) SELECT id, randomblob(60) FROM records.contacts", "DETACH records"]
    {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut keys).await.expect("is planted");
    }
    let some = sqlx::query_scalar("SELECT wrapped FROM data_keys ORDER BY random() LIMIT $1").bind(i64::try_from(SEARCHED).unwrap_or(1));
    let some = some.fetch_all(&mut keys).await.expect("is read");
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&mut keys).await.expect("is merged");
    keys.close().await.expect("closes");
    assert_eq!(searched(data, &some), some.len(), "the control: all of them are found before");
    some
}

/// How many of these stand in some file.
fn searched(data: &Path, keys: &[Vec<u8>]) -> usize {
    let pieces: HashSet<&[u8]> = keys.iter().map(|key| &key[key.len() - WINDOW..]).collect();
    let mut found = HashSet::new();
    for file in std::fs::read_dir(data).expect("is a folder").flatten() {
        let content = std::fs::read(file.path()).unwrap_or_default();
        found.extend(content.windows(WINDOW).filter(|window| pieces.contains(window)).map(<[u8]>::to_vec));
    }
    found.len()
}

/// Keys that are left of what was planted, and what is left of some of them in the files.
async fn left(data: &Path, keys: &[Vec<u8>]) -> (f64, f64) {
    let mut store = open(data, "keys.db").await;
    sqlx::query(AssertSqlSafe(format!("ATTACH '{}' AS records", data.join("records.db").display())))
        .execute(&mut store)
        .await
        .expect("is there");
    // Those of the contacts that were planned meanwhile are all that there should be.
    // Those that talked meanwhile have keys of their own, and so have the records of their contacts.
    let sql = "SELECT COUNT(*) FROM data_keys WHERE contact NOT IN (SELECT id FROM records.contacts WHERE owner NOT LIKE 'planted%') \
        AND contact NOT IN (SELECT id FROM records.contact_records WHERE owner NOT LIKE 'planted%')";
    let rows: i64 = sqlx::query_scalar(sql).fetch_one(&mut store).await.expect("is read");
    store.close().await.expect("closes");
    (rows as f64, searched(data, keys) as f64)
}

fn size(data: &Path) -> u64 {
    ["records.db", "keys.db"].iter().filter_map(|name| std::fs::metadata(data.join(name)).ok()).map(|file| file.len()).sum()
}

/// Plans, gives a link, has somebody come, lets them in, and ends it, again and again until it is over. No request is counted that was
/// answered after that.
async fn desk(port: Port, cookie: String, seed: u64, over: Arc<AtomicBool>) -> Samples {
    let mut samples = Samples::new();
    let mut dice = Dice(seed);
    let practitioner = Practitioner::of(&port, &cookie);
    let mut desk = port.socket(Ipv4Addr::LOCALHOST, "/ws/desk", &cookie).await.expect("opens");
    desk.say(json!({ "type": "hello", "protocol": PROTOCOL, "tab": format!("desk{seed}") })).await;
    desk.next("ready").await.expect("is let in");
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let contact = practitioner.contact(0, false).await;
        let planned = begun.elapsed();
        let begun = Instant::now();
        let invitation = practitioner.invite(&contact, &mut dice, false).await;
        let linked = begun.elapsed();
        let one = visit(&port, &mut desk, &contact, &invitation, dice.address()).await;
        if over.load(Ordering::Relaxed) {
            break;
        }
        for (name, took) in [("planning a contact", planned), ("making a link", linked)].into_iter().chain(one) {
            samples.entry(name).or_default().push(took.as_secs_f64() * 1000.0);
        }
        tokio::time::sleep(PAUSE).await;
    }
    samples
}

/// Somebody comes, waits, is let in, and it is ended.
async fn visit(port: &Port, desk: &mut Socket, contact: &str, invitation: &str, from: Ipv4Addr) -> [(&'static str, Duration); 4] {
    let begun = Instant::now();
    let reply = port.visitor(from).await.expect("it listens").redeem(invitation, false, "").await.expect("it answers");
    let session = reply.json()["session"].as_str().unwrap_or_else(|| panic!("{}", reply.status)).to_owned();
    let mut guest = port.socket(from, "/ws/guest", "").await.expect("opens");
    guest.say(hello(&session)).await;
    guest.next("view").await.expect("a view");
    let joined = begun.elapsed();

    let begun = Instant::now();
    for message in [json!({ "type": "answer", "answer": "yes" }), json!({ "type": "choose", "way": "voice" }), json!({ "type": "knock" })] {
        guest.say(message).await;
    }
    let person = loop {
        let view = desk.next("contact").await.expect("the desk is told")["view"].clone();
        if view["id"] == contact && view["people"][0]["stage"]["name"] == "waiting" {
            break view["people"][0]["id"].as_str().expect("an id").to_owned();
        }
    };
    let knocked = begun.elapsed();

    let begun = Instant::now();
    let act = |act| json!({ "type": "in", "contact": contact, "act": act });
    desk.say(act(json!({ "do": "take" }))).await;
    desk.say(act(json!({ "do": "admit", "person": person }))).await;
    guest.next("relay").await.expect("is let in");
    let admitted = begun.elapsed();

    let begun = Instant::now();
    desk.say(act(json!({ "do": "end" }))).await;
    guest.next("bye").await.expect("a goodbye");
    [("joining, to the first view", joined), ("answering and knocking", knocked), ("letting in", admitted), ("ending", begun.elapsed())]
}

async fn together(desks: Vec<tokio::task::JoinHandle<Samples>>) -> Samples {
    let mut all = Samples::new();
    for desk in desks {
        for (name, times) in desk.await.unwrap_or_else(|error| panic!("a desk broke: {error}")) {
            all.entry(name).or_default().extend(times);
        }
    }
    all
}

fn everything(samples: &Samples) -> Vec<f64> {
    samples.values().flatten().copied().collect()
}

/// 1.0: the longest.
fn percentile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
