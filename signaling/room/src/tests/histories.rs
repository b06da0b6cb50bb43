//! Random histories of a contact, watched by a [`Witness`] who knows the rules. `SIDELIGHT_HISTORIES` says how many; the plain
//! run plays a short count.

use super::{
    witness::Witness,
    world::{RELAY_CANDIDATE, START, World, describe, desk, details, phone},
};
use crate::{Conn, Effect, Fact, Happened, Input, Peer, RedeemRefused, Relayed, Room, Side, stage::Stage};
use proptest::prelude::*;
use sidelight_protocol::{
    Answer, Checked, CheckedCamera, CheckedConnection, CheckedMicrophone, CheckedSpeaker, Code, Company, Devices, Leaving, MayKeep, Seal,
    Signal, Way, WhenHidden,
    desk::{Act, ContactDetails, HandedAlarm, Handover, Invitee, KeepsTyped, Matter, Part, Reason, ToDesk, Used},
    guest::{FromGuest, GuestStage, Kept, ToGuest},
    plan::Early,
};
use std::collections::BTreeMap;

const PEOPLE: [&str; 3] = ["person-a", "person-b", "person-c"];
/// One of them is invited beside the service user; and one whom nobody knows.
const BESIDE: &str = PEOPLE[2];
const NOBODY: &str = "nobody";
const SESSIONS: [&str; 3] = ["session-1", "session-2", "session-3"];
const CHECKED: Checked = Checked {
    connection: CheckedConnection::Poor,
    microphone: CheckedMicrophone::Silent,
    camera: CheckedCamera::Off,
    speaker: CheckedSpeaker::NotTried,
};
const TABS: [&str; 3] = ["tab-1", "tab-2", "tab-3"];

/// One step of a history. Indices are taken modulo what there is, so that every step means something.
#[derive(Clone, Debug)]
enum Step {
    /// Whatever brings this person further towards a conversation.
    Onward(usize),
    /// Another browser opens the link, its page comes, and the desk moves the place there; as far as that goes now.
    Another(usize, bool),
    /// The desk asks who is with them, and their page answers; as far as that goes now.
    Who(usize, bool),
    /// What is typed is kept, the desk writes to them and asks whether it may be, and their page answers, or doesn't; as far as that goes now.
    Keeps(usize, Option<bool>),
    /// Keeping is switched on or off.
    KeepTyped(bool),
    /// Whoever is inside is put on hold, and this person let in, as far as that goes now.
    TakesTurns(usize),
    Invite(usize, bool),
    LinkShown(usize),
    Revoke(Option<usize>),
    Cancel,
    Redeem(usize, usize),
    Connect(usize, usize, usize),
    DeskOpens(usize),
    /// A connection made earlier goes, if it hasn't gone yet.
    Goes(usize),
    /// Any message on any connection ever made, of a phone or none.
    Says(usize, usize, u32),
    Acts(usize, usize, usize, u32),
    LeavesByRequest(usize, usize),
    /// A supervisor says that they have this person's alarm.
    Takes(usize),
    Waits(u64),
    /// What was planned changes; also the time, by so many seconds from the first one.
    Details(i32),
    /// Where help would go is said, or taken back.
    Help(bool),
    Killed(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0..76usize;
    prop_oneof![
        24 => n.clone().prop_map(Step::Onward),
        2 => (n.clone(), any::<bool>()).prop_map(|(person, moved)| Step::Another(person, moved)),
        2 => (n.clone(), any::<bool>()).prop_map(|(person, answered)| Step::Who(person, answered)),
        2 => (n.clone(), any::<Option<bool>>()).prop_map(|(person, agreed)| Step::Keeps(person, agreed)),
        1 => proptest::bool::weighted(0.9).prop_map(Step::KeepTyped),
        2 => (n.clone(), any::<bool>()).prop_map(|(person, replacing)| Step::Invite(person, replacing && person % 4 == 0)),
        4 => n.clone().prop_map(Step::TakesTurns),
        1 => n.clone().prop_map(Step::LinkShown),
        1 => proptest::bool::weighted(0.3).prop_map(|off| if off { Step::Cancel } else { Step::Revoke(Some(0)) }),
        1 => proptest::option::weighted(0.95, n.clone()).prop_map(Step::Revoke),
        2 => (n.clone(), n.clone()).prop_map(|(person, session)| Step::Redeem(person, session)),
        3 => (n.clone(), n.clone(), n.clone()).prop_map(|(person, session, tab)| Step::Connect(person, session, tab)),
        3 => n.clone().prop_map(Step::DeskOpens),
        3 => n.clone().prop_map(Step::Goes),
        10 => (n.clone(), n.clone(), 0..3u32).prop_map(|(conn, message, epoch)| Step::Says(conn, message, epoch)),
        // Twice as many as there are acts, so that none comes up more often than another.
        10 => (n.clone(), 0..96usize, n.clone(), 0..3u32).prop_map(|(conn, act, person, epoch)| Step::Acts(conn, act, person, epoch)),
        1 => n.clone().prop_map(Step::Takes),
        1 => (n.clone(), n.clone()).prop_map(|(person, session)| Step::LeavesByRequest(person, session)),
        4 => prop_oneof![4 => Just(1), 4 => Just(4), 4 => Just(16), 4 => Just(119), 4 => Just(121), 2 => Just(301), 2 => Just(601), 1 => Just(3_601)]
            .prop_map(Step::Waits),
        1 => prop_oneof![4 => Just(0), 1 => Just(2_400), 1 => Just(-3_600)].prop_map(Step::Details),
        1 => any::<bool>().prop_map(Step::Help),
        1 => prop_oneof![Just(0), Just(3), Just(130)].prop_map(Step::Killed),
    ]
}

struct History {
    world: World,
    witness: Witness,
    phones: Vec<Conn>,
    desks: Vec<Conn>,
    next: u64,
    /// All that happened, and when; none: the service was killed.
    log: Vec<(u64, Option<Input>)>,
}

impl History {
    fn new() -> History {
        let mut history =
            History { world: World::empty(), witness: Witness::default(), phones: Vec::new(), desks: Vec::new(), next: 1, log: Vec::new() };
        history.input(Input::DetailsChanged { details: ContactDetails { rings: true, ..details() } }).expect("may be rung");
        history.input(invite(PEOPLE[0], false)).expect("the first link");
        history
    }

    fn input(&mut self, input: Input) -> Result<(), String> {
        self.log.push((self.world.now, Some(input.clone())));
        let effects = self.world.handle(input.clone());
        self.witness.sees(self.world.now, &input, &effects).map_err(|broken| {
            let told: Vec<String> = effects.iter().map(describe).collect();
            format!("{broken}\nwritten: {:#?}\neffects: {told:#?}", self.world.history())
        })?;
        if self.world.room.deadline().is_some_and(|deadline| deadline <= self.world.now) {
            return Err("a deadline that has passed would ring for ever".into());
        }
        Ok(())
    }

    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn connects(&mut self, person: &str, session: &str, tab: &str) -> Result<(), String> {
        let conn = phone(self.fresh());
        self.phones.push(conn);
        self.input(Input::GuestConnect { conn, person: person.into(), session: session.into(), tab: tab.into() })
    }

    fn desk_opens(&mut self, tab: &str) -> Result<(), String> {
        let conn = desk(self.fresh());
        self.desks.push(conn);
        self.input(Input::DeskConnect { conn, tab: tab.into() })
    }

    fn epoch(&self) -> u32 {
        self.world.facts.iter().fold(0, |last, fact| match fact.what {
            Happened::Admitted { epoch, .. } | Happened::Reconnected { epoch, .. } => epoch,
            _ => last,
        })
    }

    fn play(&mut self, step: &Step) -> Result<(), String> {
        let person = |index: &usize| PEOPLE[index % PEOPLE.len()];
        let session = |index: &usize| SESSIONS[index % SESSIONS.len()];
        match step {
            Step::Onward(index) => self.onward(person(index)),
            Step::Another(index, moved) => self.another(person(index), *moved),
            Step::Who(index, answered) => self.who(person(index), *answered),
            Step::Keeps(index, agreed) => self.keeps(person(index), *agreed),
            Step::KeepTyped(on) => self.input(Input::KeepTyped { on: *on }),
            Step::TakesTurns(index) => self.takes_turns(person(index)),
            Step::Invite(index, replacing) => self.input(invite(person(index), *replacing)),
            Step::LinkShown(index) => self.input(Input::LinkShown { person: person(index).into() }),
            Step::Cancel => self.input(Input::Cancel),
            Step::Revoke(index) => self.input(Input::Revoke { person: index.as_ref().map(|index| person(index).to_owned()) }),
            Step::Redeem(who, which) => self.input(redeem(person(who), session(which))),
            Step::Connect(who, which, tab) => self.connects(person(who), session(which), TABS[tab % TABS.len()]),
            Step::DeskOpens(tab) => self.desk_opens(TABS[tab % TABS.len()]),
            Step::Goes(index) => {
                let all: Vec<Conn> = self.phones.iter().chain(&self.desks).copied().collect();
                let conn = all.get(index % all.len().max(1)).copied().unwrap_or(phone(0));
                self.input(Input::Disconnect { conn })
            }
            Step::Says(index, which, epoch) => {
                let conn = self.phones.iter().rev().nth(index % 5).copied().unwrap_or(phone(0));
                let message = message(*which, self.epoch().saturating_sub(*epoch));
                self.input(Input::FromGuest { conn, message })
            }
            Step::Acts(index, which, who, epoch) => {
                let conn = self.desks.iter().rev().nth(index % 4).copied().unwrap_or(desk(0));
                let act = act(*which, person(who).to_owned(), self.epoch().saturating_sub(*epoch));
                self.input(Input::FromDesk { conn, act })
            }
            Step::LeavesByRequest(who, which) => {
                self.input(Input::LeaveByRequest { person: person(who).into(), session: session(which).into(), how: Leaving::Exit })
            }
            Step::Takes(who) => {
                // What is due by the time alone isn't the supervisor's doing.
                self.input(Input::Deadline)?;
                self.input(Input::TakeAlarm { person: person(who).into(), by: "Kim".into() })
            }
            Step::Waits(seconds) => {
                self.world.now += seconds * 1000;
                self.input(Input::Deadline)
            }
            Step::Details(by) => {
                let starts_at = START.saturating_add_signed(*by);
                let early = (*by > 0).then_some(Early::NotTold);
                let details = ContactDetails { starts_at, rings: *by >= 0, signing: *by > 0, early, ..details() };
                self.input(Input::DetailsChanged { details })
            }
            Step::Help(known) => {
                let help = known.then(|| "9-mill-lane".to_owned());
                let details = ContactDetails { help, ..self.world.room.details.clone() };
                self.input(Input::DetailsChanged { details })
            }
            Step::Killed(seconds) => {
                self.same_after_a_restart()?;
                self.world.killed(*seconds);
                self.witness.killed();
                self.log.push((self.world.now, None));
                Ok(())
            }
        }
    }

    fn another(&mut self, id: &str, moved: bool) -> Result<(), String> {
        let session = format!("session-{}", self.fresh());
        self.input(redeem(id, &session))?;
        self.connects(id, &session, TABS[2])?;
        match self.world.room.hold.holder() {
            Some(conn) if moved => self.input(Input::FromDesk { conn, act: Act::Move { person: id.into() } }),
            _ => Ok(()),
        }
    }

    fn who(&mut self, id: &str, answered: bool) -> Result<(), String> {
        if let Some(conn) = self.world.room.hold.holder() {
            self.input(Input::FromDesk { conn, act: Act::AskWho { person: id.into() } })?;
        }
        match self.world.room.person(id).and_then(|person| person.page.conn) {
            Some(conn) if answered => self.input(Input::FromGuest { conn, message: FromGuest::Company { company: Company::Child } }),
            _ => Ok(()),
        }
    }

    fn keeps(&mut self, id: &str, agreed: Option<bool>) -> Result<(), String> {
        self.input(Input::KeepTyped { on: true })?;
        let Some(conn) = self.world.room.hold.holder() else { return Ok(()) };
        let text = Act::Text { person: id.into(), id: "d".into(), body: "from the desk".into() };
        self.input(Input::FromDesk { conn, act: text })?;
        self.input(Input::AskToKeep)?;
        match self.world.room.person(id).and_then(|person| person.page.conn).zip(agreed) {
            Some((conn, agreed)) => self.input(Input::FromGuest { conn, message: FromGuest::Keep { keep: may_keep(agreed) } }),
            None => Ok(()),
        }
    }

    fn takes_turns(&mut self, id: &str) -> Result<(), String> {
        let Some(conn) = self.world.room.hold.holder() else { return Ok(()) };
        if let Some((inside, _)) = self.world.room.admitted() {
            let person = inside.to_owned();
            self.input(Input::FromDesk { conn, act: Act::ItsThem { person: person.clone() } })?;
            self.input(Input::FromDesk { conn, act: Act::PutOnHold { person } })?;
        }
        self.input(Input::FromDesk { conn, act: Act::Admit { person: id.into() } })
    }

    fn onward(&mut self, id: &str) -> Result<(), String> {
        let Some(person) = self.world.room.person(id) else {
            return self.input(invite(id, false));
        };
        let (stage, conn, session) = (person.stage.clone(), person.page.conn, person.session.clone());
        let session = session.unwrap_or_else(|| SESSIONS[0].into());
        if stage.live() && conn.is_none() {
            return self.connects(id, &session, TABS[0]);
        }
        let says = |message| Input::FromGuest { conn: conn.unwrap_or(phone(0)), message };
        match stage {
            Stage::NotOpened { .. } | Stage::Later { .. } | Stage::Declined { .. } => self.input(redeem(id, &session)),
            Stage::Asked { .. } => self.input(says(FromGuest::Answer { answer: Answer::Yes })),
            Stage::Choosing { .. } => self.input(says(FromGuest::Choose { way: Way::Video })),
            Stage::Preparing { .. } => self.input(says(FromGuest::Knock {})),
            Stage::Waiting(_) => match self.world.room.hold.holder() {
                Some(conn) => self.input(Input::FromDesk { conn, act: Act::Admit { person: id.into() } }),
                None => self.desk_opens(TABS[0]),
            },
            Stage::In(admitted) => match self.world.room.hold.holder() {
                Some(conn) => {
                    let (epoch, person) = (admitted.epoch(), id.to_owned());
                    self.input(says(FromGuest::Signal { epoch, signal: signal() }))?;
                    self.input(Input::FromDesk { conn, act: Act::Signal { person, epoch, signal: signal() } })
                }
                None => self.desk_opens(TABS[0]),
            },
            Stage::Left { .. } | Stage::Ended { .. } | Stage::Revoked { .. } | Stage::Quiet { .. } => Ok(()),
        }
    }

    /// What was written down gives the room again, in all that matters; and every page was told what is true now.
    fn same_after_a_restart(&self) -> Result<(), String> {
        let live = &self.world.room;
        let again = Room::restore("contact", live.details.clone(), Relayed::default(), &self.world.facts, self.world.now);
        let matters = |room: &Room| {
            let people: Vec<String> = room.people.iter().map(matters).collect();
            let history: Vec<String> = room.history.iter().map(|line| serde_json::to_string(line).expect("is serializable")).collect();
            let open: Vec<String> = room.open.iter().map(|open| serde_json::to_string(open).expect("is serializable")).collect();
            let typed = room.typed.at_the_desk(live.latest, room.ended.is_some());
            (people, history, room.ended, room.has_link(), room.next_epoch(0), room.full(), open, typed)
        };
        if matters(live) != matters(&again) {
            return Err(format!("restored: {:#?}\nlive: {:#?}", matters(&again), matters(live)));
        }
        for (conn, page) in &live.guests {
            if page.view != live.page_view(page) {
                return Err(format!("{conn:?} was not told the truth"));
            }
        }
        for (conn, page) in &live.desks {
            if page.view.as_ref() != Some(&live.contact_view(*conn)) {
                return Err(format!("{conn:?} was not told the truth"));
            }
        }
        Ok(())
    }
}

/// What of a person must survive the process.
fn matters(person: &crate::person::Person) -> String {
    let (stage, inside) = match &person.stage {
        Stage::In(admitted) => ("in", Some((admitted.epoch(), admitted.started()))),
        Stage::NotOpened { .. } => ("not opened", None),
        Stage::Asked { .. } => ("asked", None),
        Stage::Choosing { .. } => ("choosing", None),
        Stage::Preparing { .. } => ("preparing", None),
        Stage::Waiting(_) => ("waiting", None),
        Stage::Later { .. } => ("later", None),
        Stage::Declined { .. } => ("declined", None),
        Stage::Left { .. } => ("left", None),
        Stage::Ended { .. } => ("ended", None),
        Stage::Revoked { .. } => ("revoked", None),
        Stage::Quiet { .. } => ("quiet", None),
    };
    let since = person.stage.since();
    let other = person.other.as_ref().map(|other| (other.session.as_str(), other.browser.as_deref(), other.same_kind, other.since));
    let before = match &person.stage {
        Stage::Waiting(waiting) => Some((waiting.on_hold(), waiting.clone().admit(0, 0).started())),
        _ => None,
    };
    format!(
        "{} {stage} {since} {inside:?} {before:?} {} {:?} {} {:?} {:?} {:?} {:?} {other:?} {}",
        person.id,
        person.invitee.is_some(),
        person.session,
        person.came,
        person.answer,
        person.way,
        person.browser,
        (person.asked, person.rung, person.another, person.who.at_the_desk().asked, person.who.at_the_desk().said),
        person.others
    )
}

/// One of them is beside the service user; their link replaces nobody's.
fn invite(person: &str, replacing: bool) -> Input {
    let invitee = (person == BESIDE).then(|| Invitee { part: Part::Advocate, name: "the-advocate".into() });
    Input::Invite { person: person.into(), replacing: replacing && invitee.is_none(), invitee }
}

fn redeem(person: &str, session: &str) -> Input {
    let browser = if session == SESSIONS[1] { "Firefox on Linux" } else { "Chrome on Android" };
    Input::Redeem { person: person.into(), session: session.into(), browser: Some(browser.into()), claim: Some(session.into()) }
}

fn signal() -> Signal {
    Signal::Candidate { candidate: RELAY_CANDIDATE.into(), mid: None, line: None }
}

fn seal(commitment: &str) -> Seal {
    let none = String::new;
    Seal { commitment: commitment.into(), seen: none(), key: none(), nonce: none(), link: none(), proof: none() }
}

fn may_keep(agreed: bool) -> MayKeep {
    if agreed { MayKeep::Yes } else { MayKeep::Not }
}

fn message(which: usize, epoch: u32) -> FromGuest {
    match which % 22 {
        0 => FromGuest::Hello { protocol: 1, session: "s".into(), tab: "t".into() },
        1 => FromGuest::Beat {},
        2 => FromGuest::Answer { answer: Answer::Yes },
        3 => FromGuest::Answer { answer: Answer::Type },
        4 => FromGuest::Answer { answer: Answer::Later },
        5 => FromGuest::Choose { way: Way::Voice },
        6 => FromGuest::Choose { way: Way::Video },
        7 => FromGuest::Knock {},
        8 => FromGuest::Devices { devices: Devices { microphone: true, camera: epoch.is_multiple_of(2), picture: true } },
        9 => FromGuest::Page { hidden: epoch.is_multiple_of(2), covered: epoch.is_multiple_of(3), quiet: epoch.is_multiple_of(5) },
        10 => FromGuest::Text { id: "g".into(), body: "from a phone".into() },
        11 => FromGuest::Ack { id: "d".into(), proof: "p".into() },
        12 => FromGuest::Signal { epoch, signal: signal() },
        13 => FromGuest::Signal { epoch, signal: Signal::Offer { sdp: "v=0\r\nc=IN IP4 192.168.1.7\r\n".into(), bound: String::new() } },
        14 if epoch.is_multiple_of(3) => FromGuest::Leave { how: Leaving::End },
        15 | 17 | 18 => FromGuest::Check {},
        16 => FromGuest::Checked { checked: CHECKED },
        19 => FromGuest::Company { company: Company::Adult },
        20 => FromGuest::Seal { seal: seal("from_a_phone") },
        21 => FromGuest::Keep { keep: may_keep(!epoch.is_multiple_of(3)) },
        _ => FromGuest::Signal { epoch, signal: Signal::Answer { sdp: "v=1".into(), bound: String::new() } },
    }
}

fn act(which: usize, person: String, epoch: u32) -> Act {
    match which % 48 {
        46 | 47 => Act::PutOnHold { person },
        0 | 1 => Act::Take {},
        18 | 19 => Act::Ask { person },
        20..=23 => Act::Move { person },
        24 => Act::Alarm { person, how: Used::Typed },
        25 => Act::Alarm { person, how: Used::Heard },
        26 => Act::Handled { person, matter: Matter::Alarm },
        27 => Act::Handled { person, matter: if epoch.is_multiple_of(2) { Matter::Exit } else { Matter::Later } },
        28..=31 | 41..=44 => Act::Ring { person },
        32 => Act::EndQuietly { person },
        33 | 34 => Act::AskWho { person },
        35 => Act::TakeBackWho { person },
        36 | 37 => Act::HandOver { person },
        38 => Act::AtIt { person },
        39 => Act::Alarm { person, how: Used::Heard },
        40 => Act::Reconnect { person, epoch },
        2..=4 => Act::Admit { person },
        5 => Act::Decline { person, reason: Reason::NotNow, block: epoch.is_multiple_of(3) },
        6 | 7 => Act::PutBack { person },
        8 | 9 => Act::ItsThem { person },
        10 => Act::Devices { devices: Devices { microphone: true, camera: false, picture: true } },
        11 | 12 => Act::Text { person, id: "d".into(), body: "from the desk".into() },
        13 => Act::Ack { person, id: "g".into(), proof: "p".into() },
        45 => Act::Seal { person, seal: seal("from_the_desk") },
        14 => Act::Signal { person, epoch, signal: signal() },
        15 => Act::Signal {
            person,
            epoch,
            signal: Signal::Answer { sdp: "v=0\r\no=- 1 1 IN IP4 192.168.1.9\r\n".into(), bound: String::new() },
        },
        16 => Act::Signal {
            person,
            epoch,
            signal: Signal::Candidate { candidate: "candidate:1 1 udp 1 192.168.1.7 5 typ host".into(), mid: None, line: None },
        },
        _ if epoch.is_multiple_of(3) => Act::End {},
        _ => Act::Take {},
    }
}

fn is_about_an_alarm(input: &Input) -> bool {
    match input {
        Input::FromDesk { act, .. } => {
            let handled = matches!(act, Act::Handled { matter: Matter::Alarm, .. });
            handled || matches!(act, Act::Alarm { .. } | Act::AtIt { .. } | Act::HandOver { .. })
        }
        Input::TakeAlarm { .. } => true,
        _ => false,
    }
}

/// What phones meet when all this happens but for what is left out.
fn at_phones(log: &[(u64, Option<Input>)], left_out: fn(&Input) -> bool) -> Vec<String> {
    let instead = |input: &Input| if left_out(input) { Input::Deadline } else { input.clone() };
    met(log, instead, |_, effect| is_at_a_phone(effect))
}

/// What comes of all this, with something else in the place of each input, as far as it is looked at.
fn met(log: &[(u64, Option<Input>)], mut instead: impl FnMut(&Input) -> Input, looked_at: impl Fn(&Input, &Effect) -> bool) -> Vec<String> {
    let mut world = World::empty();
    let mut met = Vec::new();
    for (now, input) in log {
        world.now = *now;
        let Some(input) = input else {
            world.killed(0);
            continue;
        };
        let effects = world.handle(instead(input));
        met.extend(effects.iter().filter(|effect| looked_at(input, effect)).map(|effect| format!("{now} {}", describe(effect))));
    }
    met
}

/// What those who are never let in meet while `other` comes and goes as they may, is let in, put on hold and written with; and, with
/// `there` false, what they meet when that other doesn't exist.
fn beside_another(log: &[(u64, Option<Input>)], other: &str, there: bool) -> Vec<String> {
    let pages: BTreeMap<Conn, &str> = log.iter().filter_map(|(_, input)| page_of(input.as_ref()?)).collect();
    let of_other = |input: &Input| match input {
        Input::Redeem { person, .. } | Input::GuestConnect { person, .. } | Input::LeaveByRequest { person, .. } => person == other,
        Input::FromGuest { conn, .. } | Input::Disconnect { conn } => pages.get(conn) == Some(&other),
        _ => false,
    };
    let named = |person: &str| if person == other && !there { NOBODY.to_owned() } else { person.to_owned() };
    let instead = |input: &Input| match input {
        input if of_other(input) && !there => Input::Deadline,
        // One page of the desk at a time: which of several holds a conversation is another matter.
        Input::DeskConnect { conn, .. } => Input::DeskConnect { conn: *conn, tab: "tab".into() },
        Input::Invite { person, replacing, invitee } => {
            Input::Invite { person: named(person), replacing: *replacing, invitee: invitee.clone() }
        }
        // Each is refused for what anybody does, which is the desk's to know.
        Input::Cancel | Input::KeepTyped { .. } | Input::AskToKeep => Input::Deadline,
        Input::Revoke { person: Some(person) } => Input::Revoke { person: Some(named(person)) },
        Input::LinkShown { person } => Input::LinkShown { person: named(person) },
        Input::TakeAlarm { person, by } => Input::TakeAlarm { person: named(person), by: by.clone() },
        Input::FromDesk { conn, act: Act::Admit { person } } if person != other => {
            Input::FromDesk { conn: *conn, act: Act::Admit { person: NOBODY.into() } }
        }
        Input::FromDesk { conn, act } => Input::FromDesk { conn: *conn, act: about(act, named) },
        input => input.clone(),
    };
    met(log, instead, |input, effect| match effect {
        Effect::TellGuest { conn, .. }
        | Effect::Welcome { conn }
        | Effect::Grant { conn, .. }
        | Effect::GrantCheck { conn }
        | Effect::Silence { conn }
        | Effect::Close { conn, .. } => pages.get(conn).is_some_and(|person| *person != other),
        Effect::Redeemed(_) => !of_other(input),
        Effect::Record(_)
        | Effect::Changed(_)
        // Nobody else is ever inside.
        | Effect::Revoke { .. }
        | Effect::TellDesk { .. }
        | Effect::TellSupervisors { .. } => false,
    })
}

fn page_of(input: &Input) -> Option<(Conn, &str)> {
    match input {
        Input::GuestConnect { conn, person, .. } => Some((*conn, person.as_str())),
        _ => None,
    }
}

/// The same act, about whoever goes by another name. By what is sent: each act names its person in the same field.
fn about(act: &Act, named: impl Fn(&str) -> String) -> Act {
    let mut sent = serde_json::to_value(act).expect("is serializable");
    if let Some(person) = sent.get("person").and_then(|person| person.as_str()).map(named) {
        sent["person"] = person.into();
    }
    serde_json::from_value(sent).expect("is an act")
}

fn is_at_a_phone(effect: &Effect) -> bool {
    match effect {
        Effect::Grant { conn, .. } | Effect::Close { conn, .. } => conn.0 < desk(0).0,
        Effect::Redeemed(_)
        | Effect::Revoke { .. }
        | Effect::Welcome { .. }
        | Effect::GrantCheck { .. }
        | Effect::TellGuest { .. }
        | Effect::Silence { .. } => true,
        Effect::Record(_) | Effect::Changed(_) | Effect::TellDesk { .. } | Effect::TellSupervisors { .. } => false,
    }
}

fn count() -> u32 {
    std::env::var("SIDELIGHT_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: count(), failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn no_history_breaks_the_rules_of_the_door(steps in proptest::collection::vec(step(), 1..150)) {
        let mut history = History::new();
        for step in &steps {
            history.play(step).map_err(TestCaseError::fail)?;
        }
        history.same_after_a_restart().map_err(TestCaseError::fail)?;
    }

    /// Whoever holds a phone, or sits beside it, has nothing by which to tell.
    #[test]
    fn every_phone_meets_the_same_in_a_contact_with_alarms_and_in_one_without(steps in proptest::collection::vec(step(), 1..150)) {
        let mut history = History::new();
        for step in &steps {
            history.play(step).map_err(TestCaseError::fail)?;
        }
        prop_assert_eq!(at_phones(&history.log, |_| false), at_phones(&history.log, is_about_an_alarm));
    }

    /// Nobody who waits learns who else is there, or that anybody is: not by a view, not by a refusal, not by what doesn't come.
    #[test]
    fn whoever_waits_meets_the_same_whether_or_not_there_is_anybody_else(
        steps in proptest::collection::vec(step(), 1..150),
        other in 0..PEOPLE.len(),
    ) {
        let mut history = History::new();
        for step in &steps {
            history.play(step).map_err(TestCaseError::fail)?;
        }
        let other = PEOPLE[other];
        prop_assert_eq!(beside_another(&history.log, other, true), beside_another(&history.log, other, false));
    }
}

/// The control: something is met there, and what the desk does about those who wait is a difference to them.
#[test]
fn what_is_done_about_who_waits_is_a_difference_to_them() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let differs = (0..50).filter(|_| {
        let steps = proptest::collection::vec(step(), 100..150).new_tree(&mut runner).expect("steps").current();
        let mut history = History::new();
        steps.iter().for_each(|step| history.play(step).expect("the rules hold"));
        let left_alone = |input: &Input| match input {
            Input::FromDesk { conn, act } => {
                Input::FromDesk { conn: *conn, act: about(act, |person| if person == PEOPLE[1] { NOBODY } else { person }.to_owned()) }
            }
            input => input.clone(),
        };
        let without: Vec<_> = history.log.iter().map(|(at, input)| (*at, input.as_ref().map(left_alone))).collect();
        beside_another(&history.log, PEOPLE[0], true) != beside_another(&without, PEOPLE[0], true)
    });
    assert!(differs.count() > 5);
}

/// The control: leaving out what phones do meet is found.
#[test]
fn not_being_let_in_is_a_difference_at_phones() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let differs = (0..50).filter(|_| {
        let steps = proptest::collection::vec(step(), 100..150).new_tree(&mut runner).expect("steps").current();
        let mut history = History::new();
        steps.iter().for_each(|step| history.play(step).expect("the rules hold"));
        let lets_in = |input: &Input| matches!(input, Input::FromDesk { act: Act::Admit { .. }, .. });
        at_phones(&history.log, |_| false) != at_phones(&history.log, lets_in)
    });
    assert!(differs.count() > 5);
}

#[test]
fn random_histories_get_as_far_as_conversations_and_signals() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut conversations, mut signals, mut moves, mut alarms, mut handed, mut rung, mut checks, mut companies, mut helps) =
        (0, 0, 0, 0, 0, 0, 0, 0, 0);
    let (mut holds, mut goes_on) = (0, 0);
    let (mut agreements, mut not_agreed) = (0, 0);
    for _ in 0..160 {
        let steps = proptest::collection::vec(step(), 100..150).new_tree(&mut runner).expect("steps").current();
        let mut history = History::new();
        steps.iter().for_each(|step| history.play(step).expect("the rules hold"));
        conversations += history.witness.conversations;
        signals += history.witness.signals;
        moves += history.witness.moves;
        alarms += history.witness.alarms;
        handed += history.witness.handed_in_all;
        rung += history.witness.rung_in_all;
        checks += history.witness.checks;
        companies += history.witness.companies;
        helps += history.witness.helps;
        holds += history.witness.holds;
        goes_on += history.witness.goes_on;
        agreements += history.witness.agreements;
        not_agreed += history.witness.not_agreed;
    }
    assert!(conversations > 50 && signals > 50, "{conversations} conversations, {signals} signals in 160 histories");
    assert!(moves > 20 && alarms > 5, "{moves} moves, {alarms} alarms in 160 histories");
    assert!(handed > 3, "{handed} alarms handed over in 160 histories");
    assert!(rung > 5 && checks > 3, "{rung} rung, {checks} checks in 160 histories");
    assert!(companies > 3, "who is there was said {companies} times in 160 histories");
    assert!(holds > 20 && goes_on > 20, "{holds} put on hold, {goes_on} of them gone on with as they were, in 160 histories");
    assert!(agreements > 5 && not_agreed > 5, "agreed {agreements} times, the desk told {not_agreed} times that they weren't all");
    assert!(helps > 10, "where help would go, said {helps} times in 160 histories");
}

/// The control: a witness that never complains would prove nothing. Each of these is a room that broke one rule.
#[test]
fn the_witness_complains_of_each_broken_rule() {
    // Person-a waits on phone 1, person-b is in conversation on phone 2, and desk 1 holds it.
    let mut history = History::new();
    let onward = |history: &mut History, id: &str, times: usize| (0..times).for_each(|_| history.onward(id).expect("the rules hold"));
    history.desk_opens("desk-tab").expect("the rules hold");
    onward(&mut history, "person-b", 7);
    onward(&mut history, "person-a", 5);
    let (a, b, desk) = (history.phones[1], history.phones[0], history.desks[0]);
    let epoch = history.epoch();
    let room = &history.world.room;
    assert_eq!(matters(room.person("person-b").expect("invited")).split(' ').nth(1), Some("in"));
    assert_eq!(matters(room.person("person-a").expect("invited")).split(' ').nth(1), Some("waiting"));

    let fact = |person: &str, what| Fact { at: START, person: Some(person.into()), what };
    let view = |id: &str| room.guest_view(id).expect("opened");
    let tell = |conn, message| Effect::TellGuest { conn, message };
    let signal_to = |conn, signal| tell(conn, ToGuest::Signal { epoch, signal });
    let clean = || Signal::Candidate { candidate: String::new(), mid: None, line: None };
    let by_desk = |act| Input::FromDesk { conn: desk, act };
    let signal_act = |person: &str, signal| by_desk(Act::Signal { person: person.into(), epoch, signal });
    let put_back = || by_desk(Act::PutBack { person: "person-b".into() });
    let cuts = [Side::Guest, Side::Desk].map(|side| Effect::Revoke { peer: Peer { epoch, side } });
    let recorded = |what| Effect::Record(vec![fact("person-b", what)]);
    let mut looks_in = view("person-a");
    looks_in.stage = view("person-b").stage;
    let mut tells_word = view("person-a");
    tells_word.waiting_words = Some("pineapple".into());
    let mut names = view("person-a");
    names.waiting_words = Some("person-b is here".into());

    let mut asks = view("person-a");
    asks.asked = true;
    let mut asks_who = view("person-a");
    asks_who.who_asked = true;
    let company = || Input::FromGuest { conn: a, message: FromGuest::Company { company: Company::Adult } };
    let said_who = || Effect::Record(vec![fact("person-a", Happened::SaidWho { company: Company::Adult })]);
    let asked_who = || Effect::Record(vec![fact("person-a", Happened::AskedWho)]);
    let who = || by_desk(Act::AskWho { person: "person-a".into() });
    let mut may_not = view("person-a");
    may_not.rings = false;
    let mut rung = view("person-a");
    rung.ringing = true;
    let alarm = || by_desk(Act::Alarm { person: "person-b".into(), how: Used::Typed });
    let changed = |change: fn(&mut ContactDetails)| {
        let mut details = room.details.clone();
        change(&mut details);
        Input::DetailsChanged { details }
    };
    let no_help = || changed(|details| details.help = None);
    let untold = || changed(|details| details.early = Some(Early::NotTold));
    let mut helps = view("person-a");
    helps.waiting_words = Some("4-mill-lane".into());
    let hold = || by_desk(Act::PutOnHold { person: "person-b".into() });
    let mut on_hold = view("person-a");
    if let GuestStage::Waiting { on_hold, .. } = &mut on_hold.stage {
        *on_hold = true;
    }
    let advocate = || Some(Invitee { part: Part::Advocate, name: "the-advocate".into() });
    let beside_and = |what| vec![Effect::Record(vec![fact("person-c", Happened::Invited { invitee: advocate() }), fact("person-c", what)])];
    let quietly = || by_desk(Act::EndQuietly { person: "person-b".into() });
    let ended_quietly = || recorded(Happened::EndedQuietly);
    let quiet = |and| vec![ended_quietly(), Effect::Silence { conn: b }, cuts[0].clone(), cuts[1].clone(), and];
    let hands_over = || by_desk(Act::HandOver { person: "person-b".into() });
    let at_it = || by_desk(Act::AtIt { person: "person-b".into() });
    let takes = || Input::TakeAlarm { person: "person-b".into(), by: "Kim".into() };
    let alarm_and = |what| Effect::Record(vec![fact("person-b", Happened::Alarm { how: Used::Typed }), fact("person-b", what)]);
    let handed = HandedAlarm {
        person: "person-b".into(),
        reference: "case-4711".into(),
        response: None,
        help: None,
        since: START,
        handover: Handover { at: START, by_itself: false, taken_by: None, taken: None },
    };
    let redeems = |person: &str| redeem(person, "session-9");

    let broken: Vec<(&str, Input, Vec<Effect>)> = vec![
        ("an alarm that changes the other side's view", alarm(), vec![tell(b, ToGuest::View { view: view("person-b") })]),
        ("an alarm that sends a text", alarm(), vec![tell(b, ToGuest::Text { id: "d".into(), body: "x".into() })]),
        ("an alarm that ends the session", alarm(), vec![Effect::Close { conn: b, bye: sidelight_protocol::Bye::Over }]),
        ("an alarm that takes the relay", alarm(), vec![cuts[0].clone()]),
        ("ended quietly with a goodbye", quietly(), quiet(Effect::Close { conn: b, bye: sidelight_protocol::Bye::Over })),
        ("ended quietly with a last view", quietly(), quiet(tell(b, ToGuest::View { view: view("person-b") }))),
        ("ended quietly with a refusal", quietly(), quiet(tell(b, ToGuest::Refused { code: Code::NotNow, re: None }))),
        ("ended quietly, and their page left as it was", quietly(), vec![ended_quietly(), cuts[0].clone(), cuts[1].clone()]),
        ("ended quietly by nobody", Input::Deadline, vec![ended_quietly(), Effect::Silence { conn: b }, cuts[0].clone(), cuts[1].clone()]),
        ("silence for who wasn't ended quietly", Input::Deadline, vec![Effect::Silence { conn: b }]),
        (
            "a link that gives no answer though nothing was ended",
            redeems("person-c"),
            vec![Effect::Redeemed(Err(RedeemRefused::Unanswered))],
        ),
        ("handing over that changes the other side's view", hands_over(), vec![tell(b, ToGuest::View { view: view("person-b") })]),
        ("a press of a step that sends a text", at_it(), vec![tell(b, ToGuest::Text { id: "d".into(), body: "x".into() })]),
        ("taking an alarm that takes the relay", takes(), vec![cuts[0].clone()]),
        ("handed over by nobody", Input::Deadline, vec![alarm_and(Happened::HandedOver { by_itself: false })]),
        ("gone over before its time", Input::Deadline, vec![alarm_and(Happened::HandedOver { by_itself: true })]),
        ("taken by nobody", Input::Deadline, vec![recorded(Happened::Taken { by: "Kim".into() })]),
        ("taken before it was handed over", takes(), vec![recorded(Happened::Taken { by: "Kim".into() })]),
        ("supervisors told of what nobody handed over", Input::Deadline, vec![Effect::TellSupervisors { alarms: vec![handed.clone()] }]),
        ("where help would go, on a phone", Input::Deadline, vec![tell(a, ToGuest::View { view: helps })]),
        ("where help would go changes, and a phone is told anything", no_help(), vec![tell(b, ToGuest::View { view: view("person-b") })]),
        ("the time for who isn't to be told", untold(), vec![tell(a, ToGuest::View { view: view("person-a") })]),
        ("an alarm out of nothing", Input::Deadline, vec![recorded(Happened::Alarm { how: Used::Typed })]),
        ("handled by nobody", Input::Deadline, vec![recorded(Happened::Handled { matter: Matter::Alarm })]),
        ("a question that nobody asked again", Input::Deadline, vec![tell(a, ToGuest::View { view: asks })]),
        (
            "an answer that was not asked for again",
            Input::FromGuest { conn: a, message: FromGuest::Answer { answer: Answer::Yes } },
            vec![Effect::Record(vec![fact("person-a", Happened::Answered { answer: Answer::Yes })])],
        ),
        (
            "the same kind of browser told of as another",
            redeems("person-c"),
            vec![Effect::Record(vec![
                fact("person-c", Happened::Invited { invitee: None }),
                fact("person-c", Happened::Opened { session: "session-9".into(), browser: None, claim: None, another: true }),
            ])],
        ),
        ("who is there asked by nobody", Input::Deadline, vec![asked_who()]),
        ("who is there asked of another", by_desk(Act::AskWho { person: "person-b".into() }), vec![asked_who()]),
        ("a view that asks who is there, unasked", Input::Deadline, vec![tell(a, ToGuest::View { view: asks_who })]),
        ("who is there, said unasked", company(), vec![said_who()]),
        ("taken back by nobody", Input::Deadline, vec![asked_who(), Effect::Record(vec![fact("person-a", Happened::TookBackWho)])]),
        ("rung by nobody", Input::Deadline, vec![recorded(Happened::Rung)]),
        ("another rung", by_desk(Act::Ring { person: "person-a".into() }), vec![recorded(Happened::Rung)]),
        ("may be rung and doesn't know it", Input::Deadline, vec![tell(a, ToGuest::View { view: may_not })]),
        ("said to be rung by nobody", Input::Deadline, vec![tell(a, ToGuest::View { view: rung })]),
        ("a place moved by nobody", Input::Deadline, vec![recorded(Happened::Moved)]),
        ("a place moved to nobody", by_desk(Act::Move { person: "person-b".into() }), vec![recorded(Happened::Moved)]),
        (
            "a held place taken by another browser",
            redeems("person-a"),
            vec![Effect::Record(vec![fact(
                "person-a",
                Happened::Opened { session: "session-9".into(), browser: None, claim: None, another: false },
            )])],
        ),
        (
            "a link never opened, said too early",
            Input::Deadline,
            vec![Effect::Record(vec![fact("person-c", Happened::Invited { invitee: None }), fact("person-c", Happened::DidNotAttend)])],
        ),
        ("blocked by nobody", Input::Deadline, vec![recorded(Happened::Revoked)]),
        ("a signal to one who waits", signal_act("person-a", clean()), vec![signal_to(a, clean())]),
        ("a signal to another", signal_act("person-b", clean()), vec![signal_to(a, clean())]),
        ("a signal out of nothing", Input::Deadline, vec![signal_to(b, clean())]),
        ("a signal with an address", signal_act("person-b", signal()), vec![signal_to(b, signal())]),
        (
            "a signal from one who waits",
            Input::FromGuest { conn: a, message: FromGuest::Signal { epoch, signal: clean() } },
            vec![Effect::TellDesk {
                conn: desk,
                message: ToDesk::Signal { contact: "contact".into(), person: "person-b".into(), epoch, signal: clean() },
            }],
        ),
        (
            "the relay for one who waits",
            Input::Deadline,
            vec![Effect::Grant { conn: a, person: "person-a".into(), peer: Peer { epoch, side: Side::Guest } }],
        ),
        (
            "the relay to another's page",
            Input::Deadline,
            vec![Effect::Grant { conn: a, person: "person-b".into(), peer: Peer { epoch, side: Side::Guest } }],
        ),
        ("a line to try for one who didn't ask", Input::Deadline, vec![Effect::GrantCheck { conn: a }]),
        (
            "a line to try for one in conversation",
            Input::FromGuest { conn: b, message: FromGuest::Check {} },
            vec![Effect::GrantCheck { conn: b }],
        ),
        ("a view of the conversation for one who waits", Input::Deadline, vec![tell(a, ToGuest::View { view: looks_in })]),
        ("a view of another", Input::Deadline, vec![tell(a, ToGuest::View { view: view("person-b") })]),
        ("a view with the word", Input::Deadline, vec![tell(a, ToGuest::View { view: tells_word })]),
        ("a view with a name", Input::Deadline, vec![tell(a, ToGuest::View { view: names })]),
        (
            "a text to another",
            by_desk(Act::Text { person: "person-b".into(), id: "d".into(), body: "x".into() }),
            vec![tell(a, ToGuest::Text { id: "d".into(), body: "x".into() })],
        ),
        ("put back with the relay left", put_back(), vec![recorded(Happened::PutBack)]),
        ("put back with half the relay left", put_back(), vec![recorded(Happened::PutBack), cuts[0].clone()]),
        ("put on hold with the relay left", hold(), vec![recorded(Happened::PutOnHold)]),
        ("put on hold with half the relay left", hold(), vec![recorded(Happened::PutOnHold), cuts[0].clone()]),
        ("put on hold by nobody", Input::Deadline, vec![recorded(Happened::PutOnHold), cuts[0].clone(), cuts[1].clone()]),
        (
            "put on hold without having been inside",
            by_desk(Act::PutOnHold { person: "person-a".into() }),
            vec![Effect::Record(vec![fact("person-a", Happened::PutOnHold)])],
        ),
        ("said to be on hold without having been put there", Input::Deadline, vec![tell(a, ToGuest::View { view: on_hold })]),
        (
            "an alarm about somebody beside",
            by_desk(Act::Alarm { person: "person-c".into(), how: Used::Typed }),
            beside_and(Happened::Alarm { how: Used::Typed }),
        ),
        ("somebody beside ended quietly", by_desk(Act::EndQuietly { person: "person-c".into() }), beside_and(Happened::EndedQuietly)),
        (
            "what one says, at another's phone",
            Input::FromGuest { conn: a, message: FromGuest::Text { id: "g".into(), body: "x".into() } },
            vec![tell(b, ToGuest::View { view: view("person-b") })],
        ),
        (
            "what one switches on, at another's phone",
            Input::FromGuest { conn: b, message: FromGuest::Devices { devices: Devices::default() } },
            vec![tell(a, ToGuest::View { view: view("person-a") })],
        ),
        ("put back by nobody", Input::Deadline, vec![recorded(Happened::PutBack), cuts[0].clone(), cuts[1].clone()]),
        ("told before it was written down", put_back(), vec![cuts[0].clone(), cuts[1].clone(), recorded(Happened::PutBack)]),
        (
            "a second one let in",
            by_desk(Act::Admit { person: "person-a".into() }),
            vec![Effect::Record(vec![fact("person-a", Happened::Admitted { epoch: epoch + 1, desk: None })])],
        ),
        (
            "let in by themselves",
            Input::FromGuest { conn: a, message: FromGuest::Knock {} },
            vec![Effect::Record(vec![fact("person-a", Happened::Admitted { epoch: epoch + 1, desk: None })])],
        ),
        (
            "let in without knocking",
            by_desk(Act::Admit { person: "person-c".into() }),
            vec![Effect::Record(vec![
                fact("person-c", Happened::Invited { invitee: None }),
                fact("person-c", Happened::Admitted { epoch: epoch + 1, desk: None }),
            ])],
        ),
        (
            "an answer that was not given",
            Input::FromGuest { conn: a, message: FromGuest::Knock {} },
            vec![Effect::Record(vec![fact("person-a", Happened::Answered { answer: Answer::Yes })])],
        ),
        ("an epoch used twice", Input::Deadline, vec![recorded(Happened::Reconnected { epoch, desk: None })]),
        ("a stranger told", Input::Deadline, vec![tell(Conn(77), ToGuest::View { view: view("person-a") })]),
        (
            "told after the goodbye",
            Input::Deadline,
            vec![Effect::Close { conn: a, bye: sidelight_protocol::Bye::Over }, tell(a, ToGuest::View { view: view("person-a") })],
        ),
    ];
    for (what, input, effects) in broken {
        assert!(history.witness.clone().sees(history.world.now, &input, &effects).is_err(), "the witness let pass: {what}");
    }

    // "Who is with you?" stands before person-a: the answer goes to the desk, and to no other phone.
    let mut asked = history.witness.clone();
    asked.sees(history.world.now, &who(), &[asked_who()]).expect("asked");
    let elsewhere = vec![said_who(), tell(b, ToGuest::View { view: view("person-b") })];
    let closes = vec![said_who(), Effect::Close { conn: a, bye: sidelight_protocol::Bye::Over }];
    let early = vec![Effect::Record(vec![fact("person-a", Happened::WhoUnanswered)])];
    for (what, input, effects) in [
        ("another phone hears of an answer", company(), elsewhere),
        ("an answer has an effect", company(), closes),
        ("an answer nobody gave", Input::Deadline, vec![said_who()]),
        ("gone by itself too soon", Input::Deadline, early),
    ] {
        assert!(asked.clone().sees(history.world.now, &input, &effects).is_err(), "the witness let pass: {what}");
    }
    let answered = [said_who(), tell(a, ToGuest::View { view: view("person-a") })];
    assert_eq!(asked.sees(history.world.now, &company(), &answered), Ok(()));

    // Person-a was written to and is asked whether it may be kept: nobody else answers, and the desk learns of no no before its time.
    let mut keeps = history.witness.clone();
    let keep = |agreed| Input::FromGuest { conn: a, message: FromGuest::Keep { keep: may_keep(agreed) } };
    let said = |agreed| Effect::Record(vec![fact("person-a", Happened::SaidToKeep { agreed })]);
    let on = Effect::Record(vec![Fact { at: START, person: None, what: Happened::KeepsTyped { on: true } }]);
    let asked = || Effect::Record(vec![fact("person-a", Happened::AskedToKeep)]);
    let knows = |agreed| {
        let mut view = room.contact_view(desk);
        view.typed = KeepsTyped { since: Some(START), asked: Some(START), agreed };
        Effect::TellDesk { conn: desk, message: ToDesk::Contact { view } }
    };
    let mut may = view("person-a");
    may.kept = Kept::May;
    let mut before = view("person-a");
    before.kept = Kept::Asked;
    assert!(keeps.clone().sees(history.world.now, &Input::Deadline, std::slice::from_ref(&on)).is_err(), "kept by nobody's press");
    assert!(keeps.clone().sees(history.world.now, &Input::AskToKeep, &[asked()]).is_err(), "asked though nothing is kept");
    keeps.sees(history.world.now, &Input::KeepTyped { on: true }, std::slice::from_ref(&on)).expect("switched on");
    assert_eq!(keeps.clone().sees(history.world.now, &Input::Deadline, &[tell(a, ToGuest::View { view: may })]), Ok(()));
    assert!(
        keeps.clone().sees(history.world.now, &Input::Deadline, &[tell(a, ToGuest::View { view: view("person-a") })]).is_err(),
        "untold"
    );
    assert!(keeps.clone().sees(history.world.now, &Input::Deadline, &[asked()]).is_err(), "asked by nobody");
    keeps.sees(history.world.now, &Input::AskToKeep, &[asked()]).expect("asked");
    assert_eq!(keeps.clone().sees(history.world.now, &Input::Deadline, &[tell(a, ToGuest::View { view: before.clone() })]), Ok(()));
    for (what, input, effects) in [
        ("an answer that was not given", keep(true), vec![said(false)]),
        ("an answer by nobody", Input::Deadline, vec![said(true)]),
        ("a no that the desk learns of at once", keep(false), vec![said(false), knows(Some(false))]),
        ("agreed by nobody", Input::Deadline, vec![knows(Some(true))]),
        ("gone by itself too soon", Input::Deadline, vec![Effect::Record(vec![fact("person-a", Happened::KeepUnanswered)])]),
        ("asked still though they answered", keep(true), vec![said(true), tell(a, ToGuest::View { view: before.clone() })]),
        ("another asked", Input::Deadline, vec![tell(b, ToGuest::View { view: before })]),
    ] {
        assert!(keeps.clone().sees(history.world.now, &input, &effects).is_err(), "the witness let pass: {what}");
    }
    assert_eq!(keeps.clone().sees(history.world.now, &keep(true), &[said(true), knows(Some(true))]), Ok(()));
    assert_eq!(keeps.sees(history.world.now, &keep(false), &[said(false), knows(None)]), Ok(()));

    // Person-b is put on hold and person-a let in: nothing of the one goes on for the other.
    let mut turns = history.witness.clone();
    let now = history.world.now;
    turns.sees(now, &hold(), &[recorded(Happened::PutOnHold), cuts[0].clone(), cuts[1].clone()]).expect("on hold");
    let lets_in = |id: &str| by_desk(Act::Admit { person: id.into() });
    let let_in = |id: &str, epoch| Effect::Record(vec![fact(id, Happened::Admitted { epoch, desk: None })]);
    let grant = |conn, id: &str, epoch| Effect::Grant { conn, person: id.into(), peer: Peer { epoch, side: Side::Guest } };
    let mut inside = view("person-a");
    inside.stage = match view("person-b").stage {
        GuestStage::In { since, desk, desk_devices, .. } => GuestStage::In { since, epoch: epoch + 1, desk, started: true, desk_devices },
        other => other,
    };
    let started = vec![let_in("person-a", epoch + 1), tell(a, ToGuest::View { view: inside })];
    assert!(turns.clone().sees(now, &lets_in("person-a"), &started).is_err(), "one is begun with because another was");
    let both = vec![let_in("person-a", epoch + 1), grant(a, "person-a", epoch + 1), grant(b, "person-b", epoch + 1)];
    assert!(turns.clone().sees(now, &lets_in("person-a"), &both).is_err(), "who is on hold is given the relay");
    let old = vec![let_in("person-a", epoch + 1), grant(b, "person-b", epoch)];
    assert!(turns.clone().sees(now, &lets_in("person-a"), &old).is_err(), "who is on hold keeps the relay");
    assert_eq!(turns.sees(now, &lets_in("person-a"), &[let_in("person-a", epoch + 1), grant(a, "person-a", epoch + 1)]), Ok(()));
    let text = by_desk(Act::Text { person: "person-b".into(), id: "d".into(), body: "x".into() });
    assert!(turns.clone().sees(now, &text, &[tell(a, ToGuest::Text { id: "d".into(), body: "x".into() })]).is_err(), "a text crosses over");
    assert_eq!(turns.sees(now, &text, &[tell(b, ToGuest::Text { id: "d".into(), body: "x".into() })]), Ok(()));

    // Another browser on person-a's link, phone 3, is told where it stands and no more.
    let mut other = history.witness.clone();
    let now = history.world.now;
    let c = phone(77);
    let other_browser = Happened::OtherBrowser { session: "session-9".into(), browser: None, same_kind: false };
    let told = |view: sidelight_protocol::guest::GuestView| vec![tell(c, ToGuest::View { view })];
    let mut empty = view("person-a");
    empty.greeting = None;
    empty.practitioner = None;
    empty.waiting_words = None;
    empty.way = None;
    empty.ways.clear();
    (empty.starts_at, empty.minutes) = (0, 0);
    empty.stage = GuestStage::Told;
    empty.when_hidden = WhenHidden::Voice;
    empty.rings = false;
    other.sees(now, &redeems("person-a"), &[Effect::Record(vec![fact("person-a", other_browser)])]).expect("another browser");
    let comes = Input::GuestConnect { conn: c, person: "person-a".into(), session: "session-9".into(), tab: "t".into() };
    other.sees(now, &comes, &[Effect::Welcome { conn: c }]).expect("its page comes");
    assert_eq!(other.clone().sees(now, &Input::Deadline, &told(empty.clone())), Ok(()));
    assert!(other.clone().sees(now, &Input::Deadline, &told(view("person-a"))).is_err(), "another browser sees the person's view");
    let quiet = sidelight_protocol::guest::GuestView { when_hidden: WhenHidden::Quiet, ..empty.clone() };
    assert!(other.clone().sees(now, &Input::Deadline, &told(quiet)).is_err(), "another browser learns what the page does out of sight");
    let rings = sidelight_protocol::guest::GuestView { rings: true, ..empty.clone() };
    assert!(other.clone().sees(now, &Input::Deadline, &told(rings)).is_err(), "another browser learns that they may be rung");
    empty.practitioner = Some("Sam".into());
    assert!(other.clone().sees(now, &Input::Deadline, &told(empty)).is_err(), "another browser learns a name");
    let text = by_desk(Act::Text { person: "person-a".into(), id: "d".into(), body: "x".into() });
    let read = [tell(c, ToGuest::Text { id: "d".into(), body: "x".into() })];
    assert!(other.clone().sees(now, &text, &read).is_err(), "another browser reads what is written");
    let answer = Input::FromGuest { conn: c, message: FromGuest::Leave { how: Leaving::Exit } };
    let left = [Effect::Record(vec![fact("person-a", Happened::Left { how: Leaving::Exit })])];
    assert!(other.sees(now, &answer, &left).is_err(), "another browser gives up the person's place");

    // And the same things as they should be are let pass.
    let GuestStage::Waiting { .. } = view("person-a").stage else { panic!("person-a waits") };
    for (input, effects) in [
        (signal_act("person-b", clean()), vec![signal_to(b, clean())]),
        (put_back(), vec![recorded(Happened::PutBack), cuts[0].clone(), cuts[1].clone()]),
        (Input::Deadline, vec![tell(a, ToGuest::View { view: view("person-a") })]),
    ] {
        assert_eq!(history.witness.clone().sees(history.world.now, &input, &effects), Ok(()));
    }
}
