//! How fast people work: factors on handling times, by person, by queue and by skill.

use crate::exchange::id::QueueId;
use std::ops::RangeInclusive;

/// Factors on the handling time, talk and wrap-up: who has 1.25 takes a quarter longer.
pub const SPEEDS: RangeInclusive<f64> = 0.1..=10.0;
/// The speed of somebody who takes as long as the scenario says.
pub const USUAL_SPEED: f64 = 1.0;

/// The factors of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Speed {
    /// On queues for which there is no other.
    pub usual: f64,
    /// Queues on which it is another one.
    pub on: Vec<(QueueId, f64)>,
}

impl Default for Speed {
    fn default() -> Self {
        Self {
            usual: USUAL_SPEED,
            on: Vec::new(),
        }
    }
}

impl Speed {
    /// Whether nothing takes longer than the scenario says, or shorter.
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The factor on calls of a queue.
    pub fn on(&self, queue: QueueId) -> f64 {
        let other = self.on.iter().find(|(known, _)| *known == queue);
        other.map_or(self.usual, |(_, speed)| *speed)
    }
}

/// The factor by the level of the skill that a queue asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct BySkill {
    /// Levels with their factors, the lowest first; at least one.
    points: Vec<(u8, f64)>,
}

impl BySkill {
    /// Straight lines between these levels, and the same as at the nearest beyond them. None without
    /// any level.
    pub fn new(mut points: Vec<(u8, f64)>) -> Option<Self> {
        points.sort_by_key(|(level, _)| *level);
        (!points.is_empty()).then_some(Self { points })
    }

    /// The factor at a level.
    pub fn at(&self, level: u8) -> f64 {
        let after = self.points.partition_point(|(known, _)| *known < level);
        let (Some(next), Some(before)) = (self.points.get(after), after.checked_sub(1)) else {
            let nearest = self.points.get(after).or(self.points.last());
            return nearest.map_or(USUAL_SPEED, |(_, speed)| *speed);
        };
        let before = self.points[before];
        let part = f64::from(level - before.0) / f64::from(next.0 - before.0);
        before.1 + (next.1 - before.1) * part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_goes_in_straight_lines_from_level_to_level() {
        let curve = BySkill::new(vec![(100, 1.0), (50, 1.5), (60, 1.25)]).expect("levels");
        let found = [0, 50, 54, 60, 80, 100].map(|level| curve.at(level));
        assert_eq!(found, [1.5, 1.5, 1.4, 1.25, 1.125, 1.0]);
        let one = BySkill::new(vec![(70, 1.2)]).expect("a level");
        assert_eq!([0, 70, 100].map(|level| one.at(level)), [1.2; 3]);
        assert_eq!(BySkill::new(Vec::new()), None);
    }

    #[test]
    fn a_queue_may_have_a_speed_of_its_own() {
        let speed = Speed {
            usual: 1.1,
            on: vec![(QueueId(2), 0.8)],
        };
        assert_eq!(
            [1, 2, 3].map(|queue| speed.on(QueueId(queue))),
            [1.1, 0.8, 1.1]
        );
    }
}
