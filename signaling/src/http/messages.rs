//! What the service sends in a contact, and what became of it. Another's contact is answered like one that doesn't exist.

use super::body::Json;
use super::contacts::{own_or_over, unknown_link};
use super::guests::is_invitation;
use super::path::Path;
use super::rights::{at_desk, contact_for};
use super::{Answer, App};
use crate::error::{CONTACT_ENDED, Refusal};
use crate::link;
use crate::records::{Contact, NewOutgoing, Posted, RecordsError, Words};
use crate::sending::wordings::{is_one_message, whole, with_link};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::plan::{Channel, Unsafe};
use sidelight_protocol::sending::{MessageKind, Messages, NewMessage, Saying, SendingWay};
use sidelight_room::rights::Deed;

/// Minutes before the start at which somebody can be reminded.
const REMINDED: std::ops::RangeInclusive<u32> = 15..=2880;

const CANT_SEND: Refusal = Refusal::new(StatusCode::CONFLICT, "cant_send", "This way of sending isn't set up here.");
const NOT_CALLED_OFF: Refusal = Refusal::new(StatusCode::CONFLICT, "not_called_off", "This contact wasn't called off.");
const NO_MESSAGE: Refusal =
    Refusal::new(StatusCode::CONFLICT, "message_settled", "This message isn't waiting, and nothing has to be decided about it.");

pub async fn list(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<Messages>> {
    let contact = contact_for(&app, &at_desk(&app, &headers).await?, &id, Deed::Manage).await?;
    let mut ways = Vec::new();
    for channel in app.sending.channels() {
        let to = app.records.address(&id, channel).await?.map(|to| ending(&to));
        ways.push(SendingWay { channel, refused: app.sending.refused(&contact, channel, now()).await?, to });
    }
    let set = app.sending.wordings().await?;
    Ok(axum::Json(Messages {
        ways,
        wordings: wordings(&app, &contact).await?,
        reminder: set.reminder,
        off: set.off,
        prefix: app.sending.prefix().to_owned(),
        origin: app.sending.origin().to_owned(),
        may_remind: app.sending.may_remind(&contact).await?,
        messages: app.records.messages(&id).await?,
    }))
}

/// As agreed with the person, or those that are set to choose from.
async fn wordings(app: &App, contact: &Contact) -> Answer<Vec<String>> {
    let agreed = match &contact.details.about {
        Some(about) => app.records.person(about).await?.and_then(|person| person.plan.wording),
        None => None,
    };
    Ok(match agreed {
        Some(wording) => vec![wording],
        None => app.sending.wordings().await?.texts,
    })
}

/// Enough to see whether it is the right one, and not to read it over somebody's shoulder.
fn ending(to: &str) -> String {
    let last = |text: &str| text.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    match to.split_once('@') {
        Some((name, host)) => format!("…{}@{host}", last(name)),
        None => format!("…{}", last(to)),
    }
}

pub async fn send(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, message)): Path<(String, String)>,
    Json(body): Json<NewMessage>,
) -> Answer<StatusCode> {
    let contact = own_or_over(&app, &headers, &id).await?;
    if !is_invitation(&message) {
        return Err(Refusal::field("bad_message_id", "message", "The id of a message is 32 hexadecimal digits."));
    }
    let NewMessage { channel, to, saying } = body;
    match (&saying, contact.cancelled, contact.ended) {
        (Saying::Off, None, _) => return Err(NOT_CALLED_OFF),
        (Saying::Link { .. } | Saying::Reminder { .. }, _, Some(_)) => return Err(CONTACT_ENDED),
        _ => {}
    }
    if !app.sending.channels().contains(&channel) {
        return Err(CANT_SEND);
    }
    let at = match saying {
        Saying::Reminder { before } => contact.details.starts_at.saturating_sub(before.saturating_mul(60)),
        Saying::Link { .. } | Saying::Off | Saying::Again { .. } => now(),
    };
    // Of a reminder, whether it may go at its hour. It is asked again when it goes.
    if let Some(refused) = app.sending.refused(&contact, channel, at).await? {
        return Err(unsafe_now(refused));
    }
    let (kind, lead, text, invitation) = match saying {
        Saying::Again { message: old } => {
            return if app.sending.again(&id, &old, &message, now()).await? { Ok(StatusCode::NO_CONTENT) } else { Err(NO_MESSAGE) };
        }
        Saying::Reminder { before } => (MessageKind::Reminder, before * 60, reminder(&app, &contact, before, at).await?, None),
        Saying::Off => (MessageKind::Notice, 0, app.sending.wordings().await?.off, None),
        Saying::Link { token, wording } => {
            let (text, invitation) = link_text(&app, &contact, &token, wording).await?;
            (MessageKind::Link, 0, text, Some(invitation))
        }
    };
    if channel == Channel::SystemText {
        is_one_message(&whole(app.sending.prefix(), channel, &text), "saying")?;
    }
    let to = match to {
        Some(to) => address(channel, &to)?,
        None => app.records.address(&id, channel).await?.ok_or_else(|| Refusal::field("to_missing", "to", "Say where it goes."))?,
    };
    let words = Words { to, text, invitation };
    let new = NewOutgoing { id: message, contact: id, channel, kind, lead, words };
    match app.sending.post(&new, now()).await {
        Ok(Posted::Kept | Posted::Same) => Ok(StatusCode::NO_CONTENT),
        Ok(Posted::Busy) => Err(Refusal::new(
            StatusCode::CONFLICT,
            "already_sending",
            "One is on its way already, or there is one of which nobody knows whether it went.",
        )),
        Ok(Posted::Full) => {
            Err(Refusal::new(StatusCode::CONFLICT, "too_many_messages", "This contact has had as many messages as it can have."))
        }
        Err(RecordsError::Taken) => Err(Refusal::field("bad_message_id", "message", "This id was used before.")),
        Err(error) => Err(error.into()),
    }
}

/// What is said with the link, and whose link it is. The service has seen it from then on, and the contact says so, before anything is
/// taken in to be sent.
async fn link_text(app: &App, contact: &Contact, given: &str, wording: u32) -> Answer<(String, String)> {
    let wordings = wordings(app, contact).await?;
    let words = usize::try_from(wording).ok().and_then(|at| wordings.get(at));
    let words = words.ok_or_else(|| Refusal::field("unknown_wording", "wording", "These words aren't there any more. Look again."))?;
    let origin = app.sending.origin();
    let (invitation, link) = match (link::token(given), link::code(given)) {
        (Some(token), _) => (link::invitation(&token), link::address(origin, &token).to_string()),
        (None, Some(code)) => {
            let place = origin.split_once("://").map_or(origin, |(_, host)| host);
            (app.codes.id_of(link::invitation(&code), true), format!("{place} {}", *link::typed(&code)))
        }
        (None, None) => return Err(unknown_link()),
    };
    let open = app.records.invitation(&invitation).await?;
    let open = open.filter(|invitation| invitation.contact == contact.id && !invitation.dead).ok_or_else(unknown_link)?;
    app.hub.link_shown(&contact.id, &open.person).await?;
    Ok((with_link(words, &link), invitation))
}

async fn reminder(app: &App, contact: &Contact, before: u32, at: u32) -> Answer<String> {
    if !app.sending.may_remind(contact).await? {
        return Err(Refusal::new(StatusCode::CONFLICT, "no_reminders", "It isn't agreed in a plan that they may be reminded."));
    }
    if !REMINDED.contains(&before) || at <= now() {
        return Err(Refusal::field("before_out_of_range", "before", "It is too late for this reminder, or too early."));
    }
    Ok(app.sending.wordings().await?.reminder)
}

fn unsafe_now(refused: Unsafe) -> Refusal {
    let (code, title) = match refused {
        Unsafe::NoChannels => ("unsafe_no_channels", "Held back: no safe way to reach them is agreed yet."),
        Unsafe::Channel => ("unsafe_channel", "Held back: this way isn't among those agreed as safe."),
        Unsafe::NoHours => ("unsafe_no_hours", "Held back: no safe hours are agreed yet."),
        Unsafe::Hour => ("unsafe_hour", "Held back: this isn't one of their safe hours."),
    };
    Refusal::new(StatusCode::CONFLICT, code, title)
}

/// A number without what people put between its digits, or an email address.
fn address(channel: Channel, to: &str) -> Answer<String> {
    let bad = |title: &'static str| Refusal::field("bad_address", "to", title);
    if channel == Channel::Email {
        let to = to.trim();
        let good = to.is_ascii() && crate::staff::is_email(to) && to.parse::<lettre::Address>().is_ok();
        return good.then(|| to.to_owned()).ok_or_else(|| bad("This isn't an email address."));
    }
    let number: String = to.chars().filter(|letter| !letter.is_whitespace() && !"-().".contains(*letter)).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let good = to.len() <= 60 && (6..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    good.then_some(number).ok_or_else(|| bad("This isn't a telephone number: 6 to 15 digits, perhaps after a +."))
}

pub async fn settle(State(app): State<App>, headers: HeaderMap, Path((id, message)): Path<(String, String)>) -> Answer<StatusCode> {
    // Also of one that is over: what nobody knows of can be left at that.
    own_or_over(&app, &headers, &id).await?;
    if app.records.drop_message(&id, &message, now()).await? { Ok(StatusCode::NO_CONTENT) } else { Err(NO_MESSAGE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_taken_as_people_write_them_and_nothing_else_is() {
        let taken = |channel, to: &str| address(channel, to).ok();
        assert_eq!(taken(Channel::SystemText, " +44 (0)7700 900-123 ").as_deref(), Some("+4407700900123"));
        assert_eq!(taken(Channel::SystemText, "07700 900123").as_deref(), Some("07700900123"));
        for bad in ["", "12345", "1234567890123456", "07700x900123", "++447700900123", "kim@example.org", "٠٧٧٠٠٩٠٠١٢٣"] {
            assert!(taken(Channel::SystemText, bad).is_none(), "{bad}");
        }
        assert_eq!(taken(Channel::Email, " kim@example.org ").as_deref(), Some("kim@example.org"));
        for bad in [
            "",
            "kim",
            "kim@",
            "@example.org",
            "a@b@c",
            "kim@example.org\r\nBcc: lee@example.org",
            "kim <kim@example.org>",
            "kím@example.org",
        ] {
            assert!(taken(Channel::Email, bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn of_a_number_or_an_address_only_its_end_is_shown() {
        assert_eq!((ending("+447700900123").as_str(), ending("persephone@example.org").as_str()), ("…123", "…one@example.org"));
    }
}
