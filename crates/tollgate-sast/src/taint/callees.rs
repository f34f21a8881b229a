//! The functions of a file, and which of them a call may mean.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::arguments::{Argument, Rest};
use super::contexts::changed_globals;
use super::engine::Engine;
use super::state::{Place, Root, State};
use crate::matching::ParsedFile;
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Functions of one name, each of which a call may mean.
const MAX_CANDIDATES: usize = 4;

/// The functions of a file by name.
#[derive(Debug, Default)]
pub(crate) struct Functions {
    pub(super) by_name: FxHashMap<Symbol, Vec<NodeId>>,
    pub(super) class_of: FxHashMap<u32, Symbol>,
    pub(super) constructors: FxHashMap<Symbol, Vec<NodeId>>,
    /// Variables of the file that functions assign.
    pub(super) changed: FxHashSet<u32>,
    /// Classes by name.
    pub(super) classes: FxHashMap<Symbol, NodeId>,
    /// What a class extends, implements or mixes in, and the reverse.
    bases: FxHashMap<Symbol, Vec<Symbol>>,
    derived: FxHashMap<Symbol, Vec<Symbol>>,
    /// Constructors that only name the fields their arguments go to, by class.
    pub(super) formals: FxHashMap<u32, Vec<(Symbol, Rest)>>,
    /// Fields and keys that functions are stored in.
    pub(super) holders: FxHashSet<Symbol>,
    /// Fields that classes declare.
    pub(super) fields: FxHashMap<Symbol, FxHashSet<Symbol>>,
    /// Properties that read and write a field of another name.
    pub(super) aliases: FxHashMap<Symbol, Symbol>,
    /// Functions of scripts that make objects.
    pub(super) makers: FxHashSet<u32>,
    /// Methods that are read like fields.
    pub(super) getters: FxHashSet<Symbol>,
}

/// Classes between a method and the class it is looked up in.
const MAX_ANCESTORS: usize = 12;

impl Functions {
    pub(crate) fn of(file: &ParsedFile) -> Self {
        let tree = file.tree();
        let mut functions = Self { changed: changed_globals(file), ..Self::default() };
        let constructor_names = ["__init__", "constructor", "__construct", "initialize", "init"].map(symbol);
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
            if let Some(class) = receiver_class(file, *id) {
                functions.class_of.insert(id.number(), class);
                continue;
            }
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
        if matches!(file.language(), Language::Javascript | Language::Typescript) {
            let made = file.index().of_kind(Kind::New).iter().filter_map(|id| tree.child(*id, Role::Callee));
            let mut makers: FxHashSet<Symbol> = made.map(|callee| tree.node(callee).symbol).collect();
            makers.extend(functions.class_of.values());
            let named = functions.by_name.iter().filter(|(name, _)| makers.contains(name));
            functions.makers = named.flat_map(|(_, own)| own.iter().map(|id| id.number())).collect();
        }
        functions.note_classes(file);
        functions.note_members(file);
        functions.note_holders(file);
        functions
    }

    fn note_classes(&mut self, file: &ParsedFile) {
        let tree = file.tree();
        for id in file.index().of_kind(Kind::Class) {
            let Some(name) = tree.child(*id, Role::Name) else { continue };
            let class = type_symbol(file, name);
            self.classes.entry(class).or_insert(*id);
            let mut bases: Vec<Symbol> = tree
                .children(*id)
                .filter(|child| matches!(tree.node(*child).role, Role::Extends | Role::Implements))
                .map(|base| type_symbol(file, base))
                .collect();
            bases.extend(mixed_in(file, *id));
            for base in bases {
                let own = self.bases.entry(class).or_default();
                if base != class && !own.contains(&base) {
                    own.push(base);
                    self.derived.entry(base).or_default().push(class);
                }
            }
        }
    }

    /// The number that stands for objects of a class.
    pub(super) fn class_number(&self, class: Symbol) -> u32 {
        let function = || self.by_name.get(&class).and_then(|own| own.first());
        self.classes.get(&class).or_else(function).map_or(0, |own| own.number())
    }

    /// Fields, properties that stand for fields, and methods that look like fields.
    fn note_members(&mut self, file: &ParsedFile) {
        let tree = file.tree();
        for id in file.index().of_kind(Kind::Class) {
            let Some(name) = tree.child(*id, Role::Name) else { continue };
            let class = type_symbol(file, name);
            let mut fields: Vec<Symbol> = tree
                .children_of(*id, Role::Param)
                .filter_map(|own| tree.child(own, Role::Name))
                .map(|own| tree.node(own).symbol)
                .collect();
            let Some(body) = tree.child(*id, Role::Body) else { continue };
            for member in tree.children(body) {
                let name = match tree.node(member).kind {
                    Kind::Assign => tree.child(member, Role::Left),
                    Kind::Declare => tree.child(member, Role::Name),
                    Kind::Func => {
                        self.note_getter(file, member);
                        None
                    }
                    _ => None,
                };
                self.note_alias(file, member);
                fields.extend(name.map(|own| tree.node(own).symbol));
            }
            let is_struct = file.language() == Language::Swift
                && file.node_text(*id).starts_with("struct")
                && !file.node_text(body).contains("init(");
            if is_struct {
                self.formals.insert(id.number(), fields.iter().map(|own| (*own, Rest::No)).collect());
            }
            self.fields.entry(class).or_default().extend(fields);
        }
        if matches!(
            file.language(),
            Language::Python
                | Language::Javascript
                | Language::Php
                | Language::Go
                | Language::Ruby
                | Language::Rust
        ) {
            self.fields.clear();
        }
    }

    fn note_getter(&mut self, file: &ParsedFile, function: NodeId) {
        let tree = file.tree();
        let Some(name) = tree.child(function, Role::Name) else { return };
        let text = file.node_text(function).trim_start();
        let is_getter = match file.language() {
            Language::Javascript | Language::Typescript => {
                tree.children_of(function, Role::Modifier).any(|own| file.node_text(own) == "get")
            }
            Language::Python => tree.children_of(function, Role::Decorator).any(|own| {
                let text = file.node_text(own);
                text.trim_start_matches('@').trim() == "property" || text.ends_with("cached_property")
            }),
            Language::Dart => text.contains(" get ") && !text.contains('('),
            Language::Scala => tree.child(function, Role::Param).is_none() && !text.contains("()"),
            _ => false,
        };
        if is_getter {
            self.getters.insert(tree.node(name).symbol);
        }
    }

    /// `attr_reader :name` of Ruby, `Name { get { return name; } }` and `Name => name` of C#.
    fn note_alias(&mut self, file: &ParsedFile, member: NodeId) {
        let tree = file.tree();
        match file.language() {
            Language::Ruby => {
                let text = file.node_text(member);
                if tree.node(member).kind == Kind::Call && text.starts_with("attr_") {
                    for own in tree.children_of(member, Role::Arg) {
                        let name = file.node_text(own).trim_start_matches(':');
                        self.aliases.insert(symbol(name), symbol(&format!("@{name}")));
                    }
                }
            }
            Language::Csharp => {
                let (name, value) = match tree.node(member).kind {
                    Kind::Declare => (tree.child(member, Role::Name), tree.child(member, Role::Default)),
                    _ => (tree.child(member, Role::Left), tree.child(member, Role::Right)),
                };
                let (Some(name), Some(value)) = (name, value) else { return };
                let text = file.node_text(value);
                let body =
                    text.split_once("return").or_else(|| text.split_once("=>")).map(|(_, rest)| rest.trim());
                let field = body.map(|own| own.trim_start_matches("this."));
                let field = field.and_then(|own| own.split([';', ' ', '}', '\n']).next());
                let is_plain =
                    |own: &&str| !own.is_empty() && own.chars().all(|c| c.is_alphanumeric() || c == '_');
                if let Some(field) = field.filter(is_plain)
                    && matches!(tree.node(value).kind, Kind::ClassBody | Kind::Raw)
                {
                    self.aliases.insert(tree.node(name).symbol, symbol(field));
                }
            }
            _ => {}
        }
    }

    fn note_holders(&mut self, file: &ParsedFile) {
        let tree = file.tree();
        for kind in [Kind::Assign, Kind::Pair, Kind::KwArg] {
            for id in file.index().of_kind(kind) {
                let (key, value) = match kind {
                    Kind::Assign => (tree.child(*id, Role::Left), tree.child(*id, Role::Right)),
                    _ => (tree.child(*id, Role::Key), tree.child(*id, Role::Value)),
                };
                let (Some(key), Some(value)) = (key, value) else { continue };
                if !matches!(tree.node(value).kind, Kind::Name | Kind::Func | Kind::Member | Kind::Unary) {
                    continue;
                }
                let key = match tree.node(key).kind {
                    Kind::Member => tree.child(key, Role::Property).unwrap_or(key),
                    _ => key,
                };
                self.holders.insert(tree.node(key).symbol);
            }
        }
        // Parameters that are fields by themselves.
        for id in file.index().of_kind(Kind::Param) {
            let promotes = tree.child(*id, Role::Modifier).is_some() || file.node_text(*id).contains("this.");
            if let Some(name) = tree.child(*id, Role::Name).filter(|_| promotes) {
                self.holders.insert(symbol(file.node_text(name).trim_start_matches('$')));
            }
        }
    }

    /// A class and those it inherits from, nearest first.
    pub(super) fn ancestors(&self, class: Symbol) -> Vec<Symbol> {
        related(&self.bases, class)
    }

    /// A class and those that inherit from it, nearest first.
    pub(super) fn descendants(&self, class: Symbol) -> Vec<Symbol> {
        related(&self.derived, class)
    }

    /// Fields of an object are those of the classes it inherits from as well, and the reverse.
    pub(super) fn relate(&self, objects: &mut State) {
        if self.bases.is_empty() {
            return;
        }
        let before = objects.clone();
        let mut names: Vec<(Symbol, u32)> =
            self.classes.iter().map(|(name, id)| (*name, id.number())).collect();
        names.sort_by_key(|(_, id)| *id);
        for (name, id) in names {
            let related = self.ancestors(name).into_iter().chain(self.descendants(name));
            for other in related.filter(|other| *other != name) {
                let Some(other) = self.classes.get(&other) else { continue };
                let from = Place::of(Root::This(other.number()));
                for (place, taints) in before.below(&from) {
                    objects.add(Place { root: Root::This(id), path: place.path.clone() }, taints);
                }
            }
        }
    }

    pub(super) fn extends(&self, class: Symbol) -> &[Symbol] {
        self.bases.get(&class).map_or(&[], Vec::as_slice)
    }
}

fn related(edges: &FxHashMap<Symbol, Vec<Symbol>>, class: Symbol) -> Vec<Symbol> {
    let mut all = vec![class];
    let mut at = 0;
    while at < all.len() && all.len() < MAX_ANCESTORS {
        for next in edges.get(&all[at]).into_iter().flatten() {
            if !all.contains(next) {
                all.push(*next);
            }
        }
        at += 1;
    }
    all
}

/// The name of a type without packages, pointers and arguments.
pub(super) fn type_symbol(file: &ParsedFile, id: NodeId) -> Symbol {
    plain_type(file.node_text(id))
}

pub(super) fn plain_type(text: &str) -> Symbol {
    let text = text.split(['<', '[', '(', '{', '?', ' ']).find(|part| !part.is_empty()).unwrap_or_default();
    let text = text.trim_matches(|own: char| !own.is_alphanumeric() && own != '_');
    symbol(text.rsplit(['.', ':', '\\']).next().unwrap_or(text))
}

/// The class of Go's methods, which name the object they run on.
fn receiver_class(file: &ParsedFile, function: NodeId) -> Option<Symbol> {
    let tree = file.tree();
    if let Some(name) = tree.child(function, Role::Name)
        && tree.node(name).kind == Kind::Member
        && let Some(object) = tree.child(name, Role::Object)
        && file.language() == Language::Cpp
    {
        return Some(type_symbol(file, object));
    }
    // `Type.prototype.name = function …`, and methods of an object that is made where it is used.
    if let Some(parent) = tree.parent(function) {
        if tree.node(parent).kind == Kind::Assign
            && let Some(left) = tree.child(parent, Role::Left)
            && let Some((class, _)) = file.node_text(left).split_once(".prototype.")
        {
            return Some(symbol(class));
        }
        if let Some(made) = tree.parent(parent)
            && tree.node(parent).kind == Kind::ClassBody
            && tree.node(made).kind == Kind::New
            && let Some(class) = tree.child(made, Role::Callee)
        {
            return Some(type_symbol(file, class));
        }
    }
    let receiver = tree.child(function, Role::Receiver).filter(|_| file.language() == Language::Go)?;
    let text = file.node_text(receiver);
    let declared = tree
        .child(receiver, Role::Type)
        .map_or_else(|| text.split_whitespace().last().unwrap_or(text), |own| file.node_text(own));
    Some(plain_type(declared.trim_start_matches(['*', '&', '('])))
}

/// Modules and traits that the body of a class mixes in, and structures that a structure embeds.
fn mixed_in(file: &ParsedFile, class: NodeId) -> Vec<Symbol> {
    let tree = file.tree();
    let Some(body) = tree.child(class, Role::Body) else { return Vec::new() };
    let mut found = Vec::new();
    for member in tree.children(body) {
        let text = file.node_text(member).trim();
        match file.language() {
            Language::Ruby => {
                if let Some(rest) =
                    ["include ", "prepend ", "extend "].iter().find_map(|own| text.strip_prefix(own))
                {
                    found.extend(rest.split(',').map(|own| plain_type(own.trim())));
                }
            }
            Language::Php => {
                if let Some(rest) = text.strip_prefix("use ") {
                    found.extend(rest.trim_end_matches(';').split(',').map(|own| plain_type(own.trim())));
                }
            }
            Language::Go if !text.contains(char::is_whitespace) => found.push(plain_type(text)),
            _ => {}
        }
    }
    found
}

impl Engine<'_> {
    /// The functions of this file that a call may mean.
    pub(super) fn targets(&self, call: NodeId, callee: NodeId, receiver: Option<NodeId>) -> Vec<NodeId> {
        let Some(functions) = &self.functions else { return Vec::new() };
        let tree = self.tree;
        let node = tree.node(callee);
        if self.is_super(callee) {
            return self.fitting(self.super_targets(call, None), call);
        }
        if tree.node(call).kind == Kind::New {
            let class = type_symbol(self.file, callee);
            let found = self.constructors_of(class);
            let scripts = matches!(self.file.language(), Language::Javascript | Language::Typescript);
            if found.is_empty() && scripts && !functions.classes.contains_key(&class) {
                let own = functions.by_name.get(&class).cloned().unwrap_or_default();
                return self.fitting(own, call);
            }
            return self.fitting(found, call);
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
                        return self.fitting(self.constructors_of(node.symbol), call);
                    }
                }
                let own = functions.by_name.get(&node.symbol).cloned().unwrap_or_default();
                if own.is_empty() && functions.classes.contains_key(&node.symbol) {
                    return self.fitting(self.constructors_of(node.symbol), call);
                }
                if own.len() > 1
                    && let Some(class) = self.class_symbol(call)
                {
                    let methods = self.methods(class, node.symbol);
                    if !methods.is_empty() {
                        return self.fitting(methods, call);
                    }
                }
                let free: Vec<NodeId> =
                    own.iter().copied().filter(|id| !functions.class_of.contains_key(&id.number())).collect();
                self.fitting(if free.is_empty() { own } else { free }, call)
            }
            (Kind::Member, receiver) => {
                let Some(property) = tree.child(callee, Role::Property) else { return Vec::new() };
                let name = tree.node(property).symbol;
                if let Some(receiver) = receiver
                    && name == symbol("new")
                    && tree.node(receiver).kind == Kind::Name
                {
                    let found = self.constructors_of(tree.node(receiver).symbol);
                    if !found.is_empty() {
                        return self.fitting(found, call);
                    }
                }
                if receiver.is_some_and(|receiver| self.is_super(receiver)) {
                    return self.fitting(self.super_targets(call, Some(name)), call);
                }
                let own = functions.by_name.get(&name).cloned().unwrap_or_default();
                let class = if receiver.is_none_or(|receiver| self.is_this(receiver)) {
                    self.class_symbol(callee)
                } else {
                    receiver.and_then(|receiver| self.class_of_value(receiver))
                };
                if let Some(class) = class {
                    let methods = self.methods(class, name);
                    if !methods.is_empty() {
                        return self.fitting(methods, call);
                    }
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
                let with_body: Vec<NodeId> =
                    own.iter().copied().filter(|id| !self.is_abstract(*id)).collect();
                let mut own = if with_body.is_empty() { own } else { with_body };
                // A method of something unknown is no function that stands by itself.
                let by_class = matches!(
                    self.file.language(),
                    Language::Javascript
                        | Language::Typescript
                        | Language::Python
                        | Language::Kotlin
                        | Language::Go
                        | Language::Ruby
                        | Language::Php
                        | Language::Swift
                        | Language::Dart
                );
                let exports = receiver.is_some_and(|own| self.file.node_text(own).ends_with("exports"))
                    || receiver.is_some_and(|own| self.is_this(own)) && class.is_none();
                if by_class && !exports {
                    own.retain(|id| {
                        let parent = tree.parent(*id).map(|own| tree.node(own).kind);
                        functions.class_of.contains_key(&id.number())
                            || matches!(parent, Some(Kind::Pair | Kind::Dict))
                            || self.is_member_function(*id)
                    });
                }
                let several = own.len() > 1 && !self.are_clauses(&own);
                if imported || several { Vec::new() } else { self.fitting(own, call) }
            }
            _ => Vec::new(),
        }
    }

    /// Whether a function is stored in a member, or extends a type.
    fn is_member_function(&self, id: NodeId) -> bool {
        let tree = self.tree;
        if let Some(parent) = tree.parent(id)
            && tree.node(parent).kind == Kind::Assign
        {
            let left = tree.child(parent, Role::Left);
            return left.is_some_and(|left| tree.node(left).kind == Kind::Member);
        }
        let Some(name) = tree.child(id, Role::Name) else { return false };
        let before = self.file.text()[..self.file.span(name).start as usize].ends_with('.');
        before && self.file.language() == Language::Kotlin
    }

    /// Whether functions are the clauses of one: they stand in the same class of a language that has clauses.
    fn are_clauses(&self, own: &[NodeId]) -> bool {
        let Some(functions) = &self.functions else { return false };
        let class = |id: &NodeId| functions.class_of.get(&id.number());
        self.file.language() == Language::Elixir && own.windows(2).all(|two| class(&two[0]) == class(&two[1]))
    }

    /// A method of a class, one it inherits, or those that implement it.
    pub(super) fn methods(&self, class: Symbol, name: Symbol) -> Vec<NodeId> {
        let Some(functions) = &self.functions else { return Vec::new() };
        let Some(own) = functions.by_name.get(&name) else { return Vec::new() };
        let of = |class: &Symbol| -> Vec<NodeId> {
            own.iter().copied().filter(|id| functions.class_of.get(&id.number()) == Some(class)).collect()
        };
        let mut found = Vec::new();
        for class in functions.ancestors(class) {
            found = of(&class);
            if !found.is_empty() {
                break;
            }
        }
        if found.iter().any(|id| !self.is_abstract(*id)) {
            found.retain(|id| !self.is_abstract(*id));
            return found;
        }
        let mut implemented: Vec<NodeId> = Vec::new();
        for class in functions.descendants(class) {
            implemented.extend(of(&class).into_iter().filter(|id| !self.is_abstract(*id)));
        }
        implemented.truncate(MAX_CANDIDATES);
        if implemented.is_empty() { found } else { implemented }
    }

    /// Whether a method leaves its work to those that override it.
    fn is_abstract(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let Some(body) = tree.child(id, Role::Body) else { return true };
        if tree.node(body).kind != Kind::Block {
            return false;
        }
        let inert = |child: NodeId| {
            matches!(tree.node(child).kind, Kind::Throw | Kind::Str)
                || matches!(self.file.node_text(child).trim(), "pass" | "...")
        };
        self.file.language() == Language::Python && tree.children(body).all(inert)
            || self.file.node_text(body).trim().is_empty()
    }

    /// The constructors of a class, or those it inherits.
    pub(super) fn constructors_of(&self, class: Symbol) -> Vec<NodeId> {
        let Some(functions) = &self.functions else { return Vec::new() };
        for (at, class) in functions.ancestors(class).into_iter().enumerate() {
            if let Some(own) = functions.constructors.get(&class) {
                return own.clone();
            }
            let plain = functions.classes.get(&class).is_some_and(|own| {
                self.tree.child(*own, Role::Param).is_some() || functions.formals.contains_key(&own.number())
            });
            if at == 0 && plain {
                break;
            }
        }
        Vec::new()
    }

    /// What `super` calls: the constructor, or the method of that name, of what the class around extends.
    fn super_targets(&self, call: NodeId, name: Option<Symbol>) -> Vec<NodeId> {
        let (Some(functions), Some(class)) = (&self.functions, self.class_symbol(call)) else {
            return Vec::new();
        };
        let around = self.function_name(call);
        for base in functions.extends(class) {
            let constructor = ["__init__", "constructor", "__construct", "initialize", "init"].map(symbol);
            let wanted = name.or(around).filter(|own| !constructor.contains(own) && *own != class);
            let found = match wanted {
                Some(name) => self.methods(*base, name),
                None => self.constructors_of(*base),
            };
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn function_name(&self, id: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        let mut at = tree.parent(id);
        while let Some(outer) = at {
            if tree.node(outer).kind == Kind::Func && !tree.node(outer).has(flag::ANON) {
                return tree.child(outer, Role::Name).map(|name| tree.node(name).symbol);
            }
            at = tree.parent(outer);
        }
        None
    }

    /// Whether an expression means the object as its base class sees it.
    pub(super) fn is_super(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Name => matches!(self.file.node_text(id), "super" | "base" | "parent"),
            Kind::Call => tree.child(id, Role::Callee).is_some_and(|callee| {
                self.file.node_text(callee) == "super" && self.file.language() == Language::Python
            }),
            _ => false,
        }
    }

    /// The class around a node, as objects of it are told apart.
    pub(super) fn class_around(&self, id: NodeId) -> Option<u32> {
        let class = self.class_of(id);
        (class != 0).then_some(class)
    }

    /// The name of the class around a node.
    pub(super) fn class_symbol(&self, id: NodeId) -> Option<Symbol> {
        let class = self.class_around(id)?;
        let name = self.tree.child(NodeId(class), Role::Name)?;
        Some(type_symbol(self.file, name))
    }

    /// Of the clauses of a function, those that arguments may take.
    pub(super) fn clauses(&self, targets: Vec<NodeId>, arguments: &[Argument]) -> Vec<NodeId> {
        if targets.len() < 2 || !self.are_clauses(&targets) {
            return targets;
        }
        let mut fitting = Vec::new();
        for target in targets {
            let mut sure = self.tree.child(target, Role::Attr).is_none();
            let mut fits = true;
            for (parameter, argument) in self.parameters(target).into_iter().zip(arguments) {
                let pattern = self.tree.child(parameter, Role::Name).unwrap_or(parameter);
                if self.tree.node(pattern).kind == Kind::Name {
                    continue;
                }
                match (self.known(pattern), self.known(argument.node)) {
                    (Some(pattern), Some(own)) => match pattern.equals(&own) {
                        Some(true) => {}
                        Some(false) => fits = false,
                        None => sure = false,
                    },
                    _ => sure = false,
                }
            }
            if fits {
                fitting.push(target);
                if sure {
                    break;
                }
            }
        }
        fitting
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
            Some(type_symbol(self.file, callee))
        };
        let constructs = |kind: Kind| {
            matches!(kind, Kind::New | Kind::Call)
                || kind == Kind::Member && self.file.language() == Language::Ruby
        };
        if constructs(node.kind) {
            // A method that returns the object it is called on keeps its class.
            let fluent =
                tree.child(receiver, Role::Callee).and_then(|callee| tree.child(callee, Role::Object));
            if let Some(object) = fluent.filter(|_| node.kind == Kind::Call)
                && let own = constructed(receiver)
                && !own.is_some_and(|own| {
                    self.functions.as_ref().is_some_and(|all| all.classes.contains_key(&own))
                })
                && matches!(tree.node(object).kind, Kind::New | Kind::Call)
            {
                return self.class_of_value(object);
            }
            return constructed(receiver);
        }
        if let Some(declared) = self.file.declared_type(receiver) {
            return Some(plain_type(declared.trim_start_matches(['*', '&'])));
        }
        if tree.node(receiver).kind == Kind::Name
            && self.functions.as_ref().is_some_and(|own| own.classes.contains_key(&node.symbol))
            && self.file.names().definition_of(receiver).is_none()
        {
            return Some(node.symbol);
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

    /// Whether a class of this file says itself what becomes of its constructor's arguments.
    pub(super) fn keeps_to_itself(&self, call: NodeId) -> bool {
        let tree = self.tree;
        let callee = tree.child(call, Role::Callee);
        let definition = callee.and_then(|callee| {
            let callee = tree.child(callee, Role::Object).unwrap_or(callee);
            self.file.names().definition_of(callee)
        });
        definition.is_some_and(|definition| {
            let site = self.file.names().definition(definition).site;
            tree.node(site).kind == Kind::Class && tree.child(site, Role::Extends).is_none()
        }) || callee.is_some_and(|callee| {
            let class =
                self.functions.as_ref().and_then(|all| all.classes.get(&type_symbol(self.file, callee)));
            class.is_some_and(|class| tree.child(*class, Role::Extends).is_none())
        })
    }
}
