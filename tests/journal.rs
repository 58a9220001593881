//! The promises of a journal, kept by the one in memory and by the one on the disk; and what only a
//! disk can do to them.

#[path = "journal/temporary.rs"]
mod temporary;

#[path = "journal/contract.rs"]
mod contract;
#[path = "journal/damage.rs"]
mod damage;
#[path = "journal/disk.rs"]
mod disk;
#[path = "journal/faults.rs"]
mod faults;
#[path = "journal/kill.rs"]
mod kill;
#[path = "journal/sample.rs"]
mod sample;
