//! `strowger audio build`: placeholders for what nobody has recorded yet.

use super::program::Failure;
use super::program::Program;
use crate::cli::Exit;
use crate::cli::Format;
use crate::cli::output;
use crate::cli::replace::replace;
use crate::cli::terminal::clean;
use crate::exchange::time::Span;
use crate::menu::audio;
use crate::menu::audio::Placeholder;
use crate::menu::audio::Recording;
use crate::menu::audio::Script;
use crate::menu::audio::State;
use crate::menu::audio::tune;
use crate::menu::audio::wav;
use crate::menu::audio::wav::Coding;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::menu::value;
use clap::Args;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;

/// The longest that a program may be given for one recording.
const TIMEOUT_MAX: Span = Span::minutes(60);

#[derive(Debug, Args)]
#[command(
    after_help = "Example: strowger audio build menus/shop.toml --command \"piper -m \
                        /srv/voices/{language}.onnx -f {file}\" lets another program speak.\n\n\
                        Recordings are never written over, placeholders of other words are made \
                        anew. Exit codes: 0 fine, 1 a line has errors, 3 the program failed or a \
                        file cannot be read, 74 a file cannot be written."
)]
pub(super) struct Build {
    /// The lines. Files that are none by their names are passed over.
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<PathBuf>,
    /// The speech program and its arguments, cut at spaces and run without a shell. {language} is
    /// the tag, {file} the WAV file to write (without it, the sound is read from stdout), {text}
    /// the words (without it, they are written to stdin).
    #[arg(
        long,
        value_name = "COMMAND",
        default_value = "espeak-ng -v {language} --stdin -w {file}"
    )]
    command: Program,
    /// How long the program may take for one recording.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = timeout)]
    timeout: Span,
    /// How to print what was made.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// A bar of so many recordings, on a terminal.
fn progress(recordings: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(Some(recordings), ProgressDrawTarget::hidden());
    }
    let template = "[{bar:40}] {pos}/{len} recordings, {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is well formed");
    ProgressBar::new(recordings).with_style(style.progress_chars("=> "))
}

fn timeout(text: &str) -> Result<Span, String> {
    let span = value::duration(text).filter(|span| (Span(1)..=TIMEOUT_MAX).contains(span));
    span.ok_or_else(|| "write a time of at most an hour, such as \"30s\"".to_owned())
}

/// What became of the recordings.
#[derive(Debug, Default, Serialize)]
struct Made {
    /// Placeholders that were made.
    made: Vec<PathBuf>,
    /// Placeholders that say the words of today.
    kept: usize,
    /// Files that are no placeholders, and are left alone.
    recorded: usize,
}

impl Made {
    fn summary(&self) -> String {
        let made = match self.made.len() {
            1 => "1 placeholder".to_owned(),
            several => format!("{several} placeholders"),
        };
        let recorded = match self.recorded {
            1 => "1 recording".to_owned(),
            several => format!("{several} recordings"),
        };
        format!(
            "{made} made, {} kept, {recorded} left as recorded\n",
            self.kept
        )
    }
}

impl Build {
    pub(super) fn run(&self) -> Exit {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let scripts = audio::scripts(&super::lines(&self.lines), &mut sources, &mut problems);
        if let Some(scripts) = &scripts {
            audio::shared(scripts, &mut problems);
        }
        let exit = output::report(&problems, &sources);
        let Some(scripts) = scripts else {
            return exit;
        };
        let mut made = Made::default();
        let result = self.make(&scripts, &mut made);
        output::print(&match self.format {
            Format::Human => made.summary(),
            Format::Json => format!("{:#}\n", serde_json::json!(made)),
        });
        match result {
            Ok(()) => Exit::Fine,
            Err(failure) => {
                // Words of the line and of the program are in it.
                eprintln!("error: {}", clean(&failure.message, true));
                if let Some(help) = failure.help {
                    eprintln!("  = help: {help}");
                }
                failure.exit
            }
        }
    }

    /// Makes what is missing; the first failure ends it, as the next would be the same.
    fn make(&self, scripts: &[Script], made: &mut Made) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        let count = scripts
            .iter()
            .map(|script| script.recordings.len())
            .sum::<usize>();
        let bar = progress(count as u64);
        for script in scripts {
            for recording in &script.recordings {
                bar.inc(1);
                let file = script.file(recording);
                if !seen.insert(file.clone()) {
                    continue;
                }
                match State::of(script, recording, self.command.written()) {
                    State::Recorded => made.recorded += 1,
                    State::Placeholder => made.kept += 1,
                    State::Missing | State::Outdated => {
                        self.speak(script, recording)?;
                        made.made.push(file);
                    }
                }
            }
        }
        Ok(())
    }

    fn speak(&self, script: &Script, recording: &Recording) -> Result<(), Failure> {
        let file = script.file(recording);
        let unwritten = |error| Failure {
            message: format!("cannot write {}: {error}", file.display()),
            help: None,
            exit: Exit::WriteFailed,
        };
        let folder = file.parent().expect("a folder");
        let new: Vec<&Path> = folder.ancestors().take_while(|at| !at.exists()).collect();
        fs::create_dir_all(folder).map_err(unwritten)?;
        let spoken = self.command.speak(recording, &file, self.timeout);
        let sound = spoken.inspect_err(|_| {
            // An empty folder would say that the line is recorded.
            for folder in new {
                drop(fs::remove_dir(folder));
            }
        })?;
        let samples = tune::tuned(&sound).ok_or_else(|| {
            let what = match sound.coding {
                Coding::Other(_) => format!("it cannot be read as {}", sound.coding.name()),
                _ => format!("nothing was said for \"{}\"", recording.words),
            };
            Program::failure(&file, &what)
        })?;
        let remark = Placeholder::remark(&samples, &recording.words, self.command.written());
        let bytes = wav::bytes(&samples, tune::RATE, &remark);
        replace(&file, &bytes).map_err(unwritten)
    }
}
