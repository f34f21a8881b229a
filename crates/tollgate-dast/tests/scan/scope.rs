//! A server that leads out of scope in every way known, and servers outside that must hear nothing.

use std::fs;

use tollgate_dast::Document;

use crate::server::{Outgoing, Server, html, redirect, status};
use crate::{found, scan, settings};

fn answer(headers: &[(&str, String)], body: &str) -> Outgoing {
    let mut all = vec![("Content-Type".to_owned(), "text/html".to_owned())];
    all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Outgoing::Answer { status: 200, headers: all, body: body.to_owned() }
}

fn typed(kind: &str, body: String) -> Outgoing {
    Outgoing::Answer { status: 200, headers: vec![("Content-Type".into(), kind.into())], body }
}

/// A page with every element and attribute that names an address.
fn elements(away: &str) -> String {
    let bare = away.trim_start_matches("http:");
    format!(
        "<html manifest='{away}/manifest'><head><link rel=next href='{away}/link-next'><link rel=stylesheet href='{away}/s.css'>\
         <link rel=preload as=script href='{away}/p.js'><meta http-equiv=refresh content='0; url={away}/refresh'>\
         <meta property=og:url content='{away}/og'><script src='{away}/script.js'></script>\
         <script type=importmap>{{\"imports\":{{\"a\":\"{away}/import.js\"}}}}</script></head>\
         <body background='{away}/background'><a href='{away}/a' ping='{away}/ping'>a</a><a href='{bare}/relative'>r</a>\
         <a href='//user:pass@{}/user'>u</a><a href='http:{away}/odd'>o</a><area href='{away}/area'>\
         <img src='{away}/i' srcset='{away}/i1 1x, {away}/i2 2x' longdesc='{away}/d'><iframe src='{away}/frame'></iframe>\
         <frame src='{away}/f'><embed src='{away}/e'><object data='{away}/o' codebase='{away}/'></object>\
         <video src='{away}/v' poster='{away}/vp'></video><audio src='{away}/au'></audio><track src='{away}/t'>\
         <source src='{away}/s' srcset='{away}/ss 2x'><blockquote cite='{away}/cite'></blockquote>\
         <form action='{away}/form'><input name=q><input type=submit formaction='{away}/formaction'></form>\
         <form method=post action='{bare}/post'><input name=q></form><button formaction='{away}/button'>b</button>\
         <input type=image src='{away}/input'><div data-href='{away}/data' hx-get='{away}/hx' onclick=\"location='{away}/click'\">\
         </div><svg><use href='{away}/use'/><image href='{away}/image'/></svg><!-- <a href='{away}/comment'>c</a> {away}/c2 -->\
         </body></html>",
        &away["http://".len()..],
    )
}

/// A script with every call that names an address.
fn calls(away: &str) -> String {
    let socket = away.replace("http:", "ws:");
    format!(
        "fetch('{away}/fetch'); axios.post(\"{away}/axios\", {{a: 1}}); const b = '{away}'; fetch(`${{b}}/t/${{id}}`);\
         var x = new XMLHttpRequest(); x.open('POST', '{away}/xhr'); $.getJSON('{away}/jquery'); new WebSocket('{socket}/ws');\
         new EventSource('{away}/events'); navigator.sendBeacon('{away}/beacon'); new URL('/u', '{away}');\
         importScripts('{away}/import.js'); new Worker('{away}/worker.js'); import('{away}/module.js'); location = '{away}/l';\
         $.ajax({{url: '{away}/ajax', type: 'PUT'}}); window.open('{away}/open'); //# sourceMappingURL={away}/s.map"
    )
}

#[test]
fn not_one_request_leaves_the_scope() {
    // The same host with another port, and another host, where the test is all that listens.
    let outside = [Server::start(|_| html("<a href=/more>more</a>")), {
        let handler = |_: &crate::server::Incoming| html("<a href=/more>more</a>");
        Server::start_at("127.0.0.2", handler)
    }];
    for away in outside.iter().map(|server| server.address.clone()) {
        let named = away.clone();
        let inside = Server::start(move |request| match request.path.as_str() {
            "/" => html(format!(
                "<a href=/elements>e</a><a href=/base>b</a><a href=/calls.js>s</a><a href=/headers>h</a><a href=/go/301>1</a>\
                 <a href=/go/303>3</a><a href=/go/307>7</a><a href=/go/308>8</a><a href=/chain>c</a><a href=/openapi.json>o</a>\
                 <a href='/next?url={away}/next'>n</a><a href=/feed.xml>f</a><a href=/graphql>g</a>"
            )),
            "/elements" => html(elements(&away)),
            "/base" => html(format!(
                "<base href='{away}/base/'><a href=inner>i</a><form action=send><input name=q></form>"
            )),
            "/calls.js" => typed("text/javascript", calls(&away)),
            "/headers" => answer(
                &[
                    ("Refresh", format!("0; url={away}/refresh-header")),
                    ("Link", format!("<{away}/link-header>; rel=next")),
                    ("Content-Location", format!("{away}/content")),
                    ("SourceMap", format!("{away}/map")),
                    ("Content-Security-Policy", format!("default-src 'self'; report-uri {away}/csp")),
                    ("Report-To", format!("{{\"endpoints\":[{{\"url\":\"{away}/report\"}}]}}")),
                    ("Alt-Svc", format!("h2=\"{}\"", &away["http://".len()..])),
                ],
                "<p>headers",
            ),
            "/chain" => redirect("/go/302"),
            "/next" => redirect(request.get("url").unwrap_or("/")),
            "/robots.txt" => {
                status(200, &format!("Sitemap: {away}/sitemap.xml\nDisallow: /secret\nHost: {away}"))
            }
            "/sitemap.xml" | "/feed.xml" => typed(
                "application/xml",
                format!(
                    "<?xml-stylesheet href='{away}/style.xsl'?><urlset><url><loc>{away}/loc</loc></url>\
                         <url><loc>/inside-loc</loc></url></urlset>"
                ),
            ),
            "/openapi.json" => typed(
                "application/json",
                format!(
                    "{{\"openapi\":\"3.0.0\",\"servers\":[{{\"url\":\"{away}/v1\"}}],\"externalDocs\":{{\"url\":\"{away}/docs\"}},\
                         \"paths\":{{\"/things\":{{\"servers\":[{{\"url\":\"{away}\"}}],\"get\":{{\"servers\":[{{\"url\":\"{away}\"}}],\
                         \"parameters\":[{{\"$ref\":\"{away}/p.json#/x\"}},{{\"name\":\"q\",\"in\":\"query\"}}]}}}}}}}}"
                ),
            ),
            "/graphql" => typed(
                "application/json",
                format!("{{\"data\":{{\"__typename\":\"Q\",\"url\":\"{away}/graphql\"}}}}"),
            ),
            path if path.starts_with("/go/") => Outgoing::Answer {
                status: path[4..].parse().unwrap_or(302),
                headers: vec![("Location".into(), format!("{away}/redirected"))],
                body: String::new(),
            },
            _ => status(404, "no"),
        });
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: String| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            Document::File(path)
        };
        let mut settings = settings(&inside.address);
        settings.har = Some(file(
            "traffic.har",
            format!(
                "{{\"log\":{{\"entries\":[{{\"request\":{{\"method\":\"GET\",\"url\":\"{named}/har\",\"headers\":[]}}}}]}}}}"
            ),
        ));
        settings.postman = Some(file(
            "collection.json",
            format!(
                "{{\"item\":[{{\"request\":{{\"method\":\"POST\",\"url\":{{\"raw\":\"{named}/postman\"}}}}}}]}}"
            ),
        ));
        let outcome = scan(settings);
        for server in &outside {
            assert_eq!(server.hits(), 0, "{:?}", server.paths());
        }
        let paths = inside.paths();
        for path in ["/secret", "/inside-loc", "/v1/things?q", "/elements", "/base", "/headers"] {
            assert!(paths.iter().any(|have| have.starts_with(path)), "{path} was not asked for: {paths:?}");
        }
        let lines = found(&outcome);
        assert!(lines.iter().any(|line| line == "open-redirect /next query url"), "{lines:?}");
    }
}
