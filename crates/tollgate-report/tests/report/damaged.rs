//! Reports that were damaged: whatever happens to the bytes, reading ends with an answer.

use std::io::Cursor;

use proptest::prelude::*;
use tollgate_report::{Format, ReadOptions, read_report};

use crate::sample;
use crate::written::written;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_ends_the_process(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = written(Format::Sarif, &sample::report()).into_bytes();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(report) = read_report(Cursor::new(&bytes), &ReadOptions::default()) {
            let _ = report.is_complete();
        }
    }
}
