//! Whose pages may be in the room: asked about as they come, and looked after while they are there.

use super::{Done, Replies, RoomTask};
use crate::connection::SignedIn;
use crate::records::{RecordsError, Result};
use crate::rights::standing;
use crate::time::now;
use sidelight_room::rights::{Deed, Part};
use sidelight_room::visiting::goes_by;
use sidelight_room::{Conn, Input, Visitor};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is asked again whether visitors may still be there: a cover ends, a team is left. Longer: they see for longer what isn't
/// theirs any more; a second is promised. Shorter: the records are read for nothing.
pub(super) const LOOK: Duration = Duration::from_millis(500);

impl RoomTask {
    /// Whether it is theirs to open; and how they take part, where it isn't their own.
    async fn may_open(&self, who: &SignedIn) -> Result<Option<Option<Part>>> {
        standing(&self.shared.records, who.member(), Deed::Open, &self.owner, &self.contact, now()).await
    }

    /// What the room is told of a page that comes. None: it is nothing of theirs.
    pub(super) async fn page(&self, conn: Conn, tab: String, who: &SignedIn) -> Option<Input> {
        match self.may_open(who).await {
            Ok(Some(None)) => Some(Input::DeskConnect { conn, tab }),
            Ok(Some(Some(part))) => {
                let visitor = Visitor { staff: who.staff.clone(), goes_by: goes_by(&who.name), part };
                Some(Input::VisitorConnect { conn, tab, visitor })
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(%error, "whose a contact is can't be read");
                None
            }
        }
    }

    /// When visitors are to be looked after next. None: there are none.
    pub(super) fn next_look(&self) -> Option<Instant> {
        self.visits().then_some(self.looked + LOOK)
    }

    fn visits(&self) -> bool {
        self.desks.values().any(|who| who.staff != self.owner) || self.room.visitor().is_some()
    }

    /// Reads anew in whose hands it is. Whoever may not open it any more is out of it when this returns.
    pub(super) async fn look_at_hands(&mut self) -> Done {
        let planned = match self.shared.records.contact(&self.contact).await {
            Ok(Some(planned)) => planned,
            Ok(None) | Err(RecordsError::Missing) => return Done::Unsure,
            Err(error) => return self.unreadable(&error),
        };
        if planned.owner != self.owner {
            let before = std::mem::replace(&mut self.owner, planned.owner.clone());
            if self.out_of_it(&before, None).await != Done::Yes {
                return Done::Unsure;
            }
            // Whoever took part before has it now: as their own.
            let now_own = planned.owner.clone();
            if self.out_of_it(&now_own, Some(now_own.clone())).await != Done::Yes {
                return Done::Unsure;
            }
            if self.step(Input::DetailsChanged { details: planned.details.clone() }, Replies::default()).await == Done::Unsure {
                return Done::Unsure;
            }
        }
        let done = self.look_after_visitors().await;
        if done != Done::Yes {
            return done;
        }
        match self.shared.records.hands(&planned, now()).await {
            Ok(hands) => {
                self.practitioner.clone_from(&hands.owner);
                self.shared.supervise(&self.contact, &self.owner, &self.practitioner, self.room.handed());
                self.step(Input::Hands { hands }, Replies::default()).await
            }
            Err(error) => self.unreadable(&error),
        }
    }

    /// Whoever visits and may not any more is out of it when this returns; also where nobody can tell.
    pub(super) async fn look_after_visitors(&mut self) -> Done {
        self.looked = Instant::now();
        let mut visitors: BTreeSet<String> = BTreeSet::new();
        let mut lost: BTreeSet<String> = BTreeSet::new();
        for who in self.desks.values().filter(|who| who.staff != self.owner) {
            if visitors.insert(who.staff.clone()) && !matches!(self.may_open(who).await, Ok(Some(_))) {
                lost.insert(who.staff.clone());
            }
        }
        // Who has the conversation, and no page just now.
        if let Some(away) = self.room.visitor().filter(|staff| !visitors.contains(*staff))
            && !matches!(self.member_may_open(away).await, Ok(true))
        {
            lost.insert(away.to_owned());
        }
        for staff in &lost {
            if self.out_of_it(staff, Some(staff.clone())).await != Done::Yes {
                return Done::Unsure;
            }
        }
        if lost.is_empty() {
            return Done::Yes;
        }
        // Those who stay are told who is left.
        match self.shared.records.contact(&self.contact).await {
            Ok(Some(planned)) => match self.shared.records.hands(&planned, now()).await {
                Ok(hands) => self.step(Input::Hands { hands }, Replies::default()).await,
                Err(error) => self.unreadable(&error),
            },
            Ok(None) => Done::Unsure,
            Err(error) => self.unreadable(&error),
        }
    }

    async fn member_may_open(&self, staff: &str) -> Result<bool> {
        let listed = self.shared.records.member_by_id(staff).await?;
        let who = crate::rights::Member { id: staff, roles: &listed.member.roles };
        let may = standing(&self.shared.records, who, Deed::Open, &self.owner, &self.contact, now()).await?;
        Ok(listed.disabled.is_none() && may.is_some())
    }

    /// `visitor`: their staff id, where they visited. Not [`Done::Yes`]: the room has to be given up, so that nobody stays in it.
    async fn out_of_it(&mut self, staff: &str, visitor: Option<String>) -> Done {
        let pages: Vec<Conn> = self.desks.iter().filter(|(_, who)| who.staff == staff).map(|(conn, _)| *conn).collect();
        let done = self.step(Input::NotTheirs { staff: visitor }, Replies::default()).await;
        for conn in pages {
            self.outboxes.remove(&conn);
            self.desks.remove(&conn);
            self.shared.take_from(conn, &self.contact);
        }
        done
    }

    fn unreadable(&self, error: &RecordsError) -> Done {
        tracing::error!(%error, "whose a contact is can't be read");
        Done::Unsure
    }
}
