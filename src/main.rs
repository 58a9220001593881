//! The command line: parse, dispatch, exit code.

use clap::Parser;
use std::panic;
use std::process;
use std::process::ExitCode;
use strowger::cli::Cli;

/// The exit code of a bug: an assertion of ours that did not hold.
const BUG: i32 = 70;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|bug| {
        eprintln!("bug: {bug}");
        eprintln!("Please report it with the command and the files that brought it about.");
        process::exit(BUG);
    }));
    Cli::parse().run()
}
