//! What is known of an expression of the code beside its spelling: its value and its type.

use std::sync::Arc;

use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::search::{MAX_HOPS, Search};
use super::{Pid, Var, is_expression};
use crate::constants::Literal;
use crate::names;
use crate::tree::{Kind, NodeId, Role};

/// What `$S` stands for in `struct $S*`; a lone metavariable is any type.
fn part_of_type<'t>(wanted: &str, declared: &'t str) -> Option<&'t str> {
    let Some(rest) = wanted.strip_prefix("struct $") else { return Some(declared) };
    let stars = rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let inner = declared.strip_prefix("struct")?.strip_suffix(stars.trim())?.trim();
    inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(inner)
}

impl Search<'_> {
    pub(super) fn constant(&self, id: NodeId) -> Option<Literal> {
        if !self.pattern.options.constant_propagation {
            return None;
        }
        // `true` of Go is a name like others.
        let named = |own: &Literal| matches!(own, Literal::Bool(_)) && self.file.language() == Language::Go;
        self.file.constants().of(id).filter(|own| !named(own))
    }

    /// Whether a name is known to hold nothing.
    pub(super) fn is_null(&self, id: NodeId) -> bool {
        let assigned = || self.file.constants().assigned(id);
        self.pattern.options.constant_propagation
            && !self.is_c()
            && !matches!(self.file.language(), Language::Go | Language::Php)
            && assigned().is_some_and(|value| self.t(value).kind == Kind::Null)
    }

    /// The string a name or fold of literals is known to be; any string when only the type is known.
    pub(super) fn string_constant(&self, id: NodeId) -> Option<Arc<str>> {
        match self.constant(id) {
            Some(Literal::Str(text)) => Some(text),
            Some(Literal::AnyStr) => Some("".into()),
            _ => None,
        }
    }

    /// As [`Search::string_constant`], but one of several strings has no text, save to a shell.
    pub(super) fn known_text(&self, id: NodeId) -> Option<Arc<str>> {
        match self.constant(id) {
            Some(Literal::AnyStr) if !self.is_shell() => None,
            _ => self.string_constant(id),
        }
    }

    /// The expression a name was assigned, when the rule asks for it.
    pub(super) fn symbolic(&self, pid: Pid, id: NodeId, env: &Env, out: &mut Envs) {
        if !self.pattern.options.symbolic_propagation || self.hops.get() >= MAX_HOPS {
            return;
        }
        if let Some(value) = self.file.constants().assigned(id) {
            self.hops.set(self.hops.get() + 1);
            self.node(pid, value, env, out);
            self.hops.set(self.hops.get() - 1);
        }
    }

    /// What a name holds, where the rule asks for it: not another name, nor a collection.
    pub(super) fn assigned_in_the_end(&self, id: NodeId) -> Option<NodeId> {
        if !self.pattern.options.symbolic_propagation {
            return None;
        }
        let step = |id: NodeId| {
            let named = self.t(id).kind == Kind::Name;
            self.file.constants().assigned(id).filter(|_| named)
        };
        let value = std::iter::successors(step(id), |at| step(*at)).take(MAX_HOPS.into()).last()?;
        let collects = matches!(self.t(value).kind, Kind::List | Kind::Dict | Kind::Set | Kind::Tuple);
        (!collects).then_some(value)
    }

    /// A metavariable with a type, by what is known of the node's type.
    pub(super) fn typed(
        &self,
        types: &[String],
        type_var: Option<Var>,
        var: Option<Var>,
        id: NodeId,
        env: &Env,
        out: &mut Envs,
    ) {
        let node = self.t(id);
        if !is_expression(node) && !matches!(node.role, Role::Name | Role::Arg) {
            return;
        }
        // Nothing is of any type of pointers.
        let pointers = || type_var.is_none() && types.iter().any(|own| own.ends_with('*'));
        if node.kind == Kind::Null && self.is_c() && pointers() {
            return self.bind(var, Bound::Node(id), env, out);
        }
        if let Some(type_var) = type_var {
            let Some((text, span)) = names::declared_type_at(self.file, id) else { return };
            let Some(text) = types.first().and_then(|wanted| part_of_type(wanted, &text)) else { return };
            let mut envs = Envs::new();
            self.bind(Some(type_var), Bound::Text(text.into(), span), env, &mut envs);
            for env in &envs {
                self.bind(var, Bound::Node(id), env, out);
            }
        } else if names::has_type(self.file, id, types) {
            self.bind(var, Bound::Node(id), env, out);
        }
    }
}
