//! The service: pages, signalling, relay and records in one process.

pub mod records;
