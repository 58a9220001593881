//! Rehearsals: one call to one line, played in virtual time by the exchange that runs real ones.
//!
//! A [`Rehearsal`] is a small bridge: it answers what the exchange asks for, and notes what happens
//! in a [`Story`]. Who plays the caller is outside of it: the script of a call test ([`play`]), or a
//! person at a dial pad.

mod coverage;
mod deeds;
mod difference;
mod effects;
mod notes;
mod player;
mod rehearsal;
mod story;
mod transcript;
mod verdict;
mod words;

pub use coverage::Coverage;
pub use coverage::Covered;
pub use difference::Row;
pub use difference::beside;
pub use player::Played;
pub use player::play;
pub use rehearsal::Doing;
pub use rehearsal::Rehearsal;
pub use story::Hearing;
pub use story::Story;
pub use story::What;
pub use transcript::Told;
pub use transcript::Who;
pub use transcript::told;
pub use verdict::Problem;
pub use verdict::judge;
