//! Everything that needs a real browser. `tests/run --fast` leaves this module out by its name.

mod in_browsers {
    mod control;
}
