//! What Asterisk says: an event or a response, or the body of a response. The order of the fields
//! does not matter, and a call always has a name that fits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use strowger::daemon::bridge::ari::heard;
use strowger::daemon::bridge::ari::heard::Heard;
use strowger::daemon::bridge::protocol::NAME_BYTES_MAX;

fuzz_target!(|text: &str| {
    if let Ok(heard) = heard::parse(text) {
        assert!(call(&heard).is_none_or(|name| (1..=NAME_BYTES_MAX).contains(&name.len())));
    }
    // The same with its fields in alphabetical order; none if it is no JSON, or has a number in a field that
    // nobody reads which is beyond all that a number may be.
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let sorted = value.to_string();
    if let Ok(heard) = heard::parse(text) {
        assert_eq!(heard::parse(&sorted), Ok(heard), "{sorted}");
    }
    if let Ok(listed) = heard::parse_application(text) {
        assert_eq!(heard::parse_application(&sorted), Ok(listed), "{sorted}");
    }
    if let Ok(channel) = heard::parse_channel(text) {
        assert_eq!(heard::parse_channel(&sorted), Ok(channel), "{sorted}");
    }
});

/// What would name a call.
fn call(heard: &Heard) -> Option<&str> {
    match heard {
        Heard::Arrived { channel, .. } => Some(&channel.id),
        Heard::Gone { channel } | Heard::Digit { channel, .. } => Some(channel),
        _ => None,
    }
}
