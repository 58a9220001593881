//! Every definition, from records written by hand.

mod agents;
mod calls;
mod queues;
pub(crate) mod scene;
mod summaries;
