//! `calltrail://call/APP/ID`: a link to one call, for messages and notes of the team. Any web page and any message may have one, so
//! it can do nothing but show a page, and is read strictly.

use tauri::Url;

/// The scheme's name.
const SCHEME: &str = "calltrail";
/// No link is longer.
const LONGEST: usize = 2_048;

/// The page that an argument of the command line leads to, where one is a link.
pub(crate) fn in_arguments(arguments: &[String]) -> Option<String> {
    arguments.iter().skip(1).find_map(|argument| page(argument))
}

/// The page that a link leads to; nothing for anything that is not written as a link of ours.
pub(crate) fn page(link: &str) -> Option<String> {
    if link.len() > LONGEST {
        return None;
    }
    let url = Url::parse(link).ok().filter(|url| url.scheme() == SCHEME)?;
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let mut parts = url.path_segments().filter(|_| is_bare && url.host_str() == Some("call"))?;
    let (app, call, rest) = (parts.next()?, parts.next()?, parts.next());
    let is_app = !app.is_empty() && app.len() <= 20 && app.bytes().all(|digit| digit.is_ascii_digit());
    let call = decoded(call).filter(|call| rest.is_none() && is_app && is_id(call))?;
    Some(format!("#/calls?open={app}%3A{}", encoded(&call)))
}

/// A call's id is any text of Tencent's, on one line.
fn is_id(call: &str) -> bool {
    !call.is_empty() && !call.chars().any(char::is_control)
}

/// What is written as `%xx`, and all else as it is; nothing where that is no text.
fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// A text as a value in a query.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_call_and_nowhere_else() {
        for (link, want) in [
            ("calltrail://call/1400000000/abc-123", Some("#/calls?open=1400000000%3Aabc-123")),
            ("CALLTRAIL://call/1400000000/abc", Some("#/calls?open=1400000000%3Aabc")),
            ("calltrail://call/1/a%2Fb%3F%26%23%20c", Some("#/calls?open=1%3Aa%2Fb%3F%26%23%20c")),
            ("calltrail://call/1/a&open=2:b", Some("#/calls?open=1%3Aa%26open%3D2%3Ab")),
            ("calltrail://call/1/%E9%80%9A%E8%AF%9D", Some("#/calls?open=1%3A%E9%80%9A%E8%AF%9D")),
            ("calltrail://call/1/<script>", Some("#/calls?open=1%3A%3Cscript%3E")),
            ("calltrail:call/1/a", None),
            ("calltrail:///call/1/a", None),
            ("calltrail://room/1/a", None),
            ("calltrail://CALL/1/a", None),
            ("calltrail://call/1", None),
            ("calltrail://call/1/", None),
            ("calltrail://call//a", None),
            ("calltrail://call/one/a", None),
            ("calltrail://call/1/a/b", None),
            ("calltrail://call/1/a/", None),
            ("calltrail://call/1/../../settings", None),
            ("calltrail://call/1/a?x=y", None),
            ("calltrail://call/1/a#/settings", None),
            ("calltrail://user@call/1/a", None),
            ("calltrail://call:80/1/a", None),
            ("calltrail://call/1/%FF", None),
            ("calltrail://call/1/%4", None),
            ("calltrail://call/1/%0A", None),
            ("calltrail://call/1/%+1", None),
            ("https://call/1/a", None),
            ("javascript:alert(1)", None),
            ("--data-dir=/etc", None),
            ("", None),
        ] {
            assert_eq!(page(link).as_deref(), want, "{link}");
        }
        assert_eq!(page(&format!("calltrail://call/1/{}", "a".repeat(LONGEST))), None, "longer than any id");
    }

    #[test]
    fn the_link_is_found_among_the_arguments_of_a_second_start() {
        let found =
            |arguments: &[&str]| in_arguments(&arguments.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(found(&["calltrail-desktop", "--data-dir", "/x"]), None, "a start without one");
        let link = "calltrail://call/1/a";
        assert_eq!(found(&["calltrail-desktop", link]).as_deref(), Some("#/calls?open=1%3Aa"));
        assert_eq!(found(&[link]), None, "the program's own name is none");
    }
}
