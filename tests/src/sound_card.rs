//! A sound card for one browser: what it plays is what its microphone hears, as in a quiet room with a loudspeaker.
//!
//! Browsers' fake microphones hear no loudspeaker. This is a PulseAudio server of the test's own with a null sink; the
//! sink's monitor is the only microphone.

use crate::folder::Folder;
use crate::process::Program;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

/// Samples a second.
const RATE: usize = 48_000;
/// The longest recording kept, in samples: a minute.
const LONGEST: usize = 60 * RATE;

/// The sound card, until it is dropped.
pub struct SoundCard {
    _program: Program,
    folder: Folder,
}

impl SoundCard {
    pub async fn start() -> SoundCard {
        let folder = Folder::new("sound");
        let socket = folder.path().join("native");
        // Browsers don't offer monitors as microphones, so it goes by another name.
        let script = format!(
            "load-module module-native-protocol-unix auth-anonymous=1 socket={}\n\
             load-module module-null-sink sink_name=loudspeaker rate={RATE} channels=1\n\
             load-module module-remap-source master=loudspeaker.monitor source_name=microphone\n\
             set-default-sink loudspeaker\n\
             set-default-source microphone\n",
            socket.display()
        );
        let file = folder.path().join("card.pa");
        std::fs::write(&file, script).expect("the folder is there");
        let mut command = Command::new("pulseaudio");
        command.args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "-F"]).arg(&file);
        command.env("HOME", folder.path()).env("XDG_RUNTIME_DIR", folder.path()).env_remove("DBUS_SESSION_BUS_ADDRESS");
        let program = Program::start("pulseaudio", &mut command);
        let card = SoundCard { _program: program, folder };
        let start = Instant::now();
        while !card.is_ready().await {
            assert!(start.elapsed() < Duration::from_secs(10), "no sound card:\n{}", card._program.output().lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        card
    }

    /// What a browser must have in its environment to play and hear here and nowhere else.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let mut server = std::ffi::OsString::from("unix:");
        server.push(self.folder.path().join("native"));
        vec![("PULSE_SERVER", server.into()), ("XDG_RUNTIME_DIR", self.folder.path().to_owned())]
    }

    async fn is_ready(&self) -> bool {
        let listed = self.client("pactl").args(["list", "short", "sources"]).output().await;
        listed.is_ok_and(|listed| String::from_utf8_lossy(&listed.stdout).contains("microphone"))
    }

    fn client(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.envs(self.environment()).env("HOME", self.folder.path());
        command
    }

    /// Records from now on what the microphone hears.
    pub async fn record(&self) -> Recording {
        let mut command = self.client("parec");
        command.args(["--device=microphone", "--format=s16le", &format!("--rate={RATE}"), "--channels=1", "--raw", "--latency-msec=20"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().expect("parec starts");
        let mut stream = child.stdout.take().expect("is piped");
        let samples: Arc<Mutex<Vec<i16>>> = Arc::default();
        let heard = samples.clone();
        tokio::spawn(async move {
            while let Ok(sample) = stream.read_i16_le().await {
                let mut heard = heard.lock().expect("no reader panics");
                if heard.len() < LONGEST {
                    heard.push(sample);
                }
            }
        });
        let recording = Recording { _child: child, samples };
        let start = Instant::now();
        while recording.seconds() == 0.0 {
            assert!(start.elapsed() < Duration::from_secs(10), "nothing is recorded, not even silence");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        recording
    }
}

/// What the microphone hears, until it is dropped.
pub struct Recording {
    _child: Child,
    samples: Arc<Mutex<Vec<i16>>>,
}

impl Recording {
    pub fn seconds(&self) -> f64 {
        self.samples.lock().expect("no writer panics").len() as f64 / RATE as f64
    }

    /// The loudest sample so far, 0 to 32,768; 0 is digital silence.
    pub fn loudest(&self) -> u16 {
        self.samples.lock().expect("no writer panics").iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
    }

    /// Waits until something louder than that is heard.
    pub async fn hears(&self, louder_than: u16, within: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < within {
            if self.loudest() > louder_than {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}
