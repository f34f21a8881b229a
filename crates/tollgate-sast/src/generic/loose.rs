//! An expression without what forces backtracking. It matches wherever the whole one does, in linear time, so
//! that the stretches of a text in which it finds nothing need not be searched by the slow engine.

use std::sync::Arc;

use fancy_regex::{Assertion, Expr};

/// The loose form of an expression; nothing when it has a part that cannot be left out.
pub(super) fn loosened(source: &str, size_limit: usize) -> Option<regex::Regex> {
    let tree = Expr::parse_tree(source).ok()?;
    let mut text = String::new();
    loose(&tree.expr)?.to_str(&mut text, 0);
    regex::RegexBuilder::new(&text).size_limit(size_limit).build().ok()
}

/// The parser bounds how deep expressions nest.
fn loose(expr: &Expr) -> Option<Expr> {
    let nothing = || Expr::Group(Arc::new(Expr::Empty));
    let all = |parts: &[Expr]| parts.iter().map(loose).collect::<Option<Vec<_>>>();
    Some(match expr {
        Expr::Empty | Expr::LookAround(..) => nothing(),
        Expr::Assertion(
            Assertion::StartText
            | Assertion::EndText
            | Assertion::StartLine { .. }
            | Assertion::EndLine { .. }
            | Assertion::WordBoundary
            | Assertion::NotWordBoundary,
        )
        | Expr::Any { .. }
        | Expr::Literal { .. }
        | Expr::Delegate { .. } => expr.clone(),
        Expr::Assertion(_) => nothing(),
        Expr::AtomicGroup(inner) => loose(inner)?,
        Expr::Group(inner) => Expr::Group(Arc::new(loose(inner)?)),
        Expr::Concat(parts) => Expr::Concat(all(parts)?),
        Expr::Alt(parts) => Expr::Alt(all(parts)?),
        Expr::Repeat { child, lo, hi, greedy } => {
            Expr::Repeat { child: Box::new(loose(child)?), lo: *lo, hi: *hi, greedy: *greedy }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whatever_the_whole_expression_finds() {
        let cases = [
            (r"(?m:<%-\s*(?!include\b)\w|\{\{\{\s*[\w.]+)", "a <%- name {{{ b", true),
            (r"(?m:^\s*(?!#)key(?<=y)=.+$)", "\n key=1\n", true),
            (r"(?m:(?>a+)b)", "aab", true),
            (r"(?im:(?=k)KEY(?!s))", "my key", true),
            (r"(?m:<%-\s*(?!include\b)\w)", "nothing of it", false),
        ];
        for (source, text, found) in cases {
            let loose = loosened(source, 1 << 20).expect(source);
            assert_eq!(loose.is_match(text), found, "{source}");
            let whole = fancy_regex::Regex::new(source).unwrap().find(text).unwrap();
            assert!(whole.is_none_or(|whole| loose.find(text).unwrap().start() <= whole.start()), "{source}");
        }
    }

    #[test]
    fn back_references_cannot_be_left_out() {
        assert!(loosened(r"(['\x22])a\1", 1 << 20).is_none());
    }
}
