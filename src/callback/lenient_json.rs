//! JSON as Tencent's pages print it: comments, trailing commas and missing commas are repaired, but only after a strict
//! reading failed, so that a valid document is never touched (protocol.md section 9.4).

use serde_json::Value;

/// Reads a body; the flag says that it had to be repaired, the error says for a person what is wrong with it.
pub fn read(body: &[u8]) -> Result<(Value, bool), String> {
    let text = std::str::from_utf8(without_bom(body))
        .map_err(|error| format!("The body is not UTF-8 text (from byte {} on).", error.valid_up_to()))?;
    if let Ok(value) = serde_json::from_str(text) {
        return Ok((value, false));
    }
    serde_json::from_str(&repair(text))
        .map(|value| (value, true))
        .map_err(|error| format!("The body is not JSON: {error}."))
}

/// The body without a UTF-8 byte order mark.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// Removes comments and trailing commas and inserts the missing commas; strings are copied as they are, and so are the
/// line ends, so that an error names the line of the original.
fn repair(text: &str) -> String {
    let mut repair = Repair { out: String::with_capacity(text.len() + 16), comma: None, after_value: false };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '#' => comment_line(rest),
            '/' if rest.starts_with("//") => comment_line(rest),
            '/' if rest.starts_with("/*") => repair.block_comment(rest),
            '"' => repair.string(rest),
            _ => repair.token(c),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    repair.out
}

/// The scanner's state between two tokens.
struct Repair {
    out: String,
    /// Where the last token, a comma, was written; a closing bracket makes it a trailing one, which becomes a space.
    comma: Option<usize>,
    /// The last token ended a value, so that a value that follows needs a comma before it.
    after_value: bool,
}

impl Repair {
    fn token(&mut self, c: char) -> usize {
        match c {
            ',' => {
                self.comma = Some(self.out.len());
                self.out.push(c);
                self.after_value = false;
            }
            '}' | ']' => {
                if let Some(at) = self.comma.take() {
                    self.out.replace_range(at..=at, " ");
                }
                self.out.push(c);
                self.after_value = true;
            }
            '{' | '[' => {
                self.begin_value();
                self.out.push(c);
                self.after_value = false;
            }
            ':' => {
                self.comma = None;
                self.out.push(c);
                self.after_value = false;
            }
            c if c.is_ascii_whitespace() => self.out.push(c),
            _ => {
                self.comma = None;
                self.out.push(c);
                self.after_value = true;
            }
        }
        c.len_utf8()
    }

    fn string(&mut self, rest: &str) -> usize {
        self.begin_value();
        let length = string_length(rest);
        self.out.push_str(rest.get(..length).unwrap_or(rest));
        self.after_value = true;
        length
    }

    fn block_comment(&mut self, rest: &str) -> usize {
        let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
        let lines = rest.get(..length).unwrap_or(rest).matches('\n').count();
        self.out.push(' ');
        self.out.extend(std::iter::repeat_n('\n', lines));
        length
    }

    fn begin_value(&mut self) {
        self.comma = None;
        if self.after_value {
            self.out.push(',');
        }
    }
}

/// Bytes up to, and without, the end of the line.
fn comment_line(rest: &str) -> usize {
    rest.find(['\n', '\r']).unwrap_or(rest.len())
}

/// Bytes of the string literal at the start, both quotation marks included.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn repaired(text: &str) -> Value {
        let (value, repaired) = read(text.as_bytes()).expect("the text can be repaired");
        assert!(repaired, "{text} is not valid JSON, so it was repaired");
        value
    }

    #[test]
    fn what_the_pages_print_is_repaired() {
        for (text, want) in [
            ("{\"a\":1670574414123// ms\n}", json!({"a": 1_670_574_414_123_i64})),
            ("{\"a\":1 # one\n,\"b\":2}", json!({"a": 1, "b": 2})),
            (
                "{\"a\":{}\n\"b\":[1]\n\"c\":\"x\"\n\"d\":true \"e\":1 \"f\":2}",
                json!({"a": {}, "b": [1], "c": "x", "d": true, "e": 1, "f": 2}),
            ),
            ("{\"a\":[1,2,],}", json!({"a": [1, 2]})),
            ("{\"a\":[{\"b\":1} {\"b\":2}, // two\n]}", json!({"a": [{"b": 1}, {"b": 2}]})),
            (
                "{\"a\":1, /* two\nlines */ \"b\":\"//no # comment /* here */, }\" // yes\n}",
                json!({"a": 1, "b": "//no # comment /* here */, }"}),
            ),
        ] {
            assert_eq!(repaired(text), want, "{text} is a defect of protocol.md section 9.4");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_repair() {
        assert_eq!(read(b"\xEF\xBB\xBF{\"a\":1}"), Ok((json!({"a": 1}), false)), "the text behind the mark is valid");
    }

    #[test]
    fn what_cannot_be_repaired_says_why() {
        assert_eq!(read(b"\xff{").unwrap_err(), "The body is not UTF-8 text (from byte 0 on).", "a person reads this");
        let reason = read(b"{\"a\":1,\n\n/* x\n*/ a}").unwrap_err();
        assert!(reason.contains("line 4"), "{reason} names the line of the original");
        for text in ["", "{", "{\"a\" \"b\"}", "{,}x", "hello", "{\"a\":1,,\"b\":2}", "\"", "/", "/*", "{\"a\":\"\\"] {
            assert!(read(text.as_bytes()).is_err(), "{text:?} is not JSON, however kindly it is read");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~/#,{}\\[\\]\"\\\\é\n]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[a-z/#\"]{0,6}", inner), 0..5)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_valid_document_is_never_changed(value in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("serialises");
            prop_assert_eq!(read(text.as_bytes()), Ok((value, false)), "strict reading comes first");
            prop_assert_eq!(repair(&text), text, "and the repair itself leaves valid JSON as it is");
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\\\\"/*#,:{}\\[\\]0-9a-c \n]{0,60}") {
            let _ = read(text.as_bytes());
        }
    }
}
