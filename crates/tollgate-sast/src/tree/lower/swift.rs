//! Swift.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag};

pub(super) const TABLE: &str = "
source_file, user_type -> =
statements -> Block ..:Stmt
function_declaration, init_declaration -> !
lambda_literal -> !
for_statement -> ForEach item:Target collection:Iter #statements:{}Body
parameter -> Param name:Name type:Type external_name:Key
class_declaration, protocol_declaration -> Class declaration_kind:~ name:Name body:Body #inheritance_specifier:Extends #modifiers:Modifier
class_body, enum_class_body, protocol_body -> ClassBody ..:Stmt
property_declaration -> !
call_expression -> !
navigation_expression -> !
simple_identifier, type_identifier, self_expression, super_expression -> Name text
identifier -> !
import_declaration -> Import ..:Module
line_string_literal, multi_line_string_literal, raw_string_literal -> !
integer_literal, hex_literal, bin_literal, oct_literal, real_literal -> Num num
boolean_literal -> Bool text
assignment -> !
additive_expression, multiplicative_expression, comparison_expression, equality_expression, conjunction_expression, disjunction_expression -> Binary lhs:Left rhs:Right op=op
prefix_expression -> Unary target:Operand op=operation
postfix_expression -> =
array_literal -> List ..:Elem
control_transfer_statement -> Raw op
modifiers -> Modifier text
try_expression, await_expression -> !
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "function_declaration" | "init_declaration" => {
            cx.open(Open::at(Kind::Func, role, node));
            for child in Lowering::named(node) {
                if child.kind() == "modifiers" {
                    cx.child(child, Role::Modifier);
                }
            }
            cx.field(node, "name", Role::Name);
            for child in Lowering::named(node) {
                if child.kind() == "parameter" {
                    cx.child(child, Role::Param);
                }
            }
            if let Some(body) = node.child_by_field_name("body") {
                match Lowering::named(body).first() {
                    Some(statements) => cx.block(*statements, Role::Body),
                    None => cx.leaf(Open::at(Kind::Block, Role::Body, body)),
                }
            }
            cx.close();
        }
        "lambda_literal" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            if let Some(signature) = node.child_by_field_name("type") {
                closure_parameters(cx, signature, 0);
            }
            for child in Lowering::named(node) {
                if child.kind() == "statements" {
                    cx.child(child, Role::Body);
                }
            }
            cx.close();
        }
        "property_declaration" => {
            let value = node.child_by_field_name("value");
            let (kind, name_role) =
                if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
            let mut cursor = node.walk();
            let mut flags = flag::DECL;
            for child in node.children(&mut cursor) {
                if child.kind() == "value_binding_pattern" {
                    flags |= if cx.text_of(child) == "let" { flag::CONST } else { flag::VAR };
                }
            }
            cx.open(Open::at(kind, role, node).flags(flags));
            if let Some(name) = node.child_by_field_name("name") {
                match name.child_by_field_name("bound_identifier") {
                    Some(bound) => cx.name(bound, name_role),
                    None => cx.child(name, name_role),
                }
            }
            for child in Lowering::named(node) {
                if child.kind() == "type_annotation" {
                    cx.splice(child, Role::Type);
                }
            }
            if let Some(value) = value {
                cx.child(value, Role::Right);
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
            cx.field(node, "target", Role::Object);
            if let Some(suffix) = node.child_by_field_name("suffix") {
                cx.field(suffix, "suffix", Role::Property);
            }
            cx.close();
        }
        "identifier" => cx.dotted(&Lowering::named(node), role),
        "line_string_literal" | "multi_line_string_literal" | "raw_string_literal" => {
            cx.string(node, role, Lowering::named(node), |part| part.kind().contains("interpol"));
        }
        "assignment" => {
            let children = Lowering::named(node);
            let mut cursor = node.walk();
            let plain = node.children(&mut cursor).any(|child| child.kind() == "=");
            cx.open(Open::at(if plain { Kind::Assign } else { Kind::AugAssign }, role, node));
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
            if let Some(inner) = Lowering::named(node).last() {
                cx.child(*inner, role);
            }
        }
        _ => cx.raw(node, role),
    }
}

fn arguments<'t>(cx: &mut Lowering<'t>, suffix: Syntax<'t>) {
    for list in Lowering::named(suffix) {
        if list.kind() != "value_arguments" {
            cx.child(list, Role::Arg);
            continue;
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

/// Parameters stand deep inside of what says how a closure is called.
fn closure_parameters<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, depth: u8) {
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
