//! `queues.conf`: the rules and the members of queues.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::queue::WAITS;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::names::kebab;
use super::super::recording;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::write::quoted;
use super::text::Item;
use crate::exchange::time::Span;

/// How Asterisk calls the ways in which members are chosen, and what they are called here.
const STRATEGIES: [(&str, &str); 9] = [
    ("ringall", "ring-all"),
    ("leastrecent", "longest-idle"),
    ("fewestcalls", "fewest-calls"),
    ("random", "random"),
    ("rrmemory", "round-robin"),
    ("rrordered", "round-robin"),
    ("roundrobin", "round-robin"),
    ("linear", "linear"),
    ("wrandom", "weighted-random"),
];
/// How often Asterisk plays periodic announcements where nothing is said.
const PERIODIC_S: u64 = 60;
const SECONDS_MAX: u64 = 24 * 60 * 60;

/// One queue.
#[derive(Clone, Debug)]
struct Queue {
    name: String,
    /// It is only there for the settings of others.
    is_template: bool,
    settings: Vec<(String, String, Place)>,
}

/// All queues of the files.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Queues {
    queues: Vec<Queue>,
}

impl Queue {
    fn setting(&self, name: &str) -> Option<&str> {
        let mut settings = self.settings.iter().filter(|(other, _, _)| other == name);
        settings.next_back().map(|(_, value, _)| value.as_str())
    }

    fn seconds(&self, name: &str) -> Option<u64> {
        let seconds: u64 = self.setting(name)?.parse().ok()?;
        (1..=SECONDS_MAX).contains(&seconds).then_some(seconds)
    }

    fn is_on(&self, name: &str) -> bool {
        let value = self.setting(name).unwrap_or("no").to_lowercase();
        ["yes", "true", "on", "1", "once", "limit", "more"].contains(&value.as_str())
    }
}

impl Queues {
    /// Reads a line; `in_queue` is whether those before belong to a queue.
    pub(super) fn item(&mut self, item: Item, place: Place, in_queue: &mut bool) {
        match item {
            Item::Section(section) => {
                *in_queue = section.name != "general";
                if *in_queue {
                    let bases = section.bases.iter().filter_map(|base| self.queue(base));
                    let more: Vec<_> = bases.flat_map(|base| base.settings.clone()).collect();
                    let mut queue = self.opened(&section.name, section.is_template);
                    queue.settings.extend(more);
                    self.queues.push(queue);
                }
            }
            Item::Entry(key, value) if *in_queue => {
                if let Some(queue) = self.queues.last_mut() {
                    queue.settings.push((key, value, place));
                }
            }
            _ => {}
        }
    }

    /// The queue that a section is about: one that goes on, `[sales](+)`, or a new one.
    fn opened(&mut self, name: &str, is_template: bool) -> Queue {
        let same = |queue: &Queue| queue.name.eq_ignore_ascii_case(name);
        match self.queues.iter().position(same) {
            Some(at) => Queue {
                is_template: self.queues[at].is_template && is_template,
                ..self.queues.remove(at)
            },
            None => Queue {
                name: name.to_owned(),
                is_template,
                settings: Vec::new(),
            },
        }
    }

    /// Sets something of a queue, which need not be known yet.
    pub(in super::super) fn set(&mut self, queue: &str, key: &str, value: &str, place: &Place) {
        let known = self.queues.iter().position(|other| other.name == queue);
        let at = known.unwrap_or_else(|| {
            self.queues.push(Queue {
                name: queue.to_owned(),
                is_template: false,
                settings: Vec::new(),
            });
            self.queues.len() - 1
        });
        let setting = (key.to_owned(), value.to_owned(), place.clone());
        self.queues[at].settings.push(setting);
    }

    /// The context whose one-digit extensions let callers leave a queue.
    pub(in super::super) fn way_out(&self, name: &str) -> Option<&str> {
        self.queue(name)?.setting("context")
    }

    fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues
            .iter()
            .find(|queue| queue.name.eq_ignore_ascii_case(name))
    }

    /// Sets up the step and the group of a queue; every way out leads the same way, as in Asterisk.
    pub(in super::super) fn step(
        &self,
        name: &str,
        timeout: Option<u64>,
        next: To,
        mut step: Step,
        draft: &mut Draft,
    ) -> Step {
        step = step.text("group", kebab(name, "queue"));
        draft.groups.group(name);
        let known = self.queue(name);
        match known {
            Some(queue) => group(queue, draft),
            None => {
                draft
                    .groups
                    .group(name)
                    .todo("its members and rules are in queues.conf");
            }
        }
        if let Some(queue) = known {
            step = announcements(queue, step);
        }
        match timeout.filter(|seconds| (1..=SECONDS_MAX).contains(seconds)) {
            Some(seconds) => {
                step = step.time("max_wait", Span::seconds(seconds), WAITS);
                step = step.exit(Via::Timeout, next.clone());
            }
            None => step.add_todo(
                "callers wait without end, as in the original: set `max_wait` and `timeout`",
            ),
        }
        step.exit(Via::Full, next.clone()).exit(Via::NoAgents, next)
    }

    /// Queues to which no call comes.
    pub(in super::super) fn unused(&self, draft: &mut Draft) {
        for queue in self.queues.iter().filter(|queue| !queue.is_template) {
            let name = kebab(&queue.name, "queue");
            let has_group = draft.groups.groups.iter().any(|group| group.name == name);
            if let Some((_, _, place)) = queue.settings.first().filter(|_| !has_group) {
                let note = format!("no call of this line comes to the queue \"{}\"", queue.name);
                draft.tally.elsewhere(place, queue.settings.len(), note);
            }
        }
    }
}

fn announcements(queue: &Queue, mut step: Step) -> Step {
    let messages = queue.setting("periodic-announce").unwrap_or("").split(',');
    let messages: Vec<Spoken> = messages
        .map(str::trim)
        .filter(|file| !file.is_empty())
        .map(|file| Spoken::of(&[Sound::File(file.to_owned())]))
        .collect();
    let periodic = queue
        .seconds("periodic-announce-frequency")
        .unwrap_or(PERIODIC_S);
    let periodic = Some(periodic).filter(|_| !messages.is_empty());
    if let Some(every) = queue.seconds("announce-frequency").or(periodic) {
        let every = Span::seconds(every.clamp(5, 3600));
        let (wait, position) = (
            queue.is_on("announce-holdtime"),
            queue.is_on("announce-position"),
        );
        let texts: Vec<String> = messages.iter().map(|said| quoted(&said.text)).collect();
        let say = match texts.is_empty() {
            true => String::new(),
            false => format!(", say = [{}]", texts.join(", ")),
        };
        let written =
            format!("{{ wait = {wait}, position = {position}, every = \"{every}\"{say} }}");
        step = step.set("announce", Value::Written(written));
        for file in messages.iter().flat_map(|said| &said.files) {
            step.add_todo(format!("transcript of {file}"));
        }
    }
    if let Some(weight) = queue
        .setting("weight")
        .and_then(|text| text.parse::<i64>().ok())
        && (1..=1000).contains(&weight)
    {
        step = step.set("weight", Value::Whole(weight));
    }
    // FreePBX says it in words, which go before.
    let monitor = queue.setting("monitor-format").unwrap_or("");
    match queue.setting("recording").unwrap_or("") {
        "always" | "force" | "yes" => recording::always(step),
        "never" => step.text("recording", "never"),
        _ if !monitor.is_empty() => recording::always(step),
        _ => step,
    }
}

fn group(queue: &Queue, draft: &mut Draft) {
    let name = &queue.name;
    for (key, value, place) in &queue.settings {
        draft.tally.convert(place);
        let group = draft.groups.group(name);
        let seconds = value
            .parse::<u64>()
            .ok()
            .filter(|at| (1..=3600).contains(at));
        match (key.as_str(), seconds) {
            ("strategy", _) => {
                let known = STRATEGIES
                    .iter()
                    .find(|(other, _)| value.eq_ignore_ascii_case(other));
                match known {
                    Some((_, ours)) => group.set("strategy", format!("\"{ours}\"")),
                    None => draft
                        .tally
                        .approximate(place, format!("there is no strategy \"{value}\" here")),
                }
            }
            ("timeout", Some(seconds)) => group.time("ring", Span::seconds(seconds.min(300))),
            ("wrapuptime", Some(seconds)) => {
                let limit = Span::seconds(seconds);
                group.set(
                    "wrap_up",
                    format!("{{ limit = \"{limit}\", then = \"ready\" }}"),
                );
            }
            ("maxlen", _) => {
                let most = value
                    .parse::<u32>()
                    .ok()
                    .filter(|most| (1..=1_000_000).contains(most));
                if let Some(most) = most {
                    group.set("max_waiting", most.to_string());
                }
            }
            ("servicelevel", Some(seconds)) => {
                let within = Span::seconds(seconds);
                group.set(
                    "service_level",
                    format!("{{ answer_within = \"{within}\" }}"),
                );
            }
            ("member", _) => {
                let parts: Vec<&str> = value.split(',').map(str::trim).collect();
                let device = parts[0];
                if device.is_empty() {
                    draft.tally.skip(place, "a member without a telephone");
                    continue;
                }
                let title = parts.get(2).copied().filter(|title| !title.is_empty());
                let penalty = parts.get(1).and_then(|text| text.parse().ok()).unwrap_or(0);
                let title = title.unwrap_or(device.rsplit('/').next().unwrap_or(device));
                draft.groups.member(title, device, name, penalty);
            }
            (
                "announce-frequency"
                | "announce-holdtime"
                | "announce-position"
                | "weight"
                | "context"
                | "timeout"
                | "wrapuptime"
                | "servicelevel"
                | "musicclass"
                | "musiconhold"
                | "ringinuse"
                | "monitor-format"
                | "monitor-type"
                | "monitor-join"
                | "recording"
                | "periodic-announce"
                | "periodic-announce-frequency",
                _,
            ) => {}
            _ if value.is_empty() => {}
            (other, _) => {
                let note = format!("the setting {other} = {value} has no counterpart");
                draft.tally.approximate(place, note);
            }
        }
    }
}
