//! Someone who watches what goes into a room and what comes out, knows the rules of the door in their own words, and says
//! when one is broken. Shares no code with the room: it goes by the facts written down and by who is connected.

use super::world::{START, describe, details, fact as spell};
use crate::{Conn, Effect, Fact, Happened, Input, Peer, RedeemRefused, Side};
use sidelight_protocol::{
    Answer, Company, MayKeep, WhenHidden,
    desk::{Act, ContactView, HandedAlarm, Matter, PersonStage, ToDesk},
    guest::{FromGuest, GuestStage, GuestView, Kept, Over, ToGuest},
    plan::Early,
};
use std::collections::{BTreeMap, BTreeSet};

/// What no phone may ever be told: they stand in the contact's details, or are an address of a phone.
const SECRETS: [&str; 8] =
    ["case-4711", "in-the-case-file", "pineapple", "call-the-neighbour", "mill-lane", "192.168.", "answer\":", "company\":"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    Door,
    Asked,
    Choosing,
    Preparing,
    Waiting,
    In,
    /// Over, and the link asks afresh.
    Again,
    Dead,
}

/// What a phone is to the person whose link it came by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Theirs,
    Told,
    /// It had the place until this very input.
    Moved,
}

#[derive(Clone)]
pub struct Witness {
    people: BTreeMap<String, At>,
    phones: BTreeMap<Conn, (String, Is)>,
    /// The sessions of a person: whose the place is, and of another browser.
    sessions: BTreeMap<String, (String, Option<String>)>,
    /// What kind of browser has, or last had, a person's place; and that of another one which waits for it.
    kinds: BTreeMap<String, (Option<String>, Option<String>)>,
    asked: BTreeSet<String>,
    /// Whom "Who is with you?" stands before, and since when; who may be on the way with an answer; and what was said last.
    who: BTreeMap<String, u64>,
    who_late: BTreeSet<String>,
    /// What is typed may be kept. Everybody was asked then; of whom each said yes, no or, while the question stands, nothing.
    keeps: bool,
    asked_to_keep: Option<u64>,
    keep: BTreeMap<String, Option<bool>>,
    company: BTreeMap<String, Company>,
    /// Who was ended quietly, and when; and pages that nothing may reach any more.
    quiet: BTreeMap<String, u64>,
    silent: BTreeSet<Conn>,
    /// Texts of a person that either side has acknowledged since they were counted last.
    acked: BTreeMap<String, (u32, u32)>,
    owed: BTreeSet<Conn>,
    open: BTreeSet<(String, Matter)>,
    /// Alarms that nobody has touched, since when; and those that are with the supervisors.
    untouched: BTreeMap<String, u32>,
    handed: BTreeSet<String>,
    starts_at: u32,
    /// Whether they may be rung, and who was: nobody else's page says so.
    rings: bool,
    rung: BTreeSet<String>,
    /// Whether who is early is told the time.
    told: bool,
    /// Where help would go, as last said.
    help: Option<String>,
    /// Who is invited beside the service user.
    beside: BTreeSet<String>,
    /// Whom "It's them" was pressed for, in this conversation; and who is on hold.
    started: BTreeSet<String>,
    on_hold: BTreeSet<String>,
    now: u64,
    desks: BTreeSet<Conn>,
    granted: BTreeSet<Peer>,
    epoch: u32,
    ended: bool,
    /// The most people ever seen in conversation, to know that a run got that far.
    pub conversations: u32,
    pub signals: u32,
    pub moves: u32,
    pub alarms: u32,
    pub handed_in_all: u32,
    pub quietly: u32,
    pub rung_in_all: u32,
    pub helps: u32,
    pub checks: u32,
    pub companies: u32,
    pub agreements: u32,
    pub not_agreed: u32,
    pub holds: u32,
    pub goes_on: u32,
}

impl Default for Witness {
    fn default() -> Witness {
        Witness {
            people: BTreeMap::new(),
            phones: BTreeMap::new(),
            sessions: BTreeMap::new(),
            kinds: BTreeMap::new(),
            asked: BTreeSet::new(),
            who: BTreeMap::new(),
            who_late: BTreeSet::new(),
            keeps: false,
            asked_to_keep: None,
            keep: BTreeMap::new(),
            company: BTreeMap::new(),
            quiet: BTreeMap::new(),
            silent: BTreeSet::new(),
            acked: BTreeMap::new(),
            owed: BTreeSet::new(),
            open: BTreeSet::new(),
            untouched: BTreeMap::new(),
            handed: BTreeSet::new(),
            starts_at: START,
            rings: false,
            rung: BTreeSet::new(),
            told: true,
            help: details().help,
            beside: BTreeSet::new(),
            started: BTreeSet::new(),
            on_hold: BTreeSet::new(),
            now: 0,
            desks: BTreeSet::new(),
            granted: BTreeSet::new(),
            epoch: 0,
            ended: false,
            conversations: 0,
            signals: 0,
            moves: 0,
            alarms: 0,
            handed_in_all: 0,
            quietly: 0,
            rung_in_all: 0,
            helps: 0,
            checks: 0,
            companies: 0,
            agreements: 0,
            not_agreed: 0,
            holds: 0,
            goes_on: 0,
        }
    }
}

type Verdict = Result<(), String>;

fn must(holds: bool, rule: &str, effect: &Effect) -> Verdict {
    if holds { Ok(()) } else { Err(format!("{rule}: {}", describe(effect))) }
}

impl Witness {
    /// The process is gone, and with it everybody's connection and the relay.
    pub fn killed(&mut self) {
        self.phones.clear();
        self.silent.clear();
        self.desks.clear();
        self.granted.clear();
    }

    pub fn sees(&mut self, now: u64, input: &Input, effects: &[Effect]) -> Verdict {
        self.now = self.now.max(now);
        if let Input::DetailsChanged { details } = input
            && !self.ended
        {
            let same = self.starts_at == details.starts_at && self.rings == details.rings;
            let help = same && self.help != details.help;
            (self.starts_at, self.rings, self.help) = (details.starts_at, details.rings, details.help.clone());
            self.told = details.early != Some(Early::NotTold);
            if help {
                self.helps += 1;
                if let Some(told) = effects.iter().find(|effect| self.reaches_a_phone(effect)) {
                    return Err(format!("where help would go is said to no phone: {}", describe(told)));
                }
            }
        }
        if let Input::FromGuest { message: FromGuest::Ack { .. }, .. } = input
            && let Some(person) = self.speaks(input).map(str::to_owned)
        {
            self.acked.entry(person).or_default().0 += 1;
        }
        if let Some(Act::Ack { person, .. }) = self.act(input).cloned() {
            self.acked.entry(person).or_default().1 += 1;
        }
        // The one promise above all: who sits beside the person notices nothing.
        let of_an_alarm = match input {
            Input::FromDesk { act, .. } => {
                matches!(act, Act::Alarm { .. } | Act::Handled { .. } | Act::AtIt { .. } | Act::HandOver { .. })
            }
            Input::TakeAlarm { .. } => true,
            _ => false,
        };
        if of_an_alarm && let Some(told) = effects.iter().find(|effect| self.reaches_a_phone(effect)) {
            return Err(format!("an alarm changes nothing on the other side: {}", describe(told)));
        }
        // What is said of who is there goes to the desk: of that no phone learns more than its own page sees.
        if let Input::FromGuest { conn: said, message: FromGuest::Company { .. } } = input
            && let Some(told) = effects.iter().find(|effect| match effect {
                Effect::TellGuest { conn, message: ToGuest::View { .. } | ToGuest::Refused { .. } } => {
                    conn != said && self.phones.contains_key(conn)
                }
                effect => self.reaches_a_phone(effect),
            })
        {
            return Err(format!(
                "an answer changes nothing on other phones, and nothing but the question on one's own: {}",
                describe(told)
            ));
        }
        // Nobody's page learns that there is anybody else by what they do.
        if let Input::FromGuest { conn: said, .. } = input
            && let Some((person, _)) = self.phones.get(said)
            && let Some(told) = effects.iter().find(|effect| self.reaches_another(person, effect))
        {
            return Err(format!("what one of them says or does is at nobody else's phone: {}", describe(told)));
        }
        if let Input::GuestConnect { conn, person, .. } = input
            && !self.silent.contains(conn)
            && self.is_quiet(person)
        {
            self.silent.insert(*conn);
            self.owed.insert(*conn);
        }
        if let Input::Disconnect { conn } = input {
            self.phones.remove(conn);
            self.desks.remove(conn);
            self.silent.remove(conn);
        }
        if let Input::DeskConnect { conn, .. } = input {
            self.desks.insert(*conn);
        }
        let mut rank = 0;
        for effect in effects {
            let next = match effect {
                Effect::Record(_) => 0,
                Effect::Redeemed(_) | Effect::Changed(_) => 1,
                Effect::Silence { .. } => 2,
                Effect::Revoke { .. } => 3,
                Effect::Welcome { .. } => 4,
                Effect::Grant { .. } | Effect::GrantCheck { .. } => 5,
                Effect::TellGuest { .. } | Effect::TellDesk { .. } | Effect::TellSupervisors { .. } => 6,
                Effect::Close { .. } => 7,
            };
            must(next >= rank && (next > 0 || effects.first() == Some(effect)), "written down first, goodbyes last", effect)?;
            rank = next;
            if let Effect::TellGuest { conn, .. }
            | Effect::Welcome { conn }
            | Effect::Grant { conn, .. }
            | Effect::GrantCheck { conn }
            | Effect::Close { conn, .. } = effect
            {
                must(!self.silent.contains(conn), "who was ended quietly meets silence and nothing else", effect)?;
            }
            match effect {
                Effect::Record(facts) => facts.iter().try_for_each(|fact| self.fact(input, fact))?,
                Effect::Redeemed(answer) => {
                    let Input::Redeem { person, .. } = input else { return must(false, "an answer to a question", effect) };
                    let unanswered = *answer == Err(RedeemRefused::Unanswered);
                    must(unanswered == self.is_quiet(person), "a link that was ended quietly is not answered, and no other", effect)?;
                    let time = matches!(answer, Err(RedeemRefused::TooEarly { starts_at: Some(_) }));
                    must(
                        self.told || self.beside.contains(person) || !time,
                        "who is early is told the time where the plan says so",
                        effect,
                    )?;
                }
                Effect::Silence { conn } => must(self.owed.remove(conn), "silence is for who was ended quietly", effect)?,
                Effect::Changed(_) => {}
                Effect::Revoke { peer } => {
                    self.granted.remove(peer);
                }
                Effect::Welcome { conn } => match input {
                    Input::GuestConnect { conn: came, person, .. } if came == conn => {
                        let Input::GuestConnect { session, .. } = input else { return Err("can't be".into()) };
                        let sessions = self.sessions.get(person).cloned().unwrap_or_default();
                        let is = if sessions.0 == *session { Is::Theirs } else { Is::Told };
                        let known = sessions.0 == *session || sessions.1.as_ref() == Some(session);
                        must(known, "welcome to who has a session", effect)?;
                        self.phones.retain(|_, (there, what)| there != person || *what != is);
                        self.phones.insert(*conn, (person.clone(), is));
                    }
                    _ => must(false, "welcome to who came", effect)?,
                },
                Effect::Grant { conn, person, peer } => self.grant(*conn, person, *peer, effect)?,
                Effect::GrantCheck { conn } => {
                    let waits = self.phones.get(conn).is_some_and(|(person, is)| *is == Is::Theirs && self.at(person) == At::Waiting);
                    let asked = matches!(input, Input::FromGuest { conn: asked, message: FromGuest::Check {} } if asked == conn);
                    self.checks += 1;
                    must(waits && asked, "who waits may try their own line when they ask", effect)?;
                }
                Effect::TellGuest { conn, message } => self.to_phone(input, *conn, message, effect)?,
                Effect::TellDesk { conn, message } => self.to_desk(input, *conn, message, effect)?,
                Effect::TellSupervisors { alarms } => self.to_supervisors(alarms, effect)?,
                Effect::Close { conn, .. } => {
                    self.phones.remove(conn);
                    self.desks.remove(conn);
                }
            }
        }
        if !self.owed.is_empty() {
            return Err("every page of who is ended quietly meets silence at once".into());
        }
        let inside = self.people.values().filter(|at| **at == At::In).count();
        if inside > 1 {
            return Err("one person is in conversation at a time".into());
        }
        if let Some(since) = self.untouched.values().find(|since| self.now >= u64::from(**since) * 1000 + 60_000) {
            return Err(format!("an alarm that lies untouched since {since} goes over after a minute"));
        }
        match self.granted.iter().find(|peer| inside == 0 || peer.epoch != self.epoch) {
            Some(peer) => Err(format!("the relay is taken with the right to it: {:?}", peer.side)),
            None => Ok(()),
        }
    }

    fn reaches_a_phone(&self, effect: &Effect) -> bool {
        match effect {
            Effect::TellGuest { .. } | Effect::GrantCheck { .. } | Effect::Welcome { .. } | Effect::Revoke { .. } => true,
            Effect::Grant { conn, .. } | Effect::Close { conn, .. } => self.phones.contains_key(conn),
            Effect::Silence { .. } => true,
            Effect::Record(_) | Effect::Redeemed(_) | Effect::Changed(_) | Effect::TellDesk { .. } | Effect::TellSupervisors { .. } => {
                false
            }
        }
    }

    fn reaches_another(&self, person: &str, effect: &Effect) -> bool {
        match effect {
            Effect::TellGuest { conn, .. }
            | Effect::Welcome { conn }
            | Effect::Grant { conn, .. }
            | Effect::GrantCheck { conn }
            | Effect::Silence { conn }
            | Effect::Close { conn, .. } => self.phones.get(conn).is_some_and(|(there, _)| there != person),
            Effect::Record(_)
            | Effect::Redeemed(_)
            | Effect::Changed(_)
            | Effect::Revoke { .. }
            | Effect::TellDesk { .. }
            | Effect::TellSupervisors { .. } => false,
        }
    }

    /// Where whoever has just got the place begins.
    fn first(&self, person: &str) -> At {
        if self.beside.contains(person) { At::Choosing } else { At::Asked }
    }

    /// Until the contact's own end, and for an hour at least.
    fn is_quiet(&self, person: &str) -> bool {
        let end = u64::from(self.starts_at) * 1000 + (30 + 240) * 60_000;
        self.quiet.get(person).is_some_and(|since| self.now < end.max(since + 3_600_000))
    }

    /// The page that has this person's place is there.
    fn there(&self, person: &str) -> bool {
        self.phones.values().any(|(there, is)| there == person && *is == Is::Theirs)
    }

    fn at(&self, person: &str) -> At {
        self.people.get(person).copied().unwrap_or(At::Dead)
    }

    /// The service user behind this input, if it comes from one's page.
    fn speaks<'a>(&'a self, input: &'a Input) -> Option<&'a str> {
        match input {
            Input::FromGuest { conn, .. } => self.phones.get(conn).filter(|(_, is)| *is == Is::Theirs).map(|(person, _)| person.as_str()),
            Input::LeaveByRequest { person, .. } => Some(person),
            _ => None,
        }
    }

    fn act<'a>(&self, input: &'a Input) -> Option<&'a Act> {
        match input {
            Input::FromDesk { conn, act } if self.desks.contains(conn) => Some(act),
            _ => None,
        }
    }

    fn says<'a>(&self, input: &'a Input, person: &str) -> Option<&'a FromGuest> {
        match input {
            Input::FromGuest { message, .. } if self.speaks(input) == Some(person) => Some(message),
            _ => None,
        }
    }

    fn fact(&mut self, input: &Input, fact: &Fact) -> Verdict {
        let person = fact.person.as_deref().unwrap_or_default();
        let at = self.at(person);
        let said = self.says(input, person);
        let act = self.act(input);
        let (fits, next) = match &fact.what {
            Happened::Invited { invitee } => {
                if invitee.is_some() {
                    self.beside.insert(person.to_owned());
                }
                (!self.people.contains_key(person) && !self.ended, At::Door)
            }
            Happened::LinkKnown => (at != At::Dead && matches!(input, Input::LinkShown { person: shown } if shown == person), at),
            Happened::Opened { session, browser, another, .. } => {
                let start = u64::from(self.starts_at) * 1000;
                let window = start - 30 * 60_000..start + (30 + 60) * 60_000;
                let free = match at {
                    At::Door | At::Again => window.contains(&self.now),
                    // Nobody came to it yet.
                    at if at == self.first(person) => !self.there(person),
                    _ => false,
                };
                let waits = self.sessions.remove(person).and_then(|(_, waits)| waits.filter(|_| at == self.first(person)));
                self.sessions.insert(person.to_owned(), (session.clone(), waits));
                self.company.remove(person);
                let kinds = self.kinds.entry(person.to_owned()).or_default();
                let known = matches!((&kinds.0, browser), (Some(last), Some(now)) if last != now);
                kinds.0 = browser.clone();
                (matches!(input, Input::Redeem { .. }) && free && *another == known && !self.ended, self.first(person))
            }
            Happened::OtherBrowser { session, browser, .. } => {
                self.kinds.entry(person.to_owned()).or_default().1 = browser.clone();
                let live = !matches!(at, At::Door | At::Again | At::Dead);
                let sessions = self.sessions.entry(person.to_owned()).or_default();
                let another = sessions.0 != *session;
                sessions.1 = Some(session.clone());
                (matches!(input, Input::Redeem { .. }) && live && another, at)
            }
            Happened::OtherLeft => {
                let told = match input {
                    Input::FromGuest { conn, message: FromGuest::Leave { .. } } => {
                        self.phones.get(conn).is_some_and(|(there, is)| there == person && *is == Is::Told)
                    }
                    Input::LeaveByRequest { session, .. } => {
                        self.sessions.get(person).is_some_and(|known| known.1.as_ref() == Some(session))
                    }
                    _ => false,
                };
                (told, at)
            }
            Happened::Moved => {
                self.company.remove(person);
                if let Some(kinds) = self.kinds.get_mut(person) {
                    kinds.0 = kinds.1.take();
                }
                let pressed = matches!(act, Some(Act::Move { person: moved }) if moved == person);
                let told = self.phones.values().any(|(there, is)| there == person && *is == Is::Told);
                self.moves += 1;
                for (there, is) in self.phones.values_mut().filter(|(there, _)| there == person) {
                    debug_assert_eq!(there, person);
                    *is = if *is == Is::Told { Is::Theirs } else { Is::Moved };
                }
                if let Some(sessions) = self.sessions.get_mut(person) {
                    sessions.0 = sessions.1.take().unwrap_or_default();
                }
                (pressed && told && !matches!(at, At::Door | At::Again | At::Dead), self.first(person))
            }
            Happened::AskedAgain => {
                self.asked.insert(person.to_owned());
                let alone = !self.who.contains_key(person) && !self.beside.contains(person);
                (alone && matches!(at, At::Waiting | At::In) && matches!(act, Some(Act::Ask { person: asked }) if asked == person), at)
            }
            Happened::AskedWho => {
                let alone = !self.asked.contains(person)
                    && !self.beside.contains(person)
                    && self.who.insert(person.to_owned(), u64::from(fact.at) * 1000).is_none();
                self.who_late.remove(person);
                (alone && matches!(at, At::Waiting | At::In) && matches!(act, Some(Act::AskWho { person: asked }) if asked == person), at)
            }
            Happened::SaidWho { company } => {
                let asked = self.who.remove(person).is_some() | self.who_late.remove(person);
                self.company.insert(person.to_owned(), *company);
                self.companies += 1;
                let given = matches!(said, Some(FromGuest::Company { company: given }) if given == company);
                (asked && given && matches!(at, At::Waiting | At::In), at)
            }
            Happened::TookBackWho => {
                let stood = self.who.remove(person).is_some();
                self.who_late.insert(person.to_owned());
                (stood && matches!(act, Some(Act::TakeBackWho { person: asked }) if asked == person), at)
            }
            Happened::WhoUnanswered => {
                let long = self.who.remove(person).is_some_and(|since| self.now >= since + 300_000);
                self.who_late.insert(person.to_owned());
                (long, at)
            }
            Happened::KeepsTyped { on } => {
                self.keeps = *on;
                self.keep.values_mut().for_each(|said| *said = Some(false));
                let pressed = matches!(input, Input::KeepTyped { on: given } if given == on);
                return if pressed { Ok(()) } else { Err("what is typed is kept by a press alone".into()) };
            }
            Happened::AskedToKeep => {
                let alone = !self.asked.contains(person) && !self.who.contains_key(person) && self.there(person);
                let first = self.keep.insert(person.to_owned(), None).is_none();
                let at_once = self.asked_to_keep.is_none_or(|at| at == u64::from(fact.at) * 1000);
                self.asked_to_keep = Some(u64::from(fact.at) * 1000);
                let pressed = matches!(input, Input::AskToKeep) && self.keeps;
                (alone && first && at_once && pressed && matches!(at, At::Waiting | At::In), at)
            }
            Happened::SaidToKeep { agreed } => {
                let asked = self.keep.insert(person.to_owned(), Some(*agreed)) == Some(None);
                self.agreements += u32::from(*agreed);
                (asked && matches!(said, Some(FromGuest::Keep { keep }) if (*keep == MayKeep::Yes) == *agreed), at)
            }
            Happened::KeepUnanswered => {
                let asked = self.keep.insert(person.to_owned(), Some(false)) == Some(None);
                (asked && self.keep_over(), at)
            }
            Happened::Rung => {
                self.rung.insert(person.to_owned());
                self.rung_in_all += 1;
                let pressed = matches!(act, Some(Act::Ring { person: rung }) if rung == person) && !self.beside.contains(person);
                (pressed && self.rings && matches!(at, At::Waiting | At::In), at)
            }
            Happened::Alarm { .. } => {
                self.alarms += 1;
                self.untouched.insert(person.to_owned(), fact.at);
                self.open.insert((person.to_owned(), Matter::Alarm));
                let theirs = !self.beside.contains(person);
                (theirs && matches!(act, Some(Act::Alarm { person: about, .. }) if about == person), at)
            }
            Happened::AtIt => {
                let untouched = self.untouched.remove(person).is_some();
                (untouched && matches!(act, Some(Act::AtIt { person: about }) if about == person), at)
            }
            Happened::HandedOver { by_itself } => {
                let since = self.untouched.remove(person);
                let due = since.is_some_and(|since| self.now >= u64::from(since) * 1000 + 60_000);
                let pressed = matches!(act, Some(Act::HandOver { person: about }) if about == person);
                let open = self.open.contains(&(person.to_owned(), Matter::Alarm));
                let first = self.handed.insert(person.to_owned());
                self.handed_in_all += 1;
                (open && first && if *by_itself { due } else { pressed }, at)
            }
            Happened::Taken { .. } => {
                let taken = matches!(input, Input::TakeAlarm { person: about, .. } if about == person);
                (taken && self.handed.contains(person), at)
            }
            Happened::Handled { matter } => {
                if *matter == Matter::Alarm {
                    self.untouched.remove(person);
                    self.handed.remove(person);
                }
                self.open.remove(&(person.to_owned(), *matter));
                (matches!(act, Some(Act::Handled { person: about, matter: given }) if about == person && given == matter), at)
            }
            Happened::EndedQuietly => {
                self.untouched.remove(person);
                let theirs: Vec<Conn> = self.phones.iter().filter(|(_, (there, _))| there == person).map(|(conn, _)| *conn).collect();
                for conn in theirs {
                    self.phones.remove(&conn);
                    self.silent.insert(conn);
                    self.owed.insert(conn);
                }
                self.quiet.insert(person.to_owned(), u64::from(fact.at) * 1000);
                self.quietly += 1;
                let pressed = matches!(act, Some(Act::EndQuietly { person: ended }) if ended == person);
                (pressed && at != At::Dead && !self.beside.contains(person), At::Dead)
            }
            Happened::Wrote { ours, theirs } => {
                let acked = self.acked.remove(person).unwrap_or_default();
                let fits = |counted: u32, acked: u32| counted <= acked;
                (ours + theirs > 0 && fits(*ours, acked.0) && fits(*theirs, acked.1), at)
            }
            Happened::DidNotAttend => {
                let past = self.now >= u64::from(self.starts_at) * 1000 + (30 + 60) * 60_000;
                (at == At::Door && past, at)
            }
            Happened::Came => (matches!(input, Input::GuestConnect { .. }), at),
            Happened::Answered { answer } => {
                let again = matches!(at, At::Waiting | At::In) && self.asked.contains(person);
                let next = match answer {
                    Answer::Later => At::Again,
                    _ if again => at,
                    Answer::Yes => At::Choosing,
                    Answer::Type => At::Preparing,
                };
                if *answer == Answer::Later {
                    self.open.insert((person.to_owned(), Matter::Later));
                }
                self.asked.remove(person);
                ((at == At::Asked || again) && matches!(said, Some(FromGuest::Answer { answer: given }) if given == answer), next)
            }
            Happened::Chose { way } => {
                let chosen = matches!(said, Some(FromGuest::Choose { way: given }) if given == way);
                let next = if at == At::Choosing { At::Preparing } else { at };
                (chosen && matches!(at, At::Choosing | At::Preparing | At::Waiting | At::In), next)
            }
            Happened::Knocked => (at == At::Preparing && matches!(said, Some(FromGuest::Knock {})), At::Waiting),
            Happened::Admitted { epoch, .. } => {
                let opened = matches!(act, Some(Act::Admit { person: admitted }) if admitted == person);
                let there = self.phones.values().any(|(there, is)| there == person && *is == Is::Theirs);
                let risen = *epoch > self.epoch;
                self.epoch = *epoch;
                self.conversations += 1;
                // Their phone may be in other hands: at the service user is looked first each time.
                if !self.on_hold.remove(person) || !self.beside.contains(person) {
                    self.started.remove(person);
                } else if self.started.contains(person) {
                    self.goes_on += 1;
                }
                (at == At::Waiting && opened && there && risen, At::In)
            }
            Happened::Reconnected { epoch, .. } => {
                let risen = *epoch > self.epoch;
                self.epoch = *epoch;
                (at == At::In && risen, At::In)
            }
            Happened::ItsThem => {
                self.started.insert(person.to_owned());
                (at == At::In && matches!(act, Some(Act::ItsThem { person: them }) if them == person), at)
            }
            Happened::PutBack => {
                self.untouched.remove(person);
                (at == At::In && matches!(act, Some(Act::PutBack { person: put }) if put == person), At::Waiting)
            }
            Happened::PutOnHold => {
                self.on_hold.insert(person.to_owned());
                self.holds += 1;
                (at == At::In && matches!(act, Some(Act::PutOnHold { person: put }) if put == person), At::Waiting)
            }
            Happened::WaitsAgain => {
                self.started.remove(person);
                let held = self.on_hold.remove(person);
                ((at == At::In || held) && !self.there(person), At::Waiting)
            }
            Happened::Declined { reason } => {
                let pressed =
                    matches!(act, Some(Act::Decline { person: put, reason: given, .. }) if put == person && *reason == Some(*given));
                (at == At::Waiting && pressed, At::Again)
            }
            Happened::Left { how } => {
                if *how == sidelight_protocol::Leaving::Exit && !self.beside.contains(person) {
                    self.open.insert((person.to_owned(), Matter::Exit));
                }
                let left = self.speaks(input) == Some(person);
                (left && !matches!(at, At::Door | At::Again | At::Dead), At::Dead)
            }
            Happened::Lost | Happened::Back => (!matches!(at, At::Door | At::Again | At::Dead), at),
            Happened::Revoked => {
                let blocked = matches!(act, Some(Act::Decline { person: put, block: true, .. }) if put == person);
                let revoked = matches!(input, Input::Revoke { .. } | Input::Invite { replacing: true, .. });
                ((revoked || blocked) && at != At::Dead, At::Dead)
            }
            Happened::Cancelled => {
                let there = self.people.values().any(|at| matches!(at, At::Waiting | At::In));
                let fits = matches!(input, Input::Cancel) && !self.ended && !there;
                return if fits { Ok(()) } else { Err("called off by its own press, before its end, with nobody there".into()) };
            }
            Happened::Ended => {
                let first = !self.ended;
                self.ended = true;
                self.people.values_mut().for_each(|at| *at = At::Dead);
                self.asked.clear();
                self.who.clear();
                self.who_late.clear();
                self.keep.values_mut().for_each(|said| *said = Some(*said == Some(true)));
                self.on_hold.clear();
                self.started.clear();
                return if first { Ok(()) } else { Err("ends once".into()) };
            }
        };
        if !fits {
            return Err(format!("no step is skipped or made by another ({at:?}): {}", spell(fact)));
        }
        // Whoever isn't at the desk's hearing any more isn't asked any more.
        if !matches!(next, At::Waiting | At::In) {
            self.asked.remove(person);
            self.who.remove(person);
            self.who_late.remove(person);
            if let Some(said) = self.keep.get_mut(person) {
                *said = Some(*said == Some(true));
            }
            self.rung.remove(person);
            self.on_hold.remove(person);
            self.started.remove(person);
        }
        self.people.insert(person.to_owned(), next);
        Ok(())
    }

    /// The question whether what was typed may be kept has had its time.
    fn keep_over(&self) -> bool {
        self.asked_to_keep.is_some_and(|at| self.now >= at + 180_000)
    }

    /// The desk learns that all agreed, or, when the time is over, that they didn't: never who, or when.
    fn keeps_typed(&mut self, view: &ContactView, effect: &Effect) -> Verdict {
        let all = !self.keep.is_empty() && self.keep.values().all(|said| *said == Some(true));
        let told = match view.typed.agreed {
            Some(true) => all,
            Some(false) => !all && (self.ended || self.keep_over()),
            None => !all && !(self.asked_to_keep.is_some() && (self.ended || self.keep_over())),
        };
        self.not_agreed += u32::from(view.typed.agreed == Some(false));
        must(told && view.typed.since.is_some() == self.keeps, "the desk learns whether all agreed, and a no not before its time", effect)
    }

    fn grant(&mut self, conn: Conn, person: &str, peer: Peer, effect: &Effect) -> Verdict {
        must(self.at(person) == At::In && peer.epoch == self.epoch, "the relay is for those in conversation", effect)?;
        let theirs = match peer.side {
            Side::Guest => self.phones.get(&conn).is_some_and(|(there, is)| there == person && *is == Is::Theirs),
            Side::Desk => self.desks.contains(&conn),
        };
        must(theirs, "the relay is given to their own page", effect)?;
        self.granted.insert(peer);
        Ok(())
    }

    fn to_phone(&mut self, input: &Input, conn: Conn, message: &ToGuest, effect: &Effect) -> Verdict {
        if let ToGuest::Refused { .. } = message {
            let asked = match input {
                Input::FromGuest { conn: said, .. } | Input::GuestConnect { conn: said, .. } => *said == conn,
                _ => false,
            };
            return must(asked, "a refusal answers a message", effect);
        }
        let Some((person, is)) = self.phones.get(&conn).cloned() else { return must(false, "strangers are told nothing", effect) };
        let at = self.at(&person);
        if is != Is::Theirs {
            let ToGuest::View { view } = message else { return must(false, "another browser is told where it stands and no more", effect) };
            let live = !matches!(at, At::Door | At::Again | At::Dead);
            let stage = match is {
                Is::Told if live => view.stage == GuestStage::Told,
                Is::Told => view.stage == GuestStage::Over { why: Over::Finished },
                Is::Theirs | Is::Moved => view.stage == GuestStage::Over { why: Over::Moved },
            };
            let GuestView {
                greeting,
                practitioner,
                starts_at,
                minutes,
                ways,
                waiting_words,
                way,
                asked,
                who_asked,
                kept,
                when_hidden,
                rings,
                ringing,
                signing,
                stage: _,
            } = view;
            let empty = greeting.is_none() && practitioner.is_none() && waiting_words.is_none() && way.is_none() && !asked && !who_asked;
            let empty = empty && *kept == Kept::No && *when_hidden == WhenHidden::Voice && !(*rings || *ringing || *signing);
            return must(stage && empty && ways.is_empty() && *starts_at + *minutes == 0, "another browser's view is empty", effect);
        }
        let act = self.act(input);
        let told = serde_json::to_string(message).map_err(|error| error.to_string())?;
        match message {
            ToGuest::View { view } => {
                must(!SECRETS.iter().any(|secret| told.contains(secret)), "a phone's view holds no secret", effect)?;
                must(!self.people.keys().any(|id| told.contains(id.as_str())), "a phone's view names nobody", effect)?;
                must(view.asked == self.asked.contains(&person), "asked again when asked, and only then", effect)?;
                must(view.who_asked == self.who.contains_key(&person), "asked who is there when asked, and only then", effect)?;
                let inside = matches!(at, At::Waiting | At::In);
                let safety = view.asked || view.who_asked;
                let stands = inside && self.keeps && self.keep.get(&person) == Some(&None);
                must((view.kept == Kept::Asked) == (stands && !safety), "asked to keep when asked, a safety question first", effect)?;
                let may = inside && self.keeps && (self.asked_to_keep.is_none() || (stands && safety));
                must((view.kept == Kept::May) == may, "told that it may be kept while it may, and inside only", effect)?;
                must(inside || view.when_hidden == WhenHidden::Voice, "what a page does out of sight is known inside only", effect)?;
                let own = !self.beside.contains(&person);
                let nothing = view.greeting.is_none() && view.waiting_words.is_none() && view.when_hidden == WhenHidden::Voice;
                must(own || (nothing && !view.signing), "what is the service user's is told to nobody beside them", effect)?;
                must(view.rings == (inside && own && self.rings), "who may be rung knows it inside, and nobody else", effect)?;
                must(!view.ringing || (view.rings && self.rung.contains(&person)), "said to be rung when rung, and only then", effect)?;
                must((self.told || !own) == (view.starts_at > 0), "a view has the time where the plan says so", effect)?;
                must(inside || !view.signing, "that they sign is known inside only", effect)?;
                let own = match view.stage {
                    GuestStage::Told => false,
                    GuestStage::Asked => at == At::Asked,
                    GuestStage::Choosing => at == At::Choosing,
                    GuestStage::Preparing => at == At::Preparing,
                    GuestStage::Waiting { on_hold, .. } => at == At::Waiting && on_hold == self.on_hold.contains(&person),
                    GuestStage::In { epoch, started, .. } => {
                        at == At::In && epoch == self.epoch && started == self.started.contains(&person)
                    }
                    GuestStage::Over { .. } => matches!(at, At::Again | At::Dead),
                };
                must(own, "a phone's view is its own and true", effect)
            }
            ToGuest::Text { body, .. } => {
                let desks = matches!(act, Some(Act::Text { person: to, body: given, .. }) if *to == person && given == body);
                must(desks && matches!(at, At::Waiting | At::In), "texts are the desk's to this person", effect)
            }
            ToGuest::Ack { id, .. } => {
                let desks = matches!(act, Some(Act::Ack { person: to, id: given, .. }) if *to == person && given == id);
                must(desks && matches!(at, At::Waiting | At::In), "acknowledgements are the desk's to this person", effect)
            }
            ToGuest::Seal { seal } => {
                let desks = matches!(act, Some(Act::Seal { person: to, seal: given }) if *to == person && given == seal);
                must(desks && matches!(at, At::Waiting | At::In), "keys are agreed on with the desk, waiting or in conversation", effect)
            }
            ToGuest::Signal { epoch, .. } => {
                self.signals += 1;
                let desks = matches!(act, Some(Act::Signal { person: to, epoch: given, .. }) if *to == person && given == epoch);
                must(!told.contains("192.168."), "no address passes", effect)?;
                must(desks && at == At::In && *epoch == self.epoch, "signals pass in conversation only", effect)
            }
            ToGuest::Welcome { .. }
            | ToGuest::Beat
            | ToGuest::Session { .. }
            | ToGuest::Relay { .. }
            | ToGuest::Check { .. }
            | ToGuest::Refused { .. }
            | ToGuest::Bye { .. } => must(false, "not the room's to say", effect),
        }
    }

    fn to_supervisors(&self, alarms: &[HandedAlarm], effect: &Effect) -> Verdict {
        let told = serde_json::to_string(alarms).map_err(|error| error.to_string())?;
        must(!told.contains("pineapple") && !told.contains("from a phone"), "supervisors learn no word and no text", effect)?;
        let people: BTreeSet<String> = alarms.iter().map(|alarm| alarm.person.clone()).collect();
        must(people == self.handed, "supervisors see what was handed over, all of it and nothing else", effect)
    }

    fn to_desk(&mut self, input: &Input, conn: Conn, message: &ToDesk, effect: &Effect) -> Verdict {
        if let ToDesk::Refused { .. } = message {
            return must(matches!(input, Input::FromDesk { conn: said, .. } if *said == conn), "a refusal answers a message", effect);
        }
        must(self.desks.contains(&conn), "strangers are told nothing", effect)?;
        match message {
            ToDesk::Contact { view } => {
                let open: BTreeSet<_> = view.open.iter().map(|open| (open.person.clone(), open.matter)).collect();
                must(open == self.open, "what waits to be handled stands on the desk", effect)?;
                for person in &view.people {
                    let (inside, truth) = (matches!(person.stage, PersonStage::In { .. }), self.at(&person.id) == At::In);
                    must(inside == truth, "the desk's view is true", effect)?;
                    must(person.on_hold == self.on_hold.contains(&person.id), "the desk knows who is on hold", effect)?;
                    must(person.invitee.is_some() == self.beside.contains(&person.id), "the desk knows who is who", effect)?;
                    must(person.who.said == self.company.get(&person.id).copied(), "the desk reads what they said", effect)?;
                    must(person.who.asked.is_some() == self.who.contains_key(&person.id), "the desk knows what stands there", effect)?;
                }
                self.keeps_typed(view, effect)
            }
            ToDesk::Text { person, body, .. } => {
                let said = matches!(self.says(input, person), Some(FromGuest::Text { body: given, .. }) if given == body);
                must(said && matches!(self.at(person), At::Waiting | At::In), "texts are from who is named", effect)
            }
            ToDesk::Ack { person, id, .. } => must(
                matches!(self.says(input, person), Some(FromGuest::Ack { id: given, .. }) if given == id),
                "acknowledged by who is named",
                effect,
            ),
            ToDesk::Seal { person, seal, .. } => {
                let said = matches!(self.says(input, person), Some(FromGuest::Seal { seal: given }) if given == seal);
                must(said && matches!(self.at(person), At::Waiting | At::In), "keys are agreed on with who is named", effect)
            }
            ToDesk::Signal { person, epoch, .. } => {
                self.signals += 1;
                let said = matches!(self.says(input, person), Some(FromGuest::Signal { epoch: given, .. }) if given == epoch);
                let told = serde_json::to_string(message).map_err(|error| error.to_string())?;
                must(!told.contains("192.168."), "no address passes", effect)?;
                must(said && self.at(person) == At::In && *epoch == self.epoch, "signals pass in conversation only", effect)
            }
            ToDesk::Welcome { .. }
            | ToDesk::Ready
            | ToDesk::Beat
            | ToDesk::Gone { .. }
            | ToDesk::Relay { .. }
            | ToDesk::Duty { .. }
            | ToDesk::Supervised { .. }
            | ToDesk::Refused { .. }
            | ToDesk::Bye { .. } => must(false, "not the room's to say", effect),
        }
    }
}
