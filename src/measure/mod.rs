//! Figures: from the exchange's records to metrics with confidence intervals.
//!
//! A [`Collector`] takes the records of one run and gives a [`RunFigures`], integer sums and
//! nothing else; a [`Summary`] makes [`Figure`]s of the runs: every metric is a ratio of sums over
//! all runs, with a t interval. What each metric means stands once, in [`definitions`].

pub mod collector;
pub mod confidence;
pub mod control;
pub mod counts;
pub mod course;
pub mod definitions;
pub mod fairness;
pub mod figure;
pub mod frame;
pub mod judged;
pub mod lines;
pub mod maker;
pub mod metrics;
pub mod paired;
pub mod pool;
pub mod ramp;
pub mod row;
pub mod run;
pub mod steady;
pub mod student;
pub mod summary;
pub mod tally;
pub mod waits;
pub mod worth;

mod agents;
mod ahead;
mod callbacks;
mod callers;
mod calls;
mod closing;
mod in_line;
mod in_menus;
mod places;
mod probable;
mod queues;
mod shrinkage;
mod skewness;
#[cfg(test)]
pub(crate) mod tests;

pub use collector::Collector;
pub use figure::Figure;
pub use frame::Frame;
pub use run::RunFigures;
pub use steady::Steady;
pub use summary::Summary;
