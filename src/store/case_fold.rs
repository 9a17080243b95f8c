//! Text functions that SQLite lacks: search that takes different spellings of one text for the same.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// The dot that `İ` has above it when it is a small letter.
const DOT_ABOVE: char = '\u{307}';

/// Adds `contains_folded(text, folded_needle)` to a connection: true when the folded text holds the needle.
pub(crate) fn register(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("contains_folded", 2, flags, |context| {
        let text = context.get_raw(0).as_str().unwrap_or_default();
        let needle = context.get_raw(1).as_str().unwrap_or_default();
        Ok(fold(text).contains(needle))
    })
}

/// What all spellings of one text have in common, for comparison: composed or not, capital or small, full width or half width,
/// with or without marks that nobody sees. It is what Unicode calls NFKC_Casefold, and in addition the Turkish `İ` and `ı` are an
/// `i`: whether `I` is the capital of `i` or of `ı` depends on the language, which no id tells.
///
/// The segments of a projection hold folded texts. Whoever changes this raises [`crate::store::files::projection_file::RULES`].
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        // Nearly all ids are, and a search folds a great many.
        return text.to_ascii_lowercase();
    }
    let visible = folded(text, |letter| !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter));
    // A text of invisible marks alone is not an empty one, which every other would hold.
    if visible.is_empty() { folded(text, |_| true) } else { visible }
}

fn folded(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut small = String::with_capacity(text.len());
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd();
    for letter in decomposed.normalize(text).chars().flat_map(small_letters).filter(|letter| is_kept(*letter)) {
        if letter != DOT_ABOVE || !small.ends_with('i') {
            small.push(letter);
        }
    }
    ComposingNormalizerBorrowed::new_nfkc().normalize(&small).into_owned()
}

/// By way of the capital, because some capitals are those of several letters: `ς` and `σ`, `ß` and `ss`, `ı` and `i`.
fn small_letters(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

    use super::fold;

    #[test]
    fn spellings_of_one_text_are_the_same() {
        for (same, line) in [
            ["Forêt", "Fore\u{302}t", "FORÊT", "fore\u{302}t", "Ｆｏｒｅ\u{302}ｔ"].as_slice(),
            &["ABC-12", "ＡＢＣ－１２", "abc-12", "ａｂｃ-１２"],
            &["ガイド", "ｶﾞｲﾄﾞ", "カ\u{3099}イト\u{3099}"],
            &["한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"],
            &["Straße", "STRASSE", "STRAẞE", "strasse"],
            &["ΟΔΟΣ", "οδος", "οδοσ", "Οδός".replace('ό', "ο").as_str()],
            &["İstanbul", "istanbul", "ISTANBUL", "I\u{307}stanbul", "ıstanbul"],
            &["ᏣᎳᎩ", "ꮳꮃꭹ"],
            &["Ქართული", "ქართული"],
            &["ﬁle", "FILE", "ＦＩＬＥ"],
            &["Ångström", "Å".replace('Å', "\u{212b}ngström").as_str(), "A\u{30a}NGSTRO\u{308}M"],
            &["ệ", "e\u{323}\u{302}", "e\u{302}\u{323}", "Ệ", "ê\u{323}"],
            &["豈", "\u{f900}"],
            &["葛城", "葛\u{e0100}城", "葛\u{fe00}城"],
            &["user", "us\u{ad}er", "\u{feff}user", "us\u{200b}er", "user\u{200d}", "u\u{2060}ser"],
            &["a b", "a\u{a0}b", "a\u{3000}b"],
            &["ﷺ", "صلى الله عليه وسلم"],
            &["ᾳ", "ΑΙ", "αι", "ᾼ"],
        ]
        .into_iter()
        .zip(1..)
        {
            for other in same {
                assert_eq!(fold(other), fold(same[0]), "line {line}: {other:?} and {:?}", same[0]);
            }
        }
    }

    #[test]
    fn what_differs_stays_different() {
        for (one, other) in
            [("Forêt", "Foret"), ("user1", "user2"), ("ガ", "カ"), ("か", "カ"), ("你好", "您好"), ("ö", "oe")]
        {
            assert_ne!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn nothing_that_can_be_typed_is_found_everywhere() {
        for needle in
            ["\u{200b}", "\u{ad}\u{200d}", "\u{fe0f}", "\u{302}", "\u{e0100}", "\u{3000}", "\u{34f}", "\u{3164}"]
        {
            assert!(!fold(needle).is_empty(), "{needle:?} is something");
            for text in ["room-1", "Forêt", "你好", "us\u{200b}er"] {
                assert!(!fold(text).contains(&fold(needle)), "{needle:?} is not in {text:?}");
            }
        }
    }

    #[test]
    fn every_character_is_the_same_in_each_of_its_forms() {
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        let nfd = DecomposingNormalizerBorrowed::new_nfd();
        // Beyond them lie letters that have one form each.
        let letters = ('\0'..='\u{1ffff}').chain('\u{2f800}'..='\u{2fa1f}').chain('\u{e0000}'..='\u{e0fff}');
        for letter in letters {
            let text = letter.to_string();
            let folded = fold(&text);
            assert_eq!(fold(&folded), folded, "folding {letter:?} again changes nothing");
            for form in [nfc.normalize(&text), nfd.normalize(&text), nfkc.normalize(&text)] {
                assert_eq!(fold(&form), folded, "{letter:?} and {form:?}");
            }
            for case in [text.to_uppercase(), text.to_lowercase()] {
                assert_eq!(fold(&case), folded, "{letter:?} and {case:?}");
            }
        }
    }
}
