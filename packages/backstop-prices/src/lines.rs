//! Text whose lines all end in a line feed, the last one too, whatever the file
//! has: so that a reader's count of line feeds is the line it has just read.

use std::io::{Read, Result};

/// `inner` with carriage returns, alone or before a line feed, as line feeds.
pub struct Lines<R> {
    inner: R,
    after_return: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// The lines of `inner`.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            after_return: false,
            ended: false,
        }
    }

    /// Normalises what was read into `buffer`, and returns how much is left.
    fn normalise(&mut self, buffer: &mut [u8]) -> usize {
        let mut kept = 0;
        for i in 0..buffer.len() {
            let byte = buffer[i];
            if byte != b'\n' || !self.after_return {
                buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
            self.after_return = byte == b'\r';
        }
        kept
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while !self.ended && !buffer.is_empty() {
            let read = self.inner.read(buffer)?;
            if read == 0 {
                self.ended = true;
                buffer[0] = b'\n';
                return Ok(1);
            }
            let kept = self.normalise(&mut buffer[..read]);
            if kept > 0 {
                return Ok(kept);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn every_end_of_line_becomes_a_line_feed() {
        for text in ["a\n\nb\n", "a\r\n\r\nb\r\n", "a\r\rb\r", "a\r\n\nb\r"] {
            for capacity in 1..8 {
                let mut read = String::new();
                let small = BufReader::with_capacity(capacity, text.as_bytes());
                BufReader::with_capacity(capacity, Lines::new(small))
                    .read_to_string(&mut read)
                    .unwrap();
                assert_eq!(read, "a\n\nb\n\n", "{text:?} by {capacity}");
            }
        }
    }
}
