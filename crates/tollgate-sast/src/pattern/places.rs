//! Where the root of a pattern may stand.

use rustc_hash::FxHashSet;
use tollgate_core::Language;

use super::search::Search;
use super::{Meta, PatternNode, is_expression};
use crate::tree::lower::raw_of;
use crate::tree::{Kind, NodeId, Role, flag, symbol};

/// Types, names being declared or imported, keys of arguments: no expressions.
const fn is_no_value(role: Role, language: Language) -> bool {
    match role {
        Role::Property | Role::Label | Role::Module | Role::Alias => true,
        // Ruby has no types: superclasses and exceptions are values; so are annotations of Python.
        Role::Type
        | Role::ReturnType
        | Role::Extends
        | Role::Implements
        | Role::TypeArg
        | Role::TypeParam
        | Role::Throws => !matches!(language, Language::Ruby | Language::Python),
        _ => false,
    }
}

impl Search<'_> {
    /// Whether the pattern is an expression that must not match what merely looks like one: the name of a
    /// type, the text of an import.
    pub(super) fn is_placed(&self, pattern: &PatternNode) -> bool {
        let language = self.file.language();
        let scripts = matches!(
            language,
            Language::Javascript
                | Language::Typescript
                | Language::Python
                | Language::Java
                | Language::Go
                | Language::Ruby
                | Language::Csharp
                | Language::Kotlin
                | Language::Scala
                | Language::Rust
                | Language::Swift
                | Language::Solidity
                | Language::Php
                | Language::C
                | Language::Cpp
        );
        let plain = matches!(pattern.kind, Kind::Name | Kind::Member | Kind::Str | Kind::Unary);
        let open =
            matches!(pattern.meta, Meta::Plain | Meta::AnyString | Meta::StringVar(_) | Meta::StringRegex(_));
        scripts && plain && open && !is_no_value(pattern.role, language)
    }

    pub(super) fn is_place_of_expressions(&self, id: NodeId) -> bool {
        let own = self.t(id);
        if own.kind == Kind::Name && matches!(own.role, Role::Name | Role::Key | Role::Item) {
            return false;
        }
        let mut at = id;
        for _ in 0..8 {
            if is_no_value(self.t(at).role, self.file.language()) {
                return false;
            }
            let Some(up) = self.tree.parent(at) else { return true };
            // What is made is a type.
            let makes = matches!(self.file.language(), Language::Go | Language::Java | Language::Csharp)
                && self.t(up).kind == Kind::New
                && self.t(at).role == Role::Callee;
            if makes {
                return false;
            }
            // What a case takes is a pattern of the language.
            let taken = self.t(at).role == Role::Value && matches!(self.t(up).kind, Kind::Case | Kind::Catch);
            if taken && matches!(self.file.language(), Language::Scala | Language::Swift) {
                return false;
            }
            if !matches!(self.t(up).kind, Kind::Unary | Kind::Type | Kind::Name | Kind::Member) {
                return true;
            }
            at = up;
        }
        true
    }

    /// Whether what the pattern is to its parent allows the node.
    pub(super) fn may_be_root(&self, pattern: &PatternNode, id: NodeId) -> bool {
        let node = self.t(id);
        match pattern.kind {
            // `finally { … }` and `else { … }` are no other blocks.
            Kind::Block if matches!(pattern.role, Role::Finally | Role::Else) => node.role == pattern.role,
            // Braces in the pattern are braces in the code.
            Kind::Block if node.has(flag::SYNTH) => false,
            // What is taken apart declares on its own terms.
            Kind::Declare if node.role == Role::Elem && pattern.role != Role::Elem => false,
            Kind::Assign if self.file.language() == Language::Solidity && node.role == Role::Init => false,
            // A decorator of JavaScript is none by itself.
            Kind::Decorator => !self.is_javascript(),
            // What a loop declares is no statement.
            Kind::Assign | Kind::Declare
                if (pattern.has(flag::DECL)
                    || node.has(flag::DECL)
                        && (self.is_javascript() || self.file.language() == Language::Java))
                    && node.role == Role::Init =>
            {
                self.tree.parent(id).is_none_or(|up| self.t(up).kind != Kind::For)
            }
            // What a branch asks for and the names of entries are no values.
            Kind::Str | Kind::Num | Kind::Bool | Kind::Null | Kind::Regex => {
                let scripts = self.is_javascript();
                let branches = scripts
                    || matches!(
                        self.file.language(),
                        Language::Csharp | Language::Java | Language::Php | Language::Ruby
                    );
                let in_case = || self.tree.parent(id).is_some_and(|up| self.t(up).kind == Kind::Case);
                let tested = || {
                    let up = self.tree.parent(id).map(|up| self.t(up));
                    up.is_some_and(|up| up.raw == raw_of("constant_pattern"))
                };
                !(scripts && node.role == Role::Key
                    || branches && node.role == Role::Value && in_case()
                    || self.file.language() == Language::Csharp && tested()
                    || self.names_file(id))
            }
            // The names of arguments and what a branch asks for are no values of Ruby.
            Kind::Raw if self.file.language() == Language::Ruby => {
                let up = self.tree.parent(id).map(|up| self.t(up).kind);
                !(node.role == Role::Key && up == Some(Kind::KwArg)
                    || node.role == Role::Value && up == Some(Kind::Case))
            }
            // What brings in a file of Ruby is no call; nor is what asks PHP for a variable.
            Kind::Call
                if matches!(self.file.language(), Language::Php | Language::Ruby) && self.is_word(id) =>
            {
                let callee = pattern.group(Role::Callee);
                callee.iter().any(|pid| matches!(self.p(*pid).meta, Meta::Plain))
            }
            // What a class of Kotlin comes from is no call.
            Kind::Call if self.file.language() == Language::Kotlin => {
                let up = self.tree.parent(id).map(|up| self.t(up).kind);
                node.raw != raw_of("constructor_invocation") || up == Some(Kind::Decorator)
            }
            _ => true,
        }
    }

    /// Whether a call is a word of the language: `require "x"` of Ruby, `isset($x)` of PHP.
    fn is_word(&self, id: NodeId) -> bool {
        let callee = self.tree.child(id, Role::Callee).map(|callee| self.t(callee));
        let word = if self.file.language() == Language::Php { "isset" } else { "require" };
        callee.is_some_and(|callee| callee.kind == Kind::Name && callee.symbol == symbol(word))
    }

    /// Whether a string is the name of a file that Ruby brings in.
    fn names_file(&self, id: NodeId) -> bool {
        self.file.language() == Language::Ruby
            && self.t(id).role == Role::Arg
            && self.tree.parent(id).is_some_and(|up| self.is_word(up))
    }

    /// The statement or definition that an expression of it makes an expression statement match; none for
    /// conditions, heads of loops and what else a statement has beside its value.
    pub(super) fn deep_host(&self, id: NodeId) -> Option<NodeId> {
        let python = self.file.language() == Language::Python;
        let mut at = id;
        for _ in 0..1000 {
            let node = self.t(at);
            // `if x = f(); c {}` gives a value first.
            let first =
                node.role == Role::Init && self.tree.parent(at).is_some_and(|up| self.t(up).kind == Kind::If);
            let defines =
                node.kind == Kind::Assign && (first || node.has(flag::DECL | flag::SHORT | flag::FIELD));
            let in_loop = || {
                self.tree.parent(at).is_some_and(|up| matches!(self.t(up).kind, Kind::For | Kind::ForEach))
            };
            if let Some(made) = self.made_with(at) {
                // Only what is declared or returned at once is looked into.
                let whole = self.tree.parent(made).is_some_and(|up| {
                    let own = self.t(up);
                    own.kind == Kind::Return || own.kind == Kind::Assign && own.has(flag::DECL)
                });
                if !whole {
                    return None;
                }
                at = made;
                continue;
            }
            if node.role == Role::Stmt || (defines && !(node.role == Role::Init && in_loop())) {
                return self.takes_expressions(at).then_some(at);
            }
            let given = node.role == Role::Left && self.is_only_given(at);
            let closed = given || python && (node.kind == Kind::Comprehension || node.role == Role::Iter);
            if closed
                || matches!(
                    node.kind,
                    Kind::Block | Kind::ClassBody | Kind::Module | Kind::Case | Kind::Decorator
                )
            {
                return None;
            }
            at = self.tree.parent(at)?;
        }
        None
    }

    /// The new object of C# that what stands in its braces gives its members.
    pub(super) fn made_with(&self, id: NodeId) -> Option<NodeId> {
        if self.file.language() != Language::Csharp || self.t(id).role != Role::Stmt {
            return None;
        }
        let made = self.tree.parent(self.tree.parent(id)?)?;
        (self.t(made).kind == Kind::New).then_some(made)
    }

    /// Whether a node is what an assignment gives a value, and not a part of that value.
    fn is_only_given(&self, id: NodeId) -> bool {
        let parent = self.tree.parent(id).map(|up| self.t(up).kind);
        parent == Some(Kind::Assign) || parent == Some(Kind::AugAssign) && !self.is_javascript()
    }

    /// Whether expression statements match inside the statement: expressions, definitions, `return`.
    pub(super) fn takes_expressions(&self, id: NodeId) -> bool {
        let node = self.t(id);
        let language = self.file.language();
        let narrow = matches!(
            language,
            Language::Java
                | Language::Javascript
                | Language::Typescript
                | Language::Csharp
                | Language::C
                | Language::Cpp
                | Language::Python
        );
        match node.kind {
            Kind::Assign | Kind::AugAssign | Kind::Declare | Kind::Return | Kind::Export | Kind::Yield => {
                true
            }
            Kind::Throw => !narrow,
            // Branches of Kotlin are expressions, of which a condition is a part.
            Kind::If | Kind::Switch => language == Language::Kotlin,
            Kind::Interp => self.is_shell(),
            Kind::Raw => !narrow && !matches!(language, Language::Go | Language::Solidity),
            // The value of a lambda is no statement, unless a variable holds the lambda.
            _ => {
                let lambdas = matches!(language, Language::Python | Language::Java | Language::Csharp);
                let block = self.tree.parent(id).filter(|block| self.t(*block).has(flag::SYNTH));
                let function = block.and_then(|block| self.tree.parent(block));
                let in_lambda = lambdas
                    && function.is_some_and(|up| {
                        let own = self.t(up);
                        let held = own.role == Role::Right
                            && language != Language::Python
                            && self.t(NodeId(own.parent)).has(flag::DECL | flag::FIELD);
                        own.kind == Kind::Func && own.has(flag::ARROW) && !held
                    });
                !in_lambda && is_expression(node)
            }
        }
    }

    /// Whether a node is all that a lambda of Java does, a statement by itself.
    pub(super) fn is_value_of_lambda(&self, id: NodeId) -> bool {
        let up = |id: NodeId| self.tree.parent(id);
        self.file.language() == Language::Java
            && self.t(id).role == Role::Stmt
            && up(id).is_some_and(|block| {
                self.t(block).has(flag::SYNTH) && up(block).is_some_and(|own| self.t(own).has(flag::ARROW))
            })
    }

    /// Expressions whose value a function returns because they come last.
    pub(super) fn implicit_returns(&self) -> &FxHashSet<NodeId> {
        self.returns.get_or_init(|| {
            let mut found = FxHashSet::default();
            for id in self.file.index().of_kind(Kind::Func) {
                if let Some(body) =
                    self.tree.child(*id, Role::Body).filter(|body| self.returns_last(*id, *body))
                {
                    self.last_of(body, &mut found);
                }
            }
            found
        })
    }

    fn returns_last(&self, function: NodeId, body: NodeId) -> bool {
        let node = self.t(function);
        let anonymous = node.has(flag::ANON);
        let on = self.pattern.options.implicit_return;
        match self.file.language() {
            Language::Ruby | Language::Rust | Language::Scala => on,
            Language::Go | Language::Kotlin | Language::Python => on && anonymous,
            Language::Php => on && anonymous && !node.has(flag::ARROW),
            Language::Javascript | Language::Typescript => {
                // An arrow returns its expression in any case, but no last statement.
                let expression = self.t(body).has(flag::SYNTH);
                anonymous && (expression || (on && !node.has(flag::ARROW)))
            }
            _ => false,
        }
    }

    /// What a block of Scala returns comes last, whatever it is; an expression that is the whole body
    /// returns from each of its branches.
    fn last_of_block(&self, body: NodeId, found: &mut FxHashSet<NodeId>) {
        let Some(last) = self.tree.children_of(body, Role::Stmt).last() else { return };
        let node = self.t(last);
        let defines = matches!(node.kind, Kind::Func | Kind::Class | Kind::Import) || node.has(flag::DECL);
        if !defines {
            found.insert(last);
        }
    }

    fn last_of(&self, body: NodeId, found: &mut FxHashSet<NodeId>) {
        let mut open = vec![body];
        if self.file.language() == Language::Scala && !self.t(body).has(flag::SYNTH) {
            return self.last_of_block(body, found);
        }
        while let Some(id) = open.pop() {
            let node = self.t(id);
            match node.kind {
                Kind::Block | Kind::Case => {
                    let last = self.tree.children_of(id, Role::Stmt).last();
                    open.extend(last.or_else(|| self.tree.child(id, Role::Body)));
                }
                Kind::If => {
                    open.extend(
                        self.tree
                            .children(id)
                            .filter(|child| matches!(self.t(*child).role, Role::Then | Role::Else)),
                    );
                }
                Kind::Switch => open.extend(self.tree.children_of(id, Role::Case)),
                // What comes last of all comes last.
                Kind::Try
                    if self.tree.child(id, Role::Finally).is_some()
                        && matches!(self.file.language(), Language::Scala | Language::Ruby) =>
                {
                    open.extend(self.tree.child(id, Role::Finally));
                }
                Kind::Try => {
                    open.extend(self.tree.children(id).filter(|child| {
                        matches!(self.t(*child).role, Role::Body | Role::Catch | Role::Else)
                    }));
                }
                Kind::Catch => open.extend(self.tree.child(id, Role::Body)),
                Kind::Assign if self.file.language() == Language::Scala && !node.has(flag::DECL) => {
                    found.insert(id);
                }
                Kind::Assign | Kind::AugAssign => {}
                Kind::Ternary if self.file.language() == Language::Ruby => {}
                _ if is_expression(node) => {
                    found.insert(id);
                }
                _ => {}
            }
        }
    }
}
