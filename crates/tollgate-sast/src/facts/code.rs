//! Reading a tree: calls, strings, decorators and the functions that may handle requests.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::{Language, RepoPath};

use super::{Function, MAX_FUNCTIONS, Stretch, Target, inputs};
use crate::matching::{Constant, ParsedFile};
use crate::scanner::lines::Lines;
use crate::tree::{Kind, NodeId, Role};

/// How far chains of calls and values are followed.
const MAX_DEPTH: usize = 12;
const MAX_REACHED: usize = 64;

/// A file and the functions found worth keeping.
pub(super) struct Code<'f> {
    pub(super) file: &'f ParsedFile,
    pub(super) path: &'f RepoPath,
    lines: Lines,
    functions: Vec<Function>,
    numbers: FxHashMap<NodeId, usize>,
    by_name: FxHashMap<&'f str, Vec<NodeId>>,
}

impl<'f> Code<'f> {
    pub(super) fn new(file: &'f ParsedFile, path: &'f RepoPath) -> Self {
        let mut by_name: FxHashMap<&str, Vec<NodeId>> = FxHashMap::default();
        for id in file.index().of_kind(Kind::Func) {
            if let Some(name) = file.tree().child(*id, Role::Name) {
                by_name.entry(file.node_text(name)).or_default().push(*id);
            }
        }
        Self {
            file,
            path,
            lines: Lines::new(file.text()),
            functions: Vec::new(),
            numbers: FxHashMap::default(),
            by_name,
        }
    }

    pub(super) fn language(&self) -> Language {
        self.file.language()
    }

    pub(super) fn kind(&self, id: NodeId) -> Kind {
        self.file.tree().node(id).kind
    }

    pub(super) fn text(&self, id: NodeId) -> &'f str {
        self.file.node_text(id)
    }

    pub(super) fn child(&self, id: NodeId, role: Role) -> Option<NodeId> {
        self.file.tree().child(id, role)
    }

    pub(super) fn children(&self, id: NodeId, role: Role) -> Vec<NodeId> {
        self.file.tree().children_of(id, role).collect()
    }

    pub(super) fn has_word(&self, word: &str) -> bool {
        memchr::memmem::find(self.file.text().as_bytes(), word.as_bytes()).is_some()
    }

    /// The text of a node without white space, cut where it is longer than any known spelling.
    pub(super) fn compact(&self, id: NodeId) -> String {
        self.text(id).chars().filter(|c| !c.is_whitespace()).take(160).collect()
    }

    pub(super) fn stretch(&self, id: NodeId) -> Stretch {
        let span = self.file.span(id);
        let region = self.lines.region(span, self.file.text());
        let (start, end) = (region.start(), region.end());
        Stretch(span.start, span.end, start.line, start.column, end.line, end.column)
    }

    /// The value of a string, also of one that a name stands for.
    pub(super) fn string(&self, id: NodeId) -> Option<String> {
        let text = match self.kind(id) {
            Kind::Str => self.file.contents(id).of(self.file.text()).to_owned(),
            Kind::Template => {
                let tree = self.file.tree();
                let interpolated = tree.subtree(id).any(|part| tree.node(part).kind == Kind::Interp);
                let text = self.text(id).trim_matches(['"', '\'', '`']);
                (!interpolated).then(|| text.to_owned())?
            }
            Kind::Func | Kind::Dict | Kind::New => return None,
            _ => match self.file.constant(id)? {
                Constant::Str(text) => text.to_string(),
                _ => return None,
            },
        };
        let text =
            text.strip_prefix(':').filter(|_| self.language() == Language::Ruby).unwrap_or(&text).to_owned();
        (text.len() <= 500).then_some(text)
    }

    /// Object and name of what a call calls.
    pub(super) fn callee(&self, call: NodeId) -> Option<(Option<NodeId>, &'f str)> {
        let callee = self.child(call, Role::Callee)?;
        let (object, name) = match self.kind(callee) {
            Kind::Member => (self.child(callee, Role::Object), self.child(callee, Role::Property)?),
            _ => (None, callee),
        };
        Some((object, self.text(name).split('<').next().unwrap_or_default()))
    }

    /// Arguments without a name.
    pub(super) fn positional(&self, call: NodeId) -> Vec<NodeId> {
        let named = |id: &NodeId| matches!(self.kind(*id), Kind::KwArg | Kind::Pair);
        self.children(call, Role::Arg).into_iter().filter(|id| !named(id)).collect()
    }

    /// The argument of a name, also one in an object of options.
    pub(super) fn named(&self, call: NodeId, name: &str) -> Option<NodeId> {
        for argument in self.children(call, Role::Arg) {
            match self.kind(argument) {
                Kind::KwArg | Kind::Pair => {
                    let key = self.child(argument, Role::Key);
                    if key.is_some_and(|key| self.key(key) == name) {
                        return self.child(argument, Role::Value);
                    }
                }
                Kind::Dict => {
                    if let Some(value) = self.entry(argument, name) {
                        return Some(value);
                    }
                }
                _ => {}
            }
        }
        None
    }

    pub(super) fn entry(&self, dict: NodeId, name: &str) -> Option<NodeId> {
        self.children(dict, Role::Pair).into_iter().find_map(|pair| {
            let key = self.child(pair, Role::Key)?;
            (self.key(key) == name).then(|| self.child(pair, Role::Value)).flatten()
        })
    }

    pub(super) fn key(&self, key: NodeId) -> &'f str {
        self.text(key).trim_matches(['"', '\'', ':', '@'])
    }

    /// Every string of an argument: itself, or those of a list.
    pub(super) fn strings(&self, id: NodeId) -> Vec<String> {
        match self.kind(id) {
            Kind::List | Kind::Tuple | Kind::Set | Kind::Dict => {
                let elements = self.children(id, Role::Elem);
                elements.into_iter().filter_map(|element| self.string(element)).collect()
            }
            _ => self.string(id).into_iter().collect(),
        }
    }

    /// Decorators of a definition: the last part of the name, the expression, and the call if it is one.
    pub(super) fn decorators(&self, id: NodeId) -> Vec<(String, NodeId, Option<NodeId>)> {
        let mut found = Vec::new();
        for decorator in self.children(id, Role::Decorator) {
            let tree = self.file.tree();
            let Some(value) = tree.children(decorator).find(|child| tree.node(*child).role != Role::Target)
            else {
                continue;
            };
            let (name, call) = match self.kind(value) {
                Kind::Call | Kind::New => match self.child(value, Role::Callee) {
                    Some(callee) => (callee, Some(value)),
                    None => continue,
                },
                _ => (value, None),
            };
            let text = self.compact(name);
            let last = text.rsplit(['.', '\\']).next().unwrap_or(&text);
            found.push((last.trim_start_matches(['@', '[']).to_owned(), name, call));
        }
        found
    }

    /// The class around a node.
    pub(super) fn class_of(&self, id: NodeId) -> Option<NodeId> {
        let mut at = self.file.tree().parent(id);
        while let Some(node) = at {
            if self.kind(node) == Kind::Class {
                return Some(node);
            }
            at = self.file.tree().parent(node);
        }
        None
    }

    pub(super) fn name_of(&self, id: NodeId) -> Option<&'f str> {
        self.child(id, Role::Name).map(|name| self.text(name))
    }

    /// The value a name was first given.
    pub(super) fn value_of(&self, id: NodeId) -> Option<NodeId> {
        let names = self.file.names();
        let definition = match self.kind(id) {
            Kind::Name => names.definition_of(id)?,
            Kind::Member => names.field_of(self.file, id)?,
            _ => return None,
        };
        names.definition(definition).value
    }

    /// Keeps a function and gives its number.
    pub(super) fn keep(&mut self, id: NodeId) -> Option<usize> {
        if let Some(number) = self.numbers.get(&id) {
            return Some(*number);
        }
        if self.functions.len() >= MAX_FUNCTIONS {
            return None;
        }
        let reached = self.reached(id);
        let mut read = inputs::of(self, id);
        for other in &reached {
            read.extend(inputs::of(self, *other));
        }
        read.sort();
        read.dedup();
        read.truncate(100);
        let class = self.class_of(id).and_then(|class| self.name_of(class));
        let class = class.or_else(|| self.receiver(id)).map(str::to_owned);
        self.functions.push(Function {
            name: self.name_of(id).unwrap_or_default().to_owned(),
            class,
            stretch: self.stretch(id),
            inputs: read,
            reaches: reached.into_iter().map(|other| self.stretch(other)).collect(),
        });
        self.numbers.insert(id, self.functions.len() - 1);
        Some(self.functions.len() - 1)
    }

    /// The type a Go method belongs to.
    fn receiver(&self, id: NodeId) -> Option<&'f str> {
        let receiver = self.child(id, Role::Receiver)?;
        let text = self.text(receiver);
        text.rsplit([' ', '*', '('])
            .next()
            .map(|text| text.trim_end_matches(')'))
            .filter(|text| !text.is_empty())
    }

    /// Functions of this file that a function calls, directly or not.
    fn reached(&self, from: NodeId) -> Vec<NodeId> {
        let tree = self.file.tree();
        let (mut seen, mut open) = (FxHashSet::from_iter([from]), vec![from]);
        while let Some(at) = open.pop() {
            for call in tree.subtree(at).filter(|id| matches!(tree.node(*id).kind, Kind::Call | Kind::New)) {
                if seen.len() > MAX_REACHED {
                    break;
                }
                if let Some(called) = self.called(call)
                    && !tree.contains(from, called)
                    && seen.insert(called)
                {
                    open.push(called);
                }
            }
        }
        seen.remove(&from);
        let mut reached: Vec<NodeId> = seen.into_iter().collect();
        reached.sort_unstable();
        reached
    }

    fn called(&self, call: NodeId) -> Option<NodeId> {
        let callee = self.child(call, Role::Callee)?;
        match self.kind(callee) {
            Kind::Name => self.function_named(callee),
            Kind::Member => {
                let object = self.child(callee, Role::Object)?;
                let name = self.text(self.child(callee, Role::Property)?);
                let own = matches!(self.text(object), "this" | "self" | "$this" | "cls" | "static");
                let is_receiver = self.language() == Language::Go
                    && self.kind(object) == Kind::Name
                    && self.file.names().definition_of(object).is_some();
                let candidates = self.by_name.get(name).filter(|_| own || is_receiver)?;
                let class = self.class_of(call);
                let same =
                    candidates.iter().copied().find(|id| class.is_some() && self.class_of(*id) == class);
                same.or_else(|| (candidates.len() == 1).then(|| candidates[0]))
            }
            _ => None,
        }
    }

    /// The function of this file a name stands for.
    fn function_named(&self, name: NodeId) -> Option<NodeId> {
        let names = self.file.names();
        let Some(definition) = names.definition_of(name) else {
            // Methods called without an object, and functions of languages without scopes.
            let candidates = self.by_name.get(self.text(name))?;
            return (candidates.len() == 1).then(|| candidates[0]);
        };
        let definition = names.definition(definition);
        if self.kind(definition.site) == Kind::Func && !definition.is_parameter {
            return Some(definition.site);
        }
        definition.value.filter(|value| self.kind(*value) == Kind::Func)
    }

    /// What an expression given as a handler leads to, and its name.
    pub(super) fn target(&mut self, handler: NodeId) -> Option<(Target, Option<String>)> {
        self.target_at(handler, MAX_DEPTH)
    }

    fn target_at(&mut self, handler: NodeId, depth: usize) -> Option<(Target, Option<String>)> {
        let depth = depth.checked_sub(1)?;
        match self.kind(handler) {
            Kind::Func => Some((self.keep(handler).map_or(Target::Itself, Target::Local), None)),
            Kind::Name => {
                let name = self.text(handler).to_owned();
                if let Some(function) = self.function_named(handler) {
                    return Some((self.keep(function).map_or(Target::Itself, Target::Local), Some(name)));
                }
                if let Some(value) = self.value_of(handler).filter(|value| self.kind(*value) == Kind::Call) {
                    return self.target_at(value, depth);
                }
                let mut module = self.import_path(handler).unwrap_or_default();
                let name = if module.len() > 1 { module.pop().unwrap_or(name) } else { name };
                Some((Target::Named { module, class: None, name: name.clone() }, Some(name)))
            }
            Kind::Member => {
                let name = self.text(self.child(handler, Role::Property)?).to_owned();
                let object = self.child(handler, Role::Object)?;
                if matches!(self.text(object), "this" | "self" | "$this") {
                    let candidates = self.by_name.get(name.as_str()).cloned().unwrap_or_default();
                    if let Some(function) = candidates.first() {
                        return Some((
                            self.keep(*function).map_or(Target::Itself, Target::Local),
                            Some(name),
                        ));
                    }
                }
                let module = self.import_path(object).unwrap_or_default();
                let class = self.value_of(object).map(|value| self.compact(value));
                let class = class.map(|text| {
                    let text = text.trim_start_matches(['&', '*']).trim_start_matches("new");
                    text.split(['(', '{'])
                        .next()
                        .unwrap_or(text)
                        .rsplit('.')
                        .next()
                        .unwrap_or(text)
                        .to_owned()
                });
                Some((Target::Named { module, class, name: name.clone() }, Some(name)))
            }
            Kind::Call | Kind::New => {
                if let Some((Some(object), "as_view" | "as_asgi")) = self.callee(handler) {
                    return self.target_at(object, depth);
                }
                let arguments = self.positional(handler);
                arguments.into_iter().rev().find_map(|argument| self.target_at(argument, depth))
            }
            Kind::Unary | Kind::Cast | Kind::Await => {
                let inner = self.file.tree().children(handler).last()?;
                self.target_at(inner, depth)
            }
            Kind::List => match self.children(handler, Role::Elem).as_slice() {
                // `[UserController::class, 'show']`
                [class, name] if self.kind(*name) == Kind::Str => {
                    let class = self.compact(*class);
                    let class =
                        class.trim_end_matches("::class").rsplit('\\').next().unwrap_or_default().to_owned();
                    let name = self.string(*name)?;
                    Some((
                        Target::Named { module: Vec::new(), class: Some(class), name: name.clone() },
                        Some(name),
                    ))
                }
                elements => {
                    let last = *elements.last()?;
                    self.target_at(last, depth)
                }
            },
            Kind::Str => {
                let text = self.string(handler)?;
                let (class, name) = match text.split_once('@').or_else(|| text.split_once('#')) {
                    Some((class, name)) => (class.rsplit('\\').next().unwrap_or(class), name),
                    None => text.rsplit_once('.')?,
                };
                let module = text.split('.').map(str::to_owned).collect::<Vec<_>>();
                if text.contains(['@', '#']) {
                    let class = if text.contains('#') { controller(class) } else { class.to_owned() };
                    let target =
                        Target::Named { module: Vec::new(), class: Some(class), name: name.to_owned() };
                    return Some((target, Some(name.to_owned())));
                }
                let module = module[..module.len() - 1].to_vec();
                Some((Target::Named { module, class: None, name: name.to_owned() }, Some(name.to_owned())))
            }
            _ => None,
        }
    }

    /// The module and symbol a name or chain of members was imported from.
    pub(super) fn import_path(&self, id: NodeId) -> Option<Vec<String>> {
        let mut parts = Vec::new();
        let mut at = id;
        while self.kind(at) == Kind::Member && parts.len() < MAX_DEPTH {
            parts.push(self.text(self.child(at, Role::Property)?).to_owned());
            at = self.child(at, Role::Object)?;
        }
        if self.kind(at) == Kind::Call && self.text(at).starts_with("require(") {
            let module = self.positional(at).first().and_then(|argument| self.string(*argument))?;
            return Some(vec![module]);
        }
        if self.kind(at) != Kind::Name {
            return None;
        }
        parts.reverse();
        let names = self.file.names();
        let path = names.definition_of(at).and_then(|id| names.definition(id).path.clone());
        match path {
            Some(mut path) => {
                path.extend(parts);
                Some(path)
            }
            None if self.language() == Language::Python && !parts.is_empty() => {
                parts.insert(0, self.text(at).to_owned());
                Some(parts)
            }
            None => None,
        }
    }

    /// Keeps functions that other files may name as handlers.
    pub(super) fn add_candidates(&mut self) {
        for id in self.file.index().of_kind(Kind::Func).to_vec() {
            if self.functions.len() >= MAX_FUNCTIONS {
                return;
            }
            if self.name_of(id).is_some() && self.may_handle(id) {
                self.keep(id);
            }
        }
    }

    fn may_handle(&self, id: NodeId) -> bool {
        let asks = self.children(id, Role::Param).into_iter().any(|parameter| {
            let name = self.child(parameter, Role::Name).unwrap_or(parameter);
            let name = self.text(name).trim_start_matches('$');
            matches!(name, "request" | "req" | "ctx" | "c" | "r" | "context" | "httpRequest")
        });
        let class = || self.class_of(id).and_then(|class| self.name_of(class));
        let in_controller = || {
            class().is_some_and(|name| {
                ["Controller", "View", "ViewSet", "Handler", "Resource", "Endpoint"]
                    .iter()
                    .any(|end| name.ends_with(end))
            })
        };
        asks || in_controller()
    }

    pub(super) fn into_functions(self) -> Vec<Function> {
        self.functions
    }
}

/// The class of a controller that Rails routes name, for example `admin/users`.
pub(super) fn controller(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    let mut class: String = last
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            first + letters.as_str()
        })
        .collect();
    class.push_str("Controller");
    class
}
