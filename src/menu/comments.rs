//! Where comments of a file begin: a `#` that stands in no text.

/// The byte of each comment's `#`, at most one on a line. In a file that is no TOML, quotes are left open
/// no longer than their line.
pub(super) fn comments(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    // The quotes that end the text one is in.
    let mut open: Option<&str> = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        at += c.len_utf8();
        match open {
            Some(end) if rest.starts_with(end) => {
                at += end.len() - c.len_utf8();
                open = None;
            }
            Some(end) if c == '\\' && end.starts_with('"') => {
                let escaped = text[at..].chars().next().filter(|c| *c != '\n');
                at += escaped.map_or(0, char::len_utf8);
            }
            Some(end) if c == '\n' && end.len() == 1 => open = None,
            Some(_) => {}
            None if c == '#' => {
                found.push(at - 1);
                at += rest[1..].find('\n').unwrap_or(rest.len() - 1);
            }
            None => {
                open = ["\"\"\"", "'''", "\"", "'"]
                    .into_iter()
                    .find(|quotes| rest.starts_with(quotes));
                at += open.map_or(0, |quotes| quotes.len() - 1);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::comments;

    /// The comments, as they are written.
    fn written(text: &str) -> Vec<&str> {
        let rows = comments(text).into_iter().map(|at| &text[at..]);
        rows.filter_map(|rest| rest.lines().next()).collect()
    }

    #[test]
    fn signs_in_texts_begin_no_comment() {
        let text = "a = \"1 # 2 \\\" # 3\" # é\nb = '#\\' # c\nd = [\"\", '#'] ## e # f\n# g";
        assert_eq!(written(text), ["# é", "# c", "## e # f", "# g"]);
        let text =
            "a = \"\"\"\n# not \"this\"\n\\\"\"\" # nor this\n\"\"\" # this\nb = '''\n#\n'''";
        assert_eq!(written(text), ["# this"]);
    }

    #[test]
    fn quotes_that_are_left_open_end_with_their_line() {
        assert_eq!(
            written("O'Brien,3\n# this\n\"\n# that\n"),
            ["# this", "# that"]
        );
        assert_eq!(written("\"\\\n# this"), ["# this"]);
    }
}
