//! Tables of lowering rules. A table has one line for a syntax kind (or several, separated by commas):
//!
//! ```text
//! call -> Call function:Callee arguments:*Arg
//! 'this' -> Name text
//! ```
//!
//! A kind in quotes is a token the grammar leaves unnamed; with a line it counts as a named child.
//!
//! After the arrow stands a [`Kind`] or one of `=` (transparent: replaced by its named children under its own
//! role), `()` (likewise, and what it holds reaches from one parenthesis to the other), `(?)` (the same, but those that
//! `if` and its like ask for are none of what they hold), `~` (dropped), `!` (the language's `custom` function builds it). Then items:
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

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::{Custom, Kind, Role, flag, raw_of};

/// How one language is parsed and lowered.
pub(crate) struct Grammar {
    pub(crate) language: tree_sitter::Language,
    pub(super) rules: Vec<Rule>,
    pub(super) custom: Custom,
    /// Numbers of the fields, which the parser itself finds by going through all of their names.
    fields: FxHashMap<Box<str>, u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Build,
    Transparent,
    Parentheses { heads: bool },
    Drop,
    Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    None,
    Operator,
    Whole,
    Number,
    String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    Child,
    Splice,
    Block,
    Drop,
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) action: Action,
    pub(super) kind: Kind,
    pub(super) text: Text,
    pub(super) operator_field: Option<u16>,
    pub(super) fields: Vec<(u16, Role, Take)>,
    pub(super) kinds: Vec<(u16, Role, Take)>,
    pub(super) rest: (Role, Take),
    pub(super) flags: u16,
    pub(super) token_flags: Vec<(u16, u16)>,
    pub(super) raw: u32,
    /// For a token that the grammar leaves unnamed.
    pub(super) token: bool,
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
            token: false,
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
    pub(super) fn new(language: tree_sitter::Language, tables: &[&str], custom: Custom) -> Self {
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
                let quoted = kind.strip_prefix('\'').and_then(|kind| kind.strip_suffix('\''));
                let (kind, token) = (quoted.unwrap_or(kind), quoted.is_some());
                for id in ids.get(kind).into_iter().flatten() {
                    if language.node_kind_is_named(*id) != token {
                        rules[*id as usize] = Rule { raw: raw_of(kind), token, ..rule.clone() };
                    }
                }
            }
        }
        let fields = (1..=language.field_count())
            .filter_map(|id| u16::try_from(id).ok())
            .filter_map(|id| Some((language.field_name_for_id(id)?.into(), id)))
            .collect();
        Self { language, rules, custom, fields }
    }

    /// The child of a node in a field.
    pub(super) fn child<'t>(&self, node: Node<'t>, field: &str) -> Option<Node<'t>> {
        node.child_by_field_id(*self.fields.get(field)?)
    }

    fn read_rule(language: &tree_sitter::Language, ids: &FxHashMap<&str, Vec<u16>>, text: &str) -> Rule {
        let mut rule = Rule { text: Text::None, ..Rule::raw() };
        let mut words = text.split_whitespace();
        match words.next().expect("a lowering table line names a kind") {
            "=" => rule.action = Action::Transparent,
            "()" => rule.action = Action::Parentheses { heads: true },
            "(?)" => rule.action = Action::Parentheses { heads: false },
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
