//! Lines that were left out, told once for each reason and not once for each line.

use super::Reason;

/// Stretches of lines that are named one by one.
const NAMED: usize = 5;

/// The lines that were left out, by reason, in the order in which the reasons came up.
#[derive(Debug, Default)]
pub struct BadLines(Vec<Group>);

#[derive(Debug)]
struct Group {
    kind: &'static str,
    /// What is wrong with the first of them.
    why: String,
    stretches: Vec<(u64, u64)>,
    lines: u64,
}

impl BadLines {
    /// Adds a line, by its number from 1.
    pub(super) fn add(&mut self, line: u64, reason: &Reason) {
        let kind = reason.kind();
        let group = match self.0.iter().position(|group| group.kind == kind) {
            Some(at) => self.0.get_mut(at),
            None => {
                self.0.push(Group { kind, why: reason.to_string(), stretches: Vec::new(), lines: 0 });
                self.0.last_mut()
            }
        };
        let Some(group) = group else { return };
        group.lines += 1;
        let known = group.stretches.len();
        match group.stretches.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(line) => *last = line,
            // One more than is named, so that the end of the last named one is known; the others are only counted.
            _ if known <= NAMED => group.stretches.push((line, line)),
            _ => {}
        }
    }

    /// A sentence for each reason.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(Group::sentence)
    }
}

impl Group {
    fn sentence(&self) -> String {
        let named = self.stretches.get(..NAMED).unwrap_or(&self.stretches);
        let places = named.iter().map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        });
        let mut places = places.collect::<Vec<_>>().join(", ");
        let others = self.lines - named.iter().map(|(first, last)| last - first + 1).sum::<u64>();
        if others > 0 {
            places.push_str(&format!(" and {others} more"));
        }
        match self.lines {
            1 => format!("line {places}: {}. The line was left out.", self.why),
            _ => format!("lines {places}: {} (the first of them). These lines were left out.", self.why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: impl IntoIterator<Item = (u64, Reason)>) -> Vec<String> {
        let mut bad = BadLines::default();
        for (line, reason) in lines {
            bad.add(line, &reason);
        }
        bad.sentences().collect()
    }

    #[test]
    fn each_reason_is_told_once() {
        assert_eq!(told([(7, Reason::NotText)]), [format!("line 7: {}. The line was left out.", Reason::NotText)]);
        let all = told((3..=900).map(|line| (line, Reason::NotText)));
        assert_eq!(
            all,
            [format!("lines 3 to 900: {} (the first of them). These lines were left out.", Reason::NotText)]
        );
        let every_second = told((1..=100).map(|n| (2 * n, Reason::TooLong)));
        assert!(every_second[0].starts_with("lines 2, 4, 6, 8, 10 and 95 more: "), "{every_second:?}");
        let two = told([(1, Reason::TooLong), (2, Reason::NotText), (3, Reason::TooLong), (4, Reason::TooLong)]);
        assert_eq!(two.len(), 2, "two reasons: {two:?}");
        assert!(two[0].starts_with("lines 1, 3, 4: "), "{two:?}");
    }
}
