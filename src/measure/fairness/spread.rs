//! How evenly calls are divided among people.

use super::evenness;

/// Calls per agent of one group in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Agents.
    pub agents: u64,
    /// Their calls together.
    pub calls: u64,
    /// Standard deviation between agents (of the whole group, divisor n).
    pub sd: f64,
    /// The fewest calls of an agent.
    pub min: u64,
    /// The most calls of an agent.
    pub max: u64,
    /// Jain's index ([`evenness::jain`]); 1 when nobody has any.
    pub jain: f64,
}

impl Spread {
    /// The spread of the agents' calls; none without agents.
    pub fn of(calls: &[u64]) -> Option<Self> {
        let (&min, &max) = (calls.iter().min()?, calls.iter().max()?);
        let agents = calls.len() as u64;
        let sum: u64 = calls.iter().sum();
        let squares: u64 = calls.iter().map(|x| x * x).sum();
        // n sum x^2 - (sum x)^2 is exact in integers, and never negative
        let deviation = agents * squares - sum * sum;
        let numbers: Vec<f64> = calls.iter().map(|x| *x as f64).collect();
        Some(Self {
            agents,
            calls: sum,
            sd: (deviation as f64).sqrt() / agents as f64,
            min,
            max,
            jain: evenness::jain(&numbers).unwrap_or(1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_have_no_spread() {
        let spread = Spread::of(&[7, 7, 7]).unwrap();
        assert_eq!((spread.sd, spread.jain), (0.0, 1.0));
        assert_eq!((spread.min, spread.max, spread.calls), (7, 7, 21));
    }

    #[test]
    fn one_who_takes_all_has_the_least_index() {
        let spread = Spread::of(&[0, 0, 0, 8]).unwrap();
        assert_eq!(spread.jain, 0.25);
        assert_eq!(spread.sd, 12f64.sqrt());
    }

    #[test]
    fn nobody_has_no_spread() {
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[0, 0]).unwrap().jain, 1.0);
    }
}
