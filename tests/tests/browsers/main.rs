//! Everything that needs a real browser. `tests/run --fast` leaves this module out by its name.

mod in_browsers {
    mod control;
    mod door;
    mod exit;
    mod journeys;
    mod light;
    mod relayed;
    mod restart;
    mod safe_word;
    mod screens;
    mod traces;
}
