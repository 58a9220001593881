//! Once warm, the exchange allocates nothing, whatever happens.

use crate::day;
use crate::day::Day;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;

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
