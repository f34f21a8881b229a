//! Requirement lines of Python: `name[extra]==1.0; marker`, and the pins in them.

/// A requirement as PEP 508 writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    pub(super) name: &'a str,
    /// Version specifiers as written, without parentheses; empty where any version will do.
    pub(super) specifier: &'a str,
    /// The URL after `@`.
    pub(super) url: Option<&'a str>,
    /// The marker after `;`.
    pub(super) marker: Option<&'a str>,
}

impl<'a> Requirement<'a> {
    /// Reads a requirement; `None` for a text that does not start with a package name.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .unwrap_or(text.len());
        let name = text[..end].trim_end_matches(['.', '-', '_']);
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let mut rest = text[end..].trim_start();
        if let Some(extras) = rest.strip_prefix('[') {
            rest = extras.split_once(']')?.1.trim_start();
        }
        if let Some(url) = rest.strip_prefix('@') {
            let url = url.trim_start();
            // A marker after a URL needs white space before its semicolon.
            let (url, marker) = match url.split_once(" ;") {
                Some((url, marker)) => (url.trim(), Some(marker.trim())),
                None => (url.trim(), None),
            };
            return Some(Self { name, specifier: "", url: Some(url), marker });
        }
        let (specifier, marker) = match rest.split_once(';') {
            Some((specifier, marker)) => (specifier, Some(marker.trim())),
            None => (rest, None),
        };
        let specifier = specifier.trim();
        let specifier =
            specifier.strip_prefix('(').map_or(specifier, |inner| inner.trim_end_matches(')').trim());
        let fits = specifier.is_empty() || specifier.starts_with(['=', '<', '>', '~', '!']);
        fits.then_some(Self { name, specifier, url: None, marker })
    }

    /// The one version it admits, if it pins one.
    pub(super) fn pin(&self) -> Option<&'a str> {
        match self.url {
            Some(url) => version_in_file_name(url, self.name),
            None => exact_version(self.specifier),
        }
    }
}

/// The version of `==1.0` or `===1.0`, alone or with other clauses that it satisfies by construction.
pub(super) fn exact_version(specifier: &str) -> Option<&str> {
    specifier.split(',').find_map(|clause| {
        let clause = clause.trim();
        let version = clause.strip_prefix("===").or_else(|| clause.strip_prefix("=="))?.trim();
        (!version.is_empty() && !version.contains('*') && !version.contains(char::is_whitespace))
            .then_some(version)
    })
}

/// The version in the name of a wheel or source archive.
fn version_in_file_name<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let file = url.split(['#', '?']).next()?.rsplit('/').next()?;
    if let Some(stem) = file.strip_suffix(".whl") {
        return stem.split('-').nth(1);
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2", ".tgz"].iter().find_map(|ending| file.strip_suffix(ending))?;
    let version = stem.get(..name.len()).and_then(|_| stem.get(name.len() + 1..))?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_requirements() {
        let check = |text: &str, name: &str, pin: Option<&str>| {
            let read = Requirement::parse(text).unwrap();
            assert_eq!((read.name, read.pin()), (name, pin), "{text}");
        };
        check("Flask==1.0", "Flask", Some("1.0"));
        check("a.b_c [x, y] (== 2.0 ) ; python_version < '3'", "a.b_c", Some("2.0"));
        check("a===1!2.0+local", "a", Some("1!2.0+local"));
        check("a>=1,==1.5", "a", Some("1.5"));
        check("a==1.*", "a", None);
        check("a~=1.0", "a", None);
        check("a", "a", None);
        check("a @ https://x/y/a-1.2-py3-none-any.whl#sha256=0", "a", Some("1.2"));
        check("a@https://x/y/a-1.2.tar.gz ; os_name == 'nt'", "a", Some("1.2"));
        check("a @ git+https://x/y", "a", None);
        assert_eq!(Requirement::parse("./local"), None);
        assert_eq!(Requirement::parse("a b"), None);
    }
}
