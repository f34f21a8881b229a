//! Follows statements: branches, loops, jumps and definitions.

use tollgate_core::Language;

use super::arguments::Rest;
use super::contexts::Part;
use super::engine::{Engine, Exit, Frame, Worth};
use super::returned::Outcome;
use super::state::{MAX_PATH, Origin, Place, Root, State, Taint, Taints};
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Rounds through a loop: taint moves one assignment further in each.
const MAX_ROUNDS: usize = 4;

impl Engine<'_> {
    /// A construct that directs the flow.
    pub(super) fn flow(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        match tree.node(id).kind {
            Kind::Block | Kind::Module | Kind::ClassBody => self.block(id).into(),
            Kind::If | Kind::Raw => self.branch(id).into(),
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach => {
                self.repeat(id);
                Taints::none().into()
            }
            Kind::Switch => self.switch(id).into(),
            Kind::Try => {
                self.attempt(id);
                Taints::none().into()
            }
            Kind::Catch => {
                let inner = tree.child(id, Role::Type).and_then(|own| tree.child(own, Role::Alias));
                let named = tree.child(id, Role::Name).or_else(|| tree.child(id, Role::Alias)).or(inner);
                if let Some(name) = named {
                    let caught = self.caught.clone();
                    self.assign(name, None, &caught);
                }
                tree.child(id, Role::Body).map(|body| self.eval(body)).unwrap_or_default().into()
            }
            Kind::WithItem => {
                let value = tree.child(id, Role::Value).map(|value| self.eval(value)).unwrap_or_default();
                if let Some(alias) = tree.child(id, Role::Alias) {
                    self.assign(alias, None, &value);
                }
                Worth { value: value.clone(), passed: Some(value) }
            }
            Kind::Return => {
                let value = self.all(id);
                self.frame.returns.join(&value);
                let mut given = tree.children(id);
                let from = given.next().filter(|_| given.next().is_none());
                self.give(from, &value);
                // The sink is looked at before the path ends.
                let worth = Worth { value: Taints::none(), passed: Some(value) };
                self.settle(id, worth);
                self.leave();
                Taints::none().into()
            }
            Kind::Throw => {
                let value = self.all(id);
                self.throw(&value);
                let worth = Worth { value: Taints::none(), passed: Some(value) };
                self.settle(id, worth);
                if let Some(handler) = self.frame.handlers.last_mut() {
                    handler.join(&self.state);
                }
                self.state = State::nowhere();
                Taints::none().into()
            }
            Kind::Break | Kind::Continue => {
                self.all(id);
                let is_break = tree.node(id).kind == Kind::Break;
                let exits = &mut self.frame.exits;
                let exit = if is_break {
                    exits.last_mut()
                } else {
                    exits.iter_mut().rev().find(|exit| exit.is_loop)
                };
                if let Some(exit) = exit {
                    let into = if is_break { &mut exit.breaks } else { &mut exit.continues };
                    into.join(&self.state);
                    self.state = State::nowhere();
                }
                Taints::none().into()
            }
            Kind::Declare => {
                for child in tree.children(id) {
                    match tree.node(child).role {
                        Role::Name => self.assign(child, None, &Taints::none()),
                        Role::Arg | Role::Value | Role::Body | Role::Decorator => {
                            self.eval(child);
                        }
                        _ => {}
                    }
                }
                Taints::none().into()
            }
            Kind::Func => {
                self.definition(id);
                Taints::none().into()
            }
            Kind::Class => {
                for child in tree.children(id) {
                    if matches!(tree.node(child).role, Role::Body | Role::Decorator | Role::Stmt) {
                        self.eval(child);
                    }
                }
                Taints::none().into()
            }
            _ => self.all(id).into(),
        }
    }

    fn leave(&mut self) {
        let state = std::mem::replace(&mut self.state, State::nowhere());
        self.frame.end.join(&state);
    }

    fn block(&mut self, id: NodeId) -> Taints {
        let mut last = Taints::none();
        for child in self.tree.children(id) {
            if self.state.dead || self.is_over() {
                return Taints::none();
            }
            last = self.eval(child);
            if let Some(handler) = self.frame.handlers.last_mut() {
                handler.join(&self.state);
            }
        }
        last
    }

    fn branch(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        for child in tree.children(id) {
            if !matches!(tree.node(child).role, Role::Then | Role::Else | Role::Body) {
                self.eval(child);
            }
        }
        let cond = tree.child(id, Role::Cond);
        // `unless` is kept raw, and turns its condition around.
        let turned = tree.node(id).kind == Kind::Raw && self.file.node_text(id).contains("unless");
        let decided = self
            .file
            .constants()
            .truth(id)
            .or_else(|| cond.and_then(|cond| self.decide(cond)).map(|holds| holds != turned));
        let before = self.fork();
        let mut value = Taints::none();
        let mut after = State::nowhere();
        if decided != Some(false) {
            if let Some(cond) = cond {
                self.assume(cond, !turned);
            }
            for child in tree.children(id) {
                if matches!(tree.node(child).role, Role::Then | Role::Body) {
                    value.join(&self.eval(child));
                }
            }
            after = std::mem::replace(&mut self.state, before);
        }
        if decided == Some(true) {
            self.state = after;
            return value;
        }
        if let Some(cond) = cond {
            self.assume(cond, turned);
        }
        for child in tree.children_of(id, Role::Else) {
            value.join(&self.eval(child));
        }
        self.state.join(&after);
        value
    }

    fn repeat(&mut self, id: NodeId) {
        let tree = self.tree;
        let kind = tree.node(id).kind;
        let of = |role: Role| -> Vec<NodeId> { tree.children_of(id, role).collect() };
        for child in of(Role::Init) {
            self.eval(child);
        }
        let (conditions, updates, targets) = (of(Role::Cond), of(Role::Update), of(Role::Target));
        let mut before = self.fork();
        let mut done = State::nowhere();
        for round in 0..MAX_ROUNDS {
            self.frame.exits.push(Exit {
                breaks: State::nowhere(),
                continues: State::nowhere(),
                is_loop: true,
            });
            if kind == Kind::ForEach {
                let mut iterated = Taints::none();
                for child in of(Role::Iter) {
                    iterated.join(&self.eval(child));
                }
                done.join(&self.state);
                for target in &targets {
                    self.assign(*target, None, &iterated);
                }
            } else if kind != Kind::DoWhile {
                for child in &conditions {
                    self.eval(*child);
                }
                done.join(&self.state);
            }
            for child in tree.children(id) {
                if matches!(tree.node(child).role, Role::Body | Role::Child | Role::Stmt) {
                    self.eval(child);
                }
            }
            let Some(exit) = self.frame.exits.pop() else { break };
            self.state.join(&exit.continues);
            for child in &updates {
                self.eval(*child);
            }
            if kind == Kind::DoWhile {
                for child in &conditions {
                    self.eval(*child);
                }
                done.join(&self.state);
            }
            done.join(&exit.breaks);
            let mut next = before.clone();
            next.join(&self.state);
            let settled = next.same(&before);
            self.state = next.clone();
            before = next;
            if settled || self.is_over() || round + 1 == MAX_ROUNDS {
                break;
            }
        }
        self.state = done;
        for child in of(Role::Else) {
            self.eval(child);
        }
    }

    fn switch(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        let language = self.file.language();
        let falls = matches!(
            language,
            Language::Javascript
                | Language::Typescript
                | Language::Java
                | Language::C
                | Language::Cpp
                | Language::Php
        );
        let binds = matches!(
            language,
            Language::Rust
                | Language::Scala
                | Language::Swift
                | Language::Python
                | Language::Elixir
                | Language::Ocaml
        );
        let choice = self.file.constants().choice(id);
        let leaves = falls || matches!(language, Language::Go | Language::Csharp);
        let mut tested = Taints::none();
        let mut chosen_by = None;
        let clause_arguments = self.clause_arguments.take();
        for child in tree.children(id) {
            if tree.node(child).kind != Kind::Case {
                tested.join(&self.eval(child));
                chosen_by = Some(child);
            }
        }
        let known = chosen_by
            .filter(|own| self.functions.is_some() && !self.file.constants().may_change(self.file, *own))
            .and_then(|own| self.known(own));
        if leaves {
            self.frame.exits.push(Exit {
                breaks: State::nowhere(),
                continues: State::nowhere(),
                is_loop: false,
            });
        }
        let entry = self.state.clone();
        let mut done = State::nowhere();
        let mut fallen = State::nowhere();
        let mut has_default = false;
        let mut value = Taints::none();
        for case in tree.children(id).filter(|child| tree.node(*child).kind == Kind::Case) {
            let ruled_out = known.as_ref().is_some_and(|known| {
                let mut values = tree.children_of(case, Role::Value).peekable();
                values.peek().is_some() && values.all(|value| self.is_case(known, value) == Some(false))
            });
            let is_taken = choice.is_none_or(|choice| choice == Some(case)) && !ruled_out;
            self.state = if is_taken { entry.clone() } else { State::nowhere() };
            if !is_taken && fallen.dead {
                continue;
            }
            let mut guards = 0;
            for child in tree.children_of(case, Role::Value) {
                guards += 1;
                if let (Some(own), None) = (&clause_arguments, chosen_by) {
                    let value = own.get(guards - 1).cloned().unwrap_or_default();
                    self.assign(child, None, &value);
                } else if binds {
                    self.assign(child, chosen_by.filter(|_| self.functions.is_some()), &tested);
                } else {
                    self.eval(child);
                }
            }
            has_default |= guards == 0 || is_taken && choice.is_some();
            self.state.join(&fallen);
            let mut last = Taints::none();
            for child in tree.children(case).filter(|child| tree.node(*child).role != Role::Value) {
                if self.state.dead {
                    break;
                }
                last = self.eval(child);
            }
            value.join(&last);
            if falls {
                fallen = self.state.clone();
            } else {
                done.join(&self.state);
            }
        }
        self.state = done;
        self.state.join(&fallen);
        if !has_default {
            self.state.join(&entry);
        }
        if leaves && let Some(exit) = self.frame.exits.pop() {
            self.state.join(&exit.breaks);
        }
        value
    }

    fn attempt(&mut self, id: NodeId) {
        let tree = self.tree;
        for child in tree.children_of(id, Role::Item) {
            self.eval(child);
        }
        self.frame.handlers.push(self.state.clone());
        self.frame.thrown.push(Taints::none());
        for child in tree.children(id) {
            if matches!(tree.node(child).role, Role::Body | Role::Stmt | Role::Child) {
                self.eval(child);
            }
        }
        let thrown = self.frame.handlers.pop().unwrap_or_default();
        let caught_value = self.frame.thrown.pop().unwrap_or_default();
        if tree.child(id, Role::Catch).is_none() {
            self.throw(&caught_value);
        }
        for child in tree.children_of(id, Role::Else) {
            self.eval(child);
        }
        let mut done = self.state.clone();
        let mut caught = false;
        for child in tree.children_of(id, Role::Catch) {
            caught = true;
            self.state = thrown.clone();
            let outer = std::mem::replace(&mut self.caught, caught_value.clone());
            self.eval(child);
            self.caught = outer;
            done.join(&self.state);
        }
        let finals: Vec<NodeId> = tree.children_of(id, Role::Finally).collect();
        if finals.is_empty() {
            if !caught {
                done.join(&thrown);
            }
            self.state = done;
            return;
        }
        let dead = done.dead;
        if dead || !caught {
            done.join(&thrown);
        }
        self.state = done;
        for child in finals {
            self.eval(child);
        }
        if dead {
            self.state = State::nowhere();
        }
    }

    /// A function where it is defined.
    fn definition(&mut self, id: NodeId) {
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
