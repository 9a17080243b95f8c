//! A JSON number as it was written. What it stands for is found in its digits and never passes through floating point:
//! `1434.0`, `1.434e3` and `1434` are one id.

use serde_json::Value;

/// A number that is written with an exponent gets no more digits than the largest float has: `1e999999999` fits into no memory.
const MOST_DIGITS: i64 = 309;
/// So many zeros at most stand behind the point before the first digit; a smaller number keeps its exponent, as JavaScript writes it.
const MOST_ZEROS: i64 = 5;

/// The text of a number, as JSON writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// From the text of a number in a JSON document.
    pub(super) fn new(written: &str) -> Self {
        Self(written.to_owned())
    }

    /// As it was written.
    pub(super) fn written(&self) -> &str {
        &self.0
    }

    /// The number as an id: the shortest form of its exact value, however it is written.
    pub(super) fn text(&self) -> String {
        if self.is_plain() {
            return self.0.clone();
        }
        Decimal::read(&self.0).and_then(|decimal| decimal.shortest()).unwrap_or_else(|| self.0.clone())
    }

    /// The number as an integer; a fraction is cut off. `None` beyond 64 bits.
    pub(super) fn integer(&self) -> Option<i64> {
        integer(&self.0)
    }

    /// True for digits alone: written as an id is.
    pub(super) fn is_plain(&self) -> bool {
        self.0 != "-0" && self.0.strip_prefix('-').unwrap_or(&self.0).bytes().all(|byte| byte.is_ascii_digit())
    }

    /// True for a number that no float holds.
    pub(super) fn is_vast(&self) -> bool {
        is_vast(&self.0)
    }

    /// The number as serde_json has it: an integer of 64 bits, else a float. What neither holds is a text.
    pub(super) fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_else(|_| Value::String(self.0.clone()))
    }

    /// The number as it is kept beside the typed fields: its digits as text where neither 64 bits nor a float hold them.
    pub(super) fn kept(&self) -> Value {
        match self.value() {
            Value::Number(number) if number.is_f64() && self.is_plain() => Value::String(self.0.clone()),
            value => value,
        }
    }
}

/// A number or the text of one as an integer: a fraction is cut off, an exponent carried out. `None` beyond 64 bits.
pub(super) fn integer(text: &str) -> Option<i64> {
    Decimal::read(text)?.whole()?.parse().ok()
}

/// True for the text of a number that no float holds.
pub(super) fn is_vast(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// A decimal number in its parts: `-12.50e3`.
struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) {
            return None;
        }
        Some(Self { negative, whole, fraction, exponent: exponent_of(exponent)? })
    }

    /// The digits from the first that counts to the last, and where the point is, from the first of them on. `None` for zero.
    fn significant(&self) -> Option<(String, i64)> {
        let digits = [self.whole, self.fraction].concat();
        let counts = |digit: char| digit != '0';
        let (first, last) = (digits.find(counts)?, digits.rfind(counts)?);
        let point = place(self.whole.len()).saturating_add(self.exponent).saturating_sub(place(first));
        Some((digits.get(first..=last)?.to_owned(), point))
    }

    /// As many digits as are written may be written again.
    fn most_digits(&self) -> i64 {
        MOST_DIGITS.max(place(self.whole.len() + self.fraction.len()))
    }

    const fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// The part before the point. `None` where it has too many digits.
    fn whole(&self) -> Option<String> {
        let Some((digits, point)) = self.significant().filter(|(_, point)| *point > 0) else {
            return Some("0".to_owned());
        };
        if point > self.most_digits() {
            return None;
        }
        let known = digits.chars().chain(std::iter::repeat('0'));
        Some(self.sign().chars().chain(known.take(usize::try_from(point).ok()?)).collect())
    }

    /// The number in the one form that all its spellings share. `None` where its exponent has no end.
    fn shortest(&self) -> Option<String> {
        let Some((digits, point)) = self.significant() else { return Some("0".to_owned()) };
        if matches!(self.exponent, i64::MIN | i64::MAX) {
            return None;
        }
        let (sign, length) = (self.sign(), place(digits.len()));
        if point >= length && point <= self.most_digits() {
            return self.whole();
        }
        if (1..length).contains(&point) {
            let (whole, fraction) = digits.split_at_checked(usize::try_from(point).ok()?)?;
            return Some(format!("{sign}{whole}.{fraction}"));
        }
        if (-MOST_ZEROS..=0).contains(&point) {
            return Some(format!("{sign}0.{}{digits}", "0".repeat(usize::try_from(-point).ok()?)));
        }
        let (first, others) = digits.split_at_checked(1)?;
        let separator = if others.is_empty() { "" } else { "." };
        Some(format!("{sign}{first}{separator}{others}e{}", point.saturating_sub(1)))
    }
}

/// A place in a text as a number that an exponent can be added to.
fn place(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// An exponent of any size; beyond 64 bits it is as good as endless.
fn exponent_of(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let endless = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(endless))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_the_same_id_however_it_is_written() {
        let digits = "7".repeat(2_000);
        let nines = format!("1{}", "0".repeat(308));
        for (written, id) in [
            ("1434", "1434"),
            ("1434.0", "1434"),
            ("1434.000", "1434"),
            ("1.434e3", "1434"),
            ("1.434E+3", "1434"),
            ("14340e-1", "1434"),
            ("143400.00e-2", "1434"),
            ("-1434.0", "-1434"),
            ("1e3", "1000"),
            ("1.0E+2", "100"),
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("0e999999999999999999999", "0"),
            ("0.0e-5", "0"),
            ("9007199254740993.0", "9007199254740993"),
            ("9007199254740993", "9007199254740993"),
            ("18446744073709551616", "18446744073709551616"),
            ("123456789012345678901234567890.0", "123456789012345678901234567890"),
            ("1.2345678901234567890123456789e29", "123456789012345678901234567890"),
            ("1e308", &nines),
            (&digits, &digits),
            (&format!("{digits}.0"), &digits),
            // No whole numbers: the shortest form of the same value.
            ("1.5", "1.5"),
            ("1.50", "1.5"),
            ("1434.50", "1434.5"),
            ("143450e-2", "1434.5"),
            ("0.14345E+4", "1434.5"),
            ("-0.5", "-0.5"),
            ("-50.0e-2", "-0.5"),
            ("1434e-1", "143.4"),
            ("0.0000010", "0.000001"),
            ("1e-6", "0.000001"),
            ("0.00000010", "1e-7"),
            ("1e-7", "1e-7"),
            ("-12.30e-8", "-1.23e-7"),
            // More digits than a float has: no memory holds them all.
            ("1e309", "1e309"),
            ("10e308", "1e309"),
            ("123e400", "1.23e402"),
            (&format!("{digits}.50"), &format!("{digits}.5")),
            ("1e999999999", "1e999999999"),
            ("1e-999999999", "1e-999999999"),
            ("1e99999999999999999999", "1e99999999999999999999"),
        ] {
            assert_eq!(Number::new(written).text(), id, "{written}");
        }
    }

    #[test]
    fn integers_are_exact_and_fractions_are_cut_off() {
        for (written, want) in [
            ("103", Some(103)),
            ("103.0", Some(103)),
            ("1.03e2", Some(103)),
            ("1.5", Some(1)),
            ("-1.5", Some(-1)),
            ("0.9", Some(0)),
            ("-0.9", Some(0)),
            ("+5", Some(5)),
            ("007", Some(7)),
            ("7.", Some(7)),
            ("1741231146.000", Some(1_741_231_146)),
            ("1.741231146E9", Some(1_741_231_146)),
            ("9223372036854775807.0", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1e19", None),
            ("1e999999999", None),
            ("1e-999999999", Some(0)),
            ("", None),
            (".5", None),
            ("-", None),
            ("1e", None),
            ("1e+", None),
            ("1e+-5", None),
            ("1.2.3", None),
            ("0x10", None),
            ("1 2", None),
            ("soon", None),
        ] {
            assert_eq!(integer(written), want, "{written}");
        }
    }

    #[test]
    fn what_is_kept_beside_keeps_all_its_digits() {
        for (written, want) in [
            ("5", Value::from(5)),
            ("3.0", Value::from(3.0)),
            ("18446744073709551615", Value::from(u64::MAX)),
            ("18446744073709551616", Value::from("18446744073709551616")),
        ] {
            assert_eq!(Number::new(written).kept(), want, "{written}");
        }
    }
}
