//! Keeping what was typed: only by a period that was set, only what was told before, only with everybody's yes; and deleted on its own.

use crate::sockets::{Socket, desk, guest, redeemed};
use crate::world::{Client, Folder, Running};
use reqwest::Method;
use serde_json::{Value, json};

struct Talk {
    sam: Client,
    contact: String,
    person: String,
    at_desk: Socket,
    phone: Socket,
}

impl Talk {
    fn at(&self, what: &str) -> String {
        format!("/api/contacts/{}/{what}", self.contact)
    }

    async fn switch(&mut self, on: bool) -> crate::world::Reply {
        let at = self.at("typed");
        self.sam.put(&at, json!({ "on": on })).await
    }

    async fn ask(&mut self) -> crate::world::Reply {
        let at = self.at("typed/ask");
        self.sam.send(Method::POST, &at, &[], Vec::new()).await
    }

    async fn keep(&mut self, body: Value) -> crate::world::Reply {
        let at = self.at("transcript");
        self.sam.put(&at, body).await
    }

    async fn read(&mut self) -> Value {
        let at = self.at("transcript");
        self.sam.get(&at).await.is(200)
    }

    fn lines(&self, text: &str) -> Value {
        json!({ "lines": [{ "person": self.person, "ours": true, "at": 1_800_000_000, "text": text }] })
    }

    async fn types(&mut self) {
        let act = json!({ "do": "text", "person": self.person, "id": "m1", "body": "sealed" });
        self.at_desk.say(json!({ "type": "in", "contact": self.contact, "act": act })).await;
        self.phone.next("text").await;
    }

    async fn until_kept(&mut self, kept: &str) -> Value {
        loop {
            let view = self.phone.next("view").await["view"].clone();
            if view["kept"] == kept {
                return view;
            }
        }
    }
}

/// Somebody waits and can be written with.
async fn begun(running: &Running) -> Talk {
    let mut sam = running.practitioner().await;
    let (contact, session) = redeemed(running, &mut sam).await;
    let mut at_desk = desk(&sam, "tab-desk-1").await;
    at_desk.next("ready").await;
    let mut phone = guest(&running.client(), &session, "tab-phone-1").await;
    phone.stage("view", "asked").await;
    phone.say(json!({ "type": "answer", "answer": "type" })).await;
    phone.say(json!({ "type": "knock" })).await;
    phone.stage("view", "waiting").await;
    let seen = at_desk.stage("contact", "waiting").await;
    let person = seen["people"][0]["id"].as_str().unwrap().to_owned();
    at_desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "take" } })).await;
    Talk { sam, contact, person, at_desk, phone }
}

async fn allow(running: &Running, folder: &Folder) -> Client {
    let mut ada = running.member(folder, "ada", &["administrator"]).await;
    let body = json!({ "periods": { "transcript": 7 }, "reason": "The council decided so" });
    ada.put("/api/retention", body).await.is(200);
    ada
}

#[tokio::test]
async fn nothing_that_is_typed_is_kept_unless_an_administrator_has_given_it_a_period() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut talk = begun(&running).await;
    assert_eq!(talk.read().await, json!({ "days": 0, "transcript": null }));
    talk.switch(true).await.refused(409, "typed_not_kept");
    talk.ask().await.refused(409, "typed_not_kept");
    let lines = talk.lines("x");
    talk.keep(lines).await.refused(409, "typed_not_kept");
    talk.switch(false).await.is(204);
    let _ada = allow(&running, &folder).await;
    talk.switch(true).await.is(204);
    assert_eq!(talk.read().await["days"], 7);
}

#[tokio::test]
async fn with_everybodys_yes_it_is_kept_once_shown_and_deleted_by_itself() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut talk = begun(&running).await;
    let mut ada = allow(&running, &folder).await;
    talk.switch(true).await.is(204);
    talk.until_kept("may").await;
    talk.ask().await.refused(409, "not_now");
    talk.types().await;
    let lines = talk.lines("The kettle is humming\nand warm");
    talk.keep(lines.clone()).await.refused(409, "not_agreed");
    talk.ask().await.is(204);
    talk.until_kept("asked").await;
    talk.keep(lines.clone()).await.refused(409, "not_agreed");
    talk.phone.say(json!({ "type": "keep", "keep": "yes" })).await;
    talk.until_kept("no").await;
    while talk.at_desk.next("contact").await["view"]["typed"]["agreed"] != true {}
    // Whoever wasn't asked has agreed to nothing.
    let mut another = lines.clone();
    another["lines"][0]["person"] = json!("somebody");
    talk.keep(another).await.refused(409, "not_agreed");
    talk.keep(lines.clone()).await.is(204);
    talk.keep(lines).await.refused(409, "transcript_kept");
    let kept = talk.read().await["transcript"].clone();
    let typed = &kept["typed"];
    assert_eq!(
        (&typed["lines"][0]["text"], &typed["lines"][0]["part"], &typed["agreed"][0]["part"]),
        (&json!("The kettle is humming\nand warm"), &Value::Null, &Value::Null)
    );
    assert_eq!(kept["gone_at"].as_u64().unwrap(), kept["made"].as_u64().unwrap() + 7 * 86_400);
    assert!(typed["agreed"][0]["at"].as_u64().unwrap() >= typed["asked"].as_u64().unwrap());
    // Nobody else's, and in nothing that is given on.
    let mut kim = crate::contacts::colleague(&folder, &running).await;
    for method in [Method::GET, Method::DELETE] {
        kim.send(method, &talk.at("transcript"), &[], Vec::new()).await.refused(404, "unknown_contact");
    }
    ada.get(&talk.at("transcript")).await.refused(403, "not_allowed");
    let record = talk.at("record");
    assert!(!talk.sam.get(&record).await.is(200).to_string().contains("kettle is humming\\nand"));
    let at = talk.at("transcript");
    talk.sam.send(Method::DELETE, &at, &[], Vec::new()).await.is(204);
    talk.sam.send(Method::DELETE, &at, &[], Vec::new()).await.is(204);
    assert_eq!(talk.read().await["transcript"], Value::Null);
    let told: Vec<Value> =
        ada.get("/api/audit").await.is(200)["entries"].as_array().unwrap().iter().map(|one| one["what"].clone()).collect();
    assert!(told.contains(&json!("transcript_kept")) && told.contains(&json!("transcript_deleted")), "{told:?}");
    assert!(!running.log().contains("kettle"));
}

#[tokio::test]
async fn a_no_keeps_it_from_being_kept_and_the_desk_is_told_nothing_at_that_moment() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut talk = begun(&running).await;
    let _ada = allow(&running, &folder).await;
    talk.switch(true).await.is(204);
    talk.types().await;
    talk.switch(true).await.is(204);
    talk.ask().await.is(204);
    talk.until_kept("asked").await;
    talk.phone.say(json!({ "type": "keep", "keep": "not" })).await;
    talk.until_kept("no").await;
    let lines = talk.lines("x");
    talk.keep(lines).await.refused(409, "not_agreed");
    // What the desk sees next is of another press, and tells nothing of the answer.
    talk.phone.say(json!({ "type": "page", "hidden": true, "covered": false, "quiet": false })).await;
    let seen = loop {
        let view = talk.at_desk.next("contact").await["view"].clone();
        if view["people"][0]["hidden"] == true {
            break view;
        }
        assert_eq!(view["typed"]["agreed"], Value::Null);
    };
    assert_eq!((&seen["typed"]["agreed"], seen["typed"]["asked"].is_number()), (&Value::Null, true));
    talk.ask().await.refused(409, "not_now");
    talk.switch(false).await.is(204);
    talk.switch(true).await.refused(409, "not_now");
}

#[tokio::test]
async fn it_is_not_switched_on_after_something_was_typed_and_is_bounded() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut talk = begun(&running).await;
    let _ada = allow(&running, &folder).await;
    talk.types().await;
    talk.switch(true).await.refused(409, "typed_already");

    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut talk = begun(&running).await;
    let _ada = allow(&running, &folder).await;
    talk.switch(true).await.is(204);
    talk.types().await;
    talk.ask().await.is(204);
    talk.until_kept("asked").await;
    talk.phone.say(json!({ "type": "keep", "keep": "yes" })).await;
    talk.until_kept("no").await;
    for (text, code) in [("x".repeat(4_001), "text_long"), ("one\u{7}two".into(), "bad_characters")] {
        let lines = talk.lines(&text);
        talk.keep(lines).await.refused(422, code);
    }
    talk.keep(json!({ "lines": [] })).await.refused(422, "lines_out_of_range");
    let one = talk.lines(&"x".repeat(4_000))["lines"][0].clone();
    let many = |count: usize| json!({ "lines": vec![one.clone(); count] });
    let (fits, over) = (many(60), many(70));
    talk.keep(over).await.refused(413, "too_large");
    talk.keep(fits).await.is(204);
}
