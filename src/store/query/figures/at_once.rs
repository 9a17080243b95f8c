//! How many talks went on at the same time.

use crate::store::rows::AtOnce;

/// Talks, each from its answer to its end.
#[derive(Default)]
pub(super) struct Talks {
    begins: Vec<i64>,
    ends: Vec<i64>,
}

impl Talks {
    /// [from, to); one without length overlaps nothing.
    pub(super) fn add(&mut self, (from, to): (i64, i64)) {
        if from < to {
            self.begins.push(from);
            self.ends.push(to);
        }
    }

    /// The most that overlap, and since when they did so first. Neighbours that only touch do not.
    pub(super) fn at_once(self) -> AtOnce {
        let Self { mut begins, mut ends } = self;
        begins.sort_unstable();
        ends.sort_unstable();
        let mut ends = ends.into_iter().peekable();
        let (mut here, mut found) = (0, AtOnce::default());
        for at in begins {
            while ends.next_if(|end| *end <= at).is_some() {
                here -= 1;
            }
            here += 1;
            if here > found.most {
                found = AtOnce { most: here, at: Some(at) };
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_touch_do_not_overlap() {
        let of = |talks: &[(i64, i64)]| {
            let mut all = Talks::default();
            talks.iter().for_each(|talk| all.add(*talk));
            let found = all.at_once();
            (found.most, found.at)
        };
        assert_eq!(of(&[]), (0, None), "nobody talks");
        assert_eq!(of(&[(5, 5)]), (0, None), "a talk without length");
        assert_eq!(of(&[(5, 9), (1, 5)]), (1, Some(1)), "one after the other");
        assert_eq!(of(&[(1, 6), (5, 9), (5, 6), (8, 10), (8, 9)]), (3, Some(5)), "the first time of two");
    }
}
