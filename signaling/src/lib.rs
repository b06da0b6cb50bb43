//! The service: pages, signalling, relay and records in one process.

// A test that meets the unexpected stops there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod anchor;
pub mod browser_kind;
pub mod case_system;
pub mod command_line;
pub mod config;
pub mod connection;
pub mod doctor;
pub mod error;
pub mod http;
pub mod https;
mod link;
pub mod listener;
pub mod live;
pub mod metrics;
pub mod oidc;
pub mod page_words;
pub mod planning;
pub mod proxies;
mod qr;
mod random;
pub mod records;
pub mod relay;
pub mod retention;
pub mod rights;
mod room_task;
pub mod sending;
pub mod serve;
pub mod staff;
mod subject_copy;
mod telling;
pub mod time;
pub mod tls;
pub mod tokens;
