//! All ways one pattern node matches one node of the code.

use std::rc::Rc;

use smallvec::SmallVec;
use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::children::dedup;
use super::differences::is_test;
use super::search::{MAX_HOPS, MAX_WAYS, Search};
use super::{Meta, PatternNode, Pid, is_expression, text};
use crate::matching::Span;
use crate::tree::lower::raw_of;
use crate::tree::{Kind, Node, NodeId, Role, flag, symbol};

/// A string or a piece of one that is put together.
const fn is_text(node: &Node) -> bool {
    matches!(node.kind, Kind::Str | Kind::StrPart)
}

/// What stands between the delimiters of a regular expression: `/…/i`, `%r{…}i` of Ruby.
fn regex_body(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if let Some(body) = text.strip_prefix('/') {
        return body.strip_suffix('/');
    }
    let mut rest = text.strip_prefix("%r")?.chars();
    rest.next();
    rest.next_back();
    Some(rest.as_str())
}

impl Search<'_> {
    /// All ways the pattern node matches the node.
    pub(super) fn node(&self, pid: Pid, id: NodeId, env: &Env, out: &mut Envs) {
        if self.out_of_time() || out.len() > MAX_WAYS {
            return;
        }
        let (pattern, mut id, mut node) = (self.p(pid), id, self.t(id));
        // A name that holds a regular expression reads like it.
        if pattern.kind == Kind::Regex
            && node.kind == Kind::Name
            && matches!(pattern.meta, Meta::Plain | Meta::StringVar(_))
            && self.pattern.options.constant_propagation
            && let Some(regex) = self.file.constants().regex(id)
        {
            (id, node) = (regex, self.t(regex));
        }
        match &pattern.meta {
            Meta::Ellipsis => out.push(env.clone()),
            Meta::Any(var) => {
                if self.may_be_any(pattern, id) {
                    // Quotes are no part of what a shell takes for a word.
                    let quoted =
                        node.kind == Kind::Str && self.is_shell() && self.file.node_text(id).starts_with('"');
                    let bound = if quoted { Bound::Contents(id) } else { Bound::Node(id) };
                    self.bind(*var, bound, env, out);
                    // Where a rule asks for it, a name is what was assigned to it as well.
                    if let Some(value) = self.assigned_in_the_end(id) {
                        self.bind(*var, Bound::Node(value), env, out);
                    }
                }
            }
            Meta::Many(var) => {
                self.bind(*var, Bound::Nodes(Rc::from([id]), node.start), env, out);
            }
            // What is given by name is no expression.
            Meta::Deep(_) if node.kind == Kind::KwArg => {}
            Meta::Deep(inner) => {
                let before = out.len();
                let whole = self.pattern.options.go_deeper_expr;
                let (mut at, end) = (id.number(), if whole { node.next } else { id.number() + 1 });
                while at < end {
                    let inside = NodeId(at);
                    let own = self.t(inside);
                    if self.is_other_code(own) || self.is_made(own) {
                        at = own.next;
                        continue;
                    }
                    let assigns = own.kind == Kind::Assign && self.p(*inner).kind == Kind::Assign;
                    if inside == id || is_expression(own) || assigns {
                        self.node(*inner, inside, env, out);
                    }
                    at += 1;
                }
                dedup(out, before);
            }
            Meta::Typed { types, type_var, var } => self.typed(types, *type_var, *var, id, env, out),
            // A conversion changes nothing about what is written.
            Meta::AnyString | Meta::StringVar(_) | Meta::StringRegex(_)
                if node.kind == Kind::Cast && self.is_transparent(node) =>
            {
                if let Some(value) = self.tree.child(id, Role::Value) {
                    self.node(pid, value, env, out);
                }
            }
            Meta::AnyString => {
                if is_text(node) || self.string_constant(id).is_some() {
                    out.push(env.clone());
                } else {
                    self.symbolic(pid, id, env, out);
                }
            }
            // `s"..."` is no plain string.
            Meta::AnyTemplate if self.file.language() == Language::Scala => {
                let interpolator = pattern.text.split('"').next().unwrap_or_default();
                if self
                    .file
                    .node_text(id)
                    .strip_prefix(interpolator)
                    .is_some_and(|rest| rest.starts_with('"'))
                {
                    out.push(env.clone());
                }
            }
            Meta::AnyTemplate => {
                let text = self.file.node_text(id);
                if pattern.text.starts_with(['b', 'B']) {
                    if node.kind == Kind::Str && text.starts_with(['b', 'B']) {
                        out.push(env.clone());
                    }
                    return;
                }
                let quoted = text.starts_with('`')
                    || text.starts_with("$\"")
                    || text.trim_start_matches(['r', 'R', 'b']).starts_with(['f', 'F']);
                if (node.kind == Kind::Template && (node.symbol == 0 || pattern.has(flag::SYNTH)))
                    || (node.kind == Kind::Str && quoted)
                {
                    out.push(env.clone());
                }
            }
            Meta::StringVar(var) if pattern.kind == Kind::Regex => {
                let named = *var;
                let plain = |body: &str| {
                    self.file.language() != Language::Ruby
                        || named.is_none()
                        || !(body.is_empty() || body.contains("#{"))
                };
                let text = self.file.node_text(id);
                if let (Kind::Regex, Some(body)) = (node.kind, regex_body(text).filter(|body| plain(body))) {
                    let start = node.start + (body.as_ptr() as usize - text.as_ptr() as usize) as u32;
                    let span = Span { start, end: start + u32::try_from(body.len()).unwrap_or(0) };
                    self.bind(*var, Bound::Text(body.into(), span), env, out);
                }
            }
            Meta::StringVar(_)
                if self.is_javascript() && pattern.text.starts_with('`')
                    || self.file.language() == Language::Csharp && pattern.text.starts_with('$') =>
            {
                let template =
                    node.kind == Kind::Str && self.file.node_text(id).get(..1) == pattern.text.get(..1);
                if let (true, Meta::StringVar(var)) = (template, &pattern.meta) {
                    self.bind(*var, Bound::Contents(id), env, out);
                }
            }
            Meta::StringVar(var) => {
                let same_raw = node.kind == Kind::Raw && pattern.kind == Kind::Raw && pattern.raw == node.raw;
                if (is_text(node) && pattern.kind != Kind::Raw) || same_raw {
                    self.bind(*var, Bound::Contents(id), env, out);
                } else if pattern.kind == Kind::Raw {
                    // A symbol is no text.
                } else if let Some(literal) =
                    self.file.constants().origin(id).filter(|_| self.known_text(id).is_some())
                {
                    self.bind(*var, Bound::Contents(literal), env, out);
                } else if let Some(text) = self.known_text(id) {
                    self.bind(*var, Bound::Text(text, self.file.span(id)), env, out);
                } else if node.kind == Kind::Name && self.bare_words() {
                    self.bind(*var, Bound::Node(id), env, out);
                } else {
                    self.symbolic(pid, id, env, out);
                }
            }
            Meta::StringRegex(regex) => {
                let matched = if is_text(node) {
                    regex.is_match(self.file.contents(id).of(self.file.text()))
                } else {
                    self.known_text(id).is_some_and(|text| regex.is_match(&text))
                };
                if matched {
                    out.push(env.clone());
                } else {
                    self.symbolic(pid, id, env, out);
                }
            }
            Meta::Plain => {
                let before = out.len();
                self.structure(pid, pattern, id, node, env, out);
                if out.len() == before {
                    self.equivalent(pid, pattern, id, node, env, out);
                }
            }
        }
    }

    /// Whether a pattern reads `for (...)`.
    fn is_for_of_any_form(&self, pattern: &PatternNode) -> bool {
        let any = |pid: &Pid| self.p(*pid).text.trim_start_matches('$').starts_with(text::ANY_FORM);
        pattern.group(Role::Init).iter().any(any)
    }

    /// Whether nothing but the body of a loop is fixed.
    fn is_any_loop(&self, pattern: &PatternNode) -> bool {
        pattern.groups.iter().all(|(role, pids)| *role == Role::Body || self.all_dots(pids))
    }

    /// The body of a function or class, which `<... ...>` does not look into; one that is a mere
    /// expression is looked into, save for JavaScript's.
    fn is_other_code(&self, node: &Node) -> bool {
        match node.kind {
            Kind::ClassBody => true,
            // Braces hold statements, save for those around the value of a lambda.
            Kind::Block if self.file.language() == Language::Scala => {
                !node.has(flag::SYNTH) || self.t(NodeId(node.parent)).kind != Kind::Func
            }
            Kind::Case => self.file.language() == Language::Scala,
            Kind::Block if node.role == Role::Body => {
                let in_function = self.t(NodeId(node.parent)).kind == Kind::Func;
                in_function && (!node.has(flag::SYNTH) || self.is_javascript())
            }
            _ => false,
        }
    }

    /// Whether a node is the type of what is made.
    fn is_made(&self, node: &Node) -> bool {
        node.role == Role::Callee
            && self.t(NodeId(node.parent)).kind == Kind::New
            && (self.is_javascript()
                || matches!(
                    self.file.language(),
                    Language::Go | Language::Java | Language::Csharp | Language::Rust
                ))
    }

    /// Whether a cast, conversion or tag leaves the value what it is.
    fn is_transparent(&self, node: &Node) -> bool {
        match self.file.language() {
            Language::C
            | Language::Cpp
            | Language::Csharp
            | Language::Java
            | Language::Kotlin
            | Language::Php
            | Language::Yaml
            | Language::Javascript
            | Language::Typescript => true,
            // `[]byte(x)`
            Language::Go => node.raw == raw_of("type_conversion_expression"),
            _ => false,
        }
    }

    /// Whether a name is a statement, or all that another name is given.
    fn stands_alone(&self, id: NodeId) -> bool {
        let named = |up: NodeId| {
            let left = self.tree.child(up, Role::Left);
            self.t(up).kind == Kind::Assign && left.is_some_and(|left| self.t(left).kind == Kind::Name)
        };
        match self.t(id).role {
            Role::Stmt => true,
            Role::Right => self.tree.parent(id).is_some_and(named),
            _ => false,
        }
    }

    fn bare_words(&self) -> bool {
        matches!(
            self.file.language(),
            Language::Terraform | Language::Yaml | Language::Bash | Language::Dockerfile
        )
    }

    /// Other spellings of the node: the full name of an import, a known value, the assigned expression.
    fn equivalent(
        &self,
        pid: Pid,
        pattern: &PatternNode,
        id: NodeId,
        node: &Node,
        env: &Env,
        out: &mut Envs,
    ) {
        if matches!(node.kind, Kind::Name | Kind::Member)
            && matches!(pattern.kind, Kind::Name | Kind::Member)
            && let Some(full) = self.file.names().spelled_out(id)
            && self.hops.get() < MAX_HOPS
        {
            self.hops.set(self.hops.get() + 1);
            self.structure(pid, pattern, full, self.t(full), env, out);
            self.hops.set(self.hops.get() - 1);
            if !out.is_empty() {
                return;
            }
        }
        if node.kind == Kind::Name && pattern.kind == Kind::Member {
            self.by_wildcard(pattern, id, env, out);
            if !out.is_empty() {
                return;
            }
        }
        match pattern.kind {
            Kind::Str | Kind::Num | Kind::Bool | Kind::Null => {
                if let Some(value) = self.constant(id)
                    && value.symbol() == Some(pattern.symbol)
                    && (value.kind() == pattern.kind || self.file.language() == Language::Terraform)
                {
                    out.push(env.clone());
                    return;
                }
                if pattern.kind == Kind::Null && self.is_null(id) {
                    out.push(env.clone());
                    return;
                }
            }
            _ => {}
        }
        self.symbolic(pid, id, env, out);
    }

    /// Whether two names are the same where quotes do not matter.
    fn same_key(&self, pattern: &PatternNode, node: &Node) -> bool {
        let textual = |kind| matches!(kind, Kind::Name | Kind::Str | Kind::Num | Kind::Bool);
        let keyed = !matches!(self.pattern.language, Language::Python | Language::Ruby | Language::Yaml);
        let loose =
            (pattern.role == Role::Key && keyed) || matches!(self.file.language(), Language::Terraform);
        loose && textual(pattern.kind) && textual(node.kind) && pattern.symbol == node.symbol
    }

    fn structure(&self, pid: Pid, pattern: &PatternNode, id: NodeId, node: &Node, env: &Env, out: &mut Envs) {
        if pattern.kind == Kind::Member && self.open_chain(pattern, id, env, out) {
            return;
        }
        if pattern.kind != node.kind {
            match (pattern.kind, node.kind) {
                _ if self.same_key(pattern, node) => out.push(env.clone()),
                (Kind::Str, Kind::StrPart) if pattern.symbol == node.symbol => out.push(env.clone()),
                // PHP names variables in strings as they are, so one may also stand for text.
                (Kind::Interp, Kind::StrPart) if self.file.language() == Language::Php => {
                    if let [value] = pattern.group(Role::Value)
                        && matches!(self.p(*value).meta, Meta::Any(_))
                    {
                        self.node(*value, id, env, out);
                    }
                }
                // `for (...) { … }` is any loop of that word.
                (Kind::For, Kind::ForEach) if self.is_for_of_any_form(pattern) => {
                    self.group(Kind::For, Role::Body, pattern.group(Role::Body), id, env, out);
                }
                // `a += b` of JavaScript reads like `a = a + b`.
                (Kind::Assign, Kind::AugAssign) if self.is_javascript() => {
                    self.augmented(pattern, id, node, env, out);
                }
                (Kind::Binary, Kind::AugAssign) if self.is_javascript() && self.is_step_by(pattern, node) => {
                    self.sides(pattern, id, [(Role::Left, Role::Left), (Role::Right, Role::Right)], env, out);
                }
                (Kind::Import, Kind::Assign) => self.taken_apart(pattern, id, env, out),
                // Go has one word for all of them.
                (Kind::While, Kind::For | Kind::ForEach)
                    if self.file.language() == Language::Go
                        && !pattern.group(Role::Cond).is_empty()
                        && self.is_any_loop(pattern) =>
                {
                    self.group(Kind::For, Role::Body, pattern.group(Role::Body), id, env, out);
                }
                (Kind::Declare, Kind::Assign) => self.declaration(pattern, id, node, env, out),
                (Kind::Assign, Kind::Pair) => {
                    self.sides(pattern, id, [(Role::Left, Role::Key), (Role::Right, Role::Value)], env, out);
                }
                (Kind::Pair, Kind::Assign) => {
                    self.sides(pattern, id, [(Role::Key, Role::Left), (Role::Value, Role::Right)], env, out);
                }
                // The body of a block reads like an object.
                (Kind::Dict, Kind::ConfigBlock) => {
                    let pids = pattern.group(Role::Pair);
                    let children: SmallVec<[NodeId; 8]> = self.tree.children_of(id, Role::Stmt).collect();
                    self.any_order(pids, &children, self.free_pairs(pids), env, out);
                }
                (Kind::Dict, Kind::Set) if pattern.groups.iter().all(|(_, pids)| self.all_dots(pids)) => {
                    out.push(env.clone());
                }
                // `@cached` reads like `@cached()`.
                (Kind::Call, Kind::Name | Kind::Member)
                    if node.role == Role::Value
                        && self.all_dots(pattern.group(Role::Arg))
                        && self.tree.parent(id).is_some_and(|up| self.t(up).kind == Kind::Decorator) =>
                {
                    if let [callee] = pattern.group(Role::Callee)
                        && self.p(*callee).kind != Kind::Call
                    {
                        self.node(*callee, id, env, out);
                    }
                }
                // What follows `elif` is what `else` of a shell holds.
                (Kind::Block, Kind::If)
                    if self.is_shell()
                        && pattern.role == Role::Else
                        && !pattern.groups.is_empty()
                        && pattern.groups.iter().all(|(_, pids)| self.all_dots(pids)) =>
                {
                    out.push(env.clone());
                }
                // `{ … }` is any function that is an argument of Scala.
                (Kind::Block, Kind::Func)
                    if self.file.language() == Language::Scala
                        && pattern.role == Role::Arg
                        && !pattern.groups.is_empty()
                        && pattern.groups.iter().all(|(_, pids)| self.all_dots(pids)) =>
                {
                    out.push(env.clone());
                }
                // `*name` of YAML is what `&name` marks.
                (_, Kind::Raw) if self.file.language() == Language::Yaml => {
                    if let Some(anchored) = self.anchored(id).filter(|_| self.hops.get() < MAX_HOPS) {
                        self.hops.set(self.hops.get() + 1);
                        self.node(pid, anchored, env, out);
                        self.hops.set(self.hops.get() - 1);
                    }
                }
                // A cast changes nothing about the value it casts; nor does a tag.
                (_, Kind::Cast) if self.is_transparent(node) => {
                    if let Some(value) = self.tree.child(id, Role::Value) {
                        self.node(pid, value, env, out);
                    }
                }
                // Visibility and the like are modifiers without arguments to Solidity.
                (Kind::Decorator, Kind::Modifier) if self.file.language() == Language::Solidity => {
                    self.keyword_modifier(pattern, id, env, out);
                }
                (Kind::Import, Kind::Call) => self.required(pattern, id, env, out),
                (Kind::Return, _) if self.implicit_returns().contains(&id) => {
                    if let [value] = pattern.group(Role::Value) {
                        self.node(*value, id, env, out);
                    }
                }
                // `{ a }` where an object is taken apart.
                (Kind::Pair, Kind::Name) if self.is_javascript() && node.role == Role::Pair => {
                    let mut envs: Envs = vec![env.clone()];
                    for role in [Role::Key, Role::Value] {
                        let mut next = Envs::new();
                        if let [pid] = pattern.group(role) {
                            envs.iter().for_each(|env| self.node(*pid, id, env, &mut next));
                        }
                        envs = next;
                    }
                    out.append(&mut envs);
                }
                // `foo` alone calls `foo` where no variable has the name.
                (Kind::Call, Kind::Name)
                    if self.file.language() == Language::Ruby
                        && self.stands_alone(id)
                        && node.symbol != symbol("super")
                        && self.file.names().definition_of(id).is_none()
                        && pattern
                            .group(Role::Arg)
                            .iter()
                            .all(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis | Meta::Many(_)))
                        && pattern.group(Role::Body).is_empty() =>
                {
                    if let [callee] = pattern.group(Role::Callee) {
                        let mut envs = Envs::new();
                        self.node(*callee, id, env, &mut envs);
                        envs.iter().for_each(|env| {
                            self.ordered(pattern.group(Role::Arg), &[], node.end, env, out);
                        });
                    }
                }
                // `a[b]` calls a method of `a`, which a metavariable may name.
                (Kind::Member | Kind::Call, Kind::Index) if self.file.language() == Language::Ruby => {
                    self.index_as_call(pattern, id, env, out);
                }
                _ => {}
            }
            return;
        }
        if self.differs(pattern, id, node) {
            return;
        }
        match pattern.kind {
            Kind::Call if self.is_shell() => {
                return self.command(pattern, id, env, out);
            }
            Kind::For if self.is_for_of_any_form(pattern) => {
                return self.group(Kind::For, Role::Body, pattern.group(Role::Body), id, env, out);
            }
            Kind::Block => return self.block(pattern, id, env, out),
            // Its stretches are its text once more.
            Kind::Str if node.next != id.0 + 1 => {
                if pattern.symbol == node.symbol {
                    out.push(env.clone());
                }
                return;
            }
            Kind::Assign => return self.assign(pattern, id, node, env, out),
            Kind::Import => return self.import(pattern, id, node, env, out),
            // Tests of C# that are more than a type or a value are not told apart.
            Kind::Raw if self.file.language() == Language::Csharp && is_test(pattern.raw) => {
                return out.push(env.clone());
            }
            // Flags of a regular expression are free unless the pattern has some.
            Kind::Regex if pattern.text.ends_with('/') || self.file.language() == Language::Ruby => {
                if regex_body(self.file.node_text(id)) == regex_body(&pattern.text) {
                    out.push(env.clone());
                }
                return;
            }
            Kind::Binary if self.operators(pattern, id, node, env, out) => return,
            Kind::Member if self.is_c() && self.by_pointer(pattern, id, node, env, out) => return,
            Kind::Name if !pattern.group(Role::Name).is_empty() => {
                return self.type_of_many(pattern, id, env, out);
            }
            Kind::Member if self.chain(pattern, id, env, out) => return,
            _ => {}
        }
        if self.same_symbol(pattern, node) {
            self.groups(pattern, id, env, out);
        }
        if pattern.kind == Kind::Call && self.file.language() == Language::Ruby {
            self.block_given(pattern, id, env, out);
        }
    }
}
