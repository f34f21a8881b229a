//! Operators with two sides, whose chains are more than their nesting.

use std::rc::Rc;

use smallvec::SmallVec;
use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::search::Search;
use super::{Meta, PatternNode, Pid};
use crate::matching::Span;
use crate::tree::{Kind, Node, NodeId, Role, Symbol, symbol};

/// Longer chains are matched as they nest.
const MAX_OPERANDS: usize = 200;

/// How the operands of a chain may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As they nest.
    Nested,
    /// In order, however they nest.
    Chain,
    /// In any order, with others between.
    Any,
}

impl Search<'_> {
    pub(super) const fn is_c(&self) -> bool {
        matches!(self.file.language(), Language::C | Language::Cpp)
    }

    /// `p->x` and `(*p).x` are one; says whether the two are written in different ways.
    pub(super) fn by_pointer(
        &self,
        pattern: &PatternNode,
        id: NodeId,
        node: &Node,
        env: &Env,
        out: &mut Envs,
    ) -> bool {
        let arrow = symbol("->");
        let follows = |kind: Kind, own: u64| kind == Kind::Unary && own == symbol("*");
        let ([object], [property], Some(at), Some(name)) = (
            pattern.group(Role::Object),
            pattern.group(Role::Property),
            self.tree.child(id, Role::Object),
            self.tree.child(id, Role::Property),
        ) else {
            return false;
        };
        let (wanted, given) = (self.p(*object), self.t(at));
        let pair = if pattern.symbol == arrow && node.symbol != arrow && follows(given.kind, given.symbol) {
            self.tree.child(at, Role::Operand).map(|inner| (*object, inner))
        } else if pattern.symbol != arrow && node.symbol == arrow && follows(wanted.kind, wanted.symbol) {
            wanted.group(Role::Operand).first().map(|inner| (*inner, at))
        } else {
            None
        };
        let Some((object, at)) = pair else { return false };
        let mut envs = Envs::new();
        self.node(object, at, env, &mut envs);
        envs.iter().for_each(|env| self.node(*property, name, env, out));
        true
    }

    /// `$T<A>`: a type that takes others.
    pub(super) fn type_of_many(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let arguments: SmallVec<[NodeId; 8]> = self.tree.children_of(id, Role::TypeArg).collect();
        let [name] = pattern.group(Role::Name) else { return };
        let Meta::Any(var) = self.p(*name).meta else { return };
        if arguments.is_empty() {
            return;
        }
        let span = self.file.span(id);
        let text = self.file.node_text(id).split('<').next().unwrap_or_default();
        let own = Span { end: span.start + u32::try_from(text.len()).unwrap_or(0), ..span };
        let mut envs = Envs::new();
        self.bind(var, Bound::Text(text.trim_end().into(), own), env, &mut envs);
        for env in &envs {
            self.ordered(pattern.group(Role::TypeArg), &arguments, span.end, env, out);
        }
    }

    /// Matches where sides may be told apart by more than their place; the plain comparison of both sides
    /// is the caller's.
    pub(super) fn operators(
        &self,
        pattern: &PatternNode,
        id: NodeId,
        node: &Node,
        env: &Env,
        out: &mut Envs,
    ) -> bool {
        if pattern.symbol != node.symbol {
            return false;
        }
        if self.is_symmetric(node.symbol) {
            let swapped = [(Role::Left, Role::Right), (Role::Right, Role::Left)];
            self.sides(pattern, id, swapped, env, out);
            return false;
        }
        let dots = |pid: &Pid| matches!(self.p(*pid).meta, Meta::Ellipsis);
        let has_dots = pattern.groups.iter().any(|(_, pids)| pids.iter().any(dots));
        let order = self.order(node.symbol);
        if !has_dots && order == Order::Nested {
            return false;
        }
        let operands = self.operands(id, node.symbol);
        if operands.len() > MAX_OPERANDS {
            return false;
        }
        let pids = self.pattern_operands(pattern);
        match order {
            _ if has_dots => self.ordered(&pids, &operands, node.end, env, out),
            Order::Any => self.any_order(&pids, &operands, true, env, out),
            Order::Chain | Order::Nested => self.chained(&pids, &operands, env, out),
        }
        true
    }

    fn is_symmetric(&self, operator: Symbol) -> bool {
        let options = &self.pattern.options;
        (options.symmetric_eq || options.commutative_compop)
            && ["==", "!="].iter().any(|own| symbol(own) == operator)
    }

    fn order(&self, operator: Symbol) -> Order {
        let is = |own: &[&str]| own.iter().any(|own| symbol(own) == operator);
        let options = &self.pattern.options;
        if is(&["&&", "||", "and", "or"]) {
            if options.commutative_boolop { Order::Any } else { Order::Chain }
        } else if is(&["|", "&", "^"]) && options.ac_matching {
            Order::Any
        } else {
            Order::Nested
        }
    }

    /// The operands of a chain of one operator, first to last.
    fn operands(&self, id: NodeId, operator: Symbol) -> Vec<NodeId> {
        let mut operands: Vec<NodeId> = Vec::new();
        let mut at = id;
        loop {
            let current = self.t(at);
            if current.kind != Kind::Binary || current.symbol != operator {
                operands.push(at);
                break;
            }
            if let Some(right) = self.tree.child(at, Role::Right) {
                operands.push(right);
            }
            let Some(left) = self.tree.child(at, Role::Left) else { break };
            at = left;
        }
        operands.reverse();
        operands
    }

    fn pattern_operands(&self, pattern: &PatternNode) -> Vec<Pid> {
        let mut pids: Vec<Pid> = Vec::new();
        let mut stack: Vec<Pid> = vec![];
        let push_sides = |node: &PatternNode, stack: &mut Vec<Pid>| {
            stack.extend(node.group(Role::Right).iter().rev());
            stack.extend(node.group(Role::Left).iter().rev());
        };
        push_sides(pattern, &mut stack);
        while let Some(pid) = stack.pop() {
            let inner = self.p(pid);
            let same = inner.kind == Kind::Binary && inner.symbol == pattern.symbol;
            if same && matches!(inner.meta, Meta::Plain) {
                push_sides(inner, &mut stack);
            } else {
                pids.push(pid);
            }
        }
        pids
    }

    /// All operands in order; a metavariable may stand for several.
    fn chained(&self, pids: &[Pid], operands: &[NodeId], env: &Env, out: &mut Envs) {
        // The grammar of Python nests what the language has as one chain.
        let whole = self.file.language() == Language::Python && self.is_inner(operands);
        if whole || pids.len() > operands.len() {
            return;
        }
        let mut states: Vec<(usize, Env)> = vec![(0, env.clone())];
        for (number, pid) in pids.iter().enumerate() {
            let after = pids.len() - number - 1;
            let mut next: Vec<(usize, Env)> = Vec::new();
            for (at, env) in &states {
                let last = operands.len() - after;
                let meta = &self.p(*pid).meta;
                let widest = if matches!(meta, Meta::Any(_)) { last } else { (at + 1).min(last) };
                for end in at + 1..=widest {
                    let mut envs = Envs::new();
                    match (meta, end - at) {
                        (Meta::Any(var), 2..) => {
                            let start = self.t(operands[*at]).start;
                            let bound = Bound::Nodes(Rc::from(&operands[*at..end]), start);
                            self.bind(*var, bound, env, &mut envs);
                        }
                        _ => self.node(*pid, operands[*at], env, &mut envs),
                    }
                    next.extend(envs.into_iter().map(|env| (end, env)));
                }
            }
            states = next;
            states.truncate(super::search::MAX_WAYS);
        }
        out.extend(states.into_iter().filter(|(at, _)| *at == operands.len()).map(|(_, env)| env));
    }

    /// Whether the chain goes on around these operands.
    fn is_inner(&self, operands: &[NodeId]) -> bool {
        let Some(own) = operands.first().and_then(|last| self.tree.parent(*last)) else { return false };
        let mut chain = own;
        for _ in 2..operands.len() {
            let Some(parent) = self.tree.parent(chain) else { return false };
            chain = parent;
        }
        let node = self.t(chain);
        self.tree.parent(chain).is_some_and(|parent| {
            let outer = self.t(parent);
            node.role == Role::Left && outer.kind == Kind::Binary && outer.symbol == node.symbol
        })
    }
}
