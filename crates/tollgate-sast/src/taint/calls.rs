//! Calls: into functions of the file by their summaries, elsewhere by assuming that arguments reach the result.

use rustc_hash::FxHashMap;
use tollgate_core::Language;

use super::arguments::{Argument, Bound, Given};
use super::callbacks::RESULTS;
use super::containers::Operation;
use super::contexts::{OUTER, PARTS};
use super::engine::{Engine, Worth};
use super::foreign::FOREIGN_SINKS;
use super::places::INSIDE;
use super::returned::Returned;
use super::state::{MAX_PATH, Origin, Place, Root, Taint, Taints};
use super::summaries::Summary;
use crate::matching::Span;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

/// The number of the object a method is called on, among the parameters.
pub(super) const RECEIVER: u32 = u32::MAX;
/// Calls into calls deeper than this are not followed.
pub(super) const MAX_CALLS: u32 = 34;

impl Engine<'_> {
    pub(super) fn call(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let mut through = Taints::none();
        self.results.remove(&id.number());
        let callee = tree.child(id, Role::Callee).map(|callee| self.called(callee));
        let first = callee.filter(|callee| self.continues(id, *callee));
        let callee = match first {
            Some(first) => tree.child(first, Role::Callee),
            None => callee,
        };
        if let Some(callee) = callee {
            through.join(&self.eval(callee));
        }
        let piped = self.piped.take().filter(|(call, _)| *call == id).map(|(_, value)| value);
        let object = self.object.take();
        let receiver = callee
            .filter(|callee| tree.node(*callee).kind == Kind::Member)
            .and_then(|callee| tree.child(callee, Role::Object));
        let passed: Vec<NodeId> =
            first.into_iter().chain([id]).flat_map(|own| tree.children_of(own, Role::Arg)).collect();
        let operation =
            callee.zip(receiver).and_then(|(callee, receiver)| self.operation(callee, receiver, &passed));
        let puts = matches!(operation, Some(Operation::Put(..) | Operation::Append(..)));
        let putting = receiver.filter(|_| puts).map(|receiver| (self.file.span(receiver), Taints::none()));
        let outer = std::mem::replace(&mut self.putting, putting);
        let mut arguments = match first {
            Some(first) => self.arguments(first, &mut through),
            None => Vec::new(),
        };
        arguments.extend(self.arguments(id, &mut through));
        if let Some((node, value)) = piped {
            through.join(&value);
            arguments.insert(0, Argument { name: None, node, value });
        }
        let mut put = std::mem::replace(&mut self.putting, outer).map(|(_, put)| put).unwrap_or_default();
        self.hand_out(&arguments);
        if callee.is_none() && self.functions.is_some() && self.file.node_text(id).starts_with("yield") {
            let value = self.yield_to(&arguments);
            return Worth { value, passed: Some(through) };
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
            if let Some(receiver) = receiver {
                self.put_in(callee, receiver, operation.as_ref(), &arguments, &mut put);
            }
            let (returned, replaces) = self.hand_over(id, callee, &object, &arguments);
            self.forget_changed(id, receiver);
            if replaces {
                return Worth { value: returned, passed: Some(through) };
            }
            through.join(&returned);
        }
        if let Some(operation) = operation {
            through.join(&self.operate(operation, &arguments, &put));
        }
        let safe =
            self.options.taint_assume_safe_functions || self.options.taint_only_propagate_through_assignments;
        let value = if safe { Taints::none() } else { through.clone() };
        Worth { value, passed: Some(through) }
    }

    /// The method that `object.send(:name, …)` calls.
    fn sent(&self, callee: NodeId) -> Option<Symbol> {
        if self.file.language() != Language::Ruby {
            return None;
        }
        let tree = self.tree;
        let property = tree.child(callee, Role::Property)?;
        if !matches!(self.file.node_text(property), "send" | "public_send" | "__send__") {
            return None;
        }
        let first = tree.child(tree.parent(callee)?, Role::Arg)?;
        let name = self.key(first)?;
        self.functions.as_ref()?.by_name.contains_key(&name).then_some(name)
    }

    /// The arguments of an extension method, the first of which is what it is called on.
    fn extended(
        &self,
        targets: &[NodeId],
        receiver: Option<NodeId>,
        object: &Taints,
        arguments: &[Argument],
    ) -> Option<Vec<Argument>> {
        let tree = self.tree;
        let receiver = receiver.filter(|_| self.file.language() == Language::Csharp)?;
        let first = tree.child(*targets.first()?, Role::Param)?;
        let extends = tree.children_of(first, Role::Modifier).any(|own| self.file.node_text(own) == "this");
        let is_class = tree.node(receiver).kind == Kind::Name
            && self.class_of_value(receiver).is_some_and(|class| class == tree.node(receiver).symbol);
        if !extends || is_class {
            return None;
        }
        let mut all = vec![Argument { name: None, node: receiver, value: object.clone() }];
        all.extend(arguments.iter().cloned());
        Some(all)
    }

    /// Whether a call goes on with the arguments of the call it is made on: `f(x) { … }`, `f(x)(y)`.
    fn continues(&self, call: NodeId, callee: NodeId) -> bool {
        let tree = self.tree;
        if self.functions.is_none() || tree.node(callee).kind != Kind::Call {
            return false;
        }
        match self.file.language() {
            Language::Kotlin | Language::Swift => {
                tree.children_of(call, Role::Arg).all(|own| tree.node(own).kind == Kind::Func)
            }
            Language::Scala => {
                let count = |own: NodeId| tree.children_of(own, Role::Arg).count();
                let inner = tree.child(callee, Role::Callee);
                let named = inner.and_then(|own| {
                    let own = tree.child(own, Role::Property).unwrap_or(own);
                    self.functions.as_ref()?.by_name.get(&tree.node(own).symbol)?.first()
                });
                named.is_some_and(|own| self.parameters(*own).len() == count(call) + count(callee))
            }
            _ => false,
        }
    }

    /// What is called: `f.(x)` calls `f`.
    fn called(&self, callee: NodeId) -> NodeId {
        let tree = self.tree;
        let bare = tree.node(callee).kind == Kind::Member && tree.child(callee, Role::Property).is_none();
        tree.child(callee, Role::Object).filter(|_| bare).unwrap_or(callee)
    }

    /// A call that is written without parentheses.
    pub(super) fn bare_call(&mut self, id: NodeId) -> Option<Taints> {
        let tree = self.tree;
        let node = tree.node(id);
        let callable = self.file.language() == Language::Ruby
            && self.functions.is_some()
            && !matches!(node.role, Role::Callee | Role::Left | Role::Target | Role::Name | Role::Key);
        let getter = node.kind == Kind::Member && self.functions.is_some() && self.is_getter_read(id);
        if !callable && !getter || node.kind == Kind::Name && self.is_variable(id) {
            return None;
        }
        let receiver = tree.child(id, Role::Object);
        let object = match (self.object.take(), receiver) {
            (Some((known, value)), Some(receiver)) if known == receiver => value,
            (_, Some(receiver)) => self.read_again(receiver),
            _ => Taints::none(),
        };
        if let Some(value) = self.follow(id, id, receiver, &object, &[], &Taints::none()) {
            return Some(value);
        }
        let property = tree.child(id, Role::Property).map(|own| self.file.node_text(own));
        (property == Some("call")).then(|| self.parameter_call(id, receiver, &[]))?
    }

    /// Whether a member is read by a method that looks like a field.
    fn is_getter_read(&self, id: NodeId) -> bool {
        let Some(functions) = &self.functions else { return false };
        let role = self.tree.node(id).role;
        !matches!(role, Role::Callee | Role::Left | Role::Target)
            && self
                .tree
                .child(id, Role::Property)
                .is_some_and(|own| functions.getters.contains(&self.tree.node(own).symbol))
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
        let sent = self.sent(callee);
        let arguments = if sent.is_some() { arguments.get(1..).unwrap_or_default() } else { arguments };
        let targets = match sent {
            Some(name) => {
                self.class_of_value(receiver?).map(|class| self.methods(class, name)).unwrap_or_default()
            }
            None => self.targets(call, callee, receiver),
        };
        let extended = self.extended(&targets, receiver, object, arguments);
        let arguments = extended.as_deref().unwrap_or(arguments);
        let targets = self.clauses(targets, arguments);
        if targets.is_empty() {
            return self.construct(call, callee, arguments);
        }
        if self.calls >= MAX_CALLS {
            return None;
        }
        let is_super = self.is_super(callee);
        let constructs = !is_super
            && (self.tree.node(call).kind == Kind::New
                || targets.iter().any(|id| {
                    let functions = self.functions.as_ref();
                    functions.is_some_and(|own| own.constructors.values().any(|all| all.contains(id)))
                }));
        let span = self.file.span(call);
        let single = targets.len() == 1;
        let mut value = Taints::none();
        let mut returned = Returned::default();
        for target in targets {
            let bound = self.bind(target, arguments);
            let context = self.context_of(target, &bound.passed);
            let summary = self.summary(target, context);
            let mut given = self.given(call, receiver, object, bound, arguments);
            self.enter(&summary, &mut given, Some(target), constructs, span, &mut value, &mut returned);
        }
        // A method of something unknown that a class of the file has too may be another one, and then it gives
        // what most methods do.
        if !object.is_empty() && receiver.is_some_and(|receiver| self.is_guessed(callee, receiver)) {
            value.join(object);
            returned.own.join(object);
        }
        if constructs && !self.keeps_to_itself(call) {
            value.join(through);
            returned.own.join(through);
        }
        if single && !returned.is_plain() {
            self.results.insert(call.number(), returned.into());
        }
        Some(value)
    }

    /// What a call gives to the function it means.
    pub(super) fn given(
        &self,
        call: NodeId,
        receiver: Option<NodeId>,
        object: &Taints,
        bound: Bound,
        arguments: &[Argument],
    ) -> Given {
        let place = match receiver.filter(|own| !self.is_super(*own)) {
            Some(receiver) => self.place(receiver).map(|(place, _)| place),
            None => self.class_around(call).map(|class| Place::of(Root::This(class))),
        };
        let object = match (&place, receiver.is_none_or(|own| self.is_super(own))) {
            (Some(place), true) => self.state.read(place),
            _ => object.clone(),
        };
        let block = arguments.iter().map(|own| own.node).find(|node| self.is_block(*node));
        Given { bound, object, receiver, place, block, ..Given::default() }
    }

    /// Does what a function does by its summary.
    #[expect(clippy::too_many_arguments, reason = "the call, its function and what it gives belong together")]
    pub(super) fn enter(
        &mut self,
        summary: &Summary,
        given: &mut Given,
        target: Option<NodeId>,
        constructs: bool,
        span: Span,
        value: &mut Taints,
        returned: &mut Returned,
    ) {
        self.call_back(summary, given, target, span);
        value.join(&self.instantiate(&summary.returns, given, span));
        self.sinks_of(summary, given, span);
        for (number, path, taints) in &summary.effects {
            let node = given.node(*number);
            let known = self.function_among(taints, given);
            let taints = self.instantiate(taints, given, span);
            if constructs && *number == RECEIVER {
                value.join(&taints);
                returned.held.extend(known.map(|known| (path.clone(), known)));
                returned.parts.push((path.clone(), taints));
                continue;
            }
            let place = match *number {
                RECEIVER => given.place.clone(),
                _ => node.and_then(|node| self.place(node)).map(|(place, _)| place),
            };
            if let Some(mut place) = place {
                place.path.extend_from_slice(path);
                if place.path.last() == Some(&symbol(INSIDE)) {
                    place.path.pop();
                    self.state.pour(place.clone(), &taints);
                    self.put_behind(place, &taints);
                    continue;
                }
                place.path.truncate(MAX_PATH);
                self.state.add(place.clone(), &taints);
                if let Some(known) = known {
                    self.state.learn(place, known);
                }
            }
        }
        self.outer_effects(summary, given, span);
        let thrown = self.instantiate(&summary.thrown, given, span);
        self.throw(&thrown);
        self.give_back(summary, given, target, span, returned);
    }

    pub(super) fn sinks_of(&mut self, summary: &Summary, given: &Given, span: Span) {
        let mut values: FxHashMap<u32, Taints> = FxHashMap::default();
        for (sink, taint) in &summary.sinks {
            let mut reached = Taints::none();
            match taint.origin {
                Origin::Param(number) => {
                    let value = values.entry(number).or_insert_with(|| self.passed(number, given));
                    if self.is_told(*sink, value) {
                        continue;
                    }
                    pass(value, taint, span, &mut reached);
                }
                _ => reached.add(taint.through(span)),
            }
            if !reached.is_empty() {
                self.reach(*sink, &reached);
            }
        }
    }

    /// Whether everything that is passed for a parameter is known to reach the sink.
    fn is_told(&self, sink: u32, passed: &Taints) -> bool {
        if sink < FOREIGN_SINKS && self.query.sinks[self.matches.sinks.spot(sink).part].requires.is_some() {
            return false;
        }
        passed.iter().all(|own| {
            let known = match own.origin {
                Origin::Param(_) => &self.known,
                Origin::Source(_) | Origin::Foreign(_) => &self.met,
            };
            known.get(&own.key()).is_some_and(|sinks| sinks.contains(&sink))
        })
    }

    /// What is passed for a parameter.
    pub(super) fn passed(&mut self, number: u32, given: &Given) -> Taints {
        match number {
            RECEIVER => given.object.clone(),
            PARTS.. => {
                if let Some(known) = given.parts.borrow().get(&number) {
                    return known.clone();
                }
                let value = self.passed_part(number, given);
                given.parts.borrow_mut().insert(number, value.clone());
                value
            }
            OUTER.. => self.outer_value(number),
            RESULTS.. => given.results.get((number - RESULTS) as usize).cloned().unwrap_or_default(),
            _ => given.bound.passed.get(&number).map(|(_, value)| value.clone()).unwrap_or_default(),
        }
    }

    fn passed_part(&mut self, number: u32, given: &Given) -> Taints {
        let (own, path) = self.part(number);
        if own == RECEIVER {
            return self.object_part(given, &path);
        }
        if let Some(rest) = given.bound.rest.get(&own) {
            return self.part_of_rest(rest, &path);
        }
        match given.bound.passed.get(&own) {
            Some((node, whole)) => self.part_value(*node, whole, &path),
            None => Taints::none(),
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
            if all.is_full() {
                break;
            }
            let Origin::Param(number) = taint.origin else {
                all.add(taint.through(call));
                continue;
            };
            pass(&self.passed(number, given), taint, call, &mut all);
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
}

/// Adds what is passed for a parameter, after the way a taint of the parameter took.
fn pass(passed: &Taints, taint: &Taint, call: Span, all: &mut Taints) {
    for passed in passed.iter() {
        if all.is_full() {
            return;
        }
        if !all.has(passed) {
            all.add(passed.through(call).along(taint));
        }
    }
}
