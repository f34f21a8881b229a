//! What a function is called with, beyond taint: known arguments, parts of arguments, variables around it.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::arguments::Rest;
use super::calls::RECEIVER;
use super::elements::position;
use super::engine::Engine;
use super::known::Known;
use super::state::{MAX_PATH, Origin, Place, Root, Taint, Taints};
use crate::matching::ParsedFile;
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

/// Numbers from here on stand for variables outside the function, by their definition.
pub(super) const OUTER: u32 = 1 << 24;
/// Numbers from here on stand for parts of parameters.
pub(super) const PARTS: u32 = 1 << 28;
/// Ways one function is followed in; beyond, its arguments count as unknown.
const MAX_CONTEXTS: usize = 12;
/// Outer variables of one function.
const MAX_OUTER: usize = 24;
/// Parts of parameters told apart in one file.
const MAX_PARTS: usize = 2_000;
/// Elements before `...rest`.
const MAX_FIXED: usize = 8;

/// Known arguments by parameter.
pub(super) type Context = Vec<(u32, Known)>;
/// A parameter, and fields of it.
pub(super) type Part = (u32, Vec<Symbol>);

/// Everything functions were called with.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    known: FxHashMap<u32, Vec<Context>>,
    parts: Vec<Part>,
    numbers: FxHashMap<Part, usize>,
    outer: FxHashMap<u32, Vec<u32>>,
    deciding: FxHashMap<u32, u64>,
}

impl Contexts {
    /// The number of a part, given out when it is first asked for; nothing when there are too many.
    fn number_of(&mut self, part: Part) -> Option<usize> {
        if let Some(at) = self.numbers.get(&part) {
            return Some(*at);
        }
        if self.parts.len() >= MAX_PARTS {
            return None;
        }
        self.numbers.insert(part.clone(), self.parts.len());
        self.parts.push(part);
        Some(self.parts.len() - 1)
    }
}

/// `Point { x, y }`.
fn rust_shorthand(language: Language, kind: Kind, fields: &[Kind]) -> bool {
    language == Language::Rust
        && kind == Kind::New
        && !fields.is_empty()
        && fields.iter().all(|own| *own == Kind::Raw)
}

/// Where the rest begins that a key stands for: `..2` are all elements from the third on.
pub(super) fn rest_from(key: Symbol) -> Option<usize> {
    static KEYS: LazyLock<[Symbol; MAX_FIXED]> =
        LazyLock::new(|| std::array::from_fn(|at| symbol(&format!("..{at}"))));
    KEYS.iter().position(|own| *own == key)
}

/// Definitions outside of functions that functions assign.
pub(super) fn changed_globals(file: &ParsedFile) -> FxHashSet<u32> {
    let tree = file.tree();
    let mut changed = FxHashSet::default();
    for kind in [Kind::Assign, Kind::AugAssign] {
        for id in file.index().of_kind(kind) {
            let mut target = tree.child(*id, Role::Left);
            while let Some(at) = target
                && matches!(tree.node(at).kind, Kind::Member | Kind::Index)
            {
                target = tree.child(at, Role::Object);
            }
            let Some(definition) = target.and_then(|target| file.names().definition_of(target)) else {
                continue;
            };
            if function_around(file, *id).is_some()
                && function_around(file, file.names().definition(definition).site).is_none()
            {
                changed.insert(definition.0);
            }
        }
    }
    changed
}

fn function_around(file: &ParsedFile, id: NodeId) -> Option<NodeId> {
    let tree = file.tree();
    let mut at = tree.parent(id);
    while let Some(outer) = at {
        if tree.node(outer).kind == Kind::Func {
            return Some(outer);
        }
        at = tree.parent(outer);
    }
    None
}

impl Engine<'_> {
    pub(super) fn is_global(&self, definition: u32) -> bool {
        let definition = self.file.names().definition(DefId(definition));
        function_around(self.file, definition.site).is_none()
    }

    /// The number of a way to call a function; 0 when nothing is known of its arguments.
    pub(super) fn context_number(&mut self, target: NodeId, context: &Context) -> u32 {
        if context.is_empty() {
            return 0;
        }
        let own = self.contexts.known.entry(target.number()).or_default();
        if let Some(at) = own.iter().position(|known| known == context) {
            return at as u32 + 1;
        }
        if own.len() >= MAX_CONTEXTS {
            return 0;
        }
        own.push(context.clone());
        own.len() as u32
    }

    /// What is known of the arguments, as far as it may decide anything in the function.
    pub(super) fn context_of(
        &mut self,
        target: NodeId,
        passed: &FxHashMap<u32, (NodeId, Taints)>,
    ) -> Context {
        let deciding = self.deciding(target);
        if deciding == 0 {
            return Context::new();
        }
        let mut context = Context::new();
        for (own, parameter) in (0_u32..).zip(self.parameters(target)) {
            if own >= 64 || deciding >> own & 1 == 0 {
                continue;
            }
            let argument = passed.get(&own).map(|(node, _)| *node);
            let rest = self.file.node_text(parameter).starts_with(['*', '.', '&'])
                || self.rest_of(parameter) != Rest::No;
            if rest && argument.is_none_or(|node| self.callable(node).is_none()) {
                continue;
            }
            let node = argument.or_else(|| self.tree.child(parameter, Role::Default));
            if let Some(known) = node.and_then(|node| self.known(node)) {
                context.push((own, known.abroad()));
            }
        }
        context
    }

    /// Parameters without the object, in order.
    pub(super) fn parameters(&self, target: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        let mut parameters = Vec::new();
        for child in tree.children_of(target, Role::Param) {
            let name = self.named_by(child);
            let is_type = self.tree.node(name).kind == Kind::Type;
            if !(is_type || parameters.is_empty() && self.is_this(name)) {
                parameters.push(child);
            }
        }
        parameters
    }

    /// The name, or the pattern, of a parameter.
    pub(super) fn named_by(&self, parameter: NodeId) -> NodeId {
        let tree = self.tree;
        let mut names = tree.children_of(parameter, Role::Name);
        names.find(|name| tree.node(*name).kind != Kind::Modifier).unwrap_or(parameter)
    }

    /// Parameters that conditions, calls and look-ups of a function depend on, one bit each.
    fn deciding(&mut self, target: NodeId) -> u64 {
        if let Some(known) = self.contexts.deciding.get(&target.number()) {
            return *known;
        }
        let tree = self.tree;
        let mut bits = 0_u64;
        let mut sites: FxHashMap<NodeId, u32> = FxHashMap::default();
        for (number, parameter) in self.parameters(target).into_iter().enumerate().take(64) {
            sites.insert(parameter, number as u32);
            if tree.child(parameter, Role::Name).is_some_and(|name| tree.node(name).kind != Kind::Name) {
                bits |= 1 << number;
            }
        }
        for id in tree.subtree(target) {
            if tree.node(id).kind != Kind::Name {
                continue;
            }
            let Some(definition) = self.file.names().definition_of(id) else { continue };
            let site = self.file.names().definition(definition).site;
            let Some(number) = sites.get(&site) else { continue };
            if bits >> number & 1 == 0 && self.is_decisive(id, target) {
                bits |= 1 << number;
            }
        }
        self.contexts.deciding.insert(target.number(), bits);
        bits
    }

    fn is_decisive(&self, id: NodeId, function: NodeId) -> bool {
        let tree = self.tree;
        let mut at = id;
        for _ in 0..24 {
            let node = tree.node(at);
            if matches!(node.role, Role::Cond | Role::Callee | Role::Arg | Role::Object | Role::Iter) {
                return true;
            }
            let Some(parent) = tree.parent(at) else { return false };
            if parent == function {
                return false;
            }
            if matches!(tree.node(parent).kind, Kind::Switch | Kind::Spread) {
                return true;
            }
            at = parent;
        }
        false
    }

    /// Variables of enclosing functions, and changing ones of the file, that a function names.
    pub(super) fn outer_variables(&mut self, target: NodeId) -> Vec<u32> {
        if let Some(known) = self.contexts.outer.get(&target.number()) {
            return known.clone();
        }
        let tree = self.tree;
        let names = self.file.names();
        let mut outer = Vec::new();
        for id in tree.subtree(target) {
            if tree.node(id).kind != Kind::Name || outer.len() >= MAX_OUTER {
                continue;
            }
            let Some(own) = names.definition_of(id) else { continue };
            let definition = names.definition(own);
            if outer.contains(&own.0)
                || tree.contains(target, definition.site)
                || definition.path.is_some()
                || matches!(tree.node(definition.site).kind, Kind::Func | Kind::Class)
            {
                continue;
            }
            let changes = self.functions.as_ref().is_some_and(|all| all.changed.contains(&own.0));
            if changes || function_around(self.file, definition.site).is_some() {
                outer.push(own.0);
            }
        }
        self.contexts.outer.insert(target.number(), outer.clone());
        outer
    }

    /// Outer variables carry whatever they carry where the function is called.
    pub(super) fn seed_outer(&mut self, target: NodeId) {
        for own in self.outer_variables(target) {
            let mut taints = Taints::none();
            taints.add(Taint { origin: Origin::Param(OUTER + own), label: 0, trail: None });
            self.state.add(Place::of(Root::Defined(own)), &taints);
        }
    }

    /// What a variable outside a called function carries here.
    pub(super) fn outer_value(&self, number: u32) -> Taints {
        let definition = number - OUTER;
        let mut value = self.state.read(&Place::of(Root::Defined(definition)));
        let is_outer = self.at_work.is_some_and(|function| {
            !self.tree.contains(function, self.file.names().definition(DefId(definition)).site)
        });
        let changes = self.functions.as_ref().is_some_and(|all| all.changed.contains(&definition));
        if is_outer && (changes || !self.is_global(definition)) && value.is_empty() {
            value.add(Taint { origin: Origin::Param(number), label: 0, trail: None });
        }
        value
    }

    /// The part of a parameter that an expression reads.
    pub(super) fn part_of(&self, id: NodeId) -> Option<Part> {
        let tree = self.tree;
        let mut path = Vec::new();
        let mut at = id;
        for _ in 0..8 {
            match tree.node(at).kind {
                Kind::Name => {
                    let (mut place, _) = self.place(at)?;
                    path.reverse();
                    place.path.extend(path);
                    if place.path.len() > MAX_PATH {
                        return None;
                    }
                    return self.state.part(&place).filter(|(_, path)| path.len() <= MAX_PATH);
                }
                Kind::Member => {
                    path.push(tree.node(tree.child(at, Role::Property)?).symbol);
                    let Some(object) = tree.child(at, Role::Object) else {
                        let (place, _) = self.place(at)?;
                        return self.state.part(&place).filter(|_| path.len() == 1);
                    };
                    at = object;
                }
                Kind::Index => {
                    path.push(self.key(tree.child(at, Role::Index)?)?);
                    at = tree.child(at, Role::Object)?;
                }
                Kind::Call => {
                    let (object, mut keys) = self.looked_up(at)?;
                    keys.reverse();
                    path.extend(keys);
                    at = object;
                }
                Kind::Cast | Kind::Await => at = tree.child(at, Role::Value)?,
                _ => return None,
            }
        }
        None
    }

    /// The container and the keys of `m.get("k")`, `h.dig(:a, :b)`, `getattr(o, "k")`.
    fn looked_up(&self, call: NodeId) -> Option<(NodeId, Vec<Symbol>)> {
        let tree = self.tree;
        let callee = tree.child(call, Role::Callee)?;
        let mut arguments: Vec<NodeId> = tree.children_of(call, Role::Arg).collect();
        let is = |own: Symbol, names: &[&str]| names.iter().any(|name| symbol(name) == own);
        match tree.node(callee).kind {
            Kind::Member => {
                let name = tree.node(tree.child(callee, Role::Property)?).symbol;
                let object = tree.child(callee, Role::Object)?;
                if is(name, &["dig"]) {
                    let keys = arguments.iter().map(|own| self.key(*own)).collect::<Option<Vec<_>>>()?;
                    return Some((object, keys));
                }
                let is_module = self.file.language() == Language::Elixir;
                let one: &[&str] = if is_module {
                    &["get", "fetch", "fetch!", "get_lazy", "pop"]
                } else {
                    &[
                        "get",
                        "fetch",
                        "send",
                        "public_send",
                        "getOrDefault",
                        "getOrElse",
                        "GetValueOrDefault",
                        "getValue",
                    ]
                };
                if is_module && is(name, one) && arguments.len() >= 2 {
                    let key = self.key(arguments[1])?;
                    return Some((arguments.swap_remove(0), vec![key]));
                }
                is(name, one).then(|| Some((object, vec![self.key(*arguments.first()?)?])))?
            }
            Kind::Name if is(tree.node(callee).symbol, &["get_in"]) && arguments.len() == 2 => {
                let keys =
                    tree.children(arguments[1]).map(|own| self.key(own)).collect::<Option<Vec<_>>>()?;
                Some((arguments.swap_remove(0), keys))
            }
            Kind::Name if is(tree.node(callee).symbol, &["getattr"]) && arguments.len() >= 2 => {
                let key = self.key(arguments[1])?;
                Some((arguments.swap_remove(0), vec![key]))
            }
            _ => None,
        }
    }

    /// Says of taint from a parameter which part of it is read.
    pub(super) fn narrow(&mut self, id: NodeId, value: &mut Taints) {
        let Some((own, path)) = self.part_of(id) else { return };
        if path.is_empty() || !value.iter().any(|taint| taint.origin == Origin::Param(own)) {
            return;
        }
        let Some(at) = self.contexts.number_of((own, path)) else { return };
        let mut narrowed = Taints::none();
        for taint in value.iter() {
            let mut taint = taint.clone();
            if taint.origin == Origin::Param(own) {
                taint.origin = Origin::Param(PARTS + at as u32);
            }
            narrowed.add(taint);
        }
        *value = narrowed;
    }

    /// The number that stands for a part; nothing when there are too many.
    pub(super) fn part_number(&mut self, part: Part) -> Option<u32> {
        self.contexts.number_of(part).map(|at| PARTS + at as u32)
    }

    pub(super) fn part(&self, number: u32) -> Part {
        self.contexts.parts[(number - PARTS) as usize].clone()
    }

    /// What a part of an argument carries.
    pub(super) fn part_value(&mut self, node: NodeId, whole: &Taints, path: &[Symbol]) -> Taints {
        let Some((first, rest)) = path.split_first() else { return whole.clone() };
        let tree = self.tree;
        match tree.node(node).kind {
            Kind::Dict | Kind::List | Kind::Tuple => self.literal_part(node, whole, *first, rest),
            Kind::New | Kind::Call if self.is_record(node) => self.literal_part(node, whole, *first, rest),
            Kind::New | Kind::Call => self.result_part(node, path, whole).unwrap_or_else(|| whole.clone()),
            Kind::Cast | Kind::Await => match tree.child(node, Role::Value) {
                Some(value) => self.part_value(value, whole, path),
                None => whole.clone(),
            },
            Kind::Unary => match tree.child(node, Role::Operand) {
                Some(value) if self.file.node_text(node).starts_with(['&', '*']) => {
                    self.part_value(value, whole, path)
                }
                _ => whole.clone(),
            },
            Kind::Pair | Kind::KwArg => match tree.child(node, Role::Value) {
                Some(value) => self.part_value(value, whole, path),
                None => whole.clone(),
            },
            Kind::Name | Kind::Member | Kind::Index => {
                if self.result_of(node).is_some() {
                    return self.result_part(node, path, whole).unwrap_or_else(|| whole.clone());
                }
                match self.place(node) {
                    Some((place, true)) if self.state.below(&place).next().is_some() => {
                        let mut value = self.place_part(place, path);
                        self.by_itself(node, &mut value);
                        value
                    }
                    _ => match self.part_of(node) {
                        Some((own, before)) => {
                            let part = (own, [before, path.to_vec()].concat());
                            self.as_part(whole, part)
                        }
                        None => whole.clone(),
                    },
                }
            }
            _ => whole.clone(),
        }
    }

    /// Whether an expression builds an object field by field.
    pub(super) fn is_record(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let own: Vec<Kind> = tree
            .children(node)
            .filter(|child| !matches!(tree.node(*child).role, Role::Callee | Role::Type | Role::TypeArg))
            .map(|child| tree.node(child).kind)
            .collect();
        !own.is_empty()
            && own.contains(&Kind::Pair)
            && own.iter().all(|kind| matches!(kind, Kind::Pair | Kind::Dict | Kind::Raw))
            || own == [Kind::Dict]
            || rust_shorthand(self.file.language(), tree.node(node).kind, &own)
            || tree.child(node, Role::Body).is_some_and(|body| self.is_initialiser(body))
    }

    /// What the fields of an object stand in that is built field by field.
    pub(super) fn record_body(&self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let is_body = |own: &NodeId| tree.node(*own).kind == Kind::Dict || self.is_initialiser(*own);
        tree.children(node).find(is_body).unwrap_or(node)
    }

    /// What an element of a literal carries.
    fn literal_part(&mut self, node: NodeId, whole: &Taints, first: Symbol, rest: &[Symbol]) -> Taints {
        let tree = self.tree;
        if let Some(from) = rest_from(first) {
            let rest: Vec<NodeId> = tree.children(node).skip(from).collect();
            let mut all = Taints::none();
            for own in rest {
                all.join(&self.peek(own));
            }
            return all;
        }
        let mut open = false;
        let mut found = None;
        let is_object = matches!(tree.node(node).kind, Kind::New | Kind::Call);
        let body = if is_object { self.record_body(node) } else { node };
        for (at, child) in tree.children(body).enumerate() {
            let own = tree.node(child);
            let (key, value) = match own.kind {
                Kind::Spread => {
                    open = true;
                    continue;
                }
                Kind::Pair | Kind::KwArg => {
                    let Some(key) = tree.child(child, Role::Key) else { return whole.clone() };
                    (self.field_key(key), tree.child(child, Role::Value))
                }
                Kind::Assign if is_object => {
                    let name = tree.child(child, Role::Left).map(|left| tree.node(left).symbol);
                    (name, tree.child(child, Role::Right))
                }
                Kind::Raw if is_object && tree.children(child).count() == 1 => {
                    let only = tree.children(child).next();
                    (only.map(|only| tree.node(only).symbol), only)
                }
                _ if own.role == Role::Callee || own.role == Role::Type => continue,
                Kind::Name if tree.node(node).kind != Kind::List && tree.node(node).kind != Kind::Tuple => {
                    (Some(own.symbol), Some(child))
                }
                _ => (Some(position(at)), Some(child)),
            };
            match (key, value) {
                (Some(key), Some(value)) if key == first => found = Some(value),
                (Some(_), _) => {}
                (None, _) => open = true,
            }
        }
        match found {
            Some(value) => {
                let inner = self.peek(value);
                self.part_value(value, &inner, rest)
            }
            None if open => whole.clone(),
            None => Taints::none(),
        }
    }

    /// The name of a field as a literal writes it.
    pub(super) fn field_key(&self, key: NodeId) -> Option<Symbol> {
        match self.tree.node(key).kind {
            Kind::Name if self.has_bare_keys() => Some(self.tree.node(key).symbol),
            // `.field` of C.
            Kind::Raw if self.file.node_text(key).starts_with('.') => {
                self.tree.children(key).next().map(|name| self.tree.node(name).symbol)
            }
            _ => self.key(key),
        }
    }

    pub(super) fn as_part(&mut self, whole: &Taints, (own, path): Part) -> Taints {
        if path.len() > MAX_PATH {
            return whole.clone();
        }
        let Some(at) = self.contexts.number_of((own, path)) else { return whole.clone() };
        let mut narrowed = Taints::none();
        for taint in whole.iter() {
            let mut taint = taint.clone();
            let of_own = match taint.origin {
                Origin::Param(number) if number == own => true,
                Origin::Param(number @ PARTS..) if number != RECEIVER => self.part(number).0 == own,
                _ => false,
            };
            if of_own {
                taint.origin = Origin::Param(PARTS + at as u32);
            }
            narrowed.add(taint);
        }
        narrowed
    }
}
