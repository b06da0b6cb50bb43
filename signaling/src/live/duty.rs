//! Supervisors on duty, and the alarms that are with them.
//!
//! On duty is who has switched it on and has a page of the desk connected, and nobody else: where the last page goes, whatever
//! for, the duty goes with it, and the page says it again when it comes back. All of this may be lost with the process: rooms tell
//! anew what is with the supervisors when they are read again.

use super::{ChangeRefused, Hub, Shared, desks::Desk, lock};
use crate::room_task::Change;
use sidelight_protocol::{
    Code,
    audit::Audited,
    desk::{HandedAlarm, Supervised, ToDesk},
};
use sidelight_room::{Conn, room::seconds};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Supervision {
    /// Staff ids.
    on_duty: BTreeSet<String>,
    /// By contact.
    handed: BTreeMap<String, OfContact>,
}

/// The alarms of one contact that are with the supervisors.
struct OfContact {
    owner: String,
    practitioner: String,
    alarms: Vec<HandedAlarm>,
}

/// What a page was told last of all this.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Told {
    on: bool,
    others: bool,
    alarms: Vec<Supervised>,
}

impl Supervision {
    /// An alarm in somebody's own contact stands on their desk already.
    fn seen_by(&self, staff: &str) -> Told {
        let on = self.on_duty.contains(staff);
        let others = self.on_duty.iter().any(|other| other != staff);
        let shown = self.handed.iter().filter(|(_, one)| on && one.owner != staff);
        let mut alarms: Vec<Supervised> = shown.flat_map(|(contact, one)| one.supervised(contact)).collect();
        alarms.sort_by_key(|one| one.alarm.since);
        Told { on, others, alarms }
    }
}

impl OfContact {
    fn supervised(&self, contact: &str) -> impl Iterator<Item = Supervised> {
        let supervised =
            |alarm: &HandedAlarm| Supervised { contact: contact.to_owned(), practitioner: self.practitioner.clone(), alarm: alarm.clone() };
        self.alarms.iter().map(supervised)
    }
}

impl Shared {
    /// These are all alarms of a contact that are with the supervisors now. `practitioner`: the name of its member of staff.
    pub(crate) fn supervise(&self, contact: &str, owner: &str, practitioner: &str, alarms: Vec<HandedAlarm>) {
        // Held while pages are told, so that none is told an older state last.
        let mut supervision = lock(&self.supervision);
        if alarms.is_empty() {
            if supervision.handed.remove(contact).is_none() {
                return;
            }
        } else {
            let (owner, practitioner) = (owner.to_owned(), practitioner.to_owned());
            supervision.handed.insert(contact.to_owned(), OfContact { owner, practitioner, alarms });
        }
        self.tell_of(&supervision);
    }

    /// Tells every page what has changed for it. Whoever isn't a supervisor learns only whether one is on duty.
    fn tell_of(&self, supervision: &Supervision) {
        for desk in lock(&self.desks).values_mut() {
            tell(desk, supervision.seen_by(&desk.who.staff));
        }
    }
}

fn tell(desk: &mut Desk, now: Told) {
    let before = desk.told.replace(now.clone());
    let Told { on, others, alarms } = now;
    if before.as_ref().is_none_or(|before| (before.on, before.others) != (on, others)) {
        desk.outbox.send(&ToDesk::Duty { on, others });
    }
    if desk.who.supervises() && before.is_none_or(|before| before.alarms != alarms) {
        desk.outbox.send(&ToDesk::Supervised { alarms });
    }
}

impl Hub {
    /// A page has come: it is told all of it.
    pub(super) fn tell_duty(&self, conn: Conn) {
        let supervision = lock(&self.shared.supervision);
        if let Some(desk) = lock(&self.shared.desks).get_mut(&conn) {
            let seen = supervision.seen_by(&desk.who.staff);
            tell(desk, seen);
        }
    }

    /// Written down before it holds; where it can't be, it stays as it was.
    pub(crate) async fn switch_duty(&self, conn: Conn, on: bool) -> Result<(), Code> {
        let who = lock(&self.shared.desks).get(&conn).map(|desk| desk.who.clone()).ok_or(Code::Unknown)?;
        if !who.supervises() {
            return Err(Code::NotNow);
        }
        if lock(&self.shared.supervision).on_duty.contains(&who.staff) == on {
            return Ok(());
        }
        self.audit_duty(&who.staff, on).await.map_err(|()| Code::NotKept)?;
        let mut supervision = lock(&self.shared.supervision);
        if on {
            supervision.on_duty.insert(who.staff);
        } else {
            supervision.on_duty.remove(&who.staff);
        }
        self.shared.tell_of(&supervision);
        Ok(())
    }

    /// A page of this member of staff has gone. With the last of them goes the duty at once: nobody is there. Whether it did.
    pub(super) fn duty_without_page(&self, staff: &str) -> bool {
        let mut supervision = lock(&self.shared.supervision);
        if lock(&self.shared.desks).values().any(|desk| desk.who.staff == staff) || !supervision.on_duty.remove(staff) {
            return false;
        }
        self.shared.tell_of(&supervision);
        true
    }

    /// Where even that can't be written down, the log says so.
    pub(super) async fn note_off_duty(&self, staff: &str) {
        let _told_in_the_log = self.audit_duty(staff, false).await;
    }

    /// "I have it": an alarm that stands before this supervisor on duty.
    pub(crate) async fn take_alarm(&self, conn: Conn, contact: &str, person: &str) -> Result<(), Code> {
        let who = lock(&self.shared.desks).get(&conn).map(|desk| desk.who.clone()).ok_or(Code::Unknown)?;
        let seen = lock(&self.shared.supervision).seen_by(&who.staff);
        if !who.supervises() || !seen.alarms.iter().any(|one| one.contact == contact && one.alarm.person == person) {
            return Err(Code::NotNow);
        }
        let change = Change::TakeAlarm { person: person.into(), by: who.name, staff: who.staff };
        self.change(contact, change).await.map_err(|refused| match refused {
            ChangeRefused::NotKept => Code::NotKept,
            ChangeRefused::Unknown
            | ChangeRefused::Ended
            | ChangeRefused::TooMany
            | ChangeRefused::TooLate
            | ChangeRefused::NoLink
            | ChangeRefused::NoAlarm
            | ChangeRefused::SomebodyThere
            | ChangeRefused::TypedAlready
            | ChangeRefused::NotAllHere
            | ChangeRefused::NotNow => Code::NotNow,
        })
    }

    async fn audit_duty(&self, staff: &str, on: bool) -> Result<(), ()> {
        let what = if on { Audited::DutyOn } else { Audited::DutyOff };
        let now = seconds(self.shared.clock.now());
        self.shared.records.audit(now, staff, what).await.map_err(|error| tracing::error!(%error, "who is on duty can't be written down"))
    }
}
