//! The driver in real time: one thread owns the exchange, bridges and the API feed it, a journal
//! remembers everything before any effect leaves.

pub mod bridge;
pub mod journal;
pub mod vault;
