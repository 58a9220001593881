//! Deadlines against a plain ordered list.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn equal_times_fire_in_the_order_of_scheduling() {
    let mut wheel = Wheel::new();
    for item in 0..3 {
        wheel.schedule(Tick(100_000), item);
    }
    wheel.schedule(Tick(99_990), 9);
    assert_eq!(wheel.pop(), Some((Tick(99_990), 9)));
    wheel.schedule(Tick(100_000), 3);
    let order: Vec<i32> = std::iter::from_fn(|| wheel.pop().map(|(_, item)| item)).collect();
    assert_eq!(order, [0, 1, 2, 3]);
}

#[test]
fn a_cancelled_entry_does_not_fire_and_its_name_dies() {
    let mut wheel = Wheel::new();
    let first = wheel.schedule(Tick(5), 'a');
    wheel.schedule(Tick(7), 'b');
    assert_eq!(wheel.first(), Some(Tick(5)));
    assert!(wheel.cancel(first));
    assert!(!wheel.cancel(first));
    assert_eq!(wheel.first(), Some(Tick(7)));
    let reused = wheel.schedule(Tick(6), 'c');
    assert!(!wheel.cancel(first));
    assert!(wheel.cancel(reused));
    assert_eq!(wheel.pop_due(Tick(6)), None);
    assert_eq!(wheel.pop_due(Tick(7)), Some((Tick(7), 'b')));
}

#[test]
fn what_is_cancelled_takes_no_room() {
    let mut wheel = Wheel::new();
    wheel.schedule(Tick(1 << 40), 0);
    for number in 1..100_000 {
        let soon_or_late = 1 << (number % 40);
        let id = wheel.schedule(Tick(soon_or_late), number);
        assert!(wheel.cancel(id));
    }
    assert!(wheel.nodes.len() <= DEAD_MAX + 3, "{}", wheel.nodes.len());
    assert_eq!(wheel.pop(), Some((Tick(1 << 40), 0)));
    assert_eq!((wheel.len(), wheel.dead), (0, 0));
}

#[test]
fn of_very_many_only_a_bound_is_told_until_they_are_near() {
    let mut wheel = Wheel::new();
    let at = |number: u64| 300_000 + number * 7919 % 1000;
    let ids: Vec<TimerId> = (0..1000)
        .map(|number| wheel.schedule(Tick(at(number)), number))
        .collect();
    assert_eq!(wheel.not_before(Tick(0)), Some(Tick(300_000)));
    wheel.cancel(ids[0]);
    let bound = wheel.not_before(Tick(0)).expect("entries wait");
    assert!(bound <= Tick(300_001), "{bound:?}");
    // Whoever wakes for the bounds comes to every entry at its time.
    let (mut taken, mut now) = (0, Tick(0));
    while let Some(next) = wheel.not_before(now) {
        now = next;
        while let Some((due, number)) = wheel.pop_due(now) {
            assert_eq!((due, due.0), (now, at(number)));
            taken += 1;
        }
    }
    assert_eq!(taken, 999);
}

#[test]
fn a_bound_is_not_past_when_time_has_moved_into_a_slot() {
    let mut wheel = Wheel::new();
    let ids: Vec<TimerId> = (0..60).map(|n| wheel.schedule(Tick(5000 + n), n)).collect();
    assert_eq!(wheel.not_before(Tick(0)), Some(Tick(5000)));
    for number in 60..120 {
        wheel.schedule(Tick(5000 + number), number);
    }
    assert_eq!(wheel.pop_due(Tick(4500)), None);
    wheel.cancel(ids[0]);
    assert_eq!(wheel.not_before(Tick(4500)), Some(Tick(4500)));
    assert_eq!(wheel.pop_due(Tick(4500)), None);
    assert_eq!(wheel.not_before(Tick(4500)), Some(Tick(5001)));
    assert_eq!(wheel.pop_due(Tick(5001)), Some((Tick(5001), 1)));
}

proptest! {
    /// Many entries in few slots; time moves on between them without anything being due.
    #[test]
    fn a_bound_is_never_past_and_never_late(
        steps in proptest::collection::vec((0_u8..8, 0_u64..6000), 200..800)
    ) {
        let (mut wheel, mut now) = (Wheel::new(), 0);
        let mut live: Vec<(TimerId, u64)> = Vec::new();
        for (what, number) in steps {
            match what {
                0..=3 => {
                    let at = now + 2000 + number;
                    live.push((wheel.schedule(Tick(at), at), at));
                }
                4 | 5 if !live.is_empty() => {
                    // The earliest one goes most often, as when callers press a key at last.
                    let place = match number % 3 {
                        0 => number as usize % live.len(),
                        _ => (0..live.len()).min_by_key(|place| live[*place].1).unwrap_or(0),
                    };
                    let (id, _) = live.swap_remove(place);
                    prop_assert!(wheel.cancel(id));
                }
                _ => {
                    now += number / 16;
                    while let Some((at, item)) = wheel.pop_due(Tick(now)) {
                        prop_assert_eq!(at, Tick(item));
                        let place = live.iter().position(|(_, live)| *live == item);
                        live.swap_remove(place.expect("it was scheduled"));
                    }
                }
            }
            let earliest = live.iter().map(|(_, at)| Tick(*at)).min();
            let bound = wheel.not_before(Tick(now));
            prop_assert!(bound <= earliest && bound.is_some() == earliest.is_some());
            prop_assert!(bound.is_none_or(|bound| bound >= Tick(now)));
            prop_assert!(earliest.is_none_or(|earliest| earliest > Tick(now)));
        }
    }

    /// Against an ordered map keyed by (time, sequence), operation by operation.
    #[test]
    fn agrees_with_an_ordered_map(
        steps in proptest::collection::vec((0_u8..4, 0_u64..1 << 24), 1..400)
    ) {
        let mut wheel = Wheel::new();
        let mut model = BTreeMap::new();
        let mut live = Vec::new();
        let mut now = 0;
        for (sequence, (what, number)) in steps.into_iter().enumerate() {
            match what {
                0 | 1 => {
                    // Mostly near, sometimes far: every level is used.
                    let at = now + if what == 0 { number % 5000 } else { number };
                    let id = wheel.schedule(Tick(at), sequence);
                    model.insert((at, sequence), ());
                    live.push((id, at, sequence));
                }
                2 if !live.is_empty() => {
                    let (id, at, sequence) = live.swap_remove(number as usize % live.len());
                    let known = model.remove(&(at, sequence)).is_some();
                    prop_assert_eq!(wheel.cancel(id), known);
                }
                _ => {
                    let popped = wheel.pop().map(|(at, item)| (at.0, item));
                    let expected = model.pop_first().map(|(key, ())| key);
                    prop_assert_eq!(popped, expected);
                    now = popped.map_or(now, |(at, _)| at);
                }
            }
            let earliest = model.keys().next().map(|(at, _)| Tick(*at));
            prop_assert!(wheel.not_before(Tick(now)) <= earliest);
            prop_assert_eq!(wheel.not_before(Tick(now)).is_some(), earliest.is_some());
            prop_assert_eq!(wheel.first(), earliest);
            prop_assert_eq!(wheel.len(), model.len());
        }
    }
}
