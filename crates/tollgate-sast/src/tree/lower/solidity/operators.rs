//! Operators and what follows a dot. The grammar reads `a && b.c` as the member of `a && b`, and `!a.b` as that of
//! `!a`: such expressions are taken apart and put together by the precedence of the language.
//! <https://docs.soliditylang.org/en/latest/cheatsheet.html#order-of-precedence-of-operators>

use tree_sitter::Node as Syntax;

use super::{bare, operator, rest, taken_of, taking};
use crate::tree::lower::{Kind, Lowering, Open, Role, symbol};

/// An expression of more links than this stays as the grammar has it.
const MAX_LINKS: usize = 200;

/// One link of an expression, from the outside to its leftmost name.
enum Link<'t> {
    /// A conditional expression; the chain goes on in what it gives otherwise.
    Otherwise(Syntax<'t>),
    /// An operator and what stands to its right.
    Operator(Syntax<'t>, Syntax<'t>),
    Prefix(Syntax<'t>),
    /// A call, member or element.
    Taken(Syntax<'t>),
}

impl Link<'_> {
    const fn strength(&self) -> u8 {
        match self {
            Self::Otherwise(_) => 0,
            Self::Operator(..) => 1,
            Self::Prefix(_) => 2,
            Self::Taken(_) => 3,
        }
    }
}

struct Operand<'t> {
    base: Syntax<'t>,
    prefixes: Vec<Syntax<'t>>,
    taken: Vec<Syntax<'t>>,
}

impl Operand<'_> {
    fn start(&self) -> usize {
        self.prefixes.first().unwrap_or(&self.base).start_byte()
    }

    fn end(&self) -> usize {
        self.taken.last().unwrap_or(&self.base).end_byte()
    }
}

#[derive(Default)]
struct Chain<'t> {
    conditions: Vec<Syntax<'t>>,
    operands: Vec<Operand<'t>>,
    operators: Vec<Syntax<'t>>,
}

/// The links of an expression and where they end.
fn links<'t>(cx: &Lowering<'t>, node: Syntax<'t>) -> Option<(Vec<Link<'t>>, Syntax<'t>)> {
    let mut found = Vec::new();
    let mut at = bare(node)?;
    while found.len() < MAX_LINKS {
        let field = |name: &str| at.child_by_field_name(name);
        let (link, next) = match at.kind() {
            "binary_expression" => {
                (Link::Operator(field("operator")?, field("right").and_then(bare)?), field("left")?)
            }
            "unary_expression" if field("operator").is_some_and(|own| cx.text_of(own) != "delete") => {
                (Link::Prefix(at), field("argument")?)
            }
            "ternary_expression" => (Link::Otherwise(at), *Lowering::named(at).last()?),
            "call_expression" | "member_expression" | "array_access" => (Link::Taken(at), taken_of(at)?),
            _ => return Some((found, at)),
        };
        found.push(link);
        at = bare(next)?;
    }
    None
}

/// What links join, the operands in the order of the text.
fn chain<'t>(cx: &Lowering<'t>, found: Vec<Link<'t>>, base: Syntax<'t>, depth: u8) -> Option<Chain<'t>> {
    let mut chain = Chain::default();
    chain.operands.push(Operand { base, prefixes: Vec::new(), taken: Vec::new() });
    for link in found.into_iter().rev() {
        match link {
            Link::Otherwise(condition) => chain.conditions.push(condition),
            Link::Prefix(prefix) => chain.operands.first_mut()?.prefixes.insert(0, prefix),
            Link::Taken(taken) => chain.operands.last_mut()?.taken.push(taken),
            Link::Operator(operator, right) => {
                let (found, base) = links(cx, right)?;
                let mut right = self::chain(cx, found, base, depth.checked_sub(1)?)?;
                if !right.conditions.is_empty() || chain.operands.len() > MAX_LINKS {
                    return None;
                }
                chain.operators.push(operator);
                chain.operators.append(&mut right.operators);
                chain.operands.append(&mut right.operands);
            }
        }
    }
    Some(chain)
}

/// Lowers an expression that the grammar puts together wrongly; false for all others.
pub(super) fn regrouped<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) -> bool {
    let Some((found, base)) = links(cx, node) else { return false };
    let is_torn = |pair: &[Link<'_>]| matches!(pair, [outer, inner] if inner.strength() < outer.strength());
    if !found.windows(2).any(is_torn) {
        return false;
    }
    let Some(chain) = chain(cx, found, base, 32) else { return false };
    let mut role = role;
    for condition in chain.conditions.iter().rev() {
        cx.open(Open::at(Kind::Ternary, role, *condition).range(condition.start_byte(), node.end_byte()));
        let parts = Lowering::named(*condition);
        for part in parts.iter().take(parts.len().saturating_sub(1)) {
            cx.child(*part, Role::Child);
        }
        role = Role::Child;
    }
    joined(cx, &chain.operands, &chain.operators, role);
    for _ in &chain.conditions {
        cx.close();
    }
    true
}

const fn precedence(operator: &str) -> u8 {
    match operator.as_bytes() {
        b"||" => 0,
        b"&&" => 1,
        b"==" | b"!=" => 2,
        b"<" | b">" | b"<=" | b">=" => 3,
        b"|" => 4,
        b"^" => 5,
        b"&" => 6,
        b"<<" | b">>" => 7,
        b"+" | b"-" => 8,
        b"*" | b"/" | b"%" => 9,
        _ => 10,
    }
}

fn joined<'t>(cx: &mut Lowering<'t>, operands: &[Operand<'t>], operators: &[Syntax<'t>], role: Role) {
    let (Some(first), Some(last)) = (operands.first(), operands.last()) else { return };
    // The weakest operator joins the others, the last one of those.
    let weakest = (0..operators.len()).rev().min_by_key(|at| precedence(cx.text_of(operators[*at])));
    let Some(at) = weakest else { return operand(cx, first, role) };
    let symbol = symbol(cx.text_of(operators[at]));
    let open = Open::at(Kind::Binary, role, first.base).kind_of("binary_expression");
    cx.open(open.range(first.start(), last.end()).symbol(symbol));
    joined(cx, &operands[..=at], &operators[..at], Role::Left);
    joined(cx, &operands[at + 1..], &operators[at + 1..], Role::Right);
    cx.close();
}

fn operand<'t>(cx: &mut Lowering<'t>, own: &Operand<'t>, role: Role) {
    let mut role = role;
    for prefix in &own.prefixes {
        let open = Open::at(Kind::Unary, role, *prefix).range(prefix.start_byte(), own.end());
        cx.open(open.symbol(operator(cx, *prefix)));
        role = Role::Operand;
    }
    for taken in own.taken.iter().rev() {
        let (kind, next, _) = taking(*taken);
        cx.open(Open::at(kind, role, *taken).range(own.base.start_byte(), taken.end_byte()));
        role = next;
    }
    cx.child(own.base, role);
    for taken in &own.taken {
        rest(cx, *taken);
        cx.close();
    }
    for _ in &own.prefixes {
        cx.close();
    }
}
