//! Files that are no text in UTF-8: where that shows, and what can be done.

use std::error::Error;
use std::fmt;
use std::io;

/// The first byte that is none of a text in UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotUtf8 {
    byte: u8,
    /// From 0.
    offset: usize,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    /// What the file seems to be written in, as `iconv` calls it.
    looks_like: &'static str,
}

impl Error for NotUtf8 {}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            byte,
            offset,
            line,
            column,
            ..
        } = self;
        write!(
            f,
            "not text in UTF-8: byte 0x{byte:02X} in line {line}, column {column} (offset {offset})"
        )
    }
}

/// The text of a file. The error says where it is none.
pub(super) fn text(bytes: Vec<u8>) -> io::Result<String> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let offset = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let before = String::from_utf8_lossy(&bytes[..offset]);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let not_utf8 = NotUtf8 {
        byte: bytes[offset],
        offset,
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
        looks_like: match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "utf-16",
            _ => "latin1",
        },
    };
    Err(io::Error::new(io::ErrorKind::InvalidData, not_utf8))
}

/// What can be done about a file that is no text in UTF-8; none for other errors.
pub(super) fn remedy(error: &io::Error) -> Option<String> {
    let not_utf8 = error.get_ref()?.downcast_ref::<NotUtf8>()?;
    Some(format!(
        "save it as UTF-8, or convert it: iconv -f {} -t utf8 OLD > NEW",
        not_utf8.looks_like
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> (String, String) {
        let error = text(bytes.to_vec()).expect_err("no UTF-8");
        (error.to_string(), remedy(&error).expect("a remedy"))
    }

    #[test]
    fn the_first_wrong_byte_is_named_with_its_place() {
        let (said, remedy) = refused(b"a = \"\xC3\xA9\"\nb = \"\xC3\xA9t\xE9\"\n");
        assert_eq!(
            said,
            "not text in UTF-8: byte 0xE9 in line 2, column 8 (offset 17)"
        );
        assert_eq!(
            remedy,
            "save it as UTF-8, or convert it: iconv -f latin1 -t utf8 OLD > NEW"
        );
        let (said, remedy) = refused(b"\xFF\xFEa\0");
        assert!(
            said.contains("0xFF in line 1, column 1 (offset 0)"),
            "{said}"
        );
        assert!(remedy.contains("-f utf-16 "), "{remedy}");
        // A character that is cut off.
        let (said, _) = refused(b"a\xC3");
        assert!(
            said.contains("0xC3 in line 1, column 2 (offset 1)"),
            "{said}"
        );
    }

    #[test]
    fn text_in_utf_8_is_taken_as_it_is() {
        assert_eq!(text("é\u{feff}".into()).expect("text"), "é\u{feff}");
        assert!(remedy(&io::ErrorKind::NotFound.into()).is_none());
    }
}
