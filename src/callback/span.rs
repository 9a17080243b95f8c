//! A length of time, in English words.

/// A length of time in words, from seconds of either sign: the two largest units.
pub fn in_words(seconds: i64) -> String {
    let units = [("year", 365 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let mut rest = seconds.unsigned_abs();
    let mut words = Vec::new();
    for (unit, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    words.truncate(2);
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_has_two_units() {
        for (seconds, want) in [
            (0, "0 seconds"),
            (-61, "1 minute 1 second"),
            (7_265, "2 hours 1 minute"),
            (90_000, "1 day 1 hour"),
            (2 * 365 * 86_400 + 86_400, "2 years 1 day"),
        ] {
            assert_eq!(in_words(seconds), want, "{seconds} s");
        }
    }
}
