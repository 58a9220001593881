//! What the daemon says on its standard error. The disk of the log may be full, or nobody read there any more: calls go
//! on all the same.

use std::fmt::Display;
use std::io;
use std::io::Write as _;

/// Says a line, as far as it is taken: `strowger: the clock is 2 hours ahead of what it was`.
pub fn say(what: impl Display) {
    write(&format!("strowger: {what}\n"));
}

/// Writes a text, as far as it is taken.
pub fn write(text: &str) {
    // At once, so that lines stay whole.
    drop(io::stderr().write_all(text.as_bytes()));
}
