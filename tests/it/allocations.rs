//! Once warm, the exchange allocates nothing, whatever happens; and whoever measures notes no more than has
//! happened.

use crate::day;
use crate::day::Day;
use crate::written::LINE;
use crate::written::cases;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::measure::Collector;
use strowger::sim;
use strowger::sim::model::Model;

/// Long enough for the largest crowd of the day to have been there.
const WARM_UP: usize = 170_000;
const MEASURED: usize = 100_000;

#[test]
fn a_warm_exchange_allocates_nothing() {
    let plan = Arc::new(day::plan(8));
    let inputs = Day::inputs(plan.clone(), 3, WARM_UP + MEASURED);
    let mut exchange = Exchange::new(plan, day::origin_ms());
    let mut effects: Vec<Effect> = Vec::with_capacity(4096);
    let (mut at_first, mut guilty) = (0, Vec::new());
    for (place, (at, input)) in inputs.into_iter().enumerate() {
        effects.clear();
        let counted = allocation_counter::measure(|| exchange.handle(at, input, &mut effects));
        if place < WARM_UP {
            at_first += counted.count_total;
        } else if counted.count_total > 0 {
            guilty.push((place, input, counted.count_total));
        }
    }
    assert!(
        at_first > 0,
        "a cold exchange makes room, and that is counted"
    );
    let first = &guilty[..guilty.len().min(5)];
    assert!(
        guilty.is_empty(),
        "{} inputs allocated: {first:?}",
        guilty.len()
    );
}

/// Who was free is noted once for a call, and not for each of the phones that ring for it.
#[test]
fn what_is_noted_of_a_call_grows_as_the_phones_that_ring_for_it() {
    let noted = |people: u32| {
        let model = ringing_at_all(people);
        let mut collector = Collector::new(&model.plan, model.frame);
        let noted = allocation_counter::measure(|| sim::run(&model, 1, 0, &mut collector));
        let calls = collector.finish(model.frame.until).total.queues.answered;
        assert!(calls > 10, "{calls} calls");
        noted.bytes_total
    };
    let (few, many) = (noted(50), noted(400));
    assert!(many < 16 * few, "{few} and {many} bytes");
}

/// An hour of a few calls for so many people, all of whom are rung.
fn ringing_at_all(people: u32) -> Model {
    let staff = format!(
        "menu = \"line.toml\"\n[demand]\nline = {{ calls_per_hour = 20.0 }}\n\
         [staff]\nsupport = {people}\n[run]\nlength = \"1h\"\n[callers]\ntalk = \"60s\"\n"
    );
    let all = "format = 1\n[group.support]\nstrategy = \"ring-all\"\n";
    let files = [
        ("line.toml", LINE),
        ("groups.toml", all),
        ("day.scenario.toml", &staff),
    ];
    cases(&files).base
}
