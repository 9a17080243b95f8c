//! Spans of time, and sets of them.

/// From one moment until before another, Unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    /// Its beginning, Unix milliseconds.
    pub(super) from_ms: i64,
    /// Its end, which does not belong to it, Unix milliseconds.
    pub(super) to_ms: i64,
}

impl Span {
    /// What both have; nothing where they do not meet.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let both = Self { from_ms: self.from_ms.max(other.from_ms), to_ms: self.to_ms.min(other.to_ms) };
        (both.from_ms < both.to_ms).then_some(both)
    }

    /// What is left of it without `others`, which must be in their order and apart.
    pub(super) fn without(self, others: &[Self]) -> Vec<Self> {
        let (mut left, mut from_ms) = (Vec::new(), self.from_ms);
        for other in others.iter().filter_map(|other| other.and(self)) {
            if from_ms < other.from_ms {
                left.push(Self { from_ms, to_ms: other.from_ms });
            }
            from_ms = from_ms.max(other.to_ms);
        }
        if from_ms < self.to_ms {
            left.push(Self { from_ms, to_ms: self.to_ms });
        }
        left
    }
}

/// Everything that any of them has, in its order and apart.
pub(super) fn union(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.into_iter().filter(|span| span.from_ms < span.to_ms).collect();
    spans.sort();
    let mut union = Vec::<Span>::new();
    for span in spans {
        match union.last_mut() {
            Some(last) if span.from_ms <= last.to_ms => last.to_ms = last.to_ms.max(span.to_ms),
            _ => union.push(span),
        }
    }
    union
}

/// What both sets have.
pub(super) fn both(one: &[Span], other: &[Span]) -> Vec<Span> {
    union(one.iter().flat_map(|span| other.iter().filter_map(|other| span.and(*other))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(of: &[(i64, i64)]) -> Vec<Span> {
        of.iter().map(|(from_ms, to_ms)| Span { from_ms: *from_ms, to_ms: *to_ms }).collect()
    }

    #[test]
    fn sets_of_spans_are_joined_met_and_taken_away() {
        let set = union(spans(&[(5, 9), (1, 3), (3, 4), (7, 12), (20, 20), (30, 20)]));
        assert_eq!(set, spans(&[(1, 4), (5, 12)]), "neighbours become one, and what has no length is none");
        assert_eq!(both(&set, &spans(&[(0, 2), (3, 6), (11, 40)])), spans(&[(1, 2), (3, 4), (5, 6), (11, 12)]));
        let all = Span { from_ms: 0, to_ms: 20 };
        assert_eq!(all.without(&set), spans(&[(0, 1), (4, 5), (12, 20)]));
        assert_eq!(all.without(&[]), [all]);
        assert_eq!(all.without(&spans(&[(-5, 25)])), []);
        assert_eq!(Span { from_ms: 2, to_ms: 6 }.without(&set), spans(&[(4, 5)]));
    }
}
