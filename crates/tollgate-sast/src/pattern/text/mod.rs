//! Pattern text to plain code: metavariables, ellipses and typed metavariables become identifiers that the
//! grammar accepts, and that [`Placeholder::read`] recognises in the tree.

mod dots;
mod typed;

use std::sync::LazyLock;

use regex::Regex;
use tollgate_core::Language;

use dots::after_is_line_end;

/// Identifiers that stand for metavariables start so.
const METAVAR: &str = "mv__";
/// `$...X`.
const MANY: &str = "mm__";
/// A typed metavariable, by its number.
const TYPED: &str = "tm__";
/// `...`.
const ELLIPSIS: &str = "el__e";
/// `...` that stands for a whole header.
pub(super) const ANY_FORM: &str = "el__s";
/// `<... e ...>` is a call of this name.
pub(super) const DEEP: &str = "dp__e";

/// Follows a metavariable that stands for a statement, where the grammar wants a call.
pub(super) const STATEMENT: &str = ".ms__()";

/// An instruction of a Dockerfile of any kind; its name follows.
pub(super) const INSTRUCTION: &str = "RUN mi__";

/// What `HEALTHCHECK` runs, whatever it is; its name follows.
pub(super) const CHECK: &str = "CMD mi__";

/// What an identifier of a prepared pattern stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Placeholder {
    Metavar(String),
    Many(String),
    Typed(usize),
    Ellipsis,
}

impl Placeholder {
    pub(super) fn read(name: &str) -> Option<Self> {
        let name = name.strip_prefix('$').unwrap_or(name);
        // Tags of HTML know no `_`.
        let tag = name.starts_with("mv--").then(|| name.replace('-', "_"));
        let name = tag.as_deref().unwrap_or(name);
        let lower = name.get(..4)?.to_ascii_lowercase();
        let rest = &name[4..];
        match lower.as_str() {
            METAVAR if is_metavar_name(rest) => Some(Self::Metavar(format!("${rest}"))),
            MANY if is_metavar_name(rest) => Some(Self::Many(format!("$...{rest}"))),
            TYPED => rest.parse().ok().map(Self::Typed),
            "el__" if matches!(rest, "e" | "E" | "t" | "s") => Some(Self::Ellipsis),
            _ => None,
        }
    }
}

fn is_metavar_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The pattern's own text again, for literals that contain placeholders.
pub(super) fn restore(text: &str) -> String {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\$?\b?(?i:(mv__|mm__))([A-Z0-9_]+)|el__e: el__e|el__e = el__e|el__t el__e;|el__t el__e|el__e\(\);|el__e;|"@el__e": "@el__e"|"@el__e"|(?i:el__e)|dp__e\("#)
            .expect("pattern is a literal")
    });
    let restored = PLACEHOLDER.replace_all(text, |found: &regex::Captures<'_>| match found.get(1) {
        Some(kind) if kind.as_str().eq_ignore_ascii_case("mm__") => format!("$...{}", &found[2]),
        Some(_) => format!("${}", &found[2]),
        None if found[0].starts_with("dp__") => "<... ".to_owned(),
        None => "...".to_owned(),
    });
    restored.into_owned()
}

/// A type without the type arguments that metavariables leave open.
pub(super) fn without_open_arguments(written: &str) -> String {
    static OPEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<[^<>]*\$[^<>]*>").expect("pattern is a literal"));
    OPEN.replace_all(written, "").trim().to_owned()
}

/// Whether a text is nothing but an ellipsis and what makes it parse.
pub(super) fn is_lone_ellipsis(text: &str) -> bool {
    static LONE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^(?i:[\s;:,="$@]|el__e|el__t|RUN el__s|\b(?:val|var|public|case)\b)+$"#)
            .expect("pattern is a literal")
    });
    LONE.is_match(text)
}

/// A pattern ready for the grammar.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prepared {
    pub(crate) text: String,
    /// Types and names of typed metavariables, by number.
    pub(super) typed: Vec<(String, String)>,
}

/// How the text is prepared; later variants are tried when the earlier ones do not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Variant {
    /// Placeholders start with a capital (constants, modules, constructors).
    pub(super) capital: bool,
    /// Ellipses between statements get a terminator and members a type.
    pub(super) plain_dots: bool,
    /// In PHP: metavariables are bare names.
    pub(super) bare: bool,
}

struct Scanner<'a> {
    text: &'a str,
    language: Language,
    variant: Variant,
    out: String,
    typed: Vec<(String, String)>,
    /// Open brackets with the place of the bracket in `out`.
    brackets: Vec<(u8, usize)>,
    /// How many `<...` are open.
    deep: usize,
}

pub(crate) fn prepare(language: Language, text: &str, variant: Variant) -> Prepared {
    let adapted = adapt(language, text);
    let mut scanner = Scanner {
        text: &adapted,
        language,
        variant,
        out: String::with_capacity(text.len() * 2),
        typed: Vec::new(),
        brackets: Vec::new(),
        deep: 0,
    };
    scanner.run();
    let mut text = scanner.out;
    if language == Language::Json {
        static TRAILING: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r",(\s*)([}\]]|$)").expect("pattern is a literal"));
        text = TRAILING.replace_all(&text, "$1$2").into_owned();
    }
    Prepared { text, typed: scanner.typed }
}

/// Spellings that rules use but the grammar refuses.
fn adapt(language: Language, text: &str) -> String {
    static BARE_KEY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^(\s*)([A-Za-z_]\w*)(\s*:)").expect("pattern is a literal"));
    static REGEX_SCALAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"\"(=~/[^'\n]*?/)\""#).expect("pattern is a literal"));
    static SHARING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\$[A-Z_]+\s+sharing\s+").expect("pattern is a literal"));
    static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^(\s*)\$[A-Z_]+\s+(\$[A-Z_]+\s*=[^=>])").expect("pattern is a literal")
    });
    static HEALTHCHECK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"HEALTHCHECK\s+\.\.\.\s+CMD").expect("pattern is a literal"));
    static CHECKED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^(\s*HEALTHCHECK\s+)\$([A-Z_][A-Z0-9_]*)\s*$").expect("pattern is a literal")
    });
    static OPENED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\s*<([$A-Za-z_][\w:.-]*)(?:\s+(?:"[^"]*"|'[^']*'|[^<>"'])*)?(?:[^/<>]|"|')?>\s*$"#)
            .expect("pattern is a literal")
    });
    static PRAGMA: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^(\s*pragma\s+)solidity(\s+[\^~<>=]*\s*\$)").expect("pattern is a literal")
    });
    match language {
        // The grammar wants a version where it reads the name of the language.
        Language::Solidity => PRAGMA.replace_all(text, "${1}solidity_$2").into_owned(),
        // Further imports beside the one of interest.
        Language::Go if text.trim_start().starts_with("import (") => {
            let (list, rest) = text.split_at(text.find(')').unwrap_or(text.len()));
            let kept: Vec<&str> = list.lines().filter(|line| line.trim() != "...").collect();
            kept.join("\n") + rest
        }
        Language::Json => BARE_KEY.replace_all(text, "$1\"$2\"$3").into_owned(),
        Language::Yaml => REGEX_SCALAR
            .replace_all(text, |found: &regex::Captures<'_>| format!("'{}'", found[1].replace("\\\\", "\\")))
            .into_owned(),
        Language::Dockerfile => {
            let text = HEALTHCHECK.replace_all(text, "HEALTHCHECK CMD");
            CHECKED.replace_all(&text, format!("${{1}}{CHECK}$2")).into_owned()
        }
        // Any sharing will do, and so will none.
        Language::Apex => SHARING.replace_all(text, "").into_owned(),
        // A tag that opens stands for the element.
        Language::Html | Language::Xml => match OPENED.captures(text) {
            Some(found)
                if !text.trim_end().ends_with("/>")
                    && !VOID_TAGS.contains(&found[1].to_ascii_lowercase().as_str()) =>
            {
                format!("{}</{}>", text.trim_end(), &found[1])
            }
            _ => text.to_owned(),
        },
        Language::Scala => DECLARED.replace_all(text, "${1}val $2").into_owned(),
        _ => text.to_owned(),
    }
}

/// Tags of HTML that never close.
const VOID_TAGS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// `$_GET` and its like are variables of PHP, not metavariables.
const PHP_GLOBALS: &[&str] =
    &["_GET", "_POST", "_REQUEST", "_COOKIE", "_SERVER", "_FILES", "_SESSION", "_ENV", "GLOBALS"];

fn metavar_at(text: &str, language: Language) -> Option<(&str, bool)> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\$(\.\.\.)?([A-Z_][A-Z0-9_]*|[0-9]+)").expect("pattern is a literal"));
    let found = NAME.captures(text)?;
    let name = found.get(2)?;
    let many = found.get(1).is_some();
    let next = text[name.end()..].bytes().next();
    if next.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) && !many {
        return None;
    }
    // What a script or function is given.
    let shell = matches!(language, Language::Bash | Language::Dockerfile);
    if shell && name.as_str().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if language == Language::Php && PHP_GLOBALS.contains(&name.as_str()) {
        return None;
    }
    Some((&text[..name.end()], many))
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let rest = &self.text[at..];
            if let Some(length) = self.typed_metavar(rest) {
                at += length;
            } else if let Some((name, many)) = metavar_at(rest, self.language) {
                self.metavar(name, many, &rest[name.len()..]);
                at += name.len();
            } else if (self.language == Language::Bash || self.runs_in_shell()) && rest.starts_with("<...") {
                self.out.push_str("$(dp__e ");
                at += 4;
            } else if (self.language == Language::Bash || self.runs_in_shell()) && rest.starts_with("...>") {
                self.out.push(')');
                at += 4;
            } else if self.language == Language::Json && rest.starts_with("<...") {
                // A list whose first element says what it stands for.
                self.out.push_str(&format!("[\"@{DEEP}\", "));
                self.brackets.push((b'[', self.out.len() - 1));
                self.deep += 1;
                at += 4;
            } else if rest.starts_with("<...") && !self.is_markup() {
                self.out.push_str(if self.variant.capital { "Dp__e(" } else { DEEP });
                if !self.variant.capital {
                    self.out.push('(');
                }
                self.brackets.push((b'(', self.out.len() - 1));
                self.deep += 1;
                at += 4;
            } else if rest.starts_with("...>") && self.deep > 0 {
                self.out.push(if self.language == Language::Json { ']' } else { ')' });
                self.brackets.pop();
                self.deep -= 1;
                at += 4;
            } else if rest.starts_with("...") && !self.is_spread(&rest[3..]) {
                self.ellipsis(&rest[3..]);
                at += 3;
            } else {
                let character = rest.chars().next().expect("the text goes on");
                match character {
                    '(' | '[' | '{' => self.brackets.push((character as u8, self.out.len())),
                    ')' | ']' | '}' => {
                        self.brackets.pop();
                    }
                    _ => {}
                }
                self.out.push(character);
                at += character.len_utf8();
            }
        }
    }

    const fn is_markup(&self) -> bool {
        matches!(self.language, Language::Html | Language::Xml)
    }

    /// `...args` of JavaScript and PHP, `args...` of Go, `int... x` of Java.
    fn is_spread(&self, after: &str) -> bool {
        let next = after.bytes().next();
        let spreads = matches!(
            self.language,
            Language::Javascript
                | Language::Typescript
                | Language::Php
                | Language::Go
                | Language::C
                | Language::Cpp
        );
        let previous = self.out.bytes().last();
        let word_before = previous.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let word_after = next.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'$' | b'_'));
        // `1...10` is a range.
        let adjacent = word_before && (word_after || next.is_some_and(|byte| byte.is_ascii_digit()));
        if self.language == Language::Swift && adjacent {
            return true;
        }
        (spreads && word_after) || (word_before && matches!(self.language, Language::Go | Language::Java))
    }

    fn metavar(&mut self, name: &str, many: bool, after: &str) {
        let bare = name.trim_start_matches(['$', '.']);
        if self.language == Language::Json && self.out.matches('"').count().is_multiple_of(2) {
            self.out.push_str(&format!("\"@{}{bare}\"", if many { MANY } else { METAVAR }));
            return;
        }
        let mark = if many { MANY } else { METAVAR };
        if let Some((b'[', at)) = self.brackets.last().copied()
            && self.is_json_form(at)
            && !self.out.ends_with('"')
        {
            self.out.push_str(&format!("\"@{mark}{bare}\""));
            return;
        }
        if self.language == Language::Html && (self.out.ends_with('<') || self.out.ends_with("</")) {
            self.out.push_str(&format!("{mark}{bare}").replace('_', "-"));
            return;
        }
        if self.is_import_source() {
            self.out.push_str(&format!("\"@{mark}{bare}\""));
            return;
        }
        if self.in_interpolation() {
            let open = if self.out.ends_with("${") { "" } else { "$" };
            // White space behind a value counts for nothing.
            let apart = if after.starts_with("...") { " " } else { "" };
            self.out.push_str(&format!("{open}{mark}{bare}{apart}"));
            return;
        }
        if self.out.ends_with('=') && self.in_jsx_tag() {
            self.out.push_str(&format!("{{{mark}{bare}}}"));
            return;
        }
        let shell = self.language == Language::Bash || self.runs_in_shell();
        if shell && self.is_part_of_word(after) {
            self.out.push('$');
        }
        if self.language == Language::Dockerfile && !many {
            let line = self.out.rsplit('\n').next().unwrap_or_default();
            let alone = line.is_empty() && self.out.contains('\n') || line.trim() == "ONBUILD";
            if alone && after_is_line_end(after) {
                self.out.push_str(INSTRUCTION);
                self.out.push_str(bare);
                return;
            }
            // The grammar wants a number or a variable, and a variable inside a word.
            let own = line.trim_start();
            let variable = own.starts_with("EXPOSE") || own.starts_with("STOPSIGNAL");
            let digest = own.starts_with("FROM") && own.ends_with('@');
            let inside = own.starts_with("WORKDIR") && !own.ends_with(' ');
            if variable || digest || inside {
                self.out.push('$');
            }
        }
        if matches!(self.language, Language::Java | Language::Apex | Language::Csharp)
            && after.trim_start().starts_with([',', ')'])
            && self.is_bare_parameter(after)
        {
            self.out.push_str("el__t ");
        }
        let scala = self.language == Language::Scala;
        if scala && after.trim_start().starts_with([',', ')']) && self.is_bare_parameter(after) {
            self.out.push_str(&format!("{mark}{bare}: {ELLIPSIS}"));
            return;
        }
        if many && self.is_bare_line(after) {
            self.out.push_str(mark);
            self.out.push_str(bare);
            self.out.push_str(if self.language == Language::Csharp { STATEMENT } else { "" });
            self.out.push(';');
            return;
        }
        if self.language == Language::Csharp && self.is_bare_statement(after) {
            self.out.push_str(mark);
            self.out.push_str(bare);
            self.out.push_str(STATEMENT);
            return;
        }
        if self.language == Language::Csharp && self.is_branch(after) {
            self.out.push_str(&format!("{mark}{bare}{STATEMENT};"));
            return;
        }
        let php_variable = self.language == Language::Php
            && !self.variant.bare
            && !self.php_name_position()
            && !self.is_php_type(after);
        if php_variable {
            self.out.push('$');
        }
        if self.variant.capital {
            self.out.push_str(&mark[..1].to_uppercase());
            self.out.push_str(&mark[1..]);
        } else {
            self.out.push_str(mark);
        }
        self.out.push_str(bare);
    }

    /// Whether JavaScript wants the text of a module here.
    fn is_import_source(&self) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default().trim_start();
        matches!(self.language, Language::Javascript | Language::Typescript)
            && line.starts_with("import ")
            && line.trim_end().ends_with(" from")
    }

    /// Whether a bracket opens the list of an instruction: `CMD ["a", …]`.
    fn is_json_form(&self, bracket: usize) -> bool {
        let line = self.out[..bracket].rsplit('\n').next().unwrap_or_default().trim();
        let word = line.strip_prefix("HEALTHCHECK").unwrap_or(line).trim_start();
        self.language == Language::Dockerfile
            && !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// Whether this is inside `s"…"` of Scala, where `$x` is a value.
    fn in_interpolation(&self) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let Some((before, _)) = line.rsplit_once('"') else { return false };
        self.language == Language::Scala
            && line.matches('"').count() % 2 == 1
            && before.ends_with(|c: char| c.is_ascii_alphabetic())
    }

    /// Whether what stands alone on its line stands for statements that end with a semicolon.
    fn is_bare_line(&self, after: &str) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let wants = matches!(
            self.language,
            Language::Java
                | Language::Apex
                | Language::C
                | Language::Cpp
                | Language::Csharp
                | Language::Solidity
                | Language::Dart
        );
        wants
            && line.trim().is_empty()
            && after_is_line_end(after)
            && matches!(self.out.trim_end().bytes().last(), Some(b'{' | b'}' | b';'))
    }

    /// Whether a metavariable alone is a statement here.
    fn is_bare_statement(&self, after: &str) -> bool {
        let opens = matches!(self.out.trim_end().bytes().last(), None | Some(b'{' | b'}' | b';' | b')'));
        let apart = self.out.is_empty() || self.out.ends_with(char::is_whitespace);
        opens && apart && after.trim_start().starts_with(';')
    }

    /// Whether what ends a pattern is the statement of a loop or branch.
    pub(super) fn is_branch(&self, after: &str) -> bool {
        let words = ["if ", "if(", "foreach ", "foreach(", "while ", "while(", "for ", "for("];
        after.trim().is_empty()
            && self.brackets.is_empty()
            && self.out.trim_end().ends_with(')')
            && words.iter().any(|word| self.out.trim_start().starts_with(word))
    }

    /// Whether this is a command of a Dockerfile.
    pub(super) fn runs_in_shell(&self) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default().trim_start();
        let line = line.strip_prefix("ONBUILD").unwrap_or(line).trim_start();
        let shell = ["RUN ", "CMD ", "ENTRYPOINT ", "HEALTHCHECK "];
        self.language == Language::Dockerfile
            && shell
                .iter()
                .any(|word| line.strip_prefix(word).is_some_and(|rest| !rest.trim_start().starts_with('[')))
    }

    /// Whether what stands here is a piece of a word or of a string of a shell.
    fn is_part_of_word(&self, after: &str) -> bool {
        let opens = |c: char| c.is_whitespace() || "{(`|&;=!<>$'".contains(c);
        let closes = |c: char| c.is_whitespace() || "()}`|&;<>=+[]'".contains(c);
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let quoted = line.matches('"').count() % 2 == 1 && !line.ends_with('{');
        quoted
            || self.out.ends_with(|c| !opens(c))
            || (after.starts_with(|c| !closes(c)) && !self.out.ends_with('{'))
    }

    /// Whether a parameter without a type starts here.
    fn is_bare_parameter(&self, after: &str) -> bool {
        let Some((b'(', at)) = self.brackets.last().copied() else { return false };
        let header = self.out[..at].trim_end();
        let word: String = header.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let word: String = word.chars().rev().collect();
        let before = self.out.trim_end();
        before.ends_with(['(', ',']) && self.is_parameter_list(header, &word, after)
    }

    /// Whether a type of PHP stands here: before a variable, or behind the parameters of a function.
    fn is_php_type(&self, after: &str) -> bool {
        let before = self.out.trim_end();
        let result = before.strip_suffix(':').is_some_and(|rest| rest.trim_end().ends_with(')'));
        let named = before.ends_with(['(', ',']) || before.ends_with("private") || before.ends_with("public");
        let renamed = self.out.rsplit('\n').next().unwrap_or_default().trim_start().starts_with("use ");
        let variable = after.starts_with(char::is_whitespace) && after.trim_start().starts_with(['$', '&']);
        let and = after.trim_start().starts_with("&&");
        renamed
            || (result && after.trim_start().starts_with(['{', ';']))
            || (named && variable && !and && self.brackets.last().is_some_and(|(own, _)| *own == b'('))
    }

    /// Whether PHP wants a name rather than a variable here.
    fn php_name_position(&self) -> bool {
        let before = self.out.trim_end();
        let words = [
            "function",
            "class",
            "new",
            "extends",
            "implements",
            "use",
            "namespace",
            "const",
            "interface",
            "trait",
            "instanceof",
            "goto",
        ];
        before.ends_with("->")
            || before.ends_with("::")
            || before.ends_with('\\')
            || words.iter().any(|word| {
                before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric()))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_code_and_come_back() {
        let check = |language, text: &str, expected: &str| {
            let prepared = prepare(language, text, Variant::default());
            assert_eq!(prepared.text, expected, "{text}");
        };
        check(Language::Python, "f($X, ...)", "f(mv__X, el__e)");
        check(Language::Java, "class $C { ... }", "class mv__C { el__t el__e; }");
        check(Language::Javascript, "if (a) { ... b(); ... }", "if (a) { el__e; b(); el__e; }");
        check(Language::Java, "(Foo $X).bar(...)", "tm__0.bar(el__e)");
        check(Language::Python, "f($X: str)", "f(tm__0)");
        check(Language::Javascript, "f({..., a: 1, ...})", "f({el__e, a: 1, el__e})");
        assert_eq!(restore("a mv__X el__e b"), "a $X ... b");
        assert_eq!(Placeholder::read("mm__ARGS"), Some(Placeholder::Many("$...ARGS".into())));
    }
}
