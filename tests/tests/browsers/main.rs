//! Everything that needs a real browser. `tests/run --fast` leaves this module out by its name.

mod in_browsers {
    mod about;
    mod admin;
    mod administration;
    mod asked_again;
    mod away;
    mod calendar;
    mod captures;
    mod check;
    mod codes;
    mod control;
    mod desk_cover;
    mod door;
    mod ended_quietly;
    mod exit;
    mod hands;
    mod help;
    mod hidden;
    mod journeys;
    mod keyboard;
    mod left_behind;
    mod light;
    mod local_network;
    mod outlasting;
    mod place;
    mod plans;
    mod poor_network;
    mod quiet_mode;
    mod records;
    mod relayed;
    mod restart;
    mod ringing;
    mod safe_word;
    mod screens;
    mod sealed;
    mod second_step;
    mod sending;
    mod silent_desk;
    mod stills;
    mod supervisor;
    mod traces;
    mod turns;
    mod who_is_there;
    mod windows;
    mod work_account;
}
