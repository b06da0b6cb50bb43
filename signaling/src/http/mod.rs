//! The HTTP interface: pages, assets and `/api`, one file per resource. What goes on in sockets is in [`crate::connection`].
//!
//! GET and HEAD never change anything but when a sign-in was last used; but who comes back from the provider of work accounts signs in by
//! one. Everything else is taken from our own pages only (Origin), in bodies of a bounded size, and refused with a problem that carries a
//! stable code.

mod api_tokens;
mod assets;
mod audit;
mod body;
mod calendar;
mod clients;
mod codes;
mod contact_records;
mod contacts;
mod details;
mod document;
mod guests;
mod hands;
mod headers;
mod health;
mod holds;
mod hours;
mod invitees;
mod keeping;
mod members;
mod messages;
mod modules;
mod origins;
mod page_words;
mod pages;
mod path;
mod people;
mod planning;
mod plans;
mod program_reads;
mod programs;
mod releases;
mod rights;
mod second_factor;
mod sign_in;
mod site;
mod sockets;
mod still;
mod subject;
mod team;
mod teams;
mod template;
mod transcripts;
mod usage;
mod wordings;
mod work_account;

pub use codes::Codes;
pub use document::document;
pub(crate) use headers::{ALWAYS, ONLY_TLS, UNLESS_SAID};
pub use origins::Origins;
pub use pages::Pages;
pub use programs::Limits as ProgramLimits;

use crate::anchor::Sent;
use crate::case_system::Press;
use crate::error::{BAD_METHOD, NOT_FOUND, Refusal};
use crate::live::Hub;
use crate::live::limits::{Guesses, Limit};
use crate::oidc::WorkAccounts;
use crate::proxies::Proxies;
use crate::records::Records;
use crate::retention::Told;
use crate::sending::Sending;
use crate::staff::Staff;
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
    /// The proxies whose word on a client's address is taken.
    pub proxies: Proxies,
    /// Dead links that were pressed.
    pub dead_links: Guesses,
    /// Sign-in cookies that are none.
    pub strange_cookies: Guesses,
    /// What programs ask by tokens.
    pub programs: ProgramLimits,
    pub codes: Codes,
    /// What a practitioner plans and changes, by member of staff.
    pub changes: Limit,
    /// How long things are kept, and how far the sweep has come.
    pub keeping: Told,
    /// How the audit's head gets out of this machine.
    pub anchored: Sent,
    /// Tells that a record is to go to the case system. None: there is none.
    pub case_system: Option<Press>,
    pub sending: Sending,
    /// None: nobody signs in by a work account.
    pub work_accounts: Option<WorkAccounts>,
}

impl Service {
    /// The limit on dead links. A link has 128 bits and is looked up in any case, so this keeps nobody from guessing, which is hopeless:
    /// it tells a robot to slow down, and the operator that there is one.
    pub fn dead_link_limit() -> Guesses {
        let by_client = Limit::new(30, Duration::from_secs(6), 20_000);
        Guesses::new("dead links", by_client, Limit::new(20_000, Duration::from_millis(5), 1))
    }

    /// The limit on sign-in cookies that are none: 256 bits, so the same holds.
    pub fn strange_cookie_limit() -> Guesses {
        let by_client = Limit::new(60, Duration::from_secs(1), 20_000);
        Guesses::new("cookies of nobody", by_client, Limit::new(20_000, Duration::from_millis(5), 1))
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
    "/admin" => get pages::admin;
    "/assets/{hash}/{*path}" => get assets::asset;
    "/healthz" => get health::alive;
    "/readyz" => get health::ready;
    "/api/openapi.json" => get document::show;
    "/api/redeem" => post guests::redeem;
    "/api/leave" => post guests::leave;
    "/api/staff/first-link" => post sign_in::first_link;
    "/api/staff/first" => post sign_in::first;
    "/api/staff/sign-in" => post sign_in::sign_in;
    "/api/staff/work-account" => get work_account::show, post work_account::begin;
    "/api/staff/work-account/code" => post work_account::code;
    "/api/staff/work-account/ended" => post work_account::ended;
    "/sign-in/back" => get work_account::back;
    "/api/staff/sign-out" => post sign_in::sign_out;
    "/api/staff/me" => get sign_in::me, patch sign_in::settings;
    "/api/staff/second-factor" =>
        get second_factor::show, post second_factor::begin, put second_factor::confirm, delete second_factor::end;
    "/api/staff/second-factor/codes" => post second_factor::renew;
    "/api/staff/sessions" => get sign_in::sessions, delete sign_in::end_other_sessions;
    "/api/staff/sessions/{id}" => delete sign_in::end_session;
    "/api/hours" => get hours::show, put hours::change;
    "/api/contacts" => get contacts::list, post contacts::plan;
    "/api/contacts/{id}" => put contacts::change;
    "/api/contacts/{id}/time" => put planning::move_to;
    "/api/contacts/{id}/cancel" => post planning::cancel;
    "/api/contacts/{id}/calendar" => get calendar::one;
    "/api/calendar" => get calendar::between;
    "/api/contacts/{id}/help" => put contacts::help;
    "/api/contacts/{id}/invitation" => put contacts::invite, delete contacts::revoke;
    "/api/contacts/{id}/people" => post invitees::invite;
    "/api/contacts/{id}/people/{person}" => delete invitees::revoke;
    "/api/contacts/{id}/qr" => post contacts::draw;
    "/api/contacts/{id}/record" => get contact_records::show, put contact_records::save;
    "/api/contacts/{id}/record/copied" => put contact_records::copied, delete contact_records::not_copied;
    "/api/contacts/{id}/record/send" => post contact_records::send;
    "/api/contacts/{id}/record/send/arrived" => post contact_records::arrived;
    "/api/contacts/{id}/record/release" => put releases::release, delete releases::withdraw;
    "/api/contacts/{id}/typed" => put transcripts::switch;
    "/api/contacts/{id}/typed/ask" => post transcripts::ask;
    "/api/contacts/{id}/transcript" => get transcripts::show, put transcripts::keep, delete transcripts::delete;
    "/api/contacts/{id}/hand-over" => post hands::hand_over;
    "/api/contacts/{id}/asked/{staff}" => put hands::ask, delete hands::release;
    "/api/contacts/{id}/cover" => put hands::cover, delete hands::end_cover;
    "/api/colleagues" => get hands::colleagues;
    "/api/records" => get contact_records::unfinished;
    "/api/contacts/{id}/messages" => get messages::list;
    "/api/contacts/{id}/messages/{message}" => put messages::send, delete messages::settle;
    "/api/wordings" => get wordings::show, put wordings::change;
    "/api/pages" => get page_words::show, put page_words::change, delete page_words::undo;
    "/api/pages/preview" => get page_words::preview;
    "/api/retention" => get keeping::show, put keeping::choose, delete keeping::undo;
    "/api/retention/preview" => post keeping::preview;
    "/api/retention/receipts/{number}" => get keeping::receipt;
    "/api/holds" => get holds::list, post holds::hold;
    "/api/holds/mine" => get holds::mine;
    "/api/holds/{id}" => delete holds::release;
    "/api/team/contacts" => get team::contacts;
    "/api/audit" => get audit::list;
    "/api/audit/chain" => get audit::chain;
    "/api/members" => get members::list, post members::invite;
    "/api/members/import" => post members::import;
    "/api/members/{id}" => put members::change;
    "/api/members/{id}/disabled" => put members::disable, delete members::enable;
    "/api/members/{id}/reset" => post members::reset;
    "/api/invited/{id}" => delete members::withdraw;
    "/api/teams" => post teams::add;
    "/api/teams/{id}" => put teams::rename, delete teams::remove;
    "/api/usage" => get usage::show;
    "/api/tokens" => get api_tokens::list, post api_tokens::make;
    "/api/tokens/{id}" => delete api_tokens::revoke;
    "/api/programs/contacts" => get program_reads::contacts;
    "/api/programs/records" => get program_reads::records;
    "/api/programs/records/{id}" => get program_reads::record;
    "/api/programs/records/{id}/taken" => post program_reads::taken;
    "/api/programs/call" => post program_reads::call;
    "/api/people" => get people::list, post people::add;
    "/api/people/{id}/copy" => post subject::copy;
    "/api/people/{id}/erasure" => get subject::preview, post subject::erase;
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
        .layer(axum::middleware::from_fn_with_state(app.clone(), clients::count))
        .layer(axum::middleware::from_fn_with_state(app.clone(), origins::check))
        .layer(axum::middleware::from_fn_with_state(app.clone(), programs::gate))
        .layer(axum::middleware::from_fn_with_state(app.clone(), clients::believe))
        .layer(axum::middleware::from_fn_with_state(app.clone(), headers::finish))
        .with_state(app)
}

/// What a handler answers.
type Answer<T> = Result<T, Refusal>;
