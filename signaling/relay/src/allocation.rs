//! One allocation: what RFC 8656 section 5 keeps for a 5-tuple.

use std::sync::Arc;

use stun_types::message::TransactionId;

use crate::addresses::Relayed;
use crate::{Client, Limits, Scope, Time};

struct Permission {
    host: u8,
    expires: Time,
}

struct Channel {
    number: u16,
    to: Relayed,
    expires: Time,
}

/// Why a channel can't be bound.
pub(crate) enum Unbindable {
    /// The number leads elsewhere, or the peer has another number.
    Taken,
    /// There are too many.
    Full,
}

pub(crate) struct Allocation {
    pub client: Client,
    pub relayed: Relayed,
    /// The number of the peer that owns it.
    pub peer: u32,
    pub room: Arc<str>,
    pub scope: Scope,
    /// What it was made with: nothing else may change it (441).
    pub username: Box<str>,
    /// The credential's expiry.
    pub credential: u64,
    pub expires: Time,
    /// A trial ends then, whatever it asks for.
    pub ends: Option<Time>,
    /// The request that made it, so that the same request again is answered the same.
    pub made_by: TransactionId,
    /// The token for the next port, which was part of that answer.
    pub token: Option<u64>,
    /// When the client was last heard.
    pub heard: Time,
    permissions: Vec<Permission>,
    channels: Vec<Channel>,
}

/// What [`Allocation::new`] needs to know.
pub(crate) struct Owner<'a> {
    pub client: Client,
    pub peer: u32,
    pub room: &'a str,
    pub scope: Scope,
    pub username: &'a str,
    pub credential: u64,
}

impl Allocation {
    pub(crate) fn new(now: Time, owner: &Owner<'_>, relayed: Relayed, made_by: TransactionId) -> Self {
        Allocation {
            client: owner.client,
            relayed,
            peer: owner.peer,
            room: owner.room.into(),
            scope: owner.scope,
            username: owner.username.into(),
            credential: owner.credential,
            expires: now,
            ends: None,
            made_by,
            token: None,
            heard: now,
            permissions: Vec::new(),
            channels: Vec::new(),
        }
    }

    /// Sets the lifetime to what was asked for, within the limits, and tells it in seconds.
    pub(crate) fn live_on(&mut self, now: Time, asked: Option<u32>, limits: &Limits) -> u32 {
        let asked = asked.map_or(limits.lifetime, |seconds| Time::from(seconds) * 1_000);
        let granted = asked.clamp(limits.lifetime.min(limits.longest_lifetime), limits.longest_lifetime);
        let expires = (now + granted).min(self.ends.unwrap_or(Time::MAX));
        self.expires = expires;
        u32::try_from(expires.saturating_sub(now) / 1_000).unwrap_or(u32::MAX)
    }

    pub(crate) fn is_alive(&self, now: Time) -> bool {
        now < self.expires
    }

    /// Whether packets may pass between the two at all, whatever they permit each other.
    pub(crate) fn may_reach(&self, other: &Allocation) -> bool {
        match (self.scope, other.scope) {
            (Scope::Room, Scope::Room) => self.room == other.room,
            (Scope::Own, Scope::Own) => self.is_beside(other),
            (Scope::Own, Scope::Room) | (Scope::Room, Scope::Own) => false,
        }
    }

    /// Whether both were made with the same credential.
    pub(crate) fn is_beside(&self, other: &Allocation) -> bool {
        self.username == other.username
    }

    pub(crate) fn permit(&mut self, now: Time, host: u8, limits: &Limits) {
        let expires = now + limits.permission;
        match self.permissions.iter_mut().find(|permission| permission.host == host) {
            Some(permission) => permission.expires = expires,
            // No limit of its own: there are at most 254 hosts.
            None => self.permissions.push(Permission { host, expires }),
        }
    }

    pub(crate) fn permits(&self, now: Time, host: u8) -> bool {
        self.permissions.iter().any(|permission| permission.host == host && now < permission.expires)
    }

    /// Binds or refreshes a channel, and with it the permission.
    pub(crate) fn bind(&mut self, now: Time, number: u16, to: Relayed, limits: &Limits) -> Result<(), Unbindable> {
        self.channels.retain(|channel| now < channel.expires);
        let expires = now + limits.channel;
        let full = self.channels.len() >= limits.channels_per_allocation;
        match self.channels.iter_mut().find(|channel| channel.number == number || channel.to == to) {
            Some(channel) if channel.number == number && channel.to == to => channel.expires = expires,
            Some(_) => return Err(Unbindable::Taken),
            None if full => return Err(Unbindable::Full),
            None => self.channels.push(Channel { number, to, expires }),
        }
        self.permit(now, to.host, limits);
        Ok(())
    }

    /// Where a channel leads.
    pub(crate) fn channel(&self, now: Time, number: u16) -> Option<Relayed> {
        self.channels.iter().find(|channel| channel.number == number && now < channel.expires).map(|channel| channel.to)
    }

    /// The channel by which packets from there are delivered.
    pub(crate) fn channel_to(&self, now: Time, from: Relayed) -> Option<u16> {
        self.channels.iter().find(|channel| channel.to == from && now < channel.expires).map(|channel| channel.number)
    }
}
