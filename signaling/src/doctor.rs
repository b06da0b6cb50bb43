//! `sidelight doctor`: looks at a service from outside, as a phone would meet it, and says line by line what is well or what to change.
//!
//! What findings mean is decided in [`web_rules`] and [`relay_rules`], which see no network; each step has a time of its own, and
//! whatever keeps it from an answer has a name.

mod checks;
pub mod codes;
mod files;
pub mod finding;
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
        self.all.push(Finding { check, told, took: self.since.elapsed() });
        self.since = Instant::now();
        fine
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
    let Asked { target, limit, root, udp, tcp, .. } = asked;
    let places = Place::usual(&target, udp, tcp);
    let addresses = web::addresses(&target.host, target.port, limit).await;
    let ips: Result<Vec<IpAddr>, _> = addresses.as_ref().map(|known| known.iter().map(SocketAddr::ip).collect());
    let name = web_rules::name(&target, ips.as_deref().map_err(|trouble| *trouble));
    let web = Web::new(target, addresses.unwrap_or_default(), limit, root.as_deref())?;
    if !found.add("name", name) {
        found.skip(&["port", "certificate", "plain http"], "the name");
        found.skip(&PAGES, "the name");
        found.skip(&["relay"], "the name");
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
    if trusted || !web.target.tls && open {
        pages(&web, ours, due, &mut found).await;
    } else {
        found.skip(&PAGES, first);
    }
    relays(&web, &places, trusted, &mut found).await;
    Ok(found.all)
}

async fn pages(web: &Web, ours: &Pages, due: &[Due], found: &mut Findings) {
    let service = checks::service(web).await;
    let other = matches!(service.code, Code::ServiceOther | Code::ServiceSilent);
    found.add("service", service);
    if other {
        return found.skip(PAGES.get(1..).unwrap_or_default(), "the service");
    }
    found.add("headers", checks::headers(web, ours).await);
    found.add("clock", checks::clock(web).await);
    found.add("socket", checks::socket(web).await);
    found.add("files", web_rules::files(&files::compare(web, due).await));
}

async fn relays(web: &Web, places: &[Place], trusted: bool, found: &mut Findings) {
    let mut seen = Vec::new();
    for place in places {
        // Under TLS, what isn't trusted there isn't here.
        if place.way == Way::Tls && !trusted {
            continue;
        }
        seen.push((place.clone(), relay::probe(place, web).await));
    }
    for told in relay_rules::relay(&seen) {
        found.add("relay", told);
    }
    if seen.len() < places.len() {
        found.skip(&["relay"], "the certificate");
    }
}
