//! One at a time: a service user and an interpreter, each by their own link, are let in by turns. Whoever is on hold gets nothing,
//! learns of nobody, and comes back by one press.

use super::screens::Inspection;
use serde_json::Value;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{GREETING, World};
use std::time::Duration;
use thirtyfour::Key;

const INTERPRETER: &str = "Ana";

/// Long enough for what was on its way to have arrived, and for anything that still comes to be seen.
const WHILE: Duration = Duration::from_secs(2);

impl Turns {
    async fn begun(kind: Kind, look: &mut Inspection) -> Turns {
        let world = World::alone().await;
        let desk = world.desk(Kind::Chromium).await;
        let (jo, ana) = (world.phone(kind).await, world.phone(Kind::Chromium).await);
        let link = desk.plan().await;
        desk.press(say("desk.beside.invite")).await;
        desk.write(say("desk.beside.name"), INTERPRETER).await;
        look.look(&desk, "beside-form").await;
        desk.press(say("desk.beside.make")).await;
        let shown = "() => { const link = document.querySelector('[id^=link-]'); return link && link.value; }";
        let hers = desk.until("the interpreter's link", shown).await.as_str().unwrap_or_default().to_owned();
        assert_ne!(hers, link);
        look.look(&desk, "beside-link").await;
        jo.come_to_the_door(&link, Way::Video).await;
        desk.lets_in_and_starts().await;
        jo.receives(20, 5).await;
        desk.receives(20, 5).await;
        ana.open(&hers).await;
        // No private question: it isn't hers.
        ana.choose(Way::Voice).await;
        ana.sees_the_waiting_room().await;
        Turns { _world: world, desk, jo, ana }
    }
}

struct Turns {
    desk: Desk,
    jo: Phone,
    ana: Phone,
    _world: World,
}

async fn writes(desk: &Desk, name: &str, text: &str) {
    desk.write(&say_with("desk.texts.write", &[("name", name)]), text).await;
    desk.key(Key::Enter).await;
}

/// Messages that came to a page and have to do with sound and picture.
fn of_media(browser: &Browser) -> usize {
    let kinds = ["signal", "relay"];
    let of_them = |message: &&Value| kinds.contains(&message["type"].as_str().unwrap_or_default());
    browser.journal().received().iter().filter(of_them).count()
}

async fn gets_nothing(who: &Browser, before: usize) {
    assert_eq!(who.arrives_in(WHILE).await, (0, 0), "{} hears and sees nothing", who.name);
    assert_eq!(of_media(who), before, "{} is told nothing of any connection", who.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interpreter_and_a_service_user_are_let_in_by_turns_and_what_is_one_s_is_never_the_other_s() {
    let mut look = Inspection::new();
    let Turns { desk, jo, ana, _world } = Turns::begun(Kind::Firefox, &mut look).await;
    // The desk says plainly that it is one at a time, and who waits; the one who waits learns of nobody.
    desk.sees(&say_with("desk.turns.one", &[("name", INTERPRETER), ("inside", GREETING)])).await;
    desk.sees(&say_with("desk.beside.is.interpreter", &[("name", INTERPRETER)])).await;
    look.look(&desk, "one-inside").await;
    writes(&desk, INTERPRETER, "Soon your turn").await;
    ana.sees("Soon your turn").await;
    gets_nothing(&ana, 0).await;
    assert!(!jo.shows("Soon your turn").await);
    let read = ana.text().await;
    assert!(!read.contains(GREETING) && !read.contains(INTERPRETER), "{read}");

    desk.press(say("desk.turns.hold")).await;
    jo.sees(say("say.waiting.on_hold")).await;
    jo.sees(say("say.waiting.unseen_now.both")).await;
    assert_eq!(jo.axe().await, [""; 0], "on hold");
    look.look(&desk, "on-hold").await;
    let at_jo = of_media(&jo);
    assert_eq!(desk.arrives_in(WHILE).await, (0, 0), "nor does anything of theirs arrive");

    desk.admits().await;
    desk.knows_them().await;
    ana.receives(20, 0).await;
    desk.receives(20, 0).await;
    writes(&desk, INTERPRETER, "For you alone").await;
    ana.sees("For you alone").await;
    gets_nothing(&jo, at_jo).await;
    jo.sees(say("say.waiting.on_hold")).await;
    let read = jo.text().await;
    assert!(!read.contains("For you alone") && !read.contains(INTERPRETER), "{read}");
    // Texts stay with whom they belong to, also from those on hold.
    jo.says("I am still here").await;
    desk.sees("I am still here").await;
    assert!(!ana.shows("I am still here").await);

    desk.puts_back().await;
    ana.sees_the_waiting_room().await;
    let at_ana = of_media(&ana);
    desk.press(say("desk.turns.carry_on")).await;
    // Their phone may be in other hands by now: they are looked at first again, with no press on their side.
    desk.receives(20, 5).await;
    assert_eq!(jo.arrives_in(WHILE).await, (0, 0), "the practitioner isn't heard before they know who is there");
    desk.knows_them().await;
    jo.receives(20, 5).await;
    gets_nothing(&ana, at_ana).await;
    look.nothing_found(4);
    for browser in [&*desk, &*jo, &*ana] {
        browser.did_nothing_wrong().await;
    }
}
