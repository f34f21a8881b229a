//! Follows statements: branches, loops and jumps.

use tollgate_core::Language;

use super::engine::{Engine, Exit, Worth};
use super::state::{State, Taints};
use crate::tree::{Kind, NodeId, Role};

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
}
