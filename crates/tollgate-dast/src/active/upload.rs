//! Files that a form takes and the server then runs. The file prints a word backwards, and nothing else.

use std::sync::LazyLock;

use regex::Regex;

use super::{Subject, settle};
use crate::client::Halt;
use crate::engine::{Claim, Engine, bounded};
use crate::message::{Answer, Body, Template};
use crate::technology::Technology;

const RULE: &str = "dast.unrestricted-upload";

/// Tries every form that takes a file.
pub(crate) async fn run(engine: &Engine, subjects: &[Subject<'_>]) -> Result<(), Halt> {
    if !engine.checks.enabled(RULE) {
        return Ok(());
    }
    let takes_files = |subject: &&Subject<'_>| match &subject.baseline.template.body {
        Body::Multipart(parts) => parts.iter().any(|part| part.file.is_some()),
        _ => false,
    };
    let php = |subject: &&Subject<'_>| {
        subject.baseline.technology.is_none_or(|technology| technology == Technology::Php)
    };
    bounded(2, subjects.iter().filter(takes_files).filter(php), async |subject: &Subject<'_>| {
        let Some(first) = leave(engine, subject).await? else { return Ok(()) };
        let Some(second) = leave(engine, subject).await? else { return Ok(()) };
        // A server that runs what is not there would run this too.
        let Ok(url) = engine.scope.resolve(&second.page.url, &format!("{}.php", engine.tokens.word())) else {
            return Ok(());
        };
        let nothing = settle(engine.send_as_user(&Template::get(url)).await)?;
        if nothing.is_some_and(|answer| answer.body.contains(&second.marker)) {
            return Ok(());
        }
        engine.claim(Claim {
            rule: RULE,
            message: None,
            route: &subject.endpoint.route,
            parameter: None,
            exchanges: vec![(&first.sent, Some(&first.reply)), (&first.page, Some(&first.shown))],
            marker: Some(first.marker),
            with: subject.baseline.with.clone(),
        });
        Ok(())
    })
    .await
}

/// A file that was left and ran.
struct Ran {
    sent: Template,
    reply: Answer,
    page: Template,
    shown: Answer,
    marker: String,
}

async fn leave(engine: &Engine, subject: &Subject<'_>) -> Result<Option<Ran>, Halt> {
    let word = engine.tokens.word();
    let name = format!("{word}.php");
    let mut sent = subject.baseline.template.clone();
    if let Body::Multipart(parts) = &mut sent.body {
        for part in parts.iter_mut().filter(|part| part.file.is_some()) {
            part.file = Some(name.clone());
            part.value = format!("<?php echo strrev('{word}'); ?>");
        }
    }
    let Some(reply) = subject.send(&sent).await? else { return Ok(None) };
    let marker: String = word.chars().rev().collect();
    for link in places(&reply.body, &name) {
        let Ok(url) = engine.scope.resolve(&sent.url, &link) else { continue };
        let page = Template::get(url);
        let Some(shown) = settle(engine.send_as_user(&page).await)? else { continue };
        if shown.is_success() && shown.body.contains(&marker) && !shown.body.contains("<?php") {
            return Ok(Some(Ran { sent, reply, page, shown, marker }));
        }
    }
    Ok(None)
}

/// Where the file may be: paths in the answer that end with its name, else the usual folders.
fn places(body: &str, name: &str) -> Vec<String> {
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\w./~%-]*/").expect("the pattern is a literal"));
    let mut out: Vec<String> = Vec::new();
    for (at, _) in body.match_indices(name) {
        let folder = PATH.find_iter(&body[..at]).last().filter(|found| found.end() == at);
        let link = format!("{}{name}", folder.map_or("", |found| found.as_str()));
        if !out.contains(&link) && out.len() < 4 {
            out.push(link);
        }
    }
    for folder in ["uploads/", "upload/", "files/", "/uploads/", "/upload/", "/files/"] {
        out.push(format!("{folder}{name}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_tells_where_the_file_is() {
        let found = places("<pre>../../kept/here/ab.php was stored</pre> as ab.php", "ab.php");
        assert_eq!(found[..2], ["../../kept/here/ab.php", "ab.php"]);
    }
}
