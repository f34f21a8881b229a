//! Typed metavariables: `(T $X)`, `($X : T)`, `$X: T`.

use std::sync::LazyLock;

use regex::Regex;
use tollgate_core::Language;

use super::{Scanner, TYPED};

impl Scanner<'_> {
    /// Takes a typed metavariable, if one begins here; how long it is.
    pub(super) fn typed_metavar(&mut self, rest: &str) -> Option<usize> {
        static TYPE_FIRST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\(\s*((?:(?:unsigned|signed|const|struct|long|short)\s+)*[\w.$:]+(?:\s*<[^()]*>)?(?:\s*\[\s*\])*(?:\s*\?)?)(\s+|\s*\*+\s*)(\$[A-Z_][A-Z0-9_]*)\s*\)")
                .expect("pattern is a literal")
        });
        static NAME_FIRST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\(\s*(\$[A-Z_][A-Z0-9_]*)\s*:\s*([^()]+?)\s*\)").expect("pattern is a literal")
        });
        static PYTHON: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(\$[A-Z_][A-Z0-9_]*)\s*:\s*([A-Za-z_$][\w.]*(?:\[[^\]]*\])?)")
                .expect("pattern is a literal")
        });
        let (found, name, type_text) = match self.language {
            Language::Java
            | Language::Apex
            | Language::C
            | Language::Cpp
            | Language::Csharp
            | Language::Solidity => {
                let found = TYPE_FIRST.captures(rest)?;
                let stars: String = found[2].chars().filter(|c| *c == '*').collect();
                let kind = format!("{}{stars}", &found[1]);
                if matches!(found[1].trim(), "return" | "new" | "await" | "throw") {
                    return None;
                }
                (found.get(0)?.len(), found[3].to_owned(), kind)
            }
            Language::Go
            | Language::Kotlin
            | Language::Typescript
            | Language::Javascript
            | Language::Scala
            | Language::Rust
            | Language::Swift => {
                let found = NAME_FIRST.captures(rest)?;
                let after = rest[found.get(0)?.end()..].trim_start();
                if after.starts_with("=>")
                    || after.starts_with('{')
                    || after.starts_with(':')
                    || after.starts_with("->")
                {
                    return None;
                }
                (found.get(0)?.len(), found[1].to_owned(), found[2].to_owned())
            }
            Language::Python => {
                let in_call = self.brackets.last().is_some_and(|(bracket, _)| *bracket == b'(');
                let line = self.out.rsplit('\n').next().unwrap_or_default();
                if !in_call || line.contains("def ") || line.contains("lambda") {
                    return None;
                }
                let found = PYTHON.captures(rest)?;
                let typed = (found.get(0)?.len(), found[1].to_owned(), found[2].to_owned());
                self.push_typed(typed.1, typed.2);
                return Some(typed.0);
            }
            _ => return None,
        };
        let before = self.out.trim_end();
        let word: String = before.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let word: String = word.chars().rev().collect();
        let called = !word.is_empty() || before.ends_with([')', ']', '>']);
        let argument = called && self.language == Language::Scala;
        if argument && !self.is_parameter_list(before, &word, rest.strip_prefix('(').unwrap_or(rest)) {
            self.out.push('(');
            self.push_typed(name, type_text);
            self.out.push(')');
            return Some(found);
        }
        let keyword = matches!(
            word.as_str(),
            "return" | "throw" | "case" | "else" | "in" | "await" | "and" | "or" | "not"
        );
        if called && !keyword {
            return None;
        }
        self.push_typed(name, type_text);
        Some(found)
    }

    fn push_typed(&mut self, name: String, type_text: String) {
        self.out.push_str(TYPED);
        self.out.push_str(&self.typed.len().to_string());
        self.typed.push((type_text.split_whitespace().collect::<Vec<_>>().join(" "), name));
    }
}
