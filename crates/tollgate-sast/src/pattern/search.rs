//! Matching a compiled pattern against a file.
//!
//! Every step maps environments (what is bound so far) to the environments of its matches, so that all
//! ways to match are found and equal ones are merged. Recursion follows the pattern, whose depth is
//! bounded, never the file.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::{Cancel, Language};

use super::binding::{Env, Envs};
use super::{Compiled, Meta, PatternNode, Pid, Root, is_expression};
use crate::matching::Match;
use crate::tree::{Kind, Node, NodeId, ParsedFile, Role, Symbol, Tree, flag};

/// More ways to match one node than this are not told apart.
pub(super) const MAX_WAYS: usize = 2000;
/// How far chains of names to values are followed.
pub(super) const MAX_HOPS: u8 = 8;

pub(super) struct Search<'a> {
    pub(super) pattern: &'a Compiled,
    pub(super) file: &'a ParsedFile,
    pub(super) tree: &'a Tree,
    cancel: &'a Cancel,
    steps: Cell<u32>,
    stopped: Cell<bool>,
    pub(super) hops: Cell<u8>,
    statements: RefCell<FxHashMap<Pid, Option<Rc<[NodeId]>>>>,
    places: RefCell<FxHashMap<Pid, Rc<[NodeId]>>>,
    /// What functions return without saying so, worked out when first asked for.
    pub(super) returns: OnceCell<FxHashSet<NodeId>>,
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
        places: RefCell::default(),
        returns: OnceCell::new(),
    };
    let mut found = Vec::new();
    match &pattern.root {
        Root::Node(root) => search.find_node(*root, &mut found),
        Root::Statements(list) => search.find_statements(list, &mut found),
    }
    found.sort_by(|a, b| a.span.start.cmp(&b.span.start).then(a.span.end.cmp(&b.span.end)));
    found.dedup();
    found
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

    /// As [`Search::candidates`], worked out once.
    pub(super) fn places(&self, pid: Pid) -> Rc<[NodeId]> {
        if let Some(known) = self.places.borrow().get(&pid) {
            return Rc::clone(known);
        }
        let places: Rc<[NodeId]> = self.candidates(pid).into();
        self.places.borrow_mut().insert(pid, Rc::clone(&places));
        places
    }

    fn find_node(&self, root: Pid, found: &mut Vec<Match>) {
        let node = self.p(root);
        let statement = self.pattern.statement && self.may_be_deep(node);
        let mut envs = Envs::new();
        let decorators = self.pattern.options.attr_expr;
        let placed = self.is_placed(node);
        let anything = matches!(node.meta, Meta::Any(_) | Meta::Typed { .. })
            && (self.is_javascript()
                || matches!(
                    self.file.language(),
                    Language::Java | Language::Csharp | Language::Go | Language::Python | Language::Rust
                ));
        for id in self.candidates(root) {
            if self.out_of_time() {
                return;
            }
            if !decorators && self.tree.parent(id).is_some_and(|up| self.t(up).kind == Kind::Decorator) {
                continue;
            }
            if anything && !self.is_place_of_expressions(id) {
                continue;
            }
            if !self.may_be_root(node, id) || (self.pattern.exported && !self.is_exported(id)) {
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
            let host = if statement {
                self.deep_host(id).or_else(|| self.is_value_of_lambda(id).then_some(id))
            } else {
                Some(id)
            };
            let Some(reported) = host else { continue };
            let span = self.reported(node, reported);
            let is_name_only = placed && !self.is_place_of_expressions(id);
            found.extend(
                envs.drain(..).map(|env| Match { is_name_only, ..self.to_match(span, reported, &env) }),
            );
        }
    }

    /// Whether the keyword stands before a declaration of JavaScript.
    fn is_exported(&self, id: NodeId) -> bool {
        let before = self.file.text().get(..self.t(id).start as usize).unwrap_or_default();
        let own = before.rsplit([';', '\n', '}']).next().unwrap_or_default().trim_start();
        let starts = own.starts_with("export") && !own.starts_with("export default");
        let text = self.file.node_text(id);
        starts
            || before.trim_end().ends_with("export")
            || (text.starts_with('@') && text.contains("export class"))
    }

    /// Whether the file runs commands of a shell.
    pub(super) const fn is_shell(&self) -> bool {
        matches!(self.file.language(), Language::Bash | Language::Dockerfile)
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
                            | Kind::Num
                            | Kind::Bool
                            | Kind::Null
                            | Kind::List
                            | Kind::Yield
                    ) || (node.kind == Kind::Raw && self.is_shell())
                        || (node.kind == Kind::Assign && !node.has(flag::DECL | flag::FIELD | flag::SHORT))
                }
                Meta::Typed { .. } | Meta::Deep(_) => true,
                _ => false,
            }
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
            Meta::Any(_) | Meta::Typed { .. } | Meta::Many(_) => expressions(&mut ids),
            Meta::Deep(inner) => {
                expressions(&mut ids);
                if self.p(*inner).kind == Kind::Assign {
                    ids.extend_from_slice(index.of_kind(Kind::Assign));
                }
            }
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
            Meta::StringVar(_) if node.kind == Kind::Regex => {
                ids.extend_from_slice(index.of_kind(Kind::Regex));
                self.regex_candidates(&mut ids);
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
            Kind::Regex => {
                ids.extend_from_slice(index.of_kind(Kind::Regex));
                self.regex_candidates(ids);
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
                let bare = self.file.language() == Language::Ruby && node.kind == Kind::Call;
                match self.head(pid) {
                    Some(head) => {
                        ids.extend_from_slice(index.of_head(node.kind, head));
                        if bare {
                            ids.extend_from_slice(index.of_head(Kind::Name, head));
                        }
                        if node.kind == Kind::Member {
                            ids.extend_from_slice(index.of_head(Kind::Name, head));
                        }
                    }
                    None => {
                        ids.extend_from_slice(index.of_kind(node.kind));
                        if bare {
                            ids.extend_from_slice(index.of_kind(Kind::Name));
                        }
                        if self.file.language() == Language::Ruby
                            && matches!(node.kind, Kind::Member | Kind::Call)
                        {
                            ids.extend_from_slice(index.of_kind(Kind::Index));
                        }
                        if node.kind == Kind::Member {
                            let names = index.of_kind(Kind::Name);
                            let imported = |id: &&NodeId| self.file.names().spelled_out(**id).is_some();
                            ids.extend(names.iter().filter(imported));
                        }
                    }
                }
            }
            Kind::Return => {
                ids.extend_from_slice(index.of_kind(Kind::Return));
                ids.extend(self.implicit_returns().iter());
            }
            Kind::While if self.file.language() == Language::Go => {
                for kind in [Kind::While, Kind::For, Kind::ForEach] {
                    ids.extend_from_slice(index.of_kind(kind));
                }
            }
            Kind::For => {
                ids.extend_from_slice(index.of_kind(Kind::For));
                ids.extend_from_slice(index.of_kind(Kind::ForEach));
            }
            Kind::Declare => {
                ids.extend_from_slice(index.of_kind(Kind::Declare));
                ids.extend_from_slice(index.of_kind(Kind::Assign));
            }
            Kind::Import if self.is_javascript() => {
                ids.extend_from_slice(index.of_kind(Kind::Import));
                let required = index.of_head(Kind::Call, crate::tree::symbol("require"));
                ids.extend_from_slice(required);
                ids.extend(required.iter().filter_map(|id| self.tree.parent(*id)));
            }
            Kind::Assign if self.is_javascript() => {
                ids.extend_from_slice(index.of_kind(Kind::Assign));
                ids.extend_from_slice(index.of_kind(Kind::AugAssign));
            }
            Kind::Binary if self.is_javascript() => {
                ids.extend_from_slice(index.of_kind(Kind::Binary));
                ids.extend_from_slice(index.of_kind(Kind::AugAssign));
            }
            Kind::Assign if self.file.language() == Language::Terraform => {
                ids.extend_from_slice(index.of_kind(Kind::Assign));
                ids.extend_from_slice(index.of_kind(Kind::Pair));
            }
            Kind::Member if self.ends_open(node) => {
                ids.extend_from_slice(index.of_kind(Kind::Member));
                ids.extend_from_slice(index.of_kind(Kind::Call));
            }
            Kind::Dict if self.file.language() == Language::Python => {
                ids.extend_from_slice(index.of_kind(Kind::Dict));
                ids.extend_from_slice(index.of_kind(Kind::Set));
            }
            Kind::Dict if self.file.language() == Language::Terraform => {
                ids.extend_from_slice(index.of_kind(Kind::Dict));
                ids.extend_from_slice(index.of_kind(Kind::ConfigBlock));
            }
            kind => ids.extend_from_slice(index.of_kind(kind)),
        }
    }

    pub(super) fn ends_open(&self, node: &PatternNode) -> bool {
        matches!(node.group(Role::Property), [property] if matches!(self.p(*property).meta, Meta::Ellipsis))
    }

    fn regex_candidates(&self, ids: &mut Vec<NodeId>) {
        if self.pattern.options.constant_propagation {
            ids.extend(self.file.constants().regexes());
        }
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
}
