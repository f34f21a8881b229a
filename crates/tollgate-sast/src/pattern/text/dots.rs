//! What `...` becomes: it depends on the brackets it stands in and the language.

use tollgate_core::Language;

use super::{ANY_FORM, ELLIPSIS, Scanner};

pub(super) fn after_is_line_end(after: &str) -> bool {
    after.split('\n').next().is_some_and(|rest| rest.trim().is_empty())
}

impl Scanner<'_> {
    pub(super) fn ellipsis(&mut self, after: &str) {
        let name = if self.variant.capital { "El__e" } else { ELLIPSIS };
        let variable = if self.language == Language::Php { "$el__e" } else { name };
        let before = self.out.trim_end_matches([' ', '\t']);
        let previous = before.trim_end().bytes().last();
        // Between what is put together, any pieces; a word of its own elsewhere.
        if (self.language == Language::Bash || self.runs_in_shell())
            && (self.out.is_empty()
                || self.out.ends_with(|c: char| c.is_whitespace() || "\"}".contains(c))
                || self.follows_variable())
            && (after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || "$\"".contains(c)))
            && (self.out.ends_with(['"', '}']) || self.follows_variable() || after.starts_with(['$', '"']))
            && !(self.out.ends_with('"') && self.in_string() && !after.starts_with(['$', '"']))
        {
            self.out.push_str("$el__e");
            return;
        }
        if self.out.ends_with(['"', '\'', '`'])
            && (after.starts_with(['"', '\'', '`', '$', '{', '#']) || after.is_empty())
        {
            self.out.push_str(name);
            return;
        }
        if previous == Some(b'.') || before.ends_with("->") || before.ends_with("?.") {
            self.out.push_str(name);
            if self.language == Language::Csharp && after.trim_start().starts_with(';') {
                self.out.push_str("()");
            }
            return;
        }
        if self.language == Language::Csharp && self.is_branch(after) {
            self.out.push_str("el__e();");
            return;
        }
        // XML wants a value of every attribute.
        if self.language == Language::Xml && self.out.rfind('<') > self.out.rfind('>') {
            self.out.push_str("el__e=\"@el__e\"");
            return;
        }
        // Parameters of a generic type.
        let open = self.out.rsplit(['\n', '{', '}', ';']).next().unwrap_or_default();
        if matches!(self.language, Language::Java | Language::Csharp)
            && matches!(previous, Some(b'<' | b','))
            && open.matches('<').count() > open.matches('>').count()
            && after.trim_start().starts_with(['>', ','])
        {
            self.out.push_str(name);
            return;
        }
        let closes = previous == Some(b'>') && after.trim_start().starts_with("</");
        if closes && matches!(self.language, Language::Javascript | Language::Typescript) {
            self.out.push_str(name);
            return;
        }
        if self.in_jsx_tag() && !self.out.ends_with(['=', '{']) {
            self.out.push_str(name);
            return;
        }
        if self.out.ends_with('=') && self.in_jsx_tag() {
            self.out.push_str("{el__e}");
            return;
        }
        // Go leaves the colon out.
        if self.language == Language::Go
            && before.trim_end().ends_with("case")
            && !after.trim_start_matches([' ', '\t']).starts_with([':', ','])
        {
            self.out.push_str("el__e:");
            return;
        }
        let bracket = self.brackets.last().copied();
        let text = match bracket {
            Some((b'(', at)) => self.in_parentheses(at, after, name, variable),
            Some((b'[', at)) if self.language == Language::Json || self.is_json_form(at) => {
                format!("\"@{name}\"")
            }
            Some((b'[', _)) => variable.to_owned(),
            Some((b'{', at)) => self.in_braces(at, previous, after, name, variable),
            _ => self.in_lines(previous, after, name, variable),
        };
        self.out.push_str(&text);
    }

    /// Whether a metavariable in a string of a shell comes before.
    fn follows_variable(&self) -> bool {
        let name =
            self.out.trim_end_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        name.ends_with("$mv") && self.in_string()
    }

    /// Whether a double quote is open on this line.
    fn in_string(&self) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        line.matches('"').count() % 2 == 1
    }

    fn in_parentheses(&self, at: usize, after: &str, name: &str, variable: &str) -> String {
        let header = self.out[..at].trim_end();
        let word: String = header.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let word: String = word.chars().rev().collect();
        let alone = self.out[at + 1..].trim().is_empty() && after.trim_start().starts_with(')');
        if word == "for" && alone {
            match self.language {
                Language::Java
                | Language::C
                | Language::Cpp
                | Language::Csharp
                | Language::Javascript
                | Language::Typescript
                | Language::Solidity => return format!("{ANY_FORM};{ANY_FORM};{ANY_FORM}"),
                Language::Php => return format!("${ANY_FORM};${ANY_FORM};${ANY_FORM}"),
                Language::Scala => return format!("{name} <- {name}"),
                _ => {}
            }
        }
        // Between generators.
        if self.language == Language::Scala && word == "for" {
            return format!("{name} <- {name}");
        }
        if word == "catch" && alone && matches!(self.language, Language::Java | Language::Apex) {
            return format!("el__t {name}");
        }
        let parts = self.out[at + 1..].matches(';').count();
        let semicolons = !matches!(
            self.language,
            Language::Go
                | Language::Kotlin
                | Language::Swift
                | Language::Scala
                | Language::Rust
                | Language::Python
                | Language::Ruby
        );
        if word == "for" && parts == 1 && after.trim_start().starts_with(')') && semicolons {
            return format!("{variable}; {variable}");
        }
        if self.language == Language::Java && header[..header.len() - word.len()].ends_with('@') {
            return format!("{name} = {name}");
        }
        if !self.is_parameter_list(header, &word, after) {
            return variable.to_owned();
        }
        match self.language {
            Language::Java
            | Language::Apex
            | Language::Csharp
            | Language::C
            | Language::Cpp
            | Language::Solidity => {
                format!("el__t {name}")
            }
            Language::Kotlin | Language::Rust | Language::Scala | Language::Swift => {
                format!("{name}: {name}")
            }
            _ => variable.to_owned(),
        }
    }

    /// Whether the parentheses around an ellipsis hold parameters rather than arguments.
    pub(super) fn is_parameter_list(&self, header: &str, word: &str, after: &str) -> bool {
        if self.language == Language::Scala && header.ends_with([')', ']']) {
            return self.declares_more(header, after);
        }
        if matches!(
            word,
            "if" | "while"
                | "for"
                | "foreach"
                | "switch"
                | "catch"
                | "return"
                | "when"
                | "match"
                | "with"
                | "lock"
                | "using"
                | "fixed"
                | "synchronized"
                | ""
        ) {
            return false;
        }
        let mut depth = 1;
        let mut close = after.len();
        for (at, byte) in after.bytes().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        close = at + 1;
                        break;
                    }
                }
                _ => {}
            }
        }
        let following = after.get(close..).unwrap_or_default().trim_start();
        let mut before_name = header[..header.len() - word.len()].trim_end();
        // `fun <T> Receiver.name(…)`
        if self.language == Language::Kotlin {
            if let Some(receiver) = before_name.strip_suffix('.') {
                before_name = receiver.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').trim_end();
            }
            if let Some(open) = before_name.rfind('<').filter(|_| before_name.ends_with('>')) {
                before_name = before_name[..open].trim_end();
            }
        }
        let keyword = ["fun", "fn", "func", "def", "function", "constructor", "modifier"];
        if self.language == Language::Swift && word == "init" && !before_name.ends_with('.') {
            return true;
        }
        let class =
            before_name.ends_with("class") && matches!(self.language, Language::Kotlin | Language::Scala);
        let declared =
            class || keyword.iter().any(|keyword| before_name.ends_with(keyword) || word == *keyword);
        match self.language {
            Language::Kotlin | Language::Rust | Language::Scala | Language::Swift | Language::Solidity => {
                declared
            }
            Language::Java | Language::Apex | Language::Csharp | Language::C | Language::Cpp => {
                let typed = before_name
                    .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '>' | ']' | '*'));
                let last: String =
                    before_name.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let last: String = last.chars().rev().collect();
                let is_new = matches!(
                    last.as_str(),
                    "new" | "return" | "throw" | "else" | "do" | "case" | "assert" | "await" | "yield" | "in"
                );
                // `a->f()` and `a > f()` call.
                // So does `A.<T>f()`.
                let given = before_name.rfind('<').is_some_and(|at| before_name[..at].ends_with('.'));
                let compared = given || before_name.ends_with("->") || before_name.ends_with(" >");
                let opens = following.starts_with('{') || following.starts_with("throws");
                let own = header.rsplit([';', '{', '}', '\n']).next().unwrap_or_default();
                (typed && !is_new && !compared) || (opens && !is_new && !own.contains('.'))
            }
            _ => false,
        }
    }

    /// Whether the header ends with type parameters or a list of parameters of a declaration.
    fn declares_more(&self, header: &str, after: &str) -> bool {
        let mut depth = 0_u32;
        for (at, byte) in header.bytes().enumerate().rev() {
            match byte {
                b')' | b']' => depth += 1,
                b'(' | b'[' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        let before = header[..at].trim_end();
                        let word: String =
                            before.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                        let word: String = word.chars().rev().collect();
                        return self.is_parameter_list(before, &word, after);
                    }
                }
                _ => {}
            }
        }
        false
    }

    fn in_braces(&self, at: usize, previous: Option<u8>, after: &str, name: &str, variable: &str) -> String {
        let next = after.trim_start().bytes().next();
        let header = self.out[..at].trim_end();
        let in_case = previous == Some(b':') && (header.contains("switch") || header.ends_with("select"));
        let opens = matches!(previous, Some(b'{' | b';' | b'}')) || in_case;
        let listed = previous == Some(b',') || next == Some(b',');
        match self.language {
            Language::Terraform if previous == Some(b':') || previous == Some(b'=') => {
                return name.to_owned();
            }
            Language::Terraform => {
                let line_start = self.out.trim_end_matches([' ', '\t']).ends_with('\n');
                let before = if line_start || previous == Some(b',') { "" } else { "\n" };
                let ends = next.is_none_or(|byte| matches!(byte, b',' | b'}'));
                let line_end = after_is_line_end(after) || ends;
                return format!("{before}{name} = {name}{}", if line_end { "" } else { "\n" });
            }
            Language::Python | Language::Ruby => {
                let literal = self.language == Language::Python
                    || header.is_empty()
                    || (header.ends_with(['=', '(', ',', '>', ':', '[']) && !header.ends_with("->"));
                let whole = previous == Some(b'{') && next == Some(b'}') && literal;
                let pairs = self.language == Language::Ruby
                    || self.out[at..].contains(':')
                    || after.split('}').next().is_some_and(|rest| rest.contains(':'));
                let entry = listed && matches!(previous, Some(b'{' | b',')) && pairs;
                return if whole || entry { format!("{name}: {name}") } else { name.to_owned() };
            }
            Language::Json if previous == Some(b':') => return format!("\"@{name}\""),
            Language::Json => return format!("\"@{name}\": \"@{name}\""),
            Language::Yaml => return name.to_owned(),
            Language::Bash
            | Language::Dockerfile
            | Language::Html
            | Language::Xml
            | Language::Ocaml
            | Language::Elixir => {
                return name.to_owned();
            }
            _ => {}
        }
        if header.ends_with('$') || header.ends_with("import") || header.ends_with("from") {
            return variable.to_owned();
        }
        if header.ends_with('=') && !header.ends_with("=>") || header.ends_with("[]") {
            return variable.to_owned();
        }
        let object = header.ends_with(['(', ',', '=', ':', '[', '?', '&', '|']) && !header.ends_with("=>")
            || header.ends_with("return")
            || header.is_empty();
        let object = object
            && matches!(
                self.language,
                Language::Javascript | Language::Typescript | Language::Go | Language::Rust
            );
        let literal = self.language == Language::Go
            && !header.ends_with(')')
            && header.ends_with(|c: char| c.is_alphanumeric() || c == ']' || c == '}')
            && !self.go_block_header(header);
        if listed || (object && (opens || next == Some(b'}'))) || literal {
            let line = header.rsplit([';', '{', '}']).next().unwrap_or_default();
            return match self.language {
                Language::Rust if line.trim_start().split(' ').any(|word| word == "struct") => {
                    format!("{name}: {name}")
                }
                Language::Kotlin | Language::Swift => format!("{name}: {name}"),
                _ => variable.to_owned(),
            };
        }
        let initializer = self.language == Language::Csharp
            && header.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '>' | ']'))
            && !self.is_csharp_statement(header)
            && {
                let line = header.rsplit([';', '{', '}', '\n']).next().unwrap_or_default();
                line.contains("new ") || line.ends_with("new")
            };
        if initializer {
            return name.to_owned();
        }
        let starts = opens || self.out.trim_end_matches([' ', '\t']).ends_with('\n');
        if !starts {
            return variable.to_owned();
        }
        let statement = self.statement(header, name, variable);
        match statement.strip_suffix(';') {
            Some(bare) if after.starts_with(';') => bare.to_owned(),
            _ => statement,
        }
    }

    /// Whether braces after this hold statements, although a `new` stands before them.
    fn is_csharp_statement(&self, header: &str) -> bool {
        let line = header.rsplit([';', '{', '}', '\n']).next().unwrap_or_default().trim_start();
        let word = line.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        ["using", "if", "while", "for", "foreach", "lock", "switch", "fixed", "catch", "else"].contains(&word)
            && !line.ends_with("new")
            && line.contains('(')
    }

    fn go_block_header(&self, header: &str) -> bool {
        let line = header.rsplit(['\n', ';', '{', '}']).next().unwrap_or_default().trim_start();
        ["if ", "for ", "func ", "switch ", "select", "else", "case ", "struct", "interface", "type "]
            .iter()
            .any(|word| line.starts_with(word))
            || line == "for"
            || line.contains("func(")
    }

    fn statement(&self, header: &str, name: &str, variable: &str) -> String {
        let line = header.rsplit([';', '{', '}']).next().unwrap_or_default();
        let has_word =
            |word: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word);
        let class = [
            "class",
            "interface",
            "enum",
            "trait",
            "contract",
            "struct",
            "impl",
            "library",
            "record",
            "object",
            "extension",
            "protocol",
        ]
        .iter()
        .any(|word| has_word(word))
            || (has_word("new") && header.ends_with(')') && self.language == Language::Java);
        if self.language == Language::Scala && (header.ends_with("match") || header.ends_with("catch")) {
            return format!("case {name} =>");
        }
        if self.language == Language::Scala && header.ends_with("for") {
            return format!("{name} <- {name}");
        }
        if has_word("switch") && !class && !self.out.trim_end().ends_with(':') {
            match self.language {
                Language::Javascript
                | Language::Typescript
                | Language::Java
                | Language::C
                | Language::Cpp
                | Language::Csharp
                | Language::Php => return format!("case {variable}:"),
                Language::Go => return format!("case {name}:"),
                _ => {}
            }
        }
        match self.language {
            Language::Solidity | Language::Csharp | Language::Java if has_word("enum") => name.to_owned(),
            Language::Java
            | Language::Apex
            | Language::Csharp
            | Language::Solidity
            | Language::Cpp
            | Language::C
                if class || (self.language == Language::Csharp && has_word("namespace")) =>
            {
                format!("el__t {name};")
            }
            Language::Php if class => format!("public {variable};"),
            Language::Kotlin if class => format!("val {name}: {name}\n"),
            Language::Swift if class => format!("var {name}: {name}"),
            Language::Rust if class && has_word("struct") => format!("{name}: {name}"),
            Language::Rust if has_word("mod") => format!("{name}!{{}}"),
            Language::Rust if class => format!("{name}!{{}}"),
            Language::Scala if class => name.to_owned(),
            Language::Go if has_word("interface") => name.to_owned(),
            Language::Go if class => format!("{name} {name}"),
            Language::Kotlin | Language::Swift | Language::Scala | Language::Go => name.to_owned(),
            Language::Rust => format!("{name};"),
            Language::Csharp => format!("{name}();"),
            _ => format!("{variable};"),
        }
    }

    /// Whether the text stands inside an opening tag of JSX.
    pub(super) fn in_jsx_tag(&self) -> bool {
        matches!(self.language, Language::Javascript | Language::Typescript)
            && self.out.rfind('<').is_some_and(|at| {
                let tag = &self.out[at + 1..];
                !tag.contains('>') && tag.starts_with(|c: char| c.is_alphabetic()) && tag.contains(' ')
            })
    }

    /// Whether the list item goes on with a key on the next line.
    fn pair_follows(&self, line: &str, after: &str) -> bool {
        let next = after.lines().nth(1).unwrap_or_default();
        let indent = next.len() - next.trim_start().len();
        indent > line.len() - line.trim_start().len() && next.contains(':')
    }

    /// Outside all brackets.
    fn in_lines(&self, previous: Option<u8>, after: &str, name: &str, variable: &str) -> String {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        let alone =
            line.trim().is_empty() && after.split('\n').next().is_some_and(|rest| rest.trim().is_empty());
        match self.language {
            Language::Json => format!("\"@{name}\""),
            Language::Yaml if line.trim() == "-" && self.pair_follows(line, after) => {
                format!("{name}: {name}")
            }
            Language::Yaml if alone => {
                // A list goes on with an item, a mapping with a pair.
                let indent = line.len();
                let is_item = |line: &&str| {
                    line.len() - line.trim_start().len() == indent && line.trim_start().starts_with("- ")
                };
                let sibling_item = self.text.lines().any(|line| is_item(&line));
                if sibling_item { format!("- {name}") } else { format!("{name}: {name}") }
            }
            Language::Terraform if alone => format!("{name} = {name}"),
            Language::Dockerfile if alone || line.trim() == "ONBUILD" => "RUN el__s".to_owned(),
            Language::Dockerfile
                if ["ENV ", "LABEL "].iter().any(|word| line.trim_start().starts_with(word))
                    && line.ends_with(' ') =>
            {
                format!("{name}={name}")
            }
            Language::Dockerfile if line.trim_start().starts_with("EXPOSE") => format!("${name}"),
            Language::Python
            | Language::Ruby
            | Language::Bash
            | Language::Yaml
            | Language::Dockerfile
            | Language::Html
            | Language::Xml
            | Language::Terraform
            | Language::Elixir
            | Language::Ocaml => name.to_owned(),
            _ => {
                let starts = line.trim().is_empty()
                    && matches!(previous, None | Some(b';' | b'{' | b'}' | b')' | b',' | b'"' | b'\'' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_'));
                let ends = after.trim_start_matches([' ', '\t']).starts_with(['\n', '\r'])
                    || after.trim().is_empty();
                // Nothing but a statement stands before another operand.
                let operand = after
                    .trim_start()
                    .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '$' | '@' | '_' | '('));
                let first = matches!(previous, None | Some(b';' | b'}'));
                let statement = (starts || first) && ends || (first && operand);
                match self.language {
                    Language::Go | Language::Kotlin | Language::Swift | Language::Scala => name.to_owned(),
                    Language::Csharp if statement => format!("{name}();"),
                    _ if statement => format!("{variable};"),
                    _ => variable.to_owned(),
                }
            }
        }
    }
}
