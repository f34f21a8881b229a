//! Cookies that a site sets for all its pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::server::{Incoming, Outgoing, Server, html};
use crate::{found, scan, settings};

const PAGES: [&str; 14] = [
    "about", "basket", "careers", "delivery", "events", "faq", "gifts", "help", "imprint", "jobs", "kitchen",
    "lamps", "news", "offers",
];

/// The value of a cookie, as frameworks hand it on.
fn cookie(request: &Incoming, name: &str) -> String {
    let line = request.header("cookie").unwrap_or_default();
    let pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.into_iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value);
    percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned()
}

#[test]
fn a_cookie_of_the_whole_site_is_tried_where_it_counts() {
    let tried: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let counts = Arc::clone(&tried);
    let server = Server::start(move |request| {
        let theme = cookie(request, "theme");
        if !matches!(&*theme, "" | "dark") {
            *counts.lock().unwrap().entry(request.path.clone()).or_default() += 1;
        }
        match request.path.as_str() {
            "/" => {
                let links = PAGES.map(|page| format!("<a href='/{page}'>p</a>")).concat();
                let headers = vec![
                    ("Content-Type".into(), "text/html".into()),
                    ("Set-Cookie".into(), "theme=dark; Path=/; HttpOnly; SameSite=Lax".into()),
                ];
                Outgoing::Answer { status: 200, headers, body: links }
            }
            // Only this page reads it, and it comes late.
            "/news" => html(format!("<p class={theme}>news</p>")),
            "/offers" => {
                html(format!("<p class={}>offers</p>", if theme == "dark" { "dark" } else { "light" }))
            }
            path => html(format!("<p>{path}</p>")),
        }
    });
    assert_eq!(found(&scan(settings(&server.address))), ["xss-reflected /news cookie theme"]);
    let tried = tried.lock().unwrap();
    let many =
        tried.iter().filter(|(_, count)| **count > 5).map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    assert!(many.contains(&"/news") && many.len() <= 6, "{tried:?}");
    for path in ["/lamps", "/offers"] {
        assert!((1..=5).contains(&tried[path]), "{path}: {tried:?}");
    }
}
