//! `tests/bench/run [NAME]`: measures what is promised in figures, prints a table and writes `target/bench/NAME.json`.
//!
//! Exit status 0 whatever the figures say: machines are noisy, and a figure is read, not passed. What ran beside a peer is to
//! be read as a ratio.

mod attempt;
mod connect_time;
mod data_use;
mod desk_week;
mod fallback;
mod floor;
mod join_time;
mod page_weight;
mod reconnect;
mod relay;
mod row;
mod service;
mod sweep;
mod talk;
mod visit;

use attempt::attempt;
use row::Figures;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Every benchmark's name.
const NAMES: [&str; 11] =
    ["page-weight", "join-time", "connect-time", "relay", "service", "data-use", "floor", "fallback", "reconnect", "desk-week", "sweep"];

/// The longest that one benchmark may take: past that something hangs.
const PATIENCE: Duration = Duration::from_secs(5400);

#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|name| !NAMES.contains(&name.as_str())) {
        eprintln!("{unknown}: there is no such benchmark; there are: {}", NAMES.join(", "));
        std::process::exit(2);
    }
    // What went wrong, without the stack: browsers and networks fail, not this code.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    for name in NAMES.iter().filter(|name| asked.is_empty() || asked.iter().any(|one| one == *name)) {
        let mut figures = Figures { load: load(), ..Figures::default() };
        if let Err(why) = attempt(PATIENCE, measure(name, &mut figures)).await {
            figures.lacks("the rest", &why);
        }
        show(name, &figures);
        if let Err(error) = write(name, &figures) {
            eprintln!("{name}: the figures can't be written: {error}");
        }
    }
}

async fn measure(name: &str, figures: &mut Figures) {
    match name {
        "page-weight" => page_weight::measure(figures).await,
        "join-time" => join_time::measure(figures).await,
        "connect-time" => connect_time::measure(figures).await,
        "service" => service::measure(figures).await,
        "data-use" => data_use::measure(figures).await,
        "floor" => floor::measure(figures).await,
        "reconnect" => reconnect::measure(figures).await,
        "desk-week" => desk_week::measure(figures).await,
        "fallback" => fallback::measure(figures).await,
        "sweep" => sweep::measure(figures).await,
        "relay" => relay::measure(figures).await,
        other => unreachable!("{other} is not among the names"),
    }
}

fn show(name: &str, figures: &Figures) {
    println!("\n{name} (load of the machine when it began: {})", figures.load);
    for row in &figures.rows {
        let target = row.target.map(|target| format!("at most {target} {}", row.unit)).unwrap_or_default();
        let holds = row.holds.map_or("", |holds| if holds { "holds" } else { "DOES NOT HOLD" });
        let peer = row.peer.zip(row.peer_value).map(|(peer, value)| format!("{peer} {value:.3}")).unwrap_or_default();
        println!("  {:<74} {:>12.3} {:<10} {:<22} {:<14} {}", row.measure, row.value, row.unit, target, holds, peer);
    }
    for lack in &figures.unmeasured {
        println!("  COULD NOT BE MEASURED: {lack}");
    }
}

fn write(name: &str, figures: &Figures) -> std::io::Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&folder)?;
    let document =
        json!({ "machine": machine(), "date": date(), "load": figures.load, "rows": figures.rows, "unmeasured": figures.unmeasured });
    std::fs::write(folder.join(format!("{name}.json")), format!("{document:#}\n"))
}

/// Processor and number of cores, without the machine's name.
fn machine() -> String {
    let info = std::fs::read_to_string(Path::new("/proc/cpuinfo")).unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name.trim().to_owned()));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", model.unwrap_or_else(|| "unknown processor".to_owned()))
}

/// How many processes wanted a processor in the last minute: what is measured in seconds is worth little on a busy machine.
fn load() -> f64 {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(f64::NAN)
}

fn date() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
