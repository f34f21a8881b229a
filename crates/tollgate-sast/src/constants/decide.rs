//! Decides expressions whose outcome is the same in every run: conditions, subjects of `switch`, indexes.
//!
//! Matching asks only for literals, as the rule language defines them. Here more is folded, and only from
//! values that hold on every path.

use std::sync::Arc;

use tollgate_core::Language;

use super::interpret::Interpreter;
use super::{Literal, MAX_FOLD, literal};
use crate::tree::{Kind, NodeId, Role};

/// Expressions nested deeper are left open.
const MAX_DEPTH: u32 = 40;

/// A value that is the same in every run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fixed {
    Str(Arc<str>),
    Int(i128),
    Float(f64),
    Bool(bool),
    Null,
}

impl From<Literal> for Option<Fixed> {
    fn from(own: Literal) -> Self {
        match own {
            Literal::Str(text) => Some(Fixed::Str(text)),
            Literal::AnyStr => None,
            Literal::Int(value) => Some(Fixed::Int(value)),
            Literal::Float(value) => Some(Fixed::Float(value)),
            Literal::Bool(value) => Some(Fixed::Bool(value)),
        }
    }
}

impl Interpreter<'_> {
    /// Whether a condition holds, when that is the same in every run.
    pub(super) fn truth(&mut self, condition: NodeId) -> Option<bool> {
        let value = self.fixed(condition, 0)?;
        self.truth_of(&value)
    }

    fn truth_of(&self, value: &Fixed) -> Option<bool> {
        let loose = matches!(
            self.file.language(),
            Language::Python
                | Language::Javascript
                | Language::Typescript
                | Language::Php
                | Language::C
                | Language::Cpp
        );
        match value {
            Fixed::Bool(value) => Some(*value),
            Fixed::Null => Some(false),
            Fixed::Int(value) if loose => Some(*value != 0),
            Fixed::Str(text) if loose && self.file.language() != Language::Php => Some(!text.is_empty()),
            _ => None,
        }
    }

    /// The case that a `switch` takes: its node, or nothing when no case fits. `None` when that is open.
    pub(super) fn chosen(&mut self, switch: NodeId) -> Option<Option<NodeId>> {
        let tree = self.tree;
        let mut subjects = tree.children_of(switch, Role::Cond);
        let subject = subjects.next()?;
        if subjects.next().is_some() {
            return None;
        }
        let subject = self.fixed(subject, 0)?;
        let mut default = None;
        for case in tree.children(switch).filter(|child| tree.node(*child).kind == Kind::Case) {
            if tree.child(case, Role::Filter).is_some() {
                return None;
            }
            let mut values = 0;
            for value in tree.children_of(case, Role::Value) {
                values += 1;
                if matches!(self.file.node_text(value), "_" | "default") {
                    values = 0;
                    break;
                }
                let value = self.fixed(value, 0)?;
                if self.same(&subject, &value)? {
                    return Some(Some(case));
                }
            }
            if values == 0 {
                default = Some(case);
            }
        }
        Some(default)
    }

    /// The value of an expression, when it is the same in every run.
    pub(super) fn fixed(&mut self, id: NodeId, depth: u32) -> Option<Fixed> {
        if let Some(known) = self.fixed.get(&id.0) {
            return known.clone();
        }
        if depth > MAX_DEPTH {
            return None;
        }
        let value = self.work_out(id, depth + 1);
        self.fixed.insert(id.0, value.clone());
        value
    }

    fn work_out(&mut self, id: NodeId, depth: u32) -> Option<Fixed> {
        let tree = self.tree;
        let node = tree.node(id);
        match node.kind {
            Kind::Str | Kind::Num | Kind::Bool => literal(self.file, id)?.into(),
            Kind::Null => Some(Fixed::Null),
            Kind::Raw => {
                let character = self.file.node_text(id).strip_prefix('\'')?.strip_suffix('\'')?;
                Some(Fixed::Str(character.into()))
            }
            Kind::Name | Kind::Member => {
                if self.found.doubtful.contains(&id.0) {
                    return None;
                }
                if let Some(known) = self.found.values.get(&id.0) {
                    return known.clone().into();
                }
                if let Some(assigned) = self.found.assigned(id) {
                    return self.fixed(assigned, depth);
                }
                let property = tree.child(id, Role::Property)?;
                if !matches!(self.file.node_text(property), "length" | "Length") {
                    return None;
                }
                let Fixed::Str(text) = self.fixed(tree.child(id, Role::Object)?, depth)? else { return None };
                plain(&text)?;
                Some(Fixed::Int(text.chars().count() as i128))
            }
            Kind::Unary => {
                let value = self.fixed(tree.child(id, Role::Operand)?, depth)?;
                match (self.file.node_text(id).as_bytes().first()?, value) {
                    (b'-', Fixed::Int(value)) => value.checked_neg().map(Fixed::Int),
                    (b'-', Fixed::Float(value)) => Some(Fixed::Float(-value)),
                    (b'+', value @ (Fixed::Int(_) | Fixed::Float(_))) => Some(value),
                    (b'!' | b'n', value) => self.truth_of(&value).map(|value| Fixed::Bool(!value)),
                    _ => None,
                }
            }
            Kind::Binary => self.operation(id, depth),
            Kind::Ternary => {
                let condition = tree.child(id, Role::Cond)?;
                let value = self.fixed(condition, depth)?;
                let branch = if self.truth_of(&value)? { Role::Then } else { Role::Else };
                self.fixed(tree.child(id, branch)?, depth)
            }
            Kind::Index => {
                let text = self.fixed(tree.child(id, Role::Object)?, depth)?;
                let at = self.fixed(tree.child(id, Role::Index)?, depth)?;
                self.character(&text, &at)
            }
            Kind::Call => self.string_method(id, depth),
            _ => None,
        }
    }

    fn operation(&mut self, id: NodeId, depth: u32) -> Option<Fixed> {
        let tree = self.tree;
        let (left, right) = (tree.child(id, Role::Left)?, tree.child(id, Role::Right)?);
        let operator = self.operator(left, right)?;
        if matches!(operator, "&&" | "and" | "||" | "or") {
            let decides = matches!(operator, "||" | "or");
            let mut of = |id| self.fixed(id, depth).and_then(|value| self.truth_of(&value));
            return match (of(left), of(right)) {
                (Some(value), _) | (_, Some(value)) if value == decides => Some(Fixed::Bool(decides)),
                (Some(_), Some(_)) => Some(Fixed::Bool(!decides)),
                _ => None,
            };
        }
        let (left, right) = (self.fixed(left, depth)?, self.fixed(right, depth)?);
        match operator {
            "==" | "===" | "is" => self.same(&left, &right).map(Fixed::Bool),
            "!=" | "!==" | "is not" | "<>" => self.same(&left, &right).map(|same| Fixed::Bool(!same)),
            "in" | "not in" => {
                let (Fixed::Str(part), Fixed::Str(whole)) = (&left, &right) else { return None };
                let holds = plain(whole)? && plain(part)? && whole.contains(&**part);
                Some(Fixed::Bool(holds == (operator == "in")))
            }
            _ => self.arithmetic(operator, &left, &right),
        }
    }

    /// The operator stands between the operands, which brackets may surround.
    fn operator(&self, left: NodeId, right: NodeId) -> Option<&'static str> {
        const OPERATORS: [&str; 28] = [
            "&&", "and", "||", "or", "==", "===", "is", "!=", "!==", "is not", "<>", "in", "not in", "+",
            "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "&", "|", "^", "<<", ">>",
        ];
        let (from, to) = (self.tree.node(left).end as usize, self.tree.node(right).start as usize);
        let between = self.file.text().get(from..to)?;
        let operator = between.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '\\'));
        OPERATORS.iter().find(|own| **own == operator).copied()
    }

    fn arithmetic(&self, operator: &str, left: &Fixed, right: &Fixed) -> Option<Fixed> {
        match (left, right) {
            (Fixed::Int(a), Fixed::Int(b)) => {
                let (a, b) = (*a, *b);
                let truncates = !matches!(
                    self.file.language(),
                    Language::Python
                        | Language::Javascript
                        | Language::Typescript
                        | Language::Php
                        | Language::Ruby
                );
                let value = match operator {
                    "<" => return Some(Fixed::Bool(a < b)),
                    "<=" => return Some(Fixed::Bool(a <= b)),
                    ">" => return Some(Fixed::Bool(a > b)),
                    ">=" => return Some(Fixed::Bool(a >= b)),
                    "+" => a.checked_add(b)?,
                    "-" => a.checked_sub(b)?,
                    "*" => a.checked_mul(b)?,
                    "/" if b != 0 && (truncates || a % b == 0) => a / b,
                    "//" if b > 0 => a.div_euclid(b),
                    "%" if b > 0 && (truncates || a >= 0) => a % b,
                    "&" => a & b,
                    "|" => a | b,
                    "^" => a ^ b,
                    "<<" if (0..32).contains(&b) => a.checked_mul(1 << b)?,
                    ">>" if (0..32).contains(&b) => a >> b,
                    _ => return None,
                };
                // Machine integers wrap around.
                let fits = self.file.language() == Language::Python || i32::try_from(value).is_ok();
                fits.then_some(Fixed::Int(value))
            }
            (Fixed::Int(_) | Fixed::Float(_), Fixed::Int(_) | Fixed::Float(_)) => {
                let of = |own: &Fixed| match own {
                    Fixed::Int(value) => *value as f64,
                    Fixed::Float(value) => *value,
                    _ => f64::NAN,
                };
                let (a, b) = (of(left), of(right));
                Some(match operator {
                    "<" => Fixed::Bool(a < b),
                    "<=" => Fixed::Bool(a <= b),
                    ">" => Fixed::Bool(a > b),
                    ">=" => Fixed::Bool(a >= b),
                    "+" => Fixed::Float(a + b),
                    "-" => Fixed::Float(a - b),
                    "*" => Fixed::Float(a * b),
                    _ => return None,
                })
            }
            (Fixed::Str(a), Fixed::Str(b)) if operator == "+" && a.len() + b.len() <= MAX_FOLD => {
                Some(Fixed::Str(format!("{a}{b}").into()))
            }
            _ => None,
        }
    }

    fn same(&self, a: &Fixed, b: &Fixed) -> Option<bool> {
        match (a, b) {
            (Fixed::Str(a), Fixed::Str(b)) if a == b => Some(true),
            // Two spellings of one text may differ by their escapes.
            (Fixed::Str(a), Fixed::Str(b)) => (plain(a)? && plain(b)?).then_some(false),
            (Fixed::Null, Fixed::Null) => Some(true),
            (Fixed::Null, _) | (_, Fixed::Null) => Some(false),
            (Fixed::Bool(a), Fixed::Bool(b)) => Some(a == b),
            (Fixed::Int(a), Fixed::Int(b)) => Some(a == b),
            (Fixed::Float(a), Fixed::Float(b)) => Some(a == b),
            _ => None,
        }
    }

    fn character(&self, text: &Fixed, at: &Fixed) -> Option<Fixed> {
        let (Fixed::Str(text), Fixed::Int(at)) = (text, at) else { return None };
        plain(text)?;
        let count = text.chars().count() as i128;
        let at = match self.file.language() {
            Language::Python | Language::Ruby if *at < 0 => count + at,
            _ => *at,
        };
        let own = text.chars().nth(usize::try_from(at).ok()?)?;
        Some(Fixed::Str(own.to_string().into()))
    }

    /// Methods of strings, under the names that several languages share.
    fn string_method(&mut self, id: NodeId, depth: u32) -> Option<Fixed> {
        let tree = self.tree;
        let callee = tree.child(id, Role::Callee)?;
        let arguments: Vec<NodeId> = tree.children_of(id, Role::Arg).collect();
        if arguments.len() > 2 {
            return None;
        }
        let mut values = Vec::new();
        let (name, receiver) = match tree.node(callee).kind {
            Kind::Member => {
                let receiver = self.fixed(tree.child(callee, Role::Object)?, depth)?;
                (self.file.node_text(tree.child(callee, Role::Property)?), receiver)
            }
            // `len(x)`.
            Kind::Name if arguments.len() == 1 && self.file.node_text(callee) == "len" => {
                ("length", self.fixed(arguments[0], depth)?)
            }
            _ => return None,
        };
        if tree.node(callee).kind == Kind::Member {
            for argument in arguments {
                values.push(self.fixed(argument, depth)?);
            }
        }
        let Fixed::Str(text) = &receiver else { return None };
        let language = self.file.language();
        if let ("equals" | "equalsIgnoreCase", [other]) = (name, &values[..]) {
            return match (other, name) {
                (Fixed::Str(other), "equalsIgnoreCase") => {
                    let same = text.to_lowercase() == other.to_lowercase();
                    (same || plain(text)? && plain(other)?).then_some(Fixed::Bool(same))
                }
                _ => self.same(&receiver, other).map(Fixed::Bool),
            };
        }
        plain(text)?;
        match (name, &values[..]) {
            ("charAt" | "at", [at]) => self.character(&receiver, at),
            ("length" | "len" | "Length" | "size", []) => Some(Fixed::Int(text.chars().count() as i128)),
            ("isEmpty" | "empty?", []) => Some(Fixed::Bool(text.is_empty())),
            ("contains" | "includes" | "Contains", [Fixed::Str(part)]) => {
                Some(Fixed::Bool(plain(part)? && text.contains(&**part)))
            }
            ("startsWith" | "startswith" | "StartsWith", [Fixed::Str(part)]) => {
                Some(Fixed::Bool(plain(part)? && text.starts_with(&**part)))
            }
            ("endsWith" | "endswith" | "EndsWith", [Fixed::Str(part)]) => {
                Some(Fixed::Bool(plain(part)? && text.ends_with(&**part)))
            }
            ("indexOf" | "find", [Fixed::Str(part)]) if plain(part)? => {
                let at = text.find(&**part).map(|at| text[..at].chars().count() as i128);
                Some(Fixed::Int(at.unwrap_or(-1)))
            }
            ("toLowerCase" | "lower", []) => Some(Fixed::Str(text.to_lowercase().into())),
            ("toUpperCase" | "upper", []) => Some(Fixed::Str(text.to_uppercase().into())),
            ("trim" | "strip", []) => Some(Fixed::Str(text.trim().into())),
            ("toString" | "intern", []) => Some(receiver.clone()),
            ("substring", [Fixed::Int(from)]) => slice(text, *from, i128::MAX),
            ("substring", [Fixed::Int(from), Fixed::Int(to)]) if language == Language::Java => {
                slice(text, *from, *to)
            }
            ("concat", [Fixed::Str(other)]) if text.len() + other.len() <= MAX_FOLD => {
                Some(Fixed::Str(format!("{text}{other}").into()))
            }
            _ => None,
        }
    }
}

fn slice(text: &str, from: i128, to: i128) -> Option<Fixed> {
    let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).unwrap_or(usize::MAX));
    let count = text.chars().count();
    let to = to.min(count);
    (from <= to).then(|| Fixed::Str(text.chars().skip(from).take(to - from).collect::<String>().into()))
}

/// Escapes are kept as written, so only texts without them are known letter by letter.
fn plain(text: &str) -> Option<bool> {
    (!text.contains('\\')).then_some(true)
}
