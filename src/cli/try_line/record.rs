//! Adds a call to a file of call tests, if it passes there.

use crate::cli::Exit;
use crate::cli::output;
use crate::cli::replace::replace;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::LookupResult;
use crate::menu::call_test::Agents;
use crate::menu::call_test::Replies;
use crate::menu::call_test::Reply;
use crate::menu::call_test::Script;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::read_tests;
use crate::menu::source::Sources;
use crate::rehearse;
use crate::rehearse::Played;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// How the program ends, and why a call is not kept.
type NotKept = (Exit, String);

/// Where a call is kept.
pub(super) struct Recorder {
    pub(super) file: PathBuf,
    pub(super) line: PathBuf,
    pub(super) name: Option<String>,
}

impl Recorder {
    /// Adds the call and gives its name; nothing is written unless the whole file is good and the
    /// call passes. Or why it is not kept, and how the program ends.
    pub(super) fn keep(
        &self,
        plan: &Dialplan,
        script: &Script,
        played: &Played,
    ) -> Result<String, NotKept> {
        if !self.file.to_string_lossy().ends_with(".test.toml") {
            let why = "a file of call tests is called *.test.toml".to_owned();
            return Err((Exit::Usage, why));
        }
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| named(plan, script, played));
        let call = call(plan, script, played, &name);
        let text = match fs::read_to_string(&self.file) {
            Ok(old) => format!("{}\n\n{call}", old.trim_end()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                format!("menu = {}\n\n{call}", quoted(&self.menu()?))
            }
            Err(error) => {
                let why = Sources::unreadable(&self.file, &error);
                return Err((Exit::Unreadable, why));
            }
        };
        self.check(&text)?;
        let written = replace(&self.file, text.as_bytes());
        written.map_err(|error| not_written(&self.file, &error))?;
        Ok(name)
    }

    /// Whether the file would be good, and its last call pass.
    fn check(&self, text: &str) -> Result<(), NotKept> {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        sources.add(&self.file, text.to_owned());
        let tests = read_tests(&self.file, None, &mut sources, &mut found);
        let tests =
            tests.ok_or_else(|| (output::exit_of(&found), found.render(&sources, false)))?;
        let same = |path: &Path| fs::canonicalize(path).ok();
        let menu = &sources.get(tests.menu).path;
        if same(menu) != same(&self.line) {
            let (file, menu) = (self.file.display(), menu.display());
            let why = format!("{file} has the calls of another line, {menu}");
            return Err((Exit::Findings, why));
        }
        let last = tests.calls.last().expect("one was added");
        let played = rehearse::play(&tests.plan, &last.script);
        match rehearse::judge(&last.expected, &played).is_empty() {
            true => Ok(()),
            false => {
                let why = "the call does not go the same way once more".to_owned();
                Err((Exit::Findings, why))
            }
        }
    }

    /// The line, relative to the file.
    fn menu(&self) -> Result<String, NotKept> {
        let folder = self
            .file
            .parent()
            .filter(|path| !path.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let from = fs::canonicalize(folder).map_err(|error| not_written(&self.file, &error))?;
        let to = fs::canonicalize(&self.line).map_err(|error| {
            let why = Sources::unreadable(&self.line, &error);
            (Exit::Unreadable, why)
        })?;
        let common = from.components().zip(to.components());
        let common = common.take_while(|(from, to)| from == to).count();
        let up = from.components().skip(common).map(|_| Component::ParentDir);
        let path: PathBuf = up.chain(to.components().skip(common)).collect();
        Ok(path.to_string_lossy().replace('\\', "/"))
    }
}

fn not_written(file: &Path, error: &io::Error) -> NotKept {
    let why = format!("cannot write {}: {error}", file.display());
    (Exit::WriteFailed, why)
}

/// The path and the time are a name until somebody finds a better one.
fn named(plan: &Dialplan, script: &Script, played: &Played) -> String {
    let last = played
        .story
        .path()
        .last()
        .map(|step| plan.step(*step).name.clone());
    let last = last.unwrap_or_default();
    let at = script.setting.at.strftime("%a %Y-%m-%d %H:%M");
    match script.keys.is_silent() {
        true => format!("silence leads to {last}, {at}"),
        false => format!("{} leads to {last}, {at}", script.keys),
    }
}

/// The call as it is written.
fn call(plan: &Dialplan, script: &Script, played: &Played, name: &str) -> String {
    let setting = &script.setting;
    let mut text = String::from("[[call]]\n");
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "{name} = {value}");
    };
    field("name", &quoted(name));
    field("at", &setting.at.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    if setting.agents != Agents::Free {
        field("agents", &quoted(setting.agents.name()));
    }
    if let Some(agent) = setting.phone {
        field("as", &quoted(&plan.agent(agent).name));
    }
    if setting.withheld {
        field("withheld", "true");
    }
    if let Some(notice) = &setting.notice {
        field("notice", &quoted(notice));
    }
    if setting.transfer_fails {
        field("transfer", &quoted("failed"));
    }
    field("keys", &quoted(&script.keys.to_string()));
    if let Some(span) = script.hangs_up {
        field("hangs_up", &quoted(&format!("{}ms", span.0)));
    }
    for (step, replies) in &script.replies {
        let value = match replies {
            Replies::Always(reply) => written(reply),
            Replies::InTurn(replies) => {
                let all: Vec<String> = replies.iter().map(written).collect();
                format!("[{}]", all.join(", "))
            }
        };
        field(&format!("lookup.{}", key(&plan.step(*step).name)), &value);
    }
    let path = played.story.path();
    let path: Vec<String> = path
        .iter()
        .map(|step| quoted(&plan.step(*step).name))
        .collect();
    field("path", &format!("[{}]", path.join(", ")));
    field(
        "outcome",
        &quoted(played.story.outcome().unwrap_or_default()),
    );
    text
}

fn written(reply: &Reply) -> String {
    match reply {
        Reply::Error(LookupResult::Status(status)) => format!("{{ error = {status} }}"),
        Reply::Error(LookupResult::TimedOut) => "{ error = \"timeout\" }".to_owned(),
        Reply::Error(_) => "{ error = \"any\" }".to_owned(),
        Reply::Values(values) => {
            let pairs = values.iter();
            let pairs = pairs.map(|(name, value)| format!("{} = {}", key(name), quoted(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key of TOML, without quotes where it needs none.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
