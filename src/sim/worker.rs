//! The people on duty, and when each of them is.

use super::skills::Skills;
use super::speed::Speed;
use super::speed::USUAL_SPEED;
use crate::exchange::id::GroupId;
use crate::exchange::id::QueueId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// Somebody who is on duty at times.
#[derive(Clone, Debug, PartialEq)]
pub struct Worker {
    /// The name in the roster, or `support-01` for one of a head count.
    pub name: String,
    /// The groups, at least one.
    pub groups: Vec<GroupId>,
    /// What the person can; none means everything that callers of the groups may need.
    pub skills: Option<Skills>,
    /// The tier in all of the groups.
    pub tier: u8,
    /// The share of calls owed, in millionths; 1,000,000 is a full share.
    pub weight: u32,
    /// The factors on the handling time.
    pub speed: Speed,
    /// In the order of time; none overlaps with another or touches it.
    pub shifts: Vec<Shift>,
}

/// One time on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Comes, unless late.
    pub from: Tick,
    /// Goes, perhaps after the run's end.
    pub to: Tick,
    /// How much of the shift lay before tick 0.
    pub begun: Span,
    /// In the order of time, none overlapping with another.
    pub breaks: Vec<Break>,
}

/// Time off within a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// When it begins, or after the call in progress then.
    pub at: Tick,
    /// How long it lasts, from when it really begins.
    pub length: Span,
}

impl Worker {
    /// How long this person takes for what takes others so long, on a queue and with the factor of the
    /// skill that it asks for; rounded to milliseconds.
    pub fn takes(&self, usual: Span, on: QueueId, by_skill: f64) -> Span {
        let factor = self.speed.on(on) * by_skill;
        if factor == USUAL_SPEED {
            return usual;
        }
        Span((usual.0 as f64 * factor + 0.5) as u64)
    }
}

impl Shift {
    /// A shift with its breaks, all from and to so many milliseconds from tick 0. What lies before
    /// tick 0 is cut off; none when that is all of it.
    pub fn new(from_ms: i64, to_ms: i64, breaks: &[(i64, i64)]) -> Option<Self> {
        let within = |(from_ms, to_ms): (i64, i64)| {
            let (from, to) = (Tick(from_ms.max(0) as u64), Tick(to_ms.max(0) as u64));
            (to > from).then_some((from, to))
        };
        let (from, to) = within((from_ms, to_ms))?;
        let breaks = breaks.iter().copied().filter_map(within);
        Some(Self {
            from,
            to,
            begun: Span(from_ms.min(0).unsigned_abs()),
            breaks: breaks
                .map(|(at, end)| Break {
                    at,
                    length: end - at,
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::FULL_WEIGHT;

    const MINUTE: i64 = 60_000;

    fn minutes(tick: Tick) -> u64 {
        tick.0 / 60_000
    }

    #[test]
    fn what_lies_before_tick_zero_is_cut_off() {
        let breaks = [(-50, -35), (-5, 10), (60, 75)];
        let breaks = breaks.map(|(from, to)| (from * MINUTE, to * MINUTE));
        let shift = Shift::new(-60 * MINUTE, 120 * MINUTE, &breaks).expect("time on duty");
        assert_eq!((shift.from, minutes(shift.to)), (Tick(0), 120));
        assert_eq!(shift.begun, Span::minutes(60));
        let breaks = shift.breaks.iter();
        let breaks: Vec<_> = breaks.map(|at| (minutes(at.at), at.length)).collect();
        assert_eq!(breaks, [(0, Span::minutes(10)), (60, Span::minutes(15))]);
        assert_eq!(Shift::new(-60 * MINUTE, 0, &[]), None);
    }

    #[test]
    fn a_speed_is_a_factor_on_the_time_taken() {
        let mut worker = Worker {
            name: "ben".to_owned(),
            groups: vec![GroupId(0)],
            skills: None,
            tier: 0,
            weight: FULL_WEIGHT,
            speed: Speed {
                usual: 1.25,
                on: vec![(QueueId(1), 0.5)],
            },
            shifts: Vec::new(),
        };
        let takes = |worker: &Worker, usual| worker.takes(usual, QueueId(0), 1.0);
        assert_eq!(takes(&worker, Span::seconds(200)), Span::seconds(250));
        assert_eq!(takes(&worker, Span(1)), Span(1));
        assert_eq!(takes(&worker, Span(2)), Span(3));
        let skilled = worker.takes(Span::seconds(200), QueueId(1), 1.5);
        assert_eq!(skilled, Span::seconds(150));
        worker.speed = Speed::default();
        assert_eq!(takes(&worker, Span(12_345_678)), Span(12_345_678));
    }
}
