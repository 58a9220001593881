//! The simulator: the same exchange, driven in virtual time by imaginary callers and agents.

mod attempt;
mod attendance;
mod busyness;
mod called_back;
mod caller;
pub mod compare;
pub mod demand;
pub mod distribution;
pub mod forecast;
mod gamma;
pub mod guide;
mod logbook;
pub mod model;
mod normal;
mod people;
pub mod precision;
pub mod recovery;
pub mod replicate;
pub mod roster;
pub mod scenario;
pub mod shard;
mod sheet;
pub mod skills;
pub mod speed;
pub mod staff;
pub mod steady;
pub mod stream;
pub mod study;
pub mod sweep;
pub mod verdict;
mod whose;
mod witness;
pub mod worker;
mod world;

pub use witness::Witness;
pub use world::run;
