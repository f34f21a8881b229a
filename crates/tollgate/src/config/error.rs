//! What can be wrong with a configuration, shown with the place in the file.

use std::path::PathBuf;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

/// Why no settings could be made of the files and flags.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum ConfigError {
    /// A file that was named cannot be read.
    #[error("failed to read configuration {}: {source}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
        #[help]
        hint: Option<String>,
    },
    /// A file is no TOML, or has an unknown key or a value of the wrong type.
    #[error("failed to load configuration {}: {message}", path.display())]
    Syntax {
        path: PathBuf,
        message: String,
        #[source_code]
        source_code: NamedSource<String>,
        #[label("here")]
        span: Option<SourceSpan>,
        #[help]
        hint: Option<String>,
    },
    /// `extends` leads back to a file that is being read.
    #[error("failed to load configuration {}: it extends itself through {}", path.display(), through.display())]
    #[diagnostic(help("remove the circular `extends`"))]
    Cycle { path: PathBuf, through: PathBuf },
    /// A value has the right type but no meaning.
    #[error("failed to read setting `{key}` from {origin}: {message}")]
    Value {
        key: String,
        origin: String,
        message: String,
        #[help]
        hint: Option<String>,
    },
}

impl ConfigError {
    /// The error of the TOML reader, with a suggestion where a key is misspelt.
    pub(super) fn syntax(path: PathBuf, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().to_owned();
        let hint = suggestion(&message);
        // The list of expected keys is in the hint when one of them is close; else it helps as it is.
        let message = match (&hint, message.split_once(", expected")) {
            (Some(_), Some((head, _))) => head.to_owned(),
            _ => message,
        };
        Self::Syntax {
            message,
            source_code: NamedSource::new(path.display().to_string(), text.to_owned()).with_language("TOML"),
            span: error.span().map(SourceSpan::from),
            path,
            hint,
        }
    }
}

/// The closest of the expected names in a message like "unknown field `x`, expected one of `a`, `b`".
fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown field") {
        return None;
    }
    let given = quoted.next()?;
    closest(given, quoted).map(|name| format!("did you mean `{name}`?"))
}

/// The candidate most like `given`, if any is alike.
pub(crate) fn closest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(given, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_closest_key() {
        let message = "unknown field `fail_on`, expected one of `fail-on`, `new-only`, `max`";
        assert_eq!(suggestion(message).as_deref(), Some("did you mean `fail-on`?"));
        assert_eq!(suggestion("invalid type: string"), None);
    }
}
