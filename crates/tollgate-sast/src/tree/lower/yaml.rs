//! YAML.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, symbol};

pub(super) const TABLE: &str = "
stream, document, block_node, flow_node, plain_scalar, block_sequence_item -> =
block_mapping, flow_mapping -> Dict ..:Pair
block_mapping_pair, flow_pair -> Pair key:Key value:Value
block_sequence, flow_sequence -> List ..:Elem
string_scalar, timestamp_scalar -> Str str
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
            let header = text.find('\n').map_or(text.len(), |at| at + 1);
            let symbol = symbol(text.get(header..).unwrap_or_default());
            cx.leaf(Open::at(Kind::Str, role, node).symbol(symbol).quotes(header, 0));
        }
        _ => cx.raw(node, role),
    }
}
