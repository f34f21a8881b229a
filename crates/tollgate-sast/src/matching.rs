//! The seam between the matching engine and the rules built on it: files, patterns, matches.
//!
//! ```text
//! ParsedFile::parse(language, dialect, text, cancel)   one tree per file and language
//! PatternStore::compile(language, text, options)       interned: the same pattern is compiled once
//! Matcher::new(&file, &cancel)                         memo per file
//! matcher.find(&pattern)                               every match, in order of span
//! ```

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tollgate_core::{Cancel, Language};

pub use crate::constants::Constant;
pub use crate::pattern::{Pattern, PatternError};
pub use crate::tree::{Dialect, NodeId, ParseError, ParsedFile};

/// A stretch of a file in bytes: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Whether `other` lies inside this span; equal spans do.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The covered text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A metavariable's name as written, for example `$X`, `$...ARGS` or `$1`.
pub type Metavar = Arc<str>;

/// What a metavariable stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A node of the file.
    Node(NodeId),
    /// Zero or more sibling nodes (`$...X`), first to last.
    Nodes(Vec<NodeId>),
    /// The contents of a string literal (`"$X"`); `text` has escapes as written.
    Contents {
        /// The literal.
        node: NodeId,
    },
    /// Text that is no node: a regex group, part of a literal or a synthesized name.
    Text(Arc<str>),
}

/// A metavariable's value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// Where; for [`Value::Contents`] without the quotes, for an empty sequence an empty span.
    pub span: Span,
    /// What.
    pub value: Value,
}

impl Binding {
    /// A regex group or other bare text.
    #[must_use]
    pub fn text_at(span: Span, text: &str) -> Self {
        Self { span, value: Value::Text(text.into()) }
    }

    /// The source text.
    #[must_use]
    pub fn text<'a>(&'a self, file: &'a ParsedFile) -> &'a str {
        match &self.value {
            Value::Text(text) => text,
            _ => self.span.of(file.text()),
        }
    }

    /// Whether both stand for the same code: structurally equal, and resolved names alike.
    #[must_use]
    pub fn same(&self, other: &Self, file: &ParsedFile) -> bool {
        match (&self.value, &other.value) {
            (Value::Node(a), Value::Node(b)) => file.same_code(*a, *b),
            (Value::Nodes(a), Value::Nodes(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| file.same_code(*a, *b))
            }
            _ => self.text(file) == other.text(file),
        }
    }
}

/// Metavariables bound by a match, sorted by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bindings(Vec<(Metavar, Binding)>);

impl Bindings {
    /// The binding of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Binding> {
        let at = self.0.binary_search_by(|(own, _)| (**own).cmp(name)).ok()?;
        Some(&self.0[at].1)
    }

    /// Binds a name, replacing an older binding.
    pub fn insert(&mut self, name: Metavar, binding: Binding) {
        match self.0.binary_search_by(|(own, _)| own.cmp(&name)) {
            Ok(at) => self.0[at].1 = binding,
            Err(at) => self.0.insert(at, (name, binding)),
        }
    }

    /// All bindings in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&Metavar, &Binding)> {
        self.0.iter().map(|(name, binding)| (name, binding))
    }

    /// Whether nothing is bound.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The union of both, or nothing when a shared name stands for different code.
    #[must_use]
    pub fn merge(&self, other: &Self, file: &ParsedFile) -> Option<Self> {
        let mut merged = self.clone();
        for (name, binding) in other.iter() {
            match self.get(name) {
                Some(own) if !own.same(binding, file) => return None,
                Some(_) => {}
                None => merged.insert(Arc::clone(name), binding.clone()),
            }
        }
        Some(merged)
    }
}

/// One place where a pattern matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The matched range.
    pub span: Span,
    /// What the metavariables stand for.
    pub bindings: Bindings,
    /// The matched node; the first one for a list of statements.
    pub node: Option<NodeId>,
    /// Where it ends at the least: before what `...` at the end of the pattern stands for.
    pub least_end: u32,
    /// Whether a name or type was matched that is no value: it counts where a metavariable was bound to it.
    pub is_name_only: bool,
}

impl Match {
    pub(crate) const fn plain(span: Span, bindings: Bindings, node: Option<NodeId>) -> Self {
        Self { span, bindings, node, least_end: span.end, is_name_only: false }
    }
}

/// How patterns of a rule match. Part of a pattern's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PatternOptions {
    /// A name with one known literal value matches that literal (default on).
    pub constant_propagation: bool,
    /// A name assigned once matches the assigned expression (default off).
    pub symbolic_propagation: bool,
    /// `"..."` is any text where the language of the rule's patterns is JSON, though the file is YAML.
    pub text_dots: bool,
    /// Compilation may fold and swap `&&`/`||` operands.
    pub commutative_boolop: bool,
    /// `|`, `&` and `^` match whatever the order of their operands (default on).
    pub ac_matching: bool,
    /// `$X == $Y` also matches swapped operands.
    pub symmetric_eq: bool,
    /// The same of comparisons.
    pub commutative_compop: bool,
    /// Function and class headers match their anonymous forms (`vardef_assign` and its like; default on).
    pub vardef_assign: bool,
    /// `flddef_assign`: fields that hold functions match assignments.
    pub flddef_assign: bool,
    /// `attr_expr`: decorators also match as expressions (default on).
    pub attr_expr: bool,
    /// `arrow_is_function`: JS arrows match function patterns (default on).
    pub arrow_is_function: bool,
    /// `let_is_var`: `var $X` matches `let` and `const` (default on).
    pub let_is_var: bool,
    /// `implicit_ellipsis`: object patterns leave further properties free (default on).
    pub implicit_ellipsis: bool,
    /// `go_deeper_expr`: `<... ...>` and expression statements match sub-expressions (default on).
    pub go_deeper_expr: bool,
    /// `implicit_deep_exprstmt`: expression statements match inside statements (default on).
    pub implicit_deep_exprstmt: bool,
    /// `decorators_order_matters`: decorators match in the order of the pattern.
    pub decorators_order_matters: bool,
    /// `xml_singleton_loose_matching`: `<a/>` and `<a></a>` are one (default on).
    pub xml_singleton_loose_matching: bool,
    /// `go_deeper_stmt`: after `...` statements match inside later statements (default on).
    pub go_deeper_stmt: bool,
    /// `implicit_return`: `return $X` matches the expression a function ends with (default on).
    pub implicit_return: bool,
    /// `xml_attrs_implicit_ellipsis` (default on).
    pub xml_attrs_implicit_ellipsis: bool,
    /// `xml_children_ordered`: the children of a pattern are the first of the element, in order (default
    /// on); else they are all of it, in any order.
    pub xml_children_ordered: bool,
    /// `unify_ids_strictly`: equal names of which one is resolved and the other is not are no equals
    /// (default on).
    pub unify_ids_strictly: bool,
}

impl Default for PatternOptions {
    fn default() -> Self {
        Self {
            constant_propagation: true,
            symbolic_propagation: false,
            text_dots: false,
            commutative_boolop: false,
            commutative_compop: false,
            ac_matching: true,
            symmetric_eq: false,
            vardef_assign: true,
            flddef_assign: false,
            attr_expr: true,
            arrow_is_function: true,
            let_is_var: true,
            implicit_ellipsis: true,
            go_deeper_expr: true,
            implicit_deep_exprstmt: true,
            decorators_order_matters: false,
            xml_singleton_loose_matching: true,
            go_deeper_stmt: true,
            implicit_return: true,
            xml_attrs_implicit_ellipsis: true,
            xml_children_ordered: true,
            unify_ids_strictly: true,
        }
    }
}

type PatternKey = (Language, String, PatternOptions);

/// Compiles patterns, each distinct one once.
#[derive(Debug, Default)]
pub struct PatternStore {
    known: FxHashMap<PatternKey, Result<Pattern, PatternError>>,
}

impl PatternStore {
    /// The compiled pattern.
    ///
    /// # Errors
    /// When the text is no code of the language in any context a pattern may stand in.
    pub fn compile(
        &mut self,
        language: Language,
        text: &str,
        options: &PatternOptions,
    ) -> Result<Pattern, PatternError> {
        match self.known.entry((language, text.to_owned(), *options)) {
            Entry::Occupied(entry) => entry.get().clone(),
            Entry::Vacant(entry) => entry.insert(Pattern::compile(language, text, options)).clone(),
        }
    }
}

/// Finds patterns in one file and remembers what it found.
pub struct Matcher<'f> {
    file: &'f ParsedFile,
    cancel: Cancel,
    memo: RefCell<FxHashMap<u64, Rc<[Match]>>>,
}

impl<'f> Matcher<'f> {
    /// A matcher with an empty memory.
    #[must_use]
    pub fn new(file: &'f ParsedFile, cancel: &Cancel) -> Self {
        Self { file, cancel: cancel.clone(), memo: RefCell::default() }
    }

    /// The file it searches.
    #[must_use]
    pub const fn file(&self) -> &'f ParsedFile {
        self.file
    }

    /// Every match, in order of span. Fewer when the budget ran out: see [`Matcher::is_cancelled`].
    #[must_use]
    pub fn find(&self, pattern: &Pattern) -> Rc<[Match]> {
        if let Some(found) = self.memo.borrow().get(&pattern.id()) {
            return Rc::clone(found);
        }
        let found: Rc<[Match]> = pattern.find(self.file, &self.cancel).into();
        self.memo.borrow_mut().insert(pattern.id(), Rc::clone(&found));
        found
    }

    /// The matches that lie inside a span.
    #[must_use]
    pub fn find_within(&self, pattern: &Pattern, span: Span) -> Vec<Match> {
        self.find(pattern).iter().filter(|found| span.contains(found.span)).cloned().collect()
    }

    /// Whether time ran out, so that results are incomplete.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// The constant value of a binding, when it has one.
    #[must_use]
    pub fn constant(&self, binding: &Binding) -> Option<Constant> {
        match &binding.value {
            Value::Node(node) => self.file.constant(*node),
            Value::Contents { .. } | Value::Text(_) => Some(Constant::Str(binding.text(self.file).into())),
            Value::Nodes(nodes) => match nodes.as_slice() {
                [one] => self.file.constant(*one),
                _ => None,
            },
        }
    }

    /// The declared type of a binding as written, when it is known (`metavariable-type`).
    #[must_use]
    pub fn declared_type(&self, binding: &Binding) -> Option<String> {
        match &binding.value {
            Value::Node(node) => self.file.declared_type(*node),
            _ => None,
        }
    }
}
