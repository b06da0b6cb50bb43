//! A practitioner's own hours: set at the desk by keyboard, and what somebody's phone says outside of them.

use super::calendar::is_sound;
use super::keyboard::goes_to_and_presses;
use super::screens::Inspection;
use serde::Deserialize;
use serde_json::{Value, json};
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{LAPTOP, PHONE, World};
use thirtyfour::Key;

/// The project's folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What can be rung outside of hours: who answers, the number, when. None of it stands anywhere else in these tests.
const NUMBERS: [[&str; 3]; 2] = [["Evenings", "01632 960 955", "5 pm to midnight"], ["Nights", "01632 960 966", ""]];

/// Three days from today by the desk's clocks, Monday being 0: no hour of it is now, whenever this runs.
const ANOTHER_DAY: &str = "() => (new Date().getDay() + 6 + 3) % 7";

/// A screen that fits and is for everyone, by night and at 400 % too where the browser can; pictured where that is asked for, with
/// this in sight.
async fn look(seen: &mut Inspection, browser: &Browser, screen: &str, in_sight: &str) {
    match browser.kind {
        Kind::Chromium => seen.look(browser, screen).await,
        Kind::Firefox => is_sound(browser, &format!("{screen}-firefox")).await,
    }
    let small = format!(
        "() => [...document.querySelectorAll('{in_sight} :is(button, a, input)')].filter((one) => one.offsetHeight && one.offsetHeight < 44)
            .map((one) => one.outerHTML.slice(0, 120))"
    );
    for size in [PHONE, LAPTOP] {
        browser.resize(size).await;
        assert_eq!(browser.ask::<Vec<String>>(&small).await, [""; 0], "too small for a finger at {size:?}");
        let Some(folder) = std::env::var_os("SIDELIGHT_PICTURES") else { continue };
        browser.ask::<()>(&format!("() => {{ document.querySelector('{in_sight}').scrollIntoView(); }}")).await;
        let file = std::path::Path::new(ROOT).join(folder).join(format!("{screen}-{:?}-{}-there.png", browser.kind, size.0));
        std::fs::write(file, browser.picture().await).expect("the picture can be written");
    }
    browser.resize(if browser.name == "desk" { LAPTOP } else { PHONE }).await;
}

/// An administrator says what can be rung.
async fn sets_numbers(desk: &Desk, service: &str, seen: &mut Inspection) {
    desk.go(&format!("{service}/admin#pages")).await;
    for (at, one) in NUMBERS.iter().enumerate() {
        let count = (at + 1).to_string();
        for (part, text) in ["label", "number", "answered"].into_iter().zip(one) {
            desk.write(&say_with(&format!("admin.pages.outside.{part}"), &[("count", &count)]), text).await;
        }
    }
    desk.write(say("admin.keeping.reason"), "Agreed with the night team").await;
    desk.sees(&format!("Evenings, 5 pm to midnight {}", NUMBERS[0][1])).await;
    desk.press(say("admin.pages.save")).await;
    desk.until_offered(say("admin.pages.undo")).await;
    // Firefox complains of what axe-core asks the preview's frame.
    if desk.kind == Kind::Chromium {
        look(seen, desk, "admin-outside", "[data-key=outside]").await;
        look(seen, desk, "admin-outside-preview", "[data-key=outside-preview]").await;
    }
    desk.go(&format!("{service}/desk")).await;
    desk.sees_today().await;
}

/// Goes on by Tab until the focus is in this field.
async fn tabs_to(desk: &Desk, id: &str) {
    for _ in 0..120 {
        if has_focus(desk, id).await {
            return;
        }
        desk.key(Key::Tab).await;
    }
    desk.fail(&format!("#{id} isn't reached by Tab; the focus is on “{}”", desk.focused().await)).await;
}

async fn has_focus(desk: &Desk, id: &str) -> bool {
    desk.ask(&format!("() => document.activeElement.id === '{id}'")).await
}

/// Types a time of the morning, which fields of twelve hours take as well as those of 24.
async fn types_a_time(desk: &Desk, id: &str, time: &str) {
    tabs_to(desk, id).await;
    desk.key(format!("{}AM", time.replace(':', ""))).await;
    assert_eq!(desk.ask::<String>(&format!("() => document.getElementById('{id}').value")).await, time);
}

/// By keyboard alone: hours on another day than today, so that now is outside of them.
async fn sets_hours(desk: &Desk, seen: &mut Inspection) {
    goes_to_and_presses(desk, say("desk.settings"), Key::Enter).await;
    goes_to_and_presses(desk, say("desk.hours"), Key::Enter).await;
    desk.until("the form", "() => document.querySelector('[data-form=hours]')").await;
    let day: u32 = desk.ask(ANOTHER_DAY).await;
    types_a_time(desk, &format!("field-from-{day}-0"), "09:00").await;
    types_a_time(desk, &format!("field-until-{day}-0"), "10:30").await;

    // One more time on that day: the focus is where it is typed, and what was typed before is there.
    let add = say_with("desk.hours.add.to", &[("day", say(&format!("desk.day.{day}")))]);
    goes_to_and_presses(desk, &add, Key::Enter).await;
    desk.until("the new row", &format!("() => document.activeElement.id === 'field-from-{day}-1'")).await;
    types_a_time(desk, &format!("field-from-{day}-1"), "11:00").await;
    types_a_time(desk, &format!("field-until-{day}-1"), "11:45").await;

    // Days away that were added by mistake: out again, and the focus is on what is next to it.
    goes_to_and_presses(desk, say("desk.hours.away.add"), Key::Enter).await;
    desk.until("the first day", "() => document.activeElement.id === 'field-away-from-0'").await;
    look(seen, desk, "hours", "[data-form=hours]").await;
    goes_to_and_presses(desk, &say_with("desk.hours.away.drop.of", &[("count", "1")]), Key::Enter).await;
    desk.until("no days away", "() => !document.getElementById('field-away-from-0')").await;
    assert_eq!(desk.focused().await, say("desk.hours.away.add"));

    goes_to_and_presses(desk, say("desk.form.save"), Key::Enter).await;
    desk.sees(say("desk.hours.outside")).await;
    desk.until("the heading", "() => document.activeElement.id === 'hours-head'").await;
    let kept: Value = desk.ask("async () => (await fetch('/api/hours')).json()").await;
    let spans = json!([{ "day": day, "from": 540, "until": 630 }, { "day": day, "from": 660, "until": 705 }]);
    assert_eq!((&kept["hours"]["spans"], &kept["outside"]), (&spans, &json!(true)));
    look(seen, desk, "hours-saved", "[data-key=hours]").await;
}

/// Every hour of the week is one of theirs.
async fn works_always(desk: &Desk) {
    desk.ask::<()>(
        "async () => {
            const { hours } = await (await fetch('/api/hours')).json();
            hours.spans = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: 0, until: 1440 }));
            const headers = { 'content-type': 'application/json' };
            const reply = await fetch('/api/hours', { method: 'PUT', headers, body: JSON.stringify(hours) });
            if (!reply.ok || (await reply.json()).outside) throw new Error('not set');
        }",
    )
    .await;
}

/// What of the numbers is in this page, or in whatever it has loaded.
async fn holds(phone: &Phone) -> Vec<&'static str> {
    let all: String = phone
        .ask(
            "async () => {
                const loaded = performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.includes('/api/'));
                const bodies = [location.href.split('#')[0]].concat(loaded).map(async (url) => (await fetch(url)).text());
                return [document.documentElement.outerHTML].concat(await Promise.all(bodies)).join('\\n');
            }",
        )
        .await;
    NUMBERS.concat().into_iter().filter(|part| !part.is_empty() && all.contains(part)).collect()
}

async fn has_nothing_of_them(phone: &Phone) {
    assert_eq!(holds(phone).await, [""; 0]);
    assert!(!phone.shows(say("say.hello.nobody")).await);
}

/// Whether the service was asked for anything but the page itself.
async fn has_asked(phone: &Phone) -> bool {
    let asked = "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/api/'))";
    phone.ask::<bool>(asked).await || !phone.journal().of("socket").is_empty()
}

#[derive(Deserialize, Debug)]
struct Link {
    text: String,
    href: String,
    height: f64,
    /// A finger in its middle meets it.
    meets: bool,
}

/// What can be rung, as it stands there.
async fn links(phone: &Phone) -> Vec<Link> {
    phone
        .ask(
            "() => [...document.querySelectorAll('#outside a')].map((one) => {
                one.scrollIntoView({ block: 'center' });
                const { left, top, width, height } = one.getBoundingClientRect();
                const meets = document.elementFromPoint(left + width / 2, top + height / 2) === one;
                return { text: one.textContent, href: decodeURIComponent(one.href), height, meets };
            })",
        )
        .await
}

async fn outside_of_their_hours(kind: Kind) {
    let world = World::new().await;
    let mut seen = Inspection::new();
    let desk = world.desk(kind).await;
    sets_numbers(&desk, world.service.url(), &mut seen).await;
    sets_hours(&desk, &mut seen).await;
    let link = desk.plan_at("K-0931", 120).await;

    let phone = world.phone(kind).await;
    phone.go(&link).await;
    phone.until_offered(say("join.hello.go")).await;
    assert!(!has_asked(&phone).await, "nothing was asked for");
    assert!(!phone.shows(say("say.hello.ring")).await);
    has_nothing_of_them(&phone).await;

    phone.press(say("join.hello.go")).await;
    phone.sees("You are early.").await;
    phone.sees(say("say.hello.nobody")).await;
    phone.sees(say("say.hello.ring")).await;
    assert!(has_asked(&phone).await, "the control: it was asked for now");
    assert_eq!(holds(&phone).await.len(), 5, "the control: they are found where they are");
    phone.resize(PHONE).await;
    let shown = links(&phone).await;
    assert_eq!(shown.len(), NUMBERS.len());
    for (one, [label, number, answered]) in shown.iter().zip(NUMBERS) {
        assert_eq!((one.text.as_str(), one.href.as_str()), (number, format!("tel:{number}").as_str()));
        assert!(one.meets && one.height >= 44.0, "{one:?}");
        phone.sees(&[label, answered].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")).await;
    }
    look(&mut seen, &phone, "outside", "#hello").await;
    assert_eq!(phone.focused().await, say("join.hello.go"), "it can be tried again where it was pressed");

    // A reload before "Continue" is as the first look was; and within their hours it is early and no more.
    phone.reload().await;
    phone.until_offered(say("join.hello.go")).await;
    has_nothing_of_them(&phone).await;
    works_always(&desk).await;
    phone.press(say("join.hello.go")).await;
    phone.sees("You are early.").await;
    has_nothing_of_them(&phone).await;
    if kind == Kind::Chromium {
        seen.nothing_found(5);
    }
    desk.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_hours_or_numbers_is_on_a_phone_before_continue_and_outside_of_them_both_are_after_it_in_chromium() {
    outside_of_their_hours(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_hours_or_numbers_is_on_a_phone_before_continue_and_outside_of_them_both_are_after_it_in_firefox() {
    outside_of_their_hours(Kind::Firefox).await;
}

/// How often the desk has made a sound.
fn sounds(desk: &Desk) -> usize {
    desk.journal().of("sound").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn do_not_disturb_outlasts_page_and_service_and_when_it_ends_who_still_waits_is_heard_in_chromium() {
    let mut world = World::to_be_started_again().await;
    let mut seen = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    let stands = say("desk.undisturbed").split("{time}").next().expect("has words");
    goes_to_and_presses(&desk, say("desk.settings"), Key::Enter).await;
    tabs_to(&desk, "field-undisturbed").await;
    desk.key(Key::Enter).await;
    desk.sees(say("desk.undisturbed.wrong")).await;
    look(&mut seen, &desk, "disturbed", ".undisturbed-set").await;
    goes_to_and_presses(&desk, say("desk.undisturbed.hour"), Key::Enter).await;
    desk.sees(stands).await;
    assert_eq!(desk.focused().await, say("desk.undisturbed.off"));
    look(&mut seen, &desk, "undisturbed", ".undisturbed-set").await;
    look(&mut seen, &desk, "undisturbed-note", ".undisturbed").await;

    world.service.kill().await;
    world.start_again().await;
    desk.reload().await;
    desk.sees_today().await;
    desk.sees(stands).await;

    // Somebody comes: the page says so, and makes no sound.
    let link = desk.plan().await;
    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock().await;
    assert_eq!(sounds(&desk), 0);

    // As if the hour were over: they wait still, and are heard.
    desk.ask::<()>(
        "() => {
            const key = 'sidelight.desk.undisturbed';
            const [whose] = localStorage.getItem(key).split(' ');
            localStorage.setItem(key, `${whose} ${Math.floor(Date.now() / 1000) + 1}`);
        }",
    )
    .await;
    desk.sees_no_more(stands).await;
    assert!(sounds(&desk) > 0, "who waits is heard");
    desk.press(say("desk.settings")).await;
    desk.press(say("desk.undisturbed.open")).await;
    desk.sees(stands).await;
    desk.press(say("desk.undisturbed.off")).await;
    desk.sees_no_more(stands).await;
    assert_eq!(desk.ask::<u32>("() => Object.keys(localStorage).filter((key) => key.includes('undisturbed')).length").await, 0);
    seen.nothing_found(3);
    desk.did_nothing_wrong().await;
}
