//! What expressions are known to be where they stand, and what conditions say about it.

use std::rc::Rc;

use super::elements::position;
use super::engine::Engine;
use super::known::{Known, MAX_ENTRIES, MAX_NODES, MAX_TEXT, Record, bool_of};
use super::state::{Place, Root};
use crate::matching::Constant;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};

impl Engine<'_> {
    /// Whether a condition holds, where that is certain.
    pub(super) fn decide(&self, cond: NodeId) -> Option<bool> {
        self.functions.as_ref()?;
        if self.file.constants().may_change(self.file, cond) {
            return None;
        }
        self.known(cond)?.truth(self.file.language())
    }

    /// Whether a value is one that a case names: a constant, or a relation to one.
    pub(super) fn is_case(&self, tested: &Known, case: NodeId) -> Option<bool> {
        let tree = self.tree;
        let text = self.file.node_text(case).trim();
        let either = |word: &str| -> Option<(NodeId, NodeId)> {
            let mut inner = tree.children(case);
            let (left, right) = (inner.next()?, inner.next()?);
            let between = self
                .file
                .text()
                .get(self.file.span(left).end as usize..self.file.span(right).start as usize)?;
            (inner.next().is_none() && between.trim() == word).then_some((left, right))
        };
        if let Some((left, right)) = either("or") {
            return match (self.is_case(tested, left), self.is_case(tested, right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        if let Some((left, right)) = either("and") {
            return match (self.is_case(tested, left), self.is_case(tested, right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        const RELATIONS: [&str; 4] = ["<=", ">=", "<", ">"];
        if let Some(relation) = RELATIONS.iter().find(|own| text.starts_with(**own)) {
            let bound = self.known(tree.children(case).last()?)?.int()?;
            let own = tested.int()?;
            return Some(match *relation {
                "<=" => own <= bound,
                ">=" => own >= bound,
                "<" => own < bound,
                _ => own > bound,
            });
        }
        match tree.node(case).kind {
            Kind::Num | Kind::Str | Kind::Bool | Kind::Null | Kind::Unary => self.known(case)?.equals(tested),
            Kind::Raw => self.is_case(tested, tree.children(case).next()?),
            _ => None,
        }
    }

    pub(super) fn known(&self, id: NodeId) -> Option<Known> {
        let mut budget = MAX_NODES;
        self.value(id, &mut budget)
    }

    fn value(&self, id: NodeId, budget: &mut u32) -> Option<Known> {
        *budget = budget.checked_sub(1)?;
        let tree = self.tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Str | Kind::Num | Kind::Bool => {
                let value = self.file.constant(id)?;
                let short = !matches!(&value, Constant::Str(text) if text.len() > MAX_TEXT);
                short.then_some(Known::Value(value))
            }
            Kind::Null => Some(Known::Null),
            Kind::Func => Some(Known::Function(id)),
            Kind::Name | Kind::Member | Kind::Index => self.named_value(id, budget),
            Kind::Dict | Kind::List | Kind::Tuple => self.container(id, budget).map(Known::Record),
            Kind::New if self.is_record(id) => {
                self.container(self.record_body(id), budget).map(Known::Record)
            }
            Kind::Unary => {
                let operand = tree.child(id, Role::Operand)?;
                let text = self.file.node_text(id);
                if text.starts_with('!') || text.starts_with("not") {
                    let truth = self.value(operand, budget)?.truth(self.file.language())?;
                    return Some(bool_of(!truth));
                }
                if text.starts_with('-') {
                    return Some(Known::Value(Constant::Int(-self.value(operand, budget)?.int()?)));
                }
                if !text.starts_with('&') {
                    return None;
                }
                match tree.node(operand).kind {
                    Kind::New => self.value(operand, budget),
                    _ => self.callable(id).map(Known::Function),
                }
            }
            Kind::Block => {
                let mut inner = tree.children(id);
                let only = inner.next().filter(|own| tree.node(*own).kind == Kind::Func)?;
                inner.next().is_none().then_some(Known::Function(only))
            }
            Kind::Binary => self.binary_value(id, budget),
            Kind::Call | Kind::New => match self.result_of(id).and_then(|own| own.known.clone()) {
                Some(known) => Some(known),
                None => self.bound_value(id).or_else(|| self.measured(id, budget)),
            },
            Kind::Ternary => {
                let cond = self.value(tree.child(id, Role::Cond)?, budget)?.truth(self.file.language())?;
                self.value(tree.child(id, if cond { Role::Then } else { Role::Else })?, budget)
            }
            Kind::Cast | Kind::Await | Kind::KwArg | Kind::Pair => {
                self.value(tree.child(id, Role::Value)?, budget)
            }
            Kind::Spread | Kind::Raw => self.callable(id).map(Known::Function),
            _ => None,
        }
    }

    fn named_value(&self, id: NodeId, budget: &mut u32) -> Option<Known> {
        let tree = self.tree;
        let node = tree.node(id);
        if let Some((place, true)) = self.place(id)
            && let Some(known) = self.state.known(&place)
        {
            return Some(known.clone());
        }
        match node.kind {
            Kind::Member => {
                let object = tree.child(id, Role::Object)?;
                let property = tree.node(tree.child(id, Role::Property)?).symbol;
                if let Some(known) = self.value(object, budget) {
                    if let Some(entry) = known.entry(property) {
                        return Some(entry);
                    }
                    if ["length", "size", "count", "Length", "Count"]
                        .iter()
                        .any(|own| symbol(own) == property)
                    {
                        return Some(Known::Value(Constant::Int(known.length()? as i128)));
                    }
                }
                self.callable(id).map(Known::Function)
            }
            Kind::Index => {
                let object = self.value(tree.child(id, Role::Object)?, budget)?;
                object.entry(self.key(tree.child(id, Role::Index)?)?)
            }
            Kind::Name if self.result_of(id).is_some_and(|own| own.known.is_some()) => {
                self.result_of(id).and_then(|own| own.known.clone())
            }
            _ => self.callable(id).map(Known::Function),
        }
    }

    /// The name an entry of a container is kept under.
    pub(super) fn key(&self, id: NodeId) -> Option<Symbol> {
        let node = self.tree.node(id);
        match node.kind {
            Kind::Str => Some(symbol(self.file.contents(id).of(self.file.text()))),
            Kind::Num => Some(symbol(self.file.node_text(id))),
            Kind::Raw if self.file.node_text(id).starts_with(':') => {
                Some(symbol(self.file.node_text(id).trim_start_matches(':')))
            }
            Kind::Raw if node.symbol != 0 => Some(node.symbol),
            _ => match crate::constants::certain(self.file, id)? {
                Constant::Str(text) => Some(symbol(&text)),
                Constant::Int(number) => Some(symbol(&number.to_string())),
                _ => None,
            },
        }
    }

    fn container(&self, id: NodeId, budget: &mut u32) -> Option<Rc<Record>> {
        let tree = self.tree;
        let mut entries: Vec<(Symbol, Option<Known>)> = Vec::new();
        let mut certain = true;
        let elements =
            tree.children(id).filter(|own| !matches!(tree.node(*own).role, Role::Callee | Role::Type));
        for (at, child) in elements.enumerate() {
            if at >= MAX_ENTRIES {
                return None;
            }
            let node = tree.node(child);
            let (key, value) = match node.kind {
                Kind::Spread => {
                    certain = false;
                    continue;
                }
                Kind::Pair | Kind::KwArg => {
                    let Some(key) = tree.child(child, Role::Key) else { continue };
                    let key = match tree.node(key).kind {
                        Kind::Name if self.has_bare_keys() => Some(tree.node(key).symbol),
                        _ => self.key(key),
                    };
                    let Some(key) = key else {
                        certain = false;
                        continue;
                    };
                    (key, tree.child(child, Role::Value))
                }
                Kind::Name if tree.node(id).kind == Kind::Dict => (node.symbol, Some(child)),
                Kind::Assign => {
                    let Some(left) = tree.child(child, Role::Left) else { continue };
                    (tree.node(left).symbol, tree.child(child, Role::Right))
                }
                Kind::Func if tree.child(child, Role::Name).is_some() => {
                    let name = tree.child(child, Role::Name)?;
                    (tree.node(name).symbol, Some(child))
                }
                _ => (position(at), Some(child)),
            };
            let value = value.and_then(|value| self.value(value, budget));
            entries.retain(|(own, _)| *own != key);
            entries.push((key, value));
        }
        let length = certain.then_some(entries.len());
        Some(Rc::new(Record { entries, length }))
    }

    /// The operand of `len(x)`, `x.length()` and their like.
    fn measured_operand(&self, id: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let callee = tree.child(id, Role::Callee)?;
        let is_measure = |symbol_of: Symbol| {
            ["len", "length", "size", "count", "sizeof", "strlen"].iter().any(|own| symbol(own) == symbol_of)
        };
        let mut arguments = tree.children_of(id, Role::Arg);
        let first = arguments.next();
        match tree.node(callee).kind {
            Kind::Name if is_measure(tree.node(callee).symbol) && arguments.next().is_none() => first,
            Kind::Member if first.is_none() => {
                let property = tree.child(callee, Role::Property)?;
                is_measure(tree.node(property).symbol).then(|| tree.child(callee, Role::Object))?
            }
            _ => None,
        }
    }

    fn measured(&self, id: NodeId, budget: &mut u32) -> Option<Known> {
        let operand = self.measured_operand(id)?;
        let length = self.value(operand, budget)?.length()?;
        Some(Known::Value(Constant::Int(length as i128)))
    }

    fn binary_value(&self, id: NodeId, budget: &mut u32) -> Option<Known> {
        let tree = self.tree;
        let operator = Operator::of(tree.node(id).symbol)?;
        let language = self.file.language();
        let mut operands = tree.children(id);
        let (left, right) = (operands.next()?, operands.next()?);
        if operands.next().is_some() {
            return None;
        }
        if matches!(operator, Operator::And | Operator::Or) {
            let decisive = operator == Operator::Or;
            let truth = |side: NodeId, budget: &mut u32| {
                self.value(side, budget).and_then(|value| value.truth(language))
            };
            let (a, b) = (truth(left, budget), truth(right, budget));
            return match (a, b) {
                (Some(own), _) | (_, Some(own)) if own == decisive => Some(bool_of(decisive)),
                (Some(_), Some(_)) => Some(bool_of(!decisive)),
                _ => None,
            };
        }
        let (a, b) = (self.value(left, budget)?, self.value(right, budget)?);
        match operator {
            Operator::Equal => a.equals(&b).map(bool_of),
            Operator::Unequal => a.equals(&b).map(|own| bool_of(!own)),
            _ => {
                if let (Operator::Add, Known::Value(Constant::Str(a)), Known::Value(Constant::Str(b))) =
                    (operator, &a, &b)
                {
                    let whole = format!("{a}{b}");
                    return (whole.len() <= MAX_TEXT).then(|| Known::Value(Constant::Str(whole.into())));
                }
                let (a, b) = (a.int()?, b.int()?);
                Some(match operator {
                    Operator::Less => bool_of(a < b),
                    Operator::AtMost => bool_of(a <= b),
                    Operator::More => bool_of(a > b),
                    Operator::AtLeast => bool_of(a >= b),
                    Operator::Add => Known::Value(Constant::Int(a.checked_add(b)?)),
                    Operator::Subtract => Known::Value(Constant::Int(a.checked_sub(b)?)),
                    Operator::Multiply => Known::Value(Constant::Int(a.checked_mul(b)?)),
                    _ => return None,
                })
            }
        }
    }

    /// Takes what a condition says as given.
    pub(super) fn assume(&mut self, cond: NodeId, holds: bool) {
        if self.functions.is_some() {
            self.assume_inner(cond, holds, 0);
        }
    }

    fn assume_inner(&mut self, cond: NodeId, holds: bool, depth: u32) {
        let tree = self.tree;
        let node = tree.node(cond);
        if depth > 12 {
            return;
        }
        match node.kind {
            Kind::Name => {
                if let Some(place) = self.local(cond)
                    && self.state.known(&place).is_none()
                {
                    self.state.learn(place, Known::Truth(holds));
                }
            }
            Kind::Unary => {
                let text = self.file.node_text(cond);
                if let Some(operand) = tree.child(cond, Role::Operand)
                    && (text.starts_with('!') || text.starts_with("not"))
                {
                    self.assume_inner(operand, !holds, depth + 1);
                }
            }
            Kind::Binary => {
                let Some(operator) = Operator::of(node.symbol) else { return };
                let operands: Vec<NodeId> = tree.children(cond).collect();
                let &[left, right] = operands.as_slice() else { return };
                match (operator, holds) {
                    (Operator::And, true) | (Operator::Or, false) => {
                        self.assume_inner(left, holds, depth + 1);
                        self.assume_inner(right, holds, depth + 1);
                    }
                    (Operator::Equal, true) | (Operator::Unequal, false) => {
                        self.assume_equal(left, right);
                        self.assume_equal(right, left);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn assume_equal(&mut self, left: NodeId, right: NodeId) {
        let Some(value) = self.known(right) else { return };
        if let Some(place) = self.local(left) {
            if matches!(value, Known::Value(_) | Known::Null) {
                self.state.learn(place, value);
            }
        } else if self.tree.node(left).kind == Kind::Call
            && let Some(operand) = self.measured_operand(left)
            && let Some(place) = self.local(operand)
            && let Some(length) = value.int().and_then(|length| usize::try_from(length).ok())
        {
            self.state.learn(place, Known::Length(length));
        }
    }

    /// A variable of a function: nothing else changes it behind its back.
    fn local(&self, id: NodeId) -> Option<Place> {
        if self.tree.node(id).kind != Kind::Name {
            return None;
        }
        let (place, whole) = self.place(id)?;
        let Root::Defined(definition) = place.root else { return None };
        (whole && place.path.is_empty() && !self.is_global(definition)).then_some(place)
    }

    /// What a member is known to hold, rather than the method it names.
    pub(super) fn held(&self, id: NodeId) -> Option<Known> {
        let tree = self.tree;
        if let Some((place, true)) = self.place(id)
            && let Some(known) = self.state.known(&place)
        {
            return Some(known.clone());
        }
        let object = tree.child(id, Role::Object)?;
        let property = tree.node(tree.child(id, Role::Property)?).symbol;
        let known = self.known(object).and_then(|known| known.entry(property));
        known.or_else(|| {
            let returned = self.result_of(object)?;
            returned.held.iter().find(|(path, _)| *path == [property]).map(|(_, known)| known.clone())
        })
    }

    /// Remembers what a target was set to.
    pub(super) fn learn(&mut self, target: NodeId, known: Option<Known>) {
        let tree = self.tree;
        match tree.node(target).kind {
            Kind::Name | Kind::Declare => {
                let name = tree.child(target, Role::Name).unwrap_or(target);
                if let (Some(known), Some((place, true))) = (known, self.place(name))
                    && place.path.is_empty()
                    && let Root::Defined(definition) = place.root
                    && (!self.is_global(definition) || known.has_function())
                {
                    self.state.learn(place, known);
                }
            }
            Kind::Member => {
                if let (Some(known), Some((place, true))) = (known, self.place(target))
                    && known.has_function()
                {
                    self.state.learn(place, known);
                }
            }
            Kind::Tuple | Kind::List | Kind::Dict => {
                let Some(known) = known else { return };
                for (key, inner) in self.slots(target) {
                    let value = known.entry(key);
                    self.learn(inner, value);
                }
            }
            _ => {}
        }
    }

    /// What is no longer known after a call changed what it was given.
    pub(super) fn forget_changed(&mut self, call: NodeId, receiver: Option<NodeId>) {
        let changed = |known: &Known| matches!(known, Known::Record(_) | Known::Length(_) | Known::Any(_));
        if self.measured_operand(call).is_some() {
            return;
        }
        let tree = self.tree;
        let given = tree.children(call).filter(|child| tree.node(*child).kind == Kind::Name);
        for id in given.chain(receiver) {
            if let Some((place, _)) = self.place(id)
                && self.state.known(&place).is_some_and(changed)
            {
                self.state.forget_length(&place);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Add,
    Subtract,
    Multiply,
}

impl Operator {
    pub(super) fn of(own: Symbol) -> Option<Self> {
        const TABLE: [(&str, Operator); 17] = [
            ("&&", Operator::And),
            ("and", Operator::And),
            ("||", Operator::Or),
            ("or", Operator::Or),
            ("==", Operator::Equal),
            ("===", Operator::Equal),
            ("is", Operator::Equal),
            ("!=", Operator::Unequal),
            ("!==", Operator::Unequal),
            ("is not", Operator::Unequal),
            ("<", Operator::Less),
            ("<=", Operator::AtMost),
            (">", Operator::More),
            (">=", Operator::AtLeast),
            ("+", Operator::Add),
            ("-", Operator::Subtract),
            ("*", Operator::Multiply),
        ];
        TABLE.iter().find(|(text, _)| symbol(text) == own).map(|(_, operator)| *operator)
    }
}
