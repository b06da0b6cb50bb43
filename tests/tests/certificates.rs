//! Where the certificate comes from: an ACME server, files, or this machine itself on a local network.

use reqwest::header::STRICT_TRANSPORT_SECURITY;
use reqwest::{Certificate, Client, ClientBuilder};
use sidelight_e2e::acme_server::AcmeServer;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::ports::{free_port, own_address};
use sidelight_e2e::service::{Service, Settings};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const NAME: &str = "call.sidelight.test";

/// A browser that trusts nobody but this root, and for whom the name leads here.
fn trusting(root: Certificate, port: u16) -> Client {
    let builder: ClientBuilder = Client::builder().tls_certs_only([root]).no_proxy();
    builder.resolve(NAME, SocketAddr::from(([127, 0, 0, 1], port))).build().expect("a client")
}

async fn reaches(client: &Client, port: u16) -> bool {
    let reply = client.get(format!("https://{NAME}:{port}/healthz")).send().await;
    reply.is_ok_and(|reply| reply.status().is_success())
}

fn by_acme(data: &Folder, server: &AcmeServer, port: u16) -> Settings {
    let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    settings
        .set("web.listen", &format!("127.0.0.1:{port}"))
        .set("web.public_url", &format!("https://{NAME}:{port}"))
        .set("tls.acme", "true")
        .set("tls.acme_email", "admin@example.org")
        .set("tls.acme_directory", &server.directory())
        .set("tls.acme_root", &server.own_certificate().display().to_string());
    settings
}

/// Chromium, Firefox and Safari accept what verifies here: a chain to a trusted root, for this very name.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_comes_from_an_acme_server_and_is_kept_over_restarts() {
    let port = free_port();
    let server = AcmeServer::start(port).await;
    let data = Folder::new("data");
    let client = trusting(server.root().await, port);
    let service = Service::start(&by_acme(&data, &server, port)).await;
    let start = Instant::now();
    while !reaches(&client, port).await {
        assert!(start.elapsed() < Duration::from_secs(60), "no certificate: {}\n{}", service.output().lines().join("\n"), server.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(service.output().lines().iter().any(|line| line.contains("a new certificate is served")));
    assert!(!reaches(&Client::new(), port).await, "the control: who doesn't trust that root refuses it");
    service.stop().await;
    let settings = by_acme(&data, &server, port);
    // Nobody to ask any more.
    let root_is_read = std::fs::read(server.own_certificate()).expect("is there");
    let folder = Folder::new("root");
    std::fs::write(folder.path().join("root.pem"), root_is_read).expect("a file");
    drop(server);
    let mut settings = settings;
    settings.set("tls.acme_root", &folder.path().join("root.pem").display().to_string());
    let service = Service::start(&settings).await;
    let start = Instant::now();
    while !reaches(&client, port).await {
        assert!(start.elapsed() < Duration::from_secs(10), "not kept: {}", service.output().lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What somebody who scans the terminal's picture reads: two rows of modules in a line.
fn scanned(lines: &[String]) -> Vec<String> {
    let code: Vec<Vec<char>> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("\x1b[38;5;16;48;5;231m")?.strip_suffix("\x1b[0m"))
        .map(|line| line.chars().collect())
        .collect();
    let width = code.first().map_or(0, Vec::len);
    let dark = |x: usize, y: usize| match code.get(y / 2).and_then(|row| row.get(x)) {
        Some('\u{2580}') => y % 2 == 0,
        Some('\u{2584}') => y % 2 == 1,
        Some('\u{2588}') => true,
        _ => false,
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width * 4, code.len() * 8, |x, y| if dark(x / 4, y / 4) { 0 } else { 255 });
    image.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_local_network_it_prints_what_a_phone_can_scan_and_binds_nobody_to_tls() {
    let data = Folder::new("data");
    let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    let address = SocketAddr::new(own_address(), free_port());
    settings.flag("--lan").set("web.listen", &address.to_string());
    let service = Service::start(&settings).await;
    service.first_link().await;
    let lines = service.output().lines();
    assert_eq!(service.url(), format!("https://{address}"));
    assert_eq!(scanned(&lines), [service.url()]);
    assert!(lines.iter().any(|line| line.contains("iPhones and iPads need a real certificate")), "{lines:?}");
    let phone = Client::builder().danger_accept_invalid_certs(true).no_proxy().build().expect("a client");
    let reply = phone.get(service.url()).send().await.expect("answers");
    assert!(reply.status().is_success());
    assert!(!reply.headers().contains_key(STRICT_TRANSPORT_SECURITY), "the next service at this address may speak no TLS");
    assert!(
        Client::builder().no_proxy().build().expect("a client").get(service.url()).send().await.is_err(),
        "the control: it is nobody's"
    );
}
