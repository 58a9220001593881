//! Whatever happens to a site, in whatever order: its books stay in order, and its journal rebuilds
//! it. The fuzz target of the same name looks for longer.

#[path = "../fuzz/storm.rs"]
pub(crate) mod driver;

use proptest::prelude::*;
use std::path::Path;
use std::sync::OnceLock;
use strowger::daemon::menus::Menus;

fn menus() -> &'static [Menus] {
    static MENUS: OnceLock<Vec<Menus>> = OnceLock::new();
    MENUS.get_or_init(|| driver::editions(Path::new(env!("CARGO_MANIFEST_DIR"))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_happenings_keeps_the_books_in_order(
        bytes in proptest::collection::vec(any::<u8>(), 0..1500),
    ) {
        driver::weather(menus(), &bytes);
    }
}

#[test]
fn what_was_found_once_stays_mended() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/seeds/storm");
    for seed in std::fs::read_dir(seeds).expect("there are seeds") {
        let seed = seed.expect("readable").path();
        driver::weather(menus(), &std::fs::read(seed).expect("readable"));
    }
}
