//! Starting Chromium and Firefox, each with a driver, a profile and a process group of its own.

use crate::folder::Folder;
use crate::portrait::Portrait;
use crate::process::Program;
use crate::profile::Kept;
use serde_json::{Map, Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thirtyfour::prelude::*;
use tokio::process::Command;

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Chromium,
    Firefox,
}

/// What the browser does when a page asks for camera and microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Camera {
    /// Allowed; a picture and a sound made by the browser.
    Fake,
    /// The person has blocked them.
    Refused,
}

/// How a browser is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    pub kind: Kind,
    pub camera: Camera,
    /// Width and height of the page.
    pub size: (u32, u32),
    /// Firefox as people have it: it takes no relay on 127.0.0.1.
    pub ordinary: bool,
    /// Which of the relay's addresses the page may use; all if none.
    pub relay: Option<RelayChoice>,
    /// What the browser reaches through proxies; it is shown no other address of the relay then. None: everything as it is.
    pub routes: Vec<Route>,
    /// Whom the camera sees (Chromium only); a test picture if none.
    pub portrait: Option<Portrait>,
    /// Whether going somewhere and pressing wait until the next page is there. A network that is frozen would hold the
    /// test too.
    pub waits_for_pages: bool,
    /// The page's clock stands still and its pictures are hidden, so that two pages can be compared.
    pub still: bool,
    /// Takes whatever certificate it is shown; Chromium also for the relay over TLS.
    pub any_certificate: bool,
    /// The microphone speaks and the camera sees a face that moves ([`crate::talking`]). Firefox plays, and so speaks, only where
    /// there is a sound card.
    pub talks: bool,
    /// The environment of a sound card, in place of the fake microphone and of silence (Chromium only; it has no camera then).
    pub sound: Vec<(&'static str, PathBuf)>,
}

/// A port of the service, and the proxy in front of it.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub port: u16,
    pub through: SocketAddr,
}

/// A part of the relay's addresses, as if the network let nothing else through.
#[derive(Clone, Debug, Default)]
pub struct RelayChoice {
    /// `udp` or `tcp`.
    pub transport: Option<&'static str>,
    pub port: Option<u16>,
    /// The address to use in place of the relay's own: a proxy in front of it.
    pub at: Option<String>,
}

impl Setup {
    pub fn new(kind: Kind, size: (u32, u32)) -> Setup {
        Setup {
            kind,
            camera: Camera::Fake,
            size,
            ordinary: false,
            relay: None,
            routes: vec![],
            portrait: None,
            waits_for_pages: true,
            still: false,
            any_certificate: false,
            talks: false,
            sound: vec![],
        }
    }
}

/// A browser and its driver. The guard of the process group comes before the session, so that a session that fails
/// to start leaves nothing behind; fields are dropped in order, and the folder goes last.
pub struct Driven {
    pub driver: WebDriver,
    program: Program,
    profile: Folder,
}

impl Driven {
    pub async fn start(setup: &Setup) -> Driven {
        // thirtyfour's WebSocket asks for a default provider and panics without one; a second call is no harm.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let profile = Folder::new(if setup.kind == Kind::Chromium { "chromium" } else { "firefox" });
        let (program, port) = start_driver(setup, profile.path()).await;
        let capabilities = match setup.kind {
            Kind::Chromium => chromium(setup, profile.path()),
            Kind::Firefox => firefox(setup),
        };
        let session = WebDriver::builder(format!("http://127.0.0.1:{port}"), Capabilities::from(capabilities))
            .request_timeout(Duration::from_secs(60))
            .await;
        match session {
            Ok(driver) => {
                // A test that fails must not hang in the driver's own farewell: the group is killed anyway.
                let _ = driver.clone().leak();
                Driven { driver, program, profile }
            }
            Err(error) => panic!("{:?} doesn't start: {error}\n{}", setup.kind, program.output().lines().join("\n")),
        }
    }
}

impl Driven {
    /// A signal to the browser with all its processes, and to its driver.
    pub fn signal(&self, signal: &str) {
        self.program.signal(signal);
    }

    /// What the browser keeps in its files now.
    pub fn kept(&self) -> Kept {
        Kept::in_folder(self.profile.path())
    }

    /// Ends the browser, which first writes what it keeps; nothing can be asked of it afterwards. Its driver goes before, since
    /// it would clear away what its browser leaves.
    pub async fn end(&self) {
        self.program.kill_alone();
        self.signal("TERM");
        self.program.group_ended(Duration::from_secs(20)).await;
    }

    /// A command of Chromium's own, by way of its driver.
    pub async fn devtools(&self, command: &str, parameters: Value) {
        let url = format!("{}session/{}/goog/cdp/execute", self.driver.handle().server_url(), self.driver.session_id());
        let reply = reqwest::Client::new().post(url).json(&json!({ "cmd": command, "params": parameters })).send().await;
        let status = reply.unwrap_or_else(|error| panic!("{command}: {error}")).status();
        assert!(status.is_success(), "{command}: {status}");
    }
}

/// Chromedriver picks a port by itself, for both families at once, and gives up when the one it picked for IPv6 is taken for IPv4.
/// Then it is started once more, as a person would; nothing of a test has begun by then.
async fn start_driver(setup: &Setup, profile: &Path) -> (Program, u16) {
    const TAKEN: &str = "port not available";
    for _ in 0..5 {
        let (program, marker) = driver_program(setup, profile);
        let port = program.output().wait_for(marker, Duration::from_secs(20), |line| {
            if line.contains(TAKEN) {
                return Some(None);
            }
            let rest = line.split(marker).nth(1)?;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok().map(Some)
        });
        if let Some(port) = port.await {
            return (program, port);
        }
    }
    panic!("{:?}: its driver finds no port", setup.kind);
}

/// The driver, just started, and what stands before its port in what it writes.
fn driver_program(setup: &Setup, profile: &Path) -> (Program, &'static str) {
    let (name, mut command, marker) = match setup.kind {
        Kind::Chromium => ("chromedriver", Command::new("chromedriver"), "successfully on port "),
        // One geckodriver drives one Firefox.
        Kind::Firefox => ("geckodriver", Command::new("geckodriver"), "Listening on 127.0.0.1:"),
    };
    match setup.kind {
        Kind::Chromium => command.args(["--port=0"]),
        Kind::Firefox => command.args(["--port", "0", "--websocket-port", "0"]),
    };
    (Program::start(name, command.env("TMPDIR", profile).envs(setup.sound.clone())), marker)
}

fn chromium(setup: &Setup, profile: &Path) -> Map<String, Value> {
    let mut args = vec![
        "--headless".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--lang=en-GB".to_owned(),
        format!("--user-data-dir={}/profile", profile.display()),
        format!("--window-size={},{}", setup.size.0, setup.size.1),
    ];
    if setup.any_certificate {
        // What WebDriver asks for says nothing of the relay.
        args.push("--ignore-certificate-errors".to_owned());
    }
    if setup.sound.is_empty() {
        args.push("--use-fake-device-for-media-stream".to_owned());
    }
    if setup.talks {
        args.push("--autoplay-policy=no-user-gesture-required".to_owned());
    }
    if setup.camera == Camera::Fake {
        // Always grants: a refusal goes through permissions instead (see `Browser::refuse_camera`).
        args.push("--use-fake-ui-for-media-stream".to_owned());
    }
    if let Some(portrait) = setup.portrait {
        args.push(format!("--use-file-for-fake-video-capture={}", portrait.film(profile).display()));
    }
    if !setup.routes.is_empty() {
        // For pages and sockets; the relay's addresses are written over in the page.
        let rules: Vec<_> = setup.routes.iter().map(|route| format!("MAP 127.0.0.1:{} {}", route.port, route.through)).collect();
        args.push(format!("--host-resolver-rules={}", rules.join(",")));
    }
    capabilities(setup, "chrome", "goog:chromeOptions", json!({ "binary": "/usr/bin/chromium", "args": args }))
}

fn firefox(setup: &Setup) -> Map<String, Value> {
    let mut prefs = json!({
        "media.navigator.streams.fake": true,
        "media.navigator.permission.disabled": setup.camera == Camera::Fake,
        "intl.accept_languages": "en-GB",
        // Nothing by itself over the network.
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "app.update.disabledForTesting": true,
        "browser.safebrowsing.downloads.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
    });
    if setup.camera == Camera::Refused {
        prefs["permissions.default.camera"] = json!(2);
        prefs["permissions.default.microphone"] = json!(2);
    }
    if setup.talks {
        prefs["media.autoplay.default"] = json!(0);
        prefs["media.autoplay.blocking_policy"] = json!(0);
    }
    if !setup.ordinary {
        prefs["media.peerconnection.ice.loopback"] = json!(true);
    }
    if !setup.routes.is_empty() {
        let ports: Vec<_> = setup.routes.iter().map(|route| format!("{}={}", route.port, route.through.port())).collect();
        prefs["network.socket.forcePort"] = json!(ports.join(";"));
    }
    let (width, height) = setup.size;
    let args = ["-headless", &format!("--width={width}"), &format!("--height={height}")];
    capabilities(setup, "firefox", "moz:firefoxOptions", json!({ "args": args, "prefs": prefs }))
}

fn capabilities(setup: &Setup, name: &str, key: &str, options: Value) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("browserName".to_owned(), json!(name));
    all.insert("webSocketUrl".to_owned(), json!(true));
    all.insert("pageLoadStrategy".to_owned(), json!(if setup.waits_for_pages { "normal" } else { "none" }));
    all.insert("acceptInsecureCerts".to_owned(), json!(setup.any_certificate));
    all.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
    all.insert(key.to_owned(), options);
    all
}
