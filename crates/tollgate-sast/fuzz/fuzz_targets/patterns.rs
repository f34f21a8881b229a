//! Patterns of any text compile or are refused, and match in time. A zero byte parts pattern and code.
#![no_main]

use std::sync::Arc;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use tollgate_core::{Cancel, Language};
use tollgate_sast::matching::{Dialect, Matcher, ParsedFile, PatternOptions, PatternStore};
use tollgate_sast_fuzz::named;

fuzz_target!(|input: &[u8]| {
    let (name, text) = named(input);
    let Some(language) = Language::from_file_name(name) else { return };
    let (pattern, code) = text.split_once('\0').unwrap_or((&text, ""));
    let Ok(pattern) = PatternStore::default().compile(language, pattern, &PatternOptions::default()) else {
        return;
    };
    let cancel = Cancel::new().with_deadline(Instant::now() + Duration::from_secs(60));
    if let Ok(file) = ParsedFile::parse(language, Dialect::Plain, Arc::from(code), &cancel) {
        let _ = Matcher::new(&file, &cancel).find(&pattern);
    }
});
