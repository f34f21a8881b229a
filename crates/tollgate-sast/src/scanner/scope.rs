//! The definitions around a place.

use crate::matching::{ParsedFile, Span};
use crate::tree::{Kind, NodeId, Role};

/// Names of the definitions around a span, outermost first, for example `["class Shop", "def pay"]`.
pub(crate) fn enclosing(file: &ParsedFile, span: Span) -> Vec<String> {
    let tree = file.tree();
    let mut scope = Vec::new();
    if tree.nodes.is_empty() {
        return scope;
    }
    let mut at = NodeId(0);
    loop {
        let inside = tree.children(at).find(|child| {
            let node = tree.node(*child);
            node.start <= span.start && span.end <= node.end
        });
        let Some(child) = inside else { return scope };
        let word = match tree.node(child).kind {
            Kind::Func => Some("def"),
            Kind::Class => Some("class"),
            _ => None,
        };
        if let (Some(word), Some(name)) = (word, tree.child(child, Role::Name)) {
            scope.push(format!("{word} {}", file.node_text(name)));
        }
        at = child;
    }
}
