//! What a whole contact leaves behind in the service's log: nothing that names or locates a person.

use sidelight_e2e::desk::{EMAIL, PASSWORD};
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PRACTITIONER, REFERENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn no_log_of_a_whole_contact_names_or_locates_anybody() {
    let world = World::with(|settings| {
        settings.set("log.level", "trace");
    })
    .await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.hears_a_knock().await;
    desk.press(say("desk.late")).await;
    desk.admits().await;
    desk.knows_them().await;
    phone.receives(20, 5).await;
    desk.says("Words of the desk.").await;
    phone.sees("Words of the desk.").await;
    phone.says("Words of the phone.").await;
    desk.sees("Words of the phone.").await;
    desk.puts_back().await;
    phone.sees_the_waiting_room().await;
    phone.leaves().await;
    desk.sees(say("desk.open.exit")).await;

    // Everything that was ever secret or personal in this contact.
    let token = link.rsplit('#').next().expect("a link has a token").to_owned();
    let mut secret: Vec<String> =
        [REFERENCE, GREETING, "Sam Rivers", EMAIL, PASSWORD, "Words of the", say("desk.late.words"), "127.0.0.1:", "192.0.2."]
            .map(str::to_owned)
            .into();
    assert!(EMAIL.contains("sam") && PRACTITIONER == "Sam");
    secret.push(token.clone());
    secret.push(token.replace('-', ""));
    for message in phone.journal().sent().iter().chain(&phone.journal().received()).chain(&desk.journal().received()) {
        for field in ["session", "sdp", "candidate"] {
            collect(message, field, &mut secret);
        }
        for field in ["username", "credential"] {
            collect(message, field, &mut secret);
        }
    }
    let credentials = secret.len();
    assert!(credentials > 15, "the search knows sessions, descriptions and relay passwords: {credentials}");

    let output = world.service.output().clone();
    assert_eq!(world.service.stop().await, Some(0));
    let log: Vec<String> = output
        .lines()
        .into_iter()
        .filter(|line| !line.starts_with("Sidelight is ready at ") && !line.starts_with("First administrator: "))
        .collect();
    assert!(log.len() > 3, "at this level something is logged: {log:?}");
    for line in &log {
        for word in &secret {
            assert!(!line.contains(word.as_str()), "“{word}” stands in the log: {line}");
        }
        assert!(!line.contains(" Jo ") && !line.contains("\"Jo\""), "{line}");
    }
}

/// All texts of a field of this name, however deep; only those long enough to mean something.
fn collect(message: &serde_json::Value, field: &str, found: &mut Vec<String>) {
    match message {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                if name == field
                    && let Some(text) = value.as_str()
                    && text.len() > 8
                {
                    found.push(text.to_owned());
                }
                collect(value, field, found);
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, field, found)),
        _ => {}
    }
}
