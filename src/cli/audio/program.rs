//! A speech program: a command of the operator's, run without a shell, for a while.

use crate::cli::Exit;
use crate::exchange::time::Span;
use crate::menu::audio::Recording;
use crate::menu::audio::wav;
use crate::menu::audio::wav::Sound;
use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::WaitId;
use rustix::process::WaitIdOptions;
use rustix::process::kill_process_group;
use rustix::process::waitid;
use std::fs;
use std::io;
use std::io::Read;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::str::FromStr;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Bytes of what a program says about itself that are read.
const STDERR_MAX: u64 = 16 * 1024;
/// Between two looks at whether a program has ended.
const LOOK: Duration = Duration::from_millis(2);

/// The command as written, and its words.
#[derive(Clone, Debug)]
pub(super) struct Program {
    written: String,
    words: Vec<String>,
}

/// Why nothing was said.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) exit: Exit,
}

impl FromStr for Program {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const SLOTS: [&str; 3] = ["{language}", "{file}", "{text}"];
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return Err("name a program".to_owned());
        }
        let rest = SLOTS
            .iter()
            .fold(text.to_owned(), |rest, slot| rest.replace(slot, ""));
        if rest.contains(['{', '}']) {
            return Err("only {language}, {file} and {text} are filled in".to_owned());
        }
        let written = words.join(" ");
        Ok(Self { written, words })
    }
}

impl Program {
    /// The command as written.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    fn asks_for(&self, slot: &str) -> bool {
        self.words.iter().any(|word| word.contains(slot))
    }

    /// What the program says for a recording that belongs into this file.
    pub(super) fn speak(
        &self,
        recording: &Recording,
        file: &Path,
        timeout: Span,
    ) -> Result<Sound, Failure> {
        let spoken = file.with_extension("spoken.wav");
        let program = &self.words[0];
        // A file of a run that was cut off is in nobody's way; anything else is somebody's.
        drop(fs::remove_file(&spoken));
        if spoken.symlink_metadata().is_ok() {
            let what = format!("{} is in the way: remove it", spoken.display());
            return Err(Self::failure(file, &what));
        }
        let result = self.run(recording, &spoken, timeout);
        let result = result.map_err(|what| format!("{program} {what}"));
        let sound = result.and_then(|stdout| {
            let sound = match self.asks_for("{file}") {
                true => wav::read(&spoken),
                false => wav::parse(&stdout),
            };
            sound.map_err(|what| format!("what {program} says {what}"))
        });
        // It may not have been written.
        drop(fs::remove_file(&spoken));
        sound.map_err(|what| Self::failure(file, &what))
    }

    /// Why a recording has no placeholder.
    pub(super) fn failure(file: &Path, what: &str) -> Failure {
        let help = "see what it says by itself, or name another program with --command";
        Failure {
            message: format!("no placeholder for {}: {what}", file.display()),
            help: Some(help.to_owned()),
            exit: Exit::Unreadable,
        }
    }

    /// Runs it once; what it writes to stdout.
    fn run(&self, recording: &Recording, file: &Path, timeout: Span) -> Result<Vec<u8>, String> {
        let fill = |word: &String| {
            let word = word.replace("{language}", &recording.spoken);
            let word = word.replace("{file}", &file.to_string_lossy());
            word.replace("{text}", &recording.words)
        };
        let mut words = self.words.iter().map(fill);
        let mut command = Command::new(words.next().expect("a program"));
        command
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // So that what it starts can be ended with it.
            .process_group(0);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "is not installed".to_owned(),
            _ => format!("cannot be run: {error}"),
        })?;
        let stdin = child.stdin.take().expect("a pipe");
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let text = match self.asks_for("{text}") {
            true => String::new(),
            false => format!("{}\n", recording.words),
        };
        // A program that does not listen ends all the same.
        let told = thread::spawn(move || tell(stdin, &text));
        let sound = thread::spawn(move || read(stdout, wav::WAV_BYTES_MAX + 1));
        let said = thread::spawn(move || read(stderr, STDERR_MAX));
        let ended = wait(&mut child, timeout);
        let stdout = sound.join().expect("reading does not panic");
        let said = said.join().expect("reading does not panic");
        told.join().expect("writing does not panic");
        let status = ended?;
        if status.success() {
            return Ok(stdout);
        }
        let said = String::from_utf8_lossy(&said);
        let first = said.lines().map(str::trim).find(|line| !line.is_empty());
        let how = match status.code() {
            Some(code) => format!("ended with {code}"),
            None => "was ended by a signal".to_owned(),
        };
        Err(first.map_or(how.clone(), |line| format!("{how}: {line}")))
    }
}

fn tell(mut stdin: impl Write, text: &str) {
    // Whoever does not read it may have the words already.
    drop(stdin.write_all(text.as_bytes()));
}

/// At most so many bytes; the rest is read and dropped, so that nobody waits for a reader.
fn read(pipe: Option<impl Read>, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What was read before an error is judged like a sound that is cut off.
        drop(pipe.by_ref().take(most).read_to_end(&mut bytes));
        drop(io::copy(&mut pipe, &mut io::sink()));
    }
    bytes
}

/// Waits for the end, or makes one when the time is over: of the program and of all that it has
/// started, which would hold the pipes open.
fn wait(child: &mut Child, timeout: Span) -> Result<ExitStatus, String> {
    let end = Instant::now() + Duration::from_millis(timeout.0);
    let group = Pid::from_child(child);
    // It is looked at without being taken away, so that its number is still its own below.
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let ended = loop {
        match waitid(WaitId::Pid(group), look) {
            Ok(None) if Instant::now() < end => thread::sleep(LOOK),
            looked => break matches!(looked, Ok(Some(_))),
        }
    };
    // It may just have ended by itself.
    let _ = kill_process_group(group, Signal::KILL);
    let status = child
        .wait()
        .map_err(|error| format!("cannot be waited for: {error}"))?;
    match ended {
        true => Ok(status),
        false => Err(format!("took longer than {timeout}")),
    }
}
