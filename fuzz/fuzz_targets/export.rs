//! `cargo xtask fuzz export`: what must hold is in `src/fuzzed/export.rs`.

#![no_main]

use calltrail::fuzzed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzzed::sow("export"), |bytes: &[u8]| fuzzed::check("export", bytes));
