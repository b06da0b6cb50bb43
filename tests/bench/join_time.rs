//! `join-time`: how long a service user waits for the machine, from the link to the question and from there to the waiting
//! room, on a poor network (400 kbit/s, 400 ms round trip) and a phone that takes four times as long as this machine.
//!
//! Counted is machine time: every press comes as soon as there is something to press. Each run is a new browser with
//! nothing kept, and a new connection's handshakes take their round trips too. Under TLS, since no phone meets anything
//! else.

use crate::attempt::attempt;
use crate::row::{Figures, Row, median};
use crate::visit::{PATIENCE, Visit, Visits};
use sidelight_e2e::phone::{Phone, Way};

/// Runs of each way: the median of fewer jumps about.
const RUNS: usize = 7;
/// How many times as long the phone's processor takes.
const PROCESSOR: u32 = 4;

pub async fn measure(figures: &mut Figures) {
    let mut visits = Visits::new(true, RUNS * 2).await;
    for (way, name) in [(Way::Video, "by video"), (Way::Text, "by typing")] {
        let (mut all, mut slowed) = (Vec::new(), Vec::new());
        for run in 1..=RUNS {
            let one = attempt(PATIENCE, async {
                let visit = visits.go(way, PROCESSOR).await;
                let slowed = slowed_by(&visit.phone).await;
                (visit, slowed)
            });
            match one.await {
                Ok((visit, by)) => {
                    waterfall(name, run, &visit);
                    all.push(visit.noted);
                    slowed.push(by);
                }
                Err(why) => figures.lacks(&format!("run {run} {name}"), &why),
            }
        }
        if all.is_empty() {
            continue;
        }
        let middle = |of: fn(&crate::visit::Noted) -> f64| median(&all.iter().map(of).collect::<Vec<_>>()) / 1000.0;
        let worst = |of: fn(&crate::visit::Noted) -> f64| all.iter().map(of).fold(0.0, f64::max) / 1000.0;
        let (question, waiting): (fn(&crate::visit::Noted) -> f64, fn(&crate::visit::Noted) -> f64) =
            (|noted| noted.question, |noted| noted.waiting - noted.question);
        figures.say(Row::at_most(format!("link to question, {name}, median of {}", all.len()), middle(question), 4.0, "s"));
        figures.say(Row::at_most(format!("question to waiting room, {name}, median of {}", all.len()), middle(waiting), 3.0, "s"));
        figures.say(Row::told(format!("link to question, {name}, slowest"), worst(question), "s"));
        figures.say(Row::told(format!("question to waiting room, {name}, slowest"), worst(waiting), "s"));
        figures.say(Row::told(format!("link to the first words, {name}, median"), middle(|noted| noted.first), "s"));
        figures.say(Row::told(format!("link to “Continue”, {name}, median"), middle(|noted| noted.greeted), "s"));
        // Were the throttle not there, the figures above would say nothing.
        figures.say(Row::told(format!("processor slowed down, {name}, median"), median(&slowed), "times"));
        if median(&slowed) < f64::from(PROCESSOR) * 0.6 {
            figures.lacks(name, "the browser didn't slow its processor down as it was told");
        }
    }
}

/// How many times as long a busy loop takes in this page as it does without the throttle.
async fn slowed_by(phone: &Phone) -> f64 {
    // The best of several: others use this machine too.
    const LOOP: &str = "() => Math.min(...[1, 2, 3, 4].map(() => { const begun = performance.now(); let sum = 0; \
        for (let at = 0; at < 1e7; at += 1) sum = (sum * 31 + at) % 65521; return performance.now() - begun + sum * 1e-12; }))";
    let slow: f64 = phone.ask(LOOP).await;
    phone.slow_processor(1).await;
    let fast: f64 = phone.ask(LOOP).await;
    slow / fast
}

/// Where the time went, for whoever asks for it: `SIDELIGHT_WATERFALL=1`.
fn waterfall(name: &str, run: usize, visit: &Visit) {
    let noted = &visit.noted;
    println!(
        "  {name}, run {run}: first words {:.0}, Continue {:.0}, question {:.0}, waiting room {:.0} ms; {} connections",
        noted.first, noted.greeted, noted.question, noted.waiting, visit.connections
    );
    if std::env::var_os("SIDELIGHT_WATERFALL").is_some() {
        for one in &noted.loaded {
            println!(
                "    {:>6.0} to {:>6.0} ms {:>7} bytes {:<9} {}",
                one.begun,
                one.ended,
                one.body,
                one.protocol,
                one.url.split('#').next().unwrap_or_default()
            );
        }
    }
}
