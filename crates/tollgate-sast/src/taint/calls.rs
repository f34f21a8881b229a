//! Calls: into functions of the file by their summaries, elsewhere by assuming that arguments reach the result.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::callbacks::{RESULTS, union};
use super::containers::Operation;
use super::contexts::{Context, OUTER, PARTS, changed_globals};
use super::engine::{Engine, Worth};
use super::foreign::FOREIGN_SINKS;
use super::state::{Origin, Place, Root, State, Taint, Taints};
use crate::matching::{ParsedFile, Span};
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// The number of the object a method is called on, among the parameters.
pub(super) const RECEIVER: u32 = u32::MAX;
/// Functions of one name, each of which a call may mean.
const MAX_CANDIDATES: usize = 4;
/// Calls into calls deeper than this are not followed.
pub(super) const MAX_CALLS: u32 = 34;
/// Depth of the tree that following a call counts for.
const CALL_DEPTH: u32 = 3;
/// Variables outside of a function that it changes.
const MAX_OUTER_EFFECTS: usize = 24;
/// Rounds over functions that call themselves.
const MAX_ROUNDS: usize = 3;

/// What a function does with taint.
#[derive(Debug, Clone, Default)]
pub(super) struct Summary {
    pub(super) returns: Taints,
    /// Sinks that parameters reach.
    pub(super) sinks: Vec<(u32, Taint)>,
    /// What fields of parameters hold in the end: parameter, fields, taint.
    pub(super) effects: Vec<(u32, Vec<Symbol>, Taints)>,
    /// Parameters that are called, and with what.
    pub(super) callbacks: Vec<(u32, Vec<Taints>)>,
    /// What variables outside of the function hold in the end.
    outer: Vec<(Place, Taints)>,
    is_open: bool,
    is_recursive: bool,
}

impl Summary {
    fn same(&self, other: &Self) -> bool {
        self.returns.same(&other.returns)
            && self.sinks.len() == other.sinks.len()
            && self.effects.len() == other.effects.len()
            && self.callbacks.len() == other.callbacks.len()
            && self.outer.len() == other.outer.len()
            && self.effects.iter().zip(&other.effects).all(|(a, b)| a.2.same(&b.2))
    }
}

/// The functions of a file by name.
#[derive(Debug, Default)]
pub(crate) struct Functions {
    pub(super) by_name: FxHashMap<Symbol, Vec<NodeId>>,
    pub(super) class_of: FxHashMap<u32, Symbol>,
    pub(super) constructors: FxHashMap<Symbol, Vec<NodeId>>,
    /// Variables of the file that functions assign.
    pub(super) changed: FxHashSet<u32>,
}

impl Functions {
    pub(crate) fn of(file: &ParsedFile) -> Self {
        let tree = file.tree();
        let mut functions = Self { changed: changed_globals(file), ..Self::default() };
        let constructor_names = ["__init__", "constructor", "__construct", "initialize"].map(symbol);
        for id in file.index().of_kind(Kind::Func) {
            let parent = tree.parent(*id);
            let name = tree.child(*id, Role::Name).or_else(|| {
                let parent = parent?;
                match tree.node(parent).kind {
                    Kind::Assign => tree.child(parent, Role::Left),
                    Kind::Pair => tree.child(parent, Role::Key),
                    _ => None,
                }
            });
            let name = name.map(|name| match tree.node(name).kind {
                Kind::Member => tree.child(name, Role::Property).unwrap_or(name),
                _ => name,
            });
            let Some(name) = name else { continue };
            let own = tree.node(name).symbol;
            functions.by_name.entry(own).or_default().push(*id);
            let mut at = parent;
            while let Some(outer) = at {
                let node = tree.node(outer);
                if node.kind == Kind::Class {
                    if let Some(class) = tree.child(outer, Role::Name) {
                        let class = tree.node(class).symbol;
                        functions.class_of.insert(id.number(), class);
                        if own == class || constructor_names.contains(&own) {
                            functions.constructors.entry(class).or_default().push(*id);
                        }
                    }
                    break;
                }
                if node.kind == Kind::Func {
                    break;
                }
                at = tree.parent(outer);
            }
        }
        functions
    }
}

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

    /// The functions of this file that a call may mean.
    fn targets(&self, call: NodeId, callee: NodeId, receiver: Option<NodeId>) -> Vec<NodeId> {
        let Some(functions) = &self.functions else { return Vec::new() };
        let tree = self.tree;
        let node = tree.node(callee);
        if tree.node(call).kind == Kind::New {
            return functions.constructors.get(&node.symbol).cloned().unwrap_or_default();
        }
        match (node.kind, receiver) {
            (Kind::Name, _) => {
                let names = self.file.names();
                if let Some(definition) = names.definition_of(callee) {
                    let definition = names.definition(definition);
                    if definition.path.is_some() || definition.is_parameter {
                        return Vec::new();
                    }
                    if tree.node(definition.site).kind == Kind::Class {
                        return functions.constructors.get(&node.symbol).cloned().unwrap_or_default();
                    }
                }
                let own = functions.by_name.get(&node.symbol).cloned().unwrap_or_default();
                self.fitting(own, call)
            }
            (Kind::Member, receiver) => {
                let Some(property) = tree.child(callee, Role::Property) else { return Vec::new() };
                if let Some(receiver) = receiver
                    && tree.node(property).symbol == symbol("new")
                    && tree.node(receiver).kind == Kind::Name
                {
                    let class = tree.node(receiver).symbol;
                    return functions.constructors.get(&class).cloned().unwrap_or_default();
                }
                let own = functions.by_name.get(&tree.node(property).symbol).cloned().unwrap_or_default();
                let class = if receiver.is_none_or(|receiver| self.is_this(receiver)) {
                    let mut at = Some(callee);
                    loop {
                        let Some(id) = at else { break None };
                        if tree.node(id).kind == Kind::Class {
                            break tree.child(id, Role::Name).map(|name| tree.node(name).symbol);
                        }
                        at = tree.parent(id);
                    }
                } else {
                    receiver.and_then(|receiver| self.class_of_value(receiver))
                };
                let of_class: Vec<NodeId> = own
                    .iter()
                    .copied()
                    .filter(|id| class.is_some() && functions.class_of.get(&id.number()).copied() == class)
                    .collect();
                if !of_class.is_empty() {
                    return self.fitting(of_class, call);
                }
                // A method of a type that another file defines is none of this file.
                let declared = receiver.and_then(|receiver| self.file.declared_type(receiver));
                let foreign = self.file.language() == Language::Java
                    && declared.is_some_and(|declared| !self.defines_class(&declared));
                if foreign {
                    return Vec::new();
                }
                // An imported module's function is another one of the same name.
                let names = self.file.names();
                let imported = receiver.is_some_and(|receiver| {
                    tree.node(receiver).kind == Kind::Name
                        && names
                            .definition_of(receiver)
                            .is_some_and(|own| names.definition(own).path.is_some())
                });
                if imported || own.len() > 1 { Vec::new() } else { self.fitting(own, call) }
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn class_of_value(&self, receiver: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        let node = tree.node(receiver);
        let constructed = |id: NodeId| {
            let callee = tree.child(id, Role::Callee).unwrap_or(id);
            if tree.node(callee).kind == Kind::Member
                && let (Some(object), Some(property)) =
                    (tree.child(callee, Role::Object), tree.child(callee, Role::Property))
                && tree.node(property).symbol == symbol("new")
            {
                return Some(tree.node(object).symbol);
            }
            Some(tree.node(callee).symbol)
        };
        let constructs = |kind: Kind| {
            matches!(kind, Kind::New | Kind::Call)
                || kind == Kind::Member && self.file.language() == Language::Ruby
        };
        if constructs(node.kind) {
            return constructed(receiver);
        }
        if let Some(declared) = self.file.declared_type(receiver) {
            return Some(symbol(declared.trim_start_matches(['*', '&']).trim()));
        }
        let definition = self.file.names().definition(self.file.names().definition_of(receiver)?);
        if tree.node(definition.site).kind == Kind::Class {
            return Some(node.symbol);
        }
        let value = definition.value?;
        constructs(tree.node(value).kind).then(|| constructed(value))?
    }

    fn defines_class(&self, declared: &str) -> bool {
        let plain = declared.split('<').next().unwrap_or_default().trim();
        let name = symbol(plain.rsplit('.').next().unwrap_or_default());
        let classes = self.file.index().of_kind(Kind::Class).iter();
        classes
            .filter_map(|class| self.tree.child(*class, Role::Name))
            .any(|own| self.tree.node(own).symbol == name)
    }

    /// Those that take as many arguments, where the number tells them apart.
    fn fitting(&self, mut own: Vec<NodeId>, call: NodeId) -> Vec<NodeId> {
        if own.len() > 1 {
            let count = self.tree.children_of(call, Role::Arg).count();
            let fits = |id: &NodeId| self.tree.children_of(*id, Role::Param).count() == count;
            if own.iter().any(fits) {
                own.retain(fits);
            }
            own.truncate(MAX_CANDIDATES);
        }
        own
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
                    place.path.truncate(super::state::MAX_PATH);
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

    /// Whether a class of this file says itself what becomes of its constructor's arguments.
    fn keeps_to_itself(&self, call: NodeId) -> bool {
        let tree = self.tree;
        let callee = tree.child(call, Role::Callee);
        let definition = callee.and_then(|callee| {
            let callee = tree.child(callee, Role::Object).unwrap_or(callee);
            self.file.names().definition_of(callee)
        });
        definition.is_some_and(|definition| {
            let site = self.file.names().definition(definition).site;
            tree.node(site).kind == Kind::Class && tree.child(site, Role::Extends).is_none()
        })
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

    /// What a function does when it is called like this, worked out at the first such call.
    pub(super) fn summary(&mut self, id: NodeId, context: Context) -> Summary {
        let number = self.context_number(id, &context);
        let context = if number == 0 { Context::new() } else { context };
        let key = (id.number(), number);
        if let Some(known) = self.summaries.get_mut(&key) {
            known.is_recursive |= known.is_open;
            return known.clone();
        }
        let mut last = Summary { is_open: true, ..Summary::default() };
        for _ in 0..MAX_ROUNDS {
            self.summaries.insert(key, last.clone());
            let next = self.summarise(id, context.clone());
            let recursive = self.summaries.get(&key).is_some_and(|own| own.is_recursive);
            let settled = next.same(&last);
            last = Summary { is_open: true, is_recursive: recursive, ..next };
            if settled || !recursive || self.is_over() {
                break;
            }
        }
        last.is_open = false;
        self.summaries.insert(key, last.clone());
        last
    }

    fn summarise(&mut self, id: NodeId, context: Context) -> Summary {
        self.calls += 1;
        let depth = self.depth;
        self.depth += CALL_DEPTH;
        self.steps += self.base.cost();
        let state = std::mem::replace(&mut self.state, self.base.clone());
        let through = std::mem::take(&mut self.through);
        let known = std::mem::take(&mut self.known);
        let callbacks = std::mem::take(&mut self.callbacks);
        let at_work = self.at_work.replace(id);
        self.seed_receiver(id);
        self.seed_outer(id);
        self.context = context;
        let (returns, end) = self.function(id, true);
        self.at_work = at_work;
        self.state = state;
        self.depth = depth;
        self.calls -= 1;
        let sinks = std::mem::replace(&mut self.through, through);
        self.known = known;
        let callbacks = std::mem::replace(&mut self.callbacks, callbacks);
        let mut summary = Summary { returns, sinks, callbacks, ..Summary::default() };
        self.effects(id, &end, &mut summary);
        let mut objects = end.objects();
        objects.drop_params();
        self.shared.join(&objects);
        summary
    }

    /// The object a method runs on carries whatever the caller's object carries.
    fn seed_receiver(&mut self, id: NodeId) {
        let mut at = self.tree.parent(id);
        while let Some(outer) = at {
            if self.tree.node(outer).kind == Kind::Class {
                let mut taints = Taints::none();
                taints.add(Taint { origin: Origin::Param(RECEIVER), label: 0, trail: None });
                self.state.add(Place::of(Root::This(outer.number())), &taints);
                return;
            }
            at = self.tree.parent(outer);
        }
    }

    fn effects(&self, id: NodeId, end: &State, summary: &mut Summary) {
        let tree = self.tree;
        for (place, taints) in &end.places {
            let is_outer = match place.root {
                Root::Defined(own) => {
                    let site = self.file.names().definition(DefId(own)).site;
                    !tree.contains(id, site)
                }
                Root::Named(_) => true,
                Root::This(_) => false,
            };
            if !is_outer || summary.outer.len() >= MAX_OUTER_EFFECTS {
                continue;
            }
            let before = self.base.read(place);
            let mut taints = taints.clone();
            taints.retain(|taint| {
                let itself = matches!((taint.origin, place.root), (Origin::Param(number), Root::Defined(own))
                    if number == OUTER + own);
                !itself && !before.iter().any(|known| known.key() == taint.key())
            });
            if !taints.is_empty() {
                summary.outer.push((place.clone(), taints));
            }
        }
        let mut number = 0;
        let mut note = |own: u32, place: &Place| {
            for (inner, taints) in end.below(place) {
                let mut taints = taints.clone();
                taints.retain(|taint| taint.origin != Origin::Param(own));
                if !taints.is_empty() {
                    summary.effects.push((own, inner.path[place.path.len()..].to_vec(), taints));
                }
            }
        };
        for child in tree.children(id) {
            let node = tree.node(child);
            if !matches!(node.role, Role::Param | Role::Receiver) {
                continue;
            }
            let name = tree.child(child, Role::Name).unwrap_or(child);
            let own = if node.role == Role::Receiver || (number == 0 && self.is_this(name)) {
                RECEIVER
            } else {
                number += 1;
                number - 1
            };
            if let Some((place, _)) = self.place(name)
                && !self.is_this(name)
            {
                note(own, &place);
            }
        }
        let mut at = tree.parent(id);
        while let Some(outer) = at {
            if tree.node(outer).kind == Kind::Class {
                if !tree.node(id).has(flag::ANON) {
                    note(RECEIVER, &Place::of(Root::This(outer.number())));
                }
                break;
            }
            at = tree.parent(outer);
        }
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
