//! Programs the tests start, and how none of them outlives its test.
//!
//! Killing a driver leaves its browser running, so each program gets a process group of its own, and the group is
//! killed when the guard goes, also when a test panics.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running program; dropping it kills its whole process group.
pub struct Program {
    name: &'static str,
    child: Child,
    group: u32,
    output: Output,
    readers: Vec<JoinHandle<()>>,
}

/// The lines a program has written so far, standard output and error together.
#[derive(Clone)]
pub struct Output {
    lines: Arc<Mutex<Vec<String>>>,
    changed: Arc<watch::Sender<usize>>,
}

impl Output {
    /// Everything written so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no writer panics").clone()
    }

    /// Waits for a line of which `pick` makes something.
    pub async fn wait_for<T>(&self, what: &str, within: Duration, pick: impl Fn(&str) -> Option<T>) -> T {
        let mut changed = self.changed.subscribe();
        let found = tokio::time::timeout(within, async {
            loop {
                if let Some(found) = self.lines().iter().find_map(|line| pick(line)) {
                    return found;
                }
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        });
        match found.await {
            Ok(found) => found,
            Err(_) => panic!("no line with {what} within {within:?}; the program wrote:\n{}", self.lines().join("\n")),
        }
    }

    fn follow(&self, from: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<()> {
        let output = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(from).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                output.lines.lock().expect("no writer panics").push(line);
                output.changed.send_modify(|count| *count += 1);
            }
        })
    }
}

impl Program {
    /// Starts the program in a process group of its own.
    pub fn start(name: &'static str, command: &mut Command) -> Program {
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{name} doesn't start: {error}"),
        };
        let group = child.id().expect("has just started");
        let output = Output { lines: Arc::default(), changed: Arc::new(watch::channel(0).0) };
        let readers = vec![output.follow(child.stdout.take().expect("is piped")), output.follow(child.stderr.take().expect("is piped"))];
        Program { name, child, group, output, readers }
    }

    /// The program's process id, which is its group's too.
    pub fn id(&self) -> u32 {
        self.group
    }

    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Sends a signal (`TERM`, `KILL`, `STOP`, ...) to the program's group.
    pub fn signal(&self, signal: &str) {
        signal_group(signal, self.group);
    }

    /// Kills the program itself and nothing it started: it tidies nothing up.
    pub fn kill_alone(&self) {
        signal("KILL", &self.group.to_string());
    }

    /// Waits until nothing of its group runs any more: a driver is gone before its browser is.
    pub async fn group_ended(&self, within: Duration) {
        let start = std::time::Instant::now();
        while runs(self.group) {
            assert!(start.elapsed() < within, "{} still runs after {within:?}", self.name);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the program has ended by itself; its exit status.
    pub async fn ended(&mut self, within: Duration) -> Option<i32> {
        match tokio::time::timeout(within, self.child.wait()).await {
            Ok(Ok(status)) => {
                // What it wrote last may still be on its way.
                for reader in self.readers.drain(..) {
                    let _ = reader.await;
                }
                status.code()
            }
            Ok(Err(error)) => panic!("{}: {error}", self.name),
            Err(_) => panic!("{} is still running after {within:?}", self.name),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        signal_group("KILL", self.group);
    }
}

fn signal_group(name: &str, group: u32) {
    signal(name, &format!("-{group}"));
}

fn signal(name: &str, whom: &str) {
    // It may be gone already: then there is nothing to do.
    let _ = std::process::Command::new("kill").args([&format!("-{name}"), "--", whom]).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Whether a process of this group does anything still. One that waits to be buried doesn't.
fn runs(group: u32) -> bool {
    let processes = std::fs::read_dir("/proc").expect("a Linux").flatten();
    processes.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok()).any(|stat| {
        // Behind the name, which may hold anything: state, parent, group.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        fields.first().is_some_and(|state| *state != "Z") && fields.get(2).and_then(|of| of.parse().ok()) == Some(group)
    })
}
