//! Terraform and other HCL.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, flag, string_literal, symbol};

pub(super) const TABLE: &str = "
config_file, body, literal_value, variable_expr, template_expr, collection_value -> =
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
        "expression" => expression(cx, node, role),
        "quoted_template" | "heredoc_template" => template(cx, node, role),
        "conditional" => {
            cx.open(Open::at(Kind::Ternary, role, node));
            for (child, role) in Lowering::named(node).into_iter().zip([Role::Cond, Role::Then, Role::Else]) {
                cx.child(child, role);
            }
            cx.close();
        }
        _ => cx.raw(node, role),
    }
}

/// Part of an expression with operators, and where it stands.
struct Term<'t> {
    form: Form<'t>,
    start: usize,
    end: usize,
}

enum Form<'t> {
    Operand(Vec<Syntax<'t>>),
    Unary(Syntax<'t>, usize),
    Binary(Syntax<'t>, usize, usize),
}

/// The grammar nests operators, and accesses of what they stand between, as they come: signs and operands
/// are read in order and put together by precedence.
fn expression<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    let children = Lowering::named(node);
    if !children.iter().any(|child| is_operation(child)) {
        return postfix(cx, &children, role);
    }
    let (mut terms, mut values, mut signs): (Vec<Term<'t>>, Vec<usize>, Vec<(Syntax<'t>, u8)>) =
        Default::default();
    let mut wants_operand = true;
    let mut open: Vec<Syntax<'t>> = children.into_iter().rev().collect();
    while let Some(part) = open.pop() {
        if is_operation(&part) {
            let mut cursor = part.walk();
            let inner: Vec<_> = part.children(&mut cursor).filter(|child| !child.is_extra()).collect();
            open.extend(inner.into_iter().rev());
        } else if part.is_named() && wants_operand {
            values.push(terms.len());
            terms.push(Term {
                form: Form::Operand(vec![part]),
                start: part.start_byte(),
                end: part.end_byte(),
            });
            wants_operand = false;
        } else if part.is_named() {
            if let Some(Term { form: Form::Operand(parts), end, .. }) = terms.last_mut() {
                parts.push(part);
                *end = part.end_byte();
            }
        } else {
            let strength = if wants_operand { UNARY } else { strength(cx.text_of(part)) };
            while !wants_operand && signs.last().is_some_and(|(_, last)| *last >= strength) {
                apply(&mut terms, &mut values, &mut signs);
            }
            signs.push((part, strength));
            wants_operand = true;
        }
    }
    while !signs.is_empty() {
        apply(&mut terms, &mut values, &mut signs);
    }
    let Some(root) = values.pop() else { return cx.raw(node, role) };
    let mut open = vec![Some((root, role))];
    while let Some(next) = open.pop() {
        let Some((at, role)) = next else {
            cx.close();
            continue;
        };
        let term = &terms[at];
        let at = |kind, sign| Open::at(kind, role, node).range(term.start, term.end).symbol(symbol(sign));
        match &term.form {
            Form::Operand(parts) => postfix(cx, parts, role),
            Form::Unary(sign, inner) => {
                cx.open(at(Kind::Unary, cx.text_of(*sign)));
                open.extend([None, Some((*inner, Role::Operand))]);
            }
            Form::Binary(sign, left, right) => {
                cx.open(at(Kind::Binary, cx.text_of(*sign)));
                open.extend([None, Some((*right, Role::Right)), Some((*left, Role::Left))]);
            }
        }
    }
}

fn is_operation(node: &Syntax<'_>) -> bool {
    matches!(node.kind(), "operation" | "binary_operation" | "unary_operation")
}

const UNARY: u8 = 7;

fn strength(sign: &str) -> u8 {
    match sign {
        "*" | "/" | "%" => 6,
        "+" | "-" => 5,
        "<" | "<=" | ">" | ">=" => 4,
        "==" | "!=" => 3,
        "&&" => 2,
        _ => 1,
    }
}

/// Puts the last sign together with its operands.
fn apply<'t>(terms: &mut Vec<Term<'t>>, values: &mut Vec<usize>, signs: &mut Vec<(Syntax<'t>, u8)>) {
    let Some((sign, strength)) = signs.pop() else { return };
    let Some(right) = values.pop() else { return };
    let (start, end) = (terms[right].start, terms[right].end);
    let term = match values.pop_if(|_| strength != UNARY) {
        Some(left) => Term { form: Form::Binary(sign, left, right), start: terms[left].start, end },
        None => Term { form: Form::Unary(sign, right), start: sign.start_byte().min(start), end },
    };
    values.push(terms.len());
    terms.push(term);
}

/// `a.b[0].c` is a flat list in the grammar.
fn postfix<'t>(cx: &mut Lowering<'t>, children: &[Syntax<'t>], role: Role) {
    let Some((first, steps)) = children.split_first() else { return };
    for (at, step) in steps.iter().enumerate().rev() {
        let role = if at + 1 == steps.len() { role } else { Role::Object };
        let kind = if step.kind() == "index" { Kind::Index } else { Kind::Member };
        cx.open(Open::at(kind, role, *first).range(first.start_byte(), step.end_byte()));
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
