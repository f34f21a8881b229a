//! JSON and JSONC with line numbers. A stream reader is used instead of `serde_json` because lockfiles
//! that break off or repeat a key must still give up what they hold, with the line of the fault.

use std::borrow::Cow;

use super::document::{Builder, Document, Node, Value, shorten};

/// Reads JSON; comments and trailing commas are faults only where `dialect` says so.
pub(super) fn parse(text: &str, dialect: Dialect) -> Document<'_> {
    let mut reader = Reader { text, at: 0, line: 1, dialect, builder: Builder::default() };
    reader.run();
    reader.builder.finish()
}

/// Which JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// RFC 8259.
    Strict,
    /// With comments and trailing commas.
    WithComments,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    dialect: Dialect,
    builder: Builder<'a>,
}

/// What may stand next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A value or the end of the list that was just opened or continued.
    ValueOrClose,
    KeyOrClose,
    Key,
    CommaOrClose,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        let mut expect = Expect::Value;
        loop {
            self.skip_space();
            let Some(byte) = self.peek() else {
                if self.builder.depth() > 0 || expect == Expect::Value {
                    self.fault("ends in the middle of a value: the file is truncated");
                }
                return;
            };
            let step = match (expect, byte) {
                (Expect::CommaOrClose, b',') => {
                    self.at += 1;
                    Some(match (self.builder.in_map(), self.dialect) {
                        (true, Dialect::Strict) => Expect::Key,
                        (true, Dialect::WithComments) => Expect::KeyOrClose,
                        (false, Dialect::Strict) => Expect::Value,
                        (false, Dialect::WithComments) => Expect::ValueOrClose,
                    })
                }
                (Expect::CommaOrClose | Expect::KeyOrClose, b'}') if self.builder.in_map() => self.close(),
                (Expect::CommaOrClose | Expect::ValueOrClose, b']') if !self.builder.in_map() => self.close(),
                (Expect::Key | Expect::KeyOrClose, b'"') => self.read_key(),
                (Expect::Value | Expect::ValueOrClose, _) => self.read_value(byte),
                _ => {
                    let found = self.text[self.at..].chars().next().unwrap_or(' ');
                    self.fault(&format!("unexpected `{}`", found.escape_default()));
                    None
                }
            };
            let Some(next) = step else { return };
            if self.builder.depth() == 0 {
                self.skip_space();
                if self.at < self.text.len() {
                    self.fault("text after the end of the value");
                }
                return;
            }
            expect = next;
        }
    }

    fn close(&mut self) -> Option<Expect> {
        self.at += 1;
        self.builder.close();
        Some(Expect::CommaOrClose)
    }

    fn read_key(&mut self) -> Option<Expect> {
        let line = self.line;
        let key = self.read_string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            self.fault("no `:` after a key");
            return None;
        }
        self.at += 1;
        self.builder.key(key, line);
        Some(Expect::Value)
    }

    fn read_value(&mut self, byte: u8) -> Option<Expect> {
        let line = self.line;
        let value = match byte {
            b'{' => {
                self.at += 1;
                return self.builder.open_map(line).then_some(Expect::KeyOrClose);
            }
            b'[' => {
                self.at += 1;
                return self.builder.open_list(line).then_some(Expect::ValueOrClose);
            }
            b'"' => Value::Text(self.read_string()?),
            _ => self.read_literal()?,
        };
        self.builder.value(Node { line, value });
        Some(Expect::CommaOrClose)
    }

    fn read_literal(&mut self) -> Option<Value<'a>> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(rest.len());
        let word = &rest[..end];
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ if word.parse::<f64>().is_ok()
                && word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) =>
            {
                Value::Literal(Cow::Borrowed(word))
            }
            _ => {
                let found = if word.is_empty() { &rest[..rest.ceil_char_boundary(1)] } else { word };
                self.fault(&format!("`{}` is no JSON value", shorten(found).escape_default()));
                return None;
            }
        };
        self.at += end;
        Some(value)
    }

    /// Reads a string; the reader stands on its opening quote.
    fn read_string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut owned: Option<String> = None;
        let mut plain_from = start;
        loop {
            match bytes.get(at) {
                None => {
                    self.fault("ends inside a string: the file is truncated");
                    return None;
                }
                Some(b'"') => break,
                Some(b'\n') => {
                    self.fault("line break inside a string");
                    return None;
                }
                Some(b'\\') => {
                    let mut decoded = owned.take().unwrap_or_default();
                    decoded.push_str(&self.text[plain_from..at]);
                    let Some((c, length)) = unescape(&self.text[at..]) else {
                        self.fault("malformed escape in a string");
                        return None;
                    };
                    decoded.push(c);
                    owned = Some(decoded);
                    at += length;
                    plain_from = at;
                }
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
        Some(match owned {
            None => Cow::Borrowed(&self.text[start..at]),
            Some(mut decoded) => {
                decoded.push_str(&self.text[plain_from..at]);
                Cow::Owned(decoded)
            }
        })
    }

    fn skip_space(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'/' if self.dialect == Dialect::WithComments => match bytes.get(self.at + 1) {
                    Some(b'/') => {
                        self.at = self.text[self.at..].find('\n').map_or(bytes.len(), |end| self.at + end);
                    }
                    Some(b'*') => {
                        let rest = &self.text[self.at + 2..];
                        let end = rest.find("*/").map_or(bytes.len(), |end| self.at + end + 4);
                        self.line += count_lines(&self.text[self.at..end]);
                        self.at = end;
                    }
                    _ => return,
                },
                _ => return,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&mut self, message: &str) {
        self.builder.fault(self.line, message);
    }
}

fn count_lines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|&byte| byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// The character behind an escape and the bytes it takes.
fn unescape(text: &str) -> Option<(char, usize)> {
    let simple = |c| Some((c, 2));
    match text.as_bytes().get(1)? {
        b'"' => simple('"'),
        b'\\' => simple('\\'),
        b'/' => simple('/'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'u' => {
            let unit = |from: usize| u32::from_str_radix(text.get(from..from + 4)?, 16).ok();
            let high = unit(2)?;
            if !(0xD800..0xE000).contains(&high) {
                return char::from_u32(high).map(|c| (c, 6));
            }
            // A lone surrogate is legal JSON but no character.
            if high < 0xDC00
                && text.get(6..8) == Some("\\u")
                && let Some(low) = unit(8).filter(|low| (0xDC00..0xE000).contains(low))
            {
                return char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).map(|c| (c, 12));
            }
            Some((char::REPLACEMENT_CHARACTER, 6))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_stands_before_a_fault() {
        let check = |text: &str, line: u32, message: &str| {
            let document = parse(text, Dialect::Strict);
            assert_eq!(document.root.get("a").and_then(Node::text), Some("1"), "{text}");
            assert_eq!(document.faults.len(), 1, "{text}: {:?}", document.faults);
            assert_eq!(document.faults[0].line, line, "{text}");
            assert!(document.faults[0].message.contains(message), "{text}: {:?}", document.faults);
        };
        check("{\"a\": \"1\",\n\"b\": {\"c\": 2", 2, "truncated");
        check("{\"a\": \"1\",\n\"b\": \"x", 2, "truncated");
        check("{\"a\": \"1\",\n\"a\": 2}", 2, "duplicate key `a`");
        check("{\"a\": \"1\",\n}", 2, "unexpected `}`");
        check("{\"a\": \"1\"}\n x", 2, "after the end");
        check("{\"a\": \"1\",\n<<<<<<< HEAD", 2, "unexpected `<`");
    }

    #[test]
    fn reads_comments_and_escapes() {
        let text = "{ // c\n /* d\n */ \"a\\u00e9\\ud83d\\ude00\": [1.5, true, null,], }";
        let document = parse(text, Dialect::WithComments);
        assert_eq!(document.faults, []);
        let entry = &document.root.entries()[0];
        assert_eq!((entry.key.as_ref(), entry.line), ("aé😀", 3));
        assert_eq!(entry.node.items().len(), 3);
        assert_eq!(parse("", Dialect::Strict).faults.len(), 1);
    }

    #[test]
    fn deep_nesting_is_a_fault() {
        let text = "[".repeat(100_000);
        assert!(parse(&text, Dialect::Strict).faults[0].message.contains("nested deeper"));
    }
}
