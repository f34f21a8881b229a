//! YAML as lockfiles and workflows use it. Aliases read as nothing, so no file can multiply itself.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::document::{Builder, Document, Node, Value};

/// Indentation beyond which a text is refused before it reaches the scanner.
const MAX_INDENT: usize = 1_000;

/// Reads a stream of YAML documents.
pub(super) fn parse(text: &str) -> Document<'_> {
    let mut builder = Builder::default();
    if let Some(line) =
        text.lines().position(|line| line.len() - line.trim_start_matches(' ').len() > MAX_INDENT)
    {
        builder.fault(to_line(line + 1), format!("indented deeper than {MAX_INDENT} columns"));
        return builder.finish();
    }
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(found) => found,
            Err(error) => {
                builder.fault(to_line(error.marker().line()), error.info().to_owned());
                break;
            }
        };
        let line = to_line(span.start.line());
        let going = match event {
            Event::SequenceStart(..) => {
                complex_key(&mut builder, line);
                builder.open_list(line)
            }
            Event::MappingStart(..) => {
                complex_key(&mut builder, line);
                builder.open_map(line)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                builder.close();
                true
            }
            Event::Scalar(text, ..) if builder.expects_key() => {
                builder.key(text, line);
                true
            }
            Event::Scalar(text, style, ..) => {
                let value = if style == ScalarStyle::Plain { plain(text) } else { Value::Text(text) };
                builder.value(Node { line, value });
                true
            }
            Event::Alias(_) if builder.expects_key() => {
                builder.key("".into(), line);
                true
            }
            Event::Alias(_) => {
                builder.value(Node::null(line));
                true
            }
            Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => true,
        };
        if !going {
            break;
        }
    }
    builder.finish()
}

/// A collection used as a key has no name; its pair is read and dropped under the empty key.
fn complex_key(builder: &mut Builder<'_>, line: u32) {
    if builder.expects_key() {
        builder.fault(line, "a list or map as a key");
        builder.key("".into(), line);
    }
}

fn plain(text: std::borrow::Cow<'_, str>) -> Value<'_> {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
            && text.parse::<f64>().is_ok() =>
        {
            Value::Literal(text)
        }
        _ => Value::Text(text),
    }
}

fn to_line(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_keeps_what_stands_before_a_fault() {
        let document = parse("a: 1.10\nb:\n  - 'x'\n  - y\n");
        assert_eq!(document.faults, []);
        assert_eq!(document.root.scalar_of("a"), Some("1.10"));
        assert_eq!(document.root.items_of("b")[1].line, 4);
        let broken = parse("a: x\nb: [1,\n");
        assert_eq!(broken.root.text_of("a"), Some("x"));
        assert_eq!(broken.faults.len(), 1);
    }

    #[test]
    fn hostile_text_ends_early() {
        let bomb = "a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n";
        assert_eq!(parse(bomb).root.items_of("c").len(), 2);
        let deep: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(!parse(&deep).faults.is_empty());
        assert!(!parse(&"[".repeat(100_000)).faults.is_empty());
        assert!(!parse(&"- ".repeat(100_000)).faults.is_empty());
    }
}
