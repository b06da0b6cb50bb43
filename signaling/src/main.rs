//! `sidelight`: see [`sidelight::command_line`].

use std::process::ExitCode;

fn main() -> ExitCode {
    sidelight::command_line::run()
}
