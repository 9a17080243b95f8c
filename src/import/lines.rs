//! Lines of a file that may be anything: numbered, without line ends, and of bounded length.

use std::io::{self, BufRead, Read as _};

use super::{Error, Reason};

/// A body is 256 KiB at most; in JSON, escaped at its worst, that is below 2 MiB. Fetched records may be larger.
const LONGEST: u64 = 16 * 1024 * 1024;

/// One line.
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Its text without line end, or why it cannot be taken.
    pub(super) text: Result<&'a [u8], Reason>,
}

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

    /// The next line that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, Error> {
        loop {
            self.number += 1;
            let number = self.number;
            let failed = |why| Error::Read { line: number, why };
            self.line.clear();
            if (&mut self.input).take(LONGEST).read_until(b'\n', &mut self.line).map_err(failed)? == 0 {
                return Ok(None);
            }
            if !self.line.ends_with(b"\n") && u64::try_from(self.line.len()).unwrap_or(u64::MAX) >= LONGEST {
                self.skip_rest().map_err(failed)?;
                return Ok(Some(Line { number, text: Err(Reason::TooLong) }));
            }
            if !trimmed(&self.line).is_empty() {
                return Ok(Some(Line { number, text: Ok(trimmed(&self.line)) }));
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

/// The line without what surrounds it: blanks, a byte order mark, which editors on Windows put before the first line and which
/// lies in the middle where files were joined, and the NUL or Ctrl-Z that old programs put at the end.
fn trimmed(line: &[u8]) -> &[u8] {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut line = line.trim_ascii();
    loop {
        let before = line.len();
        line = line.strip_prefix(MARK).unwrap_or(line);
        line = line.strip_suffix(b"\0").or_else(|| line.strip_suffix(b"\x1a")).unwrap_or(line).trim_ascii();
        if line.len() == before {
            return line;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_blank_ones_left_out() {
        let mut lines = Lines::new(&b"\xef\xbb\xbf{1}\r\n\n  \n{2}\n\xef\xbb\xbf{3}\0\n\x1a\0\0"[..]);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().expect("memory is readable") {
            let text = String::from_utf8_lossy(line.text.expect("short lines")).into_owned();
            seen.push((line.number, text));
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
        let first = lines.next().expect("memory is readable").expect("there is a line");
        assert!(first.text.is_err(), "it is told");
        let second = lines.next().expect("memory is readable").expect("there is another line");
        assert_eq!(
            (second.number, second.text.ok()),
            (2, Some(&b"{2}"[..])),
            "and the next line is read under its own number"
        );
    }
}
