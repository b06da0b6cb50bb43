//! Frames on a byte stream (RFC 8656 section 12.5): STUN messages and ChannelData follow each other without a break, the
//! latter padded to four bytes. A frame that has come in part stays until the rest is there, however the reads fall.

/// A frame longer than this is no media: packets of a call stay below a network's 1,500 bytes.
pub const LARGEST_FRAME: usize = 2_048;

/// Room for several frames, so that one read takes in what came together.
const BUFFER: usize = 4 * LARGEST_FRAME;

/// The stream holds something that is neither STUN nor ChannelData, or too long: there is no way to find the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadFrame;

/// How many zero bytes must follow a frame of this length on a stream.
pub fn padding(length: usize) -> usize {
    length.wrapping_neg() & 3
}

/// What was read from one stream and not yet handled. Read into [`Frames::space`], tell [`Frames::filled`], then call
/// [`Frames::next_frame`] until there is none.
pub struct Frames {
    buffer: Box<[u8; BUFFER]>,
    start: usize,
    end: usize,
}

impl Default for Frames {
    fn default() -> Self {
        Frames { buffer: Box::new([0; BUFFER]), start: 0, end: 0 }
    }
}

impl Frames {
    /// Where to read to. Never empty once [`Frames::next_frame`] said that there is no whole frame.
    pub fn space(&mut self) -> &mut [u8] {
        if self.start > 0 && BUFFER - self.end < LARGEST_FRAME {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        &mut self.buffer[self.end..]
    }

    /// So many bytes were read into the space.
    pub fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(BUFFER);
    }

    /// Whether a frame has come in part: a client that never sends the rest holds a place for nothing.
    pub fn is_partial(&self) -> bool {
        self.start < self.end
    }

    /// The next whole frame, without its padding.
    pub fn next_frame(&mut self) -> Result<Option<&mut [u8]>, BadFrame> {
        let held = &self.buffer[self.start..self.end];
        let &[first, _, high, low, ..] = held else {
            // A first byte alone can tell that it is neither.
            return if held.first().is_some_and(|first| *first > 0x7F) { Err(BadFrame) } else { Ok(None) };
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let (frame, padded) = match first {
            0x00..=0x3F => {
                if length % 4 != 0 || held.len() >= 8 && held[4..8] != MAGIC_COOKIE {
                    return Err(BadFrame);
                }
                (20 + length, 20 + length)
            }
            0x40..=0x7F => (4 + length, 4 + length + padding(length)),
            0x80..=0xFF => return Err(BadFrame),
        };
        if padded > LARGEST_FRAME {
            return Err(BadFrame);
        }
        if held.len() < padded {
            return Ok(None);
        }
        let begin = self.start;
        self.start += padded;
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
        Ok(Some(&mut self.buffer[begin..begin + frame]))
    }
}

/// What every STUN message has in bytes 4 to 8 (RFC 8489 section 5).
pub(crate) const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];
