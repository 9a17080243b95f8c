//! The charts of a page, drawn in it: each part has a colour and a pattern, so it is told apart on any paper.

use std::fmt::Write as _;

use super::{html, value::grouped};
use crate::language::Language;
use crate::report::{
    days::Bar,
    value::float,
    words::{self, Codes},
};

/// The size of a chart, in its own units; a page makes it as wide as the paper.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
/// Where the bars begin and end.
const LEFT: f64 = 40.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 178.0;
/// Names that fit below the bars.
const NAMES: usize = 16;

/// Bars of one height or more, stacked.
pub(super) struct Stack {
    /// What stands below it.
    pub(super) name: String,
    /// How much of what, from the bottom to the top: the class that draws it, and the number.
    pub(super) parts: Vec<(String, u64)>,
}

/// The stacks of days or months, by result.
pub(super) fn of_bars(bars: &[Bar], is_months: bool) -> Vec<Stack> {
    let stack = |bar: &Bar| Stack {
        name: bar.day.format(if is_months { "%Y-%m" } else { "%m-%d" }).to_string(),
        parts: words::results()
            .filter_map(|code| {
                Some((format!("r-{code}"), bar.by_result.get(code).copied().filter(|calls| *calls > 0)?))
            })
            .collect(),
    };
    bars.iter().map(stack).collect()
}

/// A chart of stacks. What it shows is in a table of the page too.
pub(super) fn chart(stacks: &[Stack], title: &str) -> String {
    let total = |stack: &Stack| stack.parts.iter().map(|(_, calls)| calls).sum::<u64>();
    let top = scale(stacks.iter().map(total).max().unwrap_or(0));
    let step = (WIDTH - LEFT) / float(i64::try_from(stacks.len().max(1)).unwrap_or(i64::MAX));
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">{}",
        html::text(title),
        grid(top)
    );
    let every = stacks.len().div_ceil(NAMES).max(1);
    let mut left = LEFT;
    for (number, stack) in stacks.iter().enumerate() {
        let mut low = BOTTOM;
        for (class, calls) in &stack.parts {
            let height = (BOTTOM - TOP) * ratio(*calls, top);
            low -= height;
            // Writing into a text cannot fail.
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{:.2}\" y=\"{low:.2}\" width=\"{:.2}\" height=\"{height:.2}\"/>",
                left + step * 0.12,
                step * 0.76
            );
        }
        if number.is_multiple_of(every) {
            let middle = left + step / 2.0;
            let _ = write!(
                svg,
                "<text x=\"{middle:.2}\" y=\"{:.2}\" class=\"below\">{}</text>",
                BOTTOM + 15.0,
                html::text(&stack.name)
            );
        }
        left += step;
    }
    svg.push_str("</svg>");
    svg
}

/// The lines of the scale: nothing, half of the top where that is a whole number, and the top.
fn grid(top: u64) -> String {
    let half = Some(top / 2).filter(|half| *half > 0 && half * 2 == top);
    let mut lines = String::new();
    for calls in [Some(0), half, Some(top)].into_iter().flatten() {
        let y = BOTTOM - (BOTTOM - TOP) * ratio(calls, top);
        let number = grouped(i64::try_from(calls).unwrap_or(i64::MAX));
        let _ = write!(
            lines,
            "<line x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.2}\" y2=\"{y:.2}\"/><text x=\"{}\" y=\"{:.2}\" class=\"beside\">{number}</text>",
            LEFT - 5.0,
            y + 4.0
        );
    }
    lines
}

/// What the patterns of the bars mean, with how many calls each has.
pub(super) fn legend(results: &[(&'static str, u64)], language: Language) -> String {
    let entry = |(code, calls): &(&'static str, u64)| {
        let called = Codes::Result.say(code, language);
        let calls = grouped(i64::try_from(*calls).unwrap_or(i64::MAX));
        format!(
            "<li><svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"r-{code}\" x=\"0.5\" y=\"0.5\" width=\"11\" height=\"11\"/></svg>{} <b>{calls}</b></li>",
            html::text(&called)
        )
    };
    format!("<ul class=\"legend\">{}</ul>", results.iter().map(entry).collect::<String>())
}

/// The patterns that the classes of results name, once in a page.
pub(super) fn patterns() -> &'static str {
    include_str!("patterns.svg")
}

/// Which part of the top a number is.
fn ratio(calls: u64, top: u64) -> f64 {
    let number = |calls| float(i64::try_from(calls).unwrap_or(i64::MAX));
    number(calls) / number(top)
}

/// A round number at or above the largest one.
fn scale(largest: u64) -> u64 {
    if largest <= 4 {
        return largest.max(1);
    }
    let unit = 10_u64.pow(largest.ilog10());
    let rounds = [(1, 1), (3, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (8, 1), (10, 1)];
    let round = rounds.into_iter().map(|(of, parts)| unit.saturating_mul(of).div_ceil(parts));
    round.into_iter().find(|round| *round >= largest).unwrap_or(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_never_too_small() {
        let found = [0, 1, 4, 5, 10, 11, 16, 99, 101, 12_345].map(scale);
        assert_eq!(found, [1, 1, 4, 5, 10, 15, 20, 100, 150, 15_000]);
    }
}
