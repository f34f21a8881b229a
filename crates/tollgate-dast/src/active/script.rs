//! Where in a script a word stands: in code, in a string, in a comment.

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    Code,
    Single,
    Double,
    Template,
    LineComment,
    BlockComment,
    Regex,
}

/// The contexts of every occurrence of `word`, in order.
pub(crate) fn contexts(script: &str, word: &str) -> Vec<Context> {
    let bytes = script.as_bytes();
    let needle = word.as_bytes();
    let mut out = Vec::new();
    let mut context = Context::Code;
    let mut at = 0;
    // What stood before a slash tells a division from a regular expression.
    let mut last_code = b'(';
    while at < bytes.len() {
        if !needle.is_empty() && bytes[at..].starts_with(needle) {
            out.push(context);
            at += needle.len();
            last_code = b'a';
            continue;
        }
        let byte = bytes[at];
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let mut step = 1;
        context = match (context, byte) {
            (Context::Code, b'\'') => Context::Single,
            (Context::Code, b'"') => Context::Double,
            (Context::Code, b'`') => Context::Template,
            (Context::Code, b'/') if next == b'/' => Context::LineComment,
            (Context::Code, b'/') if next == b'*' => {
                step = 2;
                Context::BlockComment
            }
            (Context::Code, b'/') if b"(,=:[!&|?{};+-*~^<>\n".contains(&last_code) => Context::Regex,
            (Context::Single | Context::Double | Context::Template | Context::Regex, b'\\') => {
                step = 2;
                context
            }
            (Context::Single, b'\'') | (Context::Double, b'"') | (Context::Template, b'`') => {
                last_code = b'a';
                Context::Code
            }
            // An unfinished string or regular expression ends with its line.
            (Context::Single | Context::Double | Context::Regex | Context::LineComment, b'\n') => {
                Context::Code
            }
            (Context::Regex, b'/') => {
                last_code = b'a';
                Context::Code
            }
            (Context::BlockComment, b'*') if next == b'/' => {
                step = 2;
                Context::Code
            }
            (same, _) => same,
        };
        if context == Context::Code && !byte.is_ascii_whitespace() && !b"'\"`/".contains(&byte) {
            last_code = byte;
        }
        at += step;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_follow_the_language() {
        for (script, expected) in [
            ("a = 'W'; W()", vec![Context::Single, Context::Code]),
            (r"a = 'x\'W'; b = W", vec![Context::Single, Context::Code]),
            ("// W\nW", vec![Context::LineComment, Context::Code]),
            ("/* W */ `W`", vec![Context::BlockComment, Context::Template]),
            ("r = /a'W/; x = 1 / 2 / W", vec![Context::Regex, Context::Code]),
            ("x = \"a/*\" + W", vec![Context::Code]),
        ] {
            assert_eq!(contexts(script, "W"), expected, "{script}");
        }
    }
}
