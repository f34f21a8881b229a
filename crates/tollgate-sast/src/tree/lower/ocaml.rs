//! OCaml.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag};

pub(super) const TABLE: &str = "
compilation_unit, expression_item, parenthesized_expression, value_definition, then_clause, else_clause, typed_expression -> =
application_expression -> Call function:Callee argument:Arg
infix_expression -> Binary left:Left right:Right op=operator
prefix_expression, sign_expression -> Unary expression:Operand op=operator
value_path, constructor_path, module_path, field_path, type_constructor_path -> !
value_name, module_name, constructor_name, field_name, value_pattern, type_constructor, label_name -> Name text
if_expression -> If condition:Cond #then_clause:Then #else_clause:Else
let_expression -> Block ..:Stmt
sequence_expression -> Block ..:Stmt
let_binding -> !
match_expression, function_expression -> Switch expression:Cond #match_case:Case
match_case -> Case pattern:Value body:Stmt
try_expression -> Try expression:Body #match_case:Catch
fun_expression -> Func #parameter:Param body:{}Body +anon +arrow
parameter -> Param pattern:Name type:Type default:Default
open_module -> Import module:Module
field_get_expression -> Member record:Object field:Property
set_expression -> Assign body:Right ..:Left
string, quoted_string -> Str str
character -> Str str
number -> Num num
boolean -> Bool text
list_expression, array_expression -> List ..:Elem
tuple_expression -> Tuple ..:Elem
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "let_binding" => {
            let children = Lowering::named(node);
            let parameters = children.iter().any(|child| child.kind() == "parameter");
            if parameters {
                cx.open(Open::at(Kind::Func, role, node));
                cx.field(node, "pattern", Role::Name);
                for child in children.iter().filter(|child| child.kind() == "parameter") {
                    cx.child(*child, Role::Param);
                }
                if let Some(body) = node.child_by_field_name("body") {
                    cx.block(body, Role::Body);
                }
            } else {
                cx.open(Open::at(Kind::Assign, role, node).flags(flag::DECL));
                cx.field(node, "pattern", Role::Left);
                cx.field(node, "type", Role::Type);
                cx.field(node, "body", Role::Right);
            }
            cx.close();
        }
        "value_path" | "constructor_path" | "module_path" | "field_path" | "type_constructor_path" => {
            match Lowering::named(node).as_slice() {
                [module, name] => {
                    cx.open(Open::at(Kind::Member, role, node));
                    cx.child(*module, Role::Object);
                    cx.child(*name, Role::Property);
                    cx.close();
                }
                [name] => cx.child(*name, role),
                _ => cx.raw(node, role),
            }
        }
        _ => cx.raw(node, role),
    }
}
