//! JavaScript and TypeScript.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
expression_statement -> =
parenthesized_expression -> (?)
statement_block -> Block ..:Stmt
class_static_block -> = 
empty_statement, debugger_statement -> Raw op
if_statement -> If condition:Cond consequence:{}Then alternative:Else
else_clause -> !
while_statement -> While condition:Cond body:{}Body
do_statement -> DoWhile condition:Cond body:{}Body
for_statement -> For initializer:Init condition:Cond increment:Update body:{}Body
for_in_statement -> !
switch_statement -> Switch value:Cond body:*Case
switch_case, switch_default -> Case value:Value ..:Stmt
try_statement -> Try body:Body handler:Catch finalizer:Finally
catch_clause -> Catch parameter:Name type:Type body:Body
finally_clause -> =
return_statement -> Return ..:Value
throw_statement -> Throw ..:Value
break_statement -> Break ..:Label
continue_statement -> Continue ..:Label
labeled_statement -> Label label:Label body:Body
import_statement -> !
export_statement -> !
lexical_declaration, variable_declaration, using_declaration -> !
function_declaration, generator_function_declaration, function_signature -> !
function_expression, generator_function, arrow_function, method_definition -> !
class_declaration, abstract_class_declaration, class -> !
field_definition, public_field_definition -> !
class_body, interface_body, object_type -> ClassBody ..:Stmt
formal_parameters -> = 
assignment_pattern -> !
object_assignment_pattern -> Assign left:Left right:Right
rest_pattern, spread_element -> Spread ..:Value
decorator -> Decorator ..:Value
call_expression -> !
new_expression -> New constructor:Callee arguments:*Arg type_arguments:*TypeArg
member_expression -> Member object:Object property:Property op=optional_chain
subscript_expression -> Index object:Object index:Index op=optional_chain
identifier, property_identifier, private_property_identifier, shorthand_property_identifier_pattern, statement_identifier, this, super, undefined, import, type_identifier, predefined_type, this_type -> Name text
string -> Str str
template_string -> !
template_substitution -> Interp ..:Value
number -> Num num
true, false -> Bool text
null -> Null text
regex -> Regex text
unary_expression -> Unary argument:Operand op=operator
update_expression -> AugAssign argument:Left op=operator
binary_expression -> Binary left:Left right:Right op=operator
assignment_expression -> Assign left:Left right:Right
augmented_assignment_expression -> AugAssign left:Left right:Right op=operator
ternary_expression -> Ternary condition:Cond consequence:Then alternative:Else
sequence_expression -> Sequence ..:Elem
array, array_pattern -> List ..:Elem
object, object_pattern -> Dict ..:Pair
pair -> !
pair_pattern -> Pair key:Key value:Value
shorthand_property_identifier -> !
computed_property_name -> !
await_expression -> Await ..:Value
yield_expression -> Yield op ..:Value
jsx_element -> !
jsx_self_closing_element -> !
jsx_attribute -> !
jsx_expression -> Interp ..:Value
jsx_text -> Text text
jsx_fragment -> Element ..:Content
";

pub(super) const TYPES: &str = "
as_expression, satisfies_expression, type_assertion -> !
instantiation_expression -> =
type_annotation -> =
generic_type -> !
nested_type_identifier -> Member module:Object name:Property
nested_identifier -> Member object:Object property:Property
accessibility_modifier, override_modifier -> Modifier text
required_parameter, optional_parameter -> !
type_arguments -> =
interface_declaration -> Class name:Name body:Body type_parameters:*TypeParam #extends_type_clause:*Extends op
enum_declaration -> Class name:Name body:Body op
enum_body -> ClassBody ..:Stmt
enum_assignment -> Pair name:Key value:Value
property_signature -> Declare name:Name type:Type +field
method_signature, abstract_method_signature -> Func name:Name parameters:*Param return_type:ReturnType ..:Modifier +method
type_alias_declaration -> Assign name:Left value:Right type_parameters:*TypeParam op
ambient_declaration -> =
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "else_clause" => {
            for child in Lowering::named(node) {
                cx.block(child, role);
            }
        }
        "for_in_statement" => {
            cx.open(Open::at(Kind::ForEach, role, node).symbol(operator(cx, node)));
            cx.field(node, "left", Role::Target);
            cx.field(node, "right", Role::Iter);
            if let Some(body) = cx.in_field(node, "body") {
                cx.block(body, Role::Body);
            }
            cx.close();
        }
        "import_statement" => import(cx, node, role),
        "export_statement" => export(cx, node, role),
        "lexical_declaration" | "variable_declaration" | "using_declaration" => declaration(cx, node, role),
        "function_declaration" | "generator_function_declaration" | "function_signature" => {
            function(cx, node, role, 0);
        }
        // A function that is the value of an entry is a method of that name.
        "pair" => {
            cx.open(Open::at(Kind::Pair, role, node));
            cx.field(node, "key", Role::Key);
            if let Some(value) = cx.in_field(node, "value") {
                value_or_method(cx, value, Role::Value);
            }
            cx.close();
        }
        "function_expression" | "generator_function" => function(cx, node, role, flag::ANON),
        "arrow_function" => function(cx, node, role, flag::ANON | flag::ARROW),
        "method_definition" => function(cx, node, role, flag::METHOD),
        "class_declaration" | "abstract_class_declaration" => class(cx, node, role, 0),
        "class" => class(cx, node, role, flag::ANON),
        "field_definition" | "public_field_definition" => field(cx, node, role),
        "assignment_pattern" if role == Role::Param => {
            cx.open(Open::at(Kind::Param, role, node));
            cx.field(node, "left", Role::Name);
            cx.field(node, "right", Role::Default);
            cx.close();
        }
        "assignment_pattern" => {
            cx.open(Open::at(Kind::Assign, role, node));
            cx.field(node, "left", Role::Left);
            cx.field(node, "right", Role::Right);
            cx.close();
        }
        "required_parameter" | "optional_parameter" => parameter(cx, node, role),
        "call_expression" => call(cx, node, role),
        "template_string" => template(cx, node, role, 0),
        "shorthand_property_identifier" => {
            cx.open(Open::at(Kind::Pair, role, node));
            cx.name(node, Role::Key);
            cx.name(node, Role::Value);
            cx.close();
        }
        "computed_property_name" => {
            cx.open(Open::at(Kind::Index, role, node));
            cx.splice(node, Role::Index);
            cx.close();
        }
        "as_expression" => {
            cx.open(Open::at(Kind::Cast, role, node));
            for (at, part) in Lowering::named(node).into_iter().enumerate() {
                cx.child(part, if at == 0 { Role::Value } else { Role::Type });
            }
            cx.close();
        }
        "satisfies_expression" => {
            cx.open(Open::at(Kind::Cast, role, node).symbol(symbol("satisfies")));
            for (at, part) in Lowering::named(node).into_iter().enumerate() {
                cx.child(part, if at == 0 { Role::Value } else { Role::Type });
            }
            cx.close();
        }
        "type_assertion" => {
            cx.open(Open::at(Kind::Cast, role, node));
            for part in Lowering::named(node) {
                cx.child(part, if part.kind() == "type_arguments" { Role::Type } else { Role::Value });
            }
            cx.close();
        }
        "generic_type" => {
            let Some(name) = cx.in_field(node, "name") else { return cx.raw(node, role) };
            let symbol = symbol(cx.text_of(name));
            cx.open(Open::at(Kind::Name, role, node).symbol(symbol));
            if let Some(arguments) = cx.in_field(node, "type_arguments") {
                cx.splice(arguments, Role::TypeArg);
            }
            cx.close();
        }
        "jsx_element" | "jsx_self_closing_element" => element(cx, node, role),
        "jsx_attribute" => {
            let parts = Lowering::named(node);
            cx.open(Open::at(Kind::Attribute, role, node));
            let alone = parts.len() == 1;
            for (at, child) in parts.into_iter().enumerate() {
                if at == 0 {
                    cx.name(child, Role::Key);
                } else if child.kind() == "jsx_expression" {
                    cx.splice(child, Role::Value);
                } else {
                    cx.child(child, Role::Value);
                }
            }
            // One without a value is true.
            if alone {
                let open = Open::at(Kind::Bool, Role::Value, node).range(node.end_byte(), node.end_byte());
                cx.leaf(open.symbol(symbol("true")));
            }
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

fn operator(cx: &Lowering<'_>, node: Syntax<'_>) -> u64 {
    node.child_by_field_name("operator").map_or(0, |operator| symbol(cx.text_of(operator)))
}

fn has_token(node: Syntax<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

fn function<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    let flags = flags | if has_token(node, "async") { flag::ASYNC } else { 0 };
    cx.open(Open::at(Kind::Func, role, node).flags(flags));
    let mut cursor = node.walk();
    for decorator in node.children_by_field_name("decorator", &mut cursor) {
        cx.child(decorator, Role::Decorator);
    }
    for child in Lowering::named(node).into_iter().filter(|child| child.kind().ends_with("_modifier")) {
        cx.child(child, Role::Modifier);
    }
    // Whether a function without a name is asynchronous tells nothing.
    let words = if flags & flag::ANON == 0 { &["async", "static", "get", "set"][..] } else { &[] };
    for token in words {
        modifier(cx, node, token);
    }
    cx.field(node, "name", Role::Name);
    cx.field(node, "parameter", Role::Param);
    if let Some(parameters) = cx.in_field(node, "parameters") {
        cx.splice(parameters, Role::Param);
    }
    cx.field(node, "return_type", Role::ReturnType);
    if let Some(body) = cx.in_field(node, "body") {
        cx.block(body, Role::Body);
    }
    cx.close();
}

fn modifier<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, token: &str) {
    let mut cursor = node.walk();
    let found = node.children(&mut cursor).find(|child| child.kind() == token);
    if let Some(found) = found {
        let symbol = symbol(token);
        cx.leaf(Open::at(Kind::Modifier, Role::Modifier, found).symbol(symbol));
    }
}

fn parameter<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Param, role, node));
    let mut cursor = node.walk();
    for decorator in node.children_by_field_name("decorator", &mut cursor) {
        cx.child(decorator, Role::Decorator);
    }
    for child in Lowering::named(node).into_iter().filter(|child| child.kind().ends_with("_modifier")) {
        cx.child(child, Role::Modifier);
    }
    cx.field(node, "pattern", Role::Name);
    cx.field(node, "name", Role::Name);
    cx.field(node, "type", Role::Type);
    cx.field(node, "value", Role::Default);
    cx.close();
}

fn class<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, flags: u16) {
    cx.open(Open::at(Kind::Class, role, node).flags(flags));
    modifier(cx, node, "abstract");
    let mut cursor = node.walk();
    for decorator in node.children_by_field_name("decorator", &mut cursor) {
        cx.child(decorator, Role::Decorator);
    }
    cx.field(node, "name", Role::Name);
    for heritage in Lowering::named(node).into_iter().filter(|child| child.kind() == "class_heritage") {
        for clause in Lowering::named(heritage) {
            match clause.kind() {
                "extends_clause" => {
                    let mut cursor = clause.walk();
                    for value in clause.children_by_field_name("value", &mut cursor) {
                        cx.child(value, Role::Extends);
                    }
                }
                "implements_clause" => cx.splice(clause, Role::Implements),
                _ => cx.child(clause, Role::Extends),
            }
        }
    }
    if let Some(body) = cx.in_field(node, "body") {
        class_body(cx, body);
    }
    cx.close();
}

/// Decorators of methods stand beside them in the grammar.
fn class_body<'t>(cx: &mut Lowering<'t>, body: Syntax<'t>) {
    cx.open(Open::at(Kind::ClassBody, Role::Body, body));
    let mut decorators = Vec::new();
    for member in Lowering::named(body) {
        if member.kind() == "decorator" {
            decorators.push(member);
        } else if decorators.is_empty() || member.kind() != "method_definition" {
            decorators.clear();
            cx.child(member, Role::Stmt);
        } else {
            let start = decorators.first().map_or(member.start_byte(), |first| first.start_byte());
            let is_async = if has_token(member, "async") { flag::ASYNC } else { 0 };
            let open = Open::at(Kind::Func, Role::Stmt, member).flags(flag::METHOD | is_async);
            cx.open(open.range(start, member.end_byte()));
            for decorator in decorators.drain(..) {
                cx.child(decorator, Role::Decorator);
            }
            let written = Lowering::named(member).into_iter();
            for child in written.filter(|child| child.kind().ends_with("_modifier")) {
                cx.child(child, Role::Modifier);
            }
            for token in ["async", "static", "get", "set"] {
                modifier(cx, member, token);
            }
            cx.field(member, "name", Role::Name);
            if let Some(parameters) = cx.in_field(member, "parameters") {
                cx.splice(parameters, Role::Param);
            }
            cx.field(member, "return_type", Role::ReturnType);
            cx.field(member, "body", Role::Body);
            cx.close();
        }
    }
    cx.close();
}

fn field<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let value = cx.in_field(node, "value");
    let (kind, name_role) =
        if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
    cx.open(Open::at(kind, role, node).flags(flag::FIELD));
    let mut cursor = node.walk();
    for decorator in node.children_by_field_name("decorator", &mut cursor) {
        cx.child(decorator, Role::Decorator);
    }
    for child in Lowering::named(node).into_iter().filter(|child| child.kind().ends_with("_modifier")) {
        cx.child(child, Role::Modifier);
    }
    for token in ["static", "readonly"] {
        modifier(cx, node, token);
    }
    cx.field(node, "name", name_role);
    cx.field(node, "property", name_role);
    cx.field(node, "type", Role::Type);
    if let Some(value) = value {
        value_or_method(cx, value, Role::Right);
    }
    cx.close();
}

fn value_or_method<'t>(cx: &mut Lowering<'t>, value: Syntax<'t>, role: Role) {
    match value.kind() {
        "function_expression" | "generator_function" => {
            function(cx, value, role, flag::ANON | flag::METHOD);
        }
        "arrow_function" => function(cx, value, role, flag::ANON | flag::ARROW | flag::METHOD),
        _ => cx.child(value, role),
    }
}

fn declaration<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let flags = flag::DECL
        | match node.child(0).map(|child| child.kind()) {
            Some("const") => flag::CONST,
            Some("let") => flag::LET,
            _ => flag::VAR,
        };
    let declarators: Vec<_> =
        Lowering::named(node).into_iter().filter(|child| child.kind() == "variable_declarator").collect();
    for declarator in declarators {
        let value = cx.in_field(declarator, "value");
        let (kind, name_role) =
            if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
        // Each is a declaration of its own and begins where `let` stands.
        cx.open(
            Open::at(kind, role, declarator).flags(flags).range(node.start_byte(), declarator.end_byte()),
        );
        cx.field(declarator, "name", name_role);
        cx.field(declarator, "type", Role::Type);
        if let Some(value) = value {
            cx.child(value, Role::Right);
        }
        cx.close();
    }
}

fn call<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let Some(arguments) = cx.in_field(node, "arguments") else { return cx.raw(node, role) };
    cx.open(Open::at(Kind::Call, role, node));
    cx.field(node, "function", Role::Callee);
    if let Some(types) = cx.in_field(node, "type_arguments") {
        cx.splice(types, Role::TypeArg);
    }
    if arguments.kind() == "arguments" {
        cx.splice(arguments, Role::Arg);
    } else {
        template(cx, arguments, Role::Arg, symbol("`"));
    }
    cx.close();
}

/// A template; one with a tag and substitutions is no string.
fn template<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, tag: u64) {
    let parts = Lowering::named(node);
    if !parts.iter().any(|part| part.kind() == "template_substitution") {
        let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
        let open = if tag == 0 { open } else { open.flags(flag::SYNTH) };
        if parts.iter().all(|part| part.kind() != "escape_sequence") {
            cx.leaf(open);
            return;
        }
        cx.open(open);
    } else {
        cx.open(Open::at(Kind::Template, role, node).symbol(tag));
    }
    // An escape stands by itself, between stretches of plain text.
    let mut at = node.start_byte() + 1;
    let end = node.end_byte().saturating_sub(1);
    for part in parts {
        let escape = part.kind() == "escape_sequence";
        if !escape && part.kind() != "template_substitution" {
            continue;
        }
        cx.text_part(node, at, part.start_byte());
        if escape {
            cx.text_part(node, part.start_byte(), part.end_byte());
        } else {
            cx.child(part, Role::Part);
        }
        at = part.end_byte();
    }
    cx.text_part(node, at, end);
    cx.close();
}

/// Each imported entity is an item; the default import and a namespace are told apart by flags.
fn import<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let source = cx.in_field(node, "source");
    let clauses = Lowering::named(node);
    let clause = clauses.iter().find(|child| child.kind() == "import_clause");
    if let Some(required) = clauses.iter().find(|child| child.kind() == "import_require_clause") {
        // `import x = require("m")`
        cx.open(Open::at(Kind::Import, role, node).flags(flag::DEFAULT));
        cx.field(*required, "source", Role::Module);
        if let Some(name) = required.named_child(0) {
            cx.name(name, Role::Alias);
        }
        cx.close();
        return;
    }
    let Some(clause) = clause else {
        cx.open(Open::at(Kind::Import, role, node));
        if let Some(source) = source {
            cx.child(source, Role::Module);
        }
        cx.close();
        return;
    };
    for part in Lowering::named(*clause) {
        let flags = match part.kind() {
            "identifier" => flag::DEFAULT,
            "namespace_import" => flag::WILDCARD,
            _ => flag::FROM,
        };
        cx.open(Open::at(Kind::Import, role, node).flags(flags));
        if let Some(source) = source {
            cx.child(source, Role::Module);
        }
        match part.kind() {
            "identifier" => cx.name(part, Role::Alias),
            "namespace_import" => {
                if let Some(name) = part.named_child(0) {
                    cx.name(name, Role::Alias);
                }
            }
            _ => {
                for item in Lowering::named(part) {
                    cx.open(Open::at(Kind::ImportItem, Role::Item, item));
                    if let Some(name) = cx.in_field(item, "name") {
                        cx.name(name, Role::Name);
                    }
                    if let Some(alias) = cx.in_field(item, "alias") {
                        cx.name(alias, Role::Alias);
                    }
                    cx.close();
                }
            }
        }
        cx.close();
    }
}

fn export<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let declaration = cx.in_field(node, "declaration").or_else(|| cx.in_field(node, "value"));
    let mut cursor = node.walk();
    let decorators: Vec<_> = node.children_by_field_name("decorator", &mut cursor).collect();
    let default = has_token(node, "default");
    match declaration {
        Some(declaration) if !default && decorators.is_empty() => cx.child(declaration, role),
        Some(declaration) if !decorators.is_empty() && declaration.kind().contains("class") => {
            cx.open(Open::at(Kind::Class, role, node));
            for decorator in decorators {
                cx.child(decorator, Role::Decorator);
            }
            cx.field(declaration, "name", Role::Name);
            for child in Lowering::named(declaration) {
                if child.kind() == "class_heritage" {
                    for clause in Lowering::named(child) {
                        let implements = clause.kind() == "implements_clause";
                        cx.splice(clause, if implements { Role::Implements } else { Role::Extends });
                    }
                }
            }
            if let Some(body) = cx.in_field(declaration, "body") {
                class_body(cx, body);
            }
            cx.close();
        }
        _ => {
            let flags = if default { flag::DEFAULT } else { 0 };
            cx.open(Open::at(Kind::Export, role, node).flags(flags));
            let source = cx.in_field(node, "source");
            for child in Lowering::named(node) {
                cx.child(child, if Some(child) == source { Role::Module } else { Role::Value });
            }
            cx.close();
        }
    }
}

fn element<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Element, role, node));
    let tag = cx.in_field(node, "open_tag").unwrap_or(node);
    cx.field(tag, "name", Role::Tag);
    let mut cursor = tag.walk();
    for attribute in tag.children_by_field_name("attribute", &mut cursor) {
        cx.child(attribute, Role::Attr);
    }
    if tag != node {
        for child in Lowering::named(node) {
            if !matches!(child.kind(), "jsx_opening_element" | "jsx_closing_element") {
                cx.child(child, Role::Content);
            }
        }
    }
    cx.close();
}
