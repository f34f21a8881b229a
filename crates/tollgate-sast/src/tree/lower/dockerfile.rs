//! Dockerfile. What a shell runs is lowered as the shell's own code, which the grammar leaves as text.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
source_file -> =
run_instruction, cmd_instruction, entrypoint_instruction, copy_instruction, add_instruction, volume_instruction, healthcheck_instruction, label_instruction, workdir_instruction, onbuild_instruction -> !
shell_command, maintainer_instruction, from_instruction, user_instruction, stopsignal_instruction -> !
unquoted_string, path, double_quoted_string, image_name, image_alias, expansion, expose_port -> !
single_quoted_string, json_string -> Str str
json_string_array -> List ..:Elem
mount_param -> Raw text
param -> !
env_pair -> Pair name:Key value:Value
arg_pair -> Pair name:Key default:Value
label_pair -> Pair key:Key value:Value
env_instruction -> Raw op ..:Child
expose_instruction -> Raw op
line_continuation, heredoc_block, heredoc_marker -> ~
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "shell_command" => shell(cx, node, role),
        "from_instruction" => from(cx, node, role),
        "expansion" => {
            cx.open(Open::at(Kind::Interp, role, node));
            for child in Lowering::named(node) {
                if child.kind() == "variable" {
                    cx.name(child, Role::Value);
                }
            }
            cx.close();
        }
        // `22/tcp` is a pair to patterns.
        "expose_port" => {
            let Some(slash) = cx.text_of(node).find('/') else { return value(cx, node, role) };
            let middle = node.start_byte() + slash;
            cx.open(Open::at(Kind::Tuple, role, node));
            pieces(cx, node, Role::Elem, node.start_byte(), middle);
            pieces(cx, node, Role::Elem, middle, node.end_byte());
            cx.close();
        }
        "unquoted_string" | "path" | "double_quoted_string" | "image_name" | "image_alias" => {
            value(cx, node, role);
        }
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
            cx.field(node, "user", Role::Name);
            if let Some(group) = node.child_by_field_name("group") {
                keyword(cx, group, ":", group.start_byte() - 1, group.start_byte(), group.end_byte());
            }
            cx.close();
        }
        "stopsignal_instruction" => {
            let text = cx.text_of(node).trim_end();
            let word = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
            cx.open(Open::at(Kind::Raw, role, node).symbol(symbol("STOPSIGNAL")));
            pieces(cx, node, Role::Child, node.start_byte() + word, node.start_byte() + text.len());
            cx.close();
        }
        // `--name=value`
        "param" => {
            let text = cx.text_of(node);
            let Some(at) = text.find('=') else { return cx.name(node, role) };
            let start = node.start_byte();
            keyword(cx, node, &text[..at], start, start + at + 1, node.end_byte());
        }
        _ => instruction(cx, node, role),
    }
}

/// An instruction: flags come in any order, labels too.
fn instruction<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let name = node.child(0).map_or("", |word| cx.text_of(word)).to_ascii_uppercase();
    let named = node.kind() == "workdir_instruction";
    let files = matches!(node.kind(), "copy_instruction" | "add_instruction");
    let children = Lowering::named(node);
    let heredoc = children.iter().find(|child| child.kind() == "heredoc_block");
    cx.open(Open::at(Kind::Raw, role, node).symbol(symbol(&name)));
    if let Some(content) = heredoc.and_then(|block| block.named_child(0)) {
        let text = symbol(cx.text_of(content));
        cx.leaf(Open::at(Kind::Str, Role::Child, content).symbol(text));
    }
    if let Some(none) = node.child(1).filter(|word| word.kind() == "NONE") {
        cx.leaf(Open::at(Kind::Str, Role::Child, none).symbol(symbol("NONE")));
    }
    for child in children.iter().copied() {
        match child.kind() {
            "param" | "mount_param" => cx.child(child, Role::Attr),
            // Lists of files are words like others, brackets and all.
            "json_string_array" if files => words(cx, child, Role::Child),
            "label_pair" => cx.child(child, Role::Pair),
            "path" if cx.text_of(child).starts_with("<<") => {}
            "shell_command" if heredoc.is_some() => {
                let text = cx.text_of(child);
                let marker = text.find(char::is_whitespace).unwrap_or(text.len());
                let rest = &text[marker..];
                if !rest.trim().is_empty() {
                    let start = child.end_byte() - rest.trim_start().len();
                    pieces(cx, child, Role::Child, start, start + rest.trim().len());
                }
            }
            _ => cx.child(child, if named { Role::Name } else { Role::Child }),
        }
    }
    cx.close();
}

/// `FROM --platform=a b:c@d AS e`.
fn from<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::Raw, role, node).symbol(symbol("FROM")));
    for child in Lowering::named(node) {
        match child.kind() {
            "image_spec" => image(cx, child),
            "image_alias" => {
                keyword(cx, child, "as", child.start_byte(), child.start_byte(), child.end_byte());
            }
            _ => cx.child(child, Role::Attr),
        }
    }
    cx.close();
}

/// The name of an image ends at the first colon, be it that of a registry's port.
fn image<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let text = cx.text_of(node);
    let base = node.start_byte();
    let name = node.child_by_field_name("name");
    let plain = name.is_some_and(|name| name.named_child_count() == 0);
    let tag = match node.child_by_field_name("tag") {
        Some(tag) if !plain => Some(tag.start_byte() - base),
        _ => text.find(':').filter(|_| plain),
    };
    let digest = node.child_by_field_name("digest").map(|digest| digest.start_byte() - base);
    let tag = tag.filter(|tag| digest.is_none_or(|digest| *tag < digest));
    let end = tag.or(digest).unwrap_or(text.len());
    pieces(cx, node, Role::Name, base, base + end);
    if let Some(tag) = tag {
        let end = digest.unwrap_or(text.len());
        keyword(cx, node, ":", base + tag, base + tag + 1, base + end);
    }
    if let Some(digest) = digest {
        keyword(cx, node, "@", base + digest, base + digest + 1, base + text.len());
    }
}

/// What is said by name, in any order.
fn keyword<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, name: &str, start: usize, value: usize, end: usize) {
    cx.open(Open::at(Kind::Pair, Role::Attr, node).range(start, end));
    let key = Open::at(Kind::Name, Role::Key, node).range(start, value);
    cx.leaf(key.symbol(symbol(name)));
    pieces(cx, node, Role::Value, value, end);
    cx.close();
}

/// A word or string with what is expanded in it.
fn value<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let quoted = node.kind() == "double_quoted_string";
    if quoted && node.named_child_count() == 0 {
        return cx.leaf(string_literal(cx.text_of(node), Open::at(Kind::Str, role, node)));
    }
    let inner = usize::from(quoted);
    pieces(cx, node, role, node.start_byte() + inner, node.end_byte() - inner);
}

/// The text between two bytes of a node: a string, what a variable holds, or both in turn.
fn pieces<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role, start: usize, end: usize) {
    let mut expansions = Vec::new();
    let mut open = vec![node];
    while let Some(own) = open.pop() {
        for child in Lowering::named(own) {
            if child.kind() == "expansion" { expansions.push(child) } else { open.push(child) }
        }
    }
    expansions.retain(|own| own.start_byte() >= start && own.end_byte() <= end);
    expansions.sort_by_key(Syntax::start_byte);
    match expansions.as_slice() {
        [] => {
            let text = symbol(cx.source().get(start..end).unwrap_or_default());
            cx.leaf(Open::at(Kind::Str, role, node).range(start, end).symbol(text));
        }
        [only] if only.start_byte() == start && only.end_byte() == end => cx.child(*only, role),
        _ => {
            let open = Open::at(Kind::Template, role, node).range(start, end);
            cx.open(open.symbol(symbol("concatenation")));
            let mut at = start;
            for expansion in expansions {
                cx.text_part(node, at, expansion.start_byte());
                cx.child(expansion, Role::Part);
                at = expansion.end_byte();
            }
            cx.text_part(node, at, end);
            cx.close();
        }
    }
}

/// Words as white space tells them apart.
fn words<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let text = cx.text_of(node);
    for word in text.split_whitespace() {
        let start = node.start_byte() + (word.as_ptr() as usize - text.as_ptr() as usize);
        pieces(cx, node, role, start, start + word.len());
    }
}

/// A command line as the shell reads it: comments between its lines are none of it.
fn shell<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut code = String::with_capacity(node.end_byte() - node.start_byte());
    for (at, line) in cx.text_of(node).split_inclusive('\n').enumerate() {
        let own = line.trim();
        if at > 0 && (own.is_empty() || own.starts_with('#')) {
            code.extend(std::iter::repeat_n(' ', line.len()));
        } else {
            code.push_str(line);
        }
    }
    cx.open(Open::at(Kind::Block, role, node).flags(flag::SYNTH));
    cx.graft(code, node.start_byte());
    cx.close();
}
