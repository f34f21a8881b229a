//! Definitions of a file and what each name of it refers to.

mod members;

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::{Definition, Names};
use crate::tree::lower::raw_of;
use crate::tree::{Kind, Node, NodeId, Role, Symbol, Tree, flag, symbol};
use members::Holder;

const fn has_block_scope(language: Language) -> bool {
    !matches!(
        language,
        Language::Python | Language::Ruby | Language::Php | Language::Bash | Language::Terraform
    )
}

struct Resolver<'a> {
    language: Language,
    text: &'a str,
    tree: &'a Tree,
    names: Names,
    /// Innermost last: the scope's node and one past its last descendant.
    scopes: Vec<(u32, u32)>,
    /// Names a function declares to be defined outside of it.
    outside: FxHashSet<(u32, Symbol)>,
    /// Further definitions of a name in one scope, each of which hides those before, and where it is made.
    hiding: FxHashMap<(u32, Symbol), Vec<(NodeId, u32)>>,
    /// How often members of a name are written.
    members: FxHashMap<(Holder, Symbol), u32>,
}

/// Resolves the names of a file and spells out imported ones.
pub(crate) fn resolve(language: Language, text: &str, tree: &mut Tree) -> Names {
    let first_virtual = tree.nodes.len() as u32;
    let mut resolver = Resolver {
        language,
        text,
        tree,
        names: Names { first_virtual, uses: vec![0; tree.nodes.len()], ..Names::default() },
        scopes: vec![(0, first_virtual)],
        outside: FxHashSet::default(),
        hiding: FxHashMap::default(),
        members: FxHashMap::default(),
    };
    for at in 1..first_virtual {
        resolver.enter(at);
        resolver.define(NodeId(at));
    }
    resolver.scopes.truncate(1);
    for at in 1..first_virtual {
        resolver.enter(at);
        resolver.define_undeclared(NodeId(at));
    }
    resolver.scopes.truncate(1);
    for at in 1..first_virtual {
        resolver.enter(at);
        resolver.use_name(NodeId(at));
    }
    resolver.count_members();
    let mut names = resolver.names;
    spell_out(tree, &mut names);
    names
}

impl Resolver<'_> {
    fn text_of(&self, id: NodeId) -> &str {
        let node = self.tree.node(id);
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    fn contents_of(&self, id: NodeId) -> &str {
        let node = self.tree.node(id);
        let text = self.text_of(id);
        let (open, close) = ((node.aux >> 16) as usize, (node.aux & 0xffff) as usize);
        text.get(open..text.len().saturating_sub(close)).unwrap_or(text)
    }

    fn enter(&mut self, at: u32) {
        while self.scopes.len() > 1 && self.scopes.last().is_some_and(|(_, end)| *end <= at) {
            self.scopes.pop();
        }
        let node = &self.tree.nodes[at as usize];
        let opens = match node.kind {
            Kind::Func | Kind::Class => true,
            // What `guard let` of Swift names holds from there on.
            Kind::If if self.language == Language::Swift && node.raw == raw_of("guard_statement") => false,
            Kind::Block | Kind::For | Kind::ForEach | Kind::Catch | Kind::Try | Kind::Switch | Kind::If => {
                has_block_scope(self.language)
            }
            _ => false,
        };
        if opens {
            self.scopes.push((at, node.next));
        }
    }

    fn function_scope(&self) -> u32 {
        let is_function = |scope: &&(u32, u32)| {
            matches!(self.tree.nodes[scope.0 as usize].kind, Kind::Func | Kind::Class | Kind::Module)
        };
        self.scopes.iter().rev().find(is_function).map_or(0, |scope| scope.0)
    }

    fn current_scope(&self) -> u32 {
        self.scopes.last().map_or(0, |scope| scope.0)
    }

    fn outer_scope(&self) -> u32 {
        let at = self.scopes.len().saturating_sub(2);
        self.scopes.get(at).map_or(0, |scope| scope.0)
    }

    fn add(
        &mut self,
        scope: u32,
        name: NodeId,
        site: NodeId,
        type_node: Option<NodeId>,
        path: Option<Vec<String>>,
    ) {
        let symbol = self.tree.node(name).symbol;
        let mut scope = scope;
        if !self.outside.is_empty() && self.outside.contains(&(scope, symbol)) {
            let outer = self.scopes.iter().rev().map(|own| own.0).skip_while(|own| *own != scope).skip(1);
            let known = outer.into_iter().find(|own| self.names.by_scope.contains_key(&(*own, symbol)));
            scope = known.unwrap_or(0);
        }
        if let Some(path) = &path {
            self.names.imports.push(path.clone());
        }
        // A second `let` of Rust makes another variable.
        let hides = self.language == Language::Rust
            && self.tree.node(site).kind == Kind::Assign
            && self.names.by_scope.contains_key(&(scope, symbol));
        if let Some(known) = self.names.by_scope.get(&(scope, symbol)).filter(|_| !hides) {
            let definition = &mut self.names.definitions[*known as usize];
            if definition.type_node.is_none() {
                definition.type_node = type_node;
            }
            if let Some(path) = path {
                definition.imports.push((site, path.clone()));
                definition.path = Some(path);
            }
            return;
        }
        let id = self.names.definitions.len() as u32;
        let is_parameter = self.tree.node(site).kind == Kind::Param;
        self.names.definitions.push(Definition {
            name,
            site,
            type_node,
            value: None,
            assignments: 0,
            is_parameter,
            imports: path.iter().map(|path| (site, path.clone())).collect(),
            path,
        });
        if hides {
            self.hiding.entry((scope, symbol)).or_default().push((site, id));
            return;
        }
        self.names.by_scope.insert((scope, symbol), id);
        // Classes and functions of PHP are known by their names in any case.
        if self.language == Language::Php
            && matches!(self.tree.node(site).kind, Kind::Import | Kind::Class | Kind::Func)
        {
            let folded = crate::tree::symbol(&self.text_of(name).to_ascii_lowercase());
            self.names.by_scope.entry((scope, folded)).or_insert(id);
        }
    }

    /// Every name of a destructuring target.
    fn add_targets(&mut self, scope: u32, target: NodeId, site: NodeId, type_node: Option<NodeId>) {
        match self.tree.node(target).kind {
            Kind::Name => self.add(scope, target, site, type_node, None),
            Kind::Tuple | Kind::List | Kind::Dict | Kind::Spread | Kind::Assign => {
                for id in self.tree.subtree(target) {
                    let node = self.tree.node(id);
                    if node.kind == Kind::Name
                        && !matches!(node.role, Role::Key | Role::Property | Role::Object)
                    {
                        self.add(scope, id, site, None, None);
                    }
                }
            }
            _ => {}
        }
    }

    fn define(&mut self, id: NodeId) {
        let tree = self.tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Assign => {
                let declared = node.has(flag::DECL | flag::SHORT | flag::FIELD);
                if !declared && has_block_scope(self.language) {
                    return;
                }
                let var = node.has(flag::VAR)
                    && matches!(self.language, Language::Javascript | Language::Typescript);
                let scope = if var || !has_block_scope(self.language) {
                    self.function_scope()
                } else {
                    self.current_scope()
                };
                if let Some(left) = tree.child(id, Role::Left) {
                    self.add_targets(scope, left, id, tree.child(id, Role::Type));
                    self.required(scope, id, left);
                }
            }
            // `#define N 10` of C.
            Kind::Raw if self.is_macro(node) => {
                let value = tree.child(id, Role::Value);
                let known = value.filter(|own| matches!(tree.node(*own).kind, Kind::Num | Kind::Str));
                if let (Some(name), Some(value)) = (tree.child(id, Role::Name), known) {
                    self.add(0, name, id, None, None);
                    let own = self.names.by_scope.get(&(0, tree.node(name).symbol)).copied();
                    if let Some(definition) = own.and_then(|own| self.names.definitions.get_mut(own as usize))
                    {
                        // The literal says the type; the value is what the file says when it is compiled.
                        definition.assignments += 2;
                        definition.value = definition.value.or(Some(value));
                    }
                }
            }
            Kind::Declare => {
                let scope = self.current_scope();
                if let Some(name) = tree.child(id, Role::Name) {
                    self.add_targets(scope, name, id, tree.child(id, Role::Type));
                }
            }
            Kind::Param => {
                let scope = self.function_scope();
                // `constructor(private a: T)` declares a field as well.
                let script = matches!(self.language, Language::Javascript | Language::Typescript);
                let is_class = |own: &&(u32, u32)| tree.nodes[own.0 as usize].kind == Kind::Class;
                if script
                    && let Some(_) = tree.child(id, Role::Modifier)
                    && let Some((class, _)) = self.scopes.iter().rev().find(is_class).copied()
                    && let Some(name) = tree.child(id, Role::Name)
                {
                    self.add_targets(class, name, id, tree.child(id, Role::Type));
                }
                if let Some(name) = tree.child(id, Role::Name) {
                    self.add_targets(scope, name, id, tree.child(id, Role::Type));
                }
            }
            Kind::ForEach | Kind::CompFor => {
                let scope =
                    if has_block_scope(self.language) { self.current_scope() } else { self.function_scope() };
                if let Some(target) = tree.child(id, Role::Target) {
                    self.add_targets(scope, target, id, tree.child(id, Role::Type));
                }
            }
            Kind::WithItem => {
                let scope = self.function_scope();
                if let Some(alias) = tree.child(id, Role::Alias) {
                    self.add_targets(scope, alias, id, None);
                }
            }
            Kind::Catch => {
                let scope = self.current_scope();
                if let Some(name) = tree.child(id, Role::Name) {
                    self.add_targets(scope, name, id, tree.child(id, Role::Type));
                }
            }
            Kind::Func | Kind::Class => {
                let scope = self.outer_scope();
                if let Some(name) = tree.child(id, Role::Name)
                    && tree.node(name).kind == Kind::Name
                {
                    self.add(scope, name, id, None, None);
                }
            }
            Kind::Import => self.import(id),
            Kind::Global => {
                let scope = self.function_scope();
                for item in tree.children(id) {
                    self.outside.insert((scope, tree.node(item).symbol));
                }
            }
            _ => {}
        }
    }

    /// A name that is assigned but declared nowhere belongs to the function that assigns it.
    fn is_macro(&self, node: &Node) -> bool {
        matches!(self.language, Language::C | Language::Cpp) && node.raw == raw_of("preproc_def")
    }

    fn define_undeclared(&mut self, id: NodeId) {
        let tree = self.tree;
        if tree.node(id).kind != Kind::Assign || !has_block_scope(self.language) {
            return;
        }
        let Some(left) = tree.child(id, Role::Left).filter(|left| tree.node(*left).kind == Kind::Name) else {
            return;
        };
        if self.lookup(tree.node(left).symbol, left).is_none() {
            let scope = self.function_scope();
            self.add(scope, left, id, None, None);
        }
    }

    /// `const x = require("m")` imports.
    fn required(&mut self, scope: u32, id: NodeId, left: NodeId) {
        if !matches!(self.language, Language::Javascript | Language::Typescript) {
            return;
        }
        let tree = self.tree;
        let Some(call) = tree.child(id, Role::Right).filter(|right| tree.node(*right).kind == Kind::Call)
        else {
            return;
        };
        let callee = tree.child(call, Role::Callee);
        if callee.is_none_or(|callee| tree.node(callee).symbol != symbol("require")) {
            return;
        }
        let Some(argument) = tree.child(call, Role::Arg).filter(|id| tree.node(*id).kind == Kind::Str) else {
            return;
        };
        let module = self.contents_of(argument).to_owned();
        match tree.node(left).kind {
            Kind::Name => self.add(scope, left, id, None, Some(vec![module])),
            Kind::Dict => {
                for pair in tree.children(left) {
                    let (key, value) = match tree.node(pair).kind {
                        Kind::Name => (pair, pair),
                        _ => match (tree.child(pair, Role::Key), tree.child(pair, Role::Value)) {
                            (Some(key), Some(value)) => (key, value),
                            _ => continue,
                        },
                    };
                    let path = vec![module.clone(), self.text_of(key).to_owned()];
                    self.add(scope, value, id, None, Some(path));
                }
            }
            _ => {}
        }
    }

    fn dotted(&self, id: NodeId) -> Vec<String> {
        let text = match self.tree.node(id).kind {
            Kind::Str => self.contents_of(id),
            _ => self.text_of(id),
        };
        match self.language {
            Language::Javascript | Language::Typescript => vec![text.to_owned()],
            Language::Go => {
                // The package is named after the last part, major versions aside.
                let mut parts = text.rsplit('/');
                let last = parts.next().unwrap_or(text);
                let version = last.strip_prefix('v').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
                let name = if version { parts.next().unwrap_or(last) } else { last };
                let name = name.split(".v").next().unwrap_or(name);
                vec![name.to_owned()]
            }
            _ => text
                .split(['.', ':', '\\'])
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    fn import(&mut self, id: NodeId) {
        let tree = self.tree;
        let node = tree.node(id);
        let Some(module) = tree.child(id, Role::Module) else { return };
        let path = self.dotted(module);
        let scope = self.current_scope();
        let items: Vec<NodeId> = tree.children_of(id, Role::Item).collect();
        for item in &items {
            let Some(name) = tree.child(*item, Role::Name) else { continue };
            let mut full = path.clone();
            full.extend(self.dotted_item(name));
            let named = tree.child(*item, Role::Alias).unwrap_or(name);
            // `use a::{b::c}` of Rust brings `c`.
            let named = match tree.node(named).kind {
                Kind::Member => tree.child(named, Role::Property).unwrap_or(named),
                _ => named,
            };
            self.add(scope, named, id, None, Some(full));
        }
        if !items.is_empty() {
            return;
        }
        if node.has(flag::WILDCARD) && tree.child(id, Role::Alias).is_none() {
            let mut full = path;
            full.push("*".to_owned());
            self.names.imports.push(full);
            return;
        }
        if let Some(alias) = tree.child(id, Role::Alias) {
            self.add(scope, alias, id, None, Some(path));
            return;
        }
        match self.language {
            // `import a.b` binds `a`, which spells itself.
            Language::Python => self.names.imports.push(path),
            Language::Go => self.names.imports.push(path),
            // `using A.B` brings whatever `A.B` holds.
            Language::Csharp => {
                let mut full = path.clone();
                full.push("*".to_owned());
                self.names.imports.extend([path, full]);
            }
            Language::Java | Language::Kotlin | Language::Scala | Language::Php | Language::Rust => {
                let last = match tree.node(module).kind {
                    Kind::Member => tree.child(module, Role::Property).unwrap_or(module),
                    _ => module,
                };
                self.add(scope, last, id, None, Some(path));
            }
            _ => self.names.imports.push(path),
        }
    }

    fn dotted_item(&self, name: NodeId) -> Vec<String> {
        self.text_of(name).split(['.', ':']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn use_name(&mut self, id: NodeId) {
        let tree = self.tree;
        let node = tree.node(id);
        if node.kind == Kind::Name && !matches!(node.role, Role::Property | Role::Label | Role::Modifier) {
            let key = node.role == Role::Key && !matches!(self.language, Language::Python);
            if !key && let Some(definition) = self.lookup(node.symbol, id) {
                self.names.uses[id.index()] = definition + 1;
            }
        }
        // Targets come after the node itself in preorder, so they are looked up here.
        if matches!(
            node.kind,
            Kind::Assign | Kind::AugAssign | Kind::ForEach | Kind::CompFor | Kind::WithItem
        ) {
            let target = tree
                .children(id)
                .find(|child| matches!(tree.node(*child).role, Role::Left | Role::Target | Role::Alias));
            let Some(target) = target else { return };
            let single = tree.node(target).kind == Kind::Name;
            self.note_member(target);
            let targets: Vec<NodeId> = match tree.node(target).kind {
                Kind::Name => vec![target],
                Kind::Tuple | Kind::List | Kind::Dict => {
                    tree.subtree(target).filter(|id| tree.node(*id).kind == Kind::Name).collect()
                }
                _ => Vec::new(),
            };
            for target in targets {
                if let Some(definition) = self.lookup(tree.node(target).symbol, target) {
                    let definition = &mut self.names.definitions[definition as usize];
                    definition.assignments += 1;
                    let plain = single && node.kind == Kind::Assign;
                    if plain && definition.value.is_none() {
                        definition.value = tree.child(id, Role::Right);
                    }
                }
            }
        }
    }

    fn lookup(&self, symbol: Symbol, at: NodeId) -> Option<u32> {
        let mut innermost = true;
        for (scope, _) in self.scopes.iter().rev() {
            let class = self.tree.nodes[*scope as usize].kind == Kind::Class;
            // A class body of Python is no scope for its methods.
            if !(class && !innermost && self.language == Language::Python)
                && let Some(definition) = self.names.by_scope.get(&(*scope, symbol))
            {
                return Some(self.latest(*scope, symbol, at).unwrap_or(*definition));
            }
            innermost = innermost && !matches!(self.tree.nodes[*scope as usize].kind, Kind::Func);
        }
        None
    }
}

impl Resolver<'_> {
    /// The last definition of a name that hides the first one where the name is used.
    fn latest(&self, scope: u32, symbol: Symbol, at: NodeId) -> Option<u32> {
        if self.hiding.is_empty() {
            return None;
        }
        let holds = |site: NodeId| {
            let left = self.tree.child(site, Role::Left);
            self.tree.node(site).next <= at.0 || left.is_some_and(|left| self.tree.contains(left, at))
        };
        let hiding = self.hiding.get(&(scope, symbol))?;
        hiding.iter().rev().find(|(site, _)| holds(*site)).map(|(_, definition)| *definition)
    }
}

/// Appends the full spelling of every imported name that is used.
fn spell_out(tree: &mut Tree, names: &mut Names) {
    for at in 1..names.first_virtual {
        let id = NodeId(at);
        let node = *tree.node(id);
        if node.kind != Kind::Name || matches!(node.role, Role::Alias | Role::Key | Role::Module) {
            continue;
        }
        let Some(definition) = names.definition_of(id) else { continue };
        // An import counts from where it stands, until the next one.
        let imports = &names.definitions[definition.0 as usize].imports;
        let Some((_, path)) = imports.iter().rev().find(|(site, _)| *site <= id).cloned() else { continue };
        let itself = path.len() == 1 && symbol(&path[0]) == node.symbol;
        if path.is_empty() || itself || path.len() > 40 {
            continue;
        }
        let in_import = tree
            .parent(id)
            .is_some_and(|parent| matches!(tree.node(parent).kind, Kind::Import | Kind::ImportItem));
        if in_import {
            continue;
        }
        let root = tree.nodes.len() as u32;
        append_path(tree, &node, &path);
        names.spelled.insert(at, root);
    }
}

fn append_path(tree: &mut Tree, node: &Node, path: &[String]) {
    let base = Node { flags: flag::VIRTUAL, aux: 0, ..*node };
    let start = tree.nodes.len() as u32;
    let depth = path.len() as u32 - 1;
    // Member nodes first, outermost first; then the names, each followed by the property of its parent.
    for level in 0..depth {
        tree.nodes.push(Node {
            kind: Kind::Member,
            role: if level == 0 { base.role } else { Role::Object },
            symbol: 0,
            parent: if level == 0 { base.parent } else { start + level - 1 },
            next: start + level + 1 + (depth - level) + (depth - level),
            ..base
        });
    }
    for (at, part) in path.iter().enumerate() {
        let at = at as u32;
        let id = tree.nodes.len() as u32;
        let parent = match (depth, at) {
            (0, _) => base.parent,
            (_, 0) => start + depth - 1,
            _ => start + depth - at,
        };
        tree.nodes.push(Node {
            kind: Kind::Name,
            role: match (depth, at) {
                (0, _) => base.role,
                (_, 0) => Role::Object,
                _ => Role::Property,
            },
            symbol: symbol(part),
            parent,
            next: id + 1,
            ..base
        });
    }
}
