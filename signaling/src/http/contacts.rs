//! A practitioner's contacts: planning, changing, links. Another's contact is answered like one that doesn't exist.

use super::body::{Json, compressed};
use super::details::{self, checked};
use super::guests::{bad_invitation, is_invitation};
use super::path::Path;
use super::rights::{changing_in, contact_to_change, entering, manages};
use super::{Answer, App, planning};
use crate::error::{BAD_QUERY, BROKEN, CODE_AGREED, CONTACT_ENDED, Refusal, UNKNOWN_CONTACT, UNKNOWN_PERSON};
use crate::live::ChangeRefused;
use crate::records::{Contact, RecordsError};
use crate::time::now;
use crate::{link, qr};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::http::{ContactMade, HelpGoes, Listed, ListedContact, NewContact, NewInvitation, QrCode, Role, ShownLink};
use sidelight_room::rights::{Area, Deed};
use sidelight_room::room::claims_end;

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Between {
    pub(super) from: u32,
    pub(super) to: u32,
}

impl From<ChangeRefused> for Refusal {
    fn from(refused: ChangeRefused) -> Refusal {
        match refused {
            ChangeRefused::Unknown => UNKNOWN_CONTACT,
            ChangeRefused::Ended => CONTACT_ENDED,
            ChangeRefused::TooMany => {
                Refusal::new(StatusCode::CONFLICT, "too_many_links", "This contact has had as many links as it can have. Plan another one.")
            }
            ChangeRefused::TooLate => Refusal::new(
                StatusCode::CONFLICT,
                "contact_past",
                "The time of this contact has passed. Change its time first, then make a link.",
            ),
            ChangeRefused::SomebodyThere => {
                Refusal::new(StatusCode::CONFLICT, "somebody_there", "Somebody is there. Talk with them, or end the contact.")
            }
            ChangeRefused::TypedAlready => Refusal::new(
                StatusCode::CONFLICT,
                "typed_already",
                "Something was typed already, and they weren't told that it may be kept.",
            ),
            ChangeRefused::NotAllHere => {
                Refusal::new(StatusCode::CONFLICT, "not_all_here", "Somebody who was written with isn't there. They have to be asked too.")
            }
            ChangeRefused::NotNow => Refusal::new(
                StatusCode::CONFLICT,
                "not_now",
                "They can't be asked now: nothing was typed, they were asked, or another question stands.",
            ),
            ChangeRefused::NoLink | ChangeRefused::NoAlarm => unknown_link(),
            ChangeRefused::NotKept => Refusal::not_kept(),
        }
    }
}

/// The id of whoever is signed in, if they have this role.
pub(super) async fn signed_in_as(app: &App, headers: &HeaderMap, role: Role) -> Answer<String> {
    entering(app, headers, Area::of(role)).await.map(|member| member.id)
}

/// The same, for one more change.
pub(super) async fn changing_as(app: &App, headers: &HeaderMap, role: Role) -> Answer<String> {
    changing_in(app, headers, Area::of(role)).await.map(|member| member.id)
}

/// The signed-in practitioner's id.
pub(super) async fn practitioner(app: &App, headers: &HeaderMap) -> Answer<String> {
    signed_in_as(app, headers, Role::Practitioner).await
}

/// The practitioner's id, for one more change.
pub(super) async fn changing(app: &App, headers: &HeaderMap) -> Answer<String> {
    changing_as(app, headers, Role::Practitioner).await
}

/// The contact to change, if they manage it and it isn't over.
pub(super) async fn own(app: &App, headers: &HeaderMap, id: &str) -> Answer<Contact> {
    not_over(app, headers, id, Deed::Manage).await
}

/// The contact to change something about, if they manage it; it may be over.
pub(super) async fn own_or_over(app: &App, headers: &HeaderMap, id: &str) -> Answer<Contact> {
    contact_to_change(app, headers, id, Deed::Manage).await.map(|(_, contact)| contact)
}

async fn not_over(app: &App, headers: &HeaderMap, id: &str, deed: Deed) -> Answer<Contact> {
    let (_, contact) = contact_to_change(app, headers, id, deed).await?;
    if contact.ended.is_some() { Err(CONTACT_ENDED) } else { Ok(contact) }
}

pub async fn list(State(app): State<App>, headers: HeaderMap, between: Result<Query<Between>, QueryRejection>) -> Answer<Response> {
    let owner = practitioner(&app, &headers).await?;
    let Ok(Query(Between { from, to })) = between else { return Err(BAD_QUERY) };
    if from >= to {
        return Err(BAD_QUERY);
    }
    let contacts = app.records.contacts_between(&owner, from, to).await?.into_iter();
    let contacts = contacts.filter(|contact| (from..to).contains(&contact.details.starts_at));
    let listed = |Contact { id, details, link, link_known, ended, series, opened, cancelled, .. }: Contact| ListedContact {
        id,
        details,
        link,
        link_known,
        ended,
        series,
        opened,
        cancelled,
    };
    Ok(compressed(&headers, &Listed { contacts: contacts.map(listed).collect() }))
}

/// The person whose plan is to hold is one of this practitioner's.
async fn known(app: &App, owner: &str, details: &ContactDetails) -> Answer<()> {
    let Some(about) = &details.about else { return Ok(()) };
    match app.records.person(about).await?.filter(|person| manages(owner, &person.owner)) {
        Some(_) => Ok(()),
        None => Err(UNKNOWN_PERSON),
    }
}

pub async fn plan(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<NewContact>,
) -> Answer<(StatusCode, axum::Json<ContactMade>)> {
    let owner = changing(&app, &headers).await?;
    let details = checked(body.details, None, now())?;
    known(&app, &owner, &details).await?;
    let made = match body.repeat {
        Some(repeat) => planning::repeated(&app, &owner, &details, &repeat).await?,
        None => ContactMade { id: app.records.new_contact(&owner, &details, now()).await?, repeated: None },
    };
    app.hub.contact_made(&made.id).await;
    Ok((StatusCode::CREATED, axum::Json(made)))
}

pub async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<ContactDetails>,
) -> Answer<StatusCode> {
    let contact = own(&app, &headers, &id).await?;
    let details = checked(body, Some(&contact.details), now())?;
    known(&app, &contact.owner, &details).await?;
    app.records.change_contact(&id, &details).await?;
    app.hub.details_changed(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where help would go, as they said just now. Nothing else of the contact changes, whatever a form that lies open says.
pub async fn help(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>, Json(body): Json<HelpGoes>) -> Answer<StatusCode> {
    // Said in the conversation, to whoever is in it.
    not_over(&app, &headers, &id, Deed::Open).await?;
    let help = details::help(body.help)?;
    app.records.help_goes(&id, help).await?;
    app.hub.details_changed(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new link for the service user; every older one of theirs is worthless from now on. Sending it again, after an answer that got lost,
/// changes nothing more.
pub async fn invite(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<NewInvitation>,
) -> Answer<StatusCode> {
    let contact = own(&app, &headers, &id).await?;
    if !is_invitation(&body.invitation) {
        return Err(bad_invitation());
    }
    if contact.details.by_code && !body.typed {
        return Err(CODE_AGREED);
    }
    // Before anything is written: the old link may still be somebody's way back.
    still_to_come(&contact)?;
    let person = crate::random::id().ok_or_else(Refusal::not_kept)?;
    let invitation = app.codes.id_of(body.invitation, body.typed);
    let person = app.records.invite(&id, &invitation, &person, now()).await.map_err(used_before)?;
    app.hub.invite(&id, &person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link could still be opened.
pub(super) fn still_to_come(contact: &Contact) -> Answer<()> {
    if u64::from(now()) * 1000 >= claims_end(&contact.details) { Err(ChangeRefused::TooLate.into()) } else { Ok(()) }
}

pub(super) fn used_before(error: RecordsError) -> Refusal {
    match error {
        RecordsError::Taken => Refusal::field("invitation_taken", "invitation", "This link was used before. Make a new one."),
        other => other.into(),
    }
}

pub async fn revoke(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    own(&app, &headers, &id).await?;
    app.records.revoke(&id, None, now()).await?;
    app.hub.revoke(&id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draws the contact's link. Not GET: whoever asks shows the service what it must not see otherwise, and that is written down.
pub async fn draw(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<ShownLink>,
) -> Answer<axum::Json<QrCode>> {
    let contact = own(&app, &headers, &id).await?;
    let token = link::token(&body.token).ok_or_else(unknown_link)?;
    let invitation = app.records.invitation(&link::invitation(&token)).await?;
    let open = invitation.filter(|invitation| invitation.contact == contact.id && !invitation.dead).ok_or_else(unknown_link)?;
    // Marked first: a picture that was given out without the mark would be a claim that isn't kept.
    app.hub.link_shown(&id, &open.person).await?;
    let address = link::address(app.origins.public(), &token);
    let drawn = qr::drawn(&address).ok_or(BROKEN)?;
    Ok(axum::Json(QrCode { size: drawn.size, path: drawn.path }))
}

pub(super) fn unknown_link() -> Refusal {
    Refusal::field("unknown_link", "token", "This is not the link of this contact any more. Make a new one.")
}
