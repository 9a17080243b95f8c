//! The digest of a file, made while it is written.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

/// Hands on what is written, and remembers its SHA-256 and length.
pub(super) struct Digesting<'a> {
    out: &'a mut (dyn Write + Send),
    sha256: Sha256,
    bytes: u64,
}

impl<'a> Digesting<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, sha256: Sha256::new(), bytes: 0 }
    }

    /// The digest in hexadecimal digits, and the length in bytes.
    pub(super) fn end(self) -> (String, u64) {
        (hex::encode(self.sha256.finalize()), self.bytes)
    }
}

impl Write for Digesting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sha256.update(bytes.get(..written).unwrap_or_default());
        self.bytes += u64::try_from(written).unwrap_or_default();
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
