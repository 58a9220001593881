//! FNV-1a, 64 bits: a hash that is the same on every platform and in every version.

use std::hash::Hash;
use std::hash::Hasher;

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// Hashes what is written to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(START)
    }
}

impl Fnv {
    /// The hash of some bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> u64 {
        let mut hasher = Self::default();
        Hasher::write(&mut hasher, bytes);
        hasher.0
    }

    /// The hash of a text, in hexadecimal.
    pub(crate) fn hex(text: &str) -> String {
        format!("{:016x}", Self::of_bytes(text.as_bytes()))
    }

    /// The hash of something, after that of all that came before it.
    pub(crate) fn of(before: u64, thing: &impl Hash) -> u64 {
        let mut hasher = Self(START ^ before);
        thing.hash(&mut hasher);
        hasher.0
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        self.0 = bytes.iter().fold(self.0, step);
    }

    // The standard ones write numbers as the machine does.
    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
