//! Sign-ins that have ended, whoever ended them: their pages' sockets are closed, and what they were given of the relay with them.
//!
//! What is ended by a request here is told at once. What another process ends, such as `sidelight staff disable`, stands in the
//! records, which are looked at several times a second.

use super::{Hub, lock};
use crate::records::Ended;
use crate::room_task::{Ask, Mailbox};
use sidelight_protocol::Bye;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often the records are looked at. More often: work for nothing. More rarely: whoever was disabled listens for longer; a
/// second is promised.
const LOOK: Duration = Duration::from_millis(250);

/// What is remembered, for pages that were on their way in. A page has seconds to say hello, so that even a morning on which a
/// whole office signs out is remembered for long enough.
const REMEMBERED: usize = 1000;

impl Hub {
    /// Ends what is told in the records from now on, after the one of this number.
    pub(crate) async fn follow_ended(self, mut last: i64) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            ticks.tick().await;
            match self.shared.records.ended_after(last).await {
                Ok(ended) => {
                    failing = false;
                    for (number, ended) in ended {
                        last = number;
                        self.close(ended).await;
                    }
                }
                Err(error) => {
                    if !failing {
                        tracing::error!(%error, "who was signed out elsewhere can't be read");
                    }
                    failing = true;
                }
            }
        }
    }

    /// Closes the desk sockets of one sign-in that has ended (sign-out, or ended from elsewhere), also those still on their way in.
    pub async fn close_sign_in(&self, sign_in: &str) {
        self.close(Ended::SignIn(sign_in.to_owned())).await;
    }

    pub(super) async fn close(&self, ended: Ended) {
        {
            let mut remembered = lock(&self.shared.ended);
            // All of a member's: those that hold are each told of too, so that whoever signs in again is let in.
            if matches!(ended, Ended::SignIn(_)) {
                if remembered.len() >= REMEMBERED {
                    remembered.pop_front();
                }
                remembered.push_back(ended.clone());
            }
        }
        for desk in lock(&self.shared.desks).values().filter(|desk| desk.who.is(&ended)) {
            desk.outbox.close(Bye::NoSession);
        }
        let rooms: Vec<Mailbox> = lock(&self.shared.rooms).values().cloned().collect();
        for room in rooms {
            let ask = Ask::SignedOut { ended: ended.clone() };
            // A room that is stuck holds nobody else up.
            tokio::spawn(async move { room.tell(ask).await.is_ok() });
        }
    }
}
