//! From the tree of a prepared pattern to pattern nodes.

use regex::Regex;
use rustc_hash::FxHashSet;
use tollgate_core::Language;

use super::text::{self, Placeholder, Prepared};
use super::{Meta, PatternNode, Pid, Var};
use crate::matching::Metavar;
use crate::names;
use crate::tree::{Kind, Node, NodeId, Role, Tree, flag, symbol};

pub(super) struct Builder<'a> {
    pub(super) language: Language,
    pub(super) source: &'a str,
    pub(super) prepared: &'a Prepared,
    pub(super) tree: &'a Tree,
    pub(super) nodes: Vec<PatternNode>,
    pub(super) metavars: Vec<Metavar>,
    pub(super) words: FxHashSet<String>,
    /// Whether `"..."` is any text in YAML.
    pub(super) text_dots: bool,
}

impl Builder<'_> {
    pub(super) fn depth(&self, root: NodeId) -> usize {
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
            // Scala takes it for any one expression.
            Placeholder::Many(name) if self.language == Language::Scala && node.role == Role::Arg => {
                Meta::Any(self.var(&name))
            }
            Placeholder::Many(name) => Meta::Many(self.var(&name)),
            // The name of an image is text and nothing else.
            Placeholder::Ellipsis if self.language == Language::Dockerfile && node.role == Role::Name => {
                Meta::AnyString
            }
            Placeholder::Ellipsis => Meta::Ellipsis,
            Placeholder::Typed(number) => {
                let (types, name) = self.prepared.typed.get(number).cloned().unwrap_or_default();
                // `struct $S *` binds a part of the type.
                let name_in_type = types.find('$').map(|at| {
                    let rest = &types[at + 1..];
                    let length = rest
                        .bytes()
                        .take_while(|byte| {
                            byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_'
                        })
                        .count();
                    types[at..at + 1 + length].to_owned()
                });
                let part = types.starts_with("struct $") || types.starts_with('$');
                let type_var = name_in_type.filter(|_| part).and_then(|name| self.var(&name));
                let types: Vec<String> =
                    types.split('|').map(|one| text::without_open_arguments(one.trim())).collect();
                if let ([only], None) = (types.as_slice(), type_var) {
                    self.words.extend(names::spelled(only).map(str::to_owned));
                }
                Meta::Typed { types, type_var, var: self.var(&name) }
            }
        };
        self.push(node, meta, Vec::new())
    }

    /// Recursion is bounded by [`super::MAX_DEPTH`].
    pub(super) fn convert(&mut self, id: NodeId) -> Pid {
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
            let pid = self.string(&node);
            if self.names_module(id, &node) && matches!(self.nodes[pid as usize].meta, Meta::Plain) {
                self.module(&node);
            }
            return pid;
        }
        if node.kind == Kind::Regex
            && let Some((body, "")) =
                text::restore(self.source_of(&node)).strip_prefix('/').and_then(|text| text.rsplit_once('/'))
        {
            // `/.../` is any regular expression, `/$X/` names its text.
            if body == "..." {
                return self.push(&node, Meta::StringVar(None), Vec::new());
            }
            if is_metavar(body) {
                let var = self.var(body);
                return self.push(&node, Meta::StringVar(var), Vec::new());
            }
        }
        if let Some(pid) = self.spelled_differently(id, &node) {
            return pid;
        }
        if node.kind == Kind::StrPart {
            let own = text::restore(self.source_of(&node));
            let dots = if self.language == Language::Scala { own.trim() } else { &own };
            let meta = if dots == "..." { Meta::Ellipsis } else { Meta::Plain };
            let node = Node { symbol: symbol(&own), ..node };
            return self.push(&node, meta, Vec::new());
        }
        if node.kind == Kind::List && self.language == Language::Json {
            let mut parts = tree.children(id);
            let deep =
                parts.next().is_some_and(|first| self.source_of(tree.node(first)).contains(text::DEEP));
            if deep && let Some(inner) = parts.next() {
                let inner = self.convert(inner);
                return self.push(&node, Meta::Deep(inner), Vec::new());
            }
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
                let typed = matches!(node.role, Role::Type | Role::ReturnType | Role::TypeArg)
                    && matches!(self.language, Language::Java | Language::Csharp)
                    && source.contains('<');
                let Placeholder::Metavar(metavar) = &placeholder else {
                    return self.placeholder(&node, placeholder);
                };
                if !typed {
                    return self.placeholder(&node, placeholder);
                }
                // `$T<A>` is a type that takes others.
                let var = self.var(metavar);
                let own = Node { role: Role::Name, ..node };
                let mut children = vec![self.push(&own, Meta::Any(var), Vec::new())];
                let arguments: Vec<NodeId> = tree.children(id).collect();
                children.extend(arguments.into_iter().map(|child| self.convert(child)));
                return self.push(&node, Meta::Plain, children);
            }
        }
        // What a shell sets for one command, and how it alters what it expands, is free.
        let shell = matches!(self.language, Language::Bash | Language::Dockerfile);
        let free = |child: &NodeId| {
            let aside = shell && matches!(node.kind, Kind::Interp | Kind::Call);
            // The name that callers of Swift use says nothing about a parameter.
            let label = self.language == Language::Swift && node.kind == Kind::Param;
            let role = tree.node(*child).role;
            (aside && role == Role::Attr) || (label && role == Role::Key)
        };
        let children: Vec<NodeId> = tree.children(id).filter(|child| !free(child)).collect();
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

    /// A command of a shell without arguments stands for its name.
    pub(super) fn command_name(&self, root: Pid) -> Pid {
        let node = &self.nodes[root as usize];
        match (self.language, node.kind, &node.groups[..]) {
            (Language::Bash | Language::Dockerfile, Kind::Call, [(Role::Callee, callee)])
                if matches!(node.meta, Meta::Plain)
                    && *self.nodes[callee[0] as usize].text == *self.prepared.text.trim() =>
            {
                callee[0]
            }
            _ => root,
        }
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
            // A piece of a word or string, whatever is expanded there.
            (Language::Bash | Language::Dockerfile, Kind::Interp)
                if self.source_of(node).strip_prefix('$').is_some_and(|name| {
                    !name.starts_with(['(', '{']) && Placeholder::read(name).is_some()
                }) =>
            {
                let placeholder = Placeholder::read(self.source_of(node))?;
                Some(self.placeholder(node, placeholder))
            }
            // `$(dp__e x)` stands for `<... x ...>`.
            (Language::Bash | Language::Dockerfile, Kind::Interp) => {
                let call = tree.children(id).next().filter(|call| tree.node(*call).kind == Kind::Call)?;
                let callee = tree.child(call, Role::Callee)?;
                let inner = tree.child(call, Role::Arg)?;
                (self.source_of(tree.node(callee)) == text::DEEP).then(|| {
                    let inner = self.convert(inner);
                    self.push(node, Meta::Deep(inner), Vec::new())
                })
            }
            (Language::Csharp, Kind::Call) => {
                let name = self.source_of(node).strip_suffix(text::STATEMENT)?.to_owned();
                let placeholder = Placeholder::read(&name)?;
                Some(self.placeholder(node, placeholder))
            }
            // An instruction of any kind.
            (Language::Dockerfile, Kind::Raw) => {
                let source = self.source_of(node);
                let name =
                    source.strip_prefix(text::INSTRUCTION).or_else(|| source.strip_prefix(text::CHECK));
                let name = name?.to_owned();
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
        let is_said = |pid: &Pid| {
            let own = &self.nodes[*pid as usize];
            let empty = node.kind == Kind::Catch && own.kind == Kind::Block && own.groups.is_empty();
            // `...` among attributes is not one that is true.
            let held = node.kind == Kind::Attribute && own.kind == Kind::Bool && own.text.is_empty();
            own.kind != Kind::Modifier && !empty && !(held && children.iter().any(is_ellipsis))
        };
        let significant: Vec<Pid> = children.iter().copied().filter(is_said).collect();
        let argued = node.kind == Kind::Call
            && significant.iter().any(|pid| self.nodes[*pid as usize].role == Role::Arg);
        let ellipsis = !argued && !significant.is_empty() && significant.iter().all(is_ellipsis);
        let wrapper = matches!(
            node.kind,
            Kind::Param
                | Kind::Pair
                | Kind::Declare
                | Kind::KwArg
                | Kind::Raw
                | Kind::Attribute
                | Kind::Case
                | Kind::CompFor
                | Kind::Assign
                | Kind::Call
                | Kind::Type
                | Kind::ConfigBlock
                | Kind::Catch
                | Kind::Text
                | Kind::ImportItem
        ) || (node.kind == Kind::Interp && self.source_of(node) == "$el__e")
            || (self.language == Language::Dockerfile
                && node.kind == Kind::Block
                && node.has(flag::SYNTH)
                && !self.source_of(node).trim_end().ends_with(';'));
        // `default: ...` is one branch, not any.
        let wrapper = wrapper && !(node.kind == Kind::Case && self.source_of(node).starts_with("default"));
        let macro_call = node.kind == Kind::Raw && self.source_of(node).starts_with("el__e!");
        let lone =
            !matches!(node.kind, Kind::Raw | Kind::Type) || text::is_lone_ellipsis(self.source_of(node));
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
        // Languages that want a type before the name get one.
        let many_named = significant.iter().copied().find(|pid| {
            let own = &self.nodes[*pid as usize];
            node.kind == Kind::Param && own.role == Role::Name && matches!(own.meta, Meta::Many(_))
        });
        if let Some(named) = many_named
            && significant.iter().all(|pid| *pid == named || is_ellipsis(pid))
        {
            let meta = self.nodes[named as usize].meta.clone();
            return Some(self.push(node, meta, Vec::new()));
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
        // `f[T]` takes types and nothing else.
        let type_argument = node.kind == Kind::Type && node.role == Role::Arg;
        let typed = self.language == Language::Scala && type_argument;
        if any && same_text && !typed && matches!(node.kind, Kind::Raw | Kind::Type) {
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
        let changed = restored != contents;
        let own = if bare { restored.trim().to_owned() } else { restored };
        let regex = own.strip_prefix("=~/").and_then(|rest| rest.rsplit_once('/'));
        let quoted = (whole.starts_with('`') && self.language != Language::Go)
            || (self.language == Language::Scala && !whole.starts_with('"'))
            || whole.starts_with("$\"")
            || (self.language == Language::Python && whole.starts_with(['f', 'F', 'b', 'B']));
        let meta = if own == "..." && quoted {
            Meta::AnyTemplate
        } else if own == "..." && (self.language != Language::Yaml || self.text_dots) {
            Meta::AnyString
        } else if let Some((body, options)) = regex {
            let prefix = if options.contains('i') { "(?i)" } else { "" };
            match Regex::new(&format!("{prefix}{body}")) {
                Ok(regex) => Meta::StringRegex(regex),
                Err(_) => Meta::Plain,
            }
        } else if is_metavar(&own) && self.language == Language::Json && node.role == Role::Key {
            // A key is bound with its quotes.
            Meta::Any(self.var(&own))
        } else if is_metavar(&own) {
            Meta::StringVar(self.var(&own))
        } else {
            Meta::Plain
        };
        // Numbers of one value have one symbol; so do literals with their placeholders restored.
        let changed = changed || (own != contents && self.language != Language::Yaml);
        let node = if changed { Node { symbol: symbol(&own), ..*node } } else { *node };
        self.push(&node, meta, Vec::new())
    }

    /// Whether a string is the name of what is imported.
    fn names_module(&self, id: NodeId, node: &Node) -> bool {
        let required = || {
            let callee = self.tree.parent(id).and_then(|call| self.tree.child(call, Role::Callee));
            callee.is_some_and(|callee| self.source_of(self.tree.node(callee)) == "require")
        };
        let scripts = matches!(self.language, Language::Javascript | Language::Typescript);
        node.role == Role::Module || scripts && node.role == Role::Arg && required()
    }

    fn module(&mut self, node: &Node) {
        let name = self.source_of(node).trim_matches(['"', '\'']);
        let is_end = |end: Option<char>| end.is_some_and(|own| own.is_ascii_alphanumeric());
        let is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b'.'));
        if name.len() > 1 && is_plain && is_end(name.chars().next()) && is_end(name.chars().next_back()) {
            self.words.insert(name.to_owned());
        }
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
