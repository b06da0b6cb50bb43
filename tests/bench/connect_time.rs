//! `connect-time`: from the press "Let in" to the first picture of the other side drawn on the desk, both browsers on this
//! machine and the relay between them.
//!
//! The press and the picture are noted in the desk's page, by one clock: `requestVideoFrameCallback` says when the first
//! frame of a track that came over the network was drawn. Each run is another contact with another link.

use crate::attempt::attempt;
use crate::row::{Figures, Row, median};
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::world::World;
use std::time::Duration;

const RUNS: usize = 7;
const PATIENCE: Duration = Duration::from_secs(90);

pub async fn measure(figures: &mut Figures) {
    use Kind::{Chromium, Firefox};
    for (desk, phone) in [(Chromium, Chromium), (Firefox, Firefox), (Chromium, Firefox)] {
        let name = format!("desk {desk:?}, phone {phone:?}");
        if let Err(why) = attempt(PATIENCE * RUNS as u32, pair(desk, phone, &name, figures)).await {
            figures.lacks(&name, &why);
        }
    }
}

async fn pair(desk: Kind, phone: Kind, name: &str, figures: &mut Figures) {
    let world = World::alone().await;
    let (desk, phone) = (world.desk(desk).await, world.phone(phone).await);
    let mut took = Vec::new();
    for run in 1..=RUNS {
        match attempt(PATIENCE, once(&desk, &phone, run)).await {
            Ok(one) => {
                println!("  {name}, run {run}: {one:.0} ms");
                took.push(one / 1000.0);
            }
            // What is left of it would stand in the way of the next.
            Err(why) => {
                figures.lacks(&format!("{name}, run {run} and later"), &why);
                break;
            }
        }
    }
    if !took.is_empty() {
        figures.say(Row::at_most(format!("“Let in” to first picture, {name}, median of {}", took.len()), median(&took), 1.0, "s"));
        figures.say(Row::told(format!("“Let in” to first picture, {name}, slowest"), took.iter().copied().fold(0.0, f64::max), "s"));
    }
}

/// Milliseconds from the press to the picture.
async fn once(desk: &Desk, phone: &Phone, run: usize) -> f64 {
    let reference = format!("RUN-{run}");
    let link = desk.plan_as(&reference).await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.hears_a_knock_of(&reference).await;
    // The phone has the call's modules by now, as it would after any wait.
    tokio::time::sleep(Duration::from_secs(1)).await;
    desk.ask::<()>(WATCH).await;
    let took = desk.until("the first picture", "() => window.__took").await;
    desk.knows_them().await;
    desk.ends().await;
    phone.sees_goodbye().await;
    took.as_f64().unwrap_or(f64::NAN)
}

/// Presses "Let in" and watches for the first picture that came over the network.
const WATCH: &str = "() => {
    window.__took = null;
    const button = [...document.querySelectorAll('[data-do=admit]')].find((one) => !one.disabled && one.getClientRects().length);
    if (!button) throw new Error('there is nobody to let in');
    const watched = new Set();
    const remote = () => new Set(window.__test.connections.flatMap((one) => one.getReceivers().map((receiver) => receiver.track.id)));
    const begun = performance.now();
    const look = setInterval(() => {
        const ids = remote();
        for (const video of document.querySelectorAll('video')) {
            const stream = video.srcObject;
            if (watched.has(video) || !stream || !stream.getVideoTracks().some((track) => ids.has(track.id))) continue;
            watched.add(video);
            video.requestVideoFrameCallback(() => {
                if (window.__took === null) window.__took = performance.now() - begun;
                clearInterval(look);
            });
        }
    }, 4);
    setTimeout(() => clearInterval(look), 30000);
    button.click();
}";
