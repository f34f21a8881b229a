//! Solidity.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};

pub(super) const TABLE: &str = "
expression, statement, expression_statement, parenthesized_expression, call_argument, revert_arguments -> =
block_statement, function_body, unchecked -> Block ..:Stmt
if_statement -> !
while_statement -> While condition:Cond body:{}Body
do_while_statement -> DoWhile condition:Cond body:{}Body
for_statement -> For initial:Init condition:Cond update:Update body:{}Body
try_statement -> Try attempt:Item body:Body #catch_clause:Catch ..:Param
catch_clause -> Catch body:Body ..:Type
return_statement -> Return ..:Value
break_statement -> Break
continue_statement -> Continue
emit_statement -> Raw op name:Callee ..:Arg
revert_statement -> !
import_directive -> Import source:Module alias:Alias import_name:Item
pragma_directive -> Raw op
solidity_pragma_token, any_pragma_token -> Raw text
contract_declaration -> !
interface_declaration, library_declaration -> Class op name:Name #inheritance_specifier:Extends body:Body
inheritance_specifier -> !
struct_declaration, enum_declaration -> Class op name:Name body:Body
contract_body, struct_body, enum_body -> ClassBody ..:Stmt
struct_member -> Declare type:Type name:Name +field
enum_value -> Name text
function_definition, constructor_definition, modifier_definition, fallback_receive_definition -> !
return_type_definition -> =
modifier_invocation -> !
event_definition -> Raw op name:Name ..:Param
event_parameter, error_parameter -> Param type:Type name:Name
error_declaration -> Raw op name:Name ..:Param
parameter, return_parameter -> Param type:Type name:Name
state_variable_declaration, constant_variable_declaration -> !
visibility, state_mutability, virtual, override_specifier, state_location, immutable -> Modifier text
variable_declaration_statement -> !
variable_declaration -> Declare type:Type name:Name +decl
variable_declaration_tuple -> Tuple ..:Elem
call_expression -> Call function:Callee ..:Arg
call_struct_argument -> KwArg name:Key value:Value
struct_expression -> !
struct_field_assignment -> KwArg name:Key value:Value
payable_conversion_expression -> Call op ..:Arg
type_cast_expression -> !
new_expression -> New name:Callee ..:Arg
member_expression -> Member object:Object property:Property
array_access -> Index base:Object index:Index
identifier, primitive_type, user_defined_type, yul_identifier, yul_evm_builtin, number_unit -> Name text
type_name -> !
string_literal -> Str str
string -> Str str
hex_string_literal, unicode_string_literal -> Str str
number_literal -> Num num
boolean_literal -> Bool text
unary_expression -> Unary argument:Operand op=operator
update_expression -> AugAssign argument:Left op=operator
binary_expression -> Binary left:Left right:Right op=operator
assignment_expression -> Assign left:Left right:Right
augmented_assignment_expression -> AugAssign left:Left right:Right op
ternary_expression -> Ternary ..:Child
tuple_expression -> Tuple ..:Elem
inline_array_expression -> List ..:Elem
using_directive -> Raw op
yul_block -> Block ..:Stmt
yul_function_call -> Call function:Callee ..:Arg
yul_variable_declaration -> Assign left:Left right:Right +decl
yul_decimal_number, yul_hex_number -> Num num
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "contract_declaration" => {
            cx.open(Open::at(Kind::Class, role, node).symbol(symbol("contract")));
            let mut cursor = node.walk();
            if let Some(word) = node.children(&mut cursor).find(|child| child.kind() == "abstract") {
                let symbol = symbol(cx.text_of(word));
                cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol));
            }
            cx.field(node, "name", Role::Name);
            for child in Lowering::named(node) {
                if child.kind() == "inheritance_specifier" {
                    cx.child(child, Role::Extends);
                }
            }
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "if_statement" => {
            cx.open(Open::at(Kind::If, role, node));
            cx.field(node, "condition", Role::Cond);
            let mut cursor = node.walk();
            for (child, role) in
                node.children_by_field_name("body", &mut cursor).zip([Role::Then, Role::Else])
            {
                let inner = child.named_child(0).filter(|_| child.kind() == "statement").unwrap_or(child);
                cx.block(inner, role);
            }
            cx.close();
        }
        "function_definition"
        | "constructor_definition"
        | "modifier_definition"
        | "fallback_receive_definition" => {
            let own = if node.kind() == "modifier_definition" { symbol("modifier") } else { 0 };
            cx.open(Open::at(Kind::Func, role, node).flags(flag::METHOD).symbol(own));
            for child in Lowering::named(node) {
                if matches!(
                    child.kind(),
                    "visibility"
                        | "state_mutability"
                        | "virtual"
                        | "override_specifier"
                        | "modifier_invocation"
                ) {
                    cx.child(child, Role::Modifier);
                }
            }
            keywords(cx, node);
            match (node.child_by_field_name("name"), node.child(0)) {
                (Some(name), _) => cx.name(name, Role::Name),
                (None, Some(word)) => cx.name(word, Role::Name),
                _ => {}
            }
            for child in Lowering::named(node) {
                if child.kind() == "parameter" {
                    cx.child(child, Role::Param);
                }
            }
            if let Some(result) = node.child_by_field_name("return_type") {
                cx.splice(result, Role::ReturnType);
            }
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "modifier_invocation" => {
            let children = Lowering::named(node);
            let Some((name, arguments)) = children.split_first() else { return };
            let called = cx.text_of(node).ends_with(')');
            cx.open(Open::at(Kind::Decorator, role, node));
            if called {
                cx.open(Open::at(Kind::Call, Role::Value, node));
            }
            cx.name(*name, if called { Role::Callee } else { Role::Value });
            for argument in arguments {
                cx.child(*argument, Role::Arg);
            }
            if called {
                cx.close();
            }
            cx.close();
        }
        "inheritance_specifier" => {
            let children = Lowering::named(node);
            for (at, child) in children.into_iter().enumerate() {
                cx.child(child, if at == 0 { role } else { Role::Arg });
            }
        }
        // `f{value: x}`: no call yet.
        "struct_expression" => {
            let callee = node.child_by_field_name("type");
            cx.open(Open::at(Kind::Call, role, node).symbol(symbol("{}")));
            for child in Lowering::named(node) {
                cx.child(child, if Some(child) == callee { Role::Callee } else { Role::Arg });
            }
            cx.close();
        }
        "revert_statement" => {
            let error = node.child_by_field_name("error");
            // `revert Failed(x)` throws what `Failed(x)` makes, `revert(x)` is a call.
            if error.is_some() {
                cx.open(Open::at(Kind::Throw, role, node));
            }
            let own = if error.is_some() { Role::Value } else { role };
            let mut open = Open::at(Kind::Call, own, node);
            match error {
                Some(error) => open = open.range(error.start_byte(), node.end_byte()),
                None => open = open.symbol(symbol("revert")),
            }
            cx.open(open);
            for child in Lowering::named(node) {
                cx.child(child, if Some(child) == error { Role::Callee } else { Role::Arg });
            }
            cx.close();
            if error.is_some() {
                cx.close();
            }
        }
        "state_variable_declaration" | "constant_variable_declaration" => {
            let value = node.child_by_field_name("value");
            let (kind, name_role) =
                if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
            cx.open(Open::at(kind, role, node).flags(flag::DECL | flag::FIELD));
            for child in Lowering::named(node) {
                if matches!(
                    child.kind(),
                    "visibility" | "state_location" | "immutable" | "override_specifier"
                ) {
                    cx.child(child, Role::Modifier);
                }
            }
            keywords(cx, node);
            cx.field(node, "type", Role::Type);
            cx.field(node, "name", name_role);
            if let Some(value) = value {
                cx.child(value, Role::Right);
            }
            cx.close();
        }
        "variable_declaration_statement" => {
            let value = node.child_by_field_name("value");
            let declared = Lowering::named(node).into_iter().find(|child| Some(*child) != value);
            let Some(declared) = declared else { return };
            let Some(value) = value else { return cx.child(declared, role) };
            cx.open(Open::at(Kind::Assign, role, node).flags(flag::DECL));
            if declared.kind() == "variable_declaration" {
                cx.field(declared, "type", Role::Type);
                cx.field(declared, "name", Role::Left);
            } else {
                cx.child(declared, Role::Left);
            }
            cx.child(value, Role::Right);
            cx.close();
        }
        "type_cast_expression" => {
            let children = Lowering::named(node);
            cx.open(Open::at(Kind::Call, role, node));
            for (at, child) in children.into_iter().enumerate() {
                cx.child(child, if at == 0 { Role::Callee } else { Role::Arg });
            }
            cx.close();
        }
        "type_name" => {
            let children = Lowering::named(node);
            let plain = children.len() == 1 && node.child_count() == 1;
            match children.first() {
                Some(only) if plain => cx.child(*only, role),
                _ => cx.raw(node, role),
            }
        }
        _ => cx.raw(node, role),
    }
}

/// Modifiers that the grammar leaves as bare words.
fn keywords<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let mut cursor = node.walk();
    let words: Vec<_> = node.children(&mut cursor).filter(|child| !child.is_named()).collect();
    for word in words {
        if matches!(
            word.kind(),
            "payable" | "public" | "internal" | "private" | "external" | "constant" | "immutable"
        ) {
            let symbol = symbol(word.kind());
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol));
        }
    }
}
