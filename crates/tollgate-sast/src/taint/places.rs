//! Places: the variable or field an expression names.

use super::engine::Engine;
use super::state::{MAX_PATH, Place, Root, Taints};
use crate::tree::{Kind, NodeId, Role, Symbol, flag};

impl Engine<'_> {
    /// The class around a node.
    pub(super) fn class_of(&self, id: NodeId) -> u32 {
        let mut at = id;
        while let Some(parent) = self.tree.parent(at) {
            if self.tree.node(parent).kind == Kind::Class {
                return parent.number();
            }
            at = parent;
        }
        0
    }

    pub(super) fn is_this(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        node.kind == Kind::Name && self.this.contains(&node.symbol)
    }

    /// The variable or field a node names; `true` when it names all of it.
    pub(super) fn place(&self, id: NodeId) -> Option<(Place, bool)> {
        let mut path = Vec::new();
        let mut whole = true;
        let mut at = id;
        for _ in 0..64 {
            let node = self.tree.node(at);
            match node.kind {
                Kind::Name => {
                    if self.is_bare_call(at) {
                        return None;
                    }
                    let mut place = if self.is_this(at) {
                        Place::of(Root::This(self.class_of(at)))
                    } else if self.file.node_text(at).starts_with('@') {
                        Place { root: Root::This(self.class_of(at)), path: vec![node.symbol] }
                    } else {
                        match self.file.names().definition_of(at) {
                            Some(definition) => {
                                let site = self.file.names().definition(definition).site;
                                let own = self.tree.node(site);
                                let is_field = matches!(own.kind, Kind::Assign | Kind::Declare)
                                    && (own.has(flag::FIELD) || self.is_member(site));
                                if is_field {
                                    Place { root: Root::This(self.class_of(site)), path: vec![node.symbol] }
                                } else {
                                    Place::of(Root::Defined(definition.0))
                                }
                            }
                            None => Place::of(Root::Named(node.symbol)),
                        }
                    };
                    path.reverse();
                    place.path.extend(path);
                    if place.path.len() > MAX_PATH {
                        place.path.truncate(MAX_PATH);
                        whole = false;
                    }
                    return Some((place, whole));
                }
                Kind::Member => {
                    path.push(self.tree.node(self.tree.child(at, Role::Property)?).symbol);
                    let Some(object) = self.tree.child(at, Role::Object) else {
                        // Grammars without a node for `this` leave the object out.
                        let mut place = Place::of(Root::This(self.class_of(at)));
                        path.reverse();
                        place.path = path;
                        let fits = place.path.len() <= MAX_PATH;
                        place.path.truncate(MAX_PATH);
                        return Some((place, whole && fits));
                    };
                    at = object;
                }
                Kind::Index => {
                    let object = self.tree.child(at, Role::Object)?;
                    let index = self.tree.child(at, Role::Index);
                    match index.and_then(|index| self.index_key(object, index)) {
                        Some(key) => path.push(key),
                        None => {
                            path.clear();
                            whole = false;
                        }
                    }
                    at = object;
                }
                Kind::Unary => {
                    if !matches!(self.file.node_text(at).as_bytes().first(), Some(b'*' | b'&')) {
                        return None;
                    }
                    at = self.tree.child(at, Role::Operand)?;
                }
                Kind::Cast => {
                    at = self.tree.child(at, Role::Value)?;
                }
                Kind::Spread => at = self.tree.children(at).last()?,
                Kind::Declare => at = self.tree.child(at, Role::Name)?,
                _ => return None,
            }
        }
        None
    }

    /// Whether a name is a call of a function without arguments.
    pub(super) fn is_bare_call(&self, id: NodeId) -> bool {
        self.file.language() == tollgate_core::Language::Ruby
            && self.functions.as_ref().is_some_and(|all| all.by_name.contains_key(&self.tree.node(id).symbol))
            && self.file.names().definition_of(id).is_none()
            && !matches!(self.tree.node(id).role, Role::Left | Role::Target | Role::Name | Role::Key)
    }

    fn is_member(&self, site: NodeId) -> bool {
        self.tree.parent(site).is_some_and(|parent| self.tree.node(parent).kind == Kind::ClassBody)
    }

    pub(super) fn write(&mut self, target: NodeId, taints: Taints) {
        let Some((place, whole)) = self.place(target) else { return };
        self.state.forget(&place);
        if whole {
            self.state.write(place, taints);
        } else {
            self.state.pour(place, &taints);
        }
    }

    /// The key an element is kept under, where it is the same on every path.
    fn index_key(&self, object: NodeId, index: NodeId) -> Option<Symbol> {
        if self.tree.node(index).kind == Kind::Unary {
            let (object, _) = self.place(object)?;
            return self.element(&object, index);
        }
        self.element(&Place::of(Root::This(0)), index)
    }
}
