//! Flaws that only show in how long an answer takes: the delay must follow the seconds asked for.

use std::time::Duration;

use super::probe::{Care, SLOW, fits};
use super::settle;
use super::spot::{Shot, Spot, Variables};
use crate::checks::Probe;
use crate::client::Halt;
use crate::engine::{Engine, bounded};

/// Delay of the first request, in seconds.
const FIRST: u64 = 3;

/// Delays asked for to confirm, in an order that no slow spell of the target follows by chance.
const CONFIRM: [u64; 5] = [0, 2, 0, 4, 1];

/// Runs the delay probes, few at a time so that they do not slow each other down.
pub(crate) async fn run(engine: &Engine, spots: &[Spot<'_>], care: Care) -> Result<(), Halt> {
    let few = care == Care::Full;
    let likely = |spot: &&Spot<'_>| match care {
        Care::Full => true,
        Care::Some => !spot.inert,
        Care::Little => !spot.inert && !spot.echo_only,
    };
    let work = spots.iter().filter(likely).filter(|spot| !spot.claimed(SLOW));
    bounded(engine.job.concurrency.min(6), work, async |spot: &Spot<'_>| {
        for check in engine.checks.iter().filter(|check| fits(check, spot)) {
            let rule = check.meta.id.as_str();
            for probe in check.probes(spot.technology()) {
                let Probe::Time { payloads } = probe else { continue };
                for payload in payloads.iter().take(if few { usize::MAX } else { 1 }) {
                    if spot.claimed(rule) {
                        break;
                    }
                    delayed(spot, rule, payload).await?;
                }
            }
        }
        Ok(())
    })
    .await
}

async fn delayed(spot: &Spot<'_>, rule: &str, payload: &str) -> Result<(), Halt> {
    let usual = spot.subject.baseline.slowest;
    let Some((first, shot)) = measure(spot, payload, FIRST).await? else { return Ok(()) };
    if first < usual + FIRST as f64 * 0.9 {
        return Ok(());
    }
    let mut samples = vec![(FIRST as f64, first)];
    for seconds in CONFIRM {
        let Some((took, _)) = measure(spot, payload, seconds).await? else { return Ok(()) };
        let expected = seconds as f64;
        if took < expected * 0.9 || seconds == 0 && took > usual + 1.5 {
            return Ok(());
        }
        samples.push((expected, took));
    }
    let (slope, fit) = regress(&samples);
    if (0.75..=1.6).contains(&slope) && fit >= 0.92 {
        let told: Vec<String> =
            samples.iter().map(|(asked, took)| format!("{asked:.0}s→{took:.1}s")).collect();
        let shots: Vec<&Shot> = shot.iter().collect();
        if shots.is_empty() {
            return Ok(());
        }
        spot.claim(rule, &shots, Some(format!("delay follows the seconds asked for: {}", told.join(", "))));
    }
    Ok(())
}

/// Seconds until the answer came or the time limit passed.
async fn measure(spot: &Spot<'_>, payload: &str, seconds: u64) -> Result<Option<(f64, Option<Shot>)>, Halt> {
    let variables = Variables { seconds, word: spot.engine.tokens.word(), ..Variables::default() };
    let payload = spot.render(payload, &variables);
    let Some(template) = spot.aim(&payload) else { return Ok(None) };
    let template = spot.engine.with_fresh_token(spot.subject.endpoint, &template).await?;
    let limit = Duration::from_secs(seconds + 12);
    let with = &spot.engine.session().credentials(&template.url);
    let answer = settle(spot.engine.client.send_within(&template, with, limit).await)?;
    Ok(answer.map(|answer| {
        let took = answer.elapsed.as_secs_f64();
        (took, Some(Shot { payload, template, answer }))
    }))
}

/// Slope and squared correlation of seconds taken over seconds asked for.
fn regress(samples: &[(f64, f64)]) -> (f64, f64) {
    let count = samples.len() as f64;
    let mean_x = samples.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = samples.iter().map(|(_, y)| y).sum::<f64>() / count;
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in samples {
        xy += (x - mean_x) * (y - mean_y);
        xx += (x - mean_x) * (x - mean_x);
        yy += (y - mean_y) * (y - mean_y);
    }
    if xx == 0.0 || yy == 0.0 { (0.0, 0.0) } else { (xy / xx, xy * xy / (xx * yy)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_delay_that_follows_fits() {
        let (slope, fit) = regress(&[(3.0, 3.1), (0.0, 0.1), (2.0, 2.05), (4.0, 4.2), (1.0, 1.1)]);
        assert!((0.9..1.1).contains(&slope) && fit > 0.99);
        let (_, fit) = regress(&[(3.0, 3.1), (0.0, 3.0), (2.0, 2.0), (4.0, 2.5), (1.0, 3.3)]);
        assert!(fit < 0.5);
    }
}
