//! Targets that try to hold the scanner up or lead it astray.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::server::{Outgoing, Server, html, redirect, status};
use crate::{scan, settings};

#[test]
fn not_one_request_leaves_the_scope() {
    let outside = Server::start(|_| html("<a href=/more>more</a>"));
    let away = outside.address.clone();
    let inside = Server::start(move |request| match request.path.as_str() {
        "/" => html(format!(
            "<base href=\"/\"><a href='{away}/link'>x</a><img src='{away}/image'><script src='{away}/script.js'></script>\
             <form action='{away}/form'><input name=q></form><iframe src='{away}/frame'></iframe>\
             <meta http-equiv=refresh content='0; url={away}/refresh'><a href='/go'>go</a><a href='/chain'>chain</a>\
             <script>fetch('{away}/api')</script><a href='/next?url={}'>n</a><!-- {away}/comment -->",
            away
        )),
        "/go" => redirect(&format!("{away}/redirected")),
        "/chain" => redirect("/go"),
        "/next" => redirect(request.get("url").unwrap_or("/")),
        "/robots.txt" => status(200, &format!("Sitemap: {away}/sitemap.xml\nDisallow: /secret")),
        _ => status(404, "no"),
    });
    let outcome = scan(settings(&inside.address));
    assert_eq!(outside.paths(), Vec::<String>::new());
    assert!(inside.hits() > 10);
    assert!(inside.paths().iter().any(|path| path == "/secret"));
    assert!(
        crate::found(&outcome).iter().any(|line| line == "open-redirect /next query url"),
        "{outcome:#?}"
    );
}

fn check_bounded(server: &Server, limit: Duration) {
    let started = Instant::now();
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.max_pages = 60;
    let outcome = scan(settings);
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
    assert!(!outcome.findings.is_empty() || !outcome.is_complete());
}

#[test]
fn endless_pages_end_with_the_page_budget() {
    let server = Server::start(|request| {
        let here = request.path.trim_matches('/').to_owned();
        html(format!("<a href='/{here}a/'>a</a><a href='/{here}b/'>b</a><a href='?p={here}'>p</a>"))
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.max_pages = 50;
    settings.max_depth = 1_000;
    let outcome = scan(settings);
    assert!(server.hits() < 80);
    assert!(!outcome.is_complete(), "a crawl that was cut short is incomplete");
}

#[test]
fn huge_bodies_and_many_links_are_read_in_part() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => {
            let links: String = (0..100_000).map(|n| format!("<a href='/p{n}'>x</a>")).collect();
            html(format!("<a href=/big>big</a>{links}"))
        }
        "/big" => Outgoing::ByHand(Box::new(|stream| {
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1073741824\r\n\r\n",
            );
            let block = vec![b'x'; 1 << 16];
            while stream.write_all(&block).is_ok() {}
        })),
        _ => html("page"),
    });
    check_bounded(&server, Duration::from_secs(60));
}

#[test]
fn redirect_loops_broken_answers_and_wrong_bytes_are_passed_over() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => html(
            "<a href=/loop>l</a><a href=/broken>b</a><a href=/bytes>y</a><a href=/cut>c</a><a href=/fine>f</a>",
        ),
        "/loop" => redirect("/loop2"),
        "/loop2" => redirect("/loop"),
        "/broken" => Outgoing::ByHand(Box::new(|stream| {
            let _ = stream.write_all(b"\x00\xff\x13 not http at all\r\n\r\n");
        })),
        "/bytes" => Outgoing::ByHand(Box::new(|stream| {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nX-\xff: \xfe\r\nContent-Length: 4\r\n\r\n\xff\xfe<\xc3");
        })),
        "/cut" => Outgoing::ByHand(Box::new(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nshort");
        })),
        "/fine" => status(500, "Traceback (most recent call last):\n"),
        _ => status(404, "no"),
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    let outcome = scan(settings);
    assert!(crate::found(&outcome).contains(&"stack-trace /fine".to_owned()), "{:?}", crate::found(&outcome));
}

#[test]
fn a_slow_answer_does_not_hold_up_the_others() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => html("<a href=/slow>s</a><a href=/fine>f</a>"),
        "/slow" => Outgoing::ByHand(Box::new(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n");
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(300));
            }
        })),
        _ => html("fine"),
    });
    check_bounded(&server, Duration::from_secs(40));
}

#[test]
fn a_target_that_is_not_there_or_dies_is_never_clean() {
    let outcome = scan(settings("http://127.0.0.1:9/"));
    assert!(!outcome.is_complete());
    let server = Server::start(|_| {
        Outgoing::ByHand(Box::new(|stream| {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }))
    });
    assert!(!scan(settings(&server.address)).is_complete());
}

#[test]
fn a_refused_login_is_never_clean() {
    use tollgate_dast::{AuthMethod, Indicators, Secret, UserAuth};
    let server = Server::start(|request| match request.path.as_str() {
        "/login" => {
            html("<form method=post><input name=u><input type=password name=p></form> please sign in")
        }
        _ => html("please sign in"),
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.auth.push(UserAuth {
        name: "ann".into(),
        method: AuthMethod::Form {
            page: "/login".into(),
            username: Secret::Value("ann".into()),
            password: Secret::Value("wrong".into()),
            username_field: None,
            password_field: None,
        },
        indicators: Indicators { logged_out: Some("please sign in".into()), ..Indicators::default() },
    });
    assert!(!scan(settings).is_complete());
}

#[test]
fn without_consent_no_payload_is_sent() {
    let server =
        Server::start(|_| html("<a href='/?q=1'>q</a><form method=post action=/save><input name=a></form>"));
    let mut settings = settings(&server.address);
    settings.active = false;
    scan(settings);
    assert!(server.paths().iter().all(|path| !path.contains("save") && !path.contains('\'')));
    assert!(server.hits() < 10);
}
