//! Telling text from binary data and machine-made text, by the first bytes of a file.

use tollgate_core::Language;

/// How many bytes of a file decide.
pub(crate) const HEAD: usize = 64 * 1024;

const BINARY_HEAD: usize = 8 * 1024;
const MINIFIED_AVERAGE_LINE: usize = 300;
const NAMED_MINIFIED_AVERAGE_LINE: usize = 110;
const MINIFIED_AT_LEAST: usize = 2 * 1024;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    Plain,
    Minified,
    Binary,
}

/// Classifies a file by its first [`HEAD`] bytes.
///
/// Only languages that are minified in practice can be minified, and a name alone never suffices, so
/// that a long comment or a file name cannot hide a Python file from the rules.
pub(crate) fn text_kind(name: &str, language: Option<Language>, head: &[u8]) -> TextKind {
    if is_binary(language, head) {
        return TextKind::Binary;
    }
    let minifiable = matches!(
        language,
        None | Some(
            Language::Javascript | Language::Typescript | Language::Json | Language::Html | Language::Xml
        )
    );
    if !minifiable || head.len() < MINIFIED_AT_LEAST {
        return TextKind::Plain;
    }
    let lines = memchr::memchr_iter(b'\n', head).count() + 1;
    let limit = if name.contains(".min.") { NAMED_MINIFIED_AVERAGE_LINE } else { MINIFIED_AVERAGE_LINE };
    if head.len() / lines > limit { TextKind::Minified } else { TextKind::Plain }
}

/// A single NUL in a file that is source by name is an oddity of that file, not a picture.
fn is_binary(language: Option<Language>, head: &[u8]) -> bool {
    let head = &head[..head.len().min(BINARY_HEAD)];
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    if head.starts_with(b"%PDF-") {
        return true;
    }
    let nuls = memchr::memchr_iter(0, head).count();
    if language.is_some() { nuls * 50 > head.len() } else { nuls > 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, head: &[u8], expected: TextKind) {
        assert_eq!(text_kind(name, Language::from_file_name(name), head), expected, "{name}");
    }

    #[test]
    fn classifies_heads() {
        let long_line = "var a=1;".repeat(1000);
        check("a.js", long_line.as_bytes(), TextKind::Minified);
        check("a.py", long_line.as_bytes(), TextKind::Plain);
        check("a.js", b"var a = 1;\n", TextKind::Plain);
        check("a.min.js", "let x = 1;\n".repeat(500).as_bytes(), TextKind::Plain);
        check("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", TextKind::Binary);
        check("data", b"abc\0def", TextKind::Binary);
        check("a.py", format!("x = '\0'\n{}", "y = 1\n".repeat(50)).as_bytes(), TextKind::Plain);
        check("video.ts", &[0x47, 0, 0, 0, 1, 2, 0, 0], TextKind::Binary);
        check("utf16.txt", b"\xff\xfea\0b\0", TextKind::Plain);
        check("empty", b"", TextKind::Plain);
    }
}
