//! `floor`: what is left of a call on lines of 16 to 256 kbit/s with 0 to 15 % loss and a round trip of 300 ms: how much of the voice
//! has to be made up, pictures a second, seconds in which the picture stands still; and how long a text takes beside the voice.

use crate::attempt::attempt;
use crate::row::{Figures, Row};
use crate::talk::{Heard, Pair, Talk, made_up, now};
use sidelight_e2e::network::Conditions;
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::say;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1100);
/// What the ladder needs to find its rung.
const SETTLING: Duration = Duration::from_secs(25);
const LISTENED: Duration = Duration::from_secs(20);

const RATES: [u32; 7] = [16, 24, 32, 48, 64, 128, 256];
const LOSSES: [u32; 4] = [0, 5, 10, 15];

/// The most of the voice that may be made up, in percent, where something is promised: kbit/s, loss in percent.
const PROMISED: [(u32, u32, f64); 2] = [(24, 5, 5.0), (48, 15, 8.0)];

pub async fn measure(figures: &mut Figures) {
    for pair in Pair::asked() {
        let name = pair.name();
        for (kbits, loss, most) in PROMISED {
            match attempt(PATIENCE, voice(&pair, kbits, loss)).await {
                Ok(made_up) => {
                    figures.say(Row::at_most(format!("voice made up at {kbits} kbit/s, {loss} % loss, {name}"), made_up, most, "%"))
                }
                Err(why) => figures.lacks(&name, &why),
            }
        }
        match attempt(PATIENCE, texts(&pair)).await {
            Ok((p95, lost, twice)) => {
                let at = format!("at 24 kbit/s, 5 % loss, beside the voice, {name}");
                figures.say(Row::at_most(format!("text until it is read, 95th percentile of {TEXTS}, {at}"), p95, 2.0, "s"));
                figures.say(Row::at_most(format!("texts lost {at}"), lost, 0.0, ""));
                figures.say(Row::at_most(format!("texts shown twice {at}"), twice, 0.0, ""));
            }
            Err(why) => figures.lacks(&format!("texts, {name}"), &why),
        }
        if std::env::var_os("SIDELIGHT_PROMISED").is_some() {
            continue;
        }
        for loss in LOSSES {
            if let Err(why) = attempt(PATIENCE, lines(&pair, loss, figures)).await {
                figures.lacks(&format!("{loss} % loss, {name}"), &why);
            }
        }
    }
}

fn line(kbits: u32, loss: u32) -> Conditions {
    Conditions { kbits: Some(kbits), delay: Duration::from_millis(150), loss: f64::from(loss) / 100.0, ..Conditions::default() }
}

/// A call of voice alone; percent made up, on the worse side, over a minute.
async fn voice(pair: &Pair, kbits: u32, loss: u32) -> f64 {
    let talk = Talk::begin(pair, Way::Voice, None).await;
    talk.network.access.set(line(kbits, loss));
    tokio::time::sleep(SETTLING).await;
    let since = now();
    let heard = talk.hear(LISTENED * 3).await;
    talk.show_trace(since - 25000.0).await;
    let [desk, phone] = heard.map(|heard| 100.0 * made_up(&heard));
    println!("  {}, voice at {kbits} kbit/s, {loss} % loss: {desk:.1} and {phone:.1} % made up (desk and phone)", pair.name());
    desk.max(phone)
}

/// Texts each way.
const TEXTS: usize = 30;

/// Texts of both sides while both speak: seconds from the press to the other page at the 95th percentile, how many never came, and how
/// many came more than once.
async fn texts(pair: &Pair) -> (f64, f64, f64) {
    let talk = Talk::begin(pair, Way::Voice, None).await;
    talk.network.access.set(line(24, 5));
    tokio::time::sleep(SETTLING).await;
    for page in [&*talk.desk, &*talk.phone] {
        page.ask::<()>(WATCH).await;
    }
    for n in 0..TEXTS {
        talk.phone.says(&format!("From the phone, {n}.")).await;
        talk.desk.says(&format!("From the desk, {n}.")).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tokio::time::sleep(Duration::from_secs(20)).await;
    let mut took = Vec::new();
    let (mut lost, mut twice) = (0, 0);
    for (from, to, send, name) in
        [(&*talk.phone, &*talk.desk, say("join.room.send"), "phone"), (&*talk.desk, &*talk.phone, say("desk.texts.send"), "desk")]
    {
        let pressed: Vec<f64> =
            from.journal().of("press").into_iter().filter(|press| press.text("on") == send).map(|press| press.at).collect();
        assert_eq!(pressed.len(), TEXTS, "each text is sent by one press");
        for (n, pressed) in pressed.into_iter().enumerate() {
            let text = format!("From the {name}, {n}.");
            let (at, times): (Option<f64>, usize) =
                to.ask(&format!("() => [window.__came[{text:?}] || null, document.body.innerText.split({text:?}).length - 1]")).await;
            twice += usize::from(times > 1);
            match at {
                Some(at) => took.push((at - pressed) / 1000.0),
                None => lost += 1,
            }
        }
    }
    took.sort_by(f64::total_cmp);
    let p95 = took.get(took.len() * 95 / 100).copied().unwrap_or(f64::INFINITY);
    println!("  {}, texts: {p95:.2} s at the 95th percentile, {lost} lost, {twice} twice", pair.name());
    (p95, lost as f64, twice as f64)
}

/// Notes when each text first shows.
const WATCH: &str = r"() => {
    const came = (window.__came = {});
    new MutationObserver(() => {
        for (const [text] of document.body.innerText.matchAll(/From the (phone|desk), \d+\./g)) came[text] = came[text] || performance.timeOrigin + performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}";

/// One video call over lines that become narrower.
async fn lines(pair: &Pair, loss: u32, figures: &mut Figures) {
    let name = pair.name();
    let talk = Talk::begin(pair, Way::Video, None).await;
    for kbits in RATES.into_iter().rev() {
        talk.network.access.set(line(kbits, loss));
        tokio::time::sleep(SETTLING).await;
        let heard = talk.hear(LISTENED).await;
        let worse = |of: fn(&[Heard]) -> f64, worst: fn(f64, f64) -> f64| worst(of(&heard[0]), of(&heard[1]));
        let lost = 100.0 * worse(made_up, f64::max);
        let pictures = worse(|heard| grown_by(heard, |one| one.frames), f64::min) / LISTENED.as_secs_f64();
        let frozen = worse(|heard| grown_by(heard, |one| one.frozen), f64::max);
        let at = format!("at {kbits} kbit/s, {loss} % loss, {name}");
        println!(
            "  {at}: {lost:.1} % of the voice made up, {pictures:.1} pictures a second, {frozen:.1} s still in {} s",
            LISTENED.as_secs()
        );
        figures.say(Row::told(format!("voice made up {at}"), lost, "%"));
        figures.say(Row::told(format!("pictures {at}"), pictures, "1/s"));
        figures.say(Row::told(format!("picture still {at}"), frozen / LISTENED.as_secs_f64() * 100.0, "%"));
    }
}

/// What a counter grew by.
fn grown_by(heard: &[Heard], of: fn(&Heard) -> f64) -> f64 {
    heard.last().zip(heard.first()).map_or(f64::NAN, |(last, first)| of(last) - of(first))
}
