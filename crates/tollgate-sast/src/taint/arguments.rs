//! What a call passes, and which parameter takes it.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use tollgate_core::Language;

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
    /// The block that is passed beside the arguments.
    pub(super) block: Option<NodeId>,
    /// What the calls of parameters return.
    pub(super) results: Vec<Taints>,
    /// What parts of the arguments carry, as far as it was asked for.
    pub(super) parts: RefCell<FxHashMap<u32, Taints>>,
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
            // Named arguments that grammars take for assignments, and fields that an initialiser sets.
            if node.role == Role::Arg
                && node.kind == Kind::Assign
                && self.file.language() == Language::Scala
                && let (Some(left), Some(right)) =
                    (tree.child(child, Role::Left), tree.child(child, Role::Right))
            {
                let value = self.eval(right);
                through.join(&value);
                arguments.push(Argument { name: Some(tree.node(left).symbol), node: right, value });
                continue;
            }
            if self.is_initialiser(child) {
                for field in tree.children(child) {
                    if let Some(right) = tree.child(field, Role::Right) {
                        through.join(&self.eval(right));
                    }
                }
                continue;
            }
            let value = self.eval(child);
            through.join(&value);
            if let Some(literal) = self.spread_literal(child) {
                for element in tree.children(literal).take(MAX_SPREAD) {
                    let own = tree.node(element);
                    let name = match own.kind {
                        Kind::Pair | Kind::KwArg => {
                            tree.child(element, Role::Key).and_then(|key| self.key(key))
                        }
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

    /// Whether a block sets the fields of the object that is made.
    pub(super) fn is_initialiser(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let node = tree.node(id);
        node.role == Role::Body
            && node.kind == Kind::Block
            && tree.parent(id).is_some_and(|parent| tree.node(parent).kind == Kind::New)
            && tree.child(id, Role::Stmt).is_some()
            && tree.children(id).all(|own| tree.node(own).kind == Kind::Assign)
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
        let block = arguments.iter().position(|own| self.is_block(own.node));
        let Some(at) = block else { return bind_to(&self.parameter_names(target), arguments) };
        let plain = [&arguments[..at], &arguments[at + 1..]].concat();
        let mut bound = bind_to(&self.parameter_names(target), &plain);
        let parameter =
            self.parameters(target).into_iter().position(|own| self.file.node_text(own).starts_with('&'));
        if let Some(number) = parameter {
            bound.passed.insert(number as u32, (arguments[at].node, arguments[at].value.clone()));
        }
        bound
    }

    /// Whether an argument is a block of Ruby.
    pub(super) fn is_block(&self, node: NodeId) -> bool {
        self.file.language() == Language::Ruby
            && (self.tree.node(node).role == Role::Body || self.file.node_text(node).starts_with('&'))
    }

    /// Names of parameters, and whether they take all the rest.
    pub(super) fn parameter_names(&self, target: NodeId) -> Vec<(Symbol, Rest)> {
        self.parameters(target).into_iter().map(|own| (self.parameter_name(own), self.rest_of(own))).collect()
    }

    /// The name callers use for a parameter.
    fn parameter_name(&self, parameter: NodeId) -> Symbol {
        let tree = self.tree;
        if let Some(label) = tree.child(parameter, Role::Key)
            && self.file.node_text(label) != "_"
        {
            return tree.node(label).symbol;
        }
        let mut name = self.named_by(parameter);
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
        let name = self.named_by(parameter);
        let pointers = matches!(self.file.language(), Language::C | Language::Cpp | Language::Rust);
        let span = self.file.span(parameter);
        let before = self.file.text()[..span.start as usize].trim_end();
        let plain = matches!(tree.node(name).kind, Kind::Name | Kind::Param);
        // `params T[] rest` of C# has its type before it.
        let siblings: Vec<NodeId> = tree
            .parent(parameter)
            .map(|own| tree.children_of(own, Role::Param).collect())
            .unwrap_or_default();
        let typed = siblings
            .windows(2)
            .any(|two| two[1] == parameter && tree.node(self.named_by(two[0])).kind == Kind::Type);
        let spread = tree.node(name).kind == Kind::Spread
            || text.starts_with('*') && !pointers
            || plain && text.contains("...")
            || typed
            || before.ends_with("vararg");
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
        if parameters[number].1 != Rest::No || argument.name.is_some_and(|name| parameters[number].0 != name)
        {
            bound.rest.entry(number as u32).or_default().push(argument.clone());
        }
        let entry = bound.passed.entry(number as u32).or_insert_with(|| (argument.node, Taints::none()));
        entry.1.join(&argument.value);
    }
    bound
}
