//! What a scanner looked at and what it did not.

use crate::path::RepoPath;

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Files, lockfiles or endpoints that were read to the end.
    pub examined: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// What was passed over, sorted by path.
    pub skipped: Vec<Skipped>,
}

/// Something that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file or folder.
    pub path: RepoPath,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// No text.
    Binary,
    /// Machine-made text with very long lines.
    Minified,
    /// Larger than `scan.max-file-size`.
    TooLarge,
    /// It could not be opened or read.
    Unreadable,
    /// A link whose target lies outside the tree or leads back into it.
    Link,
    /// Neither a file nor a folder.
    Special,
    /// A hidden folder, or one that holds third-party or built files by its name.
    Vendored,
    /// The time for this file ran out.
    TimedOut,
    /// Only a part of it follows the grammar.
    PartlyParsed,
}

impl SkipReason {
    /// A few words for the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary file",
            Self::Minified => "minified or generated text",
            Self::TooLarge => "larger than scan.max-file-size",
            Self::Unreadable => "could not be read",
            Self::Link => "link out of the tree or back into it",
            Self::Special => "neither file nor folder",
            Self::Vendored => "hidden, vendored or build folder",
            Self::TimedOut => "time budget spent",
            Self::PartlyParsed => "only partly parsed",
        }
    }

    /// Whether a flaw could hide behind it, so that the scan must not look clean.
    #[must_use]
    pub const fn leaves_gap(self) -> bool {
        matches!(self, Self::TooLarge | Self::Unreadable | Self::TimedOut)
    }
}
