//! One message of a bridge. What was read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strowger::daemon::bridge::protocol::FromBridge;
use strowger::daemon::bridge::wire;

fuzz_target!(|text: &str| {
    let message = wire::parse(text);
    if !matches!(message, FromBridge::Unreadable(_)) {
        let again = serde_json::to_string(&message).expect("a message is plain data");
        assert_eq!(wire::parse(&again), message, "{again}");
    }
});
