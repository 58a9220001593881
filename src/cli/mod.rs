//! The command line, one file per subcommand. Data goes to stdout, everything else to stderr.

mod asterisk;
mod audio;
mod bounds;
mod check;
mod compare;
mod control;
mod diff;
mod erlang;
mod explain;
mod explain_code;
mod fit;
mod folder;
mod graph;
mod import;
mod ledger;
mod merge;
mod output;
mod publish;
mod records;
mod replace;
mod runs;
mod schema;
mod script;
mod serve;
mod simulate;
mod staff;
mod study;
mod sweep;
mod switch;
mod terminal;
mod test;
mod transcript;
mod try_line;
mod watch;

use clap::Parser;
use clap::Subcommand;
use std::process::ExitCode;

/// Strowger: IVR call routing, simulated and run by the same exchange.
#[derive(Debug, Parser)]
#[command(name = "strowger", version, about, long_about = None, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make placeholders for recordings that are missing, and check recordings.
    Audio(audio::Audio),
    /// Report all problems of menu, groups, scenario and call test files at once.
    Check(check::Check),
    /// Run a scenario under several strategies of dispatch, with the same callers.
    Compare(compare::Compare),
    /// Close the lines of a running daemon, or go by their calendars again.
    Closure(switch::Closure),
    /// Say what changes for callers between two versions of lines.
    Diff(diff::Diff),
    /// Say at once what Erlang's formulas tell of a plain queue: the agents and lines that it needs.
    Erlang(erlang::Erlang),
    /// Say what the code of a problem means, with an example, and how to mend it.
    ExplainCode(explain_code::ExplainCode),
    /// Find what a scenario says of callers in what was recorded of them: how many call when, how much days
    /// differ, how long they talk and wait.
    Fit(fit::Fit),
    /// Draw a line as a chart: an SVG for the wall, or for Graphviz or Mermaid.
    Graph(graph::Graph),
    /// Turn the menus of another system into a line, with a word on everything that differs.
    Import(import::Import),
    /// Put the parts of a study together that `simulate --shard` has made, and report on the whole.
    Merge(merge::Merge),
    /// Set or clear the notice that callers of a running daemon hear.
    Notice(switch::Notice),
    /// Put changed menus in force in a running daemon; calls in progress keep theirs.
    Publish(publish::Publish),
    /// Put menus in force again that a running daemon had before.
    Rollback(publish::Rollback),
    /// Print the JSON Schema of a kind of file, for editors.
    Schema(schema::Schema),
    /// Print the words to record, for the people who speak them.
    Script(script::Script),
    /// Take real calls: serve lines to bridges, with a journal that survives a crash.
    Serve(Box<serve::Serve>),
    /// Run a scenario and report what its callers and agents lived through.
    Simulate(simulate::Simulate),
    /// Find how many agents it takes: the fewest with whom every interval meets the scenario's goals.
    ///
    /// All head counts that are tried meet the same callers: 200 days of them unless `--runs` says otherwise, or
    /// as many as the scenario says if that is more.
    Staff(staff::StaffArgs),
    /// Run a scenario at many loads or settings: where it breaks, and what is left beyond.
    Sweep(sweep::Sweep),
    /// Play the calls of call test files, and say which do not go as they should.
    Test(test::Test),
    /// Call a line in the terminal: hear what it says, press keys, see where they lead.
    Try(try_line::Try),
    /// Show the wallboard of a daemon in the terminal, live.
    Watch(watch::Watch),
}

impl Cli {
    /// Runs the command.
    pub fn run(self) -> ExitCode {
        let exit = match self.command {
            Command::Audio(audio) => audio.run(),
            Command::Check(check) => check.run(),
            Command::Compare(compare) => compare.run(),
            Command::Closure(closure) => closure.run(),
            Command::Diff(diff) => diff.run(),
            Command::Erlang(erlang) => erlang.run(),
            Command::ExplainCode(explain) => explain.run(),
            Command::Fit(fit) => fit.run(),
            Command::Graph(graph) => graph.run(),
            Command::Import(import) => import.run(),
            Command::Merge(merge) => merge.run(),
            Command::Notice(notice) => notice.run(),
            Command::Publish(publish) => publish.run(),
            Command::Rollback(rollback) => rollback.run(),
            Command::Schema(schema) => schema.run(),
            Command::Script(script) => script.run(),
            Command::Serve(serve) => serve.run(),
            Command::Simulate(simulate) => simulate.run(),
            Command::Staff(staff) => staff.run(),
            Command::Sweep(sweep) => sweep.run(),
            Command::Test(test) => test.run(),
            Command::Try(line) => line.run(),
            Command::Watch(watch) => watch.run(),
        };
        ExitCode::from(exit as u8)
    }
}

/// Says what the command line asks for without a command (`--help`, `--version`), or what is wrong with it.
pub fn tell(told: &clap::Error) -> ExitCode {
    let outcome = told.print();
    if !told.use_stderr() {
        output::written(outcome);
    }
    ExitCode::from(told.exit_code() as u8)
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Exit {
    /// All is well.
    Fine = 0,
    /// The files have errors, or a daemon refuses what is asked of it.
    Findings = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A file could not be read, an address not listened on, or a daemon not reached.
    Unreadable = 3,
    /// A goal of the base case was missed, or its figures are not as sure as `--until` asks.
    GoalMissed = 4,
    /// The output or the journal could not be written; `EX_IOERR` of sysexits.h.
    WriteFailed = 74,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn all_commands_and_flags_fit_together() {
        Cli::command().debug_assert();
    }
}
