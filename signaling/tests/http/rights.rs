//! Staff, teams, lists of staff, supervisors' lists, backup codes and counts, as administrators and supervisors meet them.

use crate::second_factor::{code, enrolled};
use crate::sockets::desk;
use crate::world::{Client, Folder, PASSWORD, Reply, Running, details, now};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn token(link: &Value) -> String {
    link["link"].as_str().unwrap().split("#first=").nth(1).unwrap().to_owned()
}

/// Uses a one-time link.
async fn join(running: &Running, token: &str, name: &str) -> (Client, Reply) {
    let mut client = running.client();
    let email = format!("{}@example.org", name.to_lowercase());
    let body = json!({ "token": token, "name": name, "email": email, "password": PASSWORD, "practitioner": true });
    let reply = client.post("/api/staff/first", body).await;
    (client, reply)
}

async fn members(client: &mut Client) -> Value {
    client.get("/api/members").await.is(200)
}

async fn id_of(client: &mut Client, name: &str) -> String {
    let all = members(client).await["members"].clone();
    all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn team(client: &mut Client, name: &str) -> String {
    client.post("/api/teams", json!({ "name": name })).await.is(201)["id"].as_str().unwrap().to_owned()
}

/// What happened, oldest first: the word, by whom and to whom, by their names.
async fn told(client: &mut Client, query: &str) -> Vec<String> {
    let reply = client.get(&format!("/api/audit{query}")).await.is(200);
    let name = |id: &Value| {
        let staff = reply["staff"].as_array().unwrap().iter().find(|one| one["id"] == *id);
        staff.map_or("-", |one| one["name"].as_str().unwrap()).to_owned()
    };
    let entries = reply["entries"].as_array().unwrap().iter().rev();
    entries.map(|entry| format!("{} {} {}", entry["what"].as_str().unwrap(), name(&entry["who"]), name(&entry["whom"]))).collect()
}

#[tokio::test]
async fn an_administrator_takes_somebody_in_gives_them_roles_and_a_team_and_lets_them_go() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let north = team(&mut sam, " North ").await;
    sam.post("/api/teams", json!({ "name": "NORTH" })).await.refused(422, "team_taken");
    let new = |change: fn(&mut Value)| {
        let mut body = json!({ "name": "Kim", "email": "kim@example.org", "roles": ["practitioner"], "team": north });
        change(&mut body);
        body
    };
    type Row = (fn(&mut Value), &'static str);
    let rows: [Row; 6] = [
        (|b| b["name"] = json!(" "), "bad_name"),
        (|b| b["email"] = json!("kim"), "bad_email"),
        (|b| b["roles"] = json!([]), "roles_missing"),
        (|b| b["roles"] = json!(["boss"]), "bad_body"),
        (|b| b["team"] = json!("nowhere"), "unknown_team"),
        (|b| b["email"] = json!("SAM@example.org"), "email_taken"),
    ];
    for (change, code) in rows {
        sam.post("/api/members", new(change)).await.refused(422, code);
    }
    let first = sam.post("/api/members", new(|_| {})).await.is(201);
    let hours = (first["expires"].as_u64().unwrap() - now()) / 3600;
    assert!((71..=72).contains(&hours), "{hours}");
    let again = sam.post("/api/members", new(|b| b["email"] = json!("Kim@Example.org"))).await.is(201);
    join(&running, &token(&first), "Kim").await.1.refused(404, "link_finished");
    assert_eq!(members(&mut sam).await["invited"].as_array().unwrap().len(), 1, "the second link replaced the first");
    let (kim, joined) = join(&running, &token(&again), "Kim").await;
    assert_eq!(joined.is(200)["roles"], json!(["practitioner"]));
    let id = id_of(&mut sam, "Kim").await;
    let path = format!("/api/members/{id}");
    let listed = members(&mut sam).await;
    assert_eq!((&listed["invited"], &listed["teams"][0]["members"]), (&json!([]), &json!(1)));

    // Other roles sign them out at once; another team doesn't.
    let mut open = desk(&kim, "tab").await;
    open.next("ready").await;
    sam.put(&path, json!({ "roles": ["practitioner"], "team": null })).await.is(204);
    kim.clone().get("/api/staff/me").await.is(200);
    sam.put(&path, json!({ "roles": ["practitioner", "supervisor"] })).await.is(204);
    let began = Instant::now();
    assert_eq!(open.next("bye").await["reason"], "no_session");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    sam.put(&path, json!({ "roles": [] })).await.refused(422, "roles_missing");
    sam.put(&path, json!({ "roles": ["auditor"], "team": "nowhere" })).await.refused(422, "unknown_team");

    let mut kim = running.client();
    let sign_in = json!({ "email": "kim@example.org", "password": PASSWORD });
    kim.post("/api/staff/sign-in", sign_in.clone()).await.is(200);
    let mut open = desk(&kim, "tab").await;
    open.next("ready").await;
    sam.put(&format!("{path}/disabled"), Value::Null).await.is(204);
    let began = Instant::now();
    assert_eq!(open.next("bye").await["reason"], "no_session");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    running.client().post("/api/staff/sign-in", sign_in.clone()).await.refused(401, "sign_in_refused");
    sam.post(&format!("{path}/reset"), Value::Null).await.refused(409, "member_disabled");
    sam.json(Method::DELETE, &format!("{path}/disabled"), Value::Null).await.is(204);
    let reset = sam.post(&format!("{path}/reset"), Value::Null).await.is(201);
    join(&running, &token(&reset), "Kim").await.1.is(200);

    let withdrawn = sam.post("/api/members", new(|b| b["email"] = json!("lee@example.org"))).await.is(201);
    let link = members(&mut sam).await["invited"][0]["id"].as_str().unwrap().to_owned();
    sam.json(Method::DELETE, &format!("/api/invited/{link}"), Value::Null).await.is(204);
    sam.json(Method::DELETE, &format!("/api/invited/{link}"), Value::Null).await.refused(404, "unknown_invited");
    join(&running, &token(&withdrawn), "Lee").await.1.refused(404, "link_finished");
    sam.put(&format!("/api/teams/{north}"), json!({ "name": "Northern" })).await.is(204);
    sam.json(Method::DELETE, &format!("/api/teams/{north}"), Value::Null).await.is(204);
    sam.put(&format!("/api/teams/{north}"), json!({ "name": "N" })).await.refused(404, "unknown_team");
    sam.put("/api/members/nobody", json!({ "roles": ["auditor"] })).await.refused(404, "unknown_member");

    let due = [
        "team_made Sam -",
        "staff_invited Sam -",
        "staff_invited Sam -",
        "staff_joined Sam Kim",
        "team_changed Sam Kim",
        "roles_changed Sam Kim",
        "staff_disabled Sam Kim",
        "staff_enabled Sam Kim",
        "reset_given Sam Kim",
        "password_reset Kim -",
        "staff_invited Sam -",
        "invitation_withdrawn Sam -",
        "team_renamed Sam -",
        "team_removed Sam -",
    ];
    assert_eq!(told(&mut sam, "").await, due);
    // Searched: by what, by who did it or had it done, by time.
    assert_eq!(told(&mut sam, "?what=staff_joined").await, [due[3]]);
    assert_eq!(told(&mut sam, "?who=kIM").await, due[3..10]);
    assert_eq!(told(&mut sam, "?who=kim%40example&what=roles_changed").await, [due[5]]);
    assert_eq!(told(&mut sam, "?who=nobody").await, [""; 0]);
    assert_eq!((told(&mut sam, "?to=1000").await.len(), told(&mut sam, "?from=1000").await.len()), (0, due.len()));
    let chain = sam.get("/api/audit/chain").await.is(200);
    assert_eq!(chain, json!({ "fault": null, "entries": due.len(), "checkpoint": 0 }));
}

#[tokio::test]
async fn an_administrator_cant_shut_themselves_out_and_so_not_the_last_one() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = id_of(&mut sam, "Sam").await;
    sam.put(&format!("/api/members/{id}"), json!({ "roles": ["practitioner"] })).await.refused(409, "not_yourself");
    sam.put(&format!("/api/members/{id}/disabled"), Value::Null).await.refused(409, "not_yourself");
    let list = json!({ "csv": "Sam,sam@example.org,leaver", "now": true });
    assert_eq!(sam.post("/api/members/import", list).await.is(200)["lines"][0]["wrong"], "yourself");
    // The control: another administrator can.
    let mut ada = running.member(&folder, "ada", &["administrator"]).await;
    ada.put(&format!("/api/members/{id}/disabled"), Value::Null).await.is(204);
    sam.get("/api/members").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_list_is_looked_at_line_by_line_and_then_done_whole_or_not_at_all() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    team(&mut sam, "North").await;
    let kim = running.member(&folder, "kim", &["practitioner"]).await;
    let list = |csv: &str, now: bool| json!({ "csv": csv, "now": now });
    let good = "name,email,roles,team\nLee,lee@example.org,practitioner supervisor,north\nKim,kim@example.org,leaver\n";
    let bad = format!("{good}Max,max@example.org,boss\n");
    let wrong = sam.post("/api/members/import", list(&bad, true)).await.is(200);
    assert_eq!((&wrong["done"], &wrong["lines"][2]["wrong"], &wrong["lines"][2]["line"]), (&json!(false), &json!("roles"), &json!(4)));
    let looked = sam.post("/api/members/import", list(good, false)).await.is(200);
    assert_eq!((&looked["done"], &looked["lines"][0]["link"]), (&json!(false), &Value::Null));
    // Nothing was done yet, by either.
    assert_eq!(members(&mut sam).await["invited"], json!([]));
    let mut open = desk(&kim, "tab").await;
    open.next("ready").await;
    let done = sam.post("/api/members/import", list(good, true)).await.is(200);
    let began = Instant::now();
    assert_eq!(open.next("bye").await["reason"], "no_session");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!((&done["done"], &done["lines"][1]["leaves"], &done["lines"][1]["link"]), (&json!(true), &json!(true), &Value::Null));
    let (_, lee) = join(&running, &token(&done["lines"][0]), "Lee").await;
    assert_eq!(lee.is(200)["roles"], json!(["practitioner", "supervisor"]));
    assert_eq!(members(&mut sam).await["teams"][0]["members"], 1);
    for (text, code) in [("", "import_empty"), (&*"a,b@c,auditor\n".repeat(301), "import_long")] {
        sam.post("/api/members/import", list(text, true)).await.refused(422, code);
    }
}

#[tokio::test]
async fn supervisors_see_of_their_own_teams_contacts_that_they_are_and_nothing_of_what_is_in_them() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (north, south) = (team(&mut sam, "North").await, team(&mut sam, "South").await);
    let (mut lee, mut max) = (running.member(&folder, "lee", &["supervisor"]).await, running.member(&folder, "max", &["supervisor"]).await);
    let contact = sam.plan(details("JT-4471")).await;
    let path = "/api/team/contacts?from=0&to=4000000000";
    let none = json!({ "team": null, "contacts": [] });
    // Nobody is in a team: that isn't one team.
    assert_eq!(lee.get(path).await.is(200), none);
    for (name, roles, team) in [
        ("Sam", json!(["practitioner", "administrator"]), &north),
        ("lee", json!(["supervisor"]), &north),
        ("max", json!(["supervisor"]), &south),
    ] {
        let id = id_of(&mut sam, name).await;
        sam.put(&format!("/api/members/{id}"), json!({ "roles": roles, "team": team })).await.is(204);
    }
    let seen = lee.get(path).await.is(200);
    let one = &seen["contacts"][0];
    let mut keys: Vec<&str> = one.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["covered", "ends_at", "id", "practitioner", "starts_at", "state"], "and nothing else");
    assert_eq!((&seen["team"], &one["id"], &one["practitioner"]), (&json!("North"), &json!(contact), &json!("Sam")));
    assert_eq!((&one["state"], one["ends_at"].as_u64()), (&json!("planned"), one["starts_at"].as_u64().map(|at| at + 1800)));
    assert_eq!(max.get(path).await.is(200), json!({ "team": "South", "contacts": [] }));
    assert_eq!(lee.get("/api/team/contacts?from=0&to=1000").await.is(200)["contacts"], json!([]));
    for bad in ["", "?from=1", "?from=2&to=2", "?from=0&to=1&owner=x"] {
        lee.get(&format!("/api/team/contacts{bad}")).await.refused(422, "bad_query");
    }
    // Seeing that it is opens nothing of it.
    lee.put(&format!("/api/contacts/{contact}"), details("K-0932")).await.refused(404, "unknown_contact");
    let mut socket = desk(&lee, "tab").await;
    socket.next("ready").await;
    socket.say(json!({ "type": "in", "contact": contact, "act": { "do": "take" } })).await;
    assert_eq!(socket.next("refused").await["code"], "unknown");
    // Who leaves the team sees no more of it, without signing in anew.
    let id = id_of(&mut sam, "lee").await;
    sam.put(&format!("/api/members/{id}"), json!({ "roles": ["supervisor"], "team": south })).await.is(204);
    assert_eq!(lee.get(path).await.is(200)["contacts"], json!([]));
}

#[tokio::test]
async fn backup_codes_are_made_anew_by_whoever_has_password_and_code_and_the_old_ones_are_worthless() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let path = "/api/staff/second-factor/codes";
    let body = |password: &str, code: &str| json!({ "password": password, "code": code });
    sam.post(path, body(PASSWORD, "000000")).await.refused(409, "second_factor_off");
    let (secret, old) = enrolled(&mut sam).await;
    sam.post(path, body("wrong wrong wrong", &old[0])).await.refused(403, "password_refused");
    sam.post(path, body(PASSWORD, "000000")).await.refused(422, "code_refused");
    let new = sam.post(path, body(PASSWORD, &code(&secret, now() + 30))).await.is(200)["codes"].clone();
    assert_eq!((new.as_array().unwrap().len(), sam.get("/api/staff/second-factor").await.is(200)["codes_left"].clone()), (10, json!(10)));
    let sign_in = async |code: &str| {
        let body = json!({ "email": "sam@example.org", "password": PASSWORD, "code": code });
        running.client().post("/api/staff/sign-in", body).await
    };
    sign_in(&old[1]).await.refused(401, "code_refused");
    sign_in(new[0].as_str().unwrap()).await.is(200);
    assert!(told(&mut sam, "?what=recovery_codes_renewed").await.len() == 1);
}

#[tokio::test]
async fn a_month_that_is_not_over_is_not_counted_before_anybody() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    sam.plan(details("JT-4471")).await;
    let usage = sam.get("/api/usage").await.is(200);
    assert_eq!(usage["months"], json!([]));
    assert!(usage["this_month"].as_u64().is_some_and(|month| month > 202_600 && month % 100 <= 12), "{usage}");
}
