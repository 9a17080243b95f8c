//! `cargo xtask fuzz answer`: what must hold is in `src/fuzzed/answer.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("answer"), |bytes: &[u8]| fuzzed::check("answer", bytes));
