//! Whatever can happen to a site, in any order: its books stay in order, and its journal rebuilds
//! it.
#![no_main]

#[path = "../storm.rs"]
mod driver;

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;
use strowger::daemon::menus::Menus;

static MENUS: LazyLock<Vec<Menus>> =
    LazyLock::new(|| driver::editions(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))));

fuzz_target!(|bytes: &[u8]| driver::weather(&MENUS, bytes));
