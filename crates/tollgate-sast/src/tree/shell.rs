//! Scripts of a shell as its grammar reads them right: after a pipeline of three commands or more it takes the
//! end of the line for white space, and the commands that follow for arguments.

use std::borrow::Cow;

/// The text with a semicolon where the line of such a pipeline ends; every byte keeps its place.
pub(crate) fn apart(text: &str) -> Cow<'_, str> {
    if !text.contains('|') {
        return Cow::Borrowed(text);
    }
    let mut ends = Vec::new();
    let mut heredoc: Option<&str> = None;
    let mut quote = None;
    let (mut pipes, mut offset) = (0, 0);
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        if let Some(marker) = heredoc {
            if line.trim() == marker {
                heredoc = None;
            }
            continue;
        }
        let read = read(line, &mut quote);
        pipes += read.pipes;
        if quote.is_some() {
            continue;
        }
        heredoc = marker(line);
        let code = line[..read.end].trim_end();
        let next = text[offset..].trim_start();
        if goes_on(code) || next.starts_with('|') {
            continue;
        }
        let closed = code.ends_with([';', '{', '(']) || next.starts_with([';', ')', '&']);
        if pipes >= 2 && heredoc.is_none() && !closed && code.len() < line.len() {
            ends.push(start + code.len());
        }
        pipes = 0;
    }
    if ends.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut own = text.to_owned();
    for end in ends {
        own.replace_range(end..=end, ";");
    }
    Cow::Owned(own)
}

/// What a line of code holds.
struct Line {
    /// Pipes outside quotes.
    pipes: usize,
    /// Where a comment begins, or the line ends.
    end: usize,
}

/// Reads a line; `quote` is what is open before and after it.
fn read(line: &str, quote: &mut Option<u8>) -> Line {
    let bytes = line.as_bytes();
    let mut pipes = 0;
    let mut at = 0;
    while at < bytes.len() {
        match (*quote, bytes[at]) {
            (None | Some(b'"'), b'\\') => at += 1,
            (None, byte @ (b'"' | b'\'')) => *quote = Some(byte),
            (Some(open), byte) if open == byte => *quote = None,
            (None, b'#') if at == 0 || bytes[at - 1].is_ascii_whitespace() => return Line { pipes, end: at },
            (None, b'|') if bytes.get(at + 1) == Some(&b'|') => at += 1,
            (None, b'|') => pipes += 1,
            _ => {}
        }
        at += 1;
    }
    Line { pipes, end: line.len() }
}

/// Whether the next line belongs to this one.
fn goes_on(line: &str) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default();
    line.ends_with(['|', '\\', '&']) || ["do", "then", "else", "in"].contains(&last)
}

/// What ends the text that a line announces.
fn marker(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("<<")?;
    if rest.starts_with('<') {
        return None;
    }
    let rest = rest.trim_start_matches('-').trim_start().trim_start_matches(['"', '\'', '\\']);
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_pipelines_end_with_their_line() {
        let check = |text: &str, expected: &str| assert_eq!(apart(text), expected);
        check("a | b | c\nd && e\n", "a | b | c;d && e\n");
        check("a | b |\n c\nd && e\n", "a | b |\n c;d && e\n");
        check("a | b\nc\n", "a | b\nc\n");
        check("a | b || c | d\ne\n", "a | b || c | d;e\n");
        check("a | b | c # don't\ne\n", "a | b | c;# don't\ne\n");
        check("a | b | awk '{x}'\ne\n", "a | b | awk '{x}';e\n");
        check("echo 'a | b | c\nd'\ne\n", "echo 'a | b | c\nd'\ne\n");
        check("cat <<X\na | b | c\nX\nd\n", "cat <<X\na | b | c\nX\nd\n");
        check("a | b | c\n\n;;\n", "a | b | c\n\n;;\n");
    }
}
