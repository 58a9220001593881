//! The file of a snapshot: what is taken for one can be written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strowger::daemon::journal::snapshot::Snapshot;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(snapshot) = Snapshot::parse(bytes) {
        let again = [snapshot.header().into_bytes(), snapshot.content].concat();
        assert_eq!(again, bytes);
    }
});
