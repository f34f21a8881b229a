//! Addresses in scripts, found by how they look.

use std::sync::LazyLock;

use regex::Regex;
use tollgate_core::dynamic::{ParameterPlace, ScriptCall};

use crate::readers::Readers;

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

/// Requests of a script, in order, without repeats: by its syntax where something reads that, else by how
/// addresses look.
pub(super) fn calls(readers: Readers, text: &str) -> Vec<ScriptCall> {
    let read = readers.script.and_then(|read| read(text)).unwrap_or_else(|| look(text));
    let mut out: Vec<ScriptCall> = Vec::new();
    for call in read {
        let address = fill(&call.address);
        let known = out
            .iter()
            .any(|have| have.address == address && have.method == call.method && have.fields == call.fields);
        if !known && is_address(&address) && out.len() < MAX_FOUND {
            out.push(ScriptCall { address, ..call });
        }
    }
    out
}

fn look(text: &str) -> Vec<ScriptCall> {
    let mut out: Vec<ScriptCall> = Vec::new();
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
        let address = found["url"].to_owned();
        if out.len() < MAX_FOUND && !out.iter().any(|call| call.address == address) {
            let place = ParameterPlace::Json;
            out.push(ScriptCall { method: method.into(), address, place, fields: Vec::new() });
        }
    }
    out
}

/// An address as it can be asked for: what only the run knows becomes a number, a base that only the run
/// knows and the scheme of sockets give way to those of the page.
fn fill(address: &str) -> String {
    let mut address = address;
    if let Some((hole, rest)) = address.split_once('}')
        && (hole.starts_with('{') || hole.starts_with("${"))
        && rest.starts_with('/')
    {
        address = rest;
    }
    let address = match address.split_once("://") {
        Some(("ws", rest)) => format!("http://{rest}"),
        Some(("wss", rest)) => format!("https://{rest}"),
        _ => address.to_owned(),
    };
    fill_template(&address)
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
            Readers::default(),
            r#"fetch('/api/users/'); axios.post("/api/login", x); xhr.open("PUT", "/api/item/1");
            $.getJSON(`/api/u/${id}?q=1`); const page = "admin/panel.php?id=3"; let s = "a/b"; r("//");"#,
        );
        let shown: Vec<_> = found.iter().map(|call| format!("{} {}", call.method, call.address)).collect();
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

    #[test]
    fn what_only_the_run_knows_is_filled_in() {
        for (address, filled) in [
            ("{BASE}/list", "/list"),
            ("${api}/u/${id}", "/u/1"),
            ("/u/{id}/:kind?q={q}", "/u/1/1?q=1"),
            ("wss://app.test/live", "https://app.test/live"),
        ] {
            assert_eq!(fill(address), filled, "{address}");
        }
    }
}
