//! How many agents it takes: the fewest with whom every interval meets the goals of a scenario, found by
//! simulating it, and what Erlang's formulas say of the same calls.

mod demand;
pub mod erlang;
mod need;
mod search;
mod times;

pub use need::Need;
pub use need::Pooled;
pub use need::needs;
pub use search::Found;
pub use search::OutOfReach;
pub use search::search;
