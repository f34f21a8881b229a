//! PHP.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
program, parenthesized_expression, expression_statement, named_type -> =
php_tag, php_end_tag -> ~
text, text_interpolation -> Text text
compound_statement, colon_block -> Block ..:Stmt
if_statement -> !
while_statement -> While condition:Cond body:{}Body
do_statement -> DoWhile condition:Cond body:{}Body
for_statement -> For initialize:Init condition:Cond update:Update body:{}Body
foreach_statement -> !
switch_statement -> Switch condition:Cond body:*Case
case_statement, default_statement -> Case value:Value ..:Stmt
try_statement -> Try body:Body #catch_clause:Catch #finally_clause:Finally
catch_clause -> Catch type:*Type name:Name body:Body
finally_clause -> =
return_statement -> Return ..:Value
throw_expression -> Throw ..:Value
break_statement -> Break ..:Value
continue_statement -> Continue ..:Value
echo_statement -> !
print_intrinsic -> !
exit_statement -> !
unset_statement -> !
include_expression, include_once_expression, require_expression, require_once_expression -> !
global_declaration -> Global ..:Item
namespace_definition -> !
namespace_use_declaration -> !
function_definition, method_declaration, anonymous_function, arrow_function -> !
class_declaration, interface_declaration, trait_declaration, enum_declaration -> !
declaration_list, enum_declaration_list -> ClassBody ..:Stmt
property_declaration -> !
const_declaration -> !
simple_parameter, property_promotion_parameter -> Param type:Type name:Name default_value:Default attributes:Decorator visibility:Modifier ..:Modifier
variadic_parameter -> Param op type:Type name:Name attributes:Decorator
visibility_modifier, static_modifier, abstract_modifier, final_modifier, readonly_modifier, var_modifier, reference_modifier -> Modifier text
attribute_list, attribute_group -> =
attribute -> Decorator ..:Value
by_ref -> Unary op ..:Operand
function_call_expression -> Call function:Callee arguments:*Arg
member_call_expression, nullsafe_member_call_expression, scoped_call_expression -> !
member_access_expression, nullsafe_member_access_expression -> Member object:Object name:Property
scoped_property_access_expression -> Member scope:Object name:Property
class_constant_access_expression -> !
object_creation_expression -> !
argument -> !
variadic_unpacking -> Spread ..:Value
subscript_expression -> !
array_creation_expression, list_literal -> List ..:Elem
array_element_initializer, pair -> !
variable_name, namespace_name, relative_scope -> Name text
name -> !
dynamic_variable_name -> Raw op
qualified_name, relative_name -> !
string, nowdoc -> Str str
encapsed_string, heredoc, shell_command_expression -> !
string_content, escape_sequence -> StrPart text
integer, float -> Num num
boolean -> Bool text
null -> Null text
unary_op_expression -> Unary op ..:Operand
error_suppression_expression -> Unary op ..:Operand
update_expression -> AugAssign argument:Left op=operator
binary_expression -> !
assignment_expression, reference_assignment_expression -> Assign left:Left right:Right
augmented_assignment_expression -> AugAssign left:Left right:Right op=operator
conditional_expression -> Ternary condition:Cond body:Then alternative:Else
cast_expression -> Cast type:Type value:Value
cast_type, primitive_type, bottom_type -> Name text
sequence_expression -> Sequence ..:Elem
function_static_declaration -> =
static_variable_declaration -> !
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "binary_expression" => {
            let operator = node.child_by_field_name("operator").map_or("", |own| cx.text_of(own));
            let own = match operator {
                "and" | "AND" => "&&",
                "or" | "OR" => "||",
                "<>" => "!=",
                other => other,
            };
            cx.open(Open::at(Kind::Binary, role, node).symbol(symbol(own)));
            cx.field(node, "left", Role::Left);
            cx.field(node, "right", Role::Right);
            cx.close();
        }
        // Functions and classes are known by their names in any case.
        "name" if matches!(role, Role::Callee | Role::Type | Role::Extends) => {
            let symbol = symbol(&cx.text_of(node).to_ascii_lowercase());
            cx.leaf(Open::at(Kind::Name, role, node).symbol(symbol));
        }
        "name" => cx.name(node, role),
        "if_statement" => conditional(cx, node, role),
        "foreach_statement" => {
            let body = node.child_by_field_name("body");
            cx.open(Open::at(Kind::ForEach, role, node));
            let header: Vec<_> =
                Lowering::named(node).into_iter().filter(|child| Some(*child) != body).collect();
            for (child, role) in header.into_iter().zip([Role::Iter, Role::Target]) {
                cx.child(child, role);
            }
            if let Some(body) = body {
                cx.block(body, Role::Body);
            }
            cx.close();
        }
        "echo_statement"
        | "print_intrinsic"
        | "exit_statement"
        | "unset_statement"
        | "include_expression"
        | "include_once_expression"
        | "require_expression"
        | "require_once_expression" => {
            let word = node.child(0);
            cx.open(Open::at(Kind::Call, role, node));
            if let Some(word) = word {
                cx.name(word, Role::Callee);
            }
            for child in Lowering::named(node) {
                if child.kind() == "sequence_expression" {
                    cx.splice(child, Role::Arg);
                } else {
                    cx.child(child, Role::Arg);
                }
            }
            cx.close();
        }
        "namespace_definition" => {
            cx.open(Open::at(Kind::Package, role, node));
            cx.field(node, "name", Role::Module);
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "namespace_use_declaration" => {
            for child in Lowering::named(node) {
                if child.kind() == "namespace_use_clause" {
                    cx.open(Open::at(Kind::Import, role, node));
                    for part in Lowering::named(child) {
                        let aliased = child.child_by_field_name("alias") == Some(part);
                        cx.child(part, if aliased { Role::Alias } else { Role::Module });
                    }
                    cx.close();
                }
            }
        }
        "function_definition" | "method_declaration" => function(cx, node, role, 0),
        "anonymous_function" => function(cx, node, role, flag::ANON),
        "arrow_function" => function(cx, node, role, flag::ANON | flag::ARROW),
        "class_declaration" | "interface_declaration" | "trait_declaration" | "enum_declaration" => {
            class(cx, node, role);
        }
        "property_declaration" => {
            for element in
                Lowering::named(node).into_iter().filter(|child| child.kind() == "property_element")
            {
                let value = element.child_by_field_name("default_value");
                let (kind, name_role) =
                    if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
                let open = Open::at(kind, role, node).range(node.start_byte(), element.end_byte());
                cx.open(open.flags(flag::FIELD | flag::DECL));
                modifiers(cx, node);
                cx.field(node, "type", Role::Type);
                cx.field(element, "name", name_role);
                if let Some(value) = value {
                    cx.child(value, Role::Right);
                }
                cx.close();
            }
        }
        // Each begins where `static` stands.
        "static_variable_declaration" => {
            let start = node.parent().unwrap_or(node).start_byte();
            let kind = if node.child_by_field_name("value").is_some() { Kind::Assign } else { Kind::Declare };
            cx.open(Open::at(kind, role, node).range(start, node.end_byte()).flags(flag::DECL));
            cx.field(node, "name", if kind == Kind::Assign { Role::Left } else { Role::Name });
            cx.field(node, "value", Role::Right);
            cx.close();
        }
        "const_declaration" => {
            for element in Lowering::named(node).into_iter().filter(|child| child.kind() == "const_element") {
                let open = Open::at(Kind::Assign, role, node).range(node.start_byte(), element.end_byte());
                cx.open(open.flags(flag::FIELD | flag::DECL | flag::CONST));
                for (child, role) in Lowering::named(element).into_iter().zip([Role::Left, Role::Right]) {
                    cx.child(child, role);
                }
                cx.close();
            }
        }
        "member_call_expression" | "nullsafe_member_call_expression" | "scoped_call_expression" => {
            cx.open(Open::at(Kind::Call, role, node));
            let end = node.child_by_field_name("name").map_or(node.end_byte(), |name| name.end_byte());
            cx.open(Open::at(Kind::Member, Role::Callee, node).range(node.start_byte(), end));
            cx.field(node, "object", Role::Object);
            cx.field(node, "scope", Role::Object);
            cx.field(node, "name", Role::Property);
            cx.close();
            if let Some(arguments) = node.child_by_field_name("arguments") {
                cx.splice(arguments, Role::Arg);
            }
            cx.close();
        }
        "class_constant_access_expression" => {
            cx.open(Open::at(Kind::Member, role, node));
            for (child, role) in Lowering::named(node).into_iter().zip([Role::Object, Role::Property]) {
                cx.child(child, role);
            }
            cx.close();
        }
        "object_creation_expression" => {
            cx.open(Open::at(Kind::New, role, node));
            for child in Lowering::named(node) {
                match child.kind() {
                    "arguments" => cx.splice(child, Role::Arg),
                    "anonymous_class" => cx.field(child, "body", Role::Body),
                    _ => cx.child(child, Role::Callee),
                }
            }
            cx.close();
        }
        "argument" => {
            let name = node.child_by_field_name("name");
            let value = Lowering::named(node).into_iter().rfind(|child| Some(*child) != name);
            match (name, value) {
                (Some(name), Some(value)) => {
                    cx.open(Open::at(Kind::KwArg, role, node));
                    cx.name(name, Role::Key);
                    cx.child(value, Role::Value);
                    cx.close();
                }
                (_, Some(value)) => cx.child(value, role),
                _ => {}
            }
        }
        "subscript_expression" => {
            cx.open(Open::at(Kind::Index, role, node));
            for (child, role) in Lowering::named(node).into_iter().zip([Role::Object, Role::Index]) {
                cx.child(child, role);
            }
            cx.close();
        }
        "array_element_initializer" | "pair" => {
            let children = Lowering::named(node);
            match children.as_slice() {
                [key, value] => {
                    cx.open(Open::at(Kind::Pair, role, node));
                    cx.child(*key, Role::Key);
                    cx.child(*value, Role::Value);
                    cx.close();
                }
                [value] => cx.child(*value, role),
                _ => {}
            }
        }
        "qualified_name" | "relative_name" => {
            let parts: Vec<Syntax<'t>> = Lowering::named(node)
                .into_iter()
                .flat_map(
                    |part| if part.kind() == "namespace_name" { Lowering::named(part) } else { vec![part] },
                )
                .collect();
            cx.dotted(&parts, role);
        }
        "encapsed_string" | "heredoc" | "shell_command_expression" => {
            let source = node.child_by_field_name("value").unwrap_or(node);
            let parts = Lowering::named(source);
            let plain = |part: &Syntax<'_>| {
                matches!(part.kind(), "string_content" | "escape_sequence" | "heredoc_start" | "heredoc_end")
            };
            if parts.iter().all(plain) && node.kind() == "encapsed_string" {
                let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
                return cx.leaf(open);
            }
            let symbol = if node.kind() == "shell_command_expression" { symbol("`") } else { 0 };
            cx.open(Open::at(Kind::Template, role, node).symbol(symbol));
            let is_text = |part: &Syntax<'_>| matches!(part.kind(), "string_content" | "escape_sequence");
            cx.template_parts(
                &parts,
                |part| !is_text(part),
                |cx, part| {
                    if plain(&part) {
                        return cx.child(part, Role::Part);
                    }
                    cx.open(Open::at(Kind::Interp, Role::Part, part));
                    cx.child(part, Role::Value);
                    cx.close();
                },
            );
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

fn conditional<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::If, role, node));
    cx.field(node, "condition", Role::Cond);
    if let Some(body) = node.child_by_field_name("body") {
        cx.block(body, Role::Then);
    }
    let mut cursor = node.walk();
    let mut open = 1;
    for clause in node.children_by_field_name("alternative", &mut cursor) {
        if clause.kind() == "else_if_clause" {
            let range = |open: Open| open.range(clause.start_byte(), node.end_byte());
            cx.open(range(Open::at(Kind::Block, Role::Else, clause)).flags(flag::SYNTH));
            cx.open(range(Open::at(Kind::If, Role::Stmt, clause)));
            cx.field(clause, "condition", Role::Cond);
            if let Some(body) = clause.child_by_field_name("body") {
                cx.block(body, Role::Then);
            }
            open += 2;
        } else if let Some(body) = clause.child_by_field_name("body") {
            cx.block(body, Role::Else);
        }
    }
    for _ in 0..open {
        cx.close();
    }
}

fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        if child.kind().ends_with("_modifier") && child.kind() != "reference_modifier" {
            cx.child(child, Role::Modifier);
        } else if child.kind() == "attribute_list" {
            for group in Lowering::named(child) {
                cx.splice(group, Role::Decorator);
            }
        }
    }
}

fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    cx.open(Open::at(Kind::Func, role, node).flags(flags));
    modifiers(cx, node);
    cx.field(node, "name", Role::Name);
    if let Some(parameters) = node.child_by_field_name("parameters") {
        cx.splice(parameters, Role::Param);
    }
    cx.field(node, "return_type", Role::ReturnType);
    if let Some(body) = node.child_by_field_name("body") {
        cx.block(body, Role::Body);
    }
    cx.close();
}

fn class<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let own = match node.kind() {
        "enum_declaration" => "class_declaration",
        other => other,
    };
    cx.open(Open::at(Kind::Class, role, node).symbol(symbol(own)));
    modifiers(cx, node);
    cx.field(node, "name", Role::Name);
    for child in Lowering::named(node) {
        match child.kind() {
            "base_clause" => cx.splice(child, Role::Extends),
            "class_interface_clause" => cx.splice(child, Role::Implements),
            _ => {}
        }
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}
