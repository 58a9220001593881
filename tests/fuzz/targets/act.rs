//! What an agent asks for through the API: the last part of an address, a line end, and a body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strowger::daemon::api::agents::parse_act;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let act = String::from_utf8_lossy(parts.next().unwrap_or_default());
    drop(parse_act(&act, parts.next().unwrap_or_default()));
});
