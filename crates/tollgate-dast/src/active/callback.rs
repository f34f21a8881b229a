//! Flaws that make the target call a listener of ours.

use std::time::Duration;

use super::Subject;
use super::probe::{Care, SLOW, fits, takes};
use super::spot::{Spot, Variables};
use crate::checks::{Check, Probe};
use crate::client::Halt;
use crate::discover::Origin;
use crate::engine::{Engine, bounded};
use crate::insert::{self, Point};
use crate::message::Template;
use crate::oob::Listener;
use crate::technology::Technology;

/// A payload on its way, and the word by which the target would call.
struct Sent<'a> {
    place: Place<'a>,
    check: &'a Check,
    payload: &'a str,
    word: String,
}

/// Where a payload went.
enum Place<'a> {
    Spot(&'a Spot<'a>),
    /// A place that nothing says is read.
    Guess(&'a Subject<'a>, Point),
}

/// Sends every payload that makes a target call back, waits once, and confirms what called. Places that
/// nothing says are read get each payload all at once.
pub(crate) async fn run(
    engine: &Engine,
    subjects: &[Subject<'_>],
    spots: &[Spot<'_>],
    care: Care,
) -> Result<(), Halt> {
    let Some(listener) = &engine.listener else { return Ok(()) };
    let mut work: Vec<Vec<Sent<'_>>> = Vec::new();
    let thorough = care == Care::Full;
    let alone = |spot: &&Spot<'_>| (thorough || !spot.inert) && !spot.claimed(SLOW);
    for spot in spots.iter().filter(alone) {
        for check in engine.checks.iter().filter(|check| fits(check, spot)) {
            for payload in payloads(check, spot.technology(), &[&spot.point]) {
                let word = engine.tokens.word();
                work.push(vec![Sent { place: Place::Spot(spot), check, payload, word }]);
            }
        }
    }
    for subject in subjects {
        let mut points = Vec::new();
        if !thorough && subject.endpoint.origin == Origin::Form {
            let own = spots.iter().filter(|spot| spot.inert && std::ptr::eq(spot.subject, subject));
            points.extend(own.map(|spot| spot.point.clone()));
        }
        if subject.endpoint.scripted {
            points.extend(subject.speculative_points());
        }
        if points.is_empty() {
            continue;
        }
        for check in engine.checks.iter() {
            for payload in payloads(check, subject.baseline.technology, &points.iter().collect::<Vec<_>>()) {
                let fitting = |point: &&Point| takes(check, point);
                let sent = points.iter().filter(fitting).cloned();
                let place = |point| Place::Guess(subject, point);
                let sent = sent.map(|p| Sent { place: place(p), check, payload, word: engine.tokens.word() });
                work.push(sent.collect());
            }
        }
    }
    bounded(engine.job.concurrency, &work, async |group: &Vec<Sent<'_>>| {
        send_group(engine, listener, group).await
    })
    .await?;
    if !work.is_empty() {
        listener.settle(Duration::from_millis(800), Duration::from_secs(8)).await;
    }
    for sent in work.iter().flatten().filter(|sent| listener.call(&sent.word).is_some()) {
        match &sent.place {
            Place::Spot(spot) => confirm(engine, listener, spot, sent).await?,
            Place::Guess(subject, point) => {
                if let Some(spot) = Spot::open(engine, subject, point.clone()).await? {
                    confirm(engine, listener, &spot, sent).await?;
                }
            }
        }
    }
    Ok(())
}

fn payloads<'a>(
    check: &'a Check,
    technology: Option<Technology>,
    points: &[&Point],
) -> impl Iterator<Item = &'a str> {
    let names: Vec<String> = points.iter().map(|point| point.name.clone()).collect();
    let called = move |probe: &'a Probe| match probe {
        Probe::Callback { payloads, named }
            if named.as_ref().is_none_or(|named| names.iter().any(|name| named.is_match(name))) =>
        {
            payloads.as_slice()
        }
        _ => <&[String]>::default(),
    };
    check.probes(technology).flat_map(called).map(String::as_str)
}

fn variables(listener: &Listener, word: &str) -> Variables {
    Variables {
        callback: listener.address(word),
        callback_authority: format!("{}/{word}", listener.authority()),
        remote_reference: listener.remote_reference(word),
        word: word.to_owned(),
        ..Variables::default()
    }
}

async fn send_group(engine: &Engine, listener: &Listener, group: &[Sent<'_>]) -> Result<(), Halt> {
    let mut request: Option<(&Subject<'_>, Template)> = None;
    for sent in group {
        let variables = variables(listener, &sent.word);
        match &sent.place {
            Place::Spot(spot) => {
                spot.shoot(sent.payload, &variables).await?;
            }
            Place::Guess(subject, point) => {
                let text = variables.render(sent.payload, &point.value, &sent.word);
                let base = request.as_ref().map_or(&subject.baseline.template, |(_, template)| template);
                if let Some(changed) = insert::apply(&engine.scope, base, point, &text) {
                    request = Some((subject, changed));
                }
            }
        }
    }
    if let Some((subject, template)) = request {
        subject.send(&template).await?;
    }
    Ok(())
}

/// A second call with another word proves that the first was no chance.
async fn confirm(engine: &Engine, listener: &Listener, spot: &Spot<'_>, sent: &Sent<'_>) -> Result<(), Halt> {
    let rule = sent.check.meta.id.as_str();
    if spot.claimed(rule) {
        return Ok(());
    }
    let second = engine.tokens.word();
    let shot = spot.shoot(sent.payload, &variables(listener, &second)).await?;
    let (Some(shot), Some(call)) = (shot, listener.wait(&second, Duration::from_secs(3)).await) else {
        return Ok(());
    };
    spot.claim(rule, &[&shot], Some(call));
    let run: String = second.chars().rev().collect();
    if shot.answer.body.contains(&run) {
        spot.claim("dast.remote-file-inclusion", &[&shot], Some(run));
    }
    Ok(())
}
