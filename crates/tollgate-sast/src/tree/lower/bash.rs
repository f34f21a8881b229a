//! Bash.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, string_literal, symbol};

pub(super) const TABLE: &str = "
program, command_name -> =
command -> !
declaration_command -> !
unset_command -> Raw op
test_command -> !
compound_statement, do_group, else_clause -> Block ..:Stmt
subshell -> !
if_statement -> !
while_statement -> While op condition:Cond body:Body
for_statement -> !
c_style_for_statement -> Raw body:Body ..:~
case_statement -> Switch value:Cond ..:Case
case_item -> Case value:Value ..:Stmt
function_definition -> !
variable_assignment -> !
variable_assignments -> =
subscript -> !
pipeline, list -> !
redirected_statement -> !
file_redirect, heredoc_redirect, herestring_redirect -> ~
variable_name -> Name text
word, special_variable_name -> Str text
number -> Str text
string -> !
raw_string, ansi_c_string -> Str str
string_content -> StrPart text
simple_expansion -> !
expansion, command_substitution -> !
concatenation -> !
array -> List ..:Elem
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let background = if role == Role::Stmt { background(cx.source(), node) } else { None };
    let Some(end) = background else { return construct(cx, node, role) };
    let open = Open::at(Kind::Raw, role, node).range(node.start_byte(), end);
    cx.open(open.kind_of("background").symbol(symbol("&")));
    construct(cx, node, Role::Operand);
    cx.close();
}

/// The end of the `&` behind a command that runs in the background.
fn background(source: &str, node: Syntax<'_>) -> Option<usize> {
    let runs = matches!(
        node.kind(),
        "command" | "pipeline" | "list" | "redirected_statement" | "subshell" | "compound_statement"
    );
    let rest = source.get(node.end_byte()..).filter(|_| runs)?;
    let after = rest.trim_start_matches([' ', '\t']).strip_prefix('&')?;
    (!after.starts_with(['&', '>'])).then(|| source.len() - after.len())
}

fn construct<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "command" => command(cx, node, role),
        // `export A=b c=d` assigns twice.
        "declaration_command" => {
            let parts = Lowering::named(node);
            if parts.iter().any(|part| part.kind() == "variable_assignment") {
                for part in parts.into_iter().filter(|part| part.kind() == "variable_assignment") {
                    cx.child(part, role);
                }
                return;
            }
            let keyword = node.child(0).map_or("", |keyword| cx.text_of(keyword));
            cx.open(Open::at(Kind::Raw, role, node).symbol(symbol(keyword)));
            cx.splice(node, Role::Child);
            cx.close();
        }
        "variable_assignment" => {
            let added = node.child(1).is_some_and(|operator| cx.text_of(operator) == "+=");
            let open = if added {
                Open::at(Kind::AugAssign, role, node).symbol(symbol("+="))
            } else {
                Open::at(Kind::Assign, role, node)
            };
            cx.open(open);
            cx.field(node, "name", Role::Left);
            match node.child_by_field_name("value") {
                Some(value) => cx.child(value, Role::Right),
                None => {
                    let end = node.end_byte();
                    cx.leaf(Open::at(Kind::Str, Role::Right, node).range(end, end).symbol(symbol("")));
                }
            }
            cx.close();
        }
        // An element stands for the whole list.
        "subscript" => match node.child_by_field_name("name") {
            Some(name) => cx.child(name, role),
            None => cx.raw(node, role),
        },
        "for_statement" => {
            let select = node.child(0).is_some_and(|word| word.kind() == "select");
            cx.open(Open::at(if select { Kind::Raw } else { Kind::ForEach }, role, node));
            cx.field(node, "variable", Role::Target);
            let mut cursor = node.walk();
            for value in node.children_by_field_name("value", &mut cursor) {
                cx.child(value, Role::Iter);
            }
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        "function_definition" => {
            cx.open(Open::at(Kind::Func, role, node));
            if let Some(name) = node.child_by_field_name("name") {
                cx.name(name, Role::Name);
            }
            cx.field(node, "body", Role::Body);
            cx.close();
        }
        // What a test compares is its own language.
        "test_command" => {
            let bracket = node.child(0).map_or("", |bracket| cx.text_of(bracket));
            cx.leaf(Open::at(Kind::Raw, role, node).symbol(symbol(bracket)));
        }
        "if_statement" => conditional(cx, node, role),
        // The body of a function.
        "subshell" if role == Role::Body => {
            cx.open(Open::at(Kind::Block, role, node));
            cx.splice(node, Role::Stmt);
            cx.close();
        }
        "subshell" => {
            cx.open(Open::at(Kind::Raw, role, node));
            cx.open(Open::at(Kind::Block, Role::Body, node));
            cx.splice(node, Role::Stmt);
            cx.close();
            cx.close();
        }
        // `a | b | c` and `a && b || c` group to the left.
        "pipeline" | "list" => chain(cx, node, role),
        "redirected_statement" => cx.field(node, "body", role),
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
        "concatenation" => {
            cx.open(Open::at(Kind::Template, role, node).symbol(symbol("concatenation")));
            cx.splice(node, Role::Part);
            cx.close();
        }
        // `$(a)` and `` `a` `` are one.
        "command_substitution" => {
            cx.open(Open::at(Kind::Interp, role, node).symbol(symbol("$(")));
            cx.splice(node, Role::Value);
            cx.close();
        }
        // `${a}` and `${a:-b}` are `$a`.
        "expansion" => {
            let parts = Lowering::named(node);
            let named = |part: &Syntax<'_>| matches!(part.kind(), "variable_name" | "subscript");
            let variable = parts.iter().position(named);
            let open = Open::at(Kind::Interp, role, node);
            // An element is told apart from a variable, not from other elements.
            cx.open(match variable.map(|at| parts[at].kind()) {
                Some("variable_name") => open,
                Some(_) => open.symbol(symbol("[")),
                None => open.symbol(symbol("${")),
            });
            for (at, part) in parts.iter().enumerate() {
                let rest = variable.is_some_and(|variable| variable != at);
                cx.child(*part, if rest { Role::Attr } else { Role::Value });
            }
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

fn command<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
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
        if Some(part) == name {
            cx.child(part, Role::Callee);
        } else if part.kind() == "variable_assignment" {
            // `A=b c` sets `A` for `c` alone.
            cx.raw(part, Role::Attr);
        } else {
            let argument = arguments.binary_search_by_key(&part.start_byte(), Syntax::start_byte).is_ok();
            cx.child(part, if argument { Role::Arg } else { Role::Attr });
        }
    }
    cx.close();
}

/// `if a; then b; elif c; then d; else e; fi`, each further branch inside the one before.
fn conditional<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.open(Open::at(Kind::If, role, node));
    let mut open = 1;
    branch(cx, node);
    for clause in Lowering::named(node) {
        match clause.kind() {
            "elif_clause" => {
                cx.open(Open::at(Kind::If, Role::Else, clause).range(clause.start_byte(), node.end_byte()));
                open += 1;
                branch(cx, clause);
            }
            "else_clause" => cx.child(clause, Role::Else),
            _ => {}
        }
    }
    for _ in 0..open {
        cx.close();
    }
}

/// The condition and the statements of one branch.
fn branch<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>) {
    let mut cursor = node.walk();
    let children: Vec<_> = node.children(&mut cursor).collect();
    let then = children.iter().position(|child| child.kind() == "then").unwrap_or(children.len());
    let (conditions, rest) = children.split_at(then);
    for condition in conditions.iter().filter(|child| child.is_named() && !child.is_extra()) {
        cx.child(*condition, Role::Cond);
    }
    let body: Vec<_> = rest
        .iter()
        .filter(|child| child.is_named() && !matches!(child.kind(), "elif_clause" | "else_clause"))
        .collect();
    let (Some(first), Some(last)) = (body.first(), body.last()) else { return };
    cx.open(Open::at(Kind::Block, Role::Then, node).range(first.start_byte(), last.end_byte()));
    for statement in &body {
        cx.child(**statement, Role::Stmt);
    }
    cx.close();
}

fn chain<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let mut cursor = node.walk();
    let (mut operands, mut operators) = (Vec::new(), Vec::new());
    for child in node.children(&mut cursor).filter(|child| !child.is_extra()) {
        if child.is_named() { operands.push(child) } else { operators.push(cx.text_of(child)) }
    }
    let [first, rest @ ..] = operands.as_slice() else { return };
    if rest.is_empty() {
        return cx.child(*first, role);
    }
    for (at, last) in rest.iter().enumerate().rev() {
        let own = if at + 1 == rest.len() { role } else { Role::Left };
        // What goes wrong goes down the pipe as well.
        let operator = operators.get(at).map_or("", |operator| operator.trim_end_matches('&'));
        let operator = if operator.is_empty() { "&&" } else { operator };
        let open = Open::at(Kind::Raw, own, node).range(first.start_byte(), last.end_byte());
        cx.open(open.symbol(symbol(operator)));
    }
    cx.child(*first, Role::Left);
    for last in rest {
        cx.child(*last, Role::Right);
        cx.close();
    }
}
