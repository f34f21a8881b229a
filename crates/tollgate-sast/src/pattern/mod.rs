//! Patterns: compilation. A pattern goes through the same grammar and lowering as the code it is to match,
//! with placeholders for what the language does not know.

mod binding;
mod build;
mod children;
mod constructs;
mod context;
mod differences;
mod imports;
mod nodes;
mod operators;
mod places;
mod search;
mod sequence;
mod spans;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::Regex;
use rustc_hash::FxHashSet;
use tollgate_core::{Cancel, Language};

use crate::matching::{Match, Metavar, PatternOptions};
use crate::tree::{Dialect, Kind, Node, NodeId, ParsedFile, Role, Symbol, Tree, flag, lower};
use build::Builder;
use text::{Prepared, Variant};

/// A compiled pattern; clones are cheap.
#[derive(Debug, Clone)]
pub struct Pattern(Arc<Compiled>);

/// A pattern that is no code of its language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// Where in the pattern's text, in bytes.
    pub offset: usize,
}

/// Index of a pattern node.
pub(crate) type Pid = u16;
/// Index of a metavariable of the pattern.
pub(crate) type Var = u16;

#[derive(Debug)]
pub(crate) struct Compiled {
    id: u64,
    language: Language,
    options: PatternOptions,
    words: Vec<String>,
    metavars: Vec<Metavar>,
    nodes: Vec<PatternNode>,
    root: Root,
    /// `foo();` rather than `foo()`: matches whole statements.
    statement: bool,
    /// `export const …` of JavaScript.
    exported: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Root {
    Node(Pid),
    /// Statements in order.
    Statements(Vec<Pid>),
}

/// What a pattern node stands for beyond its kind.
#[derive(Debug, Clone)]
pub(crate) enum Meta {
    /// Itself.
    Plain,
    /// `$X`; `$_` binds nothing.
    Any(Option<Var>),
    /// `$...X`.
    Many(Option<Var>),
    /// `...`.
    Ellipsis,
    /// `<... e ...>`.
    Deep(Pid),
    /// A typed metavariable.
    Typed { types: Vec<String>, type_var: Option<Var>, var: Option<Var> },
    /// `"..."`.
    AnyString,
    /// `f"..."` and backticks: any interpolated string.
    AnyTemplate,
    /// `"$X"`.
    StringVar(Option<Var>),
    /// `"=~/re/"`.
    StringRegex(Regex),
}

#[derive(Debug, Clone)]
pub(crate) struct PatternNode {
    pub(crate) kind: Kind,
    pub(crate) role: Role,
    pub(crate) flags: u16,
    pub(crate) raw: u32,
    pub(crate) symbol: Symbol,
    pub(crate) meta: Meta,
    pub(crate) text: Box<str>,
    pub(crate) groups: Vec<(Role, Vec<Pid>)>,
    /// A bit for every role of `groups`.
    pub(crate) roles: u64,
}

impl PatternNode {
    pub(crate) fn group(&self, role: Role) -> &[Pid] {
        self.groups.iter().find(|(own, _)| *own == role).map_or(&[], |(_, nodes)| nodes)
    }

    pub(crate) const fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

const MAX_TEXT: usize = 64 << 10;
const MAX_DEPTH: usize = 300;

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// When the text is no code of the language in any context a pattern may stand in.
    pub fn compile(language: Language, text: &str, options: &PatternOptions) -> Result<Self, PatternError> {
        let trimmed = text.trim_end();
        let start = trimmed.find(|c| c != '\n' && c != '\r').unwrap_or(0);
        let text = &trimmed[start..];
        // A pattern cut out of deeper code keeps its first line's indentation.
        let text = if text.starts_with([' ', '\t']) { dedent(text) } else { text.to_owned() };
        if text.trim().is_empty() {
            return Err(PatternError { message: "the pattern is empty".into(), offset: 0 });
        }
        if text.len() > MAX_TEXT {
            return Err(PatternError { message: "the pattern is longer than 64 KiB".into(), offset: 0 });
        }
        let parsed = context::parse(language, &text).map_err(|offset| PatternError {
            message: format!("no {language} code in any context"),
            offset: offset.min(text.len()) + start,
        })?;
        let statement = parsed.statement;
        let mut builder = Builder {
            language,
            source: &parsed.source,
            prepared: &parsed.prepared,
            tree: &parsed.tree,
            nodes: Vec::new(),
            metavars: Vec::new(),
            words: FxHashSet::default(),
            text_dots: options.text_dots,
        };
        let depth = parsed.roots.iter().map(|root| builder.depth(*root)).max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Err(PatternError { message: "the pattern nests too deeply".into(), offset: start });
        }
        let roots: Vec<Pid> = parsed.roots.iter().map(|root| builder.convert(*root)).collect();
        if builder.nodes.len() >= usize::from(Pid::MAX) {
            return Err(PatternError { message: "the pattern has too many nodes".into(), offset: start });
        }
        // How visible a function of PHP is makes no difference to a pattern of it alone.
        if let ([single], Language::Php) = (roots.as_slice(), language) {
            let own = &mut builder.nodes[*single as usize];
            if own.kind == Kind::Func {
                own.groups.retain(|(role, _)| *role != Role::Modifier);
                own.roles &= !(1 << Role::Modifier as u8);
            }
        }
        let root = match roots.as_slice() {
            [single] => Root::Node(builder.command_name(*single)),
            _ => Root::Statements(roots),
        };
        let exported = matches!(language, Language::Javascript | Language::Typescript)
            && text.trim_start().starts_with("export ")
            && matches!(root, Root::Node(pid) if matches!(
                builder.nodes[pid as usize].kind,
                Kind::Func | Kind::Assign | Kind::Class | Kind::Declare
            ));
        let mut words: Vec<String> = builder.words.into_iter().collect();
        words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Ok(Self(Arc::new(Compiled {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            language,
            options: *options,
            words,
            metavars: builder.metavars,
            nodes: builder.nodes,
            root,
            statement,
            exported,
        })))
    }

    /// Identity, unique in the process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Whether a metavariable stands only where the code writes a name, and never a value that may be known in
    /// another way; nothing when the pattern has no such metavariable.
    pub(crate) fn is_name(&self, metavariable: &str) -> Option<bool> {
        let own = &*self.0;
        let var = own.metavars.iter().position(|name| **name == *metavariable)? as Var;
        let has = |node: &PatternNode| match &node.meta {
            Meta::Any(own) | Meta::Many(own) | Meta::StringVar(own) => *own == Some(var),
            Meta::Typed { type_var, var: own, .. } => *own == Some(var) || *type_var == Some(var),
            _ => false,
        };
        let names = own.nodes.iter().flat_map(|parent| {
            parent.groups.iter().flat_map(move |(role, all)| all.iter().map(move |pid| (parent, *role, pid)))
        });
        let names = names.filter(|(parent, role, pid)| {
            let node = &own.nodes[**pid as usize];
            let is_named = match (parent.kind, role) {
                (Kind::Import | Kind::ImportItem, _) => true,
                (Kind::Member, Role::Property)
                | (Kind::Call, Role::Callee)
                | (Kind::KwArg, Role::Key)
                | (Kind::Func | Kind::Class, Role::Name) => matches!(node.meta, Meta::Any(_)),
                _ => false,
            };
            is_named && has(node)
        });
        Some(names.count() == own.nodes.iter().filter(|node| has(node)).count())
    }

    /// Whether it is a metavariable by itself, which stands for any expression.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.0.root, Root::Node(root) if matches!(self.0.nodes[root as usize].meta, Meta::Any(_)))
    }

    /// The metavariable that stands for each parameter of each function, in a pattern that says nothing else:
    /// `function $F(..., $X, ...) { ... }`.
    pub(crate) fn any_parameter(&self) -> Option<&Metavar> {
        let own = &*self.0;
        let Root::Node(root) = own.root else { return None };
        let function = &own.nodes[root as usize];
        let node = |pid: &Pid| &own.nodes[*pid as usize];
        // A parameter with nothing but a name.
        let named = |param: &PatternNode| match (&param.meta, &param.groups[..]) {
            (Meta::Any(var), []) => *var,
            (Meta::Plain, [(Role::Name, names)]) if param.kind == Kind::Param => {
                match &node(&names[0]).meta {
                    Meta::Any(var) => *var,
                    _ => None,
                }
            }
            _ => None,
        };
        let var = match function.group(Role::Param) {
            [before, var, after]
                if [before, after].iter().all(|dots| matches!(node(dots).meta, Meta::Ellipsis)) =>
            {
                named(node(var))?
            }
            _ => return None,
        };
        let says_nothing = |node: &PatternNode| match node.meta {
            Meta::Plain => node.kind == Kind::Block || node.role == Role::Param && named(node) == Some(var),
            Meta::Ellipsis => true,
            Meta::Any(_) => matches!(node.role, Role::Name | Role::Param),
            _ => false,
        };
        let others = own.nodes.iter().enumerate().filter(|(at, _)| *at != usize::from(root));
        (function.kind == Kind::Func && others.map(|(_, node)| node).all(says_nothing))
            .then(|| &own.metavars[usize::from(var)])
    }

    /// The language it was compiled for.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Words every file with a match contains, longest first.
    #[must_use]
    pub fn required_words(&self) -> &[String] {
        &self.0.words
    }

    /// The metavariables the pattern names, in order of appearance.
    #[must_use]
    pub fn metavars(&self) -> &[Metavar] {
        &self.0.metavars
    }

    pub(crate) fn find(&self, file: &ParsedFile, cancel: &Cancel) -> Vec<Match> {
        search::find(&self.0, file, cancel)
    }
}

/// Removes the first line's indentation from every line that has it.
fn dedent(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
    let cut = |line: &str| {
        let own = line.len() - line.trim_start_matches([' ', '\t']).len();
        line[own.min(indent)..].to_owned()
    };
    text.split('\n').map(cut).collect::<Vec<_>>().join("\n")
}

/// Whether nodes of this kind and place are expressions, so that `$X` alone finds them.
pub(crate) fn is_expression(node: &Node) -> bool {
    use Kind as K;
    let place = !matches!(
        node.role,
        Role::Property
            | Role::Label
            | Role::Module
            | Role::Alias
            | Role::Tag
            | Role::Type
            | Role::ReturnType
            | Role::Extends
            | Role::Implements
            | Role::Param
            | Role::Decorator
            | Role::Modifier
            | Role::Root
            | Role::TypeArg
            | Role::TypeParam
            | Role::Throws
    );
    if !place {
        return false;
    }
    match node.kind {
        K::Name => !matches!(node.role, Role::Name | Role::Key | Role::Item),
        K::Member
        | K::Index
        | K::Call
        | K::New
        | K::Str
        | K::StrPart
        | K::Template
        | K::Num
        | K::Bool
        | K::Null
        | K::Regex
        | K::Unary
        | K::Binary
        | K::AugAssign
        | K::Ternary
        | K::Cast
        | K::TypeTest
        | K::Tuple
        | K::List
        | K::Dict
        | K::Set
        | K::Slice
        | K::Comprehension
        | K::Await
        | K::Yield
        | K::Sequence
        | K::Element => true,
        K::Assign => !node.has(flag::DECL | flag::FIELD),
        K::Func | K::Class => node.has(flag::ANON),
        K::Raw => !matches!(node.role, Role::Stmt | Role::Case | Role::Catch | Role::Finally),
        _ => false,
    }
}
