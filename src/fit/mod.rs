//! From what was recorded to what a scenario says of it: calls by interval, how busy days are, how long
//! callers talk and how long they wait.
//!
//! [`read`] takes files of counts or of call records in, row by row, and keeps sums; [`Recorded::fit`]
//! makes figures of them, each with its interval or with why there is none. [`page`], [`json`],
//! [`forecast`] and [`scenario`] only write these down.

pub mod busyness;
pub mod codes;
pub mod days;
pub mod findings;
pub mod forecast;
pub mod json;
pub mod page;
pub mod patience;
pub mod redial;
pub mod scenario;
pub mod talk;
pub mod talk_by_time;
pub mod ways;

mod aims;
mod chi_square;
mod choices;
mod counts;
mod hours;
mod jackknife;
mod lengths;
mod likelihood;
mod mailbox;
mod objects;
mod origin;
mod reading;
mod record;
mod records;
mod slots;
mod sums;
mod table;
mod volumes;
mod wants;
mod went;
mod words;

pub use findings::Findings;
pub use lengths::Family;
pub use reading::INTERVALS;
pub use reading::Recorded;
pub use reading::Request;
pub use reading::read;
