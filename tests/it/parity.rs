//! Virtual time and real time are the same time: one set of inputs, driven by a plain loop and by
//! tokio, gives the same effects at the same ticks.

use crate::day;
use crate::day::Day;
use crate::day::Timed;
use std::sync::Arc;
use std::time::Duration;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::input::Input;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio::time::sleep_until;

const INPUTS: usize = 20_000;
/// Left to run out after the last input.
const AFTERWARDS: Span = Span::minutes(60);

#[test]
fn a_paused_clock_gives_the_same_effects_as_virtual_time() {
    let plan = Arc::new(day::plan(20));
    let inputs = Day::inputs(plan.clone(), 7, INPUTS);
    let until = inputs.last().expect("inputs").0 + AFTERWARDS;
    let exchange = Exchange::new(plan, day::origin_ms());
    let plain = in_virtual_time(exchange.clone(), &inputs, until);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let real = runtime.block_on(in_real_time(exchange, inputs, until));
    assert!(plain.len() > INPUTS, "the inputs do something");
    let differs = plain.iter().zip(&real).position(|(one, two)| one != two);
    assert_eq!(
        differs,
        None,
        "first at {:?}",
        differs.map(|at| (plain[at], real[at]))
    );
    assert_eq!(plain.len(), real.len());
}

fn in_virtual_time(
    mut exchange: Exchange,
    inputs: &[Timed<Input>],
    until: Tick,
) -> Vec<Timed<Effect>> {
    let (mut all, mut fresh) = (Vec::new(), Vec::new());
    let mut keep = |now: Tick, fresh: &mut Vec<Effect>| {
        all.extend(fresh.drain(..).map(|effect| (now, effect)));
    };
    let fire = |exchange: &mut Exchange,
                to: Tick,
                fresh: &mut Vec<Effect>,
                keep: &mut dyn FnMut(Tick, &mut Vec<Effect>)| {
        while let Some(due) = exchange.next_deadline().filter(|due| *due <= to) {
            exchange.wake(due, fresh);
            keep(due, fresh);
        }
    };
    for (at, input) in inputs {
        fire(&mut exchange, *at, &mut fresh, &mut keep);
        exchange.handle(*at, *input, &mut fresh);
        keep(*at, &mut fresh);
    }
    fire(&mut exchange, until, &mut fresh, &mut keep);
    all
}

/// A bridge that sends each input at its time, and an owner that sleeps until the next deadline.
async fn in_real_time(
    mut exchange: Exchange,
    inputs: Vec<Timed<Input>>,
    until: Tick,
) -> Vec<Timed<Effect>> {
    let origin = Instant::now();
    let at = move |tick: Tick| origin + Duration::from_millis(tick.0);
    let (bridge, mut mailbox) = mpsc::channel(16);
    let bridge = tokio::spawn(async move {
        for (tick, input) in inputs {
            sleep_until(at(tick)).await;
            bridge.send(input).await.expect("the owner listens");
        }
        sleep_until(at(until)).await;
    });
    let (mut all, mut fresh) = (Vec::new(), Vec::new());
    let mut open = true;
    while open {
        let deadline = exchange.next_deadline();
        let nap = sleep_until(at(deadline.unwrap_or(until)));
        let input = tokio::select! {
            input = mailbox.recv() => { open = input.is_some(); input }
            () = nap, if deadline.is_some() => None,
        };
        let now = Tick(origin.elapsed().as_millis() as u64);
        match input {
            Some(input) => exchange.handle(now, input, &mut fresh),
            None => exchange.wake(now, &mut fresh),
        }
        all.extend(fresh.drain(..).map(|effect| (now, effect)));
    }
    bridge.await.expect("the bridge goes on to the end");
    all
}
