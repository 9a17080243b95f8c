//! Hostile bodies, each sent to the real listener over the real record: the answer, the verdict, and the bytes that are kept.

use std::{fmt::Write as _, sync::Arc};

use calltrail::{
    callback::{self, Query},
    store::{
        Store,
        delivery::Digest,
        filter::{Filter, PageRequest},
    },
};
use expect_test::{Expect, expect};

use crate::listener::{APP, NOW_MS, Running, TOKEN, call_query, store, wire::post};

/// Bodies and what became of them, as lines of `name: status verdict`.
struct Table {
    running: Running,
    store: Arc<Store>,
    lines: String,
    _folder: tempfile::TempDir,
}

impl Table {
    async fn open() -> Self {
        let (folder, store) = store();
        let running = Running::over(store.clone()).await;
        Self { running, store, lines: String::new(), _folder: folder }
    }

    /// Sends a body and looks for it in the record.
    async fn send(&mut self, name: &str, body: &[u8]) {
        let answer = post(self.running.address, &format!("/hook/{TOKEN}?{}", call_query()), "", body).await;
        let understood = callback::parse(&Query::parse(&call_query()), &[], body);
        let digest = Digest::of(APP, &understood, body);
        let kept = self.store.read(|reader| reader.raw_delivery(&digest)).expect("readable");
        let verdict = match &kept {
            Some(kept) => {
                assert!(kept.body == body, "{name}: kept byte for byte");
                self.verdict(&digest)
            }
            None => "not kept".to_owned(),
        };
        let status = answer.status;
        assert_eq!(status == 200, kept.is_some(), "{name}: {status} must say whether it is kept");
        writeln!(self.lines, "{name}: {status} {verdict}").expect("text");
    }

    fn verdict(&self, digest: &Digest) -> String {
        let page = PageRequest { limit: Some(1000), ..PageRequest::default() };
        let page = self.store.read(|reader| reader.deliveries(&Filter::default(), &page, NOW_MS)).expect("a list");
        let row = page.rows.iter().find(|row| row.digest == digest.hex()).expect("what is kept is listed");
        assert!(!row.why().contains("fault"), "the parser itself failed: {row:?}");
        row.verdict.clone()
    }

    /// The calls in the record, each by its id, in the order of the alphabet.
    fn calls(&self) -> Vec<String> {
        let page = PageRequest { limit: Some(1000), ..PageRequest::default() };
        let page = self.store.read(|reader| reader.calls(&Filter::default(), &page, NOW_MS)).expect("a list");
        let mut ids: Vec<String> = page.rows.into_iter().map(|row| row.call_id).collect();
        ids.sort_unstable();
        ids
    }

    async fn matches(self, want: Expect) {
        want.assert_eq(&self.lines);
        self.running.listener.stop().await;
    }
}

/// The end of a call with these ids, written as JSON texts.
fn call(id: &str, user: &str, more: &str) -> Vec<u8> {
    format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":{id},"EventTime":1741231146000{more},"CallRecord":{{"Caller_Account":{user},"MediaType":"video","CallType":"SingleCall","StartTime":1741231140,"EndTime":1741231146,"CallResult":"NormalEnd"}}}}"#
    )
    .into_bytes()
}

#[tokio::test]
async fn what_is_no_json_is_kept_and_read_as_far_as_nothing_is_guessed() {
    let mut table = Table::open().await;
    let utf16: Vec<u8> = "\u{feff}{\"CallId\":\"c\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let whole = call(r#""c""#, r#""u""#, "");
    let cases: &[(&str, &[u8])] = &[
        ("null", b"null"),
        ("true", b"true"),
        ("a number", b"18446744073709551616"),
        ("a string", br#""CallId""#),
        ("an empty list", b"[]"),
        ("an empty object", b"{}"),
        ("a list of callbacks", &[b"[", whole.as_slice(), b"]"].concat()),
        ("spaces", b"  \r\n\t "),
        ("NUL bytes", &[0; 64]),
        ("bytes that are no UTF-8", b"{\"CallId\":\"\xff\xfe\xc0\x80\"}"),
        ("a lone surrogate in bytes", b"{\"CallId\":\"\xed\xa0\x80\"}"),
        ("UTF-16", &utf16),
        ("a body cut off", &whole[..whole.len() / 2]),
        ("a body cut off in an escape", br#"{"CallId":"\u00"#),
        ("a form", b"CallbackCommand=Call.CallbackAfterEndCall&CallId=c"),
        ("XML", b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"),
        ("an HTTP request", b"POST /hook HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("gzip without saying so", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0C\xbf\xa6\xa3\x02\0\0\0"),
        ("brackets 100,000 deep", &[b'['; 100_000]),
        ("objects 40,000 deep", &br#"{"a":"#.repeat(40_000)),
        ("only quotes", &[b'"'; 100_001]),
        ("only backslashes", &[b'\\'; 100_000]),
        ("comments without end", &b"/*".repeat(100_000)),
        ("lines of comments", &b"//\n".repeat(80_000)),
        ("commas", &[b','; 200_000]),
        ("a list of commas", &[b"[".as_slice(), &[b','; 200_000], b"]"].concat()),
        ("values without commas", &[b"[".as_slice(), &b"1 ".repeat(100_000), b"]"].concat()),
    ];
    for (name, body) in cases {
        table.send(name, body).await;
    }
    let broken = "\u{fffd}";
    let calls = [broken.repeat(3), broken.repeat(4)];
    assert_eq!(
        table.calls(),
        ["c".to_owned()].into_iter().chain(calls).collect::<Vec<_>>(),
        "what says of which call it is"
    );
    table
        .matches(expect![[r#"
        null: 200 unparsable
        true: 200 unparsable
        a number: 200 unparsable
        a string: 200 unparsable
        an empty list: 200 unparsable
        an empty object: 200 unparsable
        a list of callbacks: 200 unparsable
        spaces: 200 empty
        NUL bytes: 200 unparsable
        bytes that are no UTF-8: 200 repaired
        a lone surrogate in bytes: 200 repaired
        UTF-16: 200 repaired
        a body cut off: 200 unparsable
        a body cut off in an escape: 200 unparsable
        a form: 200 unparsable
        XML: 200 unparsable
        an HTTP request: 200 unparsable
        gzip without saying so: 200 unparsable
        brackets 100,000 deep: 200 unparsable
        objects 40,000 deep: 200 unparsable
        only quotes: 200 unparsable
        only backslashes: 200 unparsable
        comments without end: 200 unparsable
        lines of comments: 200 unparsable
        commas: 200 unparsable
        a list of commas: 200 unparsable
        values without commas: 200 unparsable
    "#]])
        .await;
}

#[tokio::test]
async fn numbers_and_keys_that_readers_disagree_about() {
    let mut table = Table::open().await;
    let digits = "9".repeat(200_000);
    let keys: String = (0..20_000).fold(String::new(), |mut keys, n| {
        write!(keys, r#","k{n}":0"#).expect("text");
        keys
    });
    for (name, id, more) in [
        ("2^64", "2-64", r#","SequenceId":18446744073709551616"#),
        ("2^53+1", "2-53", r#","SequenceId":9007199254740993"#),
        ("more than a float holds", "1e400", r#","SequenceId":1e400"#),
        ("a minus before zero", "minus", r#","SequenceId":-0"#),
        ("200,000 digits", "digits", &format!(r#","SequenceId":{digits}"#)),
        ("NaN", "nan", r#","SequenceId":NaN"#),
        ("Infinity", "infinity", r#","SequenceId":-Infinity"#),
        ("a number in hex", "hex", r#","SequenceId":0x10"#),
        ("a leading zero", "zero", r#","SequenceId":007"#),
        ("an unknown key twice", "twice", r#","x":1,"x":2"#),
        ("the id twice", "first", r#","CallId":"second""#),
        ("the command twice", "commands", r#","CallbackCommand":"Live.CallbackAfterCreateRoom""#),
        ("a nested key twice", "nested", r#","CallRecord":{"Caller_Account":"a","Caller_Account":"b"}"#),
        ("20,000 keys", "keys", &keys),
        ("a key without a name", "empty", r#","":1"#),
        ("names of a prototype", "proto", r#","__proto__":{"CallId":"x"},"constructor":{"prototype":{}}"#),
        ("a list 127 deep", "d127", &format!(r#","x":{}{}"#, "[".repeat(126), "]".repeat(126))),
        ("a list 128 deep", "d128", &format!(r#","x":{}{}"#, "[".repeat(127), "]".repeat(127))),
        ("a list 1,000 deep", "d1000", &format!(r#","x":{}{}"#, "[".repeat(1000), "]".repeat(1000))),
        ("a list 100,000 deep", "d100000", &format!(r#","x":{}{}"#, "[".repeat(100_000), "]".repeat(100_000))),
        ("a result twice", "results", r#","CallResult":"NotAnswer","CallResult":"\ud800""#),
        ("a time before the world", "past", r#","EventTime":-1"#),
        ("a time that is text", "text", r#","EventTime":"2025-03-06""#),
        ("a time that is 2^63", "future", r#","EventTime":9223372036854775808"#),
        ("an exponent without end", "exponent", r#","SequenceId":1e-999999999,"Size":0e999999999"#),
    ] {
        table.send(name, &call(&format!("\"{id}\""), r#""alice""#, more)).await;
    }
    let whole = call(r#""trailing""#, r#""alice""#, "");
    table.send("bytes after the end", &[whole.as_slice(), b" garbage"].concat()).await;
    let second = call(r#""another""#, r#""alice""#, "");
    table.send("two documents", &[whole.as_slice(), b"\n", &second].concat()).await;
    let calls = table.calls();
    table.lines.push_str(&format!("calls: {}\n", calls.join(" ")));
    table
        .matches(expect![[r#"
        2^64: 200 applied
        2^53+1: 200 applied
        more than a float holds: 200 repaired
        a minus before zero: 200 applied
        200,000 digits: 200 repaired
        NaN: 200 unparsable
        Infinity: 200 unparsable
        a number in hex: 200 unparsable
        a leading zero: 200 unparsable
        an unknown key twice: 200 applied
        the id twice: 200 applied
        the command twice: 200 unparsable
        a nested key twice: 200 applied
        20,000 keys: 200 applied
        a key without a name: 200 applied
        names of a prototype: 200 applied
        a list 127 deep: 200 repaired
        a list 128 deep: 200 repaired
        a list 1,000 deep: 200 repaired
        a list 100,000 deep: 200 repaired
        a result twice: 200 repaired
        a time before the world: 200 applied
        a time that is text: 200 applied
        a time that is 2^63: 200 applied
        an exponent without end: 200 applied
        bytes after the end: 200 unparsable
        two documents: 200 unparsable
        calls: 1e400 2-53 2-64 d1000 d100000 d127 d128 digits empty exponent future keys minus nested past proto results second text twice
    "#]])
        .await;
}

#[tokio::test]
async fn ids_that_deceive_are_kept_as_they_are() {
    let mut table = Table::open().await;
    let long = "u".repeat(10_000);
    let ids = [
        ("a NUL", r"a\u0000b", "a\0b"),
        ("line ends", r"a\r\nSet-Cookie: x=1\r\n\r\n", "a\r\nSet-Cookie: x=1\r\n\r\n"),
        ("control characters", r"\u001b[31mred\u0007\u009b", "\u{1b}[31mred\u{7}\u{9b}"),
        ("right to left", r"\u202ealice\u202c\u2066x\u2069", "\u{202e}alice\u{202c}\u{2066}x\u{2069}"),
        ("no width", r"al\u200bi\u200dce\ufeff", "al\u{200b}i\u{200d}ce\u{feff}"),
        ("look-alikes", "аlice", "аlice"),
        ("decomposed", r"e\u0301", "e\u{301}"),
        ("a name of a prototype", "__proto__", "__proto__"),
        ("a script", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("an image", r#"\"><img src=x onerror=alert(1)>"#, "\"><img src=x onerror=alert(1)>"),
        ("a formula", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("SQL", "'; DROP TABLE call;--", "'; DROP TABLE call;--"),
        ("a path", r"..\\..\/..\/etc/passwd", r"..\../../etc/passwd"),
        ("a pattern", "%_*?[a-z]", "%_*?[a-z]"),
        ("spaces around", "  alice  ", "  alice  "),
        ("surrogates as they should be", r"\ud83d\ude00", "\u{1f600}"),
        ("10,000 letters", &long, &long),
        ("not a character", r"\uffff\ufdd0", "\u{ffff}\u{fdd0}"),
    ];
    let mut want = Vec::new();
    for (name, written, id) in ids {
        table.send(name, &call(&format!("\"{written}\""), &format!("\"{written}\""), "")).await;
        want.push(id.to_owned());
    }
    want.sort_unstable();
    assert_eq!(table.calls(), want, "each is a call of its own, by the id as it was sent");
    for (name, written) in [
        ("a lone surrogate", r#""\ud800""#),
        ("surrogates the wrong way round", r#""\ude00\ud83d""#),
        ("an unknown escape", r#""\x41""#),
        ("a line end as it is", "\"a\nb\""),
        ("a number", "12345678901234567890123"),
        ("an object", r#"{"a":1}"#),
        ("a list", r#"["c"]"#),
        ("nothing", "null"),
        ("a space", r#"" ""#),
        ("an empty text", r#""""#),
    ] {
        table.send(&format!("an id that is {name}"), &call(written, r#""alice""#, "")).await;
    }
    let others: Vec<String> = table.calls().into_iter().filter(|id| !want.contains(id)).collect();
    table.lines.push_str(&format!("calls beside: {others:?}\n"));
    table
        .matches(expect![[r#"
        a NUL: 200 applied
        line ends: 200 applied
        control characters: 200 applied
        right to left: 200 applied
        no width: 200 applied
        look-alikes: 200 applied
        decomposed: 200 applied
        a name of a prototype: 200 applied
        a script: 200 applied
        an image: 200 applied
        a formula: 200 applied
        SQL: 200 applied
        a path: 200 applied
        a pattern: 200 applied
        spaces around: 200 applied
        surrogates as they should be: 200 applied
        10,000 letters: 200 applied
        not a character: 200 applied
        an id that is a lone surrogate: 200 repaired
        an id that is surrogates the wrong way round: 200 repaired
        an id that is an unknown escape: 200 repaired
        an id that is a line end as it is: 200 repaired
        an id that is a number: 200 applied
        an id that is an object: 200 unparsable
        an id that is a list: 200 unparsable
        an id that is nothing: 200 unparsable
        an id that is a space: 200 unparsable
        an id that is an empty text: 200 unparsable
        calls beside: ["12345678901234567890123", "\\x41", "a\nb", "�", "��"]
    "#]])
        .await;
}
