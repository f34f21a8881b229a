//! Which functions of the file a call may mean.

use tollgate_core::Language;

use super::arguments::Argument;
use super::engine::Engine;
use super::functions::{plain_type, type_symbol};
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Functions of one name, each of which a call may mean.
const MAX_CANDIDATES: usize = 4;

/// Methods of strings and collections that give what these hold, in one language or another.
const COMMON_METHODS: [&str; 50] = [
    "at",
    "concat",
    "copy",
    "decode",
    "encode",
    "entries",
    "fetch",
    "filter",
    "find",
    "first",
    "flat",
    "format",
    "get",
    "getlist",
    "getAll",
    "getOrDefault",
    "getProperty",
    "getString",
    "getValue",
    "items",
    "join",
    "keys",
    "last",
    "lower",
    "map",
    "next",
    "peek",
    "pop",
    "poll",
    "read",
    "readline",
    "readLine",
    "readlines",
    "replace",
    "reverse",
    "setdefault",
    "shift",
    "slice",
    "sort",
    "split",
    "strip",
    "substring",
    "title",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "to_s",
    "trim",
    "upper",
    "values",
];

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

    /// Whether a method was found by its name alone, and strings and collections have one of that name too.
    pub(super) fn is_guessed(&self, callee: NodeId, receiver: NodeId) -> bool {
        let Some(property) = self.tree.child(callee, Role::Property) else { return false };
        if !COMMON_METHODS.contains(&self.file.node_text(property)) {
            return false;
        }
        let name = self.tree.node(property).symbol;
        !self.is_super(receiver)
            && !self.is_this(receiver)
            && self.class_of_value(receiver).is_none_or(|class| self.methods(class, name).is_empty())
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
