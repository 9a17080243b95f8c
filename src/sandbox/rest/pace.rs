//! How often an application may ask: a bucket of one second's requests for each API, which fills as time goes by.

use std::collections::HashMap;

/// The buckets of all applications and APIs.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Buckets(HashMap<(String, &'static str), Bucket>);

#[derive(Debug)]
struct Bucket {
    /// Thousandths of requests that are left.
    left: i64,
    at_ms: i64,
}

impl Buckets {
    /// Takes one request out of the bucket; false when there is none left. `now_ms` is Unix milliseconds.
    pub(in crate::sandbox) fn take(&mut self, app: &str, path: &'static str, per_second: u32, now_ms: i64) -> bool {
        let per_second = i64::from(per_second);
        let full = per_second * 1_000;
        let bucket = self.0.entry((app.to_owned(), path)).or_insert(Bucket { left: full, at_ms: now_ms });
        // A clock that goes back fills nothing, and it does not stop the filling for ever.
        let passed = now_ms.saturating_sub(bucket.at_ms).max(0);
        bucket.left = bucket.left.saturating_add(passed.saturating_mul(per_second)).min(full);
        bucket.at_ms = now_ms;
        let is_within = bucket.left >= 1_000;
        if is_within {
            bucket.left -= 1_000;
        }
        is_within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_a_second_and_fills_with_time() {
        let mut buckets = Buckets::default();
        let mut take = |app: &str, path, now_ms| buckets.take(app, path, 10, now_ms);
        assert!((0..10).all(|_| take("1", "set", 0)), "ten in the first moment");
        assert!(!take("1", "set", 0), "the eleventh is too many");
        assert!(take("2", "set", 0), "another application has a bucket of its own");
        assert!(take("1", "get", 0), "and so has another API");
        assert!(!take("1", "set", 99), "99 ms are not yet one request");
        assert!(take("1", "set", 100), "100 ms are");
        assert!(!take("1", "set", -5_000), "a clock that goes back brings nothing");
        assert!((0..10).all(|_| take("1", "set", 60_000)), "a minute fills it");
        assert!(!take("1", "set", 60_000), "to the brim and not above");
    }
}
