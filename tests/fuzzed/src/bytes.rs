//! A fuzzer's input, taken piece by piece from its beginning. What isn't there any more is zero or empty, so that every input
//! means something.

pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes(bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub fn word(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// One of `count`.
    pub fn index(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// So many, or what is left.
    pub fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// As many as the next byte says.
    pub fn short(&mut self) -> &'a [u8] {
        let count = self.byte();
        self.take(usize::from(count))
    }

    /// As many as the next two bytes say.
    pub fn long(&mut self) -> &'a [u8] {
        let count = self.word();
        self.take(usize::from(count))
    }

    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }
}
