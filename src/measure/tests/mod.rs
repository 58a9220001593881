//! Every definition, from records written by hand.

mod agents;
mod callbacks;
mod calls;
mod fair_order;
mod fair_shares;
mod handed_on;
mod queues;
pub(crate) mod scene;
mod summaries;
mod worth;
