//! Messages that the service itself sends: text messages and emails with a contact's link, and reminders without one.
//!
//! What is to be sent is written down first, that it is under way before anything goes to the network, and how it went afterwards.
//! Whatever happens in between, nothing is sent a second time by itself: where nobody knows whether a message went, the desk says so
//! and asks. The rules are in `sidelight_room::outbox`; the plan is asked when a message is taken in and again when it goes.

mod notify;
mod smtp;
mod webhook;
pub mod wordings;

use crate::config::{self, EmailBy, TextBy};
use crate::planning::hours::week_minute;
use crate::records::{Contact, NewOutgoing, Outgoing, Posted, Records, RecordsError, Words};
use crate::time::now;
use notify::Notify;
use sidelight_protocol::plan::{Channel, Unsafe};
use sidelight_protocol::sending::{MessageKind, NotSent, Wordings};
use sidelight_room::outbox::{Attempt, after};
use sidelight_room::sending::refused;
use smtp::Smtp;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use webhook::Webhook;

/// How often is looked for messages whose time has come. More rarely: reminders and further tries are late.
const LOOK: Duration = Duration::from_secs(5);

/// How long one attempt may take. A mail server has its own, longer one.
const TRY: Duration = Duration::from_secs(20);

/// Messages under way at once. More: a gateway's limit is met; fewer: one that hangs holds up the others.
const AT_ONCE: usize = 8;

/// How long what is under way may take when the service stops. Of the rest nobody knows then whether it went.
pub const LETTING_GO: Duration = Duration::from_secs(4);

/// The name under which the wordings are kept among the settings.
pub const SETTING: &str = "messages";

enum Text {
    Notify(Notify),
    Webhook(Webhook),
}

enum Email {
    Notify(Notify),
    Smtp(Smtp),
}

/// The ways by which the service sends. Cheap to clone.
#[derive(Clone)]
pub struct Sending(Arc<Inner>);

struct Inner {
    records: Records,
    text: Option<Text>,
    email: Option<Email>,
    prefix: String,
    origin: String,
    wake: tokio::sync::Notify,
}

impl Sending {
    /// `origin`: where links lead. An error names what is wrong.
    pub fn new(records: Records, config: &config::Sending, origin: &str) -> io::Result<Sending> {
        let root = config.root.as_deref();
        let text = match &config.text {
            None => None,
            Some(TextBy::Notify(service)) => Some(Text::Notify(Notify::new(service, root)?)),
            Some(TextBy::Webhook(webhook)) => Some(Text::Webhook(Webhook::new(webhook, root)?)),
        };
        let email = match &config.email {
            None => None,
            Some(EmailBy::Notify(service)) => Some(Email::Notify(Notify::new(service, root)?)),
            Some(EmailBy::Smtp(server)) => Some(Email::Smtp(Smtp::new(server, root)?)),
        };
        let (prefix, origin) = (config.prefix.clone(), origin.to_owned());
        Ok(Sending(Arc::new(Inner { records, text, email, prefix, origin, wake: tokio::sync::Notify::new() })))
    }

    /// What is set up.
    pub fn channels(&self) -> Vec<Channel> {
        let text = self.0.text.as_ref().map(|_| Channel::SystemText);
        text.into_iter().chain(self.0.email.as_ref().map(|_| Channel::Email)).collect()
    }

    pub fn prefix(&self) -> &str {
        &self.0.prefix
    }

    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// What messages say, as an administrator set it, or the service's own words.
    pub async fn wordings(&self) -> Result<Wordings, RecordsError> {
        let mut set = self.0.records.setting(SETTING).await?.unwrap_or_else(wordings::own);
        // Set before there was a text for this.
        if set.off.is_empty() {
            set.off = wordings::own().off;
        }
        Ok(set)
    }

    /// Why nothing may go to the contact's person by this channel now. Nobody's plan: the practitioner decides, as with a copied link.
    pub async fn refused(&self, contact: &Contact, channel: Channel, now: u32) -> Result<Option<Unsafe>, RecordsError> {
        let Some(about) = &contact.details.about else { return Ok(None) };
        // A plan that was erased meanwhile lets nothing through.
        let Some(person) = self.0.records.person(about).await? else { return Ok(Some(Unsafe::NoChannels)) };
        let open = person.allowed.as_ref().filter(|allowed| now < allowed.until).map(|allowed| allowed.channel);
        Ok(refused(&person.plan, channel, week_minute(&person.plan.zone, now), open))
    }

    /// Whether the person may be reminded: only where their plan says so.
    pub async fn may_remind(&self, contact: &Contact) -> Result<bool, RecordsError> {
        let Some(about) = &contact.details.about else { return Ok(false) };
        Ok(self.0.records.person(about).await?.is_some_and(|person| person.plan.reminders))
    }

    /// Takes a message in; it goes as soon as it is due.
    pub async fn post(&self, new: &NewOutgoing, now: u32) -> Result<Posted, RecordsError> {
        let posted = self.0.records.post_message(new, now).await?;
        self.0.wake.notify_one();
        Ok(posted)
    }

    /// The same again, because somebody decided so.
    pub async fn again(&self, contact: &str, old: &str, id: &str, now: u32) -> Result<bool, RecordsError> {
        let sent = self.0.records.send_again(contact, old, id, now).await?;
        self.0.wake.notify_one();
        Ok(sent)
    }

    /// Sends what is due until it is told to stop, and then lets what is under way come to its end.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let asking = tokio::spawn(self.clone().keep_asking());
        // Nothing can be under way yet: what is said to be may have gone in the run before.
        while let Err(error) = self.0.records.interrupted(now()).await {
            tracing::error!(%error, "messages that were under way can't be read; nothing is sent until they can");
            sleep(LOOK).await;
        }
        let mut going = JoinSet::new();
        while !*stopping.borrow() {
            while going.len() < AT_ONCE {
                match self.0.records.take_due(now()).await {
                    Ok(Some(message)) => drop(going.spawn(self.clone().send(message))),
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "messages can't be sent now");
                        break;
                    }
                }
            }
            tokio::select! {
                Some(_) = going.join_next(), if !going.is_empty() => {}
                () = self.0.wake.notified() => {}
                () = sleep(LOOK) => {}
                _ = stopping.changed() => break,
            }
        }
        asking.abort();
        while going.join_next().await.is_some() {}
    }

    /// One attempt, and what became of it.
    async fn send(self, message: Outgoing) {
        let attempt = match self.held_back(&message).await {
            Ok(Some(why)) => Attempt::NotTaken { why, again: false },
            Ok(None) => {
                let (sending, message) = (self.clone(), message.clone());
                // Apart, so that whatever breaks there leaves a message of which nobody knows whether it went, and says so.
                tokio::spawn(async move { sending.attempt(&message).await }).await.unwrap_or(Attempt::Unknown)
            }
            Err(error) => {
                tracing::error!(%error, "a message waits: what was planned or agreed can't be read");
                Attempt::NotTaken { why: NotSent::Unreachable, again: true }
            }
        };
        let to = after(&attempt, message.tries);
        if to.why.is_some() {
            // Neither to whom nor of which contact.
            tracing::warn!(why = ?to.why, state = ?to.state, tries = message.tries, channel = ?message.channel, "a message didn't go");
        }
        while let Err(error) = self.0.records.settle_message(&message.id, &to, now()).await {
            tracing::error!(%error, "what became of a message can't be written down; it is tried again");
            sleep(LOOK).await;
        }
    }

    /// Why a message that was taken in mustn't go any more: time has passed since then.
    async fn held_back(&self, message: &Outgoing) -> Result<Option<NotSent>, RecordsError> {
        let (Outgoing { contact, channel, kind, words, .. }, now) = (message, now());
        let Some(contact) = self.0.records.contact(contact).await? else { return Ok(Some(NotSent::Over)) };
        if *kind != MessageKind::Notice && contact.ended.is_some() {
            return Ok(Some(NotSent::Over));
        }
        if *kind == MessageKind::Reminder {
            if contact.details.starts_at <= now {
                return Ok(Some(NotSent::Over));
            }
            if !self.may_remind(&contact).await? {
                return Ok(Some(NotSent::Unsafe));
            }
        }
        if let Some(invitation) = &words.invitation
            && self.0.records.invitation(invitation).await?.is_none_or(|invitation| invitation.dead)
        {
            return Ok(Some(NotSent::LinkOver));
        }
        Ok(self.refused(&contact, *channel, now).await?.map(|_| NotSent::Unsafe))
    }

    async fn attempt(&self, Outgoing { id, channel, words, .. }: &Outgoing) -> Attempt {
        let Ok(Wordings { sender, subject, .. }) = self.wordings().await else {
            return Attempt::NotTaken { why: NotSent::Unreachable, again: true };
        };
        let Words { to, text, .. } = words;
        let tried = match (channel, &self.0.text, &self.0.email) {
            (Channel::SystemText, Some(Text::Notify(notify)), _) => timeout(TRY, notify.send(*channel, to, "", text, id, now())).await,
            (Channel::SystemText, Some(Text::Webhook(webhook)), _) => {
                let text = wordings::whole(&self.0.prefix, *channel, text);
                timeout(TRY, webhook.send(to, &sender, &text, id, now())).await
            }
            (Channel::Email, _, Some(Email::Notify(notify))) => timeout(TRY, notify.send(*channel, to, &subject, text, id, now())).await,
            (Channel::Email, _, Some(Email::Smtp(smtp))) => Ok(smtp.send(to, &sender, &subject, text, id).await),
            // It was set up otherwise when the message was taken in.
            _ => return Attempt::NotTaken { why: NotSent::SetUp, again: false },
        };
        tried.unwrap_or(Attempt::Unknown)
    }

    /// Asks after what was sent, or may have been, where that can be asked.
    async fn keep_asking(self) {
        loop {
            match self.0.records.to_ask(now()).await {
                Ok(asked) => {
                    for one in asked {
                        let notify = match (one.channel, &self.0.text, &self.0.email) {
                            (Channel::SystemText, Some(Text::Notify(notify)), _) | (Channel::Email, _, Some(Email::Notify(notify))) => {
                                notify
                            }
                            _ => continue,
                        };
                        let Ok(Some(report)) = timeout(TRY, notify.report(&one.id, now())).await else { continue };
                        if let Err(error) = self.0.records.reported(&one.id, report, now()).await {
                            tracing::error!(%error, "what became of a message can't be written down");
                        }
                    }
                }
                Err(error) => tracing::error!(%error, "messages that were sent can't be read"),
            }
            sleep(LOOK).await;
        }
    }
}

/// What a server's status says of a message.
fn of_status(status: u16) -> Attempt {
    let not_taken = |why, again| Attempt::NotTaken { why, again };
    match status {
        200..=299 => Attempt::Taken,
        400 | 422 => not_taken(NotSent::Refused, false),
        401 | 403 | 429 => not_taken(NotSent::SetUp, true),
        // It didn't wait for all of the request, or says that it didn't: something between us may have passed it on.
        408 => Attempt::Unknown,
        300..=399 | 402 | 404..=407 | 409..=499 => not_taken(NotSent::SetUp, false),
        _ => Attempt::Unknown,
    }
}

#[cfg(test)]
mod tests;
