//! `sidelight serve`: starts everything, and stops it in an order that nobody is left guessing.

use crate::command_line::Failure;
use crate::config::{Config, host};
use crate::http::{Codes, Origins, Pages, ProgramLimits, Service, router};
use crate::live::Hub;
use crate::metrics::{self, Sources};
use crate::oidc::WorkAccounts;
use crate::proxies::Proxies;
use crate::records::{FirstLink, Purpose, Records, RecordsError};
use crate::retention::{ALIVE, Keeper};
use crate::sending::{LETTING_GO, Sending};
use crate::staff::{self, Staff};
use crate::time::now;
use crate::tls::Tls;
use crate::tokens::{Key, Tokens};
use crate::{anchor, case_system, listener, qr, relay};
use secrecy::SecretSlice;
use sidelight_protocol::http::Role;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What to do with the code above.
const ON_LAN: &str = "\
For trying out: scan this with a phone on the same network, and accept the warning about the certificate, once.
Its page asks for the link in a message: give it one from the desk, as a QR code.
iPhones and iPads need a real certificate: they don't connect to this one.";

/// Everybody is told and every socket closed within this; 10 seconds are promised.
const STOPPING: Duration = Duration::from_secs(8);

pub fn run(config: Config) -> Result<(), Failure> {
    tell_on_standard_error(&config);
    provide_cryptography();
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::Failed(error.to_string()))?;
    let done = runtime.block_on(serve(config));
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}

async fn serve(config: Config) -> Result<(), Failure> {
    // From here on a signal ends the service in order, however early it comes.
    let stop = Stop::new().map_err(|error| Failure::Failed(error.to_string()))?;
    // Before the keys are read: they may just be wrapped anew.
    let mut serving = Serving::only_one(&config.data)?;
    let records = Records::open_with(&config.data, &config.keys).await.map_err(no_records)?;
    records.forget_orphaned_keys().await.map_err(no_records)?;
    let web = TcpListener::bind(config.web.listen).await.map_err(|error| failed(&format!("web.listen {}", config.web.listen), &error))?;
    let listening = web.local_addr().map_err(|error| failed("web.listen", &error))?;
    let own = own_addresses();
    let origins = Origins::new(&config, listening, &own);
    let tls = config.certificate.as_ref().map(|certificate| {
        Tls::start(certificate, host(origins.public()).unwrap_or_default(), &config.data).map_err(|error| failed("[tls]", &error))
    });
    let tls = tls.transpose()?;
    let relay = relay::start(relay_settings(&config, listening, &origins, &own)).await;
    let relay = relay.map_err(|error| Failure::Failed(error.to_string()))?;
    let keys = records.signing_keys(now()).await.map_err(no_records)?;
    let keys = keys.into_iter().map(|key| Key { id: key.id, secret: SecretSlice::from(key.secret.to_vec()) }).collect();
    let tokens = Arc::new(Tokens::new(keys).map_err(|_| Failure::Failed("tokens can't be signed here".into()))?);
    let codes = records.signing_keys_for(Purpose::Code, now()).await.map_err(no_records)?;
    let codes = codes.first().map(|key| Codes::new(&key.secret)).ok_or_else(|| Failure::Failed("codes can't be kept here".into()))?;
    // Read before this run's first mark.
    let away_since = records.last_alive().await.map_err(no_records)?.map(|last| u64::from(last) * 1000);
    let hub = Hub::new(records.clone(), Arc::new(relay.clone()), tokens.clone(), away_since);
    let staff = Staff::new(records.clone(), &config, now()).await.map_err(no_records)?;
    let (anchoring, anchored) = anchor::Sender::new(records.clone(), &config.audit).map_err(|error| failed("audit.anchor", &error))?;
    let case_system = case_system::Sender::new(records.clone(), config.case_system.as_ref());
    let case_system = case_system.map_err(|error| failed("case_system.root", &error))?;
    records.forget_what_was_on_its_way(now()).await.map_err(no_records)?;
    let pages = Pages::open(&config, &records).await.map_err(|error| failed("the pages", &error))?;
    pages.warm();
    if pages.words().number.is_empty() {
        tracing::warn!(
            "pages.number is empty, and no administrator has set one: the page for finished links says \"ring the person who sent this\""
        );
    }
    let public = origins.public().to_owned();
    let on_lan = config.on_lan();
    serving.tell(&public);
    let sending = Sending::new(records.clone(), &config.sending, &public).map_err(|error| failed("[sending]", &error))?;
    let keeper = Keeper::new(records.clone(), hub.clone(), &config.retention);
    let work_accounts = match config.oidc.clone() {
        Some(oidc) => Some(WorkAccounts::new(records.clone(), oidc, &public, now()).await.map_err(no_records)?),
        None => None,
    };
    let service = Service {
        records: records.clone(),
        staff,
        hub: hub.clone(),
        tokens,
        pages,
        origins,
        // On a local network, the next service at this address may speak no TLS at all.
        only_tls: public.starts_with("https://") && !on_lan,
        proxies: config.web.proxies.clone(),
        dead_links: Service::dead_link_limit(),
        strange_cookies: Service::strange_cookie_limit(),
        programs: ProgramLimits::default(),
        codes,
        changes: Service::change_limit(),
        keeping: keeper.told(),
        anchored,
        case_system: case_system.as_ref().map(|(_, press)| press.clone()),
        sending: sending.clone(),
        work_accounts,
    };
    // Before anybody can come in by a sign-in that is about to end.
    let ended = records.last_ended().await.map_err(no_records)?;
    let ended = tokio::spawn(hub.clone().follow_ended(ended));
    let (stopping, stopped) = watch::channel(false);
    let metrics = match config.metrics {
        Some(at) => Some(
            measured(
                at,
                Sources { hub: hub.clone(), records: records.clone(), relay: relay.clone(), sweeps: keeper.told().progress },
                stopped.clone(),
            )
            .await?,
        ),
        None => None,
    };
    let web = tokio::spawn(listener::serve(web, tls, router(service), Some(relay.clone()), config.web.proxies.clone(), stopped));
    println!("Sidelight is ready at {public}");
    if on_lan {
        println!("{}{ON_LAN}", qr::for_a_terminal(&public).unwrap_or_default());
    }
    if !records.has_administrator().await.map_err(no_records)? {
        let link = FirstLink { roles: vec![Role::Practitioner, Role::Administrator], first: true, ..FirstLink::default() };
        let token = staff::new_first_link(&records, &link, now()).await.map_err(no_records)?;
        println!("First administrator: {public}/desk#first={token} (valid for one hour)");
    }
    println!("Stop with Ctrl+C");
    let (sent, send_no_more) = watch::channel(false);
    let mut sender = tokio::spawn(sending.run(send_no_more));
    let alive = tokio::spawn(say_alive(records.clone()));
    let anchoring = anchoring.map(|sender| tokio::spawn(sender.run()));
    let case_system = case_system.map(|(sender, _)| tokio::spawn(sender.run()));
    let keeper = tokio::spawn(keeper.run());

    let over = tokio::select! {
        over = web => Some(over),
        () = stop.asked() => None,
    };
    tracing::info!("stopping");
    let _nobody_sends = sent.send(true);
    let let_go = tokio::time::Instant::now() + LETTING_GO;
    // Told first, so that pages come back by themselves; then nothing new is taken.
    let told = tokio::time::timeout(STOPPING, hub.shutdown()).await;
    if told.is_err() {
        tracing::warn!("not everybody could be told in time");
    }
    // The web port lets go of what is under way by itself; nobody waits for it longer than the rest of the promise.
    let _nobody_listens = stopping.send(true);
    relay.stop();
    if tokio::time::timeout_at(let_go, &mut sender).await.is_err() {
        tracing::warn!("messages are still under way; nobody will know whether they went");
        sender.abort();
    }
    for task in [Some(alive), Some(keeper), Some(ended), metrics, anchoring, case_system].into_iter().flatten() {
        task.abort();
        let _ended = task.await;
    }
    mark_alive(&records).await;
    records.close().await;
    match over {
        None => Ok(()),
        Some(Ok(Ok(()))) => Ok(()),
        Some(Ok(Err(error))) => Err(failed("the web port", &error)),
        Some(Err(error)) => Err(Failure::Failed(format!("the web port: {error}"))),
    }
}

/// Serves the numbers for monitoring.
async fn measured(at: SocketAddr, sources: Sources, stopped: watch::Receiver<bool>) -> Result<JoinHandle<()>, Failure> {
    let port = TcpListener::bind(at).await.map_err(|error| failed(&format!("metrics.listen {at}"), &error))?;
    let at = port.local_addr().map_err(|error| failed("metrics.listen", &error))?;
    tracing::info!("numbers for monitoring at http://{at}/metrics");
    let counts = sources.hub.counts().clone();
    let pages = metrics::router(sources, &counts);
    Ok(tokio::spawn(async move {
        if let Err(error) = listener::serve(port, None, pages, None, Proxies::default(), stopped).await {
            tracing::error!(%error, "no numbers for monitoring any more");
        }
    }))
}

/// Says again and again that the service runs, so that the next one knows for how long nobody was here.
async fn say_alive(records: Records) {
    let mut ticks = interval(ALIVE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        mark_alive(&records).await;
    }
}

async fn mark_alive(records: &Records) {
    if let Err(error) = records.mark_alive(now()).await {
        tracing::error!(%error, "that the service runs can't be written down");
    }
}

fn no_records(error: RecordsError) -> Failure {
    Failure::Failed(format!("the records: {error}"))
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("{what}: {error}"))
}

/// One provider for everything, named: with two of them linked in, rustls would panic at the first use.
pub fn provide_cryptography() {
    // An error means that it is there already.
    let _already = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Our own lines at the level that is asked for; those of libraries only when something is wrong, since theirs may name
/// addresses. A panic is told by its place, never by its words: they may hold anything.
fn tell_on_standard_error(config: &Config) {
    let ours = LevelFilter::from_level(config.level);
    let targets = Targets::new().with_default(LevelFilter::WARN.min(ours)).with_target("sidelight", ours);
    // The relay's codec warns of each bad packet: any stranger could fill the disk with it.
    let targets = targets.with_target("stun_types", LevelFilter::OFF).with_target("turn_types", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    // An error means that a test has its own.
    let _already = tracing_subscriber::registry().with(targets).with(lines).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the service broke and was stopped");
    }));
}

/// The address by which this machine is on its network: the one that it would send from. Nothing is sent.
pub fn network_address() -> Option<Ipv4Addr> {
    let outwards = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok();
    // A documentation address (RFC 5737): it only has to lie outside.
    let chosen = outwards.and_then(|socket| socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).and_then(|()| socket.local_addr()).ok());
    match chosen.map(|address| address.ip()) {
        Some(IpAddr::V4(ip)) if !ip.is_loopback() && !ip.is_unspecified() => Some(ip),
        _ => own_addresses().first().copied(),
    }
}

/// This machine's own IPv4 addresses that aren't loopback.
fn own_addresses() -> Vec<Ipv4Addr> {
    // Without them the relay serves this machine alone, and calls bring no sound: worth a line.
    let interfaces = if_addrs::get_if_addrs().inspect_err(|error| tracing::warn!(%error, "this machine's addresses can't be read"));
    let found = interfaces.unwrap_or_default().into_iter().map(|interface| interface.ip());
    let own = found.filter_map(|ip| if let IpAddr::V4(ip) = ip { Some(ip) } else { None });
    let mut own: Vec<Ipv4Addr> = own.filter(|ip| !ip.is_loopback() && !ip.is_link_local()).collect();
    own.sort_unstable();
    own.dedup();
    own
}

fn relay_settings(config: &Config, listening: SocketAddr, origins: &Origins, own: &[Ipv4Addr]) -> relay::Settings {
    let mut addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    addresses.extend(own.iter().copied().map(IpAddr::V4));
    // Phones accept no relay with a certificate that was made here, whatever they were told about the page.
    let on_web_port = !config.on_lan() && (config.relay.on_web_port || !listening.ip().is_loopback());
    relay::Settings {
        addresses,
        udp_port: config.relay.udp_port,
        tcp_port: config.relay.tcp_port,
        advertise: config.relay.advertise.clone(),
        web_urls: if on_web_port { relay_on(origins.public()).into_iter().collect() } else { Vec::new() },
        secret: config.relay.secret.clone(),
        proxies: config.web.proxies.clone(),
        limits: sidelight_relay::Limits {
            room_grant: u64::try_from(config.relay.credential.as_millis()).unwrap_or(u64::MAX),
            ..sidelight_relay::Limits::default()
        },
    }
}

/// The relay's address on the port of a web address.
fn relay_on(web: &str) -> Option<String> {
    let (scheme, host) = web.split_once("://")?;
    let (scheme, port) = if scheme == "https" { ("turns", 443) } else { ("turn", 80) };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()));
    let host = if has_port { host.to_owned() } else { format!("{host}:{port}") };
    Some(format!("{scheme}:{host}?transport=tcp"))
}

/// The address to tell people, as far as it is known without listening: a service that runs has written it down.
pub fn public_address(config: &Config) -> String {
    if config.web.public_url.is_none()
        && let Some(address) = Serving::address(&config.data)
    {
        return address;
    }
    Origins::new(config, config.web.listen, &own_addresses()).public().to_owned()
}

fn serving_file(data: &Path) -> PathBuf {
    data.join("serving")
}

/// The mark that one service uses this data folder, with its address. Two would each think that they alone hold the rooms. A command that
/// needs the folder for itself holds it too.
pub struct Serving(File);

impl Serving {
    pub fn only_one(data: &Path) -> Result<Serving, Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
        made.map_err(|error| failed(&format!("data.directory {}", data.display()), &error))?;
        let path = serving_file(data);
        let named = path.display().to_string();
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
        let file = file.map_err(|error| failed(&named, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Serving(file)),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::Failed(format!("data.directory {}: another sidelight serves from it already", data.display())))
            }
            Err(TryLockError::Error(error)) => Err(failed(&named, &error)),
        }
    }

    /// The address of the service that runs on this folder now, if one does.
    fn address(data: &Path) -> Option<String> {
        let file = File::open(serving_file(data)).ok()?;
        let Err(TryLockError::WouldBlock) = file.try_lock_shared() else { return None };
        let mut address = String::new();
        file.take(300).read_to_string(&mut address).ok()?;
        address.starts_with("http").then(|| address.trim().to_owned())
    }

    /// Without it, `staff add` tells the configured address, which is right but where the port is 0.
    fn tell(&mut self, address: &str) {
        let told = self.0.set_len(0).and_then(|()| self.0.rewind()).and_then(|()| writeln!(self.0, "{address}"));
        if told.is_err() {
            tracing::warn!("the address couldn't be written to the data folder");
        }
    }
}

/// SIGTERM or Ctrl+C.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> io::Result<Stop> {
        Ok(Stop { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn asked(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        // Asked twice: whoever asks doesn't want to wait.
        tokio::spawn(async move {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
            }
            std::process::exit(1);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_the_relay_on_the_web_port_as_they_are_told_the_web() {
        let on = |web| relay_on(web).unwrap();
        assert_eq!(on("https://call.example.org"), "turns:call.example.org:443?transport=tcp");
        assert_eq!(on("http://192.0.2.2:8080"), "turn:192.0.2.2:8080?transport=tcp");
        assert_eq!(on("http://[::1]"), "turn:[::1]:80?transport=tcp");
        assert_eq!(on("https://call.example.org:8443"), "turns:call.example.org:8443?transport=tcp");
    }
}
