//! Swift.

mod declarations;

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};
use declarations::{class, closure_parameters, function, modifiers, parameter, property, user_type};

pub(super) const TABLE: &str = "
source_file -> =
statements -> Block ..:Stmt
function_declaration, init_declaration, deinit_declaration, protocol_function_declaration -> !
lambda_literal -> !
for_statement, if_statement, guard_statement, while_statement, repeat_while_statement -> !
switch_statement -> Switch expr:Cond #switch_entry:Case
switch_entry, do_statement, catch_block, control_transfer_statement -> !
parameter -> !
class_declaration, protocol_declaration -> !
inheritance_specifier -> =
class_body, enum_class_body, protocol_body -> ClassBody ..:Stmt
property_declaration -> !
call_expression -> !
navigation_expression -> !
user_type, pattern -> !
simple_identifier, type_identifier, self_expression, super_expression -> Name text
identifier -> !
import_declaration -> !
line_string_literal, multi_line_string_literal, raw_string_literal -> !
integer_literal, hex_literal, bin_literal, oct_literal, real_literal -> Num num
boolean_literal -> Bool text
assignment -> !
additive_expression, multiplicative_expression, comparison_expression, equality_expression, conjunction_expression, disjunction_expression -> Binary lhs:Left rhs:Right op=op
nil_coalescing_expression -> Binary value:Left if_nil:Right op
ternary_expression -> Ternary condition:Cond if_true:Then if_false:Else
range_expression, postfix_expression, tuple_expression, dictionary_literal -> !
as_expression -> Cast expr:Value #as_operator:~ ..:Type
check_expression -> TypeTest target:Value ..:Type
prefix_expression -> Unary target:Operand op=operation
array_literal -> List ..:Elem
attribute, try_expression, await_expression -> !
computed_getter, computed_setter, willset_clause, didset_clause -> !
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "function_declaration"
        | "init_declaration"
        | "deinit_declaration"
        | "protocol_function_declaration" => {
            function(cx, node, role);
        }
        "parameter" => parameter(cx, node, role),
        "class_declaration" | "protocol_declaration" => class(cx, node, role),
        "lambda_literal" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            if let Some(signature) = node.child_by_field_name("type") {
                closure_parameters(cx, signature, 0);
            }
            body(cx, node, Role::Body);
            cx.close();
        }
        "property_declaration" => property(cx, node, role),
        // What computes a property or looks at it.
        "computed_getter" | "computed_setter" | "willset_clause" | "didset_clause" => {
            cx.open(Open::at(Kind::Func, role, node));
            body(cx, node, Role::Body);
            cx.close();
        }
        "import_declaration" => {
            cx.open(Open::at(Kind::Import, role, node));
            for child in Lowering::named(node) {
                match child.kind() {
                    "modifiers" => modifiers(cx, child),
                    _ => cx.child(child, Role::Module),
                }
            }
            cx.close();
        }
        "attribute" => {
            let children = Lowering::named(node);
            cx.open(Open::at(Kind::Decorator, role, node));
            for (at, child) in children.into_iter().enumerate() {
                cx.child(child, if at == 0 { Role::Value } else { Role::Arg });
            }
            cx.close();
        }
        "call_expression" => {
            cx.open(Open::at(Kind::Call, role, node));
            for (at, child) in Lowering::named(node).into_iter().enumerate() {
                if at == 0 {
                    cx.child(child, Role::Callee);
                } else {
                    arguments(cx, child);
                }
            }
            cx.close();
        }
        "navigation_expression" => {
            cx.open(Open::at(Kind::Member, role, node));
            if let Some(target) = node.named_child(0) {
                cx.child(target, Role::Object);
            }
            if let Some(suffix) = node.child_by_field_name("suffix") {
                cx.field(suffix, "suffix", Role::Property);
            }
            cx.close();
        }
        "user_type" => user_type(cx, node, role),
        "pattern" => pattern(cx, node, role),
        "identifier" => cx.dotted(&Lowering::named(node), role),
        "line_string_literal" | "multi_line_string_literal" | "raw_string_literal" => {
            cx.string(node, role, Lowering::named(node), |part| part.kind().contains("interpol"));
        }
        "assignment" => {
            let children = Lowering::named(node);
            let operator = node.child_by_field_name("operator").map_or("=", |own| cx.text_of(own));
            let plain = operator == "=";
            let open = Open::at(if plain { Kind::Assign } else { Kind::AugAssign }, role, node);
            cx.open(open.symbol(if plain { 0 } else { symbol(operator) }));
            for (child, role) in children.into_iter().zip([Role::Left, Role::Right]) {
                if child.kind() == "directly_assignable_expression" {
                    cx.splice(child, role);
                } else {
                    cx.child(child, role);
                }
            }
            cx.close();
        }
        "try_expression" | "await_expression" => {
            let kind = if node.kind() == "try_expression" { Kind::Raw } else { Kind::Await };
            cx.open(Open::at(kind, role, node));
            if let Some(inner) = Lowering::named(node).last() {
                cx.child(*inner, Role::Value);
            }
            cx.close();
        }
        // Ranges with and without their end read alike.
        "range_expression" => {
            cx.open(Open::at(Kind::Binary, role, node).symbol(symbol("..")));
            cx.field(node, "start", Role::Left);
            cx.field(node, "end", Role::Right);
            cx.close();
        }
        "postfix_expression" => {
            let operator = node.child_by_field_name("operation").map_or("", |own| cx.text_of(own));
            let symbol = symbol(&format!("postfix {operator}"));
            cx.open(Open::at(Kind::Unary, role, node).symbol(symbol));
            cx.field(node, "target", Role::Operand);
            cx.close();
        }
        "tuple_expression" => match Lowering::named(node).as_slice() {
            [only] => cx.child(*only, role),
            _ => {
                cx.open(Open::at(Kind::Tuple, role, node));
                cx.splice(node, Role::Elem);
                cx.close();
            }
        },
        "dictionary_literal" => {
            cx.open(Open::at(Kind::Dict, role, node));
            let mut cursor = node.walk();
            let keys: Vec<_> = node.children_by_field_name("key", &mut cursor).collect();
            let mut cursor = node.walk();
            let values: Vec<_> = node.children_by_field_name("value", &mut cursor).collect();
            for (key, value) in keys.into_iter().zip(values) {
                let pair = Open::at(Kind::Pair, Role::Pair, key);
                cx.open(pair.range(key.start_byte(), value.end_byte()).kind_of("pair"));
                cx.child(key, Role::Key);
                cx.child(value, Role::Value);
                cx.close();
            }
            cx.close();
        }
        _ => statement(cx, node, role),
    }
}

fn statement<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "control_transfer_statement" => {
            let word = node.child(0).map_or("", |word| cx.text_of(word));
            let kind = match word {
                "return" => Kind::Return,
                "throw" => Kind::Throw,
                "break" => Kind::Break,
                "continue" => Kind::Continue,
                _ => return cx.raw(node, role),
            };
            cx.open(Open::at(kind, role, node));
            for child in Lowering::named(node) {
                if child.kind() != "throw_keyword" {
                    cx.child(child, Role::Value);
                }
            }
            cx.close();
        }
        // `guard a else { b }` is `if !a { b }`.
        "if_statement" | "guard_statement" => {
            cx.open(Open::at(Kind::If, role, node));
            let negated = node.kind() == "guard_statement";
            if negated {
                cx.open(Open::at(Kind::Unary, Role::Cond, node).symbol(symbol("!")));
            }
            conditions(cx, node, if negated { Role::Operand } else { Role::Cond });
            if negated {
                cx.close();
            }
            branches(cx, node);
            cx.close();
        }
        "while_statement" => {
            cx.open(Open::at(Kind::While, role, node));
            conditions(cx, node, Role::Cond);
            body(cx, node, Role::Body);
            cx.close();
        }
        "repeat_while_statement" => {
            cx.open(Open::at(Kind::DoWhile, role, node));
            body(cx, node, Role::Body);
            cx.field(node, "condition", Role::Cond);
            cx.close();
        }
        "for_statement" => {
            cx.open(Open::at(Kind::ForEach, role, node));
            let guard = Lowering::named(node).into_iter().find(|child| child.kind() == "where_clause");
            if let Some(item) = node.child_by_field_name("item") {
                guarded(
                    cx,
                    item,
                    guard.and_then(|guard| Lowering::named(guard).last().copied()),
                    Role::Target,
                );
            }
            cx.field(node, "collection", Role::Iter);
            body(cx, node, Role::Body);
            cx.close();
        }
        "switch_entry" => {
            cx.open(Open::at(Kind::Case, role, node));
            let children = Lowering::named(node);
            let guard = children.iter().position(|child| child.kind() == "where_keyword");
            let guard = guard.and_then(|at| children.get(at + 1)).copied();
            for child in &children {
                match child.kind() {
                    "switch_pattern" => {
                        let own = child.named_child(0).unwrap_or(*child);
                        guarded(cx, own, guard, Role::Value);
                    }
                    "statements" => cx.splice(*child, Role::Stmt),
                    _ => {}
                }
            }
            cx.close();
        }
        "do_statement" => {
            let handlers = Lowering::named(node).into_iter().filter(|child| child.kind() == "catch_block");
            let handlers: Vec<_> = handlers.collect();
            if handlers.is_empty() {
                return body(cx, node, role);
            }
            cx.open(Open::at(Kind::Try, role, node));
            body(cx, node, Role::Body);
            for handler in handlers {
                cx.child(handler, Role::Catch);
            }
            cx.close();
        }
        "catch_block" => {
            cx.open(Open::at(Kind::Catch, role, node));
            cx.field(node, "error", Role::Value);
            body(cx, node, Role::Body);
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

/// The statements between a node's own braces.
fn body<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match Lowering::named(node).into_iter().find(|child| child.kind() == "statements") {
        Some(statements) => cx.child(statements, role),
        None => {
            let end = node.end_byte();
            cx.leaf(Open::at(Kind::Block, role, node).range(end, end).kind_of("statements"));
        }
    }
}

/// The branches of `if`, in braces each.
fn branches<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let mut cursor = node.walk();
    let children: Vec<_> = node.children(&mut cursor).collect();
    let is_else = |child: &Syntax<'_>| child.kind() == "else";
    let guard = node.kind() == "guard_statement";
    let middle = children.iter().position(is_else).filter(|_| !guard).unwrap_or(children.len());
    let (then, rest) = children.split_at(middle);
    for (part, own) in [(then, Role::Then), (rest, Role::Else)] {
        let found = part.iter().find(|child| matches!(child.kind(), "statements" | "if_statement"));
        match (found, part.last()) {
            (Some(found), _) => cx.child(*found, own),
            (None, Some(last)) => {
                let end = last.end_byte();
                cx.leaf(Open::at(Kind::Block, own, *last).range(end, end).kind_of("statements"));
            }
            (None, None) => {}
        }
    }
}

/// Conditions, which commas join; `let a = b` takes a value apart.
fn conditions<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let mut parts: Vec<Vec<Syntax<'t>>> = vec![Vec::new()];
    for child in node.children(&mut cursor).skip(1) {
        match child.kind() {
            "{" | "else" | "statements" => break,
            "," => parts.push(Vec::new()),
            _ if child.is_extra() => {}
            _ => parts.last_mut().expect("there is a first part").push(child),
        }
    }
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
    let start = first.first().map_or(node.start_byte(), Syntax::start_byte);
    let end = last.last().map_or(start, Syntax::end_byte);
    for at in (1..parts.len()).rev() {
        let own = if at + 1 == parts.len() { role } else { Role::Left };
        let end = parts[at].last().map_or(end, Syntax::end_byte);
        let open = Open::at(Kind::Binary, own, node).range(start, end);
        cx.open(open.symbol(symbol("&&")).kind_of("conjunction_expression"));
    }
    for (at, part) in parts.iter().enumerate() {
        let own = match at {
            0 if parts.len() == 1 => role,
            0 => Role::Left,
            _ => Role::Right,
        };
        condition(cx, part, own);
        if at > 0 {
            cx.close();
        }
    }
}

fn condition<'t>(cx: &mut Lowering<'t>, part: &[Syntax<'t>], role: Role) {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return };
    let binds = first.kind() == "value_binding_pattern" || first.kind() == "case";
    if !binds {
        let found = part.iter().find(|child| child.is_named());
        return if let Some(found) = found {
            cx.child(*found, role)
        };
    }
    let equals = part.iter().position(|child| child.kind() == "=").unwrap_or(part.len());
    let open = Open::at(Kind::Assign, role, *first).range(first.start_byte(), last.end_byte());
    cx.open(open.flags(flag::DECL | flag::CONST).symbol(symbol(first.kind())).kind_of("let_pattern"));
    let names: Vec<_> = part[1..equals].iter().filter(|child| child.is_named()).collect();
    match names.as_slice() {
        [only] => cx.child(**only, Role::Left),
        _ => {
            let start = part.get(1).map_or(first.end_byte(), Syntax::start_byte);
            let end = part[equals - 1].end_byte();
            let open = Open::at(Kind::Raw, Role::Left, *first).range(start, end).kind_of("case_pattern");
            cx.open(open);
            for name in names {
                cx.child(*name, Role::Child);
            }
            cx.close();
        }
    }
    if let Some(value) = part.get(equals + 1..).and_then(|rest| rest.iter().find(|child| child.is_named())) {
        cx.child(*value, Role::Right);
    }
    cx.close();
}

/// A pattern, with what must hold besides.
fn guarded<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, guard: Option<Syntax<'t>>, role: Role) {
    let Some(guard) = guard else { return cx.child(node, role) };
    let open = Open::at(Kind::Raw, role, node).range(node.start_byte(), guard.end_byte());
    cx.open(open.kind_of("guarded_pattern"));
    cx.child(node, Role::Value);
    cx.child(guard, Role::Filter);
    cx.close();
}

/// A name that is bound, or what takes a value apart.
fn pattern<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let plain = node.child_count() as usize == children.len();
    match (children.as_slice(), node.child(0).map(|first| first.kind())) {
        ([only], _) if plain => cx.child(*only, role),
        (_, Some("(")) => {
            cx.open(Open::at(Kind::Tuple, role, node).symbol(symbol("pattern")));
            cx.splice(node, Role::Elem);
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

fn arguments<'t>(cx: &mut Lowering<'t>, suffix: Syntax<'t>) {
    let mut label = None;
    for list in Lowering::named(suffix) {
        match (list.kind(), label.take()) {
            ("value_arguments", _) => {}
            // Another closure behind the first one has a name.
            ("simple_identifier", _) => {
                label = Some(list);
                continue;
            }
            (_, Some(label)) => {
                let open = Open::at(Kind::KwArg, Role::Arg, label);
                cx.open(open.range(label.start_byte(), list.end_byte()).kind_of("value_argument"));
                cx.name(label, Role::Key);
                cx.child(list, Role::Value);
                cx.close();
                continue;
            }
            (_, None) => {
                cx.child(list, Role::Arg);
                continue;
            }
        }
        for argument in Lowering::named(list) {
            let value = argument.child_by_field_name("value");
            match (argument.child_by_field_name("name"), value) {
                (Some(name), Some(value)) => {
                    cx.open(Open::at(Kind::KwArg, Role::Arg, argument));
                    cx.name(name, Role::Key);
                    cx.child(value, Role::Value);
                    cx.close();
                }
                (_, Some(value)) => cx.child(value, Role::Arg),
                _ => cx.raw(argument, Role::Arg),
            }
        }
    }
}
