//! The service: pages, signalling, relay and records in one process.

pub mod command_line;
pub mod config;
pub mod connection;
pub mod error;
pub mod http;
pub mod listener;
pub mod live;
mod random;
pub mod records;
pub mod relay;
mod room_task;
pub mod serve;
pub mod staff;
pub mod time;
pub mod tokens;
