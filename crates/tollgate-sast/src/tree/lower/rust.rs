//! Rust.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, symbol};

pub(super) const TABLE: &str = "
source_file, expression_statement, parenthesized_expression, use_list, mut_pattern -> =
empty_statement -> ~
block -> Block ..:Stmt
if_expression -> If condition:Cond consequence:Then alternative:Else
else_clause -> !
while_expression -> While #label:~ condition:Cond body:Body
loop_expression -> While #label:~ body:Body
for_expression -> ForEach #label:~ pattern:Target value:Iter body:Body
match_expression -> Switch value:Cond body:*Case
match_arm -> Case pattern:Value value:{}Body
match_pattern -> =
return_expression -> Return ..:Value
break_expression -> Break ..:Value
continue_expression -> Continue ..:Label
use_declaration -> !
mod_item -> Package name:Module body:*Stmt
function_item, function_signature_item -> !
closure_expression -> Func parameters:*Param return_type:ReturnType body:{}Body +anon +arrow
parameter -> Param #mutable_specifier:~ pattern:Name type:Type
self_parameter -> Param op #mutable_specifier:~ #lifetime:~ ..:Name
struct_item, enum_item, union_item, trait_item -> Class op name:Name body:Body ..:~
impl_item -> !
declaration_list, field_declaration_list, ordered_field_declaration_list, enum_variant_list -> ClassBody ..:Stmt
field_declaration -> Declare #visibility_modifier:~ name:Name type:Type +field
let_declaration -> !
const_item -> Assign op #visibility_modifier:~ name:Left type:Type value:Right +decl +const
static_item -> Assign op #visibility_modifier:~ #mutable_specifier:Modifier name:Left type:Type value:Right +decl
visibility_modifier, mutable_specifier -> Modifier text
attribute_item, inner_attribute_item -> Decorator ..:Value
call_expression -> Call function:Callee arguments:*Arg
macro_invocation -> !
generic_function -> !
field_expression -> Member value:Object field:Property
scoped_identifier, scoped_type_identifier -> Member path:Object name:Property
index_expression -> !
try_expression -> Unary op ..:Operand
await_expression -> Await ..:Value
identifier, field_identifier, type_identifier, self, super, crate, primitive_type, shorthand_field_identifier -> Name text
generic_type, generic_type_with_turbofish -> !
reference_type -> =
string_literal, raw_string_literal, char_literal -> Str str
integer_literal, float_literal -> Num num
boolean_literal -> Bool text
unary_expression -> Unary op ..:Operand
reference_expression -> Unary op #mutable_specifier:~ value:Operand
binary_expression -> Binary left:Left right:Right op=operator
assignment_expression -> Assign left:Left right:Right
compound_assignment_expr -> AugAssign left:Left right:Right op=operator
type_cast_expression -> Cast value:Value type:Type
struct_expression -> New name:Callee body:*Pair
field_initializer -> Pair field:Key value:Value
tuple_expression, tuple_pattern -> Tuple ..:Elem
array_expression -> List ..:Elem
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "use_declaration" => {
            let Some(argument) = node.child_by_field_name("argument") else { return };
            match argument.kind() {
                "scoped_use_list" => {
                    cx.open(Open::at(Kind::Import, role, node).flags(flag::FROM));
                    cx.field(argument, "path", Role::Module);
                    let list = argument.child_by_field_name("list");
                    for item in list.map(Lowering::named).unwrap_or_default() {
                        cx.open(Open::at(Kind::ImportItem, Role::Item, item));
                        let renamed = item.kind() == "use_as_clause";
                        let name = item.child_by_field_name("path").filter(|_| renamed);
                        cx.child(name.unwrap_or(item), Role::Name);
                        cx.field(item, "alias", Role::Alias);
                        cx.close();
                    }
                }
                "use_as_clause" => {
                    cx.open(Open::at(Kind::Import, role, node));
                    cx.field(argument, "path", Role::Module);
                    cx.field(argument, "alias", Role::Alias);
                }
                "use_wildcard" => {
                    cx.open(Open::at(Kind::Import, role, node).flags(flag::WILDCARD));
                    cx.splice(argument, Role::Module);
                }
                _ => {
                    cx.open(Open::at(Kind::Import, role, node));
                    cx.child(argument, Role::Module);
                }
            }
            cx.close();
        }
        "else_clause" => {
            for child in Lowering::named(node) {
                cx.block(child, role);
            }
        }
        "function_item" | "function_signature_item" => {
            cx.open(Open::at(Kind::Func, role, node));
            for child in Lowering::named(node) {
                if child.kind() == "function_modifiers" {
                    let symbol = symbol(cx.text_of(child));
                    cx.leaf(Open::at(Kind::Modifier, Role::Modifier, child).symbol(symbol));
                }
            }
            cx.field(node, "name", Role::Name);
            if let Some(parameters) = node.child_by_field_name("parameters") {
                cx.splice(parameters, Role::Param);
            }
            cx.field(node, "return_type", Role::ReturnType);
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "impl_item" => {
            cx.open(Open::at(Kind::Class, role, node).symbol(symbol("impl")));
            let mut cursor = node.walk();
            if let Some(word) = node.children(&mut cursor).find(|child| child.kind() == "unsafe") {
                cx.leaf(Open::at(Kind::Modifier, Role::Modifier, word).symbol(symbol("unsafe")));
            }
            cx.field(node, "trait", Role::Implements);
            cx.field(node, "type", Role::Name);
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "let_declaration" => {
            let value = node.child_by_field_name("value");
            let (kind, name_role) =
                if value.is_some() { (Kind::Assign, Role::Left) } else { (Kind::Declare, Role::Name) };
            cx.open(Open::at(kind, role, node).flags(flag::DECL | flag::LET));
            for child in Lowering::named(node) {
                if child.kind() == "mutable_specifier" {
                    cx.child(child, Role::Modifier);
                }
            }
            cx.field(node, "type", Role::Type);
            cx.field(node, "pattern", name_role);
            if let Some(value) = value {
                cx.child(value, Role::Right);
            }
            cx.close();
        }
        "macro_invocation" => {
            cx.open(Open::at(Kind::Call, role, node));
            // The mark belongs to the name.
            if let Some(name) = node.child_by_field_name("macro") {
                let last = name.child_by_field_name("name").unwrap_or(name);
                let text = cx.text_of(last);
                if text == "el__e" {
                    cx.name(last, Role::Callee);
                } else {
                    let open = Open::at(Kind::Name, Role::Callee, name).symbol(symbol(&format!("{text}!")));
                    cx.leaf(open.range(name.start_byte(), name.end_byte() + 1));
                }
            }
            for child in Lowering::named(node) {
                if child.kind() == "token_tree" {
                    tokens(cx, child);
                }
            }
            cx.close();
        }
        "index_expression" => {
            cx.open(Open::at(Kind::Index, role, node));
            for (child, role) in Lowering::named(node).into_iter().zip([Role::Object, Role::Index]) {
                cx.child(child, role);
            }
            cx.close();
        }
        "generic_function" => cx.field(node, "function", role),
        "generic_type" | "generic_type_with_turbofish" => {
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
        _ => cx.raw(node, role),
    }
}

/// Arguments of a macro, which the grammar leaves as tokens: calls by name are told from other names.
fn tokens<'t>(cx: &mut Lowering<'t>, tree: Syntax<'t>) {
    let children = Lowering::named(tree);
    let mut at = 0;
    while let Some(child) = children.get(at).copied() {
        at += 1;
        let called = children.get(at).copied().filter(|next| {
            child.kind() == "identifier"
                && next.kind() == "token_tree"
                && next.start_byte() == child.end_byte()
                && cx.text_of(*next).starts_with('(')
        });
        let Some(list) = called else {
            cx.child(child, Role::Arg);
            continue;
        };
        at += 1;
        cx.open(Open::at(Kind::Call, Role::Arg, child).range(child.start_byte(), list.end_byte()));
        cx.child(child, Role::Callee);
        tokens(cx, list);
        cx.close();
    }
}
