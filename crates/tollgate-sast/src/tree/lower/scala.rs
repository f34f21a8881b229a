//! Scala.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
compilation_unit, parenthesized_expression, enumerators, indented_cases, case_block -> =
end_marker -> ~
block, indented_block -> Block ..:Stmt
if_expression -> If condition:Cond consequence:{}Then alternative:{}Else
while_expression -> While condition:Cond body:{}Body
for_expression -> ForEach enumerators:Iter body:{}Body
match_expression -> Switch value:Cond body:*Case
case_clause -> Case pattern:Value ..:Stmt
try_expression -> Try body:{}Body #catch_clause:Catch #finally_clause:Finally
return_expression -> Return ..:Value
throw_expression -> Throw ..:Value
import_declaration -> !
package_clause -> Package name:Module body:*Stmt
function_definition, function_declaration -> !
lambda_expression -> !
enumerator -> !
parameters -> =
parameter, class_parameter -> Param name:Name type:Type default_value:Default
class_definition, object_definition, trait_definition -> !
template_body -> ClassBody ..:Stmt
val_definition, var_definition -> !
val_declaration, var_declaration -> Declare name:Name type:Type +decl
annotation -> Decorator name:Value arguments:*Arg
call_expression -> !
generic_function -> !
field_expression -> Member value:Object field:Property
instance_expression -> !
identifier, operator_identifier, type_identifier, wildcard -> Name text
stable_identifier, stable_type_identifier -> !
generic_type -> !
string -> Str str
interpolated_string_expression -> !
character_literal -> Str str
integer_literal, floating_point_literal -> Num num
boolean_literal -> Bool text
null_literal -> Null text
infix_expression, postfix_expression -> !
prefix_expression -> Unary op ..:Operand
assignment_expression -> Assign left:Left right:Right
tuple_expression -> Tuple ..:Elem
ascription_expression -> =
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "infix_expression" => infix(cx, node, role),
        "postfix_expression" => match Lowering::named(node).as_slice() {
            [object, name] => {
                cx.open(Open::at(Kind::Member, role, node));
                cx.child(*object, Role::Object);
                cx.child(*name, Role::Property);
                cx.close();
            }
            _ => cx.raw(node, role),
        },
        "import_declaration" => {
            let parts: Vec<_> = {
                let mut cursor = node.walk();
                node.children_by_field_name("path", &mut cursor).filter(Syntax::is_named).collect()
            };
            let selectors =
                Lowering::named(node).into_iter().find(|child| child.kind() == "namespace_selectors");
            let wildcard = Lowering::named(node).iter().any(|child| child.kind() == "namespace_wildcard");
            cx.open(Open::at(Kind::Import, role, node).flags(if wildcard { flag::WILDCARD } else { 0 }));
            cx.dotted(&parts, Role::Module);
            for item in selectors.map(Lowering::named).unwrap_or_default() {
                cx.open(Open::at(Kind::ImportItem, Role::Item, item));
                cx.name(item.child_by_field_name("name").unwrap_or(item), Role::Name);
                cx.field(item, "alias", Role::Alias);
                cx.close();
            }
            cx.close();
        }
        "function_definition" | "function_declaration" => {
            cx.open(Open::at(Kind::Func, role, node));
            modifiers(cx, node);
            cx.field(node, "name", Role::Name);
            for child in Lowering::named(node) {
                if child.kind() == "parameters" {
                    cx.splice(child, Role::Param);
                }
            }
            cx.field(node, "return_type", Role::ReturnType);
            if let Some(body) = node.child_by_field_name("body") {
                cx.block(body, Role::Body);
            }
            cx.close();
        }
        "enumerator" => {
            cx.open(Open::at(Kind::CompFor, role, node));
            for (at, child) in Lowering::named(node).into_iter().enumerate() {
                let part = match (at, child.kind()) {
                    (0, _) => Role::Target,
                    (_, "guard") => Role::Filter,
                    _ => Role::Iter,
                };
                cx.child(child, part);
            }
            cx.close();
        }
        "lambda_expression" => {
            let children = Lowering::named(node);
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            if let Some((body, parameters)) = children.split_last() {
                for parameter in parameters {
                    if parameter.kind() == "bindings" {
                        for binding in Lowering::named(*parameter) {
                            cx.open(Open::at(Kind::Param, Role::Param, binding));
                            cx.field(binding, "name", Role::Name);
                            cx.field(binding, "type", Role::Type);
                            cx.close();
                        }
                    } else {
                        cx.child(*parameter, Role::Param);
                    }
                }
                cx.block(*body, Role::Body);
            }
            cx.close();
        }
        "class_definition" | "object_definition" | "trait_definition" => {
            cx.open(Open::at(Kind::Class, role, node).symbol(symbol(node.kind())));
            modifiers(cx, node);
            let mut cursor = node.walk();
            if let Some(word) = node.children(&mut cursor).find(|child| child.kind() == "case") {
                cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol("case")));
            }
            cx.field(node, "name", Role::Name);
            let mut cursor = node.walk();
            for parameters in node.children_by_field_name("class_parameters", &mut cursor) {
                cx.splice(parameters, Role::Param);
            }
            if let Some(clause) = node.child_by_field_name("extend") {
                cx.splice(clause, Role::Extends);
            }
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "val_definition" | "var_definition" => {
            let flags = flag::DECL | if node.kind() == "val_definition" { flag::CONST } else { flag::LET };
            cx.open(Open::at(Kind::Assign, role, node).flags(flags));
            modifiers(cx, node);
            cx.field(node, "type", Role::Type);
            cx.field(node, "pattern", Role::Left);
            cx.field(node, "value", Role::Right);
            cx.close();
        }
        "call_expression" => {
            let Some(arguments) = node.child_by_field_name("arguments") else { return cx.raw(node, role) };
            cx.open(Open::at(Kind::Call, role, node));
            cx.field(node, "function", Role::Callee);
            if arguments.kind() == "arguments" {
                cx.splice(arguments, Role::Arg);
            } else {
                cx.child(arguments, Role::Arg);
            }
            cx.close();
        }
        "instance_expression" => {
            cx.open(Open::at(Kind::New, role, node));
            let mut callee = Role::Callee;
            for child in Lowering::named(node) {
                match child.kind() {
                    "arguments" => cx.splice(child, Role::Arg),
                    "template_body" => cx.child(child, Role::Body),
                    _ => {
                        cx.child(child, callee);
                        callee = Role::Implements;
                    }
                }
            }
            cx.close();
        }
        "generic_function" => cx.field(node, "function", role),
        "generic_type" => {
            let Some(name) = node.child_by_field_name("type") else { return cx.raw(node, role) };
            if name.kind() != "type_identifier" {
                return cx.child(name, role);
            }
            let symbol = symbol(cx.text_of(name));
            cx.open(Open::at(Kind::Name, role, node).symbol(symbol));
            if let Some(arguments) = node.child_by_field_name("type_arguments") {
                cx.splice(arguments, Role::TypeArg);
            }
            cx.close();
        }
        "stable_identifier" | "stable_type_identifier" => {
            let parts = Lowering::named(node);
            cx.open(Open::at(Kind::Member, role, node));
            for (at, part) in parts.iter().enumerate() {
                cx.child(*part, if at + 1 == parts.len() { Role::Property } else { Role::Object });
            }
            cx.close();
        }
        "interpolated_string_expression" => {
            let interpolator = node.child_by_field_name("interpolator");
            let string =
                Lowering::named(node).into_iter().find(|child| child.kind() == "interpolated_string");
            let Some(string) = string else { return cx.raw(node, role) };
            let parts = Lowering::named(string);
            let symbol = interpolator.map_or(0, |name| symbol(cx.text_of(name)));
            if !parts.iter().any(|part| part.kind() == "interpolation") {
                let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
                return cx.leaf(open);
            }
            cx.open(Open::at(Kind::Template, role, node).symbol(symbol));
            let mut at = string.start_byte() + 1;
            for part in parts {
                if part.kind() != "interpolation" {
                    continue;
                }
                text_part(cx, node, at, part.start_byte());
                cx.open(Open::at(Kind::Interp, Role::Part, part));
                cx.splice(part, Role::Value);
                cx.close();
                at = part.end_byte();
            }
            text_part(cx, node, at, string.end_byte().saturating_sub(1));
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

fn text_part<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, start: usize, end: usize) {
    if let Some(text) = cx.source().get(start..end)
        && !text.trim_matches('"').is_empty()
    {
        let symbol = symbol(text);
        cx.leaf(Open::at(Kind::StrPart, Role::Part, node).range(start, end).symbol(symbol));
    }
}

fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        match child.kind() {
            "annotation" => cx.child(child, Role::Decorator),
            "modifiers" => {
                let symbol = symbol(cx.text_of(child));
                cx.leaf(Open::at(Kind::Modifier, Role::Modifier, child).symbol(symbol));
            }
            _ => {}
        }
    }
}

/// `a op b` is a call of a method, but for the operators every language has.
fn infix<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    const OPERATORS: [&str; 20] = [
        "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "&", "|", "^", "<<", ">>",
        ">>>", "++",
    ];
    let parts = ["left", "operator", "right"].map(|field| node.child_by_field_name(field));
    let [Some(left), Some(operator), Some(right)] = parts else { return cx.raw(node, role) };
    let text = cx.text_of(operator);
    if OPERATORS.contains(&text) {
        cx.open(Open::at(Kind::Binary, role, node).symbol(symbol(text)));
        cx.child(left, Role::Left);
        cx.child(right, Role::Right);
        return cx.close();
    }
    cx.open(Open::at(Kind::Call, role, node));
    let callee = Open::at(Kind::Member, Role::Callee, node);
    cx.open(callee.range(left.start_byte(), operator.end_byte()));
    cx.child(left, Role::Object);
    cx.name(operator, Role::Property);
    cx.close();
    cx.child(right, Role::Arg);
    cx.close();
}
