//! Java.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};

pub(super) const TABLE: &str = "
expression_statement, parenthesized_expression -> =
block, constructor_body -> Block ..:Stmt
static_initializer -> Raw ..:Body
if_statement -> If condition:Cond consequence:{}Then alternative:{}Else
while_statement -> While condition:Cond body:{}Body
do_statement -> DoWhile condition:Cond body:{}Body
for_statement -> For init:Init condition:Cond update:Update body:{}Body
enhanced_for_statement -> ForEach #modifiers:~ type:Type name:Target value:Iter body:{}Body
switch_expression -> Switch condition:Cond body:*Case
switch_block_statement_group -> Case #switch_label:*Value ..:Stmt
switch_rule -> Case #switch_label:*Value ..:Stmt
try_statement -> Try body:Body #catch_clause:Catch #finally_clause:Finally
try_with_resources_statement -> Try resources:*Item body:Body #catch_clause:Catch #finally_clause:Finally
resource -> !
catch_clause -> !
finally_clause -> =
synchronized_statement -> With body:Body ..:Item
return_statement -> Return ..:Value
throw_statement -> Throw ..:Value
break_statement -> Break ..:Label
continue_statement -> Continue ..:Label
assert_statement -> Assert ..:Arg
labeled_statement -> Label ..:Body
import_declaration -> !
package_declaration -> Package ..:Module
method_declaration, constructor_declaration, compact_constructor_declaration -> !
class_declaration, interface_declaration, enum_declaration, record_declaration, annotation_type_declaration -> !
class_body, interface_body, enum_body, annotation_type_body -> ClassBody ..:Stmt
enum_body_declarations -> =
enum_constant -> Declare name:Name arguments:*Arg body:Body +field
field_declaration, constant_declaration, local_variable_declaration -> !
formal_parameter -> !
spread_parameter -> !
receiver_parameter -> ~
marker_annotation, annotation -> !
element_value_pair -> KwArg key:Key value:Value
element_value_array_initializer, array_initializer -> List ..:Elem
lambda_expression -> !
method_invocation -> !
explicit_constructor_invocation -> !
object_creation_expression -> !
array_creation_expression -> !
dimensions_expr -> =
dimensions -> Raw text
field_access -> Member object:Object field:Property
array_access -> Index array:Object index:Index
identifier, type_identifier, this, super, integral_type, floating_point_type, boolean_type, void_type -> Name text
scoped_identifier -> Member scope:Object name:Property
scoped_type_identifier -> !
generic_type -> !
array_type -> Type element:Type dimensions:Child
annotated_type -> !
string_literal -> Str str
character_literal -> Raw text
decimal_integer_literal, hex_integer_literal, octal_integer_literal, binary_integer_literal, decimal_floating_point_literal, hex_floating_point_literal -> Num num
true, false -> Bool text
null_literal -> Null text
unary_expression -> Unary operand:Operand op=operator
update_expression -> AugAssign op ..:Left
binary_expression -> Binary left:Left right:Right op=operator
assignment_expression -> !
ternary_expression -> Ternary condition:Cond consequence:Then alternative:Else
cast_expression -> Cast type:Type value:Value
instanceof_expression -> TypeTest left:Value right:Type name:Name pattern:Type
method_reference -> Raw op
class_literal -> Member ..:Object
superclass -> =
type_parameter -> !
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "import_declaration" => import(cx, node, role),
        "method_declaration" | "constructor_declaration" | "compact_constructor_declaration" => {
            method(cx, node, role);
        }
        "class_declaration"
        | "interface_declaration"
        | "enum_declaration"
        | "record_declaration"
        | "annotation_type_declaration" => class(cx, node, role),
        "field_declaration" | "constant_declaration" => variables(cx, node, role, flag::DECL | flag::FIELD),
        "local_variable_declaration" => variables(cx, node, role, flag::DECL),
        "resource" => {
            cx.open(Open::at(Kind::Assign, role, node).flags(flag::DECL));
            cx.field(node, "type", Role::Type);
            cx.field(node, "name", Role::Left);
            cx.field(node, "value", Role::Right);
            cx.close();
        }
        "formal_parameter" => {
            cx.open(Open::at(Kind::Param, role, node));
            for child in Lowering::named(node) {
                if child.kind() == "modifiers" {
                    cx.splice(child, Role::Modifier);
                    keywords(cx, child);
                }
            }
            cx.field(node, "type", Role::Type);
            cx.field(node, "name", Role::Name);
            cx.close();
        }
        "array_creation_expression" => {
            cx.open(Open::at(Kind::New, role, node).symbol(symbol("[]")));
            cx.field(node, "type", Role::Callee);
            let sizes = Lowering::named(node).into_iter().filter(|child| child.kind() == "dimensions_expr");
            for size in sizes {
                cx.child(size, Role::Arg);
            }
            cx.field(node, "value", Role::Arg);
            cx.close();
        }
        "spread_parameter" => {
            cx.open(Open::at(Kind::Param, role, node).symbol(symbol("...")));
            for child in Lowering::named(node) {
                match child.kind() {
                    "modifiers" => cx.splice(child, Role::Modifier),
                    "variable_declarator" => cx.field(child, "name", Role::Name),
                    _ => cx.child(child, Role::Type),
                }
            }
            cx.close();
        }
        "catch_clause" => {
            cx.open(Open::at(Kind::Catch, role, node));
            for child in Lowering::named(node) {
                if child.kind() == "catch_formal_parameter" {
                    for part in Lowering::named(child) {
                        match part.kind() {
                            "catch_type" => cx.splice(part, Role::Type),
                            "modifiers" => {}
                            _ => cx.child(part, Role::Name),
                        }
                    }
                } else {
                    cx.child(child, Role::Body);
                }
            }
            cx.close();
        }
        "marker_annotation" | "annotation" => {
            cx.open(Open::at(Kind::Decorator, role, node));
            let arguments = cx.in_field(node, "arguments");
            if let Some(arguments) = arguments {
                cx.open(Open::at(Kind::Call, Role::Value, node));
                cx.field(node, "name", Role::Callee);
                cx.splice(arguments, Role::Arg);
                cx.close();
            } else {
                cx.field(node, "name", Role::Value);
            }
            cx.close();
        }
        "lambda_expression" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            if let Some(parameters) = cx.in_field(node, "parameters") {
                if parameters.kind() == "identifier" {
                    cx.child(parameters, Role::Param);
                } else {
                    cx.splice(parameters, Role::Param);
                }
            }
            if let Some(body) = cx.in_field(node, "body") {
                cx.block(body, Role::Body);
            }
            cx.close();
        }
        "method_invocation" => invocation(cx, node, role),
        "explicit_constructor_invocation" => {
            cx.open(Open::at(Kind::Call, role, node));
            cx.field(node, "constructor", Role::Callee);
            if let Some(arguments) = cx.in_field(node, "arguments") {
                cx.splice(arguments, Role::Arg);
            }
            cx.close();
        }
        "object_creation_expression" => {
            cx.open(Open::at(Kind::New, role, node));
            cx.field(node, "type", Role::Callee);
            if let Some(arguments) = cx.in_field(node, "arguments") {
                cx.splice(arguments, Role::Arg);
            }
            for child in Lowering::named(node) {
                if child.kind() == "class_body" {
                    cx.child(child, Role::Body);
                }
            }
            cx.close();
        }
        "generic_type" => {
            let parts = Lowering::named(node);
            let Some(name) = parts.first() else { return cx.raw(node, role) };
            if name.kind() == "type_identifier" {
                let symbol = symbol(cx.text_of(*name));
                cx.open(Open::at(Kind::Name, role, node).symbol(symbol));
                if let Some(arguments) = parts.get(1) {
                    cx.splice(*arguments, Role::TypeArg);
                }
                cx.close();
            } else {
                cx.child(*name, role);
            }
        }
        "scoped_type_identifier" => {
            let parts = Lowering::named(node);
            cx.open(Open::at(Kind::Member, role, node));
            for (at, part) in parts.iter().enumerate() {
                cx.child(*part, if at + 1 == parts.len() { Role::Property } else { Role::Object });
            }
            cx.close();
        }
        "type_parameter" => {
            let name = Lowering::named(node).into_iter().find(|child| child.kind() == "type_identifier");
            if let Some(name) = name {
                cx.name(name, role);
            }
        }
        "annotated_type" => {
            if let Some(inner) = Lowering::named(node).last() {
                cx.child(*inner, role);
            }
        }
        "assignment_expression" => cx.assignment(node, role),
        _ => cx.raw(node, role),
    }
}

fn import<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let wildcard = children.iter().any(|child| child.kind() == "asterisk");
    let mut cursor = node.walk();
    let is_static = node.children(&mut cursor).any(|child| child.kind() == "static");
    let open = Open::at(Kind::Import, role, node).symbol(if is_static { symbol("static") } else { 0 });
    cx.open(open.flags(if wildcard { flag::WILDCARD } else { 0 }));
    if let Some(name) = children.first() {
        cx.child(*name, Role::Module);
    }
    cx.close();
}

/// Modifiers: annotations are decorators, keywords are leaves.
fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let Some(modifiers) = Lowering::named(node).into_iter().find(|child| child.kind() == "modifiers") else {
        return;
    };
    let mut cursor = modifiers.walk();
    let children: Vec<_> = modifiers.children(&mut cursor).collect();
    for child in children {
        if child.is_named() {
            if !child.is_extra() {
                let role = if child.kind() == "modifier" { Role::Modifier } else { Role::Decorator };
                cx.child(child, role);
            }
        } else {
            let symbol = symbol(cx.text_of(child));
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, child).symbol(symbol));
        }
    }
}

/// The words among modifiers.
fn keywords<'t>(cx: &mut Lowering<'t>, modifiers: Syntax<'t>) {
    let mut cursor = modifiers.walk();
    for word in modifiers.children(&mut cursor).filter(|child| !child.is_named()) {
        let symbol = symbol(cx.text_of(word));
        cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol));
    }
}

fn method<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Func, role, node).flags(flag::METHOD));
    modifiers(cx, node);
    cx.field(node, "type", Role::ReturnType);
    cx.field(node, "name", Role::Name);
    if let Some(parameters) = cx.in_field(node, "parameters") {
        cx.splice(parameters, Role::Param);
    }
    for child in Lowering::named(node) {
        if child.kind() == "throws" {
            cx.splice(child, Role::Throws);
        }
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}

fn class<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let kind = match node.kind() {
        "interface_declaration" => symbol("interface"),
        "annotation_type_declaration" => symbol("@interface"),
        _ => 0,
    };
    cx.open(Open::at(Kind::Class, role, node).symbol(kind));
    modifiers(cx, node);
    if let Some(word @ ("enum" | "record")) = node.kind().split('_').next() {
        let mut cursor = node.walk();
        if let Some(token) = node.children(&mut cursor).find(|child| child.kind() == word) {
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, token).symbol(symbol(word)));
        }
    }
    cx.field(node, "name", Role::Name);
    if let Some(parameters) = cx.in_field(node, "type_parameters") {
        cx.splice(parameters, Role::TypeParam);
    }
    if let Some(parameters) = cx.in_field(node, "parameters") {
        cx.splice(parameters, Role::Param);
    }
    cx.field(node, "superclass", Role::Extends);
    if let Some(interfaces) = cx.in_field(node, "interfaces") {
        for list in Lowering::named(interfaces) {
            cx.splice(list, Role::Implements);
        }
    }
    for child in Lowering::named(node) {
        if child.kind() == "extends_interfaces" {
            for list in Lowering::named(child) {
                cx.splice(list, Role::Extends);
            }
        }
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}

fn variables<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    let mut cursor = node.walk();
    let declarators: Vec<_> = node.children_by_field_name("declarator", &mut cursor).collect();
    for (at, declarator) in declarators.iter().enumerate() {
        let value = cx.in_field(*declarator, "value");
        let (kind, name_role) =
            if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
        // Each is a declaration of its own and begins with the type; fields end before the semicolon.
        let whole = at + 1 == declarators.len() && node.kind() == "local_variable_declaration";
        let end = if whole { node.end_byte() } else { declarator.end_byte() };
        cx.open(Open::at(kind, role, *declarator).range(node.start_byte(), end).flags(flags));
        modifiers(cx, node);
        cx.field(node, "type", Role::Type);
        cx.field(*declarator, "name", name_role);
        if let Some(value) = value {
            cx.child(value, Role::Right);
        }
        cx.close();
    }
}

fn invocation<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Call, role, node));
    let name = cx.in_field(node, "name");
    match (cx.in_field(node, "object"), name) {
        (Some(object), Some(name)) => {
            let open = Open::at(Kind::Member, Role::Callee, node);
            cx.open(open.range(node.start_byte(), name.end_byte()));
            cx.child(object, Role::Object);
            cx.name(name, Role::Property);
            cx.close();
        }
        (None, Some(name)) => cx.name(name, Role::Callee),
        _ => {}
    }
    if let Some(arguments) = cx.in_field(node, "arguments") {
        cx.splice(arguments, Role::Arg);
    }
    cx.close();
}
