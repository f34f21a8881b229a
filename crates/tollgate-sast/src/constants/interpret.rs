//! The interpreter: walks bodies in order of execution and keeps what every variable is known to be.

mod expressions;

use rustc_hash::FxHashMap;

use super::decide::Fixed;
use super::held::{Held, Known, State, combine, join, join_held};
use super::{Constants, Literal, doubt, literal};
use crate::names::DefId;
use crate::tree::{Kind, NodeId, ParsedFile, Role, Tree, flag, symbol};
use tollgate_core::Language;

/// Statements nested deeper are not interpreted.
const MAX_DEPTH: u32 = 120;

pub(super) struct Interpreter<'f> {
    pub(super) file: &'f ParsedFile,
    pub(super) tree: &'f Tree,
    pub(super) found: Constants,
    /// Expressions that were decided, by node.
    pub(super) fixed: FxHashMap<u32, Option<Fixed>>,
    outer: FxHashMap<DefId, (Literal, Option<NodeId>)>,
    /// Regular expressions that are given a name once.
    regexes: FxHashMap<DefId, NodeId>,
    functions: Vec<(NodeId, u32)>,
}

/// Interprets every body of the file.
pub(crate) fn propagate(file: &ParsedFile) -> Constants {
    let mut interpreter = Interpreter {
        file,
        tree: file.tree(),
        found: Constants { elsewhere: doubt::written_elsewhere(file), ..Constants::default() },
        fixed: FxHashMap::default(),
        outer: FxHashMap::default(),
        regexes: FxHashMap::default(),
        functions: Vec::new(),
    };
    for (id, definition) in file.names().definitions() {
        if definition.assignments == 1
            && !definition.is_parameter
            && interpreter.is_kept(definition.site, definition.name)
            && let Some(value) = definition.value
        {
            let script = matches!(file.language(), Language::Javascript | Language::Typescript);
            if script && interpreter.tree.node(value).kind == Kind::Regex {
                interpreter.regexes.insert(id, value);
            }
            let Some(constant) = interpreter.fold(value, 0) else { continue };
            let origin = interpreter.origin_of(value);
            interpreter.outer.insert(id, (constant, origin));
        }
    }
    let mut state = State::default();
    interpreter.statements(NodeId(0), &mut state, 0);
    while let Some((function, depth)) = interpreter.functions.pop() {
        let mut state = interpreter.entry(function);
        interpreter.function(function, &mut state, depth);
    }
    let mut order: Vec<u32> = interpreter.found.values.keys().copied().collect();
    order.sort_unstable();
    interpreter.found.order = order;
    interpreter.found
}

impl Interpreter<'_> {
    /// Whether what a definition is given once may be relied on elsewhere: JavaScript must declare it, a
    /// field of Java be final, or private and given its value where it stands.
    fn is_kept(&self, site: NodeId, name: NodeId) -> bool {
        let tree = self.tree;
        let modified = |wanted: &str| {
            tree.children_of(site, Role::Modifier).any(|own| self.file.node_text(own) == wanted)
        };
        let declared = tree.node(site).has(flag::DECL | flag::FIELD);
        let holder = || {
            let ups = std::iter::successors(tree.parent(site), |at| tree.parent(*at)).take(100);
            ups.map(|up| tree.node(up).kind).find(|kind| matches!(kind, Kind::Func | Kind::Class))
        };
        match self.file.language() {
            Language::Javascript | Language::Typescript => {
                let declared = flag::DECL | flag::FIELD;
                let outside = || {
                    let ups = std::iter::successors(Some(site), |at| tree.parent(*at));
                    ups.take(100).all(|up| tree.node(up).kind != Kind::Func)
                };
                tree.node(site).has(declared) || tree.node(name).has(declared) || outside()
            }
            Language::Rust => {
                !tree.node(site).has(flag::DECL) || tree.node(site).has(flag::CONST | flag::LET)
            }
            // Whoever imports a package of Go may write its variables.
            Language::Go if tree.node(site).has(flag::VAR) => {
                let mut ups = std::iter::successors(Some(site), |at| tree.parent(*at)).take(100);
                ups.any(|up| tree.node(up).kind == Kind::Func)
            }
            Language::Java if tree.node(site).has(flag::FIELD) => {
                modified("final") || (modified("private") && tree.node(site).kind == Kind::Assign)
            }
            Language::Csharp if tree.node(site).has(flag::FIELD) => modified("const") || modified("readonly"),
            // Others may write what is no part of a function, and properties of Swift are not looked into.
            Language::Swift if holder() == Some(Kind::Class) => false,
            Language::Scala | Language::Kotlin | Language::Swift if holder() != Some(Kind::Func) => {
                tree.node(site).has(flag::CONST)
            }
            Language::C | Language::Cpp if holder().is_none() => {
                declared && (modified("const") || modified("static"))
            }
            // An assignment alone declares nothing, so that the name is one of another file.
            Language::Java | Language::Csharp | Language::C | Language::Cpp => declared,
            Language::Scala | Language::Kotlin | Language::Swift => declared,
            _ => true,
        }
    }

    /// Folds literals without looking at names.
    fn fold(&self, id: NodeId, depth: u32) -> Option<Literal> {
        if let Some(constant) = literal(self.file, id) {
            return Some(constant);
        }
        let node = self.tree.node(id);
        let typescript = self.file.language() == Language::Typescript;
        if node.kind == Kind::Cast && typescript && depth <= MAX_DEPTH {
            return self.fold(self.tree.child(id, Role::Value)?, depth + 1);
        }
        if node.kind != Kind::Binary || depth > MAX_DEPTH {
            return None;
        }
        let left = self.fold(self.tree.child(id, Role::Left)?, depth + 1)?;
        let right = self.fold(self.tree.child(id, Role::Right)?, depth + 1)?;
        combine(node.symbol, &left, &right)
    }

    /// What is known where a function begins: nothing of outer variables that it assigns itself.
    fn entry(&self, function: NodeId) -> State {
        let mut state = State::default();
        for inner in self.tree.subtree(function) {
            if matches!(self.tree.node(inner).kind, Kind::Assign | Kind::AugAssign) {
                self.targets(inner, |definition| {
                    if !self.tree.contains(function, self.file.names().definition(definition).site) {
                        state.insert(definition, Known::Unknown.into());
                    }
                });
            }
        }
        state
    }

    /// Whether a case ends with `break`, so that what follows the `switch` is next.
    fn leaves_switch(&self, case: NodeId) -> bool {
        let last = |id| self.tree.children_of(id, Role::Stmt).last();
        let mut at = last(case);
        for _ in 0..8 {
            match at.map(|id| self.tree.node(id).kind) {
                Some(Kind::Block) => at = at.and_then(last),
                kind => return kind == Some(Kind::Break),
            }
        }
        false
    }

    fn function(&mut self, id: NodeId, state: &mut State, depth: u32) {
        for child in self.tree.children(id) {
            match self.tree.node(child).role {
                Role::Body => {
                    self.statements(child, state, depth + 1);
                }
                Role::Param => {
                    self.expression(child, state, depth);
                    self.parameter(child, state);
                }
                _ => {}
            }
        }
    }

    /// Whoever calls chooses what a parameter holds.
    fn parameter(&self, id: NodeId, state: &mut State) {
        for inner in self.tree.subtree(id).filter(|inner| self.tree.node(*inner).kind == Kind::Name) {
            let names = self.file.names();
            if let Some(definition) =
                names.definition_of(inner).filter(|own| names.definition(*own).site == id)
            {
                state.insert(definition, Known::Unknown.into());
            }
        }
    }

    fn statements(&mut self, block: NodeId, state: &mut State, depth: u32) -> bool {
        if depth > MAX_DEPTH {
            self.forget(block, state);
            return true;
        }
        let mut goes_on = true;
        for child in self.tree.children(block) {
            goes_on = self.statement(child, state, depth);
        }
        goes_on
    }

    /// Interprets a statement; whether control reaches the next one.
    fn statement(&mut self, id: NodeId, state: &mut State, depth: u32) -> bool {
        let tree = self.tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Func if !node.has(flag::ANON) => {
                for child in tree.children(id) {
                    if tree.node(child).role == Role::Decorator {
                        self.expression(child, state, depth);
                    }
                }
                self.functions.push((id, depth));
            }
            Kind::Class => {
                for child in tree.children(id) {
                    match tree.node(child).role {
                        Role::Body => {
                            self.statements(child, state, depth + 1);
                        }
                        _ => self.expression(child, state, depth),
                    }
                }
            }
            Kind::Block | Kind::ClassBody => return self.statements(id, state, depth + 1),
            Kind::If => return self.conditional(id, state, depth),
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach => {
                for child in tree.children(id) {
                    if tree.node(child).role == Role::Init {
                        self.statement(child, state, depth + 1);
                    }
                }
                self.assigned_in_loop(id, state);
                let before = state.clone();
                for child in tree.children(id) {
                    match tree.node(child).role {
                        Role::Init | Role::Else => {}
                        Role::Body => {
                            self.statements(child, state, depth + 1);
                        }
                        _ => self.expression(child, state, depth),
                    }
                }
                join(self.tree, state, &before);
                if let Some(otherwise) = tree.child(id, Role::Else) {
                    self.statement(otherwise, state, depth + 1);
                }
            }
            Kind::Try => {
                let before = state.clone();
                let mut after: Option<State> = None;
                for child in tree.children(id) {
                    match tree.node(child).role {
                        Role::Body | Role::Item => {
                            self.statement(child, state, depth + 1);
                        }
                        Role::Catch => {
                            let mut caught = before.clone();
                            join(tree, &mut caught, state);
                            self.doubt_assigned(id, &mut caught);
                            let goes_on = tree
                                .child(child, Role::Body)
                                .is_none_or(|body| self.statements(body, &mut caught, depth + 1));
                            if goes_on {
                                match &mut after {
                                    Some(after) => join(tree, after, &caught),
                                    None => after = Some(caught),
                                }
                            }
                        }
                        Role::Finally => {
                            if let Some(after) = after.take() {
                                join(tree, state, &after);
                            }
                            self.doubt_assigned(id, state);
                            self.statement(child, state, depth + 1);
                        }
                        _ => {
                            self.statement(child, state, depth + 1);
                        }
                    }
                }
                if let Some(after) = after {
                    join(tree, state, &after);
                }
            }
            Kind::Switch => {
                let cases = |child: &NodeId| tree.node(*child).kind == Kind::Case;
                for child in tree.children(id).filter(|child| !cases(child)) {
                    self.expression(child, state, depth);
                }
                if let Some(choice) = self.chosen(id) {
                    self.found.choices.insert(id.0, choice);
                }
                let before = state.clone();
                for case in tree.children(id).filter(cases) {
                    let mut branch = before.clone();
                    if self.statements(case, &mut branch, depth + 1) || self.leaves_switch(case) {
                        join(tree, state, &branch);
                    }
                }
            }
            Kind::Return | Kind::Throw | Kind::Break | Kind::Continue => {
                for child in tree.children(id) {
                    self.expression(child, state, depth);
                }
                return false;
            }
            Kind::With | Kind::Raw | Kind::Label | Kind::Export | Kind::Error | Kind::Case | Kind::Catch => {
                for child in tree.children(id) {
                    let inner = tree.node(child);
                    let nested = matches!(inner.kind, Kind::Block | Kind::Func | Kind::Class | Kind::If)
                        || inner.role == Role::Stmt
                        || (inner.kind == Kind::Raw && depth < MAX_DEPTH);
                    if nested {
                        self.statement(child, state, depth + 1);
                    } else {
                        self.expression(child, state, depth);
                    }
                }
            }
            _ => self.expression(id, state, depth),
        }
        true
    }

    fn conditional(&mut self, id: NodeId, state: &mut State, depth: u32) -> bool {
        let tree = self.tree;
        let mut otherwise = None;
        let mut then = None;
        for child in tree.children(id) {
            match tree.node(child).role {
                Role::Then => then = Some(child),
                Role::Else => otherwise = Some(child),
                _ => self.expression(child, state, depth),
            }
        }
        let holds = tree.child(id, Role::Cond).and_then(|condition| self.truth(condition));
        if let Some(holds) = holds {
            self.found.truths.insert(id.0, holds);
        }
        let mut left = state.clone();
        let then_goes_on = then.is_none_or(|then| self.statement(then, &mut left, depth + 1));
        let mut right = std::mem::take(state);
        let else_goes_on = otherwise.is_none_or(|otherwise| self.statement(otherwise, &mut right, depth + 1));
        *state = match (holds, then_goes_on, else_goes_on) {
            (Some(true), ..) | (None, true, false) => left,
            (None, true, true) => {
                join(tree, &mut right, &left);
                right
            }
            _ => right,
        };
        match holds {
            Some(true) => then_goes_on,
            Some(false) => else_goes_on,
            None => then_goes_on || else_goes_on,
        }
    }

    /// What a node assigns may not have happened.
    fn doubt_assigned(&self, id: NodeId, state: &mut State) {
        for inner in self.tree.subtree(id) {
            if matches!(self.tree.node(inner).kind, Kind::Assign | Kind::AugAssign | Kind::ForEach)
                || self.is_step(inner)
            {
                self.targets(inner, |definition| {
                    if let Some(held) = state.get_mut(&definition) {
                        held.sure = false;
                    }
                });
            }
        }
    }

    /// Everything assigned below a node is unknown.
    fn forget(&self, id: NodeId, state: &mut State) {
        for inner in self.tree.subtree(id) {
            if matches!(self.tree.node(inner).kind, Kind::Assign | Kind::AugAssign | Kind::ForEach)
                || self.is_step(inner)
            {
                self.targets(inner, |definition| {
                    state.insert(definition, Known::Unknown.into());
                });
            }
        }
    }

    /// Before a loop: what its body assigns may have happened already.
    fn assigned_in_loop(&self, id: NodeId, state: &mut State) {
        for inner in self.tree.subtree(id) {
            let node = self.tree.node(inner);
            let writes = matches!(node.kind, Kind::Assign | Kind::AugAssign | Kind::ForEach | Kind::CompFor);
            if !writes && !self.is_step(inner) {
                continue;
            }
            let value = match node.kind {
                Kind::Assign => self.tree.child(inner, Role::Right).and_then(|right| self.fold(right, 0)),
                _ => None,
            };
            self.targets(inner, |definition| {
                let known = value.clone().map_or(Known::Unknown, |value| Known::Value(value, None));
                let joined = match state.get(&definition) {
                    Some(own) => join_held(self.tree, own, &known.into()),
                    None => Held { known, sure: false },
                };
                state.insert(definition, joined);
            });
        }
    }

    /// Whether a node is `x++` or `--x`, where that is kept as an operator.
    fn is_step(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        node.kind == Kind::Unary && (node.symbol == symbol("++") || node.symbol == symbol("--"))
    }

    /// The definitions an assignment or loop header writes.
    fn targets(&self, id: NodeId, mut each: impl FnMut(DefId)) {
        let target = self
            .tree
            .children(id)
            .find(|child| matches!(self.tree.node(*child).role, Role::Left | Role::Target | Role::Operand));
        let Some(target) = target else { return };
        match self.tree.node(target).kind {
            Kind::Name => {
                if let Some(definition) = self.file.names().definition_of(target) {
                    each(definition);
                }
            }
            Kind::Tuple | Kind::List | Kind::Dict => {
                for inner in self.tree.subtree(target) {
                    if self.tree.node(inner).kind == Kind::Name
                        && let Some(definition) = self.file.names().definition_of(inner)
                    {
                        each(definition);
                    }
                }
            }
            _ => {}
        }
    }

    fn assign(&mut self, id: NodeId, state: &mut State) {
        let tree = self.tree;
        let node = tree.node(id);
        if self.is_step(id) {
            self.targets(id, |definition| {
                state.insert(definition, Known::Unknown.into());
            });
            return;
        }
        let Some(left) = tree.child(id, Role::Left) else { return };
        let right = tree.child(id, Role::Right);
        if tree.node(left).kind != Kind::Name {
            // Slots of `a, b = 1, 2` get their own values.
            let slots = |id: NodeId| -> Vec<NodeId> { tree.children(id).collect() };
            if let Some(right) = right
                && tree.node(left).kind == Kind::Tuple
                && tree.node(right).kind == Kind::Tuple
            {
                let (lefts, rights) = (slots(left), slots(right));
                if lefts.len() == rights.len() {
                    for (left, right) in lefts.into_iter().zip(rights) {
                        if let Some(definition) = self.file.names().definition_of(left) {
                            let known = self.value_of(right);
                            state.insert(definition, known.into());
                        }
                    }
                    return;
                }
            }
            self.targets(id, |definition| {
                state.insert(definition, Known::Unknown.into());
            });
            return;
        }
        let Some(definition) = self.file.names().definition_of(left) else { return };
        let known = match (node.kind, right) {
            (Kind::Assign, Some(right)) => self.value_of(right),
            (Kind::AugAssign, Some(right)) if node.symbol == symbol("+=") => {
                match (state.get(&definition).map(|held| &held.known), self.value_of(right)) {
                    (Some(Known::Value(own, _)), Known::Value(added, _)) => combine(symbol("+"), own, &added)
                        .map_or(Known::Unknown, |sum| Known::Value(sum, None)),
                    _ => Known::Unknown,
                }
            }
            _ => Known::Unknown,
        };
        // A sum is as sure as what it adds to; other values replace.
        let sure = node.kind == Kind::Assign || state.get(&definition).is_some_and(|held| held.sure);
        let sure = sure && right.is_none_or(|right| !self.rests_on_doubt(right));
        state.insert(definition, Held { known, sure });
    }

    /// Whether the value of an expression was taken from a variable that may hold another.
    fn rests_on_doubt(&self, id: NodeId) -> bool {
        !self.found.doubtful.is_empty()
            && self.found.values.contains_key(&id.0)
            && self.tree.subtree(id).any(|inner| self.found.doubtful.contains(&inner.0))
    }

    /// The literal an expression is or stands for.
    fn origin_of(&self, id: NodeId) -> Option<NodeId> {
        match self.tree.node(id).kind {
            Kind::Str => Some(id),
            _ => self.found.origins.get(&id.0).copied(),
        }
    }

    fn value_of(&self, id: NodeId) -> Known {
        if let Some(constant) = literal(self.file, id).or_else(|| self.found.values.get(&id.0).cloned()) {
            return Known::Value(constant, self.origin_of(id));
        }
        match self.tree.node(id).kind {
            Kind::Error => Known::Unknown,
            // `"a" as const`.
            Kind::Cast if matches!(self.file.language(), Language::Javascript | Language::Typescript) => self
                .tree
                .child(id, Role::Value)
                .filter(|inner| self.tree.node(*inner).kind != Kind::Cast)
                .map_or(Known::Unknown, |inner| self.value_of(inner)),
            _ => Known::Expression(id),
        }
    }
}
