//! Bash.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, string_literal, symbol};

pub(super) const TABLE: &str = "
program, command_name -> =
command -> !
declaration_command -> !
unset_command, test_command -> Raw op
compound_statement, do_group, else_clause -> Block ..:Stmt
subshell -> Raw op ..:Stmt
if_statement -> Raw op condition:Cond ..:Stmt
while_statement -> While op condition:Cond body:Body
for_statement -> ForEach variable:Target value:Iter body:Body
case_statement -> Switch value:Cond ..:Case
case_item -> Case value:Value ..:Stmt
function_definition -> Func name:Name body:Body
variable_assignment -> Assign name:Left value:Right
variable_assignments -> =
pipeline, list -> !
redirected_statement -> !
file_redirect, heredoc_redirect, herestring_redirect -> Raw op
variable_name -> Name text
word, special_variable_name -> Str text
number -> Str text
string -> !
raw_string, ansi_c_string -> Str str
string_content -> StrPart text
simple_expansion -> !
expansion, command_substitution -> !
concatenation -> Template ..:Part
array -> List ..:Elem
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "command" => {
            let parts = Lowering::named(node);
            let alone = match parts.as_slice() {
                [name] => name.named_child(0).filter(|inner| {
                    matches!(inner.kind(), "command_substitution" | "expansion" | "simple_expansion")
                }),
                _ => None,
            };
            // `$(a)` and `$a` alone are what they expand to, not commands without arguments.
            if let Some(substitution) = alone {
                return cx.child(substitution, role);
            }
            let name = node.child_by_field_name("name");
            let mut cursor = node.walk();
            let arguments: Vec<_> = node.children_by_field_name("argument", &mut cursor).collect();
            cx.open(Open::at(Kind::Call, role, node));
            for part in parts {
                let own = if Some(part) == name {
                    Role::Callee
                } else if arguments.contains(&part) {
                    Role::Arg
                } else {
                    Role::Attr
                };
                cx.child(part, own);
            }
            cx.close();
        }
        // `export A=b` and `local A=b` are assignments.
        "declaration_command" => match Lowering::named(node).as_slice() {
            [assignment] if assignment.kind() == "variable_assignment" => cx.child(*assignment, role),
            _ => {
                let keyword = node.child(0).map_or("", |keyword| cx.text_of(keyword));
                cx.open(Open::at(Kind::Raw, role, node).symbol(symbol(keyword)));
                cx.splice(node, Role::Child);
                cx.close();
            }
        },
        // A statement of a list or pipeline is a statement of its own.
        "pipeline" | "list" => cx.raw(node, role),
        "redirected_statement" => {
            cx.field(node, "body", role);
            let body = node.child_by_field_name("body");
            for child in Lowering::named(node) {
                if Some(child) != body {
                    cx.child(child, Role::Stmt);
                }
            }
        }
        "string" => {
            let parts = Lowering::named(node);
            if parts.iter().all(|part| part.kind() == "string_content") {
                let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
                return cx.leaf(open);
            }
            cx.open(Open::at(Kind::Template, role, node));
            cx.splice(node, Role::Part);
            cx.close();
        }
        // `$(a)` and `` `a` `` are one.
        "command_substitution" => {
            cx.open(Open::at(Kind::Interp, role, node).symbol(symbol("$(")));
            cx.splice(node, Role::Value);
            cx.close();
        }
        // `${a}` is `$a`; with an operator it is more.
        "expansion" => {
            let plain = matches!(Lowering::named(node).as_slice(), [name] if {
                name.end_byte() + 1 == node.end_byte() && name.start_byte() == node.start_byte() + 2
            });
            let open = Open::at(Kind::Interp, role, node);
            cx.open(if plain { open } else { open.symbol(symbol("${")) });
            cx.splice(node, Role::Value);
            cx.close();
        }
        "simple_expansion" => {
            cx.open(Open::at(Kind::Interp, role, node));
            cx.splice(node, Role::Value);
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}
