//! Where help would go, who is there, and what is agreed together: all of it on the desk, nothing of it on the phone.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{GREETING, PRACTITIONER, World};

const HELP: &str = "4 Mill Lane, the blue door";
const ASKS: &str = "What is the dog called?";
const ANSWER: &str = "Biscuit";
const OTHER: &str = "Talk about the football.";
/// Goes to the phone: the search below has to find it.
const PLANTED: &str = "Lovely to see your message.";

/// Everything that the phone's page holds, and every frame of its socket.
async fn all_of(phone: &Phone) -> String {
    let page = "() => [document.documentElement.outerHTML, document.title, location.href,
      ...[...document.querySelectorAll('input, textarea')].map((one) => one.value),
      ...Object.values(localStorage), ...Object.values(sessionStorage)].join('\\n')";
    let page = phone.ask::<String>(page).await;
    let journal = phone.journal();
    let frames: Vec<String> = journal.received().iter().chain(&journal.sent()).map(ToString::to_string).collect();
    format!("{page}\n{}", frames.join("\n"))
}

/// A plan, as the desk's page would send it: the service's answer is the person's id.
async fn agrees(desk: &Desk) -> String {
    desk.ask::<String>(&format!(
        "async () => {{
            const plan = {{ reference: 'JT-4471', channels: ['calendar'], hours: [], zone: 'Europe/Dublin', number: null, word: 'tamarind',
              spellings: ['tamarynd'], response: 'Write at six.', proves_us: null, proves_them: '{ASKS}', proves_them_answer: '{ANSWER}',
              if_other: '{OTHER}', if_drops: null, if_exit: null, when_hidden: 'voice', signing: false }};
            const headers = {{ 'content-type': 'application/json' }};
            const reply = await fetch('/api/people', {{ method: 'POST', headers, body: JSON.stringify(plan) }});
            return (await reply.json()).id;
        }}"
    ))
    .await
}

/// A contact with that person, in so many minutes.
async fn plans(desk: &Desk, person: &str, reference: &str, minutes: u32) -> String {
    desk.ask::<()>(&format!(
        "async () => {{
            const details = {{ reference: '{reference}', greeting: '{GREETING}', practitioner: '{PRACTITIONER}', minutes: 30, ways: ['video', 'text'],
              waiting_words: null, word: null, response: null, about: '{person}', starts_at: Math.floor(Date.now() / 1000) + {minutes} * 60 }};
            const headers = {{ 'content-type': 'application/json' }};
            await fetch('/api/contacts', {{ method: 'POST', headers, body: JSON.stringify({{ details }}) }});
        }}"
    ))
    .await;
    desk.pick(reference).await;
    desk.press(say("desk.link.make")).await;
    desk.link().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_help_would_go_stands_in_the_text_for_help_and_never_on_the_phone() {
    let world = World::alone().await;
    let desk = world.desk(Kind::Chromium).await;
    let person = agrees(&desk).await;
    desk.reload().await;
    let link = plans(&desk, &person, "A-1", 0).await;
    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock_of("A-1").await;
    assert!(!desk.shows(say("desk.help")).await, "nobody was let in yet");
    desk.admits().await;
    phone.sees_the_conversation().await;
    desk.knows_them().await;

    // Asked calmly, in its place: nothing takes the focus.
    desk.sees(say("desk.help.unknown")).await;
    assert!(!desk.focused().await.contains("field-help"));
    desk.write(say("desk.help"), HELP).await;
    desk.press(say("desk.help.save")).await;
    desk.sees(HELP).await;
    desk.until_offered(say("desk.help.change")).await;

    // Who is there: the question, and its answer on a press.
    desk.sees(ASKS).await;
    assert!(!desk.shows(&format!("Their answer: {ANSWER}")).await);
    desk.press(say("desk.proof.not_sure")).await;
    desk.sees(&say_with("desk.proof.unsure", &[("agreed", OTHER)])).await;
    desk.press(say("desk.proof.known")).await;
    desk.sees_no_more(say("desk.proof")).await;

    // One question of the card, kept at once; and back.
    desk.press(say("desk.card.agree")).await;
    desk.sees(say("desk.card.ask.mornings")).await;
    desk.press(say("desk.card.yes")).await;
    desk.sees(say("desk.card.ask.afternoons")).await;
    let hours = format!("async () => (await (await fetch('/api/people/{person}')).json()).plan.hours.length");
    assert_eq!(desk.ask::<u32>(&hours).await, 1, "kept before the next question stands there");
    desk.press(say("desk.card.back")).await;
    desk.sees(say("desk.card.ask.mornings")).await;
    assert_eq!(desk.ask::<u32>(&hours).await, 0);
    desk.press(say("desk.card.close")).await;
    desk.sees(HELP).await;

    // The word never goes by text: it is held back once.
    desk.says("Is tamarynd still our word?").await;
    desk.sees(say("desk.texts.held")).await;
    desk.says(PLANTED).await;
    phone.sees(PLANTED).await;
    desk.sees_no_more(say("desk.texts.held")).await;

    phone.says("The tamarind is ripe").await;
    desk.sees(say("desk.alarm.head")).await;
    desk.ask::<()>(
        "() => { Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } }); }",
    )
    .await;
    desk.press(say("desk.alarm.copy")).await;
    let copied = desk.until("the text for help", "() => window.copied").await;
    let copied = copied.as_str().unwrap_or_default();
    assert!(copied.contains(&say_with("desk.alarm.text.help", &[("help", HELP)])), "{copied}");
    assert!(!copied.contains("tamarind"), "{copied}");

    let held = all_of(&phone).await;
    for secret in ["Mill Lane", "dog called", ANSWER, "football", "tamarynd", "mornings"] {
        assert!(!held.contains(secret), "{secret} is on the phone");
    }
    assert_eq!(held.matches(PLANTED).count(), 1, "the control: what was sent is found on the page; the frame that brought it is sealed");
    assert!(held.contains(r#""type":"text""#) && held.contains(GREETING), "frames are looked into");
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;

    // By the plan, who is early is told no time.
    let early = world.phone(Kind::Chromium).await;
    early.open(&plans(&desk, &person, "A-2", 120).await).await;
    early.sees(say("say.hello.early_untold")).await;
    assert!(!early.shows("You are early").await);
}
