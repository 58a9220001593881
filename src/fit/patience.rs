//! How long callers are willing to wait, from waits of which most were cut off by an answer.
//!
//! Whoever was answered, or left the queue otherwise, would have waited at least as long: such a wait is
//! *cut off*. Of those who had waited so long, so many hung up in the next second: the hazard. Survival is the
//! product of what that leaves (Kaplan and Meier, 1958), here second by second with the time that callers spent
//! in each, and its error Greenwood's.

use crate::measure::Figure;

/// The fewest hang-ups of which a law is made.
pub const HANG_UPS_MIN: u64 = 50;
/// Seconds that are told apart; later is one piece.
const SECONDS: usize = 3600;
/// The most pieces of a law.
const PIECES_MAX: usize = 24;
/// The fewest hang-ups in a piece.
const PIECE_MIN: u64 = 10;
/// Survival is told at these times, in seconds.
const TOLD_S: [u32; 7] = [5, 15, 30, 60, 120, 300, 600];
const NORMAL_95: f64 = 1.96;
/// The most of those who are left that are said to give up in a minute: nearly all within a third of a second.
pub const RATE_MAX: f64 = 1000.0;
/// Where none hung up, as many as this would be expected at most: with more, none would be in fewer than 25 of 1,000
/// studies (Poisson).
const NONE_MOST: f64 = 3.69;
/// Who hangs up sooner does so at once.
const AT_ONCE_MS: u64 = 250;
/// The share of callers who are answered as soon below which phones are taken to ring.
const HARDLY: f64 = 0.02;

/// Waits by second, as far as anybody waited: there may be as many of them as there are queues.
#[derive(Debug, Default)]
pub(super) struct Waits {
    seconds: Vec<Second>,
    /// Those who hung up at once, and those who did not have to wait at all.
    at_once: u64,
    never: u64,
}

/// Waits that ended in one second.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    hung_up: u64,
    ended: u64,
    /// Milliseconds of it in which they still waited.
    rest_ms: u64,
}

/// What waits say of patience.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Callers who waited.
    pub waits: u64,
    /// Those who hung up.
    pub hung_up: u64,
    /// Those who hung up at once where nobody is answered as soon, because phones ring: how many of the others found
    /// somebody free is not known then.
    pub at_once: u64,
    /// Shares still there after some times, in seconds, as far as anybody waited.
    pub survival: Vec<(u32, Figure)>,
    /// The law; none of too few.
    pub pieces: Vec<Piece>,
}

/// A time in which the hazard is the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// From this second on.
    pub from_s: u32,
    /// Hang-ups in it.
    pub hung_up: u64,
    /// Of those who are left so many in a minute.
    pub per_minute: Figure,
}

/// Hang-ups in a time, and the time that callers spent in it, in seconds.
#[derive(Clone, Copy, Debug)]
struct Cell {
    from_s: u32,
    hung_up: u64,
    exposed_s: f64,
}

impl Waits {
    pub(super) fn note(&mut self, wait_ms: i64, hung_up: bool) {
        let wait_ms = wait_ms.unsigned_abs();
        let place = ((wait_ms / 1000) as usize).min(SECONDS);
        if self.seconds.len() <= place {
            self.seconds.resize(place + 1, Second::default());
        }
        let second = &mut self.seconds[place];
        second.ended += 1;
        second.rest_ms += wait_ms - place as u64 * 1000;
        second.hung_up += u64::from(hung_up);
        let is_at_once = wait_ms < AT_ONCE_MS;
        self.at_once += u64::from(hung_up && is_at_once);
        self.never += u64::from(!hung_up && is_at_once);
    }

    pub(super) fn found(&self) -> Found {
        let hung_up: u64 = self.seconds.iter().map(|second| second.hung_up).sum();
        let cells = self.cells();
        let pieces = match hung_up >= HANG_UPS_MIN {
            true => pieces(&cells),
            false => Vec::new(),
        };
        Found {
            waits: self.waits(),
            hung_up,
            at_once: match self.phones_ring() {
                true => self.at_once,
                false => 0,
            },
            survival: survival(&cells),
            pieces,
        }
    }

    /// Whether hardly anybody is answered at once.
    fn phones_ring(&self) -> bool {
        let stayed = self.waits() - self.at_once;
        (self.never as f64) < HARDLY * stayed as f64
    }

    fn waits(&self) -> u64 {
        self.seconds.iter().map(|second| second.ended).sum()
    }

    /// Second by second, as far as anybody waited.
    fn cells(&self) -> Vec<Cell> {
        let mut left = self.waits();
        let mut cells = Vec::new();
        for (place, second) in self.seconds.iter().enumerate() {
            left -= second.ended;
            // In the last piece there is no end to come to.
            let whole = if place < SECONDS { left as f64 } else { 0.0 };
            cells.push(Cell {
                from_s: place as u32,
                hung_up: second.hung_up,
                exposed_s: whole + second.rest_ms as f64 / 1000.0,
            });
        }
        if let Some(first) = cells.first_mut() {
            self.weigh(first);
        }
        cells
    }

    /// A share of those who have to wait hangs up at once, in no time: the first second has the hazard that leaves as
    /// many, and so the exposure that goes with it.
    fn weigh(&self, first: &mut Cell) {
        let waited = self.waits() - self.never;
        if self.at_once == 0 || self.at_once == waited || first.exposed_s <= 0.0 {
            return;
        }
        let later = (first.hung_up - self.at_once) as f64 / first.exposed_s;
        let hazard = later - libm::log1p(-(self.at_once as f64) / waited as f64);
        first.exposed_s = first.hung_up as f64 / hazard;
    }
}

fn survival(cells: &[Cell]) -> Vec<(u32, Figure)> {
    let (mut hazard, mut variance, mut told) = (0.0, 0.0, Vec::new());
    // Those who were there all the time.
    let mut fewest = f64::INFINITY;
    for cell in cells {
        if TOLD_S.contains(&cell.from_s) {
            let left = |hazard: f64| libm::exp(-hazard);
            // On the scale of log(hazard), on which ends stay between 0 and 1.
            let (least, most) = match hazard > 0.0 {
                true => {
                    let by = libm::exp(NORMAL_95 * f64::sqrt(variance) / hazard);
                    (hazard / by, hazard * by)
                }
                false => (0.0, NONE_MOST / fewest),
            };
            let figure = Figure {
                mean: Some(left(hazard)),
                low: Some(left(most)),
                high: Some(left(least)),
            };
            told.push((cell.from_s, figure));
        }
        if cell.exposed_s > 0.0 {
            hazard += cell.hung_up as f64 / cell.exposed_s;
            variance += cell.hung_up as f64 / (cell.exposed_s * cell.exposed_s);
            fewest = fewest.min(cell.exposed_s);
        }
    }
    told
}

/// The fewest pieces that fit: neighbours that are alike, as far as their hang-ups can tell, become one, the most
/// alike first. Two are alike while the likelihood of both hazards apart gains less than Schwarz's criterion
/// asks of two more numbers, a hazard and a border (1978).
fn pieces(cells: &[Cell]) -> Vec<Piece> {
    let mut list: Vec<Cell> = Vec::new();
    for cell in cells {
        match list.last_mut() {
            Some(last) if cell.from_s / width(cell.from_s) == last.from_s / width(cell.from_s) => {
                last.hung_up += cell.hung_up;
                last.exposed_s += cell.exposed_s;
            }
            _ => list.push(*cell),
        }
    }
    let all: u64 = cells.iter().map(|cell| cell.hung_up).sum();
    let enough = 2.0 * libm::log(all as f64);
    while list.len() > 1 {
        let gains = list.windows(2).map(|pair| {
            let few = pair[0].is_few_beside(pair[1]) || pair[1].is_few_beside(pair[0]);
            (gain(pair[0], pair[1]), few)
        });
        let gains: Vec<(f64, bool)> = gains.collect();
        let least = |one: &usize, other: &usize| gains[*one].0.total_cmp(&gains[*other].0);
        let mut place = (0..gains.len()).min_by(least).expect("a pair");
        if gains[place].0 >= enough && list.len() <= PIECES_MAX {
            // All differ; but of too few hang-ups nothing is known, however they differ.
            match (0..gains.len()).filter(|at| gains[*at].1).min_by(least) {
                Some(few) => place = few,
                None => break,
            }
        }
        let next = list.remove(place + 1);
        list[place].hung_up += next.hung_up;
        list[place].exposed_s += next.exposed_s;
    }
    end_with_hang_ups(&mut list);
    list.iter().map(|cell| cell.piece()).collect()
}

/// Where nobody hangs up any more, a law would have no end: the last piece that has hang-ups goes on.
fn end_with_hang_ups(list: &mut Vec<Cell>) {
    while let [.., before, last] = &mut list[..] {
        if last.hung_up > 0 {
            break;
        }
        before.exposed_s += last.exposed_s;
        list.pop();
    }
}

/// How many seconds from here on are looked at together: few hang up late.
fn width(from_s: u32) -> u32 {
    match from_s {
        0..120 => 1,
        120..600 => 5,
        _ => 60,
    }
}

/// Twice the logarithm of the likelihood that two hazards have over one.
fn gain(one: Cell, other: Cell) -> f64 {
    let part = |hung_up: f64, exposed_s: f64| {
        if hung_up > 0.0 {
            hung_up * libm::log(hung_up / exposed_s)
        } else {
            0.0
        }
    };
    let (a, b) = (one.hung_up as f64, other.hung_up as f64);
    let (s, t) = (one.exposed_s, other.exposed_s);
    // At once, in no time at all: that is like nothing else.
    if (a > 0.0 && s == 0.0) || (b > 0.0 && t == 0.0) {
        return f64::INFINITY;
    }
    2.0 * (part(a, s) + part(b, t) - part(a + b, s + t))
}

impl Cell {
    /// Whether its hang-ups are too few to tell it from its neighbour: there are few, and by the neighbour's hazard
    /// few would be expected. A long time in which nobody hangs up tells something.
    fn is_few_beside(&self, neighbour: Self) -> bool {
        // Whoever hangs up in no time would in any time.
        let expected = self.exposed_s * neighbour.hung_up as f64 / neighbour.exposed_s.max(0.001);
        self.hung_up < PIECE_MIN && expected < PIECE_MIN as f64
    }

    fn piece(&self) -> Piece {
        let hung_up = self.hung_up as f64;
        let exposed_s = self.exposed_s.max(hung_up * 60.0 / RATE_MAX);
        let per_minute = 60.0 * hung_up / exposed_s;
        let by = libm::exp(NORMAL_95 / hung_up.max(1.0).sqrt());
        let high = match self.hung_up {
            0 => 60.0 * NONE_MOST / exposed_s,
            _ => per_minute * by,
        };
        Piece {
            from_s: self.from_s,
            hung_up: self.hung_up,
            per_minute: Figure {
                mean: Some(per_minute),
                low: Some(per_minute / by),
                high: Some(high),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survival_is_kaplan_and_meiers() {
        let mut waits = Waits::default();
        // 100 wait; of each 10 s one in ten of those who are left hangs up, and one more is answered.
        let mut left = 100.0;
        let mut product = 1.0;
        let mut at_s = 5;
        while left >= 20.0 {
            let hang_up = (left / 10.0_f64).round();
            for _ in 0..hang_up as u32 {
                waits.note(at_s * 1000 + 999, true);
            }
            product *= 1.0 - hang_up / left;
            waits.note(at_s * 1000 + 2500, false);
            left -= hang_up + 1.0;
            at_s += 10;
            if at_s == 65 {
                break;
            }
        }
        for _ in 0..left as u32 {
            waits.note(200_000, false);
        }
        let found = waits.found();
        let (_, at_60) = found
            .survival
            .iter()
            .find(|(s, _)| *s == 60)
            .expect("a minute");
        let mean = at_60.mean.expect("a share");
        // A product of exponentials of small hazards.
        assert!((mean - product).abs() < 0.02, "{mean} {product}");
        assert!(at_60.contains(product));
    }

    #[test]
    fn who_hangs_up_at_once_is_a_piece_of_its_own() {
        let mut waits = Waits::default();
        for place in 0..2000 {
            // One in ten at once, and a hazard of one in 100 s.
            match place % 10 {
                0 => waits.note(0, true),
                _ => waits.note((1 + place / 10) * 700 % 300_000, place % 3 == 0),
            }
        }
        let found = waits.found();
        let pieces = &found.pieces;
        assert!(pieces[0].from_s == 0 && pieces[1].from_s == 1, "{pieces:?}");
        let rate = |piece: &Piece| piece.per_minute.mean.expect("a rate");
        assert!(rate(&pieces[0]) > 5.0 * rate(&pieces[1]));
        assert!(pieces.last().is_some_and(|last| rate(last) > 0.0));
    }

    /// Three in ten of those who have to wait hang up at once, and nobody of those who do not.
    #[test]
    fn who_hangs_up_at_once_leaves_as_many_as_there_are() {
        let mut waits = Waits::default();
        for place in 0..10_000 {
            match place % 10 {
                0..=2 => waits.note(0, true),
                3 => waits.note(30_000, true),
                _ => waits.note(60_000, false),
            }
            waits.note(0, false);
        }
        let found = waits.found();
        let (_, at_5) = found.survival[0];
        let mean = at_5.mean.expect("a share");
        assert!((mean - 0.7).abs() < 1e-9, "{mean}");
        let pieces = &found.pieces;
        assert!(pieces[0].from_s == 0 && pieces[1].from_s == 1, "{pieces:?}");
        let lost = 1.0 - libm::exp(-pieces[0].per_minute.mean.expect("a rate") / 60.0);
        assert!((lost - 0.3).abs() < 1e-9, "{lost}");
    }

    /// 3,000 wait for 20 s, and from then on one in 40 hangs up each second.
    #[test]
    fn a_time_in_which_nobody_hangs_up_is_a_piece_of_its_own() {
        let mut waits = Waits::default();
        for place in 0..3000 {
            match place % 2 {
                0 => waits.note(20_000 + place * 13, true),
                _ => waits.note(5_000 + place * 20, false),
            }
        }
        let found = waits.found();
        let pieces = &found.pieces;
        assert!(pieces.len() >= 2, "{pieces:?}");
        let first = pieces[0];
        assert_eq!((first.from_s, first.hung_up, pieces[1].from_s), (0, 0, 20));
        assert_eq!(first.per_minute.mean, Some(0.0));
        assert!(
            first
                .per_minute
                .high
                .is_some_and(|high| high > 0.0 && high < 0.01)
        );
        assert!(pieces.last().is_some_and(|last| last.hung_up > 0));
        let (_, at_5) = found.survival[0];
        assert!(
            at_5.low.is_some_and(|low| low < 1.0 && low > 0.998),
            "{at_5:?}"
        );
    }

    #[test]
    fn those_who_hang_up_in_no_time_have_a_rate() {
        let mut waits = Waits::default();
        (0..60).for_each(|_| waits.note(0, true));
        let pieces = waits.found().pieces;
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0].per_minute.mean, Some(RATE_MAX));
    }

    #[test]
    fn patience_may_end_at_a_fixed_time() {
        let mut waits = Waits::default();
        for place in 0..500 {
            waits.note(60_000, true);
            waits.note(place * 119, false);
        }
        let pieces = waits.found().pieces;
        let begins: Vec<u32> = pieces.iter().map(|piece| piece.from_s).collect();
        assert_eq!(begins, [0, 60]);
        assert_eq!(pieces[0].per_minute.mean, Some(0.0));
    }

    #[test]
    fn nobody_who_waits_on_for_ever_ends_a_law() {
        let mut waits = Waits::default();
        for _ in 0..500 {
            waits.note(10_500, true);
            waits.note(400_000, false);
        }
        let found = waits.found();
        assert!(
            found.pieces.last().is_some_and(|last| last.hung_up > 0),
            "{:?}",
            found.pieces
        );
    }

    #[test]
    fn where_phones_ring_nobody_tells_who_found_somebody_free() {
        let at_once = |answered_ms| {
            let mut waits = Waits::default();
            for _ in 0..100 {
                waits.note(0, true);
                waits.note(answered_ms, false);
            }
            waits.found().at_once
        };
        assert_eq!((at_once(0), at_once(4000)), (0, 100));
    }

    #[test]
    fn too_few_tell_nothing() {
        let mut waits = Waits::default();
        for _ in 0..HANG_UPS_MIN - 1 {
            waits.note(10_000, true);
        }
        assert!(waits.found().pieces.is_empty());
        waits.note(10_000, true);
        assert!(!waits.found().pieces.is_empty());
    }
}
