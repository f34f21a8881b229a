//! Which text a match covers.

use tollgate_core::Language;

use super::search::Search;
use super::{Meta, PatternNode, is_expression};
use crate::matching::Span;
use crate::tree::{Kind, NodeId, Role, flag};

impl Search<'_> {
    /// The text of a node that the root of a pattern stands for.
    pub(super) fn reported(&self, pattern: &PatternNode, id: NodeId) -> Span {
        if self.pattern.statement {
            return Span { end: self.statement_end(id), ..self.with_attributes(id) };
        }
        self.without_decorators(pattern, id)
            .or_else(|| self.only_assigned(pattern, id))
            .unwrap_or_else(|| self.with_attributes(id))
    }

    /// Whether statements of the language end with a semicolon.
    fn has_semicolons(&self) -> bool {
        self.is_javascript()
            || matches!(
                self.file.language(),
                Language::Java
                    | Language::C
                    | Language::Cpp
                    | Language::Csharp
                    | Language::Php
                    | Language::Rust
                    | Language::Solidity
            )
    }

    /// Where a statement ends: the semicolon after an expression belongs to it.
    pub(super) fn statement_end(&self, id: NodeId) -> u32 {
        let node = self.t(id);
        let assigns = node.kind == Kind::Assign && !node.has(flag::DECL | flag::FIELD);
        let open = matches!(node.kind, Kind::AugAssign | Kind::Yield) || assigns || is_expression(node);
        if !self.has_semicolons() || !open || node.role != Role::Stmt || self.is_value_of_function(id) {
            return node.end;
        }
        let after = self.file.text().get(node.end as usize..).unwrap_or_default();
        let gap = after.len() - after.trim_start().len();
        if after[gap..].starts_with(';') {
            u32::try_from(gap).map_or(node.end, |gap| node.end.saturating_add(gap + 1))
        } else {
            node.end
        }
    }

    /// Whether a node is all that a function without braces does.
    fn is_value_of_function(&self, id: NodeId) -> bool {
        let block = self.tree.parent(id).filter(|block| self.t(*block).has(flag::SYNTH));
        let owner = block.and_then(|block| self.tree.parent(block));
        owner.is_some_and(|owner| self.t(owner).kind == Kind::Func)
    }

    /// Of `const a = f();` what `$X = f()` stands for: the name and its value.
    fn only_assigned(&self, pattern: &PatternNode, id: NodeId) -> Option<Span> {
        let declares = self.has_semicolons()
            || matches!(
                self.file.language(),
                Language::Go | Language::Kotlin | Language::Scala | Language::Swift
            );
        let assigns = pattern.kind == Kind::Assign && !pattern.has(flag::DECL | flag::FIELD);
        let anything = matches!(pattern.meta, Meta::Deep(_));
        if !declares || !assigns && !anything || !self.t(id).has(flag::DECL | flag::FIELD) {
            return None;
        }
        self.file.assigned_span(id)
    }

    /// Where a method of JavaScript stands for a pattern of functions of any name: its decorators are
    /// none of the function.
    fn without_decorators(&self, pattern: &PatternNode, id: NodeId) -> Option<Span> {
        let named = pattern.kind == Kind::Func
            && self.is_javascript()
            && !pattern.group(Role::Name).is_empty()
            && self.all_dots(pattern.group(Role::Name));
        let name = self.tree.child(id, Role::Name).filter(|_| named)?;
        self.tree.child(id, Role::Decorator)?;
        let span = self.file.span(id);
        Some(Span { start: self.t(name).start, ..span })
    }

    /// Where a match stands: attributes before an item of Rust belong to it.
    fn with_attributes(&self, id: NodeId) -> Span {
        let span = self.file.outer(id);
        if self.file.language() != Language::Rust {
            return span;
        }
        let node = self.t(id);
        // Those of what stands inside of others are none of it, but for variables.
        let item = match node.kind {
            Kind::Func | Kind::Class => self.tree.parent(id).is_some_and(|up| self.tree.parent(up).is_none()),
            Kind::Assign => {
                let member = self.tree.parent(id).is_some_and(|up| self.t(up).kind == Kind::ClassBody);
                node.has(flag::DECL) && node.role == Role::Stmt && !member
            }
            _ => false,
        };
        if !item {
            return span;
        }
        let mut first = None;
        for sibling in self.tree.parent(id).into_iter().flat_map(|parent| self.tree.children(parent)) {
            if sibling == id {
                break;
            }
            let node = self.t(sibling);
            first = if node.kind == Kind::Decorator { first.or(Some(node.start)) } else { None };
        }
        Span { start: first.unwrap_or(span.start), ..span }
    }
}
