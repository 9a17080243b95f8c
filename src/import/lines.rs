//! Lines of a file that may be anything: numbered, without line ends, and of bounded length.

use std::io::{self, BufRead, Read as _};

/// A body is 256 KiB at most; in JSON, escaped at its worst, that is below 2 MiB. Fetched records may be larger.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Reads lines one after the other.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0 }
    }

    /// The number of the line that was read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank, or why it cannot be taken; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<&[u8], &'static str>>> {
        loop {
            self.number += 1;
            self.line.clear();
            if (&mut self.input).take(LONGEST).read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            if !self.line.ends_with(b"\n") && u64::try_from(self.line.len()).unwrap_or(u64::MAX) >= LONGEST {
                self.skip_rest()?;
                return Ok(Some(Err("it is longer than 16 MiB")));
            }
            // Editors on Windows like to put a byte order mark before the first line.
            if self.number == 1 && self.line.starts_with(b"\xef\xbb\xbf") {
                self.line.drain(..3);
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(Ok(self.line.trim_ascii())));
            }
        }
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_blank_ones_left_out() {
        let mut lines = Lines::new(&b"\xef\xbb\xbf{1}\r\n\n  \n{2}\n{3}"[..]);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().expect("memory is readable") {
            let text = String::from_utf8_lossy(line.expect("short lines")).into_owned();
            seen.push((lines.number(), text));
        }
        let want = [(1, "{1}".to_owned()), (4, "{2}".to_owned()), (5, "{3}".to_owned())];
        assert_eq!(seen, want, "numbers are those of an editor");
    }

    #[test]
    fn a_line_without_end_is_left_out_without_filling_the_memory() {
        let long = usize::try_from(LONGEST).expect("it fits") + 10;
        let mut text = vec![b'x'; long];
        text.extend_from_slice(b"\n{2}\n");
        let mut lines = Lines::new(&text[..]);
        assert!(matches!(lines.next(), Ok(Some(Err(_)))), "it is told");
        assert!(matches!(lines.next(), Ok(Some(Ok(b"{2}")))), "and the next line is read");
        assert_eq!(lines.number(), 2, "under its own number");
    }
}
