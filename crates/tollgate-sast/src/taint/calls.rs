//! Calls: into functions of the file by their summaries, elsewhere by assuming that arguments reach the result.

use rustc_hash::FxHashMap;
use tollgate_core::Language;

use super::callbacks::{RESULTS, union};
use super::containers::Operation;
use super::contexts::{OUTER, PARTS};
use super::engine::{Engine, Worth};
use super::foreign::FOREIGN_SINKS;
use super::state::{MAX_PATH, Origin, Taint, Taints};
use super::summaries::Summary;
use crate::matching::Span;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

/// The number of the object a method is called on, among the parameters.
pub(super) const RECEIVER: u32 = u32::MAX;
/// Calls into calls deeper than this are not followed.
pub(super) const MAX_CALLS: u32 = 34;
/// An argument of a call.
pub(super) struct Argument {
    name: Option<Symbol>,
    pub(super) node: NodeId,
    pub(super) value: Taints,
}

impl Engine<'_> {
    pub(super) fn call(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let mut through = Taints::none();
        let callee = tree.child(id, Role::Callee);
        if let Some(callee) = callee {
            through.join(&self.eval(callee));
        }
        let object = self.object.take();
        let receiver = callee
            .filter(|callee| tree.node(*callee).kind == Kind::Member)
            .and_then(|callee| tree.child(callee, Role::Object));
        let operation = receiver.and_then(|receiver| self.operation(id, receiver));
        let puts = matches!(operation, Some(Operation::Put(..) | Operation::Append(..)));
        let putting = receiver.filter(|_| puts).map(|receiver| (self.file.span(receiver), Taints::none()));
        let outer = std::mem::replace(&mut self.putting, putting);
        let mut arguments = Vec::new();
        for child in tree.children(id) {
            let node = tree.node(child);
            if matches!(node.role, Role::Callee | Role::TypeArg | Role::Type | Role::Modifier) {
                continue;
            }
            let value = self.eval(child);
            through.join(&value);
            let name = (node.kind == Kind::KwArg)
                .then(|| tree.child(child, Role::Key).map(|key| tree.node(key).symbol))
                .flatten();
            arguments.push(Argument { name, node: child, value });
        }
        let put = std::mem::replace(&mut self.putting, outer).map(|(_, put)| put).unwrap_or_default();
        self.hand_out(&arguments);
        // `a.concat(b)` of Ruby changes `a`.
        if self.file.language() == Language::Ruby
            && let Some((place, _)) = receiver.and_then(|receiver| self.place(receiver))
            && let Some(name) = callee.and_then(|callee| tree.child(callee, Role::Property))
            && tree.node(name).symbol == symbol("concat")
        {
            for argument in &arguments {
                self.state.add(place.clone(), &argument.value);
            }
        }
        if let Some(callee) = callee
            && self.functions.is_some()
        {
            let object = receiver.map(|receiver| match object {
                Some((node, value)) if node == receiver => value,
                _ => self.read_again(receiver),
            });
            let object = object.unwrap_or_default();
            if let Some(value) = self.follow(id, callee, receiver, &object, &arguments, &through) {
                self.forget_changed(id, receiver);
                if let Some((place, _)) = receiver.and_then(|receiver| self.place(receiver)) {
                    self.state.pour(place, &put);
                }
                return Worth { value, passed: Some(through) };
            }
            if let Some(value) = self.follow_foreign(id, callee, receiver, &object, &arguments) {
                self.forget_changed(id, receiver);
                return Worth { value, passed: Some(through) };
            }
            if let Some(value) = self.parameter_call(callee, receiver, &arguments) {
                if let Some(operation) = operation {
                    self.operate(operation, &arguments, &put);
                }
                return Worth { value, passed: Some(through) };
            }
            let returned = self.hand_over(id, &object, &arguments);
            through.join(&returned);
            self.forget_changed(id, receiver);
        }
        if let Some(operation) = operation {
            through.join(&self.operate(operation, &arguments, &put));
        }
        let safe =
            self.options.taint_assume_safe_functions || self.options.taint_only_propagate_through_assignments;
        let value = if safe { Taints::none() } else { through.clone() };
        Worth { value, passed: Some(through) }
    }

    /// A call that is written without parentheses.
    pub(super) fn bare_call(&mut self, id: NodeId) -> Option<Taints> {
        let tree = self.tree;
        let node = tree.node(id);
        let callable = self.file.language() == Language::Ruby
            && self.functions.is_some()
            && !matches!(node.role, Role::Callee | Role::Left | Role::Target | Role::Name | Role::Key);
        if !callable || node.kind == Kind::Name && self.file.names().definition_of(id).is_some() {
            return None;
        }
        let receiver = tree.child(id, Role::Object);
        let object = match (self.object.take(), receiver) {
            (Some((known, value)), Some(receiver)) if known == receiver => value,
            (_, Some(receiver)) => self.read_again(receiver),
            _ => Taints::none(),
        };
        self.follow(id, id, receiver, &object, &[], &Taints::none())
    }

    /// The value of a call into functions of this file; nothing when there are none.
    fn follow(
        &mut self,
        call: NodeId,
        callee: NodeId,
        receiver: Option<NodeId>,
        object: &Taints,
        arguments: &[Argument],
        through: &Taints,
    ) -> Option<Taints> {
        let targets = self.targets(call, callee, receiver);
        if targets.is_empty() || self.calls >= MAX_CALLS {
            return None;
        }
        let constructs = self.tree.node(call).kind == Kind::New
            || targets.iter().any(|id| {
                let functions = self.functions.as_ref();
                functions.is_some_and(|own| own.constructors.values().any(|all| all.contains(id)))
            });
        let span = self.file.span(call);
        let mut value = Taints::none();
        for target in targets {
            let passed = self.bind(target, arguments);
            let context = self.context_of(target, &passed);
            let summary = self.summary(target, context);
            let mut given = Given { passed, object: object.clone(), results: Vec::new() };
            for (number, own) in &summary.callbacks {
                let own: Vec<Taints> =
                    own.iter().map(|taints| self.instantiate(taints, &given, span)).collect();
                let result = match given.passed.get(number).cloned() {
                    Some((node, value)) => self.call_value(node, &value, own, span),
                    None => union(&own),
                };
                given.results.push(result);
            }
            value.join(&self.instantiate(&summary.returns, &given, span));
            self.sinks_of(&summary, &given, span);
            for (number, path, taints) in &summary.effects {
                let node = match *number {
                    RECEIVER => receiver,
                    number => given.passed.get(&number).map(|(node, _)| *node),
                };
                let taints = self.instantiate(taints, &given, span);
                if constructs && *number == RECEIVER {
                    value.join(&taints);
                    continue;
                }
                if let Some((mut place, _)) = node.and_then(|node| self.place(node)) {
                    place.path.extend(path);
                    place.path.truncate(MAX_PATH);
                    self.state.add(place, &taints);
                }
            }
            self.outer_effects(&summary, &given, span);
        }
        if constructs && !self.keeps_to_itself(call) {
            value.join(through);
        }
        Some(value)
    }

    pub(super) fn sinks_of(&mut self, summary: &Summary, given: &Given, span: Span) {
        for (sink, taint) in &summary.sinks {
            if self.is_told(*sink, taint, given) {
                continue;
            }
            let mut one = Taints::none();
            one.add(taint.clone());
            let reached = self.instantiate(&one, given, span);
            if !reached.is_empty() {
                self.reach(*sink, &reached);
            }
        }
    }

    /// Whether everything that is passed for a parameter is known to reach the sink.
    fn is_told(&mut self, sink: u32, taint: &Taint, given: &Given) -> bool {
        let Origin::Param(number) = taint.origin else { return false };
        if sink < FOREIGN_SINKS && self.query.sinks[self.matches.sinks.spot(sink).part].requires.is_some() {
            return false;
        }
        self.passed(number, given).iter().all(|own| {
            let (origin, label) = own.key();
            match origin {
                Origin::Param(_) => self.known.contains(&(sink, origin, label)),
                Origin::Source(_) | Origin::Foreign(_) => self.found.contains_key(&(sink, origin, label)),
            }
        })
    }

    /// What is passed for a parameter.
    fn passed(&mut self, number: u32, given: &Given) -> Taints {
        match number {
            RECEIVER => given.object.clone(),
            PARTS.. => {
                let (own, path) = self.part(number);
                match given.passed.get(&own) {
                    Some((node, whole)) => self.part_value(*node, whole, &path),
                    None => Taints::none(),
                }
            }
            OUTER.. => self.outer_value(number),
            RESULTS.. => given.results.get((number - RESULTS) as usize).cloned().unwrap_or_default(),
            _ => given.passed.get(&number).map(|(_, value)| value.clone()).unwrap_or_default(),
        }
    }

    pub(super) fn outer_effects(&mut self, summary: &Summary, given: &Given, span: Span) {
        for (place, taints) in &summary.outer {
            let taints = self.instantiate(taints, given, span);
            self.state.forget(place);
            self.state.add(place.clone(), &taints);
        }
    }

    /// Replaces parameters by what is passed.
    pub(super) fn instantiate(&mut self, taints: &Taints, given: &Given, call: Span) -> Taints {
        let mut all = Taints::none();
        for taint in taints.iter() {
            let Origin::Param(number) = taint.origin else {
                all.add(taint.through(call));
                continue;
            };
            let passed = self.passed(number, given);
            for passed in passed.iter() {
                let mut own = passed.through(call);
                for span in taint.places() {
                    own = own.through(span);
                }
                all.add(own);
            }
        }
        all
    }

    fn read_again(&self, receiver: NodeId) -> Taints {
        let mut value = self.read(receiver);
        if matches!(self.tree.node(receiver).kind, Kind::Name | Kind::Member | Kind::Index) {
            value.join(&self.fresh(receiver, &Taints::none()));
        }
        value
    }

    /// Arguments by the number of the parameter they are passed as.
    fn bind(&self, target: NodeId, arguments: &[Argument]) -> FxHashMap<u32, (NodeId, Taints)> {
        Self::bind_to(&self.parameter_names(target), arguments)
    }

    /// Names of parameters, and whether they take all the rest.
    pub(super) fn parameter_names(&self, target: NodeId) -> Vec<(Symbol, bool)> {
        let tree = self.tree;
        let mut parameters = Vec::new();
        for child in tree.children_of(target, Role::Param) {
            let name = tree.child(child, Role::Name).unwrap_or(child);
            if parameters.is_empty() && self.is_this(name) {
                continue;
            }
            let rest =
                tree.node(name).kind == Kind::Spread || self.file.node_text(child).starts_with(['*', '.']);
            parameters.push((tree.node(name).symbol, rest));
        }
        parameters
    }

    pub(super) fn bind_to(
        parameters: &[(Symbol, bool)],
        arguments: &[Argument],
    ) -> FxHashMap<u32, (NodeId, Taints)> {
        let mut bound: FxHashMap<u32, (NodeId, Taints)> = FxHashMap::default();
        let mut next = 0;
        for argument in arguments {
            let number = match argument.name {
                Some(name) => {
                    parameters.iter().position(|(own, _)| *own == name).or(parameters.len().checked_sub(1))
                }
                None => {
                    let own = next.min(parameters.len().saturating_sub(1));
                    next += 1;
                    (own + 1 == next || parameters.last().is_some_and(|(_, rest)| *rest)).then_some(own)
                }
            };
            let Some(number) = number else { continue };
            let entry = bound.entry(number as u32).or_insert_with(|| (argument.node, Taints::none()));
            entry.1.join(&argument.value);
        }
        bound
    }
}

/// What one call passes.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) passed: FxHashMap<u32, (NodeId, Taints)>,
    pub(super) object: Taints,
    /// What the calls of parameters return.
    pub(super) results: Vec<Taints>,
}
