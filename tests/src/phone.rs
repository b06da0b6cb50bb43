//! The service user's page, as a service user uses it.

use crate::browser::Browser;
use crate::words::{say, say_with};
use crate::world::PRACTITIONER;
use std::ops::Deref;

/// A way to talk, as it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Video,
    Voice,
    Text,
}

/// A phone with the join page.
pub struct Phone {
    browser: Browser,
}

impl Deref for Phone {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Phone {
    pub fn new(browser: Browser) -> Phone {
        Phone { browser }
    }

    /// Opens the link and presses "Continue".
    pub async fn open(&self, link: &str) {
        self.go(link).await;
        self.sees(say("join.hello.text")).await;
        self.press(say("join.hello.go")).await;
    }

    /// From the link to the waiting room.
    pub async fn come_to_the_door(&self, link: &str, way: Way) {
        self.open(link).await;
        self.sees(say("join.check.title")).await;
        match way {
            // "I'd rather type" is an answer, and needs no further choice.
            Way::Text => self.press(say("join.check.type")).await,
            Way::Video | Way::Voice => {
                self.press(say("join.check.yes")).await;
                self.choose(way).await;
            }
        }
        self.sees_the_waiting_room().await;
    }

    /// Chooses how to talk; the same press tries camera and microphone.
    pub async fn choose(&self, way: Way) {
        self.sees(say("join.how.title")).await;
        match way {
            Way::Video => {
                self.press(say("join.how.video")).await;
                self.press(say("join.prepare.works")).await;
            }
            Way::Voice => {
                self.press(say("join.how.voice")).await;
                self.press(say("join.prepare.works")).await;
            }
            Way::Text => self.press(say("join.how.text_way")).await,
        }
    }

    pub async fn sees_the_waiting_room(&self) {
        self.until("the waiting room", "() => !document.getElementById('waiting').hidden").await;
    }

    /// The waiting room while a desk is there.
    pub async fn is_known_to_wait(&self) {
        self.sees(&say_with("say.waiting.here", &[("name", PRACTITIONER)])).await;
    }

    pub async fn sees_the_conversation(&self) {
        self.until("the conversation", "() => !document.getElementById('call').hidden").await;
    }

    pub async fn sees_goodbye(&self) {
        self.sees(say("join.goodbye.text")).await;
    }

    /// Types a message and sends it.
    pub async fn says(&self, text: &str) {
        if !self.offers(say("join.room.write")).await {
            self.press(say("join.room.type")).await;
        }
        self.write(say("join.room.write"), text).await;
        self.press(say("join.room.send")).await;
    }

    /// "End call", and yes, really.
    pub async fn ends(&self) {
        self.press(say("join.room.end")).await;
        self.sees(say("join.room.sure")).await;
        self.until("the question", "() => document.activeElement === document.getElementById('sure-end')").await;
        self.press(say("join.room.end")).await;
    }

    /// Presses "Leave this page".
    pub async fn leaves(&self) {
        self.press(say("join.leave")).await;
    }
}
