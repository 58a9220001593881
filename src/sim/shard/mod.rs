//! A study in parts: every shard runs its own of the replications, on whatever machine, and what they
//! all came to is one study again, byte for byte.
//!
//! Runs are independent and their figures are integers, so nothing is lost by carrying them from one
//! machine to another: [`part`] is the file that does so, [`merge`] puts the parts together.

pub mod merge;
pub mod part;

use serde::Deserialize;
use serde::Serialize;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// The most parts of a study.
pub const SHARDS_MAX: u32 = 100_000;

/// One part of a study's runs, the `number`th of `of`, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// Which part, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many parts there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// The replications of this part, counted from 0: parts differ by one at most, and in a study of
    /// fewer runs than parts some have none.
    pub fn runs(self, runs: u32) -> Range<u32> {
        let until = |part: u32| (u64::from(runs) * u64::from(part) / u64::from(self.of)) as u32;
        until(self.number - 1)..until(self.number)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let number = |text: &str| text.parse::<u32>().ok();
        match parts.and_then(|(one, of)| Some((number(one)?, number(of)?))) {
            Some((number, of)) if (1..=of).contains(&number) && of <= SHARDS_MAX => {
                Ok(Self { number, of })
            }
            Some((_, of)) if of > SHARDS_MAX => Err(format!("{SHARDS_MAX} parts at most")),
            _ => Err("write which part of how many, from 1: `2/7`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_run_is_in_one_part(runs in 0_u32..5000, of in 1_u32..300) {
            let mut next = 0;
            for number in 1..=of {
                let part = Shard { number, of }.runs(runs);
                prop_assert_eq!(part.start, next);
                prop_assert!(part.len() as u32 <= runs / of + 1 && part.len() as u32 >= runs / of);
                next = part.end;
            }
            prop_assert_eq!(next, runs);
        }
    }

    #[test]
    fn a_part_is_written_as_number_and_whole() {
        assert_eq!("2/7".parse(), Ok(Shard { number: 2, of: 7 }));
        for wrong in [
            "0/7", "8/7", "2", "2/", "/7", "-1/7", "2/7/1", "1/100001", "",
        ] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
