//! A journal with whatever entries, one a line: it is taken up, or said to be damaged.
#![no_main]

#[path = "../storm.rs"]
#[expect(dead_code, reason = "only the beginning of a journal is needed here")]
mod storm;

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::error::JournalError;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::menus::Menus;
use strowger::daemon::recover::rebuild;

static MENUS: LazyLock<Menus> = LazyLock::new(|| {
    storm::editions(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))).swap_remove(0)
});

fuzz_target!(|text: &str| {
    let disk = storm::published(&MENUS);
    let mut journal = storm::open(&disk);
    let after = journal.end();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    journal.append(after, &lines).expect("there is room");
    journal.commit(&Rows::default()).expect("there is room");
    match rebuild(&mut journal) {
        Ok((site, _)) => {
            let exchange = site.as_ref().expect("menus were published").exchange();
            assert!(exchange.is_exclusive());
            assert!(exchange.is_sound());
        }
        Err(error) => assert!(matches!(error, JournalError::Corrupt(_)), "{error}"),
    }
});
