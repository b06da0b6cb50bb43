//! The messages between the pages and the service: each declared once, one enum per direction.
//!
//! * [`guest`]: the service user's page and the service, over one WebSocket.
//! * [`desk`]: the practitioner's page and the service, over one WebSocket.
//! * [`api_tokens`], [`hands`], [`hours`], [`http`], [`keeping`], [`pages`], [`plan`], [`record`], [`sending`] and [`audit`]: bodies of the HTTP interface.
//!
//! The browser's types (`web-client/parts/protocol.d.ts`) are generated from these by a test.
//!
//! Rules that hold for every message:
//! * JSON text frames of at most [`MAX_FRAME`] bytes; the field `type` names the message.
//! * An unknown `type` or field is refused by the service with [`Code::BadMessage`], and ignored by a page.
//! * Points in time are whole seconds since 1970-01-01 UTC; integers fit 32 bits.
//! * A person is named by the id the service gave them. Who *sends* is never in a message: it is known from the connection.

pub mod api_tokens;
pub mod audit;
mod bounded;
pub mod desk;
pub mod guest;
pub mod hands;
pub mod hours;
pub mod http;
pub mod keeping;
pub mod pages;
pub mod plan;
pub mod planning;
pub mod programs;
pub mod record;
pub mod rights;
pub mod sending;
pub mod shared;
pub mod transcript;

pub use shared::*;

/// The version both sides speak. A page that says another one is told to load itself again.
pub const PROTOCOL: u32 = 3;

/// The largest frame in bytes. Larger: some SDP with many codecs would need splitting no more; smaller: it would not fit.
pub const MAX_FRAME: usize = 64 * 1024;

/// The longest text of one message, in bytes of its sealed body: a third longer than what was typed.
pub const MAX_BODY: usize = 8 * 1024;

/// The longest session description, in bytes.
pub const MAX_SDP: usize = 32 * 1024;

/// The longest ICE candidate line, in bytes.
pub const MAX_CANDIDATE: usize = 1024;

/// The longest id made by a page (messages, tabs), in bytes; letters, digits, `-` and `_` only.
pub const MAX_ID: usize = 40;

/// The longest field of [`Seal`], and the longest tag, in bytes: a public key of P-256 has 87 in base64url.
pub const MAX_TAG: usize = 100;

/// Seconds between two `beat` messages of the service. Each is answered by the page with its own.
pub const BEAT: u32 = 4;

/// Seconds without any frame after which a side takes the socket for lost and closes it.
/// Longer: a loss is shown late on the desk (10 seconds are promised). Shorter: a phone on a slow network looks lost.
pub const SILENCE: u32 = 9;

#[cfg(test)]
mod generated;
