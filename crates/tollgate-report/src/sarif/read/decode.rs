//! Bytes of a report as UTF-8 text: byte order marks, UTF-16 and stray bytes.

use std::io::{self, Read};

const CHUNK: usize = 64 * 1024;

/// A reader that gives valid UTF-8 whatever it reads: UTF-16 is told by its byte order mark or by the zero
/// bytes of its first characters, a mark of UTF-8 is dropped, and bytes that are no text are replaced.
pub(super) struct Decoder<R> {
    source: R,
    encoding: Option<Encoding>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
    replaced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            encoding: None,
            raw: Vec::new(),
            ready: Vec::new(),
            at: 0,
            ended: false,
            replaced: false,
        }
    }

    /// Whether something that is no text was replaced.
    pub(super) const fn replaced(&self) -> bool {
        self.replaced
    }

    fn refill(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept + CHUNK, 0);
        let read = loop {
            match self.source.read(&mut self.raw[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.raw.truncate(kept + read);
        self.ended = read == 0;
        if self.encoding.is_none() {
            if self.raw.len() < 4 && !self.ended {
                return Ok(());
            }
            let (encoding, mark) = recognise(&self.raw);
            self.encoding = Some(encoding);
            self.raw.drain(..mark);
        }
        self.ready.clear();
        self.at = 0;
        match self.encoding {
            Some(Encoding::Utf16 { big_endian }) => self.decode_utf16(big_endian),
            _ => self.decode_utf8(),
        }
        Ok(())
    }

    fn decode_utf8(&mut self) {
        let mut rest = self.raw.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(_) => {
                    self.ready.extend_from_slice(rest);
                    rest = &[];
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    self.ready.extend_from_slice(valid);
                    let bad = match error.error_len() {
                        // A character may go on in the next chunk.
                        None if !self.ended => {
                            rest = after;
                            break;
                        }
                        None => after.len(),
                        Some(length) => length,
                    };
                    self.ready.extend_from_slice("\u{fffd}".as_bytes());
                    self.replaced = true;
                    rest = &after[bad..];
                }
            }
            if rest.is_empty() {
                break;
            }
        }
        let kept = rest.len();
        let start = self.raw.len() - kept;
        self.raw.drain(..start);
    }

    fn decode_utf16(&mut self, big_endian: bool) {
        let unit =
            |pair: [u8; 2]| if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        let (pairs, _) = self.raw.as_chunks::<2>();
        let mut units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
        // The second half of a surrogate pair may stand in the next chunk.
        if !self.ended && units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            units.pop();
        }
        let used = units.len() * 2;
        let mut buffer = [0; 4];
        for decoded in char::decode_utf16(units) {
            let c = decoded.unwrap_or_else(|_| {
                self.replaced = true;
                '\u{fffd}'
            });
            self.ready.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
        self.raw.drain(..used);
        if self.ended {
            self.raw.clear();
        }
    }
}

fn recognise(start: &[u8]) -> (Encoding, usize) {
    match start {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => (Encoding::Utf16 { big_endian: false }, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16 { big_endian: true }, 2),
        [first, 0, ..] if *first != 0 => (Encoding::Utf16 { big_endian: false }, 0),
        [0, second, ..] if *second != 0 => (Encoding::Utf16 { big_endian: true }, 0),
        _ => (Encoding::Utf8, 0),
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

impl<R: Read> io::BufRead for Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.ready.len() && !self.ended {
            self.refill()?;
        }
        Ok(&self.ready[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str, replaced: bool) {
        let mut decoder = Decoder::new(bytes);
        let mut text = String::new();
        decoder.read_to_string(&mut text).unwrap();
        assert_eq!(text, expected);
        assert_eq!(decoder.replaced(), replaced);
    }

    #[test]
    fn reads_the_encodings_in_use() {
        let utf16 = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(order).collect()
        };
        check("{\"ü\"}".as_bytes(), "{\"ü\"}", false);
        check("\u{feff}{}".as_bytes(), "{}", false);
        check(&utf16("\u{feff}{\"😀\"}", u16::to_le_bytes), "{\"😀\"}", false);
        check(&utf16("\u{feff}{\"😀\"}", u16::to_be_bytes), "{\"😀\"}", false);
        check(&utf16("{}", u16::to_le_bytes), "{}", false);
        check(b"{\"a\xff\"}", "{\"a\u{fffd}\"}", true);
        check(b"{\"a\xc3", "{\"a\u{fffd}", true);
        check(b"", "", false);
    }

    #[test]
    fn characters_may_span_chunks() {
        let text = format!("{}{}", "a".repeat(CHUNK - 1), "ü😀".repeat(CHUNK));
        check(text.as_bytes(), &text, false);
        let units: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&units, &text, false);
    }
}
