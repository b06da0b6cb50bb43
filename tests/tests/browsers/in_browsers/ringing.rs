//! "We will ring you instead": where the line keeps failing, and only where that was agreed.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::network::Conditions;
use sidelight_e2e::own_network::OwnNetwork;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{GREETING, PHONE, PRACTITIONER, REFERENCE, World};
use std::time::Duration;

/// Where the number is: for the desk only.
const NUMBER: &str = "as in the case file";

/// Half a minute, after the page has noticed that its line is gone.
const LONG: Duration = Duration::from_secs(60);

/// A voice call that has lost its network, with somebody who may be rung or not.
async fn cut_off(rings: bool) -> (World, OwnNetwork, Desk, Phone) {
    let world = World::alone_with_known_ports().await;
    let network = OwnNetwork::new(&world, 1).await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone_of(&network.of(Setup::new(Kind::Chromium, PHONE))).await;
    desk.press(say("desk.new")).await;
    desk.write(say("desk.form.reference"), REFERENCE).await;
    desk.write(say("desk.form.greeting"), GREETING).await;
    desk.write(say("desk.form.practitioner"), PRACTITIONER).await;
    if rings {
        desk.press(say("desk.form.rings")).await;
        desk.write(say("desk.form.number"), NUMBER).await;
    }
    desk.press(say("desk.form.save_new")).await;
    let link = desk.link().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    for words in ["say.ring.may", "say.ring.now"] {
        assert!(!phone.shows(say(words)).await, "nothing is said while all is well");
    }
    assert!(!desk.shows(say("desk.ring.failing")).await);
    network.access.set(Conditions::outage());
    (world, network, desk, phone)
}

/// Waits until the desk's page shows these words, as long as it takes to notice.
async fn says_at_last(page: &sidelight_e2e::browser::Browser, words: &str) {
    page.until_within(words, LONG, &format!("() => document.body.innerText.includes({words:?})")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_was_agreed_a_line_that_keeps_failing_leads_to_a_call_and_both_sides_say_so() {
    let (_world, network, desk, phone) = cut_off(true).await;
    says_at_last(&phone, say("say.ring.may")).await;
    says_at_last(&desk, &say_with("desk.ring.number", &[("number", NUMBER)])).await;
    desk.press(say("desk.ring.do")).await;
    desk.sees(say("desk.what.rung")).await;
    desk.sees(say("desk.ring.told")).await;
    network.access.set(Conditions::default());
    phone.sees(say("say.ring.now")).await;
    phone.sees_no_more(say("say.ring.may")).await;
    desk.sees_no_more(say("desk.ring.failing")).await;
    let known: bool = phone.ask(&format!("() => document.documentElement.outerHTML.includes({NUMBER:?})")).await;
    assert!(!known, "where the number is, is for the desk only");
}

/// The control: the same outage, seen by both sides, and not a word of ringing on the phone.
#[tokio::test(flavor = "multi_thread")]
async fn where_it_was_not_agreed_the_phone_says_nothing_of_a_call_and_the_desk_that_it_is_not_agreed() {
    let (_world, network, desk, phone) = cut_off(false).await;
    says_at_last(&desk, say("desk.ring.not_agreed")).await;
    assert!(!desk.offers(say("desk.ring.do")).await);
    // It gives the number of the service after as long.
    phone.until_within("half a minute without a line", LONG, "() => document.body.hasAttribute('data-number')").await;
    for words in ["say.ring.may", "say.ring.now"] {
        assert!(!phone.shows(say(words)).await, "{words}");
    }
    network.access.set(Conditions::default());
    desk.sees_no_more(say("desk.ring.failing")).await;
}
