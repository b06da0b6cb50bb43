//! An ACME server written by others (Pebble, of those who run Let's Encrypt), with a name server of its own, so that names lead to
//! this machine.

use crate::folder::Folder;
use crate::ports::free_port;
use crate::process::Program;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;
use tokio::process::Command;

/// The server, until it is dropped. It looks for challenges at one port of this machine, whatever the name.
pub struct AcmeServer {
    _names: Program,
    server: Program,
    folder: Folder,
    port: u16,
    management: u16,
}

impl AcmeServer {
    /// `looks_at`: the port where it looks for challenges (TLS-ALPN-01).
    pub async fn start(looks_at: u16) -> AcmeServer {
        let folder = Folder::new("acme");
        let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let file = |name: &str, content: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("a file");
            path
        };
        let certificate = file("own.pem", &own.cert.pem());
        let key = file("own-key.pem", &own.signing_key.serialize_pem());
        let [port, management, names] = [free_port(), free_port(), free_port()];
        let config = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": certificate, "privateKey": key,
            "httpPort": 1, "tlsPort": looks_at,
            "ocspResponderURL": "", "externalAccountBindingRequired": false,
        }});
        let config = file("pebble.json", &config.to_string());
        let mut command = Command::new("pebble-challtestsrv");
        command.args(["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", &format!("127.0.0.1:{names}")]);
        command.args(["-http01", "", "-https01", "", "-tlsalpn01", "", "-management", &format!("127.0.0.1:{}", free_port())]);
        let names_server = Program::start("pebble-challtestsrv", &mut command);
        let mut command = Command::new("pebble");
        command.args(["-config", &config.display().to_string(), "-dnsserver", &format!("127.0.0.1:{names}"), "-strict"]);
        command.env("PEBBLE_VA_NOSLEEP", "1");
        let server = Program::start("pebble", &mut command);
        let listening = |line: &str| line.contains("Listening on: 127.0.0.1:").then_some(());
        server.output().wait_for("its address", Duration::from_secs(10), listening).await;
        AcmeServer { _names: names_server, server, folder, port, management }
    }

    /// What it did and refused.
    pub fn said(&self) -> String {
        self.server.output().lines().join("\n")
    }

    /// Where to begin with it.
    pub fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// The certificate that it answers requests with.
    pub fn own_certificate(&self) -> PathBuf {
        self.folder.path().join("own.pem")
    }

    /// The root of what it issues, made anew at each start.
    pub async fn root(&self) -> reqwest::Certificate {
        let client = reqwest::Client::builder().danger_accept_invalid_certs(true).build().expect("a client");
        let reply = client.get(format!("https://localhost:{}/roots/0", self.management)).send().await.expect("answers");
        reqwest::Certificate::from_pem(&reply.bytes().await.expect("a body")).expect("a certificate")
    }
}
