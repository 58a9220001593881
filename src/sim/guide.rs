//! How callers find their way: at each menu, the key that leads to what they want by the shortest
//! way, as its label would tell them. Knows nothing of how calls are routed beyond what is spoken.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::menu::graph::Exit;
use crate::menu::graph::Via;
use crate::menu::graph::exits;
use std::collections::BTreeSet;

/// Far away from everything.
const NO_WAY: u32 = u32::MAX;

/// For some goals, the best key at every menu and in every queue, and the best name in every directory.
#[derive(Clone, Debug)]
pub struct Guide {
    /// For each goal, for each step: what to do.
    ways: Vec<(StepId, Vec<Option<Way>>)>,
    /// At each menu, the key that says that the answer was enough.
    thanks: Vec<Option<Digits>>,
    /// At each menu, the keys that set a language.
    languages: Vec<Vec<(LanguageId, Digits)>>,
}

/// What a caller does at a step to come closer to a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Presses these keys.
    Keys(Digits),
    /// Spells this name of a directory.
    Name(u16),
}

impl Way {
    fn keys(self) -> Option<Digits> {
        match self {
            Self::Keys(keys) => Some(keys),
            Self::Name(_) => None,
        }
    }
}

impl Guide {
    /// Works out the ways to all goals.
    pub fn new(plan: &Dialplan, goals: impl IntoIterator<Item = StepId>) -> Self {
        let ids = || (0..plan.steps.len()).map(|place| StepId(place as u32));
        let all: Vec<Vec<Exit>> = ids().map(|step| exits(plan, step)).collect();
        let mut goals: Vec<StepId> = goals.into_iter().collect();
        goals.sort_unstable();
        goals.dedup();
        let ways = goals
            .into_iter()
            .map(|goal| (goal, ways_to(plan, goal, &all)))
            .collect();
        let thanks = ids()
            .map(|step| thanks_at(plan, step, &all[step.index()]))
            .collect();
        let languages = all.iter().map(|exits| language_keys(plan, exits)).collect();
        Self {
            ways,
            thanks,
            languages,
        }
    }

    /// The keys that a speaker of `mine` presses at a menu that speaks `spoken`, on the way to a
    /// goal: the own language first if the menu offers it. None if no key leads there.
    pub fn keys(
        &self,
        menu: StepId,
        goal: StepId,
        mine: LanguageId,
        spoken: LanguageId,
    ) -> Option<Digits> {
        let way = self.way(menu, goal)?.and_then(Way::keys);
        let languages = &self.languages[menu.index()];
        let chooses = languages.iter().any(|(_, keys)| Some(*keys) == way);
        let own = languages.iter().find(|(language, _)| *language == mine);
        own.filter(|_| spoken != mine || chooses)
            .map(|(_, keys)| *keys)
            .or(way)
    }

    /// The name in a directory that leads to a goal, by its place. None if no name does, or a key
    /// leads there sooner.
    pub fn name(&self, directory: StepId, goal: StepId) -> Option<u16> {
        match self.way(directory, goal)?? {
            Way::Name(entry) => Some(entry),
            Way::Keys(_) => None,
        }
    }

    fn way(&self, at: StepId, goal: StepId) -> Option<Option<Way>> {
        let (_, ways) = self.ways.iter().find(|(known, _)| *known == goal)?;
        Some(ways[at.index()])
    }

    /// The keys that say, at a menu, that the answer was enough.
    pub fn thanks(&self, menu: StepId) -> Option<Digits> {
        self.thanks[menu.index()]
    }
}

/// Whether callers who have heard an answer to its end may come to a goal, by whatever happens then and
/// whichever keys they press where they are asked to.
pub(super) fn leads_on(plan: &Dialplan, answer: StepId, goal: StepId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![answer];
    while let Some(here) = open.pop() {
        if here == goal {
            return true;
        }
        if !seen.insert(here) {
            continue;
        }
        let line = plan.step(here).line;
        let listens = matches!(plan.step(here).kind, StepKind::Say(_));
        for exit in exits(plan, here) {
            match exit.to {
                _ if listens && matches!(exit.via, Via::Key(_)) => {}
                Target::Step(step) => open.push(step),
                Target::Start => open.push(plan.line(line).start),
                // To the menu that was heard before, which may be any of the line.
                Target::Back => open.extend(menus(plan, line)),
                Target::Repeat | Target::HangUp => {}
            }
        }
    }
    false
}

fn menus(plan: &Dialplan, line: LineId) -> impl Iterator<Item = StepId> {
    let ids = (0..plan.steps.len()).map(|place| StepId(place as u32));
    ids.filter(move |id| {
        let step = plan.step(*id);
        step.line == line && matches!(step.kind, StepKind::Menu(_) | StepKind::Directory(_))
    })
}

fn thanks_at(plan: &Dialplan, step: StepId, exits: &[Exit]) -> Option<Digits> {
    if !matches!(plan.step(step).kind, StepKind::Menu(_)) {
        return None;
    }
    exits.iter().find_map(|exit| match exit.via {
        Via::Key(action) => {
            let action = &plan.key_actions[action as usize];
            action.self_served.then(|| pressed(&action.key))
        }
        _ => None,
    })
}

fn language_keys(plan: &Dialplan, exits: &[Exit]) -> Vec<(LanguageId, Digits)> {
    let keys = exits.iter().filter_map(|exit| match exit.via {
        Via::Key(action) => {
            let action = &plan.key_actions[action as usize];
            action
                .language
                .map(|language| (language, pressed(&action.key)))
        }
        _ => None,
    });
    keys.collect()
}

/// Distances by relaxation from the goal backwards: menus are few and the ways short.
fn ways_to(plan: &Dialplan, goal: StepId, all: &[Vec<Exit>]) -> Vec<Option<Way>> {
    let mut distance = vec![NO_WAY; plan.steps.len()];
    distance[goal.index()] = 0;
    let mut changed = true;
    while changed {
        changed = false;
        for (place, exits) in all.iter().enumerate() {
            let here = StepId(place as u32);
            let best = exits
                .iter()
                .map(|exit| cost(plan, here, exit, all, &distance))
                .min();
            if let Some(best) = best
                && best < distance[place]
            {
                (distance[place], changed) = (best, true);
            }
        }
    }
    let best_key = |place: usize| {
        let here = StepId(place as u32);
        if !matches!(
            plan.step(here).kind,
            StepKind::Menu(_) | StepKind::Queue(_) | StepKind::Directory(_)
        ) {
            return None;
        }
        let ways = all[place].iter().filter_map(|exit| {
            let (global, way) = match exit.via {
                Via::Key(action) => {
                    let action = &plan.key_actions[action as usize];
                    (action.global, Way::Keys(pressed(&action.key)))
                }
                Via::Entry(entry) => (false, Way::Name(entry)),
                _ => return None,
            };
            let cost = cost(plan, here, exit, all, &distance);
            (cost != NO_WAY).then_some((cost, global, way))
        });
        // Of two ways of one length, the menu's own key before a global one.
        ways.min_by_key(|(cost, global, _)| (*cost, *global))
            .map(|(_, _, way)| way)
    };
    (0..plan.steps.len()).map(best_key).collect()
}

/// How far the goal is by one exit. Only what the caller does, or what happens when all is well,
/// is a way: nobody plans to be turned away.
fn cost(plan: &Dialplan, here: StepId, exit: &Exit, all: &[Vec<Exit>], distance: &[u32]) -> u32 {
    let step_cost = match exit.via {
        Via::Key(_) | Via::Entry(_) => 10,
        // Imaginary callers are no agents.
        Via::Stranger => 1,
        Via::Then if matches!(plan.step(here).kind, StepKind::Duty(_)) => return NO_WAY,
        Via::Then | Via::Go | Via::Case(_) | Via::Open | Via::Closed => 1,
        _ => return NO_WAY,
    };
    let line = plan.line(plan.step(here).line);
    let beyond = match exit.to {
        Target::Step(step) => distance[step.index()],
        Target::Start => distance[line.start.index()],
        Target::Back => {
            let leads_here = |exit: &&Exit| exit.to == Target::Step(here);
            let parents = all
                .iter()
                .enumerate()
                .filter(|(_, exits)| exits.iter().any(|exit| leads_here(&exit)));
            parents
                .map(|(place, _)| distance[place])
                .min()
                .unwrap_or(NO_WAY)
        }
        Target::Repeat | Target::HangUp => NO_WAY,
    };
    beyond.saturating_add(step_cost)
}

/// The keys of a pattern, any digit being 1.
fn pressed(pattern: &str) -> Digits {
    let key = |c: char| Key::from_char(if c == 'x' { '1' } else { c });
    pattern.chars().filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::Request;
    use crate::menu::compile;
    use crate::menu::diagnostic::Diagnostics;
    use crate::menu::source::Sources;
    use std::path::Path;
    use std::path::PathBuf;

    const LINE: &str = r#"
[line]
name = "X"
groups = "groups.toml"
timezone = "UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "{options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "sign-in", label = "agents" }
2 = { go = "detour", label = "callers" }
3 = { go = "staff", label = "names" }
[directory.staff]
say = "Spell a name."
give_up = "@hangup"
[directory.staff.entries]
"Lee" = "who"
"Ono" = "desk"
"Pam" = "pam"
[transfer.pam]
to = "+441632960101"
failed = "@hangup"
[say.detour]
say = "One moment."
then = "desk"
[duty.sign-in]
do = "sign-in"
then = "desk"
refused = "desk"
stranger = "who"
[answer.who]
question = "Who are you?"
say = "Who are you?"
then = "@hangup"
[transfer.desk]
to = "+441632960100"
failed = "@hangup"
"#;

    #[test]
    fn callers_pass_a_duty_step_as_the_strangers_they_are() {
        let plan = plan();
        let named = |name| step_named(&plan, name);
        let (main, desk, who) = (named("main"), named("desk"), named("who"));
        let guide = Guide::new(&plan, [desk, who]);
        let english = LanguageId(0);
        let keys = |goal| guide.keys(main, goal, english, english);
        assert_eq!(keys(desk), Some(pressed("2")));
        assert_eq!(keys(who), Some(pressed("1")));
    }

    #[test]
    fn callers_spell_the_name_that_leads_to_what_they_want() {
        let plan = plan();
        let named = |name| step_named(&plan, name);
        let (main, staff, pam, detour) =
            (named("main"), named("staff"), named("pam"), named("detour"));
        let guide = Guide::new(&plan, [pam, detour]);
        let english = LanguageId(0);
        assert_eq!(guide.keys(main, pam, english, english), Some(pressed("3")));
        assert_eq!(guide.name(staff, pam), Some(2));
        assert_eq!(guide.name(staff, detour), None);
    }

    fn step_named(plan: &Dialplan, name: &str) -> StepId {
        let place = plan.steps.iter().position(|step| step.name == name);
        StepId(place.expect("a step") as u32)
    }

    fn plan() -> Dialplan {
        let mut sources = Sources::default();
        sources.add(Path::new("x.toml"), LINE.to_owned());
        sources.add(Path::new("groups.toml"), "[group.g]".to_owned());
        let request = Request {
            lines: vec![PathBuf::from("x.toml")],
            ..Request::default()
        };
        let mut problems = Diagnostics::default();
        compile(&request, &mut sources, &mut problems).expect("a plan")
    }
}
