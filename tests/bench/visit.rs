//! A service user's way from the link to the waiting room, walked by a script in the page: it presses as soon as there is
//! something to press, and notes when. So no time is counted that a driver takes to ask and to press.

use serde::Deserialize;
use serde_json::json;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::network::{Conditions, TcpProxy};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::world::{PHONE, World};
use std::time::Duration;

/// 400 kbit/s down and up, 400 ms there and back.
pub fn slow() -> Conditions {
    Conditions { kbits: Some(400), delay: Duration::from_millis(200), ..Conditions::default() }
}

/// The longest a visit may take: twenty times what is promised, browser included.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A service under TLS (phones get camera and microphone in no other way) or without, behind a network that a visit makes
/// slow, and one link for each visit. The desk that made them is gone: nobody else uses the line or the processor.
pub struct Visits {
    world: World,
    links: Vec<String>,
    _certificate: Folder,
}

/// What the page noted, in milliseconds since the link was opened.
#[derive(Clone, Debug, Deserialize)]
pub struct Noted {
    /// The first words on the screen.
    pub first: f64,
    /// "Continue" can be pressed, and is.
    pub greeted: f64,
    /// "Is now a good time…" stands there, and is answered.
    pub question: f64,
    pub waiting: f64,
    /// What was loaded, the page itself first.
    pub loaded: Vec<Loaded>,
    /// How many WebSockets were opened.
    pub sockets: u32,
}

/// One request for something.
#[derive(Clone, Debug, Deserialize)]
pub struct Loaded {
    pub url: String,
    /// When it was asked for, and when the last byte came.
    pub begun: f64,
    pub ended: f64,
    /// Its body as it came, compressed.
    pub body: f64,
    pub protocol: String,
}

/// A finished visit, with its phone still in the waiting room.
pub struct Visit {
    pub noted: Noted,
    /// All bytes that the line carried from and to the phone until the waiting room.
    pub carried: (u64, u64),
    /// And those of the WebSocket, where it can be told apart: without TLS.
    pub socket: (u64, u64),
    /// Connections the phone made until then.
    pub connections: usize,
    pub phone: Phone,
}

impl Visits {
    /// For so many visits.
    pub async fn new(tls: bool, count: usize) -> Visits {
        let certificate = Folder::new("certificate");
        let world = World::alone_behind_a_network(|settings| {
            if tls {
                settings.under_tls(certificate.path());
            }
        })
        .await;
        let desk = world.desk_of(&Setup { any_certificate: true, ..Setup::new(Kind::Chromium, (1280, 800)) }).await;
        let mut links = Vec::new();
        for at in 0..count {
            links.push(desk.plan_as(&format!("LINK-{at}")).await);
        }
        drop(desk);
        Visits { world, links, _certificate: certificate }
    }

    pub fn line(&self) -> &TcpProxy {
        &self.world.network().web
    }

    /// Opens the next link in a new browser, by the slow line and with a processor that takes so many times as long.
    pub async fn go(&mut self, way: Way, processor: u32) -> Visit {
        let link = self.links.pop().expect("a link was made for each visit");
        let phone =
            self.world.phone_of(&Setup { any_certificate: true, waits_for_pages: false, ..Setup::new(Kind::Chromium, PHONE) }).await;
        phone.runs_first(&script(way)).await;
        phone.slow_processor(processor).await;
        let web = self.line();
        web.network().set(slow());
        let (before, socket_before, connections) = (web.carried_in_all(), web.carried(SOCKET), web.connections());
        phone.go(&link).await;
        let noted = phone.until_within("the waiting room", Duration::from_secs(60), "() => window.__visit && window.__visit.noted").await;
        let since = |now: (u64, u64), before: (u64, u64)| (now.0 - before.0, now.1 - before.1);
        Visit {
            noted: serde_json::from_value(noted).unwrap_or_else(|error| panic!("what the page noted can't be read: {error}")),
            carried: since(web.carried_in_all(), before),
            socket: since(web.carried(SOCKET), socket_before),
            connections: web.connections() - connections,
            phone,
        }
    }
}

/// Where a phone's WebSocket goes.
const SOCKET: &str = "/ws/guest";

/// What has been loaded until now, for [`Noted::loaded`].
pub const LOADED: &str = "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((one) => ({ \
    url: one.name, begun: one.startTime, ended: one.responseEnd, body: one.encodedBodySize, protocol: one.nextHopProtocol }))";

/// Presses whatever there is to press, once it has been drawn, and notes when that was.
fn script(way: Way) -> String {
    let (answer, way) = match way {
        Way::Video => ("yes", "video"),
        Way::Voice => ("yes", "voice"),
        // "I'd rather type" is an answer, and needs no further choice.
        Way::Text => ("type", "text"),
    };
    let names = json!({ "answer": answer, "way": way });
    format!(
        r"(() => {{
            if (window !== window.top || location.protocol === 'about:') return;
            const chosen = {names};
            const at = {{}};
            const visit = (window.__visit = {{ noted: null }});
            let sockets = 0;
            const Socket = window.WebSocket;
            window.WebSocket = class WebSocket extends Socket {{
                constructor(...args) {{
                    super(...args);
                    sockets += 1;
                }}
            }};
            const stands = (id) => {{
                const section = document.getElementById(id);
                return section && !section.hidden && section;
            }};
            // Once it is on the screen: after the frame that shows it.
            const once = (name, then) => {{
                if (name in at) return;
                at[name] = 0;
                requestAnimationFrame(() => setTimeout(() => {{
                    at[name] = performance.now();
                    then();
                }}));
            }};
            const press = (selector) => document.querySelector(selector).click();
            const look = () => {{
                const go = document.getElementById('continue');
                const ready = document.getElementById('ready');
                if (stands('hello') && go && !go.disabled) once('greeted', () => press('#continue'));
                if (stands('check')) once('question', () => press('[data-answer=' + chosen.answer + ']'));
                if (stands('how')) once('ways', () => press('[data-way=' + chosen.way + ']'));
                if (stands('prepare') && ready && !ready.hidden && !ready.disabled) once('ready', () => press('#ready'));
                if (stands('waiting')) once('waiting', () => {{
                    const paint = performance.getEntriesByName('first-contentful-paint')[0];
                    const loaded = ({LOADED})();
                    visit.noted = Object.assign({{ first: paint ? paint.startTime : -1, loaded, sockets }}, at);
                }});
            }};
            new MutationObserver(look).observe(document, {{ subtree: true, childList: true, attributes: true }});
        }})();"
    )
}
