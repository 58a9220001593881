//! The applications of a dialplan, one by one.

use super::super::super::graph::Via;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::number;
use super::super::recording;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::dialplan::Line;
use super::flow::After;
use super::flow::Flow;
use super::flow::Stretch;
use super::flow::short;
use super::jump;
use super::menu;
use super::message;
use super::subroutine;
use super::text::arguments;
use super::unread;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::time::Span;

/// Applications that callers do not notice, or that only take some time.
const QUIET: [&str; 16] = [
    "answer",
    "cdr",
    "changemonitor",
    "log",
    "noop",
    "nocdr",
    "progress",
    "proceeding",
    "resetcdr",
    "ringing",
    "setamaflags",
    "stopmusiconhold",
    "stopplaytones",
    "userevent",
    "verbose",
    "wait",
];
/// Applications of the telephone system itself: callers are handed to it.
const HANDED_BACK: [&str; 15] = [
    "chanspy",
    "confbridge",
    "dahdiras",
    "directory",
    "disa",
    "echo",
    "meetme",
    "milliwatt",
    "musiconhold",
    "page",
    "park",
    "pickup",
    "voicemailmain",
    "followme",
    "minivmgreet",
];

/// What a line does.
pub(super) fn run(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line) -> After {
    let filled = stretch.fill(&line.arguments);
    let list = arguments(&filled);
    unread::tell(line, &list, &mut flow.draft.tally);
    match line.app.as_str() {
        app if QUIET.contains(&app) => After::Next,
        "set" | "setvar" | "mset" | "digittimeout" | "responsetimeout" => {
            set(flow, stretch, line, &list)
        }
        "background" | "playback" | "backgrounddetect" | "controlplayback" => {
            play(stretch, line, &list)
        }
        "saydigits" | "saynumber" | "sayalpha" | "sayphonetic" | "sayunixtime" => {
            speak(flow, stretch, line, &list)
        }
        "waitexten" => menu::wait(flow, stretch, line, &list),
        "read" => read(flow, stretch, line, &list),
        "goto" => jump::goto(flow, stretch, line, &list),
        "gotoif" => jump::goto_if(flow, stretch, line, &filled),
        "gotoiftime" => jump::goto_if_time(flow, stretch, line, &filled),
        "execif" => jump::exec_if(flow, stretch, line, &filled),
        "gosub" => subroutine::gosub(flow, stretch, line, &list),
        "gosubif" => subroutine::gosub_if(flow, stretch, line, &filled),
        "macro" => subroutine::run_macro(flow, stretch, line, &list),
        "return" | "macroexit" => subroutine::leave(flow, stretch),
        "stackpop" => {
            stretch.known.leave();
            After::Next
        }
        "mixmonitor" | "monitor" | "unpausemonitor" => record(flow, stretch, line, true),
        "stopmixmonitor" | "stopmonitor" | "pausemonitor" => record(flow, stretch, line, false),
        "queue" => queue(flow, stretch, line, &list),
        "dial" => dial(flow, stretch, line, &list),
        "transfer" => transfer(flow, stretch, line, &list[0], false),
        "voicemail" => message::mailboxes(flow, stretch, line, &list),
        "record" => message::file(flow, stretch, line, &list),
        "hangup" => After::Goes(To::HangUp),
        // Asterisk goes on while it sounds.
        "playtones" => {
            let note = format!("`{}` is a tone, and is left out", line.written);
            flow.draft.tally.approximate(&line.place, note);
            After::Next
        }
        "busy" | "congestion" => {
            let note = format!("`{}` is a tone; here the call ends", line.written);
            flow.draft.tally.approximate(&line.place, note);
            After::Goes(To::HangUp)
        }
        app if HANDED_BACK.contains(&app) => hand_back(flow, stretch, line),
        _ => unknown(flow, stretch, line),
    }
}

impl Stretch {
    fn fill(&self, text: &str) -> String {
        self.known.fill(text, &self.at.context, &self.at.extension)
    }

    fn hear(&mut self, line: &Line, sounds: impl IntoIterator<Item = Sound>) {
        self.place.get_or_insert_with(|| line.place.clone());
        self.sounds.extend(sounds);
    }
}

fn set(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, list: &[String]) -> After {
    let seconds = |text: &str| {
        let seconds: f64 = text.trim().parse().ok()?;
        (seconds > 0.0).then(|| (seconds * 1000.0).min(3_600_000.0) as u64)
    };
    if line.app == "digittimeout" || line.app == "responsetimeout" {
        let time = seconds(&list[0]);
        match line.app == "digittimeout" {
            true => stretch.known.digit_ms = time,
            false => stretch.known.response_ms = time,
        }
        return After::Next;
    }
    for assignment in list {
        let Some((name, value)) = assignment.split_once('=') else {
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        let name = name.to_uppercase();
        let inner = ["LOCAL(", "GLOBAL("]
            .iter()
            .find_map(|kind| name.strip_prefix(kind));
        let name = inner
            .and_then(|name| name.strip_suffix(')'))
            .unwrap_or(&name);
        match name {
            "TIMEOUT(DIGIT)" => stretch.known.digit_ms = seconds(value),
            "TIMEOUT(RESPONSE)" => stretch.known.response_ms = seconds(value),
            "TIMEOUT(ABSOLUTE)" => {
                let note =
                    format!("the longest call is {value} s from here on: see `max_call` of [line]");
                flow.draft.tally.approximate(&line.place, note);
            }
            "CHANNEL(LANGUAGE)" | "LANGUAGE()" => {
                let todo = format!(
                    "callers hear the language \"{value}\" from here on: add it to `languages`, and \
                     language = \"{value}\" to the key that leads here"
                );
                flow.draft.tally.approximate(&line.place, &todo);
                stretch.todos.push(todo);
            }
            "QUEUE_PRIO" => {
                let todo = format!(
                    "callers who come here have the priority {value} in queues: see `head_start` of a queue"
                );
                flow.draft.tally.approximate(&line.place, &todo);
                stretch.todos.push(todo);
            }
            name if name.contains('(') => {
                let note = format!("`{}` has no counterpart", line.written);
                flow.draft.tally.approximate(&line.place, note);
            }
            name if asks(value) => {
                // A look-up keeps no text that is not JSON, so it is not the same.
                let kept = match value.contains("${CURL(") {
                    true => {
                        "keep values of its answer, if that is JSON; CURL keeps all of the text"
                    }
                    false => "keep the answer",
                };
                let todo = format!(
                    "`{}` asks another system: a [lookup.*] can, and {kept}",
                    line.written
                );
                flow.draft.tally.approximate(&line.place, &todo);
                stretch.todos.push(todo);
                stretch.known.forget(name);
            }
            // What is counted up is another value each time: nobody follows a call that often.
            name if value.contains("${") || value.contains("$[") => stretch.known.forget(name),
            name => stretch.known.set(name, value.trim_matches('"')),
        }
    }
    After::Next
}

/// Whether a value is fetched from elsewhere while the call waits.
fn asks(value: &str) -> bool {
    const FUNCTIONS: [&str; 4] = ["${CURL(", "${SHELL(", "${ODBC_", "${REALTIME("];
    FUNCTIONS.iter().any(|function| value.contains(function))
}

fn play(stretch: &mut Stretch, line: &Line, list: &[String]) -> After {
    let files = list[0].split('&').filter(|file| !file.is_empty());
    let files: Vec<Sound> = files.map(|file| Sound::File(file.to_owned())).collect();
    if line.app.ends_with("playback") && stretch.sounds.is_empty() {
        stretch.barge_in = false;
    } else if !line.app.ends_with("playback") {
        stretch.barge_in = true;
    }
    stretch.hear(line, files);
    After::Next
}

fn speak(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, list: &[String]) -> After {
    let is_known = !list[0].contains("${") && line.app != "sayunixtime";
    let words = match is_known {
        true if line.app == "saynumber" => list[0].clone(),
        true => list[0].chars().map(|c| format!("{c} ")).collect(),
        false => {
            let todo = format!("`{}` says what is only known during the call", line.written);
            flow.draft.tally.approximate(&line.place, &todo);
            stretch.todos.push(todo);
            "…".to_owned()
        }
    };
    stretch.hear(line, [Sound::Text(words)]);
    After::Next
}

fn read(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, list: &[String]) -> After {
    let argument = |place: usize| list.get(place).map_or("", String::as_str);
    let files = argument(1).split('&').filter(|file| !file.is_empty());
    let files: Vec<Sound> = files.map(|file| Sound::File(file.to_owned())).collect();
    stretch.hear(line, files);
    let most = argument(2)
        .parse::<usize>()
        .unwrap_or(16)
        .clamp(1, DIGITS_MAX);
    let attempts = argument(4).parse().unwrap_or(1);
    let seconds = argument(5).parse::<f64>().unwrap_or(10.0).clamp(0.1, 60.0);
    let next = flow.next(stretch);
    let said = match stretch.sounds.is_empty() {
        true => Spoken::text("…"),
        false => Spoken::of(&std::mem::take(&mut stretch.sounds)),
    };
    let digits = match most {
        1 => Value::Whole(1),
        most => Value::Text(format!("1-{most}")),
    };
    let step = Step::new("collect", "")
        .say(said)
        .set("digits", digits)
        .text("end_key", "#")
        .text("save", super::super::names::kebab(argument(0), "entry"))
        .time(
            "first_key",
            Span((seconds * 1000.0) as u64),
            super::super::super::head::KEY_TIMES,
        )
        .tries(attempts, attempts)
        .exit(Via::Go, next.clone())
        .exit(Via::GiveUp, next);
    let name = stretch.name(flow.plan);
    flow.step_after(stretch, line, &name, step);
    After::Done
}

/// Only conversations are recorded: whether that begins before or after what callers hear in this stretch
/// is all the same.
fn record(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, is_on: bool) -> After {
    let rest = format!("{}~", stretch.id);
    let id = std::mem::replace(&mut stretch.id, rest.clone());
    let mark = recording::mark(&id, &line.place, is_on, To::Step(rest));
    flow.weave.step(mark, "recording");
    After::Next
}

fn queue(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, list: &[String]) -> After {
    let name = match list[0].contains("${") || list[0].is_empty() {
        true => "queue".to_owned(),
        false => list[0].clone(),
    };
    let timeout = list.get(4).and_then(|text| text.parse().ok());
    let next = flow.next(stretch);
    let queues = flow.queues;
    let mut step = Step::new("queue", "");
    if unread::has_option(list, 1, "c") {
        step = step.exit(Via::After, next.clone());
    }
    let mut step = queues.step(&name, timeout, next, step, flow.draft);
    if name != list[0] {
        let todo = format!(
            "`{}` names its queue during the call: set `group`",
            line.written
        );
        flow.draft.tally.approximate(&line.place, &todo);
        step.add_todo(todo);
    }
    if let Some(context) = queues.way_out(&name) {
        menu::keys_out(flow, context, &stretch.known, &mut step);
    }
    flow.step_after(stretch, line, &short(&name, "queue"), step);
    After::Done
}

fn dial(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line, list: &[String]) -> After {
    let devices: Vec<&str> = list[0].split('&').collect();
    if devices.len() > 1 {
        let note = format!(
            "{} telephones ring at once; a transfer calls the first",
            devices.len()
        );
        flow.draft.tally.approximate(&line.place, note);
    }
    // Technology/number@peer, or technology/trunk/number.
    let device = devices[0].split('@').next().unwrap_or(devices[0]);
    let dialled = device.rsplit('/').next().unwrap_or(device);
    stretch.known.set("DIALSTATUS", "NOANSWER");
    let dialled = dialled.to_owned();
    let next = flow.plan.line(&flow.plan.after(&stretch.at));
    let goes_on = next.is_some_and(|next| next.app != "hangup") && unread::has_option(list, 2, "g");
    transfer(flow, stretch, line, &dialled, goes_on)
}

fn transfer(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    to: &str,
    goes_on: bool,
) -> After {
    let to = to
        .rsplit('/')
        .next()
        .unwrap_or(to)
        .split('@')
        .next()
        .unwrap_or(to);
    let failed = flow.next(stretch);
    let dialled = number::dialable(to);
    let mut step = Step::new("transfer", "");
    if goes_on {
        let tally = &mut flow.draft.tally;
        super::super::transfer::goes_on(&mut step, failed.clone(), &line.place, tally);
    }
    let step = step.exit(Via::Failed, failed);
    let (mut step, name) = match &dialled {
        Some(number) => (step.text("to", number), format!("call-{number}")),
        None => (step.text("to", number::UNKNOWN), stretch.name(flow.plan)),
    };
    if dialled.is_none() {
        let todo = format!(
            "set `to`: `{}` is no telephone number before the call",
            line.written
        );
        flow.draft.tally.approximate(&line.place, &todo);
        step.add_todo(todo);
    }
    flow.step_after(stretch, line, &name, step);
    After::Done
}

/// What only the telephone system itself can do: the call goes to a number of it.
fn hand_back(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line) -> After {
    let extension = Some(&stretch.at.extension).filter(|extension| extension.len() > 1);
    let number = extension.and_then(|extension| number::dialable(extension));
    let number = number.unwrap_or_else(|| number::UNKNOWN.to_owned());
    let failed = flow.next(stretch);
    let own = match line.app.as_str() {
        "directory" => {
            ", or put a [directory.NAME] in its place, with the names of voicemail.conf as `entries`"
        }
        _ => "",
    };
    let todo = format!(
        "set `to` to a number of Asterisk that does `{}`{own}",
        line.written
    );
    flow.draft.tally.approximate(&line.place, &todo);
    let step = Step::new("transfer", "").text("to", number).todo(todo);
    let name = stretch.name(flow.plan);
    flow.step_after(stretch, line, &name, step.exit(Via::Failed, failed));
    After::Done
}

pub(super) fn unknown(flow: &mut Flow<'_>, stretch: &mut Stretch, line: &Line) -> After {
    let todo = format!("`{}` has no counterpart, and is passed over", line.written);
    flow.draft.tally.skip(&line.place, &todo);
    stretch.todos.push(todo);
    stretch.place.get_or_insert_with(|| line.place.clone());
    After::Next
}
