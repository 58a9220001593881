//! How busy days are, and the intervals within them: the method of moments.
//!
//! The model is that of the simulator (Avramidis, Deslauriers and L'Ecuyer, *Management Science* 50, 2004;
//! Channouf and L'Ecuyer, 2012): given the factor `B` of a day and the factors `W_i` of its intervals, all of
//! mean 1, calls come by Poisson's law with mean `m_i B W_i`. Then two intervals `k` apart have
//!
//! `cov(N_i, N_{i+k}) = m_i m_{i+k} (b² + (1 + b²) w² r_k)`, and for `k = 0` also `m_i`,
//!
//! with `b` and `w` the coefficients of variation and `r_k` the correlation of the factors, `r^k` in an
//! autoregression of order 1. Three moments give three numbers: the variance of an interval (all of them, each
//! beyond its mean), the variance of a day, and the covariances of intervals that are `k` apart, which the curve
//! in `k` that has the first two comes nearest to by least squares. So days and intervals that are simulated vary
//! as much as those that were recorded. What lasts longer than a day is the day's: `r` is such that the first and
//! the last interval of a day have nothing but the day in common, or hardly so.

use super::chi_square::beyond;
use super::days::Days;
use super::jackknife;
use crate::measure::Figure;
use crate::measure::confidence::Confidence;
use crate::measure::figure::Part;
use jiff::civil::Date;

/// The fewest days of which it is said how much they differ.
pub const DAYS_MIN: usize = 10;
/// The fewest intervals of a day of which it is said how they go together.
pub const INTERVALS_MIN: usize = 6;
/// A dispersion so many standard deviations above what chance gives is none: 5 in 100 by chance.
const BEYOND_CHANCE: f64 = 1.645;
/// The share of the variance of days from which on it is told what it goes with.
const EXPLAINED_MIN: f64 = 0.5;
/// Factors of intervals are told where they make at least this share of what intervals differ by.
const MADE_MIN: f64 = 0.5;
/// Of the factor of the first interval so much is left in the last one, at most.
const MEMORY_MAX: f64 = 0.05;
/// How many correlations are tried.
const TRIED: u32 = 200;

/// What days and intervals show of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Calls a day.
    pub calls: Figure,
    /// Standard deviation of a day's calls; none of one day.
    pub deviation: Option<f64>,
    /// Variance of a day's calls over their mean: 1 for Poisson arrivals.
    pub dispersion: Option<f64>,
    /// The same of an interval's calls.
    pub dispersion_of_intervals: Option<f64>,
    /// And of these given the calls of the day.
    pub dispersion_within: Option<f64>,
    /// How busy days are.
    pub day: Spread,
    /// How busy the intervals of a day are beyond that.
    pub within: Spread,
    /// The correlation of one interval and the next, where these differ; without an interval where it is the
    /// largest that a day has room for.
    pub correlation: Option<Figure>,
    /// The share of the variance of days that goes with the day of the week, if it is large.
    pub by_weekday: Option<f64>,
    /// The share that goes with the time of year, and by what part of the mean calls change in 30 days.
    pub trend: Option<(f64, f64)>,
}

/// A coefficient of variation, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// What it is.
    Cv(Figure),
    /// Days, or intervals, differ by no more than chance makes them.
    Chance,
    /// Days differ by what their intervals do.
    Intervals,
    /// Intervals differ beyond chance, but not as factors of theirs would make them: what one has more others have less.
    Balanced,
    /// There are too few days, or intervals.
    TooFew,
}

impl Spread {
    /// The coefficient, if there is one.
    pub fn cv(self) -> Option<Figure> {
        match self {
            Self::Cv(figure) => Some(figure),
            Self::Chance | Self::Intervals | Self::Balanced | Self::TooFew => None,
        }
    }
}

impl Found {
    /// What the days show.
    pub(super) fn of(days: &Days) -> Self {
        let totals: Vec<f64> = days.calls.iter().map(|day| day.iter().sum()).collect();
        let n = totals.len();
        let confidence = Confidence::new(jackknife::LEVEL, n.max(1));
        let calls = confidence.ratio(totals.iter().map(|total| Part {
            over: *total,
            under: 1.0,
        }));
        let calls = calls.clamped(0.0, f64::INFINITY);
        let mean = calls.mean.unwrap_or(0.0);
        let variance = (n > 1).then(|| variance(&totals, mean));
        let dispersion = variance.map(|variance| variance / mean);
        let within = (n > 1).then(|| dispersion_within(days, &totals)).flatten();
        let mut found = Self {
            calls,
            deviation: variance.map(f64::sqrt),
            dispersion,
            dispersion_of_intervals: (n > 1).then(|| dispersion_of_intervals(days)),
            dispersion_within: within.map(|(dispersion, _)| dispersion),
            day: Spread::TooFew,
            within: Spread::TooFew,
            correlation: None,
            by_weekday: variance.and_then(|all| by_weekday(&days.used, &totals, all)),
            trend: variance.and_then(|all| trend(&days.used, &totals, all)),
        };
        if n < DAYS_MIN {
            return found;
        }
        let is_beyond = |value: Option<(f64, f64)>| {
            value.is_some_and(|(dispersion, freedom)| beyond(dispersion, freedom) > BEYOND_CHANCE)
        };
        let days_differ = is_beyond(dispersion.map(|value| (value, n as f64 - 1.0)));
        let has_intervals = days.calls[0].len() >= INTERVALS_MIN;
        let intervals_differ = has_intervals && is_beyond(within);
        let moments = Moments::of(&days.calls);
        let law = |curve: Curve| curve.law(intervals_differ);
        let whole = law(moments.curve(None, intervals_differ));
        let without: Vec<Law> = (0..n)
            .map(|day| law(moments.curve(Some(day), intervals_differ)))
            .collect();
        let figure = |of: fn(&Law) -> f64, is_positive| {
            let each: Vec<f64> = without.iter().map(of).collect();
            jackknife::figure(of(&whole), &each, is_positive)
        };
        found.day = match (days_differ, whole.day > 0.0) {
            (true, true) => Spread::Cv(figure(|law| law.day, true)),
            (true, false) => Spread::Intervals,
            (false, _) => Spread::Chance,
        };
        // Factors make the dispersion given the day no larger than that, whatever their correlation.
        let made = whole.within * whole.within * mean_of_a_call(days);
        let excess = found.dispersion_within.unwrap_or(1.0) - 1.0;
        found.within = match (has_intervals, intervals_differ) {
            (false, _) => Spread::TooFew,
            (true, false) => Spread::Chance,
            (true, true) if made < MADE_MIN * excess => Spread::Balanced,
            (true, true) => Spread::Cv(figure(|law| law.within, true)),
        };
        if found.within.cv().is_some() {
            let correlation = figure(|law| law.correlation, false).clamped(0.0, 1.0);
            let is_bound = whole.correlation >= longest_memory(days.calls[0].len());
            let most = longest_memory(days.calls[0].len());
            let reaches = |figure: Figure| figure.high.is_some_and(|high| high >= most);
            found.correlation = Some(match (is_bound, reaches(correlation)) {
                (true, _) => Figure {
                    mean: correlation.mean,
                    ..Figure::NONE
                },
                // More than what is looked for is not known to be too much.
                (false, true) => Figure {
                    high: Some(1.0),
                    ..correlation
                },
                (false, false) => correlation,
            });
        }
        found
    }
}

fn variance(values: &[f64], mean: f64) -> f64 {
    let squares: f64 = values.iter().map(|one| (one - mean) * (one - mean)).sum();
    squares / (values.len() as f64 - 1.0)
}

/// The mean calls of the interval of a call: larger intervals hold more of them.
fn mean_of_a_call(days: &Days) -> f64 {
    let n = days.calls.len() as f64;
    let slots = days.calls.first().map_or(0, Vec::len);
    let means = (0..slots).map(|slot| days.calls.iter().map(|day| day[slot]).sum::<f64>() / n);
    let (squares, sum) = means.fold((0.0, 0.0), |(squares, sum), mean| {
        (squares + mean * mean, sum + mean)
    });
    squares / sum
}

/// The index of dispersion of intervals, all together.
fn dispersion_of_intervals(days: &Days) -> f64 {
    let (n, slots) = (days.calls.len() as f64, days.calls[0].len());
    let (mut variances, mut means) = (0.0, 0.0);
    for slot in 0..slots {
        let calls: Vec<f64> = days.calls.iter().map(|day| day[slot]).collect();
        let mean = calls.iter().sum::<f64>() / n;
        variances += variance(&calls, mean);
        means += mean;
    }
    variances / means
}

/// The index of dispersion of intervals given the calls of their days, and its degrees of freedom: Pearson's
/// statistic of a table of days by intervals.
fn dispersion_within(days: &Days, totals: &[f64]) -> Option<(f64, f64)> {
    let all: f64 = totals.iter().sum();
    let intervals = days.calls.first()?.len();
    let (mut statistic, mut used) = (0.0, 0.0);
    for slot in 0..intervals {
        let share = days.calls.iter().map(|day| day[slot]).sum::<f64>() / all;
        if share == 0.0 {
            continue;
        }
        used += 1.0;
        for (day, total) in days.calls.iter().zip(totals) {
            let expected = share * total;
            statistic += (day[slot] - expected) * (day[slot] - expected) / expected;
        }
    }
    let freedom = (totals.len() as f64 - 1.0) * (used - 1.0);
    (freedom > 0.0).then(|| (statistic / freedom, freedom))
}

/// The largest correlation of an interval and the next in a day of so many.
fn longest_memory(intervals: usize) -> f64 {
    libm::pow(MEMORY_MAX, 1.0 / intervals as f64)
}

/// The share of the variance that is left in it between days of the week, if it is large.
fn by_weekday(dates: &[Date], totals: &[f64], all: f64) -> Option<f64> {
    let mut groups: [Vec<f64>; 7] = Default::default();
    for (date, total) in dates.iter().zip(totals) {
        let place = date.weekday().to_monday_zero_offset().unsigned_abs();
        groups[usize::from(place)].push(*total);
    }
    let groups = groups.iter().filter(|group| !group.is_empty());
    let (count, n) = (groups.clone().count(), totals.len());
    if count < 2 || n < 2 * count {
        return None;
    }
    let within = groups.map(|group| {
        let mean = group.iter().sum::<f64>() / group.len() as f64;
        group
            .iter()
            .map(|one| (one - mean) * (one - mean))
            .sum::<f64>()
    });
    let left = within.sum::<f64>() / (n - count) as f64;
    explained(left, all)
}

/// The same of a straight line through the days; and its slope, as a part of the mean in 30 days.
fn trend(dates: &[Date], totals: &[f64], all: f64) -> Option<(f64, f64)> {
    let n = totals.len() as f64;
    if totals.len() < DAYS_MIN {
        return None;
    }
    let since = |date: &Date| f64::from(dates[0].until(*date).map_or(0, |span| span.get_days()));
    let times: Vec<f64> = dates.iter().map(since).collect();
    let (time, total) = (
        times.iter().sum::<f64>() / n,
        totals.iter().sum::<f64>() / n,
    );
    let pairs = times.iter().zip(totals);
    let product: f64 = pairs.map(|(at, calls)| (at - time) * (calls - total)).sum();
    let square: f64 = times.iter().map(|at| (at - time) * (at - time)).sum();
    let slope = product / square;
    let left = (all * (n - 1.0) - slope * product) / (n - 2.0);
    explained(left, all).map(|share| (share, slope * 30.0 / total))
}

fn explained(left: f64, all: f64) -> Option<f64> {
    let share = 1.0 - left / all;
    (share >= EXPLAINED_MIN).then_some(share)
}

/// Sums of calls and of their products over days.
struct Moments<'d> {
    days: &'d [Vec<f64>],
    sums: Vec<f64>,
    /// Of each pair of intervals, the earlier first: row after row.
    products: Vec<f64>,
}

impl<'d> Moments<'d> {
    fn of(days: &'d [Vec<f64>]) -> Self {
        let slots = days[0].len();
        let (mut sums, mut products) = (vec![0.0; slots], vec![0.0; slots * slots]);
        for day in days {
            for first in 0..slots {
                sums[first] += day[first];
                for second in first..slots {
                    products[first * slots + second] += day[first] * day[second];
                }
            }
        }
        Self {
            days,
            sums,
            products,
        }
    }

    /// The curve through the covariances, of all days but perhaps one.
    fn curve(&self, without: Option<usize>, has_within: bool) -> Curve {
        let slots = self.sums.len();
        let left_out = without.map(|day| &self.days[day]);
        let n = self.days.len() as f64 - if without.is_some() { 1.0 } else { 0.0 };
        let less = |slot: usize| left_out.map_or(0.0, |day| day[slot]);
        let means: Vec<f64> = (0..slots)
            .map(|slot| (self.sums[slot] - less(slot)) / n)
            .collect();
        // By distance: covariances beyond Poisson's, and products of means.
        let (mut covariances, mut products) = (vec![0.0; slots], vec![0.0; slots]);
        for first in 0..slots {
            for second in first..slots {
                let product = self.products[first * slots + second] - less(first) * less(second);
                let both = means[first] * means[second];
                let mut covariance = (product - n * both) / (n - 1.0);
                if first == second {
                    covariance -= means[first];
                }
                covariances[second - first] += covariance;
                products[second - first] += both;
            }
        }
        let lag = |place: usize| Lag {
            covariance: covariances[place],
            product: products[place],
            // A pair is two pairs in the variance of a day.
            times: if place == 0 { 1.0 } else { 2.0 },
        };
        let lags: Vec<Lag> = (0..slots).map(lag).collect();
        Curve::through(&lags, has_within)
    }
}

/// Intervals so far apart: sums of their covariances, and of the products of their means.
#[derive(Clone, Copy, Debug)]
struct Lag {
    covariance: f64,
    product: f64,
    times: f64,
}

/// `level + above * ratio^k`.
#[derive(Clone, Copy, Debug, Default)]
struct Curve {
    level: f64,
    above: f64,
    ratio: f64,
}

impl Curve {
    /// The one that has the variance of the day, that of an interval, and comes nearest to the rest.
    fn through(lags: &[Lag], has_within: bool) -> Self {
        let sum =
            |of: &dyn Fn(&Lag) -> f64| lags.iter().map(|lag| lag.times * of(lag)).sum::<f64>();
        let all = sum(&|lag| lag.product);
        let of_day = sum(&|lag| lag.covariance) / all;
        let of_interval = lags[0].covariance / lags[0].product;
        if !has_within {
            return Self {
                level: of_day,
                ..Self::default()
            };
        }
        let most = longest_memory(lags.len());
        let mut best = (f64::INFINITY, Self::default());
        for place in 0..=TRIED {
            let ratio = most * f64::from(place) / f64::from(TRIED);
            // What the factors of intervals leave in the sum of a day, each with all others.
            let (mut kept, mut power) = (0.0, 1.0);
            for lag in lags {
                kept += lag.times * lag.product * power / all;
                power *= ratio;
            }
            let above = ((of_interval - of_day) / (1.0 - kept)).max(0.0);
            let mut curve = Self {
                level: of_day - above * kept,
                above,
                ratio,
            };
            if curve.level < 0.0 {
                curve.level = 0.0;
                curve.above = (of_day / kept).max(0.0);
            }
            let error = left_by(lags, ratio);
            if error < best.0 {
                best = (error, curve);
            }
        }
        best.1
    }

    fn law(self, has_within: bool) -> Law {
        let level = self.level.max(0.0);
        Law {
            day: level.sqrt(),
            within: (self.above / (1.0 + level)).max(0.0).sqrt(),
            correlation: if has_within { self.ratio } else { 0.0 },
        }
    }
}

/// The squares that the best curve with this ratio leaves, whatever its level and height: what all days have in
/// common by chance is in the level.
fn left_by(lags: &[Lag], ratio: f64) -> f64 {
    let (mut weight, mut x, mut xx, mut y, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let mut power = 1.0;
    for lag in lags.iter().filter(|lag| lag.product > 0.0) {
        let (own, value) = (lag.times * lag.product, lag.covariance / lag.product);
        weight += own;
        x += own * power;
        xx += own * power * power;
        y += own * value;
        xy += own * power * value;
        yy += own * value * value;
        power *= ratio;
    }
    let spread = xx - x * x / weight;
    let common = xy - x * y / weight;
    // A curve that rises is none.
    let explained = if common > 0.0 {
        common * common / spread
    } else {
        0.0
    };
    yy - y * y / weight - explained
}

/// Coefficients of variation, and the correlation of neighbours.
#[derive(Clone, Copy, Debug)]
struct Law {
    day: f64,
    within: f64,
    correlation: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::time::Span;
    use crate::sim::stream::Purpose;
    use crate::sim::stream::Stream;
    use crate::sim::stream::Streams;

    const SLOTS: usize = 24;

    /// A standard normal variable (Box and Muller, 1958).
    fn normal(stream: &mut Stream) -> f64 {
        let radius = (-2.0 * libm::log(stream.unit())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * stream.unit())
    }

    /// A log-normal factor of mean 1.
    fn factor(cv: f64, score: f64) -> f64 {
        let variance = libm::log1p(cv * cv);
        libm::exp(variance.sqrt() * score - variance / 2.0)
    }

    /// A Poisson variable: how many exponential ones fit in.
    fn poisson(mean: f64, stream: &mut Stream) -> f64 {
        let (mut count, mut sum) = (0.0, -libm::log(stream.unit()));
        while sum < mean {
            sum -= libm::log(stream.unit());
            count += 1.0;
        }
        count
    }

    fn days(calls: Vec<Vec<f64>>) -> Days {
        let first = jiff::civil::date(2026, 1, 5);
        let date = |place: usize| first.checked_add(jiff::Span::new().days(place as i64));
        Days {
            interval: Span::minutes(30),
            first_minute: 540,
            used: (0..calls.len())
                .map(|day| date(day).expect("a date"))
                .collect(),
            left_out: Vec::new(),
            calls,
            lines: Vec::new(),
        }
    }

    /// So many days of the model.
    fn drawn(seed: u64, count: usize, (cv, within, correlation): (f64, f64, f64)) -> Days {
        let mut stream = Streams::new(seed, 0).stream(Purpose::Busyness, 0);
        let fresh = libm::sqrt(1.0 - correlation * correlation);
        let day = |_| {
            let busy = factor(cv, normal(&mut stream));
            let mut score = normal(&mut stream);
            let slot = |slot: usize| {
                let mean = 60.0 + 5.0 * (slot % 12) as f64;
                let calls = mean * busy * factor(within, score);
                score = correlation * score + fresh * normal(&mut stream);
                poisson(calls, &mut stream)
            };
            (0..SLOTS).map(slot).collect()
        };
        days((0..count).map(day).collect())
    }

    #[test]
    fn intervals_hold_what_days_were_made_with() {
        let truth = (0.1, 0.15, 0.7);
        let mut held = [0; 3];
        for seed in 0..200 {
            let found = Found::of(&drawn(seed, 60, truth));
            let figures = [found.day.cv(), found.within.cv(), found.correlation];
            let truths = [truth.0, truth.1, truth.2];
            for ((held, figure), truth) in held.iter_mut().zip(figures).zip(truths) {
                *held += usize::from(figure.is_some_and(|figure| figure.contains(truth)));
            }
        }
        // 95 in 100 were to be expected: 190 of 200.
        assert!(held.iter().all(|held| *held >= 180), "{held:?} of 200");
    }

    #[test]
    fn poisson_days_are_no_more_than_chance() {
        let mut told = [0; 2];
        for seed in 0..100 {
            let found = Found::of(&drawn(seed, 40, (0.0, 0.0, 0.0)));
            told[0] += usize::from(found.day != Spread::Chance);
            told[1] += usize::from(found.within != Spread::Chance);
            assert!(found.by_weekday.is_none() && found.trend.is_none());
        }
        // 5 in 100 by chance.
        assert!(told.iter().all(|told| *told <= 11), "{told:?} of 100");
    }

    #[test]
    fn what_was_measured_varies_as_much_when_it_is_simulated() {
        let source = drawn(3, 400, (0.08, 0.2, 0.5));
        let found = Found::of(&source);
        let mean = |figure: Option<Figure>| figure.and_then(|figure| figure.mean).expect("a cv");
        let law = (
            mean(found.day.cv()),
            mean(found.within.cv()),
            mean(found.correlation),
        );
        let again = Found::of(&drawn(4, 400, law));
        let ratio = again.dispersion.expect("days") / found.dispersion.expect("days");
        assert!((ratio - 1.0).abs() < 0.2, "{ratio}");
        let ratio = again.dispersion_within.expect("days") / found.dispersion_within.expect("days");
        assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
    }

    #[test]
    fn weekdays_and_growth_are_noticed() {
        let day = |place: usize| {
            vec![
                if place.is_multiple_of(7) {
                    150.0
                } else {
                    100.0
                };
                8
            ]
        };
        let found = Found::of(&days((0..70).map(day).collect()));
        assert!(found.by_weekday.is_some_and(|share| share > 0.99) && found.trend.is_none());
        let day = |place: usize| vec![100.0 + place as f64; 8];
        let (share, slope) = Found::of(&days((0..61).map(day).collect()))
            .trend
            .expect("a trend");
        assert!(share > 0.99 && (slope - 30.0 / 130.0).abs() < 1e-9);
    }
}
