//! Figures: medians and percentiles, and how numbers are written for people.

use std::time::Duration;

/// A count as a number that can be divided.
pub(crate) fn number(count: u64) -> f64 {
    let [high, low] = [count >> 32, count & u64::from(u32::MAX)].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// A length as a number that can be divided.
pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The middle of some figures; of an even number the lower one of the two in the middle. Nothing gives 0.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Times, sorted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// So many of a hundred took at most so many milliseconds.
    pub(crate) fn percentile(&self, of_100: usize) -> f64 {
        let at = (self.0.len() * of_100).div_ceil(100).saturating_sub(1);
        milliseconds(self.0.get(at).copied().unwrap_or_default())
    }

    pub(crate) fn slowest(&self) -> f64 {
        milliseconds(self.0.last().copied().unwrap_or_default())
    }
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// 1234567 as `1,234,567`.
pub(crate) fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A rate or another large figure, without decimals.
pub(crate) fn rounded(figure: f64) -> String {
    format!("{figure:.0}").parse().map_or_else(|_| format!("{figure:.0}"), grouped)
}

/// Milliseconds with as many decimals as say something.
pub(crate) fn ms(figure: f64) -> String {
    match figure {
        f if f < 1.0 => format!("{f:.2} ms"),
        f if f < 10.0 => format!("{f:.1} ms"),
        f if f < 10_000.0 => format!("{} ms", rounded(f)),
        f => format!("{:.1} s", f / 1_000.0),
    }
}

/// Bytes in the unit that suits them.
pub(crate) fn bytes(figure: u64) -> String {
    match number(figure) {
        f if f < 10_000.0 => format!("{} B", rounded(f)),
        f if f < 1_000_000.0 => format!("{:.1} kB", f / 1e3),
        f if f < 1_000_000_000.0 => format!("{:.1} MB", f / 1e6),
        f => format!("{:.1} GB", f / 1e9),
    }
}

/// How often one is the other.
pub(crate) fn times_as(figure: f64, of: f64) -> f64 {
    if of == 0.0 { 0.0 } else { figure / of }
}
