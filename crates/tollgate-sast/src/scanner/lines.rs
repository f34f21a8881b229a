//! Lines and columns of byte offsets, and text that may not be UTF-8.

use std::sync::Arc;

use tollgate_core::{Position, Region};

use crate::matching::Span;

/// Where the lines of a text start.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts
            .extend(memchr::memchr_iter(b'\n', text.as_bytes()).filter_map(|at| u32::try_from(at + 1).ok()));
        Self { starts }
    }

    /// The line of a byte, from 1.
    pub(crate) fn line_of(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The span of a line, from 1, without its end; empty past the last.
    pub(crate) fn span(&self, line: u32, text: &str) -> Span {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let index = line.max(1) as usize - 1;
        let start = self.starts.get(index).copied().unwrap_or(length);
        let end = self.starts.get(index + 1).map_or(length, |next| next - 1);
        Span { start, end: end.max(start) }
    }

    pub(crate) fn position(&self, offset: u32, text: &str) -> Position {
        let line = self.line_of(offset);
        let start = self.starts[line as usize - 1];
        let before = Span { start, end: offset }.of(text);
        let column = if before.is_empty() && offset > start { offset - start } else { count(before) };
        Position { line, column: column + 1 }
    }

    pub(crate) fn region(&self, span: Span, text: &str) -> Region {
        let region = Region::new(self.position(span.start, text), self.position(span.end, text));
        region.with_bytes(span.start, span.end)
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX - 1)
}

/// The text of a file. Each byte that is no UTF-8 becomes a `?`, so that every offset stays right.
pub(crate) fn text_of(bytes: Vec<u8>) -> Arc<str> {
    match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(error) => {
            let bytes = error.into_bytes();
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| '?'));
            }
            text.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_survive_bad_bytes() {
        let text = text_of(b"a\xff\xfeb\n\xc3\xa9x".to_vec());
        assert_eq!(&*text, "a??b\néx");
        let lines = Lines::new(&text);
        assert_eq!(lines.position(7, &text), Position { line: 2, column: 2 });
        assert_eq!(lines.span(1, &text), Span { start: 0, end: 4 });
        assert_eq!(lines.line_of(5), 2);
    }
}
