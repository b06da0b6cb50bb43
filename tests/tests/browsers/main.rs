//! Everything that needs a real browser. `tests/run --fast` leaves this module out by its name.

mod in_browsers {
    mod control;
    mod door;
    mod journeys;
    mod light;
    mod relayed;
    mod screens;
    mod traces;
}
