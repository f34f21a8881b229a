//! Applications that scripts put together, opened in a headless browser.

use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{found, scan, settings};

/// Whether a browser is installed; without one the tests say so, and fail where it is required.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn has_browser() -> bool {
    let names =
        ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).any(|folder| names.iter().any(|name| folder.join(name).is_file()));
    assert!(found || std::env::var_os("TOLLGATE_REQUIRE_BROWSER").is_none(), "no browser is installed");
    if !found {
        eprintln!("SKIPPED: no browser is installed; `apt-get install chromium` brings one");
    }
    found
}

fn json(body: &str) -> Outgoing {
    Outgoing::Answer {
        status: 200,
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: body.into(),
    }
}

/// An application whose addresses no text holds: `L2FwaS9oaWRkZW4=` is one of them in base64.
fn application(request: &Incoming, away: &str) -> Outgoing {
    let script = format!(
        "const at = atob; fetch(at('L2FwaS9oaWRkZW4=')).then(r => r.json()).then(d => {{\
         document.getElementById('app').innerHTML = '<a href=' + d.link + '>l</a><a href=\"#/about\">about</a>\
         <button id=press>press</button><button id=out>Logout</button>';\
         document.getElementById('press').onclick = () => fetch(at('L2FwaS9wcmVzc2Vk'), {{method: 'POST',\
         headers: {{'Content-Type': 'application/json', 'X-Own': '1'}}, body: JSON.stringify({{name: 'x', size: 2}})}});\
         document.getElementById('out').onclick = () => fetch('/logout'); }});\
         window.onhashchange = show; show(); function show() {{ if (location.hash == '#/about') fetch(at('L2FwaS9hYm91dA==')); }}\
         const s = '{away}'; fetch(s + '/fetch').catch(() => 0); new Image().src = s + '/image';\
         navigator.sendBeacon(s + '/beacon', 'x'); try {{ new WebSocket(s.replace('http', 'ws') + '/socket') }} catch (_) {{}};\
         new EventSource(s + '/events'); window.open(s + '/open'); let f = document.createElement('iframe');\
         f.src = s + '/frame'; document.body.append(f); new Worker(URL.createObjectURL(new Blob([`fetch('${{s}}/worker')`])));\
         try {{ new RTCPeerConnection({{iceServers: [{{urls: 'stun:' + s.slice(7)}}]}}).createOffer() }} catch (_) {{}};\
         setTimeout(() => {{ let l = document.createElement('link'); l.rel = 'prefetch'; l.href = s + '/prefetch';\
         document.head.append(l); let p = document.createElement('link'); p.rel = 'preconnect'; p.href = s;\
         document.head.append(p) }}, 50)"
    );
    match request.path.as_str() {
        "/" => html("<body><div id=app></div><script src=/app.js></script>"),
        "/app.js" => Outgoing::Answer {
            status: 200,
            headers: vec![("Content-Type".into(), "text/javascript".into())],
            body: script,
        },
        "/api/hidden" => json("{\"link\": \"/inner\"}"),
        "/api/about" | "/api/pressed" => json("{}"),
        "/inner" => html("<p>inner"),
        _ => status(404, "no"),
    }
}

#[test]
fn scripts_run_and_nothing_leaves_the_scope() {
    if !has_browser() {
        return;
    }
    let outside = Server::start(|_| html("outside"));
    let away = outside.address.clone();
    let server = Server::start(move |request| application(request, &away));
    let mut settings = settings(&server.address);
    settings.browser = true;
    let outcome = scan(settings);
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
    let paths = server.paths();
    for path in ["/api/hidden", "/api/about", "/api/pressed", "/inner"] {
        assert!(paths.iter().any(|have| have == path), "{path} was not asked for: {paths:?}");
    }
    assert!(!paths.iter().any(|path| path == "/logout"));
    assert_eq!(outside.hits(), 0, "{:?}", outside.paths());
}

#[test]
fn script_from_outside_is_proved_by_running_it() {
    if !has_browser() {
        return;
    }
    let server = Server::start(|request| {
        let script = |text: &str| html(format!("<body><p id=o></p><script>{text}</script>"));
        match request.path.as_str() {
            "/" => html(
                [
                    "hash",
                    "hash-safe",
                    "query?q=a",
                    "query-safe?q=a",
                    "message",
                    "message-safe",
                    "name",
                    "endless",
                    "jump",
                ]
                .map(|name| format!("<a href=/{name}>x</a>"))
                .concat(),
            ),
            "/hash" => script("o.innerHTML = decodeURIComponent(location.hash.slice(1))"),
            "/hash-safe" => script("o.textContent = decodeURIComponent(location.hash.slice(1))"),
            "/query" => script("o.innerHTML = new URLSearchParams(location.search).get('q')"),
            "/query-safe" => script(
                "let t = new URLSearchParams(location.search).get('q').replace(/[<>&]/g, ''); o.innerHTML = t",
            ),
            "/message" => script("addEventListener('message', e => { o.innerHTML = e.data.text })"),
            "/message-safe" => script(
                "addEventListener('message', e => { if (e.origin === location.origin) o.innerHTML = e.data.text })",
            ),
            "/name" => script("eval(window.name)"),
            "/jump" => script("if (location.hash) location = location.hash.slice(1)"),
            "/endless" => script("if (location.hash) while (true) {}"),
            _ => status(404, "no"),
        }
    });
    let mut settings = settings(&server.address);
    settings.browser = true;
    let outcome = scan(settings);
    let mut lines = found(&outcome);
    lines.retain(|line| line.starts_with("xss-dom"));
    assert_eq!(
        lines,
        ["xss-dom /hash", "xss-dom /jump", "xss-dom /message", "xss-dom /name", "xss-dom /query"],
        "{:?}",
        outcome.diagnostics
    );
    assert!(
        !found(&outcome).contains(&"dom-xss /hash".to_owned()),
        "what is proved is not suspected as well"
    );
}

#[test]
fn views_beyond_the_page_budget_are_told() {
    if !has_browser() {
        return;
    }
    let server = Server::start(|request| match request.path.as_str() {
        "/" => {
            html((0..9).map(|n| format!("<a href='#/{n}'>v</a>")).collect::<String>() + "<script>1</script>")
        }
        _ => status(404, "no"),
    });
    let mut settings = settings(&server.address);
    (settings.browser, settings.active, settings.max_pages) = (true, false, 4);
    let outcome = scan(settings);
    assert!(!outcome.is_complete());
    let told = "5 pages with scripts were not opened in the browser: there are more than 4 pages";
    assert!(outcome.diagnostics.iter().any(|one| one.message.starts_with(told)), "{:?}", outcome.diagnostics);
}

#[test]
fn a_browser_that_is_asked_for_and_missing_is_told() {
    if has_browser() {
        return;
    }
    let server = Server::start(|_| html("<p>plain"));
    let mut settings = settings(&server.address);
    settings.browser = true;
    settings.active = false;
    let outcome = scan(settings);
    assert!(!outcome.is_complete());
    assert!(outcome.diagnostics.iter().any(|diagnostic| diagnostic.message.contains("no browser was found")));
}
