//! What others read of answers: scripts and credentials; and client libraries, which are only named here.

use tollgate_core::Subject;
use tollgate_core::dynamic::{LeakedSecret, ParameterPlace, ScriptCall};
use tollgate_dast::{LIBRARY_RULE, Readers};

use crate::server::{Outgoing, Server, html, status};
use crate::{found, scan, settings};

const SECRET: &str = "key-0123456789abcdef";

fn script(text: &str) -> Option<Vec<ScriptCall>> {
    let call = |method: &str, address: &str, place, fields: &[&str]| ScriptCall {
        method: method.into(),
        address: address.into(),
        place,
        fields: fields.iter().map(|name| (*name).to_owned()).collect(),
    };
    text.contains("readable").then(|| {
        vec![
            call("POST", "{base}/api/{kind}/save", ParameterPlace::Json, &["title"]),
            call("GET", "/api/list", ParameterPlace::Query, &["page"]),
            call("DELETE", "/api/item/1", ParameterPlace::Query, &[]),
        ]
    })
}

fn secrets(text: &str) -> Vec<LeakedSecret> {
    let found = text.match_indices(SECRET);
    found
        .map(|(at, _)| LeakedSecret { name: "key of the tests".into(), range: at..at + SECRET.len() })
        .collect()
}

#[test]
fn scripts_credentials_and_libraries_are_read_by_those_who_can() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => html(
            "<script src=/js/jquery-3.4.1.min.js></script><script src=/app.js></script><a href=/leak>l</a>\
             <script src='http://cdn.test/ajax/libs/lodash/4.17.11/lodash.min.js'></script>",
        ),
        "/app.js" | "/js/jquery-3.4.1.min.js" => Outgoing::Answer {
            status: 200,
            headers: vec![("Content-Type".into(), "text/javascript".into())],
            body: if request.path == "/app.js" { "readable".into() } else { "fetch('/by-its-looks')".into() },
        },
        "/leak" => html(format!("<p>{SECRET} and {SECRET}</p>")),
        path if path.starts_with("/api/") || path == "/by-its-looks" => html("<p>fine</p>"),
        _ => status(404, "no"),
    });
    let mut settings = settings(&server.address);
    settings.readers = Readers { script: Some(script), secrets: Some(secrets) };
    let outcome = scan(settings);
    let paths = server.paths();
    for path in ["/api/1/save", "/api/list?page", "/by-its-looks"] {
        assert!(paths.iter().any(|have| have.starts_with(path)), "{path} was not asked for");
    }
    assert!(!paths.iter().any(|path| path == "/api/item/1"), "what destroys is left alone");
    assert!(found(&outcome).contains(&"secret-in-response /leak".to_owned()), "{:?}", found(&outcome));
    assert!(!format!("{:?}", outcome.findings).contains(SECRET), "credentials never show");
    let markers: Vec<&str> = outcome
        .findings
        .iter()
        .filter(|finding| finding.rule.as_str() == LIBRARY_RULE)
        .filter_map(|finding| match &finding.subject {
            Subject::Endpoint(endpoint) => endpoint.marker.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(markers, ["jquery@3.4.1", "lodash@4.17.11"]);
}
