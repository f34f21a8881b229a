//! Terraform and other HCL.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
config_file, body, literal_value, variable_expr, template_expr, operation, collection_value -> =
block -> !
attribute -> !
expression -> !
identifier -> Name text
string_lit -> Str str
quoted_template, heredoc_template -> !
template_literal -> StrPart text
template_interpolation -> Interp ..:Value
numeric_lit -> Num num
bool_lit -> Bool text
null_lit -> Null text
tuple -> List ..:Elem
object -> Dict ..:Pair
object_elem -> Pair key:Key val:Value
function_call -> Call #identifier:Callee #function_arguments:*Arg
conditional -> !
binary_operation -> !
unary_operation -> Unary op ..:Operand
template_interpolation_start, template_interpolation_end, quoted_template_start, quoted_template_end -> ~
object_start, object_end, tuple_start, tuple_end, block_start, block_end, strip_marker -> ~
heredoc_start, heredoc_identifier -> ~
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "block" => {
            cx.open(Open::at(Kind::ConfigBlock, role, node));
            let mut first = true;
            for child in Lowering::named(node) {
                match child.kind() {
                    "block_start" | "block_end" => {}
                    "body" => cx.splice(child, Role::Stmt),
                    _ if first => {
                        cx.name(child, Role::Name);
                        first = false;
                    }
                    _ => cx.child(child, Role::Label),
                }
            }
            cx.close();
        }
        "attribute" => {
            let children = Lowering::named(node);
            cx.open(Open::at(Kind::Assign, role, node).flags(flag::FIELD));
            for (child, role) in children.into_iter().zip([Role::Left, Role::Right]) {
                cx.child(child, role);
            }
            cx.close();
        }
        "expression" => postfix(cx, node, role),
        "quoted_template" | "heredoc_template" => template(cx, node, role),
        "conditional" => {
            cx.open(Open::at(Kind::Ternary, role, node));
            for (child, role) in Lowering::named(node).into_iter().zip([Role::Cond, Role::Then, Role::Else]) {
                cx.child(child, role);
            }
            cx.close();
        }
        "binary_operation" => {
            let mut cursor = node.walk();
            let operator = node.children(&mut cursor).find(|child| !child.is_named());
            let symbol = operator.map_or(0, |operator| symbol(cx.text_of(operator)));
            cx.open(Open::at(Kind::Binary, role, node).symbol(symbol));
            for (child, role) in Lowering::named(node).into_iter().zip([Role::Left, Role::Right]) {
                cx.child(child, role);
            }
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

/// `a.b[0].c` is a flat list in the grammar.
fn postfix<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let Some((first, steps)) = children.split_first() else { return };
    for (at, step) in steps.iter().enumerate().rev() {
        let role = if at + 1 == steps.len() { role } else { Role::Object };
        let kind = if step.kind() == "index" { Kind::Index } else { Kind::Member };
        cx.open(Open::at(kind, role, node).range(node.start_byte(), step.end_byte()));
    }
    cx.child(*first, if steps.is_empty() { role } else { Role::Object });
    for step in steps {
        match step.kind() {
            "get_attr" => cx.splice(*step, Role::Property),
            "index" => {
                for index in Lowering::named(*step) {
                    if index.kind() == "new_index" {
                        cx.splice(index, Role::Index);
                    } else {
                        cx.name(index, Role::Index);
                    }
                }
            }
            _ => cx.raw(*step, Role::Property),
        }
        cx.close();
    }
}

fn template<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let parts = Lowering::named(node);
    let plain =
        !parts.iter().any(|part| matches!(part.kind(), "template_interpolation" | "template_directive"));
    if !plain {
        cx.open(Open::at(Kind::Template, role, node));
        cx.splice(node, Role::Part);
        cx.close();
        return;
    }
    if node.kind() == "quoted_template" {
        let open = string_literal(cx.text_of(node), Open::at(Kind::Str, role, node));
        return cx.leaf(open);
    }
    let text = cx.text_of(node);
    let open = text.find('\n').map_or(0, |at| at + 1);
    let close = text.len() - text.trim_end().rfind('\n').map_or(text.len(), |at| at + 1);
    let symbol = symbol(text.get(open..text.len() - close.min(text.len() - open)).unwrap_or_default());
    cx.leaf(Open::at(Kind::Str, role, node).symbol(symbol).quotes(open, close));
}
