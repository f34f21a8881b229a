//! Calls into other files: which function of which file they name.

use tollgate_core::Language;

use super::engine::Engine;
use crate::matching::ParsedFile;
use crate::names::Definition;
use crate::project::{Link, Side};
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Files that pass a name on.
const MAX_PASSES: u32 = 3;

/// A function of another file, as a call names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    pub(crate) files: Vec<usize>,
    class: Option<Symbol>,
    name: Symbol,
    /// The name the asking file gives it.
    alias: Symbol,
    is_default: bool,
    constructs: bool,
}

impl Ask {
    /// Whether the call makes an object.
    pub(crate) const fn constructs(&self) -> bool {
        self.constructs
    }
}

/// The functions of a file that a call from elsewhere means.
pub(crate) fn functions(side: &Side, ask: &Ask) -> Vec<NodeId> {
    let (file, all) = (&*side.parsed, &*side.functions);
    let tree = file.tree();
    if ask.constructs {
        let class = ask.class.unwrap_or(ask.name);
        if let Some(own) = all.constructors.get(&class) {
            return own.clone();
        }
    }
    let own = all.by_name.get(&ask.name).cloned().unwrap_or_default();
    let of_class = |id: &NodeId| all.class_of.get(&id.number()).copied();
    if let Some(class) = ask.class {
        for class in all.ancestors(class) {
            let fits: Vec<NodeId> = own.iter().copied().filter(|id| of_class(id) == Some(class)).collect();
            if !fits.is_empty() {
                return fits;
            }
        }
    } else {
        let free: Vec<NodeId> = own.iter().copied().filter(|id| of_class(id).is_none()).collect();
        if !free.is_empty() {
            return if free.len() == 1 { free } else { free[..1].to_vec() };
        }
    }
    if own.len() == 1 {
        return own;
    }
    if ask.is_default && own.is_empty() {
        return default_export(file, all.by_name.get(&ask.alias).map_or(&[][..], Vec::as_slice))
            .into_iter()
            .filter(|id| tree.node(*id).kind == Kind::Func)
            .collect();
    }
    Vec::new()
}

/// Whether all of these leave their work to those that implement them.
pub(crate) fn are_abstract(side: &Side, functions: &[NodeId]) -> bool {
    let tree = side.parsed.tree();
    functions.iter().all(|id| {
        tree.child(*id, Role::Body).is_none_or(|body| {
            let text = side.parsed.node_text(body).trim();
            text.is_empty() || text == "pass" || text.starts_with("raise NotImplementedError")
        })
    })
}

/// The same asked of the classes of a file that implement or extend the one that is asked for.
pub(crate) fn implementing(side: &Side, ask: &Ask) -> Vec<NodeId> {
    let Some(class) = ask.class else { return Vec::new() };
    let all = &*side.functions;
    let Some(own) = all.by_name.get(&ask.name) else { return Vec::new() };
    let classes: Vec<Symbol> = all.descendants(class).into_iter().filter(|own| *own != class).collect();
    let of = |id: &NodeId| all.class_of.get(&id.number()).is_some_and(|own| classes.contains(own));
    own.iter().copied().filter(of).collect()
}

/// What `module.exports = …` and `export default …` give.
fn default_export(file: &ParsedFile, named_alike: &[NodeId]) -> Option<NodeId> {
    let tree = file.tree();
    let function = |id: NodeId| match tree.node(id).kind {
        Kind::Func => Some(id),
        Kind::Name => {
            let definition = file.names().definition(file.names().definition_of(id)?);
            match definition.value {
                Some(value) if tree.node(value).kind == Kind::Func => Some(value),
                _ => (tree.node(definition.site).kind == Kind::Func).then_some(definition.site),
            }
        }
        _ => None,
    };
    for id in file.index().of_kind(Kind::Export) {
        if tree.node(*id).has(flag::DEFAULT)
            && let Some(found) = tree.child(*id, Role::Value).and_then(function)
        {
            return Some(found);
        }
    }
    for id in file.index().of_kind(Kind::Assign) {
        if tree.child(*id, Role::Left).is_some_and(|left| file.node_text(left) == "module.exports")
            && let Some(found) = tree.child(*id, Role::Right).and_then(function)
        {
            return Some(found);
        }
    }
    match named_alike {
        [one] => Some(*one),
        _ => None,
    }
}

/// Where a name that a file only passes on comes from.
pub(crate) fn passed_on(link: &Link<'_>, side: &Side, ask: &Ask, passes: u32) -> Vec<Ask> {
    if passes >= MAX_PASSES {
        return Vec::new();
    }
    let file = &*side.parsed;
    let tree = file.tree();
    let wanted = ask.class.unwrap_or(ask.name);
    let mut asks = Vec::new();
    for (_, definition) in file.names().definitions() {
        if definition.path.is_some()
            && tree.node(definition.name).symbol == wanted
            && let Some((module, item)) = imported(file, definition)
        {
            let files = link.module(side.file, &module, item.as_deref());
            let mut next = Ask { files, ..ask.clone() };
            if let Some(item) = item {
                match next.class {
                    Some(_) => next.class = Some(symbol(&item)),
                    None => next.name = symbol(&item),
                }
            }
            asks.push(next);
        }
    }
    if matches!(file.language(), Language::Javascript | Language::Typescript) {
        for id in file.index().of_kind(Kind::Export) {
            let module = tree.children(*id).filter(|child| tree.node(*child).kind == Kind::Str).last();
            if let Some(module) = module {
                let text = file.contents(module).of(file.text());
                let mut next = Ask { files: link.module(side.file, text, None), ..ask.clone() };
                // `export { a, b as c } from` passes on what it names.
                if let Some((_, list)) = file.node_text(*id).split_once('{') {
                    let list = list.split('}').next().unwrap_or_default();
                    let named = list.split(',').find_map(|own| {
                        let own = own.trim();
                        let (name, alias) = own.split_once(" as ").unwrap_or((own, own));
                        (symbol(alias.trim()) == wanted).then(|| symbol(name.trim()))
                    });
                    let Some(name) = named else { continue };
                    match next.class {
                        Some(_) => next.class = Some(name),
                        None => next.name = name,
                    }
                }
                asks.push(next);
            }
        }
    }
    asks.retain(|ask| !ask.files.is_empty());
    asks
}

/// The module an import names as written, and what it takes from it.
pub(super) fn imported(file: &ParsedFile, definition: &Definition) -> Option<(String, Option<String>)> {
    let tree = file.tree();
    let path = definition.path.as_ref()?;
    let site = definition.site;
    match tree.node(site).kind {
        Kind::Import => {
            let module = tree.child(site, Role::Module)?;
            let text = match tree.node(module).kind {
                Kind::Str => file.contents(module).of(file.text()),
                _ => file.node_text(module),
            };
            let item = if tree.child(site, Role::Item).is_some() {
                path.last().cloned()
            } else if tree.node(site).has(flag::DEFAULT) {
                Some("default".to_owned())
            } else {
                None
            };
            Some((text.split_whitespace().collect(), item))
        }
        _ => Some((path.first()?.clone(), path.get(1).cloned())),
    }
}

impl Engine<'_> {
    /// The function of another file that a call names.
    pub(super) fn ask(
        &self,
        link: &Link<'_>,
        call: NodeId,
        callee: NodeId,
        receiver: Option<NodeId>,
    ) -> Option<Ask> {
        let tree = self.tree;
        let names = self.file.names();
        let node = tree.node(callee);
        let here = link.file();
        let is_new = tree.node(call).kind == Kind::New;
        let capital = |id: NodeId| self.file.node_text(id).starts_with(char::is_uppercase);
        let definition = |id: NodeId| names.definition_of(id).map(|own| names.definition(own));
        if self.is_super(callee) {
            let class = self.class_symbol(callee)?;
            let ask = Ask { name: symbol("constructor"), constructs: true, ..Ask::default() };
            return self.ask_base(link, class, ask);
        }
        if let (Kind::Name, _) = (node.kind, receiver) {
            let own = definition(callee);
            let constructs = is_new || capital(callee);
            let mut ask = Ask { name: node.symbol, alias: node.symbol, constructs, ..Ask::default() };
            match own {
                Some(own) => {
                    let (module, item) = imported(self.file, own)?;
                    ask.files = link.module(here, &module, item.as_deref());
                    match item.as_deref() {
                        Some("default") | None => ask.is_default = true,
                        Some(item) => ask.name = symbol(item),
                    }
                    if ask.files.is_empty() {
                        ask.files = link.of_class(here, ask.name);
                    }
                }
                None if constructs => ask.files = link.of_class(here, node.symbol),
                None => {
                    let implicit = matches!(
                        self.file.language(),
                        Language::Java
                            | Language::Kotlin
                            | Language::Csharp
                            | Language::Ruby
                            | Language::Scala
                    );
                    let class = self.class_symbol(callee).filter(|_| implicit);
                    if let Some(base) = class.and_then(|class| self.ask_base(link, class, ask.clone())) {
                        return Some(base);
                    }
                    ask.files = match self.file.language() {
                        Language::Go => link.beside(here),
                        Language::Php | Language::Ruby => link.included(self.file),
                        _ => return None,
                    };
                }
            }
            if constructs {
                ask.class = Some(ask.name);
            }
            return Some(ask).filter(|ask| !ask.files.is_empty());
        }
        let property = tree.child(callee, Role::Property)?;
        let mut ask = Ask { name: tree.node(property).symbol, alias: node.symbol, ..Ask::default() };
        let receiver = receiver?;
        let is_name = tree.node(receiver).kind == Kind::Name;
        if self.is_this(receiver) || self.is_super(receiver) {
            let class = self.class_symbol(callee)?;
            return self.ask_base(link, class, ask);
        }
        if is_name && let Some(own) = definition(receiver) {
            if let Some((module, item)) = imported(self.file, own) {
                ask.files = link.module(here, &module, item.as_deref());
                ask.alias = tree.node(receiver).symbol;
                if capital(receiver) {
                    let class = item.filter(|item| item != "default").map(|item| symbol(&item));
                    ask.class = Some(class.unwrap_or(tree.node(receiver).symbol));
                    ask.constructs = ask.name == symbol("new");
                }
                if ask.files.is_empty() {
                    ask.files = link.of_class(here, tree.node(receiver).symbol);
                }
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
        } else if is_name {
            let own = tree.node(receiver).symbol;
            let text = self.file.node_text(receiver);
            if self.file.language() == Language::Python
                && names.imports().iter().any(|path| path.len() == 1 && path[0] == text)
            {
                ask.files = link.module(here, text, None);
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
            if self.file.language() == Language::Go {
                ask.files = self.go_package(link, own);
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
            if capital(receiver) {
                ask.class = Some(own);
                ask.constructs = ask.name == symbol("new");
                ask.files = link.of_class(here, own);
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
        }
        if self.file.language() == Language::Python && tree.node(receiver).kind == Kind::Member {
            let files = link.module(here, self.file.node_text(receiver), None);
            if !files.is_empty() {
                return Some(Ask { files, ..ask });
            }
        }
        let class = self.class_of_value(receiver).or_else(|| self.class_of_field(receiver))?;
        if self.functions.as_ref().is_some_and(|all| all.classes.contains_key(&class)) {
            return self.ask_base(link, class, ask);
        }
        ask.class = Some(class);
        ask.files = self.files_of_class(link, class);
        Some(ask).filter(|ask| !ask.files.is_empty())
    }

    /// The method of a class of this file that it inherits from one of another.
    fn ask_base(&self, link: &Link<'_>, class: Symbol, ask: Ask) -> Option<Ask> {
        let functions = self.functions.as_ref()?;
        let foreign =
            functions.ancestors(class).into_iter().filter(|own| !functions.classes.contains_key(own));
        for base in foreign {
            let files = self.files_of_class(link, base);
            if !files.is_empty() {
                let constructor = ["__init__", "constructor", "__construct", "initialize"].map(symbol);
                let constructs = constructor.contains(&ask.name);
                return Some(Ask { class: Some(base), files, constructs, ..ask });
            }
        }
        None
    }

    /// The files an imported or a project's class may be defined in.
    fn files_of_class(&self, link: &Link<'_>, class: Symbol) -> Vec<usize> {
        let tree = self.tree;
        for (_, definition) in self.file.names().definitions() {
            if definition.path.is_some()
                && tree.node(definition.name).symbol == class
                && let Some((module, item)) = imported(self.file, definition)
            {
                let files = link.module(link.file(), &module, item.as_deref());
                if !files.is_empty() {
                    return files;
                }
            }
        }
        if self.file.language() == Language::Go {
            return link.beside(link.file());
        }
        link.of_class(link.file(), class)
    }

    fn go_package(&self, link: &Link<'_>, name: Symbol) -> Vec<usize> {
        let tree = self.tree;
        for import in self.file.index().of_kind(Kind::Import) {
            let Some(module) = tree.child(*import, Role::Module) else { continue };
            let text = self.file.contents(module).of(self.file.text());
            let own = match tree.child(*import, Role::Alias) {
                Some(alias) => tree.node(alias).symbol,
                None => symbol(text.rsplit('/').next().unwrap_or(text)),
            };
            if own == name {
                return link.module(link.file(), text, None);
            }
        }
        Vec::new()
    }

    /// The class of what a method of the same file stored in a field.
    fn class_of_field(&self, receiver: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        if tree.node(receiver).kind != Kind::Member && !self.file.node_text(receiver).starts_with('@') {
            return None;
        }
        let text = self.file.node_text(receiver);
        let stored = self.file.index().of_kind(Kind::Assign).iter().find_map(|id| {
            let left = tree.child(*id, Role::Left)?;
            let right = tree.child(*id, Role::Right)?;
            (self.file.node_text(left) == text).then_some(right)
        })?;
        matches!(tree.node(stored).kind, Kind::New | Kind::Call | Kind::Member | Kind::Name)
            .then(|| self.class_of_value(stored))?
    }
}
