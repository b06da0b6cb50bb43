#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sidelight_fuzzed::signals::clean(data));
