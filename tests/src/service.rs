//! The built binary, started as an administrator starts it.

use crate::process::{Output, Program};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// Settings of a start, as `SIDELIGHT_SECTION__KEY`.
pub struct Settings {
    values: BTreeMap<String, String>,
    flags: Vec<&'static str>,
}

impl Settings {
    /// Free ports, and everything that could reach outside pointing inside.
    pub fn new(data: &Path, neutral_page: &str) -> Settings {
        let mut settings = Settings { values: BTreeMap::new(), flags: Vec::new() };
        settings.set("web.listen", "127.0.0.1:0");
        settings.set("relay.udp_port", "0");
        settings.set("relay.tcp_port", "0");
        settings.set("relay.on_web_port", "true");
        settings.set("pages.neutral_page", neutral_page);
        settings.set("pages.number", crate::NUMBER);
        // Also where a public address is set, which would require one of administrators.
        settings.set("staff.second_factor", "nobody");
        settings.set("data.directory", &data.display().to_string());
        settings
    }

    /// Sets `section.key`.
    pub fn set(&mut self, key: &str, value: &str) -> &mut Settings {
        self.values.insert(format!("SIDELIGHT_{}", key.to_uppercase().replace('.', "__")), value.to_owned());
        self
    }

    /// What was set for `section.key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(&format!("SIDELIGHT_{}", key.to_uppercase().replace('.', "__"))).map(String::as_str)
    }

    /// Gives a flag on the command line, such as `--lan`.
    pub fn flag(&mut self, flag: &'static str) -> &mut Settings {
        self.flags.push(flag);
        self
    }

    /// Under TLS by a certificate of its own for 127.0.0.1, kept in this folder: for browsers that take any.
    pub fn under_tls(&mut self, folder: &Path) -> &mut Settings {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate can be made");
        for (key, file, pem) in
            [("tls.certificate", "certificate.pem", made.cert.pem()), ("tls.key", "key.pem", made.signing_key.serialize_pem())]
        {
            let path = folder.join(file);
            std::fs::write(&path, pem).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            self.set(key, &path.display().to_string());
        }
        if let Some(url) = self.values.get_mut("SIDELIGHT_WEB__PUBLIC_URL") {
            *url = url.replacen("http:", "https:", 1);
        }
        self
    }

    /// Runs a command of the same program beside the service; what it prints.
    pub async fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments).await;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs a command, however it ends.
    pub async fn output(&self, arguments: &[&str]) -> std::process::Output {
        self.command(arguments).output().await.expect("the binary starts")
    }

    /// A command of the same program, not started yet. It ends with the test.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_remove("RUST_LOG").envs(&self.values).args(arguments).kill_on_drop(true);
        command
    }

    /// Sets a variable of the environment that is none of our settings.
    pub fn variable(&mut self, name: &str, value: &str) -> &mut Settings {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn remove(&mut self, key: &str) -> &mut Settings {
        self.values.remove(&format!("SIDELIGHT_{}", key.to_uppercase().replace('.', "__")));
        self
    }
}

/// A running service.
pub struct Service {
    program: Program,
    url: String,
}

impl Service {
    pub async fn start(settings: &Settings) -> Service {
        let mut command = Command::new(binary());
        command.env_remove("RUST_LOG").envs(&settings.values).args(&settings.flags);
        let program = Program::start("sidelight", &mut command);
        let url = program
            .output()
            .wait_for("the address", Duration::from_secs(10), |line| {
                line.strip_prefix("Sidelight is ready at ").map(|url| url.trim().trim_end_matches('/').to_owned())
            })
            .await;
        Service { program, url }
    }

    /// Where it answers, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Bytes of memory that it holds now (resident, shared pages included), as the kernel says; none if it has ended.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.program.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }

    /// What it has written to disks, in bytes, as the kernel counts it.
    pub fn written(&self) -> Option<u64> {
        let io = std::fs::read_to_string(format!("/proc/{}/io", self.program.id())).ok()?;
        io.lines().find_map(|line| line.strip_prefix("write_bytes: "))?.trim().parse().ok()
    }

    /// The one-time link of the first administrator.
    pub async fn first_link(&self) -> String {
        self.output()
            .wait_for("the first administrator's link", Duration::from_secs(5), |line| {
                line.strip_prefix("First administrator: ").and_then(|rest| rest.split_whitespace().next()).map(str::to_owned)
            })
            .await
    }

    pub fn process(&self) -> u32 {
        self.program.id()
    }

    pub fn output(&self) -> &Output {
        self.program.output()
    }

    /// Ends it as the kernel ends a program: at once, in the middle of whatever it does.
    pub async fn kill(&mut self) {
        self.program.signal("KILL");
        let _no_status = self.program.ended(Duration::from_secs(5)).await;
    }

    /// Stops it as `Ctrl+C` or a service manager would; its exit status.
    pub async fn stop(mut self) -> Option<i32> {
        self.program.signal("TERM");
        self.program.ended(Duration::from_secs(11)).await
    }
}

/// The binary that `tests/run` has built, or the one named by `SIDELIGHT_BINARY`.
pub fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("SIDELIGHT_BINARY") {
        return named.into();
    }
    // A benchmark lies beside it in target/release, a test binary in target/release/deps.
    let me = std::env::current_exe().expect("a test binary has a path");
    let around = me.ancestors().skip(1).take(2).map(|folder| folder.join("sidelight"));
    around.into_iter().find(|binary| binary.is_file()).expect("build it first: `cargo build --release --workspace --bins`")
}
