//! Checks that are data: errors, computed output, known contents, truth pairs, headers.

use regex::Regex;

use super::Subject;
use super::spot::{BREAKER, Shot, Spot, Variables, draw};
use super::union;
use crate::checks::{Check, Pair, Probe};
use crate::client::Halt;
use crate::engine::{Engine, bounded};
use crate::insert::{self, Point};
use crate::message::Answer;

/// A place with this flaw gets no further payloads: a long one stops the target.
pub(crate) const SLOW: &str = "dast.regex-denial";

/// Takes more requests than most and shows in what is not merely echoed.
const NOSQL: &str = "dast.nosql-injection";

/// How much is spent on each place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// Everything everywhere.
    Full,
    /// Nothing but the cheapest payloads where nothing changes the answer.
    Some,
    /// Besides, less where a value does no more than show.
    Little,
}

impl Care {
    /// What so many places, and so many of them that react, leave room for.
    pub(crate) fn of(spots: &[Spot<'_>]) -> Self {
        let live = spots.iter().filter(|spot| !spot.inert).count();
        if live > MANY_LIVE {
            Self::Little
        } else if spots.len() > super::MANY_SPOTS {
            Self::Some
        } else {
            Self::Full
        }
    }
}

/// Places that react beyond which each gets less.
const MANY_LIVE: usize = 60;

/// Runs the checks that are data on one place; places that never changed an answer only when thorough.
pub(crate) async fn run(spot: &Spot<'_>, care: Care) -> Result<(), Halt> {
    if spot.claimed(SLOW) || spot.inert && care != Care::Full {
        return Ok(());
    }
    for check in spot.engine.checks.iter() {
        if !fits(check, spot) {
            continue;
        }
        for probe in check.probes(spot.technology()) {
            if spot.claimed(check.meta.id.as_str()) {
                break;
            }
            let unlikely = spot.echo_only && care == Care::Little;
            if unlikely && (matches!(probe, Probe::Error { .. }) || check.meta.id.as_str() == NOSQL) {
                continue;
            }
            run_probe(spot, check, probe, unlikely).await?;
        }
    }
    Ok(())
}

/// Places that neither words nor quotes make visible, and places that nothing says are read, get the first
/// pair of the checks that work even there. All of a request get it at once; only where that changes the
/// answer are they tried one by one.
pub(crate) async fn quick(
    engine: &Engine,
    subjects: &[Subject<'_>],
    spots: &[Spot<'_>],
    care: Care,
) -> Result<(), Halt> {
    let pairs: Vec<(&Check, &Pair)> = engine
        .checks
        .iter()
        .flat_map(|check| check.probes(None).map(move |probe| (check, probe)))
        .filter_map(|(check, probe)| match probe {
            Probe::Pair { pairs, quick: true, .. } => Some((check, pairs.first()?)),
            _ => None,
        })
        .collect();
    bounded(engine.job.concurrency, subjects, async |subject: &Subject<'_>| {
        let mut points: Vec<Point> = Vec::new();
        if care != Care::Full {
            let own = spots.iter().filter(|spot| spot.inert && std::ptr::eq(spot.subject, subject));
            points.extend(own.map(|spot| spot.point.clone()));
        }
        if points.is_empty() && !subject.endpoint.scripted {
            return Ok(());
        }
        points.extend(subject.speculative_points());
        for (check, pair) in &pairs {
            group_truth(engine, subject, spots, &points, (check, pair)).await?;
        }
        Ok(())
    })
    .await
}

async fn group_truth(
    engine: &Engine,
    subject: &Subject<'_>,
    spots: &[Spot<'_>],
    group: &[Point],
    (check, pair): (&Check, &Pair),
) -> Result<(), Halt> {
    let base = &subject.baseline;
    let variables = draw(&engine.tokens);
    let mut template = base.template.clone();
    for point in group.iter().filter(|point| takes(check, point)) {
        let payload = variables.render(&pair.yes, &point.value, &variables.word);
        template = insert::apply(&engine.scope, &template, point, &payload).unwrap_or(template);
    }
    if template == base.template {
        return Ok(());
    }
    let payload = variables.render(&pair.yes, "", &variables.word);
    let Some(answer) = subject.send(&template).await? else { return Ok(()) };
    if base.view(&answer, &[&payload]).same_but(&base.view(&base.answer, &[&payload]), &[]) {
        return Ok(());
    }
    let rule = check.meta.id.as_str();
    for point in group.iter().filter(|point| takes(check, point)) {
        let known = spots.iter().find(|spot| std::ptr::eq(spot.subject, subject) && spot.point == *point);
        if let Some(spot) = known {
            truth(spot, rule, pair, Screen::Usual).await?;
        } else if let Some(spot) = Spot::open(engine, subject, point.clone()).await? {
            truth(&spot, rule, pair, Screen::Usual).await?;
        }
    }
    Ok(())
}

pub(crate) fn takes(check: &Check, point: &Point) -> bool {
    check.places.is_empty() || check.places.contains(&point.place)
}

pub(crate) fn fits(check: &Check, spot: &Spot<'_>) -> bool {
    takes(check, &spot.point)
}

/// Payloads of one kind that are tried where they are unlikely to do anything.
const FEW: usize = 2;

async fn run_probe(spot: &Spot<'_>, check: &Check, probe: &Probe, unlikely: bool) -> Result<(), Halt> {
    let rule = check.meta.id.as_str();
    match probe {
        Probe::Error { payloads, pattern } => error(spot, rule, payloads, pattern).await,
        Probe::Output { payloads, expect, reflected } => {
            if *reflected && !spot.reflected {
                Ok(())
            } else {
                // Quotes that do no more than show close no text.
                let payloads = payloads.iter().filter(|payload| !(unlikely && closes_text(payload)));
                output(spot, rule, payloads, expect, *reflected).await
            }
        }
        Probe::Contains { payloads, pattern, control, reflected } => {
            if *reflected && !spot.reflected {
                return Ok(());
            }
            let count = if unlikely { FEW } else { payloads.len() };
            contains(spot, rule, &payloads[..count.min(payloads.len())], pattern, control).await
        }
        Probe::Pair { pairs, either, without, named, .. } => {
            let misnamed = named.as_ref().is_some_and(|named| !named.is_match(&spot.point.name));
            if misnamed || without.as_ref().is_some_and(|text| spot.aim(text).is_some()) {
                return Ok(());
            }
            let tried = |pair: &&Pair| !(pair.no.contains("{value}") && spot.indifferent);
            for pair in pairs.iter().filter(tried).take(if unlikely { FEW } else { usize::MAX }) {
                let screen = match (*either, unlikely) {
                    (false, _) => Screen::Usual,
                    (true, true) => Screen::False,
                    (true, false) => Screen::None,
                };
                // A target that mixes up its answers under load gets a second chance to be clear.
                let mut verdict = truth(spot, rule, pair, screen).await?;
                if verdict == Verdict::Doubt {
                    verdict = truth(spot, rule, pair, screen).await?;
                }
                if verdict == Verdict::Proved {
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
        Probe::Union { closings } => union::run(spot, rule, closings).await,
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
        // The word with both quotes has shown what a usual value that is nothing special could show.
        if payload.starts_with("{value}") && payload.len() == "{value}".len() + 1 && spot.indifferent {
            continue;
        }
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
async fn output(
    spot: &Spot<'_>,
    rule: &str,
    payloads: impl Iterator<Item = &String>,
    expect: &str,
    reflected: bool,
) -> Result<(), Halt> {
    for payload in payloads {
        let variables = spot.draw();
        let wanted = spot.render(expect, &variables);
        let Some(shot) = spot.shoot(payload, &variables).await? else { continue };
        if !shows(&shot, &wanted) {
            // The first payload holds the signs of all; one that does no more than show evaluates none.
            if reflected && spot.echo_only && spot.alike(&shot, &spot.plain_shot(), &[]) {
                return Ok(());
            }
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

/// Whether a payload works only behind a quote that ends a text.
fn closes_text(payload: &str) -> bool {
    payload.trim_start_matches("{value}").trim_start_matches("{token}").starts_with(['\'', '"'])
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

/// Which one request spares the others where it changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    /// A false condition on the usual value, or a true one on a word that nothing knows.
    Usual,
    /// The false payload.
    False,
    None,
}

/// What a pair came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Nothing,
    /// The answers differ, but not every time the same.
    Doubt,
    Proved,
}

/// Payloads that differ in truth only give answers that differ, the same ones three times over, and the
/// text without its effect does not give the answer to the true one.
async fn truth(spot: &Spot<'_>, rule: &str, pair: &Pair, screen: Screen) -> Result<Verdict, Halt> {
    let first = spot.draw();
    let appended = pair.no.starts_with("{value}");
    // A page that shows a short payload differs by that alone, and nothing marks where.
    let short = |text: &str| text.len() <= 2 && text.contains(char::is_alphanumeric);
    if spot.reflected && (short(&pair.yes) || short(&pair.no)) {
        return Ok(Verdict::Nothing);
    }
    // A condition that finds nothing changes nothing where the usual value finds nothing either.
    if pair.no.contains("{value}") && spot.indifferent {
        return Ok(Verdict::Nothing);
    }
    // One request tells most places that are not flawed.
    let false_first = appended || screen == Screen::False;
    let usual = if appended { spot.usual() } else { spot.plain_shot() };
    let (text, other) = if false_first { (&pair.no, &pair.yes) } else { (&pair.yes, &pair.no) };
    let Some(shot) = spot.shoot(text, &first).await? else { return Ok(Verdict::Nothing) };
    if screen != Screen::None && spot.alike(&shot, &usual, &[]) {
        return Ok(Verdict::Nothing);
    }
    let swap = |other: &Variables| {
        let own = [first.digits.0, first.digits.1];
        let theirs = [other.digits.0, other.digits.1];
        let all = own.iter().flat_map(|&a| theirs.iter().map(move |&b| (a, b)));
        all.flat_map(|(a, b)| [(a, b), (b, a)]).collect::<Vec<_>>()
    };
    let Some(other) = spot.shoot_again(&spot.render(other, &first)).await? else {
        return Ok(Verdict::Nothing);
    };
    let (yes, no) = if false_first { (other, shot) } else { (shot, other) };
    let complains = pair.yes.starts_with("json:") && yes.answer.body.contains("$ne");
    if spot.alike(&yes, &no, &swap(&first)) || yes.answer.status >= 400 || complains {
        return Ok(Verdict::Nothing);
    }
    // The order has no period, so that a page which changes by itself does not follow it.
    for truth in [false, true, true, false] {
        let other = spot.draw();
        let (text, expected, opposite) = if truth { (&pair.yes, &yes, &no) } else { (&pair.no, &no, &yes) };
        let Some(again) = spot.shoot_again(&spot.render(text, &other)).await? else {
            return Ok(Verdict::Doubt);
        };
        if !spot.alike(&again, expected, &swap(&other)) || spot.alike(&again, opposite, &swap(&other)) {
            return Ok(Verdict::Doubt);
        }
    }
    let Some(control) = spot.shoot_again(&spot.render(&pair.control, &first)).await? else {
        return Ok(Verdict::Doubt);
    };
    if spot.alike(&control, &yes, &swap(&first)) {
        return Ok(Verdict::Doubt);
    }
    let still = spot.shoot_again(&spot.token).await?;
    if !still.is_some_and(|still| spot.alike(&still, &spot.plain_shot(), &[])) {
        return Ok(Verdict::Doubt);
    }
    spot.claim(rule, &[&yes, &no, &control], None);
    Ok(Verdict::Proved)
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
