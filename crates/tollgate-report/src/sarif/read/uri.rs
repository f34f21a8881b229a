//! From the URIs of a report to paths in the scanned tree.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use tollgate_core::RepoPath;

use super::lenient::str_of;

/// Links in a chain of bases that are followed.
const MAX_CHAIN: usize = 16;

/// What a base of relative URIs is.
#[derive(Debug, Clone, Default)]
struct Base {
    uri: String,
    parent: Option<String>,
}

/// The bases of one run.
#[derive(Debug, Clone, Default)]
pub(super) struct Bases(BTreeMap<String, Base>);

impl Bases {
    pub(super) fn read(value: &Value) -> Self {
        let bases = value.as_object().into_iter().flatten().map(|(name, location)| {
            let uri = location.as_str().or_else(|| str_of(location, "uri")).unwrap_or_default().to_owned();
            let parent = str_of(location, "uriBaseId").map(str::to_owned);
            (name.clone(), Base { uri, parent })
        });
        Self(bases.collect())
    }

    /// Names and URIs of the chain that starts at `id`, innermost first.
    fn chain<'b>(&'b self, id: &'b str) -> Vec<(&'b str, &'b str)> {
        let mut links = Vec::new();
        let mut next = Some(id);
        while let Some((id, base)) = next.and_then(|id| self.0.get_key_value(id)) {
            if links.len() == MAX_CHAIN {
                break;
            }
            links.push((id.as_str(), base.uri.as_str()));
            next = base.parent.as_deref();
        }
        links
    }

    fn is_source_root(&self, id: &str) -> bool {
        const NAMES: [&str; 7] =
            ["SRCROOT", "SRC_ROOT", "PROJECTROOT", "ROOTPATH", "REPOROOT", "ROOT", "WORKINGDIRECTORY"];
        let name = id.trim_matches('%').to_ascii_uppercase();
        NAMES.contains(&name.as_str()) || self.0.len() <= 1
    }
}

/// Where a URI leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A file, below the scan root as far as can be told.
    File(RepoPath),
    /// A file outside the scan root; its path without what makes it absolute.
    Outside(RepoPath),
    /// A page of a running application.
    Web(String),
}

/// What is known of the scanned tree.
#[derive(Clone, Copy, Default)]
pub(super) struct Tree<'a> {
    /// Its absolute path with `/` separators and without one at the end.
    pub(super) root: Option<&'a str>,
    /// Whether a file is in it.
    pub(super) contains: Option<&'a dyn Fn(&RepoPath) -> bool>,
}

/// Finds what a URI with an optional base leads to.
pub(super) fn resolve(tree: Tree<'_>, bases: &Bases, uri: &str, base: Option<&str>) -> Option<Target> {
    let uri = uri.trim();
    let lower = uri.get(..8).unwrap_or(uri).to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Some(Target::Web(uri.to_owned()));
    }
    let mut text = file_text(uri);
    // Relative bases lengthen the path. An absolute one says where it is; but the source root of another
    // machine is this one's.
    let mut anchored_at_root = true;
    for (id, link) in base.map(|id| bases.chain(id)).unwrap_or_default() {
        if is_absolute(&text) {
            break;
        }
        let mut joined = file_text(link);
        if !joined.is_empty() && !joined.ends_with('/') {
            joined.push('/');
        }
        joined.push_str(&text);
        if is_absolute(&joined) && below(tree.root, &joined).is_none() {
            if bases.is_source_root(id) {
                break;
            }
            anchored_at_root = false;
        }
        text = joined;
    }
    if !is_absolute(&text) {
        return inside(tree, &text);
    }
    if let Some(rest) = below(tree.root, &text) {
        return inside(tree, rest);
    }
    let rest = strip_anchor(&text);
    // The report may come from a checkout at another place: the longest ending that exists is the file.
    if let Some(contains) = tree.contains {
        let mut ending = rest;
        loop {
            if let Ok(path) = RepoPath::new(ending)
                && contains(&path)
            {
                return Some(Target::File(path));
            }
            match ending.split_once('/') {
                Some((_, shorter)) => ending = shorter,
                None => break,
            }
        }
    }
    let path = RepoPath::new(rest).ok()?;
    // Tools that run in a container name `/package.json` for a file at the root of the tree.
    let outside = tree.root.is_some() || !anchored_at_root;
    Some(if outside { Target::Outside(path) } else { Target::File(path) })
}

fn inside(tree: Tree<'_>, text: &str) -> Option<Target> {
    match RepoPath::new(text) {
        Ok(path) => Some(Target::File(path)),
        Err(_) => {
            // A path that climbs is read as absolute where the root is known, else without its `..`.
            let rest = text.trim_start_matches("../");
            let path = RepoPath::new(rest).ok()?;
            let known = tree.contains.is_some_and(|contains| contains(&path));
            Some(if known { Target::File(path) } else { Target::Outside(path) })
        }
    }
}

/// The path in a URI reference: scheme and host of a `file:` URI dropped, percent codes resolved, `/`
/// between its parts.
fn file_text(uri: &str) -> String {
    let rest = match uri.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("file:") => {
            let rest = &uri[5..];
            match rest.strip_prefix("//") {
                // What follows two slashes is a host, up to the next slash.
                Some(after) => after.find('/').map_or(after, |at| &after[at..]),
                None => rest,
            }
        }
        _ => uri,
    };
    let decoded = percent_decode_str(rest).decode_utf8().map_or_else(|_| rest.to_owned(), Into::into);
    let slashed = decoded.replace('\\', "/");
    // A query or fragment is part of a name in practice, not a URI's.
    match slashed.as_bytes() {
        // `/C:/…` is how a drive letter stands in a URI.
        [b'/', letter, b':', ..] if letter.is_ascii_alphabetic() => slashed[1..].to_owned(),
        _ => slashed,
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn strip_anchor(path: &str) -> &str {
    let path = match path.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => &path[2..],
        _ => path,
    };
    path.trim_start_matches('/')
}

/// The rest of `path` below `root`.
fn below<'p>(root: Option<&str>, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(root?)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn uris_lead_to_files() {
        let bases = Bases::read(&json!({
            "%SRCROOT%": {"uri": "file:///home/ci/shop/"},
            "WEB": {"uri": "web/", "uriBaseId": "%SRCROOT%"},
            "SYS": {"uri": "file:///usr/include/"},
            "LOOP": {"uri": "x/", "uriBaseId": "LOOP"},
        }));
        let exists = |path: &RepoPath| path.as_str() == "src/a b.py";
        let tree = Tree { root: Some("/work/shop"), contains: Some(&exists) };
        let check = |uri: &str, base: Option<&str>, expected: Option<Target>| {
            assert_eq!(resolve(tree, &bases, uri, base), expected, "{uri} {base:?}");
        };
        let file = |text: &str| Some(Target::File(RepoPath::new(text).unwrap()));
        let outside = |text: &str| Some(Target::Outside(RepoPath::new(text).unwrap()));
        check("src/a%20b.py", None, file("src/a b.py"));
        check("src/a b.py", None, file("src/a b.py"));
        check("./src//x.py", Some("%SRCROOT%"), file("src/x.py"));
        check("src\\x.py", None, file("src/x.py"));
        check("file:///work/shop/src/x.py", None, file("src/x.py"));
        check("/work/shop/src/x.py", None, file("src/x.py"));
        check("file:src/x.py", None, file("src/x.py"));
        check("file:/work/shop/x%2By.py", None, file("x+y.py"));
        check("file://localhost/work/shop/x.py", None, file("x.py"));
        check("file:///D:/a/1/s/src/a b.py", None, file("src/a b.py"));
        check("D:\\a\\1\\s\\src\\b.py", None, outside("a/1/s/src/b.py"));
        check("app.js", Some("WEB"), file("web/app.js"));
        check("stdio.h", Some("SYS"), outside("usr/include/stdio.h"));
        check("y", Some("LOOP"), file(&format!("{}y", "x/".repeat(MAX_CHAIN))));
        check("y", Some("UNKNOWN"), file("y"));
        check("../../src/a b.py", None, file("src/a b.py"));
        check("100%.txt", None, file("100%.txt"));
        check("/work/shopping/x.py", None, outside("work/shopping/x.py"));
        check("https://example.org/a?b=c", None, Some(Target::Web("https://example.org/a?b=c".to_owned())));
        let none = Tree::default();
        assert_eq!(resolve(none, &bases, "/package.json", None), file("package.json"));
    }
}
