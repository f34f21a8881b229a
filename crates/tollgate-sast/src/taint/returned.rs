//! What calls give back besides taint of the whole: fields, functions, what is thrown.

use std::rc::Rc;

use tollgate_core::Language;

use super::arguments::{Argument, Given, bind_to};
use super::calls::RECEIVER;
use super::contexts::rest_from;
use super::elements::position;
use super::engine::Engine;
use super::functions::type_symbol;
use super::known::{Closure, Known};
use super::state::{Origin, Place, Root, Taints};
use super::summaries::Summary;
use crate::matching::Span;
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

/// Fields of one result that are told apart.
const MAX_PARTS: usize = 48;
/// Positions that are told from keys.
const MAX_POSITIONS: usize = 32;

/// Taint of the fields of a value.
pub(super) type Parts = Vec<(Vec<Symbol>, Taints)>;

/// What one call gave back.
#[derive(Debug, Default)]
pub(super) struct Returned {
    /// Taint of the value by itself, which holds for every field not named.
    pub(super) own: Taints,
    pub(super) parts: Parts,
    /// A function, or a container of functions.
    pub(super) known: Option<Known>,
    /// Functions that fields hold.
    pub(super) held: Vec<(Vec<Symbol>, Known)>,
}

impl Returned {
    pub(super) fn is_plain(&self) -> bool {
        self.parts.is_empty() && self.known.is_none() && self.held.is_empty()
    }

    /// Taint of a field.
    fn part(&self, path: &[Symbol]) -> Taints {
        let mut value = Taints::none();
        if let Some(from) = path.first().and_then(|first| rest_from(*first)) {
            value.join(&self.own);
            let before = |key: &Symbol| (0..from).any(|at| position(at) == *key);
            for (_, taints) in self.parts.iter().filter(|(own, _)| !own.first().is_some_and(before)) {
                value.join(taints);
            }
            return value;
        }
        let outer = self.parts.iter().filter(|(own, _)| path.starts_with(own)).max_by_key(|own| own.0.len());
        value.join(outer.map_or(&self.own, |(_, taints)| taints));
        for (_, taints) in self.parts.iter().filter(|(own, _)| own.starts_with(path)) {
            value.join(taints);
        }
        value
    }
}

/// What running a function gave, besides the state at its end.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) own: Taints,
    pub(super) parts: Parts,
    pub(super) known: Option<Known>,
    pub(super) thrown: Taints,
}

impl Engine<'_> {
    /// A function returns the value of an expression.
    pub(super) fn give(&mut self, from: Option<NodeId>, value: &Taints) {
        if self.functions.is_none() || self.state.dead {
            return;
        }
        let result = Place::of(Root::Result);
        self.state.write(result.clone(), value.clone());
        let Some(from) = from else { return };
        self.store_elements(result, from, value);
        let known = self.known(from).filter(Known::has_function);
        self.frame.known = match (self.frame.known.take(), known) {
            (Some(before), Some(known)) => before.join(&known).or(Some(before)),
            (before, known) => before.or(known),
        };
    }

    /// Something is thrown here; without a handler the caller gets it.
    pub(super) fn throw(&mut self, value: &Taints) {
        if self.functions.is_none() || value.is_empty() {
            return;
        }
        match self.frame.thrown.last_mut() {
            Some(thrown) => thrown.join(value),
            None => self.frame.escaped.join(value),
        }
    }

    /// What a followed call gives back, in terms of the caller.
    pub(super) fn give_back(
        &mut self,
        summary: &Summary,
        given: &Given,
        target: Option<NodeId>,
        span: Span,
        returned: &mut Returned,
    ) {
        let own = self.instantiate(&summary.own, given, span);
        returned.own.join(&own);
        for (path, taints) in summary.parts.iter().take(MAX_PARTS) {
            let taints = self.instantiate(taints, given, span);
            returned.parts.push((path.clone(), taints));
        }
        if let (Some(known), Some(target)) = (&summary.known, target) {
            returned.known = Some(self.closed(known, summary, given, target, span));
        }
    }

    /// A function that another one returned, with what it captured there.
    fn closed(
        &mut self,
        known: &Known,
        summary: &Summary,
        given: &Given,
        target: NodeId,
        span: Span,
    ) -> Known {
        known.map_functions(&mut |function| {
            let mut captured = Vec::new();
            for definition in self.outer_variables(function) {
                let Some((_, taints)) = summary.captured.iter().find(|(own, _)| *own == definition) else {
                    continue;
                };
                let alias = self.argument_of(definition, target, given);
                captured.push((definition, self.instantiate(taints, given, span), alias));
            }
            if captured.is_empty() {
                return Known::Function(function);
            }
            Known::Closure(Rc::new(Closure { function, captured, first: Vec::new() }))
        })
    }

    /// The caller's place that was passed for a captured parameter.
    fn argument_of(&self, definition: u32, target: NodeId, given: &Given) -> Option<Place> {
        let site = self.file.names().definition(DefId(definition)).site;
        let parameters = self.parameters(target);
        let number = parameters.iter().position(|own| self.tree.contains(*own, site))?;
        let (place, whole) = self.place(given.node(number as u32)?)?;
        whole.then_some(place)
    }

    /// A constructor that the class declares by its own parameters.
    pub(super) fn construct(
        &mut self,
        call: NodeId,
        callee: NodeId,
        arguments: &[Argument],
    ) -> Option<Taints> {
        let tree = self.tree;
        let class = self.constructed(callee)?;
        let parameters = self.parameters(class);
        let functions = self.functions.clone()?;
        let formals = functions.formals.get(&class.number());
        if parameters.is_empty() && formals.is_none() {
            return None;
        }
        let names = match formals {
            Some(formals) => formals.clone(),
            None => self.parameter_names(class),
        };
        let bound = bind_to(&names, arguments);
        let mut value = Taints::none();
        let mut returned = Returned::default();
        let span = self.file.span(call);
        for (number, (name, _)) in names.iter().enumerate() {
            let (node, taints) = match bound.passed.get(&(number as u32)) {
                Some((node, taints)) => (Some(*node), taints.through(span)),
                None => (None, Taints::none()),
            };
            value.join(&taints);
            if let Some(known) = node.and_then(|node| self.known(node)).filter(Known::has_function) {
                returned.held.push((vec![*name], known));
            }
            let mut fields = vec![*name];
            fields.extend(self.initialised_with(class, *name));
            for field in fields {
                returned.parts.push((vec![field], taints.clone()));
            }
            returned.parts.push((vec![symbol(&number.to_string())], taints));
        }
        let extends = tree.child(class, Role::Extends).is_some();
        if extends {
            returned.own.join(&value);
        }
        self.results.insert(call.number(), returned.into());
        Some(value)
    }

    /// `Type name(arguments);` of C++ makes an object.
    pub(super) fn declared_object(&mut self, id: NodeId) -> Option<Taints> {
        let tree = self.tree;
        if self.file.language() != Language::Cpp {
            return None;
        }
        let (left, declared) = (tree.child(id, Role::Left)?, tree.child(id, Role::Type)?);
        let first = tree.child(id, Role::Right)?;
        let (from, to) = (self.file.span(left).end as usize, self.file.span(first).start as usize);
        let between = self.file.text().get(from..to)?.trim();
        let braces = tree.node(first).kind == Kind::List && between.is_empty();
        if !braces && between != "(" {
            return None;
        }
        let class = type_symbol(self.file, declared);
        let values: Vec<NodeId> =
            if braces { tree.children(first).collect() } else { tree.children_of(id, Role::Right).collect() };
        let targets = self.constructors_of(class);
        let count = values.len();
        let target = targets
            .iter()
            .copied()
            .find(|own| self.parameters(*own).len() == count)
            .or(targets.first().copied())?;
        let arguments: Vec<Argument> =
            values.into_iter().map(|node| Argument { name: None, node, value: self.peek(node) }).collect();
        Some(self.made(id, target, &arguments))
    }

    /// The value of an object that a constructor makes.
    fn made(&mut self, id: NodeId, target: NodeId, arguments: &[Argument]) -> Taints {
        let span = self.file.span(id);
        let bound = self.bind(target, arguments);
        let context = self.context_of(target, &bound.passed);
        let summary = self.summary(target, context);
        let mut given = Given { bound, ..Given::default() };
        self.call_back(&summary, &mut given, Some(target), span);
        self.sinks_of(&summary, &given, span);
        let mut value = Taints::none();
        let mut returned = Returned::default();
        for (number, path, taints) in &summary.effects {
            if *number == RECEIVER {
                let taints = self.instantiate(taints, &given, span);
                value.join(&taints);
                returned.parts.push((path.clone(), taints));
            }
        }
        self.outer_effects(&summary, &given, span);
        self.results.insert(id.number(), returned.into());
        value
    }

    /// The class of this file that a call makes an object of.
    fn constructed(&self, callee: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        if tree.node(callee).kind != Kind::Name {
            return None;
        }
        let functions = self.functions.as_ref()?;
        functions.classes.get(&tree.node(callee).symbol).copied()
    }

    /// Fields that a class sets to one of its own parameters.
    fn initialised_with(&self, class: NodeId, name: Symbol) -> Vec<Symbol> {
        let tree = self.tree;
        let Some(body) = tree.child(class, Role::Body) else { return Vec::new() };
        let mut fields = Vec::new();
        for member in tree.children(body) {
            if tree.node(member).kind == Kind::Assign
                && let (Some(left), Some(right)) =
                    (tree.child(member, Role::Left), tree.child(member, Role::Right))
                && tree.subtree(right).any(|own| {
                    let node = tree.node(own);
                    node.kind == Kind::Name && node.symbol == name
                })
            {
                fields.push(tree.node(left).symbol);
            }
        }
        fields
    }

    /// The call behind an expression, with what it gave back.
    pub(super) fn result_of(&self, id: NodeId) -> Option<Rc<Returned>> {
        let tree = self.tree;
        let mut at = id;
        for _ in 0..8 {
            match tree.node(at).kind {
                Kind::Cast | Kind::Await | Kind::KwArg | Kind::Pair => at = tree.child(at, Role::Value)?,
                Kind::Unary => at = tree.child(at, Role::Operand)?,
                Kind::Call | Kind::New | Kind::Name | Kind::Member | Kind::Assign => {
                    return self.results.get(&at.number()).cloned();
                }
                _ => return None,
            }
        }
        None
    }

    /// What a field of a call's result carries, where fields are told apart.
    pub(super) fn result_part(&self, call: NodeId, path: &[Symbol], whole: &Taints) -> Option<Taints> {
        let returned = self.result_of(call).filter(|own| !own.parts.is_empty())?;
        let part = returned.part(path);
        let mut value = whole.clone();
        value.retain(|taint| {
            let has = |taints: &Taints| taints.iter().any(|own| own.key() == taint.key());
            has(&part) || !(has(&returned.own) || returned.parts.iter().any(|(_, own)| has(own)))
        });
        Some(value)
    }

    /// Keeps the fields of a call's result apart in a variable.
    pub(super) fn store_result(&mut self, place: &Place, from: NodeId) {
        let Some(returned) = self.result_of(from) else { return };
        let whole = self.state.read(place);
        if !returned.parts.is_empty() && !whole.is_empty() {
            let span = self.file.span(from);
            let own = self.result_part(from, &[], &whole).unwrap_or_default();
            let mut by_itself = own;
            by_itself.retain(|taint| {
                let in_own = returned.own.iter().any(|own| own.key() == taint.key());
                let in_part =
                    returned.parts.iter().any(|(_, part)| part.iter().any(|own| own.key() == taint.key()));
                in_own || !in_part
            });
            self.state.write(place.clone(), by_itself);
            for (path, taints) in &returned.parts {
                let (inner, fits) = place.clone().below(path.iter().copied());
                if !fits {
                    self.state.add(inner, taints);
                    continue;
                }
                let mut taints = taints.through(span);
                taints.retain(|taint| whole.iter().any(|own| own.key() == taint.key()));
                self.state.write(inner, taints);
            }
        }
        for (path, known) in &returned.held {
            let mut inner = place.clone();
            inner.path.extend_from_slice(path);
            self.state.learn(inner, known.clone());
        }
    }

    /// What a field of the object a method is called on carries.
    pub(super) fn object_part(&mut self, given: &Given, path: &[Symbol]) -> Taints {
        if let Some(receiver) = given.receiver.filter(|own| !self.is_super(*own)) {
            return self.part_value(receiver, &given.object, path);
        }
        match &given.place {
            Some(place) => self.place_part(place.clone(), path),
            None => given.object.clone(),
        }
    }

    /// What lies at a place below another.
    pub(super) fn place_part(&mut self, place: Place, path: &[Symbol]) -> Taints {
        let (place, fits) = place.below(path.iter().copied());
        let mut value = self.state.read(&place);
        if let Some(from) = place.path.last().and_then(|last| rest_from(*last)) {
            let mut outer = place.clone();
            outer.path.pop();
            let before = |key: &Symbol| (0..from).any(|at| position(at) == *key);
            for (inner, taints) in self.state.below(&outer) {
                if !before(&inner.path[outer.path.len()]) {
                    value.join(taints);
                }
            }
        }
        match self.state.part(&place).filter(|_| fits) {
            Some(part) => self.as_part(&value, part),
            None => value,
        }
    }

    /// What an element of all the rest of the arguments carries.
    pub(super) fn part_of_rest(&mut self, rest: &[Argument], path: &[Symbol]) -> Taints {
        let mut value = Taints::none();
        let Some((first, inner)) = path.split_first() else {
            for argument in rest {
                value.join(&argument.value);
            }
            return value;
        };
        let named: Vec<&Argument> = rest.iter().filter(|own| own.name == Some(*first)).collect();
        let at = (0..rest.len()).find(|at| position(*at) == *first);
        let is_position = (0..MAX_POSITIONS).any(|at| position(at) == *first);
        if named.is_empty() && rest.iter().all(|own| own.name.is_none()) {
            if let Some(argument) = at.and_then(|at| rest.get(at)) {
                return self.part_value(argument.node, &argument.value.clone(), inner);
            }
            if !is_position {
                for argument in rest {
                    value.join(&argument.value);
                }
            }
            return value;
        }
        for argument in named {
            value.join(&self.part_value(argument.node, &argument.value, inner));
        }
        value
    }

    /// The function that one parameter among taints stands for.
    pub(super) fn function_among(&self, taints: &Taints, given: &Given) -> Option<Known> {
        let mut parameters = taints.iter().filter_map(|taint| match taint.origin {
            Origin::Param(number) if number != RECEIVER => given.node(number),
            _ => None,
        });
        let node = parameters.next()?;
        self.known(node).filter(Known::has_function)
    }
}
