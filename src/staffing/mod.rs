//! How many agents it takes: the fewest with whom every interval meets the goals of a scenario, found by
//! simulating it, what Erlang's formulas say of the same calls, and a roster for them.

mod cover;
mod demand;
pub mod erlang;
mod missed;
mod need;
mod rostering;
mod search;
mod times;

pub use cover::Cover;
pub use cover::Turn;
pub use cover::Uncovered;
pub use need::Need;
pub use need::Pooled;
pub use need::asks;
pub use need::meets;
pub use need::needs;
pub use rostering::Rostered;
pub use rostering::roster;
pub use search::Found;
pub use search::OutOfReach;
pub use search::search;
