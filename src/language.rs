//! The languages that Calltrail speaks, and which of them somebody reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language that Calltrail speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// Its ISO 639 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The one that a tag such as `zh-Hans-CN` or `zh_CN.UTF-8` names; `None` for a language that Calltrail does not speak.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let named = tag.trim().split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == named)
    }

    /// The one that an `Accept-Language` likes best, of those that Calltrail speaks.
    pub fn accepted(header: &str) -> Option<Self> {
        let liked = header.split(',').filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok().filter(|weight| *weight > 0.0)?;
            Some((Self::of_tag(tag)?, weight))
        });
        // Of two that are liked as much, the first.
        liked.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(language, _)| language)
    }

    /// The first of the operating system's languages that Calltrail speaks; English where there is none.
    pub fn of_system() -> Self {
        sys_locale::get_locales().find_map(|tag| Self::of_tag(&tag)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_language_however_it_is_written() {
        for (tag, want) in [
            ("zh", Some(Language::Zh)),
            ("zh-Hans-CN", Some(Language::Zh)),
            ("ZH_cn.UTF-8", Some(Language::Zh)),
            ("en_GB@euro", Some(Language::En)),
            ("C.UTF-8", None),
            ("zhx", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), want, "{tag:?}");
        }
    }

    #[test]
    fn a_request_is_answered_in_the_language_that_it_likes_best() {
        for (header, want) in [
            ("zh-Hans", Some(Language::Zh)),
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Zh)),
            ("de-DE, en;q=0.5, zh;q=0.7", Some(Language::Zh)),
            ("en;q=0.5,zh;q=0.5", Some(Language::En)),
            ("zh;q=0, en;q=0.1", Some(Language::En)),
            ("zh;q=NaN, en;q=x", None),
            ("fr", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), want, "{header:?}");
        }
    }
}
