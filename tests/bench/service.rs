//! `service`: how soon it is there after a start, and what it costs a small machine to have it running.

use crate::attempt::attempt;
use crate::row::{Figures, Row, median};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings, binary};
use std::time::{Duration, Instant};

const STARTS: usize = 7;
/// By then everything is compressed and nothing is left to do.
const IDLE: Duration = Duration::from_secs(10);
const MEGABYTE: f64 = 1_000_000.0;

pub async fn measure(figures: &mut Figures) {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for run in 1..=STARTS {
        let starts = attempt(Duration::from_secs(30), async {
            let data = Folder::new("start");
            (start(&data).await, start(&data).await)
        });
        match starts.await {
            Ok((one, other)) => {
                first.push(one);
                again.push(other);
            }
            Err(why) => figures.lacks(&format!("start {run}"), &why),
        }
    }
    if !first.is_empty() {
        figures.say(Row::at_most(format!("first start to ready, median of {}", first.len()), median(&first), 1.0, "s"));
        figures.say(Row::told("first start to ready, slowest", first.iter().copied().fold(0.0, f64::max), "s"));
        figures.say(Row::at_most(format!("later start to ready, median of {}", again.len()), median(&again), 1.0, "s"));
    }
    match attempt(Duration::from_secs(60), idle()).await {
        Ok(Some(bytes)) => {
            figures.say(Row::at_most("idle memory (VmRSS), ten seconds after the start", bytes as f64 / MEGABYTE, 40.0, "MB"))
        }
        Ok(None) => figures.lacks("idle memory", "the kernel doesn't tell"),
        Err(why) => figures.lacks("idle memory", &why),
    }
    match std::fs::metadata(binary()) {
        Ok(file) => figures.say(Row::told("the program, pages and all", file.len() as f64 / MEGABYTE, "MB")),
        Err(why) => figures.lacks("the program's size", &why.to_string()),
    }
}

/// Seconds until `/readyz` says so, as whoever starts it would ask.
async fn start(data: &Folder) -> f64 {
    let begun = Instant::now();
    let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
    let ready = reqwest::get(format!("{}/readyz", service.url())).await;
    let took = begun.elapsed().as_secs_f64();
    assert!(ready.is_ok_and(|reply| reply.status().is_success()), "it says that it is ready, and isn't");
    assert_eq!(service.stop().await, Some(0));
    took
}

async fn idle() -> Option<u64> {
    let data = Folder::new("idle");
    let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
    tokio::time::sleep(IDLE).await;
    service.memory()
}
