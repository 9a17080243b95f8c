//! One request as its family writes it: the query appended to the configured address, the headers, the signatures.

use std::borrow::Cow;

use super::super::tenant::LiveToken;
use crate::{
    callback::{delivery::Delivery, signature},
    secret::Secret,
};

/// What signs with a wrong key: neither a token nor a key of anybody.
const WRONG_KEY: &str = "the sandbox signs badly";

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// What signs the requests to an address.
#[derive(Clone, Debug)]
pub(super) enum Signer {
    /// Nothing does.
    Nothing,
    /// Live: `Sign` and `RequestTime` in the query.
    Live(Secret),
    /// RTC Engine: `Sign` in the headers, over the body. Without a key there is no signature.
    Rtc(Option<Secret>),
}

impl Signer {
    pub(super) fn live(token: Option<LiveToken>, bad: bool) -> Self {
        token.map_or(Self::Nothing, |token| Self::Live(maybe_wrong(token.token, bad)))
    }

    pub(super) fn rtc(key: Option<Secret>, bad: bool) -> Self {
        Self::Rtc(key.map(|key| maybe_wrong(key, bad)))
    }
}

fn maybe_wrong(secret: Secret, bad: bool) -> Secret {
    if bad { Secret::from(WRONG_KEY.to_owned()) } else { secret }
}

/// Where deliveries of one family go.
#[derive(Clone, Debug)]
pub(super) struct Target {
    url: String,
    signer: Signer,
}

impl Target {
    pub(super) fn new(url: &str, signer: Signer) -> Self {
        Self { url: url.to_owned(), signer }
    }

    /// The request for one try, at `now_ms` of the sender's clock.
    pub(super) fn request(&self, delivery: &Delivery, now_ms: i64) -> Request {
        let mut query = delivery.query.clone();
        let mut headers = delivery.headers.clone();
        let mut body = delivery.body.clone();
        match &self.signer {
            Signer::Nothing => {}
            Signer::Live(token) => {
                let time = now_ms.div_euclid(1_000).to_string();
                query.push_str(&format!("&Sign={}&RequestTime={time}", signature::live_sign(token.expose(), &time)));
            }
            Signer::Rtc(key) => {
                body = sent_at(&body, now_ms).into_owned();
                headers.retain(|(name, _)| name != "Sign");
                headers.extend(key.as_ref().map(|key| ("Sign".to_owned(), signature::rtc_sign(key.expose(), &body))));
            }
        }
        Request { url: with_query(&self.url, &query), headers, body }
    }
}

/// Appends a query to an address that may have one already (protocol.md 2.2).
fn with_query(url: &str, query: &str) -> String {
    let between = if url.contains('?') { '&' } else { '?' };
    if query.is_empty() { url.to_owned() } else { format!("{url}{between}{query}") }
}

/// RTC Engine's body with the time of this try as its `CallbackTs`.
fn sent_at(body: &[u8], now_ms: i64) -> Cow<'_, [u8]> {
    let replaced = std::str::from_utf8(body).ok().and_then(|text| {
        let (before, rest) = text.split_once("\"CallbackTs\":\t")?;
        let (_, after) = rest.split_once(',')?;
        Some(format!("{before}\"CallbackTs\":\t{now_ms},{after}"))
    });
    replaced.map_or(Cow::Borrowed(body), |text| Cow::Owned(text.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        callback::{Query, signature::check_rtc},
        traffic::Scenario,
    };

    const NOW: i64 = 1_790_000_000_000;

    #[test]
    fn the_query_goes_behind_the_one_that_the_address_has() {
        assert_eq!(with_query("https://h/a", "x=1"), "https://h/a?x=1", "none yet");
        assert_eq!(with_query("https://h/a?token=t", "x=1"), "https://h/a?token=t&x=1", "protocol.md 2.2");
        assert_eq!(with_query("https://h/a", ""), "https://h/a", "RTC Engine has none");
    }

    #[test]
    fn live_is_signed_in_the_query_and_rtc_over_the_body_of_each_try() {
        let token = LiveToken { token: Secret::from("xxxxyyyy".to_owned()), enabled: true };
        let live = Scenario::LiveRoom.play(1, "1400000000", NOW).remove(0);
        for (bad, want) in [(false, Ok(())), (true, Err(signature::Fault::Bad))] {
            let request = Target::new("http://h/", Signer::live(Some(token.clone()), bad)).request(&live, NOW);
            let query = Query::parse(request.url.split_once('?').expect("a query").1);
            let (sign, time) = (query.get("Sign"), query.get("RequestTime"));
            assert_eq!(signature::check_live("xxxxyyyy", sign, time, NOW), want, "bad: {bad}");
            assert_eq!(query.get("SdkAppid"), Some("1400000000"), "the rest of the query is there too");
        }
        let rtc = Scenario::RtcRoom.play(1, "1400000000", NOW).remove(0);
        let target = Target::new("http://h/", Signer::rtc(Some(Secret::from("123654".to_owned())), false));
        let (first, second) = (target.request(&rtc, NOW), target.request(&rtc, NOW + 10_000));
        assert_ne!(first.body, second.body, "CallbackTs is the time of sending");
        for request in [first, second] {
            let signs: Vec<&str> =
                request.headers.iter().filter(|(name, _)| name == "Sign").map(|(_, sign)| sign.as_str()).collect();
            assert_eq!(signs.len(), 1, "the traffic's own signature is gone");
            assert_eq!(check_rtc("123654", signs.first().copied(), &request.body), Ok(()), "signed as sent");
        }
        let unsigned = Target::new("http://h/", Signer::rtc(None, false)).request(&rtc, NOW);
        assert!(!unsigned.headers.iter().any(|(name, _)| name == "Sign"), "no key, no signature");
    }
}
