//! What a path asks for. Proxies change paths on the way: they double slashes, leave their own prefix in place, and write letters
//! as `%68`. What such a path means is clear, and is taken; whatever goes up (`..`) or hides a slash (`%2F`) is not.

use std::borrow::Cow;

use subtle::ConstantTimeEq as _;

/// What stands before the token.
const HOOK: &str = "hook";
/// Where whoever watches the listener asks.
const HEALTH: &str = "healthz";

/// Whether a path ends in `/hook/<token>`, or in anything below it. How many characters of the token fit is not to be learnt from
/// the time that this takes.
pub(super) fn is_hook(path: &str, token: &str) -> bool {
    let mut segments = segments(path).peekable();
    while let Some(segment) = segments.next() {
        if segment == ".." {
            return false;
        }
        let next = segments.peek().map_or("", |next| &**next);
        if segment == HOOK && !token.is_empty() && bool::from(next.as_bytes().ct_eq(token.as_bytes())) {
            return true;
        }
    }
    false
}

/// Whether it is `/healthz`.
pub(super) fn is_health(path: &str) -> bool {
    !path.ends_with('/') && segments(path).eq([HEALTH])
}

/// A path that may be shown: nothing after `/hook/`, nothing that could be a token that went astray, not too long.
pub(super) fn shown(path: &str, token: &str) -> String {
    let plain = plain(path);
    let lower = plain.to_ascii_lowercase();
    let hook = lower.split('/').scan(0, |end, segment| {
        *end += segment.len() + 1;
        Some((*end, segment == HOOK))
    });
    let told = match hook.filter(|(_, is_hook)| *is_hook).map(|(end, _)| end).next() {
        Some(end) if end <= plain.len() => format!("{}…", plain.get(..end).unwrap_or_default()),
        _ => plain.into_owned(),
    };
    let told = if token.is_empty() { told } else { told.replace(token, "…") };
    told.chars().take(120).collect()
}

/// The parts between the slashes, without those that are empty or say nothing (`.`).
fn segments(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    path.split('/').map(plain).filter(|segment| !segment.is_empty() && segment != ".")
}

/// Letters, digits and `-._~` mean the same whether or not they are written as `%xx`; nothing else is decoded (RFC 3986, 6.2.2.2).
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(|code| code.is_ascii_alphanumeric() || b"-._~".contains(code)) {
            Some(letter) => {
                plain.push(char::from(letter));
                plain.push_str(part.get(2..).unwrap_or_default());
            }
            None => {
                plain.push('%');
                plain.push_str(part);
            }
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_path_that_a_proxy_changed_still_leads_to_the_hook() {
        for path in [
            "/hook/TOKEN",
            "/hook/TOKEN/",
            "/hook/TOKEN//",
            "/hook/TOKEN/below/it",
            "//hook/TOKEN",
            "/hook//TOKEN",
            "////hook///TOKEN///",
            "/./hook/./TOKEN",
            "/%68ook/TOKEN",
            "/hook/%30123456789abcdef0123456789abcde%66",
            "/%2E/hook/TOKEN",
            "/calls/hook/TOKEN",
            "/a/b//hook/TOKEN",
            "/hook/hook/TOKEN",
        ] {
            assert!(is_hook(&path.replace("TOKEN", TOKEN), TOKEN), "{path} is clear");
        }
        for path in [
            "/",
            "",
            "/hook",
            "/hook/",
            "/TOKEN",
            "/hook/TOKENx",
            "/hook/xTOKEN",
            "/hook/x/TOKEN",
            "/x/../hook/TOKEN",
            "/%2e%2e/hook/TOKEN",
            "/hook/../hook/TOKEN",
            "/hook%2fTOKEN",
            "/%2Fhook/TOKEN",
            "/%2568ook/TOKEN",
            "/hook/%00TOKEN",
            "/hook/TOKEN%00",
            "/HOOK/TOKEN",
            "\\hook\\TOKEN",
            "/hook/%é0TOKEN",
            "/hook/%",
        ] {
            assert!(!is_hook(&path.replace("TOKEN", TOKEN), TOKEN), "{path} is not");
        }
        assert!(!is_hook("/hook/", "") && !is_hook("/hook//x", ""), "no token lets nobody in");
    }

    #[test]
    fn whoever_watches_may_double_slashes_too() {
        for (path, want) in [
            ("/healthz", true),
            ("//healthz", true),
            ("/healthz/", false),
            ("/healthz/x", false),
            ("/x/healthz", false),
        ] {
            assert_eq!(is_health(path), want, "{path}");
        }
    }

    #[test]
    fn no_token_gets_into_a_path_that_is_shown() {
        for path in [
            "/hook/TOKEN",
            "/hook/TOKENx/y",
            "/HOOK/TOKEN",
            "/hok/TOKEN/a",
            "//hook/TOKENx",
            "/calls/hook/TOKENx",
            "/hook//TOKENx",
            "/%68ook/TOKENx",
            "/hok/%30123456789abcdef0123456789abcdef",
            "/hook/%30123456789abcdef",
        ] {
            let shown = shown(&path.replace("TOKEN", TOKEN), TOKEN);
            assert!(!shown.contains("123456789abcdef"), "{path} was shown as {shown}");
        }
        assert_eq!(shown("/hook/x", TOKEN), "/hook/…", "that it was the hook is worth seeing");
        assert_eq!(shown("/a/hook", TOKEN), "/a/hook", "nothing is hidden where nothing follows");
        assert_eq!(shown("/wp-login.php", TOKEN), "/wp-login.php", "a scanner's path as well");
        assert_eq!(shown(&"/é".repeat(500), TOKEN).chars().count(), 120, "and bounded");
    }
}
