//! Matching a compiled pattern against a file.
//!
//! Every step maps environments (what is bound so far) to the environments of its matches, so that all
//! ways to match are found and equal ones are merged. Recursion follows the pattern, whose depth is
//! bounded, never the file.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use tollgate_core::{Cancel, Language};

use super::{Compiled, Meta, PatternNode, Pid, Root, Var, is_expression};
use crate::constants::Literal;
use crate::matching::{Binding, Bindings, Match, Span, Value};
use crate::names;
use crate::tree::{Kind, Node, NodeId, ParsedFile, Role, Symbol, Tree, flag};

/// What a metavariable is bound to while matching.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    Node(NodeId),
    Nodes(Rc<[NodeId]>, u32),
    Contents(NodeId),
    Text(Arc<str>, Span),
}

pub(super) type Env = SmallVec<[(Var, Bound); 3]>;
pub(super) type Envs = Vec<Env>;

/// More ways to match one node than this are not told apart.
pub(super) const MAX_WAYS: usize = 2000;
/// How far chains of names to values are followed.
const MAX_HOPS: u8 = 8;

pub(super) struct Search<'a> {
    pub(super) pattern: &'a Compiled,
    pub(super) file: &'a ParsedFile,
    pub(super) tree: &'a Tree,
    cancel: &'a Cancel,
    steps: Cell<u32>,
    stopped: Cell<bool>,
    hops: Cell<u8>,
    statements: RefCell<FxHashMap<Pid, Option<Rc<[NodeId]>>>>,
}

/// Every match in order of span.
pub(super) fn find(pattern: &Compiled, file: &ParsedFile, cancel: &Cancel) -> Vec<Match> {
    let search = Search {
        pattern,
        file,
        tree: file.tree(),
        cancel,
        steps: Cell::new(0),
        stopped: Cell::new(false),
        hops: Cell::new(0),
        statements: RefCell::default(),
    };
    let mut found = Vec::new();
    match &pattern.root {
        Root::Node(root) => search.find_node(*root, &mut found),
        Root::Words(list) => search.find_words(list, &mut found),
        Root::Statements(list) => search.find_statements(list, &mut found),
    }
    found.sort_by(|a, b| a.span.start.cmp(&b.span.start).then(a.span.end.cmp(&b.span.end)));
    found.dedup();
    found
}

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
        | bit(Role::Finally)
        | bit(Role::Label);
    match kind {
        Kind::TypeTest | Kind::Cast => always & !bit(Role::Type),
        Kind::If => always | bit(Role::Else) | bit(Role::Init),
        Kind::While | Kind::For | Kind::ForEach => always | bit(Role::Else),
        Kind::Try => always | bit(Role::Else) | bit(Role::Catch) | bit(Role::Item),
        Kind::Catch => always & !bit(Role::Type) | bit(Role::Name),
        Kind::New => always | bit(Role::Body),
        Kind::Func | Kind::Class => always | bit(Role::Body),
        Kind::Import => always | bit(Role::Alias),
        Kind::ImportItem => always | bit(Role::Alias),
        Kind::Declare => always | bit(Role::Right),
        Kind::Element => always | bit(Role::Content),
        Kind::Call => always | bit(Role::Body),
        Kind::ConfigBlock => always & !bit(Role::Label),
        _ => always,
    }
}

/// A string or a piece of one that is put together.
const fn is_text(node: &Node) -> bool {
    matches!(node.kind, Kind::Str | Kind::StrPart)
}

impl<'a> Search<'a> {
    pub(super) fn p(&self, pid: Pid) -> &'a PatternNode {
        &self.pattern.nodes[pid as usize]
    }

    pub(super) fn t(&self, id: NodeId) -> &'a Node {
        self.tree.node(id)
    }

    /// Whether to stop: asked for now and then.
    pub(super) fn out_of_time(&self) -> bool {
        let steps = self.steps.get().wrapping_add(1);
        self.steps.set(steps);
        if steps.is_multiple_of(1024) && self.cancel.is_cancelled() {
            self.stopped.set(true);
        }
        self.stopped.get()
    }

    pub(super) fn known_statements(&self, pid: Pid) -> Option<Option<Rc<[NodeId]>>> {
        self.statements.borrow().get(&pid).cloned()
    }

    pub(super) fn remember_statements(&self, pid: Pid, candidates: Option<Rc<[NodeId]>>) {
        self.statements.borrow_mut().insert(pid, candidates);
    }

    // ---- where to look

    fn find_node(&self, root: Pid, found: &mut Vec<Match>) {
        let node = self.p(root);
        let statement = self.pattern.statement && self.may_be_deep(node);
        let mut envs = Envs::new();
        let decorators = self.pattern.options.attr_expr;
        for id in self.candidates(root) {
            if self.out_of_time() {
                return;
            }
            if !decorators && self.tree.parent(id).is_some_and(|up| self.t(up).kind == Kind::Decorator) {
                continue;
            }
            if self.pattern.statement && !self.goes_deep() && self.t(id).role != Role::Stmt {
                continue;
            }
            envs.clear();
            self.node(root, id, &Env::new(), &mut envs);
            if envs.is_empty() {
                continue;
            }
            let reported = if statement { self.statement_of(id).unwrap_or(id) } else { id };
            let span = self.file.span(reported);
            found.extend(envs.drain(..).map(|env| self.to_match(span, reported, &env)));
        }
    }

    /// The words of one shell command of a line of commands.
    fn find_words(&self, pids: &[Pid], found: &mut Vec<Match>) {
        for parent in (0..self.file.names().first_virtual()).map(NodeId) {
            if self.t(parent).kind != Kind::Raw || self.out_of_time() {
                continue;
            }
            let words: Vec<NodeId> =
                self.tree.children(parent).filter(|id| self.t(*id).kind == Kind::Str).collect();
            for command in words.split(|id| self.separates_commands(*id)) {
                let (Some(first), Some(last)) = (command.first(), command.last()) else { continue };
                let mut envs = Envs::new();
                self.ordered(pids, command, self.t(*last).end, &Env::new(), &mut envs);
                let span = Span { start: self.t(*first).start, end: self.t(*last).end };
                found.extend(envs.iter().map(|env| self.to_match(span, *first, env)));
            }
        }
    }

    const fn goes_deep(&self) -> bool {
        self.pattern.options.go_deeper_expr && self.pattern.options.implicit_deep_exprstmt
    }

    /// Whether an expression-statement pattern of this kind also matches inside a statement.
    pub(super) fn may_be_deep(&self, node: &PatternNode) -> bool {
        self.goes_deep()
            && match node.meta {
                Meta::Plain => {
                    matches!(
                        node.kind,
                        Kind::Call
                            | Kind::New
                            | Kind::Name
                            | Kind::Member
                            | Kind::Index
                            | Kind::Binary
                            | Kind::Unary
                            | Kind::Str
                            | Kind::Template
                            | Kind::Await
                            | Kind::AugAssign
                            | Kind::Ternary
                    ) || (node.kind == Kind::Assign && !node.has(flag::DECL | flag::FIELD | flag::SHORT))
                }
                Meta::Typed { .. } | Meta::Deep(_) => true,
                _ => false,
            }
    }

    /// The statement an expression belongs to, not looking out of a block.
    pub(super) fn statement_of(&self, mut id: NodeId) -> Option<NodeId> {
        for _ in 0..1000 {
            let node = self.t(id);
            if node.role == Role::Stmt {
                return Some(id);
            }
            if matches!(node.kind, Kind::Block | Kind::ClassBody | Kind::Module) {
                return None;
            }
            id = self.tree.parent(id)?;
        }
        None
    }

    /// Nodes that may match a pattern node, in order.
    pub(super) fn candidates(&self, pid: Pid) -> Vec<NodeId> {
        let node = self.p(pid);
        let index = self.file.index();
        let mut ids: Vec<NodeId> = Vec::new();
        let expressions = |ids: &mut Vec<NodeId>| {
            let all = (1..self.file.names().first_virtual()).map(NodeId);
            ids.extend(all.filter(|id| is_expression(self.t(*id))));
        };
        match &node.meta {
            Meta::Any(_) | Meta::Typed { .. } | Meta::Deep(_) | Meta::Many(_) => expressions(&mut ids),
            Meta::Ellipsis => {
                ids.extend(
                    (1..self.file.names().first_virtual())
                        .map(NodeId)
                        .filter(|id| self.t(*id).role == Role::Stmt || is_expression(self.t(*id))),
                );
            }
            Meta::AnyTemplate => {
                ids.extend_from_slice(index.of_kind(Kind::Str));
                ids.extend_from_slice(index.of_kind(Kind::Template));
            }
            Meta::StringVar(_) if node.kind == Kind::Raw => ids.extend_from_slice(index.of_kind(Kind::Raw)),
            Meta::AnyString | Meta::StringVar(_) | Meta::StringRegex(_) => {
                ids.extend_from_slice(index.of_kind(Kind::Str));
                ids.extend_from_slice(index.of_kind(Kind::StrPart));
                self.constant_candidates(&mut ids);
            }
            Meta::Plain => self.plain_candidates(pid, node, &mut ids),
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn plain_candidates(&self, pid: Pid, node: &PatternNode, ids: &mut Vec<NodeId>) {
        let index = self.file.index();
        match node.kind {
            Kind::Str | Kind::Num | Kind::Bool | Kind::Null => {
                ids.extend_from_slice(index.of_head(node.kind, node.symbol));
                if node.kind == Kind::Str {
                    ids.extend_from_slice(index.of_head(Kind::StrPart, node.symbol));
                }
                if self.file.language() == Language::Terraform {
                    ids.extend_from_slice(index.of_head(Kind::Str, node.symbol));
                }
                self.constant_candidates(ids);
            }
            Kind::Name if node.groups.is_empty() => {
                ids.extend_from_slice(index.of_head(Kind::Name, node.symbol));
            }
            Kind::Member | Kind::Call | Kind::New | Kind::Func | Kind::Class if !self.ends_open(node) => {
                if node.kind == Kind::Call && self.all_dots(node.group(Role::Arg)) {
                    // `@cached` reads like `@cached()`.
                    let bare = |id: &NodeId| self.tree.child(*id, Role::Value);
                    let plain = |id: &NodeId| matches!(self.t(*id).kind, Kind::Name | Kind::Member);
                    ids.extend(index.of_kind(Kind::Decorator).iter().filter_map(bare).filter(plain));
                }
                match self.head(pid) {
                    Some(head) => {
                        ids.extend_from_slice(index.of_head(node.kind, head));
                        if node.kind == Kind::Member {
                            ids.extend_from_slice(index.of_head(Kind::Name, head));
                        }
                    }
                    None => {
                        ids.extend_from_slice(index.of_kind(node.kind));
                        if node.kind == Kind::Member {
                            let names = index.of_kind(Kind::Name);
                            let imported = |id: &&NodeId| self.file.names().spelled_out(**id).is_some();
                            ids.extend(names.iter().filter(imported));
                        }
                    }
                }
            }
            Kind::Declare => {
                ids.extend_from_slice(index.of_kind(Kind::Declare));
                ids.extend_from_slice(index.of_kind(Kind::Assign));
            }
            Kind::Import if self.is_javascript() => {
                ids.extend_from_slice(index.of_kind(Kind::Import));
                ids.extend_from_slice(index.of_head(Kind::Call, crate::tree::symbol("require")));
            }
            Kind::Assign if self.file.language() == Language::Terraform => {
                ids.extend_from_slice(index.of_kind(Kind::Assign));
                ids.extend_from_slice(index.of_kind(Kind::Pair));
            }
            Kind::Member if self.ends_open(node) => {
                ids.extend_from_slice(index.of_kind(Kind::Member));
                ids.extend_from_slice(index.of_kind(Kind::Call));
            }
            Kind::Dict if self.file.language() == Language::Terraform => {
                ids.extend_from_slice(index.of_kind(Kind::Dict));
                ids.extend_from_slice(index.of_kind(Kind::ConfigBlock));
            }
            kind => ids.extend_from_slice(index.of_kind(kind)),
        }
    }

    fn ends_open(&self, node: &PatternNode) -> bool {
        matches!(node.group(Role::Property), [property] if matches!(self.p(*property).meta, Meta::Ellipsis))
    }

    fn constant_candidates(&self, ids: &mut Vec<NodeId>) {
        if self.pattern.options.constant_propagation {
            ids.extend(self.file.constants().known().map(|(id, _)| id));
        }
    }

    /// The name a construct is known by, when the pattern fixes it.
    fn head(&self, pid: Pid) -> Option<Symbol> {
        let node = self.p(pid);
        if !matches!(node.meta, Meta::Plain) {
            return None;
        }
        match node.kind {
            Kind::Name => Some(node.symbol),
            Kind::Member => self.head(*node.group(Role::Property).first()?),
            Kind::Call | Kind::New => {
                let callee = *node.group(Role::Callee).first()?;
                let named = matches!(self.p(callee).kind, Kind::Name | Kind::Member);
                if named { self.head(callee) } else { None }
            }
            Kind::Func | Kind::Class => self.head(*node.group(Role::Name).first()?),
            _ => None,
        }
    }

    pub(super) fn to_match(&self, span: Span, node: NodeId, env: &Env) -> Match {
        let mut bindings = Bindings::default();
        for (var, bound) in env {
            let name = Arc::clone(&self.pattern.metavars[*var as usize]);
            bindings.insert(name, self.to_binding(bound));
        }
        Match { span, bindings, node: Some(node) }
    }

    fn to_binding(&self, bound: &Bound) -> Binding {
        match bound {
            Bound::Node(id) => Binding { span: self.file.span(*id), value: Value::Node(*id) },
            Bound::Nodes(ids, at) => {
                let span = match (ids.first(), ids.last()) {
                    (Some(first), Some(last)) => Span { start: self.t(*first).start, end: self.t(*last).end },
                    _ => Span { start: *at, end: *at },
                };
                Binding { span, value: Value::Nodes(ids.to_vec()) }
            }
            Bound::Contents(id) => {
                Binding { span: self.file.contents(*id), value: Value::Contents { node: *id } }
            }
            Bound::Text(text, span) => Binding { span: *span, value: Value::Text(Arc::clone(text)) },
        }
    }

    // ---- binding

    fn bound_text<'b>(&'b self, bound: &'b Bound) -> &'b str {
        match bound {
            Bound::Node(id) => self.file.node_text(*id),
            Bound::Contents(id) => self.file.contents(*id).of(self.file.text()),
            Bound::Text(text, _) => text,
            Bound::Nodes(..) => "",
        }
    }

    fn same(&self, a: &Bound, b: &Bound) -> bool {
        match (a, b) {
            (Bound::Node(a), Bound::Node(b)) => self.same_code(*a, *b),
            (Bound::Nodes(a, _), Bound::Nodes(b, _)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| self.same_code(*a, *b))
            }
            (Bound::Nodes(..), _) | (_, Bound::Nodes(..)) => false,
            _ => self.bound_text(a) == self.bound_text(b),
        }
    }

    fn same_code(&self, a: NodeId, b: NodeId) -> bool {
        if self.file.same_code(a, b) {
            return true;
        }
        // A parameter or declaration and the name it declares are one.
        let name = |id: NodeId| match self.t(id).kind {
            Kind::Param => self.tree.child(id, Role::Name),
            _ => None,
        };
        match (name(a), name(b)) {
            (None, None) => false,
            (first, second) => self.file.same_code(first.unwrap_or(a), second.unwrap_or(b)),
        }
    }

    /// Adds a binding, or checks it against the earlier one.
    pub(super) fn bind(&self, var: Option<Var>, bound: Bound, env: &Env, out: &mut Envs) {
        let Some(var) = var else { return out.push(env.clone()) };
        match env.iter().find(|(own, _)| *own == var) {
            Some((_, own)) => {
                if self.same(own, &bound) {
                    out.push(env.clone());
                }
            }
            None => {
                let mut env = env.clone();
                env.push((var, bound));
                out.push(env);
            }
        }
    }

    // ---- nodes

    /// All ways the pattern node matches the node.
    pub(super) fn node(&self, pid: Pid, id: NodeId, env: &Env, out: &mut Envs) {
        if self.out_of_time() || out.len() > MAX_WAYS {
            return;
        }
        let (pattern, node) = (self.p(pid), self.t(id));
        match &pattern.meta {
            Meta::Ellipsis => out.push(env.clone()),
            Meta::Any(var) => {
                let json_form = node.kind == Kind::List && self.file.language() == Language::Dockerfile;
                if !json_form && !matches!(node.kind, Kind::KwArg | Kind::Modifier) {
                    self.bind(*var, Bound::Node(id), env, out);
                }
            }
            Meta::Many(var) => {
                self.bind(*var, Bound::Nodes(Rc::from([id]), node.start), env, out);
            }
            Meta::Deep(inner) => {
                let before = out.len();
                let whole = self.pattern.options.go_deeper_expr;
                let (mut at, end) = (id.number(), if whole { node.next } else { id.number() + 1 });
                while at < end {
                    let inside = NodeId(at);
                    let own = self.t(inside);
                    if self.is_other_code(own) {
                        at = own.next;
                        continue;
                    }
                    if inside == id || is_expression(own) {
                        self.node(*inner, inside, env, out);
                    }
                    at += 1;
                }
                dedup(out, before);
            }
            Meta::Typed { types, type_var, var } => self.typed(types, *type_var, *var, id, env, out),
            Meta::AnyString => {
                if is_text(node) || self.string_constant(id).is_some() {
                    out.push(env.clone());
                } else {
                    self.symbolic(pid, id, env, out);
                }
            }
            Meta::AnyTemplate => {
                let text = self.file.node_text(id);
                let quoted = text.starts_with('`')
                    || text.starts_with("$\"")
                    || text.trim_start_matches(['r', 'R', 'b']).starts_with(['f', 'F']);
                if node.kind == Kind::Template || (node.kind == Kind::Str && quoted) {
                    out.push(env.clone());
                }
            }
            Meta::StringVar(var) => {
                let same_raw = node.kind == Kind::Raw && pattern.kind == Kind::Raw && pattern.raw == node.raw;
                if is_text(node) || same_raw {
                    self.bind(*var, Bound::Contents(id), env, out);
                } else if let Some(literal) =
                    self.file.constants().origin(id).filter(|_| self.string_constant(id).is_some())
                {
                    self.bind(*var, Bound::Contents(literal), env, out);
                } else if let Some(text) = self.string_constant(id) {
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
                    self.string_constant(id).is_some_and(|text| regex.is_match(&text))
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

    /// The body of a function or class, which `<... ...>` does not look into; one that is a mere
    /// expression is looked into, save for JavaScript's.
    fn is_other_code(&self, node: &Node) -> bool {
        match node.kind {
            Kind::ClassBody => true,
            Kind::Block if node.role == Role::Body => {
                let in_function = self.t(NodeId(node.parent)).kind == Kind::Func;
                in_function && (!node.has(flag::SYNTH) || self.is_javascript())
            }
            _ => false,
        }
    }

    /// Whether arrows are no functions to the rule, and the pattern is none.
    const fn only_arrows(&self, pattern: &PatternNode) -> bool {
        !self.pattern.options.arrow_is_function && self.is_javascript() && !pattern.has(flag::ARROW)
    }

    fn bare_words(&self) -> bool {
        matches!(
            self.file.language(),
            Language::Terraform | Language::Yaml | Language::Bash | Language::Dockerfile
        )
    }

    fn constant(&self, id: NodeId) -> Option<Literal> {
        if !self.pattern.options.constant_propagation {
            return None;
        }
        self.file.constants().of(id)
    }

    /// The string a name or fold of literals is known to be; any string when only the type is known.
    fn string_constant(&self, id: NodeId) -> Option<Arc<str>> {
        match self.constant(id) {
            Some(Literal::Str(text)) => Some(text),
            Some(Literal::AnyStr) => Some("".into()),
            _ => None,
        }
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
        match pattern.kind {
            Kind::Str | Kind::Num | Kind::Bool | Kind::Null => {
                if let Some(value) = self.constant(id)
                    && value.symbol() == Some(pattern.symbol)
                    && (value.kind() == pattern.kind || self.file.language() == Language::Terraform)
                {
                    out.push(env.clone());
                    return;
                }
            }
            _ => {}
        }
        self.symbolic(pid, id, env, out);
    }

    /// The expression a name was assigned, when the rule asks for it.
    fn symbolic(&self, pid: Pid, id: NodeId, env: &Env, out: &mut Envs) {
        if !self.pattern.options.symbolic_propagation || self.hops.get() >= MAX_HOPS {
            return;
        }
        if let Some(value) = self.file.constants().assigned(id) {
            self.hops.set(self.hops.get() + 1);
            self.node(pid, value, env, out);
            self.hops.set(self.hops.get() - 1);
        }
    }

    fn typed(
        &self,
        types: &[String],
        type_var: Option<Var>,
        var: Option<Var>,
        id: NodeId,
        env: &Env,
        out: &mut Envs,
    ) {
        let node = self.t(id);
        if !is_expression(node) && !matches!(node.role, Role::Name | Role::Arg) {
            return;
        }
        if let Some(type_var) = type_var {
            let Some((text, span)) = names::declared_type_at(self.file, id) else { return };
            let mut envs = Envs::new();
            self.bind(Some(type_var), Bound::Text(text.into(), span), env, &mut envs);
            for env in &envs {
                self.bind(var, Bound::Node(id), env, out);
            }
        } else if names::has_type(self.file, id, types) {
            self.bind(var, Bound::Node(id), env, out);
        }
    }

    /// Whether two names are the same where quotes do not matter.
    fn same_key(&self, pattern: &PatternNode, node: &Node) -> bool {
        let textual = |kind| matches!(kind, Kind::Name | Kind::Str | Kind::Num | Kind::Bool);
        let loose = (pattern.role == Role::Key && self.pattern.language != Language::Python)
            || matches!(self.file.language(), Language::Terraform | Language::Yaml);
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
                    if let [callee] = pattern.group(Role::Callee) {
                        self.node(*callee, id, env, out);
                    }
                }
                // A cast of C changes nothing about the value it casts.
                (_, Kind::Cast) if matches!(self.file.language(), Language::C | Language::Cpp) => {
                    if let Some(value) = self.tree.child(id, Role::Value) {
                        self.node(pid, value, env, out);
                    }
                }
                (Kind::Import, Kind::Call) => self.required(pattern, id, env, out),
                _ => {}
            }
            return;
        }
        match pattern.kind {
            Kind::Block => return self.block(pattern, id, env, out),
            Kind::Assign => return self.assign(pattern, id, node, env, out),
            Kind::Import => return self.import(pattern, id, node, env, out),
            Kind::Raw if pattern.raw != node.raw => return,
            Kind::Func | Kind::Class if pattern.has(flag::ANON) && !node.has(flag::ANON) => return,
            Kind::Element
                if pattern.raw != node.raw && !self.pattern.options.xml_singleton_loose_matching =>
            {
                return;
            }
            Kind::Func if node.has(flag::ARROW) && self.only_arrows(pattern) => return,
            Kind::Func if pattern.has(flag::ASYNC) && !node.has(flag::ASYNC) => return,
            Kind::Binary if self.operators(pattern, id, node, env, out) => return,
            Kind::Member if self.chain(pattern, id, env, out) => return,
            _ => {}
        }
        if pattern.symbol != node.symbol && pattern.kind != Kind::Element {
            return;
        }
        self.groups(pattern, id, env, out);
    }

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
        if present & !pattern.roles & !optional_roles(pattern.kind) != 0 {
            // Roles the pattern leaves out are free only when all of them are optional.
            return;
        }
        let mut envs: Envs = vec![env.clone()];
        for (role, pids) in &pattern.groups {
            // `function $NAME() {}` as an expression leaves the name free.
            let unnamed = *role == Role::Name
                && pattern.kind == Kind::Func
                && pattern.has(flag::ANON)
                && present & (1 << Role::Name as u8) == 0
                && pids.iter().all(|pid| matches!(self.p(*pid).meta, Meta::Any(_)));
            if unnamed {
                continue;
            }
            let mut next = Envs::new();
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
            return out.push(env.clone());
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
                Role::Decorator | Role::Modifier | Role::Catch | Role::Attr | Role::Implements | Role::Case,
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
            (_, Role::Pair) => self.any_order(pids, &children, self.free_pairs(pids), env, out),
            (Kind::Set, Role::Elem) => {
                let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
                self.any_order(pids, &children, dots, env, out);
            }
            (Kind::Class, Role::Extends) => self.any_order(pids, &children, true, env, out),
            (Kind::ConfigBlock, Role::Stmt) => {
                let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
                let mut found = Envs::new();
                self.any_order(pids, &children, true, env, &mut found);
                if found.is_empty() && dots {
                    // What follows `...` may stand in a nested block.
                    let deep: Vec<NodeId> =
                        self.tree.subtree(id).skip(1).filter(|id| self.t(*id).role == Role::Stmt).collect();
                    self.any_order(pids, &deep, true, env, &mut found);
                }
                out.append(&mut found);
            }
            (Kind::Raw, Role::Child) if self.file.language() == Language::Dockerfile => {
                let before = out.len();
                self.ordered(pids, &children, self.t(id).end, env, out);
                if out.len() == before {
                    // One command of `RUN a && b` is enough.
                    for command in children.split(|id| self.separates_commands(*id)) {
                        self.ordered(pids, command, self.t(id).end, env, out);
                    }
                }
            }
            _ => self.ordered(pids, &children, self.t(id).end, env, out),
        }
    }

    pub(super) fn separates_commands(&self, id: NodeId) -> bool {
        matches!(self.file.node_text(id), "&&" | "||" | "|" | ";")
    }

    /// Whether a mapping pattern leaves further entries free.
    fn free_pairs(&self, pids: &[Pid]) -> bool {
        let dots = pids.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
        let implicit = matches!(
            self.file.language(),
            Language::Javascript | Language::Typescript | Language::Json | Language::Terraform
        ) && self.pattern.options.implicit_ellipsis;
        dots || implicit
    }

    /// Elements in order; `...` and `$...X` take any number.
    pub(super) fn ordered(&self, pids: &[Pid], children: &[NodeId], end: u32, env: &Env, out: &mut Envs) {
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
        let complete = states.into_iter().filter(|(at, floating, _)| *floating || *at == children.len());
        out.extend(complete.map(|(_, _, env)| env));
    }

    /// Positional arguments in order, keyword arguments in any order.
    fn arguments(&self, pids: &[Pid], children: &[NodeId], env: &Env, out: &mut Envs) {
        let is_keyword = |pid: &Pid| {
            let node = self.p(*pid);
            node.kind == Kind::KwArg && matches!(node.meta, Meta::Plain)
        };
        if !pids.iter().any(is_keyword) {
            let end = children.last().map_or(0, |last| self.t(*last).end);
            return self.ordered(pids, children, end, env, out);
        }
        let (keywords, positional): (Vec<Pid>, Vec<Pid>) = pids.iter().partition(|pid| is_keyword(pid));
        let dots = positional.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis | Meta::Many(_)));
        let (named, plain): (Vec<NodeId>, Vec<NodeId>) =
            children.iter().partition(|id| self.t(**id).kind == Kind::KwArg);
        let mut envs = Envs::new();
        self.any_order(&keywords, &named, dots, env, &mut envs);
        for env in &envs {
            self.ordered(&positional, &plain, plain.last().map_or(0, |last| self.t(*last).end), env, out);
        }
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
