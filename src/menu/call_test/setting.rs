//! Under what circumstances a call is rehearsed.

use crate::exchange::id::AgentId;
use jiff::civil::DateTime;
use std::ops::RangeInclusive;

/// The years in which a call can be imagined.
pub const YEARS: RangeInclusive<i16> = 1970..=2199;

/// Who is there, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The moment of the call, in the line's own time.
    pub at: DateTime,
    /// The people.
    pub agents: Agents,
    /// Whether the caller's number is withheld.
    pub withheld: bool,
    /// The agent from whose phone the call comes.
    pub phone: Option<AgentId>,
    /// Whether numbers outside cannot be reached.
    pub transfer_fails: bool,
    /// The notice that is set, said in every language.
    pub notice: Option<String>,
}

impl Setting {
    /// A call at this time, with everybody free.
    pub fn at(at: DateTime) -> Self {
        Self {
            at,
            agents: Agents::Free,
            withheld: false,
            phone: None,
            transfer_fails: false,
            notice: None,
        }
    }
}

/// What the people are doing who could take the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agents {
    /// Waiting for a call: one answers soon.
    Free,
    /// At work, but nobody is free: the caller waits.
    Busy,
    /// Nobody is free, and there is no room to wait.
    Full,
    /// On a break, all of them.
    Paused,
    /// Nobody is signed in.
    Nobody,
}

impl Agents {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::Free,
        Self::Busy,
        Self::Full,
        Self::Paused,
        Self::Nobody,
    ];

    /// All names.
    pub const NAMES: [&'static str; 5] = {
        let mut names = [""; 5];
        let mut place = 0;
        while place < names.len() {
            names[place] = Self::ALL[place].name();
            place += 1;
        }
        names
    };

    /// Its name in files and flags.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Busy => "busy",
            Self::Full => "full",
            Self::Paused => "paused",
            Self::Nobody => "nobody",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agents| agents.name() == name)
    }
}
