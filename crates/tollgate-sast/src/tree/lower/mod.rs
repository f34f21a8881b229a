//! From a grammar's concrete syntax to the normalised tree.
//!
//! # How to add a language
//! 1. Write `tree/lower/<language>.rs` with `pub(super) const TABLE: &str`, and, when the table cannot say it,
//!    `pub(super) fn custom(cx: &mut Lowering, node: Node, role: Role)`.
//! 2. Add it to `grammar`.
//!
//! A table has one line for a syntax kind (or several, separated by commas):
//!
//! ```text
//! call -> Call function:Callee arguments:*Arg
//! ```
//!
//! After the arrow stands a [`Kind`] or one of `=` (transparent: replaced by its named children under its own
//! role), `~` (dropped), `!` (the language's `custom` function builds it). Then items:
//!
//! | item | meaning |
//! |---|---|
//! | `field:Role` | children in that field get the role |
//! | `#kind:Role` | children of that syntax kind get the role |
//! | `..:Role` | all other named children (default: `Child`) |
//! | `field:*Role` | the children of the child are taken instead of it |
//! | `field:{}Role` | the child is wrapped in a block unless it is one |
//! | `field:~` | dropped |
//! | `op` | the symbol is the text of the anonymous tokens that are no brackets or separators |
//! | `op=field` | the symbol is the text of that field |
//! | `text` | the symbol is the node's text; children are dropped |
//! | `num`, `str` | likewise, normalised as number or string literal |
//! | `+flag` | sets a flag (`decl`, `const`, `let`, `var`, `short`, `field`, `anon`, `arrow`, `async`, `method`, …) |
//! | `+flag?token` | sets it when the anonymous token is among the children |
//!
//! Kinds without a line become [`Kind::Raw`] with all their named children, or a leaf with their text: they
//! match structurally.

mod apex;
mod bash;
mod c;
mod constructs;
mod csharp;
mod dart;
mod dockerfile;
mod elixir;
mod go;
mod hcl;
mod html;
mod java;
mod javascript;
mod json;
mod kotlin;
mod ocaml;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod solidity;
mod swift;
mod yaml;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use tollgate_core::{Cancel, Language};
use tree_sitter::Node as Syntax;

use super::{Dialect, Kind, Node, ParseError, Role, Symbol, Tree, flag, symbol};

type Custom = for<'t> fn(&mut Lowering<'t>, Syntax<'t>, Role);

/// How one language is parsed and lowered.
pub(crate) struct Grammar {
    pub(crate) language: tree_sitter::Language,
    rules: Vec<Rule>,
    custom: Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Build,
    Transparent,
    Drop,
    Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    None,
    Operator,
    Whole,
    Number,
    String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    Child,
    Splice,
    Block,
    Drop,
}

#[derive(Debug, Clone)]
struct Rule {
    action: Action,
    kind: Kind,
    text: Text,
    operator_field: Option<u16>,
    fields: Vec<(u16, Role, Take)>,
    kinds: Vec<(u16, Role, Take)>,
    rest: (Role, Take),
    flags: u16,
    token_flags: Vec<(u16, u16)>,
    raw: u32,
}

impl Rule {
    const fn raw() -> Self {
        Self {
            action: Action::Build,
            kind: Kind::Raw,
            text: Text::Operator,
            operator_field: None,
            fields: Vec::new(),
            kinds: Vec::new(),
            rest: (Role::Child, Take::Child),
            flags: 0,
            token_flags: Vec::new(),
            raw: 0,
        }
    }
}

fn flag_of(name: &str) -> u16 {
    match name {
        "decl" => flag::DECL,
        "const" => flag::CONST,
        "let" => flag::LET,
        "var" => flag::VAR,
        "short" => flag::SHORT,
        "field" => flag::FIELD,
        "anon" => flag::ANON,
        "arrow" => flag::ARROW,
        "async" => flag::ASYNC,
        "method" => flag::METHOD,
        "from" => flag::FROM,
        "wildcard" => flag::WILDCARD,
        "default" => flag::DEFAULT,
        "terminated" => flag::TERMINATED,
        _ => panic!("unknown flag {name} in a lowering table"),
    }
}

fn role_of(text: &str) -> (Role, Take) {
    let (take, name) = match text {
        "~" => return (Role::Child, Take::Drop),
        _ => match (text.strip_prefix('*'), text.strip_prefix("{}")) {
            (Some(name), _) => (Take::Splice, name),
            (_, Some(name)) => (Take::Block, name),
            _ => (Take::Child, text),
        },
    };
    let role = Role::from_name(name).unwrap_or_else(|| panic!("unknown role {name} in a lowering table"));
    (role, take)
}

impl Grammar {
    fn new(language: tree_sitter::Language, tables: &[&str], custom: Custom) -> Self {
        let count = language.node_kind_count();
        let mut rules = vec![Rule::raw(); count];
        let mut ids: FxHashMap<&str, Vec<u16>> = FxHashMap::default();
        for id in 0..count {
            let id = u16::try_from(id).unwrap_or(u16::MAX);
            let kind = language.node_kind_for_id(id).unwrap_or_default();
            ids.entry(kind).or_default().push(id);
            rules[id as usize].action = match kind {
                _ if kind.contains("comment") => Action::Drop,
                _ => Action::Build,
            };
            rules[id as usize].raw = raw_of(kind);
            if kind == "ERROR" {
                rules[id as usize].kind = Kind::Error;
            }
        }
        let lines = tables.iter().flat_map(|table| table.lines());
        for line in lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            let (kinds, rule) = line.split_once("->").expect("a lowering table line has an arrow");
            let rule = Self::read_rule(&language, &ids, rule);
            for kind in kinds.split(',').map(str::trim) {
                for id in ids.get(kind).into_iter().flatten() {
                    if language.node_kind_is_named(*id) {
                        rules[*id as usize] = Rule { raw: raw_of(kind), ..rule.clone() };
                    }
                }
            }
        }
        Self { language, rules, custom }
    }

    fn read_rule(language: &tree_sitter::Language, ids: &FxHashMap<&str, Vec<u16>>, text: &str) -> Rule {
        let mut rule = Rule { text: Text::None, ..Rule::raw() };
        let mut words = text.split_whitespace();
        match words.next().expect("a lowering table line names a kind") {
            "=" => rule.action = Action::Transparent,
            "~" => rule.action = Action::Drop,
            "!" => rule.action = Action::Custom,
            kind => {
                rule.kind = Kind::from_name(kind)
                    .unwrap_or_else(|| panic!("unknown kind {kind} in a lowering table"));
            }
        }
        for word in words {
            if let Some(flag) = word.strip_prefix('+') {
                if let Some((flag, token)) = flag.split_once('?') {
                    let flag = flag_of(flag);
                    rule.token_flags.extend(ids.get(token).into_iter().flatten().map(|id| (*id, flag)));
                } else {
                    rule.flags |= flag_of(flag);
                }
            } else if let Some((selector, role)) = word.split_once(':') {
                let (role, take) = role_of(role);
                if selector == ".." {
                    rule.rest = (role, take);
                } else if let Some(kind) = selector.strip_prefix('#') {
                    rule.kinds.extend(ids.get(kind).into_iter().flatten().map(|id| (*id, role, take)));
                } else if let Some(id) = language.field_id_for_name(selector) {
                    rule.fields.push((id.get(), role, take));
                }
            } else if let Some(field) = word.strip_prefix("op=") {
                rule.text = Text::Operator;
                rule.operator_field = language.field_id_for_name(field).map(std::num::NonZero::get);
            } else {
                rule.text = match word {
                    "op" => Text::Operator,
                    "text" => Text::Whole,
                    "num" => Text::Number,
                    "str" => Text::String,
                    _ => panic!("unknown item {word} in a lowering table"),
                };
            }
        }
        rule
    }
}

macro_rules! grammars {
    ($language:expr, $dialect:expr; $($pattern:pat => $grammar:expr, [$($table:expr),*], $custom:expr;)*) => {
        match ($language, $dialect) {
            $($pattern => {
                static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
                Some(GRAMMAR.get_or_init(|| {
                    Grammar::new($grammar.into(), &[$($table),*], $custom)
                }))
            })*
        }
    };
}

/// The grammar of a language.
pub(crate) fn grammar(language: Language, dialect: Dialect) -> Option<&'static Grammar> {
    use javascript::{TABLE as JS, TYPES as TS};
    grammars! { language, dialect;
        (Language::Apex, _) => tree_sitter_sfapex::apex::LANGUAGE, [java::TABLE, apex::TABLE], apex::custom;
        (Language::Bash, _) => tree_sitter_bash::LANGUAGE, [bash::TABLE], bash::custom;
        (Language::C, _) => tree_sitter_c::LANGUAGE, [c::TABLE], c::custom;
        (Language::Cpp, _) => tree_sitter_cpp::LANGUAGE, [c::TABLE, c::CPP], c::custom;
        (Language::Csharp, _) => tree_sitter_c_sharp::LANGUAGE, [csharp::TABLE], csharp::custom;
        (Language::Dart, _) => tree_sitter_dart::LANGUAGE, [dart::TABLE], dart::custom;
        (Language::Dockerfile, _) => tree_sitter_containerfile::LANGUAGE, [dockerfile::TABLE], dockerfile::custom;
        (Language::Elixir, _) => tree_sitter_elixir::LANGUAGE, [elixir::TABLE], elixir::custom;
        (Language::Go, _) => tree_sitter_go::LANGUAGE, [go::TABLE], go::custom;
        (Language::Html, _) => tree_sitter_html::LANGUAGE, [html::TABLE], html::custom;
        (Language::Java, _) => tree_sitter_java::LANGUAGE, [java::TABLE], java::custom;
        (Language::Javascript, _) => tree_sitter_typescript::LANGUAGE_TSX, [JS, TS], javascript::custom;
        (Language::Json, _) => tree_sitter_json::LANGUAGE, [json::TABLE], json::custom;
        (Language::Kotlin, _) => tree_sitter_kotlin_ng::LANGUAGE, [kotlin::TABLE], kotlin::custom;
        (Language::Ocaml, _) => tree_sitter_ocaml::LANGUAGE_OCAML, [ocaml::TABLE], ocaml::custom;
        (Language::Php, _) => tree_sitter_php::LANGUAGE_PHP, [php::TABLE], php::custom;
        (Language::Python, _) => tree_sitter_python::LANGUAGE, [python::TABLE], python::custom;
        (Language::Ruby, _) => tree_sitter_ruby::LANGUAGE, [ruby::TABLE], ruby::custom;
        (Language::Rust, _) => tree_sitter_rust::LANGUAGE, [rust::TABLE], rust::custom;
        (Language::Scala, _) => tree_sitter_scala::LANGUAGE, [scala::TABLE], scala::custom;
        (Language::Solidity, _) => tree_sitter_solidity::LANGUAGE, [solidity::TABLE], solidity::custom;
        (Language::Swift, _) => tree_sitter_swift::LANGUAGE, [swift::TABLE], swift::custom;
        (Language::Terraform, _) => tree_sitter_hcl::LANGUAGE, [hcl::TABLE], hcl::custom;
        (Language::Typescript, Dialect::Plain) => tree_sitter_typescript::LANGUAGE_TYPESCRIPT, [JS, TS], javascript::custom;
        (Language::Typescript, Dialect::Tsx) => tree_sitter_typescript::LANGUAGE_TSX, [JS, TS], javascript::custom;
        (Language::Xml, _) => tree_sitter_xml::LANGUAGE_XML, [html::XML], html::custom;
        (Language::Yaml, _) => tree_sitter_yaml::LANGUAGE, [yaml::TABLE], yaml::custom;
    }
}

/// A step still to be done. Steps stand on an explicit stack: the depth of the text costs no call stack.
#[derive(Clone, Copy)]
enum Task<'t> {
    Lower(Syntax<'t>, Role),
    Splice(Syntax<'t>, Role),
    Block(Syntax<'t>, Role),
    Open(Open),
    Close,
}

/// A node to be opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    kind: Kind,
    role: Role,
    flags: u16,
    raw: u32,
    aux: u32,
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
                        if child.is_named() && !child.is_missing() {
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
        }
    }
    debug_assert!(cx.open.is_empty(), "every opened node is closed");
    Ok(Tree { nodes: cx.nodes })
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
        if let Some(child) = node.child_by_field_name(field) {
            self.child(child, role);
        }
    }

    /// A node as raw syntax.
    pub(crate) fn raw(&mut self, node: Syntax<'t>, role: Role) {
        self.open(Open::at(Kind::Raw, role, node));
        self.splice(node, Role::Child);
        self.close();
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
                } else if child.is_named() && !child.is_missing() {
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

/// What stands for a syntax kind's name.
pub(crate) fn raw_of(kind: &str) -> u32 {
    symbol(kind) as u32
}

/// The symbol of a number: equal values of different notations have the same.
pub(crate) fn number_symbol(text: &str) -> Symbol {
    match crate::constants::parse_integer(text) {
        Some(value) => symbol(&value.to_string()),
        None => symbol(text),
    }
}

/// A string literal: the symbol of its contents and the lengths of its quotes.
pub(crate) fn string_literal(text: &str, open: Open) -> Open {
    let (left, right) = quotes(text);
    let contents = text.get(left..text.len() - right).unwrap_or_default();
    open.symbol(symbol(contents)).quotes(left, right)
}

/// Lengths of a literal's opening (with prefix) and closing quotes; 0 for bare words.
pub(crate) fn quotes(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'`');
    let Some(prefix) = bytes.iter().position(|byte| is_quote(*byte)) else {
        return (0, 0);
    };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'$' | b'#' | b'&');
    if prefix > 4 || !bytes[..prefix].iter().all(plain) {
        return (0, 0);
    }
    let quote = bytes[prefix];
    let hashes = bytes[..prefix].iter().rev().take_while(|byte| **byte == b'#').count();
    let run = bytes[prefix..].iter().take_while(|byte| **byte == quote).count();
    let width = if run >= 3 && bytes.len() >= prefix + 6 { 3 } else { 1 };
    let closing = bytes.len() - hashes;
    if bytes.len() < prefix + 2 * width + hashes || bytes.get(closing - 1) != Some(&quote) {
        return (prefix + width.min(bytes.len() - prefix), 0);
    }
    (prefix + width, width + hashes)
}
