//! A load driver for a real daemon: it speaks the bridge protocol as JSON lines over TCP, from a
//! process of its own, and measures from outside.
//!
//! | module | holds |
//! |---|---|
//! | [`daemon`] | the daemon under load: start, questions, stop |
//! | [`connection`] | what a bridge says and hears |
//! | [`hold`] | many calls in progress, and keys at a steady rate |
//! | [`surge`] | more new calls than the daemon can take |
//! | [`flush`] | what a disk flush takes on this machine |
//! | [`times`] | how long things took |
//! | [`job`] | what a driver is told to do, and what it reports |

pub(crate) mod connection;
pub(crate) mod daemon;
pub(crate) mod flush;
pub(crate) mod hold;
pub(crate) mod job;
pub(crate) mod surge;
pub(crate) mod times;
