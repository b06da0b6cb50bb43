//! The relay's rules, as its clients meet them: bytes in, bytes out, and a clock that only the test moves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

mod chaos;
mod credentials;
mod delivery;
mod expiry;
mod forbidden;
mod foreign;
mod limits;
mod requests;
mod streams;
mod vectors;
