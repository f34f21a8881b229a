//! Ruby.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, raw_of, string_literal, symbol};

pub(super) const TABLE: &str = "
program, parenthesized_statements -> =
empty_statement -> ~
then, do, block_body -> Block ..:Stmt
body_statement, begin -> !
if -> If condition:Cond consequence:{}Then alternative:Else
elsif -> !
else, ensure -> Block ..:Stmt
unless, unless_modifier -> !
if_modifier -> !
while, until, while_modifier, until_modifier -> !
for -> ForEach pattern:Target value:Iter body:Body
in -> =
case -> Switch value:Cond ..:Case
when -> Case pattern:Value body:Body
pattern -> =
rescue -> Catch exceptions:*Type variable:Name body:Body
exception_variable -> =
return -> Return ..:*Value
break -> Break ..:Value
next -> Continue ..:Value
method, singleton_method -> !
class, module -> !
superclass -> =
lambda -> !
block -> Func parameters:*Param body:{}Body +anon
do_block -> Func parameters:*Param body:Body +anon
optional_parameter -> Param name:Name value:Default
keyword_parameter -> Param name:Name value:Default
splat_parameter, hash_splat_parameter, block_parameter -> Param name:Name op
call -> !
argument_list -> =
element_reference -> Index object:Object block:Body ..:Index
scope_resolution -> Member scope:Object name:Property
assignment -> Assign left:Left right:Right
operator_assignment -> AugAssign left:Left right:Right op=operator
left_assignment_list, right_assignment_list, destructured_left_assignment -> Tuple ..:Elem
conditional -> Ternary condition:Cond consequence:Then alternative:Else
binary, unary -> !
range -> !
array -> List ..:Elem
hash -> Dict ..:Pair
pair -> !
splat_argument, hash_splat_argument, block_argument -> Spread op ..:Value
identifier, constant, instance_variable, class_variable, global_variable, self, super, operator -> Name text
setter -> Name text
string -> !
subshell -> !
chained_string -> !
string_array, symbol_array -> Tuple ..:Elem
bare_string, bare_symbol -> Str str
interpolation -> Interp ..:Value
string_content, escape_sequence -> StrPart text
heredoc_beginning -> Str text
simple_symbol, hash_key_symbol, delimited_symbol -> !
integer, float, rational, complex -> Num num
true, false -> Bool text
nil -> Null text
regex -> Regex text
character -> Str str
yield -> Call op ..:*Arg
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    match node.kind() {
        "body_statement" | "begin" => body(cx, node, role),
        "elsif" => {
            cx.open(Open::at(Kind::Block, role, node).flags(flag::SYNTH));
            cx.open(Open::at(Kind::If, Role::Stmt, node));
            cx.field(node, "condition", Role::Cond);
            if let Some(then) = node.child_by_field_name("consequence") {
                cx.block(then, Role::Then);
            }
            cx.field(node, "alternative", Role::Else);
            cx.close();
            cx.close();
        }
        // `until x` is `while !x`, and either may follow what it repeats.
        "while" | "until" | "while_modifier" | "until_modifier" => {
            cx.open(Open::at(Kind::While, role, node));
            let negated = node.kind().starts_with("until");
            if let Some(condition) = node.child_by_field_name("condition") {
                if negated {
                    cx.open(Open::at(Kind::Unary, Role::Cond, condition).symbol(symbol("!")));
                }
                cx.child(condition, if negated { Role::Operand } else { Role::Cond });
                if negated {
                    cx.close();
                }
            }
            if let Some(body) = node.child_by_field_name("body") {
                cx.block(body, Role::Body);
            }
            cx.close();
        }
        // Ranges with and without their end read alike.
        "range" => {
            cx.open(Open::at(Kind::Binary, role, node).symbol(symbol("..")));
            cx.field(node, "begin", Role::Left);
            cx.field(node, "end", Role::Right);
            cx.close();
        }
        // `unless x` is `if !x` that does something else alone.
        "unless" | "unless_modifier" => {
            cx.open(Open::at(Kind::If, role, node));
            if let Some(condition) = node.child_by_field_name("condition") {
                cx.open(Open::at(Kind::Unary, Role::Cond, condition).symbol(symbol("!")));
                cx.child(condition, Role::Operand);
                cx.close();
            }
            match node.child_by_field_name("alternative") {
                Some(then) => cx.child(then, Role::Then),
                None => {
                    let nothing = Open::at(Kind::Block, Role::Then, node);
                    cx.leaf(nothing.range(node.start_byte(), node.start_byte()));
                }
            }
            let body = node.child_by_field_name("consequence");
            if let Some(body) = body.or_else(|| node.child_by_field_name("body")) {
                cx.block(body, Role::Else);
            }
            cx.close();
        }
        "binary" | "unary" => {
            let operator = node.child_by_field_name("operator").map_or("", |operator| cx.text_of(operator));
            let own = match operator {
                "and" => "&&",
                "or" => "||",
                "not" => "!",
                other => other,
            };
            let kind = if node.kind() == "binary" { Kind::Binary } else { Kind::Unary };
            cx.open(Open::at(kind, role, node).symbol(symbol(own)));
            cx.field(node, "left", Role::Left);
            cx.field(node, "right", Role::Right);
            cx.field(node, "operand", Role::Operand);
            cx.close();
        }
        "if_modifier" => {
            cx.open(Open::at(Kind::If, role, node));
            cx.field(node, "condition", Role::Cond);
            if let Some(then) = node.child_by_field_name("body") {
                cx.block(then, Role::Then);
            }
            cx.close();
        }
        "method" | "singleton_method" => {
            cx.open(Open::at(Kind::Func, role, node));
            cx.field(node, "object", Role::Receiver);
            cx.field(node, "name", Role::Name);
            if let Some(parameters) = node.child_by_field_name("parameters") {
                cx.splice(parameters, Role::Param);
            }
            match node.child_by_field_name("body") {
                Some(body) if body.kind() == "body_statement" => cx.child(body, Role::Body),
                Some(body) => cx.block(body, Role::Body),
                None => cx.leaf(Open::at(Kind::Block, Role::Body, node)),
            }
            cx.close();
        }
        "lambda" => {
            cx.open(Open::at(Kind::Func, role, node).flags(flag::ANON | flag::ARROW));
            if let Some(parameters) = node.child_by_field_name("parameters") {
                cx.splice(parameters, Role::Param);
            }
            if let Some(body) = node.child_by_field_name("body") {
                // The braces are a block of their own, which takes no parameters.
                match body.child_by_field_name("body") {
                    Some(inner) => cx.block(inner, Role::Body),
                    None => cx.leaf(Open::at(Kind::Block, Role::Body, body)),
                }
            }
            cx.close();
        }
        "class" | "module" => {
            cx.open(Open::at(Kind::Class, role, node).symbol(symbol(node.kind())));
            cx.field(node, "name", Role::Name);
            cx.field(node, "superclass", Role::Extends);
            match node.child_by_field_name("body") {
                Some(body) => {
                    cx.open(Open::at(Kind::ClassBody, Role::Body, body));
                    cx.splice(body, Role::Stmt);
                    cx.close();
                }
                None => cx.leaf(Open::at(Kind::ClassBody, Role::Body, node)),
            }
            cx.close();
        }
        "call" => call(cx, node, role),
        "pair" => {
            // Only a symbol names an argument.
            let symbol = node.child_by_field_name("key").is_some_and(|key| {
                matches!(key.kind(), "simple_symbol" | "hash_key_symbol" | "delimited_symbol")
            });
            let kind = if role == Role::Arg && symbol { Kind::KwArg } else { Kind::Pair };
            cx.open(Open::at(kind, role, node));
            cx.field(node, "key", Role::Key);
            cx.field(node, "value", Role::Value);
            cx.close();
        }
        "string" | "subshell" => string(cx, node, role),
        "chained_string" => {
            cx.open(Open::at(Kind::Template, role, node));
            for part in Lowering::named(node) {
                cx.splice(part, Role::Part);
            }
            cx.close();
        }
        "delimited_symbol" if !Lowering::named(node).iter().any(|part| part.kind() == "interpolation") => {
            let name = cx.text_of(node).trim_start_matches([':', '"', '\'']).trim_end_matches(['"', '\'']);
            let mut open = Open::at(Kind::Raw, role, node).symbol(symbol(name)).quotes(2, 1);
            open.raw = raw_of("simple_symbol");
            cx.leaf(open);
        }
        "simple_symbol" | "hash_key_symbol" => {
            let name = cx.text_of(node).trim_start_matches(':');
            let colon = cx.text_of(node).len() - name.len();
            let mut open = Open::at(Kind::Raw, role, node).symbol(symbol(name)).quotes(colon, 0);
            open.raw = raw_of("simple_symbol");
            cx.leaf(open);
        }
        _ => cx.raw(node, role),
    }
}

fn is_clause(child: &Syntax<'_>) -> bool {
    matches!(child.kind(), "rescue" | "else" | "ensure")
}

/// Statements; with `rescue` or `ensure` they are guarded.
fn body<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    let guarded = children.iter().any(is_clause);
    let begin = node.kind() == "begin";
    if !guarded {
        cx.open(Open::at(Kind::Block, role, node));
        cx.splice(node, Role::Stmt);
        cx.close();
        return;
    }
    if !begin {
        cx.open(Open::at(Kind::Block, role, node));
    }
    cx.open(Open::at(Kind::Try, if begin { role } else { Role::Stmt }, node));
    let end = children.iter().find(|child| is_clause(child)).map_or(node.end_byte(), Syntax::start_byte);
    cx.open(Open::at(Kind::Block, Role::Body, node).range(node.start_byte(), end));
    for child in children.iter().filter(|child| !is_clause(child)) {
        cx.child(*child, Role::Stmt);
    }
    cx.close();
    for child in children.into_iter().filter(is_clause) {
        let role = match child.kind() {
            "rescue" => Role::Catch,
            "else" => Role::Else,
            _ => Role::Finally,
        };
        cx.child(child, role);
    }
    cx.close();
    if !begin {
        cx.close();
    }
}

/// `a.b` without arguments is an access; a block is the call's body.
fn call<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let arguments = node.child_by_field_name("arguments");
    let block = node.child_by_field_name("block");
    let receiver = node.child_by_field_name("receiver");
    let method = node.child_by_field_name("method");
    let is_call = arguments.is_some() || block.is_some();
    let callee = if is_call { Role::Callee } else { role };
    if is_call {
        cx.open(Open::at(Kind::Call, role, node));
    }
    match (receiver, method) {
        (Some(receiver), Some(method)) => {
            let open = Open::at(Kind::Member, callee, node);
            cx.open(open.range(node.start_byte(), method.end_byte()));
            cx.child(receiver, Role::Object);
            cx.name(method, Role::Property);
            cx.close();
        }
        // Whatever brings in a file.
        (None, Some(method)) if matches!(cx.text_of(method), "require_relative" | "load") => {
            cx.leaf(Open::at(Kind::Name, callee, method).symbol(symbol("require")));
        }
        (None, Some(method)) => cx.child(method, callee),
        (Some(receiver), None) => cx.child(receiver, callee),
        (None, None) => {}
    }
    if !is_call {
        return;
    }
    if let Some(arguments) = arguments {
        cx.splice(arguments, Role::Arg);
    }
    if let Some(block) = block {
        cx.child(block, Role::Body);
    }
    cx.close();
}

fn string<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let parts = Lowering::named(node);
    let interpolated = parts.iter().any(|part| part.kind() == "interpolation");
    if !interpolated && node.kind() == "string" {
        let text = cx.text_of(node);
        let mut open = string_literal(text, Open::at(Kind::Str, role, node));
        if text.starts_with('%') {
            let width = if text.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) { 3 } else { 2 };
            let inner = text.get(width..text.len().saturating_sub(1)).unwrap_or_default();
            open = open.symbol(symbol(inner)).quotes(width, 1);
        }
        return cx.leaf(open);
    }
    let symbol = if node.kind() == "subshell" { symbol("subshell") } else { 0 };
    cx.open(Open::at(Kind::Template, role, node).symbol(symbol));
    let is_text = |part: &Syntax<'_>| matches!(part.kind(), "string_content" | "escape_sequence");
    cx.template_parts(&parts, |part| !is_text(part), |cx, part| cx.child(part, Role::Part));
    cx.close();
}
