//! `cargo xtask fuzz query`: what must hold is in `src/fuzzed/query.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("query"), |bytes: &[u8]| fuzzed::check("query", bytes));
