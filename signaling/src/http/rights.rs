//! Who asks, and what is theirs: by the rules of [`sidelight_room::rights`].

use super::{Answer, App};
use crate::error::NOT_ALLOWED;
use crate::live::limits::Tries;
use crate::records::Member;
use crate::time::now;
use http::HeaderMap;
use sidelight_protocol::http::Role;
use sidelight_room::rights::{Area, Asker, Deed, Whose, may};
use std::time::Instant;

/// Whoever is signed in, if this area is open to them.
pub(super) async fn entering(app: &App, headers: &HeaderMap, area: Area) -> Answer<Member> {
    let who = app.staff.who(headers, now()).await?;
    if area.opens(&who.member.roles) { Ok(who.member) } else { Err(NOT_ALLOWED) }
}

/// The same, for one more change.
pub(super) async fn changing_in(app: &App, headers: &HeaderMap, area: Area) -> Answer<Member> {
    let member = entering(app, headers, area).await?;
    app.changes.take(&member.id, Instant::now()).await?;
    Ok(member)
}

/// Whether what belongs to `owner` is this practitioner's to read and to change.
pub(super) fn manages(practitioner: &str, owner: &str) -> bool {
    let asker = Asker { id: practitioner, roles: &[Role::Practitioner], team: None };
    may(asker, Deed::Manage, Whose::own(owner))
}
