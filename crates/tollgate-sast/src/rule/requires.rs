//! Boolean expressions over taint labels: `A and not (B or C)`.

/// A condition on labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requires {
    /// The label is there.
    Label(String),
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// Either holds.
    Or(Box<Self>, Box<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// Fixed.
    Always(bool),
}

impl Requires {
    /// Whether the condition holds where `has` says which labels are there.
    pub fn holds(&self, has: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Label(label) => has(label),
            Self::And(a, b) => a.holds(has) && b.holds(has),
            Self::Or(a, b) => a.holds(has) || b.holds(has),
            Self::Not(inner) => !inner.holds(has),
            Self::Always(value) => *value,
        }
    }

    /// Reads an expression.
    ///
    /// # Errors
    /// With the reason.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let words = split(text)?;
        if words.len() > 500 {
            return Err("it is too long".to_owned());
        }
        let mut parser = Parser { words: &words, at: 0, depth: 0 };
        let expression = parser.either()?;
        match parser.peek() {
            None => Ok(expression),
            Some(word) => Err(format!("`{word}` was not expected")),
        }
    }
}

fn split(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '(' | ')' => words.push(c.to_string()),
            _ if c.is_whitespace() => {}
            _ if c.is_alphanumeric() || c == '_' || c == '$' => {
                let mut end = at + c.len_utf8();
                while let Some((next, c)) = chars.peek().copied() {
                    if !(c.is_alphanumeric() || "_-$.".contains(c)) {
                        break;
                    }
                    end = next + c.len_utf8();
                    chars.next();
                }
                words.push(text[at..end].to_owned());
            }
            _ => return Err(format!("`{c}` was not expected")),
        }
    }
    Ok(words)
}

struct Parser<'w> {
    words: &'w [String],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Requires, String> {
        let mut left = self.both()?;
        while self.take("or") {
            left = Requires::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Requires, String> {
        let mut left = self.single()?;
        while self.take("and") {
            left = Requires::And(Box::new(left), Box::new(self.single()?));
        }
        Ok(left)
    }

    fn single(&mut self) -> Result<Requires, String> {
        self.depth += 1;
        if self.depth > 60 {
            return Err("it is nested too deeply".to_owned());
        }
        let result = self.unguarded();
        self.depth -= 1;
        result
    }

    fn unguarded(&mut self) -> Result<Requires, String> {
        if self.take("not") {
            return Ok(Requires::Not(Box::new(self.single()?)));
        }
        if self.take("(") {
            let inner = self.either()?;
            return if self.take(")") { Ok(inner) } else { Err("a `)` is missing".to_owned()) };
        }
        let Some(word) = self.peek().map(str::to_owned) else { return Err("it ends too early".to_owned()) };
        if matches!(&*word, ")" | "and" | "or") {
            return Err(format!("`{word}` was not expected"));
        }
        self.at += 1;
        Ok(match &*word {
            "True" | "true" => Requires::Always(true),
            "False" | "false" => Requires::Always(false),
            _ => Requires::Label(word),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evaluates_with_the_usual_precedence() {
        let check = |text: &str, labels: &[&str], expected: bool| {
            let requires = Requires::parse(text).unwrap();
            assert_eq!(requires.holds(&|label| labels.contains(&label)), expected, "{text} with {labels:?}");
        };
        check("B and not C", &["B"], true);
        check("B and not C", &["B", "C"], false);
        check("A or B and C", &["A"], true);
        check("(A or B) and C", &["A"], false);
        assert!(Requires::parse("A and").is_err());
        assert!(Requires::parse("(A").is_err());
        assert!(Requires::parse("A B").is_err());
    }
}
