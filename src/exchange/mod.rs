//! The exchange: every call, queue and agent of one site, as one deterministic machine.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod calendar;
pub mod dialplan;
pub mod effect;
pub mod id;
pub mod input;
pub mod key;
pub mod limits;
pub mod record;
pub mod time;
