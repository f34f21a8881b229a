//! Script that an address brings into a page, proved by running it: a function with a random name is called
//! by the payload and by nothing else.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::StreamExt;
use regex::Regex;

use super::{BrowserError, Plan, TABS};
use crate::discover::SiteMap;
use crate::engine::{Claim, Engine};
use crate::message::Template;
use crate::scope::InScopeUrl;
use crate::token::Tokens;

/// The check that claims what ran.
const RULE: &str = "dast.xss-dom";

/// The check that claims what only looks as if it ran.
const SUSPECTED: &str = "dast.dom-xss";

/// Ways that are tried on one page.
const MAX_WAYS: usize = 12;

/// Payloads made for places that parse, run or follow a text; `CALL` becomes the call. The first one breaks
/// out of attributes too.
const MARKUP: [&str; 2] = ["'\"><img src=x onerror=CALL>", "<img src=x onerror=CALL>"];
const CODE: [&str; 2] = ["CALL", "'-CALL-'"];
const ADDRESSES: [&str; 2] = ["javascript:CALL", "data:text/javascript,CALL"];

/// Presses what a payload may hide behind; nothing that leads on or sends a form by itself.
const PRESS_ALL: &str = "document.querySelectorAll('a[href^=\"javascript:\"],area[href^=\"javascript:\"]').forEach(e => e.click());\
    document.querySelectorAll('form[action^=\"javascript:\"]').forEach(e => e.submit());\
    [...document.querySelectorAll('*')].filter(e => !e.closest('a[href],form,button')).slice(0,200)\
    .forEach(e => e.click && e.click());''";

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is a literal"));
    };
}

// Names that scripts read from the query.
pattern!(READ, r#"(?:\.get|getParameter|getParam|param)\(\s*["'`]([\w.-]{1,30})["'`]"#);
// `page=`, as scripts cut it from the fragment.
pattern!(NAMED, r#"["'`][#?&]?([\w-]{1,24}=)["'`]"#);
// `e.data.text`
pattern!(KEY, r"\.data\.([A-Za-z_]\w{0,30})");
// `let content = JSON.parse(`
pattern!(PARSED, r"([A-Za-z_$][\w$]{0,30})\s*=\s*JSON\.parse\(");
// `action === 'exec'`
pattern!(COMPARED, r#"([A-Za-z_]\w{0,30})\s*={2,3}\s*["'`]([^"'`\\]{1,30})["'`]"#);
// `onclick=`
pattern!(HANDLER, r"\bon[a-z]{4,12}\s*=");

/// A way in which an attacker's page hands text to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    Fragment,
    /// The fragment behind a name, as in `#page=`.
    NamedFragment(String),
    /// The whole query.
    Query,
    Parameter(String),
    WindowName,
    Message,
    /// An object: the text under every name but those that the script compares with a word.
    ObjectMessage(Vec<(String, Option<String>)>),
}

/// Tries every page with scripts that read what others choose.
pub(crate) async fn run(engine: &Engine, map: &SiteMap) {
    let Some(browser) = &engine.browser else { return };
    if !engine.checks.enabled(RULE) {
        return;
    }
    engine.phase("scripts of pages");
    let left = AtomicUsize::new(0);
    let gone = AtomicBool::new(false);
    futures_util::stream::iter(&map.scripted)
        .for_each_concurrent(TABS, async |(page, text)| {
            if gone.load(Ordering::Relaxed) || engine.client.halted().is_some() {
                left.fetch_add(1, Ordering::Relaxed);
                return;
            }
            match try_page(engine, browser, page, text).await {
                Ok(()) => {}
                Err(BrowserError::Gone) => gone.store(true, Ordering::Relaxed),
                Err(error) => {
                    engine.warn(format!("`{page}` was not tried to the end in the browser: {error}"));
                }
            }
        })
        .await;
    let (left, all) = (left.into_inner(), map.scripted.len());
    if gone.into_inner() {
        engine.fail("the browser ended before all scripts of pages were tried".to_owned());
    } else if let Some(halt) = engine.client.halted()
        && left > 0
    {
        engine.fail(format!("scripts of {left} of {all} pages were not tried in the browser: {halt}"));
    }
}

/// Tries all ways until one leads to a script that runs.
async fn try_page(
    engine: &Engine,
    browser: &super::Browser,
    page: &InScopeUrl,
    text: &str,
) -> Result<(), BrowserError> {
    for way in ways(page, text) {
        if proved(engine, browser, page, (&way, text)).await? {
            break;
        }
    }
    Ok(())
}

/// The ways that the scripts of a page may listen to.
fn ways(page: &InScopeUrl, text: &str) -> Vec<Way> {
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let words = |pattern: &Regex| -> BTreeSet<String> {
        pattern.captures_iter(text).map(|found| found[1].to_owned()).take(3).collect()
    };
    let whole =
        holds(&["document.URL", "documentURI", "baseURI", ".href", "location)", "location;", "location."]);
    let mut out = Vec::new();
    if whole || holds(&["hash"]) {
        out.push(Way::Fragment);
        out.extend(words(&NAMED).into_iter().map(Way::NamedFragment));
    }
    if whole && !holds(&["location.hash"]) || holds(&["search", "URLSearchParams"]) {
        let own: BTreeSet<String> = page.url().query_pairs().map(|(name, _)| name.into_owned()).collect();
        let read = words(&READ).into_iter().filter(|name| !own.contains(name)).collect::<Vec<_>>();
        out.extend(own.iter().cloned().chain(read).map(Way::Parameter));
        out.push(Way::Query);
    }
    if holds(&["window.name", "self.name", "top.name"]) {
        out.push(Way::WindowName);
    }
    if holds(&["onmessage", "\"message\"", "'message'"]) {
        out.push(Way::Message);
        out.extend(messages(text));
    }
    out.truncate(MAX_WAYS);
    out
}

/// Messages with every name that the script reads; one for each word that it compares a name with.
fn messages(text: &str) -> Vec<Way> {
    let mut keys: BTreeSet<String> =
        KEY.captures_iter(text).map(|found| found[1].to_owned()).take(8).collect();
    for parsed in PARSED.captures_iter(text).take(3) {
        let start = format!("{}.", &parsed[1]);
        let names = text.split(start.as_str()).skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').take(30).collect::<String>()
        });
        keys.extend(names.filter(|name| !name.is_empty()).take(8));
    }
    if keys.is_empty() {
        return Vec::new();
    }
    let plain = || keys.iter().map(|key| (key.clone(), None));
    let mut out = vec![Way::ObjectMessage(plain().collect())];
    for found in COMPARED.captures_iter(text).filter(|found| keys.contains(&found[1])).take(6) {
        let fixed = plain().map(|(key, _)| {
            let word = (key == found[1]).then(|| found[2].to_owned());
            (key, word)
        });
        out.push(Way::ObjectMessage(fixed.collect()));
    }
    out
}

/// The payloads that a script with this text may run when they come this way.
fn payloads(way: &Way, text: &str) -> Vec<&'static str> {
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let address = matches!(way, Way::Fragment | Way::NamedFragment(_) | Way::Query | Way::Parameter(_));
    // Browsers encode the signs of markup in addresses, so a script must decode them first.
    let intact = !address || holds(&["decodeURI", "unescape", "URLSearchParams", "searchParams"]);
    let parses =
        holds(&["HTML", "document.write", "srcdoc", "createContextualFragment", ".html(", "$(", ".append("]);
    let runs =
        holds(&["eval", "setTimeout", "setInterval", "Function", "execScript"]) || HANDLER.is_match(text);
    let follows = holds(&[
        "src",
        "href",
        "action",
        "open(",
        "location =",
        "location=",
        "assign(",
        "replace(",
        "import(",
    ]);
    let mut out = Vec::new();
    if parses && intact {
        out.extend(MARKUP);
    }
    if runs {
        out.extend(CODE);
    }
    if follows {
        out.extend(ADDRESSES);
    }
    out
}

/// Tries the payloads one way. What ran must run again under another name, and must not run without.
async fn proved(
    engine: &Engine,
    browser: &super::Browser,
    page: &InScopeUrl,
    (way, script): (&Way, &str),
) -> Result<bool, BrowserError> {
    let pressed = ["click", ".href", ".action", "javascript"].iter().any(|word| script.contains(word))
        || HANDLER.is_match(script);
    let aim = |page, way, name: &str, text: &str| {
        let mut plan = aim(page, way, name, text);
        if pressed {
            plan.after.push_str(";\n");
            plan.after.push_str(PRESS_ALL);
        }
        plan
    };
    for payload in payloads(way, script) {
        let (name, text) = call(&engine.tokens, payload);
        let plan = aim(page, way, &name, &text);
        if !browser.visit(engine, &plan).await?.called {
            continue;
        }
        let (again, other) = call(&engine.tokens, payload);
        if !browser.visit(engine, &aim(page, way, &again, &other)).await?.called {
            continue;
        }
        let control = Plan { watch: Some(again), ..aim(page, way, &name, "nothing") };
        if browser.visit(engine, &control).await?.called {
            continue;
        }
        claim(engine, page, way, &plan, &text);
        return Ok(true);
    }
    Ok(false)
}

/// A fresh name, and the payload that calls it.
fn call(tokens: &Tokens, payload: &str) -> (String, String) {
    let name = tokens.word();
    let text = payload.replace("CALL", &format!("top.{name}()"));
    (name, text)
}

fn aim(page: &InScopeUrl, way: &Way, name: &str, payload: &str) -> Plan {
    let mut plan =
        Plan { address: page.as_str().to_owned(), watch: Some(name.to_owned()), ..Plan::default() };
    // As a browser sends what somebody typed: signs that it leaves alone stay.
    let raw =
        |text: &str| text.replace('%', "%25").replace(' ', "%20").replace('#', "%23").replace('&', "%26");
    let literal = |text: &str| serde_json::Value::from(text).to_string().replace('<', "\\u003c");
    let post = |message: String| {
        // A frame without an origin is as foreign as any attacker.
        let inner = format!("<script>setTimeout(()=>{{parent.postMessage({message},'*')}},50)</script>");
        format!(
            "await new Promise(done=>{{addEventListener('message',done,{{once:true}});setTimeout(done,3000);\
             let f=document.createElement('iframe');f.sandbox='allow-scripts';f.srcdoc={};document.body.append(f)}})",
            literal(&inner)
        )
    };
    match way {
        Way::Fragment => plan.address += &format!("#{payload}"),
        Way::NamedFragment(key) => plan.address += &format!("#{key}{payload}"),
        Way::Query => {
            let start = plan.address.split('?').next().unwrap_or_default().to_owned();
            plan.address = format!("{start}?{}", raw(payload));
        }
        Way::Parameter(key) => {
            let mut url = page.url().clone();
            let pairs: Vec<(String, String)> =
                url.query_pairs().into_owned().filter(|(have, _)| have != key).collect();
            url.set_query(None);
            let mut query: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{}={}", raw(name), raw(value))).collect();
            query.push(format!("{}={}", raw(key), raw(payload)));
            plan.address = format!("{url}?{}", query.join("&"));
        }
        Way::WindowName => plan.before = format!("window.name={};", literal(payload)),
        Way::Message => plan.after = post(literal(payload)),
        Way::ObjectMessage(keys) => {
            let value = |fixed: &Option<String>| fixed.clone().unwrap_or_else(|| payload.to_owned()).into();
            let object: serde_json::Map<String, serde_json::Value> =
                keys.iter().map(|(key, fixed)| (key.clone(), value(fixed))).collect();
            let object = serde_json::Value::Object(object);
            let text = object.to_string().replace('<', "\\u003c");
            plan.after = post(format!("{text},'*');parent.postMessage({}", literal(&text)));
        }
    }
    plan
}

fn claim(engine: &Engine, page: &InScopeUrl, way: &Way, plan: &Plan, payload: &str) {
    let through = match way {
        Way::Fragment | Way::NamedFragment(_) => "the fragment of the address",
        Way::Query | Way::Parameter(_) => "the query of the address",
        Way::WindowName => "the name of the window",
        Way::Message | Way::ObjectMessage(_) => "a message from another window",
    };
    let template = Template::get(page.clone());
    let route = crate::discover::Endpoint::new(template.clone(), crate::discover::Origin::Link).route;
    let shown = if plan.address == page.as_str() { payload } else { &plan.address };
    engine.withdraw(SUSPECTED, &route);
    engine.claim(Claim {
        rule: RULE,
        message: Some(format!("the page runs script that comes with {through}: `{shown}`")),
        route: &route,
        parameter: None,
        exchanges: vec![(&template, None)],
        marker: Some(payload.to_owned()),
        with: engine.session().credentials(page),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_follow_from_what_scripts_read() {
        let scope = crate::scope::Scope::new(
            &"http://app.test/p?a=1".parse().unwrap(),
            &crate::settings::ScopeSettings::default(),
        )
        .unwrap();
        let page = scope.target();
        for (text, expected) in [
            ("el.innerHTML = location.hash.slice(1)", vec![Way::Fragment]),
            ("eval(location.search)", vec![Way::Fragment, Way::Parameter("a".into()), Way::Query]),
            (
                "new URLSearchParams(x).get('q')",
                vec![Way::Parameter("a".into()), Way::Parameter("q".into()), Way::Query],
            ),
            ("eval(window.name)", vec![Way::WindowName]),
            ("addEventListener('message', e => eval(e.data))", vec![Way::Message]),
            (
                "onmessage = e => { let act = e.data.act; if (act === 'run') eval(e.data.code) }",
                vec![
                    Way::Message,
                    Way::ObjectMessage(vec![("act".into(), None), ("code".into(), None)]),
                    Way::ObjectMessage(vec![("act".into(), Some("run".into())), ("code".into(), None)]),
                ],
            ),
            ("el.textContent = 'fixed'", vec![]),
        ] {
            assert_eq!(ways(&page, text), expected, "{text}");
        }
    }

    #[test]
    fn payloads_follow_from_what_scripts_do_with_a_text() {
        for (script, count) in [
            ("el.innerHTML = location.hash", 0),
            ("el.innerHTML = decodeURIComponent(location.hash)", 2),
            ("eval(location.hash)", 2),
            ("frame.src = location.hash", 2),
            ("el.textContent = location.hash", 0),
        ] {
            assert_eq!(payloads(&Way::Fragment, script).len(), count, "{script}");
        }
        assert_eq!(payloads(&Way::Message, "el.innerHTML = e.data").len(), 2);
    }
}
