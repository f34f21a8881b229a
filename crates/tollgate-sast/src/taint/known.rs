//! What is known of values besides taint: constants, lengths, functions kept in variables and containers.
//!
//! A call that passes such values is followed with them, so that a branch which an argument decides is walked
//! only where it is taken, and a function kept in a container is found where it is called.

use std::rc::Rc;

use tollgate_core::Language;

use super::state::{Place, Taints};
use crate::matching::Constant;
use crate::tree::{NodeId, Symbol};

/// Nodes looked at for one value.
pub(super) const MAX_NODES: u32 = 160;
/// Longer strings are not kept.
pub(super) const MAX_TEXT: usize = 200;
/// Values one variable may have.
const MAX_ALTERNATIVES: usize = 6;
/// Entries of one container.
pub(super) const MAX_ENTRIES: usize = 64;

/// What a value is known to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    Value(Constant),
    Null,
    /// Counts as true or as false in a condition.
    Truth(bool),
    /// A container or string of this length.
    Length(usize),
    Function(NodeId),
    /// A function with what it captured where it was made, or with its first arguments.
    Closure(Rc<Closure>),
    Record(Rc<Record>),
    /// One of these.
    Any(Vec<Self>),
}

/// A function and what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Closure {
    pub(super) function: NodeId,
    /// Variables around it by definition: what they carried, and the caller's place they stand for.
    pub(super) captured: Vec<(u32, Taints, Option<Place>)>,
    /// Arguments it is given before those of the call.
    pub(super) first: Vec<Taints>,
}

/// A function that may be called.
#[derive(Debug, Clone)]
pub(super) struct Callable {
    pub(super) function: NodeId,
    pub(super) closure: Option<Rc<Closure>>,
}

/// A container whose entries are known, lists by position.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub(super) entries: Vec<(Symbol, Option<Known>)>,
    pub(super) length: Option<usize>,
}

impl Known {
    fn alternatives(&self) -> &[Self] {
        match self {
            Self::Any(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// What holds for either value.
    pub(super) fn join(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(self.clone());
        }
        let mut all = self.alternatives().to_vec();
        for one in other.alternatives() {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        let useful = |one: &Self| matches!(one, Self::Function(_) | Self::Closure(_) | Self::Record(_));
        (all.len() <= MAX_ALTERNATIVES && all.iter().all(useful)).then_some(Self::Any(all))
    }

    /// The functions it may be.
    pub(super) fn functions(&self) -> Vec<Callable> {
        let of = |one: &Self| match one {
            Self::Function(id) => Some(Callable { function: *id, closure: None }),
            Self::Closure(own) => Some(Callable { function: own.function, closure: Some(Rc::clone(own)) }),
            _ => None,
        };
        self.alternatives().iter().filter_map(of).collect()
    }

    /// Every function in it.
    pub(super) fn all_functions(&self) -> Vec<NodeId> {
        let mut all = Vec::new();
        for one in self.alternatives() {
            match one {
                Self::Function(id) => all.push(*id),
                Self::Closure(own) => all.push(own.function),
                Self::Record(record) => {
                    let values = record.entries.iter().filter_map(|(_, value)| value.as_ref());
                    let plain = values.filter(|value| !matches!(value, Self::Any(_)));
                    all.extend(plain.flat_map(Self::all_functions));
                }
                _ => {}
            }
        }
        all
    }

    /// The same with other values for its functions.
    pub(super) fn map_functions(&self, change: &mut impl FnMut(NodeId) -> Self) -> Self {
        match self {
            Self::Function(id) => change(*id),
            Self::Any(all) => Self::Any(all.iter().map(|one| one.map_functions(change)).collect()),
            Self::Record(record) => {
                let mut entries = record.entries.clone();
                for (_, value) in &mut entries {
                    if let Some(own) = value
                        && matches!(own, Self::Function(_))
                    {
                        *value = Some(own.map_functions(change));
                    }
                }
                Self::Record(Rc::new(Record { entries, length: record.length }))
            }
            other => other.clone(),
        }
    }

    /// What holds wherever it is passed to: captured values are those of one place only.
    pub(super) fn abroad(self) -> Self {
        match self {
            Self::Closure(own) => Self::Function(own.function),
            Self::Any(all) => Self::Any(all.into_iter().map(Self::abroad).collect()),
            other => other,
        }
    }

    pub(super) fn has_function(&self) -> bool {
        self.alternatives().iter().any(|one| match one {
            Self::Function(_) | Self::Closure(_) => true,
            Self::Record(record) => record.entries.iter().any(|(_, value)| {
                value.as_ref().is_some_and(|value| !matches!(value, Self::Any(_)) && value.has_function())
            }),
            _ => false,
        })
    }

    /// An entry of a container.
    pub(super) fn entry(&self, key: Symbol) -> Option<Self> {
        let mut found: Option<Self> = None;
        for one in self.alternatives() {
            let Self::Record(record) = one else { return None };
            let (_, value) = record.entries.iter().find(|(own, _)| *own == key)?;
            let value = value.as_ref()?;
            found = match found {
                None => Some(value.clone()),
                Some(before) => Some(before.join(value)?),
            };
        }
        found
    }

    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Value(Constant::Str(text)) => Some(text.chars().count()),
            Self::Length(length) => Some(*length),
            Self::Record(record) => record.length,
            _ => None,
        }
    }

    pub(super) fn truth(&self, language: Language) -> Option<bool> {
        let empty = matches!(language, Language::Python | Language::Php | Language::Bash);
        match self {
            Self::Value(Constant::Bool(own)) => Some(*own),
            Self::Value(Constant::Int(own)) => Some(language == Language::Ruby || *own != 0),
            Self::Value(Constant::Float(_)) => None,
            Self::Value(Constant::Str(text)) => Some(language == Language::Ruby || !text.is_empty()),
            Self::Null => Some(false),
            Self::Truth(own) => Some(*own),
            Self::Function(_) | Self::Closure(_) => Some(true),
            Self::Length(length) => empty.then_some(*length > 0),
            Self::Record(record) if empty => record.length.map(|length| length > 0),
            Self::Record(_) => Some(true),
            Self::Any(_) => None,
        }
    }

    pub(super) fn int(&self) -> Option<i128> {
        match self {
            Self::Value(Constant::Int(own)) => Some(*own),
            _ => None,
        }
    }

    /// Whether both are the same value, where that is certain.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => {
                let alike = std::mem::discriminant(a) == std::mem::discriminant(b);
                alike.then(|| a == b)
            }
            (Self::Null, Self::Null) => Some(true),
            (Self::Null, Self::Value(_) | Self::Function(_) | Self::Record(_) | Self::Truth(true))
            | (Self::Value(_) | Self::Function(_) | Self::Record(_) | Self::Truth(true), Self::Null) => {
                Some(false)
            }
            (Self::Truth(a), Self::Value(Constant::Bool(b)))
            | (Self::Value(Constant::Bool(b)), Self::Truth(a))
                if a != b =>
            {
                Some(false)
            }
            _ => None,
        }
    }
}

pub(super) fn bool_of(value: bool) -> Known {
    Known::Value(Constant::Bool(value))
}

impl Record {
    /// The same entries; how many there are is no longer certain.
    fn changed(&self) -> Self {
        Self { entries: self.entries.clone(), length: None }
    }
}

impl Known {
    /// What remains known once its length may have changed.
    pub(super) fn changed(&self) -> Option<Self> {
        match self {
            Self::Record(record) => Some(Self::Record(Rc::new(record.changed()))),
            Self::Length(_) => None,
            other => Some(other.clone()),
        }
    }
}
