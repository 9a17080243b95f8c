//! `cargo xtask fuzz handler`: what must hold is in `src/fuzzed/handler.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("handler"), |bytes: &[u8]| fuzzed::check("handler", bytes));
