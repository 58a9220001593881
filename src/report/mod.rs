//! Reports: what a study found, as a page that a planner reads at a glance and as JSON.
//!
//! Whoever simulates fills a [`Study`]; [`text()`] and [`json()`] only print it. What a metric means
//! comes from [`crate::measure::definitions`] and is printed beside it.

pub mod call_log;
pub mod compare;
pub mod formulas;
pub mod hdr_log;
pub mod ledger;
pub mod number;
pub mod picture;
pub mod staffing;
pub mod story;
pub mod study;
pub mod style;
pub mod sweep;

mod clean;
mod json;
mod still_waiting;
#[cfg(test)]
mod tests;
mod text;
mod worth;

pub use clean::clean;
pub use json::json;
pub use still_waiting::note as still_waiting;
pub use study::Case;
pub use study::GoalResult;
pub use study::Study;
pub use style::Style;
pub(crate) use text::page::shortened;
pub use text::page::wrap;
pub use text::text;
pub use worth::answers;
