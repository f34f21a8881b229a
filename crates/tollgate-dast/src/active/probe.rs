//! Checks that are data: errors, computed output, known contents, truth pairs, headers, callbacks.

use std::time::Duration;

use regex::Regex;

use super::Subject;
use super::spot::{BREAKER, Shot, Spot, Variables};
use crate::checks::{Check, Pair, Probe};
use crate::client::Halt;
use crate::discover::Origin;
use crate::engine::{Engine, bounded};
use crate::insert::{self, Point};
use crate::message::{Answer, Template};
use crate::oob::Listener;

/// A place with this flaw gets no further payloads: a long one stops the target.
const SLOW: &str = "dast.regex-denial";

/// Runs the checks that are data on one place; places that never changed an answer only when thorough.
pub(crate) async fn run(spot: &Spot<'_>, thorough: bool) -> Result<(), Halt> {
    if spot.claimed(SLOW) {
        return Ok(());
    }
    if spot.inert && !thorough {
        return quick(spot).await;
    }
    for check in spot.engine.checks.iter() {
        if !fits(check, spot) {
            continue;
        }
        for probe in &check.probes {
            if spot.claimed(check.meta.id.as_str()) {
                break;
            }
            run_probe(spot, check, probe).await?;
        }
    }
    Ok(())
}

/// The first pair of the checks that find what neither words nor quotes make visible.
async fn quick(spot: &Spot<'_>) -> Result<(), Halt> {
    for check in spot.engine.checks.iter().filter(|check| fits(check, spot)) {
        for probe in &check.probes {
            if let Probe::Pair { pairs, quick: true } = probe
                && let Some(pair) = pairs.first()
            {
                truth(spot, check.meta.id.as_str(), pair).await?;
            }
        }
    }
    Ok(())
}

pub(crate) fn fits(check: &Check, spot: &Spot<'_>) -> bool {
    check.places.is_empty() || check.places.contains(&spot.point.place)
}

async fn run_probe(spot: &Spot<'_>, check: &Check, probe: &Probe) -> Result<(), Halt> {
    let rule = check.meta.id.as_str();
    match probe {
        Probe::Error { payloads, pattern } => error(spot, rule, payloads, pattern).await,
        Probe::Output { payloads, expect, reflected } => {
            if *reflected && !spot.reflected {
                Ok(())
            } else {
                output(spot, rule, payloads, expect).await
            }
        }
        Probe::Contains { payloads, pattern, control, reflected } => {
            if *reflected && !spot.reflected {
                return Ok(());
            }
            contains(spot, rule, payloads, pattern, control).await
        }
        Probe::Pair { pairs, .. } => {
            for pair in pairs {
                if truth(spot, rule, pair).await? {
                    break;
                }
            }
            Ok(())
        }
        Probe::Header { payloads, header } => {
            if spot.reflected {
                added_header(spot, rule, payloads, header).await
            } else {
                Ok(())
            }
        }
        Probe::Time { .. } | Probe::Callback { .. } | Probe::Site { .. } => Ok(()),
    }
}

/// An error text that appears with the payload, appears again with another word, and not without it.
async fn error(spot: &Spot<'_>, rule: &str, payloads: &[String], pattern: &Regex) -> Result<(), Halt> {
    let base = &spot.subject.baseline.answer;
    if pattern.is_match(&base.body) || pattern.is_match(&spot.plain.body) {
        return Ok(());
    }
    for payload in std::iter::once(BREAKER).chain(payloads.iter().map(String::as_str)) {
        let Some(shot) = spot.shoot(payload, &Variables::default()).await? else { continue };
        let Some(found) = pattern.find(&shot.answer.body) else { continue };
        let marker = found.as_str().to_owned();
        if shot.payload.contains(&marker) {
            continue;
        }
        let again = shot.payload.replace(&spot.token, &spot.engine.tokens.word());
        let control = spot.shoot_again(&spot.engine.tokens.word()).await?;
        let calm = control.is_none_or(|control| !pattern.is_match(&control.answer.body));
        if let Some(second) = spot.shoot_again(&again).await?
            && calm
            && pattern.is_match(&second.answer.body)
        {
            spot.claim(rule, &[&shot, &second], Some(marker));
            return Ok(());
        }
    }
    Ok(())
}

/// A product that only the evaluated payload contains, twice with different numbers.
async fn output(spot: &Spot<'_>, rule: &str, payloads: &[String], expect: &str) -> Result<(), Halt> {
    for payload in payloads {
        let variables = spot.draw();
        let wanted = spot.render(expect, &variables);
        let Some(shot) = spot.shoot(payload, &variables).await? else { continue };
        if !shows(&shot, &wanted) {
            continue;
        }
        let others = spot.draw();
        let wanted_again = spot.render(expect, &others);
        if let Some(second) = spot.shoot(payload, &others).await?
            && shows(&second, &wanted_again)
            && !second.answer.body.contains(&wanted)
        {
            spot.claim(rule, &[&shot, &second], Some(wanted));
            return Ok(());
        }
    }
    Ok(())
}

fn shows(shot: &Shot, wanted: &str) -> bool {
    !shot.payload.contains(wanted) && shot.answer.body.contains(wanted)
}

/// A known text that comes with the payload twice, and not with the control.
async fn contains(
    spot: &Spot<'_>,
    rule: &str,
    payloads: &[String],
    pattern: &Regex,
    control: &str,
) -> Result<(), Halt> {
    if pattern.is_match(&spot.subject.baseline.answer.body) || pattern.is_match(&spot.plain.body) {
        return Ok(());
    }
    let found = |answer: &Answer, payload: &str| {
        let hit = pattern.find(&answer.body).map(|found| found.as_str().to_owned());
        hit.filter(|text| !payload.contains(text.as_str()))
    };
    for payload in payloads {
        let variables = spot.draw();
        let Some(shot) = spot.shoot(payload, &variables).await? else { continue };
        let Some(marker) = found(&shot.answer, &shot.payload) else { continue };
        let calm = spot.shoot(control, &spot.draw()).await?;
        if calm.is_some_and(|control| found(&control.answer, &control.payload).is_some()) {
            return Ok(());
        }
        if let Some(second) = spot.shoot_again(&spot.render(payload, &spot.draw())).await?
            && found(&second.answer, &second.payload).is_some()
        {
            spot.claim(rule, &[&shot, &second], Some(marker));
            return Ok(());
        }
    }
    Ok(())
}

/// Payloads that differ in truth only give answers that differ, the same ones three times over, and the
/// text without its effect does not give the answer to the true one.
async fn truth(spot: &Spot<'_>, rule: &str, pair: &Pair) -> Result<bool, Halt> {
    let first = spot.draw();
    let appended = pair.no.starts_with("{value}");
    // A page that shows a short payload differs by that alone, and nothing marks where.
    if spot.reflected && (pair.yes.len() <= 2 || pair.no.len() <= 2) {
        return Ok(false);
    }
    // One request tells most places that are not flawed: a false condition on the usual value, or a true
    // one on a word that nothing knows, changes nothing there.
    let (probe, usual) = if appended { (&pair.no, spot.usual()) } else { (&pair.yes, spot.plain_shot()) };
    let Some(shot) = spot.shoot(probe, &first).await? else { return Ok(false) };
    if spot.alike(&shot, &usual, &[]) {
        return Ok(false);
    }
    let swap = |other: &Variables| {
        let own = [first.digits.0, first.digits.1];
        let theirs = [other.digits.0, other.digits.1];
        let all = own.iter().flat_map(|&a| theirs.iter().map(move |&b| (a, b)));
        all.flat_map(|(a, b)| [(a, b), (b, a)]).collect::<Vec<_>>()
    };
    let yes = spot.shoot_again(&spot.render(&pair.yes, &first)).await?;
    let no = spot.shoot_again(&spot.render(&pair.no, &first)).await?;
    let (Some(yes), Some(no)) = (yes, no) else { return Ok(false) };
    let complains = pair.yes.starts_with("json:") && yes.answer.body.contains("$ne");
    if spot.alike(&yes, &no, &swap(&first)) || yes.answer.status >= 400 || complains {
        return Ok(false);
    }
    // The order has no period, so that a page which changes by itself does not follow it.
    for truth in [false, true, true, false] {
        let other = spot.draw();
        let (text, expected, opposite) = if truth { (&pair.yes, &yes, &no) } else { (&pair.no, &no, &yes) };
        let Some(again) = spot.shoot_again(&spot.render(text, &other)).await? else { return Ok(false) };
        if !spot.alike(&again, expected, &swap(&other)) || spot.alike(&again, opposite, &swap(&other)) {
            return Ok(false);
        }
    }
    let Some(control) = spot.shoot_again(&spot.render(&pair.control, &first)).await? else {
        return Ok(false);
    };
    if spot.alike(&control, &yes, &swap(&first)) {
        return Ok(false);
    }
    let still = spot.shoot_again(&spot.token).await?;
    if !still.is_some_and(|still| spot.alike(&still, &spot.plain_shot(), &[])) {
        return Ok(false);
    }
    spot.claim(rule, &[&yes, &no, &control], None);
    Ok(true)
}

/// A header of our own in the answer.
async fn added_header(spot: &Spot<'_>, rule: &str, payloads: &[String], header: &str) -> Result<(), Halt> {
    let in_headers = spot.plain.headers.iter().any(|(_, value)| value.contains(&spot.token));
    if !in_headers {
        return Ok(());
    }
    for payload in payloads {
        let variables = spot.draw();
        let hit =
            |shot: &Shot, word: &str| shot.answer.header(header).is_some_and(|value| value.contains(word));
        let Some(shot) = spot.shoot(payload, &variables).await? else { continue };
        if !hit(&shot, &variables.word) {
            continue;
        }
        let others = spot.draw();
        if let Some(second) = spot.shoot(payload, &others).await?
            && hit(&second, &others.word)
        {
            spot.claim(rule, &[&shot, &second], Some(format!("{header}: {}", variables.word)));
            return Ok(());
        }
    }
    Ok(())
}

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
pub(crate) async fn callbacks(
    engine: &Engine,
    subjects: &[Subject<'_>],
    spots: &[Spot<'_>],
) -> Result<(), Halt> {
    let Some(listener) = &engine.listener else { return Ok(()) };
    let payloads = |check: &'_ Check| -> Vec<String> {
        let probes = check.probes.iter().filter_map(|probe| match probe {
            Probe::Callback { payloads } => Some(payloads.clone()),
            _ => None,
        });
        probes.flatten().collect()
    };
    let all: Vec<(&Check, Vec<String>)> =
        engine.checks.iter().map(|check| (check, payloads(check))).collect();
    let mut work: Vec<Vec<Sent<'_>>> = Vec::new();
    let thorough = spots.len() <= super::MANY_SPOTS;
    let alone = |spot: &&Spot<'_>| (thorough || !spot.inert) && !spot.claimed(SLOW);
    for spot in spots.iter().filter(alone) {
        for (check, payloads) in all.iter().filter(|(check, _)| fits(check, spot)) {
            for payload in payloads {
                work.push(vec![Sent {
                    place: Place::Spot(spot),
                    check,
                    payload,
                    word: engine.tokens.word(),
                }]);
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
            points.extend(super::speculative_points(subject));
        }
        for (check, payloads) in all.iter().filter(|_| !points.is_empty()) {
            for payload in payloads {
                let fitting = |point: &&Point| check.places.is_empty() || check.places.contains(&point.place);
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
        tokio::time::sleep(Duration::from_millis(800)).await;
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

fn variables(listener: &Listener, word: &str) -> Variables {
    Variables {
        callback: listener.address(word),
        callback_authority: format!("{}/{word}", listener.authority()),
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
