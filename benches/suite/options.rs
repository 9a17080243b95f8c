//! What the command line asks for.

use crate::{Outcome, PARTS};

/// What is measured, and how large.
pub(crate) struct Options {
    /// Names of parts; none means all.
    parts: Vec<String>,
    /// Calls of each data set.
    pub(crate) calls: Vec<u64>,
    /// Callbacks of one measurement with many connections.
    pub(crate) requests: usize,
}

impl Options {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self { parts: Vec::new(), calls: vec![10_000, 1_000_000], requests: 60_000 };
        while let Some(word) = words.next() {
            match word.as_str() {
                // Cargo says this to every benchmark.
                "--bench" => {}
                "--calls" => {
                    let list = words.next().ok_or("--calls needs numbers, such as 10000,1000000")?;
                    options.calls = list.split(',').map(whole).collect::<Outcome<_>>()?;
                    options.calls.sort_unstable();
                    options.calls.dedup();
                }
                "--requests" => {
                    let text = words.next().ok_or("--requests needs a number")?;
                    options.requests = usize::try_from(whole(&text)?)?.max(1_000);
                }
                part if PARTS.iter().any(|known| known.name == part) => options.parts.push(word),
                other => {
                    let parts: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
                    return Err(format!(
                        "there is no part `{other}`. The parts are {}; the options are --calls A,B and --requests N.",
                        parts.join(", ")
                    )
                    .into());
                }
            }
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|name| name == part)
    }
}

fn whole(text: &str) -> Outcome<u64> {
    match text.trim().replace('_', "").parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("`{text}` is not a number of at least 1").into()),
    }
}
