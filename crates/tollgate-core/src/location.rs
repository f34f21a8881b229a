//! Places in source text.

use crate::line_hash::LineHash;
use crate::path::RepoPath;

/// A place in a text. Lines and columns count from 1, columns in Unicode scalar values, as SARIF's
/// `columnKind: unicodeCodePoints` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// A stretch of text: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    start: Position,
    end: Position,
    bytes: Option<(u32, u32)>,
}

impl Region {
    /// A region between two positions; an `end` before `start` gives the empty region at `start`.
    #[must_use]
    pub fn new(start: Position, end: Position) -> Self {
        Self { start, end: end.max(start), bytes: None }
    }

    /// A whole line, its columns unknown.
    #[must_use]
    pub fn line(line: u32) -> Self {
        let at = Position { line: line.max(1), column: 1 };
        Self { start: at, end: at, bytes: None }
    }

    /// The region of `text[start..end]`, in bytes. Offsets past the end are clamped, offsets inside a
    /// character move to its start.
    #[must_use]
    pub fn of_bytes(text: &str, start: usize, end: usize) -> Self {
        let start = text.floor_char_boundary(start);
        let end = text.floor_char_boundary(end).max(start);
        let first = position_at(text, start, Position { line: 1, column: 1 }, 0);
        let last = position_at(text, end, first, start);
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: first, end: last, bytes: Some((narrow(start), narrow(end))) }
    }

    /// The same region with its byte offsets known.
    #[must_use]
    pub const fn with_bytes(mut self, start: u32, end: u32) -> Self {
        self.bytes = Some((start, if end < start { start } else { end }));
        self
    }

    /// Where it starts.
    #[must_use]
    pub const fn start(&self) -> Position {
        self.start
    }

    /// Where it ends, exclusive.
    #[must_use]
    pub const fn end(&self) -> Position {
        self.end
    }

    /// Byte offsets in the file, when the scanner knew them.
    #[must_use]
    pub const fn bytes(&self) -> Option<(u32, u32)> {
        self.bytes
    }

    /// Whether only the line is known.
    #[must_use]
    pub fn is_whole_line(&self) -> bool {
        self.start == self.end && self.start.column == 1
    }

    /// Whether the two regions share a character, or a line where only lines are known.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.is_whole_line() || other.is_whole_line() {
            return self.start.line <= other.end.line && other.start.line <= self.end.line;
        }
        self.start < other.end && other.start < self.end || self.start == other.start
    }
}

fn position_at(text: &str, offset: usize, from: Position, from_offset: usize) -> Position {
    let between = &text[from_offset..offset];
    let count = |s: &str| u32::try_from(s.chars().count()).unwrap_or(u32::MAX - 1);
    match between.rfind('\n') {
        None => Position { line: from.line, column: from.column + count(between) },
        Some(at) => Position {
            line: from.line
                + u32::try_from(between.bytes().filter(|&b| b == b'\n').count()).unwrap_or(u32::MAX - 1),
            column: 1 + count(&between[at + 1..]),
        },
    }
}

/// Source lines shown around a region. Secret values in them are already replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snippet {
    /// Number of the first line of `text`, from 1.
    pub first_line: u32,
    /// The lines, joined by `\n`, without a final line break.
    pub text: String,
}

/// A place in a file of the scanned tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceLocation {
    /// The file.
    pub path: RepoPath,
    /// The stretch of text in it.
    pub region: Region,
    /// Lines around the region; `None` until the file was read, or where it could not be.
    pub snippet: Option<Snippet>,
    /// GitHub's hash of the region's first line; `None` as for `snippet`.
    pub line_hash: Option<LineHash>,
}

impl SourceLocation {
    /// A location whose surrounding text is not known yet.
    #[must_use]
    pub const fn new(path: RepoPath, region: Region) -> Self {
        Self { path, region, snippet: None, line_hash: None }
    }
}

/// What a step of a trace does with the tracked value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// The value comes in here.
    Source,
    /// The value passes through here.
    Step,
    /// The value does harm here.
    Sink,
}

/// One step of a data flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceStep {
    /// Role of the step.
    pub kind: StepKind,
    /// Where it happens.
    pub location: SourceLocation,
    /// What happens, in a few words or as source text.
    pub message: String,
}

/// A data flow from source to sink, in order. It has at least one step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace(Vec<TraceStep>);

impl Trace {
    /// A trace of these steps; `None` when there are none.
    #[must_use]
    pub fn new(steps: Vec<TraceStep>) -> Option<Self> {
        (!steps.is_empty()).then_some(Self(steps))
    }

    /// The steps from source to sink.
    #[must_use]
    pub fn steps(&self) -> &[TraceStep] {
        &self.0
    }

    /// The steps, for filling in their snippets.
    pub fn steps_mut(&mut self) -> &mut [TraceStep] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_count_characters() {
        let text = "a\nübc\nd";
        let region = Region::of_bytes(text, 4, 6);
        assert_eq!(region.start(), Position { line: 2, column: 2 });
        assert_eq!(region.end(), Position { line: 2, column: 4 });
        assert_eq!(Region::of_bytes(text, 100, 200).start(), Position { line: 3, column: 2 });
    }

    #[test]
    fn overlap_needs_a_shared_character() {
        let text = "abcdef\nghi";
        let region = |a, b| Region::of_bytes(text, a, b);
        assert!(region(0, 3).overlaps(&region(2, 4)));
        assert!(!region(0, 3).overlaps(&region(3, 4)));
        assert!(region(0, 3).overlaps(&Region::line(1)));
        assert!(!region(0, 3).overlaps(&Region::line(2)));
    }
}
