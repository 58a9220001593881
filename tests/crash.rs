//! Nothing accepted is lost, whatever moment a crash chooses.
//!
//! One crash is named by its seed: `World::new(seed)` lives it again.

#[path = "crash/chance.rs"]
mod chance;
#[path = "crash/kill.rs"]
mod kill;
#[path = "crash/phone.rs"]
mod phone;
#[path = "served/mod.rs"]
mod served;
#[path = "crash/site.rs"]
mod site;
#[path = "journal/temporary.rs"]
mod temporary;
#[path = "crash/world.rs"]
mod world;

use proptest::prelude::*;
use world::World;

/// Lives of a daemon, each with so many crashes: a thousand together.
const LIVES: u64 = 50;
const CRASHES: usize = 20;

#[test]
fn a_thousand_crashes_lose_nothing() {
    let mut crashes = world::Tally::default();
    for seed in 0..LIVES {
        let mut world = World::new(seed);
        for _ in 0..CRASHES {
            world.live_and_crash();
        }
        world.end();
        crashes.add(&world.tally);
    }
    println!("{crashes:?}");
    assert_eq!(crashes.crashes, LIVES * CRASHES as u64);
    // They came at every kind of moment, and there was something to lose.
    let moments = [
        crashes.before_commit,
        crashes.in_commit,
        crashes.after_commit,
        crashes.torn,
        crashes.lied,
        crashes.full,
    ];
    assert!(moments.iter().all(|count| *count > 20), "{crashes:?}");
    assert!(
        crashes.calls > 10_000 && crashes.answered_by_agents > 500,
        "{crashes:?}"
    );
    assert!(
        crashes.from_snapshot > 100 && crashes.secrets > 100,
        "{crashes:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_life_of_any_seed_loses_nothing(seed: u64) {
        let mut world = World::new(seed);
        for _ in 0..4 {
            world.live_and_crash();
        }
        world.end();
    }
}
