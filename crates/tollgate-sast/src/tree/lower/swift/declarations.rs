//! Declarations of Swift: functions, classes, properties and their types.

use tree_sitter::Node as Syntax;

use super::super::{Kind, Lowering, Open, Role, flag, symbol};
use super::body;

pub(super) fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        if child.kind() == "attribute" {
            cx.child(child, Role::Decorator);
        } else {
            let symbol = symbol(cx.text_of(child));
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, child).symbol(symbol).kind_of("modifier"));
        }
    }
}

pub(super) fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Func, role, node).kind_of("function_declaration"));
    let children = Lowering::named(node);
    for child in children.iter().filter(|child| child.kind() == "modifiers") {
        modifiers(cx, *child);
    }
    if let Some(name) = node.child_by_field_name("name").or_else(|| node.child(0)) {
        cx.name(name, Role::Name);
    }
    for child in &children {
        match child.kind() {
            "parameter" => cx.child(*child, Role::Param),
            "type_parameters" => cx.child(*child, Role::TypeParam),
            _ => {}
        }
    }
    let mut cursor = node.walk();
    let mut result = node.children(&mut cursor).skip_while(|child| child.kind() != "->").skip(1);
    if let Some(result) = result.find(|child| child.is_named() && child.kind() != "function_body") {
        cx.child(result, Role::ReturnType);
    }
    if let Some(inner) = node.child_by_field_name("body") {
        body(cx, inner, Role::Body);
    }
    cx.close();
}

/// The name that callers use says nothing about the parameter.
pub(super) fn parameter<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let children: Vec<_> = node.children(&mut cursor).collect();
    let rest = children.last().is_some_and(|last| last.kind() == "...");
    cx.open(Open::at(Kind::Param, role, node).symbol(if rest { symbol("...") } else { 0 }));
    let colon = children.iter().position(|child| child.kind() == ":").unwrap_or(children.len());
    let (names, types) = children.split_at(colon);
    cx.field(node, "external_name", Role::Key);
    if let Some(name) = names.iter().rev().find(|child| child.is_named()) {
        cx.child(*name, Role::Name);
    }
    for child in types.iter().filter(|child| child.is_named()) {
        cx.child(*child, if child.kind() == "parameter_modifiers" { Role::Attr } else { Role::Type });
    }
    cx.close();
}

/// Classes, structures, extensions and actors are one; enumerations say so, protocols are their own.
pub(super) fn class<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let word = node.child_by_field_name("declaration_kind");
    let kind = word.map_or("", |word| cx.text_of(word));
    let own = if kind == "protocol" { "protocol" } else { "class" };
    cx.open(Open::at(Kind::Class, role, node).symbol(symbol(own)).kind_of("class_declaration"));
    let children = Lowering::named(node);
    for child in children.iter().filter(|child| child.kind() == "modifiers") {
        modifiers(cx, *child);
    }
    if let Some(word) = word.filter(|_| kind == "enum") {
        cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol("enum")).kind_of("modifier"));
    }
    cx.field(node, "name", Role::Name);
    for child in &children {
        match child.kind() {
            "type_parameters" => cx.child(*child, Role::TypeParam),
            "inheritance_specifier" => cx.child(*child, Role::Extends),
            _ => {}
        }
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}

/// A type by name, dotted or with arguments.
pub(super) fn user_type<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let names: Vec<_> = children.iter().copied().filter(|child| child.kind() == "type_identifier").collect();
    let arguments = children.iter().find(|child| child.kind() == "type_arguments");
    match (names.as_slice(), arguments) {
        ([only], Some(arguments)) => {
            let symbol = symbol(cx.text_of(*only));
            cx.open(Open::at(Kind::Name, role, node).symbol(symbol).kind_of("type_identifier"));
            cx.splice(*arguments, Role::TypeArg);
            cx.close();
        }
        ([], _) => cx.raw(node, role),
        (names, _) => cx.dotted(names, role),
    }
}

/// `let a = 1, b: T`: one declaration for each name.
pub(super) fn property<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let children: Vec<_> = node.children(&mut cursor).collect();
    let mut flags = flag::DECL;
    let mut word = None;
    for child in children.iter().filter(|child| child.kind() == "value_binding_pattern") {
        flags |= if cx.text_of(*child) == "let" { flag::CONST } else { flag::VAR };
        word = Some(*child);
    }
    let first = children.iter().position(|child| child.kind() == "pattern").unwrap_or(0);
    let own = children.get(first..).unwrap_or_default();
    for (at, part) in own.split(|child| child.kind() == ",").enumerate() {
        let Some(name) = part.first().filter(|name| name.kind() == "pattern") else { continue };
        let named = |field: &str| {
            let mut cursor = node.walk();
            node.children_by_field_name(field, &mut cursor).find(|child| part.contains(child))
        };
        let value = named("value").or_else(|| named("computed_value"));
        let (kind, left) =
            if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
        let apart = if cx.text_of(*name).starts_with('(') { symbol("apart") } else { 0 };
        let end = part.last().map_or(node.end_byte(), Syntax::end_byte);
        cx.open(Open::at(kind, role, node).range(node.start_byte(), end).flags(flags).symbol(apart));
        for child in children.iter().filter(|child| at == 0 && child.kind() == "modifiers") {
            modifiers(cx, *child);
        }
        if let Some(word) = word {
            let symbol = symbol(cx.text_of(word));
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol).kind_of("modifier"));
        }
        for child in part {
            if child.kind() == "type_annotation" {
                cx.splice(*child, Role::Type);
            }
        }
        cx.child(*name, left);
        match value {
            Some(value) if value.kind() == "computed_property" => computed(cx, value),
            Some(value) => cx.child(value, Role::Right),
            None => {}
        }
        for child in part {
            if child.kind() == "willset_didset_block" {
                cx.splice(*child, Role::Attr);
            }
        }
        cx.close();
    }
}

fn computed<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let plain = Lowering::named(node).iter().any(|child| child.kind() == "statements");
    if plain {
        return body(cx, node, Role::Right);
    }
    cx.open(Open::at(Kind::Block, Role::Right, node).kind_of("statements"));
    cx.splice(node, Role::Stmt);
    cx.close();
}

/// Parameters stand deep inside of what says how a closure is called.
pub(super) fn closure_parameters<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, depth: u8) {
    for child in Lowering::named(node) {
        if child.kind() == "lambda_parameter" {
            cx.open(Open::at(Kind::Param, Role::Param, child));
            match child.child_by_field_name("name") {
                Some(name) => cx.child(name, Role::Name),
                None => cx.splice(child, Role::Name),
            }
            cx.field(child, "type", Role::Type);
            cx.close();
        } else if depth < 3 && child.kind().starts_with("lambda_function_type") {
            closure_parameters(cx, child, depth + 1);
        }
    }
}
