//! A property-based tester of others, schemathesis, reads the OpenAPI document and asks the service all it can think of, with a fixed seed:
//! as practitioners, as administrators, and as nobody. It comes with `tests/run`.

use crate::people::plan;
use crate::world::{Client, Folder, Running, details};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Of each operation, besides those that it derives from each bound. More: minutes more. Fewer: it finds less.
const EXAMPLES: &str = "12";

/// All but those that go by who asks, which the matrix of rights does better: every request here comes with a cookie and an origin.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
    response_schema_conformance,negative_data_rejection,positive_data_acceptance,unsupported_method,allow_header_conformance";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What it says, and how often each operation was answered with each status.
struct Tested {
    output: Output,
    replies: BTreeMap<String, BTreeMap<u16, u32>>,
}

impl Tested {
    fn said(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(&self.output.stdout), String::from_utf8_lossy(&self.output.stderr))
    }
}

async fn test(folder: &Folder, document: &Value, origin: &str, name: &str, who: &[Value], only: &[&str]) -> Tested {
    let at = |what: &str| folder.path().join(format!("{name}.{what}"));
    std::fs::write(at("json"), document.to_string()).unwrap();
    std::fs::write(at("world"), json!({ "who": who }).to_string()).unwrap();
    let mut command = Command::new(root().join("target/python/bin/st"));
    command.current_dir(folder.path()).env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", root().join("tests/schemathesis"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("SIDELIGHT_WORLD", at("world")).env("SIDELIGHT_REPLIES", at("replies"));
    command.arg("--config-file").arg(root().join("tests/schemathesis/schemathesis.toml")).arg("run").arg(at("json"));
    command.args(["--url", origin, "-H", &format!("Origin: {origin}"), "--checks", CHECKS, "--seed", "8", "--no-color"]);
    command.args(["--phases", "coverage,fuzzing", "--max-examples", EXAMPLES, "--generation-database", "none", "--continue-on-failure"]);
    command.args(["--suppress-health-check", "all", "--warnings", "off"]).args(only);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("{error}: tests/run installs schemathesis"));
    let mut replies: BTreeMap<String, BTreeMap<u16, u32>> = BTreeMap::new();
    for line in std::fs::read_to_string(at("replies")).unwrap_or_default().lines() {
        let (operation, status) = line.rsplit_once(' ').unwrap();
        let (method, path) = operation.split_once(' ').unwrap();
        // It tries other methods too.
        if document["paths"][path][method.to_lowercase()].is_null() {
            continue;
        }
        *replies.entry(operation.to_owned()).or_default().entry(status.parse().unwrap()).or_default() += 1;
    }
    Tested { output, replies }
}

/// Somebody as the hooks know them, with contacts and people of their own where they may have any.
async fn known(client: &mut Client, practises: bool, members: &[String]) -> Value {
    let (mut contacts, mut people) = (Vec::new(), Vec::new());
    for _ in 0..if practises { 8 } else { 0 } {
        contacts.push(client.plan(details("QX-7731")).await);
        people.push(client.post("/api/people", plan("tamarind")).await.is(201)["id"].clone());
    }
    json!({ "cookie": client.cookies["sidelight"], "contacts": contacts, "people": people, "members": members })
}

/// As whoever comes with a cookie reads it: else the tester makes up a token to go beside it, which is refused whatever is asked.
/// `programs.rs` asks with tokens.
fn without_tokens(mut document: Value) -> Value {
    document["components"]["securitySchemes"].as_object_mut().unwrap().remove("token").unwrap();
    for operation in document["paths"].as_object_mut().unwrap().values_mut().flat_map(|path| path.as_object_mut().unwrap().values_mut()) {
        operation["security"].as_array_mut().unwrap().retain(|one| one.get("token").is_none());
    }
    document
}

#[tokio::test]
async fn a_tester_of_others_finds_no_broken_and_no_undocumented_reply() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let document = without_tokens(sam.get("/api/openapi.json").await.is(200));
    let spare = running.member(&folder, "spare", &["auditor"]).await.get("/api/staff/me").await.is(200)["id"].as_str().unwrap().to_owned();
    let mut practitioners = Vec::new();
    let mut administrators = Vec::new();
    for number in 0..10 {
        let mut client = running.member(&folder, &format!("p{number}"), &["practitioner", "supervisor"]).await;
        practitioners.push(known(&mut client, true, &[]).await);
        let mut client = running.member(&folder, &format!("a{number}"), &["administrator", "auditor"]).await;
        administrators.push(known(&mut client, false, std::slice::from_ref(&spare)).await);
    }
    let mut done = BTreeMap::new();
    let mut answered = 0;
    for (name, who) in [("practitioners", practitioners), ("administrators", administrators), ("nobody", vec![])] {
        let tested = test(&folder, &document, &running.address, name, &who, &[]).await;
        assert!(tested.output.status.success(), "as {name}: {}", tested.said());
        let count: u32 = tested.replies.values().flat_map(BTreeMap::values).sum();
        let broken: u32 = tested.replies.values().flatten().filter(|(status, _)| **status >= 500).map(|(_, count)| count).sum();
        println!("as {name}: {count} replies of {} operations, {broken} of them 5xx", tested.replies.len());
        assert_eq!(broken, 0, "as {name}");
        answered += count;
        for (operation, statuses) in tested.replies {
            *done.entry(operation).or_insert(0) +=
                statuses.iter().filter(|(status, _)| **status < 300).map(|(_, count)| *count).sum::<u32>();
        }
    }
    let never: Vec<&String> = done.iter().filter(|(_, count)| **count == 0).map(|(operation, _)| operation).collect();
    println!("{answered} replies of {} operations; never done: {never:?}", done.len());
    let told: usize = document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(done.len(), told, "every operation was asked for");
    // Else it looked at refusals alone.
    assert!(done.len() - never.len() >= 45, "these were never done: {never:?}");
}

#[tokio::test]
async fn it_finds_a_status_that_the_document_leaves_out() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut client = running.practitioner().await;
    let who = [known(&mut client, true, &[]).await];
    let document = without_tokens(client.get("/api/openapi.json").await.is(200));
    let only = ["--include-path", "/api/contacts/{id}/help"];
    let right = test(&folder, &document, &running.address, "right", &who, &only).await;
    assert!(right.output.status.success(), "the control: {}", right.said());
    let mut wrong = document.clone();
    wrong["paths"]["/api/contacts/{id}/help"]["put"]["responses"].as_object_mut().unwrap().remove("204").unwrap();
    let found = test(&folder, &wrong, &running.address, "wrong", &who, &only).await;
    assert_eq!(found.output.status.code(), Some(1));
    assert!(found.said().contains("Undocumented status code"), "{}", found.said());
}
