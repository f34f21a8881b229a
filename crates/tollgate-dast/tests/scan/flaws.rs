//! Flaws with a safe twin of each: the flaw is found, the twin is not.

use crate::server::{Incoming, Outgoing, Server, html, redirect, status};
use crate::{found, scan, settings};

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Whether a condition in the style of SQL that follows the quote holds; `None` where it is malformed.
fn condition(input: &str) -> Option<bool> {
    let Some((value, rest)) = input.split_once('\'') else { return Some(input == "ann") };
    let mut parts = rest.split('\'');
    let operator = parts.next()?.trim();
    let (left, compare, right) = (parts.next()?, parts.next()?.trim(), parts.next()?);
    if parts.next().is_some() || !matches!(compare, "=" | "like") {
        return None;
    }
    match operator {
        "or" => Some(value == "ann" || left == right),
        "and" => Some(value == "ann" && left == right),
        _ => None,
    }
}

fn rows(found: Option<bool>) -> Outgoing {
    match found {
        Some(true) => html("<p>1 row: ann</p>"),
        Some(false) => html("<p>nothing</p>"),
        None => status(500, "<p>something went wrong</p>"),
    }
}

fn shop(request: &Incoming) -> Outgoing {
    let value = |name: &str| request.get(name).unwrap_or_default().to_owned();
    match request.path.as_str() {
        "/" => html(
            "<a href='/search?q=x'>s</a><a href='/search-safe?q=x'>s</a><a href='/attribute?q=x'>a</a>\
             <a href='/script?q=x'>s</a><a href='/script-safe?q=x'>s</a><a href='/user?name=ann'>u</a>\
             <a href='/user-safe?name=ann'>u</a><a href='/file?name=a.txt'>f</a><a href='/file-safe?name=a.txt'>f</a>\
             <a href='/go?to=/'>g</a><a href='/go-safe?to=/'>g</a><a href='/calc?sum=1'>c</a><a href='/calc-safe?sum=1'>c</a>\
             <a href='/error?id=1'>e</a><a href='/catch-all'>c</a>",
        ),
        "/search" => html(format!("<p>You asked for {}</p>", value("q"))),
        "/search-safe" => html(format!("<p>You asked for {}</p>", escape(&value("q")))),
        "/attribute" => html(format!("<input value=\"{}\">", value("q").replace(['<', '>'], ""))),
        "/script" => html(format!("<script>var q = '{}';</script>", value("q").replace('<', ""))),
        "/script-safe" => html(format!(
            "<script>var q = '{}';</script>",
            value("q").replace('\\', "\\\\").replace('\'', "\\'").replace('<', "\\x3c")
        )),
        "/user" => rows(condition(&value("name"))),
        "/user-safe" => rows(Some(value("name") == "ann")),
        "/file" => {
            let steps: Vec<_> =
                value("name").split('/').filter(|s| !matches!(*s, "" | ".")).map(str::to_owned).collect();
            if steps.ends_with(&["..".into(), "proc".into(), "version".into()]) {
                html("Linux version 6.1.0")
            } else {
                html("no such file")
            }
        }
        "/file-safe" => html("no such file"),
        "/go" => redirect(&value("to")),
        "/go-safe" => redirect(&format!("/{}", value("to").replace(['/', '\\', '\r', '\n'], ""))),
        "/calc" => {
            let sum = value("sum");
            let list = sum.strip_prefix('[').and_then(|rest| rest.strip_suffix("][0]"));
            let product = list
                .and_then(|list| list.split_once('*'))
                .and_then(|(a, b)| Some(a.parse::<u64>().ok()? * b.parse::<u64>().ok()?));
            html(product.map_or_else(|| "not a sum".to_owned(), |product| product.to_string()))
        }
        "/calc-safe" => html(escape(&value("sum"))),
        "/error" => {
            if value("id").contains('\'') {
                status(500, "near \"x\": syntax error in sqlite3.OperationalError")
            } else {
                html("fine")
            }
        }
        // A site that answers everything must not show pages that are not there.
        _ => html("<!doctype html><p>welcome</p>"),
    }
}

#[test]
fn flaws_are_found_and_their_safe_twins_are_not() {
    let server = Server::start(shop);
    let outcome = scan(settings(&server.address));
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
    assert_eq!(
        found(&outcome),
        [
            "code-injection /calc query sum",
            "header-injection /go query to",
            "open-redirect /go query to",
            "path-traversal /file query name",
            "sql-injection /error query id",
            "sql-injection /user query name",
            "xss-reflected /attribute query q",
            "xss-reflected /script query q",
            "xss-reflected /search query q",
        ]
    );
}

#[test]
fn two_scans_give_the_same_findings() {
    let server = Server::start(shop);
    let one = scan(settings(&server.address)).findings;
    let two = scan(settings(&server.address)).findings;
    let key = |finding: &tollgate_core::Finding| (finding.rule.clone(), finding.message.clone());
    assert_eq!(one.iter().map(key).collect::<Vec<_>>(), two.iter().map(key).collect::<Vec<_>>());
}

#[test]
fn every_finding_replays_and_hides_credentials() {
    use tollgate_core::Subject;
    use tollgate_dast::{AuthMethod, Indicators, Secret, UserAuth};
    let server = Server::start(|request| {
        assert_eq!(request.header("authorization").unwrap_or("Bearer hunter2"), "Bearer hunter2");
        shop(request)
    });
    let mut settings = settings(&server.address);
    settings.auth.push(UserAuth {
        name: "ann".into(),
        method: AuthMethod::Bearer(Secret::Value("hunter2".into())),
        indicators: Indicators::default(),
    });
    let outcome = scan(settings);
    assert!(!outcome.findings.is_empty());
    for finding in &outcome.findings {
        let Subject::Endpoint(endpoint) = &finding.subject else { panic!() };
        assert!(endpoint.curl.starts_with("curl ") && !endpoint.evidence.is_empty());
    }
    assert!(!format!("{:?}", outcome.findings).contains("hunter2"));
}
