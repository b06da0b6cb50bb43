//! Which of the practitioner's pages holds the conversation. Texts, signals and the relay go to that one only.

use crate::{
    door::{Admitted, Seating},
    fact::{Fact, Happened},
    input::{Conn, Side, Time},
    outcome::Outcome,
    room::{Room, seconds},
    stage::Stage,
};
use sidelight_protocol::Devices;

/// Which page holds the conversation, and whose it is.
#[derive(Clone, Default)]
pub(crate) struct Hold {
    /// The page that holds it now.
    conn: Option<Conn>,
    /// The page load that held it last.
    tab: Option<String>,
    /// The page load that holds it by right: by a press, or by having been there before the conversation. Another that came
    /// while this one was away gives it back.
    home: Option<String>,
}

impl Hold {
    pub(crate) fn holder(&self) -> Option<Conn> {
        self.conn
    }

    pub(crate) fn belongs_to(&mut self, tab: Option<String>) {
        if tab.is_some() {
            self.home = tab;
        }
    }

    pub(crate) fn vacate(&mut self) {
        self.conn = None;
    }

    /// It is no longer this page load's.
    pub(crate) fn disown(&mut self, tab: &str) {
        if self.home.as_deref() == Some(tab) {
            self.home = None;
        }
    }

    /// It is this page load's by right.
    pub(crate) fn is_home_of(&self, tab: &str) -> bool {
        self.home.as_deref() == Some(tab)
    }

    /// This page load may have the conversation as it comes.
    pub(crate) fn open_to(&self, tab: &str) -> bool {
        self.conn.is_none() || (self.home.as_deref() == Some(tab) && self.tab != self.home)
    }
}

impl Room {
    /// Who is in conversation.
    pub(crate) fn admitted(&self) -> Option<(&str, &Admitted)> {
        self.people.iter().find_map(|person| match &person.stage {
            Stage::In(admitted) => Some((person.id.as_str(), admitted)),
            _ => None,
        })
    }

    fn admitted_mut(&mut self) -> Option<&mut Admitted> {
        self.people.iter_mut().find_map(|person| match &mut person.stage {
            Stage::In(admitted) => Some(admitted),
            _ => None,
        })
    }

    /// Gives the conversation to a page of the desk. `pressed`: the practitioner did something there.
    pub(crate) fn give_hold(&mut self, now: Time, conn: Conn, pressed: bool, out: &mut Outcome) {
        let Some((tab, visitor)) = self.desks.get(&conn).map(|page| (page.tab.clone(), page.visitor.clone())) else { return };
        let moved = self.hold.conn != Some(conn);
        self.hold.conn = Some(conn);
        if self.hold.tab.as_ref() != Some(&tab) {
            // Another page load: it has everything switched off.
            self.desk_devices = Devices::default();
            self.hold.tab = Some(tab.clone());
        }
        if pressed || self.hold.home.is_none() || self.admitted().is_none() {
            self.hold.home = Some(tab);
        }
        self.speaks_now(visitor, pressed);
        if moved {
            self.seat(now, Side::Desk, out);
        }
    }

    /// A page comes into the conversation of this moment, if there is one: it gets the relay within the present epoch, or
    /// both ends start a new one.
    pub(crate) fn seat(&mut self, now: Time, side: Side, out: &mut Outcome) {
        let Some((person, _)) = self.admitted() else { return };
        let person = person.to_owned();
        let Some((conn, tab)) = self.at(side, &person) else { return };
        let Some(admitted) = self.admitted_mut() else { return };
        match admitted.seat(side, &tab) {
            Seating::Seated => out.grant(admitted.grant(side, conn, &person)),
            Seating::NewEpoch => self.begin_anew(now, out),
        }
    }

    /// A new epoch for the conversation of this moment, if there is one: both ends connect anew.
    pub(crate) fn begin_anew(&mut self, now: Time, out: &mut Outcome) {
        let Some((person, _)) = self.admitted() else { return };
        let person = person.to_owned();
        let what = Happened::Reconnected { epoch: self.next_epoch(now), desk: self.hold.home.clone() };
        self.record(out, Fact { at: seconds(now), person: Some(person.clone()), what });
        self.seat_both(&person, out);
    }

    /// Both ends of a fresh connection go to the pages that are here.
    pub(crate) fn seat_both(&mut self, person: &str, out: &mut Outcome) {
        for side in [Side::Guest, Side::Desk] {
            if let Some((conn, tab)) = self.at(side, person)
                && let Some(admitted) = self.admitted_mut()
                && admitted.seat(side, &tab) == Seating::Seated
            {
                out.grant(admitted.grant(side, conn, person));
            }
        }
    }

    /// The connected page of one side.
    fn at(&self, side: Side, person: &str) -> Option<(Conn, String)> {
        match side {
            Side::Guest => {
                let page = &self.person(person)?.page;
                Some((page.conn?, page.tab.clone()?))
            }
            Side::Desk => {
                let conn = self.hold.conn?;
                Some((conn, self.desks.get(&conn)?.tab.clone()))
            }
        }
    }
}
