//! Regular expressions that take exponential time: the answer slows down with each character added, and
//! only where the text does not fit.

use std::time::Duration;

use super::spot::{Shot, Spot};
use crate::client::Halt;
use crate::engine::{Engine, bounded};

const RULE: &str = "dast.regex-denial";

/// Seconds at which the search stops, so that the target is slowed down but not stopped.
const ENOUGH: f64 = 1.2;

/// Longest run of letters tried.
const LONGEST: usize = 34;

/// Probes places that by their name hold a text checked by a pattern.
pub(crate) async fn run(engine: &Engine, spots: &[Spot<'_>]) -> Result<(), Halt> {
    if !engine.checks.enabled(RULE) {
        return Ok(());
    }
    let named = |spot: &&Spot<'_>| {
        let lower = spot.point.name.to_ascii_lowercase();
        ["mail", "phone", "url", "pattern", "regex", "date", "zip"].iter().any(|word| lower.contains(word))
    };
    bounded(2, spots.iter().filter(named), async |spot: &Spot<'_>| slow(spot).await).await
}

async fn slow(spot: &Spot<'_>) -> Result<(), Halt> {
    let text = |length: usize, end: &str| format!("{}{end}", "a".repeat(length));
    let mut times: Vec<(usize, f64)> = Vec::new();
    for length in (14..=LONGEST).step_by(2) {
        let Some((shot, took)) = timed(spot, &text(length, "!")).await? else { return Ok(()) };
        times.push((length, took));
        if length == 24 && took < spot.subject.baseline.slowest + 0.02 {
            return Ok(());
        }
        if took < ENOUGH {
            continue;
        }
        let Some(&(before, earlier)) = times.iter().rev().nth(1) else { return Ok(()) };
        let Some((_, again)) = timed(spot, &text(before, "!")).await? else { return Ok(()) };
        let Some((_, control)) = timed(spot, &text(length, "@example.org")).await? else { return Ok(()) };
        let grows = took > earlier * 2.2 && took > again * 2.2 && again > earlier * 0.4;
        if grows && control < took / 5.0 {
            let marker = format!("{before} letters take {earlier:.2} s, {length} letters {took:.2} s");
            spot.claim(RULE, &[&shot], Some(marker));
        }
        return Ok(());
    }
    Ok(())
}

async fn timed(spot: &Spot<'_>, payload: &str) -> Result<Option<(Shot, f64)>, Halt> {
    let Some(template) = spot.aim(payload) else { return Ok(None) };
    let with = &spot.engine.session().credentials(&template.url);
    let sent = spot.engine.client.send_within(&template, with, Duration::from_secs(30)).await;
    Ok(super::settle(sent)?.map(|answer| {
        let took = answer.elapsed.as_secs_f64();
        (Shot { payload: payload.to_owned(), template, answer }, took)
    }))
}
