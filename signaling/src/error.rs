//! What a request is refused with: one sentence for the person, a stable code for programs, and, for the operator, one line
//! in the log where it is the service's fault.

use crate::live::limits::Limited;
use crate::records::RecordsError;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use sidelight_protocol::http::Problem;
use sidelight_protocol::pages::OutsideNumber;
use std::borrow::Cow;

/// An answer that isn't what was asked for (RFC 9457).
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub title: Cow<'static, str>,
    pub field: Option<&'static str>,
    pub retry_after: Option<u32>,
    pub starts_at: Option<u32>,
    pub ring: Option<Vec<OutsideNumber>>,
}

impl Refusal {
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Refusal {
        Refusal { status, code, title: Cow::Borrowed(title), field: None, retry_after: None, starts_at: None, ring: None }
    }

    /// A field that is out of its bounds.
    pub fn field(code: &'static str, field: &'static str, title: impl Into<Cow<'static, str>>) -> Refusal {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Refusal { status, code, title: title.into(), field: Some(field), retry_after: None, starts_at: None, ring: None }
    }

    /// The link can't be opened yet: the call is then, where they are told; `ring` as the [`Problem`] has it.
    pub fn too_early(starts_at: Option<u32>, ring: Option<Vec<OutsideNumber>>) -> Refusal {
        Refusal { starts_at, ring, ..Refusal::new(StatusCode::FORBIDDEN, "too_early", "You are early.") }
    }

    /// The service is overloaded or stopping, or its disk refuses: nothing was done, and trying again may help.
    pub fn not_kept() -> Refusal {
        let title = "It couldn't be kept, so it wasn't done. Try again in a moment.";
        Refusal { retry_after: Some(2), ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not_kept", title) }
    }
}

pub const TOO_MANY: &str = "too_many";
/// One page for every dead link.
pub const LINK_FINISHED: Refusal = Refusal::new(StatusCode::NOT_FOUND, "link_finished", "This link has finished.");
pub const CODE_AGREED: Refusal =
    Refusal::new(StatusCode::CONFLICT, "code_agreed", "It was agreed that they type a code. Make a code, or change their plan.");
pub const PLACE_TAKEN: Refusal = Refusal::new(StatusCode::CONFLICT, "place_taken", "This link is open in another browser.");
pub const NOT_SIGNED_IN: Refusal = Refusal::new(StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in first.");
pub const SIGN_IN_REFUSED: Refusal = Refusal::new(StatusCode::UNAUTHORIZED, "sign_in_refused", "The email or the password is not right.");
/// The password was right.
pub const CODE_NEEDED: Refusal = Refusal::new(StatusCode::UNAUTHORIZED, "code_needed", "A code is needed as well.");
pub const CODE_REFUSED: Refusal =
    Refusal::new(StatusCode::UNAUTHORIZED, "code_refused", "This code is not right, or was used already. Wait for the next one.");
/// The password was right, and isn't what this member signs in with.
pub const USE_WORK_ACCOUNT: Refusal = Refusal::new(StatusCode::FORBIDDEN, "use_work_account", "Sign in with your work account.");
pub const WORK_OFF: Refusal = Refusal::new(StatusCode::NOT_FOUND, "work_off", "Nobody signs in with a work account here.");
pub const WORK_AWAY: Refusal = Refusal {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "work_away",
    title: Cow::Borrowed("Your work account can't be reached just now. Try again in a moment."),
    field: None,
    retry_after: Some(5),
    starts_at: None,
    ring: None,
};
pub const WORK_STALE: Refusal =
    Refusal::new(StatusCode::UNAUTHORIZED, "work_stale", "This sign-in took too long, or was used already. Start again.");
pub const WORK_DENIED: Refusal = Refusal::new(StatusCode::FORBIDDEN, "work_denied", "Your work account didn't let you in. Try again.");
pub const WORK_UNTRUSTED: Refusal =
    Refusal::new(StatusCode::FORBIDDEN, "work_untrusted", "What your work account said can't be trusted. Tell your administrator.");
/// Also of somebody who is switched off here.
pub const WORK_UNKNOWN: Refusal =
    Refusal::new(StatusCode::FORBIDDEN, "work_unknown", "Your work account isn't known here. Ask your administrator.");
pub const WORK_NO_ROLE: Refusal =
    Refusal::new(StatusCode::FORBIDDEN, "work_no_role", "Your work account has no role here. Ask your administrator.");
/// They have no password, and it is a while ago that their work account vouched for them.
pub const SIGN_IN_AGAIN: Refusal =
    Refusal::new(StatusCode::FORBIDDEN, "sign_in_again", "Sign out, sign in again with your work account, then do this.");
/// Of somebody who is signed in: a 401 would say that they aren't.
pub const PASSWORD_REFUSED: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    code: "password_refused",
    title: Cow::Borrowed("The password is not right."),
    field: Some("password"),
    retry_after: None,
    starts_at: None,
    ring: None,
};
pub const SECOND_FACTOR_ON: Refusal = Refusal::new(StatusCode::CONFLICT, "second_factor_on", "There is a second step already.");
pub const SECOND_FACTOR_OFF: Refusal = Refusal::new(StatusCode::CONFLICT, "second_factor_off", "There is no second step yet.");
pub const ENROL_FIRST: Refusal = Refusal::new(StatusCode::FORBIDDEN, "enrol_first", "Add a second step to your sign-in first.");
pub const UNKNOWN_SIGN_IN: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_sign_in", "There is no such sign-in of yours.");
pub const NOT_ALLOWED: Refusal = Refusal::new(StatusCode::FORBIDDEN, "not_allowed", "This needs another role.");
pub const NOT_YOURSELF: Refusal =
    Refusal::new(StatusCode::CONFLICT, "not_yourself", "Ask another administrator: nobody can take this from themselves.");
pub const UNKNOWN_MEMBER: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_member", "There is no such member of staff.");
pub const MEMBER_DISABLED: Refusal =
    Refusal::new(StatusCode::CONFLICT, "member_disabled", "This account is switched off. Switch it on again first.");
pub const UNKNOWN_INVITED: Refusal =
    Refusal::new(StatusCode::NOT_FOUND, "unknown_invited", "This invitation was used, has run out or was taken back.");
pub const PAGES_PINNED: Refusal = Refusal::new(StatusCode::CONFLICT, "pages_pinned", "This is kept to the configuration.");
pub const NOTHING_TO_UNDO: Refusal = Refusal::new(StatusCode::CONFLICT, "nothing_to_undo", "Nothing was changed yet.");
pub const UNKNOWN_TEAM: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_team", "There is no such team.");
pub const UNKNOWN_CONTACT: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_contact", "There is no such contact.");
pub const UNKNOWN_PERSON: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_person", "There is no plan of this person.");
pub const CONTACT_ENDED: Refusal = Refusal::new(StatusCode::CONFLICT, "contact_ended", "This contact has ended.");
/// One answer for a token that never was, that has ended and that was revoked.
pub const TOKEN_REFUSED: Refusal = Refusal::new(StatusCode::UNAUTHORIZED, "token_refused", "This token is not known, or works no more.");
pub const TOKEN_MISSING: Refusal = Refusal::new(StatusCode::UNAUTHORIZED, "token_missing", "Another program asks here, by its token.");
pub const TOKEN_AND_COOKIE: Refusal =
    Refusal::new(StatusCode::BAD_REQUEST, "token_and_cookie", "A token is sent by itself, without a cookie.");
pub const SCOPE_MISSING: Refusal = Refusal::new(StatusCode::FORBIDDEN, "scope_missing", "This token isn't for that.");
pub const UNKNOWN_TOKEN: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_token", "There is no such token.");
pub const NOT_FOUND: Refusal = Refusal::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here.");
pub const BAD_METHOD: Refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "bad_method", "That can't be done with this address.");
pub const BAD_ORIGIN: Refusal = Refusal::new(StatusCode::FORBIDDEN, "bad_origin", "This came from another page than ours.");
pub const TOO_LARGE: Refusal = Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "That is too much at once.");
pub const TOO_SLOW: Refusal = Refusal::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The rest of it didn't arrive.");
pub const BAD_TYPE: Refusal =
    Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_content_type", "The content type must be application/json.");
pub const BAD_JSON: Refusal = Refusal::new(StatusCode::BAD_REQUEST, "bad_json", "The body isn't JSON.");
pub const BAD_BODY: Refusal =
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_body", "The body has a field that is missing, unknown or of another type.");
pub const BAD_PATH: Refusal = Refusal::new(StatusCode::BAD_REQUEST, "bad_path", "The address can't be read.");
pub const BAD_QUERY: Refusal =
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_query", "The address needs from and to, in seconds, from before to.");
pub const NOT_A_SOCKET: Refusal = Refusal::new(StatusCode::UPGRADE_REQUIRED, "not_a_socket", "Only a WebSocket can be opened here.");
pub const BROKEN: Refusal = Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "Something went wrong here. It isn't your fault.");

/// Goes with a response inside the service: the code of the refusal that it tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Told(pub &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal { status, code, title, field, retry_after, starts_at, ring } = self;
        let field = field.map(str::to_owned);
        let problem = Problem { status: status.as_u16(), code: code.into(), title: title.into(), field, retry_after, starts_at, ring };
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.extensions_mut().insert(Told(code));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Limited> for Refusal {
    fn from(Limited(retry_after): Limited) -> Refusal {
        let title = "Too many tries. Wait a little, then try again.";
        Refusal { retry_after: Some(retry_after), ..Refusal::new(StatusCode::TOO_MANY_REQUESTS, TOO_MANY, title) }
    }
}

impl From<RecordsError> for Refusal {
    fn from(error: RecordsError) -> Refusal {
        match error {
            RecordsError::Missing | RecordsError::Taken => {
                tracing::error!(%error, "a record is not what it should be");
                BROKEN
            }
            RecordsError::Damaged | RecordsError::WrongMasterKey(_) | RecordsError::NoMasterKey(_) | RecordsError::OpenMasterKey(..) => {
                tracing::error!(%error, "a record can't be read");
                BROKEN
            }
            RecordsError::Unusable(_) | RecordsError::Backup(..) => {
                tracing::error!(%error, "a record wasn't kept or read");
                Refusal::not_kept()
            }
        }
    }
}
