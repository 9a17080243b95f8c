//! `cargo xtask fuzz fold`: what must hold is in `src/fuzzed/fold.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("fold"), |bytes: &[u8]| fuzzed::check("fold", bytes));
