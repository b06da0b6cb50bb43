//! `sidelight staff`: who may sign in, and as what. For whoever holds the machine; the audit has it all under the member's id.

use super::{Failure, with_records};
use crate::config::Config;
use crate::records::{FirstLink, Listed, Records, RecordsError};
use crate::{serve, staff, time};
use clap::{Subcommand, ValueEnum};
use sidelight_protocol::http::Role;

#[derive(Subcommand)]
pub enum StaffCommand {
    /// Print a one-time link for a new member of staff
    Add {
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
        /// May be given more than once
        #[arg(long = "role", value_enum, required = true)]
        roles: Vec<RoleName>,
    },
    /// Print all members of staff
    List,
    /// Print a one-time link with which a member sets a new password; their second step goes with the old one
    Reset {
        #[arg(long)]
        email: String,
    },
    /// Sign a member out everywhere, and let them in no more
    Disable {
        #[arg(long)]
        email: String,
    },
    /// Let a member in again
    Enable {
        #[arg(long)]
        email: String,
    },
    /// Give a member these roles and no others, and sign them out everywhere
    Roles {
        #[arg(long)]
        email: String,
        /// May be given more than once
        #[arg(long = "role", value_enum, required = true)]
        roles: Vec<RoleName>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleName {
    Practitioner,
    Administrator,
    Supervisor,
    Auditor,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Practitioner => Role::Practitioner,
            RoleName::Administrator => Role::Administrator,
            RoleName::Supervisor => Role::Supervisor,
            RoleName::Auditor => Role::Auditor,
        }
    }
}

fn called(role: Role) -> &'static str {
    match role {
        Role::Practitioner => "practitioner",
        Role::Administrator => "administrator",
        Role::Supervisor => "supervisor",
        Role::Auditor => "auditor",
    }
}

pub fn run(config: &Config, command: StaffCommand) -> Result<(), Failure> {
    if let StaffCommand::Add { name, email, .. } = &command {
        check(name.trim(), email.trim())?;
    }
    with_records(config, "staff", async |records| execute(config, records, command).await)
}

async fn execute(config: &Config, records: &Records, command: StaffCommand) -> Result<(), Failure> {
    match command {
        StaffCommand::Add { name, email, roles } => add(config, records, &name, &email, given(roles)).await,
        StaffCommand::List => {
            for member in records.members().await.map_err(failed)? {
                println!("{}", line(&member));
            }
            Ok(())
        }
        StaffCommand::Reset { email } => reset(config, records, &email).await,
        StaffCommand::Disable { email } => {
            let Listed { member, .. } = known(records, &email).await?;
            records.set_disabled(&member.id, true, None, time::now()).await.map_err(failed)?;
            println!("{} is signed out everywhere and can't sign in any more.", member.name);
            Ok(())
        }
        StaffCommand::Enable { email } => {
            let Listed { member, .. } = known(records, &email).await?;
            records.set_disabled(&member.id, false, None, time::now()).await.map_err(failed)?;
            println!("{} can sign in again.", member.name);
            Ok(())
        }
        StaffCommand::Roles { email, roles } => {
            let Listed { member, .. } = known(records, &email).await?;
            let roles = given(roles);
            records.set_roles(&member.id, &roles, None, time::now()).await.map_err(failed)?;
            println!("{} is signed out everywhere, and {} from now on.", member.name, named(&roles));
            Ok(())
        }
    }
}

fn failed(error: RecordsError) -> Failure {
    Failure::Failed(match error {
        RecordsError::Taken => "staff: somebody signs in with this email already".into(),
        RecordsError::Missing => "staff: nobody signs in with this email".into(),
        error => format!("staff: {error}"),
    })
}

async fn known(records: &Records, email: &str) -> Result<Listed, Failure> {
    records.member(email).await.map_err(failed)
}

/// In the order of the enum, each once.
fn given(roles: Vec<RoleName>) -> Vec<Role> {
    let mut roles: Vec<Role> = roles.into_iter().map(Role::from).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

fn named(roles: &[Role]) -> String {
    roles.iter().map(|role| called(*role)).collect::<Vec<_>>().join(", ")
}

/// One member, the parts apart by tabs.
fn line(Listed { member, disabled, last_used }: &Listed) -> String {
    let when = |at: u32| jiff::Timestamp::from_second(at.into()).map(|at| at.to_string()).unwrap_or_default();
    let state = match (disabled, last_used) {
        (Some(since), _) => format!("disabled since {}", when(*since)),
        (None, Some(used)) => format!("last used {}", when(*used)),
        (None, None) => "not signed in".into(),
    };
    let second = if member.second_factor { "second step" } else { "password only" };
    format!("{}\t{}\t{}\t{second}\t{state}", member.name, member.email, named(&member.roles))
}

async fn add(config: &Config, records: &Records, name: &str, email: &str, roles: Vec<Role>) -> Result<(), Failure> {
    let (name, email) = (name.trim().to_owned(), email.trim().to_owned());
    let link = FirstLink { name: Some(name), email: Some(email), roles, ..FirstLink::default() };
    let token = staff::new_first_link(records, &link, time::now()).await.map_err(failed)?;
    print_link(config, &token);
    Ok(())
}

/// Before anything is made on disk.
fn check(name: &str, email: &str) -> Result<(), Failure> {
    if !(1..=80).contains(&name.chars().count()) {
        return Err(Failure::Usage(format!("--name: found {} characters; allowed: 1 to 80", name.chars().count())));
    }
    if !staff::is_email(email) {
        return Err(Failure::Usage("--email: found what isn't an email; allowed: name@example.org, at most 254 characters".into()));
    }
    Ok(())
}

async fn reset(config: &Config, records: &Records, email: &str) -> Result<(), Failure> {
    let Listed { member, disabled, .. } = known(records, email).await?;
    if disabled.is_some() {
        return Err(Failure::Failed("staff reset: this member is disabled; `staff enable` lets them in again".into()));
    }
    let token = staff::members::reset_link(records, member, None, time::now()).await.map_err(failed)?;
    print_link(config, &token);
    Ok(())
}

fn print_link(config: &Config, token: &str) {
    println!("{}/desk#first={token} (valid for one hour)", serve::public_address(config));
}
