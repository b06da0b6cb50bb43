//! Signing in by a work account: the way there and back, and who somebody is then. Beside a provider that says what it must not.

use crate::second_factor::{code, enrolled};
use crate::work_provider::{Provider, Signer, led_to, refused};
use crate::world::{Client, Folder, PASSWORD, Running, now};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn words(sam: &mut Client) -> Vec<String> {
    let entries = sam.get("/api/audit").await.is(200)["entries"].clone();
    let words = entries.as_array().unwrap().iter().rev().map(|entry| entry["what"].as_str().unwrap().to_owned());
    words.collect()
}

/// Comes in, by a browser of their own.
async fn comes_in(provider: &Provider, running: &Running) -> Client {
    let mut client = running.client();
    let reply = provider.goes(&mut client).await;
    assert_eq!((reply.status, led_to(&reply).as_str()), (StatusCode::OK, "/desk"));
    client
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_is_refused_alike_and_the_true_one_signs_in() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    running.practitioner().await;
    running.member(&folder, "kim", &["practitioner"]).await;
    let stranger = Signer::new("first");
    let good = || json!({ "iss": provider.issuer, "aud": "sidelight", "sub": "s1", "iat": now(), "exp": now() + 300 });
    let nobodys = format!("eyJhbGciOiJub25lIn0.{}.", data_encoding::BASE64URL_NOPAD.encode(good().to_string().as_bytes()));
    let table: [(&str, Value, Option<String>); 11] = [
        ("another's", json!({ "iss": "https://evil.example.org" }), None),
        ("for another", json!({ "aud": "another" }), None),
        ("for several", json!({ "aud": ["sidelight", "another"] }), None),
        ("of another party", json!({ "azp": "another" }), None),
        ("of another sign-in", json!({ "nonce": "replayed" }), None),
        ("without a nonce", json!({ "nonce": null }), None),
        ("over", json!({ "exp": now() - 61 }), None),
        ("of tomorrow", json!({ "iat": now() + 3600 }), None),
        ("signed by nobody", json!({}), Some(nobodys)),
        ("signed by somebody else", json!({}), Some(stranger.sign(&good()))),
        ("no token", json!({}), Some("x".into())),
    ];
    for (what, claims, token) in table {
        (provider.says().claims, provider.says().token) = (claims, token);
        let mut client = running.client();
        let reply = provider.goes(&mut client).await;
        println!("{what}");
        refused(&reply, 403, "work_untrusted");
        client.get("/api/staff/me").await.refused(401, "not_signed_in");
    }
    (provider.says().claims, provider.says().token) = (json!({}), None);
    let mut kim = comes_in(&provider, &running).await;
    assert_eq!(kim.get("/api/staff/me").await.is(200)["email"], "kim@example.org");
    assert!(!kim.cookies.keys().any(|name| name.starts_with("__Host-")), "nothing of the way is left");
    assert!(!running.log().contains("kim") && !running.log().contains("s1\""), "and the log names nobody");
}

#[tokio::test]
async fn what_comes_back_is_worth_something_once_and_in_the_browser_that_went() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    running.member(&folder, "kim", &["practitioner"]).await;
    let mut client = running.client();
    let asked = provider.begin(&mut client).await;
    let state = asked.fields["state"].clone();
    let expected =
        [("response_type", "code"), ("client_id", "sidelight"), ("scope", "openid profile email"), ("code_challenge_method", "S256")];
    assert!(expected.iter().all(|(name, value)| asked.fields[*name] == *value), "{:?}", asked.fields);
    assert_eq!(asked.fields["redirect_uri"], format!("{}/sign-in/back", running.address));
    let back = format!("/sign-in/back?code=c&state={state}");
    // In a browser that asked for nothing (somebody was sent a link), and in one that asked for something else.
    refused(&running.client().get(&back).await, 401, "work_stale");
    let mut other = running.client();
    provider.begin(&mut other).await;
    refused(&other.get(&back).await, 401, "work_stale");
    for wrong in ["", "?code=c", "?code=c&state=", "?code=c&state=x", "?state=%FF&code=c"] {
        let mut same = client.clone();
        refused(&same.get(&format!("/sign-in/back{wrong}")).await, 401, "work_stale");
    }
    refused(&client.clone().get(&format!("{back}&state={state}")).await, 422, "bad_query");
    assert!(provider.says().codes.is_empty(), "of none of that the provider was asked anything");
    let kept = client.clone();
    // Its challenge is that of the first again.
    provider.begin(&mut running.client()).await;
    refused(&client.get(&back).await, 403, "work_denied");
    // The same a second time: used up, though the browser still had its cookie.
    refused(&kept.clone().get(&back).await, 401, "work_stale");

    let went = async |provider: &Provider, more: &str| {
        let mut client = running.client();
        let asked = provider.begin(&mut client).await;
        client.get(&format!("/sign-in/back?state={}{more}", asked.fields["state"])).await
    };
    // Somebody else's answer (RFC 9207), no answer, and another address to be led to.
    refused(&went(&provider, "&code=c&iss=https%3A%2F%2Fevil.example.org").await, 403, "work_untrusted");
    refused(&went(&provider, "&error=access_denied").await, 403, "work_denied");
    refused(&went(&provider, "&error=%3Cscript%3E&code=c").await, 403, "work_denied");
    refused(&went(&provider, &format!("&code={}", "x".repeat(9000))).await, 403, "work_denied");
    let iss = provider.issuer.replace(':', "%3A").replace('/', "%2F");
    let more = format!("&code=c&iss={iss}&redirect=https%3A%2F%2Fevil.example.org&to=%2F%2Fevil.example.org");
    assert_eq!(led_to(&went(&provider, &more).await), "/desk", "the control");
    provider.says().status = StatusCode::BAD_GATEWAY;
    refused(&went(&provider, "&code=c").await, 503, "work_away");
}

#[tokio::test]
async fn a_provider_that_nobody_vouches_for_or_that_is_another_is_away_and_one_that_promises_its_name_must_say_it() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[("ROOT", "")]);
    running.client().post("/api/staff/work-account", Value::Null).await.refused(503, "work_away");
    drop(running);
    for (name, value) in [
        ("issuer", json!("https://evil.example.org")),
        ("authorization_endpoint", json!("http://localhost/authorize")),
        ("jwks_uri", json!("http://127.0.0.1:9/keys")),
        ("jwks_uri", json!("file:///etc/passwd")),
        ("jwks_uri", json!(null)),
    ] {
        provider.says().document = json!({ name: value });
        let running = provider.service(&folder, &[]);
        running.client().post("/api/staff/work-account", Value::Null).await.refused(503, "work_away");
    }
    provider.says().document =
        json!({ "authorization_response_iss_parameter_supported": true, "token_endpoint_auth_methods_supported": ["client_secret_post"] });
    let running = provider.service(&folder, &[]);
    running.member(&folder, "kim", &["practitioner"]).await;
    refused(&provider.goes(&mut running.client()).await, 403, "work_untrusted");
    let mut client = running.client();
    let asked = provider.begin(&mut client).await;
    let iss = provider.issuer.replace(':', "%3A").replace('/', "%2F");
    let reply = client.get(&format!("/sign-in/back?code=c&state={}&iss={iss}", asked.fields["state"])).await;
    assert_eq!(led_to(&reply), "/desk", "and the secret goes where it is asked for");
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_looked_for_and_not_more_often_than_that() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    running.member(&folder, "kim", &["practitioner"]).await;
    comes_in(&provider, &running).await;
    assert_eq!(provider.says().asked_for_keys, 1);
    comes_in(&provider, &running).await;
    assert_eq!(provider.says().asked_for_keys, 1, "it is kept");
    // Asked for half a minute ago at the earliest: names of keys that somebody invents make no requests.
    provider.says().change_key("second");
    for _ in 0..3 {
        refused(&provider.goes(&mut running.client()).await, 403, "work_untrusted");
    }
    assert_eq!(provider.says().asked_for_keys, 1);
}

#[tokio::test]
async fn somebody_is_known_by_what_is_theirs_for_ever_and_the_first_time_by_an_email_that_is_vouched_for() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    let mut sam = running.practitioner().await;
    running.member(&folder, "kim", &["practitioner"]).await;
    let says = |claims: Value| provider.says().claims = claims;
    for stranger in [
        json!({ "email": "lee@example.org" }),
        json!({ "email_verified": false }),
        json!({ "email_verified": null }),
        json!({ "email": null }),
        json!({ "email": ["kim@example.org"] }),
    ] {
        says(stranger);
        refused(&provider.goes(&mut running.client()).await, 403, "work_unknown");
    }
    says(json!({ "email": "KIM@example.org" }));
    let mut kim = comes_in(&provider, &running).await;
    let me = kim.get("/api/staff/me").await.is(200);
    assert_eq!((&me["name"], &me["roles"], &me["vouched"]), (&json!("kim"), &json!(["practitioner"]), &json!(true)));
    // Another account with the same email isn't them; the same account under another email still is.
    says(json!({ "sub": "s2" }));
    refused(&provider.goes(&mut running.client()).await, 403, "work_unknown");
    says(json!({ "email": "sam@example.org" }));
    assert_eq!(comes_in(&provider, &running).await.get("/api/staff/me").await.is(200)["id"], me["id"]);
    assert_eq!(words(&mut sam).await, ["work_account_linked", "work_account_used", "work_account_used"]);
    // Switched off here: out at once, and no way in by the provider either.
    let id = me["id"].as_str().unwrap();
    sam.put(&format!("/api/members/{id}/disabled"), Value::Null).await.is(204);
    kim.get("/api/staff/me").await.refused(401, "not_signed_in");
    refused(&provider.goes(&mut running.client()).await, 403, "work_unknown");
    sam.json(Method::DELETE, &format!("/api/members/{id}/disabled"), Value::Null).await.is(204);
    comes_in(&provider, &running).await;
}

#[tokio::test]
async fn who_was_invited_comes_in_without_the_link_which_is_used_up_by_it() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    let mut sam = running.practitioner().await;
    let team = sam.post("/api/teams", json!({ "name": "North" })).await.is(201)["id"].clone();
    let list = json!({ "csv": "Kim of the north,Kim@Example.org,supervisor,North", "now": true });
    let link = sam.post("/api/members/import", list).await.is(200)["lines"][0]["link"].as_str().unwrap().to_owned();
    provider.says().claims = json!({ "email_verified": false });
    refused(&provider.goes(&mut running.client()).await, 403, "work_unknown");
    provider.says().claims = json!({});
    let mut kim = comes_in(&provider, &running).await;
    let me = kim.get("/api/staff/me").await.is(200);
    assert_eq!((&me["name"], &me["roles"]), (&json!("Kim of the north"), &json!(["supervisor"])));
    let members = sam.get("/api/members").await.is(200);
    let listed = members["members"].as_array().unwrap().iter().find(|one| one["id"] == me["id"]).unwrap();
    assert_eq!((&listed["team"], members["invited"].as_array().unwrap().len()), (&team, 0));
    let token = link.split("#first=").nth(1).unwrap();
    running.client().post("/api/staff/first-link", json!({ "token": token })).await.refused(404, "link_finished");
    assert_eq!(words(&mut sam).await, ["team_made", "staff_invited", "staff_joined", "work_account_used"]);
}

const ROLES: [(&str, &str); 3] =
    [("ROLE_CLAIMS", "[\"realm_access.roles\"]"), ("ROLES", "[\"talks=practitioner\", \"runs=administrator\"]"), ("NEW_PEOPLE", "true")];

#[tokio::test]
async fn roles_are_those_of_the_provider_at_each_sign_in_and_whoever_has_none_there_has_none_here() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &ROLES);
    let has = |roles: &[&str]| provider.says().claims = json!({ "realm_access": { "roles": roles } });
    has(&["elsewhere"]);
    refused(&provider.goes(&mut running.client()).await, 403, "work_no_role");
    // Somebody new, who becomes the only administrator here.
    has(&["talks", "runs"]);
    let mut kim = comes_in(&provider, &running).await;
    assert_eq!(kim.get("/api/staff/me").await.is(200)["roles"], json!(["practitioner", "administrator"]));
    let mut password = running.client();
    let body = |password: &str| json!({ "email": "kim@example.org", "password": password });
    for tried in ["", PASSWORD] {
        password.post("/api/staff/sign-in", body(tried)).await.refused(401, "sign_in_refused");
    }
    has(&["talks"]);
    let mut again = comes_in(&provider, &running).await;
    assert_eq!(again.get("/api/staff/me").await.is(200)["roles"], json!(["practitioner", "administrator"]), "the last one stays");
    running.member(&folder, "ada", &["administrator"]).await;
    let mut again = comes_in(&provider, &running).await;
    assert_eq!(again.get("/api/staff/me").await.is(200)["roles"], json!(["practitioner"]));
    kim.get("/api/staff/me").await.refused(401, "not_signed_in");
    has(&[]);
    refused(&provider.goes(&mut running.client()).await, 403, "work_no_role");
    again.get("/api/staff/me").await.refused(401, "not_signed_in");
    provider.says().claims = json!({ "sub": "s9", "email": "ada@example.org", "_claim_names": { "realm_access.roles": "src" } });
    refused(&provider.goes(&mut running.client()).await, 403, "work_no_role");
}

#[tokio::test]
async fn the_second_step_is_asked_for_after_a_work_account_unless_its_own_counts() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[("SECOND_FACTOR", "[\"mfa\"]")]);
    let mut kim = running.member(&folder, "kim", &["practitioner"]).await;
    let (secret, codes) = enrolled(&mut kim).await;
    // The first time also where the provider says that it asked for one.
    provider.says().claims = json!({ "amr": ["mfa"] });
    assert_eq!(led_to(&provider.goes(&mut running.client()).await), "/desk#work=code");
    provider.says().claims = json!({});
    let mut client = running.client();
    assert_eq!(led_to(&provider.goes(&mut client).await), "/desk#work=code");
    client.get("/api/staff/me").await.refused(401, "not_signed_in");
    let ticket = client.clone();
    let give = async |client: &mut Client, code: &str| client.post("/api/staff/work-account/code", json!({ "code": code })).await;
    give(&mut running.client(), &codes[0]).await.refused(401, "work_stale");
    give(&mut client, "").await.refused(401, "code_needed");
    give(&mut client, "ABCD-EFGH-JKMN-PQRS").await.refused(401, "code_refused");
    // Not linked before the code has come: else whoever has the email at the provider alone would stay known.
    provider.says().claims = json!({ "email": null });
    refused(&provider.goes(&mut running.client()).await, 403, "work_unknown");
    provider.says().claims = json!({});
    assert_eq!(give(&mut client, &code(&secret, now() + 30)).await.is(200)["email"], "kim@example.org");
    client.get("/api/staff/me").await.is(200);
    give(&mut ticket.clone(), &codes[0]).await.refused(401, "work_stale");
    // A ticket isn't the beginning of a sign-in, nor the other way round.
    let mut mixed = running.client();
    provider.begin(&mut mixed).await;
    let login = mixed.cookies["__Host-sidelight_login"].clone();
    mixed.cookies.insert("__Host-sidelight_code".into(), login);
    give(&mut mixed, &codes[1]).await.refused(401, "work_stale");
    for (amr, to) in [(json!(["pwd"]), "/desk#work=code"), (json!(["pwd", "mfa"]), "/desk")] {
        provider.says().claims = json!({ "amr": amr });
        assert_eq!(led_to(&provider.goes(&mut running.client()).await), to);
    }
    // Guesses are held up as everywhere.
    provider.says().claims = json!({});
    let mut guesser = running.client();
    provider.goes(&mut guesser).await;
    let mut refused = vec![];
    for _ in 0..8 {
        refused.push(give(&mut guesser, "000000").await.problem().1);
    }
    assert_eq!(refused.iter().filter(|code| *code == "too_many").count(), 4, "{refused:?}: one was used up before");
}

#[tokio::test]
async fn who_must_have_a_second_step_adds_it_without_a_password_just_after_coming_in_or_has_one_at_the_provider() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = Running::start_with(&folder, |command| {
        provider.set(command);
        command.env("SIDELIGHT_OIDC__LINK_CLAIM", "email").env("SIDELIGHT_OIDC__SECOND_FACTOR", "[\"mfa\"]");
        command.env("SIDELIGHT_OIDC__NEW_PEOPLE", "true").env("SIDELIGHT_OIDC__FIRST_ROLE", "practitioner");
        command.env("SIDELIGHT_STAFF__SECOND_FACTOR", "everybody");
    });
    let mut kim = comes_in(&provider, &running).await;
    let me = kim.get("/api/staff/me").await.is(200);
    assert_eq!((&me["must_enrol"], &me["vouched"], &me["name"]), (&json!(true), &json!(true), &json!("Kim Ito")));
    kim.get("/api/contacts?from=0&to=1").await.refused(403, "enrol_first");
    provider.says().claims = json!({ "amr": ["mfa"] });
    let mut strong = comes_in(&provider, &running).await;
    assert_eq!(strong.get("/api/staff/me").await.is(200)["must_enrol"], false);
    strong.get("/api/contacts?from=0&to=1").await.is(200);
    let begun = kim.post("/api/staff/second-factor", json!({ "password": "" })).await.is(200);
    kim.put("/api/staff/second-factor", json!({ "code": code(begun["secret"].as_str().unwrap(), now()) })).await.is(200);
    kim.get("/api/contacts?from=0&to=1").await.is(200);
}

#[tokio::test]
async fn passwords_can_be_left_to_administrators_who_are_never_shut_out() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[("PASSWORDS", "administrators"), ("LABEL", "Staff account")]);
    running.practitioner().await;
    running.member(&folder, "kim", &["practitioner", "supervisor"]).await;
    let mut client = running.client();
    let body = |name: &str, password: &str| json!({ "email": format!("{name}@example.org"), "password": password });
    client.post("/api/staff/sign-in", body("kim", PASSWORD)).await.refused(403, "use_work_account");
    client.post("/api/staff/sign-in", body("kim", "wrong wrong wrong")).await.refused(401, "sign_in_refused");
    client.post("/api/staff/sign-in", body("sam", PASSWORD)).await.is(200);
    assert_eq!(client.get("/api/staff/work-account").await.is(200), json!({ "on": true, "label": "Staff account" }));
    comes_in(&provider, &running).await;
    let without = Folder::new();
    let running = Running::start(&without);
    assert_eq!(running.client().get("/api/staff/work-account").await.is(200), json!({ "on": false, "label": null }));
    running.client().post("/api/staff/work-account", Value::Null).await.refused(404, "work_off");
    refused(&running.client().get("/sign-in/back?code=c&state=s").await, 404, "work_off");
}

#[tokio::test]
async fn the_provider_tells_that_somebody_has_left_and_they_are_out_everywhere() {
    const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    running.member(&folder, "kim", &["practitioner"]).await;
    let mut kim = comes_in(&provider, &running).await;
    let told = |id: &str| json!({ "iss": provider.issuer, "aud": "sidelight", "sub": "s1", "iat": now(), "exp": now() + 120, "jti": id, "events": { EVENT: {} } });
    let mut outside = running.client();
    outside.origin = None;
    let tell = async |token: String| {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("logout_token={token}").into_bytes();
        outside.clone().send(Method::POST, "/api/staff/work-account/ended", &form, body).await
    };
    let sign = |claims: &Value| provider.says().signer.sign(claims);
    let mut others = told("1");
    others["sub"] = json!("s2");
    tell(sign(&others)).await.is(200);
    tell(Signer::new("first").sign(&told("2"))).await.refused(400, "work_untrusted");
    let mut sign_in = told("3");
    sign_in["nonce"] = json!("n");
    tell(sign(&sign_in)).await.refused(400, "work_untrusted");
    tell("x".into()).await.refused(400, "work_untrusted");
    kim.get("/api/staff/me").await.is(200);
    let token = sign(&told("4"));
    tell(token.clone()).await.is(200);
    kim.get("/api/staff/me").await.refused(401, "not_signed_in");
    let mut again = comes_in(&provider, &running).await;
    tell(token).await.refused(400, "work_untrusted");
    again.get("/api/staff/me").await.is(200);
}

#[tokio::test]
async fn who_comes_back_with_nothing_again_and_again_is_held_up_and_passwords_go_on() {
    let folder = Folder::new();
    let provider = Provider::start(&folder).await;
    let running = provider.service(&folder, &[]);
    running.member(&folder, "kim", &["practitioner"]).await;
    for _ in 0..30 {
        // Those who come in use up nothing.
        comes_in(&provider, &running).await;
    }
    for _ in 0..20 {
        refused(&running.client().get("/sign-in/back?code=c&state=s").await, 401, "work_stale");
    }
    let reply = running.client().get("/sign-in/back?code=c&state=s").await;
    refused(&reply, 429, "too_many");
    let body = json!({ "email": "kim@example.org", "password": PASSWORD });
    running.client().post("/api/staff/sign-in", body).await.is(200);
}
