//! Cookies that carry a session and follow one another, so that the next user's can be told in advance.

use tollgate_core::dynamic::{Parameter, ParameterPlace};

use super::Subject;
use crate::client::Halt;
use crate::engine::{Claim, Engine, bounded};
use crate::message::Answer;
use crate::passive;

const RULE: &str = "dast.predictable-session";

/// Answers in a row that must follow one another.
const SAMPLES: usize = 5;

/// Largest step from one to the next.
const STEP: i64 = 16;

/// Looks at every answer that sets a number as such a cookie.
pub(crate) async fn run(engine: &Engine, subjects: &[Subject<'_>]) -> Result<(), Halt> {
    if !engine.checks.enabled(RULE) {
        return Ok(());
    }
    // One after the other: an answer to somebody else in between would hide the order.
    bounded(1, subjects, async |subject: &Subject<'_>| {
        for (name, _) in numbers(&subject.baseline.answer) {
            follow(engine, subject, &name).await?;
        }
        Ok(())
    })
    .await
}

/// Cookies of a session whose value is a number.
fn numbers(answer: &Answer) -> Vec<(String, i64)> {
    let pairs = answer.header_all("set-cookie").filter_map(|line| {
        let (name, value) = line.split(';').next()?.split_once('=')?;
        let number = value.trim().parse().ok()?;
        passive::is_session(name.trim()).then(|| (name.trim().to_owned(), number))
    });
    pairs.collect()
}

async fn follow(engine: &Engine, subject: &Subject<'_>, name: &str) -> Result<(), Halt> {
    let mut values = Vec::new();
    let mut last = None;
    let mut template = subject.baseline.template.clone();
    template.cookies.retain(|(have, _)| have != name);
    for _ in 0..SAMPLES {
        let Some(answer) = subject.send(&template).await? else { return Ok(()) };
        let found = numbers(&answer).into_iter().find(|(have, _)| have == name);
        let Some((_, value)) = found else { return Ok(()) };
        values.push(value);
        last = Some(answer);
    }
    let steady = values.windows(2).all(|pair| (1..=STEP).contains(&(pair[1].saturating_sub(pair[0]))));
    let Some(answer) = last.filter(|_| steady) else { return Ok(()) };
    let shown: Vec<String> = values.iter().map(i64::to_string).collect();
    engine.claim(Claim {
        rule: RULE,
        message: None,
        route: &subject.endpoint.route,
        parameter: Some(Parameter { place: ParameterPlace::Cookie, name: name.to_owned() }),
        exchanges: vec![(&template, Some(&answer))],
        marker: Some(format!("{name} was {} in turn", shown.join(", "))),
        with: subject.baseline.with.clone(),
    });
    Ok(())
}
