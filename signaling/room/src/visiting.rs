//! Those who take part in another's contact: asked in by its practitioner, or covering for them. One page holds the conversation, whoever's
//! it is ([`crate::hold`]); a visitor's gets it by a press alone where somebody is inside, and the service user is told who they are with.

use crate::{
    fact::{Fact, Happened},
    input::{Conn, Time, Visitor},
    outcome::Outcome,
    room::{Room, seconds},
};
use sidelight_protocol::hands::Hands;

impl Room {
    pub(crate) fn visitor_connect(&mut self, now: Time, conn: Conn, tab: &str, visitor: Visitor, out: &mut Outcome) {
        if !self.page_comes(conn, tab, Some(visitor), out) {
            return;
        }
        // Nobody finds themselves seen by somebody who only opened a page.
        let free = self.admitted().is_none() || self.hold.is_home_of(tab);
        if free && self.hold.open_to(tab) {
            self.give_hold(now, conn, false, out);
        }
    }

    /// What the service user is told of who they are with. Where the practitioner goes by no name, nobody does.
    pub(crate) fn is_with(&self) -> Option<String> {
        let practitioner = self.details.practitioner.clone()?;
        match &self.speaks {
            Some(visitor) => visitor.goes_by.clone(),
            None => Some(practitioner),
        }
    }

    /// A page has got the conversation. A visitor who only has a page open is nobody that the other side is with.
    pub(crate) fn speaks_now(&mut self, visitor: Option<Visitor>, pressed: bool) {
        if visitor.is_none() || pressed || self.admitted().is_some() {
            self.speaks = visitor;
        }
    }

    /// In whose hands it is, as it was read.
    pub fn is_in(&mut self, hands: Hands) {
        self.hands = hands;
    }

    /// Somebody is talked with.
    pub fn is_talking(&self) -> bool {
        self.admitted().is_some()
    }

    /// The staff id of a visitor who has the conversation.
    pub fn visitor(&self) -> Option<&str> {
        self.speaks.as_ref().map(|visitor| visitor.staff.as_str())
    }

    pub(crate) fn holder_visits(&self) -> bool {
        self.hold.holder().and_then(|conn| self.desks.get(&conn)).is_some_and(|page| page.visitor.is_some())
    }

    /// The page that has the conversation when its own has gone: its practitioner's before anybody else's.
    pub(crate) fn next_page(&self) -> Option<Conn> {
        let theirs = self.desks.iter().find(|(_, page)| page.visitor.is_none());
        theirs.or(self.desks.iter().next()).map(|(conn, _)| *conn)
    }

    /// The pages of one who lost the contact are gone; so is the conversation that they had, wherever their page is just now.
    pub(crate) fn not_theirs(&mut self, now: Time, staff: Option<&str>, out: &mut Outcome) {
        let of = |visitor: Option<&Visitor>| visitor.map(|visitor| visitor.staff.as_str()) == staff;
        let had = of(self.speaks.as_ref());
        if had && let Some((id, _)) = self.admitted() {
            let person = Some(id.to_owned());
            self.record(out, Fact { at: seconds(now), person, what: Happened::PutBack });
        }
        let pages: Vec<Conn> = self.desks.iter().filter(|(_, page)| of(page.visitor.as_ref())).map(|(conn, _)| *conn).collect();
        for conn in pages {
            if let Some(page) = self.desks.get(&conn) {
                self.hold.disown(&page.tab);
            }
            self.desk_gone(conn);
        }
        if had {
            self.speaks = None;
        }
    }
}

/// What somebody goes by to a service user, of the name that they have among staff: its first word, unless it is a title. None: it can't be
/// told, and nobody is named.
pub fn goes_by(name: &str) -> Option<String> {
    const TITLES: [&str; 9] = ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir"];
    let first = name.split_whitespace().next()?;
    let bare = first.trim_end_matches('.').to_lowercase();
    (!TITLES.contains(&bare.as_str())).then(|| first.chars().take(40).collect())
}
