//! `cargo xtask fuzz callback`: what must hold is in `src/fuzzed/callback.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("callback"), |bytes: &[u8]| fuzzed::check("callback", bytes));
