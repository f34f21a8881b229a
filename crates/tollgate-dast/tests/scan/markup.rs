//! Places where script does not run but markup or a function's name does harm, each with a safe twin.

use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{found, scan, settings};

/// The elements of that name with no other attribute than the one admitted.
fn admitted(text: &str, name: &str, attribute: &str) -> Option<String> {
    let at = text.find(&format!("<{name} "))?;
    let end = text[at..].find('>')? + at;
    let element = &text[at..=end];
    let attributes = element.matches('=').count() - element.matches("url=").count();
    (attributes == 1 && element.contains(&format!(" {attribute}="))).then(|| element.to_owned())
}

fn data(body: String) -> Outgoing {
    Outgoing::Answer { status: 200, headers: vec![("Content-Type".into(), "application/json".into())], body }
}

fn site(request: &Incoming) -> Outgoing {
    let value = |name: &str| request.get(name).unwrap_or_default().to_owned();
    match request.path.as_str() {
        "/" => html(
            "<a href='/styled?q=x'>a</a><a href='/styled-safe?q=x'>b</a><a href='/data'>c</a><a href='/data-safe'>d</a>",
        ),
        "/styled" => admitted(&value("q"), "div", "style").map_or_else(|| status(400, "no"), html),
        "/styled-safe" => admitted(&value("q"), "div", "class").map_or_else(|| status(400, "no"), html),
        "/data" => match value("callback") {
            name if name.is_empty() => data("{}".into()),
            name => data(format!("{name}({{}});")),
        },
        "/data-safe" => match value("callback") {
            name if name.chars().all(char::is_alphanumeric) && !name.is_empty() => {
                data(format!("{name}({{}});"))
            }
            _ => data("{}".into()),
        },
        _ => status(404, "no"),
    }
}

#[test]
fn markup_and_callbacks_are_found_and_their_safe_twins_are_not() {
    let server = Server::start(site);
    assert_eq!(
        found(&scan(settings(&server.address))),
        ["jsonp-injection /data query callback", "markup-injection /styled query q"]
    );
}
