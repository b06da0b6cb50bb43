//! The practitioners' open pages: each is attached to all of today's contacts of its practitioner, and to new ones at once.

use super::{Hub, duty::Told, lock};
use crate::{
    connection::{SignedIn, disconnect, outbox::Outbox},
    records::{Contact, RecordsError},
    rights::allowed,
    room_task::{Ask, Mailbox},
};
use sidelight_protocol::{Bye, desk::ToDesk, hands::TakesPart};
use sidelight_room::{Conn, rights::Deed, room::seconds};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};

/// "Today": contacts that began less than this ago, or begin within that. Longer: a longer list. Shorter: after a night shift,
/// or the evening before, a contact is missing.
const PAST: u32 = 12 * 3600;
const AHEAD: u32 = 24 * 3600;

/// Pages of one practitioner, at most; opening another closes the oldest. Fewer than a room takes, so that a new one finds a
/// place before the old one has left everywhere.
const MOST: usize = 6;

/// How long a page waits to be attached to one contact. A contact that can't be read is left out.
const ATTACH: Duration = Duration::from_secs(10);

/// One open page of a practitioner.
pub(super) struct Desk {
    pub(super) who: SignedIn,
    tab: String,
    pub(super) outbox: Outbox,
    pub(super) contacts: HashMap<String, Mailbox>,
    /// What it knows of supervisors and their alarms. None: nothing yet.
    pub(super) told: Option<Told>,
}

impl Hub {
    /// A practitioner's page has said hello: it is sent all of today's contacts, then `ready`.
    pub(crate) async fn desk_comes(&self, conn: Conn, who: SignedIn, tab: String, outbox: &Outbox) {
        let staff = who.staff.clone();
        {
            let mut desks = lock(&self.shared.desks);
            let own = || desks.iter().filter(|(_, desk)| desk.who.staff == staff);
            let surplus = if own().count() >= MOST { own().map(|(conn, _)| *conn).min() } else { None };
            let same_tab = own().filter(|(_, desk)| desk.tab == tab).map(|(conn, _)| *conn);
            for old in same_tab.chain(surplus) {
                if let Some(desk) = desks.get(&old) {
                    desk.outbox.close(Bye::OtherTab);
                }
            }
            desks.insert(conn, Desk { who: who.clone(), tab, outbox: outbox.clone(), contacts: HashMap::new(), told: None });
        }
        // After the insertion, so that either this sees that the sign-in has ended, or ending it sees the page.
        if lock(&self.shared.ended).iter().any(|ended| who.is(ended)) {
            return outbox.close(Bye::NoSession);
        }
        outbox.send(&ToDesk::Welcome { instance: self.shared.instance.clone() });
        self.tell_duty(conn);
        match self.today(&who).await {
            Some(today) => {
                self.attach_all(conn, today).await;
                outbox.send(&ToDesk::Ready);
            }
            None => outbox.close(Bye::BackInAMoment),
        }
    }

    pub(crate) async fn desk_gone(&self, conn: Conn) {
        let desk = lock(&self.shared.desks).remove(&conn);
        let Some(Desk { who, contacts, .. }) = desk else { return };
        let off_duty = self.duty_without_page(&who.staff);
        for room in contacts.into_values() {
            disconnect(&room, conn).await;
        }
        if off_duty {
            self.note_off_duty(&who.staff).await;
        }
    }

    /// The room of a contact that this page is attached to, and whose page it is.
    pub(crate) fn desk_room(&self, conn: Conn, contact: &str) -> Option<(Mailbox, String)> {
        let desks = lock(&self.shared.desks);
        let desk = desks.get(&conn)?;
        Some((desk.contacts.get(contact)?.clone(), desk.who.staff.clone()))
    }

    /// The day goes on: contacts come near, and others are past.
    pub(crate) async fn refresh_desk(&self, conn: Conn) {
        let Some(who) = lock(&self.shared.desks).get(&conn).map(|desk| desk.who.clone()) else { return };
        // A page that lies open is a sign-in in use. Nothing hangs on it.
        if let Err(error) = self.shared.records.sign_in_used(&who.staff, &who.sign_in, seconds(self.shared.clock.now())).await {
            tracing::warn!(%error, "when a sign-in was last used can't be written down");
        }
        // Those that can't be read now stay as they are.
        let Some(today) = self.today(&who).await else { return };
        let past = {
            let mut desks = lock(&self.shared.desks);
            let Some(desk) = desks.get_mut(&conn) else { return };
            let past: Vec<(String, Mailbox)> = desk.contacts.extract_if(|contact, _| !today.contains(contact)).collect();
            for (contact, _) in &past {
                desk.outbox.send(&ToDesk::Gone { contact: contact.clone() });
            }
            past
        };
        for (_, room) in past {
            disconnect(&room, conn).await;
        }
        self.attach_all(conn, today).await;
    }

    /// Shows a contact on the open pages of its practitioner, and of whoever takes part, if it is one of today's. What is covered is
    /// shown whenever it is.
    pub(super) async fn show(&self, contact: &Contact) {
        let (from, to) = self.window();
        let with = match self.shared.records.hands(contact, seconds(self.shared.clock.now())).await {
            Ok(hands) => hands.with,
            Err(error) => {
                tracing::error!(%error, "who takes part in a contact can't be read");
                Vec::new()
            }
        };
        if !(from..to).contains(&contact.details.starts_at) && !with.iter().any(|one| one.part == TakesPart::Covering) {
            return;
        }
        let theirs = |staff: &str| staff == contact.owner || with.iter().any(|one| one.id == staff);
        let desks: Vec<Conn> = lock(&self.shared.desks).iter().filter(|(_, desk)| theirs(&desk.who.staff)).map(|(conn, _)| *conn).collect();
        for conn in desks {
            self.attach_all(conn, HashSet::from([contact.id.clone()])).await;
        }
    }

    /// Takes a contact that is being erased from all open pages.
    pub(super) fn take_from_desks(&self, contact: &str) {
        for desk in lock(&self.shared.desks).values_mut() {
            if desk.contacts.remove(contact).is_some() {
                desk.outbox.send(&ToDesk::Gone { contact: contact.to_owned() });
            }
        }
    }

    fn window(&self) -> (u32, u32) {
        let now = seconds(self.shared.clock.now());
        (now.saturating_sub(PAST), now.saturating_add(AHEAD))
    }

    /// Today's contacts of a practitioner, and any other that was opened and isn't over; and others' in which they take part. None: they
    /// can't be read.
    async fn today(&self, who: &SignedIn) -> Option<HashSet<String>> {
        let (from, to) = self.window();
        let now = seconds(self.shared.clock.now());
        let records = &self.shared.records;
        let read = async {
            let own = records.contacts_between(&who.staff, from, to).await?.into_iter().map(|contact| (contact.id, contact.owner));
            Ok::<_, RecordsError>(own.chain(records.taken_part_in(&who.staff, from, to, now).await?).collect::<Vec<_>>())
        };
        match read.await {
            Ok(contacts) => {
                let mut today = HashSet::new();
                for (contact, owner) in contacts {
                    if self.opens(who, &owner, &contact).await {
                        today.insert(contact);
                    }
                }
                Some(today)
            }
            Err(error) => {
                tracing::error!(%error, "a practitioner's contacts can't be read");
                None
            }
        }
    }

    /// So that no page is offered what its room would refuse it.
    async fn opens(&self, who: &SignedIn, owner: &str, contact: &str) -> bool {
        let now = seconds(self.shared.clock.now());
        let allowed = allowed(&self.shared.records, who.member(), Deed::Open, owner, contact, now).await;
        allowed.unwrap_or_else(|error| {
            tracing::error!(%error, "whose a contact is can't be read");
            false
        })
    }

    /// Attaches a page to these contacts, where it isn't yet; returns when it has been sent each one's view.
    async fn attach_all(&self, conn: Conn, contacts: HashSet<String>) {
        let mut attaching = Vec::new();
        for contact in contacts {
            let Some(room) = self.room(&contact) else { return };
            let (tab, outbox, who) = {
                let mut desks = lock(&self.shared.desks);
                let Some(desk) = desks.get_mut(&conn) else { return };
                if desk.contacts.get(&contact).is_some_and(|known| known.same(&room)) {
                    continue;
                }
                desk.contacts.insert(contact.clone(), room);
                (desk.tab.clone(), desk.outbox.clone(), desk.who.clone())
            };
            let (told, is_told) = oneshot::channel();
            match self.ask(&contact, Ask::Desk { conn, who, tab, outbox, told }).await {
                Some(room) => attaching.push((contact, room, is_told)),
                None => self.detach(conn, &contact),
            }
        }
        for (contact, room, is_told) in attaching {
            if !matches!(timeout(ATTACH, is_told).await, Ok(Ok(true))) {
                tracing::warn!("a page of the desk can't be shown a contact");
                self.detach(conn, &contact);
                continue;
            }
            // The page may have gone meanwhile, and told the room so before it came; or the room was another one by then.
            let there = {
                let mut desks = lock(&self.shared.desks);
                match desks.get_mut(&conn).and_then(|desk| desk.contacts.get_mut(&contact)) {
                    Some(known) => {
                        *known = room.clone();
                        true
                    }
                    None => false,
                }
            };
            if !there {
                disconnect(&room, conn).await;
            }
        }
    }

    fn detach(&self, conn: Conn, contact: &str) {
        if let Some(desk) = lock(&self.shared.desks).get_mut(&conn) {
            desk.contacts.remove(contact);
        }
    }
}
