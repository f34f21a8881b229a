//! Walks the bodies of functions, from what parameters carry to what is returned.

use tollgate_core::Language;

use super::arguments::Rest;
use super::contexts::Part;
use super::engine::{Engine, Frame};
use super::returned::Outcome;
use super::state::{MAX_PATH, Origin, Place, Root, State, Taint, Taints};
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

impl Engine<'_> {
    /// A function where it is defined.
    pub(super) fn definition(&mut self, id: NodeId) {
        let node = self.tree.node(id);
        let anonymous = node.has(flag::ANON) || self.tree.child(id, Role::Name).is_none();
        for child in self.tree.children_of(id, Role::Decorator) {
            self.eval(child);
        }
        if self.frame.is_top && !anonymous {
            if !self.deferred.contains(&id) {
                self.deferred.push(id);
            }
            return;
        }
        if self.functions.is_none() && !self.matches.sinks.any_in(self.file.span(id)) && !anonymous {
            return;
        }
        let before = self.fork();
        let names = self.file.names();
        // A function that is defined here runs later, when variables may have other values.
        self.state.retain_known(|place| match place.root {
            Root::Defined(own) => names.definition(DefId(own)).assignments <= 1,
            _ => false,
        });
        let (_, after) = self.function(id, false);
        self.state = before;
        if anonymous {
            self.state.join(&after);
        }
    }

    /// Runs a function's body on the present state; what it returns and the state at its end.
    pub(super) fn function(&mut self, id: NodeId, symbolic: bool) -> (Taints, State) {
        let tree = self.tree;
        let frame = std::mem::replace(&mut self.frame, Frame::new(false));
        let context = std::mem::take(&mut self.context);
        let arguments = self.arguments.take();
        let mut number = 0;
        for child in tree.children(id) {
            let node = tree.node(child);
            if !matches!(node.role, Role::Param | Role::Receiver) && node.kind != Kind::Param {
                continue;
            }
            let is_receiver = node.role == Role::Receiver;
            if tree.node(self.named_by(child)).kind == Kind::Type {
                continue;
            }
            let mut value = self.parameter(child);
            if let Some(default) = tree.child(child, Role::Default) {
                value.join(&self.eval(default));
            }
            let name = self.named_by(child);
            if name != child {
                value.join(&self.parameter(name));
            }
            if !is_receiver && number == 0 && self.is_this(name) {
                // What the object holds is known from elsewhere.
                if let Some((place, _)) = self.place(name) {
                    self.state.add(place, &value);
                }
                continue;
            }
            if let Some(arguments) = &arguments {
                if self.rest_of(child) == Rest::No {
                    if let Some(own) = arguments.get(number as usize) {
                        value.join(own);
                    }
                } else {
                    for own in arguments.iter().skip(number as usize) {
                        value.join(own);
                    }
                }
                number += 1;
            }
            if symbolic {
                let own = if is_receiver {
                    super::calls::RECEIVER
                } else {
                    number += 1;
                    number - 1
                };
                value.add(Taint { origin: Origin::Param(own), label: 0, trail: None });
            }
            self.assign(name, None, &value);
            if symbolic && !is_receiver {
                let known = context.iter().find(|(own, _)| own + 1 == number);
                self.learn(name, known.map(|(_, known)| known.clone()));
                self.note_parts(name, (number - 1, Vec::new()));
            } else if symbolic {
                self.note_parts(name, (super::calls::RECEIVER, Vec::new()));
            }
            if let Some(field) = self.promoted(child) {
                let place = Place::of_field(self.class_of(id), field);
                self.state.write(place, value);
            }
        }
        if self.functions.is_some() && self.file.language() == Language::Cpp {
            self.initialise(id);
        }
        if number == 0 && self.file.language() == Language::Elixir {
            self.clause_arguments = arguments.clone();
        }
        let implied = if number == 0 { self.implied(symbolic, arguments.as_deref()) } else { Vec::new() };
        let mut value = Taints::none();
        let mut last = None;
        for child in tree.children(id) {
            let node = tree.node(child);
            if matches!(node.role, Role::Body | Role::Stmt | Role::Child) && node.kind != Kind::Param {
                value = self.eval(child);
                last = Some(child);
            }
        }
        let expression = last.is_some_and(|body| {
            let only = tree.children(body).next().filter(|_| tree.node(body).has(flag::SYNTH));
            only.is_some_and(|own| !Self::is_statement(tree.node(own).kind))
        });
        let implicit = tree.node(id).has(flag::ARROW)
            || expression && self.functions.is_some()
            || matches!(
                self.file.language(),
                Language::Ruby
                    | Language::Kotlin
                    | Language::Rust
                    | Language::Scala
                    | Language::Swift
                    | Language::Elixir
                    | Language::Ocaml
            );
        if implicit {
            let from = last.and_then(|last| self.last_value(last));
            self.give(from, &value);
        }
        let frame = std::mem::replace(&mut self.frame, frame);
        let mut returns = frame.returns;
        if implicit {
            returns.join(&value);
        }
        let mut end = frame.end;
        end.join(&self.state);
        end.dead = false;
        for (place, taints) in implied {
            end.write(place, taints);
        }
        let (own, parts) = end.take_result();
        self.outcome = Outcome { own, parts, known: frame.known, thrown: frame.escaped };
        (returns, end)
    }

    /// The expression whose value a body has, where it is a single one.
    fn last_value(&self, body: NodeId) -> Option<NodeId> {
        let mut at = body;
        while self.tree.node(at).kind == Kind::Block {
            at = self.tree.children(at).last()?;
        }
        Some(at)
    }

    /// Fields that a constructor of C++ sets before its body: `: name(n), role(r)`.
    fn initialise(&mut self, id: NodeId) {
        let tree = self.tree;
        let (Some(body), Some(last)) = (tree.child(id, Role::Body), tree.children_of(id, Role::Param).last())
        else {
            return;
        };
        let between = self.file.span(last).end as usize..self.file.span(body).start as usize;
        let Some((_, list)) = self.file.text().get(between).and_then(|text| text.split_once(':')) else {
            return;
        };
        let parameters: Vec<NodeId> =
            tree.children_of(id, Role::Param).map(|own| self.named_by(own)).collect();
        for part in list.split(['}', ')']) {
            let Some((field, value)) = part.split_once(['(', '{']) else { continue };
            let field = symbol(field.trim_start_matches([',', ' ', '\n', '\t']).trim());
            let named: Vec<NodeId> = parameters
                .iter()
                .copied()
                .filter(|own| {
                    let name = self.file.node_text(*own);
                    value.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
                })
                .collect();
            let mut taints = Taints::none();
            for own in named {
                taints.join(&self.read(own));
            }
            let place = Place::of_field(self.class_of(id), field);
            self.state.write(place, taints);
        }
    }

    /// The field that a parameter of a constructor is by itself.
    fn promoted(&self, parameter: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        match self.file.language() {
            Language::Php | Language::Typescript => {
                let promotes = tree.children_of(parameter, Role::Modifier).any(|own| {
                    matches!(self.file.node_text(own), "private" | "public" | "protected" | "readonly")
                });
                let name = self.file.node_text(self.named_by(parameter)).trim_start_matches('$');
                promotes.then(|| symbol(name))
            }
            Language::Dart => {
                let text = self.file.node_text(parameter).trim();
                let text = text.strip_prefix("required ").unwrap_or(text);
                text.strip_prefix("this.").map(|name| symbol(name.split([' ', '=']).next().unwrap_or(name)))
            }
            _ => None,
        }
    }

    /// Parameters that closures have without naming them; what they stood for before.
    fn implied(&mut self, symbolic: bool, arguments: Option<&[Taints]>) -> Vec<(Place, Taints)> {
        let names: &[&str] = match self.file.language() {
            Language::Kotlin => &["it"],
            Language::Swift => &["$0", "$1", "$2"],
            Language::Ruby => &["it", "_1", "_2"],
            _ => return Vec::new(),
        };
        let mut before = Vec::new();
        for (name, number) in names.iter().zip(0_u32..) {
            let place = Place::of(Root::Named(symbol(name)));
            let at = if *name == "_1" { 0 } else { number };
            let mut value = Taints::none();
            match arguments {
                Some(arguments) => {
                    if let Some(own) = arguments.get(at as usize) {
                        value.join(own);
                    }
                }
                None if symbolic && number == 0 => {
                    value.add(Taint { origin: Origin::Param(0), label: 0, trail: None });
                }
                None => return before,
            }
            before.push((place.clone(), self.state.read(&place)));
            self.state.write(place, value);
        }
        before
    }

    /// Remembers which variables are parts of a parameter.
    pub(super) fn note_parts(&mut self, target: NodeId, part: Part) {
        let tree = self.tree;
        let (own, path) = part;
        match tree.node(target).kind {
            Kind::Name => {
                if let Some((place, true)) = self.place(target)
                    && path.len() <= MAX_PATH
                {
                    self.state.note_part(place, (own, path));
                }
            }
            Kind::Spread => {
                if let Some(inner) = tree.children(target).last() {
                    self.note_parts(inner, (own, path));
                }
            }
            Kind::Dict | Kind::List | Kind::Tuple | Kind::New | Kind::Call | Kind::Raw => {
                for (key, inner) in self.slots(target) {
                    let mut path = path.clone();
                    path.push(key);
                    self.note_parts(inner, (own, path));
                }
            }
            _ => {}
        }
    }

    /// Taint a parameter starts with.
    fn parameter(&self, id: NodeId) -> Taints {
        let span = self.file.span(id);
        if self.matches.is_clean(self.query, span) {
            return Taints::none();
        }
        let mut value = Taints::none();
        for at in self.matches.sources.of(span) {
            let source = &self.query.sources[self.matches.sources.spot(at).part];
            if source.requires.is_none() {
                let label = self.label(source.label.as_ref());
                value.add(Taint { origin: Origin::Source(at), label, trail: None });
            }
        }
        value.join(&self.carried_to(span));
        value
    }
}
