//! Credentials that an answer gives away.

use std::sync::LazyLock;

use regex::Regex;

use crate::discover::{Endpoint, Origin};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Template};

/// Shapes of keys that nothing else has.
static KEYS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \bAKIA[0-9A-Z]{16}\b | -----BEGIN\ (?:RSA\ |EC\ |OPENSSH\ |DSA\ )?PRIVATE\ KEY-----
        | \bgh[pousr]_[A-Za-z0-9]{36}\b | \bxox[abprs]-[A-Za-z0-9-]{20,} | \bsk_live_[A-Za-z0-9]{20,}
        | \bAIza[0-9A-Za-z_\-]{35}\b | \bglpat-[A-Za-z0-9_\-]{20}\b",
    )
    .expect("the pattern is a literal")
});

/// Passwords of several users in one answer.
static PASSWORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""(?:[a-zA-Z]+_)?(?:password|passwd|pwd|passwordHash|password_hash)"\s*:\s*"([^"]{1,200})""#)
        .expect("the pattern is a literal")
});

/// Looks for passwords and keys.
pub(super) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    keys(engine, template, answer);
    if !answer.is_json() || !answer.is_success() || PASSWORDS.find_iter(&answer.body).nth(1).is_none() {
        return;
    }
    let hidden = Answer {
        body: PASSWORDS.replace_all(&answer.body, "\"password\": \"[redacted]\"").into_owned(),
        ..answer.clone()
    };
    engine.claim(Claim {
        rule: "dast.passwords-in-response",
        message: None,
        route: &Endpoint::new(template.clone(), Origin::Link).route,
        parameter: None,
        exchanges: vec![(template, Some(&hidden))],
        marker: Some("\"password\": \"[redacted]\"".into()),
        with: engine.session().credentials(&template.url),
    });
}

fn keys(engine: &Engine, template: &Template, answer: &Answer) {
    if !answer.is_text() {
        return;
    }
    let Some(found) = KEYS.find(&answer.body) else { return };
    let shown: String = found.as_str().chars().take(6).collect();
    let hidden = Answer {
        body: KEYS.replace_all(&answer.body, format!("{shown}[redacted]")).into_owned(),
        ..answer.clone()
    };
    let route = Endpoint::new(template.clone(), Origin::Link).route;
    engine.claim(Claim {
        rule: "dast.secret-in-response",
        message: None,
        route: &route,
        parameter: None,
        exchanges: vec![(template, Some(&hidden))],
        marker: Some(format!("{shown}[redacted]")),
        with: engine.session().credentials(&template.url),
    });
}
