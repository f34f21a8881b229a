//! What expressions are known to be.

use tollgate_core::Language;

use super::Interpreter;
use crate::constants::held::{Known, State, combine, either};
use crate::constants::{Literal, MAX_FOLD, doubt, literal};
use crate::tree::{Kind, NodeId, Role, flag};

impl Interpreter<'_> {
    /// Records what is known about the names of an expression, then applies its assignments.
    pub(super) fn expression(&mut self, id: NodeId, state: &mut State, depth: u32) {
        let tree = self.tree;
        let mut lambdas = Vec::new();
        let mut spans: Vec<(u32, u32)> = Vec::new();
        // Bodies of functions inside the expression are interpreted on their own.
        let mut at = id.0;
        let end = tree.node(id).next;
        while at < end {
            let node = tree.node(NodeId(at));
            if matches!(node.kind, Kind::Block | Kind::ClassBody) {
                spans.push((at, node.next));
                lambdas.push(NodeId(at));
                at = node.next;
            } else {
                at += 1;
            }
        }
        let mut assigns: Vec<NodeId> = Vec::new();
        let mut changed: Vec<NodeId> = Vec::new();
        let mut at = end;
        while at > id.0 {
            at -= 1;
            if let Some((start, stop)) = spans.last().copied()
                && at < stop
                && at >= start
            {
                spans.pop();
                at = start;
                continue;
            }
            let inner = NodeId(at);
            match tree.node(inner).kind {
                Kind::Name => {
                    self.name(inner, state);
                    if self.may_change(inner) {
                        changed.push(inner);
                    }
                }
                Kind::Member => self.member(inner),
                Kind::Binary => self.binary(inner),
                Kind::Template => self.template(inner),
                Kind::Call if self.file.language() == Language::Php => self.escaped(inner),
                Kind::Ternary => {
                    self.either(inner);
                    if let Some(holds) = tree.child(inner, Role::Cond).and_then(|own| self.truth(own)) {
                        self.found.truths.insert(inner.0, holds);
                    }
                }
                Kind::Assign | Kind::AugAssign => assigns.push(inner),
                // What is declared without a value holds none that is known.
                Kind::Declare => {
                    if let Some(name) = tree.child(inner, Role::Name)
                        && let Some(definition) = self.file.names().definition_of(name)
                    {
                        state.insert(definition, Known::Unknown.into());
                    }
                }
                Kind::Unary if self.is_step(inner) => assigns.push(inner),
                _ => {}
            }
        }
        for name in changed {
            let Some(definition) = self.file.names().definition_of(name) else { continue };
            let site = self.file.names().definition(definition).site;
            let held = state.get(&definition).is_some_and(|held| matches!(held.known, Known::Expression(_)));
            if held && !tree.node(site).has(flag::CONST) {
                state.insert(definition, Known::Unknown.into());
            }
        }
        for assign in assigns {
            self.assign(assign, state);
        }
        for body in lambdas {
            let mut inner = state.clone();
            let function = tree.parent(body).filter(|up| tree.node(*up).kind == Kind::Func);
            for parameter in function.into_iter().flat_map(|up| tree.children_of(up, Role::Param)) {
                self.parameter(parameter, &mut inner);
            }
            self.statements(body, &mut inner, depth + 1);
        }
    }

    /// Whether a method of an object is called, or a part of it is given a value: it may be another then.
    fn may_change(&self, id: NodeId) -> bool {
        let tree = self.tree;
        if tree.node(id).role != Role::Object {
            return false;
        }
        let Some(part) = tree.parent(id) else { return false };
        let Some(up) = tree.parent(part) else { return false };
        match tree.node(part).role {
            Role::Callee => tree.node(up).kind == Kind::Call,
            Role::Left => matches!(tree.node(up).kind, Kind::Assign | Kind::AugAssign),
            _ => false,
        }
    }

    fn name(&mut self, id: NodeId, state: &State) {
        let tree = self.tree;
        let node = tree.node(id);
        if matches!(
            node.role,
            Role::Property | Role::Key | Role::Name | Role::Type | Role::Label | Role::Target
        ) {
            return;
        }
        if node.role == Role::Left
            && tree.parent(id).is_some_and(|parent| tree.node(parent).kind == Kind::Assign)
        {
            return;
        }
        let Some(definition) = self.file.names().definition_of(id) else { return };
        let held = state.get(&definition);
        if let Some(regex) = self.regexes.get(&definition) {
            self.found.regexes.insert(id.0, *regex);
        }
        if self.found.elsewhere.contains(&definition) || held.is_some_and(|held| !held.sure) {
            self.found.doubtful.insert(id.0);
        }
        match held.map(|held| &held.known) {
            Some(Known::Value(constant, origin)) => {
                if let Some(origin) = origin {
                    self.found.origins.insert(id.0, *origin);
                }
                self.record(id, constant.clone());
            }
            Some(Known::Expression(value)) => {
                self.found.assigned.insert(id.0, *value);
            }
            Some(Known::Unknown) => {}
            None => {
                if !doubt::is_settled(self.file, definition) {
                    self.found.doubtful.insert(id.0);
                }
                if let Some((constant, origin)) = self.outer.get(&definition).cloned() {
                    if let Some(origin) = origin {
                        self.found.origins.insert(id.0, origin);
                    }
                    self.record(id, constant);
                }
            }
        }
    }

    /// `this.K` and `Class.K`.
    fn member(&mut self, id: NodeId) {
        if let Some(definition) = self.file.names().field_of(self.file, id)
            && let Some((constant, origin)) = self.outer.get(&definition).cloned()
        {
            if let Some(origin) = origin {
                self.found.origins.insert(id.0, origin);
            }
            if !doubt::is_settled(self.file, definition) {
                self.found.doubtful.insert(id.0);
            }
            self.record(id, constant);
        }
    }

    fn binary(&mut self, id: NodeId) {
        let (Some(left), Some(right)) = (self.tree.child(id, Role::Left), self.tree.child(id, Role::Right))
        else {
            return;
        };
        let value = |id| literal(self.file, id).or_else(|| self.found.values.get(&id.0).cloned());
        if let (Some(left), Some(right)) = (value(left), value(right))
            && let Some(folded) = combine(self.tree.node(id).symbol, &left, &right)
        {
            self.record(id, folded);
        }
    }

    /// `a ? b : c` of known values.
    fn either(&mut self, id: NodeId) {
        let value = |id| literal(self.file, id).or_else(|| self.found.values.get(&id.0).cloned());
        let of = |role| self.tree.child(id, role).and_then(value);
        if let (Some(then), Some(otherwise)) = (of(Role::Then), of(Role::Else))
            && let Some(joined) = either(&then, &otherwise)
        {
            self.record(id, joined);
        }
    }

    /// What PHP escapes of a known string is known.
    fn escaped(&mut self, id: NodeId) {
        let tree = self.tree;
        let escapes = tree
            .child(id, Role::Callee)
            .is_some_and(|callee| self.file.node_text(callee).eq_ignore_ascii_case("escapeshellarg"));
        let mut arguments = tree.children_of(id, Role::Arg);
        if let (true, Some(only), None) = (escapes, arguments.next(), arguments.next())
            && let Some(Literal::Str(_) | Literal::AnyStr) =
                literal(self.file, only).or_else(|| self.found.values.get(&only.0).cloned())
        {
            self.record(id, Literal::AnyStr);
        }
    }

    /// Interpolation of known strings is a known string.
    fn template(&mut self, id: NodeId) {
        let tree = self.tree;
        // What a command prints or a tag makes of it is another text.
        let shell = matches!(self.file.language(), Language::Bash | Language::Dockerfile);
        if tree.node(id).symbol != 0 && !shell {
            return;
        }
        let folds =
            matches!(self.file.language(), Language::Javascript | Language::Typescript | Language::Python);
        let mut whole = folds.then(String::new);
        for part in tree.children(id) {
            if tree.node(part).kind == Kind::StrPart {
                if let Some(whole) = &mut whole {
                    whole.push_str(self.file.node_text(part));
                }
                continue;
            }
            let value = tree.child(part, Role::Value);
            let known = value.and_then(|value| {
                literal(self.file, value).or_else(|| self.found.values.get(&value.0).cloned())
            });
            match (known, &mut whole) {
                (Some(Literal::Str(text)), Some(whole)) => whole.push_str(&text),
                (Some(Literal::Int(number)), Some(whole)) => whole.push_str(&number.to_string()),
                (Some(Literal::Str(_) | Literal::AnyStr), _) => whole = None,
                _ => return,
            }
        }
        match whole.filter(|whole| whole.len() <= MAX_FOLD) {
            Some(whole) => self.record(id, Literal::Str(whole.into())),
            None => self.record(id, Literal::AnyStr),
        }
    }

    fn record(&mut self, id: NodeId, constant: Literal) {
        self.found.values.insert(id.0, constant);
    }
}
