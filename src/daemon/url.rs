//! Addresses of other systems: what may stand in them, and what of them may be printed.

use std::fmt::Write as _;

/// Percent-encodes all but the unreserved characters of RFC 3986, §2.3.
pub fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => write!(out, "%{other:02X}").expect("text grows"),
        }
    }
}

/// An address as it may be printed: what a caller has entered stands behind the host.
pub fn without_query(url: &str) -> &str {
    let host = url.find("://").map_or(0, |place| place + 3);
    let end = url[host..].find(['/', '?']);
    end.map_or(url, |end| &url[..host + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leaves_its_place_in_an_address() {
        let mut url = String::new();
        encode("a/../b?x=1&ü #", &mut url);
        assert_eq!(url, "a%2F..%2Fb%3Fx%3D1%26%C3%BC%20%23");
    }
}
