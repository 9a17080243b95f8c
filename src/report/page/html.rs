//! Text in a page: escaped, and every sign of it seen.

use std::fmt::Write as _;

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

/// The selector of an emoji's coloured form: it is seen.
const EMOJI: char = '\u{fe0f}';

/// A text as a page shows it: no sign of it is markup, and what is not seen, or changes how its neighbours are shown, is written out.
pub(super) fn text(text: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{2028}' | '\u{2029}' => unseen(&mut out, sign),
            _ if sign.is_control() || (sign != EMOJI && ignorable.contains(sign)) => unseen(&mut out, sign),
            _ => out.push(sign),
        }
    }
    out
}

/// As the window writes it: `\u{202E}`.
fn unseen(out: &mut String, sign: char) {
    // Writing into a text cannot fail.
    let _ = write!(out, "\\u{{{:04X}}}", u32::from(sign));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup_and_every_sign_is_seen() {
        for (given, shown) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"),
            ("a\u{202e}b\u{200b}c\u{7}d\r\n", "a\\u{202E}b\\u{200B}c\\u{0007}d\\r\\n"),
            ("张三 שלום 😀 ❤\u{fe0f}", "张三 שלום 😀 ❤\u{fe0f}"),
        ] {
            assert_eq!(text(given), shown);
        }
    }
}
