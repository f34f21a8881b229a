//! Assignments, and targets that take values apart.

use tollgate_core::Language;

use super::elements::position;
use super::engine::{Engine, MAX_DEPTH, Worth};
use super::spots::{Spot, trimmed};
use super::state::Taints;
use crate::rule::syntax::SideEffect;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

impl Engine<'_> {
    pub(super) fn assignment(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let right = tree.child(id, Role::Right);
        let mut value = right.map(|right| self.eval(right)).unwrap_or_default();
        value.join(&self.begun_by(id, &value));
        for child in tree.children(id) {
            if matches!(tree.node(child).role, Role::Decorator) {
                self.eval(child);
            }
        }
        if let Some(left) = tree.child(id, Role::Left) {
            if self.functions.is_some()
                && let Some(value) = self.declared_object(id)
            {
                self.assign(left, Some(id), &value);
                return Worth { value: value.clone(), passed: Some(value) };
            }
            let known = right.filter(|_| self.functions.is_some()).and_then(|right| self.known(right));
            let part = right.and_then(|right| self.part_of(right));
            // Only a sink that is the whole assignment asks for the index beside the value.
            let is_sink = !self.matches.sinks.equal(trimmed(self.file.span(id), self.file.text())).is_empty();
            let index = tree.child(left, Role::Index).filter(|_| is_sink);
            let index = index.map(|index| self.peek(index)).unwrap_or_default();
            self.assign(left, right, &value);
            self.learn(left, known);
            if let Some(part) = part {
                self.note_parts(left, part);
            }
            return Worth { value: value.clone(), passed: Some(value.with(&index)) };
        }
        Worth { value: value.clone(), passed: Some(value) }
    }

    /// The sources that an assignment is as a whole.
    fn begun_by(&self, id: NodeId, value: &Taints) -> Taints {
        let mut begun = Taints::none();
        let sources = &self.matches.sources;
        let equal = sources.equal(trimmed(self.file.span(id), self.file.text()));
        if equal.is_empty() || !sources.all.iter().any(Spot::is_exact) {
            return begun;
        }
        for at in equal {
            let source = &self.query.sources[sources.spot(*at).part];
            if source.by_side_effect != SideEffect::Only
                && let Some(taint) = self.begun(*at, value)
            {
                begun.add(taint);
            }
        }
        begun
    }

    pub(super) fn augmented(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let added = tree.child(id, Role::Right).map(|right| self.eval(right)).unwrap_or_default();
        let Some(left) = tree.child(id, Role::Left) else { return added.into() };
        let before = self.eval(left);
        let again = self.fresh(left, &before);
        let mut value = before.with(&added);
        let begun = self.fresh(id, &value);
        if let Some((place, _)) = self.place(left) {
            self.state.forget(&place);
            let mut stored = added.through(self.file.span(left));
            stored.join(&begun);
            stored.join(&again);
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
            Kind::Tuple | Kind::List | Kind::Dict | Kind::Raw
                if from.is_some()
                    && self.functions.is_some()
                    && (node.kind != Kind::Raw || self.takes_apart(target)) =>
            {
                self.take_apart(target, from, value, &[]);
            }
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
                // What is given a part is not read.
                match tree.child(target, Role::Object) {
                    Some(object) if tree.node(object).kind == Kind::Name => {
                        self.side_effects(object, self.file.span(object));
                    }
                    Some(object) => {
                        self.eval(object);
                    }
                    None => {}
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
                        // What is only given a value is no source, unless it becomes one by that.
                        let begins = source.by_side_effect != SideEffect::No || self.is_taken_apart(target);
                        if begins && let Some(taint) = self.begun(*at, value) {
                            own.add(taint);
                        }
                    }
                    own.join(&self.carried_to(span));
                    if node.kind != Kind::Name {
                        self.check_sinks(target, span, &own.clone().with(&index), None);
                    }
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

    /// Whether a target is given a part of a value, or an element by a loop that declares it with a type.
    fn is_taken_apart(&self, target: NodeId) -> bool {
        let Some(up) = self.tree.parent(target) else { return false };
        match self.tree.node(up).kind {
            Kind::Tuple | Kind::List | Kind::Dict | Kind::Raw => true,
            Kind::ForEach => self.tree.child(up, Role::Type).is_some(),
            _ => false,
        }
    }

    /// Stores the elements of a value in the targets for them.
    fn take_apart(&mut self, target: NodeId, from: Option<NodeId>, whole: &Taints, path: &[Symbol]) {
        let tree = self.tree;
        let slots = self.slots(target);
        let covered: Vec<NodeId> = slots.iter().map(|(_, inner)| *inner).collect();
        for (key, inner) in slots {
            let path = [path, &[key]].concat();
            let own = match from {
                Some(from) => self.part_value(from, whole, &path),
                None => whole.clone(),
            };
            match tree.node(inner).kind {
                Kind::Tuple | Kind::List | Kind::Dict if self.depth < MAX_DEPTH => {
                    self.depth += 1;
                    self.take_apart(inner, from, whole, &path);
                    self.depth -= 1;
                }
                _ => {
                    let source = from.filter(|_| path.len() == 1).and_then(|from| self.slot_of(from, key));
                    self.assign(inner, source, &own);
                }
            }
        }
        for child in tree.children(target) {
            let taken = covered.iter().any(|inner| tree.contains(child, *inner));
            if !taken {
                self.assign(child, None, whole);
            }
        }
    }

    /// The element of a literal that a key names.
    fn slot_of(&self, literal: NodeId, key: Symbol) -> Option<NodeId> {
        let kind = self.tree.node(literal).kind;
        let is_literal = matches!(kind, Kind::Tuple | Kind::List | Kind::Dict);
        is_literal
            .then(|| self.slots(literal).into_iter().find(|(own, _)| *own == key).map(|(_, inner)| inner))?
    }

    /// Whether a pattern without a lowering is one of fields or of positions.
    fn takes_apart(&self, target: NodeId) -> bool {
        let text = self.file.node_text(target);
        match self.file.language() {
            Language::Rust => text.ends_with('}'),
            Language::Csharp | Language::Swift => text.starts_with('('),
            _ => false,
        }
    }

    /// The elements of a pattern or literal with their keys; `..2` is the rest from the third on.
    pub(super) fn slots(&self, target: NodeId) -> Vec<(Symbol, NodeId)> {
        let tree = self.tree;
        if tree.node(target).kind == Kind::Raw && !self.takes_apart(target) {
            return Vec::new();
        }
        let is_raw = tree.node(target).kind == Kind::Raw;
        let is_struct = is_raw && self.file.node_text(target).ends_with('}');
        let is_list = matches!(tree.node(target).kind, Kind::Tuple | Kind::List) || is_raw && !is_struct;
        let mut slots = Vec::new();
        if self.file.language() == Language::Php && is_list {
            let children: Vec<NodeId> = tree.children(target).collect();
            for two in children.windows(2) {
                let between = self.file.span(two[0]).end as usize..self.file.span(two[1]).start as usize;
                if self.file.text().get(between).is_some_and(|text| text.trim() == "=>")
                    && let Some(key) = self.key(two[0])
                {
                    slots.push((key, two[1]));
                }
            }
            if !slots.is_empty() {
                return slots;
            }
        }
        let elements = tree.children(target).filter(|child| {
            !matches!(tree.node(*child).role, Role::Callee | Role::Type | Role::TypeArg | Role::Modifier)
        });
        for (at, child) in elements.enumerate() {
            let node = tree.node(child);
            match node.kind {
                Kind::Pair | Kind::KwArg => {
                    let (Some(key), Some(value)) =
                        (tree.child(child, Role::Key), tree.child(child, Role::Value))
                    else {
                        continue;
                    };
                    if let Some(key) = self.field_key(key) {
                        slots.push((key, value));
                    }
                }
                Kind::Name if is_struct => {}
                Kind::Raw if is_struct => {
                    let mut inner = tree.children(child);
                    if let Some(first) = inner.next() {
                        slots.push((tree.node(first).symbol, inner.next().unwrap_or(first)));
                    }
                }
                Kind::Raw if !is_list && !is_raw && tree.children(child).count() == 1 => {
                    slots.extend(tree.children(child).next().map(|own| (tree.node(own).symbol, own)));
                }
                Kind::Name if !is_list => slots.push((node.symbol, child)),
                Kind::Assign if !is_list => {
                    if let Some(left) = tree.child(child, Role::Left) {
                        slots.push((tree.node(left).symbol, child));
                    }
                }
                Kind::Spread => {
                    slots.extend(tree.children(child).last().map(|rest| (symbol(&format!("..{at}")), rest)))
                }
                // `[first | rest]`.
                Kind::Binary if is_list && node.symbol == symbol("|") => {
                    if let (Some(left), Some(right)) =
                        (tree.child(child, Role::Left), tree.child(child, Role::Right))
                    {
                        slots.push((position(at), left));
                        slots.push((symbol(&format!("..{}", at + 1)), right));
                    }
                }
                _ => slots.push((position(at), child)),
            }
        }
        slots
    }

    /// The value of an expression that was evaluated before.
    pub(super) fn peek(&mut self, id: NodeId) -> Taints {
        let state = self.state.clone();
        let value = self.eval(id);
        self.state = state;
        value
    }
}
