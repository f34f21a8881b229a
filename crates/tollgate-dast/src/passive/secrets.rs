//! Credentials that an answer gives away.

use std::sync::LazyLock;

use regex::Regex;

use crate::discover::{Endpoint, Origin};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Template};

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

/// Credentials of a known form, told once for each page whatever their number.
fn keys(engine: &Engine, template: &Template, answer: &Answer) {
    let Some(find) = engine.readers.secrets.filter(|_| answer.is_text()) else { return };
    let found = find(&answer.body);
    let Some(first) = found.first() else { return };
    let name = first.name.clone();
    let mut body = answer.body.clone();
    // From the last to the first, so that the places of the others stay.
    for secret in found.iter().rev() {
        let start: String = body[secret.range.clone()].chars().take(4).collect();
        body.replace_range(secret.range.clone(), &format!("{start}[redacted]"));
    }
    let shown: String = answer.body[first.range.clone()].chars().take(4).collect();
    let hidden = Answer { body, ..answer.clone() };
    let route = Endpoint::new(template.clone(), Origin::Link).route;
    engine.claim(Claim {
        rule: "dast.secret-in-response",
        message: Some(format!("an answer contains a credential: {name}")),
        route: &route,
        parameter: None,
        exchanges: vec![(template, Some(&hidden))],
        marker: Some(format!("{shown}[redacted]")),
        with: engine.session().credentials(&template.url),
    });
}
