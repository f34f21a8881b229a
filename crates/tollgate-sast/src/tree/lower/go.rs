//! Go.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};

pub(super) const TABLE: &str = "
expression_statement, parenthesized_expression, parenthesized_type, statement_list, literal_element, type_elem, type_constraint -> =
block -> Block ..:Stmt
if_statement -> If initializer:Init condition:Cond consequence:Then alternative:{}Else
for_statement -> !
expression_switch_statement -> Switch initializer:Init value:Cond ..:Case
type_switch_statement -> Switch initializer:Init alias:Init value:Cond ..:Case
select_statement -> Switch ..:Case op
expression_case -> Case value:*Value ..:Stmt
type_case -> Case type:Value ..:Stmt
default_case -> Case ..:Stmt
communication_case -> Case communication:Value ..:Stmt
return_statement -> !
break_statement -> Break ..:Label
continue_statement -> Continue ..:Label
labeled_statement -> Label label:Label ..:Body
defer_statement, go_statement -> Raw op ..:Value
package_clause -> Package ..:Module
import_declaration -> =
import_spec_list -> =
import_spec -> !
function_declaration, method_declaration -> !
func_literal -> !
parameter_declaration, variadic_parameter_declaration -> !
const_declaration, var_declaration, var_spec_list -> =
const_spec, var_spec -> !
short_var_declaration -> !
assignment_statement -> !
inc_statement, dec_statement -> AugAssign op ..:Left
type_declaration -> =
type_spec, type_alias -> !
struct_type -> Type op ..:*Body
field_declaration_list -> ClassBody ..:Stmt
field_declaration -> !
call_expression -> !
argument_list -> =
variadic_argument -> Spread ..:Value
selector_expression -> Member operand:Object field:Property
qualified_type -> Member package:Object name:Property
index_expression -> Index operand:Object index:Index
slice_expression -> Raw op
type_assertion_expression -> Cast operand:Value type:Type
type_conversion_expression -> Cast type:Type operand:Value
composite_literal -> !
literal_value -> Dict #keyed_element:Pair ..:Elem
keyed_element -> Pair key:Key value:Value
identifier, field_identifier, package_identifier, type_identifier, blank_identifier, label_name, iota -> Name text
nil -> Null text
true, false -> Bool text
int_literal, float_literal, imaginary_literal -> Num num
interpreted_string_literal, raw_string_literal -> Str str
rune_literal -> Raw text
unary_expression -> Unary operand:Operand op=operator
pointer_type -> Unary op ..:Operand
binary_expression -> Binary left:Left right:Right op=operator
send_statement -> Binary channel:Left value:Right op
generic_type -> !
slice_type -> Type op element:Type
array_type -> Type op length:Child element:Type
map_type -> Type op key:Key value:Value
expression_list -> !
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "for_statement" => for_statement(cx, node, role),
        "return_statement" => {
            cx.open(Open::at(Kind::Return, role, node));
            for list in Lowering::named(node) {
                list_or_tuple(cx, list, Role::Value);
            }
            cx.close();
        }
        "import_spec" => {
            let name = cx.in_field(node, "name");
            let flags = if name.is_some_and(|name| name.kind() == "dot") { flag::WILDCARD } else { 0 };
            let mut declaration = node;
            while let Some(parent) =
                declaration.parent().filter(|parent| parent.kind().starts_with("import_"))
            {
                declaration = parent;
            }
            let open = Open::at(Kind::Import, role, node).flags(flags);
            cx.open(open.range(declaration.start_byte(), node.end_byte()));
            cx.field(node, "path", Role::Module);
            if let Some(name) = name.filter(|_| flags == 0) {
                cx.name(name, Role::Alias);
            }
            cx.close();
        }
        "function_declaration" => function(cx, node, role, 0),
        "method_declaration" => function(cx, node, role, flag::METHOD),
        "func_literal" => function(cx, node, role, flag::ANON),
        "parameter_declaration" | "variadic_parameter_declaration" => parameter(cx, node, role),
        "const_spec" => variables(cx, node, role, flag::DECL | flag::CONST),
        "var_spec" => variables(cx, node, role, flag::DECL | flag::VAR),
        "short_var_declaration" => assignment(cx, node, role, flag::SHORT),
        "assignment_statement" => assignment(cx, node, role, 0),
        "type_spec" | "type_alias" => {
            let alias = if node.kind() == "type_alias" { symbol("=") } else { 0 };
            cx.open(Open::at(Kind::Class, role, node).symbol(alias));
            cx.field(node, "name", Role::Name);
            cx.field(node, "type", Role::Body);
            cx.close();
        }
        "field_declaration" => {
            let mut cursor = node.walk();
            let names: Vec<_> = node.children_by_field_name("name", &mut cursor).collect();
            if names.is_empty() {
                cx.open(Open::at(Kind::Declare, role, node).flags(flag::FIELD));
                cx.field(node, "type", Role::Type);
                cx.field(node, "tag", Role::Default);
                cx.close();
            }
            for name in names {
                cx.open(Open::at(Kind::Declare, role, node).flags(flag::FIELD));
                cx.name(name, Role::Name);
                cx.field(node, "type", Role::Type);
                cx.field(node, "tag", Role::Default);
                cx.close();
            }
        }
        "call_expression" if made(cx, node).is_some() => make(cx, node, role),
        "call_expression" => {
            cx.open(Open::at(Kind::Call, role, node));
            cx.field(node, "function", Role::Callee);
            if let Some(types) = cx.in_field(node, "type_arguments") {
                cx.splice(types, Role::TypeArg);
            }
            if let Some(arguments) = cx.in_field(node, "arguments") {
                cx.splice(arguments, Role::Arg);
            }
            cx.close();
        }
        "composite_literal" => {
            cx.open(Open::at(Kind::New, role, node));
            cx.field(node, "type", Role::Callee);
            if let Some(body) = cx.in_field(node, "body") {
                for element in Lowering::named(body) {
                    let role = if element.kind() == "keyed_element" { Role::Pair } else { Role::Elem };
                    cx.child(element, role);
                }
            }
            cx.close();
        }
        "generic_type" => cx.field(node, "type", role),
        "expression_list" => list_or_tuple(cx, node, role),
        _ => cx.raw(node, role),
    }
}

/// A list of one is its element.
fn list_or_tuple<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    if node.kind() != "expression_list" {
        cx.child(node, role);
    } else if let [single] = children.as_slice() {
        cx.child(*single, role);
    } else {
        cx.open(Open::at(Kind::Tuple, role, node));
        for child in children {
            cx.child(child, Role::Elem);
        }
        cx.close();
    }
}

fn for_statement<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let header = Lowering::named(node).into_iter().find(|child| child.kind() != "block");
    match header {
        Some(clause) if clause.kind() == "for_clause" => {
            cx.open(Open::at(Kind::For, role, node));
            cx.field(clause, "initializer", Role::Init);
            cx.field(clause, "condition", Role::Cond);
            cx.field(clause, "update", Role::Update);
        }
        Some(clause) if clause.kind() == "range_clause" => {
            cx.open(Open::at(Kind::ForEach, role, node));
            if let Some(left) = cx.in_field(clause, "left") {
                list_or_tuple(cx, left, Role::Target);
            }
            cx.field(clause, "right", Role::Iter);
        }
        Some(condition) => {
            cx.open(Open::at(Kind::While, role, node));
            cx.child(condition, Role::Cond);
        }
        None => cx.open(Open::at(Kind::While, role, node)),
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}

fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    cx.open(Open::at(Kind::Func, role, node).flags(flags));
    if let Some(receiver) = cx.in_field(node, "receiver") {
        cx.splice(receiver, Role::Receiver);
    }
    cx.field(node, "name", Role::Name);
    if let Some(parameters) = cx.in_field(node, "parameters") {
        cx.splice(parameters, Role::Param);
    }
    if let Some(result) = cx.in_field(node, "result") {
        let parts = Lowering::named(result);
        if result.kind() != "parameter_list" {
            cx.child(result, Role::ReturnType);
        } else if let [single] = parts[..]
            && cx.in_field(single, "name").is_none()
        {
            cx.field(single, "type", Role::ReturnType);
        } else {
            cx.open(Open::at(Kind::Tuple, Role::ReturnType, result));
            cx.splice(result, Role::Elem);
            cx.close();
        }
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}

/// The arguments of a call that makes a value: `make([]T, n)`, `new(T)`.
fn made<'t>(cx: &Lowering<'t>, node: Syntax<'t>) -> Option<Vec<Syntax<'t>>> {
    let callee = cx.in_field(node, "function").filter(|callee| callee.kind() == "identifier")?;
    let arguments = Lowering::named(cx.in_field(node, "arguments")?);
    match (cx.text_of(callee), arguments.len()) {
        ("make", 1..) | ("new", 1) => Some(arguments),
        _ => None,
    }
}

/// `make(T, n)` reads like `T{n}`, `new(T)` like `&T{}`.
fn make<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let Some(arguments) = made(cx, node) else { return };
    let [made, rest @ ..] = &arguments[..] else { return };
    let pointer = cx.in_field(node, "function").is_some_and(|callee| cx.text_of(callee) == "new");
    if pointer {
        cx.open(Open::at(Kind::Unary, role, node).symbol(symbol("&")));
    }
    cx.open(Open::at(Kind::New, if pointer { Role::Operand } else { role }, node));
    cx.child(*made, Role::Callee);
    // Dots stand for the type and whatever follows.
    if cx.text_of(*made) == "el__e" {
        cx.child(*made, Role::Elem);
    }
    for argument in rest {
        cx.child(*argument, Role::Elem);
    }
    cx.close();
    if pointer {
        cx.close();
    }
}

fn parameter<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let names: Vec<_> = node.children_by_field_name("name", &mut cursor).collect();
    let rest = if node.kind() == "variadic_parameter_declaration" { symbol("...") } else { 0 };
    if names.is_empty() {
        cx.open(Open::at(Kind::Param, role, node).symbol(rest));
        cx.field(node, "type", Role::Type);
        cx.close();
    }
    for name in names {
        let open = Open::at(Kind::Param, role, node).symbol(rest);
        cx.open(open.range(name.start_byte(), node.end_byte()));
        cx.name(name, Role::Name);
        cx.field(node, "type", Role::Type);
        cx.close();
    }
}

fn variables<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    let mut cursor = node.walk();
    let names: Vec<_> = node.children_by_field_name("name", &mut cursor).filter(Syntax::is_named).collect();
    let values = cx.in_field(node, "value").map(Lowering::named).unwrap_or_default();
    // What stands between parentheses begins with its name, whatever is declared alone with `var`.
    let alone = node.parent().filter(|parent| parent.child(1) == Some(node));
    let start = alone.unwrap_or(node).start_byte();
    let open = |kind| Open::at(kind, role, node).flags(flags).range(start, node.end_byte());
    if names.len() > 1 && values.len() == 1 {
        cx.open(open(Kind::Assign));
        cx.field(node, "type", Role::Type);
        cx.open(Open::at(Kind::Tuple, Role::Left, node));
        for name in names {
            cx.name(name, Role::Elem);
        }
        cx.close();
        cx.child(values[0], Role::Right);
        cx.close();
        return;
    }
    for (at, name) in names.iter().enumerate() {
        let value = values.get(at);
        let (kind, name_role) =
            if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
        cx.open(open(kind));
        cx.field(node, "type", Role::Type);
        cx.name(*name, name_role);
        if let Some(value) = value {
            cx.child(*value, Role::Right);
        }
        cx.close();
    }
}

fn assignment<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    let operator = cx.in_field(node, "operator").map_or("=", |operator| cx.text_of(operator));
    let plain = flags != 0 || operator == "=";
    let kind = if plain { Kind::Assign } else { Kind::AugAssign };
    let symbol = if plain { 0 } else { symbol(operator) };
    cx.open(Open::at(kind, role, node).flags(flags).symbol(symbol));
    cx.field(node, "left", Role::Left);
    cx.field(node, "right", Role::Right);
    cx.close();
}
