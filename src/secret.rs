//! A secret: a text that no log, error or debug output shows, and that is cleared from memory when it is no longer needed.

use std::fmt;

use zeroize::{Zeroize as _, Zeroizing};

use crate::pasted;

/// The longest secret that is accepted, in bytes. Tencent's SDKSecretKey has 64 characters, an RTC key at most 32.
pub const LONGEST: usize = 4096;

/// A key or token. Its text is reached through [`Secret::expose`] alone; `Debug` and `Display` say nothing of it, and there
/// is no `Serialize`, so that it gets into no answer, file or log by itself.
#[derive(Clone)]
pub struct Secret(String);

/// Why a text is no secret that could be used. Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// There is nothing in it but spaces.
    #[error("There is no secret in it: it is empty. Copy the secret again from Tencent's console.")]
    Empty,
    /// Line breaks in the middle, or bytes that are no text.
    #[error(
        "There are line breaks or other control characters in the middle of it, so it is not one secret alone. Give a text or a \
         file with the secret and nothing else."
    )]
    Control,
    /// A character that no secret of Tencent has.
    #[error(
        "There is a space, or a letter or sign that no secret of Tencent's has, in it (character {at} of {of}). Such things come along          when a text is copied out of a chat or a document: copy the secret alone from Tencent's console."
    )]
    Letter {
        /// Which character it is, from 1.
        at: usize,
        /// How many there are.
        of: usize,
    },
    /// A mark of an encoding that is no text.
    #[error("It is not a text that can be read. Save the file as UTF-8, with the secret and nothing else in it.")]
    NotText,
    /// Longer than any secret of Tencent.
    #[error(
        "It is longer than {LONGEST} bytes, so it is not a secret of Tencent's. Copy the secret alone from Tencent's console."
    )]
    TooLong,
}

impl Secret {
    /// Takes a secret as a person gives it: spaces and line breaks around it, quotation marks, and what nobody sees in it are not
    /// part of it.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        let text = Zeroizing::new(pasted::tidy_quoted(text).into_owned());
        if text.is_empty() {
            return Err(Unusable::Empty);
        }
        if text.len() > LONGEST {
            return Err(Unusable::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(Unusable::Control);
        }
        match text.chars().position(|letter| !letter.is_ascii_graphic()) {
            Some(before) => Err(Unusable::Letter { at: before + 1, of: text.chars().count() }),
            None => Ok(Self(String::clone(&text))),
        }
    }

    /// The same for the bytes of a file.
    pub fn read_bytes(bytes: &[u8]) -> Result<Self, Unusable> {
        if bytes.len() > 4 * LONGEST {
            return Err(Unusable::TooLong);
        }
        Self::read(&pasted::text_of(bytes).ok_or(Unusable::NotText)?)
    }

    /// The text itself: for signing, checking and keeping, never for showing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(••••)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("••••")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_shows_it() {
        let secret = Secret::from("hunter2hunter2".to_owned());
        for shown in
            [format!("{secret:?}"), format!("{secret:#?}"), format!("{secret}"), format!("{:?}", Some(&secret))]
        {
            assert!(!shown.contains("hunter2"), "{shown} must not show the secret");
        }
        assert_eq!(secret.expose(), "hunter2hunter2", "whoever signs with it gets all of it");
    }

    #[test]
    fn what_stands_around_it_is_not_part_of_it() {
        let secret = Secret::read(" \t0123abc \r\n").expect("a file that ends with a line break");
        assert_eq!(secret.expose(), "0123abc", "an editor's line break at the end would make every signature wrong");
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_without_showing_it() {
        for (text, want) in [
            (String::new(), Unusable::Empty),
            ("  \n ".to_owned(), Unusable::Empty),
            ("one\ntwo-of-them".to_owned(), Unusable::Control),
            ("one\0two-of-them".to_owned(), Unusable::Control),
            ("x".repeat(LONGEST + 1), Unusable::TooLong),
        ] {
            let error = Secret::read(&text).expect_err("it is unusable");
            assert_eq!(error, want, "the reason for {} bytes", text.len());
            assert!(!error.to_string().contains("two-of-them"), "{error} must not repeat what was given");
        }
        assert!(Secret::read(&"x".repeat(LONGEST)).is_ok(), "the longest that is accepted");
        for (text, at) in [("abc def", 4), ("abc\u{a0}def", 4), ("ａbc", 1), ("abcdé", 5), ("ab\u{200b}c→", 4)] {
            let want = Unusable::Letter { at, of: text.replace('\u{200b}', "").chars().count() };
            let error = Secret::read(text).expect_err("no signature would fit with it");
            assert_eq!(error, want, "{}", text.escape_unicode());
        }
    }

    #[test]
    fn what_nobody_sees_is_not_part_of_it() {
        let utf16: Vec<u8> = "\u{feff}0123abc\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            b"0123abc".as_slice(),
            b"\xef\xbb\xbf0123abc\r\n",
            &utf16,
            "\u{200b}0123\u{ad}abc\u{feff}".as_bytes(),
            "\u{a0}“0123abc”\u{3000}\n".as_bytes(),
            b"\"0123abc\"",
        ] {
            let secret = Secret::read_bytes(bytes).unwrap_or_else(|why| panic!("{}: {why}", bytes.escape_ascii()));
            assert_eq!(secret.expose(), "0123abc", "{}", bytes.escape_ascii());
        }
        for (bytes, want) in [
            (b"\xff\xfeabc".as_slice(), Unusable::NotText),
            (b"abc\xff", Unusable::NotText),
            (b"\xef\xbb\xbf", Unusable::Empty),
            ("\u{200b}\u{feff}".as_bytes(), Unusable::Empty),
            (b"\"\"", Unusable::Empty),
            (&[b'x'; 5 * LONGEST], Unusable::TooLong),
        ] {
            assert_eq!(Secret::read_bytes(bytes).expect_err("unusable"), want, "{}", bytes.escape_ascii());
        }
    }
}
