//! Notices: words that operators set on a line while it runs.

/// The longest notice in one language, in bytes.
pub const NOTICE_BYTES_MAX: usize = 2000;

/// What is wrong with the words of a notice: the rest of a sentence that names them.
pub fn check_notice(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty: to say nothing any more, clear the notice".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("has line ends or other control characters: write it on one line".to_owned());
    }
    if text.len() > NOTICE_BYTES_MAX {
        return Err(format!("has more than {NOTICE_BYTES_MAX} bytes"));
    }
    Ok(())
}
