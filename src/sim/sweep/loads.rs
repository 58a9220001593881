//! Factors on calls.

use super::steps::STEPS_MAX;
use super::steps::Steps;
use super::steps::spread;
use std::str::FromStr;

/// The largest load.
pub const LOAD_MAX: f64 = 100.0;
/// Loads nearer to each other than this are the same.
const SAME: f64 = 1e-9;

/// Factors on all calls, or on those of a spike, in rising order.
#[derive(Clone, Debug, PartialEq)]
pub struct Loads(pub(super) Vec<f64>);

impl Loads {
    /// The one load of a scenario as it is.
    pub fn as_written() -> Self {
        Self(vec![1.0])
    }

    /// All of them.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

impl FromStr for Loads {
    type Err = String;

    /// `0.5..4`, eight loads evenly spaced; `0.5..4/15`, fifteen; or `0.5,1,2`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "write a range of factors on the calls or a list: `0.5..4`, `0.5..4/15`, `0.5,1,2`; \
                 each above 0 and up to {LOAD_MAX}, {STEPS_MAX} at most"
            )
        };
        let load = |text: &str| {
            let load = text.parse().ok();
            load.filter(|load| *load > 0.0 && *load <= LOAD_MAX)
                .ok_or_else(wrong)
        };
        let mut loads: Vec<f64> = match Steps::parse(text).ok_or_else(wrong)? {
            Steps::Range(from, to, count) => spread(load(from)?, load(to)?, count).collect(),
            Steps::List(list) => list.into_iter().map(load).collect::<Result<_, _>>()?,
        };
        loads.sort_by(f64::total_cmp);
        loads.dedup_by(|one, other| (*one - *other).abs() < SAME);
        Ok(Self(loads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_a_range_or_a_list() {
        let loads = |text: &str| text.parse::<Loads>().map(|loads| loads.0);
        assert_eq!(
            loads("0.5..4"),
            Ok(vec![0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0])
        );
        assert_eq!(loads("1..2/3"), Ok(vec![1.0, 1.5, 2.0]));
        assert_eq!(loads("2, 0.5,1,1"), Ok(vec![0.5, 1.0, 2.0]));
        assert_eq!(loads("1..1"), Ok(vec![1.0]));
        for wrong in [
            "", "0..4", "1..", "a", "1,,2", "-1", "1..1000", "NaN", "inf", "1..2/1", "1..2/101",
            "1..2/", "1/3",
        ] {
            assert!(loads(wrong).is_err(), "{wrong}");
        }
    }
}
