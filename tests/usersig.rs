//! UserSig, made here, read by an implementation that shares nothing with ours: Python's zlib, base64 and hmac.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use calltrail::{secret::Secret, tencent::usersig};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// Written from Tencent's description (pages 34385 and 35166): unfolds each UserSig and signs its fields anew.
const PYTHON: &str = r#"
import base64, hashlib, hmac, json, sys, zlib
def read(given):
    packed = given["usersig"].replace("*", "+").replace("-", "/").replace("_", "=")
    fields = json.loads(zlib.decompress(base64.b64decode(packed, validate=True)))
    text = "".join(f"TLS.{name}:{fields['TLS.' + name]}\n" for name in ("identifier", "sdkappid", "time", "expire"))
    sig = base64.b64encode(hmac.new(given["key"].encode(), text.encode(), hashlib.sha256).digest()).decode()
    return {"fits": hmac.compare_digest(sig, fields["TLS.sig"]), **fields}
print(json.dumps([read(given) for given in json.load(sys.stdin)]))
"#;

/// What a UserSig is made of.
struct Given {
    app: u32,
    user: String,
    key: String,
    time: i64,
    expire: i64,
}

/// Anything that a seed gives, with characters of every length in UTF-8.
fn any(dice: &mut ChaCha8Rng) -> Given {
    let letters = ['a', 'Z', '0', '_', '-', 'é', '用', '户', '🙂', '"', '\\', '\t'];
    let user = (0..dice.random_range(1..32)).map(|_| letters[dice.random_range(0..letters.len())]).collect();
    let key = (0..dice.random_range(1..90)).map(|_| char::from(dice.random_range(b'!'..=b'~'))).collect();
    let (time, expire) = (dice.random_range(0..4_000_000_000), dice.random_range(1..20_000_000));
    Given { app: dice.random(), user, key, time, expire }
}

#[test]
fn another_implementation_accepts_what_is_made_here() {
    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let given: Vec<Given> = (0..1_000).map(|_| any(&mut dice)).collect();
    let made = given.iter().map(|Given { app, user, key, time, expire }| {
        let usersig = usersig::sign(&app.to_string(), &Secret::from(key.clone()), user, *time, *expire);
        json!({"usersig": usersig, "key": key})
    });
    let made = Value::from_iter(made).to_string();
    let python =
        Command::new("python3").args(["-I", "-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut python = python.expect("python3 is one of the packages that the tests need");
    python.stdin.take().expect("a pipe").write_all(made.as_bytes()).expect("it reads");
    let said = python.wait_with_output().expect("it ends");
    let said: Vec<Value> = serde_json::from_slice(&said.stdout).expect("it answers in JSON");
    assert_eq!(said.len(), given.len(), "one answer each");
    for (Given { app, user, time, expire, .. }, said) in given.iter().zip(&said) {
        let want = json!({
            "fits": true, "TLS.ver": "2.0", "TLS.identifier": user, "TLS.sdkappid": app, "TLS.time": time,
            "TLS.expire": expire, "TLS.sig": said["TLS.sig"],
        });
        assert_eq!(*said, want, "what it reads is what was signed, and the signature is the one that it computes");
    }
}
