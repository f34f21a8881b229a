//! Python.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
expression_statement -> !
block -> Block ..:Stmt
if_statement -> !
while_statement -> While condition:Cond body:Body alternative:Else
match_statement -> Switch subject:Cond body:*Case
case_clause -> Case #case_pattern:*Value guard:Filter consequence:Body
union_pattern -> =
for_statement -> ForEach left:Target right:Iter body:Body alternative:Else
else_clause -> !
try_statement -> Try body:Body #except_clause:Catch #except_group_clause:Catch #finally_clause:Finally #else_clause:Else
except_clause, except_group_clause -> Catch value:Type alias:Name #block:Body ..:Type
finally_clause -> !
with_statement -> With #with_clause:*Item body:Body +async?async
with_item -> =
as_pattern -> WithItem alias:Alias ..:Value
as_pattern_target -> =
return_statement -> Return ..:Value
raise_statement -> Throw cause:Child ..:Value
assert_statement -> Assert ..:Arg
delete_statement -> Delete ..:Value
global_statement, nonlocal_statement -> Global ..:Item
break_statement -> Break
continue_statement -> Continue
import_statement, import_from_statement, future_import_statement -> !
function_definition, class_definition, decorated_definition -> !
lambda -> Func parameters:*Param body:{}Body +anon +arrow
default_parameter -> Param name:Name value:Default
typed_parameter -> Param type:Type ..:Name
typed_default_parameter -> Param name:Name type:Type value:Default
list_splat_pattern, dictionary_splat_pattern -> Spread op ..:Value
decorator -> Decorator ..:Value
call -> !
keyword_argument -> KwArg name:Key value:Value
list_splat, dictionary_splat -> Spread op ..:Value
attribute -> Member object:Object attribute:Property
subscript -> Index value:Object subscript:Index
slice -> !
identifier -> Name text
string, concatenated_string -> !
integer, float -> Num num
true, false -> Bool text
none -> Null text
binary_operator, boolean_operator -> Binary left:Left right:Right op=operator
comparison_operator -> !
not_operator, unary_operator -> Unary argument:Operand op
assignment -> !
augmented_assignment -> AugAssign left:Left right:Right op=operator
named_expression -> Assign name:Left value:Right +short
conditional_expression -> !
tuple, tuple_pattern, pattern_list, expression_list -> Tuple ..:Elem
list, list_pattern -> List ..:Elem
set -> Set ..:Elem
dictionary -> Dict ..:Pair
pair -> Pair key:Key value:Value
for_in_clause -> CompFor left:Target right:Iter
await -> Await ..:Value
yield -> Yield op ..:Value
parenthesized_expression -> ()
type -> =
generic_type, union_type -> !
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        // Types are read like expressions: `Optional[Foo]`, `Foo | None`.
        "generic_type" => {
            cx.open(Open::at(Kind::Index, role, node));
            for (at, part) in Lowering::named(node).into_iter().enumerate() {
                if at == 0 { cx.child(part, Role::Object) } else { cx.splice(part, Role::Index) }
            }
            cx.close();
        }
        "union_type" => {
            cx.open(Open::at(Kind::Binary, role, node).symbol(symbol("|")));
            for (part, role) in Lowering::named(node).into_iter().zip([Role::Left, Role::Right]) {
                cx.child(part, role);
            }
            cx.close();
        }
        "expression_statement" => {
            let children = Lowering::named(node);
            if children.len() > 1 {
                cx.open(Open::at(Kind::Tuple, role, node));
                cx.splice(node, Role::Elem);
                cx.close();
            } else {
                cx.splice(node, role);
            }
        }
        "if_statement" => conditional(cx, node, role),
        "else_clause" | "finally_clause" => {
            for child in Lowering::named(node) {
                cx.child(child, role);
            }
        }
        "function_definition" | "class_definition" | "decorated_definition" => definition(cx, node, role),
        "import_statement" => {
            for name in Lowering::named(node) {
                cx.open(Open::at(Kind::Import, role, node));
                let (path, alias) = aliased(name);
                cx.dotted(&Lowering::named(path), Role::Module);
                if let Some(alias) = alias {
                    cx.name(alias, Role::Alias);
                }
                cx.close();
            }
        }
        "import_from_statement" | "future_import_statement" => import_from(cx, node, role),
        "call" => {
            cx.open(Open::at(Kind::Call, role, node));
            cx.field(node, "function", Role::Callee);
            if let Some(arguments) = cx.in_field(node, "arguments") {
                if arguments.kind() == "argument_list" {
                    cx.splice(arguments, Role::Arg);
                } else {
                    cx.child(arguments, Role::Arg);
                }
            }
            cx.close();
        }
        "slice" => {
            // The place of the colons tells `[1:]` from `[:1]`.
            let mut cursor = node.walk();
            let shape: String =
                node.children(&mut cursor).map(|child| if child.is_named() { 'x' } else { ':' }).collect();
            cx.open(Open::at(Kind::Slice, role, node).symbol(symbol(&shape)));
            cx.splice(node, Role::Child);
            cx.close();
        }
        "string" => string(cx, node, role),
        "concatenated_string" => concatenated(cx, node, role),
        "comparison_operator" => comparison(cx, node, role),
        "assignment" => assignment(cx, node, role),
        "conditional_expression" => {
            let children = Lowering::named(node);
            cx.open(Open::at(Kind::Ternary, role, node));
            for (child, role) in children.into_iter().zip([Role::Then, Role::Cond, Role::Else]) {
                cx.child(child, role);
            }
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

fn aliased(name: Syntax<'_>) -> (Syntax<'_>, Option<Syntax<'_>>) {
    match name.child_by_field_name("name") {
        Some(path) if name.kind() == "aliased_import" => (path, name.child_by_field_name("alias")),
        _ => (name, None),
    }
}

/// `elif` becomes an `if` in the `else` branch.
fn conditional<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::If, role, node));
    cx.field(node, "condition", Role::Cond);
    cx.field(node, "consequence", Role::Then);
    let mut cursor = node.walk();
    let mut open = 1;
    for clause in node.children_by_field_name("alternative", &mut cursor) {
        if clause.kind() == "elif_clause" {
            let range = |open: Open| open.range(clause.start_byte(), node.end_byte());
            cx.open(range(Open::at(Kind::Block, Role::Else, clause)).flags(flag::SYNTH));
            cx.open(range(Open::at(Kind::If, Role::Stmt, clause)));
            cx.field(clause, "condition", Role::Cond);
            cx.field(clause, "consequence", Role::Then);
            open += 2;
        } else {
            cx.field(clause, "body", Role::Else);
        }
    }
    for _ in 0..open {
        cx.close();
    }
}

fn definition<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let inner = cx.in_field(node, "definition").unwrap_or(node);
    let mut cursor = inner.walk();
    let is_async = inner.children(&mut cursor).any(|child| child.kind() == "async");
    // Decorated functions are not told apart by it.
    let flags = if is_async && inner == node { flag::ASYNC } else { 0 };
    let is_class = inner.kind() == "class_definition";
    let kind = if is_class { Kind::Class } else { Kind::Func };
    cx.open(Open::at(kind, role, node).flags(flags));
    if inner != node {
        for child in Lowering::named(node).into_iter().filter(|child| child.kind() == "decorator") {
            cx.child(child, Role::Decorator);
        }
    }
    cx.field(inner, "name", Role::Name);
    if let Some(parameters) = cx.in_field(inner, "parameters") {
        cx.splice(parameters, Role::Param);
    }
    if let Some(bases) = cx.in_field(inner, "superclasses") {
        cx.splice(bases, Role::Extends);
    }
    cx.field(inner, "return_type", Role::ReturnType);
    if let Some(body) = cx.in_field(inner, "body") {
        if is_class {
            cx.open(Open::at(Kind::ClassBody, Role::Body, body));
            cx.splice(body, Role::Stmt);
            cx.close();
        } else {
            cx.child(body, Role::Body);
        }
    }
    cx.close();
}

fn import_from<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let names: Vec<_> = node.children_by_field_name("name", &mut cursor).collect();
    let wildcard = Lowering::named(node).iter().any(|child| child.kind() == "wildcard_import");
    let flags = flag::FROM | if wildcard { flag::WILDCARD } else { 0 };
    cx.open(Open::at(Kind::Import, role, node).flags(flags));
    match cx.in_field(node, "module_name") {
        Some(module) if module.kind() == "dotted_name" => cx.dotted(&Lowering::named(module), Role::Module),
        Some(module) => cx.name(module, Role::Module),
        None => {
            let symbol = symbol("__future__");
            cx.leaf(Open::at(Kind::Name, Role::Module, node).symbol(symbol));
        }
    }
    for name in names {
        let (path, alias) = aliased(name);
        cx.open(Open::at(Kind::ImportItem, Role::Item, name));
        cx.dotted(&Lowering::named(path), Role::Name);
        if let Some(alias) = alias {
            cx.name(alias, Role::Alias);
        }
        cx.close();
    }
    cx.close();
}

fn string<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let parts = Lowering::named(node);
    if !parts.iter().any(|part| part.kind() == "interpolation") {
        let open = Open::at(Kind::Str, role, node);
        let text = cx.text_of(node);
        // Bytes literals are strings as well, but tell themselves apart.
        cx.leaf(string_literal(text, open));
        return;
    }
    cx.open(Open::at(Kind::Template, role, node));
    string_parts(cx, &parts);
    cx.close();
}

fn string_parts<'t>(cx: &mut Lowering<'t>, parts: &[Syntax<'t>]) {
    for part in parts {
        match part.kind() {
            "string_content" => {
                let symbol = symbol(cx.text_of(*part));
                cx.leaf(Open::at(Kind::StrPart, Role::Part, *part).symbol(symbol));
            }
            "interpolation" => {
                cx.open(Open::at(Kind::Interp, Role::Part, *part));
                cx.field(*part, "expression", Role::Value);
                cx.close();
            }
            _ => {}
        }
    }
}

/// Adjacent literals are one string.
fn concatenated<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let strings = Lowering::named(node);
    let parts: Vec<_> = strings.iter().flat_map(|string| Lowering::named(*string)).collect();
    let interpolated = parts.iter().any(|part| part.kind() == "interpolation");
    if interpolated {
        cx.open(Open::at(Kind::Template, role, node));
        string_parts(cx, &parts);
        cx.close();
        return;
    }
    let contents = parts.iter().filter(|part| part.kind() == "string_content");
    let whole: String = contents.map(|part| cx.text_of(*part)).collect();
    cx.leaf(Open::at(Kind::Str, role, node).symbol(symbol(&whole)).quotes(1, 1));
}

fn comparison<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut operands: Vec<Syntax<'t>> = Vec::new();
    let mut operators: Vec<String> = Vec::new();
    let mut cursor = node.walk();
    for child in node.children(&mut cursor).filter(|child| !child.is_extra()) {
        if child.is_named() {
            operands.push(child);
        } else if operators.len() < operands.len() {
            operators.push(cx.text_of(child).to_owned());
        } else if let Some(last) = operators.last_mut() {
            last.push(' ');
            last.push_str(cx.text_of(child));
        }
    }
    let start = node.start_byte();
    for (at, operator) in operators.iter().enumerate().rev() {
        let end = operands.get(at + 1).map_or(node.end_byte(), Syntax::end_byte);
        let role = if at + 1 == operators.len() { role } else { Role::Left };
        cx.open(Open::at(Kind::Binary, role, node).range(start, end).symbol(symbol(operator)));
    }
    for (at, operand) in operands.iter().enumerate() {
        cx.child(*operand, if at == 0 { Role::Left } else { Role::Right });
        if at > 0 {
            cx.close();
        }
    }
}

fn assignment<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let right = cx.in_field(node, "right");
    if right.is_some() {
        cx.open(Open::at(Kind::Assign, role, node));
        cx.field(node, "left", Role::Left);
        cx.field(node, "type", Role::Type);
        cx.field(node, "right", Role::Right);
    } else {
        cx.open(Open::at(Kind::Declare, role, node).flags(flag::DECL));
        cx.field(node, "left", Role::Name);
        cx.field(node, "type", Role::Type);
    }
    cx.close();
}
