//! The driver in real time: one thread owns the exchange, bridges and the API feed it, a journal
//! remembers everything before any effect leaves.

pub mod api;
pub mod board;
pub mod bridge;
pub mod clock;
pub mod codel;
pub mod entry;
mod guard;
mod hub;
pub mod journal;
mod listener;
pub mod log;
pub mod lookup;
pub mod mailbox;
pub mod menus;
pub mod outbox;
pub mod owner;
pub mod recover;
mod seldom;
pub mod serve;
pub mod signals;
pub mod site;
mod snapshots;
pub mod token;
pub mod url;
pub mod vault;
pub mod wallboard;
