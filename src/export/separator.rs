//! What stands between the values of a CSV file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What stands between the values of a CSV file. A spreadsheet expects the one of its language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Separator {
    /// `,`, as RFC 4180 has it.
    #[default]
    Comma,
    /// `;`, where the comma is the decimal sign.
    Semicolon,
    /// The tab character.
    Tab,
}

/// Languages whose decimal sign is a comma (Unicode CLDR), by their ISO 639 code.
const DECIMAL_COMMA: &[&str] = &[
    "af", "az", "be", "bg", "br", "bs", "ca", "cs", "da", "de", "dsb", "el", "es", "et", "eu", "fi", "fo", "fr", "fur",
    "fy", "gl", "hr", "hsb", "hu", "hy", "ia", "id", "is", "it", "ka", "kk", "kl", "ky", "lb", "lt", "lv", "mk", "nb",
    "nl", "nn", "no", "oc", "pl", "pt", "ro", "ru", "sc", "se", "sk", "sl", "sq", "sr", "sv", "tg", "tk", "tr", "uk",
    "uz", "vi", "wo",
];
/// Countries that use a point although others with their language use a comma.
const DECIMAL_POINT: &[&str] = &[
    "de-ch", "de-li", "it-ch", "es-bz", "es-cu", "es-do", "es-gt", "es-hn", "es-mx", "es-ni", "es-pa", "es-pe",
    "es-pr", "es-sv", "es-us",
];

impl Separator {
    /// Every separator.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The word that the command line and the API use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|separator| separator.code() == code)
    }

    /// The character itself.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The one that spreadsheets expect in a language, named as in `de_DE.UTF-8` or `de-DE`: a semicolon where the decimal
    /// sign is a comma.
    pub fn of_language(tag: &str) -> Self {
        let tag = tag.split(['.', '@']).next().unwrap_or_default().replace('_', "-").to_ascii_lowercase();
        let parts: Vec<&str> = tag.split('-').collect();
        let language = parts.first().copied().unwrap_or_default();
        // A script may stand before the country: sr-Latn-RS.
        let country = parts.iter().skip(1).find(|part| part.len() == 2).copied().unwrap_or_default();
        let has_point = DECIMAL_POINT.contains(&format!("{language}-{country}").as_str());
        if DECIMAL_COMMA.contains(&language) && !has_point { Self::Semicolon } else { Self::Comma }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_follows_the_decimal_sign_of_the_language() {
        for (tag, want) in [
            ("de_DE.UTF-8", Separator::Semicolon),
            ("de-DE", Separator::Semicolon),
            ("de", Separator::Semicolon),
            ("fr_FR@euro", Separator::Semicolon),
            ("pt-BR", Separator::Semicolon),
            ("sr-Latn-RS", Separator::Semicolon),
            ("es_ES", Separator::Semicolon),
            ("es_MX.UTF-8", Separator::Comma),
            ("es-419", Separator::Semicolon),
            ("de_CH", Separator::Comma),
            ("en_US.UTF-8", Separator::Comma),
            ("en-GB", Separator::Comma),
            ("zh_CN.UTF-8", Separator::Comma),
            ("zh-Hans-CN", Separator::Comma),
            ("ja_JP", Separator::Comma),
            ("C.UTF-8", Separator::Comma),
            ("POSIX", Separator::Comma),
            ("", Separator::Comma),
            ("nonsense_!", Separator::Comma),
        ] {
            assert_eq!(Separator::of_language(tag), want, "{tag:?}");
        }
        assert_eq!(Separator::read("tab"), Some(Separator::Tab), "by its word");
        assert_eq!(Separator::read(";"), None, "by its word alone");
    }
}
