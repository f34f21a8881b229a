//! Pages that only one of two users is led to, and that the other gets all the same.

use std::collections::BTreeSet;

use super::actor::Actor;
use crate::baseline::pieces;
use crate::client::Halt;
use crate::discover::{SiteMap, is_logout, is_stateful};
use crate::engine::{Claim, Engine};
use crate::html;
use crate::message::{Answer, Template};
use crate::scope::InScopeUrl;

const RULE: &str = "dast.missing-authorization";

/// Pages whose links are compared.
const MAX_PAGES: usize = 40;

/// Links followed that one user is not shown.
const MAX_LINKS: usize = 20;

/// How much of a page another user must get for it to be the same page.
const SAME: f64 = 0.8;

/// Compares what the first two users are led to, both ways.
pub(super) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    let [first, second, ..] = engine.sessions.as_slice() else { return Ok(()) };
    if !engine.checks.enabled(RULE) {
        return Ok(());
    }
    let (first, second) = (Actor::of(engine, first), Actor::of(engine, second));
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    for page in map.pages.iter().take(MAX_PAGES) {
        let template = Template::get(page.clone());
        for (actor, seen) in [(&first, &mut own), (&second, &mut others)] {
            let answer = actor.send(engine, &template).await?;
            seen.extend(answer.iter().filter(|answer| answer.is_html()).flat_map(|a| links(engine, page, a)));
        }
    }
    for (holder, held, other, known) in [(&first, &own, &second, &others), (&second, &others, &first, &own)] {
        // Links beside one of the other's own, such as those to a profile, are everybody's to each his own.
        let folders: BTreeSet<&str> = known.difference(held).map(folder).collect();
        let hidden = held.difference(known).filter(|link| !folders.contains(folder(link)));
        for link in hidden.take(MAX_LINKS) {
            get(engine, link, holder, other).await?;
        }
    }
    Ok(())
}

fn links(engine: &Engine, page: &InScopeUrl, answer: &Answer) -> Vec<InScopeUrl> {
    let parsed = html::parse(&answer.body);
    let links = parsed.links.iter().filter(|link| !is_logout(link));
    let links = links.filter_map(|link| engine.scope.resolve(page, link).ok());
    links.filter(|url| url.url().query().is_none() && !is_stateful(url.url().path())).collect()
}

fn folder(url: &InScopeUrl) -> &str {
    let path = url.url().path().trim_end_matches('/');
    path.rfind('/').map_or(path, |at| &path[..=at])
}

async fn get(engine: &Engine, link: &InScopeUrl, holder: &Actor, other: &Actor) -> Result<(), Halt> {
    let template = Template::get(link.clone());
    let Some(own) = holder.send(engine, &template).await?.filter(Answer::is_success) else { return Ok(()) };
    let same = |answer: &Answer| answer.is_success() && share(&own, answer) >= SAME;
    let Some(foreign) = other.send(engine, &template).await?.filter(same) else { return Ok(()) };
    let open = Actor::nobody().send(engine, &template).await?;
    let Ok(nothing) = engine.scope.resolve(link, &engine.tokens.word()) else { return Ok(()) };
    let control = other.send(engine, &Template::get(nothing)).await?;
    // What everybody gets needs no right, and neither does what is answered under any name.
    if open.as_ref().is_none_or(same) || control.as_ref().is_none_or(same) {
        return Ok(());
    }
    engine.claim(Claim {
        rule: RULE,
        message: None,
        route: link.url().path(),
        parameter: None,
        exchanges: vec![(&template, Some(&foreign)), (&template, open.as_ref())],
        marker: Some(html::parse(&foreign.body).title).filter(|title| !title.is_empty()),
        with: other.with.clone(),
    });
    Ok(())
}

/// The share of the pieces of a page that another one has too.
fn share(page: &Answer, other: &Answer) -> f64 {
    let (one, two): (BTreeSet<&str>, BTreeSet<&str>) =
        (pieces(&page.body).collect(), pieces(&other.body).collect());
    if one.is_empty() { 0.0 } else { one.intersection(&two).count() as f64 / one.len() as f64 }
}
