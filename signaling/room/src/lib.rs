//! The rules of a contact, pure: no clock, no randomness, no input or output.
//!
//! A [`Room`] is the live state of one contact. It is given what happens ([`Input`]) and the time, and gives back what is to
//! be done about it, in order ([`Effect`]). It is total: whatever comes, from whomever, in whatever order, is answered with an
//! effect, a refusal or nothing, never with a panic.
//!
//! Whose safety hangs on what here:
//! * A service user who waits is told their own state and the desk's messages to them, and nothing else. [`door::Waiting`] and
//!   [`door::Admitted`] are different types, and only the latter can be told signalling or be given the relay. Access to try
//!   one's own sound and picture is a third thing: it reaches nobody else.
//! * Signalling goes out only as [`signal::Clean`], in which no address of a phone is left.
//! * What somebody is told has been written down before ([`Effect::Record`] comes first). [`Room::restore`] gives the room
//!   again from what was written down, and no more rights than it had.
//! * The private answer, and who is with them, stand in the desk's view alone.
//!
//! Where to read on: [`fact`] (what is written down), [`stage`] (where a person is), [`room`] (the rules that hold for all),
//! `guest` and `desk` (what either side may do), [`alarm`] (who has it before them), [`sending`] (what a plan lets through), [`gsm7`] (how long a text message is), [`outbox`] (what becomes of it), `who` ("Who is with you?"), [`typed`] (keeping what is typed), `visiting` (who takes part in another's contact), `view` (what either side sees), [`signal`] (what is left of signalling), [`draft`] (what its record says), [`keeping`] (what is kept for how long), [`rights`] (who may do what by their role).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod alarm;
pub mod bounds;
mod desk;
pub mod door;
pub mod draft;
pub mod fact;
pub mod gsm7;
mod guest;
mod hold;
pub mod hours;
pub mod input;
pub mod keeping;
pub mod outbox;
mod outcome;
pub mod person;
pub mod programs;
pub mod quiet;
pub mod rights;
pub mod room;
mod sdp;
pub mod sending;
pub mod signal;
pub mod stage;
pub mod typed;
pub mod usage;
mod view;
pub mod visiting;
mod who;
pub mod wrote;

#[cfg(test)]
mod tests;

pub use fact::{Fact, Happened};
pub use input::{ChangeRefused, Conn, Effect, Input, Peer, RedeemRefused, Side, Time, Visitor};
pub use room::{Present, Room};
pub use signal::Relayed;
