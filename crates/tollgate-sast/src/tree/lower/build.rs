//! The normalised tree under construction.

use tollgate_core::{Cancel, Language};
use tree_sitter::Node as Syntax;

use crate::matching::{NodeId, Span};

use super::table::{Action, Grammar, Rule, Take, Text};
use super::{
    Dialect, Kind, Node, ParseError, Role, Symbol, Tree, flag, number_symbol, raw_of, string_literal, symbol,
};

/// A step still to be done. Steps stand on an explicit stack: the depth of the text costs no call stack.
#[derive(Clone, Copy)]
enum Task<'t> {
    Lower(Syntax<'t>, Role),
    Splice(Syntax<'t>, Role),
    Block(Syntax<'t>, Role),
    Open(Open),
    Close,
    /// Code of a shell, by its number.
    Graft(usize),
}

/// A node to be opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    kind: Kind,
    role: Role,
    flags: u16,
    pub(super) raw: u32,
    pub(super) aux: u32,
    start: usize,
    end: usize,
    symbol: Symbol,
}

/// The tree under construction. `custom` functions describe a node with [`Lowering::open`],
/// [`Lowering::child`], [`Lowering::close`] and their like, in the order of the tree.
pub(crate) struct Lowering<'t> {
    text: &'t str,
    grammar: &'t Grammar,
    nodes: Vec<Node>,
    open: Vec<u32>,
    stack: Vec<Task<'t>>,
    plan: Vec<Task<'t>>,
    /// Code of a shell inside another language, and where it begins.
    grafts: Vec<(String, usize)>,
    parentheses: Vec<(NodeId, Span)>,
    /// Where the parentheses end that a statement asked for last.
    head_end: usize,
}

/// Builds the normalised tree of a parsed text.
pub(crate) fn lower(
    grammar: &Grammar,
    parsed: &tree_sitter::Tree,
    text: &str,
    cancel: &Cancel,
) -> Result<Tree, ParseError> {
    let root = parsed.root_node();
    let mut cx = Lowering {
        text,
        grammar,
        nodes: Vec::with_capacity(text.len() / 6),
        open: Vec::new(),
        stack: Vec::new(),
        plan: Vec::new(),
        grafts: Vec::new(),
        parentheses: Vec::new(),
        head_end: 0,
    };
    cx.open_node(Open {
        kind: Kind::Module,
        role: Role::Root,
        flags: 0,
        raw: 0,
        aux: 0,
        start: 0,
        end: text.len(),
        symbol: 0,
    });
    cx.stack.push(Task::Close);
    cx.stack.push(Task::Splice(root, Role::Stmt));
    let mut cursor = root.walk();
    let mut steps = 0_u32;
    while let Some(task) = cx.stack.pop() {
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(4096) && cancel.is_cancelled() {
            return Err(ParseError::OutOfTime);
        }
        match task {
            Task::Lower(node, role) => cx.lower(node, role, &mut cursor),
            Task::Splice(node, role) => {
                cursor.reset(node);
                let first = cx.stack.len();
                if cursor.goto_first_child() {
                    loop {
                        let child = cursor.node();
                        if cx.counts(child) {
                            cx.stack.push(Task::Lower(child, role));
                        }
                        if !cursor.goto_next_sibling() {
                            break;
                        }
                    }
                }
                cx.stack[first..].reverse();
            }
            Task::Block(node, role) => {
                let node = cx.unwrapped(node);
                let rule = &cx.grammar.rules[node.kind_id() as usize];
                let is_block = rule.action == Action::Build && rule.kind == Kind::Block;
                if is_block {
                    cx.lower(node, role, &mut cursor);
                } else {
                    cx.open_node(Open { flags: flag::SYNTH, ..Open::at(Kind::Block, role, node) });
                    cx.stack.push(Task::Close);
                    cx.stack.push(Task::Lower(node, Role::Stmt));
                }
            }
            Task::Open(open) => cx.open_node(open),
            Task::Close => cx.close_node(),
            Task::Graft(number) => cx.insert(number, cancel)?,
        }
    }
    debug_assert!(cx.open.is_empty(), "every opened node is closed");
    Ok(Tree { nodes: cx.nodes, parentheses: cx.parentheses })
}

impl Open {
    pub(crate) fn at(kind: Kind, role: Role, node: Syntax<'_>) -> Self {
        Self {
            kind,
            role,
            flags: 0,
            raw: raw_of(node.kind()),
            aux: 0,
            start: node.start_byte(),
            end: node.end_byte(),
            symbol: 0,
        }
    }

    pub(crate) const fn flags(mut self, flags: u16) -> Self {
        self.flags |= flags;
        self
    }

    pub(crate) const fn symbol(mut self, symbol: Symbol) -> Self {
        self.symbol = symbol;
        self
    }

    /// As if the node were of this syntax kind.
    pub(crate) fn kind_of(mut self, kind: &str) -> Self {
        self.raw = raw_of(kind);
        self
    }

    pub(crate) const fn range(mut self, start: usize, end: usize) -> Self {
        self.start = start;
        self.end = end;
        self
    }

    pub(crate) const fn quotes(mut self, open: usize, close: usize) -> Self {
        self.aux = ((open as u32) << 16) | close as u32;
        self
    }
}

impl<'t> Lowering<'t> {
    fn open_node(&mut self, open: Open) {
        let id = self.nodes.len() as u32;
        let parent = self.open.last().copied().unwrap_or(id);
        self.nodes.push(Node {
            kind: open.kind,
            role: open.role,
            flags: open.flags,
            raw: open.raw,
            aux: open.aux,
            start: open.start as u32,
            end: open.end as u32,
            next: id + 1,
            parent,
            symbol: open.symbol,
        });
        self.open.push(id);
    }

    fn close_node(&mut self) {
        let end = self.nodes.len() as u32;
        if let Some(id) = self.open.pop() {
            self.nodes[id as usize].next = end;
        }
    }

    /// Notes that the node opened next stands in parentheses, the outermost ones. Those of `if (x)` belong to
    /// the statement.
    fn parenthesise(&mut self, node: Syntax<'t>, with_heads: bool) {
        let next = NodeId(self.nodes.len() as u32);
        let heads = [Kind::If, Kind::While, Kind::DoWhile, Kind::Switch, Kind::With];
        let owner = self.open.last().map(|id| self.nodes[*id as usize].kind);
        let known = self.parentheses.last().is_some_and(|(id, _)| *id == next);
        let closed = node.end_byte() > node.start_byte() && self.text_of(node).starts_with('(');
        let of_statement = !with_heads && owner.is_some_and(|kind| heads.contains(&kind));
        // A second pair within is one of the expression.
        let of_statement = of_statement && node.start_byte() >= self.head_end;
        if of_statement {
            self.head_end = node.end_byte();
        }
        if !known && closed && !of_statement {
            let span = Span { start: node.start_byte() as u32, end: node.end_byte() as u32 };
            self.parentheses.push((next, span));
        }
    }

    /// Whether a child is more than punctuation.
    fn counts(&self, child: Syntax<'_>) -> bool {
        let token = || self.grammar.rules.get(child.kind_id() as usize).is_some_and(|rule| rule.token);
        (child.is_named() || token()) && !child.is_missing()
    }

    /// Code of a shell that begins at a byte of this text, as statements of the node that is open.
    pub(crate) fn graft(&mut self, code: String, start: usize) {
        self.plan.push(Task::Graft(self.grafts.len()));
        self.grafts.push((code, start));
    }

    fn insert(&mut self, number: usize, cancel: &Cancel) -> Result<(), ParseError> {
        let (code, start) = std::mem::take(&mut self.grafts[number]);
        let Some(grammar) = super::grammar(Language::Bash, Dialect::Plain) else { return Ok(()) };
        let parsed = crate::tree::parse_text(grammar, &crate::tree::shell::apart(&code), cancel)?;
        let tree = lower(grammar, &parsed, &code, cancel)?;
        let owner = self.open.last().copied().unwrap_or(0);
        let shift = self.nodes.len() as u32 - 1;
        for node in tree.nodes.into_iter().skip(1) {
            let parent = if node.parent == 0 { owner } else { node.parent + shift };
            self.nodes.push(Node {
                start: node.start + start as u32,
                end: node.end + start as u32,
                next: node.next + shift,
                parent,
                ..node
            });
        }
        Ok(())
    }

    /// The source text.
    pub(crate) const fn source(&self) -> &'t str {
        self.text
    }

    /// The text of a syntax node.
    pub(crate) fn text_of(&self, node: Syntax<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Opens a node; children follow until [`Lowering::close`].
    pub(crate) fn open(&mut self, open: Open) {
        self.plan.push(Task::Open(open));
    }

    /// A node without children.
    pub(crate) fn leaf(&mut self, open: Open) {
        self.plan.push(Task::Open(open));
        self.plan.push(Task::Close);
    }

    /// A name with its text as symbol.
    pub(crate) fn name(&mut self, node: Syntax<'t>, role: Role) {
        let symbol = symbol(self.text_of(node));
        self.leaf(Open::at(Kind::Name, role, node).symbol(symbol));
    }

    /// Ends the node opened last.
    pub(crate) fn close(&mut self) {
        self.plan.push(Task::Close);
    }

    /// A child, lowered by its own rule.
    pub(crate) fn child(&mut self, node: Syntax<'t>, role: Role) {
        self.plan.push(Task::Lower(node, role));
    }

    /// The named children of a node.
    pub(crate) fn splice(&mut self, node: Syntax<'t>, role: Role) {
        self.plan.push(Task::Splice(node, role));
    }

    /// A child wrapped in a block unless it is one.
    pub(crate) fn block(&mut self, node: Syntax<'t>, role: Role) {
        self.plan.push(Task::Block(node, role));
    }

    /// A child in a field, when present.
    pub(crate) fn field(&mut self, node: Syntax<'t>, field: &str, role: Role) {
        if let Some(child) = self.in_field(node, field) {
            self.child(child, role);
        }
    }

    /// The child in a field.
    pub(crate) fn in_field(&self, node: Syntax<'t>, field: &str) -> Option<Syntax<'t>> {
        self.grammar.child(node, field)
    }

    /// A node as raw syntax.
    pub(crate) fn raw(&mut self, node: Syntax<'t>, role: Role) {
        self.open(Open::at(Kind::Raw, role, node));
        self.splice(node, Role::Child);
        self.close();
    }

    /// The block that a node is nothing but a wrapper of, or the node.
    fn unwrapped(&self, node: Syntax<'t>) -> Syntax<'t> {
        let rule = |node: Syntax<'t>| self.grammar.rules.get(node.kind_id() as usize);
        let wraps = rule(node).is_some_and(|own| own.action == Action::Transparent);
        let only = node.named_child(0).filter(|_| wraps && node.named_child_count() == 1);
        let is_block = |own: &Rule| own.action == Action::Build && own.kind == Kind::Block;
        only.filter(|inner| rule(*inner).is_some_and(is_block)).unwrap_or(node)
    }

    fn lower(&mut self, node: Syntax<'t>, role: Role, cursor: &mut tree_sitter::TreeCursor<'t>) {
        let grammar = self.grammar;
        let Some(rule) = grammar.rules.get(node.kind_id() as usize) else {
            // Error nodes have a number past the table.
            self.open_node(Open::at(Kind::Error, role, node));
            self.stack.push(Task::Close);
            self.stack.push(Task::Splice(node, Role::Stmt));
            return;
        };
        match rule.action {
            Action::Drop => {}
            Action::Transparent => self.stack.push(Task::Splice(node, role)),
            Action::Parentheses { heads } => {
                self.parenthesise(node, heads);
                self.stack.push(Task::Splice(node, role));
            }
            Action::Custom => {
                (grammar.custom)(self, node, role);
                let first = self.stack.len();
                self.stack.append(&mut self.plan);
                self.stack[first..].reverse();
            }
            Action::Build if role == Role::Param && rule.kind != Kind::Param => {
                self.open_node(Open::at(Kind::Param, role, node));
                self.stack.push(Task::Close);
                self.stack.push(Task::Lower(node, Role::Name));
            }
            Action::Build => self.build(rule, node, role, cursor),
        }
    }

    /// A dotted name `a.b.c` from its parts, as member accesses.
    pub(crate) fn dotted(&mut self, parts: &[Syntax<'t>], role: Role) {
        let [first, rest @ ..] = parts else { return };
        for (depth, last) in rest.iter().enumerate().rev() {
            let role = if depth + 1 == rest.len() { role } else { Role::Object };
            self.open(Open::at(Kind::Member, role, *first).range(first.start_byte(), last.end_byte()));
        }
        self.name(*first, if rest.is_empty() { role } else { Role::Object });
        for part in rest {
            self.name(*part, Role::Property);
            self.close();
        }
    }

    /// The named children of a node that are no comments.
    pub(crate) fn named(node: Syntax<'t>) -> Vec<Syntax<'t>> {
        let mut cursor = node.walk();
        let children = node.named_children(&mut cursor);
        children.filter(|child| !child.is_extra()).collect()
    }

    fn build(&mut self, rule: &Rule, node: Syntax<'t>, role: Role, cursor: &mut tree_sitter::TreeCursor<'t>) {
        let mut open = Open {
            kind: rule.kind,
            role,
            flags: rule.flags,
            raw: rule.raw,
            aux: 0,
            start: node.start_byte(),
            end: node.end_byte(),
            symbol: 0,
        };
        match rule.text {
            Text::Whole if rule.kind == Kind::Bool => {
                return self.finish_leaf(open.symbol(symbol(&self.text_of(node).to_ascii_lowercase())));
            }
            Text::Whole => return self.finish_leaf(open.symbol(symbol(self.text_of(node)))),
            Text::Number => return self.finish_leaf(open.symbol(number_symbol(self.text_of(node)))),
            Text::String => {
                let open = string_literal(self.text_of(node), open);
                return self.finish_leaf(open);
            }
            Text::None | Text::Operator => {}
        }
        let at = self.nodes.len();
        self.open_node(open);
        self.stack.push(Task::Close);
        let first = self.stack.len();
        let mut operator = String::new();
        cursor.reset(node);
        if cursor.goto_first_child() {
            loop {
                let child = cursor.node();
                let field = cursor.field_id().map_or(0, std::num::NonZero::get);
                if rule.operator_field.is_some_and(|own| own == field) {
                    operator.push_str(self.text_of(child));
                } else if self.counts(child) {
                    let by_field = rule.fields.iter().find(|(id, ..)| field != 0 && *id == field);
                    let found =
                        by_field.or_else(|| rule.kinds.iter().find(|(id, ..)| *id == child.kind_id()));
                    let (role, take) = found.map_or(rule.rest, |(_, role, take)| (*role, *take));
                    match take {
                        Take::Child => self.stack.push(Task::Lower(child, role)),
                        Take::Splice => self.stack.push(Task::Splice(child, role)),
                        Take::Block => self.stack.push(Task::Block(child, role)),
                        Take::Drop => {}
                    }
                } else if !child.is_named() {
                    if rule.operator_field.is_none() && rule.text == Text::Operator {
                        let token = self.text_of(child);
                        if !token.starts_with(['(', ')', '[', ']', '{', '}', ',', ';', '\n', '"', '\'']) {
                            operator.push_str(token);
                            operator.push(' ');
                        }
                    }
                    for (id, flag) in &rule.token_flags {
                        if *id == child.kind_id() {
                            open.flags |= flag;
                        }
                    }
                }
                if !cursor.goto_next_sibling() {
                    break;
                }
            }
        } else if rule.kind == Kind::Raw {
            operator.push_str(self.text_of(node));
        }
        self.stack[first..].reverse();
        self.nodes[at].flags = open.flags;
        if rule.text == Text::Operator && !operator.is_empty() {
            self.nodes[at].symbol = symbol(operator.trim());
        }
    }

    fn finish_leaf(&mut self, open: Open) {
        self.open_node(open);
        self.close_node();
    }
}
