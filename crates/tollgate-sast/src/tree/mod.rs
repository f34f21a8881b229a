//! One normalised tree for every language.
//!
//! Nodes lie in one vector in preorder: the descendants of a node are the ids after it up to its `next`,
//! so containment is two comparisons and a subtree is a slice. Analysis may append virtual nodes (the
//! spelled-out form of an imported name) behind the last node of the text.

pub mod kind;
pub mod lower;
mod parse;
pub(crate) mod shell;

use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHasher};
use tollgate_core::Language;

use crate::constants::{self, Constant, Constants};
use crate::matching::Span;
use crate::names::{self, Names};
pub use kind::{Kind, Role, flag};
pub(crate) use parse::parse_text;
pub use parse::{Dialect, ParseError};

/// A node of a file's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The root of every tree.
    pub const ROOT: Self = Self(0);

    /// The number in preorder.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A 64-bit hash that stands for a text: names and literals with equal hashes are taken as equal.
pub type Symbol = u64;

/// The symbol of a text.
#[must_use]
pub fn symbol(text: &str) -> Symbol {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish() | 1
}

/// A node.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// What it is to its parent.
    pub role: Role,
    /// See [`flag`].
    pub flags: u16,
    /// Stands for the name of the grammar's syntax kind, the same in every dialect.
    pub raw: u32,
    /// For strings: lengths of the opening (high half) and closing quote (low half).
    pub aux: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// One past the last descendant.
    pub next: u32,
    /// The parent; the root is its own.
    pub parent: u32,
    /// Name, operator or literal contents; 0 when the kind has none.
    pub symbol: Symbol,
}

impl Node {
    /// Whether a flag is set.
    #[must_use]
    pub const fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// The nodes of a file.
#[derive(Debug, Default)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
    /// Expressions in parentheses that count as theirs, by node, and what they reach over.
    parentheses: Vec<(NodeId, Span)>,
}

impl Tree {
    /// A node by id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The parent; `None` at the root.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.node(id).parent;
        (parent != id.0).then_some(NodeId(parent))
    }

    /// Children in order.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, at: id.0 + 1, end: self.node(id).next }
    }

    /// The first child with a role.
    #[must_use]
    pub fn child(&self, id: NodeId, role: Role) -> Option<NodeId> {
        self.children(id).find(|child| self.node(*child).role == role)
    }

    /// Children with a role.
    pub fn children_of(&self, id: NodeId, role: Role) -> impl Iterator<Item = NodeId> + '_ {
        self.children(id).filter(move |child| self.node(*child).role == role)
    }

    /// The node and its descendants in preorder.
    pub fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0..self.node(id).next).map(NodeId)
    }

    /// Whether `inner` is `outer` or below it.
    #[must_use]
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer.0 <= inner.0 && inner.0 < self.node(outer).next
    }

    /// Structural equality of two subtrees: kinds, roles and names, not layout.
    #[must_use]
    pub fn equal(&self, a: NodeId, b: NodeId) -> bool {
        if a == b {
            return true;
        }
        let (first, second) = (self.node(a), self.node(b));
        if first.next - a.0 != second.next - b.0 {
            return false;
        }
        let left = &self.nodes[a.index()..first.next as usize];
        let right = &self.nodes[b.index()..second.next as usize];
        left.iter().zip(right).enumerate().all(|(at, (x, y))| {
            x.kind == y.kind
                && x.symbol == y.symbol
                && (at == 0 || x.role == y.role)
                && x.next - a.0 == y.next - b.0
                && (x.kind != Kind::Raw || x.raw == y.raw)
        })
    }
}

/// Children of a node in order.
#[derive(Debug, Clone)]
pub struct Children<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.at >= self.end {
            return None;
        }
        let id = NodeId(self.at);
        self.at = self.tree.nodes[self.at as usize].next;
        Some(id)
    }
}

/// Where nodes are, by kind and by the name they are known by.
#[derive(Debug, Default)]
pub(crate) struct Index {
    by_kind: Vec<Vec<NodeId>>,
    by_head: FxHashMap<(Kind, Symbol), Vec<NodeId>>,
}

impl Index {
    pub(crate) fn of_kind(&self, kind: Kind) -> &[NodeId] {
        &self.by_kind[kind as usize]
    }

    pub(crate) fn of_head(&self, kind: Kind, head: Symbol) -> &[NodeId] {
        self.by_head.get(&(kind, head)).map_or(&[], Vec::as_slice)
    }
}

/// A file's text and tree, and what analysis found out about its names.
#[derive(Debug)]
pub struct ParsedFile {
    language: Language,
    text: Arc<str>,
    tree: Tree,
    names: Names,
    has_errors: bool,
    line_starts: Vec<u32>,
    constants: OnceLock<Constants>,
    index: OnceLock<Index>,
}

impl ParsedFile {
    pub(crate) fn new(language: Language, text: Arc<str>, mut tree: Tree, has_errors: bool) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        let names = names::resolve(language, &text, &mut tree);
        Self {
            language,
            text,
            tree,
            names,
            has_errors,
            line_starts,
            constants: OnceLock::new(),
            index: OnceLock::new(),
        }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    #[must_use]
    pub const fn shared_text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether parts of the text did not parse.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Byte offset of the start of every line.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        &self.line_starts
    }

    /// The line of a byte, from 1.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The tree.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Definitions and what names refer to.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Where a node stands.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        let node = self.tree.node(id);
        Span { start: node.start, end: node.end }
    }

    /// Of an assignment or a declaration with a value, from what is given the value to the end of the value.
    pub(crate) fn assigned_span(&self, id: NodeId) -> Option<Span> {
        let (given, value) = (self.tree.child(id, Role::Left)?, self.tree.child(id, Role::Right)?);
        Some(Span { start: self.span(given).start, end: self.span(value).end })
    }

    /// Where a node stands with the parentheses around it, in languages where they belong to it: Python and
    /// JavaScript.
    #[must_use]
    pub fn outer(&self, id: NodeId) -> Span {
        let around = &self.tree.parentheses;
        match around.binary_search_by_key(&id, |(own, _)| *own) {
            Ok(at) => around[at].1,
            Err(_) => self.span(id),
        }
    }

    /// The text of a node.
    #[must_use]
    pub fn node_text(&self, id: NodeId) -> &str {
        self.span(id).of(&self.text)
    }

    /// Structural equality of two subtrees whose names mean the same definitions.
    #[must_use]
    pub fn same_code(&self, a: NodeId, b: NodeId) -> bool {
        if !self.tree.equal(a, b) {
            return false;
        }
        let pairs = self.tree.subtree(a).zip(self.tree.subtree(b));
        pairs.into_iter().all(|(a, b)| match (self.names.definition_of(a), self.names.definition_of(b)) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        })
    }

    /// The contents of a string literal, without its quotes.
    #[must_use]
    pub fn contents(&self, id: NodeId) -> Span {
        let node = self.tree.node(id);
        let (open, close) = (node.aux >> 16, node.aux & 0xffff);
        let start = (node.start + open).min(node.end);
        Span { start, end: node.end.saturating_sub(close).max(start) }
    }

    /// Whether a node is a label of a block of Terraform.
    pub(crate) fn is_label(&self, id: NodeId) -> bool {
        self.language == Language::Terraform && self.tree.node(id).role == Role::Label
    }

    pub(crate) fn constants(&self) -> &Constants {
        self.constants.get_or_init(|| constants::propagate(self))
    }

    /// The constant value of an expression.
    #[must_use]
    pub fn constant(&self, id: NodeId) -> Option<Constant> {
        constants::evaluate(self, id)
    }

    /// The declared type of an expression, as written.
    #[must_use]
    pub fn declared_type(&self, id: NodeId) -> Option<String> {
        names::declared_type(self, id)
    }

    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index =
                Index { by_kind: vec![Vec::new(); Kind::ALL.len()], by_head: FxHashMap::default() };
            for at in 0..self.names.first_virtual() {
                let id = NodeId(at);
                let kind = self.tree.node(id).kind;
                index.by_kind[kind as usize].push(id);
                names::heads(self, id, |head| {
                    let nodes = index.by_head.entry((kind, head)).or_default();
                    if nodes.last() != Some(&id) {
                        nodes.push(id);
                    }
                });
            }
            index
        })
    }
}
