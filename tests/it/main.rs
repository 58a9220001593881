//! What the whole has to do: one binary, so that there is one link.

mod allocations;
mod answers;
mod api;
mod ari;
mod assumed;
mod attendance;
mod audio;
mod bridge;
mod callbacks;
mod called_back;
mod came_back;
mod catch_up;
mod check;
mod classes;
mod cli;
mod clocks;
mod compare;
mod conservation;
mod controlled;
mod conversations;
mod coverage;
mod cut_off;
mod daemon;
mod day;
mod dialling;
mod diff;
mod directory;
mod dispatch;
mod duty;
#[expect(
    dead_code,
    reason = "not every formula's every result is looked at here"
)]
#[path = "../theory/mod.rs"]
mod exact;
mod expected;
mod figures;
mod fit;
mod fit_records;
mod fit_ways;
mod formulas;
mod full_disk;
mod golden;
mod handing_on;
mod handling;
mod hdr_log;
mod idle;
mod judged;
mod kinds;
mod languages;
mod leaps;
mod ledger;
mod lines;
mod lookups;
mod messages;
mod moved;
mod numbers;
mod other;
mod parity;
mod peers;
mod phones;
mod protocol;
mod publications;
mod publishing;
mod recording;
mod records;
mod rehearsals;
mod remarks;

mod restarts;
mod roster;
mod scaling;
mod script;
#[path = "../served/mod.rs"]
mod served;
mod serving;
mod set;
mod shards;
mod site;
mod snapshot;
mod speed;
mod staff;
mod steady;
mod still_waiting;
mod storm;
mod story;
mod strategies;
mod sweep;
mod switching;
mod tallies;
#[path = "../journal/temporary.rs"]
mod temporary;
mod theory;
mod tickets;
mod told_apart;
mod told_waits;
mod tools;
mod two_promises;
mod unrung;
mod validation;
mod vaults;
mod waiting;
mod watch;
mod websocket;
mod worth;
mod written;
