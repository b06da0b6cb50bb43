//! A participant who says everything that the protocol has words for, wherever they are on their way: only what belongs to their
//! place has an effect, and none of it on anybody else. The words are the protocol's own list, so that a new message fails here
//! until somebody has decided where it may have one.

mod world;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use world::{ANOTHER, Guest, Line, Practitioner, World};

/// Where a participant can be. `stranger`: a socket without a hello. `told`: another browser on somebody's link.
const STATES: [&str; 13] = [
    "stranger",
    "told",
    "asked",
    "choosing",
    "preparing",
    "waiting",
    "in",
    "put_back",
    "on_hold",
    "declined",
    "left",
    "ended",
    "ended_quietly",
];

/// What each message does, and where. Everywhere else it must do nothing at all. What is written here is the decision: look at
/// `docs/safety.md` before changing it.
const EFFECTS: [(&str, &[(&str, &str)]); 16] = [
    // A stranger with somebody's session is that somebody, as far as the place is free.
    ("hello", &[("stranger", "desk sees stage, phone gets welcome, phone gets view")]),
    ("beat", &[]),
    ("answer", &[("asked", "desk sees stage, desk sees answer, phone gets view")]),
    // Nobody asked.
    ("company", &[]),
    ("keep", &[]),
    (
        "choose",
        &[("choosing", CHOSEN), ("preparing", CHOSEN), ("waiting", CHOSEN), ("in", CHOSEN), ("put_back", CHOSEN), ("on_hold", CHOSEN)],
    ),
    ("knock", &[("preparing", "desk sees stage, phone gets view")]),
    ("devices", &everywhere_with_a_place("desk sees devices")),
    ("page", &everywhere_with_a_place("desk sees hidden, desk sees covered, desk sees quiet")),
    ("check", &[("waiting", "phone gets check"), ("put_back", "phone gets check"), ("on_hold", "phone gets check")]),
    ("checked", &talking("desk sees checked")),
    ("seal", &talking("desk gets seal")),
    ("text", &talking("desk gets text")),
    ("ack", &talking("desk gets ack")),
    ("signal", &[("in", "desk gets signal")]),
    ("leave", &leaving()),
];

const CHOSEN: &str = "desk sees way, phone gets view";

const fn everywhere_with_a_place(effect: &'static str) -> [(&'static str, &'static str); 7] {
    [
        ("asked", effect),
        ("choosing", effect),
        ("preparing", effect),
        ("waiting", effect),
        ("in", effect),
        ("put_back", effect),
        ("on_hold", effect),
    ]
}

/// Where the desk's texts reach them.
const fn talking(effect: &'static str) -> [(&'static str, &'static str); 4] {
    [("waiting", effect), ("in", effect), ("put_back", effect), ("on_hold", effect)]
}

const fn leaving() -> [(&'static str, &'static str); 8] {
    let [asked, choosing, preparing, waiting, inside, put_back, _] =
        everywhere_with_a_place("desk sees stage, desk sees link, desk sees open, phone gets view");
    // Another browser gives up its own hope, and neither place nor link.
    let on_hold = ("on_hold", "desk sees stage, desk sees on_hold, desk sees link, desk sees open, phone gets view");
    [asked, choosing, preparing, waiting, inside, put_back, on_hold, ("told", "desk sees other")]
}

/// The names that the protocol gives the messages of one direction, by the browser's types, which are generated from it.
fn named(kind: &str, tag: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-client/parts/protocol.d.ts");
    let types = std::fs::read_to_string(file).expect("the types are there");
    let line = types.lines().find(|line| line.starts_with(&format!("export type {kind} = "))).expect("there is such a type");
    let before = format!("\"{tag}\": \"");
    line.split(&before).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
}

fn seal() -> Value {
    json!({ "commitment": "commitment", "seen": "", "key": "", "nonce": "", "link": "", "proof": "" })
}

fn from_guest(name: &str, session: &str, epoch: u64) -> Value {
    let candidate = "candidate:1 1 udp 1 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9";
    let mut message = match name {
        "hello" => json!({ "protocol": sidelight_protocol::PROTOCOL, "session": session, "tab": "tab" }),
        "beat" | "knock" | "check" => json!({}),
        "answer" => json!({ "answer": "yes" }),
        "company" => json!({ "company": "me" }),
        "keep" => json!({ "keep": "yes" }),
        "choose" => json!({ "way": "voice" }),
        "devices" => json!({ "devices": { "microphone": true, "camera": true, "picture": false } }),
        "page" => json!({ "hidden": true, "covered": true, "quiet": true }),
        "checked" => {
            json!({ "checked": { "connection": "poor", "microphone": "silent", "camera": "none", "speaker": "not_heard" } })
        }
        "text" => json!({ "id": "hostile", "body": "words" }),
        "seal" => json!({ "seal": seal() }),
        "ack" => json!({ "id": "never-sent", "proof": "tag" }),
        "signal" => json!({ "epoch": epoch, "signal": { "kind": "candidate", "candidate": candidate, "mid": "0", "line": 0 } }),
        "leave" => json!({ "how": "exit" }),
        new => panic!("{new} is a new message: say here what is in it, and in EFFECTS where it may have an effect"),
    };
    message["type"] = json!(name);
    message
}

/// Somebody at a place, and the desk that looks at them.
struct Placed {
    guest: Guest,
    line: Line,
    /// What they know of a conversation that they are, or were, in.
    epoch: u64,
}

async fn brought_to(state: &str, url: &str, sam: &Practitioner, desk: &Line) -> Placed {
    let guest = sam.invites().await;
    if state == "stranger" {
        return Placed { line: Line::open(url, "/ws/guest", None).await, guest, epoch: 1 };
    }
    let line = Line::phone(url, &guest.session, "phone").await;
    line.is_at("asked").await;
    let contact = guest.contact.clone();
    let person = desk.sees(&contact, "asked").await["people"][0]["id"].clone();
    // Other pages of the desk are open; what is said is to come to this one.
    desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "take" } }));
    let does = |act: &str| {
        let act = if act == "end" { json!({ "do": act }) } else { json!({ "do": act, "person": person }) };
        desk.say(json!({ "type": "in", "contact": contact, "act": act }));
    };
    let mut placed = Placed { guest, line, epoch: 1 };
    if state == "told" {
        let session = sam.opens(&placed.guest.invitation, ANOTHER).await;
        placed.line = Line::phone(url, &session, "another").await;
        placed.line.is_at("told").await;
        placed.guest.session = session;
    }
    if ["told", "asked"].contains(&state) {
        return placed;
    }
    let line = &placed.line;
    line.say(json!({ "type": "answer", "answer": "yes" }));
    line.is_at("choosing").await;
    if state == "choosing" {
        return placed;
    }
    line.say(json!({ "type": "choose", "way": "video" }));
    line.is_at("preparing").await;
    if state == "preparing" {
        return placed;
    }
    line.say(json!({ "type": "knock" }));
    desk.sees(&contact, "waiting").await;
    line.is_at("waiting").await;
    match state {
        "declined" => {
            desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "decline", "person": person, "reason": "other", "block": false } }));
            line.is_at("over").await;
        }
        "left" => {
            line.say(json!({ "type": "leave", "how": "end" }));
            line.is_at("over").await;
        }
        "ended" => {
            does("end");
            line.is_at("over").await;
        }
        "in" | "put_back" | "on_hold" | "ended_quietly" => {
            does("admit");
            placed.epoch = placed.line.is_at("in").await["stage"]["epoch"].as_u64().expect("an epoch");
            desk.sees(&contact, "in").await;
        }
        _ => {}
    }
    match state {
        "put_back" | "on_hold" => {
            let heard = placed.line.heard().len();
            does(if state == "on_hold" { "put_on_hold" } else { "put_back" });
            placed.line.after(heard, "put back", |message| message["view"]["stage"]["name"] == "waiting").await;
        }
        "ended_quietly" => {
            does("end_quietly");
            desk.sees(&contact, "ended_quietly").await;
        }
        "declined" | "left" | "ended" => {
            // They come back with the session that they had.
            placed.line = Line::phone(url, &placed.guest.session, "again").await;
            placed.line.until("over", |message| ["bye", "closed"].contains(&message["type"].as_str().unwrap_or_default())).await;
        }
        _ => {}
    }
    placed
}

/// Waits until the service has dealt with all that was said on this line and with what came of it at the desk.
async fn settled(state: &str, line: &Line, desk: &Line, contact: &str, mark: &str) {
    line.say(json!({ "type": "text", "id": mark, "body": "mark" }));
    let dealt_with = async {
        let told = |message: &Value| message["re"] == mark || message["type"] == "closed";
        let arrived = |message: &Value| message["id"] == mark;
        tokio::select! {
            _ = line.until("an answer to the mark", told) => {}
            _ = desk.until("the mark", arrived) => {}
        }
    };
    if state == "ended_quietly" {
        // Nothing is ever answered there: all that can be done is to wait a while.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    } else {
        dealt_with.await;
    }
    let heard = desk.heard().len();
    desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "text", "person": "nobody", "id": mark, "body": "mark" } }));
    desk.after(heard, "an answer at the desk", |message| message["type"] == "refused" && message["re"] == mark).await;
}

/// The last view that the desk has of this contact; nothing of it if there is none.
fn view_of(desk: &Line, contact: &str) -> Value {
    let last = desk.heard().into_iter().rev().find(|message| message["type"] == "contact" && message["view"]["id"] == contact);
    last.map(|message| message["view"].clone()).unwrap_or_default()
}

/// What came of a message, in words: empty where nothing did.
fn effect(line: &[Value], desk: &[Value], before: &Value, after: &Value, mark: &str) -> String {
    let mut came: Vec<String> = Vec::new();
    let mut add = |what: String| {
        if !came.contains(&what) {
            came.push(what);
        }
    };
    for (name, value) in after["people"][0].as_object().into_iter().flatten() {
        if name != "since" && before["people"][0][name] != *value {
            add(format!("desk sees {name}"));
        }
    }
    for (name, value) in after.as_object().into_iter().flatten() {
        if name != "people" && name != "history" && before[name] != *value {
            add(format!("desk sees {name}"));
        }
    }
    for message in desk.iter().filter(|message| message["id"] != mark && message["re"] != mark) {
        match message["type"].as_str().unwrap_or_default() {
            "contact" => {}
            kind => add(format!("desk gets {kind}")),
        }
    }
    for message in line.iter().filter(|message| message["re"] != mark) {
        match message["type"].as_str().unwrap_or_default() {
            // That nothing came of it.
            "refused" | "bye" | "closed" => {}
            kind => add(format!("phone gets {kind}")),
        }
    }
    came.join(", ")
}

/// What comes of a message at a place. `bystander` is in a conversation of their own.
async fn says(state: &str, url: &str, sam: &Practitioner, desk: &Line, message: impl Fn(&Placed) -> Value, number: usize) -> String {
    let placed = brought_to(state, url, sam, desk).await;
    let contact = placed.guest.contact.clone();
    let mark = format!("mark-{number}");
    let ready = format!("ready-{number}");
    settled_desk(desk, &contact, &ready).await;
    let before = view_of(desk, &contact);
    let (at_phone, at_desk) = (placed.line.heard().len(), desk.heard().len());
    placed.line.say(message(&placed));
    settled(state, &placed.line, desk, &contact, &mark).await;
    let (line, at_the_desk) = (placed.line.heard().split_off(at_phone), desk.heard().split_off(at_desk));
    effect(&line, &at_the_desk, &before, &view_of(desk, &contact), &mark)
}

/// Waits until the desk has heard all that there is.
async fn settled_desk(desk: &Line, contact: &str, mark: &str) {
    desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "text", "person": "nobody", "id": mark, "body": "mark" } }));
    desk.until("an answer at the desk", |message| message["type"] == "refused" && message["re"] == mark).await;
}

/// What comes of each message, said from each of these places.
async fn from_these<'a>(
    states: &[&'a str],
    names: &[String],
    url: &str,
    practitioner: &Practitioner,
) -> BTreeMap<(&'a str, String), String> {
    let mut came = BTreeMap::new();
    for state in states {
        // A new page of the desk each time, so that none says too much at once.
        let desk = practitioner.desk(state).await;
        for (number, name) in names.iter().enumerate() {
            let message = |placed: &Placed| from_guest(name, &placed.guest.session, placed.epoch);
            came.insert((*state, name.clone()), says(state, url, practitioner, &desk, message, number).await);
        }
    }
    came
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_said_from_everywhere_has_an_effect_only_where_it_belongs() {
    let names = named("FromGuest", "type");
    let mut decided: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, effects) in EFFECTS {
        decided.insert(name, effects.iter().copied().collect());
    }
    let missing: Vec<_> = names.iter().filter(|name| !decided.contains_key(name.as_str())).collect();
    assert!(missing.is_empty(), "decide in EFFECTS where these may have an effect: {missing:?}");

    let world = World::new().await;
    let sam = world.sam().await;
    let desk = sam.desk("bystanders").await;
    let bystander = brought_to("in", &world.url, &sam, &desk).await;
    let heard = bystander.line.heard().len();
    // Two practitioners side by side: neither plans so many contacts at once that it is refused.
    let kim = world.kim().await;
    let (half, rest) = STATES.split_at(STATES.len() / 2);
    let (one, other) = tokio::join!(from_these(half, &names, &world.url, &sam), from_these(rest, &names, &world.url, &kim));
    let came: BTreeMap<_, _> = one.into_iter().chain(other).collect();
    let mut wrong = Vec::new();
    for ((state, name), came) in &came {
        let allowed = decided[name.as_str()].get(state).copied().unwrap_or_default();
        if came != allowed {
            wrong.push(format!("{name} from {state}: came {came:?}, allowed {allowed:?}"));
        }
    }
    println!("{} tries, {} with an effect", came.len(), came.values().filter(|came| !came.is_empty()).count());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let told: Vec<_> = bystander.line.heard().split_off(heard);
    assert!(told.is_empty(), "somebody in a conversation of their own is told: {told:?}");
}

/// An interpreter of the same contact, by a link of their own, who waits.
async fn beside(url: &str, sam: &Practitioner, desk: &Line, contact: &str) -> Placed {
    let (person, session) = sam.invites_beside(contact).await;
    let line = Line::phone(url, &session, "beside").await;
    line.is_at("choosing").await;
    line.say(json!({ "type": "choose", "way": "voice" }));
    line.is_at("preparing").await;
    line.say(json!({ "type": "knock" }));
    line.is_at("waiting").await;
    desk.until("they wait", |message| {
        let people = message["view"]["people"].as_array().cloned().unwrap_or_default();
        people.iter().any(|one| one["id"] == person.as_str() && one["stage"]["name"] == "waiting")
    })
    .await;
    let guest = Guest { contact: contact.to_owned(), invitation: person, session };
    Placed { guest, line, epoch: 1 }
}

/// Says everything there is, as `hostile`, but for leaving, and waits until it was dealt with. What `other` heard of it.
async fn everything_beside(hostile: &Placed, other: &Placed, desk: &Line, turn: &str) -> Vec<Value> {
    let heard = other.line.heard().len();
    for (number, name) in named("FromGuest", "type").iter().enumerate().filter(|(_, name)| *name != "leave") {
        for epoch in [hostile.epoch, other.epoch] {
            hostile.line.say(from_guest(name, &other.guest.session, epoch));
        }
        settled("waiting", &hostile.line, desk, &hostile.guest.contact, &format!("{turn}-{number}")).await;
    }
    other.line.heard().split_off(heard)
}

/// As a second person of one contact, wherever the two are: nothing of what either says reaches the other, and nothing of it moves the
/// other's place.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_of_the_same_contact_reaches_nothing_of_the_first() {
    let world = World::new().await;
    let sam = world.sam().await;
    let desk = sam.desk("desk").await;
    let mut jo = brought_to("in", &world.url, &sam, &desk).await;
    let contact = jo.guest.contact.clone();
    let jos = view_of(&desk, &contact)["people"][0]["id"].clone();
    let heard = jo.line.heard().len();
    let mut ana = beside(&world.url, &sam, &desk, &contact).await;
    assert_eq!(jo.line.heard().len(), heard, "that somebody else comes and waits is told to nobody inside");
    let does = |act: &str, person: &Value| desk.say(json!({ "type": "in", "contact": contact, "act": { "do": act, "person": person } }));
    let anas = json!(ana.guest.invitation);
    let place = |number: usize| view_of(&desk, &contact)["people"][number]["stage"].clone();

    // Who waits says everything, and so does who is inside.
    let inside = place(0);
    assert_eq!(everything_beside(&ana, &jo, &desk, "a").await, Vec::<Value>::new());
    assert_eq!(place(0), inside, "a second person can't move the first one's place");
    assert_eq!(everything_beside(&jo, &ana, &desk, "b").await, Vec::<Value>::new());
    assert_eq!(place(1)["name"], "waiting");

    // Two at a time there are never; then the turn changes.
    let refused = desk.heard().len();
    does("admit", &anas);
    desk.after(refused, "refused", |message| message["type"] == "refused" && message["code"] == "busy").await;
    let (at_jo, at_ana) = (jo.line.heard().len(), ana.line.heard().len());
    does("put_on_hold", &jos);
    jo.line.after(at_jo, "on hold", |message| message["view"]["stage"]["on_hold"] == true).await;
    assert_eq!(ana.line.heard().len(), at_ana, "that it is another's turn next is told to nobody before it is");
    let at_jo = jo.line.heard().len();
    does("admit", &anas);
    ana.epoch = ana.line.is_at("in").await["stage"]["epoch"].as_u64().expect("an epoch");
    assert_ne!(ana.epoch, jo.epoch);
    assert_eq!(everything_beside(&ana, &jo, &desk, "c").await, Vec::<Value>::new());
    assert_eq!(everything_beside(&jo, &ana, &desk, "d").await, Vec::<Value>::new());
    let told = jo.line.heard().split_off(at_jo);
    let of_media = |message: &&Value| ["signal", "relay"].contains(&message["type"].as_str().unwrap_or_default());
    assert_eq!(told.iter().filter(of_media).count(), 0, "whoever is on hold gets nothing of any connection: {told:?}");
    assert_eq!(place(0)["name"], "waiting");

    // The control: back inside, what they say arrives, and in another connection.
    let at_ana = ana.line.heard().len();
    does("put_back", &anas);
    ana.line.after(at_ana, "put back", |message| message["view"]["stage"]["name"] == "waiting").await;
    let at_jo = jo.line.heard().len();
    does("admit", &jos);
    let back = jo.line.after(at_jo, "inside again", |message| message["view"]["stage"]["name"] == "in").await;
    jo.epoch = back["view"]["stage"]["epoch"].as_u64().expect("an epoch");
    assert!(jo.epoch > ana.epoch);
    let heard = desk.heard().len();
    jo.line.say(from_guest("signal", "", jo.epoch));
    desk.after(heard, "a signal of theirs", |message| message["type"] == "signal" && message["person"] == jos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_names_somebody_else_as_its_sender_ends_its_own_connection() {
    let world = World::new().await;
    let sam = world.sam().await;
    let desk = sam.desk("desk").await;
    for (number, name) in named("FromGuest", "type").iter().enumerate() {
        let forged = |placed: &Placed| {
            let mut message = from_guest(name, &placed.guest.session, placed.epoch);
            message["person"] = json!("somebody-else");
            message
        };
        let came = says("in", &world.url, &sam, &desk, forged, number).await;
        // That they are lost is all that anybody learns.
        assert!(came.is_empty() || came == "desk sees lost", "{name}: {came}");
    }
}

fn act(name: &str, person: &Value, epoch: u64) -> Value {
    let candidate = "candidate:1 1 udp 1 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9";
    let mut act = match name {
        "take" | "end" => json!({}),
        "admit" | "ask" | "ask_who" | "take_back_who" | "move" | "at_it" | "hand_over" | "end_quietly" | "ring" | "put_back"
        | "put_on_hold" | "its_them" => {
            json!({ "person": person })
        }
        "decline" => json!({ "person": person, "reason": "other", "block": true }),
        "alarm" => json!({ "person": person, "how": "heard" }),
        "handled" => json!({ "person": person, "matter": "alarm" }),
        "devices" => json!({ "devices": { "microphone": true, "camera": true, "picture": true } }),
        "text" => json!({ "person": person, "id": "hostile", "body": "words" }),
        "seal" => json!({ "person": person, "seal": seal() }),
        "ack" => json!({ "person": person, "id": "hostile", "proof": "tag" }),
        "signal" => {
            json!({ "person": person, "epoch": epoch, "signal": { "kind": "candidate", "candidate": candidate, "mid": "0", "line": 0 } })
        }
        "reconnect" => json!({ "person": person, "epoch": epoch }),
        new => panic!("{new} is a new act: say here what is in it"),
    };
    act["do"] = json!(name);
    act
}

/// The code of the refusal of the first act said after so many messages; none if it wasn't refused.
async fn refusal(desk: &Line, contact: &str, act: Value, mark: &str) -> Option<String> {
    let heard = desk.heard().len();
    desk.say(json!({ "type": "in", "contact": contact, "act": act }));
    settled_desk(desk, contact, mark).await;
    let answers = desk.heard().split_off(heard);
    let refused = answers.iter().find(|message| message["type"] == "refused" && message["re"] != mark);
    refused.map(|message| message["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_another_practitioner_does_has_an_effect_in_a_contact_that_is_not_theirs() {
    let world = World::new().await;
    let (sam, kim) = (world.sam().await, world.kim().await);
    let (sams, kims) = (sam.desk("sam").await, kim.desk("kim").await);
    let placed = brought_to("in", &world.url, &sam, &sams).await;
    let (contact, own) = (placed.guest.contact.clone(), kim.plan().await.0);
    let person = sams.sees(&contact, "in").await["people"][0]["id"].clone();
    kims.until("their own contact", |message| message["view"]["id"] == own.as_str()).await;
    settled_desk(&sams, &contact, "before").await;
    let (before, heard) = (view_of(&sams, &contact), placed.line.heard().len());
    let names = named("Act", "do");
    for (number, name) in names.iter().enumerate() {
        let code = refusal(&kims, &contact, act(name, &person, placed.epoch), &format!("theirs-{number}")).await;
        assert_eq!(code.as_deref(), Some("unknown"), "{name} in a contact of Sam's");
        // In a contact of Kim's own, somebody else's person is nobody. What names no person may be done there.
        if !["take", "devices", "end"].contains(&name.as_str()) {
            let before = view_of(&kims, &own);
            refusal(&kims, &own, act(name, &person, placed.epoch), &format!("own-{number}")).await;
            assert_eq!(view_of(&kims, &own), before, "{name} in one of Kim's");
        }
    }
    settled_desk(&sams, &contact, "after").await;
    assert_eq!(view_of(&sams, &contact), before, "Sam's contact is as it was");
    let told = placed.line.heard().split_off(heard);
    assert!(told.is_empty(), "the person is told: {told:?}");
    assert!(!kims.heard().iter().any(|message| message.to_string().contains(&contact) && message["type"] != "refused"));

    // The control: by Sam the same acts aren't unknown.
    for (number, name) in names.iter().enumerate() {
        let placed = brought_to("in", &world.url, &sam, &sams).await;
        let contact = placed.guest.contact.clone();
        let person = sams.sees(&contact, "in").await["people"][0]["id"].clone();
        let code = refusal(&sams, &contact, act(name, &person, placed.epoch), &format!("sams-{number}")).await;
        assert_ne!(code.as_deref(), Some("unknown"), "{name} by Sam");
    }
}
