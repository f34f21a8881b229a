//! C#.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
compilation_unit, global_statement, expression_statement, parenthesized_expression, finally_clause -> =
block -> Block ..:Stmt
if_statement -> If condition:Cond consequence:{}Then alternative:{}Else
'this', 'base' -> Name text
implicit_type -> ~
while_statement -> While condition:Cond body:{}Body
do_statement -> DoWhile condition:Cond body:{}Body
for_statement -> For initializer:Init condition:Cond update:Update body:{}Body
foreach_statement -> ForEach type:Type left:Target right:Iter body:{}Body
switch_statement -> Switch value:Cond body:*Case
switch_section -> !
try_statement -> Try body:Body #catch_clause:Catch #finally_clause:Finally
catch_clause -> !
using_statement -> With body:{}Body ..:Item
lock_statement, fixed_statement, checked_statement, unsafe_statement -> Raw op
return_statement -> Return ..:Value
throw_statement, throw_expression -> Throw ..:Value
break_statement -> Break
continue_statement -> Continue
yield_statement -> Yield op ..:Value
using_directive -> !
namespace_declaration -> Package name:Module body:Body
file_scoped_namespace_declaration -> Package name:Module
declaration_list, enum_member_declaration_list -> ClassBody ..:Stmt
method_declaration, constructor_declaration, destructor_declaration, local_function_statement, operator_declaration -> !
lambda_expression, anonymous_method_expression -> !
class_declaration, interface_declaration, struct_declaration, record_declaration, enum_declaration -> !
property_declaration -> !
accessor_list -> ClassBody ..:Stmt
field_declaration, event_field_declaration, local_declaration_statement -> !
variable_declaration -> !
enum_member_declaration -> Declare name:Name value:Right #attribute_list:~ +field
parameter -> Param type:Type name:Name #attribute_list:*Decorator #modifier:Modifier ..:Default
implicit_parameter -> Name text
modifier -> !
type_parameter -> =
attribute_list -> =
attribute -> !
invocation_expression -> Call function:Callee arguments:*Arg
object_creation_expression -> New type:Callee arguments:*Arg initializer:Body
implicit_object_creation_expression -> New #argument_list:*Arg #initializer_expression:Body
initializer_expression -> Block ..:Stmt
array_creation_expression -> New type:Callee #initializer_expression:Body
implicit_array_creation_expression -> New op #initializer_expression:Body
argument -> !
member_access_expression -> Member expression:Object name:Property
qualified_name -> Member qualifier:Object name:Property
element_access_expression -> Index expression:Object subscript:*Index
conditional_access_expression -> !
identifier, predefined_type, discard -> Name text
generic_name -> !
nullable_type -> =
array_type -> Type type:Type rank:Child
string_literal -> Str str
verbatim_string_literal, raw_string_literal -> !
character_literal -> Raw text
interpolated_string_expression -> !
integer_literal, real_literal -> Num num
boolean_literal -> Bool text
null_literal -> Null text
prefix_unary_expression, unary_expression -> Unary op ..:Operand
postfix_unary_expression, constructor_initializer -> !
binary_expression -> Binary left:Left right:Right op=operator
as_expression -> Cast left:Value right:Type
anonymous_object_creation_expression -> Raw ..:Child
is_expression, is_pattern_expression -> TypeTest left:Value expression:Value right:Type pattern:Type
assignment_expression -> !
conditional_expression -> Ternary condition:Cond consequence:Then alternative:Else
cast_expression -> Cast type:Type value:Value
await_expression -> Await ..:Value
tuple_expression -> Tuple ..:Elem
declaration_expression -> Declare type:Type name:Name +decl
preproc_region, preproc_endregion, preproc_pragma, preproc_line, preproc_define, preproc_undef -> ~
preproc_if, preproc_else, preproc_elif -> =
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "switch_section" => {
            cx.open(Open::at(Kind::Case, role, node));
            for child in Lowering::named(node) {
                let is_statement = child.kind().ends_with("_statement") || child.kind() == "block";
                cx.child(child, if is_statement { Role::Stmt } else { Role::Value });
            }
            cx.close();
        }
        "catch_clause" => {
            cx.open(Open::at(Kind::Catch, role, node));
            for child in Lowering::named(node) {
                if child.kind() == "catch_declaration" {
                    cx.field(child, "type", Role::Type);
                    cx.field(child, "name", Role::Name);
                } else if child.kind() == "block" {
                    cx.child(child, Role::Body);
                } else {
                    cx.child(child, Role::Filter);
                }
            }
            cx.close();
        }
        "using_directive" => {
            let name = node.child_by_field_name("name");
            cx.open(Open::at(Kind::Import, role, node));
            for child in Lowering::named(node) {
                cx.child(child, if Some(child) == name { Role::Alias } else { Role::Module });
            }
            cx.close();
        }
        "method_declaration"
        | "constructor_declaration"
        | "destructor_declaration"
        | "local_function_statement"
        | "operator_declaration" => function(cx, node, role, flag::METHOD),
        // `x!` is no negation.
        "postfix_unary_expression" => {
            let operator = node.child(1).map_or("", |operator| cx.text_of(operator));
            let own = if operator == "!" { "x!" } else { operator };
            cx.open(Open::at(Kind::Unary, role, node).symbol(symbol(own)));
            cx.splice(node, Role::Operand);
            cx.close();
        }
        // `: base(x)` calls another constructor.
        "constructor_initializer" => {
            cx.open(Open::at(Kind::Call, role, node));
            if let Some(callee) = node.child(1) {
                let symbol = symbol(cx.text_of(callee));
                cx.leaf(Open::at(Kind::Name, Role::Callee, callee).symbol(symbol));
            }
            for arguments in Lowering::named(node) {
                cx.splice(arguments, Role::Arg);
            }
            cx.close();
        }
        // A verbatim text is another than the plain one with the same contents.
        "verbatim_string_literal" | "raw_string_literal" => {
            let symbol = symbol(cx.text_of(node));
            cx.leaf(Open::at(Kind::Str, role, node).symbol(symbol));
        }
        "modifier" => {
            let text = cx.text_of(node);
            let symbol = symbol(if text == "readonly" { "const" } else { text });
            cx.leaf(Open::at(Kind::Modifier, role, node).symbol(symbol));
        }
        "lambda_expression" | "anonymous_method_expression" => {
            function(cx, node, role, flag::ANON | flag::ARROW);
        }
        "class_declaration"
        | "interface_declaration"
        | "struct_declaration"
        | "record_declaration"
        | "enum_declaration" => class(cx, node, role),
        "property_declaration" if computes(node) => computed(cx, node, role),
        "property_declaration" => {
            let value = node.child_by_field_name("value");
            let (kind, name_role) =
                if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
            cx.open(Open::at(kind, role, node).flags(flag::FIELD | flag::DECL));
            modifiers(cx, node);
            cx.field(node, "type", Role::Type);
            cx.field(node, "name", name_role);
            if let Some(value) = value {
                cx.child(value, Role::Right);
            }
            cx.field(node, "accessors", Role::Default);
            cx.close();
        }
        "field_declaration" | "event_field_declaration" | "local_declaration_statement" => {
            let flags = if node.kind() == "local_declaration_statement" { 0 } else { flag::FIELD };
            for child in Lowering::named(node) {
                if child.kind() == "variable_declaration" {
                    variables(cx, node, child, role, flags);
                }
            }
        }
        "variable_declaration" => variables(cx, node, node, role, 0),
        "attribute" => {
            cx.open(Open::at(Kind::Decorator, role, node));
            let arguments =
                Lowering::named(node).into_iter().find(|child| child.kind() == "attribute_argument_list");
            if let Some(arguments) = arguments {
                cx.open(Open::at(Kind::Call, Role::Value, node));
                cx.field(node, "name", Role::Callee);
                for argument in Lowering::named(arguments) {
                    named_argument(cx, argument, Role::Arg);
                }
                cx.close();
            } else {
                cx.field(node, "name", Role::Value);
            }
            cx.close();
        }
        "argument" => named_argument(cx, node, role),
        "conditional_access_expression" => conditional_access(cx, node, role),
        "generic_name" => {
            let children = Lowering::named(node);
            let Some(name) = children.first() else { return };
            let symbol = symbol(cx.text_of(*name));
            cx.open(Open::at(Kind::Name, role, node).symbol(symbol));
            if let Some(arguments) = children.get(1) {
                cx.splice(*arguments, Role::TypeArg);
            }
            cx.close();
        }
        "interpolated_string_expression" => {
            let parts = Lowering::named(node);
            if !parts.iter().any(|part| part.kind() == "interpolation") {
                let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
                return cx.leaf(open);
            }
            cx.open(Open::at(Kind::Template, role, node));
            let parts: Vec<_> = parts
                .into_iter()
                .filter(|part| matches!(part.kind(), "interpolation" | "string_content" | "escape_sequence"))
                .collect();
            cx.template_parts(
                &parts,
                |part| part.kind() == "interpolation",
                |cx, part| {
                    cx.open(Open::at(Kind::Interp, Role::Part, part));
                    for child in Lowering::named(part) {
                        if !child.kind().starts_with("interpolation_") {
                            cx.child(child, Role::Value);
                        }
                    }
                    cx.close();
                },
            );
            cx.close();
        }
        "assignment_expression" => cx.assignment(node, role),
        _ => cx.raw(node, role),
    }
}

fn named_argument<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let name = node.child_by_field_name("name");
    let value = Lowering::named(node).into_iter().rfind(|child| Some(*child) != name);
    // `this` has no name in the grammar.
    let value = value.or_else(|| node.child(node.child_count().checked_sub(1)?));
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

/// `a?.b()` reads like `a.b()`, save for its dot.
fn conditional_access<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let object = node.child_by_field_name("condition");
    let binding = Lowering::named(node).into_iter().rfind(|child| Some(*child) != object);
    let (Some(object), Some(binding)) = (object, binding) else { return cx.raw(node, role) };
    match binding.kind() {
        "member_binding_expression" => {
            cx.open(Open::at(Kind::Member, role, node).symbol(symbol("?.")));
            cx.child(object, Role::Object);
            cx.field(binding, "name", Role::Property);
            cx.close();
        }
        "invocation_expression" => {
            let Some(callee) = binding
                .child_by_field_name("function")
                .filter(|callee| callee.kind() == "member_binding_expression")
            else {
                return cx.raw(node, role);
            };
            cx.open(Open::at(Kind::Call, role, node));
            let member = Open::at(Kind::Member, Role::Callee, node).symbol(symbol("?."));
            cx.open(member.range(node.start_byte(), callee.end_byte()));
            cx.child(object, Role::Object);
            cx.field(callee, "name", Role::Property);
            cx.close();
            if let Some(arguments) = binding.child_by_field_name("arguments") {
                cx.splice(arguments, Role::Arg);
            }
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

fn modifiers<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for child in Lowering::named(node) {
        match child.kind() {
            "attribute_list" => cx.splice(child, Role::Decorator),
            "modifier" => cx.child(child, Role::Modifier),
            _ => {}
        }
    }
}

fn type_parameters<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    for list in Lowering::named(node).into_iter().filter(|child| child.kind() == "type_parameter_list") {
        cx.splice(list, Role::TypeParam);
    }
}

fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    cx.open(Open::at(Kind::Func, role, node).flags(flags));
    modifiers(cx, node);
    cx.field(node, "returns", Role::ReturnType);
    if flags & flag::ANON == 0 {
        cx.field(node, "type", Role::ReturnType);
    }
    cx.field(node, "name", Role::Name);
    type_parameters(cx, node);
    if let Some(parameters) = node.child_by_field_name("parameters") {
        if parameters.kind() == "parameter_list" {
            cx.splice(parameters, Role::Param);
        } else {
            cx.child(parameters, Role::Param);
        }
    }
    let initializer = Lowering::named(node).into_iter().find(|own| own.kind() == "constructor_initializer");
    if let Some(initializer) = initializer {
        cx.child(initializer, Role::Attr);
    }
    let body = node
        .child_by_field_name("body")
        .or_else(|| Lowering::named(node).into_iter().rfind(|child| child.kind() == "block"));
    if let Some(body) = body {
        let inner = if body.kind() == "arrow_expression_clause" { body.named_child(0) } else { Some(body) };
        if let Some(inner) = inner {
            cx.block(inner, Role::Body);
        }
    }
    cx.close();
}

/// Whether code gives a property its value when it is asked for.
fn computes(node: Syntax<'_>) -> bool {
    let value = node.child_by_field_name("value");
    value.is_some_and(|value| value.kind() == "arrow_expression_clause")
        || node.child_by_field_name("accessors").is_some_and(|accessors| {
            Lowering::named(accessors).iter().any(|own| own.child_by_field_name("body").is_some())
        })
}

/// Such a property is a function without parameters and modifiers.
fn computed<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Func, role, node).flags(flag::METHOD));
    cx.field(node, "type", Role::ReturnType);
    cx.field(node, "name", Role::Name);
    match node.child_by_field_name("value").and_then(|value| value.named_child(0)) {
        Some(value) => cx.block(value, Role::Body),
        None => {
            if let Some(accessors) = node.child_by_field_name("accessors") {
                cx.open(Open::at(Kind::Block, Role::Body, accessors));
                cx.splice(accessors, Role::Stmt);
                cx.close();
            }
        }
    }
    cx.close();
}

fn class<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let symbol = match node.kind() {
        "interface_declaration" | "enum_declaration" | "record_declaration" => symbol(node.kind()),
        _ => 0,
    };
    cx.open(Open::at(Kind::Class, role, node).symbol(symbol));
    modifiers(cx, node);
    cx.field(node, "name", Role::Name);
    type_parameters(cx, node);
    for child in Lowering::named(node) {
        match child.kind() {
            "base_list" => cx.splice(child, Role::Extends),
            "parameter_list" => cx.splice(child, Role::Param),
            _ => {}
        }
    }
    cx.field(node, "body", Role::Body);
    cx.close();
}

fn variables<'t>(cx: &mut Lowering<'t>, outer: Syntax<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    let declarators: Vec<_> =
        Lowering::named(node).into_iter().filter(|child| child.kind() == "variable_declarator").collect();
    for (at, declarator) in declarators.iter().enumerate() {
        let name = declarator.child_by_field_name("name").or_else(|| declarator.named_child(0));
        let value = Lowering::named(*declarator)
            .into_iter()
            .rfind(|child| Some(*child) != name && child.kind() != "bracketed_argument_list");
        let (kind, name_role) =
            if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
        let end = if at + 1 == declarators.len() { outer.end_byte() } else { declarator.end_byte() };
        cx.open(Open::at(kind, role, outer).range(outer.start_byte(), end).flags(flags | flag::DECL));
        modifiers(cx, outer);
        cx.field(node, "type", Role::Type);
        if let Some(name) = name {
            cx.child(name, name_role);
        }
        if let Some(value) = value {
            cx.child(value, Role::Right);
        }
        cx.close();
    }
}
