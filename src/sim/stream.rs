//! Random numbers: one stream per run, purpose and entity, the same on every platform.
//!
//! A stream's draws depend on nothing but its four names. Two policies, two menus or two rosters
//! therefore meet the same callers: what one caller draws never shifts what another one draws.

use rand::Rng;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

/// What a stream's numbers are used for. The numbers behind the names are part of every result:
/// add new ones at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// When the next caller comes; entity: the line, or its callers who want one thing.
    Arrivals = 1,
    /// How busy the day is; entity: 0.
    Busyness = 2,
    /// What a caller wants, or which keys are pressed; entity: the caller, as below.
    Wants = 3,
    /// Which language a caller speaks.
    Language = 4,
    /// How long a caller listens before pressing.
    Listening = 5,
    /// Wrong keys, and pressing nothing at all.
    Slips = 6,
    /// Whether an answer is enough, and whether the caller says so.
    Satisfaction = 7,
    /// How long a caller is willing to wait.
    Patience = 8,
    /// How long a talk takes.
    Talk = 9,
    /// How long the work after it takes.
    WrapUp = 10,
    /// Whether and when a caller calls again.
    Redial = 11,
    /// Whether a message is left, and how long it is.
    Message = 12,
    /// How fast a ringing phone is picked up, if at all; entity: the attempt, and which ringing.
    PickUp = 13,
    /// When an agent is ready again after a missed call; entity: the agent, and which one.
    Return = 14,
    /// The digits of an entry; entity: the caller.
    Digits = 15,
    /// Whether an agent comes late, and how late; entity: the agent's name and the shift.
    Late = 16,
    /// Whether a caller accepts to be called back; entity: the attempt.
    Callback = 17,
    /// Whether a caller answers when called back, and how fast; entity: the attempt, and which time.
    Reached = 18,
    /// How busy an interval is; entity: its place in the day.
    Within = 19,
    /// Whether a caller who is told of a long wait leaves; entity: the attempt.
    Told = 20,
    /// Whether an agent does not come at all; entity: the agent's name and the shift.
    Absent = 21,
    /// When an agent is away unplanned, and how long; entity: the agent's name and the shift.
    Away = 22,
    /// Whether a caller is handed on after a talk; entity: the attempt, and which talk.
    HandOver = 23,
    /// How long a talk takes after a hand-over; entity: the attempt, and which talk.
    NextTalk = 24,
    /// How long the work after that takes.
    NextWrapUp = 25,
    /// How long another system takes, and what it answers; entity: the attempt and which of its
    /// look-ups.
    Lookup = 26,
    /// Whether a caller takes part in a survey, and what the answers are.
    Survey = 27,
    /// What other systems know of a caller; entity: the caller.
    Recognition = 28,
    /// When those come of whom there are more than were recorded; entity: as for [`Purpose::Arrivals`].
    Copies = 29,
    /// When the next person comes up who is to be called without having called; entity: the person.
    Outbound = 30,
    /// How long an agent stays who introduces a caller to a colleague; entity: as for [`Purpose::NextTalk`].
    Introduction = 31,
}

/// As many as a [`Purpose`] can tell apart, so that one that is added has a sequence of its own at once.
const PURPOSES: usize = u8::MAX as usize + 1;

/// All streams of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    /// Where the sequence of each purpose begins.
    starts: [u64; PURPOSES],
}

impl Streams {
    /// The streams of one independent run under a seed.
    pub fn new(seed: u64, replication: u64) -> Self {
        let root = join(join(0, seed), replication);
        Self {
            starts: std::array::from_fn(|purpose| join(root, purpose as u64)),
        }
    }

    /// The stream of one purpose and one entity, at its beginning.
    pub fn stream(&self, purpose: Purpose, entity: u64) -> Stream {
        let mut state = self.word(purpose, entity);
        let mut seed = [0; 32];
        for word in seed.chunks_exact_mut(8) {
            state = state.wrapping_add(GOLDEN);
            word.copy_from_slice(&scramble(state).to_le_bytes());
        }
        Stream {
            generator: Xoshiro256PlusPlus::from_seed(seed),
        }
    }

    /// One number in (0, 1) for those who need only one of a purpose: a tenth of the cost of a
    /// stream, and unrelated to the numbers of the stream of the same name.
    pub fn unit(&self, purpose: Purpose, entity: u64) -> f64 {
        unit(self.word(purpose, entity))
    }

    /// The name of the nth entity of many that have a name together: far from those of other names.
    pub(super) const fn nth_of(name: u64, nth: u64) -> u64 {
        name.wrapping_add(nth.wrapping_mul(GOLDEN))
    }

    /// The purpose chooses a sequence of SplitMix64, the entity a place in it.
    fn word(&self, purpose: Purpose, entity: u64) -> u64 {
        let start = self.starts[usize::from(purpose as u8)];
        scramble(start.wrapping_add(entity.wrapping_mul(GOLDEN)))
    }
}

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: Xoshiro256PlusPlus,
}

impl Stream {
    /// The next number in (0, 1), both ends excluded.
    pub fn unit(&mut self) -> f64 {
        unit(self.generator.next_u64())
    }

    /// Whether something of this probability happens. One draw, also when it is certain.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

/// A number in (0, 1): an odd multiple of 2⁻⁵³, so that `1 - unit` is exact and of the same kind.
fn unit(word: u64) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    // From 1 to 2 in steps of two, by the bits of the double; all of this is exact.
    f64::from_bits(1f64.to_bits() | word >> 12) - (1.0 - STEP)
}

/// 2⁶⁴ divided by the golden ratio, the step of SplitMix64.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
const fn scramble(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// A hash of a hash and one more word.
const fn join(hash: u64, word: u64) -> u64 {
    scramble(scramble(word.wrapping_add(GOLDEN)).wrapping_add(hash.rotate_left(23) ^ GOLDEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_always_the_same_numbers() {
        let mut stream = Streams::new(1, 0).stream(Purpose::Talk, 7);
        let first: Vec<u64> = (0..3).map(|_| (stream.unit() * 1e15) as u64).collect();
        assert_eq!(first, PINNED);
    }

    const PINNED: [u64; 3] = [
        819_177_770_048_093,
        149_046_255_131_927,
        494_660_428_655_444,
    ];

    #[test]
    fn every_name_matters() {
        let one = Streams::new(1, 0);
        let draws = [
            one.unit(Purpose::Talk, 7),
            one.unit(Purpose::Talk, 8),
            one.unit(Purpose::Patience, 7),
            Streams::new(1, 1).unit(Purpose::Talk, 7),
            Streams::new(2, 0).unit(Purpose::Talk, 7),
            Streams::new(0, 1).unit(Purpose::Talk, 7),
        ];
        for (place, draw) in draws.iter().enumerate() {
            assert!(draws[place + 1..].iter().all(|other| other != draw));
        }
    }

    /// Mean, variance and lag-1 covariance of the numbers of entities that lie side by side.
    fn neighbours_are_unrelated(unit: impl Fn(u64) -> f64) {
        let count = 200_000;
        let (mut sum, mut squares, mut products, mut last) = (0.0, 0.0, 0.0, 0.5);
        for entity in 0..count {
            let unit = unit(entity);
            assert!(unit > 0.0 && unit < 1.0);
            sum += unit;
            squares += (unit - 0.5) * (unit - 0.5);
            products += (unit - 0.5) * (last - 0.5);
            last = unit;
        }
        let n = count as f64;
        // Four standard errors each.
        assert!((sum / n - 0.5).abs() < 4.0 * (1.0 / 12.0 / n).sqrt());
        assert!((squares / n - 1.0 / 12.0).abs() < 4.0 * (1.0 / 180.0 / n).sqrt());
        assert!((products / n).abs() < 4.0 / 12.0 / n.sqrt());
    }

    #[test]
    fn neighbouring_callers_draw_unrelated_numbers() {
        let streams = Streams::new(42, 3);
        neighbours_are_unrelated(|entity| streams.unit(Purpose::Patience, entity));
        neighbours_are_unrelated(|entity| streams.stream(Purpose::Slips, entity).unit());
        neighbours_are_unrelated(|run| Streams::new(42, run).unit(Purpose::Patience, 0));
        neighbours_are_unrelated(|seed| Streams::new(seed, 0).unit(Purpose::Patience, 0));
    }

    #[test]
    fn certain_and_impossible_things_are_so() {
        let mut stream = Streams::new(1, 0).stream(Purpose::Slips, 0);
        assert!((0..1000).all(|_| stream.chance(1.0)));
        assert!(!(0..1000).any(|_| stream.chance(0.0)));
    }
}
