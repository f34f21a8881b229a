//! Script injection: the answer is parsed as a browser would, and only a word that lands where script
//! runs counts.

use super::landing::{CANARY, Landing, MANY_WAYS, STEERING, Sieve, landings, payloads, runs, steers};
use super::redirect;
use super::settle;
use super::spot::{Shot, Spot, Variables};
use crate::client::Halt;
use crate::discover::SiteMap;
use crate::engine::{Engine, bounded};
use crate::message::{Answer, Template};

const REFLECTED: &str = "dast.xss-reflected";
const STORED: &str = "dast.xss-stored";
const JSONP: &str = "dast.jsonp-injection";
const MARKUP: &str = "dast.markup-injection";

/// Probes one place for reflected script.
pub(crate) async fn run(spot: &Spot<'_>) -> Result<(), Halt> {
    if !spot.reflected {
        // What refuses the usual value and words alike may take markup.
        let refused = spot.plain.status >= 400 && spot.subject.baseline.answer.status >= 400;
        if refused && !(spot.engine.checks.enabled(REFLECTED) && prove(spot, REFLECTED, MANY_WAYS).await?) {
            steered(spot).await?;
        }
        return Ok(());
    }
    redirect::run(spot).await?;
    if spot.plain.body.contains(&spot.echo) && !spot.plain.is_redirect() {
        if spot.engine.checks.enabled(REFLECTED) && spot.plain.is_html() {
            reflected(spot).await?;
        }
        if spot.engine.checks.enabled(JSONP) && !spot.plain.is_html() {
            jsonp(spot).await?;
        }
    }
    Ok(())
}

async fn reflected(spot: &Spot<'_>) -> Result<(), Halt> {
    let landings = landings(&spot.plain.body, &spot.echo);
    // What comes through unchanged tells which payloads are worth a request.
    let canary = spot.shoot(CANARY, &Variables::default()).await?;
    let sieve = canary.map_or_else(Sieve::open, |shot| Sieve::of(&shot.answer.body, &spot.echo));
    // Where the ends of the value are cut off, letters that do no harm stand there.
    let padding = if spot.echo == spot.token { "" } else { "zz" };
    for landing in &landings {
        for payload in payloads(*landing).into_iter().filter(|payload| sieve.admits(*landing, payload)) {
            if prove(spot, REFLECTED, &format!("{padding}{payload}{padding}")).await? {
                return Ok(());
            }
        }
    }
    if landings.contains(&Landing::Text) && sieve.admits(Landing::Text, STEERING) {
        steered(spot).await?;
    }
    Ok(())
}

/// Markup that runs nothing but leads the browser away or loads from elsewhere.
async fn steered(spot: &Spot<'_>) -> Result<(), Halt> {
    if spot.engine.checks.enabled(MARKUP) {
        prove(spot, MARKUP, STEERING).await?;
    }
    Ok(())
}

/// Sends a payload twice with different words; both must run, and neither where they are asked for as
/// plain text.
async fn prove(spot: &Spot<'_>, rule: &str, payload: &str) -> Result<bool, Halt> {
    let runs = if rule == MARKUP { steers } else { runs };
    let first = spot.draw();
    let Some(shot) = spot.shoot(payload, &first).await? else { return Ok(false) };
    if !shot.answer.is_html() || shot.answer.is_redirect() || !runs(&shot.answer.body, &first.word) {
        return Ok(false);
    }
    let second = spot.draw();
    let Some(again) = spot.shoot(payload, &second).await? else { return Ok(false) };
    if !runs(&again.answer.body, &second.word) || runs(&again.answer.body, &first.word) {
        return Ok(false);
    }
    if let Some(control) = spot.shoot_again(&second.word).await?
        && runs(&control.answer.body, &second.word)
    {
        return Ok(false);
    }
    spot.claim(rule, &[&shot, &again], Some(shot.payload.clone()));
    Ok(true)
}

/// A script that calls a function named by the request: other names, other code.
async fn jsonp(spot: &Spot<'_>) -> Result<(), Halt> {
    let starts =
        |answer: &Answer, text: &str| answer.body.trim_start().trim_start_matches("/**/").starts_with(text);
    // Data that browsers are told not to guess about is no script to them.
    let guessed = spot.plain.header("x-content-type-options").is_none();
    if spot.plain.is_json() && !guessed || !starts(&spot.plain, &format!("{}(", spot.token)) {
        return Ok(());
    }
    let mut shots = Vec::new();
    for _ in 0..2 {
        let variables = spot.draw();
        let Some(shot) = spot.shoot("{word}(1);{token}", &variables).await? else { return Ok(()) };
        if !starts(&shot.answer, &format!("{}(1);{}(", variables.word, spot.token)) {
            return Ok(());
        }
        shots.push(shot);
    }
    let marker = shots[0].payload.clone();
    spot.claim(JSONP, &shots.iter().collect::<Vec<_>>(), Some(marker));
    Ok(())
}

/// Leaves a payload in every place that does not show it at once and looks for it on the pages known.
pub(crate) async fn stored(engine: &Engine, map: &SiteMap, spots: &[Spot<'_>]) -> Result<(), Halt> {
    if !engine.checks.enabled(STORED) {
        return Ok(());
    }
    // The words of the first payloads are already where they are kept; pages that show one lead to the
    // places worth a payload.
    let mut pages: Vec<Template> = map.pages.iter().cloned().map(Template::get).collect();
    pages.truncate(300);
    let found = look_for(engine, &pages, |body| {
        spots.iter().enumerate().filter(|(_, spot)| body.contains(&spot.token)).map(|(idx, _)| idx).collect()
    })
    .await?;
    for (page, hits) in found {
        for idx in hits {
            let spot = &spots[idx];
            if !spot.claimed(STORED) {
                leave(spot, &page).await?;
            }
        }
    }
    Ok(())
}

async fn look_for(
    engine: &Engine,
    pages: &[Template],
    hits: impl Fn(&str) -> Vec<usize>,
) -> Result<Vec<(Template, Vec<usize>)>, Halt> {
    let found = std::sync::Mutex::new(Vec::new());
    bounded(engine.job.concurrency, pages, async |page: &Template| {
        if let Some(answer) = settle(engine.send_as_user(page).await)? {
            let hits = hits(&answer.body);
            if !hits.is_empty() && answer.is_html() {
                found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((page.clone(), hits));
            }
        }
        Ok(())
    })
    .await?;
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by(|a, b| a.0.url.cmp(&b.0.url));
    Ok(found)
}

async fn leave(spot: &Spot<'_>, page: &Template) -> Result<(), Halt> {
    let engine = spot.engine;
    let Some(plain) = settle(engine.send_as_user(page).await)? else { return Ok(()) };
    for landing in landings(&plain.body, &spot.token) {
        for payload in payloads(landing).into_iter().take(4) {
            let mut shown: Vec<(Shot, Answer)> = Vec::new();
            for _ in 0..2 {
                let variables = spot.draw();
                let Some(shot) = spot.shoot(&payload, &variables).await? else { break };
                let Some(answer) = settle(engine.send_as_user(page).await)? else { break };
                if !runs(&answer.body, &variables.word) {
                    break;
                }
                shown.push((shot, answer));
            }
            if shown.len() == 2 {
                let (shot, answer) = &shown[0];
                let seen =
                    Shot { payload: shot.payload.clone(), template: page.clone(), answer: answer.clone() };
                spot.claim(STORED, &[shot, &seen], Some(shot.payload.clone()));
                return Ok(());
            }
        }
    }
    Ok(())
}
