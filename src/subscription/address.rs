//! Addresses: which one is ours, what speaks against one before it is sent to Tencent, and how one is shown.

use std::net::IpAddr;

use url::{Host, Url};

use super::notice::Notice;
use crate::tencent::hosts::is_loopback;

/// Stands for what is not shown.
const DOTS: &str = "••••";
/// No key is shorter that could not be guessed.
const SHORTEST_KEY: usize = 16;

/// What makes an address ours.
#[derive(Clone, Debug, Default)]
pub struct Ours {
    /// The token at the end of our callback address.
    pub token: String,
    /// The address to enter at Tencent; `None` while nobody has said under which one Tencent reaches this computer.
    pub url: Option<String>,
}

impl Ours {
    /// Whether an address ends in our token, whatever host it names.
    pub fn owns(&self, url: &str) -> bool {
        let path = Url::parse(url).map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        !self.token.is_empty() && path.ends_with(&format!("/hook/{}", self.token))
    }
}

/// An address as people may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Our token, the values of a query, and what looks like a key in the path are left out: whoever knows them could write into a
    /// record.
    pub text: String,
    /// Whether it ends in our token.
    pub ours: bool,
}

/// An address as people may see it.
pub fn shown(url: &str, ours: &Ours) -> Shown {
    let owned = ours.owns(url);
    let mut text = if ours.token.is_empty() { url.to_owned() } else { url.replace(&ours.token, DOTS) };
    let (place, query) = text.split_once('?').map_or((text.as_str(), None), |(place, query)| (place, Some(query)));
    let place = without_keys(place);
    text = match query {
        // A value without a name may be the secret.
        Some(query) => {
            let hidden = |pair: &str| match pair.split_once('=') {
                Some((key, _)) => format!("{key}={DOTS}"),
                None => DOTS.to_owned(),
            };
            format!("{place}?{}", query.split('&').map(hidden).collect::<Vec<_>>().join("&"))
        }
        None => place,
    };
    if let Ok(parsed) = Url::parse(&text)
        && (!parsed.username().is_empty() || parsed.password().is_some())
        && let Some((before, after)) = text.split_once('@')
    {
        let scheme = before.split("//").next().unwrap_or_default();
        text = format!("{scheme}//{DOTS}@{after}");
    }
    Shown { text, ours: owned }
}

/// An address without its query, and without what lets somebody in: the token of another Calltrail, and what is long and random.
fn without_keys(place: &str) -> String {
    let mut before = "";
    let shown = place.split('/').map(|part| {
        let is_key = before == "hook" || looks_random(part);
        before = part;
        if is_key && !part.is_empty() { DOTS } else { part }
    });
    shown.collect::<Vec<_>>().join("/")
}

/// Whether a part of a path is a key and no word: long, of letters and digits mixed.
fn looks_random(part: &str) -> bool {
    let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let has = |kind: fn(&u8) -> bool| part.as_bytes().iter().any(kind);
    part.len() >= SHORTEST_KEY && is_plain && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// What speaks against sending callbacks to an address. `sandbox`: whoever sends is on this computer too.
pub fn check(url: &str, ours: &Ours, sandbox: bool) -> Vec<Notice> {
    let parsed = Url::parse(url).ok().filter(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host());
    let Some(parsed) = parsed else {
        return vec![Notice::NotWeb];
    };
    let mut notices = Vec::new();
    if is_private(&parsed) && !sandbox {
        notices.push(Notice::PrivateAddress);
    }
    if !ours.owns(url) {
        notices.push(Notice::NotOurs);
    }
    if parsed.scheme() == "http" && !sandbox {
        notices.push(Notice::HttpOnly);
    }
    notices
}

/// Whether an address is one that the internet cannot reach, as far as it says so itself.
pub fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private_ip(ip.into()),
        Some(Host::Ipv6(ip)) => is_private_ip(ip.to_canonical()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let local = [".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid"];
            is_loopback(url) || !name.contains('.') || local.iter().any(|end| name.ends_with(end))
        }
        None => true,
    }
}

/// Whether an IP address is of this computer or of a private network.
pub fn is_private_ip(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let carriers = first == 100 && (64..128).contains(&second);
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || carriers
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn ours() -> Ours {
        Ours { token: TOKEN.to_owned(), url: None }
    }

    fn codes(url: &str, sandbox: bool) -> String {
        check(url, &ours(), sandbox).iter().map(Notice::code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_address_is_checked_before_it_is_sent() {
        let hook = |base: &str| format!("{base}/hook/{TOKEN}");
        for (url, want) in [
            (hook("https://calls.example.com"), ""),
            (hook("https://calls.example.com/deep"), ""),
            (hook("http://calls.example.com"), "http_only"),
            (hook("http://203.0.113.9:8080"), "http_only"),
            (hook("https://10.1.2.3"), "private_address"),
            (hook("https://100.64.0.1"), "private_address"),
            (hook("https://[fe80::1]"), "private_address"),
            (hook("https://[::ffff:192.168.0.1]"), "private_address"),
            (hook("https://desk"), "private_address"),
            (hook("http://localhost:8787"), "private_address http_only"),
            ("https://calls.example.com/hook/0123".to_owned(), "not_ours"),
            (format!("https://calls.example.com/hook/{TOKEN}x"), "not_ours"),
            (format!("https://calls.example.com/?x=/hook/{TOKEN}"), "not_ours"),
            ("ftp://calls.example.com".to_owned(), "not_web"),
            ("calls.example.com".to_owned(), "not_web"),
            (String::new(), "not_web"),
        ] {
            assert_eq!(codes(&url, false), want, "{url}");
        }
        assert_eq!(codes(&hook("http://127.0.0.1:8787"), true), "", "the sandbox is on this computer too");
    }

    #[test]
    fn what_is_shown_lets_nobody_in() {
        let text = |url: &str| shown(url, &ours()).text;
        assert_eq!(text(&format!("https://a.example/hook/{TOKEN}")), "https://a.example/hook/••••", "our token");
        assert_eq!(
            text("https://b.example/cb?token=abc&x"),
            "https://b.example/cb?token=••••&••••",
            "somebody's query"
        );
        assert_eq!(text("https://b.example/cb?s3cr3t"), "https://b.example/cb?••••", "a secret without a name");
        assert_eq!(
            text("https://b.example/hook/other?a=b"),
            "https://b.example/hook/••••?a=••••",
            "another Calltrail's"
        );
        assert_eq!(
            text("https://b.example/services/T024BE7LD/q7Zk29XmPv4Lw8Rt1NcY/"),
            "https://b.example/services/T024BE7LD/••••/",
            "a key in the path"
        );
        assert_eq!(
            text("https://b.example/trtc-callback-receiver/v2"),
            "https://b.example/trtc-callback-receiver/v2",
            "words"
        );
        assert_eq!(text("https://user:pass@b.example/cb"), "https://••••@b.example/cb", "somebody's password");
        assert!(shown(&format!("https://old.example/hook/{TOKEN}"), &ours()).ours, "ours under an older host");
        assert!(!shown("https://b.example/hook/x", &ours()).ours, "somebody else's");
    }
}
