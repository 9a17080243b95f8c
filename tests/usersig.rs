//! UserSig, made here, read by an implementation that shares nothing with ours: Python's zlib, base64 and hmac.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use calltrail::{secret::Secret, tencent::usersig};

/// Written from Tencent's description (pages 34385 and 35166): unfolds a UserSig and signs its fields anew.
const PYTHON: &str = r#"
import base64, hashlib, hmac, json, sys, zlib
given = json.load(sys.stdin)
packed = given["usersig"].replace("*", "+").replace("-", "/").replace("_", "=")
fields = json.loads(zlib.decompress(base64.b64decode(packed, validate=True)))
text = "".join(f"TLS.{name}:{fields['TLS.' + name]}\n" for name in ("identifier", "sdkappid", "time", "expire"))
sig = base64.b64encode(hmac.new(given["key"].encode(), text.encode(), hashlib.sha256).digest()).decode()
print(json.dumps({"fields": fields, "fits": hmac.compare_digest(sig, fields["TLS.sig"])}))
"#;

#[test]
fn another_implementation_accepts_what_is_made_here() {
    for (app, user, key) in [
        ("1400000000", "administrator", "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"),
        ("20000001", "用户1", "TESTKEY-do-not-use-0123456789abcdef"),
    ] {
        let made = usersig::sign(app, &Secret::from(key.to_owned()), user, 1_700_000_000, 86_400);
        let python =
            Command::new("python3").args(["-I", "-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut python = python.expect("python3 is one of the packages that the tests need");
        let given = serde_json::json!({"usersig": made, "key": key}).to_string();
        python.stdin.take().expect("a pipe").write_all(given.as_bytes()).expect("it reads");
        let said = python.wait_with_output().expect("it ends");
        let said: serde_json::Value = serde_json::from_slice(&said.stdout).expect("it answers in JSON");
        assert_eq!(said["fits"], true, "{user}: the signature is the one that it computes: {said}");
        let fields = &said["fields"];
        assert_eq!(
            (fields["TLS.ver"].as_str(), fields["TLS.expire"].as_i64()),
            (Some("2.0"), Some(86_400)),
            "{fields}"
        );
        assert_eq!(
            (fields["TLS.identifier"].as_str(), fields["TLS.sdkappid"].to_string().as_str()),
            (Some(user), app),
            "{fields}"
        );
    }
}
