//! Kotlin.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
parenthesized_expression, value_arguments, annotated_lambda, delegation_specifier, class_parameters -> =
block -> Block ..:Stmt
if_expression -> !
while_statement, do_while_statement -> !
for_statement -> !
when_expression -> Switch #when_subject:*Cond ..:Case
when_entry -> Case condition:Value ..:Stmt
try_expression -> Try #block:Body #catch_block:Catch #finally_block:*Finally
catch_block -> Catch #block:Body #identifier:Name ..:Type
return_expression -> Return label:Label ..:Value
throw_expression -> Throw ..:Value
import -> Import #qualified_identifier:Module #identifier:Alias +wildcard?*
qualified_identifier -> !
package_header -> Package ..:Module
function_declaration, anonymous_function, secondary_constructor -> !
function_body -> !
lambda_literal -> !
class_declaration, object_declaration, companion_object -> !
class_body, enum_class_body -> ClassBody ..:Stmt
property_declaration -> !
parameter -> !
class_parameter -> !
variable_declaration -> !
annotation -> !
call_expression -> !
constructor_invocation -> !
value_argument -> !
navigation_expression, index_expression -> !
identifier -> !
this_expression, super_expression -> Name text
user_type -> !
nullable_type, non_nullable_type -> =
string_literal, multiline_string_literal -> !
character_literal -> Raw text
number_literal, float_literal -> Num num
unary_expression -> Unary argument:Operand op=operator
binary_expression -> !
in_expression, range_expression -> Binary left:Left right:Right op
infix_expression -> Raw op
as_expression -> Cast left:Value right:Type
is_expression -> !
assignment -> !
collection_literal -> List ..:Elem
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        // The grammar takes these words for names.
        "identifier" => match cx.text_of(node) {
            word @ ("true" | "false") => cx.leaf(Open::at(Kind::Bool, role, node).symbol(symbol(word))),
            "null" => cx.leaf(Open::at(Kind::Null, role, node).symbol(symbol("null"))),
            _ => cx.name(node, role),
        },
        "if_expression" => {
            let condition = node.child_by_field_name("condition");
            cx.open(Open::at(Kind::If, role, node));
            cx.field(node, "condition", Role::Cond);
            let branches = Lowering::named(node).into_iter().filter(|child| Some(*child) != condition);
            for (child, role) in branches.zip([Role::Then, Role::Else]) {
                cx.block(child, role);
            }
            cx.close();
        }
        "while_statement" | "do_while_statement" => {
            let condition = node.child_by_field_name("condition");
            let kind = if node.kind() == "while_statement" { Kind::While } else { Kind::DoWhile };
            cx.open(Open::at(kind, role, node));
            cx.field(node, "condition", Role::Cond);
            for child in Lowering::named(node).into_iter().filter(|child| Some(*child) != condition) {
                cx.block(child, Role::Body);
            }
            cx.close();
        }
        "for_statement" => {
            cx.open(Open::at(Kind::ForEach, role, node));
            let parts = Lowering::named(node).into_iter().filter(|child| child.kind() != "label");
            for (child, role) in parts.zip([Role::Target, Role::Iter, Role::Body]) {
                match role {
                    Role::Target if child.kind() == "multi_variable_declaration" => {
                        cx.open(Open::at(Kind::Tuple, role, child).symbol(symbol("pattern")));
                        cx.splice(child, Role::Elem);
                        cx.close();
                    }
                    Role::Target => cx.splice(child, role),
                    Role::Body => cx.block(child, role),
                    _ => cx.child(child, role),
                }
            }
            cx.close();
        }
        "binary_expression" => match generic_call(cx, node) {
            Some([function, value]) => {
                cx.open(Open::at(Kind::Call, role, node).kind_of("call_expression"));
                cx.child(function, Role::Callee);
                cx.child(value, Role::Arg);
                cx.close();
            }
            None => {
                let operator = node.child_by_field_name("operator").map_or("", |own| cx.text_of(own));
                cx.open(Open::at(Kind::Binary, role, node).symbol(symbol(operator)));
                cx.field(node, "left", Role::Left);
                cx.field(node, "right", Role::Right);
                cx.close();
            }
        },
        "is_expression" => {
            let negated = node.child(1).is_some_and(|word| word.kind() == "!is");
            let symbol = symbol(if negated { "!is" } else { "is" });
            cx.open(Open::at(Kind::TypeTest, role, node).symbol(symbol));
            cx.field(node, "left", Role::Value);
            cx.field(node, "right", Role::Type);
            cx.close();
        }
        "qualified_identifier" => cx.dotted(&Lowering::named(node), role),
        "function_declaration" => function(cx, node, role, 0),
        "secondary_constructor" => function(cx, node, role, flag::METHOD),
        "anonymous_function" => function(cx, node, role, flag::ANON),
        "function_body" => {
            for child in Lowering::named(node) {
                cx.block(child, role);
            }
        }
        "lambda_literal" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            let children = Lowering::named(node);
            for child in children.iter().filter(|child| child.kind() == "lambda_parameters") {
                cx.splice(*child, Role::Param);
            }
            cx.open(Open::at(Kind::Block, Role::Body, node));
            for child in children.iter().filter(|child| child.kind() != "lambda_parameters") {
                cx.child(*child, Role::Stmt);
            }
            cx.close();
            cx.close();
        }
        "class_declaration" | "object_declaration" | "companion_object" => {
            let mut cursor = node.walk();
            let interface = node.children(&mut cursor).any(|child| child.kind() == "interface");
            let own = match node.kind() {
                "class_declaration" if interface => "interface",
                "class_declaration" => "class",
                _ => "object",
            };
            cx.open(Open::at(Kind::Class, role, node).symbol(symbol(own)));
            modifiers(cx, node);
            cx.field(node, "name", Role::Name);
            for child in Lowering::named(node) {
                match child.kind() {
                    "primary_constructor" => {
                        for parameters in Lowering::named(child) {
                            if parameters.kind() == "class_parameters" {
                                cx.splice(parameters, Role::Param);
                            }
                        }
                    }
                    "delegation_specifiers" => cx.splice(child, Role::Extends),
                    "class_body" | "enum_class_body" => cx.child(child, Role::Body),
                    _ => {}
                }
            }
            cx.close();
        }
        "property_declaration" => property(cx, node, role),
        "parameter" | "class_parameter" => {
            let children = Lowering::named(node);
            let before = node.prev_named_sibling().filter(|before| before.kind() == "parameter_modifiers");
            cx.open(Open::at(Kind::Param, role, node));
            for word in before.into_iter().flat_map(Lowering::named) {
                if cx.text_of(word) == "vararg" {
                    cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol("vararg")));
                }
            }
            // Annotations of a function's parameter stand before it, those of a property of a class in it.
            let inside = children.iter().copied().find(|child| child.kind() == "modifiers");
            for modifiers in [before, inside].into_iter().flatten() {
                for annotation in Lowering::named(modifiers) {
                    if annotation.kind() == "annotation" {
                        cx.child(annotation, Role::Decorator);
                    }
                }
            }
            let mut named = false;
            for child in children {
                match child.kind() {
                    "modifiers" => {}
                    "identifier" if !named => {
                        named = true;
                        cx.name(child, Role::Name);
                    }
                    kind if kind.ends_with("type") => cx.child(child, Role::Type),
                    _ => cx.child(child, Role::Default),
                }
            }
            let after = node.next_named_sibling();
            if let Some(default) = after.filter(|after| !after.kind().starts_with("parameter")) {
                cx.child(default, Role::Default);
            }
            cx.close();
        }
        "variable_declaration" => {
            let children = Lowering::named(node);
            match role {
                Role::Param => {
                    cx.open(Open::at(Kind::Param, role, node));
                    for child in children {
                        cx.child(child, if child.kind() == "identifier" { Role::Name } else { Role::Type });
                    }
                    cx.close();
                }
                _ => {
                    if let Some(name) = children.first() {
                        cx.child(*name, role);
                    }
                }
            }
        }
        "annotation" => {
            cx.open(Open::at(Kind::Decorator, role, node));
            cx.splice(node, Role::Value);
            cx.close();
        }
        "call_expression" | "constructor_invocation" => {
            let mut parts = Lowering::named(node);
            // `f(x) { … }` is one call.
            let behind = matches!(parts.as_slice(), [_, last] if last.kind() == "annotated_lambda");
            if behind && parts[0].kind() == "call_expression" {
                let last = parts.pop();
                parts = Lowering::named(parts[0]);
                if parts.last().is_some_and(|own| own.kind() == "annotated_lambda") {
                    parts = Lowering::named(node);
                } else {
                    parts.extend(last);
                }
            }
            cx.open(Open::at(Kind::Call, role, node));
            for (at, child) in parts.into_iter().enumerate() {
                match child.kind() {
                    _ if at == 0 => cx.child(child, Role::Callee),
                    "value_arguments" => cx.splice(child, Role::Arg),
                    // What type is meant is free.
                    "type_arguments" => {}
                    "annotated_lambda" => cx.splice(child, Role::Arg),
                    _ => cx.child(child, Role::Arg),
                }
            }
            cx.close();
        }
        "value_argument" => {
            let children = Lowering::named(node);
            match children.as_slice() {
                [name, value] => {
                    cx.open(Open::at(Kind::KwArg, role, node));
                    cx.name(*name, Role::Key);
                    cx.child(*value, Role::Value);
                    cx.close();
                }
                [value] => cx.child(*value, role),
                _ => {}
            }
        }
        "navigation_expression" | "index_expression" => {
            let member = node.kind() == "navigation_expression";
            let (kind, last) =
                if member { (Kind::Member, Role::Property) } else { (Kind::Index, Role::Index) };
            let safe = node.child(1).is_some_and(|dot| dot.kind() == "?.");
            cx.open(Open::at(kind, role, node).symbol(if safe { symbol("?.") } else { 0 }));
            for (at, child) in Lowering::named(node).into_iter().enumerate() {
                cx.child(child, if at == 0 { Role::Object } else { last });
            }
            cx.close();
        }
        "user_type" => {
            let children = Lowering::named(node);
            let names: Vec<_> =
                children.iter().copied().filter(|child| child.kind() == "identifier").collect();
            let arguments = children.iter().find(|child| child.kind() == "type_arguments");
            match (names.as_slice(), arguments) {
                ([name], Some(arguments)) => {
                    let symbol = symbol(cx.text_of(*name));
                    cx.open(Open::at(Kind::Name, role, node).symbol(symbol));
                    cx.splice(*arguments, Role::TypeArg);
                    cx.close();
                }
                _ => cx.dotted(&names, role),
            }
        }
        "string_literal" | "multiline_string_literal" => {
            let parts = Lowering::named(node);
            let named = parts.windows(2).any(|pair| named_in_string(cx, pair[0], pair[1]).is_some());
            if !named && !parts.iter().any(|part| part.kind() == "interpolation") {
                let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
                return cx.leaf(open);
            }
            cx.open(Open::at(Kind::Template, role, node));
            let mut parts = parts.into_iter().peekable();
            while let Some(part) = parts.next() {
                let length = parts.peek().and_then(|next| named_in_string(cx, part, *next));
                if let (Some(length), Some(next)) = (length, parts.next_if(|_| length.is_some())) {
                    let (start, name_end) = (next.start_byte(), next.start_byte() + length);
                    let whole = cx.text_of(next);
                    let name = symbol(whole.get(..length).unwrap_or_default());
                    cx.open(Open::at(Kind::Interp, Role::Part, part).range(part.start_byte(), name_end));
                    cx.leaf(Open::at(Kind::Name, Role::Value, next).range(start, name_end).symbol(name));
                    cx.close();
                    let rest = whole.get(length..).unwrap_or_default();
                    if !rest.is_empty() {
                        let open = Open::at(Kind::StrPart, Role::Part, next).range(name_end, next.end_byte());
                        cx.leaf(open.symbol(symbol(rest)));
                    }
                } else {
                    cx.template_parts(&[part], |part| part.kind() == "interpolation", interpolation);
                }
            }
            cx.close();
        }
        "assignment" => cx.assignment(node, role),
        _ => cx.raw(node, role),
    }
}

/// The function and argument of `f<T>(x)`, which the grammar takes for comparisons.
fn generic_call<'t>(cx: &Lowering<'t>, node: Syntax<'t>) -> Option<[Syntax<'t>; 2]> {
    let field = |node: Syntax<'t>, name| node.child_by_field_name(name);
    let (left, right) = (field(node, "left")?, field(node, "right")?);
    let compares = |node: Syntax<'t>, sign: &str| {
        node.kind() == "binary_expression"
            && field(node, "operator").is_some_and(|own| cx.text_of(own) == sign)
    };
    let (function, argument) = (field(left, "left")?, field(left, "right")?);
    let tight = function.end_byte() + 1 == argument.start_byte()
        && argument.end_byte() + 1 == right.start_byte()
        && right.kind() == "parenthesized_expression";
    let value = right.named_child(0)?;
    let is_type = argument.kind() == "identifier"
        && cx.text_of(argument).starts_with(|c: char| c.is_uppercase() || c == 'm');
    (compares(node, ">") && compares(left, "<") && tight && is_type).then_some([function, value])
}

fn interpolation<'t>(cx: &mut Lowering<'t>, part: Syntax<'t>) {
    cx.open(Open::at(Kind::Interp, Role::Part, part));
    cx.splice(part, Role::Value);
    cx.close();
}

/// The length of the name when two pieces of a string are `$` and what begins with one: the grammar does
/// not read `"$name"`.
fn named_in_string(cx: &Lowering<'_>, dollar: Syntax<'_>, next: Syntax<'_>) -> Option<usize> {
    let own = |part: Syntax<'_>| part.kind() == "string_content";
    if !own(dollar) || !own(next) || cx.text_of(dollar) != "$" || dollar.end_byte() != next.start_byte() {
        return None;
    }
    let text = cx.text_of(next);
    let first = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let length = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    first.then_some(length)
}

fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let found = Lowering::named(node).into_iter().find(|child| child.kind() == "modifiers");
    for child in found.map(Lowering::named).unwrap_or_default() {
        if child.kind() == "annotation" {
            cx.child(child, Role::Decorator);
        } else {
            let symbol = symbol(cx.text_of(child));
            cx.leaf(Open::at(Kind::Modifier, Role::Modifier, child).symbol(symbol));
        }
    }
}

fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    cx.open(Open::at(Kind::Func, role, node).flags(flags));
    modifiers(cx, node);
    let mut cursor = node.walk();
    let keyword = node.children(&mut cursor).find(|child| child.kind() == "constructor");
    let name = node.child_by_field_name("name").or(keyword);
    if let Some(name) = name {
        cx.name(name, Role::Name);
    }
    for child in Lowering::named(node).into_iter().filter(|child| Some(*child) != name) {
        match child.kind() {
            "function_value_parameters" => {
                for parameter in Lowering::named(child) {
                    if parameter.kind() == "parameter" {
                        cx.child(parameter, Role::Param);
                    }
                }
            }
            "function_body" | "block" => cx.child(child, Role::Body),
            // What stands before the name is what the function is added to.
            kind if kind.ends_with("type")
                && name.is_none_or(|name| name.end_byte() <= child.start_byte()) =>
            {
                cx.child(child, Role::ReturnType);
            }
            _ => {}
        }
    }
    cx.close();
}

fn property<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let variable = children.iter().copied().find(|child| child.kind().ends_with("variable_declaration"));
    let value = children.iter().copied().rfind(|child| {
        Some(*child) != variable
            && !matches!(
                child.kind(),
                "modifiers" | "getter" | "setter" | "type_parameters" | "type_constraints"
            )
            && !child.kind().ends_with("type")
    });
    let mut cursor = node.walk();
    let word = node.children(&mut cursor).find(|child| matches!(child.kind(), "val" | "var"));
    let constant = word.is_some_and(|word| word.kind() == "val");
    let flags = flag::DECL | if constant { flag::CONST } else { flag::LET };
    let (kind, name_role) =
        if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
    // What takes a value apart is no plain declaration.
    let several = variable.is_some_and(|own| own.kind() != "variable_declaration");
    let apart = if several { symbol("apart") } else { 0 };
    cx.open(Open::at(kind, role, node).flags(flags).symbol(apart));
    modifiers(cx, node);
    if let Some(word) = word {
        let symbol = symbol(cx.text_of(word));
        cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol).kind_of("modifier"));
    }
    if let Some(variable) = variable {
        if variable.kind() == "variable_declaration" {
            for child in Lowering::named(variable) {
                match child.kind() {
                    "identifier" => cx.name(child, name_role),
                    "annotation" => {}
                    _ => cx.child(child, Role::Type),
                }
            }
        } else {
            cx.open(Open::at(Kind::Tuple, name_role, variable).symbol(symbol("pattern")));
            cx.splice(variable, Role::Elem);
            cx.close();
        }
    }
    if let Some(value) = value {
        if value.kind() == "property_delegate" {
            cx.splice(value, Role::Right);
        } else {
            cx.child(value, Role::Right);
        }
    }
    cx.close();
}
