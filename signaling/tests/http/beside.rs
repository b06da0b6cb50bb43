//! Those invited beside the service user: links of their own.

use crate::contacts::list;
use crate::sockets::desk;
use crate::world::{Folder, Running, details, invitation};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn each_link_is_its_persons_own_also_after_a_power_cut() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let (people, link) = (format!("/api/contacts/{id}/people"), format!("/api/contacts/{id}/invitation"));
    let (theirs, anas, bens) = (invitation(), invitation(), invitation());
    let ana = json!({ "invitation": anas, "part": "interpreter", "name": " Ana " });
    let made = sam.post(&people, ana.clone()).await.is(201)["person"].clone();
    assert_eq!(sam.post(&people, ana).await.is(201)["person"], made, "again, after an answer that got lost");
    assert_eq!(list(&mut sam).await[0]["link"], false, "the service user has none yet");
    sam.put(&link, json!({ "invitation": theirs })).await.is(204);
    let ben = sam.post(&people, json!({ "invitation": bens, "part": "advocate", "name": "Ben" })).await.is(201)["person"].clone();
    // A link is one person's: neither is another's.
    sam.put(&link, json!({ "invitation": anas })).await.refused(422, "invitation_taken");
    sam.post(&people, json!({ "invitation": theirs, "part": "advocate", "name": "Eve" })).await.refused(422, "invitation_taken");
    sam.post(&people, json!({ "invitation": invitation(), "part": "advocate", "name": "  " })).await.refused(422, "name_missing");
    let long = "é".repeat(41);
    sam.post(&people, json!({ "invitation": invitation(), "part": "advocate", "name": long })).await.refused(422, "name_long");

    running.kill();
    let running = Running::start(&folder);
    sam.address.clone_from(&running.address);
    sam.origin = Some(running.address.clone());
    let redeem = async |invitation: &str| running.client().post("/api/redeem", json!({ "invitation": invitation })).await.status.as_u16();
    // A new one of the service user's, or none, leaves theirs alive.
    sam.put(&link, json!({ "invitation": invitation() })).await.is(204);
    sam.send(Method::DELETE, &link, &[], Vec::new()).await.is(204);
    assert_eq!((redeem(&theirs).await, redeem(&anas).await), (404, 200));
    let mut socket = desk(&sam, "tab").await;
    let view = socket.next("contact").await["view"].clone();
    let ana = view["people"].as_array().unwrap().iter().find(|one| one["id"] == made).unwrap().clone();
    assert_eq!((&ana["invitee"], &ana["stage"]["name"]), (&json!({ "part": "interpreter", "name": "Ana" }), &json!("opened")));
    assert_eq!(view["link"], false);
    // Revoked by itself, whoever came by it.
    let revoke = format!("{people}/{}", made.as_str().unwrap());
    sam.send(Method::DELETE, &revoke, &[], Vec::new()).await.is(204);
    sam.send(Method::DELETE, &revoke, &[], Vec::new()).await.is(204);
    assert_eq!((redeem(&anas).await, redeem(&bens).await), (404, 200));
    // Five at a time; a link that was refused isn't left alive.
    for number in 0..4 {
        sam.post(&people, json!({ "invitation": invitation(), "part": "supporter", "name": number.to_string() })).await.is(201);
    }
    let sixth = invitation();
    sam.post(&people, json!({ "invitation": sixth, "part": "supporter", "name": "5" })).await.refused(409, "too_many_people");
    assert_eq!(redeem(&sixth).await, 404);
    sam.send(Method::DELETE, &format!("{people}/{}", ben.as_str().unwrap()), &[], Vec::new()).await.is(204);
    sam.post(&people, json!({ "invitation": invitation(), "part": "supporter", "name": "5" })).await.is(201);
    assert!(!running.log().contains("Ana"), "no name in the log");
}
