//! What becomes of a message after an attempt to send it. A message is never sent again where nobody knows whether it went.

use sidelight_protocol::sending::{MessageState, NotSent};

/// How an attempt went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Whoever passes messages on has taken it.
    Taken,
    /// They certainly haven't. `again`: trying later may help.
    NotTaken { why: NotSent, again: bool },
    /// The line broke, or time was up, when they may have had it already.
    Unknown,
}

/// What they say of a message later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// They have it, which is news where that wasn't known.
    Taken,
    Delivered,
    NotDelivered,
}

/// What a message is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    pub state: MessageState,
    pub why: Option<NotSent>,
    /// For a waiting one: seconds until it is tried again.
    pub after: u32,
}

/// Seconds between the tries. Longer: a message is late after a short fault. Shorter: it gives up before a longer one is over.
const PAUSES: [u32; 5] = [30, 120, 480, 1200, 1800];

impl Now {
    fn is(state: MessageState, why: Option<NotSent>) -> Now {
        Now { state, why, after: 0 }
    }
}

/// After the attempt with this number, from 1.
pub fn after(attempt: &Attempt, tries: u32) -> Now {
    match attempt {
        Attempt::Taken => Now::is(MessageState::Sent, None),
        Attempt::Unknown => Now::is(MessageState::Unknown, None),
        Attempt::NotTaken { why, again } => {
            let pause = usize::try_from(tries.saturating_sub(1)).ok().and_then(|tried| PAUSES.get(tried)).filter(|_| *again);
            match pause {
                Some(pause) => Now { state: MessageState::Waiting, why: Some(*why), after: *pause },
                None => Now::is(MessageState::Failed, Some(*why)),
            }
        }
    }
}

/// After a report. None: it says nothing new. What was never sent can't be reported on.
pub fn reported(state: MessageState, report: Report) -> Option<Now> {
    match (state, report) {
        (MessageState::Waiting | MessageState::UnderWay | MessageState::Failed | MessageState::Delivered, _)
        | (MessageState::Sent, Report::Taken) => None,
        (MessageState::Unknown, Report::Taken) => Some(Now::is(MessageState::Sent, None)),
        (MessageState::Sent | MessageState::Unknown, Report::Delivered) => Some(Now::is(MessageState::Delivered, None)),
        (MessageState::Sent | MessageState::Unknown, Report::NotDelivered) => {
            Some(Now::is(MessageState::Failed, Some(NotSent::Undelivered)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageState::{Delivered, Failed, Sent, UnderWay, Unknown, Waiting};

    const REFUSED: Attempt = Attempt::NotTaken { why: NotSent::Refused, again: false };
    const UNREACHED: Attempt = Attempt::NotTaken { why: NotSent::Unreachable, again: true };

    #[test]
    fn only_what_was_certainly_not_taken_is_tried_again_five_times_and_then_said_plainly() {
        for tries in 0..100 {
            assert_eq!(after(&Attempt::Taken, tries).state, Sent);
            assert_eq!(after(&Attempt::Unknown, tries), Now { state: Unknown, why: None, after: 0 }, "never by itself");
            assert_eq!(after(&REFUSED, tries).state, Failed);
        }
        let pauses: Vec<(MessageState, u32)> = (1..=7).map(|tries| after(&UNREACHED, tries)).map(|now| (now.state, now.after)).collect();
        let expected = [(Waiting, 30), (Waiting, 120), (Waiting, 480), (Waiting, 1200), (Waiting, 1800), (Failed, 0), (Failed, 0)];
        assert_eq!(pauses, expected);
    }

    #[test]
    fn a_report_settles_what_was_sent_or_unknown_and_never_makes_anything_wait_again() {
        for state in [Waiting, UnderWay, Sent, Delivered, Failed, Unknown] {
            for report in [Report::Taken, Report::Delivered, Report::NotDelivered] {
                let now = reported(state, report);
                assert!(now.as_ref().is_none_or(|now| ![Waiting, UnderWay, Unknown].contains(&now.state)), "{state:?} {report:?}");
                let open = state == Unknown || (state == Sent && report != Report::Taken);
                assert_eq!(now.is_some(), open, "{state:?} {report:?}");
            }
        }
        assert_eq!(reported(Sent, Report::NotDelivered).map(|now| now.why), Some(Some(NotSent::Undelivered)));
    }
}
