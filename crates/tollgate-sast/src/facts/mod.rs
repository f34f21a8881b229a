//! What a project's sources tell about its HTTP routes and imports.
//!
//! Each file is looked at alone and gives [`FileFacts`]: routes whose handler or prefix may stand in another
//! file, the functions that may be such handlers, and imports. [`join`] puts the files together. Nothing here
//! runs code: a route whose path is computed at run time is not seen.

mod calls;
mod code;
mod declared;
mod imports;
mod inputs;
mod join;
mod requests;
mod template;

use serde::{Deserialize, Serialize};
use tollgate_core::dynamic::ParameterPlace;
use tollgate_core::{Language, Region, RepoPath};

use crate::matching::ParsedFile;
use code::Code;
pub(crate) use join::{Told, join};
pub use requests::script_calls;

/// A file with more routes than this was generated.
const MAX_ROUTES: usize = 2_000;
const MAX_FUNCTIONS: usize = 1_000;
const MAX_MOUNTS: usize = 500;

/// What one file tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct FileFacts {
    imports: Vec<Imported>,
    routes: Vec<Draft>,
    mounts: Vec<Mount>,
    functions: Vec<Function>,
    /// Whether the text was not, or only partly, understood.
    partial: bool,
}

impl FileFacts {
    /// Of a file that was not read.
    pub(crate) fn unknown() -> Self {
        Self { partial: true, ..Self::default() }
    }

    /// Modules as imported, with what is used of them.
    pub(crate) fn imported(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.imports.iter().map(|own| (&*own.module, own.uses.iter().map(|(name, _)| &**name)))
    }

    /// Whether all of the file was understood.
    pub(crate) const fn is_whole(&self) -> bool {
        !self.partial
    }
}

/// An import as written, with the symbols used through it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Imported {
    line: u32,
    module: String,
    uses: Vec<(String, u32)>,
}

/// A route whose handler and prefix may stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Draft {
    methods: Vec<String>,
    template: String,
    /// Variable of the router it is declared on.
    owner: String,
    target: Target,
    framework: String,
    inputs: Vec<Input>,
    /// The declaration itself, in case the handler is not found.
    place: Stretch,
}

/// Where a handler stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Target {
    /// A function of this file.
    Local(usize),
    /// A function of another file: its module as far as it is known, its class and its name.
    Named { module: Vec<String>, class: Option<String>, name: String },
    /// The route's own stretch.
    Itself,
}

/// Routes of another router that are served below a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mount {
    prefix: String,
    /// Variable of the router above.
    owner: String,
    /// Module of the router below; empty for one of this file.
    module: Vec<String>,
    /// Variable of the router below; empty for whatever its module exports.
    name: String,
}

/// A function that may handle requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Function {
    name: String,
    class: Option<String>,
    stretch: Stretch,
    inputs: Vec<Input>,
    reaches: Vec<Stretch>,
}

/// An input a handler reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Input {
    place: Place,
    name: String,
}

/// Where an input stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Place {
    Path,
    Query,
    Form,
    Multipart,
    Json,
    Header,
    Cookie,
    /// The query of requests without a body, the form of others.
    QueryOrForm,
}

impl Place {
    fn of_methods(self, methods: &[String]) -> ParameterPlace {
        let bare = methods.is_empty() || methods.iter().any(|method| method == "GET");
        match self {
            Self::Path => ParameterPlace::Path,
            Self::QueryOrForm if bare => ParameterPlace::Query,
            Self::Query => ParameterPlace::Query,
            Self::QueryOrForm | Self::Form => ParameterPlace::Form,
            Self::Multipart => ParameterPlace::Multipart,
            Self::Json => ParameterPlace::Json,
            Self::Header => ParameterPlace::Header,
            Self::Cookie => ParameterPlace::Cookie,
        }
    }
}

/// Bytes, then lines and columns, of start and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Stretch(u32, u32, u32, u32, u32, u32);

impl Stretch {
    fn region(self) -> Region {
        let start = tollgate_core::Position { line: self.2, column: self.3 };
        let end = tollgate_core::Position { line: self.4, column: self.5 };
        Region::new(start, end).with_bytes(self.0, self.1)
    }
}

/// Whether facts are read from a language at all.
pub(crate) const fn is_read(language: Language) -> bool {
    matches!(
        language,
        Language::Python
            | Language::Javascript
            | Language::Typescript
            | Language::Go
            | Language::Java
            | Language::Kotlin
            | Language::Scala
            | Language::Rust
            | Language::Ruby
            | Language::Php
            | Language::Csharp
    )
}

/// Whether a file is worth parsing for its facts: it has a word that every import or route of its language
/// needs.
pub(crate) fn is_worth_parsing(language: Language, bytes: &[u8]) -> bool {
    let words: &[&str] = match language {
        Language::Python | Language::Go | Language::Java | Language::Kotlin | Language::Scala => &["import"],
        Language::Javascript | Language::Typescript => &["import", "require"],
        Language::Rust => &["use ", "extern crate"],
        Language::Ruby => &["require", "routes.draw", "Controller"],
        Language::Php => &["use ", "$_", "Route::"],
        Language::Csharp => &["using ", "[Http", "[Route", ".Map"],
        _ => return false,
    };
    words.iter().any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
}

/// The facts of one file.
pub(crate) fn of_file(file: &ParsedFile, path: &RepoPath) -> FileFacts {
    if !is_read(file.language()) || file.tree().nodes.is_empty() {
        return FileFacts::default();
    }
    let mut code = Code::new(file, path);
    let imports = imports::of(file);
    let mut routes = declared::routes(&mut code);
    let mut mounts = Vec::new();
    calls::routes(&mut code, &mut routes, &mut mounts);
    routes.truncate(MAX_ROUTES);
    mounts.truncate(MAX_MOUNTS);
    code.add_candidates();
    FileFacts { imports, routes, mounts, functions: code.into_functions(), partial: file.has_errors() }
}

#[cfg(test)]
mod tests;
