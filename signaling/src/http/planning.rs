//! Contacts planned again and again, moved, called off.

use super::body::Json;
use super::contacts::own;
use super::details::checked;
use super::path::Path;
use super::{Answer, App};
use crate::error::Refusal;
use crate::planning::hours::is_outside;
use crate::planning::repeat::{MOST, Unplannable, moved_along, repeated as all_of};
use crate::planning::wall::{Moment, NoMoment, zone};
use crate::records::Contact;
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use jiff::tz::TimeZone;
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::http::ContactMade;
use sidelight_protocol::plan::SafetyPlan;
use sidelight_protocol::planning::{Cancel, Cancelled, MoveTo, Moved, PlannedTime, Repeat};

impl From<Unplannable> for Refusal {
    fn from(Unplannable { day, why }: Unplannable) -> Refusal {
        match why {
            NoMoment::Skipped => {
                let day = day.strftime("%-d %B %Y");
                let title = format!("On {day} the clocks skip that hour, so nobody would come. Choose another time.");
                Refusal { status: StatusCode::CONFLICT, ..Refusal::field("clocks_skip", "time", title) }
            }
            NoMoment::OutOfRange => Refusal::field("starts_at_out_of_range", "starts_at", "One of them is too far ahead or too long ago."),
        }
    }
}

fn known_zone(name: &str) -> Answer<TimeZone> {
    zone(name).ok_or_else(|| Refusal::field("zone_unknown", "zone", "This time zone isn't known."))
}

/// The plan that holds in a contact, where one does.
async fn plan_of(app: &App, details: &ContactDetails) -> Answer<Option<SafetyPlan>> {
    let Some(about) = &details.about else { return Ok(None) };
    Ok(app.records.person(about).await?.map(|person| person.plan))
}

fn told(id: String, moment: Moment, plan: Option<&SafetyPlan>) -> PlannedTime {
    let outside = plan.is_some_and(|plan| is_outside(plan, moment.seconds));
    PlannedTime { id, starts_at: moment.seconds, twice: moment.twice, outside }
}

/// Plans a contact as often as is wished; the details are checked already.
pub(super) async fn repeated(app: &App, owner: &str, details: &ContactDetails, repeat: &Repeat) -> Answer<ContactMade> {
    let zone = known_zone(&repeat.zone)?;
    let moments = all_of(details.starts_at, &zone, repeat.every, repeat.times)
        .ok_or_else(|| Refusal::field("times_out_of_range", "times", format!("A contact can be planned 2 to {MOST} times at once.")))??;
    let now = now();
    for moment in &moments {
        checked(ContactDetails { starts_at: moment.seconds, ..details.clone() }, None, now)?;
    }
    let starts: Vec<u32> = moments.iter().map(|moment| moment.seconds).collect();
    let ids = app.records.new_series(owner, details, &starts, now).await?;
    let plan = plan_of(app, details).await?;
    let all: Vec<PlannedTime> = ids.into_iter().zip(moments).map(|(id, moment)| told(id, moment, plan.as_ref())).collect();
    let id = all.first().map(|first| first.id.clone()).unwrap_or_default();
    Ok(ContactMade { id, repeated: Some(all) })
}

pub async fn move_to(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<MoveTo>,
) -> Answer<axum::Json<Moved>> {
    let contact = own(&app, &headers, &id).await?;
    let zone = known_zone(&body.zone)?;
    let others = if body.and_after { app.records.after_in_series(&contact).await? } else { Vec::new() };
    let starts: Vec<u32> = others.iter().map(|other| other.details.starts_at).collect();
    let along = moved_along(&starts, contact.details.starts_at, body.starts_at, &zone)?;
    let first = Moment { seconds: body.starts_at, twice: false };
    let moments = std::iter::once(first).chain(along);
    let all: Vec<(&Contact, Moment)> = std::iter::once(&contact).chain(&others).zip(moments).collect();
    let now = now();
    for (contact, moment) in &all {
        checked(ContactDetails { starts_at: moment.seconds, ..contact.details.clone() }, Some(&contact.details), now)?;
    }
    let moved: Vec<(String, u32)> = all.iter().map(|(contact, moment)| (contact.id.clone(), moment.seconds)).collect();
    app.records.move_contacts(&moved).await?;
    let plan = plan_of(&app, &contact.details).await?;
    let mut contacts = Vec::with_capacity(all.len());
    for (contact, moment) in all {
        match app.hub.details_changed(&contact.id).await {
            // One that ended meanwhile needs it no more.
            Ok(()) | Err(crate::live::ChangeRefused::Ended | crate::live::ChangeRefused::Unknown) => {}
            Err(refused) => return Err(refused.into()),
        }
        contacts.push(told(contact.id.clone(), moment, plan.as_ref()));
    }
    Ok(axum::Json(Moved { contacts }))
}

/// What is sent about it, by whom, is another matter: nothing goes out by this.
pub async fn cancel(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<Cancel>,
) -> Answer<axum::Json<Cancelled>> {
    let contact = own(&app, &headers, &id).await?;
    let others = if body.and_after { app.records.after_in_series(&contact).await? } else { Vec::new() };
    app.hub.cancel(&id).await?;
    let mut contacts = vec![id];
    for other in others {
        match app.hub.cancel(&other.id).await {
            Ok(()) => contacts.push(other.id),
            // What came to life or ended in this moment isn't among those after it any more.
            Err(crate::live::ChangeRefused::SomebodyThere | crate::live::ChangeRefused::Ended | crate::live::ChangeRefused::Unknown) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(axum::Json(Cancelled { contacts }))
}
