//! A secret: a text that no log, error or debug output shows, and that is cleared from memory when it is no longer needed.

use std::fmt;

use zeroize::Zeroize as _;

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
    /// Longer than any secret of Tencent.
    #[error(
        "It is longer than {LONGEST} bytes, so it is not a secret of Tencent's. Copy the secret alone from Tencent's console."
    )]
    TooLong,
}

impl Secret {
    /// Takes a secret as a person gives it: spaces and line breaks around it are not part of it.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Unusable::Empty);
        }
        if text.len() > LONGEST {
            return Err(Unusable::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(Unusable::Control);
        }
        Ok(Self(text.to_owned()))
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
    }
}
