//! The built binary over real sockets: start, sign-in, contacts, links, bad input, headers, sockets. See [`world`].

mod contacts;
mod inputs;
mod pages;
mod sign_in;
mod sockets;
mod start;
mod world;
