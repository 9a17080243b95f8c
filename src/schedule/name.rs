//! What the files of a schedule are called: a pattern in which `{from}`, `{to}` and `{list}` stand for the first and the last day and
//! the list.

use super::due::Period;

/// Longer names are cut off by some file systems, whose limit is 255 bytes.
const LONGEST: usize = 120;
/// Signs that some file system gives a meaning, or does not take.
const NOT_IN_NAMES: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|', '{', '}'];
/// Names of devices on Windows, whatever their ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name of a file, or nothing where the pattern makes none that every system takes.
pub(super) fn file_name(pattern: &str, period: &Period, list: &str, ending: &str) -> Option<String> {
    let filled = pattern
        .trim()
        .replace("{from}", &period.from.to_string())
        .replace("{to}", &period.last_day().to_string())
        .replace("{list}", list);
    is_usable(&filled).then(|| format!("{filled}.{ending}"))
}

fn is_usable(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(|sign: char| sign.is_ascii_digit());
    !name.is_empty()
        && name.len() <= LONGEST
        && !name.starts_with('.')
        && !name.ends_with(['.', ' '])
        && !name.contains(NOT_IN_NAMES)
        && !name.contains(char::is_control)
        && !DEVICES.contains(&stem.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::super::due::Every;
    use super::*;

    #[test]
    fn names_say_which_days_they_are_of() {
        let week = Every::Week.around("2025-03-06".parse().expect("a day"));
        for (pattern, name) in [
            ("{list} {from} to {to}", Some("calls 2025-03-03 to 2025-03-09.xlsx")),
            (" 通话 {from} ", Some("通话 2025-03-03.xlsx")),
            ("latest", Some("latest.xlsx")),
            ("", None),
            ("../{from}", None),
            ("a/b", None),
            ("a\\b", None),
            (".hidden", None),
            ("{day}", None),
            ("con", None),
            ("COM1.{from}", None),
            ("line\nbreak", None),
            ("what?", None),
        ] {
            assert_eq!(file_name(pattern, &week, "calls", "xlsx").as_deref(), name, "{pattern:?}");
        }
        assert_eq!(file_name(&"x".repeat(121), &week, "calls", "csv"), None, "too long");
    }
}
