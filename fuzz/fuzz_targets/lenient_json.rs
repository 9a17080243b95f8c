//! `cargo xtask fuzz lenient_json`: what must hold is in `src/fuzzed/lenient_json.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("lenient_json"), |bytes: &[u8]| fuzzed::check("lenient_json", bytes));
