//! C and C++.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, number_symbol, string_literal, symbol};

pub(super) const TABLE: &str = "
expression_statement, parenthesized_expression, parenthesized_declarator, linkage_specification, declaration_list -> =
preproc_if, preproc_ifdef, preproc_else, preproc_elif -> =
compound_statement -> Block ..:Stmt
if_statement -> If condition:Cond consequence:{}Then alternative:Else
else_clause -> !
while_statement -> While condition:Cond body:{}Body
do_statement -> DoWhile condition:Cond body:{}Body
for_statement -> For initializer:Init condition:Cond update:Update body:{}Body
switch_statement -> Switch condition:Cond body:*Case
case_statement -> Case value:Value ..:Stmt
return_statement -> Return ..:Value
break_statement -> Break
continue_statement -> Continue
goto_statement -> Raw op
labeled_statement -> Label label:Label ..:Body
declaration, field_declaration -> !
function_definition -> !
parameter_declaration, optional_parameter_declaration -> !
variadic_parameter -> Param op
struct_specifier, union_specifier, class_specifier, enum_specifier -> Class name:Name body:Body op #base_class_clause:*Extends
field_declaration_list, enumerator_list -> ClassBody ..:Stmt
enumerator -> Declare name:Name value:Right +field
type_definition -> Declare type:Type declarator:Name op
call_expression -> !
argument_list -> =
field_expression -> !
subscript_expression -> Index argument:Object index:Index indices:*Index
subscript_argument_list -> =
identifier, field_identifier, type_identifier, statement_identifier, primitive_type, namespace_identifier, this -> Name text
sized_type_specifier -> Name text
type_qualifier, storage_class_specifier, ms_call_modifier -> Modifier text
type_descriptor -> !
string_literal, raw_string_literal -> Str str
char_literal -> Raw text
number_literal -> Num num
true, false -> Bool text
null -> Null
unary_expression -> Unary argument:Operand op=operator
pointer_expression -> Unary argument:Operand op=operator
update_expression -> AugAssign argument:Left op=operator
binary_expression -> Binary left:Left right:Right op=operator
assignment_expression -> !
conditional_expression -> Ternary condition:Cond consequence:Then alternative:Else
cast_expression -> Cast type:Type value:Value
sizeof_expression -> Call op type:Arg value:Arg
comma_expression -> Sequence ..:Elem
initializer_list -> List ..:Elem
initializer_pair -> Pair designator:Key value:Value
preproc_include -> Import path:Module
system_lib_string -> Str text
preproc_def -> Raw op name:Name value:Value
preproc_function_def -> Raw op
preproc_arg -> !
preproc_call -> Raw op
";

pub(super) const CPP: &str = "
qualified_identifier -> Member scope:Object name:Property
template_function, template_type, template_method -> !
lambda_expression -> Func declarator:Param body:Body +anon +arrow
try_statement -> Try body:Body #catch_clause:Catch
catch_clause -> Catch parameters:*Type body:Body
throw_statement -> Throw ..:Value
for_range_loop -> ForEach type:Type declarator:Target right:Iter body:{}Body
namespace_definition -> Package name:Module body:*Stmt
using_declaration -> Import op ..:Module
new_expression -> New type:Callee arguments:*Arg
delete_expression -> Delete op ..:Value
template_declaration -> !
access_specifier -> ~
user_defined_literal -> Raw text
concatenated_string -> Template ..:Part
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "else_clause" => {
            for child in Lowering::named(node) {
                cx.block(child, role);
            }
        }
        "declaration" | "field_declaration" => declaration(cx, node, role),
        "function_definition" => function(cx, node, role),
        "parameter_declaration" | "optional_parameter_declaration" => {
            let declarator = node.child_by_field_name("declarator");
            let (name, makers) = declarator.map_or((None, Vec::new()), declared);
            cx.open(Open::at(Kind::Param, role, node));
            if let Some(base) = node.child_by_field_name("type") {
                made(cx, base, Role::Type, name, &makers);
            }
            if let Some(name) = name {
                cx.child(name, Role::Name);
            }
            cx.field(node, "default_value", Role::Default);
            cx.close();
        }
        "call_expression" => {
            cx.open(Open::at(Kind::Call, role, node));
            cx.field(node, "function", Role::Callee);
            if let Some(arguments) = node.child_by_field_name("arguments") {
                cx.splice(arguments, Role::Arg);
            }
            cx.close();
        }
        "type_descriptor" => {
            let makers = node.child_by_field_name("declarator").map_or(Vec::new(), |own| declared(own).1);
            if let Some(base) = node.child_by_field_name("type") {
                made(cx, base, role, None, &makers);
            }
        }
        // What an arrow reaches is no member of a value to patterns with a dot.
        "field_expression" => {
            let arrow = node.child_by_field_name("operator").is_some_and(|own| cx.text_of(own) == "->");
            cx.open(Open::at(Kind::Member, role, node).symbol(if arrow { symbol("->") } else { 0 }));
            cx.field(node, "argument", Role::Object);
            cx.field(node, "field", Role::Property);
            cx.close();
        }
        // What a macro stands for, when it is a literal; the grammar leaves it as text.
        "preproc_arg" => {
            let text = cx.text_of(node);
            let written = text.trim();
            let start = node.start_byte() + text.len() - text.trim_start().len();
            let range = (start, start + written.len());
            let digits =
                written.trim_start_matches('-').bytes().next().is_some_and(|byte| byte.is_ascii_digit());
            let plain = written.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
            let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            if digits && plain {
                let open = Open::at(Kind::Num, role, node).symbol(number_symbol(written));
                cx.leaf(open.range(range.0, range.1));
            } else if inner.is_some_and(|inner| !inner.contains(['"', '\\'])) {
                let open = string_literal(written, Open::at(Kind::Str, role, node));
                cx.leaf(open.range(range.0, range.1));
            } else {
                let symbol = symbol(text);
                cx.leaf(Open::at(Kind::Raw, role, node).symbol(symbol));
            }
        }
        "assignment_expression" => cx.assignment(node, role),
        "template_function" | "template_type" | "template_method" => {
            let Some(name) = node.child_by_field_name("name") else { return cx.raw(node, role) };
            let symbol = symbol(cx.text_of(name));
            cx.open(Open::at(Kind::Name, role, node).symbol(symbol));
            if let Some(arguments) = node.child_by_field_name("arguments") {
                cx.splice(arguments, Role::TypeArg);
            }
            cx.close();
        }
        "template_declaration" => {
            if let Some(inner) = Lowering::named(node).last() {
                cx.child(*inner, role);
            }
        }
        _ => cx.raw(node, role),
    }
}

/// What makes a type of another.
#[derive(Clone, Copy)]
enum Maker<'t> {
    Pointer(Syntax<'t>),
    Array(Syntax<'t>),
}

/// Deeper types are taken for their innermost part.
const MAX_MAKERS: usize = 8;

/// A type: `made` of the written one by pointers and arrays, the innermost first.
fn made<'t>(
    cx: &mut Lowering<'t>,
    base: Syntax<'t>,
    role: Role,
    name: Option<Syntax<'t>>,
    makers: &[Maker<'t>],
) {
    let mut own = role;
    for maker in makers.iter().rev() {
        let (node, kind, size) = match *maker {
            Maker::Pointer(node) => (node, "*", None),
            Maker::Array(node) => match node.child_by_field_name("size") {
                Some(size) => (node, "[_]", Some(size)),
                None => (node, "[]", None),
            },
        };
        let end = name.map_or(node.end_byte(), |name| name.start_byte());
        let start = base.start_byte();
        cx.open(Open::at(Kind::Type, own, node).range(start, end.max(base.end_byte())).symbol(symbol(kind)));
        if let Some(size) = size {
            cx.child(size, Role::Index);
        }
        own = Role::Type;
    }
    cx.child(base, own);
    for _ in makers {
        cx.close();
    }
}

/// The name a declarator declares and the pointers and arrays that surround it, the innermost of the type
/// first. A loop: declarators nest as deep as the text likes.
fn declared(mut declarator: Syntax<'_>) -> (Option<Syntax<'_>>, Vec<Maker<'_>>) {
    let mut makers = Vec::new();
    loop {
        match declarator.kind() {
            "pointer_declarator" | "abstract_pointer_declarator" => makers.push(Maker::Pointer(declarator)),
            "array_declarator" | "abstract_array_declarator" => makers.push(Maker::Array(declarator)),
            "reference_declarator"
            | "init_declarator"
            | "parenthesized_declarator"
            | "function_declarator"
            | "attributed_declarator"
            | "abstract_reference_declarator" => {}
            kind if kind.starts_with("abstract_") => return (None, makers),
            _ => return (Some(declarator), makers),
        }
        makers.truncate(MAX_MAKERS);
        let next = declarator.child_by_field_name("declarator").or_else(|| {
            Lowering::named(declarator)
                .into_iter()
                .find(|child| child.kind().ends_with("declarator") || child.kind().ends_with("identifier"))
        });
        match next {
            Some(next) => declarator = next,
            None => return (None, makers),
        }
    }
}

fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        if matches!(child.kind(), "type_qualifier" | "storage_class_specifier") {
            cx.child(child, Role::Modifier);
        }
    }
}

/// The outermost function declarator, when the declared thing is a function, and what makes its result.
fn function_declarator(mut declarator: Syntax<'_>) -> Option<(Syntax<'_>, Vec<Maker<'_>>)> {
    let mut makers = Vec::new();
    loop {
        match declarator.kind() {
            "function_declarator" => return Some((declarator, makers)),
            "pointer_declarator" if makers.len() < MAX_MAKERS => makers.push(Maker::Pointer(declarator)),
            _ => {}
        }
        declarator = declarator.child_by_field_name("declarator")?;
    }
}

/// The result, name and parameters of a function.
fn header<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, function: Syntax<'t>, makers: &[Maker<'t>]) {
    if let Some(base) = node.child_by_field_name("type") {
        made(cx, base, Role::ReturnType, Some(function), makers);
    }
    cx.field(function, "declarator", Role::Name);
    if let Some(parameters) = function.child_by_field_name("parameters") {
        cx.splice(parameters, Role::Param);
    }
}

/// `Type name(a, b);` in a body reads like a function's declaration; there it makes an object of `a` and `b`.
fn object_arguments<'t>(node: Syntax<'t>, declarator: Syntax<'t>) -> Option<Vec<Syntax<'t>>> {
    let in_body = node.parent().is_some_and(|parent| parent.kind() == "compound_statement");
    if !in_body || declarator.kind() != "function_declarator" {
        return None;
    }
    let list = Lowering::named(declarator.child_by_field_name("parameters")?);
    let named = |own: &Syntax<'t>| {
        let inner = own.child_by_field_name("type")?;
        (own.named_child_count() == 1 && inner.kind() == "type_identifier").then_some(inner)
    };
    let arguments: Vec<_> = list.iter().filter_map(named).collect();
    (!arguments.is_empty() && arguments.len() == list.len()).then_some(arguments)
}

fn declaration<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let declarators: Vec<_> = node.children_by_field_name("declarator", &mut cursor).collect();
    let field = if node.kind() == "field_declaration" { flag::FIELD } else { 0 };
    if declarators.is_empty() {
        if let Some(inner) = node.child_by_field_name("type") {
            cx.child(inner, role);
        }
        return;
    }
    for (at, declarator) in declarators.iter().enumerate() {
        // Each is a declaration of its own and begins with the type.
        let whole = at + 1 == declarators.len();
        let (start, end) = (node.start_byte(), if whole { node.end_byte() } else { declarator.end_byte() });
        if let Some(arguments) = object_arguments(node, *declarator) {
            cx.open(Open::at(Kind::Assign, role, node).range(start, end).flags(flag::DECL));
            cx.field(node, "type", Role::Type);
            cx.field(*declarator, "declarator", Role::Left);
            for argument in arguments {
                cx.name(argument, Role::Right);
            }
            cx.close();
            continue;
        }
        if let Some((function, makers)) =
            function_declarator(*declarator).filter(|_| declarator.kind() != "init_declarator")
        {
            cx.open(Open::at(Kind::Func, role, node).range(start, end));
            header(cx, node, function, &makers);
            cx.close();
            continue;
        }
        let value =
            declarator.child_by_field_name("value").filter(|_| declarator.kind() == "init_declarator");
        let (name, makers) = declared(*declarator);
        let (kind, name_role) =
            if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
        cx.open(Open::at(kind, role, node).range(start, end).flags(flag::DECL | field));
        modifiers(cx, node);
        if let Some(base) = node.child_by_field_name("type") {
            made(cx, base, Role::Type, name, &makers);
        }
        if let Some(name) = name {
            cx.child(name, name_role);
        }
        if let Some(value) = value {
            cx.child(value, Role::Right);
        }
        cx.close();
    }
}

fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Func, role, node));
    modifiers(cx, node);
    match node.child_by_field_name("declarator").and_then(function_declarator) {
        Some((function, makers)) => header(cx, node, function, &makers),
        None => cx.field(node, "type", Role::ReturnType),
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}
