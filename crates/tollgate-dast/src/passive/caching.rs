//! Pages that differ by user and that caches on the way may keep all the same.

use crate::baseline::Baseline;
use crate::client::Credentials;
use crate::discover::SiteMap;
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Body, Template};

const RULE: &str = "dast.private-page-cached";

/// Pages that are asked for without credentials.
const MAX_TRIED: usize = 30;

/// Asks for each page that caches may keep as nobody: who is not signed in must see another one.
pub(crate) async fn run(engine: &Engine, map: &SiteMap) {
    if engine.session().is_anonymous() || !engine.checks.enabled(RULE) {
        return;
    }
    let pages = map.endpoints.iter().map(|endpoint| &endpoint.template);
    let pages = pages.filter(|template| template.method == "GET" && template.body == Body::Empty);
    let kept = pages.filter_map(|template| {
        let answer = map.answers.get(template.url.as_str())?;
        let signed = engine
            .session()
            .credentials(&template.url)
            .headers
            .iter()
            .any(|(name, _)| is_authorization(name));
        let why = kept_by(answer, signed)?;
        (answer.is_success() && answer.is_html()).then_some((template, answer, why))
    });
    for (template, answer, why) in kept.take(MAX_TRIED) {
        if engine.client.halted().is_some() {
            return;
        }
        differs(engine, template, answer, why).await;
    }
}

fn is_authorization(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
}

/// A page that cannot be asked for twice is not judged.
async fn differs(engine: &Engine, template: &Template, answer: &Answer, why: String) {
    let Ok(again) = engine.send_as_user(template).await else { return };
    let Ok(open) = engine.client.send(template, &Credentials::default()).await else { return };
    let with = engine.session().credentials(&template.url);
    let base = Baseline::of(template.clone(), with.clone(), answer.clone(), &again);
    let view = |answer: &Answer| base.view(answer, &[]);
    if view(&again).same_but(&view(answer), &[]) && !view(&open).same_but(&view(answer), &[]) {
        let route = crate::discover::Endpoint::new(template.clone(), crate::discover::Origin::Link).route;
        engine.claim(Claim {
            exchanges: vec![(template, Some(answer)), (template, Some(&open))],
            marker: Some(why),
            with,
            ..Claim::of(RULE, &route, template, Some(answer))
        });
    }
}

/// What lets a cache that many share keep an answer; `signed` where the request named the user in a header
/// that such caches heed.
fn kept_by(answer: &Answer, signed: bool) -> Option<String> {
    let header = |name: &str| answer.header(name).unwrap_or_default().to_ascii_lowercase();
    let (control, vary) = (header("cache-control"), header("vary"));
    // What is kept by cookie is kept for one user.
    if ["cookie", "authorization", "*"].iter().any(|name| vary.contains(name)) {
        return None;
    }
    let directives: Vec<(&str, &str)> = control
        .split(',')
        .map(|directive| directive.split_once('=').unwrap_or((directive, "")))
        .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
        .collect();
    let says = |names: &[&str]| directives.iter().any(|(name, _)| names.contains(name));
    if says(&["no-store", "no-cache", "private"]) {
        return None;
    }
    let lasts = |names: &[&str]| {
        directives
            .iter()
            .any(|(name, value)| names.contains(name) && value.parse::<u64>().is_ok_and(|age| age > 0))
    };
    if says(&["public"]) || lasts(&["s-maxage"]) || !signed && lasts(&["max-age"]) {
        return Some(control);
    }
    // Without a word about it caches reckon for themselves how long an answer stays good.
    let unsaid = control.is_empty() && header("pragma").is_empty() && header("expires").is_empty();
    let changed = answer.header("last-modified").filter(|_| unsaid && !signed)?;
    Some(format!("no Cache-Control, Last-Modified: {changed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_keep_what_nothing_forbids() {
        let check = |headers: &[(&str, &str)], signed: bool, kept: bool| {
            let answer = Answer::made_up(headers, "");
            assert_eq!(kept_by(&answer, signed).is_some(), kept, "{headers:?} {signed}");
        };
        let changed = ("last-modified", "Sun, 01 Nov 2020 00:00:00 GMT");
        check(&[], false, false);
        check(&[changed], false, true);
        check(&[changed], true, false);
        check(&[changed, ("vary", "Accept, Cookie")], false, false);
        check(&[changed, ("pragma", "no-cache")], false, false);
        check(&[changed, ("expires", "0")], false, false);
        check(&[changed, ("cache-control", "No-Store")], false, false);
        check(&[("cache-control", "max-age=600")], false, true);
        check(&[("cache-control", "max-age=600")], true, false);
        check(&[("cache-control", "public, max-age=600")], true, true);
        check(&[("cache-control", "private, max-age=600")], false, false);
        check(&[("cache-control", "max-age=0, must-revalidate")], false, false);
    }
}
