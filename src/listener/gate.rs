//! The checks that need only a request's head, in this order: path, one host (HTTP/1.1), method, browser, a delivery that was
//! passed on from here and came back, size, encoding (rules.md section 1).

use hyper::{
    HeaderMap, Method, Version,
    header::{CONTENT_LENGTH, HOST, ORIGIN},
    http::request::Parts,
};

use super::{coding::Coding, path, refusals::Reason, whose};
use crate::outbound;

/// What a browser says of where a request came from. No page can leave it out or change it.
const SITE: &str = "sec-fetch-site";

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A callback, with the right token, whose body is packed so.
    Hook(Coding),
    /// `GET` or `HEAD` of `/healthz`.
    Health,
    /// Whether this is the listener that somebody with the token means ([`whose`]).
    Whose,
}

/// Passes a request on or says why not, before anything of its body is read.
pub(super) fn check(head: &Parts, token: &str, body_bytes: u64) -> Result<Target, Reason> {
    let asked = head.uri.path();
    if (head.method == Method::GET || head.method == Method::HEAD) && path::is_health(asked) {
        return Ok(Target::Health);
    }
    if whose::is_asked(&head.method, asked, token) {
        return Ok(Target::Whose);
    }
    if !path::is_hook(asked, token) {
        return Err(Reason::UnknownPath);
    }
    if !names_one_host(head) {
        return Err(Reason::NotHttp);
    }
    if head.method != Method::POST {
        return Err(Reason::Method);
    }
    if is_from_page(&head.headers) {
        return Err(Reason::Browser);
    }
    if outbound::was_passed_on_here(&head.headers) {
        return Err(Reason::Circle);
    }
    if is_announced_larger(&head.headers, body_bytes) {
        return Err(Reason::TooLarge);
    }
    Coding::of(&head.headers).map(Target::Hook)
}

/// HTTP/1.1 asks for exactly one `Host`, whichever it is. Two of them would mean one thing to a proxy and another one here.
fn names_one_host(head: &Parts) -> bool {
    match head.headers.get_all(HOST).iter().count() {
        0 => head.version == Version::HTTP_10,
        hosts => hosts == 1,
    }
}

/// A web page that somebody of the team looks at must not be able to write into the record. Browsers name the page with what it
/// posts: all of them in `Origin`, also where that is `null`, and those of today in `Sec-Fetch-Site`. Nothing else tells a page:
/// programs send `Sec-Fetch-Mode`, and relays send cookies.
fn is_from_page(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN) || headers.contains_key(SITE)
}

fn is_announced_larger(headers: &HeaderMap, most: u64) -> bool {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    announced.and_then(|length| length.trim().parse::<u64>().ok()).is_some_and(|length| length > most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    const HOOK: Target = Target::Hook(Coding::Plain);

    fn outcome(method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Target, Reason> {
        let mut request = Request::builder().method(method).uri(path).header("host", "hook.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(&request.body(()).expect("a request").into_parts().0, TOKEN, 256 * 1024)
    }

    #[test]
    fn only_the_hook_and_the_health_answer_are_there() {
        let hook = format!("/hook/{TOKEN}");
        for (method, path, want) in [
            ("POST", hook.clone(), Ok(HOOK)),
            ("POST", format!("{hook}?SdkAppid=1"), Ok(HOOK)),
            ("POST", format!("{hook}/"), Ok(HOOK)),
            ("POST", format!("{hook}/deeper/still"), Ok(HOOK)),
            ("GET", "/healthz".to_owned(), Ok(Target::Health)),
            ("HEAD", "/healthz".to_owned(), Ok(Target::Health)),
            ("POST", "/healthz".to_owned(), Err(Reason::UnknownPath)),
            ("POST", "/hook/".to_owned(), Err(Reason::UnknownPath)),
            ("POST", "/hook".to_owned(), Err(Reason::UnknownPath)),
            ("POST", format!("/hook/{}", &TOKEN[..31]), Err(Reason::UnknownPath)),
            ("POST", format!("/hook/{TOKEN}0"), Err(Reason::UnknownPath)),
            ("POST", format!("//hook/{TOKEN}"), Ok(HOOK)),
            ("HEAD", hook.clone(), Err(Reason::Method)),
            ("POST", format!("/hook/x/../{TOKEN}"), Err(Reason::UnknownPath)),
            ("GET", "/".to_owned(), Err(Reason::UnknownPath)),
            ("GET", "/api/status".to_owned(), Err(Reason::UnknownPath)),
            ("GET", hook.clone(), Err(Reason::Method)),
            ("OPTIONS", hook, Err(Reason::Method)),
            ("GET", whose::own_path(TOKEN), Ok(Target::Whose)),
            ("POST", whose::own_path(TOKEN), Err(Reason::UnknownPath)),
            ("GET", whose::own_path("another"), Err(Reason::UnknownPath)),
        ] {
            assert_eq!(outcome(method, &path, &[]), want, "{method} {path}");
        }
    }

    #[test]
    fn every_wrong_token_is_wrong_wherever_it_differs() {
        for place in 0..TOKEN.len() {
            let mut token = TOKEN.to_owned().into_bytes();
            token[place] = b'z';
            let path = format!("/hook/{}", String::from_utf8(token).expect("ASCII"));
            assert_eq!(outcome("POST", &path, &[]), Err(Reason::UnknownPath), "differs at {place}");
        }
        for length in 0..3 * TOKEN.len() {
            let given: String = TOKEN.chars().cycle().take(length).collect();
            let want = if length == TOKEN.len() { Ok(HOOK) } else { Err(Reason::UnknownPath) };
            assert_eq!(outcome("POST", &format!("/hook/{given}"), &[]), want, "{length} characters");
        }
        let head = Request::post("/hook/").body(()).expect("a request").into_parts().0;
        assert_eq!(check(&head, "", 1), Err(Reason::UnknownPath), "no token lets nobody in");
    }

    #[test]
    fn a_host_may_be_missing_only_in_the_old_version() {
        for (version, want) in [(Version::HTTP_11, Err(Reason::NotHttp)), (Version::HTTP_10, Ok(HOOK))] {
            let request = Request::post(format!("/hook/{TOKEN}")).version(version).body(()).expect("a request");
            assert_eq!(check(&request.into_parts().0, TOKEN, 1), want, "{version:?}");
        }
    }

    #[test]
    fn the_first_thing_that_is_wrong_decides() {
        let hook = format!("/hook/{TOKEN}");
        let large = ("content-length", "262145");
        let page = ("origin", "null");
        let gzip = ("content-encoding", "gzip");
        for (method, path, headers, want) in [
            ("GET", "/x", vec![page, large, gzip], Err(Reason::UnknownPath)),
            ("PUT", &hook, vec![page, large, gzip], Err(Reason::Method)),
            ("POST", &hook, vec![page, large, gzip], Err(Reason::Browser)),
            ("POST", &hook, vec![("sec-fetch-site", "none")], Err(Reason::Browser)),
            ("POST", &hook, vec![("sec-fetch-site", "")], Err(Reason::Browser)),
            ("POST", &hook, vec![("cookie", "a=b"), ("sec-fetch-mode", "cors")], Ok(HOOK)),
            ("POST", &hook, vec![("sec-fetch-dest", "empty"), ("sec-fetch-user", "?1"), ("sec-gpc", "1")], Ok(HOOK)),
            ("POST", &hook, vec![("user-agent", "Mozilla/5.0"), ("accept-language", "*")], Ok(HOOK)),
            ("POST", &hook, vec![large, gzip], Err(Reason::TooLarge)),
            ("POST", &hook, vec![("content-length", "99999999999999999999999")], Ok(HOOK)),
            ("POST", &hook, vec![("content-length", "262144")], Ok(HOOK)),
            ("POST", &hook, vec![gzip], Ok(Target::Hook(Coding::Gzip))),
            ("POST", &hook, vec![("content-encoding", "br")], Err(Reason::Encoding)),
            ("POST", &hook, vec![("transfer-encoding", "gzip, chunked")], Err(Reason::Encoding)),
            ("POST", &hook, vec![("transfer-encoding", "Chunked")], Ok(HOOK)),
            ("GET", &hook, vec![("host", "x"), page], Err(Reason::NotHttp)),
            ("POST", "/x", vec![("host", "x")], Err(Reason::UnknownPath)),
            ("POST", &hook, vec![("content-encoding", "identity"), gzip], Ok(Target::Hook(Coding::Gzip))),
            ("POST", &hook, vec![gzip, gzip], Err(Reason::Encoding)),
            ("POST", &hook, vec![("content-encoding", "Identity")], Ok(HOOK)),
            ("POST", &hook, vec![("content-type", "text/plain"), ("referer", "x")], Ok(HOOK)),
        ] {
            assert_eq!(outcome(method, path, &headers), want, "{method} {path} {headers:?}");
        }
    }
}
