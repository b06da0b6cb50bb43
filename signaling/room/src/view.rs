//! What either side sees, whole each time. The private answer stands in the desk's view alone; a service user's view holds
//! nothing of anybody else but the practitioner.

use crate::{
    input::{Conn, Effect},
    outcome::Outcome,
    person::Person,
    room::{Room, seconds},
    stage::Stage,
};
use sidelight_protocol::{
    desk::{ContactView, Held, PersonView, ToDesk},
    guest::{GuestStage, GuestView, ToGuest},
};

impl Room {
    /// What a person is told of their own place. None: no such person, or their link wasn't opened.
    pub fn guest_view(&self, id: &str) -> Option<GuestView> {
        let person = self.person(id)?;
        let desk = self.hold.holder().is_some();
        let stage = match &person.stage {
            Stage::NotOpened { .. } => return None,
            Stage::Asked { .. } => GuestStage::Asked,
            Stage::Choosing { .. } => GuestStage::Choosing,
            Stage::Preparing { .. } => GuestStage::Preparing,
            Stage::Waiting(waiting) => GuestStage::Waiting { since: waiting.since(), desk },
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
            greeting: self.details.greeting.clone(),
            practitioner: self.details.practitioner.clone(),
            starts_at: self.details.starts_at,
            minutes: self.details.minutes,
            ways: self.details.ways.clone(),
            waiting_words: self.details.waiting_words.clone(),
            way: person.way,
            stage,
        })
    }

    /// The contact as one of the practitioner's pages sees it.
    pub fn contact_view(&self, conn: Conn) -> ContactView {
        ContactView {
            id: self.contact.clone(),
            details: self.details.clone(),
            link: self.has_link(),
            held: match self.hold.holder() {
                Some(holder) if holder == conn => Held::Here,
                Some(_) => Held::Elsewhere,
                None => Held::Nowhere,
            },
            people: self.people.iter().filter(|person| worth_showing(person)).map(person_view).collect(),
            history: self.history.iter().cloned().collect(),
            ended: self.ended,
        }
    }

    /// Tells every page whose view has changed.
    pub(crate) fn refresh(&mut self, out: &mut Outcome) {
        let guests: Vec<_> = self.guests.iter().map(|(conn, page)| (*conn, self.guest_view(&page.person))).collect();
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
    }
}

/// A link that was replaced before anybody opened it is a line in the history, not a person.
fn worth_showing(person: &Person) -> bool {
    person.session.is_some() || !matches!(person.stage, Stage::Revoked { .. })
}

fn person_view(person: &Person) -> PersonView {
    PersonView {
        id: person.id.clone(),
        stage: person.stage.at_the_desk(),
        since: person.stage.since(),
        answer: person.answer,
        way: person.way,
        devices: person.page.devices,
        hidden: person.page.hidden,
        lost: person.page.lost.map(seconds),
    }
}
