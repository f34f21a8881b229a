//! Patterns of any text compile or are refused, and match in time. The first byte picks the language.
#![no_main]

use std::sync::Arc;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use tollgate_core::{Cancel, Language};
use tollgate_sast::matching::{Dialect, Matcher, ParsedFile, PatternOptions, PatternStore};

fuzz_target!(|input: (u8, &str, &str)| {
    let (pick, pattern, code) = input;
    let language = Language::ALL[usize::from(pick) % Language::ALL.len()];
    let Ok(pattern) = PatternStore::default().compile(language, pattern, &PatternOptions::default()) else {
        return;
    };
    let cancel = Cancel::new().with_deadline(Instant::now() + Duration::from_secs(5));
    if let Ok(file) = ParsedFile::parse(language, Dialect::Plain, Arc::from(code), &cancel) {
        let _ = Matcher::new(&file, &cancel).find(&pattern);
    }
});
