//! The words of a dump, without its comments.

use std::borrow::Cow;
use std::ops::Range;

/// Why a dump cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) span: Range<usize>,
    pub(super) help: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A word or a number, as it is written.
    Word(&'t str),
    /// A name in back ticks.
    Name(String),
    Text(String),
    Sign(char),
}

pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = text.len() - text.trim_start_matches('\u{feff}').len();
        Self { text, at }
    }

    /// The next token, where there has to be one.
    pub(super) fn some(&mut self) -> Result<(Token<'t>, Range<usize>), Wrong> {
        let end = self.text.trim_end().len();
        let last = self.text[..end]
            .chars()
            .next_back()
            .map_or(0, char::len_utf8);
        self.token()?.ok_or_else(|| {
            let help = "the dump is not complete: make it anew";
            wrong(
                "the file ends in the middle of a statement",
                end - last..end,
                help,
            )
        })
    }

    /// The next token; none at the end.
    pub(super) fn token(&mut self) -> Result<Option<(Token<'t>, Range<usize>)>, Wrong> {
        self.pass_blanks()?;
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return Ok(None);
        };
        let token = match first {
            '\'' | '"' => Token::Text(self.closed(first)?),
            '`' => Token::Name(self.closed(first)?),
            c if c.is_ascii_digit() => {
                let length = number(rest);
                self.at += length;
                Token::Word(&rest[..length])
            }
            c if is_of_word(c) => {
                let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                self.at += length;
                Token::Word(&rest[..length])
            }
            c => {
                self.at += c.len_utf8();
                Token::Sign(c)
            }
        };
        Ok(Some((token, start..self.at)))
    }

    /// Passes over spaces and comments, those included that only some servers read.
    fn pass_blanks(&mut self) -> Result<(), Wrong> {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let is_dashes = trimmed
                .strip_prefix("--")
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
            if is_dashes || trimmed.starts_with('#') {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                let Some(length) = trimmed.find("*/") else {
                    let span = self.at..self.at + 2;
                    return Err(wrong(
                        "this comment is never closed",
                        span,
                        "it ends with */",
                    ));
                };
                self.at += length + 2;
            } else {
                return Ok(());
            }
        }
    }

    /// What stands in quotes, without what keeps characters apart from these.
    fn closed(&mut self, quote: char) -> Result<String, Wrong> {
        let start = self.at;
        let mut text = String::new();
        let mut rest = self.text[start + 1..].chars();
        while let Some(c) = rest.next() {
            if c == '\\' && quote != '`' {
                text.push_str(&escaped(rest.next()));
            } else if c != quote {
                text.push(c);
            } else if rest.as_str().starts_with(quote) {
                rest.next();
                text.push(quote);
            } else {
                self.at = self.text.len() - rest.as_str().len();
                return Ok(text);
            }
        }
        let help = "the dump is not complete, or a quote in it has no backslash before it";
        Err(wrong("this text is never closed", start..start + 1, help))
    }

    /// Triggers and routines between `DELIMITER ;;` and `DELIMITER ;`.
    pub(super) fn routines(&mut self) {
        let end =
            |from: usize, text: &str| text[from..].find('\n').map_or(text.len(), |at| from + at);
        let mut line_end = end(self.at, self.text);
        let mut is_usual = self.text[self.at..line_end].trim() == ";";
        while !is_usual && line_end < self.text.len() {
            let start = line_end + 1;
            line_end = end(start, self.text);
            let mut words = self.text[start..line_end].split_whitespace();
            let is_delimiter = words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("delimiter"));
            is_usual = is_delimiter && words.next() == Some(";");
        }
        self.at = line_end;
    }
}

/// What stands for a character behind a backslash (MySQL, string literals).
fn escaped(c: Option<char>) -> Cow<'static, str> {
    match c {
        Some('0') => "\0".into(),
        Some('b') => "\u{8}".into(),
        Some('n') => "\n".into(),
        Some('r') => "\r".into(),
        Some('t') => "\t".into(),
        Some('Z') => "\u{1a}".into(),
        Some(c @ ('%' | '_')) => format!("\\{c}").into(),
        Some(c) => c.to_string().into(),
        None => "".into(),
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '@')
}

/// How long a number is, such as `0x1f`, `1.5` or `1e-05`.
fn number(text: &str) -> usize {
    let mut before = ' ';
    let mut is_part = |c: char| {
        let is_exponent = matches!(before, 'e' | 'E') && matches!(c, '-' | '+');
        before = c;
        is_of_word(c) || c == '.' || is_exponent
    };
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// Whether a token is this word.
pub(super) fn is(token: &Token<'_>, word: &str) -> bool {
    matches!(token, Token::Word(other) if other.eq_ignore_ascii_case(word))
}

pub(super) fn wrong(message: impl Into<String>, span: Range<usize>, help: &'static str) -> Wrong {
    let message = message.into();
    Wrong {
        message,
        span,
        help,
    }
}
