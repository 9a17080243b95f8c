//! The two signatures that Tencent documents: the Live token's (protocol.md 5.5) and RTC Engine's HMAC (6.3).
//! Pure functions: the clock is a parameter. Comparisons take the same time wherever the difference is.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How far `RequestTime` may be from our clock, in seconds (page 64412).
pub const WINDOW_SECONDS: i64 = 60;

/// What is wrong with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The request carries none.
    #[error("The request is not signed, although a key is set for this application.")]
    Missing,
    /// It does not fit.
    #[error("The signature does not fit the key that is set for this application.")]
    Bad,
    /// It fits, but was made too long ago, or in the future.
    #[error(
        "The signature is more than a minute away from this computer's clock: an old request, or a clock that is wrong."
    )]
    Stale,
}

/// `Sign` of a Live callback: lower-case hexadecimal of SHA-256 over the token and `RequestTime` (decimal seconds).
pub fn live_sign(token: &str, request_time: &str) -> String {
    hex::encode(live_digest(token, request_time))
}

/// Checks `Sign` and `RequestTime` of a query against the token. The body is not covered by this signature.
pub fn check_live(token: &str, sign: Option<&str>, request_time: Option<&str>, now_ms: i64) -> Result<(), Fault> {
    let (Some(sign), Some(request_time)) = (sign, request_time) else { return Err(Fault::Missing) };
    let mut sent = [0; 32];
    hex::decode_to_slice(sign.trim(), &mut sent).map_err(|_| Fault::Bad)?;
    if !bool::from(sent.ct_eq(&live_digest(token, request_time))) {
        return Err(Fault::Bad);
    }
    let seconds: i64 = request_time.parse().map_err(|_| Fault::Bad)?;
    let away = i128::from(seconds) - i128::from(now_ms.div_euclid(1_000));
    if away.abs() > i128::from(WINDOW_SECONDS) { Err(Fault::Stale) } else { Ok(()) }
}

/// `Sign` of an RTC Engine callback: standard base64 of HMAC-SHA256 over the body bytes as received.
pub fn rtc_sign(key: &str, body: &[u8]) -> String {
    BASE64_STANDARD.encode(rtc_digest(key, body))
}

/// Checks the header `Sign` of an RTC Engine callback against the key.
pub fn check_rtc(key: &str, sign: Option<&str>, body: &[u8]) -> Result<(), Fault> {
    let sent = BASE64_STANDARD.decode(sign.ok_or(Fault::Missing)?.trim()).map_err(|_| Fault::Bad)?;
    if bool::from(sent.ct_eq(&rtc_digest(key, body))) { Ok(()) } else { Err(Fault::Bad) }
}

fn live_digest(token: &str, request_time: &str) -> [u8; 32] {
    Sha256::new().chain_update(token).chain_update(request_time).finalize().into()
}

fn rtc_digest(key: &str, body: &[u8]) -> [u8; 32] {
    hmac_sha256(key, body)
}

/// HMAC-SHA256 with a key that is a text, as Tencent's signatures have it.
pub fn hmac_sha256(key: &str, message: &[u8]) -> [u8; 32] {
    // HMAC pads a short key with zeros to its block and hashes a long one first; done here, its constructor cannot fail.
    let mut block = [0; 64];
    let hashed = Sha256::digest(key);
    let key = if key.len() > block.len() { hashed.as_slice() } else { key.as_bytes() };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    <Hmac<Sha256> as KeyInit>::new(&block.into()).chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/samples");

    fn vectors() -> Value {
        let text = std::fs::read_to_string(format!("{SAMPLES}/crypto_vectors.json")).expect("the fixture is there");
        serde_json::from_str(&text).expect("the fixture is JSON")
    }

    #[test]
    fn the_published_live_vectors_fit() {
        for vector in vectors()["webhook_sign"].as_array().expect("a list") {
            let (token, sign) = (vector["token"].as_str().expect("text"), vector["sign"].as_str().expect("text"));
            let seconds = vector["request_time"].as_i64().expect("a number");
            let (time, now) = (seconds.to_string(), seconds * 1_000);
            assert_eq!(live_sign(token, &time), sign, "{vector}");
            assert_eq!(
                check_live(token, Some(&sign.to_uppercase()), Some(&time), now + 60_999),
                Ok(()),
                "60 s, upper case"
            );
            assert_eq!(check_live(token, Some(sign), Some(&time), now + 61_000), Err(Fault::Stale), "61 s late");
            assert_eq!(check_live(token, Some(sign), Some(&time), now - 61_000), Err(Fault::Stale), "from the future");
            assert_eq!(check_live("other", Some(sign), Some(&time), now), Err(Fault::Bad), "another token");
            assert_eq!(check_live(token, Some("zz"), Some(&time), now), Err(Fault::Bad), "not hexadecimal");
            assert_eq!(check_live(token, None, Some(&time), now), Err(Fault::Missing), "no signature");
            assert_eq!(check_live(token, Some(sign), None, now), Err(Fault::Missing), "no time");
        }
        let endless = live_sign("t", "99999999999999999999");
        assert_eq!(check_live("t", Some(&endless), Some("99999999999999999999"), 0), Err(Fault::Bad), "no such time");
    }

    #[test]
    fn the_published_rtc_vectors_fit() {
        for vector in vectors()["trtc_sign"].as_array().expect("a list") {
            let body = match vector["body_file"].as_str() {
                Some(file) => std::fs::read(format!("{SAMPLES}/{file}")).expect("the fixture is there"),
                None => vector["body"].as_str().expect("text").as_bytes().to_vec(),
            };
            let (key, sign) = (vector["key"].as_str().expect("text"), vector["sign"].as_str().expect("text"));
            assert_eq!(rtc_sign(key, &body), sign, "{vector}");
            assert_eq!(check_rtc(key, Some(sign), &body), Ok(()), "the published signature is accepted");
            assert_eq!(check_rtc(key, Some(sign), b"{}"), Err(Fault::Bad), "another body");
            assert_eq!(check_rtc(key, Some("?"), &body), Err(Fault::Bad), "not base64");
            assert_eq!(check_rtc(key, Some(""), &body), Err(Fault::Bad), "empty");
            let long = "k".repeat(65);
            let other = <Hmac<Sha256> as Mac>::new_from_slice(long.as_bytes())
                .expect("any length")
                .chain_update(&body)
                .finalize();
            assert_eq!(rtc_sign(&long, &body), BASE64_STANDARD.encode(other.into_bytes()), "a key longer than a block");
            assert_eq!(check_rtc(key, None, &body), Err(Fault::Missing), "no header");
        }
    }
}
