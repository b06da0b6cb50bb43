//! What is done with any bytes at all, one function for each way in from outside. cargo-fuzz feeds them (`tests/fuzz`), and a
//! plain test feeds them again with all that was found worth keeping. Each panics where something is wrong: not only where the
//! code under test does, but where it lets pass what it mustn't. What must never pass is said in each module.
//!
//! None of our code is unsafe (`unsafe_code = "forbid"`), so the targets are built without a sanitizer: a panic, an overflow, a
//! broken promise or a hang is all there is to find, and they run several times as often in the same hour.

mod bytes;
#[cfg(feature = "service")]
pub mod configuration;
pub mod messages;
pub mod relay;
pub mod room;
pub mod seeds;
pub mod signals;
pub mod stream;
#[cfg(feature = "service")]
pub mod tokens;

/// Each target by its name, as `fuzz/Cargo.toml` has it.
pub const TARGETS: &[(&str, fn(&[u8]))] = &[
    ("relay", relay::play),
    ("stream", stream::cut),
    ("messages", messages::read),
    ("signals", signals::clean),
    ("room", room::play),
    #[cfg(feature = "service")]
    ("tokens", tokens::read),
    #[cfg(feature = "service")]
    ("configuration", configuration::read),
];
