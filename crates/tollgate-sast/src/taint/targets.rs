//! Assignments, and targets that take values apart.

use super::engine::{Engine, MAX_DEPTH, Worth};
use super::state::{Origin, Taint, Taints};
use crate::rule::syntax::SideEffect;
use crate::tree::{Kind, NodeId, Role};

impl Engine<'_> {
    pub(super) fn assignment(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let right = tree.child(id, Role::Right);
        let value = right.map(|right| self.eval(right)).unwrap_or_default();
        for child in tree.children(id) {
            if matches!(tree.node(child).role, Role::Decorator) {
                self.eval(child);
            }
        }
        if let Some(left) = tree.child(id, Role::Left) {
            let known = right.filter(|_| self.functions.is_some()).and_then(|right| self.known(right));
            let part = right.and_then(|right| self.part_of(right));
            self.assign(left, right, &value);
            self.learn(left, known);
            if let Some(part) = part {
                self.note_parts(left, part);
            }
        }
        Worth { value: value.clone(), passed: Some(value) }
    }

    pub(super) fn augmented(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let added = tree.child(id, Role::Right).map(|right| self.eval(right)).unwrap_or_default();
        let Some(left) = tree.child(id, Role::Left) else { return added.into() };
        let before = self.eval(left);
        let mut value = before.with(&added);
        let begun = self.fresh(id, &value);
        if let Some((place, _)) = self.place(left) {
            self.state.forget(&place);
            let mut stored = added.through(self.file.span(left));
            stored.join(&begun);
            self.state.add(place, &stored);
        }
        value.join(&begun);
        Worth { value: value.clone(), passed: Some(value) }
    }

    /// Stores a value in a target, which may take it apart.
    pub(super) fn assign(&mut self, target: NodeId, from: Option<NodeId>, value: &Taints) {
        if self.depth >= MAX_DEPTH || self.is_over() {
            return;
        }
        self.depth += 1;
        self.assign_inner(target, from, value);
        self.depth -= 1;
    }

    pub(super) fn assign_inner(&mut self, target: NodeId, from: Option<NodeId>, value: &Taints) {
        let tree = self.tree;
        let node = tree.node(target);
        let span = self.file.span(target);
        match node.kind {
            Kind::Tuple | Kind::List => {
                let targets: Vec<NodeId> = tree.children(target).collect();
                let values: Vec<NodeId> = from
                    .filter(|from| matches!(tree.node(*from).kind, Kind::Tuple | Kind::List))
                    .map(|from| tree.children(from).collect())
                    .unwrap_or_default();
                let plain = targets.iter().chain(&values).all(|child| tree.node(*child).kind != Kind::Spread);
                let each: Option<Vec<Taints>> =
                    (values.len() == targets.len() && plain && !values.is_empty())
                        .then(|| values.iter().map(|value| self.peek(*value)).collect());
                for (at, target) in targets.into_iter().enumerate() {
                    let own = each.as_ref().map_or(value, |each| &each[at]);
                    self.assign(target, values.get(at).copied().filter(|_| each.is_some()), &own.clone());
                }
            }
            Kind::Dict | Kind::Set | Kind::Sequence => {
                for child in tree.children(target) {
                    self.assign(child, None, value);
                }
            }
            Kind::Pair | Kind::KwArg => {
                if let Some(inner) = tree.child(target, Role::Value) {
                    self.assign(inner, None, value);
                }
            }
            Kind::Assign => {
                let mut own = value.clone();
                if let Some(right) = tree.child(target, Role::Right) {
                    own.join(&self.eval(right));
                }
                if let Some(left) = tree.child(target, Role::Left) {
                    self.assign(left, None, &own);
                }
            }
            Kind::Name
            | Kind::Member
            | Kind::Index
            | Kind::Unary
            | Kind::Spread
            | Kind::Declare
            | Kind::Cast => {
                let index = tree.child(target, Role::Index).map(|index| self.eval(index)).unwrap_or_default();
                if let Some(object) = tree.child(target, Role::Object) {
                    self.eval(object);
                }
                let mut own = value.through(span);
                let bare = matches!(node.kind, Kind::Name | Kind::Member | Kind::Index);
                if bare {
                    let clean = self.matches.sanitizers.equal(span).iter().any(|at| {
                        self.query.sanitizers[self.matches.sanitizers.spot(*at).part].by_side_effect
                            != SideEffect::No
                    });
                    if clean {
                        own = Taints::none();
                    }
                    for at in self.matches.sources.equal(span) {
                        let source = &self.query.sources[self.matches.sources.spot(*at).part];
                        let holds = source
                            .requires
                            .as_ref()
                            .is_none_or(|own| own.holds(&|label| self.has_label(value, label)));
                        if holds {
                            let label = self.label(source.label.as_ref());
                            own.add(Taint { origin: Origin::Source(*at), label, trail: None });
                        }
                    }
                    own.join(&self.carried_to(span));
                    self.check_sinks(target, span, &own.clone().with(&index), None);
                }
                self.write(target, own.clone());
                if let Some(from) = from.filter(|_| matches!(node.kind, Kind::Name | Kind::Member)) {
                    self.assign_elements(target, from, &own);
                }
            }
            _ => {
                for child in tree.children(target) {
                    if !matches!(tree.node(child).role, Role::Callee | Role::Type) {
                        self.assign(child, None, value);
                    }
                }
            }
        }
    }

    /// The value of an expression that was evaluated before.
    pub(super) fn peek(&mut self, id: NodeId) -> Taints {
        let state = self.state.clone();
        let value = self.eval(id);
        self.state = state;
        value
    }
}
