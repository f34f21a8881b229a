//! Elixir. Definitions and branches are calls of macros in the grammar; the common ones are told apart here.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};

pub(super) const TABLE: &str = "
source -> =
body, block -> Block ..:Stmt
do_block, else_block, after_block, rescue_block, catch_block -> Block ..:Stmt
call, binary_operator, string, pair, map, anonymous_function -> !
unary_operator -> !
dot -> Member left:Object right:Property
access_call -> Index target:Object key:Index
arguments, keywords, map_content -> =
list -> List ..:Elem
tuple -> Tuple ..:Elem
bitstring -> List ..:Elem
stab_clause -> Case left:*Value right:Body
identifier, alias, operator_identifier -> Name text
integer, float -> Num num
boolean -> Bool text
nil -> Null text
charlist -> Str str
";

const FUNCTIONS: [&str; 6] = ["def", "defp", "defmacro", "defmacrop", "defguard", "defguardp"];
/// Captured expressions are searched for placeholders no deeper than this.
const MAX_CAPTURE: u32 = 32;
const MODULES: [&str; 3] = ["defmodule", "defprotocol", "defimpl"];

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "call" => call(cx, node, role),
        "binary_operator" => binary(cx, node, role),
        "unary_operator" => unary(cx, node, role),
        "string" => cx.string(node, role, Lowering::named(node), |part| part.kind() == "interpolation"),
        "pair" => {
            let kind = if role == Role::Arg { Kind::KwArg } else { Kind::Pair };
            cx.open(Open::at(kind, role, node));
            if let Some(key) = node.child_by_field_name("key") {
                let name = cx.text_of(key).trim().trim_end_matches(':');
                let symbol = symbol(name);
                cx.leaf(
                    Open::at(Kind::Name, Role::Key, key)
                        .symbol(symbol)
                        .range(key.start_byte(), key.start_byte() + name.len()),
                );
            }
            cx.field(node, "value", Role::Value);
            cx.close();
        }
        "map" => {
            let children = Lowering::named(node);
            let record = children.iter().find(|child| child.kind() == "struct");
            cx.open(Open::at(if record.is_some() { Kind::New } else { Kind::Dict }, role, node));
            for child in &children {
                if child.kind() == "struct" {
                    cx.splice(*child, Role::Callee);
                } else {
                    cx.splice(*child, Role::Pair);
                }
            }
            cx.close();
        }
        "anonymous_function" => {
            let clauses = Lowering::named(node);
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            if let [clause] = clauses.as_slice() {
                if let Some(parameters) = clause.child_by_field_name("left") {
                    parameters_of(cx, parameters);
                }
                cx.field(*clause, "right", Role::Body);
            } else {
                cx.open(Open::at(Kind::Block, Role::Body, node).flags(flag::SYNTH));
                cx.open(Open::at(Kind::Switch, Role::Stmt, node));
                for clause in clauses {
                    cx.child(clause, Role::Case);
                }
                cx.close();
                cx.close();
            }
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

/// The arguments of a call that stand in its parentheses or after its name.
fn arguments(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let list = Lowering::named(node).into_iter().find(|child| child.kind() == "arguments");
    list.map(Lowering::named).unwrap_or_default()
}

fn do_block(node: Syntax<'_>) -> Option<Syntax<'_>> {
    Lowering::named(node).into_iter().find(|child| child.kind() == "do_block")
}

fn call<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let Some(target) = node.child_by_field_name("target") else { return cx.raw(node, role) };
    let word = if target.kind() == "identifier" { cx.text_of(target) } else { "" };
    let own = arguments(node);
    match (word, own.first(), do_block(node)) {
        (word, Some(head), body) if FUNCTIONS.contains(&word) => function(cx, node, *head, body, role),
        (word, Some(name), Some(body)) if MODULES.contains(&word) => {
            cx.open(Open::at(Kind::Class, role, node));
            cx.child(*name, Role::Name);
            cx.open(Open::at(Kind::ClassBody, Role::Body, body));
            cx.splice(body, Role::Stmt);
            cx.close();
            cx.close();
        }
        ("if" | "unless", Some(condition), Some(body)) => {
            cx.open(Open::at(Kind::If, role, node).symbol(u64::from(word == "unless")));
            cx.child(*condition, Role::Cond);
            cx.open(Open::at(Kind::Block, Role::Then, body));
            let (other, then): (Vec<_>, Vec<_>) =
                Lowering::named(body).into_iter().partition(|child| child.kind() == "else_block");
            for statement in then {
                cx.child(statement, Role::Stmt);
            }
            cx.close();
            for block in other {
                cx.child(block, Role::Else);
            }
            cx.close();
        }
        ("case", Some(value), Some(body)) => {
            cx.open(Open::at(Kind::Switch, role, node));
            cx.child(*value, Role::Cond);
            cx.splice(body, Role::Case);
            cx.close();
        }
        (_, _, body) => {
            cx.open(Open::at(Kind::Call, role, node));
            cx.child(target, Role::Callee);
            for argument in own {
                if argument.kind() == "keywords" {
                    cx.splice(argument, Role::Arg);
                } else {
                    cx.child(argument, Role::Arg);
                }
            }
            if let Some(body) = body {
                cx.child(body, Role::Body);
            }
            cx.close();
        }
    }
}

fn function<'t>(
    cx: &mut Lowering<'t>,
    node: Syntax<'t>,
    head: Syntax<'t>,
    body: Option<Syntax<'t>>,
    role: Role,
) {
    // `def f(x) when guard` has the guard as an operator around the head.
    let (head, guard) = match (head.child_by_field_name("left"), head.child_by_field_name("right")) {
        (Some(left), Some(right)) if head.kind() == "binary_operator" => (left, Some(right)),
        _ => (head, None),
    };
    cx.open(Open::at(Kind::Func, role, node));
    match head.child_by_field_name("target") {
        Some(name) if head.kind() == "call" => {
            cx.child(name, Role::Name);
            for parameter in arguments(head) {
                parameter_of(cx, parameter);
            }
        }
        _ => cx.child(head, Role::Name),
    }
    if let Some(guard) = guard {
        cx.child(guard, Role::Attr);
    }
    if let Some(body) = body {
        cx.child(body, Role::Body);
    } else if let Some(pair) = arguments(node)
        .into_iter()
        .filter(|argument| argument.kind() == "keywords")
        .flat_map(Lowering::named)
        .find(|pair| pair.kind() == "pair")
        && let Some(value) = pair.child_by_field_name("value")
    {
        cx.block(value, Role::Body);
    }
    cx.close();
}

fn parameters_of<'t>(cx: &mut Lowering<'t>, list: Syntax<'t>) {
    if list.kind() == "arguments" {
        for parameter in Lowering::named(list) {
            parameter_of(cx, parameter);
        }
    } else {
        parameter_of(cx, list);
    }
}

fn parameter_of<'t>(cx: &mut Lowering<'t>, parameter: Syntax<'t>) {
    cx.open(Open::at(Kind::Param, Role::Param, parameter));
    cx.child(parameter, Role::Name);
    cx.close();
}

/// `&(f(&1))` is a function; `&f/1` names one.
fn unary<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let operator = node.child_by_field_name("operator").map_or("", |operator| cx.text_of(operator));
    let operand = node.child_by_field_name("operand");
    let captures = operator == "&"
        && operand.is_some_and(|own| {
            matches!(own.kind(), "call" | "block" | "tuple" | "list" | "map" | "string" | "binary_operator")
                && !is_reference(cx, own)
        });
    if operator == "&" && operand.is_some_and(|own| own.kind() == "integer") {
        let symbol = symbol(cx.text_of(node));
        return cx.leaf(Open::at(Kind::Name, role, node).symbol(symbol));
    }
    if captures && let Some(operand) = operand {
        cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
        let mut seen: Vec<&str> = Vec::new();
        placeholders(cx, operand, &mut seen, 0);
        cx.block(operand, Role::Body);
        cx.close();
        return;
    }
    let symbol = symbol(operator);
    cx.open(Open::at(Kind::Unary, role, node).symbol(symbol));
    cx.field(node, "operand", Role::Operand);
    cx.close();
}

/// `name/1` or `Module.name/1`.
fn is_reference(cx: &Lowering<'_>, node: Syntax<'_>) -> bool {
    node.kind() == "binary_operator"
        && node.child_by_field_name("operator").is_some_and(|own| cx.text_of(own) == "/")
        && node.child_by_field_name("right").is_some_and(|own| own.kind() == "integer")
}

/// The parameters `&1`, `&2`, … that a captured expression names.
fn placeholders<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, seen: &mut Vec<&'t str>, depth: u32) {
    if depth > MAX_CAPTURE {
        return;
    }
    let is_placeholder = node.kind() == "unary_operator"
        && node.child_by_field_name("operand").is_some_and(|own| own.kind() == "integer");
    if is_placeholder {
        let text = cx.text_of(node);
        if text.starts_with('&') && !seen.contains(&text) {
            seen.push(text);
            cx.open(Open::at(Kind::Param, Role::Param, node));
            cx.leaf(Open::at(Kind::Name, Role::Name, node).symbol(symbol(text)));
            cx.close();
        }
        return;
    }
    for child in Lowering::named(node) {
        placeholders(cx, child, seen, depth + 1);
    }
}

fn binary<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let operator = node.child_by_field_name("operator").map_or("", |operator| cx.text_of(operator));
    let (kind, left, right) = match operator {
        "=" => (Kind::Assign, Role::Left, Role::Right),
        "=>" => (Kind::Pair, Role::Key, Role::Value),
        _ => (Kind::Binary, Role::Left, Role::Right),
    };
    let symbol = if kind == Kind::Binary { symbol(operator) } else { 0 };
    cx.open(Open::at(kind, role, node).symbol(symbol));
    cx.field(node, "left", left);
    cx.field(node, "right", right);
    cx.close();
}
