//! A part of the day in which more people call.

use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::sim::scenario::Scenario;
use std::fmt;
use std::str::FromStr;

/// A day.
const DAY_MINUTES: u64 = 24 * 60;
const MS_PER_MINUTE: u64 = 60_000;

/// `10:00-10:40`: the load of a sweep is that of this time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spike {
    /// In minutes of the day.
    from: u64,
    until: u64,
}

impl Spike {
    /// Beginning and end in a run of the scenario. The error says why there is no such time.
    pub fn window(self, scenario: &Scenario) -> Result<(Tick, Tick), String> {
        if scenario.interval.is_none() {
            return Err("a steady state has no time of day".to_owned());
        }
        let start =
            u64::from(scenario.start.hour() as u8) * 60 + u64::from(scenario.start.minute() as u8);
        // What begins before the run is of the next day.
        let from = match self.from < start {
            true => self.from + DAY_MINUTES,
            false => self.from,
        };
        let length = (self.until + DAY_MINUTES - self.from) % DAY_MINUTES;
        let begin = (from - start) * MS_PER_MINUTE;
        let end = begin + length * MS_PER_MINUTE;
        if end > scenario.length.0 {
            let span = scenario.span(None);
            return Err(match self.until > 0 && self.until < self.from {
                true => format!("{self} ends on the next day, and is not within {span}"),
                false => format!("{self} is not within {span}"),
            });
        }
        Ok((Tick(0) + Span(begin), Tick(0) + Span(end)))
    }
}

impl fmt::Display for Spike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minutes: u64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let until = match self.until {
            0 => DAY_MINUTES,
            until => until,
        };
        write!(f, "{}-{}", clock(self.from), clock(until))
    }
}

impl FromStr for Spike {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Of the end `24:00` is the beginning of the next day.
        let minutes = |text: &str, most: u64| {
            let (hours, minutes) = text.trim().split_once(':')?;
            let part = |text: &str, most: u64| -> Option<u64> {
                let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse().ok().filter(|part| plain && *part < most)
            };
            let minutes = part(hours, 25)? * 60 + part(minutes, 60)?;
            (minutes <= most).then_some(minutes % DAY_MINUTES)
        };
        let both = text.split_once('-');
        let both = both.and_then(|(from, until)| {
            Some((
                minutes(from, DAY_MINUTES - 1)?,
                minutes(until, DAY_MINUTES)?,
            ))
        });
        match both {
            Some((from, until)) if from != until => Ok(Self { from, until }),
            _ => Err("write from when until when: `10:00-10:40`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_is_a_time_of_day() {
        let spike = |text: &str| text.parse::<Spike>();
        assert_eq!(
            spike("10:00-10:40"),
            Ok(Spike {
                from: 600,
                until: 640
            })
        );
        assert_eq!(
            spike("23:30-00:10").map(|it| it.to_string()),
            Ok("23:30-00:10".to_owned())
        );
        assert_eq!(spike("23:00-24:00"), spike("23:00-00:00"));
        assert_eq!(
            spike("23:00-24:00").map(|it| it.to_string()),
            Ok("23:00-24:00".to_owned())
        );
        for wrong in [
            "",
            "10:00",
            "10:00-10:00",
            "24:00-01:00",
            "1000-1040",
            "10:60-11:00",
            "+1:00-02:00",
        ] {
            assert!(spike(wrong).is_err(), "{wrong}");
        }
    }
}
