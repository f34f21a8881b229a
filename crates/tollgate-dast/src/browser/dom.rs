//! Script that an address brings into a page, proved by running it: a function with a random name is called
//! by the payload and by nothing else.

use std::collections::BTreeSet;

use super::{BrowserError, Plan};
use crate::discover::SiteMap;
use crate::engine::{Claim, Engine};
use crate::message::Template;
use crate::scope::InScopeUrl;
use crate::token::Tokens;

/// The check that claims what ran.
const RULE: &str = "dast.xss-dom";

/// The check that claims what only looks as if it ran.
const SUSPECTED: &str = "dast.dom-xss";

/// Pages that are tried.
const MAX_PAGES: usize = 120;

/// Payloads, each made to run in another kind of place; `CALL` becomes the call. The first one breaks out
/// of attributes too.
const PAYLOADS: [&str; 5] =
    ["'\"><img src=x onerror=CALL>", "<img src=x onerror=CALL>", "CALL", "javascript:CALL", "'-CALL-'"];

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
    JsonMessage(String),
}

/// Tries every page with scripts that read what others choose.
pub(crate) async fn run(engine: &Engine, map: &SiteMap) {
    let Some(browser) = &engine.browser else { return };
    if !engine.checks.enabled(RULE) {
        return;
    }
    engine.phase("scripts of pages");
    for (page, text) in map.scripted.iter().take(MAX_PAGES) {
        if engine.client.halted().is_some() {
            return;
        }
        for way in ways(page, text) {
            match proved(engine, browser, page, &way).await {
                Ok(false) => {}
                Ok(true) => break,
                Err(BrowserError::Gone) => {
                    engine.fail("the browser ended before all scripts of pages were tried".to_owned());
                    return;
                }
                Err(error) => {
                    engine.warn(format!("`{page}` was not tried to the end in the browser: {error}"));
                    break;
                }
            }
        }
    }
}

/// The ways that the scripts of a page may listen to.
fn ways(page: &InScopeUrl, text: &str) -> Vec<Way> {
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut out = Vec::new();
    let address = holds(&["location", "document.URL", "documentURI", "baseURI"]);
    if address || holds(&["hashchange"]) {
        out.push(Way::Fragment);
        out.extend(named_fragments(text).into_iter().map(Way::NamedFragment));
    }
    if address || holds(&["URLSearchParams", "searchParams"]) {
        let names: BTreeSet<String> = page.url().query_pairs().map(|(name, _)| name.into_owned()).collect();
        out.extend(names.into_iter().chain(read_names(text)).map(Way::Parameter));
        out.push(Way::Query);
    }
    if holds(&["window.name", "self.name", "top.name"]) {
        out.push(Way::WindowName);
    }
    if holds(&["onmessage", "\"message\"", "'message'"]) {
        out.push(Way::Message);
        out.extend(message_keys(text).into_iter().map(Way::JsonMessage));
    }
    let mut seen = Vec::new();
    out.retain(|way| {
        let new = !seen.contains(way);
        seen.push(way.clone());
        new
    });
    out.truncate(12);
    out
}

/// Words in quotes behind `get(`: names that scripts read from the query.
fn read_names(text: &str) -> Vec<String> {
    quoted_after(text, &[".get(", "getParameter(", "getParam(", "param("])
}

/// Words in quotes that end in `=`, as scripts cut them from the fragment.
fn named_fragments(text: &str) -> Vec<String> {
    let words = text.split(['"', '\'', '`']);
    let fits = |word: &&str| {
        word.len() > 1
            && word.len() <= 24
            && word.ends_with('=')
            && word[..word.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric() || b"_-#?&".contains(&b))
    };
    words.filter(fits).map(|word| word.trim_start_matches(['#', '?', '&']).to_owned()).take(3).collect()
}

/// Names that are read from what a message holds.
fn message_keys(text: &str) -> Vec<String> {
    let word = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').take(30).collect()
    };
    let found = text.split(".data.").skip(1).map(word).filter(|word| !word.is_empty());
    let mut keys: Vec<String> = found.take(3).collect();
    if text.contains("JSON.parse") {
        keys.extend(["html", "body", "url", "data", "message"].map(str::to_owned));
        keys.extend(
            text.split(['=', '(', '+'])
                .filter_map(|part| {
                    let (owner, name) = part.trim().split_once('.')?;
                    let name = word(name);
                    (owner.len() < 20 && owner.bytes().all(|b| b.is_ascii_alphanumeric()) && !name.is_empty())
                        .then_some(name)
                })
                .take(4),
        );
    }
    keys
}

fn quoted_after(text: &str, heads: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for head in heads {
        for rest in text.split(head).skip(1).take(5) {
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
            let word = rest[1..].split(quote).next().unwrap_or_default();
            if !word.is_empty() && word.len() <= 30 && word.bytes().all(|b| b.is_ascii_graphic()) {
                out.push(word.to_owned());
            }
        }
    }
    out
}

/// Tries the payloads one way. What ran must run again under another name, and must not run without.
async fn proved(
    engine: &Engine,
    browser: &super::Browser,
    page: &InScopeUrl,
    way: &Way,
) -> Result<bool, BrowserError> {
    for payload in PAYLOADS {
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
    let text = payload.replace("CALL", &format!("{name}()"));
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
            "{{let f=document.createElement('iframe');f.sandbox='allow-scripts';f.srcdoc={};document.body.append(f);''}}",
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
        Way::JsonMessage(key) => {
            let object = serde_json::json!({ key: payload });
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
        Way::Message | Way::JsonMessage(_) => "a message from another window",
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
            (
                "el.innerHTML = location.hash.slice(1)",
                vec![Way::Fragment, Way::Parameter("a".into()), Way::Query],
            ),
            (
                "new URLSearchParams(x).get('q')",
                vec![Way::Parameter("a".into()), Way::Parameter("q".into()), Way::Query],
            ),
            ("eval(window.name)", vec![Way::WindowName]),
            ("addEventListener('message', e => eval(e.data))", vec![Way::Message]),
            ("el.textContent = 'fixed'", vec![]),
        ] {
            assert_eq!(ways(&page, text), expected, "{text}");
        }
    }
}
