//! What people would try against Sidelight, one runnable check for each way, each with a control that turns it red.
//! `docs/security-tests.md` lists them all with their results, those among them that stand beside what they test.

mod dead_links;
mod floods;
mod forgeries;
mod guesses;
mod half_open;
mod listed;
mod machine;
mod rewritten;
mod seized;
mod strangers;
mod vectors;

/// Whether everything is played at full count.
fn long() -> bool {
    std::env::var_os("SIDELIGHT_LONG").is_some()
}
mod participant;
mod stolen;
