//! Literal and symbolic propagation: what a name is known to be where it is used.
//!
//! Each function body is interpreted once, statement by statement, over a small lattice: unassigned, one
//! literal, some string, one expression, anything. Branches join; what a loop assigns is joined before its
//! body. Names of outer scopes count only when they are assigned exactly once. Conditions that hold in every
//! run are noted, for whoever follows values through the branches.

mod decide;
mod doubt;
mod held;
mod interpret;
mod terraform;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use crate::names::DefId;
use crate::tree::{Kind, NodeId, ParsedFile, Role, Symbol, symbol};

/// A value known before the program runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A string.
    Str(Arc<str>),
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A truth value.
    Bool(bool),
}

/// Folded strings are not made longer.
const MAX_FOLD: usize = 4096;

impl Literal {
    /// The value, when it is one.
    fn known(self) -> Option<Constant> {
        Some(match self {
            Self::Str(text) => Constant::Str(text),
            Self::AnyStr => return None,
            Self::Int(value) => Constant::Int(value),
            Self::Float(value) => Constant::Float(value),
            Self::Bool(value) => Constant::Bool(value),
        })
    }
}

/// What propagation knows of a value: the value itself, or only that it is some string.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    /// A string.
    Str(Arc<str>),
    /// Some string: different literals on different paths.
    AnyStr,
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A truth value.
    Bool(bool),
}

impl Literal {
    /// The symbol of a literal with this value.
    pub(crate) fn symbol(&self) -> Option<Symbol> {
        match self {
            Self::Str(text) => Some(symbol(text)),
            Self::AnyStr => None,
            Self::Int(value) => Some(symbol(&value.to_string())),
            Self::Float(value) => Some(symbol(&value.to_string())),
            Self::Bool(value) => Some(symbol(if *value { "true" } else { "false" })),
        }
    }

    /// The kind of a literal with this value.
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Str(_) | Self::AnyStr => Kind::Str,
            Self::Int(_) | Self::Float(_) => Kind::Num,
            Self::Bool(_) => Kind::Bool,
        }
    }
}

/// Reads an integer in the notations of the supported languages.
#[must_use]
pub(crate) fn parse_integer(text: &str) -> Option<i128> {
    let digits: String = text.chars().filter(|c| *c != '_' && *c != '\'').collect();
    let lower = digits.to_ascii_lowercase();
    let radix = |prefix: &str, radix| {
        lower
            .strip_prefix(prefix)
            .map(|rest| i128::from_str_radix(rest.trim_end_matches(['l', 'u', 'n']), radix).ok())
    };
    if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)) {
        return value;
    }
    let plain = lower.trim_end_matches(['l', 'u', 'n']);
    let octal = plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|b| (b'0'..b'8').contains(&b));
    if octal { i128::from_str_radix(plain, 8).ok() } else { plain.parse().ok() }
}

/// What is known about the names and folded expressions of a file.
#[derive(Debug, Default)]
pub(crate) struct Constants {
    values: FxHashMap<u32, Literal>,
    assigned: FxHashMap<u32, NodeId>,
    origins: FxHashMap<u32, NodeId>,
    /// Names that hold a regular expression.
    regexes: BTreeMap<u32, NodeId>,
    order: Vec<u32>,
    /// Names whose value does not hold on every path.
    doubtful: FxHashSet<u32>,
    /// Variables that other functions, or whoever got a reference, may write.
    elsewhere: FxHashSet<DefId>,
    truths: FxHashMap<u32, bool>,
    choices: FxHashMap<u32, Option<NodeId>>,
}

impl Constants {
    /// The value of a name or fold.
    pub(crate) fn of(&self, id: NodeId) -> Option<Literal> {
        self.values.get(&id.0).cloned()
    }

    /// The expression a name was assigned, when there is only one.
    pub(crate) fn assigned(&self, id: NodeId) -> Option<NodeId> {
        self.assigned.get(&id.0).copied()
    }

    /// The regular expression a name holds.
    pub(crate) fn regex(&self, id: NodeId) -> Option<NodeId> {
        self.regexes.get(&id.0).copied()
    }

    /// Names that hold regular expressions, in order.
    pub(crate) fn regexes(&self) -> impl Iterator<Item = NodeId> {
        self.regexes.keys().map(|id| NodeId(*id))
    }

    /// The literal a name's value was written as.
    pub(crate) fn origin(&self, id: NodeId) -> Option<NodeId> {
        self.origins.get(&id.0).copied()
    }

    /// Whether a branch is always or never taken: by its `if` or conditional expression.
    pub(crate) fn truth(&self, id: NodeId) -> Option<bool> {
        self.truths.get(&id.0).copied()
    }

    /// The case a `switch` always takes; the inner `None` when none of its cases fits.
    pub(crate) fn choice(&self, id: NodeId) -> Option<Option<NodeId>> {
        self.choices.get(&id.0).copied()
    }

    /// Whether an expression reads a variable that something else may write meanwhile.
    pub(crate) fn may_change(&self, file: &ParsedFile, id: NodeId) -> bool {
        let changes = |id| file.names().definition_of(id).is_some_and(|own| self.elsewhere.contains(&own));
        !self.elsewhere.is_empty() && file.tree().subtree(id).any(changes)
    }

    /// Everything with a value, in order.
    pub(crate) fn known(&self) -> impl Iterator<Item = (NodeId, &Literal)> {
        self.order.iter().map(|id| (NodeId(*id), &self.values[id]))
    }
}

/// Works out what names and folds of a file are known to be.
pub(crate) fn propagate(file: &ParsedFile) -> Constants {
    let mut constants = interpret::propagate(file);
    if file.language() == Language::Terraform {
        terraform::extend(file, &mut constants);
    }
    constants
}

/// The value of an expression: a literal's own or a propagated one.
pub(crate) fn evaluate(file: &ParsedFile, id: NodeId) -> Option<Constant> {
    literal(file, id).or_else(|| file.constants().of(id))?.known()
}

/// The value of an expression that is the same on every path.
pub(crate) fn certain(file: &ParsedFile, id: NodeId) -> Option<Constant> {
    if file.constants().doubtful.contains(&id.0) { None } else { evaluate(file, id) }
}

fn literal(file: &ParsedFile, id: NodeId) -> Option<Literal> {
    let node = file.tree().node(id);
    match node.kind {
        Kind::Str => Some(Literal::Str(file.contents(id).of(file.text()).into())),
        Kind::Num => {
            let text = file.node_text(id);
            let float = || text.replace('_', "").parse().ok().map(Literal::Float);
            parse_integer(text).map(Literal::Int).or_else(float)
        }
        Kind::Bool => Some(Literal::Bool(file.node_text(id).eq_ignore_ascii_case("true"))),
        Kind::Unary if node.symbol == symbol("-") => {
            match literal(
                file,
                file.tree()
                    .child(id, Role::Operand)
                    .filter(|inner| file.tree().node(*inner).kind == Kind::Num)?,
            )? {
                Literal::Int(value) => Some(Literal::Int(-value)),
                Literal::Float(value) => Some(Literal::Float(-value)),
                _ => None,
            }
        }
        _ => None,
    }
}
