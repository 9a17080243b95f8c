//! UserSig (TLSSigAPIv2): the password that each REST request carries (protocol.md section 7, pages 34385 and 35166).

use std::io::{Read as _, Write as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

use crate::{callback::signature::hmac_sha256, secret::Secret};

/// The longest JSON text that a UserSig may unfold to: a real one has about 200 bytes.
const LONGEST: u64 = 16 * 1024;

/// Why a UserSig is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It cannot be read: not base64, not compressed, not JSON, or a field is missing.
    #[error("the UserSig cannot be read")]
    Unreadable,
    /// It was made for another application or another account.
    #[error("the UserSig was made for another application or account")]
    Other,
    /// It was not made with the application's key.
    #[error("the UserSig was not made with this application's key")]
    Wrong,
    /// Its time is over.
    #[error("the UserSig has expired")]
    Expired,
}

/// Makes a UserSig for an account of an application, valid from `time_s` (Unix seconds) on for `expire_s` seconds.
pub fn sign(app: &str, key: &Secret, identifier: &str, time_s: i64, expire_s: i64) -> String {
    fold(&fields(app, key, identifier, time_s, expire_s, None))
}

/// Whether a UserSig was made for this account of this application with this key, and is still valid at `now_s`.
pub fn check(usersig: &str, app: &str, key: &Secret, identifier: &str, now_s: i64) -> Result<(), Fault> {
    let fields = unfold(usersig).ok_or(Fault::Unreadable)?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let number = |name: &str| fields.get(name).and_then(Value::as_i64);
    let (Some(time), Some(expire), Some(sent)) = (number("TLS.time"), number("TLS.expire"), text("TLS.sig")) else {
        return Err(Fault::Unreadable);
    };
    if text("TLS.identifier") != Some(identifier)
        || fields.get("TLS.sdkappid").map(Value::to_string).as_deref() != Some(app)
    {
        return Err(Fault::Other);
    }
    let want = hmac_sha256(key.expose(), to_sign(app, identifier, time, expire, text("TLS.userbuf")).as_bytes());
    let sent = BASE64_STANDARD.decode(sent).map_err(|_| Fault::Wrong)?;
    if !bool::from(sent.ct_eq(&want)) {
        return Err(Fault::Wrong);
    }
    if now_s > time.saturating_add(expire) { Err(Fault::Expired) } else { Ok(()) }
}

/// The JSON object inside a UserSig; `None` when there is none.
pub fn unfold(usersig: &str) -> Option<Map<String, Value>> {
    let standard: String = usersig.chars().map(|c| replaced(c, UNFOLDED)).collect();
    let packed = BASE64_STANDARD.decode(standard).ok()?;
    let mut text = Vec::new();
    ZlibDecoder::new(packed.as_slice()).take(LONGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

const UNFOLDED: [(char, char); 3] = [('*', '+'), ('-', '/'), ('_', '=')];
const FOLDED: [(char, char); 3] = [('+', '*'), ('/', '-'), ('=', '_')];

fn replaced(c: char, pairs: [(char, char); 3]) -> char {
    pairs.into_iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| to)
}

fn fields(app: &str, key: &Secret, identifier: &str, time_s: i64, expire_s: i64, userbuf: Option<&str>) -> Value {
    let signed = to_sign(app, identifier, time_s, expire_s, userbuf);
    let sig = BASE64_STANDARD.encode(hmac_sha256(key.expose(), signed.as_bytes()));
    // SDKAppIDs are numbers in Tencent's JSON; one that is none cannot be anybody's, and is sent as the text that it is.
    let app = app.parse::<u64>().map_or_else(|_| Value::from(app), Value::from);
    let mut fields = json!({
        "TLS.ver": "2.0", "TLS.identifier": identifier, "TLS.sdkappid": app, "TLS.expire": expire_s, "TLS.time": time_s,
    });
    if let Value::Object(fields) = &mut fields {
        if let Some(userbuf) = userbuf {
            fields.insert("TLS.userbuf".to_owned(), userbuf.into());
        }
        fields.insert("TLS.sig".to_owned(), sig.into());
    }
    fields
}

fn to_sign(app: &str, identifier: &str, time_s: i64, expire_s: i64, userbuf: Option<&str>) -> String {
    let userbuf = userbuf.map(|userbuf| format!("TLS.userbuf:{userbuf}\n")).unwrap_or_default();
    format!("TLS.identifier:{identifier}\nTLS.sdkappid:{app}\nTLS.time:{time_s}\nTLS.expire:{expire_s}\n{userbuf}")
}

fn fold(fields: &Value) -> String {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    let _ = packer.write_all(fields.to_string().as_bytes());
    let packed = packer.finish().unwrap_or_default();
    BASE64_STANDARD.encode(packed).chars().map(|c| replaced(c, FOLDED)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/samples/crypto_vectors.json");

    fn vectors() -> Vec<Value> {
        let text = std::fs::read_to_string(VECTORS).expect("the fixture is there");
        let all: Value = serde_json::from_str(&text).expect("the fixture is JSON");
        all["usersig"].as_array().expect("a list").clone()
    }

    /// What one vector was made with: app, key, account, time, validity, userbuf.
    fn given(vector: &Value) -> (String, Secret, String, i64, i64, Option<String>) {
        let text = |name: &str| vector[name].as_str().map(str::to_owned);
        (
            vector["sdkappid"].to_string(),
            Secret::from(text("key").expect("text")),
            text("userid").expect("text"),
            vector["time"].as_i64().expect("a number"),
            vector["expire"].as_i64().expect("a number"),
            text("userbuf_base64"),
        )
    }

    #[test]
    fn the_vectors_of_the_published_package_are_made_alike() {
        for vector in vectors() {
            let (app, key, user, time, expire, userbuf) = given(&vector);
            assert_eq!(
                fields(&app, &key, &user, time, expire, userbuf.as_deref()),
                vector["inflated_json"],
                "{user}: the object inside, compared as JSON because its spelling and its compression are free"
            );
            let made = fold(&fields(&app, &key, &user, time, expire, userbuf.as_deref()));
            assert_eq!(check(&made, &app, &key, &user, time), Ok(()), "{user}: what we make we accept");
            assert!(
                made.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*-_".contains(&byte)),
                "{made} can stand in a URL as it is"
            );
        }
    }

    #[test]
    fn what_other_implementations_make_is_read_and_checked() {
        for vector in vectors() {
            let (app, key, user, time, expire, _) = given(&vector);
            for form in ["usersig_python_zlib", "usersig_compact_json_level0_newline_go_style"] {
                let sent = vector[form].as_str().expect("text");
                assert_eq!(check(sent, &app, &key, &user, time + expire), Ok(()), "{form}: valid to the last second");
                assert_eq!(
                    check(sent, &app, &key, &user, time + expire + 1),
                    Err(Fault::Expired),
                    "{form}: and no longer"
                );
                assert_eq!(check(sent, "1", &key, &user, time), Err(Fault::Other), "{form}: another application");
                assert_eq!(check(sent, &app, &key, "other", time), Err(Fault::Other), "{form}: another account");
                let wrong = Secret::from("another key".to_owned());
                assert_eq!(check(sent, &app, &wrong, &user, time), Err(Fault::Wrong), "{form}: another key");
            }
        }
    }

    #[test]
    fn what_is_no_usersig_is_unreadable() {
        let key = Secret::from("k".to_owned());
        let bomb = fold(&json!({ "x": "0".repeat(1 << 20) }));
        for sent in ["", "abc", "eJw", "!!!!", bomb.as_str()] {
            assert_eq!(check(sent, "1", &key, "a", 0), Err(Fault::Unreadable), "{:.20}", sent);
        }
    }
}
