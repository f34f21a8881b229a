//! What bodies give away, and forms without protection.

use std::sync::LazyLock;

use regex::Regex;

use super::claim;
use crate::discover::{Endpoint, Origin};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Body, Template};

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is a literal"));
    };
}

pattern!(
    STACK_TRACE,
    r#"(?x) Traceback\ \(most\ recent\ call\ last\)
    | \bFile\ \\?"/[^"\\\n]{1,200}\.py\\?",\ line\ \d+,\ in\  | ^\s+at\ [\w.$<>]+\([\w$]+\.(?:java|kt|scala):\d+\)
    | (?m:^\s+at\ .+\(?(?:/|[A-Z]:\\)[^\s()]+:\d+:\d+\)?$) | System\.\w+Exception:\ | \.php:\d+\)?\s*\n\#\d+
    | (?:Fatal\ error|Warning|Notice|Parse\ error)(?:</b>)?:\s .{1,300}?\ in\ (?:<b>)?/[^\s<]+\.php
    | goroutine\ \d+\ \[running\] | werkzeug\.debug | ActionController::\w+Error | (?m:^\S+\.rb:\d+:in\ ['`])"#
);
pattern!(
    LISTING,
    r"(?i)<title>(?:Index of /|Directory listing for /)|\[To Parent Directory\]|<h1>Index of /"
);
pattern!(
    PRIVATE_ADDRESS,
    r"\b(?:10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3})\b"
);
pattern!(SOURCE_MAP, r"/[/*][#@] ?sourceMappingURL=([^\s'\x22*]+)");
pattern!(
    MIXED,
    r#"(?i)<(?:script|iframe|link|object|embed|form|img|audio|video|source)\b[^>]{0,300}\b(?:src|href|data|action)\s*=\s*['"]?(http://[^'"\s>]+)"#
);
pattern!(
    SECRET_PARAMETER,
    r"(?i)^(?:password|passwd|pwd|secret|api_?key|access_?token|auth_?token|jsessionid|phpsessid|sessionid|session_id)$"
);

pub(super) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    if !answer.is_text() {
        return;
    }
    if let Some(found) = trace_in(template, answer) {
        claim(engine, "dast.stack-trace", template, answer, Some(found));
    }
    if answer.is_html() {
        if let Some(found) = LISTING.find(&answer.body) {
            claim(engine, "dast.directory-listing", template, answer, Some(found.as_str()));
        }
        if template.url.url().scheme() == "https"
            && let Some(found) = MIXED.captures(&answer.body)
        {
            claim(engine, "dast.mixed-content", template, answer, found.get(1).map(|m| m.as_str()));
        }
    }
    let named = answer.header("sourcemap").or_else(|| answer.header("x-sourcemap"));
    let styles = answer.media_type() == "text/css";
    if let Some(map) = named {
        claim(engine, "dast.source-map", template, answer, Some(map));
    } else if (answer.is_script() || styles)
        && let Some(found) = SOURCE_MAP.captures(&answer.body)
        && !found[1].starts_with("data:")
    {
        claim(engine, "dast.source-map", template, answer, Some(&found[0]));
    }
    let own = template.url.url().host_str().unwrap_or_default();
    if let Some(found) = PRIVATE_ADDRESS.find(&answer.body)
        && found.as_str() != own
    {
        claim(engine, "dast.private-address", template, answer, Some(found.as_str()));
    }
    if template.method == "GET"
        && answer.is_success()
        && let Some((name, _)) =
            template.query().iter().find(|(name, value)| SECRET_PARAMETER.is_match(name) && value.len() >= 6)
    {
        claim(engine, "dast.secret-in-url", template, answer, Some(name));
    }
}

/// An answer to a payload that shows the inside of the application.
pub(crate) fn observe_error(engine: &Engine, route: &str, template: &Template, answer: &Answer) {
    let rule = "dast.stack-trace";
    if !answer.is_text() {
        return;
    }
    let Some(found) = trace_in(template, answer) else { return };
    engine.claim(Claim {
        marker: Some(found.to_owned()),
        with: engine.session().credentials(&template.url),
        ..Claim::of(rule, route, template, Some(answer))
    });
}

/// The start of a stack trace. Documents quote errors: those in plain files and in the code samples of
/// pages that are in order do not count.
fn trace_in<'a>(template: &Template, answer: &'a Answer) -> Option<&'a str> {
    if template.url.url().path().ends_with(".md") {
        return None;
    }
    let found = STACK_TRACE.find(&answer.body)?;
    let before = &answer.body[..found.start()];
    let sample = answer.is_success()
        && answer.is_html()
        && before.rfind("<code").is_some_and(|at| !before[at..].contains("</code"));
    (!sample).then(|| found.as_str())
}

/// Forms that change state without a token, and passwords that go where they can be read.
pub(super) fn review_form(engine: &Engine, endpoint: &Endpoint) {
    if endpoint.origin != Origin::Form {
        return;
    }
    let names: Vec<String> = match &endpoint.template.body {
        Body::Form(pairs) => pairs.iter().map(|(name, _)| name.clone()).collect(),
        Body::Multipart(parts) => parts.iter().map(|part| part.name.clone()).collect(),
        _ => endpoint.template.query().into_iter().map(|(name, _)| name).collect(),
    };
    let password = names.iter().find(|name| {
        let lower = name.to_ascii_lowercase();
        lower.contains("password") || lower.contains("passwd") || lower == "pass"
    });
    let tell = |rule: &str, marker: Option<&String>| {
        engine.claim(Claim {
            marker: marker.cloned(),
            with: engine.session().credentials(&endpoint.template.url),
            ..Claim::of(rule, &endpoint.route, &endpoint.template, None)
        });
    };
    let get = endpoint.template.method == "GET";
    if password.is_some() && get {
        tell("dast.password-in-url", password);
    }
    // A form that changes the password is one even where it sends it by GET.
    let changes = !get || endpoint.delicate && password.is_some();
    let by_cookie = !engine.session().credentials(&endpoint.template.url).cookies.is_empty();
    let login = password.is_some() && !endpoint.delicate;
    if changes && by_cookie && endpoint.token_field.is_none() && !login && !engine.session().is_anonymous() {
        tell("dast.csrf-token-missing", None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_are_told_from_prose() {
        for (text, found) in [
            ("Traceback (most recent call last):\n  File", true),
            ("    at com.shop.Cart.pay(Cart.java:17)", true),
            ("<b>Warning</b>: mysqli_query(): x in <b>/var/www/a.php</b>", true),
            ("at the end (of the day)", false),
            ("Warning: contents may be hot", false),
        ] {
            assert_eq!(STACK_TRACE.is_match(text), found, "{text}");
        }
    }
}
