//! `VoiceMail` and `Record`: messages that callers leave.

use super::super::super::graph::Via;
use super::super::draft::Step;
use super::super::record::longest;
use super::super::spoken::Spoken;
use super::super::tally::Tally;
use super::dialplan::Line;
use super::flow::After;
use super::flow::Flow;
use super::flow::Stretch;
use super::flow::short;

/// `VoiceMail(mailbox&mailbox,options)`
pub(super) fn mailboxes(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    list: &[String],
) -> After {
    let mut mailboxes = list[0].split('&').map(str::trim);
    let first = mailboxes.next().unwrap_or("");
    let others: Vec<&str> = mailboxes.filter(|mailbox| !mailbox.is_empty()).collect();
    message(flow, stretch, line, first, |step, tally| {
        if others.is_empty() {
            return step;
        }
        let todo = format!(
            "the message is put into {} too in the original: tell them of it by `notify`",
            others.join(" and ")
        );
        tally.approximate(&line.place, &todo);
        step.todo(todo)
    })
}

/// `Record(file.format,silence,longest,options)`
pub(super) fn file(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    list: &[String],
) -> After {
    let file = list[0].split(':').next().unwrap_or("");
    let written = list.get(2).map_or("", String::as_str);
    let seconds = written.parse::<f64>().ok();
    let seconds = seconds.map(|seconds| seconds.clamp(0.0, f64::from(u32::MAX)) as u64);
    message(flow, stretch, line, file, |step, tally| match seconds {
        Some(seconds @ 1..) => longest(step, seconds, tally),
        Some(0) => step,
        None if written.is_empty() => step,
        None => {
            let todo = format!("set `max`: how long a message may be is {written} in the original");
            tally.approximate(&line.place, &todo);
            step.todo(todo)
        }
    })
}

fn message(
    flow: &mut Flow<'_>,
    stretch: &mut Stretch,
    line: &Line,
    mailbox: &str,
    more: impl FnOnce(Step, &mut Tally) -> Step,
) -> After {
    let mailbox = mailbox.split('@').next().unwrap_or(mailbox);
    // Long ago the greeting was chosen by a letter before the number.
    let number = mailbox.strip_prefix(['u', 'b', 's']);
    let number = number.filter(|number| number.starts_with(|c: char| c.is_ascii_digit()));
    let mailbox = number.unwrap_or(mailbox);
    let is_known = !mailbox.contains("${") && !mailbox.is_empty();
    let mailbox = match is_known {
        true => short(mailbox, "mailbox"),
        false => "mailbox".to_owned(),
    };
    let then = flow.next(stretch);
    let mut step = Step::new("record", "")
        .at(&line.place)
        .text("mailbox", &mailbox)
        .exit(Via::Then, then);
    step = more(step, &mut flow.draft.tally);
    if !is_known {
        let todo = format!("set `mailbox`: `{}` names it during the call", line.written);
        flow.draft.tally.approximate(&line.place, &todo);
        step.add_todo(todo);
    }
    if stretch.sounds.is_empty() {
        step = step.say(Spoken::text("Please leave a message after the tone."));
        step.add_todo("the greeting is the mailbox's own in Asterisk: write down what it says");
        let note = "the greeting of the mailbox is not in these files";
        flow.draft.tally.approximate(&line.place, note);
    } else {
        step = step.say(Spoken::of(&std::mem::take(&mut stretch.sounds)));
    }
    flow.step_after(stretch, line, &format!("voicemail-{mailbox}"), step);
    After::Done
}
