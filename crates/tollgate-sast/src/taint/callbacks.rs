//! Functions as values: parameters that are called, closures handed to code outside the file.

use super::calls::{Argument, Given, MAX_CALLS};
use super::contexts::Context;
use super::engine::Engine;
use super::state::{Origin, Taint, Taints};
use crate::matching::Span;
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Numbers from here on stand for what calls of parameters return.
pub(super) const RESULTS: u32 = 1 << 20;
/// Calls of parameters noted for one function.
const MAX_CALLBACKS: usize = 16;
/// Closures inside closures that are walked where they are called.
const MAX_INLINED: u32 = 3;

impl Engine<'_> {
    /// Calls what an argument stands for.
    pub(super) fn call_value(
        &mut self,
        node: NodeId,
        value: &Taints,
        own: Vec<Taints>,
        span: Span,
    ) -> Taints {
        if let Some(target) = self.callable(node) {
            return self.apply(target, &own, &[], span);
        }
        let parameter = value.iter().find_map(|taint| match taint.origin {
            Origin::Param(number) if number < RESULTS => Some(number),
            _ => None,
        });
        match parameter {
            Some(number) if self.callbacks.len() < MAX_CALLBACKS => self.note_callback(number, own),
            _ => union(&own),
        }
    }

    pub(super) fn note_callback(&mut self, number: u32, own: Vec<Taints>) -> Taints {
        let result = RESULTS + self.callbacks.len() as u32;
        self.callbacks.push((number, own));
        let mut value = Taints::none();
        value.add(Taint { origin: Origin::Param(result), label: 0, trail: None });
        value
    }

    /// The function an expression stands for: a closure, or the name of a function of the file.
    pub(super) fn callable(&self, id: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let node = tree.node(id);
        let functions = self.functions.as_ref()?;
        let by_name = |name: Symbol| match functions.by_name.get(&name).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        match node.kind {
            Kind::Func => Some(id),
            Kind::Name => {
                let names = self.file.names();
                if let Some(definition) = names.definition_of(id) {
                    let definition = names.definition(definition);
                    if definition.is_parameter || definition.path.is_some() {
                        return None;
                    }
                    if tree.node(definition.site).kind == Kind::Func {
                        return Some(definition.site);
                    }
                    if let Some(value) = definition.value
                        && tree.node(value).kind == Kind::Func
                    {
                        return Some(value);
                    }
                }
                by_name(node.symbol)
            }
            Kind::Member => by_name(tree.node(tree.child(id, Role::Property)?).symbol),
            // References such as `Type::method`, `&name` and `method(:name)`.
            Kind::Raw | Kind::Unary | Kind::Spread | Kind::KwArg | Kind::Pair => {
                let last = tree.children(id).last()?;
                matches!(tree.node(last).kind, Kind::Name | Kind::Func | Kind::Member)
                    .then(|| self.callable(last))?
            }
            _ => None,
        }
    }

    /// Runs a function on values by its summary.
    pub(super) fn apply(&mut self, target: NodeId, own: &[Taints], nodes: &[NodeId], span: Span) -> Taints {
        if self.calls >= MAX_CALLS {
            return union(own);
        }
        if self.is_own_closure(target) && self.inlined < MAX_INLINED {
            return self.inline(target, own);
        }
        let mut given = Given::default();
        for (at, value) in own.iter().enumerate() {
            let node = nodes.get(at).copied().unwrap_or(target);
            given.passed.insert(at as u32, (node, value.clone()));
        }
        let context = if nodes.is_empty() { Context::new() } else { self.context_of(target, &given.passed) };
        let summary = self.summary(target, context);
        for (number, own) in &summary.callbacks {
            let own: Vec<Taints> = own.iter().map(|taints| self.instantiate(taints, &given, span)).collect();
            let result = match given.passed.get(number).cloned() {
                Some((node, value)) if node != target => self.call_value(node, &value, own, span),
                _ => union(&own),
            };
            given.results.push(result);
        }
        self.sinks_of(&summary, &given, span);
        self.outer_effects(&summary, &given, span);
        self.instantiate(&summary.returns, &given, span)
    }

    /// A closure of the function at work sees and changes its variables as they are now.
    fn is_own_closure(&self, target: NodeId) -> bool {
        let is_closure = self.tree.node(target).has(flag::ANON);
        is_closure && self.at_work.is_none_or(|function| self.tree.contains(function, target))
    }

    fn inline(&mut self, target: NodeId, own: &[Taints]) -> Taints {
        self.inlined += 1;
        self.depth += 3;
        self.arguments = Some(own.to_vec());
        let before = self.fork();
        let (returns, after) = self.function(target, false);
        self.state = before;
        self.state.join(&after);
        self.depth -= 3;
        self.inlined -= 1;
        returns
    }

    /// The value of a call of a parameter, which only the caller knows.
    pub(super) fn parameter_call(
        &mut self,
        callee: NodeId,
        receiver: Option<NodeId>,
        arguments: &[Argument],
    ) -> Option<Taints> {
        const INVOKES: [&str; 12] = [
            "call",
            "apply",
            "invoke",
            "accept",
            "Invoke",
            "test",
            "get",
            "run",
            "execute",
            "yield",
            "()",
            "DynamicInvoke",
        ];
        let tree = self.tree;
        let called = match receiver {
            None => callee,
            Some(receiver) => {
                let property = tree.node(tree.child(callee, Role::Property)?).symbol;
                INVOKES.iter().any(|name| symbol(name) == property).then_some(receiver)?
            }
        };
        if !matches!(tree.node(called).kind, Kind::Name | Kind::Index | Kind::Member | Kind::Func) {
            return None;
        }
        let own: Vec<Taints> = arguments.iter().map(|argument| argument.value.clone()).collect();
        let nodes: Vec<NodeId> = arguments.iter().map(|argument| argument.node).collect();
        let names = self.file.names();
        let functions = self.known(called).map(|known| known.functions()).unwrap_or_default();
        if !functions.is_empty() {
            let span = self.file.span(callee);
            let mut value = Taints::none();
            for target in functions {
                value.join(&self.apply(target, &own, &nodes, span));
            }
            return Some(value);
        }
        if tree.node(called).kind != Kind::Name || self.callbacks.len() >= MAX_CALLBACKS {
            return None;
        }
        let is_parameter =
            names.definition_of(called).is_some_and(|definition| names.definition(definition).is_parameter);
        if is_parameter {
            let number = self.read(called).iter().find_map(|taint| match taint.origin {
                Origin::Param(number) if number < RESULTS => Some(number),
                _ => None,
            })?;
            return Some(self.note_callback(number, own));
        }
        None
    }

    /// Functions passed to code outside the file are called with whatever else it was given.
    pub(super) fn hand_over(&mut self, call: NodeId, object: &Taints, arguments: &[Argument]) -> Taints {
        let mut given = object.clone();
        let mut targets = Vec::new();
        for argument in arguments {
            let functions = self.known(argument.node).map(|known| known.functions()).unwrap_or_default();
            if functions.is_empty() {
                given.join(&argument.value);
            }
            targets.extend(functions);
        }
        let mut returned = Taints::none();
        if given.is_empty() {
            return returned;
        }
        let span = self.file.span(call);
        for target in targets {
            let count = self.tree.children_of(target, Role::Param).count().clamp(1, 8);
            let own = vec![given.clone(); count];
            returned.join(&self.apply(target, &own, &[], span));
        }
        returned
    }
}

pub(super) fn union(all: &[Taints]) -> Taints {
    let mut joined = Taints::none();
    for taints in all {
        joined.join(taints);
    }
    joined
}
