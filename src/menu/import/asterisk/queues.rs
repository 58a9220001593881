//! `queues.conf`: the rules and the members of queues.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::groups::TIERS_MAX;
use super::super::super::queue::WAITS;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::names::kebab;
use super::super::recording;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::tally::Fate;
use super::super::tally::Tally;
use super::super::write::quoted;
use super::dialplan::of_the_system;
use super::setting;
use super::setting::Number;
use super::text::Item;
use super::text::Section;
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
const PERIODIC_S: i64 = 60;
const SECONDS_MAX: u64 = 24 * 60 * 60;

/// One queue.
#[derive(Clone, Debug)]
struct Queue {
    name: String,
    /// It is only there for the settings of others.
    is_template: bool,
    /// There is one of this name before it, so Asterisk passes over it.
    is_second: Option<Place>,
    settings: Vec<(String, String, Place)>,
}

/// All queues of the files.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Queues {
    queues: Vec<Queue>,
}

impl Queue {
    fn is(&self, name: &str) -> bool {
        self.is_second.is_none() && self.name.eq_ignore_ascii_case(name)
    }

    fn setting(&self, name: &str) -> Option<&str> {
        let mut settings = self.settings.iter().filter(|(other, _, _)| other == name);
        settings.next_back().map(|(_, value, _)| value.as_str())
    }

    /// A number that is set here.
    fn number(&self, name: &str) -> Option<i64> {
        Number::of(name, self.setting(name)?)?.used()
    }

    fn is_on(&self, name: &str) -> bool {
        let value = self.setting(name).unwrap_or_default();
        is_announced(value).unwrap_or(false)
    }

    /// Whether a setting counts: of several of one name, the last one does.
    fn counts(&self, place: usize) -> bool {
        let (name, _, _) = &self.settings[place];
        let after = &self.settings[place + 1..];
        name == "member" || after.iter().all(|(other, _, _)| other != name)
    }
}

/// What is announced: yes or no, or one of the words for how.
fn is_announced(value: &str) -> Option<bool> {
    let is_how = ["once", "limit", "more"].contains(&value.to_lowercase().as_str());
    if is_how {
        Some(true)
    } else {
        setting::is_on(value)
    }
}

impl Queues {
    /// Reads a line; `in_queue` is whether those before belong to a queue.
    pub(super) fn item(
        &mut self,
        item: Item,
        place: Place,
        in_queue: &mut bool,
        tally: &mut Tally,
    ) {
        match item {
            Item::Section(section) => {
                *in_queue = section.name != "general";
                if *in_queue {
                    let mut more = Vec::new();
                    for base in &section.bases {
                        match self.queue(base) {
                            Some(base) => more.extend(base.settings.clone()),
                            None => tally.skip(&place, section.lacks(base)),
                        }
                    }
                    let mut queue = self.opened(&section, &place, tally);
                    queue.settings.extend(more);
                    self.queues.push(queue);
                }
            }
            Item::Entry(key, value) if *in_queue => {
                if let Some(queue) = self.queues.last_mut() {
                    queue.settings.push((key, value, place));
                }
            }
            Item::Entry(key, value) => tally.elsewhere(&place, 1, of_the_system(&key, &value)),
            _ => {}
        }
    }

    /// The queue that a section is about: one that goes on, `[sales](+)`, or a new one.
    fn opened(&mut self, section: &Section, place: &Place, tally: &mut Tally) -> Queue {
        let same = |queue: &Queue| queue.is(&section.name);
        let known = self.queues.iter().position(same);
        match known {
            Some(at) if section.goes_on => return self.queues.remove(at),
            None if section.goes_on => tally.elsewhere(place, 0, section.begins_nowhere()),
            _ => {}
        }
        // A template is no queue yet.
        let is_second = known.is_some_and(|at| !self.queues[at].is_template);
        Queue {
            name: section.name.clone(),
            is_template: section.is_template,
            is_second: is_second.then(|| place.clone()),
            settings: Vec::new(),
        }
    }

    /// Sets something of a queue, which need not be known yet.
    pub(in super::super) fn set(&mut self, queue: &str, key: &str, value: &str, place: &Place) {
        let known = self.queues.iter().position(|other| other.name == queue);
        let at = known.unwrap_or_else(|| {
            self.queues.push(Queue {
                name: queue.to_owned(),
                is_template: false,
                is_second: None,
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

    /// A queue, or else a template of this name.
    fn queue(&self, name: &str) -> Option<&Queue> {
        let named = || self.queues.iter().filter(|queue| queue.is(name));
        let queue = named().find(|queue| !queue.is_template);
        queue.or_else(|| named().next())
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
            if let Some(place) = &queue.is_second {
                let note = format!(
                    "a queue \"{}\" is there already: Asterisk passes over another one; [{}](+) would go on \
                     with the first",
                    queue.name, queue.name
                );
                draft.tally.elsewhere(place, queue.settings.len(), note);
                continue;
            }
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
    let periodic = queue.number("periodic-announce-frequency");
    let periodic = Some(periodic.unwrap_or(PERIODIC_S)).filter(|_| !messages.is_empty());
    if let Some(every) = queue.number("announce-frequency").or(periodic) {
        let every = Span::seconds(every.unsigned_abs());
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
    if let Some(weight) = queue.number("weight") {
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
    for (at, (key, value, place)) in queue.settings.iter().enumerate() {
        draft.tally.convert(place);
        if !queue.counts(at) || value.is_empty() && key != "member" {
            continue;
        }
        let group = draft.groups.group(&queue.name);
        if let Some(number) = Number::of(key, value) {
            if let Some((field, value)) = number.field() {
                group.set(field, value);
            }
            match number.note() {
                Some((Fate::Skipped, note)) => draft.tally.skip(place, note),
                Some((_, note)) => draft.tally.approximate(place, note),
                None => {}
            }
            let other = queue.number("announce-frequency");
            if let Some(every) = other.filter(|_| key == "periodic-announce-frequency")
                && number.used() != Some(every)
            {
                let note = format!(
                    "`{key} = {value}`: here messages are heard with the rest, every {every} s"
                );
                draft.tally.approximate(place, note);
            }
            continue;
        }
        match key.as_str() {
            "strategy" => strategy(value, place, &queue.name, draft),
            "member" => member(value, place, &queue.name, draft),
            "announce-holdtime" if value == "once" => {
                let note = "`announce-holdtime = once`: here the wait is said each time";
                draft.tally.approximate(place, note);
            }
            "announce-holdtime" | "announce-position" => {
                if is_announced(value).is_none() {
                    let note = format!(
                        "`{key} = {value}` is neither yes nor no: Asterisk takes it as no, as is done here"
                    );
                    draft.tally.skip(place, note);
                }
            }
            "context" | "monitor-format" | "monitor-type" | "monitor-join" | "recording"
            | "periodic-announce" => {}
            // Nobody who talks is rung here.
            "ringinuse" if setting::is_on(value) == Some(false) => {}
            "musicclass" | "musiconhold" if value == "default" => {}
            "musicclass" | "musiconhold" => {
                let note = format!("callers hear the music \"{value}\": see `music` of a queue");
                draft.tally.approximate(place, note);
            }
            other => {
                let note = format!("the setting {other} = {value} has no counterpart");
                draft.tally.approximate(place, note);
            }
        }
    }
}

/// How members are chosen; Asterisk rings all where it does not know the word.
fn strategy(value: &str, place: &Place, queue: &str, draft: &mut Draft) {
    let mut known = STRATEGIES.iter();
    let known = known.find(|(theirs, _)| value.eq_ignore_ascii_case(theirs));
    if known.is_none() {
        let note = format!(
            "there is no strategy `{value}`: Asterisk takes ringall in its place, and here it is ring-all"
        );
        draft.tally.skip(place, note);
    }
    let ours = known.map_or("ring-all", |(_, ours)| ours);
    let group = draft.groups.group(queue);
    group.set("strategy", format!("\"{ours}\""));
}

/// `member => PJSIP/2001,0,Ana Ruiz`: the telephone, its penalty, and a name.
fn member(value: &str, place: &Place, queue: &str, draft: &mut Draft) {
    let parts: Vec<&str> = value.split(',').map(str::trim).collect();
    let device = parts[0];
    if device.is_empty() {
        draft.tally.skip(place, "a member without a telephone");
        return;
    }
    let title = parts.get(2).copied().filter(|title| !title.is_empty());
    let title = title.unwrap_or(device.rsplit('/').next().unwrap_or(device));
    let penalty = parts.get(1).copied().filter(|text| !text.is_empty());
    let (penalty, is_whole) = setting::whole(penalty.unwrap_or("0"));
    let tier = penalty.clamp(0, TIERS_MAX.into());
    if !is_whole || penalty < 0 {
        let note = format!(
            "the penalty `{}` of {device} is no number from 0: Asterisk takes it as {}, and here it is tier {tier}",
            parts[1],
            penalty.max(0)
        );
        draft.tally.skip(place, note);
    } else if tier != penalty {
        let note = format!("the penalty {penalty} of {device} is the last tier here, {tier}");
        draft.tally.approximate(place, note);
    }
    let more = parts.iter().skip(3).copied();
    let more: Vec<&str> = more.filter(|part| !part.is_empty()).collect();
    if !more.is_empty() {
        let note = format!(
            "not carried over of the member {device}: {}",
            more.join(", ")
        );
        draft.tally.approximate(place, note);
    }
    draft.groups.member(title, device, queue, tier);
}
