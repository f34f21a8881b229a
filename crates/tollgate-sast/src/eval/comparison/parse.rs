//! From text to the expression of a comparison.

use super::{Datum, Expression, Fault, MAX_DEPTH, integer};
use crate::generic::regexes::{Anchoring, Regex};

const MAX_TOKENS: usize = 2_000;

/// The expression of a text.
pub(super) fn parse(text: &str) -> Result<Expression, Fault> {
    let tokens = lex(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, end: text.len() };
    let root = parser.either()?;
    match parser.tokens.get(parser.at) {
        None => Ok(root),
        Some(token) => Err(Fault { message: "the expression should end here".into(), offset: token.offset }),
    }
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
    "|", "^", "~",
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
        let mut signs = Vec::new();
        while let Some(sign) = self.sign(&["-", "+", "~"]) {
            signs.push(sign);
            if signs.len() > MAX_DEPTH {
                return self.fault("it is too long");
            }
        }
        let mut inner = self.postfix()?;
        for sign in signs.iter().rev().filter(|sign| **sign != "+") {
            inner = Expression::Negative(Box::new(inner));
            // The bits turned round are one below the negative.
            if *sign == "~" {
                let one = Expression::Value(Datum::Int(1));
                inner = Expression::Binary("-", Box::new(inner), Box::new(one));
            }
        }
        Ok(inner)
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
