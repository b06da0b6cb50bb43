//! The room: its state, its time, and the rules that hold whoever acts.

use crate::{
    desk::DeskPage,
    fact::{Fact, Happened},
    guest::GuestPage,
    hold::Hold,
    input::{ChangeRefused, Conn, Effect, Input, RedeemRefused, Time, Visitor},
    outcome::Outcome,
    person::Person,
    signal::Relayed,
    stage::Stage,
    typed::Typed,
};
use sidelight_protocol::{
    Answer, Bye, Devices, Leaving,
    desk::{ContactDetails, HandedAlarm, Happening, Invitee, MAX_HISTORY, MAX_INVITEES, Matter, Open, What},
    hands::Hands,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How long a place in the conversation is kept for a page that is lost. Longer: whoever picks up the phone meanwhile is let
/// straight in. Shorter: a person on a poor network is put out and must be let in again.
pub const KEPT: Time = 120_000;

/// How long after its planned end a contact ends by itself. Longer: links live longer. Shorter: a long talk is cut off.
pub const OVERTIME: Time = 4 * 3_600_000;

/// A loss shorter than this leaves no line in the history. Longer: a kill hides more losses. Shorter: each reload is a line.
pub const BLINK: Time = 3_000;

/// A claim whose page hasn't come may be taken by a later press after this time, so that a lost reply to "Continue" shuts
/// nobody out. Longer: they wait longer. Shorter: a slow phone can lose its place to another browser.
pub const UNCLAIMED: Time = 15_000;

/// A page that comes back to a session that ended while it was away is told how it ended; later, only that there is none.
/// Longer: whoever finds the token learns of the contact. Shorter: a phone on a poor network misses the goodbye.
pub const GOODBYE: Time = 120_000;

/// Links of the service user's that are alive, at most; and people in all, the oldest of the others being forgotten.
pub const MAX_LIVE: usize = 12;
pub const MAX_PEOPLE: usize = 40;

/// The first claim of a link is possible from this long before the planned start to so long after the planned end. Longer: a link
/// that lies about is worth something for longer. Shorter: who is early or late stands before a closed door.
pub const EARLY: Time = 30 * 60_000;
pub const LATE: Time = 60 * 60_000;

/// Somebody who has waited so long, past the planned start, is told so and given the number. Longer: they wonder alone. Shorter: an
/// ordinary delay looks like trouble.
pub const PATIENCE: Time = 10 * 60_000;

/// So long after the practitioner said that they ring, the person's page says so. Longer: it says what isn't so. Shorter: the phone
/// rings and its page doesn't say who that may be.
pub const RINGING: Time = 2 * 60_000;

/// Other browsers that a person's link brings to the door, at most: each is written down. More: who has the link can fill the
/// disk. Fewer: an honest person who changes phones is sent away.
pub const MAX_OTHERS: u32 = 20;

/// How often somebody who waits may try sound and picture: so often in so long. More: the relay is used for something else. Fewer:
/// who turns up the volume, or moves nearer to the window, can't try again.
pub const CHECKS: usize = 4;
pub const CHECKS_IN: Time = 60_000;

/// How soon after the last one the next word of how it went is taken.
pub const CHECKED_AGAIN: Time = 2_000;

/// After so many facts, what a service user's page does is no longer written down and therefore refused (leaving excepted).
/// More: one hostile page fills the disk. Fewer: an honest one on a dreadful network is shut out.
pub const MAX_FACTS: u32 = 4_000;

/// Pages a practitioner can have open at once.
pub const MAX_DESKS: usize = 8;

/// How many people of a room wait, and are let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present {
    pub waiting: u32,
    pub talking: u32,
}

/// The live state of one contact. Cloning it before an input and putting the clone back undoes the input.
#[derive(Clone)]
pub struct Room {
    pub(crate) contact: String,
    pub(crate) details: ContactDetails,
    pub(crate) relayed: Relayed,
    pub(crate) people: Vec<Person>,
    pub(crate) history: VecDeque<Happening>,
    /// What waits to be handled, oldest first.
    pub(crate) open: Vec<Open>,
    /// What supervisors were told last of this contact; whoever restores a room tells them [`Room::handed`].
    pub(crate) supervised: Vec<HandedAlarm>,
    pub(crate) ended: Option<u32>,
    last_epoch: u32,
    written: u32,
    pub(crate) latest: Time,
    pub(crate) guests: BTreeMap<Conn, GuestPage>,
    /// Pages that were let go of without a word. What they still say, nobody hears.
    pub(crate) silenced: BTreeSet<Conn>,
    pub(crate) desks: BTreeMap<Conn, DeskPage>,
    pub(crate) hold: Hold,
    pub(crate) hands: Hands,
    pub(crate) typed: Typed,
    /// Who has the conversation, where it isn't its practitioner: they pressed something, and nobody else has since.
    pub(crate) speaks: Option<Visitor>,
    pub(crate) desk_devices: Devices,
}

impl Room {
    /// The room of a contact of which nothing is written down yet. `relayed`: the addresses that the relay gives out.
    pub fn new(contact: &str, details: ContactDetails, relayed: Relayed) -> Room {
        Room {
            contact: contact.to_owned(),
            details,
            relayed,
            people: Vec::new(),
            history: VecDeque::new(),
            open: Vec::new(),
            supervised: Vec::new(),
            ended: None,
            last_epoch: 0,
            written: 0,
            latest: 0,
            guests: BTreeMap::new(),
            silenced: BTreeSet::new(),
            desks: BTreeMap::new(),
            hold: Hold::default(),
            hands: Hands::default(),
            typed: Typed::default(),
            speaks: None,
            desk_devices: Devices::default(),
        }
    }

    /// The room again from what was written down. Nobody is connected; whoever was is lost since `away_since`, when the
    /// service was last known to run. Every connection must be made anew, in a greater epoch.
    pub fn restore(contact: &str, details: ContactDetails, relayed: Relayed, facts: &[Fact], away_since: Time) -> Room {
        let mut room = Room::new(contact, details, relayed);
        for fact in facts {
            room.apply(fact);
        }
        for person in &mut room.people {
            if person.stage.live() && person.came && person.page.lost.is_none() {
                person.page.lost = Some(away_since);
            }
            if let Stage::In(admitted) = &mut person.stage {
                admitted.forget();
            }
        }
        room.forgive(away_since);
        room.supervised = room.handed();
        room
    }

    /// What this input leads to. A time before an earlier one counts as that one.
    pub fn handle(&mut self, now: Time, input: Input) -> Vec<Effect> {
        self.latest = self.latest.max(now);
        let now = self.latest;
        let mut out = Outcome::default();
        // What is due is done first, so that a late timer lets nobody resume a place that is no longer theirs.
        self.due(now, &mut out);
        match input {
            Input::Invite { person, replacing, invitee } => self.invite(now, &person, replacing, invitee, &mut out),
            Input::Revoke { person } => self.revoke(now, person.as_deref(), &mut out),
            Input::Cancel => self.cancel(now, &mut out),
            Input::LinkShown { person } => self.link_shown(now, &person, &mut out),
            Input::Redeem { person, session, browser, claim } => self.redeem(now, &person, &session, browser, claim, &mut out),
            Input::DetailsChanged { details } => {
                self.details_changed(details, &mut out);
                // Another time may have passed already.
                self.due(now, &mut out);
            }
            Input::TakeAlarm { person, by } => self.take_alarm(now, &person, by, &mut out),
            Input::KeepTyped { on } => self.keep_typed(now, on, &mut out),
            Input::AskToKeep => self.ask_to_keep(now, &mut out),
            Input::GuestConnect { conn, person, session, tab } => self.guest_connect(now, conn, &person, &session, &tab, &mut out),
            Input::DeskConnect { conn, tab } => self.desk_connect(now, conn, &tab, &mut out),
            Input::VisitorConnect { conn, tab, visitor } => self.visitor_connect(now, conn, &tab, visitor, &mut out),
            Input::Hands { hands } => self.is_in(hands),
            Input::NotTheirs { staff } => self.not_theirs(now, staff.as_deref(), &mut out),
            Input::Disconnect { conn } => self.disconnect(now, conn),
            Input::FromGuest { conn, message } => self.guest_says(now, conn, message, &mut out),
            Input::FromDesk { conn, act } => self.desk_does(now, conn, act, &mut out),
            Input::LeaveByRequest { person, session, how } => self.leave_by_request(now, &person, &session, how, &mut out),
            Input::Deadline => {}
        }
        self.refresh(&mut out);
        for (conn, _) in &out.closes {
            self.forget(now, *conn);
        }
        out.in_order()
    }

    /// When [`Input::Deadline`] is to come, unless another input comes first.
    pub fn deadline(&self) -> Option<Time> {
        let over = self.next_goes_over();
        if self.ended.is_some() {
            return over;
        }
        let people = self.people.iter().filter(|person| person.stage.live()).filter_map(|person| {
            let lost = person.page.lost?;
            match (person.page.loss_written, &person.stage) {
                (false, _) => Some(lost.saturating_add(BLINK)),
                (true, stage) => stage.kept().then(|| lost.saturating_add(KEPT)),
            }
        });
        // Each of these changes what somebody is told: who waits long, and who never came.
        let late = self.guests.values().filter_map(|page| match &self.person(&page.person)?.stage {
            Stage::Waiting(waiting) => Some(self.late_at(waiting.since())).filter(|late| *late > self.latest),
            _ => None,
        });
        let rung = self.guests.values().filter_map(|page| self.rings_until(self.person(&page.person)?));
        let asked = self.people.iter().filter(|person| person.stage.live()).filter_map(|person| person.who.until());
        let missed = self.people.iter().any(Person::may_be_missed).then(|| self.claims_end());
        let counted = self.people.iter().filter_map(|person| person.wrote.due());
        people
            .chain(counted)
            .chain(late)
            .chain(rung)
            .chain(asked)
            .chain(self.typed.due(self.latest))
            .chain(missed)
            .chain(over)
            .chain([self.end()])
            .min()
    }

    /// What waits to be handled: nothing of the contact is deleted before.
    pub fn open(&self) -> &[Open] {
        &self.open
    }

    /// The contact is over.
    pub fn ended(&self) -> bool {
        self.ended.is_some()
    }

    /// A link of the service user's exists that isn't dead.
    pub fn has_link(&self) -> bool {
        self.ended.is_none() && self.people.iter().any(|person| person.is_service_user() && !person.stage.finished())
    }

    /// The service has seen a link that isn't dead.
    pub fn link_known(&self) -> bool {
        self.ended.is_none() && self.people.iter().any(|person| person.is_service_user() && person.link_known && !person.stage.finished())
    }

    /// Somebody is connected, or in conversation and perhaps coming back, or an alarm lies untouched: the room's timer must go on
    /// running.
    pub fn in_use(&self) -> bool {
        let kept = self.people.iter().any(|person| person.stage.kept());
        !self.guests.is_empty() || !self.desks.is_empty() || kept || self.next_goes_over().is_some()
    }

    /// How many wait and are let in.
    pub fn present(&self) -> Present {
        let count =
            |is: fn(&Stage) -> bool| u32::try_from(self.people.iter().filter(|person| is(&person.stage)).count()).unwrap_or(u32::MAX);
        Present { waiting: count(|stage| matches!(stage, Stage::Waiting(_))), talking: count(|stage| matches!(stage, Stage::In(_))) }
    }

    pub fn people(&self) -> &[Person] {
        &self.people
    }

    fn start(&self) -> Time {
        u64::from(self.details.starts_at).saturating_mul(1000)
    }

    /// When it ends by itself, whether or not it has ended before.
    pub(crate) fn end(&self) -> Time {
        planned_end(&self.details).saturating_add(OVERTIME)
    }

    pub(crate) fn claims_end(&self) -> Time {
        claims_end(&self.details)
    }

    /// When somebody who waits since then is told that it takes long.
    pub(crate) fn late_at(&self, since: u32) -> Time {
        self.start().max(u64::from(since).saturating_mul(1000)).saturating_add(PATIENCE)
    }

    /// The practitioner rings them now, as far as is known.
    pub(crate) fn rings_now(&self, person: &Person) -> bool {
        self.rings_until(person).is_some()
    }

    /// When that is over. None: it is, or was never agreed.
    fn rings_until(&self, person: &Person) -> Option<Time> {
        let until = u64::from(person.rung.filter(|_| self.details.rings)?).saturating_mul(1000).saturating_add(RINGING);
        Some(until).filter(|until| *until > self.latest)
    }

    fn due(&mut self, now: Time, out: &mut Outcome) {
        self.hand_over_untouched(now, out);
        if self.ended.is_some() {
            return;
        }
        if now >= self.claims_end() {
            let missed: Vec<String> = self.people.iter().filter(|person| person.may_be_missed()).map(|person| person.id.clone()).collect();
            for id in missed {
                self.record(out, Fact { at: seconds(self.claims_end()), person: Some(id), what: Happened::DidNotAttend });
            }
        }
        if now >= self.end() {
            return self.finish(now, out);
        }
        self.write_counts(now, false, out);
        self.withdraw_who(now, out);
        self.withdraw_keep(now, out);
        for at in 0..self.people.len() {
            let Some(person) = self.people.get(at) else { continue };
            let Some(lost) = person.page.lost.filter(|_| person.stage.live()) else { continue };
            let id = person.id.clone();
            let kept = person.stage.kept();
            if !person.page.loss_written && now >= lost.saturating_add(BLINK) {
                self.record(out, Fact { at: seconds(lost), person: Some(id.clone()), what: Happened::Lost });
            }
            if kept && now >= lost.saturating_add(KEPT) {
                self.record(out, Fact { at: seconds(now), person: Some(id), what: Happened::WaitsAgain });
            }
        }
    }

    /// Has a fact written down and acts on it at once. Whatever fact takes a person out of the conversation or into another
    /// epoch, the relay is taken from both ends of the old connection.
    pub(crate) fn record(&mut self, out: &mut Outcome, fact: Fact) {
        let before = self.admitted().map(|(_, admitted)| admitted.clone());
        self.apply(&fact);
        if let Some(before) = before
            && self.admitted().map(|(_, admitted)| admitted.epoch()) != Some(before.epoch())
        {
            out.cut(before.cut());
        }
        out.facts.push(fact);
    }

    fn apply(&mut self, fact: &Fact) {
        self.written = self.written.saturating_add(1);
        if let Happened::Admitted { epoch, desk } | Happened::Reconnected { epoch, desk } = &fact.what {
            self.last_epoch = self.last_epoch.max(*epoch);
            self.hold.belongs_to(desk.clone());
        }
        self.weigh(fact);
        self.follow_alarm(fact);
        self.typed.apply(fact);
        match (&fact.what, fact.person.as_deref()) {
            (Happened::Ended, _) => {
                self.ended = Some(fact.at);
                for person in &mut self.people {
                    person.apply(fact.at, &fact.what);
                }
            }
            (Happened::Invited { invitee }, Some(id)) => self.welcome_person(id, fact.at, invitee.clone()),
            (what, Some(id)) => {
                if let Some(person) = self.people.iter_mut().find(|person| person.id == id) {
                    person.apply(fact.at, what);
                }
            }
            (_, None) => {}
        }
        self.note(fact);
    }

    /// What must not be forgotten stays open until it is handled, whatever becomes of the person and the contact. Of others than the
    /// service user nothing is to be feared.
    fn weigh(&mut self, fact: &Fact) {
        let Some(person) = fact.person.as_deref() else { return };
        if self.person(person).is_some_and(|person| !person.is_service_user()) {
            return;
        }
        let matter = match &fact.what {
            Happened::Alarm { .. } => Matter::Alarm,
            Happened::Left { how: Leaving::Exit } => Matter::Exit,
            Happened::Answered { answer: Answer::Later } => Matter::Later,
            Happened::Handled { matter } => return self.open.retain(|open| !(open.person == person && open.matter == *matter)),
            _ => return,
        };
        if !self.is_open(person, matter) {
            self.open.push(Open { person: person.to_owned(), matter, since: fact.at, at_it: false, handover: None });
        }
    }

    pub(crate) fn is_open(&self, person: &str, matter: Matter) -> bool {
        self.open.iter().any(|open| open.person == person && open.matter == matter)
    }

    fn welcome_person(&mut self, id: &str, at: u32, invitee: Option<Invitee>) {
        if self.people.iter().any(|person| person.id == id) {
            return;
        }
        while self.people.len() >= MAX_PEOPLE {
            let gone = |person: &Person| !person.stage.live() && !matches!(person.stage, Stage::NotOpened { .. });
            let settled = |person: &Person| gone(person) && !self.open.iter().any(|open| open.person == person.id);
            // Those about whom something is open are forgotten last.
            let Some(oldest) = self.people.iter().position(settled).or_else(|| self.people.iter().position(gone)) else { break };
            self.people.remove(oldest);
        }
        self.people.push(Person::invited(id, at, invitee));
    }

    fn note(&mut self, fact: &Fact) {
        let Some(happening) = fact.happening() else { return };
        // Somebody who changes their mind again and again doesn't push everything else out of the history.
        if let (What::Chose { .. }, Some(last)) = (&happening.what, self.history.back())
            && last.person == happening.person
            && matches!(last.what, What::Chose { .. })
        {
            self.history.pop_back();
        }
        if self.history.len() >= MAX_HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(happening);
    }

    /// An epoch greater than every one before, also those before a restart or a change of the clock.
    pub(crate) fn next_epoch(&self, now: Time) -> u32 {
        self.last_epoch.saturating_add(1).max(seconds(now))
    }

    /// So much is written down that a page's doings no longer are.
    pub(crate) fn full(&self) -> bool {
        self.written >= MAX_FACTS
    }

    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub(crate) fn person_mut(&mut self, id: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.id == id)
    }

    fn invite(&mut self, now: Time, id: &str, replacing: bool, invitee: Option<Invitee>, out: &mut Outcome) {
        if self.ended.is_some() {
            return out.reply(Effect::Changed(Err(ChangeRefused::Ended)));
        }
        if self.person(id).is_some() {
            return out.reply(Effect::Changed(Ok(())));
        }
        if now >= self.claims_end() {
            return out.reply(Effect::Changed(Err(ChangeRefused::TooLate)));
        }
        if replacing {
            self.revoke_all(now, out);
        }
        let most = if invitee.is_some() { MAX_INVITEES } else { MAX_LIVE };
        let alike = self.people.iter().filter(|person| person.invitee.is_some() == invitee.is_some() && !person.stage.finished());
        if alike.count() >= most {
            return out.reply(Effect::Changed(Err(ChangeRefused::TooMany)));
        }
        self.record(out, Fact { at: seconds(now), person: Some(id.to_owned()), what: Happened::Invited { invitee } });
        out.reply(Effect::Changed(Ok(())));
    }

    fn revoke(&mut self, now: Time, id: Option<&str>, out: &mut Outcome) {
        match id {
            Some(id) => self.revoke_one(now, id, out),
            None => self.revoke_all(now, out),
        }
        out.reply(Effect::Changed(Ok(())));
    }

    /// Every link of the service user's: others keep theirs, which are made worthless one by one.
    fn revoke_all(&mut self, now: Time, out: &mut Outcome) {
        let ids: Vec<String> = self.people.iter().filter(|person| person.is_service_user()).map(|person| person.id.clone()).collect();
        for id in ids {
            self.revoke_one(now, &id, out);
        }
    }

    fn revoke_one(&mut self, now: Time, id: &str, out: &mut Outcome) {
        if self.ended.is_none() && self.person(id).is_some_and(|person| !person.stage.finished()) {
            self.record(out, Fact { at: seconds(now), person: Some(id.to_owned()), what: Happened::Revoked });
            self.goodbye(id, out);
        }
    }

    fn link_shown(&mut self, now: Time, id: &str, out: &mut Outcome) {
        if self.ended.is_some() {
            return out.reply(Effect::Changed(Err(ChangeRefused::Ended)));
        }
        let Some(person) = self.person(id).filter(|person| !person.stage.finished()) else {
            return out.reply(Effect::Changed(Err(ChangeRefused::NoLink)));
        };
        // Shown again, it is known as it was.
        if !person.link_known {
            self.record(out, Fact { at: seconds(now), person: Some(id.to_owned()), what: Happened::LinkKnown });
        }
        out.reply(Effect::Changed(Ok(())));
    }

    fn redeem(&mut self, now: Time, id: &str, session: &str, browser: Option<String>, claim: Option<String>, out: &mut Outcome) {
        let refused = |why| Effect::Redeemed(Err(why));
        if self.is_quiet(id, now) {
            return out.reply(refused(RedeemRefused::Unanswered));
        }
        if self.ended.is_some() || self.full() {
            return out.reply(refused(RedeemRefused::Finished));
        }
        let Some(person) = self.person(id) else { return out.reply(refused(RedeemRefused::Finished)) };
        if person.stage.live() && (person.belongs_to(session) || person.is_waited_for_by(session)) {
            return out.reply(Effect::Redeemed(Ok(())));
        }
        let free = match &person.stage {
            Stage::Left { .. } | Stage::Ended { .. } | Stage::Revoked { .. } | Stage::Quiet { .. } => {
                return out.reply(refused(RedeemRefused::Finished));
            }
            Stage::NotOpened { .. } | Stage::Later { .. } | Stage::Declined { .. } => {
                if now < self.start().saturating_sub(EARLY) {
                    return out.reply(refused(RedeemRefused::TooEarly { starts_at: self.told_when_early(person) }));
                }
                if now >= self.claims_end() {
                    return out.reply(refused(RedeemRefused::Finished));
                }
                true
            }
            // Nobody has come to this place yet: the same page's press again, or a place that was given to nobody.
            Stage::Asked { since } | Stage::Choosing { since } if !person.came => {
                let again = claim.is_some() && person.claim == claim;
                again || now >= u64::from(*since).saturating_mul(1000).saturating_add(UNCLAIMED)
            }
            Stage::Asked { .. } | Stage::Choosing { .. } | Stage::Preparing { .. } | Stage::Waiting(_) | Stage::In(_) => false,
        };
        let what = if free {
            // Who comes back after "Later" has a new session: only the kind of browser can tell another one.
            let another = browser.is_some() && person.browser.is_some() && browser != person.browser;
            Happened::Opened { session: session.to_owned(), browser, claim, another }
        } else {
            // One that is there, or was a moment ago, isn't pushed out by a third.
            let taken = person
                .other
                .as_ref()
                .is_some_and(|other| other.conn.is_some() || now < u64::from(other.since).saturating_mul(1000).saturating_add(UNCLAIMED));
            if taken || person.others >= MAX_OTHERS {
                return out.reply(refused(RedeemRefused::PlaceTaken));
            }
            let same_kind = browser.is_some() && browser == person.browser;
            Happened::OtherBrowser { session: session.to_owned(), browser, same_kind }
        };
        self.record(out, Fact { at: seconds(now), person: Some(id.to_owned()), what });
        out.reply(Effect::Redeemed(Ok(())));
    }

    fn details_changed(&mut self, details: ContactDetails, out: &mut Outcome) {
        let changed = if self.ended.is_some() {
            Err(ChangeRefused::Ended)
        } else {
            self.details = details;
            self.forgive(self.latest);
            Ok(())
        };
        out.reply(Effect::Changed(changed));
    }

    /// A contact that was moved to a later time can be attended after all.
    fn forgive(&mut self, now: Time) {
        if now < self.claims_end() {
            for person in &mut self.people {
                person.missed = false;
            }
        }
    }

    /// The contact is over: every session ends, every link is dead.
    /// Calls it off. Who is there already isn't put out by it: that is ended by whoever talks with them.
    fn cancel(&mut self, now: Time, out: &mut Outcome) {
        if self.ended.is_some() {
            return out.reply(Effect::Changed(Err(ChangeRefused::Ended)));
        }
        if self.people.iter().any(|person| person.stage.hears_the_desk()) {
            return out.reply(Effect::Changed(Err(ChangeRefused::SomebodyThere)));
        }
        self.record(out, Fact { at: seconds(now), person: None, what: Happened::Cancelled });
        self.finish(now, out);
        out.reply(Effect::Changed(Ok(())));
    }

    pub(crate) fn finish(&mut self, now: Time, out: &mut Outcome) {
        let live: Vec<String> = self.people.iter().filter(|person| person.stage.live()).map(|person| person.id.clone()).collect();
        self.write_counts(now, true, out);
        self.record(out, Fact { at: seconds(now), person: None, what: Happened::Ended });
        for id in live {
            self.goodbye(&id, out);
        }
    }

    /// A person's session is over: every page of their link is told so by its last view, and closed.
    pub(crate) fn goodbye(&self, id: &str, out: &mut Outcome) {
        for (conn, _) in self.guests.iter().filter(|(_, page)| page.person == id) {
            out.close(*conn, Bye::Over);
        }
    }

    fn disconnect(&mut self, now: Time, conn: Conn) {
        if self.silenced.remove(&conn) {
            // It went from the room when it was silenced.
        } else if self.guests.contains_key(&conn) {
            self.forget(now, conn);
        } else if self.desks.contains_key(&conn) {
            self.desk_gone(conn);
        }
    }

    /// A service user's page is gone.
    fn forget(&mut self, now: Time, conn: Conn) {
        self.desks.remove(&conn);
        let Some(page) = self.guests.remove(&conn) else { return };
        let Some(person) = self.person_mut(&page.person) else { return };
        if person.page.conn == Some(conn) {
            person.page.conn = None;
            person.page.lost = person.stage.live().then_some(now);
        }
        if let Some(other) = person.other.as_mut().filter(|other| other.conn == Some(conn)) {
            other.conn = None;
        }
    }
}

fn planned_end(details: &ContactDetails) -> Time {
    u64::from(details.starts_at).saturating_add(u64::from(details.minutes).saturating_mul(60)).saturating_mul(1000)
}

/// When a link of such a contact can't be opened for the first time any more.
pub fn claims_end(details: &ContactDetails) -> Time {
    planned_end(details).saturating_add(LATE)
}

/// Whole seconds, as they are written down and told.
pub fn seconds(time: Time) -> u32 {
    u32::try_from(time / 1000).unwrap_or(u32::MAX)
}
