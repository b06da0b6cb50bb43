//! The HTTP interface: pages, assets and `/api`, one file per resource. What goes on in sockets is in [`crate::connection`].
//!
//! GET and HEAD never change anything but when a sign-in was last used. Everything else is taken from our own pages only
//! (Origin), in bodies of a bounded size, and refused with a problem that carries a stable code.

mod assets;
mod audit;
mod body;
mod codes;
mod contacts;
mod details;
mod guests;
mod headers;
mod health;
mod modules;
mod origins;
mod pages;
mod path;
mod people;
mod plans;
mod second_factor;
mod sign_in;
mod site;
mod sockets;
mod template;

pub use codes::Codes;
pub use origins::Origins;
pub use pages::Pages;

use crate::error::{BAD_METHOD, NOT_FOUND, Refusal};
use crate::live::Hub;
use crate::records::Records;
use crate::staff::{Staff, limits::Limit};
use crate::tokens::Tokens;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, delete, get, post, put};
use std::sync::Arc;
use std::time::Duration;

/// The largest body. The longest contact is far below.
const BODY: usize = 32 * 1024;

/// What the handlers work with.
pub struct Service {
    pub records: Records,
    pub staff: Staff,
    pub hub: Hub,
    pub tokens: Arc<Tokens>,
    pub pages: Pages,
    pub origins: Origins,
    /// Whether browsers are told to come by TLS alone from now on (HSTS).
    pub only_tls: bool,
    /// Dead links pressed, by address.
    pub redeems: Limit,
    pub codes: Codes,
    /// What a practitioner plans and changes, by member of staff.
    pub changes: Limit,
}

impl Service {
    /// The limit on dead links: a household or a mobile network shares an address, and a link has 128 bits, so that this only
    /// keeps guessers from working the disk.
    pub fn redeem_limit() -> Limit {
        Limit::new(30, Duration::from_secs(6), 20_000)
    }

    /// Far more than anybody does in a day's work, so that a script gone wild doesn't fill the disk.
    pub fn change_limit() -> Limit {
        Limit::new(300, Duration::from_secs(2), 20_000)
    }
}

type App = Arc<Service>;

/// Makes the router and a list of what it routes of one table, so that a test can hold each to what was decided about it.
macro_rules! routes {
    ($($path:literal => $first:ident $handler:path $(, $method:ident $more:path)*;)+) => {
        /// Method and path of everything that is served; `any` for every method.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($first), $path), $((stringify!($method), $path),)*)+];

        fn routed() -> Router<App> {
            Router::new()$(.route($path, $first($handler)$(.$method($more))*))+
        }
    };
}

// A new one needs its row in tests/http/insider.rs: who may, and who may not.
routes! {
    "/" => get pages::join;
    "/desk" => get pages::desk;
    "/assets/{hash}/{*path}" => get assets::asset;
    "/healthz" => get health::alive;
    "/readyz" => get health::ready;
    "/api/redeem" => post guests::redeem;
    "/api/leave" => post guests::leave;
    "/api/staff/first-link" => post sign_in::first_link;
    "/api/staff/first" => post sign_in::first;
    "/api/staff/sign-in" => post sign_in::sign_in;
    "/api/staff/sign-out" => post sign_in::sign_out;
    "/api/staff/me" => get sign_in::me, patch sign_in::settings;
    "/api/staff/second-factor" =>
        get second_factor::show, post second_factor::begin, put second_factor::confirm, delete second_factor::end;
    "/api/staff/sessions" => get sign_in::sessions, delete sign_in::end_other_sessions;
    "/api/staff/sessions/{id}" => delete sign_in::end_session;
    "/api/contacts" => get contacts::list, post contacts::plan;
    "/api/contacts/{id}" => put contacts::change;
    "/api/contacts/{id}/help" => put contacts::help;
    "/api/contacts/{id}/invitation" => put contacts::invite, delete contacts::revoke;
    "/api/contacts/{id}/qr" => post contacts::draw;
    "/api/audit" => get audit::list;
    "/api/people" => get people::list, post people::add;
    "/api/people/{id}/override" => post people::allow, delete people::withdraw;
    "/api/people/{id}" => get people::one, put people::change, delete people::erase;
    "/ws/guest" => any sockets::guest;
    "/ws/desk" => any sockets::desk;
}

/// Everything that is served.
pub fn router(service: Service) -> Router {
    let app: App = Arc::new(service);
    routed()
        .fallback(async || NOT_FOUND)
        .method_not_allowed_fallback(async || BAD_METHOD)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(axum::middleware::from_fn_with_state(app.clone(), origins::check))
        .layer(axum::middleware::from_fn_with_state(app.clone(), headers::finish))
        .with_state(app)
}

/// What a handler answers.
type Answer<T> = Result<T, Refusal>;
