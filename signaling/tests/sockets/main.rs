//! The relay and the web port on real sockets of this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod talker;

mod credentials;
mod own_line;
mod relay;
mod web_port;
