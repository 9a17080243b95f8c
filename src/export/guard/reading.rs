//! What a spreadsheet would read as a number, a date, a time, a fraction or a truth value.
//!
//! Which texts those are depends on the program, its version and its language, so the question is turned around: a cell is
//! left alone where it is certainly text, because it holds a word that is in none of these. All other texts count as read.

/// Digits of a whole number that every spreadsheet shows and keeps as they are. Excel shows longer ones as `1.23E+11`, and
/// saves what it shows.
const KEPT_DIGITS: usize = 11;

/// Characters that are in no number, date, time or sum of money.
const OF_NO_VALUE: [char; 13] = ['=', '@', '&', '<', '>', '?', '!', '|', '~', '\\', '{', '}', '^'];

/// Words of truth, as spreadsheets of several languages write them.
const TRUTH: &[&str] = &[
    "true",
    "false",
    "wahr",
    "falsch",
    "vrai",
    "faux",
    "verdadero",
    "falso",
    "verdadeiro",
    "vero",
    "waar",
    "onwaar",
    "sant",
    "falskt",
    "sand",
    "falsk",
    "sann",
    "usann",
    "tosi",
    "epätosi",
    "prawda",
    "fałsz",
    "pravda",
    "nepravda",
    "igaz",
    "hamis",
    "истина",
    "ложь",
    "лъжа",
    "doğru",
    "yanliş",
    "yanlış",
    "adevărat",
    "fals",
    "真",
    "假",
];

/// Months and days of the week in several languages; a date also takes their beginnings, from three letters on.
const CALENDAR: &[&str] = &[
    // English, German
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "sept",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "januar",
    "jänner",
    "februar",
    "feber",
    "märz",
    "maerz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag", // French, Spanish, Italian, Portuguese, Dutch
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "dicembre",
    "janeiro",
    "fevereiro",
    "março",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "januari",
    "februari",
    "maart",
    "mei",
    "augustus", // Scandinavian, Finnish, Polish, Czech, Hungarian, Turkish, Indonesian, Vietnamese
    "marts",
    "maj",
    "augusti",
    "desember",
    "tammikuu",
    "helmikuu",
    "maaliskuu",
    "huhtikuu",
    "toukokuu",
    "kesäkuu",
    "heinäkuu",
    "elokuu",
    "syyskuu",
    "lokakuu",
    "marraskuu",
    "joulukuu",
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
    "ledna",
    "února",
    "března",
    "dubna",
    "května",
    "června",
    "července",
    "srpna",
    "září",
    "října",
    "prosince",
    "január",
    "február",
    "március",
    "április",
    "május",
    "június",
    "július",
    "augusztus",
    "szeptember",
    "október",
    "ocak",
    "şubat",
    "nisan",
    "mayıs",
    "haziran",
    "temmuz",
    "ağustos",
    "eylül",
    "ekim",
    "kasım",
    "aralık",
    "maret",
    "agustus",
    "tháng",
    "ngày",
    "năm",
];

/// Currencies that are written as letters, and the codes of the commonest ones.
const CURRENCIES: &[&str] = &[
    "r", "rs", "rm", "kr", "zł", "kč", "ft", "lei", "din", "nt", "hk", "us", "cn", "jp", "ca", "au", "nz", "sg", "mx",
    "fr", "sfr", "eur", "usd", "cny", "rmb", "hkd", "twd", "jpy", "gbp", "chf", "aud", "cad", "nzd", "sgd", "krw",
    "inr", "brl", "mxn", "rub", "sek", "nok", "dkk", "pln", "czk", "huf", "try", "zar", "thb", "idr", "myr", "php",
    "vnd", "euro", "yuan",
];

/// Other words in numbers, times and dates: exponents, hours, parts of durations and of ISO 8601, "of", eras, the west's `h`.
const PARTS: &[&str] = &[
    "e", "d", "a", "p", "am", "pm", "z", "t", "pt", "h", "m", "s", "w", "y", "hr", "min", "sec", "ms", "utc", "gmt",
    "de", "del", "of", "the", "st", "nd", "rd", "th", "uhr", "q", "bc", "ad", "ce", "bce",
];

/// The characters of which Chinese, Japanese and Korean numbers, dates, times and sums of money are made.
const EASTERN: &str = "〇零一二三四五六七八九十百千万亿兩两萬億廿卅壹贰叁肆伍陆柒捌玖拾佰仟年月日号號时時点點分秒刻整半上下午前后後凌晨早中晚周週星期礼拜第元\
    円圆圓毛角块塊人民币幣令和平成昭大正明治公国國个個년월일시분초오전후원만억";
/// Those of them that are digits; without one there is no number.
const EASTERN_DIGITS: &str = "〇零一二三四五六七八九十百千万亿兩两萬億廿卅壹贰叁肆伍陆柒捌玖拾佰仟";

/// True for a cell that some spreadsheet, in some language, would not keep as the text that it is.
pub(super) fn is_read_as_a_value(cell: &str) -> bool {
    let text: String = cell.chars().filter(|c| !is_accent(*c)).map(narrow).flat_map(char::to_lowercase).collect();
    let text = text.trim_matches(super::is_invisible);
    if TRUTH.contains(&text) || text.starts_with('#') {
        // Excel takes `#N/A` for the error that it names.
        return true;
    }
    if is_kept_number(cell) || is_label(text) || text.contains(OF_NO_VALUE) {
        return false;
    }
    let is_digit = |c: char| c.is_numeric() || EASTERN_DIGITS.contains(c);
    text.contains(is_digit) && words(text).all(is_part_of_a_value)
}

/// A whole number that comes back as it was: an application, the number of a room.
fn is_kept_number(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.len() <= KEPT_DIGITS
        && (text.len() == 1 || !text.starts_with('0'))
}

/// A letter or two with a number behind, such as `a1` or `tv2`: nobody's number, unless the letters are money.
fn is_label(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let letters = text.len() - number.len();
    (1..=2).contains(&letters)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && text.get(..letters).is_some_and(|word| !CURRENCIES.contains(&word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic() || c.is_numeric()).filter(|word| !word.is_empty())
}

fn is_part_of_a_value(word: &str) -> bool {
    let mut letters = word.chars();
    if word.is_ascii() || letters.all(is_latin) {
        return PARTS.contains(&word)
            || CURRENCIES.contains(&word)
            || (word.chars().count() >= 3 && CALENDAR.iter().any(|name| name.starts_with(word)));
    }
    // Letters of other scripts may be a month in a language that is not listed here.
    !word.chars().any(|c| is_east_asian(c) && !EASTERN.contains(c))
}

/// Letters of the Latin script, with their accents.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Accents that follow their letter as characters of their own, as some systems write them.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Characters of Chinese, Japanese and Korean.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

/// Full-width letters, digits and signs as their ordinary forms: spreadsheets in East Asia read both alike.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}
