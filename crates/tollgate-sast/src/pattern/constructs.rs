//! Constructs that match by more than their children: assignments, imports, chains, operators.

use std::sync::Arc;

use smallvec::SmallVec;
use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::children::dedup;
use super::search::Search;
use super::{Meta, PatternNode, Pid, Root};
use crate::matching::Span;
use crate::tree::{Kind, Node, NodeId, Role, flag, symbol};

impl Search<'_> {
    /// What a call gives takes the block behind it: `$F($X)` is `f(1) { … }` of Ruby too.
    pub(super) fn block_given(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let [callee] = pattern.group(Role::Callee) else { return };
        let Meta::Any(var) = self.p(*callee).meta else { return };
        let given = (self.tree.child(id, Role::Callee), self.tree.child(id, Role::Body));
        let (Some(called), Some(block), []) = (given.0, given.1, pattern.group(Role::Body)) else { return };
        let mut envs = Envs::new();
        self.bind(var, Bound::Node(called), env, &mut envs);
        for env in &envs {
            self.ordered(pattern.group(Role::Arg), &[block], self.t(block).end, env, out);
        }
    }

    /// What the anchor of an alias marks.
    pub(super) fn anchored(&self, alias: NodeId) -> Option<NodeId> {
        let name = self.file.node_text(alias).strip_prefix('*')?;
        let before = self.file.text().get(..self.t(alias).start as usize)?;
        let mark = format!("&{name}");
        let at = before
            .rmatch_indices(&mark)
            .map(|(at, _)| at + mark.len())
            .find(|end| before[*end..].starts_with(|c: char| c.is_whitespace()))?;
        let all = self.file.names().first_virtual();
        let (mut low, mut high) = (1, all);
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.t(NodeId(middle)).start as usize) < at { low = middle + 1 } else { high = middle }
        }
        (low < alias.0).then_some(NodeId(low))
    }

    /// Two constructs that name the same sides differently.
    pub(super) fn sides(
        &self,
        pattern: &PatternNode,
        id: NodeId,
        roles: [(Role, Role); 2],
        env: &Env,
        out: &mut Envs,
    ) {
        let mut envs: Envs = vec![env.clone()];
        for (own, theirs) in roles {
            let ([pid], Some(child)) = (pattern.group(own), self.tree.child(id, theirs)) else { return };
            let mut next = Envs::new();
            for env in &envs {
                self.node(*pid, child, env, &mut next);
            }
            envs = next;
        }
        out.append(&mut envs);
    }

    /// `a.b(). ...`: the chain goes on, or ends here.
    pub(super) fn open_chain(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) -> bool {
        let ([object], [property]) = (pattern.group(Role::Object), pattern.group(Role::Property)) else {
            return false;
        };
        if !matches!(self.p(*property).meta, Meta::Ellipsis) {
            return false;
        }
        let mut at = Some(id);
        while let Some(object_node) = at {
            self.node(*object, object_node, env, out);
            let step = match self.t(object_node).kind {
                Kind::Call => Role::Callee,
                Kind::Member | Kind::Index => Role::Object,
                _ => break,
            };
            at = self.tree.child(object_node, step);
        }
        dedup(out, 0);
        true
    }

    /// `$X.$METHOD` and `$X.$METHOD(...)` against `a[b]` of Ruby.
    pub(super) fn index_as_call(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let is_root = matches!(self.pattern.root, Root::Node(root) if std::ptr::eq(self.p(root), pattern));
        let (member, arguments) = match (pattern.kind, pattern.group(Role::Callee)) {
            (Kind::Call, [callee]) => (self.p(*callee), Some(pattern.group(Role::Arg))),
            // The method alone is no value.
            _ if !is_root => return,
            _ => (pattern, None),
        };
        if !pattern.group(Role::Body).is_empty() {
            return;
        }
        if let (Meta::Any(var), Some(arguments), Some(own)) =
            (&member.meta, arguments, self.tree.child(id, Role::Object))
        {
            let name: Arc<str> = format!("{}.[]", self.file.node_text(own)).into();
            let indices: Vec<NodeId> = self.tree.children_of(id, Role::Index).collect();
            let mut named = Envs::new();
            self.bind(*var, Bound::Text(name, self.file.span(own)), env, &mut named);
            named.iter().for_each(|env| self.ordered(arguments, &indices, self.t(id).end, env, out));
            return;
        }
        let ([object], [property]) = (member.group(Role::Object), member.group(Role::Property)) else {
            return;
        };
        let (Meta::Any(var), Some(own)) = (&self.p(*property).meta, self.tree.child(id, Role::Object)) else {
            return;
        };
        let end = self.t(id).end;
        let name = Bound::Text("[]".into(), Span { start: self.t(own).end, end });
        let (mut objects, mut named) = (Envs::new(), Envs::new());
        self.node(*object, own, env, &mut objects);
        objects.iter().for_each(|env| self.bind(*var, name.clone(), env, &mut named));
        let Some(arguments) = arguments else { return out.append(&mut named) };
        let indices: Vec<NodeId> = self.tree.children_of(id, Role::Index).collect();
        named.iter().for_each(|env| self.ordered(arguments, &indices, end, env, out));
    }

    /// The words of a command; `...` and `$...X` may stand for its name too.
    pub(super) fn command(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let [name] = pattern.group(Role::Callee) else { return };
        if !matches!(self.p(*name).meta, Meta::Ellipsis | Meta::Many(_)) {
            return self.groups(pattern, id, env, out);
        }
        let pids: SmallVec<[Pid; 8]> =
            std::iter::once(*name).chain(pattern.group(Role::Arg).iter().copied()).collect();
        let is_word = |id: &NodeId| matches!(self.t(*id).role, Role::Callee | Role::Arg);
        let words: SmallVec<[NodeId; 8]> = self.tree.children(id).filter(is_word).collect();
        self.ordered(&pids, &words, self.t(id).end, env, out);
    }

    /// `a.b.C` against `C` that `import a.b.*` may have brought.
    pub(super) fn by_wildcard(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let names = self.file.names();
        let ([object], [property]) = (pattern.group(Role::Object), pattern.group(Role::Property)) else {
            return;
        };
        let given = id.number() >= names.first_virtual() || names.definition_of(id).is_some();
        // Go spells what a dot brings by its own name alone.
        if given || self.file.language() == Language::Go {
            return;
        }
        let mut up = self.tree.parent(id);
        while let Some(outer) = up.filter(|outer| matches!(self.t(*outer).kind, Kind::Member | Kind::Import))
        {
            if self.t(outer).kind == Kind::Import {
                return;
            }
            up = self.tree.parent(outer);
        }
        let wanted = self.p(*object).text.trim();
        let brings = |path: &[String]| {
            path.split_last().is_some_and(|(last, module)| {
                last == "*" && wanted.split('.').eq(module.iter().map(String::as_str))
            })
        };
        if names.imports().iter().any(|path| brings(path)) {
            self.node(*property, id, env, out);
        }
    }

    /// `$M(...)` among the modifiers of a function against `view`, but not who may call it.
    pub(super) fn keyword_modifier(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let [value] = pattern.group(Role::Value) else { return };
        let word = self.file.node_text(id);
        if matches!(word, "public" | "external" | "internal" | "private" | "virtual" | "constant")
            || word.starts_with("override")
        {
            return;
        }
        let call = self.p(*value);
        if let Meta::Any(var) = call.meta {
            self.bind(var, Bound::Node(id), env, out);
        } else if let (Kind::Call, [callee]) = (call.kind, call.group(Role::Callee))
            && let Meta::Any(var) = self.p(*callee).meta
            && self.all_dots(call.group(Role::Arg))
        {
            self.bind(var, Bound::Node(id), env, out);
        }
    }

    /// `import "m"` also finds `require("m")`.
    pub(super) fn required(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let bare = pattern.groups.len() == 1 && pattern.flags == 0;
        let callee = self.tree.child(id, Role::Callee).map(|callee| self.t(callee).symbol);
        if !bare || !self.is_javascript() || callee != Some(symbol("require")) {
            return;
        }
        // Among statements only those count that give the module a name.
        let (role, listed) = (self.t(id).role, matches!(self.pattern.root, Root::Statements(_)));
        if listed && role == Role::Stmt {
            return;
        }
        if let ([module], Some(argument)) = (pattern.group(Role::Module), self.tree.child(id, Role::Arg))
            && matches!(self.p(*module).meta, Meta::Plain)
        {
            self.node(*module, argument, env, out);
        }
    }

    /// `import { a } from "m"` also finds `const { a } = require("m")`.
    pub(super) fn taken_apart(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) {
        let listed = matches!(self.pattern.root, Root::Statements(_));
        if listed && pattern.groups.len() == 1 && pattern.flags == 0 {
            if let Some(right) =
                self.tree.child(id, Role::Right).filter(|own| self.t(*own).kind == Kind::Call)
            {
                self.required(pattern, right, env, out);
            }
            return;
        }
        let ([module], Some(required)) = (pattern.group(Role::Module), self.required_apart(id)) else {
            return;
        };
        if !pattern.has(flag::FROM) || !matches!(self.p(*module).meta, Meta::Plain) {
            return;
        }
        let (Some(taken), Some(argument)) =
            (self.tree.child(id, Role::Left), self.tree.child(required, Role::Arg))
        else {
            return;
        };
        let mut envs = Envs::new();
        self.node(*module, argument, env, &mut envs);
        let entries: Vec<NodeId> = self.tree.children(taken).collect();
        let items = pattern.group(Role::Item).iter().filter(|pid| !self.all_dots(std::slice::from_ref(*pid)));
        for pid in items {
            let item = self.p(*pid);
            let mut next = Envs::new();
            for entry in &entries {
                let part = |role| self.tree.child(*entry, role).unwrap_or(*entry);
                let (name, alias) = match item.meta {
                    Meta::Plain => (item.group(Role::Name), item.group(Role::Alias)),
                    _ => (std::slice::from_ref(pid), &[][..]),
                };
                let mut own = envs.clone();
                for (pids, node) in [(name, part(Role::Key)), (alias, part(Role::Value))] {
                    let Some(pid) = pids.first() else { continue };
                    let mut found = Envs::new();
                    own.iter().for_each(|env| self.node(*pid, node, env, &mut found));
                    own = found;
                }
                next.append(&mut own);
            }
            envs = next;
        }
        out.append(&mut envs);
    }

    /// The call of `require` whose answer a statement of JavaScript takes apart.
    fn required_apart(&self, id: NodeId) -> Option<NodeId> {
        let apart = self.tree.child(id, Role::Left).is_some_and(|left| self.t(left).kind == Kind::Dict);
        let call = self.tree.child(id, Role::Right).filter(|call| self.t(*call).kind == Kind::Call)?;
        let callee = self.tree.child(call, Role::Callee)?;
        (apart && self.is_javascript() && self.t(callee).symbol == symbol("require")).then_some(call)
    }

    /// Whether an operator of a pattern is the one that steps: `a + b` in `a += b`.
    pub(super) fn is_step_by(&self, pattern: &PatternNode, node: &Node) -> bool {
        let operator = pattern.text.len();
        operator > 0
            && ["+", "-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^"]
                .iter()
                .any(|own| symbol(own) == pattern.symbol && symbol(&format!("{own}=")) == node.symbol)
    }

    /// `$X = $Y` against `x += y`, whose value is `x + y`.
    pub(super) fn augmented(
        &self,
        pattern: &PatternNode,
        id: NodeId,
        node: &Node,
        env: &Env,
        out: &mut Envs,
    ) {
        let ([left], [right]) = (pattern.group(Role::Left), pattern.group(Role::Right)) else { return };
        let Some(target) = self.tree.child(id, Role::Left) else { return };
        if pattern.has(flag::DECL | flag::FIELD) {
            return;
        }
        let mut envs = Envs::new();
        self.node(*left, target, env, &mut envs);
        let wanted = self.p(*right);
        for env in &envs {
            match wanted.meta {
                Meta::Ellipsis => out.push(env.clone()),
                // The value is made of what stood there before.
                Meta::Any(var) => self.bind(var, Bound::Node(id), env, out),
                Meta::Deep(_) => self.node(*right, id, env, out),
                Meta::Plain if wanted.kind == Kind::Binary && self.is_step_by(wanted, node) => {
                    self.sides(wanted, id, [(Role::Left, Role::Left), (Role::Right, Role::Right)], env, out);
                }
                _ => {}
            }
        }
    }

    pub(super) fn declaration(
        &self,
        pattern: &PatternNode,
        id: NodeId,
        node: &Node,
        env: &Env,
        out: &mut Envs,
    ) {
        // Some languages tell what is declared from what is given a value.
        let plain = self.is_javascript()
            || matches!(
                self.file.language(),
                Language::Go
                    | Language::Solidity
                    | Language::Java
                    | Language::Csharp
                    | Language::C
                    | Language::Cpp
                    | Language::Swift
            );
        if plain || !node.has(flag::DECL | flag::FIELD) {
            return;
        }
        let mut envs: Envs = vec![env.clone()];
        for (role, pids) in &pattern.groups {
            let role = if *role == Role::Name { Role::Left } else { *role };
            let mut next = Envs::new();
            for env in &envs {
                self.group(Kind::Declare, role, pids, id, env, &mut next);
            }
            envs = next;
        }
        out.append(&mut envs);
    }

    pub(super) fn assign(&self, pattern: &PatternNode, id: NodeId, node: &Node, env: &Env, out: &mut Envs) {
        if pattern.has(flag::DECL) && !node.has(flag::DECL | flag::FIELD) {
            return;
        }
        // `var a, b = f()` of Go declares in a way of its own.
        if self.file.language() == Language::Go
            && node.has(flag::VAR)
            && !pattern.has(flag::DECL)
            && self.tree.child(id, Role::Left).is_some_and(|left| self.t(left).kind == Kind::Tuple)
        {
            return;
        }
        // `type A = B` names a type, `val (a, b) = c` takes a value apart.
        let told_apart = self.is_javascript()
            || self.file.language() == Language::Scala
            || (pattern.has(flag::DECL)
                && matches!(self.file.language(), Language::Kotlin | Language::Swift));
        if told_apart && pattern.symbol != node.symbol {
            return;
        }
        // C# tells what is assigned from what is declared with a value.
        if self.file.language() == Language::Csharp
            && !pattern.has(flag::DECL)
            && node.has(flag::DECL | flag::FIELD)
        {
            return;
        }
        // `let`, `const` and `static` of Rust declare in ways of their own.
        if self.file.language() == Language::Rust
            && pattern.has(flag::DECL)
            && (pattern.symbol != node.symbol || pattern.has(flag::LET) != node.has(flag::LET))
        {
            return;
        }
        // A field that holds a function is a method, and what `require` gives is no value taken apart.
        if self.is_javascript() && !pattern.has(flag::FIELD) {
            let method = node.has(flag::FIELD)
                && !self.pattern.options.flddef_assign
                && self
                    .tree
                    .child(id, Role::Right)
                    .is_some_and(|right| self.is_entry_function(self.t(right)));
            let requires = |pid: &Pid| {
                let callee = self.p(*pid).group(Role::Callee).first();
                callee.is_some_and(|callee| &*self.p(*callee).text == "require")
            };
            // `const x = require("m")` names the module, `const { a } = require("m")` a part of it.
            let many = |pair: &Pid| matches!(self.p(*pair).meta, Meta::Many(_));
            let whole = |pid: &Pid| {
                let left = self.p(*pid);
                !matches!(left.meta, Meta::Plain) || left.group(Role::Pair).iter().any(many)
            };
            let named = pattern.has(flag::DECL)
                && pattern.group(Role::Left).iter().any(whole)
                && pattern.group(Role::Right).iter().any(requires);
            // Nor does `const $X` name what is taken apart.
            let open = |pid: &Pid| matches!(self.p(*pid).meta, Meta::Any(_));
            let apart = pattern.has(flag::DECL)
                && pattern.group(Role::Left).iter().any(open)
                && self.tree.child(id, Role::Left).is_some_and(|left| {
                    !matches!(self.t(left).kind, Kind::Name | Kind::Member | Kind::Index)
                });
            if method || apart || named && self.required_apart(id).is_some() {
                return;
            }
        }
        let options = &self.pattern.options;
        let declared =
            (node.has(flag::DECL) || self.tree.child(id, Role::Type).is_some()) && !node.has(flag::FIELD);
        if !options.vardef_assign && declared && !pattern.has(flag::DECL | flag::SHORT) {
            return;
        }
        if !options.let_is_var && self.is_javascript() && pattern.has(flag::VAR) && !node.has(flag::VAR) {
            return;
        }
        if pattern.has(flag::SHORT) && self.file.language() == Language::Go && !node.has(flag::SHORT) {
            return;
        }
        let fields = node.has(flag::FIELD) && self.file.language() != Language::Php;
        if pattern.has(flag::CONST) && !node.has(flag::CONST) && !fields {
            return;
        }
        if self.is_javascript() && pattern.has(flag::DECL) && node.has(flag::FIELD) {
            return;
        }
        // `var` stands for every declaration, `let` and `const` for themselves.
        if pattern.has(flag::LET) && self.is_javascript() && !node.has(flag::LET) {
            return;
        }
        self.groups(pattern, id, env, out);
        // `$X = e` also matches one slot of `a, b = c, d`.
        let slots = |role| self.tree.child(id, role).filter(|child| self.t(*child).kind == Kind::Tuple);
        if let (Some(left), Some(right)) = (slots(Role::Left), slots(Role::Right))
            && let ([left_pattern], [right_pattern]) = (pattern.group(Role::Left), pattern.group(Role::Right))
            && self.p(*left_pattern).kind != Kind::Tuple
            && pattern.group(Role::Type).is_empty()
            && pattern.group(Role::Modifier).is_empty()
        {
            let lefts: Vec<NodeId> = self.tree.children(left).collect();
            let rights: Vec<NodeId> = self.tree.children(right).collect();
            if lefts.len() == rights.len() {
                for (left, right) in lefts.into_iter().zip(rights) {
                    let mut envs = Envs::new();
                    self.node(*left_pattern, left, env, &mut envs);
                    for env in &envs {
                        self.node(*right_pattern, right, env, out);
                    }
                }
            }
        }
    }

    pub(super) const fn is_javascript(&self) -> bool {
        matches!(self.file.language(), Language::Javascript | Language::Typescript)
    }

    /// `a. ... .z`: any accesses and calls between.
    pub(super) fn chain(&self, pattern: &PatternNode, id: NodeId, env: &Env, out: &mut Envs) -> bool {
        let [object] = pattern.group(Role::Object) else { return false };
        let dotted = self.p(*object);
        let is_dots = matches!(dotted.meta, Meta::Plain)
            && dotted.kind == Kind::Member
            && dotted
                .group(Role::Property)
                .first()
                .is_some_and(|pid| matches!(self.p(*pid).meta, Meta::Ellipsis));
        if !is_dots {
            return false;
        }
        let [property] = pattern.group(Role::Property) else { return true };
        let [start] = dotted.group(Role::Object) else { return true };
        let Some(own) = self.tree.child(id, Role::Property) else { return true };
        let mut envs = Envs::new();
        self.node(*property, own, env, &mut envs);
        if envs.is_empty() {
            return true;
        }
        let mut at = self.tree.child(id, Role::Object);
        while let Some(object) = at {
            for env in &envs {
                self.node(*start, object, env, out);
            }
            let step = match self.t(object).kind {
                Kind::Call => Role::Callee,
                Kind::Member | Kind::Index => Role::Object,
                Kind::Await => Role::Value,
                _ => break,
            };
            at = self.tree.child(object, step);
        }
        dedup(out, 0);
        true
    }
}
