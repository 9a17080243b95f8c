//! What knocks at the public address tell of it; pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::outbound::NoAnswer;

/// So many failures in a row tell something: one can be a hiccup of the network.
const TELLING: u32 = 2;

/// What came of a knock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Outcome {
    /// It came in here.
    Arrived,
    /// Somebody else answered.
    Elsewhere {
        /// With this HTTP status.
        status: u16,
    },
    /// Nobody answered. That need not mean that Tencent gets no answer: a router may not let a computer reach its own address.
    Silent {
        /// Why.
        why: NoAnswer,
    },
}

/// What is known of a public address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What came of the last knock.
    pub last: Option<Outcome>,
    /// When it was last proven that the address leads here, Unix milliseconds.
    pub proof_ms: Option<i64>,
    /// Since when every knock has failed.
    failed_since_ms: Option<i64>,
    failures: u32,
}

impl Judgement {
    /// Takes what came of a knock into account.
    pub fn note(&mut self, outcome: Outcome, now_ms: i64) {
        if outcome == Outcome::Arrived {
            self.proof_ms = Some(now_ms);
            (self.failed_since_ms, self.failures) = (None, 0);
        } else {
            self.failed_since_ms.get_or_insert(now_ms);
            self.failures = self.failures.saturating_add(1);
        }
        self.last = Some(outcome);
    }

    /// Whether the last knock failed and it is not clear yet what that means.
    pub fn is_open(&self) -> bool {
        (1..TELLING).contains(&self.failures)
    }

    /// Since when it is known that the address does not lead here, where it is. `called_ms`: when the last callback came in. A
    /// callback that came since is a better proof than a knock that did not; and silence tells only where a knock has come in before.
    pub fn lost_since_ms(&self, called_ms: Option<i64>) -> Option<i64> {
        let since_ms = self.failed_since_ms.filter(|_| self.failures >= TELLING)?;
        let tells = match self.last {
            Some(Outcome::Elsewhere { .. }) => true,
            Some(Outcome::Silent { .. }) => self.proof_ms.is_some(),
            Some(Outcome::Arrived) | None => false,
        };
        (tells && !self.is_refuted(called_ms)).then_some(since_ms)
    }

    /// Whether a callback has come in since knocks began to fail.
    pub fn is_refuted(&self, called_ms: Option<i64>) -> bool {
        called_ms.zip(self.failed_since_ms).is_some_and(|(called_ms, since_ms)| called_ms > since_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lost_only_where_that_is_known() {
        let (arrived, elsewhere) = (|| Outcome::Arrived, || Outcome::Elsewhere { status: 502 });
        let silent = || Outcome::Silent { why: NoAnswer::Refused };
        for (what, knocks, called_ms, want) in [
            ("nothing is known", vec![], None, None),
            ("it leads here", vec![arrived()], None, None),
            ("one failure", vec![arrived(), elsewhere()], None, None),
            ("somebody else answers", vec![elsewhere(), elsewhere()], None, Some(0)),
            ("and goes on to", vec![arrived(), elsewhere(), elsewhere(), elsewhere()], None, Some(1)),
            ("silence where a knock never came in", vec![silent(), silent(), silent()], None, None),
            ("silence where one did", vec![arrived(), silent(), silent()], None, Some(1)),
            ("it is back", vec![arrived(), silent(), silent(), arrived()], None, None),
            ("callbacks come in all the same", vec![arrived(), silent(), silent()], Some(2), None),
            ("they did before", vec![arrived(), silent(), silent()], Some(1), Some(1)),
        ] {
            let mut judgement = Judgement::default();
            for (at, outcome) in (0..).zip(knocks) {
                judgement.note(outcome, at);
            }
            assert_eq!(judgement.lost_since_ms(called_ms), want, "{what}");
        }
    }
}
