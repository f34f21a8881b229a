//! Dart.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};

pub(super) const TABLE: &str = "
source_file, expression_statement, parenthesized_expression, import_or_export, member_declaration, declaration -> =
finally_clause, assertion, labeled_statement -> =
block, function_body, function_expression_body -> !
if_statement -> If condition:Cond consequence:{}Then alternative:{}Else ..:Cond
while_statement -> While condition:Cond body:{}Body
do_statement -> DoWhile condition:Cond body:{}Body
for_statement -> !
switch_statement -> Switch condition:Cond body:*Case
switch_statement_case, switch_statement_default -> Case ..:Stmt
try_statement -> Try body:Body #catch_clause:Catch ..:Finally
catch_clause -> Catch exception:Name
return_statement -> Return ..:Value
throw_expression -> Throw ..:Value
rethrow_statement -> Throw
break_statement -> Break ..:Label
continue_statement -> Continue ..:Label
yield_statement, yield_each_statement -> Yield ..:Value
assert_statement -> Assert ..:Arg
library_import -> !
import_specification, library_export, combinator, part_directive, part_of_directive, library_name -> Raw op
class_declaration, mixin_declaration, extension_declaration, enum_declaration -> Class name:Name superclass:*Extends interfaces:*Implements body:Body #annotation:Decorator
class_body, enum_body, extension_body -> ClassBody ..:Stmt
function_declaration, method_declaration, getter_declaration, setter_declaration -> !
function_expression -> !
formal_parameter -> Param name:Name #type:Type ..:Child
optional_formal_parameters -> =
top_level_variable_declaration, local_variable_declaration -> =
initialized_variable_declaration, initialized_identifier, static_final_declaration -> !
static_final_declaration_list, initialized_identifier_list -> =
call_expression, constructor_invocation -> Call function:Callee arguments:*Arg type:Callee ..:TypeArg
new_expression, const_object_expression -> New type:Callee arguments:*Arg
named_argument -> !
member_expression, null_aware_member_expression -> Member object:Object property:Property
index_expression, null_aware_index_expression -> Index object:Object index:Index
assignable_expression -> !
null_assertion_expression -> =
assignment_expression -> !
conditional_expression -> Ternary consequence:Then alternative:Else ..:Cond
equality_expression, relational_expression, additive_expression, multiplicative_expression -> !
logical_and_expression, logical_or_expression, if_null_expression, shift_expression -> !
bitwise_and_expression, bitwise_or_expression, bitwise_xor_expression -> !
unary_expression -> Unary op ..:Operand
postfix_expression -> AugAssign op ..:Left
await_expression -> Await ..:Value
type_cast_expression -> Cast #type_cast:*Type ..:Value
type_test_expression -> TypeTest #type_test:*Type ..:Value
list_literal -> List ..:Elem
set_or_map_literal -> Dict ..:Pair
map_element -> Pair key:Key value:Value
record_literal -> Tuple ..:Elem
spread_element -> Spread ..:Value
annotation -> Decorator name:Value ..:Arg
identifier, type_identifier, void_type, identifier_dollar_escaped -> Name text
local_function_declaration -> !
type, superclass -> =
type_arguments -> ~
decimal_integer_literal, hex_integer_literal, decimal_floating_point_literal -> Num num
true, false -> Bool text
null_literal -> Null text
string_literal -> !
uri, configurable_uri -> =
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "block" | "function_body" | "function_expression_body" => {
            let children = Lowering::named(node);
            match children.as_slice() {
                [only] if node.kind() != "block" => cx.block(*only, role),
                _ => {
                    cx.open(Open::at(Kind::Block, role, node));
                    cx.splice(node, Role::Stmt);
                    cx.close();
                }
            }
        }
        "for_statement" => {
            let iterated = node.child_by_field_name("value");
            cx.open(Open::at(if iterated.is_some() { Kind::ForEach } else { Kind::For }, role, node));
            cx.field(node, "name", Role::Target);
            cx.field(node, "value", Role::Iter);
            cx.field(node, "init", Role::Init);
            cx.field(node, "condition", Role::Cond);
            cx.field(node, "update", Role::Update);
            if let Some(body) = node.child_by_field_name("body") {
                cx.block(body, Role::Body);
            }
            cx.close();
        }
        "library_import" => {
            let specification =
                Lowering::named(node).into_iter().find(|child| child.kind() == "import_specification");
            let Some(specification) = specification else { return cx.raw(node, role) };
            cx.open(Open::at(Kind::Import, role, node));
            cx.field(specification, "uri", Role::Module);
            cx.field(specification, "alias", Role::Alias);
            cx.close();
        }
        "function_declaration" | "method_declaration" | "getter_declaration" | "setter_declaration" => {
            let method = node.kind() == "method_declaration";
            cx.open(Open::at(Kind::Func, role, node).flags(if method { flag::METHOD } else { 0 }));
            let mut signature = node.child_by_field_name("signature");
            while let Some(outer) = signature.filter(|outer| outer.kind() == "method_signature") {
                signature = Lowering::named(outer).into_iter().last();
            }
            if let Some(signature) = signature {
                cx.field(signature, "return_type", Role::ReturnType);
                cx.field(signature, "name", Role::Name);
                parameters(cx, signature);
            }
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "local_function_declaration" => {
            cx.open(Open::at(Kind::Func, role, node));
            for child in Lowering::named(node) {
                match child.kind() {
                    "function_signature" => {
                        cx.field(child, "return_type", Role::ReturnType);
                        cx.field(child, "name", Role::Name);
                        parameters(cx, child);
                    }
                    "function_body" => cx.child(child, Role::Body),
                    _ => cx.child(child, Role::Decorator),
                }
            }
            cx.close();
        }
        "function_expression" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            parameters(cx, node);
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "initialized_variable_declaration" | "initialized_identifier" | "static_final_declaration" => {
            let value = node.child_by_field_name("value");
            let (kind, name) =
                if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
            // A declaration of one variable is the whole statement.
            let outer = whole_declaration(node).unwrap_or(node);
            let open = Open::at(kind, role, node).flags(flag::DECL);
            cx.open(open.range(outer.start_byte(), outer.end_byte()));
            for child in Lowering::named(node).into_iter().filter(|child| child.kind() == "type") {
                cx.child(child, Role::Type);
            }
            cx.field(node, "name", name);
            if let Some(value) = value {
                cx.child(value, Role::Right);
            }
            cx.close();
        }
        "named_argument" => {
            let children = Lowering::named(node);
            let (Some(label), Some(value)) = (children.first(), children.last()) else { return };
            cx.open(Open::at(Kind::KwArg, role, node));
            if let Some(name) = label.named_child(0) {
                cx.name(name, Role::Key);
            }
            cx.child(*value, Role::Value);
            cx.close();
        }
        "assignable_expression" => {
            let object = node.child_by_field_name("object");
            match (object, node.child_by_field_name("property"), node.child_by_field_name("index")) {
                (Some(object), Some(property), _) => {
                    cx.open(Open::at(Kind::Member, role, node));
                    cx.child(object, Role::Object);
                    cx.child(property, Role::Property);
                    cx.close();
                }
                (Some(object), _, Some(index)) => {
                    cx.open(Open::at(Kind::Index, role, node));
                    cx.child(object, Role::Object);
                    cx.child(index, Role::Index);
                    cx.close();
                }
                _ => cx.splice(node, role),
            }
        }
        "assignment_expression" => cx.assignment(node, role),
        "string_literal" => string(cx, node, role),
        kind if kind.ends_with("_expression") => binary(cx, node, role),
        _ => cx.raw(node, role),
    }
}

fn whole_declaration(node: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut outer = node.parent()?;
    if outer.named_child_count() == 1 && outer.kind().ends_with("_list") {
        outer = outer.parent()?;
    }
    let whole = matches!(outer.kind(), "local_variable_declaration" | "top_level_variable_declaration");
    whole.then_some(outer)
}

fn parameters<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        if child.kind() == "formal_parameter_list" {
            cx.splice(child, Role::Param);
        }
    }
}

/// Operators of one precedence, which the grammar keeps in one flat list.
fn binary<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let is_operator = |child: &Syntax<'t>| !child.is_named() || child.kind().ends_with("_operator");
    let (operators, operands): (Vec<_>, Vec<_>) =
        node.children(&mut cursor).filter(|child| !child.is_extra()).partition(is_operator);
    let ([first, rest @ ..], true) = (operands.as_slice(), operators.len() + 1 == operands.len()) else {
        return cx.raw(node, role);
    };
    for (depth, last) in rest.iter().enumerate().rev() {
        let role = if depth + 1 == rest.len() { role } else { Role::Left };
        let symbol = symbol(cx.text_of(operators[depth]));
        let open = Open::at(Kind::Binary, role, *first).symbol(symbol);
        cx.open(open.range(first.start_byte(), last.end_byte()));
    }
    cx.child(*first, if rest.is_empty() { role } else { Role::Left });
    for operand in rest {
        cx.child(*operand, Role::Right);
        cx.close();
    }
}

fn string<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let pieces = Lowering::named(node);
    let parts = pieces.iter().flat_map(|piece| Lowering::named(*piece)).collect();
    cx.string(node, role, parts, |part| part.kind() == "template_substitution");
}
