//! The rooms in use. At most one task has a contact's room at a time: it leaves the map, under the map's lock, before it ends.

use super::{ANSWER, Hub, Shared, lock};
use crate::room_task::{self, Ask, Mailbox};
use std::sync::{Arc, atomic::Ordering};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

impl Hub {
    /// The room of a contact; its task is started if it isn't in use. None while the service stops.
    pub(super) fn room(&self, contact: &str) -> Option<Mailbox> {
        if self.shared.stopping.load(Ordering::SeqCst) {
            return None;
        }
        let mut rooms = lock(&self.shared.rooms);
        if let Some(room) = rooms.get(contact).filter(|room| !room.gone()) {
            return Some(room.clone());
        }
        let room = room_task::start(&self.shared, contact);
        rooms.insert(contact.to_owned(), room.clone());
        Some(room)
    }

    /// Puts an ask into the room's mailbox. None: the service stops, or the room is stuck.
    pub(crate) async fn ask(&self, contact: &str, mut ask: Ask) -> Option<Mailbox> {
        loop {
            let room = self.room(contact)?;
            match room.tell(ask).await {
                Ok(()) => return Some(room),
                // It ended between being found and being told: there will be another.
                Err(again) if room.gone() => ask = again,
                Err(_stuck) => return None,
            }
        }
    }

    /// Stops the task of a contact's room, if it has one. False: it is stuck.
    pub(super) async fn stop_room(&self, contact: &str) -> bool {
        let Some(room) = lock(&self.shared.rooms).get(contact).cloned() else { return true };
        let (done, stopped) = oneshot::channel();
        match room.tell(Ask::Stop { done }).await {
            // Answered, or dropped by a task that has ended.
            Ok(()) => timeout(ANSWER, stopped).await.is_ok(),
            Err(_) => room.gone(),
        }
    }
}

impl Shared {
    /// A task whose room nobody uses wants to end. False: somebody has just asked it something.
    pub(crate) fn retire(self: &Arc<Self>, contact: &str, mailbox: &Mailbox, inbox: &mut mpsc::Receiver<Ask>) -> bool {
        let mut rooms = lock(&self.rooms);
        if !inbox.is_empty() {
            return false;
        }
        inbox.close();
        if rooms.get(contact).is_some_and(|room| room.same(mailbox)) {
            rooms.remove(contact);
        }
        true
    }

    /// A task ends.
    pub(crate) fn forget_room(&self, contact: &str, mailbox: &Mailbox) {
        let mut rooms = lock(&self.rooms);
        if rooms.get(contact).is_some_and(|room| room.same(mailbox)) {
            rooms.remove(contact);
        }
    }
}
