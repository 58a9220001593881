//! The headers with which a WebSocket is asked for, one a line.
#![no_main]

use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use strowger::daemon::bridge::websocket::handshake_key;

fuzz_target!(|input: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = HeaderName::from_bytes(parts.next().unwrap_or_default());
        let value = HeaderValue::from_bytes(parts.next().unwrap_or_default());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    if let Ok(key) = handshake_key(&headers) {
        // Base64 of a SHA-1.
        assert_eq!(key.len(), 28);
    }
});
