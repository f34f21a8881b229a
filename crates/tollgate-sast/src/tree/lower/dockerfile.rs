//! Dockerfile. Shell commands are split into words: the grammar leaves them as text.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, symbol};

pub(super) const TABLE: &str = "
source_file -> =
run_instruction, cmd_instruction, entrypoint_instruction, copy_instruction, add_instruction, volume_instruction, healthcheck_instruction, label_instruction -> !
shell_command, maintainer_instruction -> !
from_instruction -> Raw as:Label #param:Attr ..:Child
image_spec -> Raw name:Name tag:Attr digest:Attr
image_name, image_tag, image_digest, image_alias -> Str text
user_instruction -> !
unquoted_string, path -> Str text
expose_port -> Num num
double_quoted_string, single_quoted_string, json_string -> Str str
json_string_array -> List ..:Elem
mount_param -> Raw text
param -> !
env_pair -> Pair name:Key value:Value
arg_pair -> Pair name:Key default:Value
label_pair -> Pair key:Key value:Value
env_instruction -> Raw op ..:Child
expose_instruction -> Raw op
workdir_instruction -> Raw op
line_continuation -> ~
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "shell_command" => words(cx, node, role),
        "run_instruction"
        | "cmd_instruction"
        | "entrypoint_instruction"
        | "copy_instruction"
        | "add_instruction"
        | "volume_instruction"
        | "healthcheck_instruction"
        | "label_instruction" => instruction(cx, node, role),
        "maintainer_instruction" => {
            let text = cx.text_of(node).trim_end();
            let keyword = text.find(char::is_whitespace).unwrap_or(text.len());
            let name = text.get(keyword..).unwrap_or_default().trim_start();
            let end = node.start_byte() + text.len();
            cx.open(Open::at(Kind::Raw, role, node).symbol(symbol("MAINTAINER")));
            let own = Open::at(Kind::Str, Role::Child, node).range(end - name.len(), end);
            cx.leaf(own.symbol(symbol(name)));
            cx.close();
        }
        "user_instruction" => {
            cx.open(Open::at(Kind::Raw, role, node).symbol(symbol("USER")));
            cx.field(node, "user", Role::Child);
            cx.field(node, "group", Role::Attr);
            cx.close();
        }
        // `--name=value`
        "param" => {
            let text = cx.text_of(node);
            let Some(at) = text.find('=') else { return cx.name(node, role) };
            let start = node.start_byte();
            let (key, value) = (symbol(&text[..at]), symbol(&text[at + 1..]));
            cx.open(Open::at(Kind::Pair, role, node));
            cx.leaf(Open::at(Kind::Name, Role::Key, node).range(start, start + at).symbol(key));
            cx.leaf(
                Open::at(Kind::Str, Role::Value, node).range(start + at + 1, node.end_byte()).symbol(value),
            );
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

/// An instruction: flags come in any order, labels too, and lists of files may be written as JSON.
fn instruction<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let name = node.child(0).map_or("", |word| cx.text_of(word)).to_ascii_uppercase();
    cx.open(Open::at(Kind::Raw, role, node).symbol(symbol(&name)));
    let files = matches!(node.kind(), "copy_instruction" | "add_instruction" | "volume_instruction");
    for child in Lowering::named(node) {
        match child.kind() {
            "param" | "mount_param" => cx.child(child, Role::Attr),
            "json_string_array" if files => cx.splice(child, Role::Child),
            "label_pair" => cx.child(child, Role::Pair),
            _ => cx.child(child, Role::Child),
        }
    }
    cx.close();
}

/// Words and operators of a command line; quotes keep words together.
fn words<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let text = cx.text_of(node);
    let base = node.start_byte();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() || (bytes[at] == b'\\' && bytes.get(at + 1) == Some(&b'\n')) {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
            continue;
        }
        let start = at;
        let mut quote = None;
        while at < bytes.len() {
            match (quote, bytes[at]) {
                (Some(open), byte) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(bytes[at]),
                (None, byte) if byte.is_ascii_whitespace() => break,
                (None, b';') if at > start => break,
                _ => {}
            }
            at += 1;
        }
        let word = text.get(start..at).unwrap_or_default();
        let quoted = word.len() >= 2 && word.starts_with(['"', '\'']) && word.ends_with(['"', '\'']);
        let (open, close) = if quoted { (1, 1) } else { (0, 0) };
        let contents = word.get(open..word.len() - close).unwrap_or_default();
        let symbol = symbol(contents);
        cx.leaf(
            Open::at(Kind::Str, role, node).range(base + start, base + at).symbol(symbol).quotes(open, close),
        );
    }
}
