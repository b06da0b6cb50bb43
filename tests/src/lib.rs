//! The one test world: the built binary and real browsers.
//!
//! A test asks for a [`World`]: the service as an administrator starts it (free ports, data in a folder of its own,
//! the neutral page served locally), a practitioner's browser at the [`desk`] and a service user's [`phone`]. At most
//! [`world::AT_ONCE`] worlds live at once, since two browsers in a call fill a core. All that a world starts is in
//! process groups of its own and is killed when the world goes, also when the test fails.
//!
//! Pages are used as people use them: by the names of buttons and fields, taken from the same catalogue of words as
//! the pages ([`words`]). A script that runs before the page's own ([`journal`]) tells what the page did: sockets and
//! every message, connections and what arrives in them, local tracks, presses, each with the time. Media is judged by
//! what arrives (packets received, pictures decoded), never by what a sender counts.

pub mod acme_server;
pub mod addresses;
pub mod beside;
pub mod browser;
pub mod coturn;
pub mod desk;
pub mod driver;
pub mod folder;
pub mod guest_line;
pub mod in_between;
pub mod journal;
pub mod network;
pub mod neutral;
pub mod own_network;
pub mod phone;
pub mod planted;
pub mod portrait;
pub mod ports;
pub mod process;
pub mod profile;
pub mod sealing;
pub mod service;
pub mod sound_card;
pub mod stand_in;
pub mod talker;
pub mod talking;
pub mod talks;
pub mod visitor;
pub mod words;
pub mod work_provider;
pub mod world;

/// The number on the page for finished links (from the range kept free for fiction).
pub const NUMBER: &str = "01632 960 001";
