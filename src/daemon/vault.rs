//! Secret digits at rest: PINs and cards that callers enter, sealed before they reach the journal.
//!
//! The cipher is XChaCha20-Poly1305; its nonces are long enough to be drawn at random. The call's
//! name is authenticated with the digits, so that those of one call cannot be passed off as another's.
//! The master key stays outside of the journal: whoever copies the journal alone has no digits.

use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::limits::DIGITS_MAX;
use chacha20poly1305::KeyInit as _;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::aead::Payload;
use std::fmt;
use std::fs;
use std::path::Path;

/// The length of the master key.
pub const KEY_BYTES: usize = 32;

/// The first byte of everything that is sealed, should there ever be another way to do it.
const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
/// Digits are filled up to their greatest number, so that the length of a PIN does not show.
const FILLER: u8 = b' ';

/// Why there is no vault, or why it does not seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// The file of the key cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        why: String,
    },
    /// The key has another length.
    Length {
        /// The characters that were found.
        found: usize,
    },
    /// The key has a character that is no hexadecimal digit.
    NotHexadecimal,
    /// The system gives no random numbers.
    NoChance,
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, why } => {
                write!(f, "cannot read the master key from {path}: {why}")
            }
            Self::Length { found } => write!(
                f,
                "the master key has {found} characters: it needs {} hexadecimal digits",
                2 * KEY_BYTES
            ),
            Self::NotHexadecimal => write!(
                f,
                "the master key has characters other than 0-9 and a-f: it needs {} hexadecimal \
                 digits",
                2 * KEY_BYTES
            ),
            Self::NoChance => write!(f, "the system gives no random numbers"),
        }
    }
}

impl std::error::Error for VaultError {}

/// The master key. It cannot be printed, and is overwritten when it is dropped.
pub struct SecretKey([u8; KEY_BYTES]);

impl SecretKey {
    /// The key in 64 hexadecimal digits, as a file or an environment variable holds it; white space
    /// around them does not count.
    pub fn from_hex(text: &str) -> Result<Self, VaultError> {
        let text = text.trim().as_bytes();
        if text.len() != 2 * KEY_BYTES {
            return Err(VaultError::Length { found: text.len() });
        }
        let mut key = Self([0; KEY_BYTES]);
        for (byte, pair) in key.0.iter_mut().zip(text.chunks_exact(2)) {
            *byte = 16 * nibble(pair[0])? + nibble(pair[1])?;
        }
        Ok(key)
    }

    /// The key in a file of 64 hexadecimal digits.
    pub fn read(path: &Path) -> Result<Self, VaultError> {
        let text = fs::read_to_string(path).map_err(|error| VaultError::Unreadable {
            path: path.display().to_string(),
            why: error.to_string(),
        })?;
        let key = Self::from_hex(&text);
        overwrite(&mut text.into_bytes());
        key
    }
}

fn nibble(digit: u8) -> Result<u8, VaultError> {
    let value = char::from(digit).to_digit(16);
    value
        .map(|value| value as u8)
        .ok_or(VaultError::NotHexadecimal)
}

/// Leaves nothing of a secret in memory.
fn overwrite(secret: &mut [u8]) {
    secret.fill(0);
    // As if somebody looked, so that the compiler does not leave it out.
    std::hint::black_box(secret);
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        overwrite(&mut self.0);
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

/// Seals and opens digits.
#[derive(Debug)]
pub struct Vault {
    key: SecretKey,
}

impl Vault {
    /// A vault under a master key.
    pub fn new(key: SecretKey) -> Self {
        Self { key }
    }

    /// The digits of a call, so that only this key and this call's name open them.
    pub fn seal(&self, call: &str, digits: &Digits) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| VaultError::NoChance)?;
        let mut text = [FILLER; DIGITS_MAX];
        for (byte, key) in text.iter_mut().zip(digits.iter()) {
            *byte = key.to_char() as u8;
        }
        let payload = Payload {
            msg: &text,
            aad: call.as_bytes(),
        };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("so short a text can be sealed");
        overwrite(&mut text);
        Ok([&[FORMAT], nonce.as_slice(), &sealed].concat())
    }

    /// The digits that were sealed for a call; none if they were sealed under another key or for
    /// another call, or have been changed since.
    pub fn open(&self, call: &str, sealed: &[u8]) -> Option<Digits> {
        let (format, rest) = sealed.split_first()?;
        let (nonce, msg) = rest.split_first_chunk::<NONCE_BYTES>()?;
        if *format != FORMAT {
            return None;
        }
        let aad = call.as_bytes();
        let nonce = XNonce::from(*nonce);
        let mut text = self.cipher().decrypt(&nonce, Payload { msg, aad }).ok()?;
        let keys = text.iter().filter(|byte| **byte != FILLER);
        let digits = keys.map(|byte| Key::from_char(char::from(*byte))).collect();
        overwrite(&mut text);
        digits
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

    fn vault(hex: &str) -> Vault {
        Vault::new(SecretKey::from_hex(hex).expect("a key"))
    }

    fn digits(text: &str) -> Digits {
        text.chars().filter_map(Key::from_char).collect()
    }

    #[test]
    fn what_was_sealed_opens() {
        let vault = vault(HEX);
        for text in ["", "4711", "0123456789*#0123456789*#01234567"] {
            let sealed = vault.seal("call-1", &digits(text)).expect("sealed");
            assert_eq!(vault.open("call-1", &sealed), Some(digits(text)));
        }
    }

    #[test]
    fn another_key_another_call_or_another_byte_opens_nothing() {
        let sealed = vault(HEX).seal("call-1", &digits("4711")).expect("sealed");
        let other = HEX.replace("00", "ff");
        assert_eq!(vault(&other).open("call-1", &sealed), None);
        assert_eq!(vault(HEX).open("call-2", &sealed), None);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(vault(HEX).open("call-1", &changed), None);
            assert_eq!(vault(HEX).open("call-1", &sealed[..place]), None);
        }
    }

    #[test]
    fn neither_length_nor_repetition_shows() {
        let vault = vault(HEX);
        let seal = |text| vault.seal("call-1", &digits(text)).expect("sealed");
        assert_eq!(seal("1").len(), seal("4111111111111111").len());
        assert_ne!(seal("4711"), seal("4711"));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let vault = vault(HEX);
        assert_eq!(format!("{vault:?}"), "Vault { key: SecretKey }");
        let sealed = vault.seal("call-1", &digits("4711")).expect("sealed");
        let opened = format!("{:?}", vault.open("call-1", &sealed));
        assert_eq!(opened, "Some(Digits(4 keys))");
    }

    #[test]
    fn a_key_that_is_none_is_refused_without_being_shown() {
        let problem = |text: &str| SecretKey::from_hex(text).expect_err("no key").to_string();
        assert_eq!(
            problem("abc"),
            "the master key has 3 characters: it needs 64 hexadecimal digits"
        );
        assert_eq!(
            problem(&HEX.replace('A', "x")),
            "the master key has characters other than 0-9 and a-f: it needs 64 hexadecimal digits"
        );
        assert!(SecretKey::from_hex(&format!("{HEX}\n")).is_ok());
        let missing = SecretKey::read(Path::new("no/such/key")).expect_err("no key");
        let missing = missing.to_string();
        assert!(missing.starts_with("cannot read the master key from no/such/key: "));
    }
}
