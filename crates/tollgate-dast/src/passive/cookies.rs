//! Attributes of cookies. A cookie of the whole site is reported once, one of a page with its page.

use tollgate_core::dynamic::{Parameter, ParameterPlace};

use crate::engine::{Claim, Engine};
use crate::message::{Answer, Template};

pub(super) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    for line in answer.header_all("set-cookie") {
        let Some(cookie) = Line::parse(line) else { continue };
        let route = match cookie.path.as_deref() {
            Some("/") => "/*".to_owned(),
            Some(path) => path.to_owned(),
            None => template.url.url().path().to_owned(),
        };
        let tell = |rule: &str| {
            let parameter = Some(Parameter { place: ParameterPlace::Cookie, name: cookie.name.clone() });
            if engine.has_claim(rule, &route, parameter.as_ref()) {
                return;
            }
            engine.claim(Claim {
                rule,
                message: None,
                route: &route,
                parameter,
                exchanges: vec![(template, Some(answer))],
                marker: Some(redacted(line)),
                with: engine.session().credentials(&template.url),
            });
        };
        if cookie.deletes {
            continue;
        }
        if !cookie.secure {
            tell("dast.cookie-not-secure");
        }
        if !cookie.http_only && is_session(&cookie.name) {
            tell("dast.cookie-not-http-only");
        }
        if cookie.same_site.is_none() && is_session(&cookie.name) {
            tell("dast.cookie-no-same-site");
        }
        let host = template.url.url().host_str().unwrap_or_default();
        if is_session(&cookie.name) && cookie.domain.as_deref().is_some_and(|domain| domain != host) {
            tell("dast.cookie-wide-scope");
        }
        if cookie.same_site.as_deref() == Some("none") && !cookie.secure {
            tell("dast.cookie-no-same-site");
        }
    }
}

struct Line {
    name: String,
    secure: bool,
    http_only: bool,
    same_site: Option<String>,
    path: Option<String>,
    domain: Option<String>,
    deletes: bool,
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(';');
        let (name, _) = parts.next()?.split_once('=')?;
        let mut out = Self {
            name: name.trim().to_owned(),
            secure: false,
            http_only: false,
            same_site: None,
            path: None,
            domain: None,
            deletes: false,
        };
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "secure" => out.secure = true,
                "httponly" => out.http_only = true,
                "samesite" => out.same_site = Some(value.trim().to_ascii_lowercase()),
                "domain" if !value.trim().is_empty() => {
                    out.domain = Some(value.trim().trim_start_matches('.').to_ascii_lowercase());
                }
                "path" => out.path = Some(value.trim().to_owned()),
                "max-age" => out.deletes |= value.trim().parse::<i64>().is_ok_and(|age| age <= 0),
                "expires" => out.deletes |= value.contains("1970"),
                _ => {}
            }
        }
        Some(out)
    }
}

/// Whether a cookie by its name carries a session.
pub(crate) fn is_session(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = ["sess", "sid", "auth", "token", "login", "remember", "jwt", "user"];
    words.iter().any(|word| lower.contains(word))
}

/// The line without the value, which may be a live session.
fn redacted(line: &str) -> String {
    let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
    let name = pair.split('=').next().unwrap_or_default();
    format!("{name}=[redacted];{rest}")
}
