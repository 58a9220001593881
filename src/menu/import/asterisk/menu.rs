//! `Background` and `WaitExten`: a menu, whose keys are the extensions of its context.

use super::super::super::graph::Via;
use super::super::super::head::KEY_TIMES;
use super::super::super::head::TRIES_MAX;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::dialplan::Context;
use super::dialplan::Dialplan;
use super::dialplan::Inclusion;
use super::dialplan::Line;
use super::dialplan::Position;
use super::flow::After;
use super::flow::Flow;
use super::flow::Stretch;
use super::flow::target;
use super::pattern;
use super::text::arguments;
use super::words::Known;
use crate::exchange::time::Span;

/// What Asterisk waits where nothing is said.
const RESPONSE_MS: u64 = 10_000;
const DIGIT_MS: u64 = 5_000;
/// How often a silent caller is asked, where the original asks for ever.
const SILENCES: u64 = 3;
/// Lines that are looked at to see whether a way comes back.
const LINES_MAX: usize = 64;
/// Keys of one menu at most.
const KEYS_MAX: usize = 200;

/// `WaitExten(seconds)`
pub(super) fn wait(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    list: &[String],
) -> After {
    let seconds = list[0].parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
    let first = seconds.map(|seconds| (seconds * 1000.0).min(600_000.0) as u64);
    let first = first.or(stretch.known.response_ms).unwrap_or(RESPONSE_MS);
    let between = stretch.known.digit_ms.unwrap_or(DIGIT_MS);
    let said = match stretch.sounds.is_empty() {
        true => Spoken::text("…"),
        false => Spoken::of(&std::mem::take(&mut stretch.sounds)),
    };
    let mut step = Step::new("menu", "").say(said);
    step = step.time("first_key", Span(first), KEY_TIMES);
    keys(flow, stretch, line, &mut step);
    if step.keys.iter().any(|key| key.keys.len() > 1) {
        step = step.time("next_key", Span(between), KEY_TIMES);
    }
    let step = ways_on(flow, stretch, line, step);
    let name = stretch.name(flow.plan);
    flow.step_after(stretch, line, &name, step);
    After::Done
}

/// The extensions of a context that callers can dial.
fn keys(flow: &mut Flow<'_>, stretch: &Stretch, line: &Line, step: &mut Step) {
    let (plan, context, known) = (flow.plan, &stretch.at.context, &stretch.known);
    for visible in plan.visible(context) {
        missing(flow, visible, step);
        for extension in &visible.extensions {
            let Some(first) = extension.lines.get(&1) else {
                continue;
            };
            if extension.name == stretch.at.extension && extension.name.len() > 6 {
                let first = extension.name.chars().next();
                let note = format!(
                    "callers could dial {} here too, for which {} had to wait; that is left out",
                    extension.name,
                    first.map_or_else(String::new, String::from)
                );
                flow.draft.tally.approximate(&line.place, note);
                continue;
            }
            let Some((keys, is_wide)) = pattern::keys(&extension.name) else {
                if pattern::is_dialled(&extension.name) {
                    let note = format!("the pattern {} stands for too many keys", extension.name);
                    flow.draft.tally.skip(&first.place, note);
                }
                continue;
            };
            if is_wide {
                let note = format!(
                    "the keys for {} stand for a little more, or less",
                    extension.name
                );
                flow.draft.tally.approximate(&first.place, note);
            }
            let at = Position {
                context: context.clone(),
                extension: extension.name.clone(),
                priority: 1,
            };
            let to = flow.to(at, known);
            for keys in keys {
                if step.keys.len() == KEYS_MAX {
                    let note = format!("more than {KEYS_MAX} keys");
                    flow.draft.tally.approximate(&line.place, note);
                    return;
                }
                step.key(&keys, to.clone(), "");
            }
        }
    }
}

/// Contexts that are included and not in the files.
fn missing(flow: &mut Flow<'_>, context: &Context, step: &mut Step) {
    for Inclusion {
        context: name,
        times,
        place,
    } in &context.includes
    {
        if !times.is_empty() {
            let todo = format!(
                "[{name}] is included only at some times ({times}); here its keys work always: lead them to \
                 an `hours` step"
            );
            flow.draft.tally.approximate(place, &todo);
            step.add_todo(todo);
        }
        // FreePBX includes an empty context for additions of one's own everywhere.
        if flow.plan.context(name).is_none() && !name.ends_with("-custom") {
            let note =
                format!("[{name}] is included here and not in these files: keys may be missing");
            flow.draft.tally.skip(place, note);
        }
    }
}

/// Keys that let waiting callers leave a queue: extensions of one digit.
pub(super) fn keys_out(flow: &mut Flow<'_>, context: &str, known: &Known, step: &mut Step) {
    for visible in flow.plan.visible(context) {
        for extension in visible.extensions.iter().filter(|at| at.name.len() == 1) {
            if pattern::keys(&extension.name).is_none() || !extension.lines.contains_key(&1) {
                continue;
            }
            let at = Position {
                context: context.to_owned(),
                extension: extension.name.clone(),
                priority: 1,
            };
            let to = flow.to(at, known);
            step.key(&extension.name, to, "");
        }
    }
}

/// Where silent callers go, and those who press what leads nowhere: `t` and `i`.
fn ways_on(flow: &mut Flow<'_>, stretch: &Stretch, line: &Line, mut step: Step) -> Step {
    let special = |extension: &str| Position {
        context: stretch.at.context.clone(),
        extension: extension.to_owned(),
        priority: 1,
    };
    let (silent, wrong) = (special("t"), special("i"));
    let mut tries = (1, 1);
    let give_up = match comes_back(flow.plan, &silent, &stretch.at) {
        Some(Again {
            sounds,
            last: Some((count, last)),
        }) => {
            say_again(flow, "silence", &sounds, &silent, &mut step);
            tries.0 = count;
            flow.to(last, &stretch.known)
        }
        Some(Again { sounds, last: None }) => {
            say_again(flow, "silence", &sounds, &silent, &mut step);
            tries.0 = SILENCES;
            let todo = format!("the original asks silent callers for ever; here {SILENCES} times");
            flow.draft.tally.approximate(&line.place, &todo);
            step.add_todo(todo);
            To::HangUp
        }
        None if flow.plan.line(&silent).is_some() => flow.to(silent.clone(), &stretch.known),
        None => flow.next(stretch),
    };
    match comes_back(flow.plan, &wrong, &stretch.at) {
        Some(Again { sounds, last }) => {
            say_again(flow, "wrong_key", &sounds, &wrong, &mut step);
            tries.1 = last.as_ref().map_or(TRIES_MAX as u64, |(count, _)| *count);
            if last.is_none() {
                let todo =
                    format!("after wrong keys the original asks for ever; here {TRIES_MAX} times");
                flow.draft.tally.approximate(&line.place, &todo);
                step.add_todo(todo);
            }
            // One way for both here, two there.
            let silent = comes_back(flow.plan, &silent, &stretch.at).and_then(|again| again.last);
            if let Some((_, last)) = last {
                let words = ending(flow.plan, &last);
                if silent.map(|(_, last)| ending(flow.plan, &last)).as_ref() != Some(&words) {
                    let todo = format!(
                        "after the last wrong key the original goes on with `{}`; here callers go where \
                         silent ones go",
                        words.join(", ")
                    );
                    flow.draft.tally.approximate(&line.place, &todo);
                    step.add_todo(todo);
                }
                for line in passed(flow.plan, &last) {
                    flow.draft.tally.convert(&line.place);
                }
            }
        }
        // Asterisk hangs up on a wrong key where there is no `i`.
        None => {
            let to = flow.to(wrong, &stretch.known);
            step.any_other_key(&to);
        }
    }
    step.tries(tries.0, tries.1).exit(Via::GiveUp, give_up)
}

/// Uses the words of the original where the house has its own.
fn say_again(
    flow: &mut Flow<'_>,
    phrase: &'static str,
    sounds: &[Sound],
    at: &Position,
    step: &mut Step,
) {
    let Some(line) = flow.plan.line(at) else {
        return;
    };
    let place = line.place.clone();
    let passed = passed(flow.plan, at);
    for line in passed {
        flow.draft.tally.convert(&line.place);
    }
    if sounds.is_empty() {
        return;
    }
    let spoken = Spoken::of(sounds);
    if !flow.draft.phrase(phrase, &spoken) {
        let note = format!(
            "here the original says \"{}\"; a line has one phrase for that",
            spoken.text
        );
        flow.draft.tally.approximate(&place, &note);
        step.add_todo(note);
    }
}

/// A way that leads back to a menu.
struct Again {
    /// What is played on it.
    sounds: Vec<Sound>,
    /// How often it may be taken, and where it leads the last time.
    last: Option<(u64, Position)>,
}

/// Whether a way does nothing but lead back.
fn comes_back(plan: &Dialplan, from: &Position, menu: &Position) -> Option<Again> {
    let mut again = Again {
        sounds: Vec::new(),
        last: None,
    };
    let mut at = from.clone();
    let mut is_back = false;
    for _ in 0..LINES_MAX {
        if at.context == menu.context && at.extension == menu.extension {
            is_back = true;
            if at.priority == menu.priority {
                return Some(again);
            }
        }
        let line = plan.line(&at)?;
        match line.app.as_str() {
            "playback" | "background" if !is_back => again.sounds.extend(files(&line.arguments)),
            // FreePBX plays it instead of the announcement.
            "set" if !is_back && line.arguments.starts_with("IVR_MSG=") => {
                again
                    .sounds
                    .extend(files(&line.arguments["IVR_MSG=".len()..]));
            }
            "gotoif" if !is_back => again.last = Some(counted(plan, line, &at)?),
            "goto" => {
                at = target(plan, &arguments(&line.arguments), &at)?;
                continue;
            }
            "playback" | "background" | "noop" | "verbose" | "answer" | "wait" | "set"
            | "execif" => {}
            _ => return None,
        }
        at = plan.after(&at);
    }
    None
}

fn files(list: &str) -> Vec<Sound> {
    let first = &arguments(list)[0];
    let files = first.split('&').filter(|file| !file.is_empty());
    files.map(|file| Sound::File(file.to_owned())).collect()
}

/// `GotoIf($[${COUNT} > 3]?final)`: how often a way may be taken before, and where it ends.
fn counted(plan: &Dialplan, line: &Line, at: &Position) -> Option<(u64, Position)> {
    let (condition, way) = line.arguments.split_once("]?")?;
    let condition = condition.strip_prefix("$[")?.replace('"', "");
    let (variable, number) = condition.split_once('}')?;
    if !variable.trim().starts_with("${") || way.contains(':') {
        return None;
    }
    let number = number.trim();
    let (more, number) = match number
        .strip_prefix(">=")
        .or_else(|| number.strip_prefix('='))
    {
        Some(number) => (0, number),
        None => (1, number.strip_prefix('>')?),
    };
    let count: u64 = number.trim_start_matches('=').trim().parse().ok()?;
    let last = target(plan, &arguments(way), at)?;
    Some((count.saturating_add(more), last))
}

/// What happens at the end of a way, in words that can be compared.
fn ending(plan: &Dialplan, from: &Position) -> Vec<String> {
    let lines = passed(plan, from);
    lines.iter().map(|line| line.written.clone()).collect()
}

/// The lines of an extension up to where it jumps.
fn passed<'p>(plan: &'p Dialplan, from: &Position) -> Vec<&'p Line> {
    let mut lines = Vec::new();
    let mut at = from.clone();
    while let Some(line) = plan.line(&at).filter(|_| lines.len() < LINES_MAX) {
        lines.push(line);
        if line.app == "goto" {
            break;
        }
        at = plan.after(&at);
    }
    lines
}
