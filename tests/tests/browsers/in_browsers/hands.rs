//! A contact changes hands while somebody waits.

use super::screens::Inspection;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{LAPTOP, REFERENCE, World};
use std::time::{Duration, Instant};

async fn joins(world: &World, who: &'static str, name: &str, role: &str) -> Desk {
    let told = world.staff(&["add", "--name", name, "--email", &format!("{who}@example.org"), "--role", role]).await;
    let desk = Desk::new(Browser::open(who, &Setup::new(Kind::Chromium, LAPTOP)).await, world.service.url());
    desk.joins_by(told.split_whitespace().next().expect("a link is printed")).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_handed_over_while_they_wait_is_let_in_by_the_colleague_and_sees_the_right_name() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let sam = world.desk(Kind::Chromium).await;
    let kim = joins(&world, "kim", "Kim Lee", "practitioner").await;
    kim.sees_today().await;
    let link = sam.plan().await;
    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    sam.hears_a_knock().await;

    sam.press(say("desk.hands.give")).await;
    sam.until_offered(say("desk.hands.give.yes")).await;
    look.look(&sam, "hand-over").await;
    sam.write(say("desk.hands.note"), "They like to take it slow.").await;
    sam.press(say("desk.hands.give.yes")).await;
    sam.press(say("desk.hands.undo")).await;
    sam.sees(say("desk.hands.undone")).await;
    assert!(!kim.shows(REFERENCE).await, "it was undone");

    sam.press(say("desk.hands.give")).await;
    sam.until_offered(say("desk.hands.give.yes")).await;
    sam.write(say("desk.hands.note"), "They like to take it slow.").await;
    sam.press(say("desk.hands.give.yes")).await;
    sam.sees("It is with Kim Lee now.").await;
    let began = Instant::now();
    kim.sees(REFERENCE).await;
    println!("on the colleague's desk {:?} after it went", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    kim.pick(REFERENCE).await;
    kim.sees("They like to take it slow.").await;
    look.look(&kim, "handed-over").await;
    kim.admits().await;
    phone.sees_the_conversation().await;
    phone.sees("Kim").await;
    assert!(!phone.shows("Sam").await, "{}", phone.text().await);

    // Asked back in, and out again: what stands on the desk of each.
    kim.press(say("desk.hands.ask")).await;
    kim.until_offered(say("desk.hands.ask.yes")).await;
    kim.press(say("desk.hands.ask.yes")).await;
    sam.sees(&say_with("desk.hands.short.asked", &[("name", "Kim Lee")])).await;
    kim.press(&say_with("desk.hands.take_out", &[("name", "Sam Rivers")])).await;
    sam.sees_no_more(&say_with("desk.hands.short.asked", &[("name", "Kim Lee")])).await;
    look.nothing_found(2);
    kim.ends().await;
    phone.sees_goodbye().await;
    for page in [&*sam, &*kim, &*phone] {
        page.did_nothing_wrong().await;
    }
}

/// Both in one team, as an administrator puts them there.
const ONE_TEAM: &str = "async () => {
    const ask = async (method, path, body) => {
        const headers = { 'content-type': 'application/json' };
        const reply = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
        if (!reply.ok) throw new Error(path + ': ' + reply.status + ' ' + await reply.text());
        return reply.status === 204 ? null : reply.json();
    };
    const { id: team } = await ask('POST', '/api/teams', { name: 'North' });
    const { members } = await ask('GET', '/api/members');
    for (const { id, name, roles } of members) if (name !== 'Sam Rivers') await ask('PUT', '/api/members/' + id, { roles, team });
}";

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_covers_a_contact_of_their_team_and_gives_it_back() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let sam = world.desk(Kind::Chromium).await;
    let lee = joins(&world, "lee", "Lee Brook", "practitioner").await;
    lee.sees_today().await;
    let kim = joins(&world, "kim", "Kim Lee", "supervisor").await;
    kim.sees(say("desk.today")).await;
    sam.ask::<()>(ONE_TEAM).await;
    lee.plan().await;

    kim.go(&format!("{}/admin#team", world.service.url())).await;
    kim.sees("Lee Brook").await;
    assert!(!kim.shows(REFERENCE).await, "that it is, and nothing of what is in it");
    kim.press(say("admin.team.cover")).await;
    kim.write(say("admin.team.cover.reason"), "short").await;
    look.look(&kim, "team-cover").await;
    kim.key(thirtyfour::Key::Enter).await;
    kim.until("what is wrong", "() => document.querySelector('.mistake')").await;
    kim.write(say("admin.team.cover.reason"), "Lee is unwell today").await;
    kim.key(thirtyfour::Key::Enter).await;
    kim.sees(say("admin.team.cover.back")).await;
    look.look(&kim, "team-covered").await;
    lee.until("who covers it", "() => /Kim Lee/.test(document.querySelector('[data-key=hands]').textContent)").await;
    kim.go(&format!("{}/desk", world.service.url())).await;
    kim.pick(REFERENCE).await;
    kim.until_offered(say("desk.planned.move")).await;
    look.look(&kim, "covering").await;
    kim.press(say("desk.hands.give_back")).await;
    kim.sees_no_more(REFERENCE).await;
    lee.until("nobody covers it", "() => !/Kim Lee/.test(document.querySelector('[data-key=hands]').textContent)").await;
    look.nothing_found(3);
    for page in [&sam, &lee, &kim] {
        page.did_nothing_wrong().await;
    }
}
