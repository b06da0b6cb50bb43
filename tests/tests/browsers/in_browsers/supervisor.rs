//! An alarm reaches the supervisor on duty, by a press and by itself, and nothing whatever changes on the service user's side.

use sidelight_e2e::beside::{Noticed, noticed};
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{PHONE, World};
use std::time::{Duration, Instant};

const WORD: &str = "lantern";
const RESPONSE: &str = "Ring 01632 960 002.";
const SUPERVISOR: &str = "Kim Lee";
/// The practitioner, as other staff know them.
const PRACTITIONER: &str = "Sam Rivers";
/// How long an alarm lies untouched, and how long the phone is watched meanwhile. No setting shortens it: it is waited out.
const UNTOUCHED: Duration = Duration::from_secs(60);
const WATCHED: u32 = 66;
/// Milliseconds from the press to the supervisor's desk.
const AT_ONCE: f64 = 1000.0;

/// What somebody beside the phone notices while a text is typed and a minute goes by, and while the practitioner presses.
struct Beside {
    untouched: Noticed,
    pressed: Noticed,
}

async fn conversation(world: &World, desk: &Desk, kim: &Desk, reference: &str, alarmed: bool) -> Beside {
    let word = if alarmed { WORD } else { "harbour" };
    let link = desk.plan_with(reference, &[(say("desk.form.word"), word), (say("desk.form.response"), RESPONSE)]).await;
    let phone = world.phone_of(&Setup { still: true, ..Setup::new(Kind::Chromium, PHONE) }).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock_of(reference).await;
    desk.admits().await;
    phone.sees_the_conversation().await;
    phone.write(say("join.room.write"), "I left the lantern at home.").await;
    let theirs = say_with("desk.supervised", &[("name", PRACTITIONER)]);
    let untouched = noticed(&phone, &world.network().web, WATCHED, async || {
        phone.press(say("join.room.send")).await;
        if alarmed {
            let began = Instant::now();
            desk.sees(say("desk.supervisor.by_itself")).await;
            kim.until_within("the alarm at the supervisor", UNTOUCHED + Duration::from_secs(4), &shown(&theirs)).await;
            println!("untouched, at the supervisor after {:?}", began.elapsed());
            assert!(began.elapsed() > UNTOUCHED - Duration::from_secs(3), "{:?}", began.elapsed());
            kim.sees(RESPONSE).await;
            kim.press(say("desk.supervised.have")).await;
            desk.until("who has it", &shown(&format!("{SUPERVISOR} has it since"))).await;
        }
    })
    .await;
    if alarmed {
        // The next one, from the beginning.
        desk.press(say("desk.handled")).await;
        desk.press(say("desk.handled.yes")).await;
        // Not its heading: that was read out, and stays where it was.
        kim.sees_no_more(RESPONSE).await;
        desk.press(say("desk.heard")).await;
        desk.until_offered(say("desk.alarm.hand_over")).await;
        kim.notes_when(RESPONSE).await;
    }
    let pressed = noticed(&phone, &world.network().web, 5, async || {
        if alarmed {
            desk.press(say("desk.alarm.hand_over")).await;
        }
    })
    .await;
    if alarmed {
        let press = desk.journal().of("press").last().map(|press| press.at).expect("it was pressed");
        let took = kim.noted().await - press;
        println!("handed over, at the supervisor after {took:.0} ms");
        assert!(took <= AT_ONCE, "{took:.0} ms");
        desk.press(say("desk.handled")).await;
        desk.press(say("desk.handled.yes")).await;
    }
    desk.ends().await;
    phone.sees_goodbye().await;
    Beside { untouched, pressed }
}

fn shown(words: &str) -> String {
    format!("() => document.body.innerText.includes({})", serde_json::json!(words))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_reaches_the_supervisor_on_duty_and_the_phone_meets_what_it_would_have_met_without() {
    let world = World::alone_behind_a_network(|_| {}).await;
    let desk = world.desk(Kind::Chromium).await;
    desk.press(say("desk.new")).await;
    desk.sees(say("desk.supervisor.nobody")).await;
    desk.press(say("desk.form.cancel")).await;
    let kim = world.supervisor(Kind::Chromium, SUPERVISOR).await;
    kim.press(say("desk.duty")).await;
    kim.sees(say("desk.duty.on")).await;
    desk.press(say("desk.new")).await;
    desk.sees_no_more(say("desk.supervisor.nobody")).await;
    desk.press(say("desk.form.cancel")).await;
    let without = conversation(&world, &desk, &kim, "A-1", false).await;
    let with = conversation(&world, &desk, &kim, "A-2", true).await;
    assert_eq!(with.untouched.differences(&without.untouched), [""; 0]);
    assert_eq!(with.pressed.differences(&without.pressed), [""; 0]);
    // What is equal is something: the text was seen going out, and beats came all the while.
    assert!(with.untouched.deeds.iter().any(|deed| deed.starts_with("sent") && deed.contains("text")), "{:?}", with.untouched.deeds);
    assert!(with.untouched.wire.1 > 200 && with.pressed.wire.1 > 10, "{:?} {:?}", with.untouched.wire, with.pressed.wire);
    // A supervisor's page has nothing of anybody's texts, and of contacts nothing but the alarm.
    let told: String = kim.journal().received().iter().map(ToString::to_string).collect();
    assert!(told.contains(RESPONSE) && !told.contains("at home") && !told.contains(WORD), "{told}");
}
