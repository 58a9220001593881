//! The way of a call through a dialplan, line by line, until a step stands for each stretch of it.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::branch;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::freepbx::destination;
use super::super::names::kebab;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::weave::Weave;
use super::Dialect;
use super::app;
use super::dialplan::Dialplan;
use super::dialplan::Line;
use super::dialplan::Position;
use super::jump;
use super::queues::Queues;
use super::subroutine;
use super::words::Known;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;

/// Places that a call of the line may come to at most; a dialplan that computes more is cut off.
const PLACES_MAX: usize = 4000;
/// Lines that one stretch may have: more of them go round.
const STRETCH_MAX: usize = 1000;

/// The way of a call while it is being followed.
pub(super) struct Flow<'p> {
    pub(super) plan: &'p Dialplan,
    pub(super) queues: &'p Queues,
    dialect: Dialect,
    /// Where calls begin.
    start: String,
    pub(super) draft: &'p mut Draft,
    pub(super) weave: Weave,
    /// Places that calls come to with what is known there, and the ids of their steps.
    places: BTreeMap<(Position, Known), String>,
    open: VecDeque<(Position, String, Known)>,
    /// Places to which lines jump: a step begins there.
    targets: BTreeSet<Position>,
}

/// A stretch of lines that becomes one step.
pub(super) struct Stretch {
    pub(super) id: String,
    /// Where it begins.
    pub(super) from: Position,
    pub(super) at: Position,
    pub(super) known: Known,
    /// What is played, and where.
    pub(super) sounds: Vec<Sound>,
    /// Whether keys cut it short.
    pub(super) barge_in: bool,
    pub(super) place: Option<Place>,
    pub(super) todos: Vec<String>,
    /// A better name than that of the place.
    pub(super) wanted: Option<String>,
}

/// What a line does to a stretch.
pub(super) enum After {
    /// The next line follows.
    Next,
    /// A line elsewhere follows, as if it stood here.
    At(Position),
    /// The stretch is over: something else goes on from here.
    Goes(To),
    /// The stretch is over, and the step is made.
    Done,
}

impl<'p> Flow<'p> {
    pub(super) fn new(
        plan: &'p Dialplan,
        queues: &'p Queues,
        dialect: Dialect,
        start: &str,
        draft: &'p mut Draft,
    ) -> Self {
        Self {
            targets: targets(plan),
            plan,
            queues,
            dialect,
            start: start.to_owned(),
            draft,
            weave: Weave::default(),
            places: BTreeMap::new(),
            open: VecDeque::new(),
        }
    }

    /// Where a call at a place goes: the step that is to stand for it.
    pub(super) fn to(&mut self, at: Position, known: &Known) -> To {
        let at = self.plan.canonical(at);
        let known = &known.within(&at.context);
        let is_written = self.plan.line(&at).is_some();
        let by_name = self.dialect == Dialect::FreePbx && !at.context.starts_with("ivr-");
        // What is known by its name begins with its first line.
        if !is_written && (!by_name || at.priority > 1) {
            return To::HangUp;
        }
        // A menu is the same, whatever was said on the way to it.
        let is_menu = self.plan.extension(&at.context, &at.extension);
        let is_menu = is_menu.is_some_and(|extension| extension.waits());
        let key = match is_menu && known.frames.is_empty() {
            true => (at.clone(), Known::default()),
            false => (at.clone(), known.clone()),
        };
        if let Some(id) = self.places.get(&key) {
            return To::Step(id.clone());
        }
        if self.places.len() == PLACES_MAX {
            return To::HangUp;
        }
        let id = format!("#{}", self.places.len());
        self.places.insert(key, id.clone());
        if by_name {
            let known = destination::step(&at, &id, is_written, self.queues, self.draft);
            match known {
                Some(destination::Known::Step(step, name)) => {
                    self.weave.step(*step, &name);
                    return To::Step(id);
                }
                Some(destination::Known::End) => {
                    self.weave.alias(&id, To::HangUp);
                    return To::Step(id);
                }
                None => {}
            }
        }
        self.open.push_back((at, id.clone(), known.clone()));
        To::Step(id)
    }

    /// Follows everything from here, and names the steps; where a call begins.
    pub(super) fn follow(mut self, start: Position, known: &Known) -> To {
        let start = self.to(start, known);
        while let Some((at, id, known)) = self.open.pop_front() {
            self.stretch(Stretch {
                id,
                from: at.clone(),
                at,
                known,
                sounds: Vec::new(),
                barge_in: true,
                place: None,
                todos: Vec::new(),
                wanted: None,
            });
        }
        self.weave.finish(&start, self.draft)
    }

    fn stretch(&mut self, mut stretch: Stretch) {
        for count in 0..STRETCH_MAX {
            let Some(line) = self.plan.line(&stretch.at).cloned() else {
                let frame = stretch.known.frames.last();
                if frame.is_some_and(|frame| frame.is_macro)
                    && let After::At(back) = subroutine::leave(self, &mut stretch)
                {
                    stretch.at = back;
                    continue;
                }
                return self.goes(stretch, To::HangUp);
            };
            if count > 0 && self.targets.contains(&stretch.at) {
                let to = self.to(stretch.at.clone(), &stretch.known);
                return self.goes(stretch, to);
            }
            self.draft.tally.convert(&line.place);
            match app::run(self, &mut stretch, &line) {
                After::Next => stretch.at = self.plan.after(&stretch.at),
                After::At(at) => stretch.at = at,
                After::Goes(to) => return self.goes(stretch, to),
                After::Done => return,
            }
        }
        self.goes(stretch, To::HangUp);
    }

    /// Ends a stretch: what was played is a step, and so is what remains to be done.
    pub(super) fn goes(&mut self, stretch: Stretch, to: To) {
        let name = stretch.name(self.plan);
        let mut step = if !stretch.sounds.is_empty() {
            let spoken = Spoken::of(&stretch.sounds);
            let step = Step::new("say", &stretch.id).say(spoken);
            let step = match stretch.barge_in {
                true => step,
                false => step.set("barge_in", super::super::draft::Value::Flag(false)),
            };
            step.exit(Via::Then, to)
        } else if stretch.todos.is_empty() {
            return self.weave.alias(&stretch.id, to);
        } else {
            branch::signpost(&stretch.id, to.clone(), to)
        };
        step.place = stretch.place;
        step.todos = stretch.todos;
        self.weave.step(step, &name);
    }

    /// A step after what was played before it.
    pub(super) fn step_after(
        &mut self,
        stretch: &mut Stretch,
        line: &Line,
        wanted: &str,
        mut step: Step,
    ) {
        if !stretch.sounds.is_empty() && step.say.is_none() {
            let id = format!("{}-", stretch.id);
            let before = Stretch {
                id: stretch.id.clone(),
                from: stretch.from.clone(),
                at: stretch.at.clone(),
                known: stretch.known.clone(),
                sounds: std::mem::take(&mut stretch.sounds),
                barge_in: stretch.barge_in,
                place: stretch.place.clone(),
                todos: std::mem::take(&mut stretch.todos),
                wanted: stretch.wanted.take(),
            };
            self.goes(before, To::Step(id.clone()));
            step.name = id;
        } else {
            step.name.clone_from(&stretch.id);
        }
        let mut todos = std::mem::take(&mut stretch.todos);
        todos.append(&mut step.todos);
        step.todos = todos;
        step.place = Some(line.place.clone());
        self.weave.step(step, wanted);
    }

    /// Whether a context is the one in which calls begin.
    pub(super) fn is_start(&self, context: &str) -> bool {
        self.start == context
    }

    /// The next line of a stretch, as a place to go to.
    pub(super) fn next(&mut self, stretch: &Stretch) -> To {
        let next = self.plan.after(&stretch.at);
        self.to(next, &stretch.known)
    }

    /// What `Goto` names: `priority`, `extension,priority` or `context,extension,priority`.
    pub(super) fn target(&self, arguments: &[String], at: &Position) -> Option<Position> {
        target(self.plan, arguments, at)
    }
}

impl Stretch {
    /// A name for the step: of the place, as far as it is one.
    pub(super) fn name(&self, plan: &Dialplan) -> String {
        if let Some(wanted) = &self.wanted {
            return wanted.clone();
        }
        let at = &self.from;
        let label = plan.line(at).and_then(|line| line.label.clone());
        let label = label.filter(|label| label != "start");
        let is_menu = ["s", "start"].contains(&at.extension.as_str()) || at.extension.len() > 6;
        let extension = match at.extension.as_str() {
            "#" => "pound",
            "*" => "star",
            other => other.trim_start_matches('_'),
        };
        match (is_menu, label) {
            (true, Some(label)) => format!("{}-{label}", at.context),
            (true, None) => at.context.clone(),
            (false, _) if at.extension == "i" => format!("{}-wrong-key", at.context),
            (false, _) if at.extension == "t" => format!("{}-silence", at.context),
            (false, Some(label)) => format!("{}-{extension}-{label}", at.context),
            (false, None) => format!("{}-{extension}", at.context),
        }
    }
}

/// What `Goto` names; none where it is computed during the call.
pub(super) fn target(plan: &Dialplan, arguments: &[String], at: &Position) -> Option<Position> {
    let parts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (context, extension, priority) = match parts[..] {
        [priority] => (at.context.as_str(), at.extension.as_str(), priority),
        [extension, priority] => (at.context.as_str(), extension, priority),
        [context, extension, priority] => (context, extension, priority),
        _ => return None,
    };
    let is_known = [context, extension, priority]
        .iter()
        .all(|part| !part.contains("${"));
    if !is_known || priority.is_empty() {
        return None;
    }
    let priority = match priority.parse() {
        Ok(number) => number,
        Err(_) => {
            let found = plan.extension(context, extension)?;
            let mut labelled = found.lines.iter();
            *labelled
                .find(|(_, line)| line.label.as_deref() == Some(priority))?
                .0
        }
    };
    Some(Position {
        context: context.to_owned(),
        extension: extension.to_owned(),
        priority,
    })
}

/// All places in the middle of extensions to which a line jumps.
fn targets(plan: &Dialplan) -> BTreeSet<Position> {
    let mut targets = BTreeSet::new();
    for context in &plan.contexts {
        for extension in &context.extensions {
            for (priority, line) in &extension.lines {
                let at = Position {
                    context: context.name.clone(),
                    extension: extension.name.clone(),
                    priority: *priority,
                };
                let jumps = jump::jumps(line).into_iter();
                let jumps = jumps.filter_map(|arguments| target(plan, &arguments, &at));
                targets.extend(jumps.filter(|target| target.priority > 1));
            }
        }
    }
    targets
}

/// A short name for a queue, a mailbox or a device.
pub(super) fn short(text: &str, otherwise: &str) -> String {
    kebab(text.rsplit('/').next().unwrap_or(text), otherwise)
}
