//! Pages that should not be there, with a check against sites that answer everything.

use regex::Regex;

use super::{Subject, settle};
use crate::checks::Probe;
use crate::client::{Credentials, Halt};
use crate::engine::{Claim, Engine, bounded};
use crate::message::{Answer, Template};
use crate::scope::InScopeUrl;

/// Folders in which known files are looked for.
const MAX_FOLDERS: usize = 4;

/// Looks for known files at the root and in the first folders.
pub(crate) async fn run(engine: &Engine, subjects: &[Subject<'_>]) -> Result<(), Halt> {
    let mut work = Vec::new();
    let folders = folders(engine, subjects);
    for check in engine.checks.iter() {
        for probe in check.probes(None) {
            let Probe::Site { paths, pattern, unless, html } = probe else { continue };
            for path in paths {
                for folder in folders.iter().take(if path.starts_with('/') { 1 } else { MAX_FOLDERS }) {
                    let link = if path.starts_with('/') { path.clone() } else { format!("{folder}{path}") };
                    let Ok(url) = engine.scope.resolve(&engine.scope.target(), &link) else { continue };
                    work.push((check.meta.id.as_str(), url, pattern, unless.as_ref(), *html));
                }
            }
        }
    }
    bounded(engine.job.concurrency, work, async |(rule, url, pattern, unless, html)| {
        look(engine, rule, url, (pattern, unless, html)).await
    })
    .await
}

fn folders(engine: &Engine, subjects: &[Subject<'_>]) -> Vec<String> {
    let mut out = vec!["/".to_owned()];
    let target = engine.scope.target();
    for path in std::iter::once(target.url().path())
        .chain(subjects.iter().map(|s| s.baseline.template.url.url().path()))
    {
        let folder = path.rfind('/').map_or("/", |at| &path[..=at]).to_owned();
        if !out.contains(&folder) && folder.matches('/').count() <= 3 {
            out.push(folder);
        }
    }
    out
}

async fn look(
    engine: &Engine,
    rule: &str,
    url: InScopeUrl,
    (pattern, unless, html): (&Regex, Option<&Regex>, bool),
) -> Result<(), Halt> {
    let template = Template::get(url);
    let with = engine.session().credentials(&template.url);
    let Some(answer) = settle(engine.client.send(&template, &with).await)? else { return Ok(()) };
    let fits = |answer: &Answer| {
        let page = answer.is_html() || answer.body.trim_start().to_ascii_lowercase().starts_with("<!doctype");
        answer.status == 200
            && (html || !page)
            && pattern.is_match(&answer.body)
            && !unless.is_some_and(|unless| unless.is_match(&answer.body))
    };
    if !fits(&answer) {
        return Ok(());
    }
    // A site that answers everything answers this too.
    let Some(control) = sibling(engine, &template) else { return Ok(()) };
    let Some(other) = settle(engine.client.send(&control, &with).await)? else { return Ok(()) };
    if fits(&other) {
        return Ok(());
    }
    let marker = pattern.find(&answer.body).map(|found| found.as_str().to_owned());
    engine.claim(Claim {
        rule,
        message: None,
        route: template.url.url().path(),
        parameter: None,
        exchanges: vec![(&template, Some(&answer)), (&control, Some(&other))],
        marker,
        with: Credentials::default(),
    });
    Ok(())
}

/// The same address with a word in the last name that nothing has.
fn sibling(engine: &Engine, template: &Template) -> Option<Template> {
    let mut url = template.url.url().clone();
    let path = url.path().to_owned();
    let at = path.rfind('/')? + 1;
    let (folder, name) = path.split_at(at);
    url.set_path(&format!("{folder}{}{name}", engine.tokens.word()));
    Some(Template::get(engine.scope.admit(&url).ok()?))
}
