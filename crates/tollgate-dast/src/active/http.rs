//! What the server itself admits: methods, foreign origins, host names taken from the request.

use super::{Subject, settle};
use crate::client::{Credentials, Halt};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Body, Template};

/// Endpoints on which foreign origins and host names are tried.
const MAX_TRIED: usize = 30;

/// Runs the checks of the server.
pub(crate) async fn run(engine: &Engine, subjects: &[Subject<'_>]) -> Result<(), Halt> {
    trace(engine).await?;
    for subject in subjects.iter().take(MAX_TRIED) {
        if subject.baseline.template.method == "GET" {
            origin(engine, subject).await?;
            host(engine, subject).await?;
        }
    }
    Ok(())
}

async fn trace(engine: &Engine) -> Result<(), Halt> {
    let rule = "dast.trace-method";
    if !engine.checks.enabled(rule) {
        return Ok(());
    }
    let mut proofs = Vec::new();
    for _ in 0..2 {
        let word = engine.tokens.word();
        let template = Template {
            method: "TRACE".into(),
            ..Template::get(engine.scope.target()).header("X-Tollgate-Word", word.clone())
        };
        let Some(answer) = settle(engine.client.send(&template, &Credentials::default()).await)? else {
            return Ok(());
        };
        if !answer.is_success() || !answer.body.contains(&word) || !answer.body.starts_with("TRACE ") {
            return Ok(());
        }
        proofs.push((template, answer, word));
    }
    if let Some((template, answer, word)) = proofs.first() {
        claim(engine, rule, "/*", template, answer, word.clone(), Credentials::default());
    }
    Ok(())
}

fn claim(
    engine: &Engine,
    rule: &str,
    route: &str,
    template: &Template,
    answer: &Answer,
    marker: String,
    with: Credentials,
) {
    engine.claim(Claim {
        rule,
        message: None,
        route,
        parameter: None,
        exchanges: vec![(template, Some(answer))],
        marker: Some(marker),
        with,
    });
}

/// A foreign origin that comes back as the one admitted, with credentials.
async fn origin(engine: &Engine, subject: &Subject<'_>) -> Result<(), Halt> {
    let rule = "dast.cors-any-origin";
    if !engine.checks.enabled(rule) || engine.has_claim(rule, "/*", None) {
        return Ok(());
    }
    let mut proofs = Vec::new();
    for _ in 0..2 {
        let origin = format!("https://{}.example", engine.tokens.word());
        let template = subject.baseline.template.clone().header("Origin", origin.clone());
        let Some(answer) = subject.send(&template).await? else { return Ok(()) };
        let credentials = answer.header("access-control-allow-credentials") == Some("true");
        if answer.header("access-control-allow-origin") != Some(&origin) || !credentials {
            return Ok(());
        }
        proofs.push((template, answer, origin));
    }
    if let Some((template, answer, origin)) = proofs.first() {
        claim(engine, rule, "/*", template, answer, origin.clone(), subject.baseline.with.clone());
    }
    Ok(())
}

/// A host name from a header that comes back in links or redirects.
async fn host(engine: &Engine, subject: &Subject<'_>) -> Result<(), Halt> {
    let rule = "dast.host-header";
    if !engine.checks.enabled(rule) || engine.has_claim(rule, "/*", None) {
        return Ok(());
    }
    if subject.baseline.template.body != Body::Empty {
        return Ok(());
    }
    let mut proofs = Vec::new();
    for _ in 0..2 {
        let name = format!("{}.example", engine.tokens.word());
        let template = subject.baseline.template.clone().header("X-Forwarded-Host", name.clone());
        let Some(answer) = subject.send(&template).await? else { return Ok(()) };
        let link = format!("//{name}");
        let shown =
            answer.body.contains(&link) || answer.header("location").is_some_and(|to| to.contains(&link));
        if !shown {
            return Ok(());
        }
        proofs.push((template, answer, name));
    }
    if let Some((template, answer, name)) = proofs.first() {
        claim(engine, rule, "/*", template, answer, name.clone(), subject.baseline.with.clone());
    }
    Ok(())
}
