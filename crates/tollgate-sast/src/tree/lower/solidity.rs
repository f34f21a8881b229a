//! Solidity.

mod operators;

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, number_symbol, symbol};

pub(super) const TABLE: &str = "
expression, statement, expression_statement, parenthesized_expression, call_argument, revert_arguments -> =
block_statement -> Block #unchecked:Modifier ..:Stmt
unchecked -> Modifier text
function_body, yul_block -> Block ..:Stmt
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
pragma_directive -> !
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
event_definition -> !
event_parameter -> !
error_parameter -> Param type:Type name:Name
error_declaration -> Raw op name:Name ..:Param
parameter -> !
return_parameter -> Param type:Type name:Name
state_variable_declaration, constant_variable_declaration -> !
visibility, state_mutability, virtual, override_specifier, state_location, immutable -> Modifier text
variable_declaration_statement -> !
variable_declaration -> Declare type:Type name:Name +decl
variable_declaration_tuple -> !
assembly_statement, yul_assignment, yul_if_statement -> !
yul_path -> =
call_expression, member_expression, array_access -> !
call_struct_argument -> KwArg name:Key value:Value
struct_expression -> !
struct_field_assignment -> KwArg name:Key value:Value
payable_conversion_expression -> !
type_cast_expression -> !
new_expression -> New name:Callee ..:Arg
identifier, primitive_type, user_defined_type, yul_identifier, yul_evm_builtin, number_unit -> Name text
type_name -> !
string_literal -> Str str
string -> Str str
hex_string_literal, unicode_string_literal -> Raw text
number_literal -> !
boolean_literal -> Bool text
unary_expression, binary_expression -> !
update_expression -> AugAssign argument:Left op=operator
assignment_expression -> Assign left:Left right:Right
augmented_assignment_expression -> AugAssign left:Left right:Right op
ternary_expression -> Ternary ..:Child
tuple_expression -> Tuple ..:Elem
inline_array_expression -> List ..:Elem
using_directive -> Raw op
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
            let modifies = node.kind() == "modifier_definition";
            let own = if modifies { symbol("modifier") } else { 0 };
            cx.open(Open::at(Kind::Func, role, node).flags(flag::METHOD).symbol(own));
            if let Some(word) = node.child(0).filter(|_| modifies) {
                cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(own));
            }
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
            let (Some((parent, arguments)), text) = (children.split_first(), cx.text_of(node)) else {
                return;
            };
            if !text.ends_with(')') {
                return cx.child(*parent, role);
            }
            cx.open(Open::at(Kind::WithItem, role, node));
            cx.child(*parent, Role::Value);
            for argument in arguments {
                cx.child(*argument, Role::Arg);
            }
            cx.close();
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
        "revert_statement" => revert(cx, node, role),
        "call_expression" | "member_expression" | "array_access" => {
            if !operators::regrouped(cx, node, role) {
                access(cx, node, role);
            }
        }
        "binary_expression" | "unary_expression" => {
            if operators::regrouped(cx, node, role) {
                return;
            }
            let symbol = operator(cx, node);
            let kind = if node.kind() == "unary_expression" { Kind::Unary } else { Kind::Binary };
            cx.open(Open::at(kind, role, node).symbol(symbol));
            cx.field(node, "left", Role::Left);
            cx.field(node, "right", Role::Right);
            cx.field(node, "argument", Role::Operand);
            cx.close();
        }
        "pragma_directive" => pragma(cx, node, role),
        // What `emit` calls reads like a function without a body.
        "event_definition" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::METHOD));
            keywords(cx, node);
            cx.field(node, "name", Role::Name);
            for child in Lowering::named(node) {
                if child.kind() == "event_parameter" {
                    cx.child(child, Role::Param);
                }
            }
            cx.close();
        }
        "event_parameter" | "parameter" => {
            cx.open(Open::at(Kind::Param, role, node));
            keywords(cx, node);
            cx.field(node, "location", Role::Modifier);
            cx.field(node, "type", Role::Type);
            cx.field(node, "name", Role::Name);
            cx.close();
        }
        // What is taken apart is no tuple.
        "variable_declaration_tuple" => {
            cx.open(Open::at(Kind::Tuple, role, node).symbol(symbol("pattern")));
            cx.splice(node, Role::Elem);
            cx.close();
        }
        "payable_conversion_expression" => {
            cx.open(Open::at(Kind::Call, role, node));
            if let Some(word) = node.child(0) {
                cx.name(word, Role::Callee);
            }
            cx.splice(node, Role::Arg);
            cx.close();
        }
        // Hexadecimal numbers are told apart from others of the same value.
        "number_literal" => {
            let text = cx.text_of(node).trim();
            let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
            let own = if hexadecimal { symbol(&text.to_ascii_lowercase()) } else { number_symbol(text) };
            cx.leaf(Open::at(Kind::Num, role, node).symbol(own));
        }
        "assembly_statement" => {
            cx.open(Open::at(Kind::Raw, role, node));
            let mut cursor = node.walk();
            let brace = node.children(&mut cursor).find(|child| child.kind() == "{");
            let start = brace.map_or_else(|| node.start_byte(), |brace| brace.start_byte());
            let block = Open::at(Kind::Block, Role::Body, node).range(start, node.end_byte());
            cx.open(block.kind_of("yul_block"));
            for child in Lowering::named(node) {
                if child.kind() != "assembly_flags" && child.kind() != "string" {
                    cx.child(child, Role::Stmt);
                }
            }
            cx.close();
            cx.close();
        }
        "yul_assignment" => {
            let parts = Lowering::named(node);
            let Some((value, targets)) = parts.split_last() else { return cx.raw(node, role) };
            cx.open(Open::at(Kind::Assign, role, node));
            for target in targets {
                cx.child(*target, Role::Left);
            }
            cx.child(*value, Role::Right);
            cx.close();
        }
        "yul_if_statement" => {
            cx.open(Open::at(Kind::If, role, node));
            for child in Lowering::named(node) {
                cx.child(child, if child.kind() == "yul_block" { Role::Then } else { Role::Cond });
            }
            cx.close();
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
            let open = Open::at(Kind::Assign, role, node).range(node.start_byte(), value.end_byte());
            cx.open(open.flags(flag::DECL));
            if declared.kind() == "variable_declaration" {
                cx.field(declared, "location", Role::Modifier);
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
            cx.open(Open::at(Kind::Cast, role, node));
            for (at, child) in children.into_iter().enumerate() {
                cx.child(child, if at == 0 { Role::Type } else { Role::Value });
            }
            cx.close();
        }
        "type_name" => {
            let children = Lowering::named(node);
            let plain = children.len() == 1 && node.child_count() == 1;
            match children.first() {
                Some(only) if plain => cx.child(*only, role),
                _ if node.child(0).is_some_and(|word| word.kind() == "mapping") => {
                    cx.open(Open::at(Kind::Raw, role, node).kind_of("mapping"));
                    cx.splice(node, Role::Child);
                    cx.close();
                }
                _ => cx.raw(node, role),
            }
        }
        _ => cx.raw(node, role),
    }
}

/// `revert(x)` is a call; `revert Failed(x)` calls what `revert(Failed)` gives, and throws it.
fn revert<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let Some(word) = node.child(0) else { return cx.raw(node, role) };
    let error = node.child_by_field_name("error");
    let is_call = error.is_none_or(|error| cx.text_of(error).starts_with('('));
    if is_call {
        cx.open(Open::at(Kind::Call, role, node));
        cx.name(word, Role::Callee);
        cx.splice(node, Role::Arg);
        return cx.close();
    }
    cx.open(Open::at(Kind::Throw, role, node));
    cx.open(Open::at(Kind::Call, Role::Value, node));
    if let Some(error) = error {
        cx.open(Open::at(Kind::Call, Role::Callee, node).range(node.start_byte(), error.end_byte()));
        cx.name(word, Role::Callee);
        cx.child(error, Role::Arg);
        cx.close();
    }
    for child in Lowering::named(node) {
        if Some(child) != error {
            cx.child(child, Role::Arg);
        }
    }
    cx.close();
    cx.close();
}

/// What a call, member or element is taken of.
fn taken_of(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let field = match node.kind() {
        "call_expression" => "function",
        "member_expression" => "object",
        "array_access" => "base",
        _ => return None,
    };
    node.child_by_field_name(field).and_then(bare)
}

/// An expression without the node that the grammar wraps it in.
fn bare(node: Syntax<'_>) -> Option<Syntax<'_>> {
    if node.kind() == "expression" { node.named_child(0) } else { Some(node) }
}

fn operator(cx: &Lowering<'_>, node: Syntax<'_>) -> u64 {
    node.child_by_field_name("operator").map_or(0, |operator| symbol(cx.text_of(operator)))
}

/// What a call, member or element is, and what it is taken of and the rest are to it.
fn taking(node: Syntax<'_>) -> (Kind, Role, Role) {
    match node.kind() {
        "call_expression" => (Kind::Call, Role::Callee, Role::Arg),
        "member_expression" => (Kind::Member, Role::Object, Role::Property),
        _ => (Kind::Index, Role::Object, Role::Index),
    }
}

/// Arguments, a property or an index: what follows what a node is taken of.
fn rest<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let (_, _, role) = taking(node);
    let end = taken_of(node).map_or(0, |taken| taken.end_byte());
    for child in Lowering::named(node) {
        if child.start_byte() >= end {
            cx.child(child, role);
        }
    }
}

/// A call, member or element.
fn access<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let Some(taken) = taken_of(node) else { return cx.raw(node, role) };
    let (kind, own, _) = taking(node);
    cx.open(Open::at(kind, role, node));
    cx.child(taken, own);
    rest(cx, node);
    cx.close();
}

/// `pragma solidity >=0.4 <0.9`: the versions of the language one by one, another pragma as it is.
fn pragma<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let text = cx.text_of(node);
    let own = text.strip_prefix("pragma").unwrap_or_default().trim_end_matches(';').trim();
    let (name, versions) = own.split_once(char::is_whitespace).unwrap_or((own, ""));
    if name.trim_end_matches('_') != "solidity" {
        return cx.leaf(Open::at(Kind::Raw, role, node).symbol(symbol(own)));
    }
    cx.open(Open::at(Kind::Raw, role, node).symbol(symbol("solidity")));
    let base = node.start_byte() + text.find(versions).unwrap_or(0);
    let is_operator = |c: char| matches!(c, '^' | '~' | '<' | '>' | '=');
    let mut at = 0;
    while let Some(rest) = versions.get(at..).filter(|rest| !rest.is_empty()) {
        let skipped = rest.len() - rest.trim_start().len();
        if skipped > 0 {
            at += skipped;
            continue;
        }
        let operator = rest.find(|c| !is_operator(c)).unwrap_or(rest.len());
        let gap = rest[operator..].len() - rest[operator..].trim_start().len();
        let start = operator + gap;
        let length = rest[start..].find(|c: char| c.is_whitespace() || is_operator(c));
        let end = length.map_or(rest.len(), |length| start + length);
        if end <= start {
            break;
        }
        let version = |role| {
            let leaf = Open::at(Kind::Str, role, node).range(base + at + start, base + at + end);
            leaf.symbol(symbol(&rest[start..end]))
        };
        if operator > 0 {
            let open = Open::at(Kind::Unary, Role::Child, node).range(base + at, base + at + end);
            cx.open(open.symbol(symbol(&rest[..operator])));
            cx.leaf(version(Role::Operand));
            cx.close();
        } else {
            cx.leaf(version(Role::Child));
        }
        at += end;
    }
    cx.close();
}

/// Modifiers that the grammar leaves as bare words.
fn keywords<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let mut cursor = node.walk();
    let words: Vec<_> = node.children(&mut cursor).filter(|child| !child.is_named()).collect();
    for word in words {
        if matches!(
            word.kind(),
            "payable"
                | "public"
                | "internal"
                | "private"
                | "external"
                | "constant"
                | "immutable"
                | "indexed"
                | "anonymous"
        ) {
            let symbol = symbol(word.kind());
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol));
        }
    }
}
