//! Addresses in scripts, found by how they look.

use std::sync::LazyLock;

use regex::Regex;

/// Addresses of one script that are looked at.
const MAX_FOUND: usize = 300;

static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?:fetch|axios(?:\.(?P<verb>get|post|put|patch|delete))?|\$\.(?P<jq>get|post|getJSON|ajax)|\.open|url\s*:|href\s*=|location\s*=|\.src\s*=|importScripts|EventSource|Request)\s*\(?\s*(?:['"`](?P<method>GET|POST|PUT|PATCH|DELETE)['"`]\s*,\s*)?['"`](?P<url>[^'"`\s<>]{1,300})['"`]"#,
    )
    .expect("the pattern is a literal")
});

static PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"['"`](?P<url>/[A-Za-z0-9_\-./{}$:]{1,200}(?:\?[^'"`\s<>]{0,200})?|[A-Za-z0-9_\-./]{1,100}\.(?:php|jsp|jspx|asp|aspx|do|action|json|cgi)(?:\?[^'"`\s<>]{0,200})?)['"`]"#)
        .expect("the pattern is a literal")
});

/// A request a script seems to make: method, where known, and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) url: String,
}

/// Calls in a script, in order, without repeats.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    for found in CALL.captures_iter(text).chain(PATH.captures_iter(text)) {
        let named = |name: &str| found.name(name).map(|m| m.as_str().to_ascii_uppercase());
        let verb = named("method").or_else(|| named("verb")).or_else(|| named("jq"));
        let method = match verb.as_deref() {
            Some("POST") => "POST",
            Some("PUT") => "PUT",
            Some("PATCH") => "PATCH",
            Some("DELETE") => "DELETE",
            _ => "GET",
        };
        let url = fill_template(&found["url"]);
        let known = out.iter().any(|call| call.url == url);
        if !known && is_address(&url) && out.len() < MAX_FOUND {
            out.push(Call { method: method.into(), url });
        }
    }
    out
}

/// `${id}` and `:id` in an address become a number.
fn fill_template(url: &str) -> String {
    static HOLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\$\{[^}]*\}|/:\w+|\{\w+\}").expect("the pattern is a literal"));
    HOLE.replace_all(
        url,
        |found: &regex::Captures<'_>| {
            if found[0].starts_with("/:") { "/1".to_owned() } else { "1".to_owned() }
        },
    )
    .into_owned()
}

fn is_address(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let plain = !url.contains("//") || url.starts_with("http");
    url.len() > 1 && plain && (path.contains('/') || path.contains('.')) && !url.starts_with("data:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_calls_and_paths() {
        let found = calls(
            r#"fetch('/api/users/'); axios.post("/api/login", x); xhr.open("PUT", "/api/item/1");
            $.getJSON(`/api/u/${id}?q=1`); const page = "admin/panel.php?id=3"; let s = "a/b"; r("//");"#,
        );
        let shown: Vec<_> = found.iter().map(|call| format!("{} {}", call.method, call.url)).collect();
        assert_eq!(
            shown,
            [
                "GET /api/users/",
                "POST /api/login",
                "PUT /api/item/1",
                "GET /api/u/1?q=1",
                "GET admin/panel.php?id=3"
            ]
        );
    }
}
