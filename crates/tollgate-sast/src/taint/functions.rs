//! The functions and classes of a file, by name.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::arguments::Rest;
use super::contexts::changed_globals;
use super::state::{Place, Root, State};
use crate::matching::ParsedFile;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

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

/// Whether a method of C# is a property: no parentheses follow its name.
fn is_computed(file: &ParsedFile, function: NodeId) -> bool {
    let tree = file.tree();
    let sides = (tree.child(function, Role::Name), tree.child(function, Role::Body));
    let (Some(name), Some(body), Kind::Func) = (sides.0, sides.1, tree.node(function).kind) else {
        return false;
    };
    let between = file.text().get(file.span(name).end as usize..file.span(body).start as usize);
    between.is_some_and(|between| !between.contains('('))
}

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
            Language::Csharp => is_computed(file, function),
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
                let sides = (tree.child(member, Role::Name), tree.child(member, Role::Body));
                let (Some(name), Some(value), true) = (sides.0, sides.1, is_computed(file, member)) else {
                    return;
                };
                let text = file.node_text(value);
                let body = text.split_once("return").or_else(|| text.split_once("=>"));
                let body = body.map(|(_, rest)| rest.trim()).or(Some(text.trim()));
                let field = body.map(|own| own.trim_start_matches("this."));
                let field = field.and_then(|own| own.split([';', ' ', '}', '\n']).next());
                let is_plain =
                    |own: &&str| !own.is_empty() && own.chars().all(|c| c.is_alphanumeric() || c == '_');
                if let Some(field) = field.filter(is_plain) {
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
