//! What looking at a file by itself leaves for looking across files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tollgate_core::{FileEntry, Language};

use super::is_followed;
use crate::matching::ParsedFile;
use crate::prefilter::Present;

/// Source text whose trees are kept at the same time.
const MAX_KEPT: u64 = 4 << 20;
/// Of which so much before it is known which files are walked again.
const MAX_KEPT_EARLY: u64 = 5 << 19;
/// Larger files are not walked again.
const MAX_FILE: u64 = 400_000;

/// What is known of a file once it was read.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(super) present: Present,
    /// Modules it passes on by their text.
    pub(super) passed: Vec<String>,
    /// Whether it leaves work to those that import it: interfaces and abstract classes.
    pub(super) opens: bool,
    /// Its tree, where it is likely to be walked again.
    pub(crate) tree: Option<Arc<ParsedFile>>,
}

impl Seen {
    /// What a file shows; nothing when it is not looked at across files.
    pub(crate) fn of(file: &FileEntry, bytes: &[u8], present: Present) -> Option<Self> {
        let language = file.language.filter(|_| is_wanted(file))?;
        let scripts = matches!(language, Language::Javascript | Language::Typescript);
        let passed = if scripts { named_after_from(bytes) } else { Vec::new() };
        Some(Self { present, passed, opens: leaves_open(bytes), tree: None })
    }
}

/// Whether a file is looked at across files.
pub(super) fn is_wanted(file: &FileEntry) -> bool {
    file.language.is_some_and(is_followed) && file.size <= MAX_FILE && !file.generated
}

/// Bounds the trees that are kept.
#[derive(Debug, Default)]
pub(crate) struct Kept(AtomicU64);

impl Kept {
    /// Whether the tree of so many bytes of text may be kept too, before it is known what is walked again.
    pub(crate) fn admits_early(&self, size: u64) -> bool {
        self.is_below(size, MAX_KEPT_EARLY)
    }

    /// Whether the tree of so many bytes of text may be kept too.
    pub(super) fn admits(&self, size: u64) -> bool {
        self.is_below(size, MAX_KEPT)
    }

    fn is_below(&self, size: u64, limit: u64) -> bool {
        let fits = self.0.fetch_add(size, Ordering::Relaxed) + size <= limit;
        if !fits {
            self.0.fetch_sub(size, Ordering::Relaxed);
        }
        fits
    }

    /// Notes that a tree was forgotten.
    pub(super) fn release(&self, size: u64) {
        self.0.fetch_sub(size, Ordering::Relaxed);
    }
}

/// Whether a file has methods that others implement.
fn leaves_open(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 4] = [b"interface ", b"abstract", b"NotImplementedError", b"Protocol"];
    WORDS.iter().any(|word| memchr::memmem::find(bytes, word).is_some())
}

/// Modules that scripts import from or pass on, by their text: `export … from './x'`.
fn named_after_from(bytes: &[u8]) -> Vec<String> {
    let mut modules = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"from ").take(200) {
        let rest = &bytes[at + 5..];
        let Some(quote) = rest.first().filter(|quote| matches!(quote, b'\'' | b'"')) else { continue };
        let Some(end) = rest[1..].iter().take(200).position(|byte| byte == quote) else { continue };
        let module = String::from_utf8_lossy(&rest[1..=end]).into_owned();
        if module.starts_with(['.', '@', '~']) {
            modules.push(module);
        }
    }
    modules
}
