//! What either side sees, whole each time. The private answer stands in the desk's view alone; a service user's view holds
//! nothing of anybody else but the practitioner.

use crate::{
    guest::{GuestPage, Place},
    input::{Conn, Effect},
    outcome::Outcome,
    person::Person,
    room::{Room, seconds},
    stage::Stage,
};
use sidelight_protocol::{
    WhenHidden,
    desk::{ContactView, Held, OtherBrowser, Part, PersonStage, PersonView, ToDesk},
    guest::{GuestStage, GuestView, Kept, Over, ToGuest},
    plan::Early,
};

impl Room {
    /// What a connected page is told.
    pub(crate) fn page_view(&self, page: &GuestPage) -> Option<GuestView> {
        match page.place {
            Place::Theirs => self.guest_view(&page.person),
            Place::Moved => Some(empty(GuestStage::Over { why: Over::Moved })),
            Place::Told => Some(empty(if self.person(&page.person).is_some_and(|person| person.stage.live()) {
                GuestStage::Told
            } else {
                GuestStage::Over { why: Over::Finished }
            })),
        }
    }

    /// What a person is told of their own place. None: no such person, or their link wasn't opened.
    pub fn guest_view(&self, id: &str) -> Option<GuestView> {
        let person = self.person(id)?;
        let desk = self.hold.holder().is_some();
        let inside = person.stage.hears_the_desk();
        // What is theirs alone is told to nobody who is invited beside them: it would tell of them.
        let own = person.is_service_user();
        let interprets = person.invitee.as_ref().is_some_and(|invitee| invitee.part == Part::Interpreter);
        let stage = match &person.stage {
            Stage::NotOpened { .. } | Stage::Quiet { .. } => return None,
            Stage::Asked { .. } => GuestStage::Asked,
            Stage::Choosing { .. } => GuestStage::Choosing,
            Stage::Preparing { .. } => GuestStage::Preparing,
            Stage::Waiting(waiting) => {
                let late = self.late_at(waiting.since()) <= self.latest;
                GuestStage::Waiting { since: waiting.since(), desk, late, on_hold: waiting.on_hold() }
            }
            Stage::In(admitted) => GuestStage::In {
                since: admitted.since(),
                epoch: admitted.epoch(),
                desk,
                started: admitted.started(),
                desk_devices: self.desk_devices,
            },
            Stage::Later { .. } | Stage::Declined { .. } | Stage::Left { .. } | Stage::Ended { .. } | Stage::Revoked { .. } => {
                GuestStage::Over { why: person.stage.over()? }
            }
        };
        Some(GuestView {
            greeting: self.details.greeting.clone().filter(|_| own),
            practitioner: self.is_with(),
            starts_at: self.told_when_early(person).unwrap_or(0),
            minutes: self.details.minutes,
            ways: self.details.ways.clone(),
            waiting_words: self.details.waiting_words.clone().filter(|_| own),
            way: person.way,
            asked: person.asked.is_some(),
            who_asked: person.who.stands(),
            kept: if inside { self.typed.told(id, person.asked.is_some() || person.who.stands()) } else { Kept::No },
            when_hidden: if inside && own { self.when_hidden() } else { WhenHidden::Voice },
            rings: inside && own && self.details.rings,
            ringing: inside && self.rings_now(person),
            signing: inside && (own || interprets) && self.details.signing,
            stage,
        })
    }

    /// When the call is, for somebody who comes before. Where a plan holds, it says whether the service user is told.
    pub(crate) fn told_when_early(&self, person: &Person) -> Option<u32> {
        (!person.is_service_user() || self.details.early != Some(Early::NotTold)).then_some(self.details.starts_at)
    }

    /// As the practitioner chose it. Where they didn't, a word or a plan says that somebody may come into the room.
    fn when_hidden(&self) -> WhenHidden {
        let planned = self.details.word.is_some() || self.details.response.is_some();
        self.details.when_hidden.unwrap_or(if planned { WhenHidden::Quiet } else { WhenHidden::Voice })
    }

    /// The contact as one of the practitioner's pages sees it.
    pub fn contact_view(&self, conn: Conn) -> ContactView {
        ContactView {
            id: self.contact.clone(),
            details: self.details.clone(),
            link: self.has_link(),
            link_known: self.link_known(),
            held: match self.hold.holder() {
                Some(holder) if holder == conn => Held::Here,
                Some(_) => Held::Elsewhere,
                None => Held::Nowhere,
            },
            people: self.people.iter().filter(|person| worth_showing(person)).map(|person| self.person_view(person)).collect(),
            history: self.history.iter().cloned().collect(),
            open: self.open.clone(),
            ended: self.ended,
            hands: self.hands.clone(),
            typed: self.typed.at_the_desk(self.latest, self.ended.is_some()),
            part: self.desks.get(&conn).and_then(|page| page.visitor.as_ref()).map(|visitor| visitor.part),
        }
    }

    fn person_view(&self, person: &Person) -> PersonView {
        let stage = match person.stage {
            Stage::NotOpened { .. } if self.claims_end() <= self.latest => PersonStage::DidNotAttend,
            Stage::Asked { .. } | Stage::Choosing { .. } if !person.came => PersonStage::Opened,
            _ => person.stage.at_the_desk(),
        };
        PersonView {
            id: person.id.clone(),
            invitee: person.invitee.clone(),
            stage,
            on_hold: person.stage.on_hold(),
            since: person.stage.since(),
            answer: person.answer,
            way: person.way,
            devices: person.page.devices,
            hidden: person.page.hidden,
            covered: person.page.covered,
            quiet: person.page.quiet,
            checked: person.page.checked.map(|(checked, _)| checked),
            lost: person.page.lost.map(seconds),
            asked: person.asked,
            who: person.who.at_the_desk(),
            rung: person.rung,
            other: person.other.as_ref().map(|other| OtherBrowser {
                since: other.since,
                same_kind: other.same_kind,
                there: other.conn.is_some(),
            }),
            another: person.another,
        }
    }

    /// Tells every page whose view has changed.
    pub(crate) fn refresh(&mut self, out: &mut Outcome) {
        let guests: Vec<_> = self.guests.iter().map(|(conn, page)| (*conn, self.page_view(page))).collect();
        for (conn, view) in guests {
            if let Some(page) = self.guests.get_mut(&conn)
                && let Some(view) = view
                && page.view.as_ref() != Some(&view)
            {
                page.view = Some(view.clone());
                out.views.push(Effect::TellGuest { conn, message: ToGuest::View { view } });
            }
        }
        let desks: Vec<_> = self.desks.keys().map(|conn| (*conn, self.contact_view(*conn))).collect();
        for (conn, view) in desks {
            if let Some(page) = self.desks.get_mut(&conn)
                && page.view.as_ref() != Some(&view)
            {
                page.view = Some(view.clone());
                out.views.push(Effect::TellDesk { conn, message: ToDesk::Contact { view } });
            }
        }
        let alarms = self.handed();
        if self.supervised != alarms {
            self.supervised.clone_from(&alarms);
            out.views.push(Effect::TellSupervisors { alarms });
        }
    }
}

/// A link that was replaced before anybody opened it is a line in the history, not a person. Whoever is beside the service user is shown
/// in any case: a line says who it is about.
fn worth_showing(person: &Person) -> bool {
    !person.is_service_user() || person.session.is_some() || !matches!(person.stage, Stage::Revoked { .. })
}

/// For whom there is no more to tell than where they stand.
fn empty(stage: GuestStage) -> GuestView {
    GuestView {
        greeting: None,
        practitioner: None,
        starts_at: 0,
        minutes: 0,
        ways: Vec::new(),
        waiting_words: None,
        way: None,
        asked: false,
        who_asked: false,
        kept: Kept::No,
        when_hidden: WhenHidden::Voice,
        rings: false,
        ringing: false,
        signing: false,
        stage,
    }
}
