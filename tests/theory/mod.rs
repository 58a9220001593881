//! Exact results of queueing theory, computed without the simulator's code.

pub(crate) mod beside;
pub(crate) mod chain;
pub(crate) mod day;
pub(crate) mod erlang;
pub(crate) mod ivr;
pub(crate) mod patience;
pub(crate) mod redial;
pub(crate) mod skills;
