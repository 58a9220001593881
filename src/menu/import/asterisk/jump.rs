//! Jumps of a dialplan: `Goto`, and what decides where a call goes.

use super::super::super::graph::Via;
use super::super::branch::Lookup;
use super::super::branch::signpost;
use super::super::draft::Step;
use super::super::draft::To;
use super::app;
use super::dialplan::Line;
use super::dialplan::called;
use super::flow::After;
use super::flow::Flow;
use super::flow::Stretch;
use super::text::arguments;
use super::times;
use super::words;

/// Where a line may jump to, as the arguments of a `Goto`.
pub(super) fn jumps(line: &Line) -> Vec<Vec<String>> {
    match line.app.as_str() {
        "goto" => vec![arguments(&line.arguments)],
        "gotoif" | "gotoiftime" => {
            let (_, yes, no) = ways(&line.arguments);
            [yes, no].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn goto(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    list: &[String],
) -> After {
    let Some(target) = flow.target(list, &stretch.at) else {
        let todo = format!("`{}` goes where only the call knows", line.written);
        flow.draft.tally.skip(&line.place, &todo);
        stretch.todos.push(todo);
        return After::Goes(To::HangUp);
    };
    if line.arguments.contains("${DIALSTATUS}") {
        let note = format!("`{}` is taken as for nobody who answers", line.written);
        flow.draft.tally.approximate(&line.place, note);
    }
    let to = flow.to(target.clone(), &stretch.known);
    if to == To::HangUp && flow.plan.line(&target).is_none() {
        let todo = format!("`{}` goes to what is not in these files", line.written);
        flow.draft.tally.approximate(&line.place, &todo);
        stretch.place.get_or_insert_with(|| line.place.clone());
        stretch.wanted = Some(target.extension);
        stretch.todos.push(todo);
    }
    After::Goes(to)
}

/// A condition and its two ways: `condition?yes:no`.
pub(super) fn ways(text: &str) -> (&str, Option<Vec<String>>, Option<Vec<String>>) {
    // A question mark inside of an expression is not this one.
    let inside = text.rfind(']').unwrap_or(0);
    let mark = text[inside..]
        .find('?')
        .map(|at| at + inside)
        .or_else(|| text.find('?'));
    let Some(mark) = mark else {
        return (text, None, None);
    };
    let (condition, ways) = (&text[..mark], &text[mark + 1..]);
    let (yes, no) = ways.split_once(':').unwrap_or((ways, ""));
    let way = |text: &str| (!text.trim().is_empty()).then(|| arguments(text.trim()));
    (condition, way(yes), way(no))
}

/// The place of one way of a condition; the next line where it is left out.
fn way(flow: &mut Flow<'_>, stretch: &Stretch, arguments: Option<Vec<String>>) -> To {
    match arguments {
        None => flow.next(stretch),
        Some(arguments) => match flow.target(&arguments, &stretch.at) {
            Some(target) => flow.to(target, &stretch.known),
            None => To::HangUp,
        },
    }
}

pub(super) fn goto_if(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    filled: &str,
) -> After {
    // Whether a call is answered already makes no difference to a line.
    if ["${CHANNEL(state)}", "${CDR(disposition)}"]
        .iter()
        .any(|state| filled.contains(state))
    {
        return After::Next;
    }
    if line.arguments.contains("${IVR_CONTEXT_") {
        return back_or_on(flow, stretch, line);
    }
    let (condition, yes, no) = ways(filled);
    if let Some(holds) = words::holds(condition) {
        let note = format!("`{}` is decided before the call", line.written);
        flow.draft.tally.approximate(&line.place, note);
        return match (holds, &yes, &no) {
            (true, None, _) | (false, _, None) => After::Next,
            (true, ..) => After::Goes(way(flow, stretch, yes)),
            (false, ..) => After::Goes(way(flow, stretch, no)),
        };
    }
    let both = (way(flow, stretch, yes), way(flow, stretch, no));
    undecided(flow, stretch, line, condition, both)
}

/// A condition that nobody can decide here: a system is asked that is still to be written, and leads one
/// way or the other.
pub(super) fn undecided(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    condition: &str,
    (yes, no): (To, To),
) -> After {
    let asks = format!("`{}` cannot be decided here", line.written);
    flow.draft.tally.skip(&line.place, &asks);
    let lookup = Lookup {
        asks,
        cases: vec![(condition.trim().to_owned(), yes.clone())],
        otherwise: no,
        failed: yes,
    };
    let name = format!("{}-branch", stretch.name(flow.plan));
    flow.step_after(stretch, line, &name, lookup.step(""));
    After::Done
}

/// FreePBX leads a caller back to the IVR before this one, or on where there is none before.
fn back_or_on(flow: &mut Flow<'_>, stretch: &Stretch, line: &Line) -> After {
    let (_, yes, _) = ways(&line.arguments);
    if flow.is_start(&stretch.at.context) {
        return After::Goes(way(flow, stretch, yes));
    }
    let note = "here the call goes back to the menu before, whichever it was";
    flow.draft.tally.approximate(&line.place, note);
    After::Goes(To::Back)
}

pub(super) fn goto_if_time(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    filled: &str,
) -> After {
    let (condition, yes, no) = ways(filled);
    let name = format!("{}-hours", stretch.at.context);
    let (open, closed) = (way(flow, stretch, yes), way(flow, stretch, no));
    let step = match times::calendar(condition, &name) {
        Ok(calendar) => {
            for todo in &calendar.todos {
                flow.draft.tally.approximate(&line.place, todo);
            }
            let calendar = flow.draft.calendar(calendar);
            let step = Step::new("hours", "").text("calendar", calendar);
            step.exit(Via::Open, open).exit(Via::Closed, closed)
        }
        Err(todo) => {
            flow.draft.tally.approximate(&line.place, &todo);
            signpost("", closed, open).todo(todo)
        }
    };
    flow.step_after(stretch, line, &format!("{name}-check"), step);
    After::Done
}

/// `condition?App(arguments):App(arguments)`
pub(super) fn exec_if(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    filled: &str,
) -> After {
    let (condition, yes, no) = ways(filled);
    let Some(holds) = words::holds(condition) else {
        let todo = format!(
            "`{}` cannot be decided here, and is passed over",
            line.written
        );
        flow.draft.tally.skip(&line.place, &todo);
        stretch.todos.push(todo);
        return After::Next;
    };
    let taken = if holds { yes } else { no };
    let Some(taken) = taken else {
        return After::Next;
    };
    let written = taken.join(",");
    let (app, arguments) = called(&written);
    let inner = Line {
        app: app.to_lowercase(),
        arguments: arguments.to_owned(),
        ..line.clone()
    };
    match inner.app.as_str() {
        "execif" => After::Next,
        _ => app::run(flow, stretch, &inner),
    }
}
