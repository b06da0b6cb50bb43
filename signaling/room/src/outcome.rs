//! Collects what one input leads to, and puts it in the order that everything relies on.

use crate::{
    fact::Fact,
    input::{Conn, Effect},
};
use sidelight_protocol::{Bye, Code, desk::ToDesk, guest::ToGuest};

/// What one input leads to.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) facts: Vec<Fact>,
    replies: Vec<Effect>,
    cuts: Vec<Effect>,
    welcomes: Vec<Effect>,
    grants: Vec<Effect>,
    pub(crate) views: Vec<Effect>,
    tells: Vec<Effect>,
    silences: Vec<Effect>,
    pub(crate) closes: Vec<(Conn, Bye)>,
}

impl Outcome {
    pub(crate) fn reply(&mut self, effect: Effect) {
        self.replies.push(effect);
    }

    /// Takes the relay away; also what this same input was about to give.
    pub(crate) fn cut(&mut self, effects: impl Iterator<Item = Effect>) {
        for effect in effects {
            if let Effect::Revoke { peer: cut } = effect {
                self.grants.retain(|grant| !matches!(grant, Effect::Grant { peer, .. } if *peer == cut));
            }
            self.cuts.push(effect);
        }
    }

    pub(crate) fn welcome(&mut self, conn: Conn) {
        self.welcomes.push(Effect::Welcome { conn });
    }

    pub(crate) fn grant(&mut self, effect: Effect) {
        self.grants.push(effect);
    }

    pub(crate) fn tell(&mut self, effect: Effect) {
        self.tells.push(effect);
    }

    pub(crate) fn tell_guest(&mut self, conn: Conn, message: ToGuest) {
        self.tells.push(Effect::TellGuest { conn, message });
    }

    pub(crate) fn tell_desk(&mut self, conn: Conn, message: ToDesk) {
        self.tells.push(Effect::TellDesk { conn, message });
    }

    pub(crate) fn refuse_guest(&mut self, conn: Conn, code: Code, re: Option<String>) {
        self.tell_guest(conn, ToGuest::Refused { code, re });
    }

    pub(crate) fn refuse_desk(&mut self, conn: Conn, contact: &str, code: Code, re: Option<String>) {
        self.tell_desk(conn, ToDesk::Refused { code, contact: Some(contact.to_owned()), re });
    }

    pub(crate) fn silence(&mut self, conn: Conn) {
        self.silences.push(Effect::Silence { conn });
    }

    pub(crate) fn close(&mut self, conn: Conn, bye: Bye) {
        self.closes.push((conn, bye));
    }

    /// Written down first; then what takes rights away; then what gives them; then what is told; goodbyes last.
    pub(crate) fn in_order(self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.facts.is_empty() {
            effects.push(Effect::Record(self.facts));
        }
        effects.extend(self.replies);
        // At once with the relay: who sees the picture stand still isn't told anything after that.
        effects.extend(self.silences);
        effects.extend(self.cuts);
        effects.extend(self.welcomes);
        effects.extend(self.grants);
        effects.extend(self.views);
        effects.extend(self.tells);
        effects.extend(self.closes.into_iter().map(|(conn, bye)| Effect::Close { conn, bye }));
        effects
    }
}
