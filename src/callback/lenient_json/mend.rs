//! One pass over a text that is nearly JSON: comments, commas, broken escapes and control characters are put right, and
//! everything else is copied.

use super::{Defect, Defects};

/// Where a string literal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// At a quotation mark that is not escaped.
    Unescaped,
    /// Also at an escaped one behind which only JSON's own punctuation makes sense, unless the text has escaped ones before:
    /// `"C:\"` was written by somebody who does not escape.
    Anyhow,
}

/// The text as JSON, with what had to be put right. Line ends stay where they are, so that an error names the line of the original.
pub(super) fn mend(text: &str, ends: Ends) -> (String, Defects) {
    let out = String::with_capacity(text.len() + 16);
    let mut mend =
        Mend { out, defects: Defects::new(), ends, quotes: false, depth: 0, comma: None, after_value: false };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\0' && mend.depth == 0 && mend.after_value {
            // A sender in C: its text ends here, whatever its buffer held before.
            mend.defects.insert(Defect::Padding);
            break;
        }
        let taken = match c {
            '#' => mend.comment_line(rest),
            '/' if rest.starts_with("//") => mend.comment_line(rest),
            '/' if rest.starts_with("/*") => mend.block_comment(rest),
            '"' => mend.string(rest),
            _ => mend.token(c),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    (mend.out, mend.defects)
}

/// The scanner's state between two tokens.
struct Mend {
    out: String,
    defects: Defects,
    ends: Ends,
    /// The text that is copied has escaped quotation marks in it.
    quotes: bool,
    /// How many brackets are open.
    depth: usize,
    /// Where the last token, a comma, was written; a closing bracket makes it a trailing one, which becomes a space.
    comma: Option<usize>,
    /// The last token ended a value, so that a value that follows needs a comma before it.
    after_value: bool,
}

impl Mend {
    fn token(&mut self, c: char) -> usize {
        match c {
            ',' => {
                self.comma = Some(self.out.len());
                self.out.push(c);
                self.after_value = false;
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if let Some(at) = self.comma.take() {
                    self.out.replace_range(at..=at, " ");
                    self.defects.insert(Defect::Punctuation);
                }
                self.out.push(c);
                self.after_value = true;
            }
            '{' | '[' => {
                self.depth += 1;
                self.begin_value();
                self.out.push(c);
                self.after_value = false;
            }
            ':' => {
                self.comma = None;
                self.out.push(c);
                self.after_value = false;
            }
            ' ' | '\t' | '\n' | '\r' => self.out.push(c),
            c if is_padding(c) => {
                self.out.push(' ');
                self.defects.insert(Defect::Padding);
            }
            _ => {
                self.comma = None;
                self.out.push(c);
                self.after_value = true;
            }
        }
        c.len_utf8()
    }

    /// Copies a string literal; answers how long it is in the original.
    fn string(&mut self, literal: &str) -> usize {
        self.begin_value();
        self.out.push('"');
        self.after_value = true;
        self.quotes = false;
        let mut rest = literal.get(1..).unwrap_or_default();
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                '"' => {
                    self.out.push('"');
                    return literal.len() - rest.len() + 1;
                }
                '\\' => self.escape(rest),
                c if c < ' ' => {
                    self.defects.insert(Defect::Control);
                    self.out.push_str(&format!("\\u{:04x}", u32::from(c)));
                    1
                }
                c => {
                    self.out.push(c);
                    c.len_utf8()
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
        literal.len()
    }

    /// Copies what a backslash begins; answers how much of the original that is.
    fn escape(&mut self, rest: &str) -> usize {
        let behind = rest.get(1..).unwrap_or_default();
        match behind.chars().next() {
            Some('"')
                if self.ends == Ends::Anyhow
                    && !self.quotes
                    && is_between_values(behind.get(1..).unwrap_or_default()) => {}
            Some('"') => {
                self.quotes = true;
                return self.copy(rest, 2);
            }
            Some('\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => return self.copy(rest, 2),
            Some('u') => match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => return self.copy(rest, 12),
                (Some(0xD800..=0xDFFF), _) => {
                    self.defects.insert(Defect::Surrogate);
                    self.out.push(char::REPLACEMENT_CHARACTER);
                    return 6;
                }
                (Some(_), _) => return self.copy(rest, 6),
                (None, _) => {}
            },
            Some('\'') => {
                // JavaScript's own; the backslash is no part of the text.
                self.defects.insert(Defect::Escape);
                self.out.push('\'');
                return 2;
            }
            _ => {}
        }
        self.defects.insert(Defect::Escape);
        self.out.push_str("\\\\");
        1
    }

    fn copy(&mut self, rest: &str, length: usize) -> usize {
        self.out.push_str(rest.get(..length).unwrap_or(rest));
        length
    }

    fn comment_line(&mut self, rest: &str) -> usize {
        self.defects.insert(Defect::Punctuation);
        rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    fn block_comment(&mut self, rest: &str) -> usize {
        self.defects.insert(Defect::Punctuation);
        let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
        let lines = rest.get(..length).unwrap_or(rest).matches('\n').count();
        self.out.push(' ');
        self.out.extend(std::iter::repeat_n('\n', lines));
        length
    }

    fn begin_value(&mut self) {
        self.comma = None;
        if self.after_value {
            self.out.push(',');
            self.defects.insert(Defect::Punctuation);
        }
    }
}

/// Characters that mean nothing between two tokens: what is left of broken bytes, control characters, marks without width.
fn is_padding(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, char::REPLACEMENT_CHARACTER | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// True for what follows the last quotation mark of a string literal.
fn is_between_values(rest: &str) -> bool {
    let rest = rest.trim_start();
    match rest.strip_prefix(',') {
        Some(next) => next.trim_start().starts_with(['"', '{', '[', '}', ']']),
        None => rest.is_empty() || rest.starts_with(['}', ']', ':']),
    }
}

/// The code unit of an escape `\uXXXX` at the start.
fn unit(rest: &str) -> Option<u16> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}
