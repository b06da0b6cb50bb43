//! The service's machine in a thief's hands: its folders, and SQLite's own program to read and change files with.

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const EMAIL: &str = "sam@example.org";
const PASSWORD: &str = "quiet harbour lantern 42";

/// What one program of SQLite's prints for these statements; panics where it refuses them.
pub fn sqlite(file: &Path, statements: &str) -> String {
    let output = Command::new("sqlite3").args(["-cmd", ".timeout 5000", "-bail"]).arg(file).arg(statements).output();
    let output = output.expect("tests/run installs sqlite3");
    assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Waits until this is so.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_secs(20), "still not: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Everything else that writes waits for as long as this lives.
pub struct Writing(Child);

impl Writing {
    pub fn to(file: &Path) -> Writing {
        let mut program = Command::new("sqlite3").arg(file).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sqlite3 is there");
        program.stdin.as_mut().expect("is piped").write_all(b".timeout 5000\nBEGIN IMMEDIATE;\nSELECT 'held';\n").expect("it reads");
        let mut line = String::new();
        BufReader::new(program.stdout.as_mut().expect("is piped")).read_line(&mut line).expect("it answers");
        assert_eq!(line.trim(), "held");
        Writing(program)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Where the service keeps things, where its backups go, and a place apart for keys.
pub struct Machine {
    pub data: Folder,
    pub backups: Folder,
    pub safe: Folder,
    pub settings: Settings,
}

impl Machine {
    pub fn new() -> Machine {
        let (data, backups, safe) = (Folder::new("data"), Folder::new("backups"), Folder::new("safe"));
        let mut settings = Settings::new(data.path(), "https://www.bbc.co.uk/weather");
        settings.set("retention.sweep_seconds", "1").set("keys.copy", &safe.path().join("keys.db").display().to_string());
        Machine { data, backups, safe, settings }
    }

    /// Another machine, with the master key of this one and nothing else.
    pub fn other(&self) -> Machine {
        let other = Machine::new();
        std::fs::copy(self.file("master.key"), other.file("master.key")).expect("can be copied");
        other
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.data.path().join(name)
    }

    pub fn copy(&self) -> PathBuf {
        self.safe.path().join("keys.db")
    }

    /// Of every file of these folders, folders in them too: name and content.
    pub fn files(&self, folders: &[&Folder]) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = vec![];
        let mut look: Vec<PathBuf> = folders.iter().map(|folder| folder.path().to_owned()).collect();
        while let Some(folder) = look.pop() {
            for entry in std::fs::read_dir(folder).expect("is a folder") {
                let path = entry.expect("is read to its end").path();
                if path.is_dir() {
                    look.push(path);
                } else if let Ok(content) = std::fs::read(&path) {
                    found.push((path, content));
                }
            }
        }
        found
    }

    /// Every contact whose own time is long over has ended more than a day ago.
    pub fn a_day_passes_for(&self, contact: &str) {
        sqlite(&self.file("records.db"), &format!("UPDATE contacts SET ended = 1000 WHERE id = '{contact}'"));
    }

    pub fn keys(&self) -> usize {
        sqlite(&self.file("keys.db"), "SELECT COUNT(*) FROM data_keys").parse().expect("a number")
    }

    pub fn has_key(&self, contact: &str) -> bool {
        sqlite(&self.file("keys.db"), &format!("SELECT COUNT(*) FROM data_keys WHERE contact = '{contact}'")) == "1"
    }

    /// What a command ends with, and all that it prints.
    pub async fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.settings.output(arguments).await;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    }

    pub async fn done(&self, arguments: &[&str]) -> String {
        let (status, said) = self.run(arguments).await;
        assert_eq!(status, Some(0), "{arguments:?}: {said}");
        said
    }
}

/// A desk without a page.
pub struct Desk {
    client: Client,
    service: String,
    cookie: String,
}

impl Desk {
    /// The first administrator, who is a practitioner too.
    pub async fn first(service: &Service) -> Desk {
        let link = service.first_link().await;
        let token = link.rsplit("first=").next().expect("the link has a token");
        let new = json!({ "token": token, "name": "Sam Rivers", "email": EMAIL, "password": PASSWORD, "practitioner": true });
        Desk::enters(service, "first", new).await
    }

    /// The same, at a service with the same accounts.
    pub async fn again(service: &Service) -> Desk {
        Desk::enters(service, "sign-in", json!({ "email": EMAIL, "password": PASSWORD })).await
    }

    async fn enters(service: &Service, how: &str, body: Value) -> Desk {
        let (client, service) = (Client::new(), service.url().to_owned());
        let reply = client.post(format!("{service}/api/staff/{how}")).header(ORIGIN, &service).json(&body).send().await.expect("answers");
        assert_eq!(reply.status(), StatusCode::OK);
        let cookies = reply.headers().get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("is text"));
        let cookie = cookies.map(|cookie| cookie.split(';').next().unwrap_or_default()).collect::<Vec<_>>().join("; ");
        Desk { client, service, cookie }
    }

    /// Asks for a contact to be planned, and doesn't wait for the answer.
    pub fn plans(&self, reference: &str) -> tokio::task::JoinHandle<Option<String>> {
        let details = json!({
            "reference": reference, "greeting": null, "practitioner": "Sam", "starts_at": now(), "minutes": 30,
            "ways": ["text"], "waiting_words": null, "word": null, "response": null,
        });
        let request = self.client.post(format!("{}/api/contacts", self.service)).header(ORIGIN, &self.service);
        let request = request.header(COOKIE, &self.cookie).json(&json!({ "details": details }));
        tokio::spawn(async move {
            let made: Value = request.send().await.ok()?.json().await.ok()?;
            Some(made["id"].as_str()?.to_owned())
        })
    }

    pub async fn planned(&self, reference: &str) -> String {
        self.plans(reference).await.expect("is asked").expect("is planned")
    }

    /// References of the contacts of these hours, in order of the alphabet.
    pub async fn list(&self) -> Vec<String> {
        let address = format!("{}/api/contacts?from={}&to={}", self.service, now() - 3600, now() + 3600);
        let listed = self.client.get(address).header(COOKIE, &self.cookie).send().await.expect("answers");
        assert_eq!(listed.status(), StatusCode::OK);
        let listed: Value = listed.json().await.expect("is JSON");
        let reference = |contact: &Value| contact["details"]["reference"].as_str().map(str::to_owned);
        let mut found: Vec<String> = listed["contacts"].as_array().expect("a list").iter().filter_map(reference).collect();
        found.sort();
        found
    }
}

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs()
}
