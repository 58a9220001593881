//! `strowger try`: calls a line in the terminal.

mod draw;
mod flags;
mod live;
mod pad;
mod record;
mod tape;
#[cfg(test)]
mod tests;

use super::Exit;
use super::Format;
use super::output;
use super::terminal::can_draw;
use super::transcript;
use crate::exchange::dialplan::Dialplan;
use crate::menu::Request;
use crate::menu::call_test::Keys;
use crate::menu::call_test::Script;
use crate::menu::compile_to_try;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::notice::check_notice;
use crate::menu::source::Sources;
use crate::rehearse;
use crate::rehearse::Played;
use crate::rehearse::told;
use crate::report::style::Style;
use clap::Args;
use jiff::civil::DateTime;
use record::Recorder;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct Try {
    /// The line.
    #[arg(value_name = "LINE")]
    line: PathBuf,
    /// The moment of the call in the line's own time, 2026-12-25T10:00; now unless set.
    #[arg(long, value_name = "MOMENT", value_parser = flags::moment)]
    at: Option<DateTime>,
    /// Play these keys without a terminal and print the conversation: "1 4711#". A space waits for
    /// the next prompt, - lets one pass in silence, x is a digit of a secret entry.
    #[arg(long, value_name = "KEYS", allow_hyphen_values = true)]
    keys: Option<String>,
    /// What a look-up finds: order-status.status=shipped,eta=2026-11-26, or order-status.error=404;
    /// error=timeout, or error=any for every other way. Several for one look-up answer in turn.
    #[arg(long = "lookup", value_name = "NAME.VALUES")]
    lookups: Vec<String>,
    /// Who could take the call: free, busy, full (and no room to wait), paused, nobody.
    #[arg(long, value_name = "WHO", default_value = "free", value_parser = flags::agents)]
    agents: crate::menu::call_test::Agents,
    /// The language in which the call begins; the line's first unless set.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// The number of the caller is withheld.
    #[arg(long)]
    withheld: bool,
    /// The notice that is set, said in every language.
    #[arg(long, value_name = "TEXT")]
    notice: Option<String>,
    /// Call from this agent's phone.
    #[arg(long = "as", value_name = "AGENT")]
    phone: Option<String>,
    /// Numbers outside cannot be reached.
    #[arg(long)]
    transfer_fails: bool,
    /// Add the call to this file of call tests, as it went.
    #[arg(long, value_name = "FILE", conflicts_with = "language")]
    record: Option<PathBuf>,
    /// What the recorded call is called.
    #[arg(long, value_name = "NAME", requires = "record")]
    name: Option<String>,
    /// How to print the conversation.
    #[arg(long, value_enum, default_value = "human", requires = "keys")]
    format: Format,
}

impl Try {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let request = Request {
            lines: vec![self.line.clone()],
            ..Request::default()
        };
        let Some(plan) = compile_to_try(request, &mut sources, &mut problems) else {
            return output::report(&problems, &sources);
        };
        let played = self
            .script(&plan)
            .and_then(|script| Ok((flags::plan(plan, self.language.as_deref())?, script)));
        let (plan, script) = match played {
            Ok((plan, script)) => (Arc::new(plan), script),
            Err(problem) => return usage(&problem),
        };
        match self.keys {
            Some(_) => self.print(&plan, &script),
            None => self.show(&plan, &script),
        }
    }

    /// What the flags say.
    fn script(&self, plan: &Dialplan) -> Result<Script, String> {
        let mut setting = flags::setting(plan, self.at)?;
        setting.agents = self.agents;
        setting.withheld = self.withheld;
        setting.transfer_fails = self.transfer_fails;
        if let Some(notice) = &self.notice {
            check_notice(notice).map_err(|wrong| format!("--notice {wrong}"))?;
        }
        setting.notice.clone_from(&self.notice);
        setting.phone = flags::phone(plan, self.phone.as_deref())?;
        let keys = Keys::parse(self.keys.as_deref().unwrap_or_default());
        Ok(Script {
            setting,
            keys: keys.map_err(|wrong| format!("--keys: {wrong}"))?,
            hangs_up: None,
            replies: flags::replies(plan, &self.lookups)?,
        })
    }

    fn recorder(&self) -> Option<Recorder> {
        let file = self.record.clone()?;
        Some(Recorder {
            file,
            line: self.line.clone(),
            name: self.name.clone(),
        })
    }

    /// Plays the keys, and prints what was said.
    fn print(&self, plan: &Arc<Dialplan>, script: &Script) -> Exit {
        let played = rehearse::play(plan, script);
        let text = match self.format {
            Format::Human => human(plan, script, &played, output::style()),
            Format::Json => json(plan, &played),
        };
        output::print(&text);
        if let Some((step, nth)) = played.unanswered {
            let name = &plan.step(step).name;
            let often = match nth {
                0 => "nothing says what it finds".to_owned(),
                1 => "only one answer is given".to_owned(),
                nth => format!("only {nth} answers are given"),
            };
            return usage(&format!(
                "{name} was asked, and {often}: add --lookup {name}.NAME=VALUE"
            ));
        }
        if !played.left.is_silent() {
            eprintln!(
                "note: the call was over before \"{}\" could be pressed",
                played.left
            );
        }
        match self.recorder() {
            Some(recorder) => {
                let script = Script {
                    keys: played.story.masked(&script.keys),
                    ..script.clone()
                };
                keep(&recorder, plan, &script, &played)
            }
            None => Exit::Fine,
        }
    }

    /// Plays the line on the terminal.
    fn show(&self, plan: &Arc<Dialplan>, script: &Script) -> Exit {
        if let Err(why) = can_draw("a dial pad") {
            return usage(&format!(
                "{why}: use --keys \"1 2\" to print a conversation"
            ));
        }
        let pad = pad::Pad::new(plan.clone(), script.clone());
        match live::show(pad, output::style()) {
            Err(error) => {
                eprintln!("error: {error}");
                Exit::Unreadable
            }
            Ok(pad) => match self.recorder() {
                Some(recorder) => {
                    let script = pad.recorded();
                    let played = rehearse::play(plan, &script);
                    if pad.is_like(&played) {
                        keep(&recorder, plan, &script, &played)
                    } else {
                        eprintln!(
                            "error: not recorded: with \"{}\" the call would not go the same way; \
                             press keys when the line waits for them",
                            script.keys
                        );
                        Exit::Findings
                    }
                }
                None => Exit::Fine,
            },
        }
    }
}

fn keep(recorder: &Recorder, plan: &Dialplan, script: &Script, played: &Played) -> Exit {
    match recorder.keep(plan, script, played) {
        Ok(name) => {
            eprintln!("recorded \"{name}\" in {}", recorder.file.display());
            Exit::Fine
        }
        Err((exit, problem)) => {
            eprintln!("error: not recorded: {problem}");
            exit
        }
    }
}

fn usage(problem: &str) -> Exit {
    eprintln!("error: {problem}");
    Exit::Usage
}

/// The conversation, between what is assumed and what came of it.
fn human(plan: &Dialplan, script: &Script, played: &Played, style: Style) -> String {
    let head = draw::heading(plan, &script.setting);
    let mut lines = vec![style.bold(&head), String::new()];
    lines.extend(transcript::rows(&told(plan, &played.story), style, 0));
    let path = draw::path(plan, &played.story.path(), " > ");
    lines.push(String::new());
    lines.extend(transcript::wrap(&format!("path: {path}"), style.width));
    lines.join("\n") + "\n"
}

fn json(plan: &Dialplan, played: &Played) -> String {
    let names = played.story.path();
    let names: Vec<&str> = names
        .iter()
        .map(|id| plan.step(*id).name.as_str())
        .collect();
    let all = serde_json::json!({
        "transcript": told(plan, &played.story),
        "path": names,
        "outcome": played.story.outcome(),
        "language": plan.languages[played.language.index()],
        "keys_left": played.left.to_string(),
    });
    let text = serde_json::to_string_pretty(&all).expect("a conversation is plain data");
    text + "\n"
}
