//! Scala.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, number_symbol, string_literal, symbol};

pub(super) const TABLE: &str = "
compilation_unit, parenthesized_expression, enumerators, indented_cases, case_block -> =
end_marker -> ~
block, indented_block -> Block ..:Stmt
if_expression -> If condition:Cond consequence:{}Then alternative:{}Else
while_expression -> While condition:Cond body:{}Body
for_expression -> !
match_expression -> Switch value:Cond body:*Case
case_clause -> !
typed_pattern -> Raw pattern:Child type:Type
tuple_pattern -> !
guard -> =
try_expression -> Try body:{}Body #catch_clause:Catch #finally_clause:Finally
catch_clause -> !
return_expression -> Return ..:Value
throw_expression -> Throw ..:Value
import_declaration -> !
package_clause -> Package name:Module body:*Stmt
function_definition, function_declaration -> !
lambda_expression -> !
enumerator -> !
parameters -> =
parameter, class_parameter -> !
class_definition, object_definition, trait_definition, package_object -> !
extends_clause -> !
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
character_literal -> Raw text
integer_literal -> !
floating_point_literal -> Num num
boolean_literal -> Bool text
null_literal -> Null text
infix_expression, postfix_expression -> !
prefix_expression -> Unary op ..:Operand
assignment_expression -> Assign left:Left right:Right
tuple_expression -> Tuple ..:Elem
ascription_expression -> !
vararg -> !
type_arguments -> =
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
            let wild = |child: &Syntax<'_>| child.kind() == "namespace_wildcard";
            let wildcard = Lowering::named(node).iter().any(wild)
                || selectors.is_some_and(|own| Lowering::named(own).iter().any(wild));
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
            type_parameters(cx, node);
            cx.field(node, "return_type", Role::ReturnType);
            if let Some(body) = node.child_by_field_name("body") {
                cx.block(without_braces(node, body), Role::Body);
            }
            cx.close();
        }
        "parameter" | "class_parameter" => {
            let target = node.child_by_field_name("type");
            let repeated = target.is_some_and(|own| own.kind() == "repeated_parameter_type");
            let symbol = if repeated { symbol("*") } else { 0 };
            cx.open(Open::at(Kind::Param, role, node).symbol(symbol));
            cx.field(node, "name", Role::Name);
            cx.field(node, "type", Role::Type);
            cx.field(node, "default_value", Role::Default);
            cx.close();
        }
        // What is taken apart is no tuple.
        "tuple_pattern" => {
            cx.open(Open::at(Kind::Tuple, role, node).symbol(symbol("pattern")));
            cx.splice(node, Role::Elem);
            cx.close();
        }
        // `1L` is another number than `1`.
        "integer_literal" => {
            let text = cx.text_of(node);
            let number = if text.ends_with(['l', 'L']) { symbol(text) } else { number_symbol(text) };
            cx.leaf(Open::at(Kind::Num, role, node).symbol(number));
        }
        "for_expression" => repetition(cx, node, role),
        "case_clause" if role == Role::Catch => handler(cx, node, role),
        "case_clause" => {
            cx.open(Open::at(Kind::Case, role, node));
            case_pattern(cx, node);
            for child in case_body(node) {
                cx.child(child, Role::Stmt);
            }
            cx.close();
        }
        "catch_clause" => {
            for child in Lowering::named(node) {
                cx.child(child, role);
            }
        }
        "extends_clause" => parents(cx, node, role),
        // `x.asInstanceOf[T]` and `(x: T)` are casts, `x: @unchecked` says nothing about a type.
        "ascription_expression" => match (node.named_child(0), node.child_by_field_name("type")) {
            (Some(value), Some(target)) => cast(cx, node, role, value, target),
            (Some(value), None) => cx.child(value, role),
            _ => cx.raw(node, role),
        },
        "vararg" => match (node.named_child(0), node.named_child(1)) {
            (Some(value), Some(target)) => cast(cx, node, role, value, target),
            _ => cx.raw(node, role),
        },
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
        "class_definition" | "object_definition" | "trait_definition" | "package_object" => {
            let kind = if node.kind() == "package_object" { "object_definition" } else { node.kind() };
            cx.open(Open::at(Kind::Class, role, node).symbol(symbol(kind)));
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
            type_parameters(cx, node);
            cx.field(node, "extend", Role::Extends);
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "val_definition" | "var_definition" => {
            let Some(pattern) = node.child_by_field_name("pattern") else { return cx.raw(node, role) };
            let flags = flag::DECL | if node.kind() == "val_definition" { flag::CONST } else { flag::LET };
            // `val a, b = c` declares twice; what takes a value apart is no plain declaration.
            let (targets, apart) = match pattern.kind() {
                "identifiers" => (Lowering::named(pattern), 0),
                "identifier" => (vec![pattern], 0),
                _ => (vec![pattern], symbol("apart")),
            };
            for target in targets {
                cx.open(Open::at(Kind::Assign, role, node).flags(flags).symbol(apart));
                modifiers(cx, node);
                cx.field(node, "type", Role::Type);
                cx.child(target, Role::Left);
                cx.field(node, "value", Role::Right);
                cx.close();
            }
        }
        "call_expression" => {
            let Some(arguments) = node.child_by_field_name("arguments") else { return cx.raw(node, role) };
            if let Some(class) = applied(cx, node) {
                cx.open(Open::at(Kind::New, role, node));
                cx.child(class, Role::Callee);
            } else {
                cx.open(Open::at(Kind::Call, role, node));
                cx.field(node, "function", Role::Callee);
            }
            if arguments.kind() == "arguments" {
                cx.splice(arguments, Role::Arg);
            } else if arguments.kind() == "case_block" {
                cases(cx, arguments);
            } else {
                cx.child(arguments, Role::Arg);
            }
            cx.close();
        }
        "instance_expression" => instance(cx, node, role),
        "generic_function" => {
            let (Some(function), Some(arguments)) =
                (node.child_by_field_name("function"), node.child_by_field_name("type_arguments"))
            else {
                return cx.raw(node, role);
            };
            let name = function.child_by_field_name("field").map(|field| cx.text_of(field));
            if let (Some("asInstanceOf"), Some(value), Some(target)) =
                (name, function.child_by_field_name("value"), arguments.named_child(0))
            {
                return cast(cx, node, role, value, target);
            }
            // `f[T](x)` calls what `f[T]` gives.
            cx.open(Open::at(Kind::Call, role, node));
            cx.child(function, Role::Callee);
            for argument in Lowering::named(arguments) {
                cx.open(Open::at(Kind::Type, Role::Arg, argument));
                cx.child(argument, Role::Type);
                cx.close();
            }
            cx.close();
        }
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
            let mut first = true;
            for part in parts {
                if part.kind() != "interpolation" {
                    continue;
                }
                text_part(cx, node, at, part.start_byte(), first);
                cx.open(Open::at(Kind::Interp, Role::Part, part));
                cx.splice(part, Role::Value);
                cx.close();
                at = part.end_byte();
                first = false;
            }
            text_part(cx, node, at, string.end_byte().saturating_sub(1), first);
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

/// Text between what is interpolated; white space behind a value counts for nothing.
fn text_part<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, start: usize, end: usize, first: bool) {
    let Some(text) = cx.source().get(start..end) else { return };
    let own = if first { text } else { text.trim_start() };
    if !own.trim_matches('"').is_empty() {
        let start = end - own.len();
        let symbol = symbol(own);
        cx.leaf(Open::at(Kind::StrPart, Role::Part, node).range(start, end).symbol(symbol));
    }
}

/// `for (a <- b; c = d if e) f`: what follows a generator narrows it.
fn repetition<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let Some(body) = node.child_by_field_name("body") else { return cx.raw(node, role) };
    let mut cursor = node.walk();
    let yields = node.children(&mut cursor).any(|child| child.kind() == "yield");
    cx.open(Open::at(Kind::ForEach, role, node));
    let groups = Lowering::named(node).into_iter().filter(|child| child.kind() == "enumerators");
    let mut open = false;
    for enumerator in groups.flat_map(Lowering::named) {
        let parts = Lowering::named(enumerator);
        let alone = parts.first().is_some_and(|first| first.kind() == "guard");
        if !alone {
            if open {
                cx.close();
            }
            cx.open(Open::at(Kind::CompFor, Role::Iter, enumerator));
            open = true;
        }
        for (at, child) in parts.into_iter().enumerate() {
            let part = match (at, child.kind()) {
                (_, "guard") => Role::Filter,
                (0, _) => Role::Target,
                _ => Role::Iter,
            };
            if part != Role::Filter || open {
                cx.child(child, part);
            }
        }
    }
    if open {
        cx.close();
    }
    if yields {
        cx.open(Open::at(Kind::Block, Role::Body, body).flags(flag::SYNTH));
        cx.open(Open::at(Kind::Yield, Role::Stmt, body));
        cx.child(body, Role::Value);
        cx.close();
        cx.close();
    } else {
        cx.block(body, Role::Body);
    }
    cx.close();
}

/// `{ case a => b }` is a function.
fn cases<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    cx.open(Open::at(Kind::Func, Role::Arg, node).flags(flag::ANON | flag::ARROW));
    cx.open(Open::at(Kind::Block, Role::Body, node).flags(flag::SYNTH));
    cx.open(Open::at(Kind::Switch, Role::Stmt, node));
    cx.splice(node, Role::Case);
    cx.close();
    cx.close();
    cx.close();
}

/// The one expression of `= { e }`, or the body.
fn without_braces<'t>(function: Syntax<'t>, body: Syntax<'t>) -> Syntax<'t> {
    let parts = if body.kind() == "block" { Lowering::named(body) } else { Vec::new() };
    let statements: Vec<_> = parts.into_iter().filter(|part| !part.kind().contains("comment")).collect();
    let mut cursor = function.walk();
    let is_value = function.children(&mut cursor).any(|child| child.kind() == "=");
    match statements.as_slice() {
        [only] if is_value && !only.kind().contains("definition") && !only.kind().contains("declaration") => {
            *only
        }
        _ => body,
    }
}

/// What a case takes, with its guard.
fn case_pattern<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let Some(pattern) = node.child_by_field_name("pattern") else { return };
    let guard = Lowering::named(node).into_iter().find(|child| child.kind() == "guard");
    let Some(guard) = guard else { return cx.child(pattern, Role::Value) };
    let open = Open::at(Kind::Raw, Role::Value, guard).range(pattern.start_byte(), guard.end_byte());
    cx.open(open.kind_of("guarded_pattern"));
    cx.child(pattern, Role::Value);
    cx.child(guard, Role::Filter);
    cx.close();
}

fn case_body(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut cursor = node.walk();
    node.children_by_field_name("body", &mut cursor).filter(Syntax::is_named).collect()
}

/// A case of `catch`.
fn handler<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Catch, role, node));
    case_pattern(cx, node);
    let body = case_body(node);
    let start = body.first().map_or(node.end_byte(), Syntax::start_byte);
    cx.open(Open::at(Kind::Block, Role::Body, node).range(start, node.end_byte()).kind_of("block"));
    for child in body {
        cx.child(child, Role::Stmt);
    }
    cx.close();
    cx.close();
}

/// `extends A(b) with C`.
fn parents<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let arguments = node.child_by_field_name("arguments");
    let mut own = role;
    for child in Lowering::named(node) {
        if child.kind() == "arguments" {
            continue;
        }
        match arguments.filter(|_| own == role) {
            Some(arguments) => {
                let open = Open::at(Kind::WithItem, own, child);
                cx.open(open.range(child.start_byte(), arguments.end_byte()));
                cx.child(child, Role::Value);
                cx.splice(arguments, Role::Arg);
                cx.close();
            }
            None => cx.child(child, own),
        }
        own = Role::Implements;
    }
}

fn cast<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, value: Syntax<'t>, target: Syntax<'t>) {
    cx.open(Open::at(Kind::Cast, role, node));
    cx.child(value, Role::Value);
    cx.child(target, Role::Type);
    cx.close();
}

/// The class of `Class.apply(…)`, which is a long way to write `new Class(…)`.
fn applied<'t>(cx: &Lowering<'t>, node: Syntax<'t>) -> Option<Syntax<'t>> {
    let function = node.child_by_field_name("function").filter(|own| own.kind() == "field_expression")?;
    let class = function.child_by_field_name("value").filter(|own| own.kind() == "identifier")?;
    let named = function.child_by_field_name("field").is_some_and(|field| cx.text_of(field) == "apply");
    let is_class = cx.text_of(class).starts_with(|c: char| c.is_ascii_uppercase());
    (named && is_class).then_some(class)
}

/// `new A(b)`, or a class without a name where members follow.
fn instance<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let body = children.iter().copied().find(|child| child.kind() == "template_body");
    let parts = children.into_iter().filter(|child| child.kind() != "template_body");
    let Some(body) = body else {
        cx.open(Open::at(Kind::New, role, node));
        let mut callee = Role::Callee;
        for child in parts {
            if child.kind() == "arguments" {
                cx.splice(child, Role::Arg);
            } else {
                cx.child(child, callee);
                callee = Role::Implements;
            }
        }
        return cx.close();
    };
    cx.open(Open::at(Kind::Call, role, node));
    cx.open(Open::at(Kind::Class, Role::Callee, node).flags(flag::ANON).symbol(symbol("object_definition")));
    let mut own = Role::Extends;
    for child in parts {
        cx.child(child, own);
        own = Role::Implements;
    }
    cx.child(body, Role::Body);
    cx.close();
    cx.close();
}

fn type_parameters<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        if child.kind() == "type_parameters" {
            let mut cursor = child.walk();
            for name in child.children_by_field_name("name", &mut cursor) {
                cx.child(name, Role::TypeParam);
            }
        }
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

/// `a op b` is a call of a method, whatever the operator.
fn infix<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let parts = ["left", "operator", "right"].map(|field| node.child_by_field_name(field));
    let [Some(left), Some(operator), Some(right)] = parts else { return cx.raw(node, role) };
    cx.open(Open::at(Kind::Call, role, node));
    let callee = Open::at(Kind::Member, Role::Callee, node);
    cx.open(callee.range(left.start_byte(), operator.end_byte()));
    cx.child(left, Role::Object);
    cx.name(operator, Role::Property);
    cx.close();
    cx.child(right, Role::Arg);
    cx.close();
}
