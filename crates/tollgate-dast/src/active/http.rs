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
    put(engine).await?;
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
        proofs.push(Proof { template, answer, marker: word });
    }
    if let Some(proof) = proofs.first() {
        claim(engine, rule, proof, Credentials::default());
    }
    Ok(())
}

/// A finding of one exchange.
fn claim(engine: &Engine, rule: &str, proof: &Proof, with: Credentials) {
    let marker = Some(proof.marker.clone());
    engine.claim(Claim { marker, with, ..Claim::of(rule, "/*", &proof.template, Some(&proof.answer)) });
}

/// A request whose answer shows a marker of ours.
struct Proof {
    template: Template,
    answer: Answer,
    marker: String,
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
        proofs.push(Proof { template, answer, marker: origin });
    }
    if let Some(proof) = proofs.first() {
        claim(engine, rule, proof, subject.baseline.with.clone());
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
    // A name in the request itself may well choose between sites; in a link of the answer it leads away.
    for header in ["X-Forwarded-Host", "Host"] {
        let mut proofs = Vec::new();
        for _ in 0..2 {
            let name = format!("{}.example", engine.tokens.word());
            let template = subject.baseline.template.clone().header(header, name.clone());
            let Some(answer) = subject.send(&template).await? else { break };
            let link = format!("//{name}");
            let shown =
                answer.body.contains(&link) || answer.header("location").is_some_and(|to| to.contains(&link));
            if !shown {
                break;
            }
            proofs.push(Proof { template, answer, marker: name });
        }
        if let [proof, _] = proofs.as_slice() {
            claim(engine, rule, proof, subject.baseline.with.clone());
            return Ok(());
        }
    }
    Ok(())
}

/// A text that is put under a name nothing has, read there and taken away again.
async fn put(engine: &Engine) -> Result<(), Halt> {
    let rule = "dast.put-method";
    if !engine.checks.enabled(rule) {
        return Ok(());
    }
    let (name, text) = (engine.tokens.word(), engine.tokens.word());
    let Ok(url) = engine.scope.resolve(&engine.scope.target(), &format!("/{name}.txt")) else {
        return Ok(());
    };
    let read = Template::get(url.clone());
    let body = Body::Text { content_type: "text/plain".into(), text: text.clone() };
    let write = Template::with_body("PUT", url, body);
    let holds = |answer: &Answer| answer.is_success() && answer.body.contains(&text);
    let send = async |template: &Template| settle(engine.send_as_user(template).await);
    let Some(written) = send(&write).await?.filter(Answer::is_success) else { return Ok(()) };
    let Some(after) = send(&read).await? else { return Ok(()) };
    let Ok(url) = engine.scope.resolve(&engine.scope.target(), &format!("/{}.txt", engine.tokens.word()))
    else {
        return Ok(());
    };
    // A site that answers every name with what it was sent last keeps no file.
    let control = send(&Template::get(url)).await?;
    if holds(&after) && !control.is_some_and(|control| holds(&control)) {
        let with = engine.session().credentials(&write.url);
        send(&Template { method: "DELETE".into(), ..read.clone() }).await?;
        engine.claim(Claim {
            rule,
            message: None,
            route: "/*",
            parameter: None,
            exchanges: vec![(&write, Some(&written)), (&read, Some(&after))],
            marker: Some(text),
            with,
        });
    }
    Ok(())
}
