//! `desk-week`: the desk with 500 contacts in the week, at a processor that takes four times as long: what is loaded, and how long it takes
//! until it is there.
//!
//! The service takes only so many new contacts of one person in a short time, so it is started again in the middle of the planning.

use crate::attempt::attempt;
use crate::row::{Figures, Row};
use serde::Deserialize;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::world::{LAPTOP, World};
use std::time::Duration;

const CONTACTS: u32 = 500;
const AT_ONCE: u32 = 250;
const PATIENCE: Duration = Duration::from_secs(300);

pub async fn measure(figures: &mut Figures) {
    if let Err(why) = attempt(PATIENCE, week(figures)).await {
        figures.lacks("the week", &why);
    }
}

/// What the page noted of itself.
#[derive(Deserialize)]
struct Noted {
    /// Milliseconds since it was asked for.
    took: f64,
    /// Heads and bodies of what it loaded, as the browser counts them.
    bytes: f64,
    socket: f64,
}

async fn week(figures: &mut Figures) {
    // As it is in use, under TLS: browsers take what Brotli made shorter nowhere else.
    let certificate = Folder::new("certificate");
    let mut world = World::alone_with(|settings| {
        settings.under_tls(certificate.path());
    })
    .await;
    let desk = world.desk_of(&Setup { any_certificate: true, ..Setup::new(Kind::Chromium, LAPTOP) }).await;
    let address = desk.ask::<String>("() => location.origin + '/desk'").await;
    // The same desk with nobody on it, to know what the contacts add.
    desk.runs_first(WATCH).await;
    desk.slow_processor(4).await;
    desk.go(&address).await;
    let bare = noted(&desk, "'.today .people-row'").await;
    figures.say(Row::told("the desk with nothing planned until it stands there, kept scripts", bare.took / 1000.0, "s"));
    desk.slow_processor(1).await;
    plan(&desk, 0).await;
    world.service.kill().await;
    world.start_again().await;
    plan(&desk, AT_ONCE).await;
    desk.slow_processor(4).await;
    desk.go(&address).await;
    let today: Noted = noted(&desk, "'.today .card'").await;
    figures.say(Row::at_most("the desk until today's contacts stand there, kept scripts", today.took / 1000.0, 1.0, "s"));
    figures.say(Row::at_most("of it, requests and replies", today.bytes, 100_000.0, "bytes"));
    figures.say(Row::told("of it, over the socket", today.socket, "bytes"));
    desk.ask::<()>("() => { performance.clearResourceTimings(); window.__from = performance.now(); }").await;
    desk.key("p").await;
    let week: Noted = noted(&desk, "'.slots .card'").await;
    figures.say(Row::at_most("from the key to the week of 500 on the screen", week.took / 1000.0, 1.0, "s"));
    figures.say(Row::at_most("the week of 500, request and reply", week.bytes, 100_000.0, "bytes"));
    let drawn: u32 = desk.ask("() => document.querySelectorAll('.slots .card').length").await;
    assert_eq!(drawn, CONTACTS, "all of them stand there");
}

async fn noted(desk: &Desk, what: &str) -> Noted {
    let shown = format!("() => window.__drawn({what})");
    desk.until("the contacts", &shown).await;
    desk.ask(&format!("() => window.__drawn({what})")).await
}

/// A page says itself when it was ready, and what came over the socket: the first of each kind of element that is drawn, with the time of it.
const WATCH: &str = r"
    window.__from = 0; window.__socket = 0; window.__first = {};
    const Socket = WebSocket;
    window.WebSocket = class extends Socket {
        constructor(...all) { super(...all); this.addEventListener('message', ({ data }) => { window.__socket += data.length || data.byteLength || 0; }); }
    };
    const look = () => {
        for (const what of ['.today .people-row', '.today .card', '.slots .card']) {
            if (window.__first[what] === undefined && document.querySelector(what)) {
                requestAnimationFrame(() => setTimeout(() => { if (window.__first[what] === undefined) window.__first[what] = performance.now() - window.__from; }));
            }
        }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    window.__drawn = (what) => {
        const took = window.__first[what];
        if (took === undefined) return null;
        const loaded = performance.getEntriesByType('resource').concat(window.__from ? [] : performance.getEntriesByType('navigation'));
        return { took, bytes: loaded.reduce((sum, one) => sum + one.transferSize, 0), socket: window.__socket };
    };
";

/// Half of them, by the page's own session.
async fn plan(desk: &Desk, from: u32) {
    desk.ask::<()>(&format!(
        "async () => {{
            const today = new Date(); today.setHours(9, 0, 0, 0);
            // What is over by more than a day can't be planned: they stand on what is left of the week.
            const days = 7 - (today.getDay() + 6) % 7;
            for (let number = {from}; number < {from} + {AT_ONCE}; number += 1) {{
                const starts_at = today.getTime() / 1000 + (number % days) * 86400 + (number % 71) * 420;
                const details = {{ reference: `JT-${{4000 + number}}`, greeting: 'Alex', practitioner: 'Sam', minutes: 30, ways: ['video', 'voice', 'text'],
                    waiting_words: null, word: null, response: null, starts_at }};
                const headers = {{ 'content-type': 'application/json' }};
                const reply = await fetch('/api/contacts', {{ method: 'POST', headers, body: JSON.stringify({{ details }}) }});
                if (reply.status !== 201) throw new Error('not planned: ' + reply.status + ' ' + await reply.text());
            }}
        }}"
    ))
    .await;
}
