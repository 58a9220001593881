//! Whether a bench measures, or only shows that it runs.

/// Whether the benches only have to run, once and on small sizes: `cargo bench -- --smoke`.
pub(crate) fn smoke() -> bool {
    std::env::args().any(|argument| argument == "--smoke")
}

/// `full`, or `small` in smoke mode.
pub(crate) fn size(full: u64, small: u64) -> u64 {
    if smoke() { small } else { full }
}
