//! The small expression language of `metavariable-comparison`.

mod parse;

use std::cmp::Ordering;
use std::sync::Arc;

use crate::generic::regexes::Regex;

const MAX_DEPTH: usize = 60;

/// A parsed comparison.
#[derive(Debug)]
pub(crate) struct Comparison {
    root: Expression,
}

/// Why a comparison does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) offset: usize,
}

/// A value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Datum {
    Int(i128),
    Float(f64),
    Str(Arc<str>),
    Bool(bool),
    List(Vec<Self>),
    None,
}

#[derive(Debug)]
enum Expression {
    Value(Datum),
    Metavariable(String),
    Not(Box<Self>),
    Negative(Box<Self>),
    Both(Box<Self>, Box<Self>),
    Either(Box<Self>, Box<Self>),
    Binary(&'static str, Box<Self>, Box<Self>),
    List(Vec<Self>),
    Call(String, Vec<Self>),
    Match { regex: Regex },
}

impl Comparison {
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        Ok(Self { root: parse::parse(text)? })
    }

    /// Metavariables it names.
    pub(crate) fn metavariables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut open = vec![&self.root];
        while let Some(expression) = open.pop() {
            match expression {
                Expression::Metavariable(name) => names.push(&**name),
                Expression::Not(inner) | Expression::Negative(inner) => open.push(inner),
                Expression::Both(a, b) | Expression::Either(a, b) | Expression::Binary(_, a, b) => {
                    open.push(a);
                    open.push(b);
                }
                Expression::List(items) | Expression::Call(_, items) => open.extend(items),
                Expression::Value(_) | Expression::Match { .. } => {}
            }
        }
        names
    }

    /// Whether it holds; what cannot be computed does not.
    pub(crate) fn holds(&self, lookup: &dyn Fn(&str) -> Option<Datum>) -> bool {
        evaluate(&self.root, lookup).is_some_and(|value| truth(&value))
    }
}

fn truth(value: &Datum) -> bool {
    match value {
        Datum::Int(value) => *value != 0,
        Datum::Float(value) => *value != 0.0,
        Datum::Str(value) => !value.is_empty(),
        Datum::Bool(value) => *value,
        Datum::List(items) => !items.is_empty(),
        Datum::None => false,
    }
}

fn evaluate(expression: &Expression, lookup: &dyn Fn(&str) -> Option<Datum>) -> Option<Datum> {
    match expression {
        Expression::Value(value) => Some(value.clone()),
        Expression::Metavariable(name) => lookup(name),
        Expression::Not(inner) => Some(Datum::Bool(!truth(&evaluate(inner, lookup)?))),
        Expression::Negative(inner) => match evaluate(inner, lookup)? {
            Datum::Int(value) => value.checked_neg().map(Datum::Int),
            Datum::Float(value) => Some(Datum::Float(-value)),
            _ => None,
        },
        Expression::Both(a, b) => {
            let left = evaluate(a, lookup)?;
            if truth(&left) { evaluate(b, lookup) } else { Some(left) }
        }
        Expression::Either(a, b) => {
            let left = evaluate(a, lookup)?;
            if truth(&left) { Some(left) } else { evaluate(b, lookup) }
        }
        Expression::Binary(operator, a, b) => binary(operator, &evaluate(a, lookup)?, &evaluate(b, lookup)?),
        Expression::List(items) => {
            items.iter().map(|item| evaluate(item, lookup)).collect::<Option<Vec<_>>>().map(Datum::List)
        }
        Expression::Call(name, arguments) => call(name, arguments, lookup),
        Expression::Match { .. } => None,
    }
}

fn binary(operator: &str, a: &Datum, b: &Datum) -> Option<Datum> {
    let truth = |value: bool| Some(Datum::Bool(value));
    match operator {
        "==" => return truth(equal(a, b)),
        "!=" => return truth(!equal(a, b)),
        "<" => return truth(order(a, b)? == Ordering::Less),
        "<=" => return truth(order(a, b)? != Ordering::Greater),
        ">" => return truth(order(a, b)? == Ordering::Greater),
        ">=" => return truth(order(a, b)? != Ordering::Less),
        "in" => return truth(contains(b, a)?),
        "not in" => return truth(!contains(b, a)?),
        _ => {}
    }
    match (a, b) {
        (Datum::Int(a), Datum::Int(b)) => {
            let value = match operator {
                "+" => a.checked_add(*b),
                "-" => a.checked_sub(*b),
                "*" => a.checked_mul(*b),
                "/" | "//" => a.checked_div_euclid(*b),
                "%" => a.checked_rem_euclid(*b),
                "**" => u32::try_from(*b).ok().and_then(|power| a.checked_pow(power)),
                "&" => Some(a & b),
                "|" => Some(a | b),
                "^" => Some(a ^ b),
                _ => None,
            };
            value.map(Datum::Int)
        }
        (Datum::Str(a), Datum::Str(b)) if operator == "+" && a.len() + b.len() < 1 << 20 => {
            Some(Datum::Str(format!("{a}{b}").into()))
        }
        _ => {
            let (a, b) = (float(a)?, float(b)?);
            let value = match operator {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                "//" => (a / b).floor(),
                "%" => a.rem_euclid(b),
                "**" => a.powf(b),
                _ => return None,
            };
            Some(Datum::Float(value))
        }
    }
}

fn equal(a: &Datum, b: &Datum) -> bool {
    match (a, b) {
        (Datum::Str(_), _) | (_, Datum::Str(_)) | (Datum::List(_), _) | (_, Datum::List(_)) => a == b,
        (Datum::None | Datum::Bool(_), _) | (_, Datum::None | Datum::Bool(_)) => a == b,
        _ => order(a, b) == Some(Ordering::Equal),
    }
}

fn order(a: &Datum, b: &Datum) -> Option<Ordering> {
    match (a, b) {
        (Datum::Int(a), Datum::Int(b)) => Some(a.cmp(b)),
        (Datum::Str(a), Datum::Str(b)) => Some(a.cmp(b)),
        (Datum::Bool(a), Datum::Bool(b)) => Some(a.cmp(b)),
        _ => float(a)?.partial_cmp(&float(b)?),
    }
}

fn contains(whole: &Datum, part: &Datum) -> Option<bool> {
    match (whole, part) {
        (Datum::List(items), part) => Some(items.iter().any(|item| equal(item, part))),
        (Datum::Str(whole), Datum::Str(part)) => Some(whole.contains(&**part)),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "comparisons with fractions are approximate by nature")]
fn float(value: &Datum) -> Option<f64> {
    match value {
        Datum::Int(value) => Some(*value as f64),
        Datum::Float(value) => Some(*value),
        Datum::Bool(value) => Some(f64::from(u8::from(*value))),
        _ => None,
    }
}

fn call(name: &str, arguments: &[Expression], lookup: &dyn Fn(&str) -> Option<Datum>) -> Option<Datum> {
    if let ("re.match" | "re.search" | "re.fullmatch", [Expression::Match { regex }, subject]) =
        (name, arguments)
    {
        let subject = as_text(&evaluate(subject, lookup)?)?;
        return regex.is_match(&subject).ok().map(Datum::Bool);
    }
    let values = arguments.iter().map(|argument| evaluate(argument, lookup)).collect::<Option<Vec<_>>>()?;
    match (name, &values[..]) {
        ("int", [value]) => match value {
            Datum::Int(_) => Some(value.clone()),
            Datum::Bool(value) => Some(Datum::Int(i128::from(*value))),
            #[expect(clippy::cast_possible_truncation, reason = "int() cuts fractions off")]
            Datum::Float(value) => Some(Datum::Int(*value as i128)),
            Datum::Str(text) => integer(text, 10).map(Datum::Int),
            _ => None,
        },
        ("int", [Datum::Str(text), Datum::Int(base)]) => {
            integer(text, u32::try_from(*base).ok()?).map(Datum::Int)
        }
        ("float", [value]) => match value {
            Datum::Str(text) => text.trim().parse().ok().map(Datum::Float),
            other => float(other).map(Datum::Float),
        },
        ("str", [value]) => as_text(value).map(|text| Datum::Str(text.into())),
        ("len", [Datum::Str(text)]) => i128::try_from(text.chars().count()).ok().map(Datum::Int),
        ("len", [Datum::List(items)]) => i128::try_from(items.len()).ok().map(Datum::Int),
        ("abs", [Datum::Int(value)]) => value.checked_abs().map(Datum::Int),
        ("abs", [Datum::Float(value)]) => Some(Datum::Float(value.abs())),
        ("lower", [Datum::Str(text)]) => Some(Datum::Str(text.to_lowercase().into())),
        ("upper", [Datum::Str(text)]) => Some(Datum::Str(text.to_uppercase().into())),
        ("strip", [Datum::Str(text)]) => Some(Datum::Str(text.trim().into())),
        ("startswith", [Datum::Str(text), Datum::Str(part)]) => Some(Datum::Bool(text.starts_with(&**part))),
        ("endswith", [Datum::Str(text), Datum::Str(part)]) => Some(Datum::Bool(text.ends_with(&**part))),
        ("math.log2", [value]) => float(value).map(|value| Datum::Float(value.log2())),
        _ => None,
    }
}

fn as_text(value: &Datum) -> Option<String> {
    match value {
        Datum::Str(text) => Some(text.to_string()),
        Datum::Int(value) => Some(value.to_string()),
        Datum::Float(value) => Some(value.to_string()),
        Datum::Bool(value) => Some(if *value { "True" } else { "False" }.to_owned()),
        _ => None,
    }
}

/// An integer of a base, with or without the base's prefix.
pub(crate) fn integer(text: &str, base: u32) -> Option<i128> {
    if !(2..=36).contains(&base) {
        return None;
    }
    let cleaned: String = text.trim().chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let (negative, digits) = match cleaned.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, cleaned.strip_prefix('+').unwrap_or(&cleaned)),
    };
    let prefix = match base {
        16 => "0x",
        8 => "0o",
        2 => "0b",
        _ => "",
    };
    let digits = if prefix.is_empty() { digits } else { digits.strip_prefix(prefix).unwrap_or(digits) };
    let value = i128::from_str_radix(digits, base).ok()?;
    if negative { value.checked_neg() } else { Some(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let comparison = Comparison::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        let lookup = |name: &str| match name {
            "$X" => Some(Datum::Int(11)),
            "$S" => Some(Datum::Str("abc".into())),
            _ => None,
        };
        assert_eq!(comparison.holds(&lookup), expected, "{text}");
    }

    #[test]
    fn computes() {
        check("$X > 10", true);
        check("$X > 10 and $X < 11", false);
        check("not $X == 11 or $S == 'abc'", true);
        check("re.match('a.*', $S)", true);
        check("re.match(r'b', $S)", false);
        check("re.search('b', $S)", true);
        check("int('17') == 17", true);
        check("$X % 2 == 1", true);
        check("$X in [1, 11]", true);
        check("'z' not in $S", true);
        check("str($X) == '11'", true);
        check("$X ** 2 == 121", true);
        check("2 * (3 + 4) == 14", true);
        check("-$X < 0", true);
        check("$MISSING == 1", false);
        check("$S > 1", false);
        check("$X == 0x0B", true);
        check("$S.upper() == 'ABC'", true);
    }

    #[test]
    fn faults_have_a_place() {
        assert_eq!(Comparison::parse("$X >").unwrap_err().offset, 4);
        assert_eq!(Comparison::parse("$X ? 1").unwrap_err().offset, 3);
        assert!(Comparison::parse(&"(".repeat(1000)).is_err());
        assert!(Comparison::parse("foo == 1").is_err());
    }
}
