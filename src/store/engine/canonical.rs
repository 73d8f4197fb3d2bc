//! A canonical encoding of values for a hash: different values never have the same bytes. For comparing
//! whole tables (`copy`) and for the audit chain.

use sha2::{Digest as _, Sha256};

/// A SHA-256 over values, one after the other; the same for both dialects.
///
/// A value is a tag byte (0 null, 1 number, 2 text, 3 binary), then a number as eight bytes in big endian,
/// or the length in bytes as such a number and the bytes.
#[derive(Default)]
pub(crate) struct Canonical(Sha256);

impl Canonical {
    /// A NULL.
    pub(crate) fn null(&mut self) {
        self.0.update([0]);
    }

    /// A number.
    pub(crate) fn number(&mut self, number: i64) {
        self.0.update([1]);
        self.0.update(number.to_be_bytes());
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) {
        self.tagged(2, text.as_bytes());
    }

    /// A binary value.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.tagged(3, bytes);
    }

    fn tagged(&mut self, tag: u8, bytes: &[u8]) {
        self.0.update([tag]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// A number or NULL.
    pub(crate) fn some_number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// A text or NULL.
    pub(crate) fn some_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A binary value or NULL.
    pub(crate) fn some_bytes(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => self.bytes(bytes),
            None => self.null(),
        }
    }

    /// The hash.
    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
