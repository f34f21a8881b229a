//! TOML with line numbers.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{Document, Entry, Fault, MAX_DEPTH, Node, Value};
use super::text::Lines;

/// Reads TOML, as much of it as there is.
pub(super) fn parse(text: &str) -> Document<'_> {
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let faults = errors
        .iter()
        .take(20)
        .map(|error| Fault {
            line: error.span().map_or(1, |span| lines.line_of(span.start)),
            message: error.message().trim().to_owned(),
        })
        .collect();
    let root = Node { line: 1, value: Value::Map(entries(table.into_inner(), &lines, 0)) };
    Document { root, more: Vec::new(), faults }
}

/// Recursion is bounded by `MAX_DEPTH`; the parser refuses deeper nesting by itself.
fn entries<'a>(table: DeTable<'a>, lines: &Lines, depth: usize) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = table
        .into_iter()
        .map(|(key, value)| Entry {
            line: lines.line_of(key.span().start),
            key: key.into_inner(),
            node: node(value, lines, depth + 1),
        })
        .collect();
    // The parser sorts tables by key; readers want the order of the file.
    entries.sort_by_key(|entry| entry.line);
    entries
}

fn node<'a>(value: Spanned<DeValue<'a>>, lines: &Lines, depth: usize) -> Node<'a> {
    let line = lines.line_of(value.span().start);
    if depth > MAX_DEPTH {
        return Node::null(line);
    }
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text),
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::Integer(number) => Value::Literal(number.as_str().to_owned().into()),
        DeValue::Float(number) => Value::Literal(number.as_str().to_owned().into()),
        DeValue::Datetime(date) => Value::Literal(date.to_string().into()),
        DeValue::Array(items) => {
            Value::List(items.into_iter().map(|item| node(item, lines, depth + 1)).collect())
        }
        DeValue::Table(table) => Value::Map(entries(table, lines, depth)),
    };
    Node { line, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_keeps_what_stands_before_a_fault() {
        let text = "[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\nversion = \"1";
        let document = parse(text);
        let packages = document.root.items_of("package");
        assert_eq!(packages[0].text_of("name"), Some("a"));
        assert_eq!(packages[1].entries()[0].line, 5);
        assert_eq!(document.faults[0].line, 6);
        assert_eq!(parse("a = 1\na = 2\n").faults[0].line, 2);
        assert!(!parse("a = [").faults.is_empty());
        assert!(!parse(&format!("a = {}", "[".repeat(100_000))).faults.is_empty());
    }
}
