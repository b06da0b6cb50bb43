//! The built binary over real sockets: start, sign-in, contacts, links, keeping, bad input, headers, sockets. See [`world`].

// A test that meets the unexpected stops there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit;
mod beside;
mod codes;
mod contacts;
mod dead_links;
mod doctor;
mod documented;
mod hands;
mod hours;
mod inputs;
mod insider;
mod keeping;
mod members;
mod metrics;
mod page_words;
mod pages;
mod people;
mod planning;
mod programs;
mod records;
mod retention;
mod rights;
mod schemathesis;
mod second_factor;
mod sending;
mod sessions;
mod sign_in;
mod sockets;
mod start;
mod subjects;
mod transcripts;
mod work_account;
mod work_provider;
mod world;
