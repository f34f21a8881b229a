//! Checks that only look at answers that came anyway.

mod caching;
mod content;
mod cookies;
mod dom;
mod headers;
mod libraries;
mod secrets;

pub(crate) use caching::run as compare_cached;
pub(crate) use content::observe_error;
pub(crate) use cookies::is_session;
pub use libraries::RULE as LIBRARY_RULE;

use crate::discover::{Endpoint, SiteMap};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Template};

/// Looks at one exchange.
pub(crate) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    headers::observe(engine, template, answer);
    cookies::observe(engine, template, answer);
    content::observe(engine, template, answer);
    secrets::observe(engine, template, answer);
    dom::observe(engine, template, answer);
    libraries::observe(engine, template, answer);
}

/// Looks at the site as a whole.
pub(crate) fn review(engine: &Engine, map: &SiteMap) {
    for endpoint in &map.endpoints {
        content::review_form(engine, endpoint);
    }
}

/// A claim about one exchange.
fn claim(engine: &Engine, rule: &str, template: &Template, answer: &Answer, marker: Option<&str>) {
    let route = Endpoint::new(template.clone(), crate::discover::Origin::Link).route;
    claim_at(engine, rule, &route, template, answer, marker);
}

/// A claim about the host, made once: the route is `/*` and the method that of the start page.
fn claim_host(engine: &Engine, rule: &str, template: &Template, answer: &Answer, marker: Option<&str>) {
    if !engine.has_claim(rule, "/*", None) {
        claim_at(engine, rule, "/*", template, answer, marker);
    }
}

fn claim_at(
    engine: &Engine,
    rule: &str,
    route: &str,
    template: &Template,
    answer: &Answer,
    marker: Option<&str>,
) {
    engine.claim(Claim {
        marker: marker.map(str::to_owned),
        with: engine.session().credentials(&template.url),
        ..Claim::of(rule, route, template, Some(answer))
    });
}
