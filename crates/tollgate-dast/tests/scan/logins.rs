//! Sessions, logins, uploads and filters, each with a safe twin.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{found, scan, settings};

fn with_cookie(cookie: String) -> Outgoing {
    Outgoing::Answer {
        status: 200,
        headers: vec![("Content-Type".into(), "text/html".into()), ("Set-Cookie".into(), cookie)],
        body: "<p>welcome</p>".into(),
    }
}

/// The elements of the text whose name is admitted, or nothing where there is none.
fn only(text: &str, name: &str) -> Option<String> {
    let at = text.find(&format!("<{name} "))?;
    let end = text[at..].find('>')? + at;
    Some(text[at..=end].to_owned())
}

#[test]
fn flaws_around_logins_are_found_and_their_safe_twins_are_not() {
    let (count, tries) = (AtomicU64::new(40), AtomicU64::new(0));
    let kept = Mutex::new(Vec::<(String, String)>::new());
    let form = |action: &str| {
        format!(
            "<form action={action} method=post><input name=user><input type=password name=password>\
             <input type=submit name=go value=Login></form>"
        )
    };
    let upload = |action: &str| {
        format!(
            "<form action={action} method=post enctype=multipart/form-data><input type=file name=f></form>"
        )
    };
    let handler = move |request: &Incoming| match request.path.as_str() {
        "/" => html(format!(
            "{}{}{}{}<a href=/start>s</a><a href=/start-safe>s</a><a href='/tags?q=x'>t</a><a href='/tags-safe?q=x'>t</a>\
             <a href=/difficulty/hard>d</a>",
            form("/login"),
            form("/login-safe"),
            upload("/keep"),
            upload("/keep-safe"),
        )),
        "/login" => html("<p>wrong</p>"),
        "/login-safe" if tries.fetch_add(1, Ordering::Relaxed) > 10 => status(429, "<p>later</p>"),
        "/login-safe" => html("<p>wrong</p>"),
        "/start" => with_cookie(format!("sessionid={}; Path=/start", count.fetch_add(1, Ordering::Relaxed))),
        "/start-safe" => {
            let number = count.fetch_add(1, Ordering::Relaxed).wrapping_mul(7_046_029_254_386_353_131) >> 1;
            with_cookie(format!("sessionid={number}; Path=/start-safe"))
        }
        "/tags" => {
            only(request.get("q").unwrap_or_default(), "img").map_or_else(|| status(400, "no picture"), html)
        }
        "/tags-safe" => only(request.get("q").unwrap_or_default(), "img")
            .map_or_else(|| status(400, "no picture"), |_| html("<img src=x>")),
        "/keep" | "/keep-safe" => {
            let name = request.body.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next());
            let code = request.body.split("strrev('").nth(1).and_then(|rest| rest.split('\'').next());
            let (Some(name), Some(word)) = (name, code) else { return html("<p>nothing</p>") };
            let run = request.path == "/keep";
            let text =
                if run { word.chars().rev().collect() } else { format!("<?php echo strrev('{word}');") };
            kept.lock().unwrap().push((format!("/kept/{name}"), text));
            html(format!("<p>stored as kept/{name}</p>"))
        }
        "/difficulty/hard" => panic!("the link changes something"),
        path => match kept.lock().unwrap().iter().find(|(have, _)| have == path) {
            Some((_, text)) => html(text.clone()),
            None => status(404, "<p>no</p>"),
        },
    };
    let server = Server::start(handler);
    let outcome = scan(settings(&server.address));
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
    let mut lines = found(&outcome);
    lines.retain(|line| !line.starts_with("cookie-"));
    assert_eq!(
        lines,
        [
            "login-not-limited /login",
            "predictable-session /start cookie sessionid",
            "unrestricted-upload /keep",
            "xss-reflected /tags query q",
        ]
    );
    assert!(!server.paths().iter().any(|path| path == "/difficulty/hard"));
}
