//! The service: pages, signalling, relay and records in one process.

pub mod config;
pub mod connection;
pub mod listener;
pub mod live;
pub mod records;
pub mod relay;
pub mod tokens;
