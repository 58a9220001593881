//! `callcenter.conf.xml`: queues, their agents, and the tiers in which these come in.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::queue::ANNOUNCEMENTS;
use super::super::super::queue::RETURNING;
use super::super::super::queue::WAITS;
use super::super::super::source::FileId;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::names::kebab;
use super::super::recording;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::write::quoted;
use super::super::xml;
use super::action::Action;
use super::menu::House;
use crate::exchange::time::Span;
use roxmltree::Node;

/// How FreeSWITCH calls the ways in which agents are chosen, and what they are called here.
const STRATEGIES: [(&str, &str); 8] = [
    ("longest-idle-agent", "longest-idle"),
    ("ring-all", "ring-all"),
    ("round-robin", "round-robin"),
    ("top-down", "linear"),
    ("sequentially-by-agent-order", "linear"),
    ("agent-with-least-talk-time", "least-occupied"),
    ("agent-with-fewest-calls", "fewest-calls"),
    ("random", "random"),
];
/// Settings of a queue, and values that are as it is done anyway.
const USUAL: [(&str, &str); 2] = [
    // Callers wait from when they came into the queue.
    ("time-base-score", "queue"),
    ("skip-agents-with-external-calls", "false"),
];
/// What is read of an agent.
const OF_AGENTS: [&str; 3] = ["contact", "name", "wrap-up-time"];
/// What is set of an agent for calls that are missed.
const MISSED: [&str; 4] = [
    "busy-delay-time",
    "max-no-answer",
    "no-answer-delay-time",
    "reject-delay-time",
];
/// How agents are where nothing else is said: their telephones ring, and they sign in.
const USUAL_AGENT: [(&str, &str); 3] = [
    ("status", "Available"),
    ("status", "Logged Out"),
    ("type", "callback"),
];

struct Piece<'d> {
    place: Place,
    node: Node<'d, 'd>,
}

#[derive(Default)]
pub(super) struct Queues<'d> {
    queues: Vec<Piece<'d>>,
    agents: Vec<Piece<'d>>,
    tiers: Vec<Piece<'d>>,
}

impl<'d> Piece<'d> {
    fn new(file: FileId, node: Node<'d, 'd>) -> Self {
        let place = xml::place(file, node);
        Self { place, node }
    }

    fn attribute(&self, name: &str) -> &'d str {
        xml::attribute(self.node, name).unwrap_or("")
    }

    fn param(&self, name: &str) -> Option<&'d str> {
        let params = self.node.children().filter(|at| at.has_tag_name("param"));
        let mut named = params.filter(|at| xml::attribute(*at, "name") == Some(name));
        named.next().and_then(|at| xml::attribute(at, "value"))
    }

    fn seconds(&self, name: &str) -> Option<Span> {
        let seconds: u64 = self.param(name)?.parse().ok()?;
        (seconds > 0).then(|| Span(seconds.saturating_mul(1000)))
    }
}

impl<'d> Queues<'d> {
    pub(super) fn add_queue(&mut self, file: FileId, node: Node<'d, 'd>) {
        self.queues.push(Piece::new(file, node));
    }

    pub(super) fn add_agent(&mut self, file: FileId, node: Node<'d, 'd>) {
        self.agents.push(Piece::new(file, node));
    }

    pub(super) fn add_tier(&mut self, file: FileId, node: Node<'d, 'd>) {
        self.tiers.push(Piece::new(file, node));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }

    /// The step of a queue that a menu leads to: `support@default`.
    pub(super) fn step(&self, data: &str, action: &Action<'_, '_, '_>, draft: &mut Draft) -> To {
        let name = plain(data.split(' ').next().unwrap_or(data));
        let wanted = kebab(name, "queue");
        let step = draft.steps.iter().find(|step| {
            step.kind == "queue"
                && step
                    .fields
                    .contains(&("group", Value::Text(wanted.clone())))
        });
        if let Some(step) = step {
            return To::Step(step.name.clone());
        }
        let back = action.house.menu(action.menu);
        let known = self
            .queues
            .iter()
            .find(|queue| plain(queue.attribute("name")) == name);
        match known {
            Some(queue) => queue_step(queue, back, draft),
            None => {
                draft.groups.group(name);
                let note =
                    format!("the queue \"{name}\" is not in these files: its limits are unknown");
                draft.tally.approximate(&action.place, note);
                let step = Step::new("queue", draft.names.unique(name)).at(&action.place);
                let step = step.text("group", wanted).todo(
                    "import callcenter.conf.xml with the menus, or set `max_wait` and `timeout`",
                );
                draft.add(step.exit(Via::Full, back.clone()).exit(Via::NoAgents, back))
            }
        }
    }

    /// Queues to which no menu leads, and the people of all of them.
    pub(super) fn lower(&self, house: &House<'_, 'd>, draft: &mut Draft) {
        for queue in &self.queues {
            let name = kebab(plain(queue.attribute("name")), "queue");
            let has_step = draft.groups.groups.iter().any(|group| group.name == name);
            if has_step {
                continue;
            }
            match house.files.menus.is_empty() {
                true => {
                    queue_step(queue, To::HangUp, draft);
                }
                false => {
                    let note = format!("no menu leads to the queue \"{name}\"");
                    draft.tally.elsewhere(&queue.place, 1, note);
                }
            }
        }
        for agent in &self.agents {
            draft.tally.convert(&agent.place);
        }
        for tier in &self.tiers {
            self.member(tier, draft);
        }
        for agent in &self.agents {
            self.settings(agent, draft);
        }
    }

    fn member(&self, tier: &Piece<'d>, draft: &mut Draft) {
        draft.tally.convert(&tier.place);
        let (agent, queue) = (tier.attribute("agent"), plain(tier.attribute("queue")));
        let group = kebab(queue, "queue");
        if !draft.groups.groups.iter().any(|known| known.name == group) {
            let note = format!("\"{agent}\" is in the queue \"{queue}\", to which no call comes");
            draft.tally.skip(&tier.place, note);
            return;
        }
        let known = self.agents.iter().find(|at| at.attribute("name") == agent);
        let contact = known.map_or("", |known| known.attribute("contact"));
        let device = contact.rsplit(']').next().unwrap_or(contact);
        let level = tier.attribute("level").parse().unwrap_or(1_i64);
        draft.groups.member(plain(agent), device, queue, level - 1);
        for attribute in tier.node.attributes() {
            let (name, value) = (attribute.name(), attribute.value().trim());
            let is_idle = value.is_empty() || (name, value) == ("position", "1");
            if !is_idle && !["agent", "level", "queue"].contains(&name) {
                let note = format!(
                    "{name}=\"{value}\" of the tier is not carried over: agents of one come in the order of the file"
                );
                draft.tally.approximate(&tier.place, note);
            }
        }
    }

    /// What is set for an agent in FreeSWITCH and for a group here.
    fn settings(&self, agent: &Piece<'d>, draft: &mut Draft) {
        let name = kebab(plain(agent.attribute("name")), "agent");
        let person = draft
            .groups
            .agents
            .iter()
            .find(|person| person.name == name);
        let Some(person) = person.cloned() else {
            let note = format!("\"{name}\" is in no queue of this line");
            draft.tally.skip(&agent.place, note);
            return;
        };
        let contact = agent.attribute("contact");
        let ring = contact.split_once("leg_timeout=").map(|(_, rest)| rest);
        let ring = ring.and_then(|rest| rest.split([',', ']']).next()?.parse::<u64>().ok());
        let wrap_up = agent.attribute("wrap-up-time").parse::<u64>().ok();
        for (group, _) in &person.groups {
            let group = draft.groups.group(group);
            if let Some(seconds) = ring.filter(|seconds| (1..=300).contains(seconds)) {
                group.time("ring", Span::seconds(seconds));
            }
            if let Some(seconds) = wrap_up.filter(|seconds| (1..=3600).contains(seconds)) {
                let limit = Span::seconds(seconds);
                group.set(
                    "wrap_up",
                    format!("{{ limit = \"{limit}\", then = \"ready\" }}"),
                );
            }
        }
        for attribute in agent.node.attributes() {
            let (name, value) = (attribute.name(), attribute.value().trim());
            let is_idle = value.is_empty()
                || OF_AGENTS.contains(&name)
                || USUAL_AGENT.contains(&(name, value));
            if is_idle {
                continue;
            }
            let instead = match name {
                name if MISSED.contains(&name) => {
                    "here who misses a call is not ready until they say so (`rona`)"
                }
                "status" => "here whoever signs in is ready",
                "type" => "here telephones are rung, and no call is kept open",
                _ => "not carried over",
            };
            let note = format!("{name}=\"{value}\": {instead}");
            draft.tally.approximate(&agent.place, note);
        }
        let (variables, _) = contact.rsplit_once(']').unwrap_or(("", contact));
        let variables = variables.trim_start_matches('[').split(',');
        for variable in variables.map(str::trim) {
            if !variable.is_empty() && !variable.starts_with("leg_timeout=") {
                let note = format!("{variable} of the contact is not carried over");
                draft.tally.approximate(&agent.place, note);
            }
        }
    }
}

fn queue_step(queue: &Piece<'_>, back: To, draft: &mut Draft) -> To {
    draft.tally.convert(&queue.place);
    let name = plain(queue.attribute("name"));
    group(queue, name, draft);
    let step_name = draft.names.unique(name);
    let mut step = Step::new("queue", step_name).at(&queue.place);
    step = step.text("group", kebab(name, "queue"));
    let music = queue
        .param("moh-sound")
        .filter(|music| !music.contains('$'));
    if let Some(music) = music {
        step = step.text("music", music);
    }
    step = announced(queue, step, draft);
    match queue.seconds("max-wait-time") {
        Some(wait) => {
            step = step
                .time("max_wait", wait, WAITS)
                .exit(Via::Timeout, back.clone());
        }
        None => step
            .add_todo("callers wait without end, as in the original: set `max_wait` and `timeout`"),
    }
    if queue.param("max-wait-time-with-no-agent").is_some() {
        let note = "callers whom nobody signed in could take leave at once (`no_agents`); FreeSWITCH \
                    lets them wait for max-wait-time-with-no-agent";
        draft.tally.approximate(&queue.place, note);
    }
    if is_resumed(queue) {
        let kept = queue.seconds("discard-abandoned-after");
        step = step.time("returning", kept.unwrap_or(Span::seconds(60)), RETURNING);
    }
    if queue
        .param("record-template")
        .is_some_and(|at| !at.is_empty())
    {
        step = recording::always(step);
    }
    step = step.exit(Via::Full, back.clone()).exit(Via::NoAgents, back);
    draft.add(step)
}

/// What callers hear over and over while they wait.
fn announced(queue: &Piece<'_>, mut step: Step, draft: &mut Draft) -> Step {
    let Some(sound) = queue.param("announce-sound") else {
        return step;
    };
    let spoken = Spoken::of(&[Sound::File(sound.to_owned())]);
    match queue.seconds("announce-frequency") {
        Some(every) => {
            let every = every.clamp(*ANNOUNCEMENTS.start(), *ANNOUNCEMENTS.end());
            let said = quoted(&spoken.text);
            let written = format!(
                "{{ wait = false, position = false, every = \"{every}\", say = [{said}] }}"
            );
            step.add_todo(format!("transcript of {sound}"));
            step.set("announce", Value::Written(written))
        }
        None => {
            let note = format!(
                "the announcement \"{}\" has no announce-frequency, so nobody hears it",
                spoken.text
            );
            draft.tally.remark(&queue.place, note);
            step
        }
    }
}

/// Whether callers who have hung up find their place again.
fn is_resumed(queue: &Piece<'_>) -> bool {
    queue.param("abandoned-resume-allowed") == Some("true")
}

fn group(queue: &Piece<'_>, name: &str, draft: &mut Draft) {
    let strategy = queue.param("strategy").unwrap_or("longest-idle-agent");
    let known = STRATEGIES.iter().find(|(other, _)| *other == strategy);
    let group = draft.groups.group(name);
    match known {
        Some((_, ours)) => group.set("strategy", format!("\"{ours}\"")),
        None => {
            let note =
                format!("the strategy \"{strategy}\" is not known here: calls are shared fairly");
            group.todo(&note);
            draft.tally.approximate(&queue.place, note);
        }
    }
    if queue.param("tier-rules-apply") == Some("true") {
        let group = draft.groups.group(name);
        let wait = queue
            .seconds("tier-rule-wait-second")
            .unwrap_or(Span::seconds(300));
        let flag = |name| queue.param(name) == Some("true");
        group.set(
            "tiers",
            format!(
                "{{ wait = \"{}\", times_tier = {}, skip_empty = {} }}",
                wait.min(Span::minutes(60)),
                flag("tier-rule-wait-multiply-level"),
                flag("tier-rule-no-agent-no-wait")
            ),
        );
    }
    let known = [
        "strategy",
        "moh-sound",
        "max-wait-time",
        "max-wait-time-with-no-agent",
        "announce-sound",
        "announce-frequency",
        "tier-rules-apply",
        "tier-rule-wait-second",
        "tier-rule-wait-multiply-level",
        "tier-rule-no-agent-no-wait",
        "abandoned-resume-allowed",
        "record-template",
    ];
    for param in queue.node.children().filter(|at| at.has_tag_name("param")) {
        let name = xml::attribute(param, "name").unwrap_or("");
        let value = xml::attribute(param, "value").unwrap_or("");
        let is_idle = match name {
            // What it is about is off, or the step has it.
            "discard-abandoned-after" => true,
            "max-wait-time-with-no-agent-time-reached" => {
                queue.seconds("max-wait-time-with-no-agent").is_none()
            }
            name => value.is_empty() || USUAL.contains(&(name, value)),
        };
        if !known.contains(&name) && !is_idle {
            let note = format!("the setting {name} = {value} has no counterpart");
            draft.tally.approximate(&queue.place, note);
        }
    }
}

/// `support@default` as `support`.
fn plain(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}
