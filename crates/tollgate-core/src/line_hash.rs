//! GitHub's `primaryLocationLineHash`.
//!
//! The algorithm is that of the `fingerprints.ts` module of GitHub's CodeQL action: a rolling hash over
//! the 100 characters that follow the start of a line, spaces and tabs ignored and line ends folded to
//! `\n`, in hexadecimal, with `:n` for the n-th line of the file that has this hash.

use std::collections::HashMap;
use std::fmt;

/// Hash of one line in its context, as `39fa2ee980eb94b0:1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineHash(String);

impl LineHash {
    /// A hash as an earlier report wrote it.
    #[must_use]
    pub fn from_report(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The hash as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const WINDOW: usize = 100;
const MODULUS: u64 = 37;

/// The hash of every line of `text`, in order.
#[must_use]
pub fn line_hashes(text: &str) -> Vec<LineHash> {
    let first_power = (0..WINDOW).fold(1_u64, |power, _| power.wrapping_mul(MODULUS));
    let mut window = [0_u64; WINDOW];
    let mut line_starts: [Option<usize>; WINDOW] = [None; WINDOW];
    let mut hash = 0_u64;
    let mut index = 0;
    let mut lines: Vec<Option<u64>> = Vec::new();
    let mut line_start = true;
    let mut previous_cr = false;

    let mut step = |current: u64, starts_line: bool, lines: &mut Vec<Option<u64>>| {
        if let Some(line) = line_starts[index].take() {
            lines[line] = Some(hash);
        }
        if starts_line {
            line_starts[index] = Some(lines.len());
            lines.push(None);
        }
        let leaving = window[index];
        window[index] = current;
        hash =
            MODULUS.wrapping_mul(hash).wrapping_add(current).wrapping_sub(first_power.wrapping_mul(leaving));
        index = (index + 1) % WINDOW;
    };

    // The reference walks UTF-16 code units and ends the text with a unit no text holds.
    for unit in text.encode_utf16().map(u64::from).chain([65_535]) {
        let cr = u64::from(b'\r');
        let lf = u64::from(b'\n');
        if unit == u64::from(b' ') || unit == u64::from(b'\t') || (previous_cr && unit == lf) {
            previous_cr = false;
            continue;
        }
        let current = if unit == cr { lf } else { unit };
        previous_cr = unit == cr;
        step(current, line_start, &mut lines);
        line_start = current == lf;
    }
    for _ in 0..WINDOW {
        step(0, false, &mut lines);
    }

    let mut seen: HashMap<u64, u32> = HashMap::new();
    lines
        .into_iter()
        .map(|hash| {
            let hash = hash.unwrap_or_default();
            let count = seen.entry(hash).or_insert(0);
            *count += 1;
            LineHash(format!("{hash:x}:{count}"))
        })
        .collect()
}
