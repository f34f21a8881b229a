//! Stored values, sessions and users who are compared.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tollgate_dast::{AuthMethod, Document, Indicators, Secret, UserAuth};

use crate::server::{Incoming, Outgoing, Server, html, redirect, status};
use crate::{found, scan, settings};

#[test]
fn stored_script_is_found_where_it_shows() {
    let entries: Mutex<Vec<(String, String)>> = Mutex::default();
    let server = Server::start(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/sign") => {
            let value = |name: &str| request.form(name).unwrap_or_default();
            entries.lock().expect("no holder panics").push((value("title"), value("text")));
            redirect("/book")
        }
        (_, "/book") => {
            let shown: String = entries
                .lock()
                .unwrap()
                .iter()
                .map(|(title, text)| format!("<h2>{}</h2><p>{text}</p>", title.replace('<', "&lt;")))
                .collect();
            html(shown)
        }
        (_, "/") => html(
            "<a href=/book>book</a><form method=post action=/sign><input name=title><textarea name=text></textarea>\
             <input type=submit></form>",
        ),
        _ => status(404, "no"),
    });
    let outcome = scan(settings(&server.address));
    assert_eq!(found(&outcome), ["xss-stored /sign form text"]);
}

fn json(code: u16, body: &str) -> Outgoing {
    let headers = vec![("Content-Type".into(), "application/json".into())];
    Outgoing::Answer { status: code, headers, body: body.into() }
}

const DESCRIPTION: &str = r#"{"openapi":"3.0.0","paths":{
    "/open/notes":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":
        {"name":{"type":"string"},"text":{"type":"string"}}}}}}}},
    "/open/notes/{name}":{"get":{"parameters":[{"name":"name","in":"path","schema":{"type":"string"}}]}},
    "/safe/notes":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":
        {"name":{"type":"string"},"text":{"type":"string"}}}}}}}},
    "/safe/notes/{name}":{"get":{"parameters":[{"name":"name","in":"path","schema":{"type":"string"}}]}}}}"#;

/// Notes as `(folder, owner, name, text)`. In `/safe` only the owner reads a note.
type Notes = Mutex<Vec<(String, String, String, String)>>;

fn notes(request: &Incoming, notes: &Notes) -> Outgoing {
    if request.path == "/openapi.json" {
        return json(200, DESCRIPTION);
    }
    let Some(user) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) else {
        return json(401, "{}");
    };
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", [folder, "notes"]) => {
            let text = |key: &str| {
                let at = request.body.find(&format!("\"{key}\":\"")).map(|at| at + key.len() + 4);
                at.map(|at| request.body[at..].split('"').next().unwrap_or_default().to_owned())
                    .unwrap_or_default()
            };
            let note = ((*folder).to_owned(), user.to_owned(), text("name"), text("text"));
            notes.lock().expect("no holder panics").push(note);
            json(201, "{}")
        }
        ("GET", [folder, "notes", name]) => {
            let notes = notes.lock().expect("no holder panics");
            let found = notes
                .iter()
                .find(|(f, owner, n, _)| f == folder && n == name && (*folder == "open" || owner == user));
            found.map_or_else(|| json(404, "{}"), |note| json(200, &format!("{{\"text\":\"{}\"}}", note.3)))
        }
        _ => json(404, "{}"),
    }
}

fn bearer(name: &str) -> UserAuth {
    UserAuth {
        name: name.into(),
        method: AuthMethod::Bearer(Secret::Value(name.into())),
        indicators: Indicators::default(),
    }
}

#[test]
fn a_note_that_others_read_is_found_and_one_they_cannot_is_not() {
    let kept = Notes::default();
    let server = Server::start(move |request| notes(request, &kept));
    let mut settings = settings(&server.address);
    settings.openapi = Some(Document::Url(format!("{}/openapi.json", server.address).parse().unwrap()));
    settings.auth = vec![bearer("ann"), bearer("bob")];
    let found = found(&scan(settings));
    assert!(
        found.contains(&"broken-object-authorization /open/notes/{name} path name".to_owned()),
        "{found:?}"
    );
    assert!(!found.iter().any(|line| line.contains("broken-object") && line.contains("/safe/")), "{found:?}");
}

#[test]
fn a_lost_session_is_renewed() {
    let logins = std::sync::Arc::new(AtomicUsize::new(0));
    let counter = std::sync::Arc::clone(&logins);
    let server = Server::start(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/login") => {
            let right = request.form("user").as_deref() == Some("ann")
                && request.form("pass").as_deref() == Some("secret")
                && request.form("csrf").as_deref() == Some("tok-12345678");
            counter.fetch_add(usize::from(right), Ordering::SeqCst);
            Outgoing::Answer {
                status: 302,
                headers: vec![
                    ("Set-Cookie".into(), format!("sid=s{}; Path=/", if right { "1" } else { "0" })),
                    ("Location".into(), "/".into()),
                ],
                body: String::new(),
            }
        }
        (_, "/login") => html(
            "<form method=post><input name=user><input type=password name=pass><input type=hidden name=csrf \
             value=tok-12345678><input type=submit></form>",
        ),
        _ if request.header("cookie").is_some_and(|cookie| cookie.contains("sid=s1")) => {
            html("<p>hello ann</p><a href=/logout>out</a><a href=/inner>inner</a>")
        }
        _ => status(401, "please sign in"),
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.auth.push(UserAuth {
        name: "ann".into(),
        method: AuthMethod::Form {
            page: "/login".into(),
            username: Secret::Value("ann".into()),
            password: Secret::Value("secret".into()),
            username_field: None,
            password_field: None,
        },
        indicators: Indicators { logged_in: Some("hello ann".into()), ..Indicators::default() },
    });
    let outcome = scan(settings);
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
    assert_eq!(logins.load(Ordering::SeqCst), 1);
    assert!(server.paths().contains(&"/inner".to_owned()));
    assert!(!server.paths().contains(&"/logout".to_owned()), "links that end the session are left alone");
}

#[test]
fn a_page_of_one_user_that_caches_keep_is_found_and_one_for_all_is_not() {
    let server = Server::start(|request| {
        let user =
            request.header("cookie").and_then(|line| line.split_once("user=")).map_or("", |(_, name)| name);
        let changed = ("Last-Modified", "Sun, 01 Nov 2020 00:00:00 GMT");
        let (headers, body) = match request.path.as_str() {
            "/" => {
                let links = ["account", "account-safe", "board", "board-safe", "about", "prices", "varied"];
                (vec![], links.map(|link| format!("<a href='/{link}'>l</a>")).concat())
            }
            "/account" => (vec![changed], format!("<p>welcome {user}</p>")),
            "/account-safe" => {
                (vec![changed, ("Cache-Control", "private")], format!("<p>welcome {user}</p>"))
            }
            "/board" => (vec![("Cache-Control", "max-age=600")], format!("<p>notes of {user}</p>")),
            "/board-safe" => (vec![("Cache-Control", "no-store")], format!("<p>notes of {user}</p>")),
            "/about" => (vec![changed], "<p>about us</p>".to_owned()),
            "/prices" => (vec![("Cache-Control", "public, max-age=600")], "<p>twelve</p>".to_owned()),
            "/varied" => (vec![changed, ("Vary", "Cookie")], format!("<p>welcome {user}</p>")),
            _ => return status(404, "no"),
        };
        let own = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let headers = own.chain([("Content-Type".to_owned(), "text/html".to_owned())]).collect();
        Outgoing::Answer { status: 200, headers, body }
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.auth.push(UserAuth {
        name: "ann".into(),
        method: AuthMethod::Cookies(vec![("user".into(), Secret::Value("ann".into()))]),
        indicators: Indicators::default(),
    });
    let mut lines = found(&scan(settings));
    lines.retain(|line| line.starts_with("private-page-cached"));
    assert_eq!(lines, ["private-page-cached /account", "private-page-cached /board"]);
}
