//! What people see of contacts that end by themselves and of those that are erased.

use super::*;
use crate::config::Retention;
use crate::retention::{Keeper, Swept};
use sidelight_room::keeping::Installed;

fn keeper(world: &World) -> Keeper {
    let retention = Retention { installed: Installed::default(), sweep: Duration::from_secs(24 * 3600) };
    Keeper::new(world.records.clone(), world.hub.clone(), &retention)
}

#[tokio::test]
async fn an_erased_contact_goes_from_the_desk_and_is_like_one_that_never_was() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    desk.say(world.act(&json!({ "do": "end" }))).await;
    phone.until("bye").await;
    let mut keeper = keeper(&world);
    assert_eq!(keeper.sweep(now() + 23 * 3600).await.unwrap().erased, 0);
    assert_eq!(
        keeper.sweep(now() + 24 * 3600 + 5).await.unwrap(),
        Swept { woken: 0, erased: 1, plans: 0, records: 0, transcripts: 0, audit: 0, left: 0 }
    );
    assert_eq!(desk.until("gone").await["contact"], world.contact.as_str());
    assert!(!lock(&world.hub.shared.rooms).contains_key(&world.contact), "its room is still in memory");
    desk.say(world.act(&json!({ "do": "take" }))).await;
    assert_eq!(desk.until("refused").await["code"], "unknown");
    assert_eq!(world.hub.details_changed(&world.contact).await, Err(ChangeRefused::Unknown));
    assert!(world.records.invitation(&"a".repeat(32)).await.unwrap().is_none());
    let mut again = world.desk("sam", "another").await;
    assert_eq!(again.next().await["type"], "welcome");
    assert_eq!(again.next().await["type"], "duty");
    assert_eq!(again.next().await["type"], "ready");
}

#[tokio::test]
async fn a_contact_ends_by_itself_though_nobody_looks() {
    let world = World::new().await;
    let past = |hours: u32| ContactDetails { starts_at: now() - hours * 3600, ..details() };
    let over = world.records.new_contact("sam", &past(5), now()).await.unwrap();
    let not_yet = world.records.new_contact("sam", &past(4), now()).await.unwrap();
    let mut keeper = keeper(&world);
    assert_eq!(keeper.sweep(now()).await.unwrap().woken, 1);
    let ended = async |contact: &str| world.records.contact(contact).await.unwrap().unwrap().ended;
    assert!(ended(&over).await.is_some() && ended(&not_yet).await.is_none() && ended(&world.contact).await.is_none());
    assert_eq!(keeper.sweep(now()).await.unwrap(), Swept::default());
}

#[tokio::test]
async fn a_page_that_was_on_its_way_in_when_its_sign_in_ended_is_not_let_in() {
    let world = World::new().await;
    let mut desk = world.open("/ws/desk", Some("sam")).await;
    world.hub.close_sign_in("sign-in of sam").await;
    desk.say(json!({ "type": "hello", "protocol": PROTOCOL, "tab": "tab" })).await;
    assert_eq!(desk.goodbye().await, (json!("no_session"), json!(4002)));
}
