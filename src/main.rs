//! The command line: parse, dispatch, exit code.

use clap::Parser;
use std::io;
use std::io::Write as _;
use std::panic;
use std::process;
use std::process::ExitCode;
use strowger::cli;
use strowger::cli::Cli;

/// The exit code of a bug: an assertion of ours that did not hold.
const BUG: i32 = 70;
/// The exit code when nothing can be written.
const WRITE_FAILED: i32 = 74;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|bug| {
        let mut stderr = io::stderr();
        let told = writeln!(
            stderr,
            "bug: {bug}\nPlease report it with the command and the files that brought it about."
        );
        // Where not even that can be said, what went wrong was most likely to say something.
        process::exit(if told.is_ok() { BUG } else { WRITE_FAILED });
    }));
    match Cli::try_parse() {
        Ok(cli) => cli.run(),
        Err(told) => cli::tell(&told),
    }
}
