//! The practitioner's desk, as a practitioner uses it.

use crate::browser::Browser;
use crate::words::{say, say_with};
use crate::world::{GREETING, PRACTITIONER, REFERENCE};
use serde_json::json;
use std::ops::Deref;

pub const EMAIL: &str = "sam.rivers@example.org";
pub const PASSWORD: &str = "quiet harbour lantern 42";

/// A laptop with the desk open.
pub struct Desk {
    browser: Browser,
    service: String,
}

impl Deref for Desk {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Desk {
    pub fn new(browser: Browser, service: &str) -> Desk {
        Desk { browser, service: service.to_owned() }
    }

    /// Uses a one-time link: name, email and password, and the desk is there.
    pub async fn use_first_link(&self, link: &str) {
        self.go(link).await;
        self.write(say("desk.account.name"), "Sam Rivers").await;
        self.write(say("desk.account.email"), EMAIL).await;
        self.write(say("desk.account.password"), PASSWORD).await;
        self.press(say("desk.entry.first.do")).await;
        self.sees_today().await;
    }

    /// Uses a one-time link that says already whose it is.
    pub async fn joins_by(&self, link: &str) {
        self.go(link).await;
        self.write(say("desk.account.password"), PASSWORD).await;
        self.press(say("desk.entry.first.do")).await;
    }

    pub async fn sign_in(&self) {
        self.go(&format!("{}/desk", self.service)).await;
        self.write(say("desk.account.email"), EMAIL).await;
        self.write(say("desk.account.password"), PASSWORD).await;
        self.press(say("desk.entry.sign-in.do")).await;
        self.sees_today().await;
    }

    pub async fn sees_today(&self) {
        self.until("the desk", "() => document.querySelector('.today')").await;
        self.until_offered(say("desk.new")).await;
    }

    /// Plans a contact for now and makes its link; the link.
    pub async fn plan(&self) -> String {
        self.plan_as(REFERENCE).await
    }

    /// As [`Desk::plan`], under another reference.
    pub async fn plan_as(&self, reference: &str) -> String {
        self.plan_with(reference, &[]).await
    }

    /// As [`Desk::plan_as`], with more fields of the form filled in, each by its label.
    pub async fn plan_with(&self, reference: &str, fields: &[(&str, &str)]) -> String {
        self.press(say("desk.new")).await;
        self.write(say("desk.form.reference"), reference).await;
        self.write(say("desk.form.greeting"), GREETING).await;
        self.write(say("desk.form.practitioner"), PRACTITIONER).await;
        for (label, value) in fields {
            self.write(label, value).await;
        }
        self.press(say("desk.form.save_new")).await;
        self.link().await
    }

    /// Plans a contact that starts in so many minutes, or started so many ago, and makes its link; the link.
    pub async fn plan_at(&self, reference: &str, minutes: i32) -> String {
        let planned = json!({
            "reference": reference, "greeting": GREETING, "practitioner": PRACTITIONER, "minutes": 30, "ways": ["video", "voice", "text"],
            "waiting_words": null, "word": null, "response": null,
        });
        // By the page's own session: its form takes no time that is over.
        self.ask::<()>(&format!(
            "async () => {{
                const details = Object.assign({planned}, {{ starts_at: Math.floor(Date.now() / 1000) + {minutes} * 60 }});
                const headers = {{ 'content-type': 'application/json' }};
                const reply = await fetch('/api/contacts', {{ method: 'POST', headers, body: JSON.stringify({{ details }}) }});
                if (reply.status !== 201) throw new Error('not planned: ' + reply.status + ' ' + await reply.text());
            }}"
        ))
        .await;
        self.pick(reference).await;
        self.press(say("desk.link.make")).await;
        self.link().await
    }

    /// The link that stands on the desk; made if there is none yet.
    pub async fn link(&self) -> String {
        let shown = "() => { const link = document.getElementById('link'); return link ? link.value : document.querySelector('[data-do=make-link]') ? 'make' : null; }";
        let mut link = self.until("the link", shown).await;
        if link == "make" {
            self.press(say("desk.link.make")).await;
            link = self.until("the link", "() => { const link = document.getElementById('link'); return link && link.value; }").await;
        }
        link.as_str().unwrap_or_default().to_owned()
    }

    /// Makes a new link in place of this one; the new link.
    pub async fn makes_a_new_link(&self, old: &str) -> String {
        self.press(say("desk.link.new")).await;
        self.press(say("desk.link.new.yes")).await;
        let shown =
            format!("() => {{ const link = document.getElementById('link'); return link && link.value !== '{old}' && link.value; }}");
        self.until("another link", &shown).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits for somebody at the door, and looks who it is.
    pub async fn hears_a_knock(&self) {
        self.hears_a_knock_of(REFERENCE).await;
    }

    pub async fn hears_a_knock_of(&self, reference: &str) {
        self.until("a knock in the tab's title", "() => document.title.includes('(1)')").await;
        self.pick(reference).await;
        self.until_offered(say("desk.admit")).await;
    }

    /// Lets in whoever is at the door, and starts: the conversation is under way.
    pub async fn lets_in_and_starts(&self) {
        self.hears_a_knock().await;
        self.admits().await;
        self.knows_them().await;
    }

    /// Picks a contact in the list.
    pub async fn pick(&self, reference: &str) {
        self.press(reference).await;
    }

    pub async fn admits(&self) {
        self.press(say("desk.admit")).await;
    }

    /// "It's them": the practitioner's own sound and picture start.
    pub async fn knows_them(&self) {
        self.press(say("desk.look.its_them")).await;
    }

    pub async fn declines(&self) {
        self.press(say("desk.decline")).await;
        self.press(say("desk.decline.yes")).await;
    }

    pub async fn puts_back(&self) {
        self.press(say("desk.talk.put_back")).await;
    }

    pub async fn ends(&self) {
        self.press(say("desk.talk.end")).await;
        self.press(say("desk.talk.end.yes")).await;
    }

    /// Types a message and sends it.
    pub async fn says(&self, text: &str) {
        self.write(&say_with("desk.texts.write", &[("name", GREETING)]), text).await;
        self.press(say("desk.texts.send")).await;
    }
}
