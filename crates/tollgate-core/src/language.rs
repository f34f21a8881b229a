//! Languages by file name and shebang.

use std::fmt;
use std::str::FromStr;

macro_rules! languages {
    ($($variant:ident $name:literal [$($alias:literal),*] ext [$($ext:literal),*] file [$($file:literal),*] bin [$($bin:literal),*];)*) => {
        /// A language Tollgate recognises.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Language {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Language {
            /// Every language.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in rules (`languages:`) and reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            const fn table(self) -> Names {
                match self {
                    $(Self::$variant => Names { aliases: &[$($alias),*], extensions: &[$($ext),*], files: &[$($file),*], interpreters: &[$($bin),*] },)*
                }
            }
        }
    };
}

struct Names {
    aliases: &'static [&'static str],
    extensions: &'static [&'static str],
    files: &'static [&'static str],
    interpreters: &'static [&'static str],
}

languages! {
    Apex "apex" [] ext ["cls", "trigger"] file [] bin [];
    Bash "bash" ["sh"] ext ["sh", "bash", "zsh"] file [".bashrc", ".profile", ".zshrc"] bin ["sh", "bash", "zsh", "dash", "ksh"];
    C "c" [] ext ["c", "h"] file [] bin [];
    Cpp "cpp" ["c++"] ext ["cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "tpp"] file [] bin [];
    Csharp "csharp" ["c#"] ext ["cs"] file [] bin [];
    Dart "dart" [] ext ["dart"] file [] bin ["dart"];
    Dockerfile "dockerfile" ["docker"] ext ["dockerfile", "containerfile"] file ["Dockerfile", "Containerfile"] bin [];
    Elixir "elixir" ["ex"] ext ["ex", "exs"] file [] bin ["elixir"];
    Go "go" ["golang"] ext ["go"] file [] bin [];
    Html "html" [] ext ["html", "htm", "vue"] file [] bin [];
    Java "java" [] ext ["java"] file [] bin [];
    Javascript "javascript" ["js", "jsx"] ext ["js", "jsx", "cjs", "mjs"] file [] bin ["node", "nodejs", "deno", "bun"];
    Json "json" [] ext ["json", "ipynb"] file [] bin [];
    Kotlin "kotlin" ["kt"] ext ["kt", "kts", "ktm"] file [] bin [];
    Ocaml "ocaml" [] ext ["ml", "mli"] file [] bin [];
    Php "php" [] ext ["php", "phtml", "php3", "php4", "php5", "php7", "tpl", "inc"] file [] bin ["php"];
    Python "python" ["py", "python2", "python3"] ext ["py", "pyi", "pyw"] file [] bin ["python", "python2", "python3"];
    Ruby "ruby" ["rb"] ext ["rb", "rake", "gemspec", "ru", "erb"] file ["Rakefile", "Gemfile", "Vagrantfile"] bin ["ruby"];
    Rust "rust" ["rs"] ext ["rs"] file [] bin [];
    Scala "scala" [] ext ["scala", "sc"] file [] bin ["scala"];
    Solidity "solidity" ["sol"] ext ["sol"] file [] bin [];
    Swift "swift" [] ext ["swift"] file [] bin ["swift"];
    Terraform "terraform" ["tf", "hcl"] ext ["tf", "hcl", "tfvars"] file [] bin [];
    Typescript "typescript" ["ts", "tsx"] ext ["ts", "tsx", "mts", "cts"] file [] bin ["ts-node", "tsx"];
    Xml "xml" [] ext ["xml", "xsd", "xsl", "xslt", "plist", "csproj", "config"] file [] bin [];
    Yaml "yaml" [] ext ["yaml", "yml"] file [] bin [];
}

impl Language {
    /// The language of a file by its name; case does not matter for extensions.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let stem = name.split('.').next().unwrap_or_default();
        let by_name = Self::ALL.iter().copied().find(|language| language.table().files.contains(&name));
        let by_extension = || {
            let extension = extension?;
            Self::ALL.iter().copied().find(|language| language.table().extensions.contains(&&*extension))
        };
        // `Dockerfile.prod` is a Dockerfile whatever its ending says.
        let by_stem = || {
            let table = Self::Dockerfile.table();
            table.files.contains(&stem).then_some(Self::Dockerfile)
        };
        by_name.or_else(by_stem).or_else(by_extension)
    }

    /// The language of a script by its first line, for example `#!/usr/bin/env python3`.
    #[must_use]
    pub fn from_shebang(first_line: &str) -> Option<Self> {
        let command = first_line.strip_prefix("#!")?.trim();
        let mut words = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let first = words.next()?;
        let interpreter = if first == "env" {
            words.find(|word| !word.starts_with('-') && !word.contains('='))?
        } else {
            first
        };
        let versionless = interpreter.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        Self::ALL.iter().copied().find(|language| {
            let interpreters = language.table().interpreters;
            interpreters.contains(&interpreter) || interpreters.contains(&versionless)
        })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language `{0}`")]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads a name or alias as rules write it, for example `python`, `ts`, `c#`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|language| language.name() == lower || language.table().aliases.contains(&&*lower))
            .ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_names_and_shebangs() {
        assert_eq!(Language::from_file_name("a.PY"), Some(Language::Python));
        assert_eq!(Language::from_file_name("Dockerfile.prod"), Some(Language::Dockerfile));
        assert_eq!(Language::from_file_name("x.tsx"), Some(Language::Typescript));
        assert_eq!(Language::from_file_name("README"), None);
        assert_eq!(Language::from_shebang("#!/usr/bin/env -S python3.11 -u"), Some(Language::Python));
        assert_eq!(Language::from_shebang("#!/bin/bash -e"), Some(Language::Bash));
        assert_eq!(Language::from_shebang("plain"), None);
        assert_eq!("c#".parse(), Ok(Language::Csharp));
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Language::ALL
            .iter()
            .flat_map(|language| language.table().aliases.iter().copied().chain([language.name()]))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
