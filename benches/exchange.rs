//! The exchange alone: the shipped video line under a crowd of callers, inputs prepared beforehand,
//! and the bare loop beside it.

mod pair;
mod tape;
#[expect(
    dead_code,
    reason = "shared with the bench that prints what came of it"
)]
mod yardstick;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::input::Input;
use strowger::exchange::time::Tick;
use strowger::menu;
use strowger::menu::Person;
use strowger::menu::Request;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use tape::Crowd;
use yardstick::Bare;

const LINE: &str = "menus/video.toml";
/// A Monday, nine in the morning in Vietnam: the desk is open for the next 13 hours.
const ORIGIN_MS: i64 = 1_795_399_200_000;
/// Callers for one agent.
const CALLERS_PER_AGENT: u64 = 20;
/// Inputs until the first calls have ended and others have come.
const INPUTS_BEFORE: u64 = 12;

fn main() {
    for callers in [1000, pair::size(100_000, 2000)] {
        against_bare_loop(callers);
    }
}

fn against_bare_loop(callers: u64) {
    let plan = Arc::new(plan(callers / CALLERS_PER_AGENT));
    let per_round = pair::size(200_000, 2000) as usize;
    let before = (callers * INPUTS_BEFORE) as usize;
    let tape = Crowd::new(&plan, ORIGIN_MS, callers).tape(before + pair::rounds() * per_round);

    let mut playing = Playing::new(&plan);
    let (warm_up, rest) = tape.split_at(before);
    playing.play(warm_up);
    playing.effects_done = 0;
    let mut chunks = rest.chunks_exact(per_round);
    let measured = pair::measure(
        || black_box(yardstick::erlang_a(per_round as u64, &mut Bare::new(1))).events,
        || playing.play(chunks.next().expect("a chunk for every round")),
    );
    let effects_each = playing.effects_done as f64 / (per_round * pair::rounds()) as f64;
    println!(
        "{} calls in progress, {} agents, {LINE}:",
        playing.exchange.calls_in_progress(),
        plan.agents.len()
    );
    pair::print("an event of the bare loop", measured.first);
    pair::print("an input to the exchange", measured.second);
    pair::print("an effect of the exchange", measured.second / effects_each);
    println!(
        "{:<52} {:>9.2} times as long for an input as for an event",
        "", measured.ratio
    );
}

/// An exchange that is told what is on a tape.
struct Playing {
    exchange: Exchange,
    effects: Vec<Effect>,
    effects_done: usize,
}

impl Playing {
    fn new(plan: &Arc<Dialplan>) -> Self {
        Self {
            exchange: Exchange::new(plan.clone(), ORIGIN_MS),
            effects: Vec::new(),
            effects_done: 0,
        }
    }

    fn play(&mut self, tape: &[(Tick, Input)]) -> u64 {
        for (now, input) in tape {
            self.exchange.handle(*now, *input, &mut self.effects);
            self.effects_done += black_box(&self.effects).len();
            self.effects.clear();
        }
        tape.len() as u64
    }
}

/// The line as shipped, with as many agents as it takes and no limit to its trunks.
fn plan(agents: u64) -> Dialplan {
    let person = |number: u64| Person {
        name: format!("agent-{number}"),
        groups: vec![["billing", "technical"][number as usize % 2].to_owned()],
        skills: Some(vec![("vi".to_owned(), 100), ("en".to_owned(), 100)]),
        weight: menu::FULL_WEIGHT,
        tiers: Vec::new(),
    };
    let request = Request {
        lines: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(LINE)],
        people: Some((0..agents).map(person).collect()),
        ..Request::default()
    };
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let Some(mut plan) = menu::compile(&request, &mut sources, &mut problems) else {
        panic!("{}", problems.render(&sources, false));
    };
    for line in &mut plan.lines {
        (line.trunks, line.reserve) = (None, 0);
    }
    plan
}
