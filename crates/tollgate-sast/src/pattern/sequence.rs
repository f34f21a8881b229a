//! Statements in order.

use std::rc::Rc;

use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::children::dedup;
use super::search::{MAX_WAYS, Search};
use super::{Meta, PatternNode, Pid, is_expression};
use crate::matching::{Match, Span};
use crate::tree::{Kind, NodeId, Role, flag};

/// How many `...` in a row are told apart.
const MAX_DOTS: usize = 16;

/// How far a list of statements has matched.
#[derive(Debug, Clone, PartialEq)]
struct State {
    /// The next statement may be this node (or, when floating, one at or after it).
    at: u32,
    /// One past the list the next statement stands in, when not floating.
    list_end: u32,
    /// The node that holds the list.
    list: u32,
    /// Where a further `...` starts to skip: inside the statement matched last.
    inside: u32,
    floating: bool,
    /// Whether a `...` came before, from where statements are looked for at whatever depth.
    deep: bool,
    /// Last byte matched.
    end: u32,
    env: Env,
}

impl Search<'_> {
    pub(super) fn find_statements(&self, pids: &[Pid], found: &mut Vec<Match>) {
        let is_dots = |pid: &Pid| matches!(self.p(*pid).meta, Meta::Ellipsis);
        let leading = pids.iter().take_while(|pid| is_dots(pid)).count();
        let Some(first) = pids.get(leading) else { return };
        // From every statement that one of those wanted follows.
        let starts = if leading > 0 { None } else { self.statement_candidates(*first) };
        match starts {
            Some(starts) => {
                for id in starts.iter() {
                    if self.out_of_time() {
                        return;
                    }
                    self.statements_from(pids, *id, found);
                }
            }
            None => {
                for start in 0..self.file.names().first_virtual() {
                    if self.out_of_time() {
                        return;
                    }
                    if self.t(NodeId(start)).role == Role::Stmt {
                        self.statements_from(pids, NodeId(start), found);
                    }
                }
            }
        }
    }

    /// Whether a statement without braces may be what a branch or loop does.
    const fn has_bare_bodies(&self) -> bool {
        matches!(
            self.file.language(),
            Language::C
                | Language::Cpp
                | Language::Csharp
                | Language::Java
                | Language::Javascript
                | Language::Kotlin
                | Language::Php
                | Language::Typescript
        )
    }

    fn is_first(&self, id: NodeId) -> bool {
        let Some(parent) = self.tree.parent(id) else { return false };
        self.tree.child(parent, Role::Stmt) == Some(id)
    }

    fn statements_from(&self, pids: &[Pid], start: NodeId, found: &mut Vec<Match>) {
        let Some(parent) = self.tree.parent(start) else { return };
        if self.made_with(start).is_some() {
            return;
        }
        // What stands where braces might is a statement by itself, and so is the only one of a branch.
        let single = self.t(parent).has(flag::SYNTH) || self.t(parent).kind == Kind::Case;
        if single && self.has_bare_bodies() && self.tree.children_of(parent, Role::Stmt).nth(1).is_none() {
            return;
        }
        // Members of a class are looked at as a whole.
        let whole = self.t(parent).kind == Kind::ClassBody && self.file.language() != Language::Ruby;
        if whole && !self.is_first(start) {
            return;
        }
        let extent = self.t(parent).next;
        let node = self.t(start);
        let initial = State {
            at: start.0,
            list: parent.0,
            list_end: extent,
            inside: start.0,
            floating: false,
            deep: false,
            end: node.start,
            env: Env::new(),
        };
        let states = self.run(pids, extent, initial);
        let trailing = pids.last().is_some_and(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
        let list_end = if trailing {
            let last = self.tree.children_of(parent, Role::Stmt).last();
            last.map_or(node.end, |last| self.statement_end(last))
        } else {
            node.end
        };
        for state in states {
            let end = if trailing { list_end.max(state.end) } else { state.end };
            let span = Span { start: self.file.outer(start).start, end };
            found.push(Match { least_end: state.end, ..self.to_match(span, start, &state.env) });
        }
    }

    /// The whole body of a block.
    pub(super) fn statements_exact(&self, pids: &[Pid], block: NodeId, env: &Env, out: &mut Envs) {
        let extent = self.t(block).next;
        let first = self.tree.child(block, Role::Stmt).map_or(extent, |first| first.0);
        let initial = State {
            at: first,
            list: block.0,
            list_end: extent,
            inside: first,
            floating: false,
            deep: false,
            end: 0,
            env: env.clone(),
        };
        let states = self.run(pids, extent, initial);
        // Once statements may be skipped, what follows the last one does not matter either.
        let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
        let complete = states.into_iter().filter(|state| dots || state.floating || state.at >= extent);
        out.extend(complete.map(|state| state.env));
        dedup(out, 0);
    }

    fn run(&self, pids: &[Pid], extent: u32, initial: State) -> Vec<State> {
        if !self.may_follow(pids, initial.at, extent) {
            return Vec::new();
        }
        let mut states = vec![initial];
        for (index, pid) in pids.iter().enumerate() {
            let mut next: Vec<State> = Vec::new();
            let pattern = self.p(*pid);
            match &pattern.meta {
                Meta::Ellipsis => {
                    next.extend(states.drain(..).map(|state| State {
                        at: if state.floating || !state.deep { state.at } else { state.inside },
                        floating: true,
                        deep: true,
                        ..state
                    }));
                }
                Meta::Many(var) => self.slices(*var, &states, extent, &mut next),
                _ => {
                    for state in &states {
                        self.step(*pid, pattern, state, extent, &mut next);
                    }
                }
            }
            let before_dots =
                pids.get(index + 1).is_some_and(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
            let last_or_dots = before_dots && index + 1 < pids.len();
            states = merge(next, last_or_dots);
            if states.is_empty() {
                break;
            }
        }
        let least = self.left_to_dots(pids);
        if least > 0 {
            states.retain(|state| !state.floating || self.statements_in(state.at, extent) >= least);
        }
        states
    }

    /// How many elements several `...` at the end ask for: all but the first stand for at least one.
    pub(super) fn left_to_dots(&self, pids: &[Pid]) -> usize {
        let dots = pids.iter().rev().take_while(|pid| matches!(self.p(**pid).meta, Meta::Ellipsis));
        dots.count().saturating_sub(1)
    }

    /// How many statements stand in a part of the tree, at whatever depth.
    fn statements_in(&self, from: u32, extent: u32) -> usize {
        (from..extent).filter(|at| self.t(NodeId(*at)).role == Role::Stmt).take(MAX_DOTS).count()
    }

    /// Whether each statement that `...` leads to has somewhere to match.
    fn may_follow(&self, pids: &[Pid], from: u32, extent: u32) -> bool {
        pids.windows(2).all(|pair| {
            let &[before, own] = pair else { return true };
            if !matches!(self.p(before).meta, Meta::Ellipsis) {
                return true;
            }
            let Some(candidates) = self.statement_candidates(own) else { return true };
            let first = candidates.partition_point(|id| id.0 < from);
            candidates.get(first).is_some_and(|id| id.0 < extent)
        })
    }

    fn step(&self, pid: Pid, pattern: &PatternNode, state: &State, extent: u32, next: &mut Vec<State>) {
        let mut envs = Envs::new();
        let language = self.file.language();
        // Instructions of a Dockerfile do not hold others.
        let deeper = self.pattern.options.go_deeper_stmt && language != Language::Dockerfile;
        let mut attempt = |id: NodeId, next: &mut Vec<State>| {
            let deeper = deeper && self.made_with(id).is_none();
            if !deeper && self.t(id).parent != state.list {
                return;
            }
            let reached = match language {
                Language::Scala => self.is_definition_inside(id, state.list),
                Language::Kotlin => !self.is_in_branch(id, state.list),
                Language::Rust => !self.is_in_value(id, state.list),
                _ => true,
            };
            if state.floating && !reached {
                return;
            }
            envs.clear();
            let node = self.t(id);
            let list_end = self.tree.parent(id).map_or(extent, |parent| self.t(parent).next);
            // `if x := f(); x { … }` defines first and asks then.
            if let Some(init) = self.tree.child(id, Role::Init).filter(|_| node.kind == Kind::If) {
                self.node(pid, init, &state.env, &mut envs);
                next.extend(envs.drain(..).map(|env| State {
                    at: id.0,
                    list: node.parent,
                    list_end,
                    inside: id.0 + 1,
                    floating: false,
                    deep: state.deep,
                    end: node.end,
                    env,
                }));
            }
            self.statement(pid, pattern, id, &state.env, &mut envs);
            if envs.is_empty() {
                return;
            }
            let Some(end) = self.end_with_skipped(id, state) else { return };
            next.extend(envs.drain(..).map(|env| State {
                at: node.next,
                list: node.parent,
                list_end,
                inside: id.0 + 1,
                floating: false,
                deep: state.deep,
                end,
                env,
            }));
        };
        if !state.floating {
            if state.at < state.list_end && self.t(NodeId(state.at)).role == Role::Stmt {
                attempt(NodeId(state.at), next);
            }
            return;
        }
        let from = state.at;
        match self.statement_candidates(pid) {
            Some(candidates) => {
                let first = candidates.partition_point(|id| id.0 < from);
                for id in candidates[first..].iter().take_while(|id| id.0 < extent) {
                    if next.len() > MAX_WAYS || self.out_of_time() {
                        return;
                    }
                    attempt(*id, next);
                }
            }
            None => {
                for at in from..extent {
                    if next.len() > MAX_WAYS || self.out_of_time() {
                        return;
                    }
                    if self.t(NodeId(at)).role == Role::Stmt {
                        attempt(NodeId(at), next);
                    }
                }
            }
        }
    }

    /// Where what has matched ends once a statement is added: what `...` went into was matched as well, of
    /// `switch` all but the brace. None inside a class without a name, which `...` does not look into.
    fn end_with_skipped(&self, id: NodeId, state: &State) -> Option<u32> {
        let mut end = self.statement_end(id).max(state.end);
        let mut at = self.tree.parent(id).filter(|_| state.floating);
        while let Some(own) = at.filter(|own| own.0 >= state.at) {
            let node = self.t(own);
            match node.kind {
                Kind::New => return None,
                Kind::Class if node.role != Role::Stmt => return None,
                Kind::Switch => {
                    let inside = (own.0..node.next).rev().map(NodeId);
                    let mut statements = inside.filter(|id| self.t(*id).role == Role::Stmt && *id != own);
                    end = end.max(statements.next().map_or(0, |last| self.statement_end(last)));
                }
                _ if node.role == Role::Stmt => end = end.max(self.statement_end(own)),
                _ => {}
            }
            at = self.tree.parent(own);
        }
        Some(end)
    }

    /// Whether nothing but definitions stands between a statement of Scala and a list around it:
    /// conditions, loops and blocks are expressions, which `...` does not look into.
    fn is_definition_inside(&self, id: NodeId, list: u32) -> bool {
        let mut at = id;
        while let Some(parent) = self.tree.parent(at) {
            if parent.0 == list {
                return true;
            }
            let node = self.t(parent);
            let Some(owner) = self.tree.parent(parent) else { return false };
            let open = match node.kind {
                Kind::ClassBody => true,
                Kind::Block => {
                    let is_body = node.role == Role::Body && self.t(owner).kind == Kind::Func;
                    is_body && (node.has(flag::SYNTH) || self.is_procedure(owner, parent))
                }
                _ => false,
            };
            if !open || self.t(owner).role != Role::Stmt {
                return false;
            }
            at = owner;
        }
        false
    }

    /// Whether a branch of Kotlin, which is an expression, stands between a statement and the function or
    /// list around it.
    fn is_in_branch(&self, id: NodeId, list: u32) -> bool {
        let nearest = self.between(id, list).find_map(|own| match self.t(own).kind {
            Kind::If | Kind::Switch | Kind::Try => Some(true),
            Kind::Func => Some(false),
            _ => None,
        });
        nearest == Some(true)
    }

    /// Whether a statement of Rust stands in a closure, an arm or a block that gives a value.
    fn is_in_value(&self, id: NodeId, list: u32) -> bool {
        self.between(id, list).any(|own| {
            let node = self.t(own);
            node.kind == Kind::Switch
                || node.kind == Kind::Func && node.has(flag::ANON | flag::ARROW)
                || matches!(node.role, Role::Right | Role::Arg)
        })
    }

    /// What stands around a node, the nearest first, up to a list.
    fn between(&self, id: NodeId, list: u32) -> impl Iterator<Item = NodeId> {
        let around = std::iter::successors(self.tree.parent(id), |own| self.tree.parent(*own));
        around.take_while(move |own| own.0 != list)
    }

    /// `def f() { … }`, without a value.
    fn is_procedure(&self, function: NodeId, body: NodeId) -> bool {
        let header = self.t(function).start as usize..self.t(body).start as usize;
        !self.file.text().get(header).unwrap_or_default().trim_end().ends_with('=')
    }

    fn slices(&self, var: Option<u16>, states: &[State], extent: u32, next: &mut Vec<State>) {
        for state in states {
            let mut taken: Vec<NodeId> = Vec::new();
            let mut at = state.at;
            loop {
                let mut envs = Envs::new();
                let bound = Bound::Nodes(Rc::from(taken.as_slice()), self.byte_at(at, extent));
                self.bind(var, bound, &state.env, &mut envs);
                next.extend(envs.drain(..).map(|env| State {
                    at,
                    inside: at,
                    floating: false,
                    env,
                    ..state.clone()
                }));
                if at >= state.list_end || next.len() > MAX_WAYS {
                    break;
                }
                taken.push(NodeId(at));
                at = self.t(NodeId(at)).next;
            }
        }
    }

    fn byte_at(&self, at: u32, extent: u32) -> u32 {
        if at < extent { self.t(NodeId(at)).start } else { self.t(NodeId(extent - 1)).end }
    }

    /// One statement; expression patterns also match inside it.
    pub(super) fn statement(&self, pid: Pid, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let shallow = !self.may_be_deep(pattern)
            || (!self.takes_expressions(id) && !self.has_definition(id))
            || self.made_with(id).is_some();
        if shallow {
            return self.node(pid, id, env, out);
        }
        let end = self.t(id).next;
        if matches!(pattern.meta, Meta::Plain) && !self.pattern.options.symbolic_propagation {
            let places = self.places(pid);
            let first = places.partition_point(|own| own.0 < id.0);
            for own in places[first..].iter().take_while(|own| own.0 < end) {
                let place = *own == id || is_expression(self.t(*own)) && !self.is_in_block(*own, id);
                if place && self.statement_with(*own) == Some(id) {
                    self.node(pid, *own, env, out);
                }
            }
            return dedup(out, 0);
        }
        let mut at = id.0;
        while at < end {
            let inner = self.t(NodeId(at));
            if at != id.0 && matches!(inner.kind, Kind::Block | Kind::ClassBody) {
                at = inner.next;
                continue;
            }
            let deep = matches!(pattern.meta, Meta::Deep(_));
            let place = is_expression(inner) || (at == id.0 && !deep);
            if place && self.statement_with(NodeId(at)) == Some(id) {
                self.node(pid, NodeId(at), env, out);
            }
            at += 1;
        }
        dedup(out, 0);
    }

    /// Whether a node of a statement lies in statements of its own.
    fn is_in_block(&self, id: NodeId, statement: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(own) = at.filter(|own| *own != statement) {
            if let Some(made) = self.made_with(own) {
                at = Some(made);
                continue;
            }
            if matches!(self.t(own).kind, Kind::Block | Kind::ClassBody) {
                return true;
            }
            at = self.tree.parent(own);
        }
        false
    }

    /// Whether a statement begins with a definition: `if x := f(); x {}`.
    fn has_definition(&self, id: NodeId) -> bool {
        self.t(id).kind == Kind::If && self.tree.child(id, Role::Init).is_some()
    }

    /// The statement that an expression of it makes an expression statement match.
    fn statement_with(&self, id: NodeId) -> Option<NodeId> {
        let host = self.deep_host(id)?;
        let node = self.t(host);
        match node.role {
            Role::Stmt => Some(host),
            Role::Init => self.tree.parent(host),
            _ => None,
        }
    }

    /// Statements that may match, in order; `None` when any may.
    fn statement_candidates(&self, pid: Pid) -> Option<Rc<[NodeId]>> {
        if let Some(known) = self.known_statements(pid) {
            return known;
        }
        let pattern = self.p(pid);
        let candidates = match pattern.meta {
            Meta::Plain => {
                let nodes = self.candidates(pid);
                let deep = self.may_be_deep(pattern);
                let mut statements: Vec<NodeId> = nodes
                    .into_iter()
                    .flat_map(|id| {
                        // What gives a new object its members is also matched by itself.
                        let member = Some(id).filter(|id| deep && self.made_with(*id).is_some());
                        let host = if deep {
                            self.statement_with(id)
                        } else if self.t(id).role == Role::Init {
                            self.tree.parent(id).filter(|up| self.t(*up).kind == Kind::If)
                        } else {
                            (self.t(id).role == Role::Stmt).then_some(id)
                        };
                        host.into_iter().chain(member)
                    })
                    .collect();
                statements.sort_unstable();
                statements.dedup();
                Some(Rc::from(statements))
            }
            _ => None,
        };
        self.remember_statements(pid, candidates.clone());
        candidates
    }

    /// A block: braces around statements.
    pub(super) fn block(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        // `unchecked { … }` of Solidity.
        if !pattern.group(Role::Modifier).is_empty() && self.tree.child(id, Role::Modifier).is_none() {
            return;
        }
        let pids = pattern.group(Role::Stmt);
        let synth = self.t(id).has(flag::SYNTH);
        // A loop without braces has no block; a branch has one of a single statement.
        let node = self.t(id);
        if synth && !pattern.has(flag::SYNTH) && self.has_bare_bodies() {
            let parent = self.t(NodeId(node.parent)).kind;
            let looped = matches!(parent, Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach);
            let branch = matches!(node.role, Role::Then | Role::Else);
            if looped || branch && pids.len() > 1 {
                return;
            }
        }
        // `else if x := f(); x {}` of Go begins with a statement of its own.
        if self.file.language() == Language::Go
            && pattern.role == Role::Else
            && pattern.has(flag::SYNTH)
            && self.tree.child(id, Role::Stmt).is_some_and(|only| self.has_definition(only))
            && pids.iter().all(|pid| {
                let own = self.p(*pid);
                own.kind == Kind::If && own.group(Role::Init).is_empty()
            })
        {
            return;
        }
        let function = self.tree.parent(id).map(|up| self.t(up)).filter(|up| {
            let tells =
                self.is_javascript() || matches!(self.file.language(), Language::Csharp | Language::Rust);
            up.kind == Kind::Func && up.has(flag::ANON) && tells
        });
        let rust = self.file.language() == Language::Rust;
        if function.is_some() && pattern.has(flag::SYNTH) && !synth && !rust {
            // `x => $E` also stands for `function (x) { return $E; }` of JavaScript.
            let mut statements = self.tree.children_of(id, Role::Stmt);
            if let (Some(only), None, [pid]) = (statements.next(), statements.next(), pids)
                && self.is_javascript()
                && self.t(only).kind == Kind::Return
                && let Some(value) = self.tree.child(only, Role::Value)
            {
                self.node(*pid, value, env, out);
            }
            return;
        }
        // Nor is an expression a block of C# or Rust.
        if function.is_some() && !pattern.has(flag::SYNTH) && synth && !self.is_javascript() {
            return;
        }
        if let [single] = pids
            && (pattern.has(flag::SYNTH)
                || (self.file.language() == Language::Ruby
                    && matches!(pattern.role, Role::Then | Role::Else)))
            && let Meta::Any(var) = self.p(*single).meta
        {
            let only = self.tree.child(id, Role::Stmt).filter(|_| synth);
            self.bind(var, Bound::Node(only.unwrap_or(id)), env, out);
            return;
        }
        if pids.iter().all(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis)) && !pids.is_empty() {
            out.push(env.clone());
            return;
        }
        self.statements_exact(pids, id, env, out);
    }
}

/// Drops equal states; when `...` follows, of equal bindings only the earliest place matters.
fn merge(mut states: Vec<State>, dots_follow: bool) -> Vec<State> {
    if states.len() < 2 {
        return states;
    }
    states.sort_by_key(|state| state.at);
    let mut unique: Vec<State> = Vec::new();
    for state in states {
        let same = |other: &State| {
            other.env == state.env
                && (dots_follow
                    || (other.at == state.at && other.end == state.end && other.floating == state.floating))
        };
        if unique.len() > 400 || !unique.iter().any(same) {
            unique.push(state);
        }
    }
    unique.truncate(MAX_WAYS);
    unique
}
