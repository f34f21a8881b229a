//! What metavariables are bound to, and when two bindings are the same.

use std::rc::Rc;
use std::sync::Arc;

use smallvec::SmallVec;

use super::Var;
use super::search::Search;
use crate::matching::{Binding, Bindings, Match, Span, Value};
use crate::tree::{Kind, NodeId, Role};

/// What a metavariable is bound to while matching.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    Node(NodeId),
    Nodes(Rc<[NodeId]>, u32),
    Contents(NodeId),
    Text(Arc<str>, Span),
}

pub(super) type Env = SmallVec<[(Var, Bound); 3]>;
pub(super) type Envs = Vec<Env>;

impl Search<'_> {
    pub(super) fn to_match(&self, span: Span, node: NodeId, env: &Env) -> Match {
        let mut bindings = Bindings::default();
        for (var, bound) in env {
            let name = Arc::clone(&self.pattern.metavars[*var as usize]);
            bindings.insert(name, self.to_binding(bound));
        }
        Match::plain(span, bindings, Some(node))
    }

    pub(super) fn to_binding(&self, bound: &Bound) -> Binding {
        match bound {
            Bound::Node(id) => {
                // Parentheses around a name are none of it.
                let name = self.t(*id).kind == Kind::Name;
                let span = if name { self.file.span(*id) } else { self.file.outer(*id) };
                Binding { span, value: Value::Node(*id) }
            }
            Bound::Nodes(ids, at) => {
                let span = match (ids.first(), ids.last()) {
                    (Some(first), Some(last)) => Span { start: self.t(*first).start, end: self.t(*last).end },
                    _ => Span { start: *at, end: *at },
                };
                Binding { span, value: Value::Nodes(ids.to_vec()) }
            }
            Bound::Contents(id) => {
                Binding { span: self.file.contents(*id), value: Value::Contents { node: *id } }
            }
            Bound::Text(text, span) => Binding { span: *span, value: Value::Text(Arc::clone(text)) },
        }
    }

    pub(super) fn bound_text<'b>(&'b self, bound: &'b Bound) -> &'b str {
        match bound {
            Bound::Node(id) => self.file.node_text(*id),
            Bound::Contents(id) => self.file.contents(*id).of(self.file.text()),
            Bound::Text(text, _) => text,
            Bound::Nodes(..) => "",
        }
    }

    pub(super) fn same(&self, a: &Bound, b: &Bound) -> bool {
        match (a, b) {
            (Bound::Node(a), Bound::Node(b)) => self.same_code(*a, *b),
            (Bound::Nodes(a, _), Bound::Nodes(b, _)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| self.same_code(*a, *b))
            }
            (Bound::Nodes(..), _) | (_, Bound::Nodes(..)) => false,
            _ => self.bound_text(a) == self.bound_text(b),
        }
    }

    pub(super) fn same_code(&self, a: NodeId, b: NodeId) -> bool {
        if self.file.same_code(a, b) || (!self.pattern.options.unify_ids_strictly && self.tree.equal(a, b)) {
            return true;
        }
        if self.same_value(a, b) || self.same_value(b, a) {
            return true;
        }
        // A parameter or declaration and the name it declares are one.
        let name = |id: NodeId| match self.t(id).kind {
            Kind::Param => self.tree.child(id, Role::Name),
            _ => None,
        };
        match (name(a), name(b)) {
            (None, None) => false,
            (first, second) => self.file.same_code(first.unwrap_or(a), second.unwrap_or(b)),
        }
    }

    /// Whether a name is known to hold the literal.
    fn same_value(&self, name: NodeId, value: NodeId) -> bool {
        if !self.pattern.options.constant_propagation
            || !matches!(self.t(name).kind, Kind::Name | Kind::Member)
        {
            return false;
        }
        let constants = self.file.constants();
        match self.t(value).kind {
            Kind::Null => self.is_null(name),
            Kind::Str | Kind::Num | Kind::Bool => constants.of(name).is_some_and(|own| {
                own.kind() == self.t(value).kind && own.symbol() == Some(self.t(value).symbol)
            }),
            _ => false,
        }
    }

    /// Adds a binding, or checks it against the earlier one.
    pub(super) fn bind(&self, var: Option<Var>, bound: Bound, env: &Env, out: &mut Envs) {
        let Some(var) = var else { return out.push(env.clone()) };
        match env.iter().find(|(own, _)| *own == var) {
            Some((_, own)) => {
                if self.same(own, &bound) {
                    out.push(env.clone());
                }
            }
            None => {
                let mut env = env.clone();
                env.push((var, bound));
                out.push(env);
            }
        }
    }
}
