//! What sets two constructs of one kind apart beside their children.

use tollgate_core::Language;

use super::search::Search;
use super::{Meta, PatternNode};
use crate::tree::lower::raw_of;
use crate::tree::{Kind, Node, NodeId, Role, flag, symbol};

/// `x is not T`, `x is > 1` and their like.
pub(super) fn is_test(raw: u32) -> bool {
    [
        "negated_pattern",
        "or_pattern",
        "and_pattern",
        "recursive_pattern",
        "relational_pattern",
        "list_pattern",
    ]
    .iter()
    .any(|kind| raw_of(kind) == raw)
}

impl Search<'_> {
    /// Whether a method is of an interface of Java, where it has no body rather than an empty one.
    pub(super) fn is_of_interface(&self, id: NodeId) -> bool {
        let class = self.tree.parent(id).and_then(|body| self.tree.parent(body));
        self.file.language() == Language::Java
            && class.is_some_and(|class| self.t(class).kind == Kind::Class && self.t(class).symbol != 0)
    }

    /// The name of what a function of JavaScript is the value of, for patterns of functions with names.
    pub(super) fn name_of_entry(&self, pattern: &PatternNode, id: NodeId) -> Option<NodeId> {
        let node = self.t(id);
        if pattern.kind != Kind::Func || pattern.has(flag::ANON) || !self.is_entry_function(node) {
            return None;
        }
        let entry = self.tree.parent(id)?;
        let left = self.tree.child(entry, Role::Key).or_else(|| self.tree.child(entry, Role::Left));
        left.filter(|_| self.tree.child(id, Role::Name).is_none())
    }

    /// Whether a function is the value of a property or field of JavaScript.
    pub(super) fn is_entry_function(&self, node: &Node) -> bool {
        self.is_javascript() && node.kind == Kind::Func && node.has(flag::ANON) && node.has(flag::METHOD)
    }

    /// Whether a bare metavariable may stand for a node.
    pub(super) fn may_be_any(&self, pattern: &PatternNode, id: NodeId) -> bool {
        let node = self.t(id);
        let named = || self.tree.child(id, Role::Name).is_some();
        let caught = || self.tree.parent(id).is_some_and(|up| self.t(up).kind == Kind::Catch);
        let other = match self.file.language() {
            Language::Html | Language::Xml => pattern.role == Role::Content && node.kind != Kind::Text,
            // `if let` of Rust asks for no value.
            Language::Rust => {
                let asks = node.raw == raw_of("let_condition") || node.raw == raw_of("let_chain");
                pattern.role == Role::Cond && asks
            }
            Language::Scala => node.kind == Kind::Type && node.role == Role::Arg,
            // `f($T)` of Solidity takes a value without a name.
            Language::Solidity => {
                node.kind == Kind::Assign && node.role == Role::Init
                    || node.kind == Kind::Param && node.role == Role::Param && named()
            }
            // `*$X` and `T as $X` are more than `$X`.
            Language::Python => {
                node.kind == Kind::Spread && matches!(node.role, Role::Param | Role::Name)
                    || node.kind == Kind::WithItem && caught()
            }
            _ => false,
        };
        let inherits = node.kind == Kind::WithItem && node.role == Role::Extends;
        !other && !inherits && !matches!(node.kind, Kind::KwArg | Kind::Modifier)
    }

    /// Whether the node cannot be what the pattern of the same kind wants.
    pub(super) fn differs(&self, pattern: &PatternNode, id: NodeId, node: &Node) -> bool {
        let csharp = self.file.language() == Language::Csharp;
        match pattern.kind {
            // What is written between braces of `for i := range x` is one variable.
            Kind::ForEach if self.file.language() == Language::Go && self.takes_more(pattern, id) => true,
            // Loops and functions of Scala tell statements in braces from an expression.
            Kind::Block
                if self.file.language() == Language::Scala
                    && node.has(flag::SYNTH)
                    && !pattern.has(flag::SYNTH)
                    && self.is_body_with_braces(pattern, id) =>
            {
                true
            }
            // `fun f() = x` and `fun f() { … }` are told apart, and so are loops.
            Kind::Block
                if self.file.language() == Language::Kotlin
                    && node.has(flag::SYNTH) != pattern.has(flag::SYNTH)
                    && self.is_body_of_its_kind(id) =>
            {
                true
            }
            // `case _` never meets itself.
            Kind::Name
                if self.file.language() == Language::Scala
                    && pattern.role == Role::Value
                    && &*pattern.text == "_" =>
            {
                true
            }
            Kind::Raw if csharp && is_test(pattern.raw) => !is_test(node.raw),
            Kind::Raw if pattern.raw != node.raw => true,
            Kind::Func | Kind::Class if pattern.has(flag::ANON) && !node.has(flag::ANON) => true,
            // A class that is a value of JavaScript is none that is declared.
            Kind::Class if self.is_javascript() && pattern.has(flag::ANON) != node.has(flag::ANON) => true,
            // `->(x) { … }` of Ruby is no mere block.
            Kind::Func
                if self.file.language() == Language::Ruby
                    && pattern.has(flag::ARROW)
                    && !node.has(flag::ARROW) =>
            {
                true
            }
            // A function that is a value has no name to others, and a method is no function.
            Kind::Func
                if self.is_javascript()
                    && !pattern.has(flag::ANON)
                    && node.has(flag::ANON)
                    && !node.has(flag::METHOD)
                    && !self.all_dots(pattern.group(Role::Name)) =>
            {
                true
            }
            Kind::Func
                if self.is_javascript()
                    && (pattern.has(flag::METHOD) || pattern.has(flag::ANON) && node.has(flag::ANON))
                    && pattern.has(flag::METHOD) != node.has(flag::METHOD) =>
            {
                true
            }
            // An attribute with arguments is another than one without.
            Kind::Decorator
                if (self.is_javascript()
                    || matches!(
                        self.file.language(),
                        Language::Java | Language::Csharp | Language::Python
                    ))
                    && matches!(pattern.group(Role::Value), [pid] if matches!(self.p(*pid).meta, Meta::Any(_)))
                    && self.tree.child(id, Role::Value).is_some_and(|value| {
                        self.t(value).kind == Kind::Call && self.tree.child(value, Role::Arg).is_some()
                    }) =>
            {
                true
            }
            // `@staticmethod` of Python is a word of its own.
            Kind::Decorator
                if self.file.language() == Language::Python
                    && !pattern.group(Role::Value).iter().all(|pid| {
                        self.p(*pid).kind == Kind::Name && matches!(self.p(*pid).meta, Meta::Plain)
                    })
                    && self
                        .tree
                        .child(id, Role::Value)
                        .is_some_and(|value| self.file.node_text(value) == "staticmethod") =>
            {
                true
            }
            // `{**more}` of Python is put together rather than written.
            Kind::Dict
                if self.file.language() == Language::Python
                    && self.tree.children(id).any(|child| self.t(child).kind == Kind::Spread)
                    && !pattern
                        .groups
                        .iter()
                        .any(|(_, pids)| pids.iter().any(|pid| self.p(*pid).kind == Kind::Spread)) =>
            {
                true
            }
            // `export default x` is not `export { x }`.
            Kind::Export if pattern.has(flag::DEFAULT) && !node.has(flag::DEFAULT) => true,
            // `x.(T)` of Go asks, `[]T(x)` makes.
            Kind::Cast if self.file.language() == Language::Go && pattern.raw != node.raw => true,
            // `var x` declares, a field does not; `let` and `const` stand for themselves.
            Kind::Declare
                if (self.is_javascript() || self.file.language() == Language::Go)
                    && (pattern.has(flag::DECL) && !node.has(flag::DECL)
                        || pattern.has(flag::LET) && !node.has(flag::LET)) =>
            {
                true
            }
            Kind::Element
                if pattern.raw != node.raw && !self.pattern.options.xml_singleton_loose_matching =>
            {
                true
            }
            Kind::Func if node.has(flag::ARROW) && self.only_arrows(pattern) => true,
            // `modifier m() {}` of Solidity is a function to patterns of functions, not the reverse.
            Kind::Func if pattern.symbol != node.symbol && pattern.symbol != 0 => true,
            Kind::AugAssign | Kind::Unary if self.is_other_step(pattern, id, node) => true,
            Kind::Func
                if pattern.has(flag::ASYNC)
                    && !node.has(flag::ASYNC)
                    && !(pattern.has(flag::ANON) && self.is_javascript()) =>
            {
                true
            }
            _ => false,
        }
    }

    /// Whether operators and the like agree.
    pub(super) fn same_symbol(&self, pattern: &PatternNode, node: &Node) -> bool {
        if pattern.symbol == node.symbol {
            return true;
        }
        // `$X.$Y` of C is a member however it is reached; so is what `?.` reaches.
        let dots = matches!(self.file.language(), Language::C | Language::Cpp | Language::Csharp)
            || self.is_javascript();
        let any_object = matches!(pattern.kind, Kind::Member | Kind::Index)
            && pattern.symbol == 0
            && dots
            && pattern.group(Role::Object).iter().all(|pid| matches!(self.p(*pid).meta, Meta::Any(_)));
        let loose = matches!(pattern.kind, Kind::Element | Kind::Func)
            // An array is new as well.
            || pattern.kind == Kind::New && pattern.symbol == 0
            // Loops over keys are loops over values, too.
            || pattern.kind == Kind::ForEach && self.is_javascript() && pattern.symbol == symbol("in");
        any_object || loose
    }

    /// Whether a loop over pairs meets a pattern with one variable.
    fn takes_more(&self, pattern: &PatternNode, id: NodeId) -> bool {
        let single =
            matches!(pattern.group(Role::Target), [pid] if matches!(self.p(*pid).meta, Meta::Any(_)));
        single && self.tree.child(id, Role::Target).is_some_and(|target| self.t(target).kind == Kind::Tuple)
    }

    /// Whether a block is the body of a function or of a loop over elements.
    fn is_body_of_its_kind(&self, id: NodeId) -> bool {
        let up = self.tree.parent(id).map(|up| self.t(up));
        up.is_some_and(|up| (up.kind == Kind::Func && !up.has(flag::ARROW)) || up.kind == Kind::ForEach)
    }

    /// Whether the body of a loop or function is given as statements, which an expression is not.
    fn is_body_with_braces(&self, pattern: &PatternNode, id: NodeId) -> bool {
        let dots = pattern.groups.iter().all(|(_, pids)| self.all_dots(pids));
        self.tree.parent(id).is_some_and(|up| match self.t(up).kind {
            Kind::ForEach => true,
            Kind::Func => !dots,
            _ => false,
        })
    }

    /// Whether arrows are no functions to the rule, and the pattern is none.
    const fn only_arrows(&self, pattern: &PatternNode) -> bool {
        !self.pattern.options.arrow_is_function && self.is_javascript() && !pattern.has(flag::ARROW)
    }

    /// Whether one of `++x` and `x++` is written and the other wanted.
    fn is_other_step(&self, pattern: &PatternNode, id: NodeId, node: &Node) -> bool {
        // To Kotlin they are one.
        if self.file.language() == Language::Kotlin {
            return false;
        }
        let step = [symbol("++"), symbol("--")].contains(&node.symbol) && pattern.symbol == node.symbol;
        step && pattern.text.starts_with(['+', '-']) != self.file.node_text(id).starts_with(['+', '-'])
    }
}
