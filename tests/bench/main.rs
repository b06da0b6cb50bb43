//! `tests/bench/run [NAME]`: measures what is promised in figures, prints a table and writes `target/bench/NAME.json`.
//!
//! Exit status 0 whatever the figures say: machines are noisy, and a figure is read, not passed. What ran beside a peer is to
//! be read as a ratio.

mod relay;
mod row;

use row::Row;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Every benchmark's name.
const NAMES: [&str; 1] = ["relay"];

#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|name| !NAMES.contains(&name.as_str())) {
        eprintln!("{unknown}: there is no such benchmark; there are: {}", NAMES.join(", "));
        std::process::exit(2);
    }
    for name in NAMES.iter().filter(|name| asked.is_empty() || asked.iter().any(|one| one == *name)) {
        let rows = measure(name).await;
        show(name, &rows);
        if let Err(error) = write(name, &rows) {
            eprintln!("{name}: the figures can't be written: {error}");
        }
    }
}

async fn measure(name: &str) -> Vec<Row> {
    match name {
        "relay" => relay::measure().await,
        other => unreachable!("{other} is not among the names"),
    }
}

fn show(name: &str, rows: &[Row]) {
    println!("\n{name}");
    for row in rows {
        let target = row.target.map(|target| format!("at most {target} {}", row.unit)).unwrap_or_default();
        let holds = row.holds.map_or("", |holds| if holds { "holds" } else { "DOES NOT HOLD" });
        let peer = row.peer.zip(row.peer_value).map(|(peer, value)| format!("{peer} {value:.3}")).unwrap_or_default();
        println!("  {:<58} {:>12.3} {:<10} {:<22} {:<14} {}", row.measure, row.value, row.unit, target, holds, peer);
    }
}

fn write(name: &str, rows: &[Row]) -> std::io::Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&folder)?;
    let document = json!({ "machine": machine(), "date": date(), "rows": rows });
    std::fs::write(folder.join(format!("{name}.json")), format!("{document:#}\n"))
}

/// Processor and number of cores, without the machine's name.
fn machine() -> String {
    let info = std::fs::read_to_string(Path::new("/proc/cpuinfo")).unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name.trim().to_owned()));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", model.unwrap_or_else(|| "unknown processor".to_owned()))
}

fn date() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
