//! The commands. Exit status 0; 1 when an action or a check fails; 2 for bad use or bad configuration, with one line that
//! says what is wrong.

mod copies;
mod doctor;
mod members;
mod retention;
mod upkeep;

use crate::config::{Certificate, Config, DEFAULT, Flags, Wrong};
use crate::http::Pages;
use crate::records::{Records, RecordsError};
use crate::{serve, tls};
use clap::{Args, Parser, Subcommand};
use doctor::DoctorArguments;
use members::StaffCommand;
use retention::RetentionCommand;
use std::path::PathBuf;
use std::process::ExitCode;
use upkeep::{AuditCommand, KeysCommand};

#[derive(Parser)]
#[command(name = "sidelight", version, about = "Video, voice and text contact for social work", args_conflicts_with_subcommands = false)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    given: Given,
}

#[derive(Args)]
struct Given {
    /// A configuration file; what it leaves out is as `print-config` shows
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// The folder of databases and, unless keys.master says otherwise, master key
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", global = true)]
    listen: Option<String>,
    /// Serve on the local network with a certificate made here, to try it out with a phone
    #[arg(long, global = true)]
    lan: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages, sockets and relay until stopped (the default)
    Serve,
    /// Members of staff; works beside a running service, which heeds it within a second
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Look at a service from outside, as a phone would meet it, and say line by line what is well or what to change
    Doctor(DoctorArguments),
    /// Print the SHA-256 of each page, script and style, to be compared with what is served
    Manifest,
    /// Copy the records into a folder, sealed and without their keys, also while the service runs
    Backup {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Where the keys are copied to, over the copy before, in place of keys.copy
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Put the records of a backup into a data folder that has none
    Restore {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// A copy of the keys, where it isn't the one that keys.copy names
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// The keys are lost: accounts come back, contacts are erased
        #[arg(long, conflicts_with = "keys")]
        without_keys: bool,
    },
    /// Put the records of a backup into a file in the clear, to look into them: accounts, settings, the audit
    OpenBackup {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// A new file, elsewhere than backups are
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// The master key
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The audit
    #[command(subcommand)]
    Audit(AuditCommand),
    /// What is kept for how long, and what is erased
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Print the default configuration, every key explained
    PrintConfig,
    /// Check the configuration without starting anything
    CheckConfig,
}

/// Why a command ends without having done its work; one line for standard error.
pub enum Failure {
    /// Bad use or bad configuration.
    Usage(String),
    Failed(String),
    /// What failed was told already.
    Told,
}

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Failure {
        Failure::Usage(wrong.0)
    }
}

pub fn run() -> ExitCode {
    let CommandLine { command, given } = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) if error.use_stderr() => {
            let text = error.render().to_string();
            let line = text.lines().find(|line| line.starts_with("error:")).unwrap_or("error: nothing to do");
            eprintln!("{line} (`sidelight --help` tells what there is)");
            return ExitCode::from(2);
        }
        Err(help) => {
            print!("{}", help.render());
            return ExitCode::SUCCESS;
        }
    };
    let Given { config, data, listen, lan } = given;
    let address = if lan { serve::network_address() } else { None };
    if lan && address.is_none() {
        eprintln!("--lan: found no network on this machine; allowed: an IPv4 address that isn't loopback");
        return ExitCode::from(2);
    }
    let flags = Flags { config, data, listen, lan: address };
    let done = match command {
        None | Some(Command::Serve) => read(&flags).and_then(serve::run),
        Some(Command::PrintConfig) => {
            print!("{DEFAULT}");
            Ok(())
        }
        Some(Command::Doctor(arguments)) => doctor::run(arguments),
        Some(Command::Manifest) => read(&flags).and_then(|config| manifest(&config)),
        Some(Command::CheckConfig) => read(&flags).map(|_| println!("The configuration is good.")),
        Some(Command::Staff(command)) => read(&flags).and_then(|config| members::run(&config, command)),
        Some(Command::Backup { folder, keys }) => read(&flags).and_then(|config| copies::back_up(&config, &folder, keys.as_deref())),
        Some(Command::Restore { folder, keys, without_keys }) => {
            read(&flags).and_then(|config| copies::restore(&config, &folder, keys.as_deref(), without_keys))
        }
        Some(Command::OpenBackup { folder, to }) => read(&flags).and_then(|config| copies::open(&config, &folder, &to)),
        Some(Command::Retention(command)) => read(&flags).and_then(|config| retention::run(&config, command)),
        Some(Command::Keys(KeysCommand::Rotate { new })) => read(&flags).and_then(|config| upkeep::rotate(&config, new.as_deref())),
        Some(Command::Audit(AuditCommand::Key)) => read(&flags).and_then(|config| upkeep::audit_key(&config)).map(|key| println!("{key}")),
        Some(Command::Audit(AuditCommand::Verify { records, anchor, keys })) => {
            read(&flags).and_then(|config| upkeep::verify(&config, records, anchor, &keys))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(line)) => {
            eprintln!("{line}");
            ExitCode::from(2)
        }
        Err(Failure::Failed(line)) => {
            eprintln!("{line}");
            ExitCode::FAILURE
        }
        Err(Failure::Told) => ExitCode::FAILURE,
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Failed(error.to_string()))?.block_on(work)
}

/// Opens the records for this, and closes them whatever comes of it. `what`: the command, for whoever reads what went wrong.
fn with_records<T>(config: &Config, what: &str, work: impl AsyncFnOnce(&Records) -> Result<T, Failure>) -> Result<T, Failure> {
    block_on(async {
        let records = Records::open_for_command(&config.data, &config.keys).await.map_err(failed(what))?;
        let done = work(&records).await;
        records.close().await;
        done
    })
}

fn failed(what: &str) -> impl Fn(RecordsError) -> Failure {
    move |error| Failure::Failed(format!("{what}: {error}"))
}

fn manifest(config: &Config) -> Result<(), Failure> {
    let pages = match manifest_of_now(config) {
        Ok(pages) => pages,
        // Scripts and styles, which are most of it, don't depend on it.
        Err(Failure::Told) => return Err(Failure::Told),
        Err(Failure::Usage(why) | Failure::Failed(why)) => {
            eprintln!(
                "{why}: the lines of pages are those of the configuration, which aren't served where an administrator has set other words"
            );
            Pages::new(config).map_err(|error| Failure::Failed(error.to_string()))?
        }
    };
    print!("{}", pages.manifest());
    Ok(())
}

/// With what administrators have set. Where there are no records there is nothing of it, and none are begun for this.
fn manifest_of_now(config: &Config) -> Result<Pages, Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("manifest: {error}"));
    if !config.data.join("records.db").try_exists().map_err(failed)? {
        return Pages::new(config).map_err(failed);
    }
    with_records(config, "manifest", async |records| Pages::open(config, records).await.map_err(failed))
}

/// The configuration, with the files it names looked into.
fn read(flags: &Flags) -> Result<Config, Failure> {
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = Config::read(flags, environment)?;
    if let Some(Certificate::Files { certificate, key }) = &config.certificate {
        let named = certificate.display().to_string();
        tls::checked(certificate, key).map_err(|error| {
            let error = error.to_string().replace('\n', " ");
            Failure::Usage(format!(
                "tls.certificate: found {named:?}, which doesn't go with tls.key ({error}); allowed: a PEM chain and its key"
            ))
        })?;
    }
    Ok(config)
}
