//! How the calls of one interval are spread over it.

/// One interval: its calls, and the rate at which they come, in parts of the interval from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    plain: Plain,
    surge: Option<Surged>,
}

/// The calls as forecast.
#[derive(Clone, Copy, Debug)]
struct Plain {
    calls: f64,
    /// The rate at both ends and in the middle, between which it goes in straight lines; none where it
    /// is constant.
    lines: Option<Lines>,
}

#[derive(Clone, Copy, Debug)]
struct Lines {
    from: f64,
    middle: f64,
    to: f64,
}

/// A part of the interval in which the rate is multiplied.
#[derive(Clone, Copy, Debug)]
struct Surged {
    /// Calls as forecast before it.
    before: f64,
    /// Calls as forecast within it.
    within: f64,
    factor: f64,
}

impl Profile {
    /// A constant rate.
    pub(super) fn constant(calls: f64) -> Self {
        let (lines, surge) = (None, None);
        let plain = Plain { calls, lines };
        Self { plain, surge }
    }

    /// A rate that goes in straight lines between the neighbours' calls and these.
    pub(super) fn linear(calls: f64, earlier: Option<f64>, later: Option<f64>) -> Self {
        // A middle that keeps the interval's calls must not lie below zero.
        let border = |other: Option<f64>| match other {
            Some(other) => f64::midpoint(calls, other).min(2.0 * calls.min(other)),
            None => calls,
        };
        let (from, to) = (border(earlier), border(later));
        let middle = 2.0 * calls - f64::midpoint(from, to);
        let lines = Some(Lines { from, middle, to });
        let plain = Plain { calls, lines };
        Self { plain, surge: None }
    }

    /// The same with its rate multiplied from one part of it to another.
    pub(super) fn surging(self, (from, until): (f64, f64), factor: f64) -> Self {
        let before = self.plain.until(from);
        let within = self.plain.until(until) - before;
        let surge = Some(Surged {
            before,
            within,
            factor,
        });
        Self { surge, ..self }
    }

    /// All of its calls.
    pub(super) fn calls(&self) -> f64 {
        let more = |surge: Surged| (surge.factor - 1.0) * surge.within;
        self.plain.calls + self.surge.map_or(0.0, more)
    }

    /// The part of the interval at which so many of its calls have come.
    pub(super) fn part(&self, calls: f64) -> f64 {
        self.plain.part(match self.surge {
            Some(surge) => surge.as_forecast(calls),
            None => calls,
        })
    }
}

impl Surged {
    /// How many calls would have come as forecast, when so many have come.
    fn as_forecast(&self, calls: f64) -> f64 {
        let since = calls - self.before;
        let own = self.factor * self.within;
        if since < 0.0 {
            calls
        } else if since < own {
            self.before + since / self.factor
        } else {
            calls - own + self.within
        }
    }
}

impl Plain {
    /// Calls until this part of the interval.
    fn until(&self, part: f64) -> f64 {
        let Some(Lines { from, middle, to }) = self.lines else {
            return self.calls * part;
        };
        // The rate from the beginning of a half on, over so much of the interval.
        let half = |from: f64, to: f64, part: f64| (from + (to - from) * part) * part;
        match part < 0.5 {
            true => half(from, middle, part),
            false => half(from, middle, 0.5) + half(middle, to, part - 0.5),
        }
    }

    /// The reverse of [`Plain::until`].
    fn part(&self, calls: f64) -> f64 {
        let Some(Lines { from, middle, to }) = self.lines else {
            return calls / self.calls;
        };
        let half = (from + middle) / 4.0;
        let rest = calls - half;
        let at = match rest < 0.0 {
            true => root(calls, from, middle),
            false => 0.5 + root(rest, middle, to),
        };
        at.clamp(0.0, 1.0)
    }
}

/// Where a rate that goes from `from` to `to` within half an interval has brought so many calls.
fn root(calls: f64, from: f64, to: f64) -> f64 {
    let slope = to - from;
    let below = from * from + 4.0 * slope * calls;
    let under = from + libm::sqrt(below.max(0.0));
    if under > 0.0 {
        2.0 * calls / under
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} {other}");
    }

    #[test]
    fn a_surge_multiplies_what_comes_while_it_lasts() {
        let constant = Profile::constant(60.0).surging((0.25, 0.5), 3.0);
        near(constant.calls(), 90.0);
        let parts = [
            (7.5, 0.125),
            (15.0, 0.25),
            (37.5, 0.375),
            (60.0, 0.5),
            (75.0, 0.75),
        ];
        for (calls, part) in parts {
            near(constant.part(calls), part);
        }
        // From 0 over 90 in the middle to 60: until the quarter 5.625 calls, until the middle 22.5,
        // until three quarters 42.1875.
        let linear = Profile::linear(60.0, Some(0.0), Some(60.0));
        let surging = linear.surging((0.25, 0.75), 2.0);
        let border = |part| linear.plain.until(part);
        near(surging.calls(), 60.0 + border(0.75) - border(0.25));
        near(surging.part(border(0.25)), 0.25);
        near(surging.part(2.0 * border(0.5) - border(0.25)), 0.5);
        near(surging.part(2.0 * border(0.75) - border(0.25)), 0.75);
        near(surging.part(surging.calls()), 1.0);
    }

    #[test]
    fn calls_until_a_part_are_the_reverse_of_the_part() {
        let linear = Profile::linear(60.0, Some(0.0), Some(300.0)).plain;
        near(linear.until(1.0), 60.0);
        for part in [0.0, 0.1, 0.25, 0.5, 0.6, 0.9, 1.0] {
            near(linear.part(linear.until(part)), part);
        }
    }
}
