//! Places: the variable or field an expression names.

use tollgate_core::Language;

use super::engine::Engine;
use super::state::{MAX_PATH, Place, Root, Taints};
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Whatever lies in a value, without its name.
pub(super) const INSIDE: &str = "[*]";

impl Engine<'_> {
    /// The class around a node; scripts have functions that make objects, and C++ methods outside of classes.
    pub(super) fn class_of(&self, id: NodeId) -> u32 {
        let tree = self.tree;
        let mut function = None;
        let mut at = Some(id);
        while let Some(own) = at {
            let node = tree.node(own);
            if node.kind == Kind::Class && own != id {
                return own.number();
            }
            if node.kind == Kind::Func && !node.has(flag::ARROW) && function.is_none() {
                function = Some(own);
            }
            at = tree.parent(own);
        }
        let (Some(function), Some(functions)) = (function, &self.functions) else { return 0 };
        if let Some(class) = functions.class_of.get(&function.number()) {
            return functions.class_number(*class);
        }
        let scripts = matches!(self.file.language(), Language::Javascript | Language::Typescript);
        if scripts && functions.makers.contains(&function.number()) { function.number() } else { 0 }
    }

    pub(super) fn is_this(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        node.kind == Kind::Name && self.this.contains(&node.symbol)
            || node.kind == Kind::Raw
                && self.file.language() == Language::Dart
                && self.file.node_text(id) == "this"
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
                    let place = if self.is_this(at) {
                        Place::of(Root::This(self.class_of(at)))
                    } else if self.file.node_text(at).starts_with('@') {
                        Place::of_field(self.class_of(at), node.symbol)
                    } else {
                        let inherited = self.inherited_field(at);
                        match self.file.names().definition_of(at) {
                            _ if inherited.is_some() => inherited?,
                            Some(definition) => {
                                let site = self.file.names().definition(definition).site;
                                let own = self.tree.node(site);
                                let is_field = matches!(own.kind, Kind::Assign | Kind::Declare)
                                    && (own.has(flag::FIELD) || self.is_member(site))
                                    || own.kind == Kind::Param && self.is_field_parameter(site);
                                if is_field {
                                    Place::of_field(self.class_of(site), node.symbol)
                                } else {
                                    Place::of(Root::Defined(definition.0))
                                }
                            }
                            None => Place::of(Root::Named(node.symbol)),
                        }
                    };
                    let (place, fits) = place.below(path.into_iter().rev());
                    return Some((place, whole && fits));
                }
                Kind::Member => {
                    path.push(self.field_name(self.tree.child(at, Role::Property)?));
                    let Some(object) = self.tree.child(at, Role::Object) else {
                        // Grammars without a node for `this` leave the object out.
                        return Some(self.below_this(at, path, whole));
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
                Kind::Raw if self.is_this(at) => {
                    return Some(self.below_this(at, path, whole));
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

    /// A field of the object whose code a node stands in, by its path from inside out.
    fn below_this(&self, at: NodeId, path: Vec<Symbol>, whole: bool) -> (Place, bool) {
        let this = Place::of(Root::This(self.class_of(at)));
        let (place, fits) = this.below(path.into_iter().rev());
        (place, whole && fits)
    }

    /// Whether a name is a call of a function without arguments.
    pub(super) fn is_bare_call(&self, id: NodeId) -> bool {
        self.file.language() == Language::Ruby
            && self.functions.as_ref().is_some_and(|all| all.by_name.contains_key(&self.tree.node(id).symbol))
            && !self.is_variable(id)
            && !matches!(self.tree.node(id).role, Role::Left | Role::Target | Role::Name | Role::Key)
    }

    /// Whether a name is that of a variable rather than of a function.
    pub(super) fn is_variable(&self, id: NodeId) -> bool {
        let names = self.file.names();
        names
            .definition_of(id)
            .is_some_and(|own| self.tree.node(names.definition(own).site).kind != Kind::Func)
    }

    /// A field that properties of another name read and write.
    fn field_name(&self, property: NodeId) -> Symbol {
        let own = self.tree.node(property).symbol;
        self.functions.as_ref().and_then(|all| all.aliases.get(&own).copied()).unwrap_or(own)
    }

    /// A parameter of a class is a field of its objects.
    fn is_field_parameter(&self, site: NodeId) -> bool {
        self.functions.is_some()
            && self.tree.parent(site).is_some_and(|parent| self.tree.node(parent).kind == Kind::Class)
    }

    /// A field of a base class of this file, which methods name without `this`.
    fn inherited_field(&self, id: NodeId) -> Option<Place> {
        let functions = self.functions.as_ref()?;
        if functions.fields.is_empty() {
            return None;
        }
        // Outside of its class a method of C++ seems to define what it assigns.
        let names = self.file.names();
        if let Some(definition) = names.definition_of(id).map(|own| names.definition(own)) {
            let site = self.tree.node(definition.site);
            if site.kind != Kind::Assign || site.has(flag::DECL) || self.file.language() != Language::Cpp {
                return None;
            }
        }
        let name = self.tree.node(id).symbol;
        let class = self.class_symbol(id)?;
        let has = functions
            .ancestors(class)
            .iter()
            .any(|own| functions.fields.get(own).is_some_and(|fields| fields.contains(&name)));
        has.then(|| Place::of_field(self.class_of(id), name))
    }

    /// Whether a parameter stands for the caller's variable itself.
    fn is_reference(&self, id: NodeId) -> bool {
        let names = self.file.names();
        let Some(definition) = names.definition_of(id).map(|own| names.definition(own)) else { return false };
        if !definition.is_parameter {
            return false;
        }
        let text = self.file.node_text(definition.site);
        match self.file.language() {
            Language::Cpp => text.contains('&'),
            Language::Php => text.starts_with('&'),
            Language::Csharp => text.starts_with("out ") || text.starts_with("ref "),
            Language::Swift => text.contains("inout"),
            _ => false,
        }
    }

    /// What becomes of a caller's value: everything in what it passed may have changed.
    pub(super) fn put_behind(&mut self, mut place: Place, taints: &Taints) {
        if self.functions.is_some()
            && !taints.is_empty()
            && place.path.len() < MAX_PATH
            && (self.state.part(&place).is_some() || matches!(place.root, Root::This(_)))
        {
            place.path.push(symbol(INSIDE));
            self.state.add(place, taints);
        }
    }

    fn is_member(&self, site: NodeId) -> bool {
        self.tree.parent(site).is_some_and(|parent| self.tree.node(parent).kind == Kind::ClassBody)
    }

    pub(super) fn write(&mut self, target: NodeId, taints: Taints) {
        let Some((place, whole)) = self.place(target) else { return };
        let part = self.state.part(&place);
        self.state.forget(&place);
        let kind = self.tree.node(target).kind;
        let behind = kind == Kind::Unary || !whole || kind == Kind::Name && self.is_reference(target);
        if whole {
            self.state.write(place.clone(), taints.clone());
        } else {
            self.state.pour(place.clone(), &taints);
        }
        if let Some(part) = part.filter(|_| behind) {
            self.state.note_part(place.clone(), part);
        }
        if behind {
            self.put_behind(place, &taints);
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
