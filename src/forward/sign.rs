//! Live callbacks are signed for a minute. One that is sent later, because its target was down, is signed anew where the token is
//! known; what was not signed with it stays as it came.

use crate::callback::{
    Query,
    signature::{Fault, check_live, live_sign},
};

/// The query with a signature of now, where the one that it has fits the token and has run out. Everything else stays, byte for byte.
pub(super) fn anew(query: &str, token: &str, now_ms: i64) -> Option<String> {
    let read = Query::parse(query);
    let checked = check_live(token, read.get("Sign"), read.get("RequestTime"), now_ms);
    if checked != Err(Fault::Stale) {
        return None;
    }
    let request_time = now_ms.div_euclid(1_000).to_string();
    let sign = live_sign(token, &request_time);
    let pair = |pair: &str| match pair.split_once('=') {
        Some(("Sign", _)) => format!("Sign={sign}"),
        Some(("RequestTime", _)) => format!("RequestTime={request_time}"),
        _ => pair.to_owned(),
    };
    Some(query.split('&').map(pair).collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "xxxxyyyy";
    /// Tencent's own example (protocol.md 5.5).
    const SIGNED: &str = "SdkAppid=1&x=a%2Bb&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112";

    #[test]
    fn only_what_has_run_out_and_was_signed_with_the_token_is_signed_anew() {
        let at = |seconds: i64| 1_000 * (1_669_872_112 + seconds);
        assert_eq!(anew(SIGNED, TOKEN, at(60)), None, "it still holds");
        assert_eq!(anew(SIGNED, "another", at(3_600)), None, "of somebody else");
        assert_eq!(anew("SdkAppid=1", TOKEN, at(3_600)), None, "not signed");
        let signed = anew(SIGNED, TOKEN, at(3_600)).expect("it has run out");
        let want = format!("SdkAppid=1&x=a%2Bb&Sign={}&RequestTime=1669875712", live_sign(TOKEN, "1669875712"));
        assert_eq!(signed, want);
        assert_eq!(anew(&signed, TOKEN, at(3_601)), None, "and is good now");
    }
}
