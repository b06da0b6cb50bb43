//! Every screen of both pages: usable by everyone (axe-core finds nothing), and pictured for the README.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::driver::{Camera, Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::portrait::Portrait;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{GREETING, LAPTOP, PHONE, REFERENCE, World};
use std::path::PathBuf;

/// The project's folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The screens that are pictured for the README, each in both sizes; with SIDELIGHT_PICTURES_ALL all are.
const PICTURED: [&str; 10] = [
    "phone-hello",
    "phone-check",
    "phone-how",
    "phone-waiting",
    "phone-call",
    "desk-link",
    "desk-door",
    "desk-look-first",
    "desk-call",
    "desk-alarm",
];

/// What is left of 1280 x 1024 at 400 % (WCAG 2.2, 1.4.10).
const ZOOMED: (u32, u32) = (320, 256);

/// Looks at a screen in both sizes, by day and by night, and whether it fits at 400 %.
pub struct Inspection {
    found: Vec<String>,
    seen: u32,
    pictures: Option<PathBuf>,
}

impl Inspection {
    pub fn new() -> Inspection {
        Inspection {
            found: Vec::new(),
            seen: 0,
            pictures: std::env::var_os("SIDELIGHT_PICTURES").map(|folder| PathBuf::from(ROOT).join(folder)),
        }
    }

    pub async fn look(&mut self, browser: &Browser, screen: &str) {
        for (size, name) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
            browser.resize(size).await;
            for dark in [false, true] {
                browser.dark(dark).await;
                let shade = if dark { "dark" } else { "light" };
                for violation in browser.axe().await {
                    self.found.push(format!("{screen} ({name}, {shade}): {violation}"));
                }
                if browser.ask::<bool>("() => document.documentElement.scrollWidth > innerWidth").await {
                    self.found.push(format!("{screen} ({name}): wider than the window"));
                }
                let picture = format!("{}-{screen}", browser.name);
                let wanted = PICTURED.contains(&picture.as_str()) || std::env::var_os("SIDELIGHT_PICTURES_ALL").is_some();
                if let (Some(folder), false, true) = (&self.pictures, dark, wanted) {
                    std::fs::create_dir_all(folder).expect("the folder can be made");
                    std::fs::write(folder.join(format!("{picture}-{name}.png")), browser.picture().await)
                        .expect("the picture can be written");
                }
            }
        }
        browser.dark(false).await;
        browser.resize(ZOOMED).await;
        if browser.ask::<bool>("() => document.documentElement.scrollWidth > innerWidth").await {
            self.found.push(format!("{screen} (at 400 %): wider than the window"));
        }
        browser.resize(if browser.name == "desk" { LAPTOP } else { PHONE }).await;
        self.seen += 1;
    }

    pub fn nothing_found(&self, screens: u32) {
        assert_eq!(self.seen, screens);
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_screen_of_a_conversation() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk_of(&Setup { portrait: Some(Portrait::Practitioner), ..Setup::new(Kind::Chromium, LAPTOP) }).await;
    let phone = world.phone_of(&Setup { portrait: Some(Portrait::ServiceUser), ..Setup::new(Kind::Chromium, PHONE) }).await;
    look.look(&desk, "empty").await;
    desk.press(say("desk.new")).await;
    desk.until_offered(say("desk.form.save_new")).await;
    look.look(&desk, "new-contact").await;
    desk.press(say("desk.form.cancel")).await;
    let link = desk.plan().await;
    look.look(&desk, "link").await;
    desk.press(say("desk.qr")).await;
    desk.press(say("desk.qr.yes")).await;
    desk.sees(say("desk.qr.hint")).await;
    look.look(&desk, "qr").await;
    desk.press(say("desk.qr.hide")).await;

    phone.go(&link).await;
    phone.until_offered(say("join.hello.go")).await;
    look.look(&phone, "hello").await;
    phone.press(say("join.about")).await;
    phone.sees(say("about.message")).await;
    look.look(&phone, "about").await;
    phone.press(say("about.back")).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("join.check.title")).await;
    look.look(&phone, "check").await;
    phone.press(say("join.check.yes")).await;
    phone.sees(say("join.how.title")).await;
    look.look(&phone, "how").await;
    phone.press(say("join.how.video")).await;
    phone.until_offered(say("join.prepare.works")).await;
    // After a reload nothing is on until it is pressed for.
    phone.reload().await;
    phone.until_offered(say("say.prepare.turn_on.video")).await;
    look.look(&phone, "ask").await;
    phone.press(say("say.prepare.turn_on.video")).await;
    phone.until_offered(say("join.prepare.works")).await;
    look.look(&phone, "prepare").await;
    phone.press(say("join.prepare.works")).await;
    phone.is_known_to_wait().await;
    desk.hears_a_knock().await;
    desk.press(say("desk.late")).await;
    phone.says("No problem").await;
    desk.sees("No problem").await;
    look.look(&phone, "waiting").await;
    phone.press(say("say.prepare.title.video")).await;
    phone.until_offered(say("say.try.done")).await;
    look.look(&phone, "tried").await;
    phone.press(say("say.try.done")).await;
    look.look(&desk, "door").await;
    desk.admits().await;
    phone.sees_the_conversation().await;
    desk.receives(10, 5).await;
    look.look(&phone, "let-in").await;
    look.look(&desk, "look-first").await;
    desk.knows_them().await;
    phone.receives(10, 5).await;
    look.look(&phone, "call").await;
    desk.says("Can you hear me well?").await;
    phone.sees("Can you hear me well?").await;
    look.look(&phone, "call-typing").await;
    look.look(&desk, "call").await;
    phone.press(say("say.bar.more")).await;
    phone.until_offered(say("say.quiet.do")).await;
    look.look(&phone, "more").await;
    phone.press(say("say.quiet.do")).await;
    phone.until_offered(say("say.quiet.off")).await;
    desk.sees(say("desk.talk.quiet")).await;
    look.look(&phone, "quiet").await;
    look.look(&desk, "quiet").await;
    phone.press(say("say.quiet.off")).await;
    phone.until_offered(say("say.bar.unmute")).await;
    desk.press(say("desk.cover")).await;
    desk.sees(say("desk.cover.title")).await;
    look.look(&desk, "covered").await;
    desk.press(say("desk.cover.back")).await;
    desk.sees_no_more(say("desk.cover.back")).await;
    phone.press(say("join.room.end")).await;
    phone.sees(say("join.room.sure")).await;
    look.look(&phone, "end-asked").await;
    phone.press(say("join.room.end")).await;
    phone.sees_goodbye().await;
    look.look(&phone, "goodbye").await;
    desk.until_offered(say("desk.link.make")).await;
    look.look(&desk, "over").await;
    look.nothing_found(25);
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_the_other_screens() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let link_of_staff = world.service.first_link().await;
    let desk = sidelight_e2e::desk::Desk::new(Browser::open("desk", &Setup::new(Kind::Chromium, LAPTOP)).await, world.service.url());
    desk.go(&link_of_staff).await;
    desk.until_offered(say("desk.entry.first.do")).await;
    look.look(&desk, "first").await;
    desk.use_first_link(&link_of_staff).await;
    desk.press(say("desk.sign_out")).await;
    desk.until_offered(say("desk.entry.sign-in.do")).await;
    look.look(&desk, "sign-in").await;
    desk.sign_in().await;

    let phone = world.phone_of(&Setup { camera: Camera::Refused, ..Setup::new(Kind::Chromium, PHONE) }).await;
    phone.refuse_camera(world.service.url()).await;
    phone.go(world.service.url()).await;
    phone.sees(say("join.bare.text")).await;
    look.look(&phone, "bare").await;

    let link =
        desk.plan_with(REFERENCE, &[(say("desk.form.word"), "lantern"), (say("desk.form.response"), "Ring her sister, then 999.")]).await;
    phone.open(&link).await;
    phone.press(say("join.check.yes")).await;
    phone.press(say("join.how.video")).await;
    phone.sees(say("say.trouble.refused.both")).await;
    look.look(&phone, "refused").await;
    phone.press(say("say.prepare.without.both")).await;
    phone.sees_the_waiting_room().await;
    desk.hears_a_knock().await;
    desk.press(say("desk.decline")).await;
    desk.until_offered(say("desk.decline.yes")).await;
    look.look(&desk, "decline-asked").await;
    desk.press(say("desk.decline.yes")).await;
    phone.sees(say("join.declined.title")).await;
    look.look(&phone, "declined").await;

    phone.come_to_the_door(&link, Way::Text).await;
    desk.lets_in_and_starts().await;
    phone.says("I'd rather type.").await;
    desk.sees("I'd rather type.").await;
    look.look(&phone, "text").await;
    look.look(&desk, "text").await;
    desk.press(say("desk.ask")).await;
    phone.until_offered(say("join.check.later")).await;
    look.look(&phone, "asked-again").await;
    look.look(&desk, "asked-again").await;
    phone.press(say("join.check.yes")).await;
    desk.press(say("desk.ask_who")).await;
    phone.until_offered(say("join.who.no")).await;
    look.look(&phone, "who-asked").await;
    look.look(&desk, "who-asked").await;
    phone.press(say("join.who.ch")).await;
    desk.sees(say("desk.who.ch")).await;
    phone.open_tab(world.neutral.url()).await;
    desk.sees(say("desk.state.covered")).await;
    phone.first_tab().await;
    phone.sees(say("join.covered.title")).await;
    look.look(&phone, "covered").await;
    look.look(&desk, "covered").await;
    phone.press(say("join.covered.go")).await;
    phone.sees_the_conversation().await;
    desk.sees(say("desk.suggest.in_sight")).await;
    look.look(&desk, "suggestion").await;
    desk.press(say("desk.suggest.not_now")).await;
    desk.sees_no_more(say("desk.suggest.in_sight")).await;
    desk.press(say("desk.heard")).await;
    desk.sees(say("desk.alarm.head")).await;
    look.look(&desk, "alarm").await;
    let other = world.phone(Kind::Chromium).await;
    other.open(&link).await;
    other.sees(say("join.told.title")).await;
    look.look(&other, "told").await;
    desk.sees(say("desk.other")).await;
    look.look(&desk, "other-browser").await;
    desk.ends().await;
    phone.sees_goodbye().await;

    let early = desk.plan_at("K-0931", 120).await;
    phone.open(&early).await;
    phone.sees("You are early.").await;
    look.look(&phone, "early").await;
    let link = desk.plan_as("K-0932").await;
    phone.open(&link).await;
    phone.press(say("join.check.later")).await;
    phone.sees(say("join.later.text")).await;
    look.look(&phone, "later").await;
    phone.open(&link).await;
    phone.sees(say("join.check.title")).await;
    desk.press(say("desk.link.revoke")).await;
    desk.press(say("desk.link.revoke.yes")).await;
    phone.sees(say("join.finished.title")).await;
    look.look(&phone, "finished").await;
    look.nothing_found(21);
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_a_supervisors_screens() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    let link =
        desk.plan_with(REFERENCE, &[(say("desk.form.word"), "lantern"), (say("desk.form.response"), "Ring her sister, then 999.")]).await;
    {
        let phone = world.phone(Kind::Chromium).await;
        phone.come_to_the_door(&link, Way::Text).await;
        desk.hears_a_knock().await;
        desk.press(say("desk.heard")).await;
    }
    desk.press(say("desk.alarm.hand_over")).await;
    desk.sees(say("desk.supervisor.nobody.waits")).await;
    look.look(&desk, "nobody-on-duty").await;
    let kim = world.supervisor(Kind::Chromium, "Kim Lee").await;
    look.look(&kim, "off-duty").await;
    kim.press(say("desk.duty")).await;
    kim.until_offered(say("desk.supervised.have")).await;
    look.look(&kim, "alarm").await;
    kim.press(say("desk.supervised.have")).await;
    desk.sees("Kim Lee has it since").await;
    look.look(&kim, "has-it").await;
    look.look(&desk, "taken").await;
    look.nothing_found(5);
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_what_is_agreed_together() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    desk.press(say("desk.safety.people")).await;
    desk.press(say("desk.safety.new")).await;
    desk.write(say("desk.form.reference"), "JT-4471").await;
    desk.write(say("desk.form.word"), "lantern").await;
    desk.write(say("desk.form.response"), "Ring her sister, then 999.").await;
    desk.write(say("desk.safety.proves_us"), "Where did we first meet?").await;
    desk.write(say("desk.safety.proves_them"), "What is the dog called?").await;
    desk.write(say("desk.safety.proves_them_answer"), "Biscuit").await;
    desk.press(say("desk.form.save")).await;
    desk.press("JT-4471").await;
    desk.press(say("desk.card.go_through")).await;
    desk.sees(say("desk.card.ask.text")).await;
    desk.press(say("desk.card.close")).await;
    desk.press(say("desk.new")).await;
    desk.write(say("desk.form.reference"), REFERENCE).await;
    desk.write(say("desk.form.greeting"), GREETING).await;
    desk.ask::<()>(
        "() => { const about = document.querySelector('#field-about'); about.selectedIndex = 1;
          about.dispatchEvent(new Event('change', { bubbles: true })); }",
    )
    .await;
    desk.press(say("desk.form.save_new")).await;
    let link = desk.link().await;
    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.lets_in_and_starts().await;
    desk.sees("What is the dog called?").await;
    desk.press(say("desk.proof.not_sure")).await;
    look.look(&desk, "who-and-where").await;
    desk.press(say("desk.proof.known")).await;
    desk.write(&say_with("desk.texts.write", &[("name", GREETING)]), "Is it lantern?").await;
    desk.press(say("desk.texts.send")).await;
    desk.sees(say("desk.texts.held")).await;
    look.look(&desk, "held-back").await;
    desk.press(say("desk.card.agree")).await;
    desk.sees(say("desk.card.ask.text")).await;
    look.look(&desk, "card").await;
    for (question, answer) in
        [("email", "yes"), ("mornings", "no"), ("afternoons", "yes"), ("evenings", "yes"), ("weekends", "no"), ("drops", "no")]
    {
        desk.press(say(&format!("desk.card.{answer}"))).await;
        desk.sees(say(&format!("desk.card.ask.{question}"))).await;
    }
    desk.press(say("desk.card.yes")).await;
    for question in ["other", "exit", "hidden"] {
        desk.sees(say(&format!("desk.card.ask.{question}"))).await;
        desk.press(say(if question == "hidden" { "desk.card.skip" } else { "desk.card.yes" })).await;
    }
    desk.sees(say("desk.card.agreed")).await;
    look.look(&desk, "card-end").await;
    desk.did_nothing_wrong().await;
    look.nothing_found(4);
}

/// The search itself: a page with faults shows them.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_what_is_wrong() {
    let page = sidelight_e2e::neutral::NeutralPage::start().await;
    let browser = Browser::open("page", &Setup::new(Kind::Chromium, PHONE)).await;
    browser.go(page.url()).await;
    browser
        .ask::<()>("() => { document.body.innerHTML = '<main><h1>a</h1><button></button><p style=\"color:#666\">grey</p></main>'; }")
        .await;
    let found = browser.axe().await;
    assert!(found.iter().any(|one| one.starts_with("button-name")), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("color-contrast-enhanced")), "{found:?}");
}
