//! HTML and XML.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, raw_of, symbol};

pub(super) const TABLE: &str = "
document -> =
element, script_element, style_element -> !
attribute -> !
text, raw_text, entity -> Text text
quoted_attribute_value, attribute_value -> Str str
erroneous_end_tag -> ~
";

pub(super) const XML: &str = "
document, content -> =
element -> !
Attribute -> !
CharData -> !
AttValue -> Str str
Comment -> ~
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "element" | "script_element" | "style_element" => element(cx, node, role),
        "attribute" | "Attribute" => {
            cx.open(Open::at(Kind::Attribute, role, node));
            for (at, child) in Lowering::named(node).into_iter().enumerate() {
                if at == 0 {
                    cx.name(child, Role::Key);
                } else {
                    cx.child(child, Role::Value);
                }
            }
            cx.close();
        }
        "CharData" => {
            let text = cx.text_of(node);
            let contents = text.trim();
            if !contents.is_empty() {
                let start = node.start_byte() + text.len() - text.trim_start().len();
                let open = Open::at(Kind::Text, role, node).symbol(symbol(contents));
                cx.leaf(open.range(start, start + contents.len()));
            }
        }
        _ => cx.raw(node, role),
    }
}

fn element<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let is_tag = |child: &&Syntax<'t>| {
        matches!(child.kind(), "start_tag" | "self_closing_tag" | "STag" | "EmptyElemTag")
    };
    let Some(tag) = children.iter().find(is_tag).copied() else { return cx.raw(node, role) };
    let mut open = Open::at(Kind::Element, role, node);
    let single = matches!(tag.kind(), "self_closing_tag" | "EmptyElemTag");
    open.raw = raw_of(if single { "self_closing_tag" } else { "element" });
    cx.open(open);
    for (at, part) in Lowering::named(tag).into_iter().enumerate() {
        if at == 0 {
            cx.name(part, Role::Tag);
        } else {
            cx.child(part, Role::Attr);
        }
    }
    for child in children {
        if child != tag && !matches!(child.kind(), "end_tag" | "ETag") {
            if child.kind() == "content" {
                cx.splice(child, Role::Content)
            } else {
                cx.child(child, Role::Content)
            }
        }
    }
    cx.close();
}
