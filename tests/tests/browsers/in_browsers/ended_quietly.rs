//! A quiet ending in a browser, beside an outage behind the web port: what stands on the page, what it asks for, what it says in
//! the console, a reload among it. Frame by frame it is compared in `quiet_ending.rs`.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Route, Setup};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::stand_in::{Behind, StandIn};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{PHONE, World};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What there is to be seen, heard of and found of a page from some moment on.
#[derive(Debug, PartialEq)]
struct Seen {
    /// Each text that stood there for long enough to be read, in its order.
    texts: Vec<String>,
    console: Vec<String>,
    requests: BTreeSet<String>,
    /// Kinds of messages that were sent, and all that were received.
    sent: BTreeSet<String>,
    received: Vec<String>,
    pictures: Vec<Vec<u8>>,
}

/// What stands for less is seen or missed by chance, as often as it is looked: what it would come from is compared frame by frame.
const READ: Duration = Duration::from_millis(1500);

/// What Firefox says of a reload while a socket happens to be open: between two tries there is none, and tries come at random times.
const BY_CHANCE: &str = "was interrupted while the page was loading";

/// Two minutes in a long run.
fn half() -> Duration {
    Duration::from_secs(if std::env::var_os("SIDELIGHT_LONG").is_some() { 60 } else { 35 })
}

async fn waits_for_a_desk(world: &World, desk: &Desk, phone: &Phone, reference: &str) {
    let link = desk.plan_with(reference, &[(say("desk.form.word"), "tamarind"), (say("desk.form.response"), "End quietly.")]).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock_of(reference).await;
    desk.admits().await;
    phone.sees_the_conversation().await;
    phone.says("hello").await;
    desk.sees("hello").await;
    assert!(link.starts_with(world.service.url()));
}

/// Looks at a page until both halves are over, with a reload between them.
async fn looks_at(phone: &Phone) -> Seen {
    let journal = phone.journal();
    let (console, sent, received) = (journal.console().len(), journal.sent().len(), journal.received().len());
    let (mut texts, mut pictures, mut requests) = (vec![], vec![], BTreeSet::new());
    let (mut stands, mut since) = (String::new(), Instant::now());
    for _ in 0..2 {
        let until = Instant::now() + half();
        while Instant::now() < until {
            let text: String = phone.ask("() => document.title + '\\n' + document.body.innerText").await;
            if text != stands {
                (stands, since) = (text, Instant::now());
            } else if since.elapsed() >= READ && texts.last() != Some(&stands) {
                texts.push(stands.clone());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        let asked: Vec<String> = phone.ask("() => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)").await;
        requests.extend(asked);
        phone.ask::<()>("() => document.activeElement && document.activeElement.blur()").await;
        pictures.push(phone.picture().await);
        phone.reload().await;
    }
    let kind = |message: &serde_json::Value| message["type"].as_str().unwrap_or_default().to_owned();
    Seen {
        texts,
        console: journal.console().split_off(console).into_iter().filter(|line| !line.contains(BY_CHANCE)).collect(),
        requests,
        sent: journal.sent().split_off(sent).iter().map(kind).collect(),
        received: journal.received().split_off(received).iter().map(kind).collect(),
        pictures,
    }
}

async fn looks_like_an_outage(kind: Kind) {
    let world = World::new().await;
    let stand_in = StandIn::new(world.service.url()).await;
    let routes = vec![Route { port: world.web_port(), through: stand_in.address }];
    let desk = world.desk(Kind::Chromium).await;
    // Both by way of a stand-in: only what becomes of it differs.
    let passing = StandIn::new(world.service.url()).await;
    let through = vec![Route { port: world.web_port(), through: passing.address }];
    let lost = world.phone_of(&Setup { routes, ..Setup::new(kind, PHONE) }).await;
    let quiet = world.phone_of(&Setup { routes: through, ..Setup::new(kind, PHONE) }).await;

    waits_for_a_desk(&world, &desk, &lost, "JT-4471").await;
    stand_in.becomes(Behind::Lost);
    let outage = looks_at(&lost).await;
    desk.pick("JT-4471").await;
    desk.ends().await;

    waits_for_a_desk(&world, &desk, &quiet, "KM-1").await;
    desk.press(say("desk.heard")).await;
    desk.press(say("desk.alarm.quiet")).await;
    desk.press(say("desk.alarm.quiet.yes")).await;
    desk.sees(say("desk.what.ended_quietly")).await;
    let ended = looks_at(&quiet).await;

    println!("{kind:?}: {:#?}\nrequests {:?}\nsent {:?}\nconsole {:?}", outage.texts, outage.requests, outage.sent, outage.console);
    assert!(outage.texts.iter().any(|text| text.contains(say("say.line.lost"))), "the outage is one: {:?}", outage.texts);
    assert_eq!(outage.received, [""; 0], "nothing answers");
    assert_eq!(ended.texts, outage.texts);
    assert_eq!(ended.received, outage.received);
    assert_eq!((&ended.console, &ended.requests, &ended.sent), (&outage.console, &outage.requests, &outage.sent));
    assert!(ended.pictures == outage.pictures, "the same pixels");

    // The controls: one dot, one request, one word in the console more are a difference.
    let clean = quiet.picture().await;
    assert!(quiet.picture().await == clean, "nothing moves by itself");
    quiet.ask::<()>("() => document.body.append('.')").await;
    assert!(quiet.picture().await != clean);
    let before = quiet.journal().console().len();
    quiet.ask::<()>("() => console.log('planted')").await;
    quiet.ask::<()>("async () => { await (await fetch('/healthz')).text(); }").await;
    quiet.until("the planted request", "() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('/healthz'))").await;
    let began = Instant::now();
    while quiet.journal().console().len() == before {
        assert!(began.elapsed() < Duration::from_secs(5), "what stands in the console is told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_ending_looks_like_an_outage_in_chromium() {
    looks_like_an_outage(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_ending_looks_like_an_outage_in_firefox() {
    looks_like_an_outage(Kind::Firefox).await;
}
