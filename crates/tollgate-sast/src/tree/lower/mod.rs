//! From a grammar's concrete syntax to the normalised tree.
//!
//! # How to add a language
//! 1. Write `tree/lower/<language>.rs` with `pub(super) const TABLE: &str`, and, when the table cannot say it,
//!    `pub(super) fn custom(cx: &mut Lowering, node: Node, role: Role)`.
//! 2. Add it to `grammar`.
//!
//! What a table may say stands in `table.rs`.

mod apex;
mod bash;
mod build;
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
mod table;
mod yaml;

use std::sync::OnceLock;

use tollgate_core::Language;
use tree_sitter::Node as Syntax;

use super::{Dialect, Kind, Node, ParseError, Role, Symbol, Tree, flag, symbol};
pub(crate) use build::{Lowering, Open, lower};
pub(crate) use table::Grammar;

type Custom = for<'t> fn(&mut Lowering<'t>, Syntax<'t>, Role);

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
