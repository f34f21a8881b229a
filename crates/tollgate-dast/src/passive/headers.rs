//! Response headers. A missing one is a matter of the host and reported once.

use super::{claim, claim_host};
use crate::engine::Engine;
use crate::message::{Answer, Template};

pub(super) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    disclosure(engine, template, answer);
    cors(engine, template, answer);
    if answer.is_html() && answer.is_success() {
        page(engine, template, answer);
    }
    if template.url.url().scheme() == "https" {
        match answer.header("strict-transport-security") {
            None => claim_host(engine, "dast.hsts-missing", template, answer, None),
            Some(value) if is_short(value) => {
                claim_host(engine, "dast.hsts-weak", template, answer, Some(value));
            }
            Some(_) => {}
        }
    }
    let sniffed = !answer
        .header("x-content-type-options")
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("nosniff"));
    if answer.is_success() && sniffed && answer.is_text() {
        claim_host(engine, "dast.content-type-options-missing", template, answer, None);
    }
}

fn page(engine: &Engine, template: &Template, answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap_or_default().to_ascii_lowercase();
    if policy.is_empty() {
        claim_host(engine, "dast.csp-missing", template, answer, None);
    } else if let Some(weak) = weak_directive(&policy) {
        claim_host(engine, "dast.csp-weak", template, answer, Some(&weak));
    }
    // Browsers ignore any other value.
    let framing = answer.header("x-frame-options").is_some_and(|value| {
        ["deny", "sameorigin"].iter().any(|known| value.trim().eq_ignore_ascii_case(known))
    });
    if !framing && !policy.contains("frame-ancestors") {
        claim_host(engine, "dast.framing-allowed", template, answer, None);
    }
    if let Some(policy) = answer.header("referrer-policy")
        && policy.split(',').next_back().is_some_and(|last| last.trim().eq_ignore_ascii_case("unsafe-url"))
    {
        claim_host(engine, "dast.referrer-policy-weak", template, answer, Some(policy));
    }
    for (header, rule) in [
        ("referrer-policy", "dast.referrer-policy-missing"),
        ("permissions-policy", "dast.permissions-policy-missing"),
        ("cross-origin-opener-policy", "dast.cross-origin-policy-missing"),
        ("cross-origin-resource-policy", "dast.cross-origin-policy-missing"),
    ] {
        if answer.header(header).is_none() {
            claim_host(engine, rule, template, answer, None);
        }
    }
}

/// Whether HSTS ends before half a year is over.
fn is_short(value: &str) -> bool {
    let age = value.split(';').find_map(|part| {
        let (name, age) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("max-age")
            .then(|| age.trim().trim_matches('"').parse::<u64>().ok())?
    });
    age.is_none_or(|seconds| seconds < 15_552_000)
}

/// The directive that makes a policy pointless against injected script.
fn weak_directive(policy: &str) -> Option<String> {
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    let named = |name: &str| directives.iter().find(|d| d.split(' ').next() == Some(name)).copied();
    let Some(script) = named("script-src").or_else(|| named("default-src")) else {
        return Some("script-src".into());
    };
    let guarded =
        script.contains("'nonce-") || script.contains("'sha") || script.contains("'strict-dynamic'");
    script.split(' ').skip(1).find_map(|source| {
        let unguarded = ["*", "data:", "http:", "https:", "'unsafe-inline'"].contains(&source) && !guarded;
        let open = unguarded || source == "'unsafe-eval'";
        open.then(|| source.to_owned())
    })
}

fn disclosure(engine: &Engine, template: &Template, answer: &Answer) {
    for name in ["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator"] {
        if let Some(value) = answer.header(name)
            && value.bytes().any(|b| b.is_ascii_digit())
        {
            claim_host(engine, "dast.version-disclosure", template, answer, Some(value));
        }
    }
}

fn cors(engine: &Engine, template: &Template, answer: &Answer) {
    let Some(origin) = answer.header("access-control-allow-origin") else { return };
    let credentials = answer
        .header("access-control-allow-credentials")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if origin == "null" || origin == "*" && credentials {
        claim(engine, "dast.cors-any-origin", template, answer, Some(origin));
    } else if origin == "*" && !engine.session().is_anonymous() {
        claim_host(engine, "dast.cors-wildcard", template, answer, Some(origin));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transport_security_must_last() {
        for (value, short) in [
            ("max-age=31536000; includeSubDomains", false),
            ("Max-Age=\"15552000\"", false),
            ("max-age=0", true),
            ("includeSubDomains", true),
        ] {
            assert_eq!(is_short(value), short, "{value}");
        }
    }

    #[test]
    fn weak_policies_are_told_from_strong_ones() {
        for (policy, weak) in [
            ("default-src 'self'", None),
            ("script-src 'self' 'unsafe-inline'", Some("'unsafe-inline'")),
            ("script-src 'nonce-abc' 'unsafe-inline' https:", None),
            ("img-src *", Some("script-src")),
            ("default-src *", Some("*")),
        ] {
            assert_eq!(weak_directive(policy).as_deref(), weak, "{policy}");
        }
    }
}
