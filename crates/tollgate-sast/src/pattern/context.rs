//! Where a pattern may stand: the surroundings that make a fragment parse.

use std::sync::LazyLock;

use regex::Regex;
use tollgate_core::{Cancel, Language};

use super::{Dialect, Kind, NodeId, Prepared, Tree, Variant, lower, text};
use crate::tree::lower::Grammar;

pub(super) struct Parsed {
    pub(super) prepared: Prepared,
    /// The prepared text in its surroundings.
    pub(super) source: String,
    pub(super) tree: Tree,
    pub(super) roots: Vec<NodeId>,
    pub(super) statement: bool,
}

type Surroundings = &'static [(&'static str, &'static str)];

/// Surroundings in the order they are tried.
fn surroundings(language: Language) -> Surroundings {
    match language {
        Language::Python => &[
            ("", ""),
            ("", " el__e"),
            ("", "\n  el__e"),
            ("", "\ndef el__e(): pass"),
            ("try:\n  el__e\n", ""),
            ("try:\n  el__e\n", "\n  el__e"),
            ("f__(", ")"),
            ("def f__(", "): pass"),
            ("f__ = {", "}"),
            ("if el__e:\n  el__e\n", ""),
        ],
        Language::Javascript | Language::Typescript => &[
            ("", ""),
            ("(", ")"),
            ("class A__ {", "}"),
            ("", " class A__ {}"),
            ("class A__ {", " f__() {} }"),
            ("class A__ {", " {} }"),
            ("", " {}"),
            ("try {} ", ""),
            ("try {} ", " finally {}"),
            ("", " catch (e) {}"),
            ("({", "})"),
            ("let f__: ", ""),
            ("switch (x) {", "}"),
            ("if (x) {} ", ""),
            ("<a ", "/>"),
        ],
        Language::Java | Language::Apex => &[
            ("", ""),
            ("", ";"),
            ("class A__ {", "}"),
            ("class A__ { void f__() {", "}}"),
            ("class A__ { void f__() {", ";}}"),
            ("class A__ { void f__() { Object x__ = ", ";}}"),
            ("", " class A__ {}"),
            ("class A__ {", " void f__() {} }"),
            ("class A__ {", " {} }"),
            ("", " {}"),
            ("try {} ", ""),
            ("", " catch (E e) {}"),
            ("try {} ", " catch (E e) {}"),
            ("if (x) {} ", ""),
            ("switch (x) {", "}"),
            ("f__(", ");"),
            ("class A__ { @A(", ") int f; }"),
            ("class A__ { ", " x__; }"),
            ("class A__ { A__() {", ";}}"),
        ],
        Language::Go => &[
            ("", ""),
            ("", "\n"),
            ("package p\n", ""),
            ("package p\nfunc f__() {\n", "\n}"),
            ("package p\nfunc f__() { x__ := ", "\n}"),
            ("package p\nvar x__ ", ""),
            ("package p\nvar x__ = ", ""),
            ("", " {}"),
            ("package p\nfunc f__() { f__(", ") }"),
            ("package p\nfunc f__() { x__ := T{", "} }"),
            ("package p\nfunc f__() { switch x {", "} }"),
            ("package p\ntype T struct {", "}"),
            ("package p\nfunc f__() { if x {} ", "}"),
        ],
        Language::C | Language::Cpp => &[
            ("void f__() {", "}"),
            ("void f__() {", ";}"),
            ("", ""),
            ("", "\n"),
            ("", ";"),
            ("void f__() { f__(", "); }"),
            ("", " {}"),
            ("struct A__ {", "};"),
            ("void f__() { x__ = ", "; }"),
            ("void f__() { switch (x) {", "} }"),
            ("void f__() { if (x) {} ", "}"),
            ("int x__[] = ", ";"),
            ("int ", ";"),
        ],
        Language::Csharp => &[
            ("", ""),
            ("", ";"),
            ("class A__ {", "}"),
            ("class A__ { void f__() {", "}}"),
            ("class A__ { void f__() {", ";}}"),
            ("class A__ { object x__ = ", ";}"),
            ("", " class A__ {}"),
            ("class A__ {", " void f__() {} }"),
            ("class A__ {", " {} }"),
            ("", " {}"),
            ("try {} ", ""),
            ("try {} ", " finally {}"),
            ("f__(", ");"),
            ("class A__ { [A(", ")] int f; }"),
            ("if (x) {} ", ""),
            ("class A__ { int x__ { ", " } }"),
        ],
        Language::Php => &[
            ("<?php ", ""),
            ("<?php ", ";"),
            ("<?php class A__ {", "}"),
            ("<?php class A__ {", "{} }"),
            ("<?php f__(", ");"),
            ("<?php ", " {}"),
            ("<?php $x__ = [", "];"),
            ("", ""),
        ],
        Language::Kotlin => &[
            ("", ""),
            ("class A__ {\n", "\n}"),
            ("fun f__() {\n", "\n}"),
            ("val x__ = ", ""),
            ("", " {}"),
            ("f__(", ")"),
            ("", "\nclass A__"),
        ],
        Language::Rust => &[
            ("fn f__() {", "}"),
            ("fn f__() {", ";}"),
            ("", ""),
            ("impl A__ {", "}"),
            ("", " fn f__() {}"),
            ("", " {}"),
            ("fn f__() { let x__: ", "; }"),
            ("fn f__() { f__(", "); }"),
            ("", ";"),
        ],
        Language::Scala => &[
            ("", ""),
            ("object A__ {\n", "\n}"),
            ("object A__ { def f__() = {\n", "\n}}"),
            ("val x__ = ", ""),
            ("", " {}"),
            ("f__(", ")"),
        ],
        Language::Swift => &[
            ("", ""),
            ("func f__() {\n", "\n}"),
            ("class A__ {\n", "\n}"),
            ("let x__ = ", ""),
            ("f__(", ")"),
            ("", " {}"),
        ],
        Language::Solidity => &[
            ("contract A__ { function f__() public {", "}}"),
            ("contract A__ { function f__() public {", ";}}"),
            ("contract A__ {", "}"),
            ("", ""),
            ("contract A__ {", " {} }"),
            ("contract A__ { function f__() public { x__ = ", "; }}"),
            ("contract A__ {", "; }"),
            ("", "{}"),
            ("contract A__ { function f__() public { f__(", "); }}"),
            ("", ";"),
        ],
        Language::Ruby => &[
            ("", ""),
            ("", "\nend"),
            ("begin\n", "\nend"),
            ("f__(", ")"),
            ("x__ = {", "}"),
            ("x__ = ", ""),
            ("class A__\n", "\nend"),
        ],
        Language::Terraform => {
            &[("", ""), ("x__ = ", ""), ("a__ {\n", "\n}"), ("x__ = {", "}"), ("x__ = \"${", "}\"")]
        }
        Language::Json => &[("", ""), ("{", "}"), ("[", "]")],
        Language::Elixir => &[("", ""), ("f__(", ")"), ("x__ = ", ""), ("%{", "}")],
        Language::Dart => &[
            ("", ""),
            ("f__() {", "}"),
            ("f__() {", ";}"),
            ("", ";"),
            ("class A__ {", "}"),
            ("f__() { x__ = ", ";}"),
            ("f__() { f__(", "); }"),
            ("", " {}"),
        ],
        Language::Ocaml => &[("", ""), ("let f__ = ", ""), ("let f__ () = ", ""), ("type t = ", "")],
        Language::Html | Language::Xml => &[("", ""), ("<a ", "></a>"), ("<a>", "</a>")],
        Language::Dockerfile => &[("", ""), ("", "\n"), ("FROM a__\n", "\n")],
        Language::Bash => &[("", ""), ("", "\n"), ("x__=", "\n")],
        Language::Yaml => &[("", ""), ("", "\n"), ("- ", "")],
    }
}

/// The tree of a pattern in the first surroundings that make it parse, or where the first attempt broke.
pub(super) fn parse(language: Language, pattern: &str) -> Result<Parsed, usize> {
    let mut first_error = None;
    let variants = [
        Variant::default(),
        Variant { capital: true, ..Variant::default() },
        Variant { bare: true, ..Variant::default() },
    ];
    let tries = match language {
        Language::Php => &[variants[0], variants[2], variants[1]][..],
        Language::Ruby | Language::Ocaml | Language::Scala | Language::Rust | Language::Swift => {
            &variants[..2]
        }
        _ => &variants[..1],
    };
    for variant in tries {
        let prepared = text::prepare(language, pattern, *variant);
        for dialect in dialects(language) {
            let grammar = lower::grammar(language, *dialect).ok_or(0_usize)?;
            if let Some(parsed) = attempt_all(grammar, language, pattern, &prepared, &mut first_error) {
                return Ok(parsed);
            }
        }
    }
    if let Some(text) = terminated(language, pattern) {
        let prepared = text::prepare(language, &text, variants[0]);
        for dialect in dialects(language) {
            let grammar = lower::grammar(language, *dialect).ok_or(0_usize)?;
            if let Some(parsed) = attempt_all(grammar, language, &text, &prepared, &mut first_error) {
                return Ok(parsed);
            }
        }
    }
    // What is no instruction is a command.
    if language == Language::Dockerfile {
        return parse(Language::Bash, pattern).map_err(|_| first_error.unwrap_or(0));
    }
    Err(first_error.unwrap_or(0))
}

/// The pattern with a semicolon behind what ends a block without one.
fn terminated(language: Language, pattern: &str) -> Option<String> {
    static LAST: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"([)\]\w"'])(\s*\})"#).expect("pattern is a literal"));
    let wants = matches!(
        language,
        Language::Solidity
            | Language::Java
            | Language::Apex
            | Language::C
            | Language::Cpp
            | Language::Csharp
            | Language::Php
            | Language::Dart
    );
    let text = LAST.replace_all(pattern, "$1;$2");
    (wants && text != pattern).then(|| text.into_owned())
}

const fn dialects(language: Language) -> &'static [Dialect] {
    match language {
        Language::Typescript => &[Dialect::Tsx, Dialect::Plain],
        _ => &[Dialect::Plain],
    }
}

fn attempt_all(
    grammar: &Grammar,
    language: Language,
    pattern: &str,
    prepared: &Prepared,
    first_error: &mut Option<usize>,
) -> Option<Parsed> {
    let all = surroundings(language);
    let starts_object =
        pattern.starts_with('{') && matches!(language, Language::Javascript | Language::Typescript);
    // What reads as a label or a match may be meant as an entry.
    let entry = match language {
        Language::Go => is_entry(pattern, ":").then_some("package p\nfunc f__() { x__ := T{"),
        // Not a method of this name.
        Language::Javascript | Language::Typescript if is_clause(pattern) => Some("try {} "),
        Language::Javascript | Language::Typescript => {
            let object = pattern.split_once(':').is_some_and(|(_, value)| value.trim().starts_with('{'));
            // A label before an object is no code anybody writes.
            let first = if object { pattern.lines().next().unwrap_or_default() } else { pattern };
            is_entry(first, ":").then_some("({")
        }
        Language::Ruby => is_entry(pattern, "=>").then_some("x__ = {"),
        // Outside functions these are names like others.
        Language::Swift => {
            ["throw ", "return "].iter().any(|word| pattern.starts_with(word)).then_some("func f__() {\n")
        }
        Language::Html | Language::Xml => is_attribute(pattern).then_some("<a "),
        _ => None,
    };
    let entry = entry.and_then(|wanted| all.iter().position(|(prefix, _)| *prefix == wanted));
    let order: Vec<usize> = if let Some(first) = entry {
        std::iter::once(first).chain((0..all.len()).filter(|at| *at != first)).collect()
    } else if starts_object {
        std::iter::once(1).chain((0..all.len()).filter(|at| *at != 1)).collect()
    } else {
        (0..all.len()).collect()
    };
    for at in order {
        let (prefix, suffix) = all[at];
        let source = format!("{prefix}{}{suffix}", prepared.text);
        let Ok(tree) = crate::tree::parse_text(grammar, &source, &Cancel::new()) else { continue };
        if tree.root_node().has_error() {
            let error = first_error_offset(tree.root_node()).saturating_sub(prefix.len());
            first_error.get_or_insert(error.min(pattern.len()));
            continue;
        }
        let Ok(lowered) = lower::lower(grammar, &tree, &source, &Cancel::new()) else { continue };
        let end = prefix.len() + prepared.text.len();
        let slack = usize::from(suffix.starts_with([';', '\n']));
        let roots = roots(&lowered, prefix.len(), end + slack);
        if roots.is_empty() {
            continue;
        }
        let roots = unwrap_pair(&lowered, language, &prepared.text, roots);
        let statement = pattern.ends_with(';') || (suffix.is_empty() && at == 0 && roots.len() > 1);
        return Some(Parsed { prepared: prepared.clone(), source, tree: lowered, roots, statement });
    }
    None
}

/// Whether a pattern is a `catch` clause alone.
fn is_clause(pattern: &str) -> bool {
    let rest = pattern.trim_start().strip_prefix("catch").map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with(['(', '{']))
}

/// Whether a pattern of markup is an attribute alone.
fn is_attribute(pattern: &str) -> bool {
    let Some((name, value)) = pattern.trim().split_once('=') else { return false };
    let named = |c: char| c.is_alphanumeric() || matches!(c, '$' | '_' | '-' | ':' | '.' | '@');
    !name.is_empty() && name.trim_end().chars().all(named) && value.trim_start().starts_with(['"', '\'', '$'])
}

/// Whether a pattern is one `key: value` or `key => value` on one line.
fn is_entry(pattern: &str, separator: &str) -> bool {
    let Some((key, value)) = pattern.trim().split_once(separator) else { return false };
    let plain = key.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | ':' | '"' | '\''));
    plain
        && !key.trim().is_empty()
        && !value.starts_with('=')
        && !value.trim().is_empty()
        && !pattern.contains('\n')
}

fn first_error_offset(root: tree_sitter::Node<'_>) -> usize {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return node.start_byte();
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return 0;
            }
        }
    }
}

/// A YAML mapping of one pair stands for the pair wherever it is.
fn unwrap_pair(tree: &Tree, language: Language, source: &str, roots: Vec<NodeId>) -> Vec<NodeId> {
    let [root] = roots.as_slice() else { return roots };
    if language != Language::Yaml {
        return roots;
    }
    if tree.node(*root).kind == Kind::List {
        // One item of a list stands for that item of any list.
        let items: Vec<NodeId> = tree.children(*root).collect();
        let dots = source.trim().trim_matches(['[', ']']).trim() == "el__e";
        return if items.len() == 1 && !dots { items } else { roots };
    }
    if tree.node(*root).kind != Kind::Dict {
        return roots;
    }
    let pairs: Vec<NodeId> = tree.children(*root).collect();
    if pairs.len() == 1 { pairs } else { roots }
}

/// The largest nodes inside the pattern's own text.
fn roots(tree: &Tree, start: usize, end: usize) -> Vec<NodeId> {
    let mut roots = Vec::new();
    let mut at = 1;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        let inside = node.start as usize >= start && node.end as usize <= end;
        if inside && !(node.kind == Kind::Block && node.has(crate::tree::flag::SYNTH)) {
            roots.push(NodeId(at as u32));
            at = node.next as usize;
        } else {
            at += 1;
        }
    }
    roots
}
