//! Access to the relay is given anew before it is over, to those who may have it and to nobody else.

use super::*;

/// Long enough for everything before the first renewal, short enough to wait for.
const LASTS: Duration = Duration::from_secs(2);

/// What was asked of the relay since the first so many lines.
fn asked_since(world: &World, first: usize) -> Vec<String> {
    lock(&world.relay.asked)[first..].to_vec()
}

/// Each once.
fn peers(mut asked: Vec<String>) -> Vec<String> {
    asked.sort();
    asked.dedup();
    asked
}

#[tokio::test]
async fn both_are_given_fresh_access_before_theirs_is_over_within_the_same_conversation() {
    let world = World::whose_access_lasts(LASTS).await;
    let (mut phone, mut desk, epoch) = world.talking().await;
    let first = peers(asked_since(&world, 0));
    assert_eq!(first.len(), 2);
    for _ in 0..2 {
        let (of_phone, of_desk) = (phone.until("relay").await, desk.until("relay").await);
        assert_eq!((&of_phone["epoch"], &of_desk["epoch"]), (&epoch, &epoch));
        assert_eq!((&of_desk["contact"], &of_desk["person"]), (&json!(world.contact), &json!("alex")));
    }
    let all = asked_since(&world, 0);
    assert!(all.len() >= 6, "{all:?}");
    assert_eq!(peers(all), first, "always the same two peers, so that revoking them ends all that they were given");
}

#[tokio::test]
async fn whoever_was_put_back_or_is_away_is_given_nothing_by_the_clock() {
    let world = World::whose_access_lasts(LASTS).await;
    let (mut phone, mut desk, _) = world.talking().await;
    drop(phone);
    while desk.until("contact").await["view"]["people"][0]["lost"].is_null() {}
    let away = lock(&world.relay.asked).len();
    tokio::time::sleep(LASTS).await;
    let desks = asked_since(&world, away);
    assert!(!desks.is_empty() && desks.iter().all(|line| *line == desks[0]), "the desk alone is given more: {desks:?}");

    // Back in time, they have it by coming back.
    phone = world.phone(&world.session("session").await, "tab").await;
    phone.until("relay").await;
    desk.say(world.act(&json!({ "do": "put_back", "person": "alex" }))).await;
    phone.stage("waiting").await;
    let back = lock(&world.relay.asked).len();
    tokio::time::sleep(LASTS).await;
    assert_eq!(asked_since(&world, back), [""; 0]);
}

#[tokio::test]
async fn who_waits_is_given_their_own_line_to_try_until_they_try_again_or_are_let_in() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    for _ in 0..2 {
        phone.say(json!({ "type": "check" })).await;
        let access = phone.until("check").await["access"].clone();
        assert!(access["username"].is_string() && access["urls"].is_array(), "{access}");
    }
    desk.say(world.act(&json!({ "do": "admit", "person": "alex" }))).await;
    phone.stage("in").await;
    let asked = asked_since(&world, 0);
    let (first, second) = (asked[0].replace("grant ", ""), asked[2].replace("grant ", ""));
    let name = |own: &str| own.replace(" (own)", "");
    assert!(first.ends_with(" (own)") && second.ends_with(" (own)") && first != second, "{asked:?}");
    assert_eq!((&asked[1], &asked[3]), (&format!("revoke {}", name(&first)), &format!("revoke {}", name(&second))), "{asked:?}");
    assert_eq!(asked[4..].iter().filter(|line| line.starts_with("grant") && !line.contains("(own)")).count(), 2, "{asked:?}");
}

#[tokio::test]
async fn a_line_that_is_tried_goes_with_the_page() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    phone.say(json!({ "type": "check" })).await;
    phone.until("check").await;
    drop(phone);
    while desk.until("contact").await["view"]["people"][0]["lost"].is_null() {}
    let asked = asked_since(&world, 0);
    assert!(asked.len() == 2 && asked[1].starts_with("revoke "), "{asked:?}");
}

#[tokio::test]
async fn a_sign_in_that_ends_takes_the_relay_from_its_page_even_where_the_page_has_gone_and_from_nobody_else() {
    for gone in [false, true] {
        let world = World::new().await;
        let (_phone, desk, _) = world.talking().await;
        let granted = peers(asked_since(&world, 0));
        if gone {
            drop(desk);
        }
        world.hub.close_sign_in("sign-in of robin").await;
        let before = lock(&world.relay.asked).len();
        world.hub.close_sign_in("sign-in of sam").await;
        while asked_since(&world, before).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Time enough for one too many.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let taken =
            asked_since(&world, 0).into_iter().filter_map(|line| Some(line.strip_prefix("revoke ")?.to_owned())).collect::<Vec<_>>();
        assert_eq!(taken.len(), 1, "the practitioner's and nobody else's: {taken:?}");
        assert!(granted.contains(&format!("grant {}", taken[0])), "{taken:?}");
    }
}
