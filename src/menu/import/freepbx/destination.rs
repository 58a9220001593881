//! Destinations of FreePBX, which are the same in every installation: `ext-queues,600,1`.

use super::super::super::graph::Via;
use super::super::asterisk::dialplan::Position;
use super::super::asterisk::queues::Queues;
use super::super::branch;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::number;
use super::super::spoken::Spoken;

/// Contexts of extensions that are telephones.
const TELEPHONES: [&str; 7] = [
    "ext-findmefollow",
    "ext-local",
    "from-did-direct",
    "from-did-direct-ivr",
    "from-internal",
    "from-internal-xfer",
    "from-queue",
];
/// What extensions of `ext-local` that are mailboxes begin with.
const MAILBOXES: [&str; 4] = ["vmu", "vmb", "vms", "vmi"];

/// What a place is by its name alone.
pub(in super::super) enum Known {
    /// A step, and what it should be called.
    Step(Box<Step>, String),
    /// The end of the call, as it is meant.
    End,
}

/// The step for a destination; none for a place that is to be followed in the dialplan.
pub(in super::super) fn step(
    at: &Position,
    id: &str,
    is_written: bool,
    queues: &Queues,
    draft: &mut Draft,
) -> Option<Known> {
    let (context, extension) = (at.context.as_str(), at.extension.as_str());
    let dialled = number::dialable(extension);
    let mailbox = MAILBOXES
        .iter()
        .find_map(|begin| extension.strip_prefix(begin));
    let named = |step, name: String| Some(Known::Step(Box::new(step), name));
    match context {
        "ext-queues" => {
            let timeout = None;
            let step = queues.step(
                extension,
                timeout,
                To::HangUp,
                Step::new("queue", id),
                draft,
            );
            named(step, format!("queue-{extension}"))
        }
        "ext-group" => {
            let name = format!("ring-group-{extension}");
            let step = queues.step(&name, Some(60), To::HangUp, Step::new("queue", id), draft);
            let step = step.todo("a ring group: its telephones are the agents of the group");
            named(step, name)
        }
        "app-blackhole" => Some(Known::End),
        "ext-local" if mailbox.is_some() => {
            let mailbox = mailbox.unwrap_or(extension);
            let step = Step::new("record", id)
                .say(Spoken::text("Please leave a message after the tone."))
                .text("mailbox", mailbox)
                .exit(Via::Then, To::HangUp)
                .todo("the greeting is the mailbox's own: write down what it says");
            named(step, format!("voicemail-{mailbox}"))
        }
        _ if TELEPHONES.contains(&context) && dialled.is_some() => {
            let number = dialled.unwrap_or_default();
            let step = Step::new("transfer", id).text("to", &number);
            named(step.exit(Via::Failed, To::HangUp), format!("call-{number}"))
        }
        _ if is_written => None,
        "timeconditions" => {
            let step = branch::signpost(id, To::HangUp, To::HangUp);
            let todo = format!(
                "time condition {extension} is not in these files: name its calendar, and where `open` \
                 and `closed` lead"
            );
            named(step.todo(todo), format!("time-condition-{extension}"))
        }
        _ => {
            let dialled = dialled.filter(|_| extension.len() > 1);
            let step = Step::new("transfer", id)
                .text("to", dialled.as_deref().unwrap_or(number::UNKNOWN))
                .exit(Via::Failed, To::HangUp)
                .todo(format!(
                    "set `to` to a number of the PBX that leads to {context},{extension}"
                ));
            named(step, format!("{context}-{extension}"))
        }
    }
}
