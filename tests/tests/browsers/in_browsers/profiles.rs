//! What a browser keeps of a contact that was left, in every way there is to leave it.

use serde_json::json;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::profile::Profile;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{PHONE, World};

/// Words that no browser has by itself.
const GREETING: &str = "Persephonella";
const PRACTITIONER: &str = "Balthasarius";
const REFERENCE: &str = "ZQ-90417-K";
const WAITING: &str = "The kettle hums in F sharp";
const PLANTED: &str = "planted-bergamot-lattice";

#[derive(Clone, Copy, Debug)]
enum Leaving {
    ThisPage,
    EndCall,
    EndedByDesk,
    Later,
    /// By voice, with sound on the way.
    InTheMiddleOfACall,
}

const WAYS: [Leaving; 5] = [Leaving::ThisPage, Leaving::EndCall, Leaving::EndedByDesk, Leaving::Later, Leaving::InTheMiddleOfACall];

/// Plans a contact full of words to be looked for; its link.
async fn planned(desk: &Desk, number: usize) -> String {
    let reference = format!("{REFERENCE}{number}");
    desk.press(say("desk.new")).await;
    for (field, words) in [
        ("desk.form.reference", reference.as_str()),
        ("desk.form.greeting", GREETING),
        ("desk.form.practitioner", PRACTITIONER),
        ("desk.form.waiting_words", WAITING),
    ] {
        desk.write(say(field), words).await;
    }
    desk.press(say("desk.form.save_new")).await;
    desk.link().await
}

async fn leaves(desk: &Desk, phone: &Phone, (number, how): (usize, Leaving), typed: [&str; 2]) {
    if matches!(how, Leaving::Later) {
        return phone.press(say("join.check.later")).await;
    }
    if matches!(how, Leaving::InTheMiddleOfACall) {
        phone.press(say("join.check.yes")).await;
        phone.choose(Way::Voice).await;
    } else {
        phone.press(say("join.check.type")).await;
    }
    phone.sees_the_waiting_room().await;
    phone.sees(WAITING).await;
    desk.hears_a_knock_of(&format!("{REFERENCE}{number}")).await;
    desk.admits().await;
    if matches!(how, Leaving::InTheMiddleOfACall) {
        desk.knows_them().await;
        phone.receives(20, 0).await;
    }
    phone.says(typed[0]).await;
    desk.sees(typed[0]).await;
    desk.write(&say_with("desk.texts.write", &[("name", GREETING)]), typed[1]).await;
    desk.press(say("desk.texts.send")).await;
    phone.sees(typed[1]).await;
    match how {
        Leaving::EndCall => phone.ends().await,
        Leaving::EndedByDesk => desk.ends().await,
        Leaving::ThisPage | Leaving::InTheMiddleOfACall | Leaving::Later => return phone.leaves().await,
    }
    phone.sees_goodbye().await;
}

/// What the service says to whoever comes with a session: in what stage they are, or that they are nobody.
async fn greeted_with(page: &Desk, session: &str) -> String {
    let hello = json!({ "type": "hello", "protocol": 2, "session": session, "tab": "later" });
    page.ask(&format!(
        "() => new Promise((done) => {{
            const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/guest');
            socket.onopen = () => socket.send({:?});
            socket.onmessage = ({{ data }}) => {{
                const message = JSON.parse(data);
                if (message.type === 'view') done(message.view.stage.name + ' ' + data);
                if (message.type === 'bye') done('bye');
            }};
            socket.onclose = ({{ reason }}) => done('closed ' + reason);
        }})",
        hello.to_string()
    ))
    .await
}

async fn keeps_nothing_that_is_worth_anything(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone_of(&Setup { keeps: true, ..Setup::new(kind, PHONE) }).await;
    // The control: what a page does keep is found.
    phone.go(&format!("{}?{PLANTED}-visited", world.neutral.url())).await;
    phone.ask::<()>(&format!("() => localStorage.setItem('planted', '{PLANTED}-stored')")).await;

    let (mut links, mut said) = (vec![], vec![]);
    for (number, how) in WAYS.into_iter().enumerate() {
        let link = planned(&desk, number).await;
        let typed = [format!("wistaria{number} of the phone"), format!("oleander{number} of the desk")];
        phone.open(&link).await;
        phone.sees(say("join.check.title")).await;
        leaves(&desk, &phone, (number, how), [&typed[0], &typed[1]]).await;
        links.push(link);
        said.extend(typed);
        // Into another page, as the neutral one is after a while.
        phone.go(world.neutral.url()).await;
    }
    let mut sessions = vec![];
    for message in phone.journal().sent() {
        if let Some(session) = message["session"].as_str().filter(|session| session.split('.').count() == 3) {
            sessions.push(session.to_owned());
        }
    }
    assert!(sessions.len() >= WAYS.len(), "{sessions:?}");

    let kept = phone.close().await;
    let profile = Profile::read(kept.path());
    for planted in ["visited", "stored"] {
        assert!(!profile.holding(&format!("{PLANTED}-{planted}")).is_empty(), "the control: what was {planted} is found");
    }
    for words in [GREETING, PRACTITIONER, REFERENCE, WAITING].into_iter().chain(said.iter().map(String::as_str)) {
        assert_eq!(profile.holding(words), [""; 0], "{words:?}");
    }
    // A link stays in a history; so none may be worth anything. Nor may a session, wherever one stands.
    let tokens: Vec<&str> = links.iter().filter_map(|link| link.split('#').nth(1)).collect();
    let found = tokens.iter().filter(|token| !profile.holding(token).is_empty()).count();
    let sessions_found = sessions.iter().filter(|session| !profile.holding(session).is_empty()).count();
    println!("{kind:?}: {found} of {} links and {sessions_found} of {} sessions are in the profile", links.len(), sessions.len());
    for session in &sessions {
        let answer = greeted_with(&desk, session).await;
        assert!(["over", "bye", "closed"].iter().any(|end| answer.starts_with(end)), "{answer}");
        assert!(![GREETING, PRACTITIONER, WAITING].iter().any(|words| answer.contains(words)), "{answer}");
    }
    let another = world.phone(Kind::Chromium).await;
    for (link, how) in links.iter().zip(WAYS) {
        another.go(link).await;
        another.press(say("join.hello.go")).await;
        // After "Later" the same person may come back within the hour: it asks afresh.
        another.sees(say(if matches!(how, Leaving::Later) { "join.check.title" } else { "join.finished.title" })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_nowhere_in_the_profile_and_what_stays_is_worth_nothing_in_chromium() {
    keeps_nothing_that_is_worth_anything(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_nowhere_in_the_profile_and_what_stays_is_worth_nothing_in_firefox() {
    keeps_nothing_that_is_worth_anything(Kind::Firefox).await;
}
