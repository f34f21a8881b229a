//! The outer structure of a JSON text, member by member, without holding the text.
//!
//! Values are handed out as raw bytes or skipped. Nesting is counted, not recursed into, so depth costs
//! nothing, and a value that is no JSON spoils itself alone as long as its brackets balance.

use std::io::{self, BufRead};

/// The largest single value that is held.
const MAX_VALUE: usize = 64 * 1024 * 1024;

/// Why a JSON text cannot be read any further.
#[derive(Debug, thiserror::Error)]
pub(super) enum ScanError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("the text ends in the middle at byte {0}")]
    Ends(u64),
    #[error("unexpected `{found}` at byte {at}: expected {expected}")]
    Unexpected { found: char, at: u64, expected: &'static str },
}

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Object,
    Array,
    Scalar,
}

/// A cursor over JSON text.
pub(super) struct Scanner<R> {
    source: R,
    at: u64,
}

impl<R: BufRead> Scanner<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, at: 0 }
    }

    /// The reader below.
    pub(super) const fn source(&self) -> &R {
        &self.source
    }

    /// The kind of the next value.
    pub(super) fn next(&mut self) -> Result<Next, ScanError> {
        Ok(match self.peek()? {
            b'{' => Next::Object,
            b'[' => Next::Array,
            _ => Next::Scalar,
        })
    }

    /// Calls `member` for each member of the object that comes next. It must take or skip the value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), ScanError>,
    ) -> Result<(), ScanError> {
        self.expect(b'{', "an object")?;
        let mut key = Vec::new();
        loop {
            match self.peek()? {
                b'}' => return self.bump(),
                b',' => self.bump()?,
                b'"' => {
                    key.clear();
                    self.value(&mut key)?;
                    self.expect(b':', "a colon")?;
                    let name: String =
                        serde_json::from_slice(&key).unwrap_or_else(|_| String::from_utf8_lossy(&key).into());
                    member(self, &name)?;
                }
                found => return Err(self.unexpected(found, "the name of a member")),
            }
        }
    }

    /// Calls `element` for each element of the array that comes next. It must take or skip the value.
    pub(super) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self, usize) -> Result<(), ScanError>,
    ) -> Result<(), ScanError> {
        self.expect(b'[', "an array")?;
        let mut index = 0;
        loop {
            match self.peek()? {
                b']' => return self.bump(),
                b',' => self.bump()?,
                _ => {
                    element(self, index)?;
                    index += 1;
                }
            }
        }
    }

    /// Appends the next value as it is written. A value that is too large is passed over and gives `null`.
    pub(super) fn value(&mut self, into: &mut Vec<u8>) -> Result<(), ScanError> {
        self.value_ahead()?;
        let start = into.len();
        let mut oversized = false;
        self.walk(|bytes| {
            if into.len() - start + bytes.len() > MAX_VALUE {
                oversized = true;
            } else {
                into.extend_from_slice(bytes);
            }
        })?;
        if oversized {
            into.truncate(start);
            into.extend_from_slice(b"null");
        }
        Ok(())
    }

    /// Passes over the next value.
    pub(super) fn skip(&mut self) -> Result<(), ScanError> {
        self.value_ahead()?;
        self.walk(|_| {})
    }

    fn value_ahead(&mut self) -> Result<(), ScanError> {
        match self.peek()? {
            found @ (b'}' | b']' | b',' | b':') => Err(self.unexpected(found, "a value")),
            _ => Ok(()),
        }
    }

    /// Walks to the end of one value, handing out its bytes piece by piece.
    fn walk(&mut self, mut piece: impl FnMut(&[u8])) -> Result<(), ScanError> {
        let mut depth = 0_u64;
        let (mut in_text, mut escaped, mut scalar) = (false, false, false);
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                // A scalar at the very end of the text ends with it.
                return if scalar && depth == 0 { Ok(()) } else { Err(ScanError::Ends(self.at)) };
            }
            let mut used = 0;
            let mut done = false;
            while used < buffer.len() {
                if in_text {
                    if escaped {
                        escaped = false;
                        used += 1;
                        continue;
                    }
                    match memchr::memchr2(b'"', b'\\', &buffer[used..]) {
                        None => used = buffer.len(),
                        Some(found) => {
                            used += found + 1;
                            if buffer[used - 1] == b'\\' {
                                escaped = true;
                            } else {
                                in_text = false;
                                done = depth == 0;
                            }
                        }
                    }
                    if done {
                        break;
                    }
                    continue;
                }
                match buffer[used] {
                    b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' if scalar && depth == 0 => {
                        done = true;
                        break;
                    }
                    b'"' => in_text = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth = depth.saturating_sub(1);
                        done = depth == 0;
                    }
                    _ if depth == 0 => scalar = true,
                    _ => {}
                }
                used += 1;
                if done {
                    break;
                }
            }
            piece(&buffer[..used]);
            self.source.consume(used);
            self.at += used as u64;
            if done {
                return Ok(());
            }
        }
    }

    fn peek(&mut self) -> Result<u8, ScanError> {
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Err(ScanError::Ends(self.at));
            }
            let blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let found = buffer.get(blank).copied();
            self.source.consume(blank);
            self.at += blank as u64;
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    fn bump(&mut self) -> Result<(), ScanError> {
        self.source.consume(1);
        self.at += 1;
        Ok(())
    }

    fn expect(&mut self, wanted: u8, expected: &'static str) -> Result<(), ScanError> {
        let found = self.peek()?;
        if found == wanted { self.bump() } else { Err(self.unexpected(found, expected)) }
    }

    fn unexpected(&self, found: u8, expected: &'static str) -> ScanError {
        ScanError::Unexpected { found: char::from(found), at: self.at, expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Result<Vec<(String, String)>, ScanError> {
        let mut members = Vec::new();
        Scanner::new(text.as_bytes()).object(|scanner, name| {
            let mut raw = Vec::new();
            scanner.value(&mut raw)?;
            members.push((name.to_owned(), String::from_utf8(raw).unwrap()));
            Ok(())
        })?;
        Ok(members)
    }

    #[test]
    fn hands_out_members_as_written() {
        let found =
            members(r#" { "a" : [1, {"x": "}]"}] , "b\u0041": -1.5e3, "c":null,"d":"\"," } tail"#).unwrap();
        let expected = [("a", r#"[1, {"x": "}]"}]"#), ("bA", "-1.5e3"), ("c", "null"), ("d", r#""\",""#)];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn says_where_a_text_breaks() {
        assert_eq!(members(r#"{"a": [1"#).unwrap_err().to_string(), "the text ends in the middle at byte 8");
        assert_eq!(
            members("{x: 1}").unwrap_err().to_string(),
            "unexpected `x` at byte 1: expected the name of a member"
        );
        assert!(members("[]").is_err());
        assert!(members(r#"{"a": }"#).is_err());
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(members(&deep).unwrap().len(), 1);
    }
}
