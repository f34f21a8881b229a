//! Code of any bytes goes through every built-in rule, taint included.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tollgate_sast::trial::Trial;
use tollgate_sast_fuzz::named;

static RULES: LazyLock<Trial> =
    LazyLock::new(|| Trial::of_paths(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../rules"))]));

fuzz_target!(init: LazyLock::force(&RULES), |input: &[u8]| {
    let (name, text) = named(input);
    let _ = RULES.scan(name, &text, Duration::from_secs(60));
});
