//! What names refer to: definitions, imports and declared types.
//!
//! Scopes follow the tree. An imported name gets its full spelling as virtual nodes behind the last node of
//! the text, so that a pattern `os.system(...)` matches `s(...)` after `from os import system as s` with the
//! same code that matches everything else.

mod resolve;
mod types;

use rustc_hash::FxHashMap;

use crate::tree::{Kind, NodeId, ParsedFile, Role, Symbol};
pub(crate) use resolve::resolve;
pub(crate) use types::{declared_type, declared_type_at, has_type, spelled};

/// A definition of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefId(pub(crate) u32);

/// What a name stands for.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The defining name.
    pub name: NodeId,
    /// The construct that defines it: assignment, parameter, function, class, import, …
    pub site: NodeId,
    /// The declared type.
    pub type_node: Option<NodeId>,
    /// The value of its first assignment.
    pub value: Option<NodeId>,
    /// How many assignments write it.
    pub assignments: u32,
    /// Whether it is a parameter.
    pub is_parameter: bool,
    /// The full path of an import.
    pub path: Option<Vec<String>>,
    /// Every import that binds the name, in order.
    imports: Vec<(NodeId, Vec<String>)>,
}

/// Names of a file.
#[derive(Debug, Default)]
pub struct Names {
    first_virtual: u32,
    spelled: FxHashMap<u32, u32>,
    uses: Vec<u32>,
    definitions: Vec<Definition>,
    by_scope: FxHashMap<(u32, Symbol), u32>,
    imports: Vec<Vec<String>>,
}

impl Names {
    /// One past the last node that stands in the text.
    #[must_use]
    pub const fn first_virtual(&self) -> u32 {
        self.first_virtual
    }

    /// The full spelling of an imported name.
    #[must_use]
    pub fn spelled_out(&self, id: NodeId) -> Option<NodeId> {
        self.spelled.get(&id.0).map(|id| NodeId(*id))
    }

    /// What a name refers to, when it is defined in this file.
    #[must_use]
    pub fn definition_of(&self, id: NodeId) -> Option<DefId> {
        let own = *self.uses.get(id.index())?;
        (own != 0).then(|| DefId(own - 1))
    }

    /// A definition by id.
    #[must_use]
    pub fn definition(&self, id: DefId) -> &Definition {
        &self.definitions[id.0 as usize]
    }

    /// All definitions in order of appearance.
    pub fn definitions(&self) -> impl Iterator<Item = (DefId, &Definition)> {
        self.definitions.iter().enumerate().map(|(at, definition)| (DefId(at as u32), definition))
    }

    /// Paths of everything imported, in order.
    #[must_use]
    pub fn imports(&self) -> &[Vec<String>] {
        &self.imports
    }

    /// The field that `this.x` or `Class.x` reads.
    #[must_use]
    pub fn field_of(&self, file: &ParsedFile, id: NodeId) -> Option<DefId> {
        let tree = file.tree();
        let object = tree.child(id, Role::Object)?;
        let property = tree.child(id, Role::Property)?;
        let own = tree.node(object);
        if own.kind != Kind::Name {
            return None;
        }
        let this = matches!(file.node_text(object), "this" | "self" | "$this" | "cls" | "static");
        let class = if this {
            let mut at = tree.parent(id);
            loop {
                let node = at?;
                if tree.node(node).kind == Kind::Class {
                    break node;
                }
                at = tree.parent(node);
            }
        } else {
            let definition = self.definition(self.definition_of(object)?);
            (tree.node(definition.site).kind == Kind::Class).then_some(definition.site)?
        };
        self.by_scope.get(&(class.0, tree.node(property).symbol)).map(|id| DefId(*id))
    }
}

/// The names a construct may be looked up by.
pub(crate) fn heads(file: &ParsedFile, id: NodeId, mut each: impl FnMut(Symbol)) {
    let tree = file.tree();
    let node = tree.node(id);
    match node.kind {
        Kind::Name => name_heads(file, id, &mut each),
        Kind::Str | Kind::StrPart | Kind::Num | Kind::Bool | Kind::Null => each(node.symbol),
        Kind::Member => {
            if let Some(property) = tree.child(id, Role::Property) {
                each(tree.node(property).symbol);
            }
        }
        Kind::Call | Kind::New => {
            let Some(callee) = tree.child(id, Role::Callee) else { return };
            match tree.node(callee).kind {
                Kind::Name => name_heads(file, callee, &mut each),
                Kind::Member => {
                    if let Some(property) = tree.child(callee, Role::Property) {
                        each(tree.node(property).symbol);
                    }
                }
                _ => {}
            }
        }
        Kind::Func | Kind::Class => {
            let name = tree.child(id, Role::Name);
            let last = |name| match tree.node(name).kind {
                Kind::Member => tree.child(name, Role::Property).unwrap_or(name),
                _ => name,
            };
            if let Some(name) = name.map(last) {
                each(tree.node(name).symbol);
            }
        }
        _ => {}
    }
}

fn name_heads(file: &ParsedFile, id: NodeId, each: &mut impl FnMut(Symbol)) {
    let tree = file.tree();
    let own = tree.node(id).symbol;
    each(own);
    if let Some(full) = file.names().spelled_out(id) {
        let last = match tree.node(full).kind {
            Kind::Member => tree.child(full, Role::Property).unwrap_or(full),
            _ => full,
        };
        let symbol = tree.node(last).symbol;
        if symbol != own {
            each(symbol);
        }
    }
}
