//! Functions as values: parameters that are called, closures handed to code outside the file.

use std::rc::Rc;

use tollgate_core::Language;

use super::arguments::{Argument, Given};
use super::calls::{MAX_CALLS, RECEIVER};
use super::contexts::{Context, PARTS};
use super::engine::Engine;
use super::known::{Callable, Closure, Known};
use super::state::{Origin, Place, Root, Taint, Taints};
use super::summaries::{Callback, Summary};
use crate::matching::Span;
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Numbers from here on stand for what calls of parameters return.
pub(super) const RESULTS: u32 = 1 << 20;
/// Stands for the block that a call passes beside its arguments.
pub(super) const BLOCK: u32 = RESULTS - 1;
/// Calls of parameters noted for one function.
const MAX_CALLBACKS: usize = 16;
/// Closures inside closures that are walked where they are called.
const MAX_INLINED: u32 = 3;

impl Engine<'_> {
    /// Calls what parameters of a followed function stand for, in the order the function does.
    pub(super) fn call_back(
        &mut self,
        summary: &Summary,
        given: &mut Given,
        target: Option<NodeId>,
        span: Span,
    ) {
        for callback in &summary.callbacks {
            let arguments: Vec<Taints> =
                callback.arguments.iter().map(|taints| self.instantiate(taints, given, span)).collect();
            let result = match self.functions_passed(callback.number, given, target) {
                Some(functions) => self.apply_all(&functions, &arguments, &[], span),
                None => {
                    let otherwise = self.instantiate(&callback.otherwise, given, span);
                    let value = self.passed(callback.number, given);
                    let foreign =
                        given.node(callback.number).and_then(|node| self.apply_foreign(node, &arguments));
                    if let Some(value) = foreign {
                        given.results.push(value);
                        continue;
                    }
                    match called_parameter(&value) {
                        Some(number) if self.callbacks.len() < MAX_CALLBACKS => {
                            self.note_callback(number, arguments, otherwise)
                        }
                        _ => otherwise,
                    }
                }
            };
            given.results.push(result);
            // The function that was called may have changed what it can reach.
            given.parts.borrow_mut().clear();
        }
    }

    /// The functions that a parameter, or a part of one, stands for in a call.
    fn functions_passed(&self, number: u32, given: &Given, target: Option<NodeId>) -> Option<Vec<Callable>> {
        let known = match number {
            PARTS.. if number != RECEIVER => {
                let (own, path) = self.part(number);
                let node = if own == RECEIVER { given.receiver } else { given.node(own) };
                let place = match (own, node) {
                    (RECEIVER, _) => given.place.clone(),
                    (_, Some(node)) => self.place(node).map(|(place, _)| place),
                    _ => None,
                };
                self.known_part(node, place, &path)
            }
            number => {
                let node = match number {
                    BLOCK => given.block,
                    number => given.node(number),
                };
                let node = node.filter(|node| Some(*node) != target)?;
                let named = self.named_by_text(node);
                if !named.is_empty() {
                    return Some(named);
                }
                self.known(node).or_else(|| self.callable(node).map(Known::Function))
            }
        };
        known.map(|known| known.functions()).filter(|all| !all.is_empty())
    }

    /// What a field of an expression or place is known to be.
    fn known_part(&self, node: Option<NodeId>, place: Option<Place>, path: &[Symbol]) -> Option<Known> {
        if let Some(mut place) = place {
            place.path.extend_from_slice(path);
            if let Some(known) = self.state.known(&place) {
                return Some(known.clone());
            }
        }
        let node = node?;
        if let Some(returned) = self.result_of(node)
            && let Some((_, known)) = returned.held.iter().find(|(own, _)| own == path)
        {
            return Some(known.clone());
        }
        let mut known = self.known(node)?;
        for key in path {
            known = known.entry(*key)?;
        }
        Some(known)
    }

    pub(super) fn note_callback(&mut self, number: u32, arguments: Vec<Taints>, otherwise: Taints) -> Taints {
        let result = RESULTS + self.callbacks.len() as u32;
        self.callbacks.push(Callback { number, arguments, otherwise });
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
            Kind::Binary if self.file.language() == Language::Elixir => {
                self.callable(tree.child(id, Role::Left)?)
            }
            // References such as `Type::method`, `&name` and `method(:name)`.
            Kind::Raw | Kind::Unary | Kind::Spread | Kind::KwArg | Kind::Pair => {
                let last = tree.children(id).last()?;
                if tree.node(last).kind == Kind::Call {
                    return match self.bound_value(last)?.functions().as_slice() {
                        [one] => Some(one.function),
                        _ => None,
                    };
                }
                matches!(tree.node(last).kind, Kind::Name | Kind::Func | Kind::Member | Kind::Binary)
                    .then(|| self.callable(last))?
            }
            _ => None,
        }
    }

    /// Runs whichever of these functions is meant.
    pub(super) fn apply_all(
        &mut self,
        functions: &[Callable],
        arguments: &[Taints],
        nodes: &[NodeId],
        span: Span,
    ) -> Taints {
        let mut value = Taints::none();
        for own in functions {
            value.join(&self.apply_closure(own, arguments, nodes, span));
        }
        value
    }

    /// Runs a function with what it captured where it was made.
    fn apply_closure(
        &mut self,
        callable: &Callable,
        arguments: &[Taints],
        nodes: &[NodeId],
        span: Span,
    ) -> Taints {
        let Some(closure) = &callable.closure else {
            return self.apply(callable.function, arguments, nodes, span);
        };
        let place = |definition: u32| Place::of(Root::Defined(definition));
        for (definition, taints, _) in &closure.captured {
            self.state.write(place(*definition), taints.clone());
        }
        let all: Vec<Taints> = closure.first.iter().chain(arguments).cloned().collect();
        let nodes = if closure.first.is_empty() { nodes } else { &[] };
        let value = self.apply(callable.function, &all, nodes, span);
        for (definition, before, alias) in &closure.captured {
            let mut after = self.state.read(&place(*definition));
            after.retain(|taint| !before.iter().any(|own| own.key() == taint.key()));
            if let Some(alias) = alias {
                self.state.pour(alias.clone(), &after);
            }
            self.state.write(place(*definition), Taints::none());
        }
        value
    }

    /// Runs a function on values by its summary.
    pub(super) fn apply(&mut self, target: NodeId, own: &[Taints], nodes: &[NodeId], span: Span) -> Taints {
        if self.calls >= MAX_CALLS {
            return union(own);
        }
        if self.is_own_closure(target) && self.inlined < MAX_INLINED {
            return self.inline(target, own);
        }
        let arguments: Vec<Argument> = own
            .iter()
            .enumerate()
            .map(|(at, value)| Argument {
                name: None,
                node: nodes.get(at).copied().unwrap_or(target),
                value: value.clone(),
            })
            .collect();
        let mut given = Given { bound: self.bind(target, &arguments), ..Given::default() };
        if self.parameters(target).is_empty()
            && let Some(argument) = arguments.into_iter().next()
        {
            given.bound.passed.insert(0, (argument.node, argument.value));
        }
        // A method runs on an object of its class, of which the place here is the one of that class.
        if let Some(class) = self.class_around(target) {
            let place = Place::of(Root::This(class));
            given.object = self.state.read(&place);
            given.place = Some(place);
        }
        let context =
            if nodes.is_empty() { Context::new() } else { self.context_of(target, &given.bound.passed) };
        let summary = self.summary(target, context);
        self.call_back(&summary, &mut given, Some(target), span);
        self.sinks_of(&summary, &given, span);
        self.outer_effects(&summary, &given, span);
        let thrown = self.instantiate(&summary.thrown, &given, span);
        self.throw(&thrown);
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
                let property = tree.child(callee, Role::Property)?;
                let name = self.file.node_text(property);
                let invokes = INVOKES.contains(&name) && (name != "get" || arguments.is_empty());
                if invokes && self.held(callee).is_none() { receiver } else { callee }
            }
        };
        let mut called = called;
        while tree.node(called).kind == Kind::Unary
            && self.file.node_text(called).starts_with('*')
            && let Some(inner) = tree.child(called, Role::Operand)
        {
            called = inner;
        }
        let is_field = called == callee && receiver.is_some();
        if !matches!(
            tree.node(called).kind,
            Kind::Name | Kind::Index | Kind::Member | Kind::Func | Kind::Call | Kind::Unary | Kind::Cast
        ) {
            return None;
        }
        let arguments = match self.file.language() {
            Language::Javascript | Language::Typescript if receiver == Some(called) => {
                self.behind_this(callee, arguments)
            }
            _ => arguments.to_vec(),
        };
        let own: Vec<Taints> = arguments.iter().map(|argument| argument.value.clone()).collect();
        let nodes: Vec<NodeId> = arguments.iter().map(|argument| argument.node).collect();
        let names = self.file.names();
        let known = if is_field { self.held(called) } else { self.known(called) };
        let mut functions = known.as_ref().map(|known| known.functions()).unwrap_or_default();
        if let Some(Known::Value(crate::matching::Constant::Str(text))) = &known {
            functions = self.functions_named(text);
        }
        if !functions.is_empty() {
            let span = self.file.span(callee);
            return Some(self.apply_all(&functions, &own, &nodes, span));
        }
        if self.callbacks.len() >= MAX_CALLBACKS {
            return None;
        }
        let is_parameter = tree.node(called).kind == Kind::Name
            && names
                .definition_of(called)
                .is_some_and(|definition| names.definition(definition).is_parameter);
        if is_parameter {
            let number = called_parameter(&self.read(called))?;
            let otherwise = union(&own);
            return Some(self.note_callback(number, own, otherwise));
        }
        // A field that functions are stored in.
        let field = match tree.node(called).kind {
            Kind::Member => tree.child(called, Role::Property)?,
            Kind::Name => called,
            _ => return None,
        };
        let holds = self.functions.as_ref().is_some_and(|all| all.holders.contains(&tree.node(field).symbol));
        if !holds || self.at_work.is_none() {
            return None;
        }
        let mut value = self.read(called);
        self.narrow(called, &mut value);
        let number = value.iter().find_map(|taint| match taint.origin {
            Origin::Param(number @ PARTS..) if number != RECEIVER => Some(number),
            _ => None,
        })?;
        let otherwise = union(&own).with(&value);
        Some(self.note_callback(number, own, otherwise))
    }

    /// Arguments of `f.call(this, …)` and `f.apply(this, […])`.
    fn behind_this(&mut self, callee: NodeId, arguments: &[Argument]) -> Vec<Argument> {
        let tree = self.tree;
        let name = tree.child(callee, Role::Property).map(|own| self.file.node_text(own)).unwrap_or_default();
        match name {
            "call" => arguments.iter().skip(1).cloned().collect(),
            "apply" => match arguments.get(1) {
                Some(list) if matches!(tree.node(list.node).kind, Kind::List) => {
                    let elements: Vec<NodeId> = tree.children(list.node).take(16).collect();
                    let each = |element| Argument { name: None, node: element, value: self.peek(element) };
                    elements.into_iter().map(each).collect()
                }
                Some(list) => vec![list.clone(); 4],
                None => Vec::new(),
            },
            _ => arguments.to_vec(),
        }
    }

    /// A function with its first arguments: `partial(f, x)`, `f.bind(this, x)`.
    pub(super) fn bound_value(&self, call: NodeId) -> Option<Known> {
        let tree = self.tree;
        let callee = tree.child(call, Role::Callee)?;
        let arguments: Vec<NodeId> = tree.children_of(call, Role::Arg).collect();
        let name = tree.child(callee, Role::Property).unwrap_or(callee);
        // `lambda { … }`, `proc { … }` and `method(:name)` of Ruby.
        if self.file.language() == Language::Ruby && name == callee {
            let block = tree.children(call).find(|own| tree.node(*own).kind == Kind::Func);
            return match self.file.node_text(name) {
                "lambda" | "proc" => block.map(Known::Function),
                "method" => {
                    let name = self.key(*arguments.first()?)?;
                    match self.functions.as_ref()?.by_name.get(&name).map(Vec::as_slice) {
                        Some([one]) => Some(Known::Function(*one)),
                        _ => None,
                    }
                }
                _ => None,
            };
        }
        let (function, first) = match self.file.node_text(name) {
            "partial" => (*arguments.first()?, arguments.get(1..)?),
            "bind" => (tree.child(callee, Role::Object)?, arguments.get(1..).unwrap_or_default()),
            _ => return None,
        };
        let functions =
            self.known(function).or_else(|| self.callable(function).map(Known::Function))?.functions();
        let [one] = functions.as_slice() else { return None };
        let first = first.iter().map(|own| self.settled(*own)).collect();
        let captured = one.closure.as_ref().map(|own| own.captured.clone()).unwrap_or_default();
        Some(Known::Closure(Rc::new(Closure { function: one.function, captured, first })))
    }

    /// The value of an argument as it was when it was last looked at.
    fn settled(&self, id: NodeId) -> Taints {
        let mut value = self.read(id);
        value.join(&self.fresh(id, &value));
        value
    }

    /// Functions passed to code outside the file are called with whatever else it was given. Whether what they
    /// return is all there is of the result is told as well.
    pub(super) fn hand_over(
        &mut self,
        call: NodeId,
        callee: NodeId,
        object: &Taints,
        arguments: &[Argument],
    ) -> (Taints, bool) {
        const MAPS: [&str; 24] = [
            "map",
            "flatMap",
            "flat_map",
            "Select",
            "SelectMany",
            "collect",
            "array_map",
            "then",
            "mapNotNull",
            "mapIndexed",
            "fold",
            "reduce",
            "inject",
            "Aggregate",
            "compactMap",
            "filter_map",
            "call_user_func",
            "let",
            "and_then",
            "thenApply",
            "thenCompose",
            "fmap",
            "mapTo",
            "mapValues",
        ];
        let tree = self.tree;
        let mut given = object.clone();
        let mut targets = Vec::new();
        for argument in arguments {
            let known = self.known(argument.node).map(|known| known.functions()).unwrap_or_default();
            let functions = if known.is_empty() { self.named_by_text(argument.node) } else { known };
            if functions.is_empty() {
                given.join(&argument.value);
            }
            targets.extend(functions);
        }
        let mut returned = Taints::none();
        if self.link.is_some() && targets.is_empty() {
            for argument in arguments {
                if matches!(tree.node(argument.node).kind, Kind::Name | Kind::Member)
                    && argument.value.is_empty()
                    && !given.is_empty()
                    && let Some(value) = self.apply_foreign(argument.node, &[given.clone(), given.clone()])
                {
                    returned.join(&value);
                }
            }
        }
        let name = tree.child(callee, Role::Property).unwrap_or(callee);
        let maps_by_name = MAPS.contains(&self.file.node_text(name));
        let maps = !targets.is_empty() && maps_by_name;
        const LAZY: [&str; 7] =
            ["getOrElse", "getOrPut", "orElseGet", "computeIfAbsent", "fetch", "unwrap_or_else", "or_else"];
        let lazy = LAZY.contains(&self.file.node_text(name));
        if self.at_work.is_some() && targets.is_empty() {
            let handed = self.hand_parameter(&given, name, arguments, maps_by_name);
            if let Some(value) = handed {
                return (value, maps_by_name);
            }
        }
        if targets.is_empty() || given.is_empty() && !maps && !lazy {
            return (returned, false);
        }
        let span = self.file.span(call);
        for target in targets {
            let first = target.closure.as_ref().map_or(0, |own| own.first.len());
            let count =
                tree.children_of(target.function, Role::Param).count().saturating_sub(first).clamp(1, 8);
            let own = vec![given.clone(); count];
            returned.join(&self.apply_closure(&target, &own, &[], span));
        }
        (returned, maps)
    }

    /// A parameter that is handed to code outside the file which calls it with what it was given.
    fn hand_parameter(
        &mut self,
        given: &Taints,
        name: NodeId,
        arguments: &[Argument],
        maps: bool,
    ) -> Option<Taints> {
        const CALLS: [&str; 10] =
            ["forEach", "each", "for_each", "foreach", "ForEach", "filter", "some", "every", "any", "all"];
        if !maps && !CALLS.contains(&self.file.node_text(name)) || self.callbacks.len() >= MAX_CALLBACKS {
            return None;
        }
        let names = self.file.names();
        let own = arguments.iter().find(|own| {
            let definition = names.definition_of(own.node).map(|own| names.definition(own));
            self.tree.node(own.node).kind == Kind::Name && definition.is_some_and(|own| own.is_parameter)
        })?;
        // The collection may be a parameter as well: only what is no function is told apart by its place.
        let number = called_parameter(&own.value)?;
        let mut rest = given.clone();
        rest.retain(|taint| taint.origin != Origin::Param(number));
        Some(self.note_callback(number, vec![rest.clone(), rest.clone()], rest))
    }

    /// Functions that PHP names by a string, or by an object and a string.
    fn named_by_text(&self, id: NodeId) -> Vec<Callable> {
        let tree = self.tree;
        if self.file.language() != Language::Php {
            return Vec::new();
        }
        let name = match tree.node(id).kind {
            Kind::Str => Some(id),
            Kind::List => tree.children(id).last().filter(|last| tree.node(*last).kind == Kind::Str),
            _ => None,
        };
        name.map(|name| self.functions_named(self.file.contents(name).of(self.file.text())))
            .unwrap_or_default()
    }

    fn functions_named(&self, name: &str) -> Vec<Callable> {
        let own = self.functions.as_ref().filter(|_| self.file.language() == Language::Php);
        match own.and_then(|all| all.by_name.get(&symbol(name))).map(Vec::as_slice) {
            Some([one]) => vec![Callable { function: *one, closure: None }],
            _ => Vec::new(),
        }
    }

    /// `yield` of Ruby calls the block of the function at work.
    pub(super) fn yield_to(&mut self, arguments: &[Argument]) -> Taints {
        let own: Vec<Taints> = arguments.iter().map(|argument| argument.value.clone()).collect();
        if self.at_work.is_none() || self.callbacks.len() >= MAX_CALLBACKS {
            return union(&own);
        }
        let otherwise = union(&own);
        self.note_callback(BLOCK, own, otherwise)
    }
}

/// The parameter that a value stands for.
fn called_parameter(value: &Taints) -> Option<u32> {
    value.iter().find_map(|taint| match taint.origin {
        Origin::Param(number) if number < RESULTS || number >= PARTS && number != RECEIVER => Some(number),
        _ => None,
    })
}

pub(super) fn union(all: &[Taints]) -> Taints {
    let mut joined = Taints::none();
    for taints in all {
        joined.join(taints);
    }
    joined
}
