//! The rules of a contact, pure: no clock, no randomness, no input or output.

pub mod fact;

pub use fact::{Fact, Happened};
