//! The shared secret that bridges and the API ask for.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The shortest token, in bytes.
pub const TOKEN_BYTES_MIN: usize = 16;

/// A token; it is never shown.
#[derive(Clone)]
pub struct Token(Arc<str>);

impl Token {
    /// The token in a file: its first line.
    ///
    /// # Errors
    /// If the file cannot be read, or the token is too short to be one.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let token = text.lines().next().unwrap_or("").trim();
        if token.len() < TOKEN_BYTES_MIN {
            return Err(io::Error::other(format!(
                "a token has at least {TOKEN_BYTES_MIN} characters"
            )));
        }
        Ok(Self(Arc::from(token)))
    }

    /// The value of the `Authorization` header that shows it.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// Whether this is the token. Takes the same time wherever they differ.
    pub fn is(&self, other: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), other.as_bytes());
        let differs = own.iter().zip(other).fold(0, |seen, (a, b)| seen | (a ^ b));
        own.len() == other.len() && differs == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token")
    }
}
