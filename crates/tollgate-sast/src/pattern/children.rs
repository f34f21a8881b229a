//! Children of a node: by their roles, in order, in any order.

use std::rc::Rc;

use smallvec::SmallVec;
use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::search::{MAX_WAYS, Search};
use super::{Meta, PatternNode, Pid, Root};
use crate::tree::{Kind, NodeId, Role, flag};

/// Roles whose absence in the pattern leaves them free in the code.
const fn optional_roles(kind: Kind) -> u64 {
    const fn bit(role: Role) -> u64 {
        1 << role as u8
    }
    let always = bit(Role::Decorator)
        | bit(Role::Modifier)
        | bit(Role::Type)
        | bit(Role::ReturnType)
        | bit(Role::TypeArg)
        | bit(Role::TypeParam)
        | bit(Role::Extends)
        | bit(Role::Implements)
        | bit(Role::Throws)
        | bit(Role::Default)
        | bit(Role::Receiver)
        | bit(Role::Attr)
        | bit(Role::Label);
    match kind {
        Kind::TypeTest | Kind::Cast => always & !bit(Role::Type),
        Kind::If => always | bit(Role::Else) | bit(Role::Init),
        Kind::While | Kind::For | Kind::ForEach => always | bit(Role::Else),
        Kind::Try => always | bit(Role::Else) | bit(Role::Catch) | bit(Role::Item),
        Kind::Catch => always & !bit(Role::Type) | bit(Role::Name) | bit(Role::Filter),
        Kind::Param => always | bit(Role::Key),
        Kind::New => always | bit(Role::Body),
        Kind::Func => always | bit(Role::Body),
        Kind::Class => always | bit(Role::Body) | bit(Role::Arg),
        Kind::Import => always | bit(Role::Alias),
        Kind::ImportItem => always | bit(Role::Alias),
        Kind::Declare => always | bit(Role::Right),
        Kind::Element => always | bit(Role::Content),
        Kind::ClassBody => always | bit(Role::Stmt),
        Kind::Call => always | bit(Role::Body),
        // `resource "a" "b" {}` leaves free what is in it.
        Kind::ConfigBlock => always & !bit(Role::Label) | bit(Role::Stmt),
        _ => always,
    }
}

impl Search<'_> {
    /// Matches children role by role.
    pub(super) fn groups(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let node = self.t(id);
        if pattern.groups.is_empty() && node.next == id.0 + 1 {
            out.push(env.clone());
            return;
        }
        let mut present = 0_u64;
        for child in self.tree.children(id) {
            present |= 1 << self.t(child).role as u8;
        }
        let mut optional = optional_roles(pattern.kind);
        if pattern.kind == Kind::Dict && self.free_pairs(&[]) {
            optional |= 1 << Role::Pair as u8;
        }
        if pattern.kind == Kind::Catch && self.is_javascript() {
            optional &= !(1 << Role::Name as u8);
            optional |= 1 << Role::Type as u8;
        }
        if self.file.language() == Language::Python {
            match pattern.kind {
                Kind::Try => optional &= !(1 << Role::Else as u8),
                Kind::Throw => optional |= 1 << Role::Child as u8,
                _ => {}
            }
        }
        // `break` leaves the innermost loop, `break outer` another.
        if matches!(pattern.kind, Kind::Break | Kind::Continue) {
            optional &= !(1 << Role::Label as u8);
        }
        // A function or class that is a value may have a name for itself.
        if matches!(pattern.kind, Kind::Func | Kind::Class) && pattern.has(flag::ANON) && self.is_javascript()
        {
            optional |= 1 << Role::Name as u8;
        }
        // `new T()` of C# gives no members a value, and that of Java makes no class.
        if pattern.kind == Kind::New && matches!(self.file.language(), Language::Java | Language::Csharp) {
            optional &= !(1 << Role::Body as u8);
        }
        // What a class of C# is made with is free.
        if pattern.kind == Kind::Class && self.file.language() == Language::Csharp {
            optional |= 1 << Role::Param as u8;
        }
        if pattern.kind == Kind::TypeTest && self.file.language() == Language::Java {
            optional |= 1 << Role::Name as u8;
        }
        if self.file.language() == Language::Go {
            match pattern.kind {
                // A method takes its receiver first.
                Kind::Func
                    if !pattern
                        .group(Role::Param)
                        .first()
                        .is_some_and(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis | Meta::Many(_))) =>
                {
                    optional &= !(1 << Role::Receiver as u8);
                }
                // Results may have names.
                Kind::Param if pattern.role == Role::Elem => optional |= 1 << Role::Name as u8,
                _ => {}
            }
        }
        // `def self.f` is another method than `def f`.
        if self.file.language() == Language::Ruby && pattern.kind == Kind::Func {
            optional &= !(1 << Role::Receiver as u8);
        }
        // A header that a semicolon ends has no body; one in the surroundings of a pattern says nothing.
        let is_root = matches!(self.pattern.root, Root::Node(root) if std::ptr::eq(self.p(root), pattern));
        if matches!(self.file.language(), Language::Java | Language::Csharp | Language::C | Language::Cpp)
            && pattern.kind == Kind::Func
            && pattern.text.trim_end().ends_with(';')
            && (!is_root || self.pattern.statement)
        {
            optional &= !(1 << Role::Body as u8);
        }
        if self.file.language() == Language::Solidity {
            match pattern.kind {
                // `returns (uint)` leaves the name free, `function f();` has no body.
                Kind::Param if pattern.role != Role::Param => optional |= 1 << Role::Name as u8,
                Kind::Func if pattern.text.trim_end().ends_with(';') => optional &= !(1 << Role::Body as u8),
                _ => {}
            }
        }
        // `switch (x) {}` of C is any.
        if pattern.kind == Kind::Switch && matches!(self.file.language(), Language::C | Language::Cpp) {
            optional |= 1 << Role::Case as u8;
        }
        if pattern.kind == Kind::Element && !self.pattern.options.xml_children_ordered {
            optional &= !(1 << Role::Content as u8);
        }
        // A class of Ruby that says nothing has nothing.
        if self.file.language() == Language::Ruby
            && pattern.kind == Kind::ClassBody
            && pattern.groups.is_empty()
            && present != 0
        {
            return;
        }
        // A block comes after the call, which is a value only with it.
        if self.file.language() == Language::Ruby
            && pattern.kind == Kind::Call
            && pattern.role != Role::Stmt
            && !is_root
        {
            optional &= !(1 << Role::Body as u8);
        }
        if present & !pattern.roles & !optional != 0 {
            // Roles the pattern leaves out are free only when all of them are optional.
            return;
        }
        let mut envs: Envs = vec![env.clone()];
        for (role, pids) in &pattern.groups {
            // `function $NAME() {}` as an expression leaves the name free.
            let unnamed = *role == Role::Name
                && (pattern.kind == Kind::Func || pattern.kind == Kind::Class && self.is_javascript())
                && pattern.has(flag::ANON)
                && present & (1 << Role::Name as u8) == 0
                && pids.iter().all(|pid| matches!(self.p(*pid).meta, Meta::Any(_)));
            // `x instanceof T` may name what it found.
            let tested = *role == Role::Name && pattern.kind == Kind::TypeTest;
            if unnamed || (tested && present & (1 << Role::Name as u8) == 0) {
                continue;
            }
            let mut next = Envs::new();
            // A function that is the value of an entry has the name of the entry.
            if *role == Role::Name
                && let Some(name) = self.name_of_entry(pattern, id)
            {
                envs.iter().for_each(|env| self.ordered(pids, &[name], node.end, env, &mut next));
                envs = next;
                continue;
            }
            for env in &envs {
                self.group(pattern.kind, *role, pids, id, env, &mut next);
            }
            dedup(&mut next, 0);
            if next.is_empty() {
                return;
            }
            envs = next;
        }
        out.append(&mut envs);
    }

    pub(super) fn all_dots(&self, pids: &[Pid]) -> bool {
        pids.iter().all(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis))
    }

    pub(super) fn group(&self, kind: Kind, role: Role, pids: &[Pid], id: NodeId, env: &Env, out: &mut Envs) {
        if pids.iter().all(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis)) {
            // `ARG $X=...` of a Dockerfile and `def f(x=...)` want a default.
            let wanted = match self.file.language() {
                Language::Dockerfile => kind == Kind::Pair,
                Language::Python => kind == Kind::Param && role == Role::Default,
                _ => false,
            };
            if !wanted || self.tree.child(id, role).is_some() {
                out.push(env.clone());
            }
            return;
        }
        if kind == Kind::Pair && role == Role::Value && self.tree.child(id, role).is_none() {
            // A key without a value has an empty one.
            let empty = |pid: &Pid| {
                let node = self.p(*pid);
                matches!(&*node.text, "\"\"" | "''" | "{}" | "[]" | "null")
            };
            if pids.iter().all(empty) {
                out.push(env.clone());
            }
            return;
        }
        // `catch ($E)` is also `catch` without a name.
        if kind == Kind::Catch && role == Role::Name && self.is_javascript() {
            let any = |pid: &Pid| matches!(self.p(*pid).meta, Meta::Any(_));
            if self.tree.child(id, role).is_none() && pids.iter().all(any) {
                return out.push(env.clone());
            }
        }
        // A method without a body has an empty one.
        if kind == Kind::Func
            && role == Role::Body
            && !matches!(
                self.file.language(),
                Language::Solidity
                    | Language::Scala
                    | Language::Kotlin
                    | Language::Swift
                    | Language::C
                    | Language::Cpp
                    | Language::Csharp
                    | Language::Javascript
                    | Language::Typescript
            )
            && !self.is_of_interface(id)
            && self.tree.child(id, role).is_none()
        {
            let open = |pid: &Pid| {
                let body = self.p(*pid);
                body.kind == Kind::Block
                    && !body.groups.is_empty()
                    && body.groups.iter().all(|(_, pids)| self.all_dots(pids))
            };
            if pids.iter().all(open) {
                out.push(env.clone());
            }
            return;
        }
        // A class without a body has an empty one; so has a new object of C#.
        let initialized = kind == Kind::New && self.file.language() == Language::Csharp;
        if (kind == Kind::Class || initialized) && role == Role::Body && self.tree.child(id, role).is_none() {
            let open = |pid: &Pid| {
                let body = self.p(*pid);
                matches!(body.kind, Kind::ClassBody | Kind::Block)
                    && body.groups.iter().all(|(_, pids)| self.all_dots(pids))
            };
            if pids.iter().all(open) {
                out.push(env.clone());
            }
            return;
        }
        if role == Role::Stmt && !matches!(kind, Kind::ClassBody | Kind::ConfigBlock) {
            return self.statements_exact(pids, id, env, out);
        }
        let children: SmallVec<[NodeId; 8]> = self.tree.children_of(id, role).collect();
        match (kind, role) {
            (Kind::Call | Kind::New | Kind::Decorator, Role::Arg) => {
                self.arguments(pids, &children, env, out)
            }
            (_, Role::Decorator) if self.pattern.options.decorators_order_matters => {
                self.ordered(pids, &children, self.t(id).end, env, out);
            }
            (
                _,
                Role::Decorator
                | Role::Modifier
                | Role::Catch
                | Role::Attr
                | Role::Implements
                | Role::Case
                | Role::Throws,
            ) => {
                if kind == Kind::Element
                    && role == Role::Attr
                    && !self.pattern.options.xml_attrs_implicit_ellipsis
                {
                    let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
                    return self.any_order(pids, &children, dots, env, out);
                }
                self.any_order(pids, &children, true, env, out);
            }
            (Kind::Import, Role::Item) | (Kind::ClassBody, _) => {
                self.any_order(pids, &children, true, env, out)
            }
            (_, Role::Pair) if matches!(pids, [only] if matches!(self.p(*only).meta, Meta::Many(_))) => {
                self.ordered(pids, &children, self.t(id).end, env, out);
            }
            // One label of many.
            (Kind::Raw, Role::Pair) if self.file.language() == Language::Dockerfile => {
                self.any_order(pids, &children, true, env, out);
            }
            (_, Role::Pair) => self.any_order(pids, &children, self.free_pairs(pids), env, out),
            // The first children, in order; or all of them in any order.
            (Kind::Element, Role::Content) if self.pattern.options.xml_children_ordered => {
                self.in_order(pids, &children, self.t(id).end, true, env, out);
            }
            (Kind::Element, Role::Content) => {
                let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
                self.any_order(pids, &children, dots, env, out);
            }
            (Kind::Set, Role::Elem) => {
                let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
                self.any_order(pids, &children, dots, env, out);
            }
            // The first of them, in order.
            (Kind::Class, Role::Extends)
                if matches!(self.file.language(), Language::Csharp | Language::Python) =>
            {
                self.in_order(pids, &children, self.t(id).end, true, env, out);
            }
            (Kind::With, Role::Item) if pids.len() == 1 && self.file.language() == Language::Python => {
                // Several resources are statements within each other.
                for child in &children {
                    self.node(pids[0], *child, env, out);
                }
            }
            // Of several errors that are caught the first counts.
            (Kind::Catch, Role::Type)
                if self.file.language() == Language::Java
                    || matches!(pids, [only] if matches!(self.p(*only).meta, Meta::Any(_))) =>
            {
                self.in_order(pids, &children, self.t(id).end, true, env, out);
            }
            // What causes an error is free.
            (Kind::Throw, _) if self.file.language() == Language::Python => {
                self.in_order(pids, &children, self.t(id).end, true, env, out);
            }
            // The parents of a class of Swift come in their order, further ones after.
            (Kind::Class, Role::Extends) if self.file.language() == Language::Swift => {
                self.in_order(pids, &children, self.t(id).end, true, env, out);
            }
            (Kind::Class, Role::Extends) => self.any_order(pids, &children, true, env, out),
            (Kind::ConfigBlock, Role::Stmt) => {
                let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
                let mut found = Envs::new();
                self.any_order(pids, &children, true, env, &mut found);
                if found.is_empty() && dots {
                    // A block after `...` may stand in a nested one, an attribute may not.
                    let own = |inner: &NodeId| {
                        let node = self.t(*inner);
                        let nested = node.kind == Kind::ConfigBlock || node.parent == id.0;
                        node.role == Role::Stmt && nested
                    };
                    let deep: Vec<NodeId> = self.tree.subtree(id).skip(1).filter(own).collect();
                    self.any_order(pids, &deep, true, env, &mut found);
                }
                out.append(&mut found);
            }
            _ => self.ordered(pids, &children, self.t(id).end, env, out),
        }
    }

    /// Whether a mapping pattern leaves further entries free.
    pub(super) fn free_pairs(&self, pids: &[Pid]) -> bool {
        let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
        let implicit =
            matches!(self.file.language(), Language::Javascript | Language::Typescript | Language::Terraform)
                && self.pattern.options.implicit_ellipsis;
        dots || implicit
    }

    /// Elements in order; `...` and `$...X` take any number.
    pub(super) fn ordered(&self, pids: &[Pid], children: &[NodeId], end: u32, env: &Env, out: &mut Envs) {
        self.in_order(pids, children, end, false, env, out);
    }

    /// The same; `open` leaves what follows the last element free.
    fn in_order(&self, pids: &[Pid], children: &[NodeId], end: u32, open: bool, env: &Env, out: &mut Envs) {
        let is_one = |pid: &Pid| !matches!(self.p(*pid).meta, Meta::Ellipsis | Meta::Many(_));
        if !open && pids.iter().all(is_one) {
            if pids.len() != children.len() {
                return;
            }
            if let ([pid], [child]) = (pids, children) {
                let before = out.len();
                self.node(*pid, *child, env, out);
                return dedup(out, before);
            }
        }
        // States: the next child, and whether children may be skipped before it.
        let mut states: Vec<(usize, bool, Env)> = vec![(0, false, env.clone())];
        let mut envs = Envs::new();
        for pid in pids {
            let mut next: Vec<(usize, bool, Env)> = Vec::new();
            match &self.p(*pid).meta {
                Meta::Ellipsis => next.extend(states.drain(..).map(|(at, _, env)| (at, true, env))),
                Meta::Many(var) => {
                    for (at, floating, env) in &states {
                        let starts = if *floating { *at..=children.len() } else { *at..=*at };
                        for start in starts {
                            for stop in start..=children.len() {
                                let at = children.get(start).map_or(end, |child| self.t(*child).start);
                                let bound = Bound::Nodes(Rc::from(&children[start..stop]), at);
                                envs.clear();
                                self.bind(*var, bound, env, &mut envs);
                                next.extend(envs.drain(..).map(|env| (stop, false, env)));
                            }
                        }
                    }
                }
                _ => {
                    for (at, floating, env) in &states {
                        let stop = if *floating { children.len() } else { (*at + 1).min(children.len()) };
                        for (offset, child) in children.get(*at..stop).unwrap_or_default().iter().enumerate()
                        {
                            envs.clear();
                            self.node(*pid, *child, env, &mut envs);
                            next.extend(envs.drain(..).map(|env| (at + offset + 1, false, env)));
                        }
                    }
                }
            }
            dedup_states(&mut next);
            if next.is_empty() {
                return;
            }
            states = next;
        }
        let least = self.left_to_dots(pids);
        let ends = |at: usize, floating: bool| {
            open || if floating { children.len() - at >= least } else { at == children.len() }
        };
        let complete = states.into_iter().filter(|(at, floating, _)| ends(*at, *floating));
        out.extend(complete.map(|(_, _, env)| env));
    }

    /// Positional arguments in order; a keyword argument takes its like out of what is left.
    fn arguments(&self, pids: &[Pid], children: &[NodeId], env: &Env, out: &mut Envs) {
        let is_keyword = |pid: &Pid| {
            let node = self.p(*pid);
            node.kind == Kind::KwArg && matches!(node.meta, Meta::Plain)
        };
        if !pids.iter().any(is_keyword) {
            let end = children.last().map_or(0, |last| self.t(*last).end);
            return self.ordered(pids, children, end, env, out);
        }
        // States: what is left, and whether some of it may be skipped.
        let mut states: Vec<(SmallVec<[NodeId; 8]>, bool, Env)> = vec![(children.into(), false, env.clone())];
        for pid in pids {
            let mut next: Vec<(SmallVec<[NodeId; 8]>, bool, Env)> = Vec::new();
            for (left, floating, env) in states {
                match &self.p(*pid).meta {
                    Meta::Ellipsis => next.push((left, true, env)),
                    Meta::Many(var) => {
                        let skipped = if floating { 0..=left.len() } else { 0..=0 };
                        for start in skipped {
                            for stop in start..=left.len() {
                                let at = left.get(start).map_or(0, |child| self.t(*child).start);
                                let mut envs = Envs::new();
                                self.bind(
                                    *var,
                                    Bound::Nodes(Rc::from(&left[start..stop]), at),
                                    &env,
                                    &mut envs,
                                );
                                next.extend(envs.into_iter().map(|env| (left[stop..].into(), false, env)));
                            }
                        }
                    }
                    _ => {
                        let keyword = is_keyword(pid);
                        let skipped = if floating { left.len() } else { usize::from(!left.is_empty()) };
                        for start in 0..skipped {
                            let reach = if keyword { left.len() } else { start + 1 };
                            for taken in start..reach {
                                let mut envs = Envs::new();
                                self.node(*pid, left[taken], &env, &mut envs);
                                let mut rest: SmallVec<[NodeId; 8]> = left[start..].into();
                                rest.remove(taken - start);
                                next.extend(envs.into_iter().map(|env| (rest.clone(), false, env)));
                            }
                        }
                    }
                }
            }
            next.truncate(MAX_WAYS);
            let mut unique: Vec<(SmallVec<[NodeId; 8]>, bool, Env)> = Vec::new();
            for state in next {
                if unique.len() > 200 || !unique.contains(&state) {
                    unique.push(state);
                }
            }
            states = unique;
        }
        let least = self.left_to_dots(pids);
        let ends = |left: usize, floating: bool| if floating { left >= least } else { left == 0 };
        let complete = states.into_iter().filter(|(left, floating, _)| ends(left.len(), *floating));
        out.extend(complete.map(|(_, _, env)| env));
    }

    /// Each element matches another child, in whatever order; `free` lets children remain.
    pub(super) fn any_order(&self, pids: &[Pid], children: &[NodeId], free: bool, env: &Env, out: &mut Envs) {
        let mut wanted: SmallVec<[Pid; 8]> = pids
            .iter()
            .copied()
            .filter(|pid| !matches!(self.p(*pid).meta, Meta::Ellipsis | Meta::Many(_)))
            .collect();
        if wanted.len() > children.len() || (!free && wanted.len() != children.len()) {
            return;
        }
        // Elements that can be told apart go first, bare metavariables last.
        wanted.sort_by_key(|pid| matches!(self.p(*pid).meta, Meta::Any(_)));
        let mut states: Vec<(SmallVec<[u32; 8]>, Env)> = vec![(SmallVec::new(), env.clone())];
        let mut envs = Envs::new();
        for pid in wanted {
            let mut next: Vec<(SmallVec<[u32; 8]>, Env)> = Vec::new();
            for (used, env) in &states {
                for (at, child) in children.iter().enumerate() {
                    let at = at as u32;
                    if used.contains(&at) || next.len() > MAX_WAYS {
                        continue;
                    }
                    envs.clear();
                    self.node(pid, *child, env, &mut envs);
                    for env in envs.drain(..) {
                        let mut used = used.clone();
                        used.push(at);
                        used.sort_unstable();
                        next.push((used, env));
                    }
                }
            }
            if next.len() > 1 {
                let mut unique: Vec<(SmallVec<[u32; 8]>, Env)> = Vec::new();
                for state in next {
                    if unique.len() > 200 || !unique.contains(&state) {
                        unique.push(state);
                    }
                }
                next = unique;
            }
            if next.is_empty() {
                return;
            }
            states = next;
        }
        out.extend(states.into_iter().map(|(_, env)| env));
    }
}

/// Removes equal environments from `out[from..]`.
pub(super) fn dedup(out: &mut Envs, from: usize) {
    if out.len() - from < 2 {
        return;
    }
    let mut unique: Envs = Vec::new();
    for env in out.drain(from..) {
        if unique.len() > 200 || !unique.contains(&env) {
            unique.push(env);
        }
    }
    unique.truncate(MAX_WAYS);
    out.append(&mut unique);
}

fn dedup_states(states: &mut Vec<(usize, bool, Env)>) {
    if states.len() < 2 {
        return;
    }
    let mut unique: Vec<(usize, bool, Env)> = Vec::new();
    for state in states.drain(..) {
        if unique.len() > 200 || !unique.contains(&state) {
            unique.push(state);
        }
    }
    unique.truncate(MAX_WAYS);
    *states = unique;
}
