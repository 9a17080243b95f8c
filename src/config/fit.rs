//! Whether a text can be a secret of its kind. What Tencent's pages say is required; where they say nothing, what is unusual is told
//! and taken.

use super::Kind;
use crate::secret::{Secret, Unusable};

/// Longest Live token, in characters (page 69528).
const LONGEST_TOKEN: usize = 128;
/// Longest RTC key, in letters and digits (page 39558).
const LONGEST_RTC_KEY: usize = 32;
/// Every SDKSecretKey that is known has so many hexadecimal digits. No page says so.
const SECRET_KEY_DIGITS: usize = 64;

/// Why a text is no secret of its kind. Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no secret of any kind.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// It is longer than Tencent makes or takes them.
    #[error("It has {length} characters, and a {kind} of Tencent's has at most {most}. Copy it alone from Tencent's console.", kind = kind.name())]
    Long {
        /// Which secret.
        kind: Kind,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// It has a sign that Tencent does not take.
    #[error(
        "Character {at} of {of} is neither a letter nor a digit, and Tencent takes nothing else in an {kind}. Copy it alone from \
         Tencent's console.",
        kind = kind.name()
    )]
    Sign {
        /// Which secret.
        kind: Kind,
        /// Which character it is, from 1.
        at: usize,
        /// How many there are.
        of: usize,
    },
}

/// What is unusual about a secret that is taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// How many characters it has.
    pub length: usize,
}

impl Doubt {
    /// The code that the API shows.
    pub const CODE: &'static str = "not_64_hex";

    /// A sentence for a person.
    pub fn message(self) -> String {
        format!(
            "Check the SDKSecretKey: it has {} characters, and Tencent's have {SECRET_KEY_DIGITS}, each a digit or one of a to f. If \
             it was cut off or something came along when it was copied, Tencent will refuse what is signed with it.",
            self.length
        )
    }
}

impl Kind {
    /// Takes a secret of this kind as a person gives it.
    pub fn read(self, text: &str) -> Result<Secret, Unfit> {
        self.fit(Secret::read(text)?)
    }

    /// The same for the bytes of a file.
    pub fn read_bytes(self, bytes: &[u8]) -> Result<Secret, Unfit> {
        self.fit(Secret::read_bytes(bytes)?)
    }

    /// What is unusual about a secret of this kind.
    pub fn doubt(self, secret: &Secret) -> Option<Doubt> {
        let text = secret.expose();
        let is_usual = text.len() == SECRET_KEY_DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        (self == Self::SecretKey && !is_usual).then_some(Doubt { length: text.len() })
    }

    fn fit(self, secret: Secret) -> Result<Secret, Unfit> {
        let text = secret.expose();
        let length = text.len();
        let most = match self {
            Self::SecretKey => return Ok(secret),
            Self::LiveToken => LONGEST_TOKEN,
            Self::RtcKey => LONGEST_RTC_KEY,
        };
        if length > most {
            return Err(Unfit::Long { kind: self, length, most });
        }
        match text.bytes().position(|sign| self == Self::RtcKey && !sign.is_ascii_alphanumeric()) {
            Some(before) => Err(Unfit::Sign { kind: self, at: before + 1, of: length }),
            None => Ok(secret),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_letters_and_its_length() {
        let (hex, token) = ("5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e", "t".repeat(128));
        for (kind, text) in [
            (Kind::SecretKey, hex),
            (Kind::SecretKey, "of-another-kind"),
            (Kind::LiveToken, "xxxxyyyy"),
            (Kind::LiveToken, "any_sign-that.is!seen\"it'"),
            (Kind::LiveToken, &token),
            (Kind::RtcKey, "123654"),
            (Kind::RtcKey, "abcdefghijklmnopqrstuvwxyz012345"),
        ] {
            for given in [text.to_owned(), format!("\u{feff}{text}\u{200b}\r\n"), format!("“{text}”")] {
                let read = kind.read(&given).unwrap_or_else(|why| panic!("{kind:?} {given:?}: {why}"));
                assert_eq!(read.expose(), text, "{kind:?} {given:?}");
            }
        }
        for (kind, text, want) in [
            (Kind::LiveToken, format!("{token}t"), Unfit::Long { kind: Kind::LiveToken, length: 129, most: 128 }),
            (Kind::RtcKey, "r".repeat(33), Unfit::Long { kind: Kind::RtcKey, length: 33, most: 32 }),
            (Kind::RtcKey, "123-654".to_owned(), Unfit::Sign { kind: Kind::RtcKey, at: 4, of: 7 }),
            (Kind::SecretKey, "two words".to_owned(), Unfit::Unusable(Unusable::Letter { at: 4, of: 9 })),
        ] {
            let why = kind.read(&text).expect_err("Tencent has no such secret");
            assert_eq!(why, want, "{kind:?} {text:?}");
            assert!(!why.to_string().contains(&text), "{why} repeats nothing");
        }
    }

    #[test]
    fn an_sdk_secret_key_that_looks_wrong_is_doubted() {
        let doubt = |text: &str| Kind::SecretKey.doubt(&Secret::from(text.to_owned())).map(|doubt| doubt.length);
        assert_eq!(doubt(&"0f".repeat(32)), None, "as Tencent makes them");
        assert_eq!(doubt(&"0F".repeat(32)), None, "in capitals");
        assert_eq!(doubt(&"f".repeat(63)), Some(63), "a letter was left behind");
        assert_eq!(doubt(&"g".repeat(64)), Some(64), "these are no digits");
        assert_eq!(Kind::RtcKey.doubt(&Secret::from("1".to_owned())), None, "a person makes those up");
        assert!(Doubt { length: 63 }.message().contains("63 characters"), "it says what is unusual");
    }
}
