//! Contacts that change hands while pages are open: whoever loses one is shown it no longer, and whoever gets one is shown it at once.
//!
//! Each room looks after its own pages, and nobody is let into one without being asked about there ([`crate::room_task`]).

use super::{ANSWER, ChangeRefused, Hub, Shared, lock};
use crate::room_task::Ask;
use sidelight_protocol::desk::ToDesk;
use sidelight_room::Conn;
use tokio::sync::oneshot;
use tokio::time::timeout;

impl Hub {
    /// Whether somebody is talked with in this contact.
    pub async fn in_conversation(&self, contact: &str) -> Result<bool, ChangeRefused> {
        let (reply, answer) = oneshot::channel();
        self.ask(contact, Ask::InConversation { reply }).await.ok_or(ChangeRefused::NotKept)?;
        match timeout(ANSWER, answer).await {
            Ok(Ok(is)) => Ok(is),
            Ok(Err(_)) | Err(_) => Err(ChangeRefused::NotKept),
        }
    }

    /// Somebody else has it now, or takes part, or doesn't any more: call it when that is written down.
    pub async fn hands_changed(&self, contact: &str) {
        let (done, looked) = oneshot::channel();
        if self.ask(contact, Ask::LookAtHands { done }).await.is_some() {
            let _late = timeout(ANSWER, looked).await;
        }
        match self.shared.records.contact(contact).await {
            Ok(Some(planned)) => self.show(&planned).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a contact in other hands can't be read, and isn't shown until the page comes back"),
        }
    }
}

impl Shared {
    /// This page is shown the contact no longer.
    pub(crate) fn take_from(&self, conn: Conn, contact: &str) {
        if let Some(desk) = lock(&self.desks).get_mut(&conn)
            && desk.contacts.remove(contact).is_some()
        {
            desk.outbox.send(&ToDesk::Gone { contact: contact.to_owned() });
        }
    }
}
