//! The service.

pub mod listener;
pub mod relay;
