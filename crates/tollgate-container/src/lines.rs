//! Lines out of a stream that cuts where it likes: engines cut at 16,384 or 32,768 bytes.

/// Puts lines back together. A line longer than the limit is dropped and counted, never handed on cut.
#[derive(Debug)]
pub(crate) struct Lines {
    partial: Vec<u8>,
    limit: usize,
    dropping: bool,
    dropped: u64,
}

impl Lines {
    pub(crate) fn new(limit: usize) -> Self {
        Self { partial: Vec::new(), limit, dropping: false, dropped: 0 }
    }

    /// Takes a piece of the stream and hands on every line it completes, without the line feed.
    pub(crate) fn push(&mut self, mut piece: &[u8], on_line: &mut dyn FnMut(&[u8])) {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (head, rest) = (&piece[..end], &piece[end + 1..]);
            piece = rest;
            if self.dropping || self.partial.len() + head.len() > self.limit {
                self.dropped += u64::from(!self.dropping);
                self.dropping = false;
                self.partial.clear();
            } else if self.partial.is_empty() {
                on_line(head);
            } else {
                self.partial.extend_from_slice(head);
                on_line(&self.partial);
                self.partial.clear();
            }
        }
        if self.dropping {
            return;
        }
        if self.partial.len() + piece.len() > self.limit {
            self.dropping = true;
            self.dropped += 1;
            self.partial.clear();
        } else {
            self.partial.extend_from_slice(piece);
        }
    }

    /// What stands after the last line feed: a worker that ends well leaves nothing here.
    pub(crate) fn remainder(&self) -> &[u8] {
        &self.partial
    }

    /// How many lines were longer than the limit.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pieces: &[&[u8]], limit: usize, lines: &[&str], remainder: &str, dropped: u64) {
        let mut splitter = Lines::new(limit);
        let mut seen = Vec::new();
        for piece in pieces {
            splitter.push(piece, &mut |line| seen.push(String::from_utf8_lossy(line).into_owned()));
        }
        assert_eq!(seen, lines);
        assert_eq!(splitter.remainder(), remainder.as_bytes());
        assert_eq!(splitter.dropped(), dropped);
    }

    #[test]
    fn lines_are_put_back_together() {
        check(&[b"a\nb\n"], 10, &["a", "b"], "", 0);
        check(&[b"ab", b"cd\n", b"e"], 10, &["abcd"], "e", 0);
        check(&[b"\n\n"], 10, &["", ""], "", 0);
        check(&[b"12345678901\nok\n"], 10, &["ok"], "", 1);
        check(&[b"123456", b"78901", b"2345\nok\n"], 10, &["ok"], "", 1);
        check(&[b"12345678901"], 10, &[], "", 1);
    }

    proptest! {
        #[test]
        fn cuts_do_not_matter(text in "[a-c\n]{0,200}", cuts in proptest::collection::vec(0usize..200, 0..8)) {
            let mut whole = Vec::new();
            Lines::new(20).push(text.as_bytes(), &mut |line| whole.push(line.to_vec()));
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.sort_unstable();
            let mut splitter = Lines::new(20);
            let mut seen = Vec::new();
            let mut from = 0;
            for cut in cuts.into_iter().chain([text.len()]) {
                splitter.push(&text.as_bytes()[from..cut], &mut |line| seen.push(line.to_vec()));
                from = cut;
            }
            prop_assert_eq!(seen, whole);
        }
    }
}
