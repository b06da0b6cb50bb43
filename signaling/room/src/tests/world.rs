//! The world that all tests of this crate use: one contact, planned for [`START`], in which Alex is invited, and people who do
//! things in it. Whatever they do returns the whole list of effects, each written as one line:
//!
//! * `phone1`, `phone2`, ... are connections of service users, `desk1`, ... of the practitioner; the number is given by the test.
//! * `e7` is an epoch, `@7` a time, both in seconds since [`START`]. The clock stands still unless a test moves it.
//!
//! The world also keeps what was recorded, as the service would, so that a test can kill the service and start it again.

use crate::{ChangeRefused, Conn, Effect, Fact, Happened, Input, Peer, RedeemRefused, Relayed, Room, Side, Time};
use sidelight_protocol::{
    Answer, Devices, Leaving, Signal, Way, WhenHidden,
    desk::{Act, ContactDetails, ContactView, HandedAlarm, Handover, Held, PersonStage, PersonView, ToDesk},
    guest::{FromGuest, GuestStage, GuestView, Kept, ToGuest},
};

pub const START: u32 = 1_800_000_000;

/// A candidate as Chromium and Firefox write it, and what is left of it.
pub const RELAY_CANDIDATE: &str = "candidate:1 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 192.168.1.7 rport 51234";
pub const RELAY_CANDIDATE_CLEAN: &str = "candidate:1 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9";

pub struct World {
    pub room: Room,
    pub now: Time,
    pub facts: Vec<Fact>,
}

pub fn details() -> ContactDetails {
    ContactDetails {
        reference: "case-4711".into(),
        greeting: Some("Alex".into()),
        practitioner: Some("Sam".into()),
        starts_at: START,
        minutes: 30,
        ways: vec![Way::Video, Way::Voice, Way::Text],
        waiting_words: Some("Make yourself a cup of tea.".into()),
        word: Some("pineapple".into()),
        response: Some("call-the-neighbour".into()),
        when_hidden: None,
        rings: false,
        number: Some("in-the-case-file".into()),
        signing: false,
        by_code: false,
        about: None,
        spellings: vec![],
        early: None,
        help: Some("4-mill-lane".into()),
    }
}

pub fn phone(number: u64) -> Conn {
    Conn(number)
}

pub fn desk(number: u64) -> Conn {
    Conn(1_000 + number)
}

impl World {
    /// Nobody is invited yet.
    pub fn empty() -> World {
        World { room: Room::new("contact", details(), Relayed::default()), now: u64::from(START) * 1000, facts: Vec::new() }
    }

    /// Alex has a link.
    pub fn new() -> World {
        let mut world = World::empty();
        world.does(Input::Invite { person: "alex".into(), replacing: false, invitee: None });
        world
    }

    /// Alex's page is open and asks the question; a desk page is open too.
    pub fn asked() -> World {
        let mut world = World::new();
        world.desk_opens(1, "desk-tab");
        world.presses_continue("alex", "session");
        world.phone_connects(1, "alex", "session", "tab");
        world
    }

    /// Alex waits with video chosen, and the desk page is open.
    pub fn waiting() -> World {
        let mut world = World::asked();
        world.answers(1, Answer::Yes);
        world.says(1, FromGuest::Choose { way: Way::Video });
        world.says(1, FromGuest::Knock {});
        world
    }

    /// Alex is in conversation, in epoch `e0`.
    pub fn in_conversation() -> World {
        let mut world = World::waiting();
        world.acts(1, Act::Admit { person: "alex".into() });
        world
    }

    /// Robin, a second person, waits too, on phone 2.
    pub fn and_robin_waits(mut self) -> World {
        self.does(Input::Invite { person: "robin".into(), replacing: false, invitee: None });
        self.presses_continue("robin", "robins-session");
        self.phone_connects(2, "robin", "robins-session", "robins-tab");
        self.answers(2, Answer::Type);
        self.says(2, FromGuest::Knock {});
        self
    }

    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.room.handle(self.now, input);
        for effect in &effects {
            if let Effect::Record(facts) = effect {
                self.facts.extend(facts.iter().cloned());
            }
        }
        effects
    }

    pub fn does(&mut self, input: Input) -> Vec<String> {
        self.handle(input).iter().map(describe).collect()
    }

    pub fn after(&mut self, seconds: u64) -> Vec<String> {
        self.now += seconds * 1000;
        self.does(Input::Deadline)
    }

    pub fn presses_continue(&mut self, person: &str, session: &str) -> Vec<String> {
        self.presses_continue_in(person, session, "Chrome on Android")
    }

    pub fn presses_continue_in(&mut self, person: &str, session: &str, browser: &str) -> Vec<String> {
        let claim = Some(format!("claim-of-{session}"));
        self.does(Input::Redeem { person: person.into(), session: session.into(), browser: Some(browser.into()), claim })
    }

    pub fn phone_connects(&mut self, conn: u64, person: &str, session: &str, tab: &str) -> Vec<String> {
        self.does(Input::GuestConnect { conn: phone(conn), person: person.into(), session: session.into(), tab: tab.into() })
    }

    pub fn desk_opens(&mut self, conn: u64, tab: &str) -> Vec<String> {
        self.does(Input::DeskConnect { conn: desk(conn), tab: tab.into() })
    }

    pub fn goes(&mut self, conn: Conn) -> Vec<String> {
        self.does(Input::Disconnect { conn })
    }

    pub fn says(&mut self, conn: u64, message: FromGuest) -> Vec<String> {
        self.does(Input::FromGuest { conn: phone(conn), message })
    }

    pub fn answers(&mut self, conn: u64, answer: Answer) -> Vec<String> {
        self.says(conn, FromGuest::Answer { answer })
    }

    pub fn acts(&mut self, conn: u64, act: Act) -> Vec<String> {
        self.does(Input::FromDesk { conn: desk(conn), act })
    }

    /// The service is killed and started again, after so many seconds.
    pub fn killed(&mut self, seconds: u64) {
        let away_since = self.now;
        self.now += seconds * 1000;
        self.room = Room::restore("contact", self.room.details.clone(), Relayed::default(), &self.facts, away_since);
    }

    pub fn history(&self) -> Vec<String> {
        self.facts.iter().map(fact).collect()
    }
}

pub fn name(conn: Conn) -> String {
    if conn.0 >= 1_000 { format!("desk{}", conn.0 - 1_000) } else { format!("phone{}", conn.0) }
}

fn since_start(seconds: u32) -> i64 {
    i64::from(seconds) - i64::from(START)
}

fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_string(&value).expect("is serializable").trim_matches('"').to_owned()
}

pub fn fact(fact: &Fact) -> String {
    let what = match &fact.what {
        Happened::Invited { invitee: None } => "invited".to_owned(),
        Happened::Invited { invitee: Some(invitee) } => format!("invited as {} {}", word(invitee.part), invitee.name),
        Happened::LinkKnown => "link known".to_owned(),
        Happened::Opened { session, another, .. } => format!("opened {session}{}", if *another { " by another kind" } else { "" }),
        Happened::OtherBrowser { session, same_kind, .. } => {
            format!("other browser {session} of {} kind", if *same_kind { "the same" } else { "another" })
        }
        Happened::OtherLeft => "other browser left".to_owned(),
        Happened::Moved => "moved".to_owned(),
        Happened::Rung => "rung".to_owned(),
        Happened::AskedAgain => "asked again".to_owned(),
        Happened::AskedWho => "asked who".to_owned(),
        Happened::SaidWho { company } => format!("said who {}", word(company)),
        Happened::TookBackWho => "took back who".to_owned(),
        Happened::WhoUnanswered => "who unanswered".to_owned(),
        Happened::KeepsTyped { on } => format!("keeps {} typed", if *on { "what is" } else { "nothing" }),
        Happened::AskedToKeep => "asked to keep".to_owned(),
        Happened::SaidToKeep { agreed } => format!("said {} to keeping", if *agreed { "yes" } else { "no" }),
        Happened::KeepUnanswered => "keep unanswered".to_owned(),
        Happened::Alarm { how } => format!("alarm {}", word(how)),
        Happened::AtIt => "at it".to_owned(),
        Happened::HandedOver { by_itself } => format!("alarm {}", if *by_itself { "went over" } else { "handed over" }),
        Happened::Taken { by } => format!("alarm taken by {by}"),
        Happened::Handled { matter } => format!("handled {}", word(matter)),
        Happened::EndedQuietly => "ended quietly".to_owned(),
        Happened::DidNotAttend => "did not attend".to_owned(),
        Happened::Wrote { ours, theirs } => format!("wrote {ours} and {theirs}"),
        Happened::Came => "came".to_owned(),
        Happened::Answered { answer } => format!("answered {}", word(answer)),
        Happened::Chose { way } => format!("chose {}", word(way)),
        Happened::Knocked => "knocked".to_owned(),
        Happened::Admitted { epoch, .. } => format!("admitted e{}", since_start(*epoch)),
        Happened::Reconnected { epoch, .. } => format!("reconnected e{}", since_start(*epoch)),
        Happened::ItsThem => "is them".to_owned(),
        Happened::PutBack => "put back".to_owned(),
        Happened::PutOnHold => "put on hold".to_owned(),
        Happened::WaitsAgain => "waits again".to_owned(),
        Happened::Declined { reason } => format!("declined {}", reason.map(word).unwrap_or_default()).trim_end().to_owned(),
        Happened::Left { how } => format!("left by {}", word(how)),
        Happened::Lost => "lost".to_owned(),
        Happened::Back => "back".to_owned(),
        Happened::Revoked => "revoked".to_owned(),
        Happened::Cancelled => "called off".to_owned(),
        Happened::Ended => "ended".to_owned(),
    };
    format!("write {} {what} @{}", fact.person.as_deref().unwrap_or("contact"), since_start(fact.at))
}

fn peer(peer: &Peer) -> String {
    let side = match peer.side {
        Side::Guest => "guest",
        Side::Desk => "desk",
    };
    format!("e{} {side}", since_start(peer.epoch))
}

pub fn describe(effect: &Effect) -> String {
    match effect {
        Effect::Record(facts) => facts.iter().map(fact).collect::<Vec<_>>().join(" + "),
        Effect::Redeemed(Ok(())) => "redeemed".to_owned(),
        Effect::Redeemed(Err(RedeemRefused::Finished)) => "link finished".to_owned(),
        Effect::Redeemed(Err(RedeemRefused::TooEarly { starts_at: Some(starts_at) })) => {
            format!("too early, starts @{}", since_start(*starts_at))
        }
        Effect::Redeemed(Err(RedeemRefused::TooEarly { starts_at: None })) => "too early".to_owned(),
        Effect::Redeemed(Err(RedeemRefused::PlaceTaken)) => "place taken".to_owned(),
        Effect::Redeemed(Err(RedeemRefused::Unanswered)) => "no answer".to_owned(),
        Effect::Changed(Ok(())) => "changed".to_owned(),
        Effect::Changed(Err(ChangeRefused::Ended)) => "not changed: ended".to_owned(),
        Effect::Changed(Err(ChangeRefused::TooMany)) => "not changed: too many".to_owned(),
        Effect::Changed(Err(ChangeRefused::TooLate)) => "not changed: too late".to_owned(),
        Effect::Changed(Err(ChangeRefused::NoAlarm)) => "not changed: no alarm".to_owned(),
        Effect::Changed(Err(ChangeRefused::SomebodyThere)) => "not changed: somebody there".to_owned(),
        Effect::Changed(Err(ChangeRefused::TypedAlready)) => "not changed: typed already".to_owned(),
        Effect::Changed(Err(ChangeRefused::NotAllHere)) => "not changed: not all here".to_owned(),
        Effect::Changed(Err(ChangeRefused::NotNow)) => "not changed: not now".to_owned(),
        Effect::Changed(Err(ChangeRefused::NoLink)) => "not changed: no link".to_owned(),
        Effect::Revoke { peer: cut } => format!("cut {}", peer(cut)),
        Effect::Welcome { conn } => format!("welcome {}", name(*conn)),
        Effect::Grant { conn, person, peer: granted } => format!("relay for {} with {person}: {}", name(*conn), peer(granted)),
        Effect::GrantCheck { conn } => format!("relay for {} alone", name(*conn)),
        Effect::TellGuest { conn, message } => to_guest(&name(*conn), message),
        Effect::TellDesk { conn, message } => to_desk(&name(*conn), message),
        Effect::TellSupervisors { alarms } => format!("supervisors see [{}]", alarms.iter().map(handed).collect::<Vec<_>>().join("; ")),
        Effect::Silence { conn } => format!("silence for {}", name(*conn)),
        Effect::Close { conn, bye } => format!("close {}: {}", name(*conn), word(bye)),
    }
}

fn re(id: &Option<String>) -> String {
    id.as_ref().map(|id| format!(" about {id}")).unwrap_or_default()
}

fn signal(signal: &Signal) -> String {
    match signal {
        Signal::Offer { sdp, .. } => format!("offer {sdp:?}"),
        Signal::Answer { sdp, .. } => format!("answer {sdp:?}"),
        Signal::Candidate { candidate, .. } => format!("<{candidate}>"),
        Signal::Pace { sends, most, unseen, unheard, again } => {
            let shown = match (unseen, unheard) {
                (false, false) => "",
                (true, false) => ", unseen",
                (false, true) => ", unheard",
                (true, true) => ", neither seen nor heard",
            };
            let again = if *again { ", again" } else { "" };
            format!("sends {sends:?}, most {most:?}{shown}{again}")
        }
    }
}

fn to_guest(conn: &str, message: &ToGuest) -> String {
    match message {
        ToGuest::Welcome { .. }
        | ToGuest::Beat
        | ToGuest::Session { .. }
        | ToGuest::Relay { .. }
        | ToGuest::Check { .. }
        | ToGuest::Bye { .. } => {
            panic!("not the room's to say")
        }
        ToGuest::View { view } => format!("{conn} sees {}", guest_view(view)),
        ToGuest::Text { id, body } => format!("{conn} reads {id}: {body}"),
        ToGuest::Seal { .. } => format!("{conn} is told of a key"),
        ToGuest::Ack { id, .. } => format!("{conn} learns that {id} arrived"),
        ToGuest::Signal { epoch, signal: told } => format!("{conn} gets e{} {}", since_start(*epoch), signal(told)),
        ToGuest::Refused { code, re: about } => format!("{conn} refused: {}{}", word(code), re(about)),
    }
}

fn to_desk(conn: &str, message: &ToDesk) -> String {
    match message {
        ToDesk::Welcome { .. }
        | ToDesk::Ready
        | ToDesk::Beat
        | ToDesk::Gone { .. }
        | ToDesk::Relay { .. }
        | ToDesk::Duty { .. }
        | ToDesk::Supervised { .. }
        | ToDesk::Bye { .. } => {
            panic!("not the room's to say")
        }
        ToDesk::Contact { view } => format!("{conn} sees {}", contact_view(view)),
        ToDesk::Text { person, id, body, .. } => format!("{conn} reads {id} of {person}: {body}"),
        ToDesk::Seal { person, .. } => format!("{conn} is told of a key by {person}"),
        ToDesk::Ack { person, id, .. } => format!("{conn} learns that {id} arrived at {person}"),
        ToDesk::Signal { person, epoch, signal: told, .. } => {
            format!("{conn} gets e{} of {person} {}", since_start(*epoch), signal(told))
        }
        ToDesk::Refused { code, re: about, .. } => format!("{conn} refused: {}{}", word(code), re(about)),
    }
}

fn devices(devices: Devices) -> String {
    let mut on = String::new();
    if devices.microphone {
        on.push_str(", microphone on");
    }
    if devices.camera {
        on.push_str(", camera on");
    }
    if !devices.picture {
        on.push_str(", no picture");
    }
    on
}

fn guest_view(view: &GuestView) -> String {
    // The world's contact has a word and a plan, so quiet is the rule in it.
    let heard = matches!(view.stage, GuestStage::Waiting { .. } | GuestStage::In { .. }) && view.when_hidden == WhenHidden::Voice;
    let asked = format!("{}{}", if view.asked { ", asked again" } else { "" }, if view.who_asked { ", asked who" } else { "" });
    let kept = match view.kept {
        Kept::No => "",
        Kept::May => ", may be kept",
        Kept::Asked => ", asked to keep",
    };
    let rung = if view.ringing { ", being rung" } else { "" };
    format!("{}{asked}{kept}{rung}{}", guest_stage(view), if heard { ", heard out of sight" } else { "" })
}

fn guest_stage(view: &GuestView) -> String {
    match &view.stage {
        GuestStage::Told => "told".to_owned(),
        GuestStage::Asked => "asked".to_owned(),
        GuestStage::Choosing => "choosing".to_owned(),
        GuestStage::Preparing => format!("preparing {}", view.way.map(word).unwrap_or_default()),
        GuestStage::Waiting { since, desk, late, on_hold } => format!(
            "waiting{} @{}{}{}",
            if *on_hold { " on hold" } else { "" },
            since_start(*since),
            if *desk { ", desk here" } else { "" },
            if *late { ", late" } else { "" }
        ),
        GuestStage::In { since, epoch, desk, started, desk_devices } => format!(
            "in @{} e{}{}{}{}",
            since_start(*since),
            since_start(*epoch),
            if *desk { ", desk here" } else { "" },
            if *started { ", started" } else { "" },
            devices(*desk_devices)
        ),
        GuestStage::Over { why } => format!("over: {}", word(why)),
    }
}

fn contact_view(view: &ContactView) -> String {
    let held = match view.held {
        Held::Here => "here",
        Held::Elsewhere => "elsewhere",
        Held::Nowhere => "nowhere",
    };
    let people: Vec<_> = view.people.iter().map(person_view).collect();
    let ended = view.ended.map(|at| format!(" ended @{}", since_start(at))).unwrap_or_default();
    let open: Vec<_> = view
        .open
        .iter()
        .map(|open| {
            let over = open.handover.as_ref().map(handover).unwrap_or_default();
            let at_it = if open.at_it { ", at it" } else { "" };
            format!(" !{} of {} @{}{at_it}{over}", word(open.matter), open.person, since_start(open.since))
        })
        .collect();
    let link = match (view.link, view.link_known) {
        (false, false) => ", no link",
        (true, false) => "",
        (true, true) => ", link known",
        (false, true) => ", a dead link known",
    };
    let kept = match (view.typed.since.is_some(), view.typed.agreed) {
        (false, _) => "",
        (true, Some(true)) => ", all agreed",
        (true, Some(false)) => ", not agreed",
        (true, None) if view.typed.asked.is_some() => ", all asked",
        (true, None) => ", keeps",
    };
    format!("[{held}{link}{}{kept}]{ended} {}", open.concat(), people.join("; ")).trim_end().to_owned()
}

fn handover(handover: &Handover) -> String {
    let how = if handover.by_itself { "gone over" } else { "handed over" };
    let taken = handover.taken_by.as_ref().zip(handover.taken).map(|(by, at)| format!(", taken by {by} @{}", since_start(at)));
    format!(", {how} @{}{}", since_start(handover.at), taken.unwrap_or_default())
}

fn handed(alarm: &HandedAlarm) -> String {
    let response = alarm.response.as_deref().unwrap_or("nothing agreed");
    format!("{} {} @{}: {response}{}", alarm.reference, alarm.person, since_start(alarm.since), handover(&alarm.handover))
}

fn person_view(person: &PersonView) -> String {
    let stage = match &person.stage {
        PersonStage::NotOpened => "not opened".to_owned(),
        PersonStage::Opened => "opened".to_owned(),
        PersonStage::DidNotAttend => "did not attend".to_owned(),
        PersonStage::Asked => "asked".to_owned(),
        PersonStage::Choosing => "choosing".to_owned(),
        PersonStage::Waiting if person.on_hold => "on hold".to_owned(),
        PersonStage::Waiting => "waiting".to_owned(),
        PersonStage::In { epoch, started } => format!("in e{}{}", since_start(*epoch), if *started { " started" } else { "" }),
        PersonStage::Later => "later".to_owned(),
        PersonStage::Declined => "declined".to_owned(),
        PersonStage::Left { how: Leaving::End } => "left".to_owned(),
        PersonStage::Left { how: Leaving::Exit } => "left by the exit".to_owned(),
        PersonStage::Ended => "ended".to_owned(),
        PersonStage::Revoked => "revoked".to_owned(),
        PersonStage::EndedQuietly => "ended quietly".to_owned(),
    };
    format!(
        "{} {stage} @{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}",
        person.id,
        since_start(person.since),
        person.answer.map(|answer| format!(", said {}", word(answer))).unwrap_or_default(),
        person.way.map(|way| format!(", {}", word(way))).unwrap_or_default(),
        devices(person.devices),
        if person.hidden { ", hidden" } else { "" },
        if person.covered { ", covered" } else { "" },
        if person.quiet { ", quiet" } else { "" },
        person
            .checked
            .map(|one| format!(", checked {} {} {} {}", word(one.connection), word(one.microphone), word(one.camera), word(one.speaker)))
            .unwrap_or_default(),
        person.lost.map(|at| format!(", lost @{}", since_start(at))).unwrap_or_default(),
        person.asked.map(|at| format!(", asked again @{}", since_start(at))).unwrap_or_default(),
        person.who.asked.map(|at| format!(", asked who @{}", since_start(at))).unwrap_or_default(),
        person.who.unanswered.map(|at| format!(", who unanswered @{}", since_start(at))).unwrap_or_default(),
        person.who.said.map(|company| format!(", with {}", word(company))).unwrap_or_default(),
        person.another.map(|at| format!(", another kind @{}", since_start(at))).unwrap_or_default(),
        person.rung.map(|at| format!(", rung @{}", since_start(at))).unwrap_or_default(),
        person
            .other
            .as_ref()
            .map(|other| {
                let kind = if other.same_kind { "same kind" } else { "another kind" };
                format!(", other browser @{} of {kind}{}", since_start(other.since), if other.there { " there" } else { "" })
            })
            .unwrap_or_default(),
    )
}
