//! The exchange's hash, to which one can also write.

pub(crate) use crate::exchange::fnv::Fnv;
use std::hash::Hasher;
use std::io;

impl io::Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Hasher::write(self, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
