//! Numbers for a monitoring system, in the OpenMetrics text format (1.0), which Prometheus reads: at an address of their own, so that it can
//! be one that only the monitoring reaches. They count; no label names or tells apart anybody. docs/monitoring.md lists each.

use crate::live::{Counts, Hub};
use crate::records::Records;
use crate::relay;
use crate::retention::Progress;
use crate::time::now;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// In every name.
const PREFIX: &str = "sidelight";
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the numbers are read from.
pub struct Sources {
    pub hub: Hub,
    pub records: Records,
    pub relay: relay::Running,
    pub sweeps: Progress,
}

struct Metrics {
    sources: Sources,
    registry: Registry,
    read: Read,
}

/// What is read when somebody asks.
#[derive(Default)]
struct Read {
    rooms: Gauge,
    sockets: Gauge,
    desks: Gauge,
    allocations: Gauge,
    relayed_bytes: Counter,
    relayed_packets: Counter,
    messages_waiting: Gauge,
    messages_unsure: Gauge,
    records_ready: Gauge,
    swept: Gauge,
    sweeping: Gauge,
    memory: Gauge,
    files: Gauge,
}

/// The one page there is.
pub fn router(sources: Sources, counts: &Counts) -> Router {
    let mut registry = Registry::with_prefix(PREFIX);
    let read = Read::default();
    registry.register("build", "The version", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    let started: Gauge = Gauge::default();
    started.set(i64::from(now()));
    registry.register("start_time_seconds", "When the service started, in seconds since 1970", started);
    counts.register(&mut registry);
    for (name, help, gauge) in [
        ("rooms", "Contacts whose room is awake", &read.rooms),
        ("sockets", "Open WebSockets, of phones and desks", &read.sockets),
        ("desk_pages", "Pages of the desk that are connected", &read.desks),
        ("relay_allocations", "Relayed addresses in use", &read.allocations),
        ("messages_waiting", "Texts and emails that are still to go", &read.messages_waiting),
        ("messages_unsure", "Texts and emails of which a practitioner must say what became of them", &read.messages_unsure),
        ("records_ready", "1 where the records can be read, else 0", &read.records_ready),
        ("sweep_finished_seconds", "When a sweep last did all it had to, in seconds since 1970; 0: not since the start", &read.swept),
        ("sweep_running", "1 while a long sweep runs, else 0", &read.sweeping),
        ("resident_memory_bytes", "Memory of the process", &read.memory),
        ("open_files", "File descriptors of the process", &read.files),
    ] {
        registry.register(name, help, gauge.clone());
    }
    registry.register("relay_bytes", "Payload that the relay passed on", read.relayed_bytes.clone());
    registry.register("relay_packets", "Packets that the relay passed on", read.relayed_packets.clone());
    Router::new().route("/metrics", get(show)).with_state(Arc::new(Metrics { sources, registry, read }))
}

async fn show(State(metrics): State<Arc<Metrics>>) -> Response {
    metrics.read().await;
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl Metrics {
    async fn read(&self) {
        let Metrics { sources: Sources { hub, records, relay, sweeps }, read, .. } = self;
        let open = hub.in_use();
        read.rooms.set(whole(open.rooms));
        read.sockets.set(whole(open.sockets));
        read.desks.set(whole(open.desks));
        let (allocations, passed) = relay.carried();
        read.allocations.set(whole(allocations));
        read.relayed_bytes.inner().store(passed.bytes, Relaxed);
        read.relayed_packets.inner().store(passed.packets, Relaxed);
        // Where they can't be read, the last known stay.
        let waiting = records.messages_under_way().await;
        read.records_ready.set(i64::from(waiting.is_ok()));
        if let Ok((waiting, unsure)) = waiting {
            read.messages_waiting.set(waiting);
            read.messages_unsure.set(unsure);
        }
        read.swept.set(i64::from(sweeps.finished()));
        read.sweeping.set(i64::from(sweeps.now().is_some()));
        read.memory.set(memory().unwrap_or_default());
        read.files.set(fs::read_dir("/proc/self/fd").map_or(0, |files| whole(files.count())));
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Of this process, by proc(5).
fn memory() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
