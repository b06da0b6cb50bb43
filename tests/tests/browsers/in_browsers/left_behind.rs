//! What a phone keeps of a contact after it was left, by whichever way: in the browser's own files, as somebody finds them who
//! picks the phone up later. No name and no message; and whatever link or session is there opens nothing.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use reqwest::header::ORIGIN;
use serde_json::json;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::guest_line;
use sidelight_e2e::phone::Phone;
use sidelight_e2e::profile::Kept;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::World;

/// Rare enough to stand in no file of a browser's own.
const NAME: &str = "Rosalindette";
const OF_DESK: &str = "The blue kettle stands on the left";
const OF_PHONE: &str = "Marmalade at half past seven";
/// Stands in an address that the phone visits besides: what the search has to find.
const PLANTED: &str = "planted-lantern-7781";

#[derive(Clone, Copy, Debug)]
enum Leaving {
    Exit,
    Ended,
    Later,
    Closed,
}

/// One contact, from the link to where the phone has left it. The link.
async fn a_contact(world: &World, desk: &Desk, phone: &Phone, how: Leaving) -> String {
    let reference = format!("L-{how:?}");
    let link = desk.plan_with(&reference, &[(say("desk.form.greeting"), NAME)]).await;
    // A tab of its own, so that another one is left when it is closed.
    phone.open_tab(world.neutral.url()).await;
    phone.open(&link).await;
    phone.sees(NAME).await;
    phone.press(say("join.check.type")).await;
    phone.sees_the_waiting_room().await;
    desk.hears_a_knock_of(&reference).await;
    desk.admits().await;
    desk.knows_them().await;
    desk.write(&say_with("desk.texts.write", &[("name", NAME)]), OF_DESK).await;
    desk.press(say("desk.texts.send")).await;
    phone.sees(OF_DESK).await;
    phone.says(OF_PHONE).await;
    desk.sees(OF_PHONE).await;
    match how {
        Leaving::Exit => {
            phone.leaves().await;
            phone.until("the neutral page", "() => location.pathname === '/weather'").await;
        }
        Leaving::Ended => {
            desk.ends().await;
            phone.sees_goodbye().await;
        }
        Leaving::Later => {
            desk.press(say("desk.ask")).await;
            phone.press(say("join.check.later")).await;
            phone.sees(say("join.later.text")).await;
            // The link asks afresh by design: it is dead when the contact is.
            desk.press(say("desk.link.revoke")).await;
            desk.press(say("desk.link.revoke.yes")).await;
        }
        Leaving::Closed => {
            phone.driver().close_window().await.expect("the tab closes");
            phone.first_tab().await;
            desk.ends().await;
        }
    }
    link
}

fn holds_no_word(kept: &Kept, when: &str) {
    assert!(kept.len() > 20, "the browser keeps files: {}", kept.len());
    for word in [NAME, OF_DESK, OF_PHONE] {
        assert_eq!(kept.with(word), [""; 0], "“{word}” {when}");
    }
}

/// Whether "Continue" with this link is refused.
async fn is_dead(world: &World, token: &str) -> bool {
    let plain = token.replace('-', "").to_uppercase();
    let hash = digest(&SHA256, format!("sidelight invitation:{plain}").as_bytes());
    let invitation = HEXLOWER.encode(&hash.as_ref()[..16]);
    let asked = reqwest::Client::new().post(format!("{}/api/redeem", world.service.url())).header(ORIGIN, world.service.url());
    let reply = asked.json(&json!({ "invitation": invitation, "claim": "somebody-else" })).send().await.expect("answers");
    reply.status() == reqwest::StatusCode::NOT_FOUND
}

async fn left_behind(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    phone.go(&format!("{}?{PLANTED}", world.neutral.url())).await;
    let mut links = Vec::new();
    for how in [Leaving::Exit, Leaving::Ended, Leaving::Later, Leaving::Closed] {
        links.push(a_contact(&world, &desk, &phone, how).await);
        holds_no_word(&phone.kept(), &format!("after {how:?}"));
    }
    let journal = phone.journal();
    let said = journal.sent().into_iter().chain(journal.received());
    let mut sessions: Vec<String> = said.filter_map(|message| message["session"].as_str().map(str::to_owned)).collect();
    sessions.sort();
    sessions.dedup();
    assert!(sessions.len() >= links.len());

    let kept = phone.ends_and_kept().await;
    holds_no_word(&kept, "after the browser has ended");
    assert!(!kept.with(PLANTED).is_empty(), "the search finds what is there");
    let tokens: Vec<&str> = links.iter().filter_map(|link| link.rsplit('#').next()).collect();
    let found = |all: &[&str]| all.iter().filter(|one| !kept.with(one).is_empty()).count();
    let kept_sessions: Vec<&str> = sessions.iter().map(String::as_str).collect();
    println!("{kind:?} keeps {} of {} links and {} of {} sessions", found(&tokens), tokens.len(), found(&kept_sessions), sessions.len());
    // All of them, found or not: what isn't found today may be tomorrow.
    for token in tokens {
        assert!(is_dead(&world, token).await, "a link that was left opens a door");
    }
    for session in &sessions {
        assert!(guest_line::is_worthless(world.service.url(), session).await, "a session that was left is worth something");
    }
    let fresh = desk.plan_as("L-fresh").await;
    assert!(!is_dead(&world, fresh.rsplit('#').next().unwrap_or_default()).await, "a link that is alive is told from a dead one");
}

#[tokio::test(flavor = "multi_thread")]
async fn chromiums_own_files_hold_no_name_and_no_message_and_what_they_hold_opens_nothing() {
    left_behind(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn firefoxs_own_files_hold_no_name_and_no_message_and_what_they_hold_opens_nothing() {
    left_behind(Kind::Firefox).await;
}
