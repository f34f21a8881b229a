//! YAML.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, string_literal, symbol};

pub(super) const TABLE: &str = "
stream, document, block_node, flow_node, plain_scalar, block_sequence_item -> =
block_mapping, flow_mapping -> Dict ..:Pair
block_mapping_pair, flow_pair -> Pair key:Key value:Value
block_sequence, flow_sequence -> List ..:Elem
string_scalar -> !
timestamp_scalar -> Str str
double_quote_scalar, single_quote_scalar -> Str str
block_scalar -> !
integer_scalar, float_scalar -> Num num
boolean_scalar -> Bool text
null_scalar -> Null text
anchor, reserved_directive, tag_directive, yaml_directive -> ~
alias, tag -> Raw text
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "block_scalar" => {
            let text = cx.text_of(node);
            // The text begins where the line of the `|` or `>` ends.
            let header = text.find('\n').unwrap_or(text.len());
            let break_width = usize::from(header < text.len());
            let symbol = symbol(text.get(header + break_width..).unwrap_or_default());
            let open = Open::at(Kind::Str, role, node).range(node.start_byte() + header, node.end_byte());
            cx.leaf(open.symbol(symbol).quotes(break_width, 0));
        }
        // Words that older YAML takes for truth values.
        "string_scalar" => {
            let text = cx.text_of(node);
            let truth = match text {
                "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => "true",
                "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => "false",
                _ => "",
            };
            if truth.is_empty() || role == Role::Key {
                cx.leaf(string_literal(text, Open::at(Kind::Str, role, node)));
            } else {
                cx.leaf(Open::at(Kind::Bool, role, node).symbol(symbol(truth)));
            }
        }
        _ => cx.raw(node, role),
    }
}
