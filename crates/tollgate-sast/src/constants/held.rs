//! What a variable is known to be at a point of the program, and how two ways there are joined.

use rustc_hash::FxHashMap;

use super::{Literal, MAX_FOLD};
use crate::names::DefId;
use crate::tree::{NodeId, Symbol, Tree, symbol};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    /// A value and the literal it was written as.
    Value(Literal, Option<NodeId>),
    Expression(NodeId),
    Unknown,
}

/// What a variable is known to be, and whether that holds on every path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    pub(super) known: Known,
    pub(super) sure: bool,
}

impl From<Known> for Held {
    fn from(known: Known) -> Self {
        Self { known, sure: true }
    }
}

pub(super) type State = FxHashMap<DefId, Held>;

pub(super) fn combine(operator: Symbol, left: &Literal, right: &Literal) -> Option<Literal> {
    use Literal as C;
    let is = |text: &str| operator == symbol(text);
    match (left, right) {
        (C::Str(a), C::Str(b)) if (is("+") || is(".")) && a.len() + b.len() <= MAX_FOLD => {
            Some(C::Str(format!("{a}{b}").into()))
        }
        (C::AnyStr | C::Str(_), C::AnyStr | C::Str(_)) if is("+") || is(".") => Some(C::AnyStr),
        (C::Str(a), C::Int(b)) if is("+") && a.len() <= MAX_FOLD => Some(C::Str(format!("{a}{b}").into())),
        (C::AnyStr, C::Int(_)) if is("+") => Some(C::AnyStr),
        (C::Int(a), C::Int(b)) if is("+") => a.checked_add(*b).map(C::Int),
        (C::Int(a), C::Int(b)) if is("-") => a.checked_sub(*b).map(C::Int),
        (C::Int(a), C::Int(b)) if is("*") => a.checked_mul(*b).map(C::Int),
        _ => None,
    }
}

/// What one of two values is.
pub(super) fn either(a: &Literal, b: &Literal) -> Option<Literal> {
    match (a, b) {
        _ if a == b => Some(a.clone()),
        (Literal::Str(_) | Literal::AnyStr, Literal::Str(_) | Literal::AnyStr) => Some(Literal::AnyStr),
        _ => None,
    }
}

fn join_known(tree: &Tree, a: &Known, b: &Known) -> Known {
    match (a, b) {
        (Known::Value(x, _), Known::Value(y, _)) if x == y => a.clone(),
        (
            Known::Value(Literal::Str(_) | Literal::AnyStr, _),
            Known::Value(Literal::Str(_) | Literal::AnyStr, _),
        ) => Known::Value(Literal::AnyStr, None),
        (Known::Expression(x), Known::Expression(y)) if tree.equal(*x, *y) => a.clone(),
        _ => Known::Unknown,
    }
}

pub(super) fn join_held(tree: &Tree, a: &Held, b: &Held) -> Held {
    // One expression at two places may have two values.
    let moved = matches!((&a.known, &b.known), (Known::Expression(x), Known::Expression(y)) if x != y);
    Held { known: join_known(tree, &a.known, &b.known), sure: a.sure && b.sure && !moved }
}

/// Joins `other` into `state`; a name only one side assigned keeps that value, in doubt.
pub(super) fn join(tree: &Tree, state: &mut State, other: &State) {
    let mut keys: Vec<&DefId> = other.keys().collect();
    keys.sort_unstable();
    for key in keys {
        let theirs = &other[key];
        let joined = match state.get(key) {
            Some(own) => join_held(tree, own, theirs),
            None => Held { known: theirs.known.clone(), sure: false },
        };
        state.insert(*key, joined);
    }
    state.iter_mut().for_each(|(key, own)| own.sure &= other.contains_key(key));
}
