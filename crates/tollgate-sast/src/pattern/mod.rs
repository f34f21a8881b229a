//! Patterns: compilation. A pattern goes through the same grammar and lowering as the code it is to match,
//! with placeholders for what the language does not know.

mod constructs;
mod context;
mod operators;
mod search;
mod sequence;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::Regex;
use rustc_hash::FxHashSet;
use tollgate_core::{Cancel, Language};

use crate::matching::{Match, Metavar, PatternOptions};
use crate::tree::{Dialect, Kind, Node, NodeId, ParsedFile, Role, Symbol, Tree, flag, lower, symbol};
use text::{Placeholder, Prepared, Variant};

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
}

#[derive(Debug, Clone)]
pub(crate) enum Root {
    Node(Pid),
    /// Statements in order.
    Statements(Vec<Pid>),
    /// The words of one shell command.
    Words(Vec<Pid>),
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
        };
        let depth = parsed.roots.iter().map(|root| builder.depth(*root)).max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Err(PatternError { message: "the pattern nests too deeply".into(), offset: start });
        }
        let roots: Vec<Pid> = parsed.roots.iter().map(|root| builder.convert(*root)).collect();
        if builder.nodes.len() >= usize::from(Pid::MAX) {
            return Err(PatternError { message: "the pattern has too many nodes".into(), offset: start });
        }
        let words = language == Language::Dockerfile
            && roots.len() > 1
            && builder.nodes[roots[0] as usize].role != Role::Stmt;
        let root = match roots.as_slice() {
            [single] => Root::Node(*single),
            _ if words => Root::Words(roots),
            _ => Root::Statements(roots),
        };
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
        })))
    }

    /// Identity, unique in the process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.0.id
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

struct Builder<'a> {
    language: Language,
    source: &'a str,
    prepared: &'a Prepared,
    tree: &'a Tree,
    nodes: Vec<PatternNode>,
    metavars: Vec<Metavar>,
    words: FxHashSet<String>,
}

impl Builder<'_> {
    fn depth(&self, root: NodeId) -> usize {
        let (mut stack, mut deepest) = (Vec::new(), 0);
        for id in self.tree.subtree(root) {
            while stack.last().is_some_and(|end| *end <= id.0) {
                stack.pop();
            }
            stack.push(self.tree.node(id).next);
            deepest = deepest.max(stack.len());
        }
        deepest
    }

    fn var(&mut self, name: &str) -> Option<Var> {
        if name == "$_" || name == "$..._" {
            return None;
        }
        let at = self.metavars.iter().position(|own| &**own == name).unwrap_or_else(|| {
            self.metavars.push(name.into());
            self.metavars.len() - 1
        });
        Some(at as Var)
    }

    fn source_of(&self, node: &Node) -> &str {
        self.source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    fn push(&mut self, node: &Node, meta: Meta, children: Vec<Pid>) -> Pid {
        let text = self.source_of(node).into();
        let mut groups: Vec<(Role, Vec<Pid>)> = Vec::new();
        let mut roles = 0;
        for child in children {
            let role = self.nodes[child as usize].role;
            roles |= 1_u64 << role as u8;
            match groups.iter_mut().find(|(own, _)| *own == role) {
                Some((_, nodes)) => nodes.push(child),
                None => groups.push((role, vec![child])),
            }
        }
        self.nodes.push(PatternNode {
            kind: node.kind,
            role: node.role,
            flags: node.flags,
            raw: node.raw,
            symbol: node.symbol,
            meta,
            text,
            groups,
            roles,
        });
        (self.nodes.len() - 1) as Pid
    }

    fn placeholder(&mut self, node: &Node, placeholder: Placeholder) -> Pid {
        let meta = match placeholder {
            Placeholder::Metavar(name) => Meta::Any(self.var(&name)),
            Placeholder::Many(name) => Meta::Many(self.var(&name)),
            Placeholder::Ellipsis => Meta::Ellipsis,
            Placeholder::Typed(number) => {
                let (types, name) = self.prepared.typed.get(number).cloned().unwrap_or_default();
                let type_var = if types.starts_with('$') { self.var(&types) } else { None };
                let types = types.split('|').map(|one| text::without_open_arguments(one.trim())).collect();
                Meta::Typed { types, type_var, var: self.var(&name) }
            }
        };
        self.push(node, meta, Vec::new())
    }

    /// Recursion is bounded by [`MAX_DEPTH`].
    fn convert(&mut self, id: NodeId) -> Pid {
        let tree = self.tree;
        let node = *tree.node(id);
        let leaf = node.next == id.0 + 1;
        if leaf && (node.kind != Kind::Str || node.aux == 0) {
            let source = self.source_of(&node).trim().trim_end_matches([';', ':']).to_owned();
            if let Some(placeholder) = Placeholder::read(&source) {
                return self.placeholder(&node, placeholder);
            }
            // A symbol of Ruby is bound without its colon.
            if let Some(Placeholder::Metavar(name)) = source.strip_prefix(':').and_then(Placeholder::read) {
                let var = self.var(&name);
                return self.push(&node, Meta::StringVar(var), Vec::new());
            }
        }
        if node.kind == Kind::Str {
            return self.string(&node);
        }
        if let Some(pid) = self.spelled_differently(id, &node) {
            return pid;
        }
        if node.kind == Kind::StrPart {
            let own = text::restore(self.source_of(&node));
            let meta = if own == "..." { Meta::Ellipsis } else { Meta::Plain };
            let node = Node { symbol: symbol(&own), ..node };
            return self.push(&node, meta, Vec::new());
        }
        if node.kind == Kind::Call {
            let callee = tree.child(id, Role::Callee);
            let deep = callee.is_some_and(|callee| {
                self.source_of(tree.node(callee)).trim_start_matches('$').eq_ignore_ascii_case(text::DEEP)
            });
            if deep && let Some(inner) = tree.child(id, Role::Arg) {
                let inner = self.convert(inner);
                return self.push(&node, Meta::Deep(inner), Vec::new());
            }
        }
        if node.kind == Kind::Name && !leaf {
            let source = self.source_of(&node);
            let name = source.split(['<', '[']).next().unwrap_or(source).trim().to_owned();
            if let Some(placeholder) = Placeholder::read(&name) {
                return self.placeholder(&node, placeholder);
            }
        }
        let children: Vec<NodeId> = tree.children(id).collect();
        let children: Vec<Pid> = children.into_iter().map(|child| self.convert(child)).collect();
        if let Some(collapsed) = self.collapse(&node, &children) {
            return collapsed;
        }
        if node.kind == Kind::Name && leaf {
            self.word(&node);
        }
        // `a. ...;` needs a call to be a statement of C#.
        if node.kind == Kind::Call
            && let [callee] = children[..]
            && self.nodes[callee as usize]
                .group(Role::Property)
                .iter()
                .any(|pid| matches!(self.nodes[*pid as usize].meta, Meta::Ellipsis))
        {
            self.nodes[callee as usize].role = node.role;
            return callee;
        }
        let pid = self.push(&node, Meta::Plain, children);
        if node.kind == Kind::New {
            self.share_dots(pid);
        }
        pid
    }

    /// Placeholders that some languages only accept in disguise.
    fn spelled_differently(&mut self, id: NodeId, node: &Node) -> Option<Pid> {
        let tree = self.tree;
        match (self.language, node.kind) {
            // A variable alone in quotes is any string.
            (Language::Php, Kind::Template) => {
                let restored = text::restore(self.source_of(node)).replace("$$", "$");
                let name = restored.strip_prefix('"')?.strip_suffix('"')?.to_owned();
                let text = Node { kind: Kind::Str, ..*node };
                is_metavar(&name).then(|| {
                    let var = self.var(&name);
                    self.push(&text, Meta::StringVar(var), Vec::new())
                })
            }
            // `$(dp__e x)` stands for `<... x ...>`.
            (Language::Bash, Kind::Interp) => {
                let call = tree.children(id).next().filter(|call| tree.node(*call).kind == Kind::Call)?;
                let callee = tree.child(call, Role::Callee)?;
                let inner = tree.child(call, Role::Arg)?;
                (self.source_of(tree.node(callee)) == text::DEEP).then(|| {
                    let inner = self.convert(inner);
                    self.push(node, Meta::Deep(inner), Vec::new())
                })
            }
            // A name alone is whatever stands there, not a command without arguments.
            (Language::Bash, Kind::Call) => {
                let name = self.source_of(node).to_owned();
                match Placeholder::read(&name)? {
                    Placeholder::Metavar(name) => {
                        let var = self.var(&name);
                        Some(self.push(node, Meta::Any(var), Vec::new()))
                    }
                    _ => None,
                }
            }
            // An instruction of any kind.
            (Language::Dockerfile, Kind::Raw) => {
                let name = self.source_of(node).strip_prefix(text::INSTRUCTION)?.to_owned();
                is_metavar(&format!("${name}")).then(|| {
                    let var = self.var(&format!("${name}"));
                    self.push(node, Meta::Any(var), Vec::new())
                })
            }
            _ => None,
        }
    }

    /// `T{..., k: v}`: the ellipsis stands for elements and for pairs.
    fn share_dots(&mut self, pid: Pid) {
        let dots = self.nodes[pid as usize]
            .group(Role::Elem)
            .iter()
            .copied()
            .find(|elem| matches!(self.nodes[*elem as usize].meta, Meta::Ellipsis | Meta::Many(_)));
        let Some(dots) = dots else { return };
        let many = matches!(self.nodes[dots as usize].meta, Meta::Many(_));
        let node = &mut self.nodes[pid as usize];
        if many {
            // A sequence is bound once, to whatever the literal holds.
            node.groups.retain(|(role, _)| *role != Role::Elem);
        }
        node.roles |= 1 << Role::Pair as u8;
        match node.groups.iter_mut().find(|(role, _)| *role == Role::Pair) {
            Some((_, pids)) => pids.push(dots),
            None => node.groups.push((Role::Pair, vec![dots])),
        }
    }

    /// Wrappers around a lone placeholder are the placeholder.
    fn collapse(&mut self, node: &Node, children: &[Pid]) -> Option<Pid> {
        let is_ellipsis = |pid: &Pid| matches!(self.nodes[*pid as usize].meta, Meta::Ellipsis);
        let significant: Vec<Pid> =
            children.iter().copied().filter(|pid| self.nodes[*pid as usize].kind != Kind::Modifier).collect();
        let ellipsis = !significant.is_empty() && significant.iter().all(is_ellipsis);
        let wrapper = matches!(
            node.kind,
            Kind::Param
                | Kind::Pair
                | Kind::Declare
                | Kind::KwArg
                | Kind::Raw
                | Kind::Attribute
                | Kind::Case
                | Kind::Assign
                | Kind::Call
                | Kind::Type
                | Kind::ConfigBlock
                | Kind::Catch
                | Kind::Text
        ) || (node.kind == Kind::Interp && self.source_of(node) == "$el__e");
        let macro_call = node.kind == Kind::Raw && self.source_of(node).starts_with("el__e!");
        let lone = node.kind != Kind::Raw || text::is_lone_ellipsis(self.source_of(node));
        // `key:` with `...` below it has any value, be it a list, a mapping or a scalar.
        let value = self.language == Language::Yaml
            && node.role == Role::Value
            && matches!(node.kind, Kind::Dict | Kind::List)
            && !self.source_of(node).starts_with(['[', '{']);
        // Go shares a type among parameters: `..., x T` gives the ellipsis the type.
        let dotted_param = node.kind == Kind::Param
            && significant.iter().any(|pid| self.nodes[*pid as usize].role == Role::Name && is_ellipsis(pid));
        if (ellipsis && (value || (wrapper && lone))) || macro_call || dotted_param {
            return Some(self.push(node, Meta::Ellipsis, Vec::new()));
        }
        let [single] = significant.as_slice() else { return None };
        let meta = self.nodes[*single as usize].meta.clone();
        let many = matches!(meta, Meta::Many(_));
        let whole = self.nodes[*single as usize].text.trim() == self.source_of(node).trim();
        if many && wrapper && (node.kind != Kind::Raw || whole) {
            return Some(self.push(node, meta, Vec::new()));
        }
        let same_text = self.nodes[*single as usize].text.trim_end_matches(';')
            == self.source_of(node).trim_end_matches(';');
        let any = matches!(meta, Meta::Any(_) | Meta::Deep(_) | Meta::Typed { .. });
        let named_inside =
            self.language == Language::Dockerfile && self.nodes[*single as usize].role == Role::Name;
        if any && same_text && !named_inside && matches!(node.kind, Kind::Raw | Kind::Type) {
            return Some(self.push(node, meta, Vec::new()));
        }
        None
    }

    fn string(&mut self, node: &Node) -> Pid {
        let whole = self.source_of(node).to_owned();
        let (open, close) = ((node.aux >> 16) as usize, (node.aux & 0xffff) as usize);
        let contents = whole.get(open..whole.len().saturating_sub(close)).unwrap_or_default();
        if let Some(placeholder) = contents.strip_prefix('@').and_then(Placeholder::read) {
            return self.placeholder(node, placeholder);
        }
        let restored = text::restore(contents);
        let bare = node.aux & 0xffff == 0 && self.language == Language::Yaml;
        let own = if bare { restored.trim().to_owned() } else { restored };
        let regex = own.strip_prefix("=~/").and_then(|rest| rest.rsplit_once('/'));
        let quoted = whole.starts_with('`')
            || whole.starts_with("$\"")
            || (self.language == Language::Python && whole.starts_with(['f', 'F']));
        let meta = if own == "..." && quoted {
            Meta::AnyTemplate
        } else if own == "..." && (node.aux != 0 || self.language != Language::Yaml) {
            Meta::AnyString
        } else if let Some((body, options)) = regex {
            let prefix = if options.contains('i') { "(?i)" } else { "" };
            match Regex::new(&format!("{prefix}{body}")) {
                Ok(regex) => Meta::StringRegex(regex),
                Err(_) => Meta::Plain,
            }
        } else if is_metavar(&own) {
            Meta::StringVar(self.var(&own))
        } else {
            Meta::Plain
        };
        // Numbers of one value have one symbol; so do literals with their placeholders restored.
        let changed = own != contents;
        let node = if changed { Node { symbol: symbol(&own), ..*node } } else { *node };
        self.push(&node, meta, Vec::new())
    }

    fn word(&mut self, node: &Node) {
        let word = self.source_of(node).trim_start_matches(['$', '@', ':', '#']);
        // PHP does not tell the case of functions apart.
        if self.language == Language::Php && node.role == Role::Callee {
            return;
        }
        let plain = word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain && !matches!(word, "this" | "self" | "var" | "undefined") {
            self.words.insert(word.to_owned());
        }
    }
}

fn is_metavar(text: &str) -> bool {
    let Some(name) = text.strip_prefix('$') else { return false };
    let name = name.strip_prefix("...").unwrap_or(name);
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
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
