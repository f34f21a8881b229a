//! What a call passes, and which parameter takes it.

use rustc_hash::FxHashMap;

use super::engine::Engine;
use super::state::{Place, Taints};
use crate::tree::{Kind, NodeId, Role, Symbol};

/// Spread elements that are taken as arguments of their own.
const MAX_SPREAD: usize = 16;

/// An argument of a call.
#[derive(Debug, Clone)]
pub(super) struct Argument {
    pub(super) name: Option<Symbol>,
    pub(super) node: NodeId,
    pub(super) value: Taints,
}

/// What a parameter takes beyond one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    No,
    /// All further arguments by position.
    Positions,
    /// All further arguments by name.
    Names,
}

/// Arguments by the number of the parameter they are passed as.
#[derive(Debug, Default)]
pub(super) struct Bound {
    pub(super) passed: FxHashMap<u32, (NodeId, Taints)>,
    /// What parameters that take the rest were given, one by one.
    pub(super) rest: FxHashMap<u32, Vec<Argument>>,
}

/// What one call passes.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) bound: Bound,
    pub(super) object: Taints,
    /// The expression the method is called on, and the place that is.
    pub(super) receiver: Option<NodeId>,
    pub(super) place: Option<Place>,
    /// What the calls of parameters return.
    pub(super) results: Vec<Taints>,
}

impl Given {
    /// The expression passed for a parameter.
    pub(super) fn node(&self, number: u32) -> Option<NodeId> {
        self.bound.passed.get(&number).map(|(node, _)| *node)
    }
}

impl Engine<'_> {
    /// The arguments of a call; what is spread from a literal counts one by one.
    pub(super) fn arguments(&mut self, call: NodeId, through: &mut Taints) -> Vec<Argument> {
        let tree = self.tree;
        let mut arguments = Vec::new();
        for child in tree.children(call) {
            let node = tree.node(child);
            if matches!(node.role, Role::Callee | Role::TypeArg | Role::Type | Role::Modifier) {
                continue;
            }
            let value = self.eval(child);
            through.join(&value);
            if let Some(literal) = self.spread_literal(child) {
                for element in tree.children(literal).take(MAX_SPREAD) {
                    let own = tree.node(element);
                    let name = match own.kind {
                        Kind::Pair | Kind::KwArg => tree.child(element, Role::Key).and_then(|key| self.key(key)),
                        _ => None,
                    };
                    let inner = match own.kind {
                        Kind::Pair | Kind::KwArg => tree.child(element, Role::Value).unwrap_or(element),
                        _ => element,
                    };
                    let value = self.peek(inner);
                    arguments.push(Argument { name, node: inner, value });
                }
                continue;
            }
            let name = (node.kind == Kind::KwArg)
                .then(|| tree.child(child, Role::Key).map(|key| tree.node(key).symbol))
                .flatten();
            arguments.push(Argument { name, node: child, value });
        }
        arguments
    }

    /// The literal whose elements a spread argument passes.
    fn spread_literal(&self, argument: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        if tree.node(argument).kind != Kind::Spread {
            return None;
        }
        let inner = tree.children(argument).last()?;
        let plain = matches!(tree.node(inner).kind, Kind::List | Kind::Tuple | Kind::Dict)
            && tree.children(inner).all(|own| tree.node(own).kind != Kind::Spread);
        plain.then_some(inner)
    }

    /// Arguments by the number of the parameter they are passed as.
    pub(super) fn bind(&self, target: NodeId, arguments: &[Argument]) -> Bound {
        bind_to(&self.parameter_names(target), arguments)
    }

    /// Names of parameters, and whether they take all the rest.
    pub(super) fn parameter_names(&self, target: NodeId) -> Vec<(Symbol, Rest)> {
        self.parameters(target).into_iter().map(|own| (self.parameter_name(own), self.rest_of(own))).collect()
    }

    /// The name callers use for a parameter.
    fn parameter_name(&self, parameter: NodeId) -> Symbol {
        let tree = self.tree;
        let mut name = tree.child(parameter, Role::Name).unwrap_or(parameter);
        while matches!(tree.node(name).kind, Kind::Spread | Kind::Unary)
            && let Some(inner) = tree.children(name).last()
        {
            name = inner;
        }
        tree.node(name).symbol
    }

    pub(super) fn rest_of(&self, parameter: NodeId) -> Rest {
        let tree = self.tree;
        let text = self.file.node_text(parameter);
        let text = text.split('=').next().unwrap_or_default();
        if text.starts_with("**") {
            return Rest::Names;
        }
        let name = tree.child(parameter, Role::Name).unwrap_or(parameter);
        let pointers = matches!(
            self.file.language(),
            tollgate_core::Language::C | tollgate_core::Language::Cpp | tollgate_core::Language::Rust
        );
        let spread = tree.node(name).kind == Kind::Spread
            || text.starts_with('*') && !pointers
            || text.contains("...")
            || text.starts_with("params ")
            || text.starts_with("vararg ");
        if spread { Rest::Positions } else { Rest::No }
    }
}

/// Arguments by the number of the parameter they are passed as.
pub(super) fn bind_to(parameters: &[(Symbol, Rest)], arguments: &[Argument]) -> Bound {
    let mut bound = Bound::default();
    let rest = |wanted: Rest| parameters.iter().position(|(_, own)| *own == wanted);
    let mut next = 0;
    for argument in arguments {
        let number = match argument.name {
            Some(name) => parameters
                .iter()
                .position(|(own, rest)| *own == name && *rest == Rest::No)
                .or_else(|| rest(Rest::Names))
                .or(parameters.len().checked_sub(1)),
            None => match parameters.get(next) {
                Some((_, Rest::No)) => {
                    next += 1;
                    Some(next - 1)
                }
                Some((_, Rest::Positions)) => Some(next),
                _ => None,
            },
        };
        let Some(number) = number else { continue };
        if parameters[number].1 != Rest::No || argument.name.is_some_and(|name| parameters[number].0 != name) {
            bound.rest.entry(number as u32).or_default().push(argument.clone());
        }
        let entry = bound.passed.entry(number as u32).or_insert_with(|| (argument.node, Taints::none()));
        entry.1.join(&argument.value);
    }
    bound
}
