//! `fallback`: a line of 1 Mbit/s becomes one of 40 kbit/s in the middle of a video call, and wide again a while later. How long the
//! voice is broken, and how long it takes until the picture is there again or is offered.

use crate::attempt::attempt;
use crate::row::{Figures, Row};
use crate::talk::{Heard, Pair, Talk, clean_after, made_up, now};
use sidelight_e2e::network::Conditions;
use sidelight_e2e::phone::Way;
use std::time::Duration;

const RUNS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(240);

/// As long as a picture needs to grow, and the line to be known.
const STEADY: Duration = Duration::from_secs(25);
const NARROW: Duration = Duration::from_secs(40);
const WIDE: Duration = Duration::from_secs(40);

pub async fn measure(figures: &mut Figures) {
    for pair in Pair::asked() {
        let mut all: Vec<Vec<f64>> = vec![vec![]; 3];
        for run in 1..=RUNS {
            let name = format!("{}, run {run}", pair.name());
            match attempt(PATIENCE, once(&pair, &name)).await {
                Ok(took) => all.iter_mut().zip(took).for_each(|(all, one)| all.push(one)),
                Err(why) => figures.lacks(&name, &why),
            }
        }
        let [clean, back, lost] = &all[..] else { unreachable!("there are three") };
        let worst = |all: &[f64]| all.iter().copied().fold(f64::NAN, f64::max);
        if !clean.is_empty() {
            let runs = clean.len();
            let name = pair.name();
            figures.say(Row::at_most(
                format!("1 Mbit/s to 40 kbit/s: until the voice is clean, {name}, worst of {runs}"),
                worst(clean),
                4.0,
                "s",
            ));
            figures.say(Row::at_most(
                format!("1 Mbit/s again: until the picture is back or offered, {name}, worst of {runs}"),
                worst(back),
                15.0,
                "s",
            ));
            figures.say(Row::told(
                format!("voice made up on the narrow line after ten seconds, {name}, worst of {runs}"),
                100.0 * worst(lost),
                "%",
            ));
        }
    }
}

/// Seconds until the voice is clean, seconds until the picture is back or offered, and the share of the voice made up in between.
async fn once(pair: &Pair, name: &str) -> [f64; 3] {
    let talk = Talk::begin(pair, Way::Video, None).await;
    let wide = Conditions { kbits: Some(1_000), delay: Duration::from_millis(50), ..Conditions::default() };
    talk.network.access.set(wide);
    tokio::time::sleep(STEADY).await;
    let before = now();
    talk.network.access.set(Conditions { kbits: Some(40), ..wide });
    let narrow = talk.hear(NARROW).await;
    let again = now();
    talk.network.access.set(wide);
    let after = talk.hear(WIDE).await;

    talk.show_trace(before - 1500.0).await;
    let clean: Vec<f64> = narrow.iter().map(|heard| clean_after(heard, before).unwrap_or(f64::INFINITY)).collect();
    let off: Vec<f64> = narrow
        .iter()
        .map(|heard| heard.iter().find(|one| one.off || one.offered).map_or(f64::INFINITY, |one| (one.at - before) / 1000.0))
        .collect();
    let lost: Vec<f64> = narrow.iter().map(|heard| made_up(&heard[heard.len() / 4..])).collect();
    let back: Vec<f64> = after
        .iter()
        .map(|heard| {
            let moves = |pair: &[Heard]| pair[1].frames - pair[0].frames >= 2.0;
            let seen = heard.windows(5).find(|some| some.windows(2).all(moves)).map(|some| some[0].at);
            let offered = heard.iter().find(|one| one.offered).map(|one| one.at);
            let first = [seen, offered].into_iter().flatten().fold(f64::INFINITY, f64::min);
            ((first - again) / 1000.0).max(0.0)
        })
        .collect();
    let told = |all: &[f64]| all.iter().map(|one| format!("{one:.2}")).collect::<Vec<_>>().join(" and ");
    println!(
        "  {name}: picture off after {} s, voice clean after {} s, then {} made up; picture back or offered after {} s (desk and phone)",
        told(&off),
        told(&clean),
        told(&lost),
        told(&back)
    );
    let worst = |all: &[f64]| all.iter().copied().fold(0.0, f64::max);
    // One button is enough: whoever presses it tries their own picture and asks for the other's.
    let first = back.iter().copied().fold(f64::INFINITY, f64::min);
    [worst(&clean), first, worst(&lost)]
}
