//! The forms of the texts that the API takes: one pattern each, which the document shows and the handlers go by.
//!
//! A pattern is written so that Rust, Python and JavaScript read it alike: no classes of Unicode, no look-around, both ends tied.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    config::fit::{LONGEST_RTC_KEY, LONGEST_TOKEN},
    secret,
    tencent::hosts::REGIONS,
};

/// What [`str::trim`] takes off.
const SPACE: &str = r"[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]";
/// What is no control character.
const SHOWN: &str = r"[^\x00-\x1F\x7F-\x9F]";
const PORT: &str = "(?::(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4}))?";
const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const LABEL: &str = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?";
/// The last label begins with a letter: digits would be a part of a number.
const LAST_LABEL: &str = "[A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?";
/// An IPv6 address, by where its `::` is.
const IPV6: &str = "(?:(?:H:){7}H|(?:H:){1,7}:|(?:H:){1,6}:H|(?:H:){1,5}(?::H){1,2}|(?:H:){1,4}(?::H){1,3}|(?:H:){1,3}(?::H){1,4}|(?:H:){1,2}(?::H){1,5}|H:(?::H){1,6}|:(?::H){1,7}|::)";

/// A text of a form.
pub(super) trait Form {
    /// The most characters, where the pattern does not say.
    const LONGEST: Option<usize>;

    /// Its pattern.
    fn pattern() -> &'static Regex;

    /// Whether a text has it.
    fn fits(text: &str) -> bool {
        Self::LONGEST.is_none_or(|longest| text.chars().count() <= longest) && Self::pattern().is_match(text)
    }
}

macro_rules! longest {
    () => {
        None
    };
    ($longest:expr) => {
        Some($longest)
    };
}

macro_rules! forms {
    ($($(#[doc = $doc:literal])+ $name:ident $(of at most $longest:expr)? => $pattern:expr;)+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub(super) enum $name {}

        impl Form for $name {
            const LONGEST: Option<usize> = longest!($($longest)?);

            fn pattern() -> &'static Regex {
                static PATTERN: LazyLock<Regex> = LazyLock::new(|| whole($pattern));
                &PATTERN
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(Self::pattern().as_str()));
                let text = text.max_length(Self::LONGEST).description(Some(concat!($($doc),+).trim()));
                RefOr::T(Schema::Object(text.build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+ };
}

forms! {
    /// An SDKAppID.
    AppId => "[0-9]{1,20}";
    /// An SDKAppID as a person types it.
    TypedAppId => format!("{SPACE}*[1-9][0-9]{{0,19}}{SPACE}*");
    /// An SDKAppID in the path of an address, as it was typed when the application was added.
    PlacedAppId => format!("{SPACE}*[0-9]{{1,20}}{SPACE}*");
    /// One line of at most 100 characters, as a person types it.
    Line => format!("{SPACE}*{SHOWN}{{0,100}}{SPACE}*");
    /// A region's code, a host or an address that requests to Tencent go to, as a person types it.
    TypedRegion => region();
    /// The address under which the listener is reached from outside, as a person types it.
    PublicUrl => format!(
        "{SPACE}*(?:{http}{https}://{host}{PORT}(?:/[0-9A-Za-z._~!$&'()*+,;=:%/-]{{0,1024}})?)?/*{SPACE}*",
        http = any_case("http"),
        https = "[Ss]?",
        host = host(&format!("(?:{LABEL}\\.){{0,8}}{LAST_LABEL}")),
    );
    /// An SDKSecretKey as a person pastes it.
    SecretKey of at most secret::LONGEST => format!("{SPACE}*[!-~]*{SPACE}*");
    /// A Live token as a person pastes it.
    LiveToken of at most secret::LONGEST => format!("{SPACE}*[!-~]{{0,{LONGEST_TOKEN}}}{SPACE}*");
    /// An RTC key as a person pastes it.
    RtcKey of at most secret::LONGEST => format!("{SPACE}*[0-9A-Za-z]{{0,{LONGEST_RTC_KEY}}}{SPACE}*");
    /// A delivery's digest.
    DeliveryDigest => "[0-9A-Fa-f]{64}";
    /// What entries are about, as JSON without spaces: `["user","007"]`.
    SubjectText of at most LONGEST_SUBJECT => subject();
    /// The number of an export.
    ExportId => "[0-9]{1,20}";
}

/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 8_192;

/// A kind and its natural key. A half of a pair of surrogates is no text.
fn subject() -> String {
    let sign = r#"(?:[^"\\\x00-\x1F]|\\["\\/bfnrt]|\\u(?:[0-9A-Ca-cEFef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2}))"#;
    let (any, some) = (format!("\"{sign}*\""), format!("\"{sign}+\""));
    format!(
        r#"\["team"\]|\["(?:user|note|view|schedule)",{some}\]|\["call",{any},{some}\]|\["room",{any},{any},{any},{any}\]"#
    )
}

/// The pattern of whole texts.
#[expect(clippy::expect_used, reason = "each pattern is part of the program, and a test makes them all")]
fn whole(pattern: impl AsRef<str>) -> Regex {
    Regex::new(&format!("^(?:{})$", pattern.as_ref())).expect("a pattern")
}

/// Upper and lower case alike.
fn any_case(word: &str) -> String {
    let letter = |letter: char| match letter {
        'a'..='z' => format!("[{}{letter}]", letter.to_ascii_uppercase()),
        other => other.to_string(),
    };
    word.chars().map(letter).collect()
}

/// A host by its name or its number.
fn host(name: &str) -> String {
    format!(r"(?:{name}|{OCTET}(?:\.{OCTET}){{3}}|\[{}\])", IPV6.replace('H', "[0-9A-Fa-f]{1,4}"))
}

/// What [`crate::tencent::Hosts::of`] reads: `https` to any host, `http` to this computer alone.
fn region() -> String {
    let codes: Vec<String> = REGIONS.iter().map(|region| any_case(region.code.text())).collect();
    let (codes, http, https) = (codes.join("|"), any_case("http"), any_case("https"));
    let localhost = any_case("localhost");
    let host = host(&format!("(?:(?:{LABEL}\\.){{1,8}}{LAST_LABEL}|{localhost})"));
    let here = format!(r"(?:{localhost}|127(?:\.{OCTET}){{3}}|\[::1\])");
    format!("{SPACE}*(?:{codes}|(?:{https}://)?{host}{PORT}/?|{http}://{here}{PORT}/?)?{SPACE}*")
}

/// An SDKAppID in the path of an address, where it may stand as it was typed when the application was added.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct OfApp(pub(super) String);

impl TryFrom<String> for OfApp {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let id = text.trim();
        if AppId::fits(id) { Ok(Self(id.to_owned())) } else { Err("an SDKAppID is a number, such as 1400000000") }
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::{
        config::{App, Kind},
        tencent::Hosts,
    };

    #[test]
    fn spaces_are_those_that_are_taken_off() {
        let space = whole(SPACE);
        for letter in ('\0'..=char::MAX).filter(|letter| letter.is_whitespace() || u32::from(*letter) < 0x3100) {
            let text = letter.to_string();
            assert_eq!(space.is_match(&text), text.trim().is_empty(), "{letter:?}");
        }
    }

    #[test]
    fn an_id_is_the_same_here_and_in_the_settings() {
        let long = "1".repeat(21);
        for text in ["1400000000", "0", "01400000000", &long[1..], &long, "", "-1", "1.0", "１", "1 ", "1\n", "a"] {
            assert_eq!(AppId::fits(text), App::is_id(text), "{text:?} in an address");
            let is_narrow = !text.contains('１');
            assert_eq!(PlacedAppId::fits(text), App::is_id(text.trim()), "{text:?} in a path");
            assert_eq!(TypedAppId::fits(text), is_narrow && App::read_id(text).is_some(), "{text:?} as typed");
        }
        assert!(TypedAppId::fits("\u{3000} 1400000000\u{a0}\r\n"), "pasted with what stands around it");
    }

    #[test]
    fn a_secret_that_fits_is_taken() {
        let (token, key) = ("t".repeat(LONGEST_TOKEN), "r".repeat(LONGEST_RTC_KEY));
        type Fits = fn(&str) -> bool;
        let kinds: [(Kind, Fits); 3] =
            [(Kind::SecretKey, SecretKey::fits), (Kind::LiveToken, LiveToken::fits), (Kind::RtcKey, RtcKey::fits)];
        for text in
            ["0f0f", " a\n", "it's-!", "a b", "é", "\u{7f}", &token, &format!("{token}t"), &key, &format!("{key}r")]
        {
            for (kind, fits) in kinds {
                assert_eq!(fits(text), kind.read(text).is_ok(), "{kind:?}: {text:?}");
            }
        }
        assert!(kinds.iter().all(|(_, fits)| fits("") && fits(" ")), "nothing, which forgets it");
    }

    #[test]
    fn a_line_is_short_and_has_no_control_characters() {
        let (most, more) = ("字".repeat(100), "字".repeat(101));
        for (text, want) in [
            ("", true),
            ("Clinic", true),
            (&most, true),
            (&more, false),
            ("a\tb", false),
            (" a \n", true),
            ("a\u{85}b", false),
        ] {
            assert_eq!(Line::fits(text), want, "{text:?}");
        }
        assert!(Line::fits(&format!("{}a", " ".repeat(300))), "what stands around it does not count");
    }

    #[test]
    fn a_region_that_fits_leads_to_hosts_and_one_that_does_not_leads_nowhere() {
        for region in
            REGIONS.iter().flat_map(|region| [region.code.text().to_owned(), region.code.text().to_uppercase()])
        {
            assert!(TypedRegion::fits(&region) && Hosts::of("1", &region).is_ok(), "{region} is a region");
        }
        for text in [
            "",
            " ",
            "adminapisgp.im.qcloud.com",
            "https://proxy.example",
            "HTTPS://Proxy.Example:65535/",
            "proxy.example:8443",
            "localhost",
            "LOCALHOST:8790",
            "http://localhost:1",
            "http://127.0.0.1:8790/",
            "http://127.255.0.9",
            "http://[::1]:8790",
            "10.0.0.1",
            "https://[2001:db8::7]:443",
            "[fe80::1:2:3:4]",
            "[::]",
            "[1:2:3:4:5:6:7:8]",
            "[1::]",
            "[1:2:3:4:5:6:7::]",
        ] {
            assert!(TypedRegion::fits(text), "{text:?} can be asked");
            assert!(Hosts::of("1", text).is_ok(), "{text:?} leads to hosts");
        }
        for text in [
            "mars",
            "http://console.tim.qq.com",
            "http://192.168.0.7",
            "ftp://x.example",
            "https://x.example/path",
            "https://u:p@x.example",
            "https://x.example/?a=b",
            "https://x.example:65536",
            "https://256.1.1.1",
            "https://[1::2::3]",
            "https://[1:2:3]",
            "https://",
            "a b.example",
        ] {
            assert!(!TypedRegion::fits(text), "{text:?} cannot be asked");
            assert!(Hosts::of("1", text).is_err(), "{text:?} leads nowhere");
        }
    }

    #[test]
    fn a_public_address_that_fits_is_a_web_address() {
        for text in [
            "https://calls.example.com",
            " https://example.com/a/b/ ",
            "http://myhost:8080",
            "https://[2001:db8::1]/x",
            "HTTPS://a.example",
            "https://1.2.3.4:443//",
            "https://a.example/%E4%BD%A0~!$&'()*+,;=:",
        ] {
            assert!(PublicUrl::fits(text), "{text:?} can be called");
            assert!(Url::parse(text.trim()).is_ok_and(|url| url.has_host()), "{text:?} is an address");
        }
        assert!(["", "  ", "//"].into_iter().all(PublicUrl::fits), "nothing, which forgets it");
        let long = format!("https://a.example/{}", "x".repeat(1025));
        for text in [
            "calls.example.com",
            "https://",
            "https://a b",
            "https://a.example /",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://u@x.example",
            "https://1.2.3.456",
            "https://a.example:99999",
            &long,
        ] {
            assert!(!PublicUrl::fits(text), "{text:?} is no address that Tencent could call");
        }
    }

    #[test]
    fn every_pattern_can_be_read_elsewhere() {
        let all = [
            AppId::pattern(),
            TypedAppId::pattern(),
            Line::pattern(),
            TypedRegion::pattern(),
            PublicUrl::pattern(),
            SecretKey::pattern(),
            LiveToken::pattern(),
            RtcKey::pattern(),
            DeliveryDigest::pattern(),
            ExportId::pattern(),
        ];
        for pattern in all.map(Regex::as_str) {
            assert!(pattern.starts_with("^(?:") && pattern.ends_with(")$"), "{pattern} is of whole texts");
            for only_here in ["\\d", "\\w", "\\s", "\\p", "(?i", "(?s", "(?P", "&&", "[[", "\\z", "\\A"] {
                assert!(
                    !pattern.contains(only_here),
                    "{only_here} means something else in another language, or nothing: {pattern}"
                );
            }
        }
    }
}
