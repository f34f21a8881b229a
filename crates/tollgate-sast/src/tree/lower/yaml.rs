//! YAML.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, string_literal, symbol};

pub(super) const TABLE: &str = "
stream, document, plain_scalar, block_sequence_item -> =
block_node, flow_node -> !
block_mapping -> Dict ..:Pair
flow_mapping, block_mapping_pair, flow_pair -> !
block_sequence, flow_sequence -> List ..:Elem
string_scalar -> !
timestamp_scalar -> Str str
double_quote_scalar, single_quote_scalar -> !
block_scalar -> !
integer_scalar, float_scalar -> Num num
boolean_scalar -> Bool text
null_scalar -> !
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
            let symbol = symbol(&block_text(text));
            let open = Open::at(Kind::Str, role, node).range(node.start_byte() + header, node.end_byte());
            cx.leaf(open.symbol(symbol).quotes(break_width, 0));
        }
        "block_node" | "flow_node" => {
            let parts = Lowering::named(node);
            let Some(tag) = parts.iter().find(|part| part.kind() == "tag") else {
                return cx.splice(node, role);
            };
            let name = cx.text_of(*tag).trim_start_matches('!');
            let start = tag.end_byte() - name.len();
            cx.open(Open::at(Kind::Cast, role, node));
            cx.leaf(Open::at(Kind::Name, Role::Type, *tag).symbol(symbol(name)).range(start, tag.end_byte()));
            for part in parts.iter().filter(|part| *part != tag) {
                cx.child(*part, Role::Value);
            }
            cx.close();
        }
        "flow_mapping" => {
            cx.open(Open::at(Kind::Dict, role, node));
            for entry in Lowering::named(node) {
                if entry.kind() == "flow_node" {
                    pair(cx, entry, Role::Pair, Some(entry), None);
                } else {
                    cx.child(entry, Role::Pair);
                }
            }
            cx.close();
        }
        "block_mapping_pair" | "flow_pair" => {
            let (key, value) = (node.child_by_field_name("key"), node.child_by_field_name("value"));
            pair(cx, node, role, key, value);
        }
        "null_scalar" => cx.leaf(Open::at(Kind::Null, role, node).symbol(symbol("null"))),
        "double_quote_scalar" | "single_quote_scalar" => {
            let text = cx.text_of(node);
            let open = string_literal(text, Open::at(Kind::Str, role, node));
            let contents = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
            cx.leaf(if text.contains('\n') { open.symbol(symbol(&folded(contents))) } else { open });
        }
        // Words that older YAML takes for truth values.
        "string_scalar" => {
            let text = cx.text_of(node);
            let truth = match text {
                "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => "true",
                "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => "false",
                _ => "",
            };
            if truth.is_empty() {
                let open = string_literal(text, Open::at(Kind::Str, role, node));
                cx.leaf(if text.contains('\n') { open.symbol(symbol(&folded(text))) } else { open });
            } else {
                cx.leaf(Open::at(Kind::Bool, role, node).symbol(symbol(truth)));
            }
        }
        _ => cx.raw(node, role),
    }
}

/// An entry; one without a value has an empty text.
fn pair<'t>(
    cx: &mut Lowering<'t>,
    node: Syntax<'t>,
    role: Role,
    key: Option<Syntax<'t>>,
    value: Option<Syntax<'t>>,
) {
    cx.open(Open::at(Kind::Pair, role, node));
    if let Some(key) = key {
        cx.child(key, Role::Key);
    }
    match value {
        Some(value) => cx.child(value, Role::Value),
        None => {
            let end = node.end_byte();
            cx.leaf(Open::at(Kind::Str, Role::Value, node).symbol(symbol("")).range(end, end));
        }
    }
    cx.close();
}

/// The text of a scalar that goes over several lines.
fn folded(text: &str) -> String {
    let mut whole = String::new();
    for (at, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() && at > 0 {
            whole.push('\n');
        } else {
            let joined = whole.is_empty() || whole.ends_with('\n');
            whole.push_str(if joined { "" } else { " " });
            whole.push_str(line);
        }
    }
    whole
}

/// The text of a scalar behind `|` or `>`.
fn block_text(text: &str) -> String {
    let (header, body) = text.split_once('\n').unwrap_or((text, ""));
    let first = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let indent = first.len() - first.trim_start_matches(' ').len();
    let lines: Vec<&str> = body.lines().map(|line| line.get(indent..).unwrap_or_default()).collect();
    let whole = if header.starts_with('>') { folded(&lines.join("\n")) } else { lines.join("\n") };
    let end = if header.contains('-') { "" } else { "\n" };
    format!("{}{end}", whole.trim_end_matches('\n'))
}
