//! What goes wrong when it is asked for.

use serde::{Deserialize, Serialize};

/// What goes wrong on the way to Calltrail, and in the answers of the REST API. The default is that nothing does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// So many of a hundred deliveries are sent a second time.
    pub duplicates: u32,
    /// Deliveries change places with others that are at most so many further on; 0 and 1 keep the order.
    pub disorder: usize,
    /// By how many milliseconds of its own time a scenario is told too late.
    pub delay_ms: i64,
    /// So many of a hundred signatures are made with a wrong key (Live with a token, RTC Engine with a key).
    pub bad_signatures: u32,
    /// By how many seconds the sender's clock is ahead (behind: negative): event times and signatures.
    pub clock_skew_s: i64,
    /// For so many of a hundred deliveries the sender closes the connection without waiting for the answer.
    pub gives_up: u32,
    /// Whether Call, Live and Room callbacks that nobody answered are sent again, which can be switched on in Tencent's console.
    pub retries: bool,
    /// A code that the REST API answers instead of doing what it was asked.
    pub answer_with: Option<AnswerWith>,
}

/// A code that the REST API answers whatever it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerWith {
    /// For the APIs whose path begins with this, such as `v4/call_config`.
    pub path: String,
    /// The code.
    pub code: i64,
    /// So many times.
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

impl Faults {
    /// What [`Self::set`] understands, and what each is, for people.
    pub const NAMES: [(&str, &str); 8] = [
        ("duplicates[=PERCENT]", "so many of a hundred callbacks are sent twice; all without a number"),
        ("disorder[=WINDOW]", "callbacks come out of order, at most so many places from their own; 8 without a number"),
        ("delay=MILLISECONDS", "every callback is sent so much later than what it tells of"),
        ("bad-signatures[=PERCENT]", "so many of a hundred signatures (Live, RTC Engine) are made with a wrong key"),
        ("clock-skew=SECONDS", "the sender's clock is so far ahead; behind with a minus"),
        ("gives-up[=PERCENT]", "so many of a hundred times the sender does not wait for the answer"),
        ("retries", "Call, Live and Room callbacks without an answer are sent again, as Tencent's console can set it"),
        (
            "answer=PATH:CODE[:TIMES]",
            "paths that begin so answer this code, once or so often: answer=v4/call_config:100001:2",
        ),
    ];

    /// Adds one fault as it is written on the command line: `duplicates`, `clock-skew=-90`, `answer=v4/call_config:100001:2`.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        match name {
            "duplicates" => self.duplicates = percent(value)?,
            "disorder" => self.disorder = number(value.unwrap_or("8"))?,
            "delay" => self.delay_ms = number(value.ok_or("delay needs milliseconds, such as delay=5000")?)?,
            "bad-signatures" => self.bad_signatures = percent(value)?,
            "clock-skew" => {
                self.clock_skew_s = number(value.ok_or("clock-skew needs seconds, such as clock-skew=-90")?)?
            }
            "gives-up" => self.gives_up = percent(value)?,
            "retries" if value.is_none() => self.retries = true,
            "answer" => self.answer_with = Some(answer(value.unwrap_or_default())?),
            _ => {
                let names = Self::NAMES.map(|(name, _)| name).join(", ");
                return Err(format!("{text:?} is no fault; there are {names}"));
            }
        }
        Ok(())
    }

    /// The code for a request to this path, if there is one left.
    pub(super) fn take_answer(&mut self, path: &str) -> Option<i64> {
        let answer = self.answer_with.as_mut().filter(|answer| answer.times > 0 && path.starts_with(&answer.path))?;
        answer.times -= 1;
        Some(answer.code)
    }
}

fn percent(value: Option<&str>) -> Result<u32, String> {
    match number(value.unwrap_or("100"))? {
        percent @ 0..=100 => Ok(percent),
        more => Err(format!("{more} of a hundred is too many")),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number that fits here"))
}

fn answer(text: &str) -> Result<AnswerWith, String> {
    let mut parts = text.split(':');
    let (Some(path), Some(code), times, None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err("answer is written as answer=PATH:CODE or answer=PATH:CODE:TIMES".to_owned());
    };
    Ok(AnswerWith {
        path: path.trim_start_matches('/').to_owned(),
        code: number(code)?,
        times: number(times.unwrap_or("1"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_as_they_are_written() {
        let mut faults = Faults::default();
        for text in
            ["duplicates", "disorder=3", "delay=50", "bad-signatures=10", "clock-skew=-90", "gives-up", "retries"]
        {
            faults.set(text).expect(text);
        }
        faults.set("answer=/v4/call_config:100001:2").expect("an answer");
        let answer_with = Some(AnswerWith { path: "v4/call_config".to_owned(), code: 100_001, times: 2 });
        let want = Faults {
            duplicates: 100,
            disorder: 3,
            delay_ms: 50,
            bad_signatures: 10,
            clock_skew_s: -90,
            gives_up: 100,
            retries: true,
            answer_with,
        };
        assert_eq!(faults, want, "each has its field");
        for text in ["", "rain", "duplicates=101", "delay", "answer=v4", "retries=2", "disorder=-1"] {
            assert!(Faults::default().set(text).is_err(), "{text:?} must not be taken for something else");
        }
    }

    #[test]
    fn an_answer_is_given_as_often_as_was_asked() {
        let mut faults = Faults::default();
        faults.set("answer=v4/call_config:100001:2").expect("an answer");
        assert_eq!(faults.take_answer("v4/live_config/get_callback"), None, "another path");
        let given: Vec<_> = (0..3).map(|_| faults.take_answer("v4/call_config/get_callback")).collect();
        assert_eq!(given, [Some(100_001), Some(100_001), None], "twice");
    }
}
