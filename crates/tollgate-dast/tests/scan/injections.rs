//! Queries, objects and tokens: each flaw with a safe twin.

use std::sync::Mutex;

use tollgate_dast::{AuthMethod, Document, Indicators, Secret, UserAuth};

use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{found, scan, settings};

fn json(code: u16, body: &str) -> Outgoing {
    let headers = vec![("Content-Type".into(), "application/json".into())];
    Outgoing::Answer { status: code, headers, body: body.into() }
}

fn bearer(name: &str) -> UserAuth {
    UserAuth {
        name: name.into(),
        method: AuthMethod::Bearer(Secret::Value(name.into())),
        indicators: Indicators::default(),
    }
}

/// A table of three columns, asked for by number as `SELECT … WHERE id=` would. Whatever goes wrong looks
/// like a number that nothing has.
fn table(asked: &str) -> Outgoing {
    const NOTHING: &str = "<p>0 rows</p>";
    let asked = asked.trim_end_matches("-- -").trim();
    if let Some((_, column)) = asked.split_once(" ORDER BY ") {
        return html(if matches!(column, "1" | "2" | "3") { "<p>7 | pen | 2</p>" } else { NOTHING });
    }
    if let Some((_, cells)) = asked.split_once(" UNION ALL SELECT ") {
        let value = |cell: &str| match cell.split_once('*') {
            Some((x, y)) => Some((x.parse::<u64>().ok()? * y.parse::<u64>().ok()?).to_string()),
            None => (cell == "NULL").then(String::new),
        };
        let cells: Option<Vec<String>> = cells.split(',').map(value).collect();
        return html(
            cells.filter(|cells| cells.len() == 3).map_or(NOTHING.into(), |cells| cells.join(" | ")),
        );
    }
    html(if asked == "7" { "<p>7 | pen | 2</p>" } else { NOTHING })
}

#[test]
fn a_row_of_our_own_proves_a_query_and_a_bound_value_has_none() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => html("<a href='/item?id=7'>i</a><a href='/item-safe?id=7'>i</a>"),
        "/item" => table(request.get("id").unwrap_or_default()),
        "/item-safe" => {
            html(if request.get("id") == Some("7") { "<p>7 | pen | 2</p>" } else { "<p>0 rows</p>" })
        }
        _ => status(404, "no"),
    });
    assert_eq!(found(&scan(settings(&server.address))), ["sql-injection /item query id"]);
}

#[test]
fn errors_of_readers_of_objects_are_found() {
    let reader = |request: &Incoming, name: &str| {
        let sent = request.get(name).unwrap_or_default();
        if sent.starts_with("BAhv") {
            status(500, "<p>ArgumentError: marshal data too short</p>")
        } else {
            html("<p>kept</p>")
        }
    };
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => html("<a href='/cart?state=x'>c</a><a href='/cart-safe?state=x'>c</a>"),
        "/cart" => reader(request, "state"),
        "/cart-safe" => html("<p>kept</p>"),
        _ => status(404, "no"),
    });
    assert_eq!(found(&scan(settings(&server.address))), ["deserialization /cart query state"]);
}

#[test]
fn files_put_by_anyone_and_names_from_the_request_are_found() {
    let files: Mutex<Vec<(String, String)>> = Mutex::default();
    let open = Server::start(move |request| {
        let mut files = files.lock().expect("no holder panics");
        let at = files.iter().position(|(path, _)| *path == request.path);
        match (request.method.as_str(), at) {
            ("PUT", _) => {
                files.push((request.path.clone(), request.body.clone()));
                status(201, "")
            }
            ("DELETE", Some(at)) => {
                files.remove(at);
                status(204, "")
            }
            ("GET", Some(at)) => status(200, &files[at].1),
            _ if request.path == "/left" => html(files.len().to_string()),
            _ if request.path == "/" => {
                html(format!("<a href='http://{}/left'>x</a>", request.header("host").unwrap_or_default()))
            }
            _ => status(404, "no"),
        }
    });
    let rules = |address: &str| -> Vec<String> {
        let outcome = scan(settings(address));
        outcome.rules.iter().map(|rule| rule.id.to_string()).collect()
    };
    let found = rules(&open.address);
    assert!(found.contains(&"dast.put-method".to_owned()), "{found:?}");
    assert!(found.contains(&"dast.host-header".to_owned()), "{found:?}");
    let closed = Server::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => html("<a href='/left'>x</a>"),
        ("GET", _) => html("<p>welcome</p>"),
        _ => html(format!("<p>you sent {}</p>", request.body)),
    });
    let found = rules(&closed.address);
    assert!(
        !found.iter().any(|rule| rule.ends_with("put-method") || rule.ends_with("host-header")),
        "{found:?}"
    );
}

/// Orders by number. Only the safe reader looks whose they are.
fn orders(request: &Incoming) -> Outgoing {
    const OWNED: [(&str, &str, &str); 2] =
        [("ann", "411", "twelve blue kettles"), ("bob", "522", "a red lamp")];
    if request.path == "/openapi.json" {
        return json(
            200,
            r#"{"openapi":"3.0.0","paths":{"/orders":{"get":{}},
            "/order":{"get":{"parameters":[{"name":"id","in":"query","schema":{"type":"string"}}]}},
            "/order-safe":{"get":{"parameters":[{"name":"id","in":"query","schema":{"type":"string"}}]}},
            "/find":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":
            {"order_id":{"type":"integer"}}}}}}}}}}"#,
        );
    }
    let Some(user) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) else {
        return json(401, "{}");
    };
    let text = |order: &(&str, &str, &str)| format!(r#"{{"id":{},"text":"{}"}}"#, order.1, order.2);
    let one = |id: &str| OWNED.iter().find(|order| order.1 == id);
    let own = |order: &&(&str, &str, &str)| order.0 == user;
    let sent: serde_json::Value = serde_json::from_str(&request.body).unwrap_or_default();
    let found = match request.path.as_str() {
        "/orders" => OWNED.iter().find(own),
        "/order" => one(request.get("id").unwrap_or_default()),
        "/order-safe" => one(request.get("id").unwrap_or_default()).filter(own),
        "/find" => sent.get("order_id").and_then(|id| one(&id.as_u64()?.to_string())),
        _ => None,
    };
    found.map_or_else(|| json(404, "{}"), |order| json(200, &text(order)))
}

#[test]
fn objects_named_in_query_and_body_are_compared_between_users() {
    let server = Server::start(orders);
    let mut settings = settings(&server.address);
    settings.openapi = Some(Document::Url(format!("{}/openapi.json", server.address).parse().unwrap()));
    settings.auth = vec![bearer("ann"), bearer("bob")];
    let mut found = found(&scan(settings));
    found.retain(|line| line.starts_with("broken"));
    assert_eq!(
        found,
        ["broken-object-authorization /find json order_id", "broken-object-authorization /order query id"]
    );
}

#[test]
fn a_page_that_is_only_hidden_is_found() {
    let server = Server::start(|request| {
        let Some(user) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "))
        else {
            return status(401, "please sign in");
        };
        match request.path.as_str() {
            "/" if user == "ann" => {
                html("<a href=/staff/users>u</a><a href=/staff-safe/users>u</a><a href=/profile/ann>me</a>")
            }
            "/" => html("<a href=/profile/bob>me</a>"),
            "/staff/users" => html("<title>Users</title>\n<p>ann</p>\n<p>bob</p>\n<p>carl</p>"),
            "/staff-safe/users" if user == "ann" => html("<title>Users</title>\n<p>ann</p>"),
            "/profile/ann" => html("<p>this is ann</p>"),
            _ => status(403, "not for you"),
        }
    });
    let mut settings = settings(&server.address);
    settings.auth = vec![bearer("ann"), bearer("bob")];
    assert_eq!(found(&scan(settings)), ["missing-authorization /staff/users"]);
}

/// An interface of one field, `name`, that admits `limit` selections a query and `batch` queries a request.
fn interface(request: &Incoming, limit: usize, batch: usize) -> Outgoing {
    use serde_json::{Value, json};
    if request.path != "/graphql" || request.method != "POST" {
        return if request.path == "/" { html("<p>welcome</p>") } else { status(404, "no") };
    }
    let one = |query: &str| -> Value {
        let inner = query.trim_start_matches(|c| c != '{').trim_matches(['{', '}']);
        let mut data = serde_json::Map::new();
        let count =
            inner.split(' ').filter(|word| !word.starts_with('@')).count() + inner.matches('@').count();
        if count > limit {
            return json!({"errors": [{"message": "too much"}]});
        }
        for word in inner.split(' ').filter(|word| !word.is_empty() && !word.starts_with('@')) {
            let word = word.split('@').next().unwrap_or_default();
            match word.split_once(':').unwrap_or((word, word)) {
                (alias, "__typename") => data.insert(alias.to_owned(), json!("Query")),
                _ => return json!({"errors": [{"message": format!("no field {word}")}]}),
            };
        }
        json!({ "data": data })
    };
    let text = |value: &Value| value.get("query").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sent: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let answer = match &sent {
        Value::Array(all) if all.len() <= batch => all.iter().map(|query| one(&text(query))).collect(),
        Value::Array(_) => json!({"errors": [{"message": "too many"}]}),
        query => one(&text(query)),
    };
    json(200, &answer.to_string())
}

#[test]
fn queries_without_limits_are_found_and_limited_ones_are_not() {
    let open = Server::start(|request| interface(request, 10_000, 1_000));
    let lines = found(&scan(settings(&open.address)));
    for rule in ["graphql-aliases", "graphql-batching", "graphql-directives", "graphql-duplicate-fields"] {
        assert!(lines.contains(&format!("{rule} /graphql")), "{rule}: {lines:?}");
    }
    let limited = Server::start(|request| interface(request, 20, 5));
    let lines = found(&scan(settings(&limited.address)));
    assert!(!lines.iter().any(|line| line.starts_with("graphql-")), "{lines:?}");
}

/// Answers a search as a store would: some rows, none, or an error; the safe twins take the text as it is.
fn stores(request: &Incoming) -> Outgoing {
    let rows = |found: Option<bool>| match found {
        Some(true) => json(200, r#"[{"name":"ann","town":"Ulm"},{"name":"bob","town":"Graz"}]"#),
        Some(false) => json(200, "[]"),
        None => json(500, r#"{"error":"failed"}"#),
    };
    let sent: serde_json::Value = serde_json::from_str(&request.body).unwrap_or_default();
    let name = sent.get("name").cloned().unwrap_or_default();
    let exact = |text: &str| Some(matches!(text, "ann" | "bob"));
    let value = request.get("name").unwrap_or_default();
    match request.path.as_str() {
        "/openapi.json" => {
            let body = r#"{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object",
                "properties":{"name":{"type":"string","example":"ann"}}}}}}}}"#;
            json(200, &format!(r#"{{"openapi":"3.0.0","paths":{{"/people":{body},"/people-safe":{body}}}}}"#))
        }
        "/" => html(
            "<a href='/directory?name=ann'>d</a><a href='/directory-safe?name=ann'>d</a>\
             <a href='/staff?name=ann'>s</a><a href='/staff-safe?name=ann'>s</a>",
        ),
        // A document store: an object in place of a text asks by its operator.
        "/people" => rows(match &name {
            serde_json::Value::String(text) => exact(text),
            serde_json::Value::Object(asked) => match asked.iter().next() {
                Some((key, other)) if key == "$ne" => other.as_str().map(|other| other != "ann"),
                Some((key, other)) if key == "$eq" => other.as_str().and_then(exact),
                _ => None,
            },
            _ => None,
        }),
        "/people-safe" => rows(name.as_str().map_or(Some(false), exact)),
        // A directory: `(uid=…)` within `(&…)`, brackets have to match.
        "/directory" => {
            let depth = value.chars().try_fold(1_i32, |depth, c| match c {
                '(' => Some(depth + 1),
                ')' => (depth > 0).then_some(depth - 1),
                _ => Some(depth),
            });
            rows(match depth {
                Some(1) if value.starts_with("*)(!(") => Some(true),
                Some(1) if value.contains(")(") => Some(false),
                Some(1) => exact(value),
                _ => None,
            })
        }
        // A document asked by a path: `//staff[@name='…']`.
        "/staff" => {
            let condition = value.split_once("'or ").map(|(_, rest)| rest);
            rows(match condition {
                None if value.contains('\'') => None,
                None => exact(value),
                Some(condition) => {
                    let lengths: Vec<usize> = condition
                        .split("string-length('")
                        .skip(1)
                        .filter_map(|part| Some(part.split_once("')")?.0.len()))
                        .collect();
                    if let [one, two] = lengths[..] { Some(one == two) } else { None }
                }
            })
        }
        // A reader of another language, to which a star at the start is an error of its own.
        "/directory-safe" => rows(if value.starts_with('*') { Some(true) } else { exact(value) }),
        "/staff-safe" => rows(exact(value)),
        _ => status(404, "no"),
    }
}

#[test]
fn queries_of_other_stores_are_found_and_their_safe_twins_are_not() {
    let server = Server::start(stores);
    let mut settings = settings(&server.address);
    settings.openapi = Some(Document::Url(format!("{}/openapi.json", server.address).parse().unwrap()));
    let mut lines = found(&scan(settings));
    lines.retain(|line| line.contains("injection"));
    assert_eq!(
        lines,
        [
            "ldap-injection /directory query name",
            "nosql-injection /people json name",
            "xpath-injection /staff query name"
        ]
    );
}
