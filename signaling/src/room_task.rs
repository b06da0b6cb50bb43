//! Owns the room of one contact: takes what happens from its mailbox, one after the other, and does what the room says, in
//! the order it says.
//!
//! What is to be written down is on disk before anybody is told of it. Where that fails, the room is put back to what it was,
//! whoever asked is told "not kept", and nobody else learns of it. A task without a room (it couldn't be read) refuses.

mod hands;
mod mailbox;

pub use mailbox::{Ask, Change, Mailbox, Refused};

use crate::{
    connection::{SignedIn, outbox::Outbox},
    live::{Here, Shared},
    records::{Ended, RecordsError},
    relay::Scope,
};
use mailbox::{NoRoom, refuse};
use sidelight_protocol::{Bye, Code, desk::ToDesk, guest::ToGuest};
use sidelight_room::{ChangeRefused, Conn, Effect, Fact, Input, Peer, RedeemRefused, Relayed, Room, Side};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

/// How long a room that nobody uses is kept in memory. Longer: more memory. Shorter: it is read again more often.
const IDLE: Duration = Duration::from_secs(60);

/// How long a task waits before it tries again what couldn't be written down.
const RETRY: Duration = Duration::from_secs(5);

/// Starts the task of a contact.
pub fn start(shared: &Arc<Shared>, contact: &str) -> Mailbox {
    let (mailbox, inbox) = Mailbox::new();
    tokio::spawn(run(shared.clone(), contact.to_owned(), mailbox.clone(), inbox));
    mailbox
}

async fn run(shared: Arc<Shared>, contact: String, mailbox: Mailbox, mut inbox: mpsc::Receiver<Ask>) {
    match load(&shared, &contact).await {
        Ok(Loaded { room, written, owner, practitioner }) => {
            shared.supervise(&contact, &owner, &practitioner, room.handed());
            let task = RoomTask {
                shared: shared.clone(),
                contact: contact.clone(),
                owner,
                practitioner,
                room,
                written,
                outboxes: HashMap::new(),
                desks: HashMap::new(),
                peers: HashMap::new(),
                channel: None,
                checks: HashMap::new(),
                granted: HashMap::new(),
                undone: Vec::new(),
                not_before: None,
                looked: Instant::now(),
                here: Here::new(&shared.counts),
            };
            task.run(&mailbox, &mut inbox).await;
            end(&shared, &contact, &mailbox, inbox, NoRoom::Unreadable);
        }
        Err(why) => end(&shared, &contact, &mailbox, inbox, why),
    }
}

/// From here on whoever asks finds a new task; who asked already is told to ask again.
fn end(shared: &Shared, contact: &str, mailbox: &Mailbox, mut inbox: mpsc::Receiver<Ask>, why: NoRoom) {
    shared.forget_room(contact, mailbox);
    inbox.close();
    while let Ok(ask) = inbox.try_recv() {
        refuse(ask, why);
    }
}

/// A contact as it was written down.
struct Loaded {
    room: Room,
    written: usize,
    owner: String,
    practitioner: String,
}

async fn load(shared: &Shared, contact: &str) -> Result<Loaded, NoRoom> {
    let unreadable = |error: RecordsError| match error {
        RecordsError::Missing => NoRoom::Unknown,
        error => {
            tracing::error!(%error, "a contact can't be read");
            NoRoom::Unreadable
        }
    };
    let planned = shared.records.contact(contact).await.map_err(unreadable)?.ok_or(NoRoom::Unknown)?;
    let facts = shared.records.facts(contact).await.map_err(unreadable)?;
    // Whatever was written down after an earlier run was written in this one: nobody was away before that.
    let away_since = facts.last().map_or(0, |last| u64::from(last.at) * 1000).max(shared.away_since);
    let mut room = Room::restore(contact, planned.details.clone(), Relayed::default(), &facts, away_since);
    let hands = shared.records.hands(&planned, crate::time::now()).await.map_err(unreadable)?;
    let practitioner = hands.owner.clone();
    room.is_in(hands);
    Ok(Loaded { room, written: facts.len(), owner: planned.owner, practitioner })
}

struct RoomTask {
    shared: Arc<Shared>,
    contact: String,
    /// Whose contact it is: the id and the name of a member of staff.
    owner: String,
    practitioner: String,
    room: Room,
    /// How many facts are on disk.
    written: usize,
    outboxes: HashMap<Conn, Outbox>,
    /// Who signed in at each page of the desk.
    desks: HashMap<Conn, SignedIn>,
    /// The names that the relay knows peers by. Made here, of no meaning elsewhere.
    peers: HashMap<Peer, String>,
    /// The relay's name of the conversation of an epoch.
    channel: Option<(u32, String)>,
    /// The name by which the relay knows who tries their own line, by their page.
    checks: HashMap<Conn, String>,
    /// Who holds access to the relay, to be given a fresh one in time.
    granted: HashMap<Peer, Granted>,
    /// Pages that went while nothing could be written down: still to be told to the room.
    undone: Vec<Conn>,
    /// Nothing could be written down: no timer before this.
    not_before: Option<Instant>,
    /// When it was last asked whether visitors may be here.
    looked: Instant,
    /// What this room adds to what is counted.
    here: Here,
}

/// Access to the relay that somebody was given.
struct Granted {
    conn: Conn,
    person: String,
    /// Whose page of the desk it was given to; it outlasts the page. None: a phone's.
    by: Option<SignedIn>,
    /// Half of it is over then: a page without line at that moment is given a fresh one when it comes back, and has the other
    /// half until then.
    renew: Instant,
}

/// What became of an input.
#[derive(PartialEq, Eq)]
enum Done {
    Yes,
    /// It couldn't be written down; the room is as it was.
    NotKept,
    /// Nobody knows whether it was written down: the room must be read anew.
    Unsure,
}

/// Whose an input is, and the answers that it can have.
#[derive(Default)]
struct Replies {
    redeem: Option<oneshot::Sender<Result<(), Refused<RedeemRefused>>>>,
    change: Option<oneshot::Sender<Result<(), Refused<ChangeRefused>>>>,
    /// The token to keep in place of the one a page came with.
    renewed: Option<String>,
    /// The member of staff whose press it was, for the audit.
    who: Option<String>,
}

impl RoomTask {
    async fn run(mut self, mailbox: &Mailbox, inbox: &mut mpsc::Receiver<Ask>) {
        let mut idle_since = Instant::now();
        loop {
            let timer = self.timer(idle_since);
            let ask = tokio::select! {
                biased;
                ask = inbox.recv() => ask,
                () = sleep_until(timer) => {
                    if self.renew() {
                        continue;
                    }
                    if self.next_look().is_some_and(|next| next <= Instant::now()) {
                        if self.look_after_visitors().await == Done::Unsure {
                            break self.give_up();
                        }
                        continue;
                    }
                    if self.idle(idle_since) {
                        if self.shared.retire(&self.contact, mailbox, inbox) {
                            break;
                        }
                        idle_since = Instant::now();
                    } else if self.step(Input::Deadline, Replies::default()).await == Done::Unsure {
                        break self.give_up();
                    }
                    continue;
                }
            };
            let Some(ask) = ask else { break };
            if self.room.in_use() {
                idle_since = Instant::now();
            }
            match self.answer(ask).await {
                Next::On => {}
                Next::Stop(done) => {
                    let _gone = done.send(());
                    break;
                }
                Next::GiveUp => break self.give_up(),
            }
        }
        for name in self.peers.into_values().chain(self.checks.into_values()) {
            self.shared.relay.revoke(&name);
        }
    }

    fn idle(&self, since: Instant) -> bool {
        !self.room.in_use() && self.undone.is_empty() && since.elapsed() >= IDLE
    }

    fn timer(&self, idle_since: Instant) -> Instant {
        let now = Instant::now();
        let deadline = self.room.deadline().map(|deadline| now + Duration::from_millis(deadline.saturating_sub(self.shared.clock.now())));
        let deadline = deadline.map(|deadline| self.not_before.map_or(deadline, |earliest| deadline.max(earliest)));
        let undone = if self.undone.is_empty() { None } else { self.not_before };
        let idle = if self.room.in_use() { None } else { Some(idle_since + IDLE) };
        // A timer far away is looked at again each hour: that costs nothing and forgives a clock that was set.
        let hour = now + Duration::from_secs(3600);
        let renew = self.granted.values().map(|granted| granted.renew).min();
        [deadline, undone, idle, renew, self.next_look()].into_iter().flatten().fold(hour, Instant::min)
    }

    async fn answer(&mut self, ask: Ask) -> Next {
        let done = match ask {
            Ask::Redeem { person, session, browser, claim, reply } => {
                let replies = Replies { redeem: Some(reply), ..Replies::default() };
                self.step(Input::Redeem { person, session, browser: Some(browser), claim }, replies).await
            }
            Ask::Change { change, reply } => {
                let mut who = None;
                let input = match change {
                    Change::Cancel => Input::Cancel,
                    Change::Invite { person, invitee } => Input::Invite { person, replacing: invitee.is_none(), invitee },
                    Change::Revoke { person } => Input::Revoke { person },
                    Change::LinkShown { person } => Input::LinkShown { person },
                    Change::KeepTyped { on } => Input::KeepTyped { on },
                    Change::AskToKeep => Input::AskToKeep,
                    Change::Details(details) => Input::DetailsChanged { details },
                    Change::TakeAlarm { person, by, staff } => {
                        who = Some(staff);
                        Input::TakeAlarm { person, by }
                    }
                };
                self.step(input, Replies { change: Some(reply), who, ..Replies::default() }).await
            }
            Ask::Guest { conn, person, session, tab, outbox, renewed } => {
                self.outboxes.insert(conn, outbox.clone());
                let replies = Replies { renewed, ..Replies::default() };
                let done = self.step(Input::GuestConnect { conn, person, session, tab }, replies).await;
                if done != Done::Yes {
                    self.outboxes.remove(&conn);
                    outbox.close(Bye::BackInAMoment);
                }
                done
            }
            Ask::Desk { conn, who, tab, outbox, told } => {
                let Some(input) = self.page(conn, tab, &who).await else {
                    let _gone = told.send(false);
                    return Next::On;
                };
                self.outboxes.insert(conn, outbox);
                self.desks.insert(conn, who);
                let done = self.step(input, Replies::default()).await;
                if done != Done::Yes {
                    self.outboxes.remove(&conn);
                    self.desks.remove(&conn);
                }
                let _gone = told.send(done == Done::Yes);
                done
            }
            Ask::FromGuest { conn, message } => {
                let re = message.text_id().map(str::to_owned);
                let done = self.step(Input::FromGuest { conn, message }, Replies::default()).await;
                if done == Done::NotKept {
                    self.send(conn, &ToGuest::Refused { code: Code::NotKept, re });
                }
                done
            }
            Ask::FromDesk { conn, staff, act } => {
                let re = act.text_id().map(str::to_owned);
                let replies = Replies { who: Some(staff), ..Replies::default() };
                let done = self.step(Input::FromDesk { conn, act }, replies).await;
                if done == Done::NotKept {
                    self.send(conn, &ToDesk::Refused { code: Code::NotKept, contact: Some(self.contact.clone()), re });
                }
                done
            }
            Ask::Disconnect { conn } => {
                self.end_check(conn);
                self.outboxes.remove(&conn);
                self.desks.remove(&conn);
                let done = self.step(Input::Disconnect { conn }, Replies::default()).await;
                if done == Done::NotKept {
                    self.undone.push(conn);
                }
                done
            }
            Ask::Leave { person, session, how, done: told } => {
                let done = self.step(Input::LeaveByRequest { person, session, how }, Replies::default()).await;
                let _gone = told.send(());
                done
            }
            Ask::SignedOut { ended } => {
                self.take_relay_from(&ended);
                Done::Yes
            }
            Ask::InConversation { reply } => {
                let _gone = reply.send(self.room.is_talking());
                Done::Yes
            }
            Ask::LookAtHands { done } => {
                let looked = self.look_at_hands().await;
                let _gone = done.send(());
                looked
            }
            Ask::IsQuiet { person, reply } => {
                let _gone = reply.send(self.room.is_quiet(&person, self.shared.clock.now()));
                Done::Yes
            }
            Ask::Wake { done: woken } => {
                let done = self.step(Input::Deadline, Replies::default()).await;
                let _gone = woken.send(());
                done
            }
            Ask::Stop { done } => return Next::Stop(done),
        };
        if done == Done::Unsure { Next::GiveUp } else { Next::On }
    }

    /// One input after those that are still to be done.
    async fn step(&mut self, input: Input, replies: Replies) -> Done {
        while let Some(conn) = self.undone.first().copied() {
            match self.one(Input::Disconnect { conn }, Replies::default()).await {
                Done::Yes => {
                    self.undone.remove(0);
                }
                Done::NotKept => break,
                Done::Unsure => return Done::Unsure,
            }
        }
        self.one(input, replies).await
    }

    async fn one(&mut self, input: Input, mut replies: Replies) -> Done {
        let before = self.room.clone();
        let mut effects = self.room.handle(self.shared.clock.now(), input).into_iter().peekable();
        let mut wrote = false;
        if let Some(Effect::Record(facts)) = effects.next_if(|effect| matches!(effect, Effect::Record(_))) {
            wrote = true;
            let done = self.write(&facts, replies.who.as_deref()).await;
            if done != Done::Yes {
                self.room = before;
                self.not_before = Some(Instant::now() + RETRY);
                if let Some(reply) = replies.redeem {
                    let _gone = reply.send(Err(Refused::NotKept));
                }
                if let Some(reply) = replies.change {
                    let _gone = reply.send(Err(Refused::NotKept));
                }
                return done;
            }
        }
        self.not_before = None;
        self.here.is(self.room.present());
        for effect in effects {
            self.execute(effect, &mut replies);
        }
        if wrote && self.room.ended() {
            self.draft();
        }
        Done::Yes
    }

    /// The contact's record, from what is written down by now. Nobody waits for it; where it fails, the next sweep drafts it.
    fn draft(&self) {
        let (records, contact) = (self.shared.records.clone(), self.contact.clone());
        tokio::spawn(async move {
            if let Err(error) = records.keep_draft(&contact, crate::time::now()).await {
                tracing::error!(%error, "a record can't be drafted now; the next sweep tries again");
            }
        });
    }

    async fn write(&mut self, facts: &[Fact], who: Option<&str>) -> Done {
        let unhandled = !self.room.open().is_empty();
        let Err(error) = self.shared.records.append(&self.contact, facts, unhandled, who).await else {
            self.written += facts.len();
            self.shared.counts.wrote(facts);
            return Done::Yes;
        };
        tracing::error!(%error, "what happened in a contact can't be written down");
        // An error doesn't say whether it was written all the same: look.
        match self.shared.records.facts(&self.contact).await {
            Ok(found) if found.len() == self.written => Done::NotKept,
            Ok(found) if found.get(self.written..) == Some(facts) => {
                self.written = found.len();
                Done::Yes
            }
            Ok(_) | Err(_) => Done::Unsure,
        }
    }

    fn execute(&mut self, effect: Effect, replies: &mut Replies) {
        match effect {
            // Comes first and once, and was taken out above.
            Effect::Record(_) => {}
            Effect::Redeemed(redeemed) => {
                if let Some(reply) = replies.redeem.take() {
                    let _gone = reply.send(redeemed.map_err(Refused::Rule));
                }
            }
            Effect::Changed(changed) => {
                if let Some(reply) = replies.change.take() {
                    let _gone = reply.send(changed.map_err(Refused::Rule));
                }
            }
            Effect::Revoke { peer } => {
                self.granted.remove(&peer);
                if let Some(name) = self.peers.remove(&peer) {
                    self.shared.relay.revoke(&name);
                }
            }
            Effect::Welcome { conn } => {
                self.send(conn, &ToGuest::Welcome { instance: self.shared.instance.clone() });
                if let Some(session) = replies.renewed.take() {
                    self.send(conn, &ToGuest::Session { session });
                }
            }
            Effect::Grant { conn, person, peer } => {
                // Let in: what they tried before is over.
                self.end_check(conn);
                self.grant(conn, person, peer);
            }
            Effect::GrantCheck { conn } => self.grant_check(conn),
            Effect::TellGuest { conn, message } => self.send(conn, &message),
            Effect::TellDesk { conn, message } => self.send(conn, &message),
            Effect::TellSupervisors { alarms } => self.shared.supervise(&self.contact, &self.owner, &self.practitioner, alarms),
            Effect::Silence { conn } => {
                self.end_check(conn);
                if let Some(outbox) = self.outboxes.remove(&conn) {
                    outbox.silence();
                }
            }
            Effect::Close { conn, bye } => {
                self.end_check(conn);
                if let Some(outbox) = self.outboxes.remove(&conn) {
                    outbox.close(bye);
                }
            }
        }
    }

    fn send<M: serde::Serialize>(&self, conn: Conn, message: &M) {
        if let Some(outbox) = self.outboxes.get(&conn) {
            outbox.send(message);
        }
    }

    fn grant(&mut self, conn: Conn, person: String, peer: Peer) {
        // Signed out, perhaps: what was granted before it began to close is taken back, and nothing is granted after.
        if self.outboxes.get(&conn).is_some_and(Outbox::is_closing) {
            return;
        }
        let Some((channel, name)) = self.names(peer) else {
            // No randomness: without it nobody gets the relay.
            if let Some(outbox) = self.outboxes.get(&conn) {
                outbox.close(Bye::BackInAMoment);
            }
            return;
        };
        let access = self.shared.relay.grant(&channel, &name, Scope::Room);
        let epoch = peer.epoch;
        let renew = Instant::now() + self.shared.relay.lasts() / 2;
        self.granted.insert(peer, Granted { conn, person: person.clone(), by: self.desks.get(&conn).cloned(), renew });
        match peer.side {
            Side::Guest => self.send(conn, &ToGuest::Relay { epoch, access }),
            Side::Desk => self.send(conn, &ToDesk::Relay { contact: self.contact.clone(), person, epoch, access }),
        }
    }

    /// Nothing goes by way of the relay any more to or from whoever has been signed out. The conversation stays as it is: they may
    /// sign in again, and are then given it anew.
    fn take_relay_from(&mut self, ended: &Ended) {
        let theirs = self.granted.iter().filter(|(_, granted)| granted.by.as_ref().is_some_and(|by| by.is(ended)));
        for peer in theirs.map(|(peer, _)| *peer).collect::<Vec<_>>() {
            self.granted.remove(&peer);
            if let Some(name) = self.peers.remove(&peer) {
                self.shared.relay.revoke(&name);
            }
        }
    }

    /// Access for one page to try its own line: a channel and a peer that nobody else is given.
    fn grant_check(&mut self, conn: Conn) {
        self.end_check(conn);
        let (Some(channel), Some(name)) = (crate::random::id(), crate::random::id()) else { return };
        let access = self.shared.relay.grant(&channel, &name, Scope::Own);
        self.checks.insert(conn, name);
        self.send(conn, &ToGuest::Check { access });
    }

    fn end_check(&mut self, conn: Conn) {
        if let Some(name) = self.checks.remove(&conn) {
            self.shared.relay.revoke(&name);
        }
    }

    /// Gives fresh access to whoever has had theirs for long; whether there was any.
    fn renew(&mut self) -> bool {
        let now = Instant::now();
        let due: Vec<Peer> = self.granted.iter().filter(|(_, granted)| granted.renew <= now).map(|(peer, _)| *peer).collect();
        for peer in &due {
            let Some(Granted { conn, person, .. }) = self.granted.remove(peer) else { continue };
            // Whoever is away is granted anew by the room when they come back.
            if self.outboxes.contains_key(&conn) {
                self.grant(conn, person, *peer);
            }
        }
        !due.is_empty()
    }

    /// The names by which the relay knows this conversation and this peer.
    fn names(&mut self, peer: Peer) -> Option<(String, String)> {
        let channel = match &self.channel {
            Some((epoch, name)) if *epoch == peer.epoch => name.clone(),
            Some(_) | None => {
                let name = crate::random::id()?;
                self.channel = Some((peer.epoch, name.clone()));
                name
            }
        };
        let name = match self.peers.get(&peer) {
            Some(name) => name.clone(),
            None => {
                let name = crate::random::id()?;
                self.peers.insert(peer, name.clone());
                name
            }
        };
        Some((channel, name))
    }

    /// Nobody knows what is written down. Everybody comes back to a room that is read anew.
    fn give_up(&self) {
        for outbox in self.outboxes.values() {
            outbox.close(Bye::BackInAMoment);
        }
    }
}

/// What comes after an ask.
enum Next {
    On,
    Stop(oneshot::Sender<()>),
    GiveUp,
}
