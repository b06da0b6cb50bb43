//! The test world: a `sidelight serve` of its own on free ports with its data in a folder of its own, and clients that keep
//! cookies as a browser does. All of it is gone when the test is over, however it ended.

use crate::documented::{self, Replied};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, ORIGIN, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub const BINARY: &str = env!("CARGO_BIN_EXE_sidelight");

/// Good enough for the strength check.
pub const PASSWORD: &str = "kettle fog violin ramp";

/// A folder that goes with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sidelight-http-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _left_over = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// `sidelight` with this folder's data, free ports, and nothing else from the environment.
    pub fn command(&self) -> Command {
        let mut command = Command::new(BINARY);
        command.env_clear().current_dir(&self.0).env("SIDELIGHT_WEB__LISTEN", "127.0.0.1:0");
        for port in ["UDP", "TCP"] {
            command.env(format!("SIDELIGHT_RELAY__{port}_PORT"), "0");
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

/// A service that runs.
pub struct Running {
    child: Child,
    pub address: String,
    /// The first administrator's one-time link, if there was one.
    pub first: Option<String>,
    pub lines: Vec<String>,
    /// From the start of the process to its last line.
    pub took: Duration,
    log: PathBuf,
}

impl Running {
    pub fn start(folder: &Folder) -> Running {
        Running::start_with(folder, |_| {})
    }

    pub fn start_with(folder: &Folder, change: impl FnOnce(&mut Command)) -> Running {
        let (out, log) = (folder.path().join("out"), folder.path().join("log"));
        let mut command = folder.command();
        command.stdout(fs::File::create(&out).unwrap());
        command.stderr(fs::OpenOptions::new().create(true).append(true).open(&log).unwrap()).stdin(Stdio::null());
        change(&mut command);
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        let lines: Vec<String> = loop {
            let text = fs::read_to_string(&out).unwrap();
            if text.ends_with("Stop with Ctrl+C\n") {
                break text.lines().map(str::to_owned).collect();
            }
            if let Some(status) = child.try_wait().unwrap() {
                panic!("it ended with {status}: {}", fs::read_to_string(&log).unwrap());
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it isn't ready: {text}");
            std::thread::sleep(Duration::from_millis(5));
        };
        let took = began.elapsed();
        let address = lines[0].strip_prefix("Sidelight is ready at ").unwrap().to_owned();
        let first = lines.iter().find_map(|line| line.strip_prefix(&format!("First administrator: {address}/desk#first=")));
        let first = first.map(|rest| rest.strip_suffix(" (valid for one hour)").unwrap().to_owned());
        Running { child, address, first, lines, took, log }
    }

    pub fn client(&self) -> Client {
        Client {
            address: self.address.clone(),
            origin: Some(self.address.clone()),
            cookies: BTreeMap::new(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Somebody signed in as the first administrator, who is a practitioner too.
    pub async fn practitioner(&self) -> Client {
        let mut client = self.client();
        let first = json!({"token": self.first, "name": "Sam", "email": "sam@example.org", "password": PASSWORD, "practitioner": true});
        client.post("/api/staff/first", first).await.is(200);
        client
    }

    /// Somebody with these roles, made by the command line; their email is NAME@example.org.
    pub async fn member(&self, folder: &Folder, name: &str, roles: &[&str]) -> Client {
        let email = format!("{name}@example.org");
        let roles = roles.iter().flat_map(|role| ["--role", role]);
        let added = folder.run(&["staff", "add", "--name", name, "--email", &email].into_iter().chain(roles).collect::<Vec<_>>());
        let mut client = self.client();
        let first = json!({"token": token_in(&added), "name": name, "email": email, "password": PASSWORD, "practitioner": true});
        client.post("/api/staff/first", first).await.is(200);
        client
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Most memory it has had, in kilobytes.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Asks it to stop as a service manager does, and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "it takes more than 10 seconds to stop");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The token of the one-time link that a command printed.
pub fn token_in(output: &Output) -> String {
    let line = String::from_utf8_lossy(&output.stdout);
    let token = line.split("#first=").nth(1).and_then(|rest| rest.split(' ').next());
    token.unwrap_or_else(|| panic!("no link: {line}{}", String::from_utf8_lossy(&output.stderr))).to_owned()
}

/// A browser as far as HTTP goes.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    pub origin: Option<String>,
    pub cookies: BTreeMap<String, String>,
    http: reqwest::Client,
}

/// What came back.
pub struct Reply {
    pub what: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Client {
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Reply {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&mut self, path: &str, body: Value) -> Reply {
        self.json(Method::PUT, path, body).await
    }

    pub async fn json(&mut self, method: Method, path: &str, body: Value) -> Reply {
        self.send(method, path, &[(CONTENT_TYPE.as_str(), "application/json")], serde_json::to_vec(&body).unwrap()).await
    }

    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Reply {
        let what = format!("{method} {path}");
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.address)).body(body);
        if let Some(origin) = self.origin.as_ref().filter(|_| method != Method::GET && method != Method::HEAD) {
            request = request.header(ORIGIN, origin);
        }
        if !self.cookies.is_empty() {
            request = request.header(COOKIE, self.cookie_header());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = request.send().await.unwrap();
        for cookie in reply.headers().get_all(SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        let (status, headers) = (reply.status(), reply.headers().clone());
        let reply = Reply { what, status, headers, bytes: reply.bytes().await.unwrap().to_vec() };
        let kind = reply.header("content-type");
        documented::check(&Replied { method: method.as_str(), path, status: status.as_u16(), kind, bytes: &reply.bytes });
        reply
    }

    pub fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Plans a contact and returns its id.
    pub async fn plan(&mut self, details: Value) -> String {
        let made = self.post("/api/contacts", json!({ "details": details })).await;
        made.is(201)["id"].as_str().unwrap().to_owned()
    }
}

impl Reply {
    /// The body, if the status is this.
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, String::from_utf8_lossy(&self.bytes));
        if self.bytes.is_empty() { Value::Null } else { serde_json::from_slice(&self.bytes).unwrap() }
    }

    /// Status and code of a problem, which says them twice alike and comes under the right content type.
    pub fn problem(&self) -> (u16, String) {
        let problem: Value = serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}: {} {}", self.what, self.status, String::from_utf8_lossy(&self.bytes)));
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.what);
        assert_eq!(problem["status"], self.status.as_u16(), "{}", self.what);
        assert!(problem["title"].as_str().is_some_and(|title| title.ends_with('.')), "{}", self.what);
        (self.status.as_u16(), problem["code"].as_str().unwrap().to_owned())
    }

    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!(self.problem(), (status, code.to_owned()), "{}", self.what);
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Good details of a contact that starts now.
pub fn details(reference: &str) -> Value {
    json!({
        "reference": reference, "greeting": "Persephone", "practitioner": "Balthazar", "starts_at": now(), "minutes": 30,
        "ways": ["video", "voice", "text"], "waiting_words": "The kettle is humming", "word": "marmalade", "response": "End quietly"
    })
}

/// An invitation id that nobody has had.
pub fn invitation() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{:032x}", u128::from(now()) << 64 | u128::from(COUNT.fetch_add(1, Ordering::Relaxed)))
}
