//! The functions of a file, and which of them a call may mean.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::contexts::changed_globals;
use super::engine::Engine;
use crate::matching::ParsedFile;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

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

impl Engine<'_> {
    /// The functions of this file that a call may mean.
    pub(super) fn targets(&self, call: NodeId, callee: NodeId, receiver: Option<NodeId>) -> Vec<NodeId> {
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
        })
    }
}
