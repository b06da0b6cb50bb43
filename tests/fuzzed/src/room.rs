//! Any inputs at a room, one after the other: every message of either side from every page that there ever was, links, presses,
//! losses, restarts and time. Random histories in the room's own tests are watched by one who knows the rules; here a fuzzer looks
//! for ways that chance doesn't go, and what it is held to is short: written down before anything is told, nothing told to
//! whoever isn't connected, no address in any signal, no deadline that rings for ever, and the same room again from its facts.

use crate::bytes::Bytes;
use crate::signals::assert_tells_no_address;
use sidelight_protocol::{
    Answer, Checked, CheckedCamera, CheckedConnection, CheckedMicrophone, CheckedSpeaker, Code, Company, Devices, Leaving, MayKeep, Rung,
    Seal, Signal, Way, WhenHidden,
    desk::{Act, ContactDetails, Invitee, Matter, Part, Reason, ToDesk, Used},
    guest::{FromGuest, ToGuest},
    plan::Early,
};
use sidelight_room::{Conn, Effect, Fact, Input, Relayed, Room, Time};
use std::collections::BTreeSet;

const START: u32 = 1_800_000_000;
const PEOPLE: [&str; 4] = ["person-a", "person-b", "person-c", "nobody"];
const SESSIONS: [&str; 4] = ["session-1", "session-2", "session-3", "session-4"];
const TABS: [&str; 3] = ["tab-1", "tab-2", "tab-3"];
const IDS: [&str; 3] = ["text-1", "text-2", "text-3"];

/// So many different messages each side has. A message more must be made below, or the count doesn't hold.
pub const FROM_GUEST: usize = 16;
pub const ACTS: usize = 23;

pub fn play(data: &[u8]) {
    let _written = facts(data);
}

/// What was written down: the seeds are held to it, so that they get somewhere.
pub fn facts(data: &[u8]) -> Vec<Fact> {
    let mut world = World::new();
    let mut input = Bytes::new(data);
    for _ in 0..200 {
        if input.is_empty() {
            break;
        }
        world.step(&mut input);
    }
    world.facts
}

struct World {
    room: Room,
    now: Time,
    facts: Vec<Fact>,
    /// Every page that ever was, of a phone or of the desk, and those that are connected.
    phones: Vec<Conn>,
    desks: Vec<Conn>,
    connected: BTreeSet<Conn>,
    /// Those to whom nothing may be said any more.
    silenced: BTreeSet<Conn>,
    next: u64,
}

fn details() -> ContactDetails {
    ContactDetails {
        reference: "case-4711".into(),
        greeting: Some("Alex".into()),
        practitioner: Some("Sam".into()),
        starts_at: START,
        minutes: 30,
        ways: vec![Way::Video, Way::Voice, Way::Text],
        waiting_words: None,
        word: Some("pineapple".into()),
        response: Some("call-the-neighbour".into()),
        when_hidden: None,
        rings: true,
        number: None,
        signing: false,
        by_code: false,
        about: None,
        spellings: vec![],
        early: None,
        help: None,
    }
}

impl World {
    fn new() -> World {
        let mut world = World {
            room: Room::new("contact", details(), Relayed::default()),
            now: u64::from(START) * 1_000,
            facts: Vec::new(),
            phones: vec![Conn(0)],
            desks: vec![Conn(1)],
            connected: BTreeSet::new(),
            silenced: BTreeSet::new(),
            next: 1,
        };
        world.handle(Input::Invite { person: PEOPLE[0].into(), replacing: false, invitee: None });
        world
    }

    fn step(&mut self, input: &mut Bytes<'_>) {
        let made = match input.byte() % 16 {
            0 => invite(input),
            1 => Input::Redeem { person: person(input), session: session(input), browser: browser(input), claim: None },
            2 => Input::GuestConnect { conn: self.fresh(false), person: person(input), session: session(input), tab: tab(input) },
            3 => Input::DeskConnect { conn: self.fresh(true), tab: tab(input) },
            4..=6 => Input::FromGuest { conn: one_of_the_last(&self.phones, input), message: from_guest(input) },
            7..=9 => Input::FromDesk { conn: one_of_the_last(&self.desks, input), act: act(input) },
            10 => return self.later(u64::from(input.word()) * 250),
            11 => {
                let pages = if input.flag() { &self.desks } else { &self.phones };
                Input::Disconnect { conn: one_of_the_last(pages, input) }
            }
            12 => Input::LeaveByRequest { person: person(input), session: session(input), how: leaving(input) },
            13 => return self.killed(u64::from(input.byte()) * 1_000),
            14 => self.changed(input),
            _ => match input.byte() % 5 {
                4 => Input::Cancel,
                0 => Input::Revoke { person: input.flag().then(|| person(input)) },
                1 => Input::LinkShown { person: person(input) },
                2 => Input::TakeAlarm { person: person(input), by: "Kim".into() },
                _ => return self.rings(),
            },
        };
        self.handle(made);
    }

    fn fresh(&mut self, desk: bool) -> Conn {
        self.next += 1;
        let conn = Conn(self.next);
        if desk {
            self.desks.push(conn)
        } else {
            self.phones.push(conn)
        }
        conn
    }

    fn changed(&self, input: &mut Bytes<'_>) -> Input {
        let bits = input.byte();
        let is = |bit: u8| bits & (1 << bit) != 0;
        let mut details = details();
        details.rings = is(0);
        details.early = is(1).then_some(Early::NotTold);
        details.when_hidden = is(2).then_some(WhenHidden::Quiet);
        details.help = is(3).then(|| "4-mill-lane".to_owned());
        details.word = details.word.filter(|_| is(4));
        details.starts_at = START + u32::from(input.byte()) * 600;
        details.minutes = u32::from(input.byte());
        Input::DetailsChanged { details }
    }

    fn later(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        self.handle(Input::Deadline);
    }

    /// As the service's timer would: each deadline in its turn, and no end of them is an error.
    fn rings(&mut self) {
        for _ in 0..500 {
            let Some(deadline) = self.room.deadline() else { return };
            self.now = self.now.max(deadline);
            self.handle(Input::Deadline);
        }
        panic!("deadlines without end");
    }

    fn killed(&mut self, down: u64) {
        let since = self.now;
        self.now += down;
        let before = std::mem::replace(&mut self.room, Room::new("contact", details(), Relayed::default()));
        let (open, ended) = (before.open().to_vec(), before.ended());
        self.room = Room::restore("contact", details(), Relayed::default(), &self.facts, since);
        assert!(self.room.open() == open && self.room.ended() == ended, "after a restart something is forgotten");
        assert_eq!(self.room.people().len(), before.people().len(), "after a restart there are other people");
        self.connected.clear();
        self.silenced.clear();
        self.handle(Input::Deadline);
    }

    fn handle(&mut self, input: Input) {
        match &input {
            Input::GuestConnect { conn, .. } | Input::DeskConnect { conn, .. } => {
                self.connected.insert(*conn);
            }
            _ => {}
        }
        let gone = match &input {
            Input::Disconnect { conn } => Some(*conn),
            _ => None,
        };
        let effects = self.room.handle(self.now, input);
        for (at, effect) in effects.into_iter().enumerate() {
            self.see(at, effect);
        }
        if let Some(gone) = gone {
            self.connected.remove(&gone);
            self.silenced.remove(&gone);
        }
        assert!(self.room.deadline().is_none_or(|deadline| deadline > self.now), "a deadline that has passed would ring for ever");
    }

    fn see(&mut self, at: usize, effect: Effect) {
        let told = match effect {
            Effect::Record(facts) => {
                assert!(at == 0 && !facts.is_empty(), "told before it was written down");
                return self.facts.extend(facts);
            }
            Effect::Redeemed(_) | Effect::Changed(_) | Effect::Revoke { .. } | Effect::TellSupervisors { .. } => return,
            Effect::Close { conn, .. } => {
                assert!(self.connected.remove(&conn), "a goodbye to who isn't there");
                return;
            }
            Effect::Silence { conn } => {
                assert!(self.connected.remove(&conn), "silence for who isn't there");
                self.silenced.insert(conn);
                return;
            }
            // Whoever isn't known, or not any more, is told that, and nothing else.
            Effect::TellGuest { conn, message: ToGuest::Refused { code: Code::Unknown, .. } }
            | Effect::TellDesk { conn, message: ToDesk::Refused { code: Code::Unknown, .. } } => {
                assert!(!self.silenced.contains(&conn), "a word to who was silenced");
                return;
            }
            Effect::TellGuest { conn, message } => {
                if let ToGuest::Signal { signal, .. } = &message {
                    assert_tells_no_address(signal);
                }
                conn
            }
            Effect::TellDesk { conn, message } => {
                if let ToDesk::Signal { signal, .. } = &message {
                    assert_tells_no_address(signal);
                }
                conn
            }
            Effect::Welcome { conn } | Effect::Grant { conn, .. } | Effect::GrantCheck { conn } => conn,
        };
        assert!(self.connected.contains(&told), "something is told to who isn't there");
    }
}

/// One of the last pages, whether or not it is still there; the last one most easily.
fn one_of_the_last(pages: &[Conn], input: &mut Bytes<'_>) -> Conn {
    let back = input.index(8).min(pages.len() - 1);
    pages[pages.len() - 1 - back]
}

fn person(input: &mut Bytes<'_>) -> String {
    PEOPLE[input.index(PEOPLE.len())].into()
}

/// One of them is always somebody beside the service user, whose link never replaces another.
fn invite(input: &mut Bytes<'_>) -> Input {
    let (person, replacing) = (person(input), input.index(8) == 7);
    let invitee = (person == PEOPLE[2]).then(|| Invitee { part: Part::Interpreter, name: "Ana".into() });
    Input::Invite { person, replacing: replacing && invitee.is_none(), invitee }
}

fn session(input: &mut Bytes<'_>) -> String {
    SESSIONS[input.index(SESSIONS.len())].into()
}

fn tab(input: &mut Bytes<'_>) -> String {
    TABS[input.index(TABS.len())].into()
}

fn id(input: &mut Bytes<'_>) -> String {
    IDS[input.index(IDS.len())].into()
}

fn browser(input: &mut Bytes<'_>) -> Option<String> {
    [None, Some("phone"), Some("tablet")][input.index(3)].map(str::to_owned)
}

fn leaving(input: &mut Bytes<'_>) -> Leaving {
    if input.flag() { Leaving::Exit } else { Leaving::End }
}

fn devices(input: &mut Bytes<'_>) -> Devices {
    Devices { microphone: input.flag(), camera: input.flag(), picture: input.flag() }
}

/// Epochs are given out by the clock: the first is the second of the first admission at the least.
fn epoch(input: &mut Bytes<'_>) -> u32 {
    let near = u32::from(input.byte());
    if input.flag() { START + near } else { near }
}

fn signal(input: &mut Bytes<'_>) -> Signal {
    let text = |input: &mut Bytes<'_>| String::from_utf8_lossy(input.short()).into_owned();
    match input.byte() % 4 {
        0 => Signal::Offer { sdp: text(input), bound: id(input) },
        1 => Signal::Answer { sdp: text(input), bound: id(input) },
        2 => Signal::Candidate { candidate: text(input), mid: input.flag().then(|| text(input)), line: None },
        _ => Signal::Pace { sends: Rung::Voice, most: Rung::Small, unseen: input.flag(), unheard: input.flag(), again: input.flag() },
    }
}

fn seal(input: &mut Bytes<'_>) -> Seal {
    let none = String::new;
    Seal { commitment: id(input), seen: none(), key: none(), nonce: none(), link: none(), proof: none() }
}

/// The message of this number, and no other has it (`every_message_is_among_those_that_are_fuzzed`).
pub fn message(number: usize, input: &mut Bytes<'_>) -> FromGuest {
    match number % FROM_GUEST {
        0 => FromGuest::Knock {},
        1 => FromGuest::Answer { answer: [Answer::Yes, Answer::Type, Answer::Later][input.index(3)] },
        2 => FromGuest::Choose { way: [Way::Video, Way::Voice, Way::Text][input.index(3)] },
        3 => FromGuest::Company { company: [Company::OnlyMe, Company::Adult, Company::NotSaid][input.index(3)] },
        4 => FromGuest::Devices { devices: devices(input) },
        5 => FromGuest::Page { hidden: input.flag(), covered: input.flag(), quiet: input.flag() },
        6 => FromGuest::Check {},
        7 => FromGuest::Checked {
            checked: Checked {
                connection: CheckedConnection::Poor,
                microphone: CheckedMicrophone::Silent,
                camera: CheckedCamera::Off,
                speaker: if input.flag() { CheckedSpeaker::Heard } else { CheckedSpeaker::NotTried },
            },
        },
        8 => FromGuest::Text { id: id(input), body: "words".into() },
        9 => FromGuest::Ack { id: id(input), proof: "tag".into() },
        10 => FromGuest::Signal { epoch: epoch(input), signal: signal(input) },
        11 => FromGuest::Leave { how: leaving(input) },
        12 => FromGuest::Beat {},
        13 => FromGuest::Hello { protocol: sidelight_protocol::PROTOCOL, session: session(input), tab: tab(input) },
        14 => FromGuest::Seal { seal: seal(input) },
        _ => FromGuest::Keep { keep: if input.flag() { MayKeep::Yes } else { MayKeep::Not } },
    }
}

fn from_guest(input: &mut Bytes<'_>) -> FromGuest {
    let number = usize::from(input.byte());
    message(number, input)
}

/// The act of this number, as above.
pub fn act_of(number: usize, input: &mut Bytes<'_>) -> Act {
    let person = person(input);
    match number % ACTS {
        0 => Act::Take {},
        1 => Act::Admit { person },
        2 => Act::Decline { person, reason: Reason::NotSafe, block: input.flag() },
        3 => Act::Ask { person },
        4 => Act::AskWho { person },
        5 => Act::TakeBackWho { person },
        6 => Act::Move { person },
        7 => Act::Alarm { person, how: if input.flag() { Used::Heard } else { Used::Typed } },
        8 => Act::AtIt { person },
        9 => Act::HandOver { person },
        10 => Act::Handled { person, matter: [Matter::Alarm, Matter::Exit, Matter::Later][input.index(3)] },
        11 => Act::EndQuietly { person },
        12 => Act::Ring { person },
        13 => Act::PutBack { person },
        14 => Act::ItsThem { person },
        15 => Act::Devices { devices: devices(input) },
        16 => Act::Text { person, id: id(input), body: "words".into() },
        17 => Act::Ack { person, id: id(input), proof: "tag".into() },
        18 => Act::Signal { person, epoch: epoch(input), signal: signal(input) },
        19 => Act::Reconnect { person, epoch: epoch(input) },
        20 => Act::End {},
        21 => Act::PutOnHold { person },
        _ => Act::Seal { person, seal: seal(input) },
    }
}

fn act(input: &mut Bytes<'_>) -> Act {
    let number = usize::from(input.byte());
    act_of(number, input)
}
