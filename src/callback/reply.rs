//! What Tencent expects to read back: one answer per family (protocol.md section 0), at most 2,000 bytes with its headers.

use serde_json::json;

use super::codes::Family;

/// The most bytes of an error text that go into a reply, which may hold it twice.
const LONGEST_ERROR: usize = 800;

/// The JSON text that counts as success for a family. A sender that is not known gets an answer that satisfies them all.
pub const fn success(family: Family) -> &'static str {
    match family {
        Family::CallV1 => r#"{"ErrorCode":0,"ErrorMessage":"Success"}"#,
        Family::Call | Family::Live | Family::Room | Family::Chat => {
            r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#
        }
        Family::Rtc => r#"{"code":0}"#,
        Family::Unknown => r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"ErrorMessage":"Success","code":0}"#,
    }
}

/// The JSON text that says that the delivery was not taken, and why. CallKit v1 and RTC Engine then try again.
pub fn failure(family: Family, error: &str) -> String {
    let mut bytes = 0;
    let fits = |letter: &char| {
        bytes += written(*letter);
        bytes <= LONGEST_ERROR
    };
    let error: String = error.chars().take_while(fits).collect();
    match family {
        Family::CallV1 => json!({"ErrorCode": 1, "ErrorMessage": error}),
        Family::Call | Family::Live | Family::Room | Family::Chat => {
            json!({"ActionStatus": "FAIL", "ErrorInfo": error, "ErrorCode": 1})
        }
        Family::Rtc => json!({"code": 1, "message": error}),
        Family::Unknown => {
            json!({"ActionStatus": "FAIL", "ErrorInfo": error, "ErrorCode": 1, "ErrorMessage": error, "code": 1})
        }
    }
    .to_string()
}

/// How many bytes JSON takes for a character, at most.
fn written(letter: char) -> usize {
    match letter {
        '"' | '\\' => 2,
        _ if letter.is_control() => 6,
        _ => letter.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reply_comes_near_the_limit_of_2000_bytes() {
        for family in Family::ALL {
            assert!(success(*family).contains(":0"), "{family:?}: success is the code 0 in every family");
            // Control characters are six bytes each in JSON.
            let errors = ["错\"", "\0", "\\\u{1F600}"].map(|error| failure(*family, &error.repeat(5_000)));
            for text in errors.into_iter().chain([success(*family).to_owned()]) {
                assert!(text.len() < 1_900, "{family:?}: {} bytes are too many (protocol.md section 0)", text.len());
                assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{family:?}: a reply is valid JSON");
            }
        }
    }
}
