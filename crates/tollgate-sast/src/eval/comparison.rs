//! The small expression language of `metavariable-comparison`.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::generic::regexes::{Anchoring, Regex};

const MAX_DEPTH: usize = 60;
const MAX_TOKENS: usize = 2_000;

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
        let tokens = lex(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, end: text.len() };
        let root = parser.either()?;
        match parser.tokens.get(parser.at) {
            None => Ok(Self { root }),
            Some(token) => {
                Err(Fault { message: "the expression should end here".into(), offset: token.offset })
            }
        }
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
        (Datum::None, _) | (_, Datum::None) => a == b,
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

#[derive(Debug, Clone, PartialEq)]
enum TokenKind {
    Value(Datum),
    Name(String),
    Metavariable(String),
    Sign(&'static str),
}

struct Token {
    kind: TokenKind,
    offset: usize,
}

const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "**", "//", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "&",
    "|", "^",
];

fn lex(text: &str) -> Result<Vec<Token>, Fault> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if tokens.len() > MAX_TOKENS {
            return Err(Fault { message: "the expression is too long".into(), offset: at });
        }
        let offset = at;
        let byte = bytes[at];
        let word = |from: usize| {
            bytes[from..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
        };
        if byte.is_ascii_whitespace() {
            at += 1;
        } else if byte == b'$' {
            let dots = if text[at + 1..].starts_with("...") { 3 } else { 0 };
            let length = word(at + 1 + dots);
            if length == 0 {
                return Err(Fault { message: "`$` is not followed by a name".into(), offset });
            }
            at += 1 + dots + length;
            tokens.push(Token { kind: TokenKind::Metavariable(text[offset..at].to_owned()), offset });
        } else if byte == b'\'' || byte == b'"' {
            let (value, end) = string(text, at, false)?;
            at = end;
            tokens.push(Token { kind: TokenKind::Value(Datum::Str(value.into())), offset });
        } else if byte.is_ascii_digit() {
            let length = bytes[at..]
                .iter()
                .enumerate()
                .take_while(|(n, byte)| {
                    byte.is_ascii_alphanumeric()
                        || **byte == b'_'
                        || (**byte == b'.' && bytes.get(at + n + 1).is_some_and(u8::is_ascii_digit))
                })
                .count();
            at += length;
            let Some(value) = number(&text[offset..at]) else {
                return Err(Fault { message: "this is no number".into(), offset });
            };
            tokens.push(Token { kind: TokenKind::Value(value), offset });
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            let length = word(at);
            let name = &text[at..at + length];
            let quoted = bytes.get(at + length).is_some_and(|byte| matches!(byte, b'\'' | b'"'));
            if quoted && matches!(name, "r" | "u" | "b" | "R") {
                let (value, end) = string(text, at + length, name.eq_ignore_ascii_case("r"))?;
                at = end;
                tokens.push(Token { kind: TokenKind::Value(Datum::Str(value.into())), offset });
            } else {
                at += length;
                tokens.push(Token { kind: TokenKind::Name(name.to_owned()), offset });
            }
        } else if let Some(sign) = SIGNS.iter().find(|sign| text[at..].starts_with(**sign)) {
            at += sign.len();
            tokens.push(Token { kind: TokenKind::Sign(sign), offset });
        } else {
            return Err(Fault { message: "this sign has no meaning here".into(), offset });
        }
    }
    Ok(tokens)
}

fn number(text: &str) -> Option<Datum> {
    let lower = text.to_ascii_lowercase();
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if lower.starts_with(prefix) {
            return integer(&lower, base).map(Datum::Int);
        }
    }
    integer(&lower, 10).map(Datum::Int).or_else(|| lower.replace('_', "").parse().ok().map(Datum::Float))
}

fn string(text: &str, open: usize, raw: bool) -> Result<(String, usize), Fault> {
    let quote = text.as_bytes()[open];
    let mut value = String::new();
    let mut chars = text[open + 1..].char_indices();
    while let Some((at, c)) = chars.next() {
        if c as u32 == u32::from(quote) {
            return Ok((value, open + 1 + at + 1));
        }
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some((_, 'n')) if !raw => value.push('\n'),
            Some((_, 't')) if !raw => value.push('\t'),
            Some((_, escaped)) if escaped as u32 == u32::from(quote) => value.push(escaped),
            Some((_, '\\')) if !raw => value.push('\\'),
            Some((_, escaped)) => {
                value.push('\\');
                value.push(escaped);
            }
            None => break,
        }
    }
    Err(Fault { message: "the text has no end".into(), offset: open })
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    end: usize,
}

impl Parser<'_> {
    fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |token| token.offset)
    }

    fn fault<T>(&self, message: &str) -> Result<T, Fault> {
        Err(Fault { message: message.to_owned(), offset: self.offset() })
    }

    fn name(&self) -> Option<&str> {
        match &self.tokens.get(self.at)?.kind {
            TokenKind::Name(name) => Some(name),
            _ => None,
        }
    }

    fn take_name(&mut self, name: &str) -> bool {
        let found = self.name() == Some(name);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, among: &[&'static str]) -> Option<&'static str> {
        match self.tokens.get(self.at)?.kind {
            TokenKind::Sign(sign) if among.contains(&sign) => {
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    fn either(&mut self) -> Result<Expression, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fault("it is nested too deeply");
        }
        let mut left = self.both()?;
        let mut length = 0;
        while self.take_name("or") {
            length += 1;
            if length > MAX_DEPTH {
                return self.fault("it is too long");
            }
            left = Expression::Either(Box::new(left), Box::new(self.both()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, Fault> {
        let mut left = self.negated()?;
        let mut length = 0;
        while self.take_name("and") {
            length += 1;
            if length > MAX_DEPTH {
                return self.fault("it is too long");
            }
            left = Expression::Both(Box::new(left), Box::new(self.negated()?));
        }
        Ok(left)
    }

    fn negated(&mut self) -> Result<Expression, Fault> {
        let mut count = 0;
        while self.take_name("not") {
            count += 1;
        }
        let inner = self.compared()?;
        // An even number of negations still makes a truth value.
        Ok(match count {
            0 => inner,
            n if n % 2 == 1 => Expression::Not(Box::new(inner)),
            _ => Expression::Not(Box::new(Expression::Not(Box::new(inner)))),
        })
    }

    fn compared(&mut self) -> Result<Expression, Fault> {
        let left = self.sum()?;
        let operator = if let Some(sign) = self.sign(&["==", "!=", "<=", ">=", "<", ">"]) {
            sign
        } else if self.take_name("in") {
            "in"
        } else if self.name() == Some("not") {
            self.at += 1;
            if !self.take_name("in") {
                return self.fault("`in` is missing after `not`");
            }
            "not in"
        } else {
            return Ok(left);
        };
        let right = self.sum()?;
        Ok(Expression::Binary(operator, Box::new(left), Box::new(right)))
    }

    fn sum(&mut self) -> Result<Expression, Fault> {
        self.chain(&["+", "-", "|", "^"], Self::product)
    }

    fn product(&mut self) -> Result<Expression, Fault> {
        self.chain(&["*", "/", "%", "//", "&"], Self::power)
    }

    fn chain(
        &mut self,
        signs: &[&'static str],
        operand: fn(&mut Self) -> Result<Expression, Fault>,
    ) -> Result<Expression, Fault> {
        let mut left = operand(self)?;
        let mut length = 0;
        while let Some(sign) = self.sign(signs) {
            length += 1;
            if length > MAX_DEPTH {
                return self.fault("it is too long");
            }
            left = Expression::Binary(sign, Box::new(left), Box::new(operand(self)?));
        }
        Ok(left)
    }

    fn power(&mut self) -> Result<Expression, Fault> {
        let left = self.unary()?;
        if self.sign(&["**"]).is_some() {
            return Ok(Expression::Binary("**", Box::new(left), Box::new(self.unary()?)));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, Fault> {
        let mut negative = false;
        while let Some(sign) = self.sign(&["-", "+"]) {
            negative ^= sign == "-";
        }
        let inner = self.postfix()?;
        Ok(if negative { Expression::Negative(Box::new(inner)) } else { inner })
    }

    /// An operand with `.method(…)` after it: the receiver becomes the first argument.
    fn postfix(&mut self) -> Result<Expression, Fault> {
        let mut operand = self.operand()?;
        let mut length = 0;
        while self.sign(&["."]).is_some() {
            length += 1;
            if length > MAX_DEPTH {
                return self.fault("it is too long");
            }
            let Some(name) = self.name().map(str::to_owned) else {
                return self.fault("a method name is missing");
            };
            self.at += 1;
            if self.sign(&["("]).is_none() {
                return self.fault("`(` is missing");
            }
            let mut arguments = vec![operand];
            arguments.extend(self.items(")")?);
            operand = Expression::Call(name, arguments);
        }
        Ok(operand)
    }

    fn operand(&mut self) -> Result<Expression, Fault> {
        let Some(token) = self.tokens.get(self.at) else {
            return self.fault("the expression ends too early");
        };
        let kind = token.kind.clone();
        match kind {
            TokenKind::Value(value) => {
                self.at += 1;
                Ok(Expression::Value(value))
            }
            TokenKind::Metavariable(name) => {
                self.at += 1;
                Ok(Expression::Metavariable(name))
            }
            TokenKind::Sign("(") => {
                self.at += 1;
                let inner = self.either()?;
                if self.sign(&[","]).is_some() {
                    let mut items = vec![inner];
                    items.extend(self.items(")")?);
                    return Ok(Expression::List(items));
                }
                if self.sign(&[")"]).is_none() {
                    return self.fault("a `)` is missing");
                }
                Ok(inner)
            }
            TokenKind::Sign("[") => {
                self.at += 1;
                Ok(Expression::List(self.items("]")?))
            }
            TokenKind::Sign(_) => self.fault("an operand is missing here"),
            TokenKind::Name(name) => {
                self.at += 1;
                self.named(name)
            }
        }
    }

    fn named(&mut self, mut name: String) -> Result<Expression, Fault> {
        match &*name {
            "True" | "true" => return Ok(Expression::Value(Datum::Bool(true))),
            "False" | "false" => return Ok(Expression::Value(Datum::Bool(false))),
            "None" | "null" => return Ok(Expression::Value(Datum::None)),
            _ => {}
        }
        let start = self.tokens[self.at - 1].offset;
        while self.sign(&["."]).is_some() {
            let Some(part) = self.name().map(str::to_owned) else { return self.fault("a name is missing") };
            self.at += 1;
            name = format!("{name}.{part}");
        }
        if self.sign(&["("]).is_none() {
            return Err(Fault { message: format!("the name `{name}` is not known"), offset: start });
        }
        let regex_at = self.offset();
        let mut arguments = self.items(")")?;
        if matches!(&*name, "re.match" | "re.search" | "re.fullmatch") {
            let Some(Expression::Value(Datum::Str(source))) = arguments.first() else {
                return Err(Fault {
                    message: "the regular expression must be a text".into(),
                    offset: regex_at,
                });
            };
            let (source, anchoring) = match &*name {
                "re.match" => (source.to_string(), Anchoring::Start),
                "re.fullmatch" => (format!("(?:{source})\\z"), Anchoring::Start),
                _ => (source.to_string(), Anchoring::Search),
            };
            let regex =
                Regex::new(&source, anchoring).map_err(|message| Fault { message, offset: regex_at })?;
            arguments[0] = Expression::Match { regex };
        }
        Ok(Expression::Call(name, arguments))
    }

    fn items(&mut self, close: &'static str) -> Result<Vec<Expression>, Fault> {
        let mut items = Vec::new();
        loop {
            if self.sign(&[close]).is_some() {
                return Ok(items);
            }
            items.push(self.either()?);
            if self.sign(&[","]).is_none() && self.sign(&[close]).is_some() {
                return Ok(items);
            } else if !matches!(
                self.tokens.get(self.at.wrapping_sub(1)).map(|t| &t.kind),
                Some(TokenKind::Sign(","))
            ) {
                return self.fault(&format!("a `{close}` is missing"));
            }
        }
    }
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
