//! Who asks, and what is theirs: by the rules of [`sidelight_room::rights`].

use super::{Answer, App};
use crate::error::{NOT_ALLOWED, UNKNOWN_CONTACT};
use crate::live::limits::Tries;
use crate::records::{Contact, Member};
use crate::rights;
use crate::time::now;
use http::HeaderMap;
use sidelight_protocol::http::Role;
use sidelight_room::rights::{Area, Asker, Deed, Whose, has_desk, may};
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

/// Whoever has a desk: contacts of their own, or others' in which they take part.
pub(super) async fn at_desk(app: &App, headers: &HeaderMap) -> Answer<Member> {
    let who = app.staff.who(headers, now()).await?;
    if has_desk(&who.member.roles) { Ok(who.member) } else { Err(NOT_ALLOWED) }
}

/// The same, for one more change.
pub(super) async fn changing_at_desk(app: &App, headers: &HeaderMap) -> Answer<Member> {
    let member = at_desk(app, headers).await?;
    app.changes.take(&member.id, Instant::now()).await?;
    Ok(member)
}

/// A contact, if they may do this with it. Another's is answered like one that doesn't exist.
pub(super) async fn contact_for(app: &App, member: &Member, id: &str, deed: Deed) -> Answer<Contact> {
    let contact = app.records.contact(id).await?.ok_or(UNKNOWN_CONTACT)?;
    if lets(app, member, deed, &contact.owner, id).await? { Ok(contact) } else { Err(UNKNOWN_CONTACT) }
}

/// The same, for one more change.
pub(super) async fn contact_to_change(app: &App, headers: &HeaderMap, id: &str, deed: Deed) -> Answer<(Member, Contact)> {
    let member = changing_at_desk(app, headers).await?;
    let contact = contact_for(app, &member, id, deed).await?;
    Ok((member, contact))
}

/// Whether somebody may do this with a contact or a person of this practitioner's.
pub(super) async fn lets(app: &App, member: &Member, deed: Deed, owner: &str, subject: &str) -> Answer<bool> {
    let who = rights::Member { id: &member.id, roles: &member.roles };
    Ok(rights::allowed(&app.records, who, deed, owner, subject, now()).await?)
}

/// Whether what belongs to `owner` is this practitioner's to read and to change.
pub(super) fn manages(practitioner: &str, owner: &str) -> bool {
    let asker = Asker { id: practitioner, roles: &[Role::Practitioner], team: None };
    may(asker, Deed::Manage, Whose::own(owner))
}
