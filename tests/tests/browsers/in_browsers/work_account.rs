//! Signing in by a work account at a provider on another site, and signing out there.

use super::screens::Inspection;
use serde_json::json;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::ports::free_port;
use sidelight_e2e::words::say;
use sidelight_e2e::work_provider::WorkProvider;
use sidelight_e2e::world::{LAPTOP, World};
use thirtyfour::cookie::SameSite;

async fn goes_to_the_provider(desk: &Desk, provider: &WorkProvider) {
    desk.press(say("desk.work.do")).await;
    desk.sees("Work accounts").await;
    let there = desk.address().await;
    assert!(there.starts_with(&provider.issuer), "{there}");
}

async fn somebody_signs_in(kind: Kind) {
    let listen = format!("127.0.0.1:{}", free_port());
    let service = format!("http://{listen}");
    let people = json!({
        "sam": { "name": "Sam Rivers", "email": "sam@council.example", "email_verified": true, "roles": ["talks"] },
        "kim": { "name": "Kim Ito", "email": "kim@council.example", "email_verified": true, "roles": ["elsewhere"] },
    });
    let provider = WorkProvider::start(&service, people).await;
    let world = World::with(|settings| {
        settings.set("web.listen", &listen);
        provider.set(settings).set("oidc.link_claim", "email").set("oidc.new_people", "true");
        settings.set("oidc.role_claims", "[\"roles\"]").set("oidc.roles", "[\"talks=practitioner\"]");
    })
    .await;
    let desk = Desk::new(Browser::open("desk", &Setup::new(kind, LAPTOP)).await, world.service.url());
    let mut look = Inspection::new();
    desk.go(&format!("{service}/desk")).await;
    desk.sees(say("desk.work.or")).await;
    if kind == Kind::Chromium {
        look.look(&desk, "entry-work").await;
    }

    // They think better of it; and somebody who is nothing here.
    goes_to_the_provider(&desk, &provider).await;
    desk.press("Not now").await;
    desk.sees(say("desk.problem.work_denied")).await;
    if kind == Kind::Chromium {
        look.look(&desk, "entry-work-denied").await;
    }
    goes_to_the_provider(&desk, &provider).await;
    desk.write("Name", "sam").await;
    desk.press("Go on").await;
    desk.sees_today().await;
    assert_eq!(desk.address().await, format!("{service}/desk"));
    let kept = desk.driver().get_all_cookies().await.expect("cookies are told");
    let own = kept.iter().find(|cookie| cookie.name == "sidelight").expect("the sign-in's own");
    assert_eq!((own.same_site.as_ref(), own.secure), (Some(&SameSite::Strict), Some(true)));
    assert!(!kept.iter().any(|cookie| cookie.name.contains("_login")), "what was kept for the way is gone");
    desk.reload().await;
    desk.sees_today().await;

    // At the provider they are signed in still, so one press leads through.
    desk.press(say("desk.sign_out")).await;
    desk.press(say("desk.work.do")).await;
    desk.sees_today().await;
    desk.did_nothing_wrong().await;
    // They sign out there, and the provider tells the service.
    desk.go(&format!("{}/session/end", provider.issuer)).await;
    desk.press("Yes, sign me out").await;
    desk.until("its answer", "() => !/session\\/end$/.test(location.pathname)").await;
    desk.go(&format!("{service}/desk")).await;
    desk.sees(say("desk.work.or")).await;
    // And Back leads to the provider at most, never to an address with its code in it.
    let mut there = vec![];
    for _ in 0..8 {
        desk.driver().back().await.expect("goes back");
        there.push(desk.address().await);
        if there.iter().any(|address| address.contains("/who/")) {
            break;
        }
    }
    assert!(there.iter().any(|address| address.contains("/who/")), "behind the desk is the provider's own page: {there:?}");
    assert!(!there.iter().any(|address| address.contains("/sign-in/back")), "{there:?}");
    look.nothing_found(if kind == Kind::Chromium { 2 } else { 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_by_a_work_account_of_another_site_in_chromium() {
    somebody_signs_in(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_by_a_work_account_of_another_site_in_firefox() {
    somebody_signs_in(Kind::Firefox).await;
}
