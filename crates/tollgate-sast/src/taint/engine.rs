//! Evaluates expressions: what taint they carry, and what they do to the state.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::contexts::{Context, Contexts};
use super::foreign::Outside;
use super::functions::Functions;
use super::known::Known;
use super::returned::{Outcome, Returned};
use super::spots::Matches;
use super::state::{Origin, State, Taint, Taints};
use super::summaries::{Callback, Called, Summary};
use crate::eval::Scope;
use crate::matching::{ParsedFile, Span};
use crate::project::Link;
use crate::rule::compile::TaintQuery;
use crate::rule::options::RuleOptions;
use crate::tree::{Kind, NodeId, Role, Symbol, Tree, symbol};

/// Nodes nested deeper than this are taken as one value.
pub(super) const MAX_DEPTH: u32 = 320;
/// Steps for one rule on one file.
const MAX_STEPS: u32 = 3_000_000;
/// The label of sources that name none.
pub(super) const DEFAULT_LABEL: &str = "__SOURCE__";

/// A sink that taint reached.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    pub(super) taint: Taint,
}

/// Places where loops and switches are left.
#[derive(Debug)]
pub(super) struct Exit {
    pub(super) breaks: State,
    pub(super) continues: State,
    pub(super) is_loop: bool,
}

/// What belongs to the function at work.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) exits: Vec<Exit>,
    pub(super) handlers: Vec<State>,
    pub(super) returns: Taints,
    pub(super) end: State,
    /// Functions that are returned.
    pub(super) known: Option<Known>,
    /// What the bodies of `try` around throw, innermost last, and what no handler gets.
    pub(super) thrown: Vec<Taints>,
    pub(super) escaped: Taints,
    /// Top-level code: functions wait until it is done.
    pub(super) is_top: bool,
}

impl Frame {
    pub(super) fn new(is_top: bool) -> Self {
        Self {
            exits: Vec::new(),
            handlers: Vec::new(),
            returns: Taints::none(),
            end: State::nowhere(),
            known: None,
            thrown: Vec::new(),
            escaped: Taints::none(),
            is_top,
        }
    }
}

pub(crate) struct Engine<'a> {
    pub(super) file: &'a ParsedFile,
    pub(super) tree: &'a Tree,
    pub(super) scope: &'a Scope<'a>,
    pub(super) query: &'a TaintQuery,
    pub(super) options: &'a RuleOptions,
    pub(super) matches: &'a Matches,
    pub(super) labels: Vec<String>,
    pub(super) state: State,
    pub(super) frame: Frame,
    pub(super) deferred: Vec<NodeId>,
    pub(super) found: BTreeMap<(u32, Origin, u16), Reached>,
    /// What reaches sinks from parameters of the function at work.
    pub(super) through: Vec<(u32, Taint)>,
    /// The same without the way it took: sinks by what reaches them.
    pub(super) known: FxHashMap<(Origin, u16), FxHashSet<u32>>,
    /// The sinks of `found`, by what reaches them.
    pub(super) met: FxHashMap<(Origin, u16), FxHashSet<u32>>,
    pub(super) functions: Option<Rc<Functions>>,
    /// Leads to other files, where those are looked at.
    pub(super) link: Option<&'a Link<'a>>,
    pub(super) outside: Outside,
    pub(super) summaries: FxHashMap<Called, Rc<Summary>>,
    /// Summaries that rest on one that was still being worked out, and how deep in the calls that one stood.
    pub(super) tentative: FxHashMap<Called, u32>,
    /// The outermost of the open summaries that the one at work rests on.
    pub(super) rests_on: u32,
    pub(super) base: State,
    pub(super) shared: State,
    /// Calls of parameters by the function at work.
    pub(super) callbacks: Vec<Callback>,
    /// What the function that was walked last gave.
    pub(super) outcome: Outcome,
    /// What calls gave back, by call.
    pub(super) results: FxHashMap<u32, Rc<Returned>>,
    /// What the handler at work caught.
    pub(super) caught: Taints,
    /// A call that gets the value before it as its first argument: `value |> call()`.
    pub(super) piped: Option<(NodeId, (NodeId, Taints))>,
    /// What the closure that is about to be walked is given.
    pub(super) arguments: Option<Vec<Taints>>,
    pub(super) inlined: u32,
    /// The function that is being summarised.
    pub(super) at_work: Option<NodeId>,
    /// What is known of the arguments of the function that is about to be walked.
    pub(super) context: Context,
    pub(super) contexts: Contexts,
    /// The receiver evaluated last, with its value.
    pub(super) object: Option<(NodeId, Taints)>,
    pub(super) passing: FxHashMap<u32, Taints>,
    /// A collection that the call at work puts a value into, and that value.
    pub(super) putting: Option<(Span, Taints)>,
    pub(super) watched: FxHashMap<Span, Taints>,
    pub(super) depth: u32,
    pub(super) calls: u32,
    pub(super) steps: u32,
    /// What the clauses of a function without parameters of its own are given.
    pub(super) clause_arguments: Option<Vec<Taints>>,
    /// Steps it may take.
    pub(super) limit: u32,
    pub(super) this: [Symbol; 3],
    pub(super) types: FxHashSet<Symbol>,
}

/// What a node is worth.
pub(super) struct Worth {
    /// To whoever reads it.
    pub(super) value: Taints,
    /// To a sink that is this node: arguments of a call, what is assigned.
    pub(super) passed: Option<Taints>,
}

impl From<Taints> for Worth {
    fn from(value: Taints) -> Self {
        Self { value, passed: None }
    }
}

impl<'a> Engine<'a> {
    pub(super) fn new(
        scope: &'a Scope<'a>,
        file: &'a ParsedFile,
        query: &'a TaintQuery,
        options: &'a RuleOptions,
        matches: &'a Matches,
    ) -> Self {
        let mut labels = vec![DEFAULT_LABEL.to_owned()];
        let named = query.sources.iter().filter_map(|source| source.label.as_ref());
        for label in named.chain(query.propagators.iter().filter_map(|propagator| propagator.label.as_ref()))
        {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        Self {
            file,
            tree: file.tree(),
            scope,
            query,
            options,
            matches,
            labels,
            state: State::default(),
            frame: Frame::new(true),
            deferred: Vec::new(),
            found: BTreeMap::new(),
            through: Vec::new(),
            known: FxHashMap::default(),
            met: FxHashMap::default(),
            functions: None,
            link: None,
            outside: Outside::default(),
            summaries: FxHashMap::default(),
            tentative: FxHashMap::default(),
            rests_on: u32::MAX,
            base: State::default(),
            shared: State::default(),
            callbacks: Vec::new(),
            outcome: Outcome::default(),
            results: FxHashMap::default(),
            caught: Taints::none(),
            piped: None,
            arguments: None,
            inlined: 0,
            at_work: None,
            context: Context::new(),
            contexts: Contexts::default(),
            object: None,
            passing: FxHashMap::default(),
            putting: None,
            watched: FxHashMap::default(),
            depth: 0,
            calls: 0,
            steps: 0,
            clause_arguments: None,
            limit: MAX_STEPS,
            this: [
                symbol("this"),
                symbol("self"),
                symbol(if file.language() == Language::Python { "cls" } else { "$this" }),
            ],
            types: ["bool", "boolean", "Boolean"].iter().map(|name| symbol(name)).collect(),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_spent() || (self.steps & 0x3ff == 0 && self.scope.cancel.is_cancelled())
    }

    /// Whether the work a file is worth was used up.
    pub(super) const fn is_spent(&self) -> bool {
        self.steps > self.limit
    }

    /// A copy of what is known of the places; it costs as many steps as it holds places.
    pub(super) fn fork(&mut self) -> State {
        self.steps += self.state.cost();
        self.state.clone()
    }

    pub(super) fn label(&self, label: Option<&String>) -> u16 {
        let at = label.and_then(|label| self.labels.iter().position(|own| own == label)).unwrap_or(0);
        at as u16
    }

    pub(super) fn has_label(&self, taints: &Taints, label: &str) -> bool {
        taints.iter().any(|taint| self.labels[taint.label as usize] == label)
    }

    /// The value of a node, with everything it does.
    pub(super) fn eval(&mut self, id: NodeId) -> Taints {
        self.steps += 1;
        if self.is_over() || self.state.dead {
            return Taints::none();
        }
        if self.depth >= MAX_DEPTH {
            return self.flat(id);
        }
        self.depth += 1;
        let mut worth = self.compute(id);
        if self.at_work.is_some()
            && !worth.value.is_empty()
            && matches!(self.tree.node(id).kind, Kind::Name | Kind::Member | Kind::Index | Kind::Call)
            && self.tree.node(id).role != Role::Callee
        {
            self.narrow(id, &mut worth.value);
        }
        self.depth -= 1;
        self.settle(id, worth)
    }

    /// The taint of every name below a node that is nested too deeply to be followed.
    fn flat(&mut self, id: NodeId) -> Taints {
        let mut all = Taints::none();
        for inner in self.tree.subtree(id) {
            self.steps += 1;
            if self.is_over() {
                break;
            }
            if self.tree.node(inner).kind == Kind::Name {
                let value = self.read(inner);
                all.join(&self.settle(inner, value.into()));
            }
        }
        all
    }

    pub(super) fn read(&self, id: NodeId) -> Taints {
        self.place(id).map(|(place, _)| self.state.read(&place)).unwrap_or_default()
    }

    /// The union of the values of all children.
    pub(super) fn all(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        let mut all = Taints::none();
        for child in tree.children(id) {
            let node = tree.node(child);
            let inert = matches!(
                node.role,
                Role::Type
                    | Role::ReturnType
                    | Role::TypeArg
                    | Role::TypeParam
                    | Role::Modifier
                    | Role::Property
                    | Role::Label
                    | Role::Throws
                    | Role::Tag
                    | Role::Extends
                    | Role::Implements
            );
            let key = node.role == Role::Key && node.kind == Kind::Name && self.has_bare_keys();
            if inert || key || matches!(node.kind, Kind::Type | Kind::Modifier | Kind::TypeParam) {
                continue;
            }
            all.join(&self.eval(child));
        }
        all
    }

    pub(super) fn has_bare_keys(&self) -> bool {
        !matches!(self.file.language(), Language::Python | Language::Php | Language::Ruby)
    }

    /// The union, unless only assignments pass taint on.
    pub(super) fn combined(&mut self, id: NodeId) -> Taints {
        let all = self.all(id);
        if self.options.taint_only_propagate_through_assignments { Taints::none() } else { all }
    }

    fn compute(&mut self, id: NodeId) -> Worth {
        let tree = self.tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Name => match self.bare_call(id) {
                Some(value) => value.into(),
                None => self.typed(id, self.read(id)).into(),
            },
            Kind::Str | Kind::StrPart | Kind::Num | Kind::Bool | Kind::Null | Kind::Regex | Kind::Text => {
                Taints::none().into()
            }
            Kind::Import
            | Kind::ImportItem
            | Kind::Global
            | Kind::Type
            | Kind::Modifier
            | Kind::TypeParam => Taints::none().into(),
            Kind::Member => {
                let value = self.member(id);
                self.bare_call(id).unwrap_or(value).into()
            }
            Kind::Index => self.index(id).into(),
            Kind::Call | Kind::New => {
                let own = self.call(id);
                Worth { value: self.typed(id, own.value), ..own }
            }
            Kind::Assign => self.assignment(id),
            Kind::AugAssign => self.augmented(id),
            Kind::Ternary => self.ternary(id).into(),
            Kind::Binary => self.binary(id).into(),
            Kind::Unary | Kind::TypeTest | Kind::Slice => {
                let value = self.combined(id);
                let safe = node.kind == Kind::Unary
                    && self.options.taint_assume_safe_booleans
                    && self.file.node_text(id).trim_start().starts_with(['!', 'n']);
                if safe { Taints::none().into() } else { value.into() }
            }
            Kind::Comprehension => self.comprehension(id).into(),
            Kind::CompFor => {
                let mut iterated = Taints::none();
                for child in tree.children(id).filter(|child| tree.node(*child).role != Role::Target) {
                    iterated.join(&self.eval(child));
                }
                if let Some(target) = tree.child(id, Role::Target) {
                    self.assign(target, None, &iterated);
                }
                Taints::none().into()
            }
            Kind::Sequence => {
                let mut last = Taints::none();
                for child in tree.children(id) {
                    last = self.eval(child);
                }
                last.into()
            }
            Kind::Package => {
                for child in tree.children(id).filter(|child| tree.node(*child).role != Role::Module) {
                    self.eval(child);
                }
                Taints::none().into()
            }
            Kind::Yield => {
                let value = self.all(id);
                self.frame.returns.join(&value);
                Worth { value: Taints::none(), passed: Some(value) }
            }
            Kind::Raw if tree.child(id, Role::Then).is_some() => self.flow(id),
            Kind::Raw if self.functions.is_some() && self.binds(id) => self.bindings(id).into(),
            Kind::Raw if tree.children(id).any(|own| tree.node(own).kind == Kind::CompFor) => {
                self.comprehension(id).into()
            }
            Kind::Raw | Kind::Error => self.all(id).into(),
            Kind::Pair | Kind::KwArg if self.is_value_only(id) => {
                tree.child(id, Role::Value).map(|value| self.eval(value)).unwrap_or_default().into()
            }
            Kind::Tuple
            | Kind::List
            | Kind::Dict
            | Kind::Set
            | Kind::Pair
            | Kind::KwArg
            | Kind::Template
            | Kind::Interp
            | Kind::Await
            | Kind::Cast
            | Kind::Spread
            | Kind::Element
            | Kind::Attribute
            | Kind::ConfigBlock
            | Kind::Decorator => {
                let value = self.combined(id);
                if node.kind == Kind::Cast && self.is_cast_safe(id) {
                    Taints::none().into()
                } else {
                    value.into()
                }
            }
            _ => self.flow(id),
        }
    }
}
