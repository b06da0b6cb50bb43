//! `sidelight doctor`: looks at a service from outside, as a phone would meet it, and says line by line what is well or what to change.
//!
//! What findings mean is decided in [`reach_rules`], [`web_rules`] and [`relay_rules`], which see no network; each step has a time of its own, and
//! whatever keeps it from an answer has a name.

mod call;
mod checks;
pub mod codes;
mod files;
pub mod finding;
mod reach_rules;
mod relay;
mod relay_rules;
mod talker;
pub mod target;
mod web;
mod web_rules;

use crate::config::{Config, Flags};
use crate::http::Pages;
use codes::{Code, Verdict};
use files::Due;
use finding::{Finding, Told};
use relay_rules::Probe;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use target::{Place, Target, Way};
use web::Web;

/// What is to be looked at, and how.
pub struct Asked {
    pub target: Target,
    /// For each step.
    pub limit: Duration,
    /// The root certificate of a private authority.
    pub root: Option<PathBuf>,
    /// What `sidelight manifest` printed there, in place of this program's own.
    pub manifest: Option<String>,
    /// Where the relay is, when it isn't where it usually is.
    pub udp: Option<(String, u16)>,
    pub tcp: Option<(String, u16)>,
    /// By which the service lets calls be tried.
    pub token: Option<String>,
}

/// What is found, in the order in which it is to be put right.
struct Findings {
    all: Vec<Finding>,
    since: Instant,
}

impl Findings {
    /// Whether what follows can be looked at.
    fn add(&mut self, check: &'static str, told: Told) -> bool {
        let fine = told.code.verdict() != Verdict::Wrong;
        let took = self.lap();
        self.all.push(Finding { check, told, took });
        fine
    }

    /// How long it took since the last was found.
    fn lap(&mut self) -> Duration {
        std::mem::replace(&mut self.since, Instant::now()).elapsed()
    }

    fn skip(&mut self, checks: &[&'static str], first: &str) {
        for check in checks {
            self.add(check, Told::after(first));
        }
    }
}

const PAGES: [&str; 5] = ["service", "headers", "clock", "socket", "files"];

/// None: the manifest that was given is none.
pub fn due(asked: &Asked, ours: &Pages) -> Option<Vec<Due>> {
    match &asked.manifest {
        None => Some(files::own(&ours.manifest())),
        Some(manifest) => files::read(manifest),
    }
}

/// This program's own pages, as the default configuration fills them in.
pub fn own_pages() -> io::Result<Pages> {
    let config = Config::from_text(None, &Flags::default(), std::iter::empty()).map_err(|wrong| io::Error::other(wrong.to_string()))?;
    Pages::new(&config)
}

pub async fn look(asked: Asked, ours: &Pages, due: &[Due]) -> io::Result<Vec<Finding>> {
    let mut found = Findings { all: Vec::new(), since: Instant::now() };
    let Asked { target, limit, root, udp, tcp, token, .. } = asked;
    let places = Place::usual(&target, udp, tcp);
    let addresses = web::addresses(&target.host, target.port, limit).await;
    let ips: Result<Vec<IpAddr>, _> = addresses.as_ref().map(|known| known.iter().map(SocketAddr::ip).collect());
    let name = reach_rules::name(&target, ips.as_deref().map_err(|trouble| *trouble));
    let web = Web::new(target, addresses.unwrap_or_default(), limit, root.as_deref())?;
    if !found.add("name", name) {
        found.skip(&["port", "certificate", "plain http"], "the name");
        found.skip(&PAGES, "the name");
        found.skip(&["relay", "call"], "the name");
        return Ok(found.all);
    }
    let open = found.add("port", checks::port(&web).await);
    let trusted = if open {
        found.add("certificate", checks::certificate(&web).await)
    } else {
        found.skip(&["certificate"], "the port");
        false
    };
    if web.target.tls {
        found.add("plain http", checks::plain(&web).await);
    }
    // What doesn't come from the service itself says nothing of it.
    let first = if open { "the certificate" } else { "the port" };
    let theirs = open && (trusted || !web.target.tls);
    let reached = theirs && pages(&web, ours, due, &mut found).await;
    if !theirs {
        found.skip(&PAGES, first);
    }
    // It opens something, so it goes to whom it is for, and nobody on the way reads it.
    let safe = web.target.tls || web.target.is_this_machine();
    let told = match token {
        Some(token) if reached && safe => Token::Brought(token),
        Some(_) if theirs && safe => Token::Later("the service"),
        Some(_) => Token::Later(first),
        None => Token::None,
    };
    relays(&web, places, trusted, &told, &mut found).await;
    Ok(found.all)
}

/// Whether it is Sidelight that answers.
async fn pages(web: &Web, ours: &Pages, due: &[Due], found: &mut Findings) -> bool {
    let service = checks::service(web).await;
    let other = matches!(service.code, Code::ServiceOther | Code::ServiceSilent);
    found.add("service", service);
    if other {
        found.skip(PAGES.get(1..).unwrap_or_default(), "the service");
        return false;
    }
    found.add("headers", checks::headers(web, ours).await);
    found.add("clock", checks::clock(web).await);
    found.add("socket", checks::socket(web).await);
    found.add("files", web_rules::files(&files::compare(web, due).await));
    true
}

/// What there is to try a call with.
enum Token {
    None,
    /// Something else comes first.
    Later(&'static str),
    Brought(String),
}

/// A service tells of a handful at most.
const PLACES: usize = 12;

async fn relays(web: &Web, usual: Vec<Place>, trusted: bool, token: &Token, found: &mut Findings) {
    let mut places = usual;
    let mut untold = false;
    if let Token::Brought(token) = token {
        match call::access(web, token).await {
            Ok(access) => {
                places = access.urls.iter().filter_map(|url| Place::told(url, &web.target)).take(PLACES).collect();
                if let Some(told) = relay_rules::told(&places, &web.ips()) {
                    found.add("relay", told);
                }
                untold = !places.iter().any(|place| place.web);
                if untold {
                    places.push(Place::web(&web.target));
                }
            }
            Err(why) => {
                // Where it usually is, it may never have been.
                found.skip(&["relay"], "the token");
                found.add("call", relay_rules::no_access(&why));
                return;
            }
        }
    }
    let (mut seen, mut took) = (Vec::new(), Vec::new());
    found.lap();
    for place in &places {
        // Under TLS, what isn't trusted there isn't here.
        if place.way != Way::Tls || trusted {
            seen.push((place.clone(), relay::probe(place, web).await));
            took.push(found.lap());
        }
    }
    // What one means hangs on the others.
    let told = relay_rules::relay(&seen, untold).into_iter().zip(took);
    found.all.extend(told.map(|(told, took)| Finding { check: "relay", told, took }));
    if seen.len() < places.len() {
        found.skip(&["relay"], "the certificate");
    }
    match token {
        Token::None => drop(found.add("call", relay_rules::not_tried())),
        Token::Later(first) => found.skip(&["call"], first),
        Token::Brought(token) => {
            // Nobody will use one that pages aren't told of.
            let used = seen.iter().filter(|(place, probe)| *probe == Probe::Answers && !(untold && place.web));
            calls(web, token, used.map(|(place, _)| place), found).await;
        }
    }
}

async fn calls(web: &Web, token: &str, places: impl Iterator<Item = &Place>, found: &mut Findings) {
    let mut tried = 0;
    for place in places {
        // Each has an access of its own: it lasts for seconds.
        let told = match call::access(web, token).await {
            Ok(access) => relay_rules::call(place, &call::call(place, web, &access).await),
            Err(why) => relay_rules::no_access(&why),
        };
        found.add("call", told);
        tried += 1;
    }
    if tried == 0 {
        found.skip(&["call"], "a way for sound and picture");
    }
}
