//! What other programs are told of a contact. A token can leak, so what is told must not show who talks with whom, nor that something is
//! happening just now: until the planned end a contact is planned, whether somebody is in it, has left by the exit or never came.

use sidelight_protocol::{programs::ProgramState, record::Outcome};

/// `outcome`: none while it isn't over.
pub fn state(outcome: Option<Outcome>, ends_at: u32, now: u32) -> ProgramState {
    match outcome {
        // An empty place in a diary is of use to others before its time, and nobody was there.
        Some(Outcome::CalledOff) => ProgramState::CalledOff,
        None | Some(Outcome::Open) => ProgramState::Planned,
        Some(_) if now < ends_at => ProgramState::Planned,
        Some(Outcome::Talked) => ProgramState::Held,
        Some(Outcome::DidNotAttend) => ProgramState::DidNotAttend,
        // Somebody who came and couldn't talk ("Later") is told as one for whom no link was made.
        Some(Outcome::NoTalk | Outcome::NoLink) => ProgramState::NotHeld,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProgramState::{CalledOff, DidNotAttend, Held, NotHeld, Planned};

    const ALL: [Outcome; 6] = [Outcome::Open, Outcome::Talked, Outcome::NoTalk, Outcome::DidNotAttend, Outcome::CalledOff, Outcome::NoLink];

    #[test]
    fn until_its_planned_end_a_contact_tells_a_program_nothing_of_what_happens_in_it() {
        for outcome in ALL.into_iter().map(Some).chain([None]).filter(|outcome| *outcome != Some(Outcome::CalledOff)) {
            assert_eq!(state(outcome, 100, 99), Planned, "{outcome:?}");
        }
        let after = ALL.map(|outcome| state(Some(outcome), 100, 100));
        assert_eq!(after, [Planned, Held, NotHeld, DidNotAttend, CalledOff, NotHeld], "the control: afterwards it is told");
        assert_eq!((state(None, 100, 500), state(Some(Outcome::CalledOff), 100, 1)), (Planned, CalledOff));
    }
}
