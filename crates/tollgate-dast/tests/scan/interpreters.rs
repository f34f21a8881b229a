//! What reads values as a program, a template, a command or a document, and what fetches addresses: each
//! with a safe twin.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{found, scan, settings};

/// Asks for an address on loopback, as the library of some language would.
pub(crate) fn fetch(address: &str) -> Option<String> {
    let rest = address.strip_prefix("http://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(authority).ok()?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {authority}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn product(left: &str, right: &str) -> Option<String> {
    Some((left.trim().parse::<u64>().ok()? * right.trim().parse::<u64>().ok()?).to_string())
}

/// What a shell prints for a line that begins with `ping`: only `expr` is installed.
fn shell(line: &str) -> String {
    if line.matches('\'').count() % 2 == 1 || line.matches('"').count() % 2 == 1 {
        return "sh: unterminated quoted string".to_owned();
    }
    let run = |command: &str| match command.split(' ').collect::<Vec<_>>()[..] {
        ["expr", left, "'*'" | "\\*", right] => product(left, right),
        _ => None,
    };
    line.split(';').skip(1).filter_map(|command| run(command.trim())).collect::<Vec<_>>().join("\n")
}

/// The text with sums in double braces worked out, as engines of templates do.
fn rendered(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, (inner, after))) =
        rest.split_once("{{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?)))
    {
        let sum = inner.split_once('*').and_then(|(left, right)| product(left, right));
        out += &escape(before);
        out += &sum.unwrap_or_else(|| escape(inner));
        rest = after;
    }
    out + &escape(rest)
}

/// The address that the entity of a document stands for, where the document uses it.
fn entity(document: &str) -> Option<&str> {
    let (_, declared) = document.split_once("<!ENTITY e SYSTEM \"")?;
    let (address, rest) = declared.split_once('"')?;
    rest.contains("&e;").then_some(address)
}

fn interpreters(request: &Incoming) -> Outgoing {
    let value = |name: &str| request.get(name).unwrap_or_default().to_owned();
    match request.path.as_str() {
        "/" => html(
            ["ping?host=a", "hello?name=a", "preview?url=a", "state?server=a", "read?doc=a", "load?doc=a"]
                .map(|link| {
                    let (name, query) = link.split_once('?').expect("each has one");
                    format!("<a href='/{name}?{query}'>a</a><a href='/{name}-safe?{query}'>b</a>")
                })
                .concat(),
        ),
        "/ping" => html(format!("<pre>{}</pre>", escape(&shell(&format!("ping {}", value("host")))))),
        "/ping-safe" => html(format!("<pre>no host {}</pre>", escape(&value("host")))),
        "/hello" => html(format!("<p>Hello {}</p>", rendered(&value("name")))),
        "/hello-safe" => html(format!("<p>Hello {}</p>", escape(&value("name")))),
        "/preview" => html(if fetch(&value("url")).is_some() { "<p>kept</p>" } else { "<p>not kept</p>" }),
        "/preview-safe" => html(match value("url") {
            url if url.starts_with("https://pictures.test/") => "<p>kept</p>",
            _ => "<p>not kept</p>",
        }),
        // Only a part of the address, and nobody waits for the answer.
        "/state" => {
            let server = value("server");
            std::thread::spawn(move || fetch(&format!("http://{server}/state")));
            html("<p>asked</p>")
        }
        "/state-safe" => html("<p>asked</p>"),
        "/read" => html(match entity(&value("doc")) {
            Some("file:///etc/passwd") => "<pre>root:x:0:0:root:/root:/bin/sh</pre>",
            _ => "<pre></pre>",
        }),
        "/load" => {
            entity(&value("doc")).map(fetch);
            html("<p>loaded</p>")
        }
        // A reader that knows no entities shows them as they are.
        "/read-safe" => html(format!("<pre>{}</pre>", escape(&value("doc")))),
        "/load-safe" => html("<p>loaded</p>"),
        _ => status(404, "no"),
    }
}

#[test]
fn what_interprets_values_is_found_and_its_safe_twin_is_not() {
    let server = Server::start(interpreters);
    let outcome = scan(settings(&server.address));
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
    assert_eq!(
        found(&outcome),
        [
            "command-injection /ping query host",
            "ssrf /preview query url",
            "ssrf /state query server",
            "template-injection /hello query name",
            "xxe /load query doc",
            "xxe /read query doc",
        ]
    );
}

#[test]
fn a_server_that_repeats_requests_is_found_and_one_that_answers_them_is_not() {
    let rules = |trace: fn(&Incoming) -> Outgoing| -> Vec<String> {
        let server = Server::start(move |request| match request.method.as_str() {
            "TRACE" => trace(request),
            _ => html("<p>welcome</p>"),
        });
        scan(settings(&server.address)).rules.iter().map(|rule| rule.id.to_string()).collect()
    };
    let rule = "dast.trace-method".to_owned();
    let open = rules(|request| {
        let lines: Vec<String> =
            request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        html(format!("TRACE {} HTTP/1.1\r\n{}\r\n\r\n", request.path, lines.join("\r\n")))
    });
    assert!(open.contains(&rule), "{open:?}");
    let closed: [fn(&Incoming) -> Outgoing; 3] = [
        |_| status(405, "no"),
        |_| html("<p>welcome</p>"),
        |request| {
            html(format!("<p>not known: {}</p>", request.header("x-tollgate-word").unwrap_or_default()))
        },
    ];
    for closed in closed {
        let found = rules(closed);
        assert!(!found.contains(&rule), "{found:?}");
    }
}
