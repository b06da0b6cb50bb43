//! "About this page": what a phone keeps, told within the page, so that nothing of it is kept as well.

use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;

async fn adds_nothing_to_the_history(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.go(world.neutral.url()).await;
    phone.go(&link).await;
    phone.sees(say("join.hello.text")).await;
    phone.until_offered(say("join.hello.go")).await;
    let entries = "() => history.length";
    let before: u32 = phone.ask(entries).await;
    let fetched = "() => performance.getEntriesByType('resource').filter((one) => /stays|about/.test(one.name)).length";
    assert_eq!(phone.ask::<u32>(fetched).await, 0, "nobody pays for it who doesn't ask");
    let address = phone.address().await;

    phone.press(say("join.about")).await;
    phone.sees(say("about.message")).await;
    let history = if kind == Kind::Firefox { "about.history.firefox" } else { "about.history.chrome" };
    assert!(phone.shows(say(history)).await, "in the words for this browser");
    assert!(phone.ask::<u32>(fetched).await > 0);
    phone.press(say("about.back")).await;
    phone.sees_no_more(say("about.message")).await;
    assert_eq!(phone.focused().await, say("join.about"));
    // Read twice: it is there already.
    phone.press(say("join.about")).await;
    phone.sees(say("about.message")).await;
    let copies = format!("() => document.body.textContent.split({:?}).length - 1", say("about.message"));
    assert_eq!(phone.ask::<u32>(&copies).await, 1);
    assert_eq!((phone.ask::<u32>(entries).await, phone.address().await), (before, address));
    phone.did_nothing_wrong().await;

    // One step back is out of the page, however long the small print was read.
    let _ = phone.try_ask::<()>("() => { setTimeout(() => history.back(), 50); }").await;
    let neutral = format!("() => location.href.startsWith({:?})", world.neutral.url());
    phone.until("the page before", &neutral).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_what_stays_adds_nothing_to_the_history_and_back_leaves_in_chromium() {
    adds_nothing_to_the_history(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_what_stays_adds_nothing_to_the_history_and_back_leaves_in_firefox() {
    adds_nothing_to_the_history(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_is_not_offered_after_the_exit() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    // The control: before it, on the first screen, it is offered.
    phone.go(&link).await;
    phone.until_offered(say("join.about")).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("join.check.title")).await;
    let bare = link.split('#').next().expect("a link has an address").to_owned();
    phone.leaves().await;
    phone.until("the neutral page", &format!("() => location.href.startsWith({:?})", world.neutral.url())).await;
    phone.go(&bare).await;
    phone.sees(say("join.bare.text")).await;
    assert!(!phone.offers(say("join.about")).await);
}
