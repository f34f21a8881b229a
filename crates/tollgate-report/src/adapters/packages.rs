//! Package managers' own audits.

use serde_json::Value;
use tollgate_core::dependency::PackageFinding;
use tollgate_core::{Confidence, RuleId, Subject};

use super::{Found, Gathering, place};
use crate::sarif::read::lenient::{as_text, int, list, number, str_of, text};
use crate::sarif::read::package::{imported, is_advisory};
use crate::sarif::read::rule::{rule_id, severity_word};

/// `npm audit --json`, of npm 7 and later and of npm 6.
pub(super) fn npm_audit(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let mut gathering =
        Gathering::new("npm audit", None, "https://docs.npmjs.com/cli/commands/npm-audit", file);
    if let Some(error) = document.get("error") {
        gathering.warn(text(error, "summary").unwrap_or_else(|| "npm audit failed".to_owned()));
        gathering.unread += 1;
    }
    for entry in
        document.get("vulnerabilities").and_then(Value::as_object).into_iter().flat_map(|map| map.values())
    {
        // Packages that are flawed only through another one name it; that one has an entry of its own.
        for via in list(entry, "via").iter().filter(|via| via.is_object()) {
            gathering.take(npm_via(entry, via));
        }
    }
    for advisory in
        document.get("advisories").and_then(Value::as_object).into_iter().flat_map(|map| map.values())
    {
        for finding in list(advisory, "findings") {
            gathering.take(npm_advisory(advisory, finding));
        }
    }
    let total = document.get("metadata").and_then(|metadata| metadata.get("dependencies"));
    let total = total.and_then(|total| number(total).or_else(|| number(total.get("total")?)));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count saturates")]
    {
        gathering.outcome.coverage.examined = total.unwrap_or(0.0) as u64;
    }
    gathering.finish()
}

fn package(
    ecosystem: &str,
    file: &str,
    name: String,
    version: String,
    aliases: Vec<RuleId>,
    fixed: Vec<String>,
) -> PackageFinding {
    imported(place(file, 1), ecosystem.to_owned(), name, version, None, aliases, fixed)
}

fn npm_via(entry: &Value, via: &Value) -> Option<Found> {
    let name = text(via, "name").or_else(|| text(entry, "name"))?;
    let url = text(via, "url").unwrap_or_default();
    let id = url.rsplit('/').next().filter(|id| is_advisory(id)).map(str::to_owned);
    let id = id.or_else(|| text(via, "source").map(|source| format!("npm-{source}")))?;
    let fix = entry.get("fixAvailable").filter(|fix| str_of(fix, "name") == Some(&name));
    let fixed = fix.and_then(|fix| text(fix, "version")).into_iter().collect();
    // The output names the flawed range, not the version in use.
    let mut package = package("npm", "package-lock.json", name.clone(), String::new(), Vec::new(), fixed);
    package.purl = package.purl.trim_end_matches('@').to_owned();
    let title = text(via, "title").unwrap_or_default();
    let range = text(via, "range").map(|range| format!(" Affected: {range}.")).unwrap_or_default();
    let mut found = Found::new(&id, &title, Subject::Package(Box::new(package)))?
        .rated(via.get("cvss").and_then(|cvss| number(cvss.get("score")?)), severity(via))
        .cwes(list(via, "cwe").iter().filter_map(as_text))
        .references([url]);
    found.message = format!("{name}: {}.{range}", found.title);
    Some(found)
}

fn npm_advisory(advisory: &Value, finding: &Value) -> Option<Found> {
    let name = text(advisory, "module_name")?;
    let version = text(finding, "version")?;
    let cves: Vec<String> = list(advisory, "cves").iter().filter_map(as_text).collect();
    let id = cves.first().cloned().or_else(|| text(advisory, "github_advisory_id"));
    let id = id.or_else(|| text(advisory, "id").map(|id| format!("npm-{id}")))?;
    let fixed = bounds(&text(advisory, "patched_versions").unwrap_or_default());
    let aliases = cves.iter().skip(1).filter_map(|id| rule_id(id)).collect();
    let mut package = package("npm", "package-lock.json", name, version, aliases, fixed);
    package.dependency_paths = list(finding, "paths")
        .iter()
        .filter_map(Value::as_str)
        .take(100)
        .map(|path| path.split('>').map(|part| part.trim().to_owned()).collect())
        .collect();
    let cwes = match advisory.get("cwe") {
        Some(Value::Array(cwes)) => cwes.iter().filter_map(as_text).collect(),
        other => other.and_then(as_text).into_iter().collect::<Vec<_>>(),
    };
    let found =
        Found::new(&id, &text(advisory, "title").unwrap_or_default(), Subject::Package(Box::new(package)))?
            .rated(None, severity(advisory))
            .cwes(cwes)
            .references(text(advisory, "url"));
    Some(found)
}

fn severity(entry: &Value) -> Option<tollgate_core::Severity> {
    severity_word(str_of(entry, "severity")?)
}

/// The lower bounds of a range: versions that hold the fix.
fn bounds(range: &str) -> Vec<String> {
    range
        .split("||")
        .filter_map(|part| {
            let part = part
                .split([',', ' '])
                .map(str::trim)
                .find(|part| !part.is_empty() && !part.starts_with('<'))?;
            let version = part.trim_start_matches(['>', '=', '^', '~', ' ']);
            (version.starts_with(|c: char| c.is_ascii_digit()) && !version.is_empty())
                .then(|| version.to_owned())
        })
        .collect()
}

/// `cargo audit --json`.
pub(super) fn cargo_audit(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let mut gathering = Gathering::new("cargo audit", None, "https://rustsec.org", file);
    let found = document.get("vulnerabilities").unwrap_or(&Value::Null);
    for entry in list(found, "list") {
        gathering.take(cargo_entry(entry, false));
    }
    let warnings = document.get("warnings").and_then(Value::as_object);
    for entry in warnings.into_iter().flat_map(|kinds| kinds.values()).filter_map(Value::as_array).flatten() {
        // A yanked release is no flaw of its own.
        if entry.get("advisory").is_some_and(Value::is_object) {
            gathering.take(cargo_entry(entry, true));
        }
    }
    let count = document.get("lockfile").and_then(|lock| int(lock, "dependency-count"));
    gathering.outcome.coverage.examined = count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    gathering.finish()
}

fn cargo_entry(entry: &Value, informational: bool) -> Option<Found> {
    let advisory = entry.get("advisory")?;
    let package_of = entry.get("package")?;
    let patched = entry.get("versions").map(|versions| list(versions, "patched")).unwrap_or_default();
    let fixed = patched.iter().filter_map(Value::as_str).flat_map(bounds).collect();
    let aliases = list(advisory, "aliases").iter().filter_map(Value::as_str).filter_map(rule_id).collect();
    let package = package(
        "crates.io",
        "Cargo.lock",
        text(package_of, "name")?,
        text(package_of, "version")?,
        aliases,
        fixed,
    );
    let score = str_of(advisory, "cvss")
        .and_then(|vector| vector.parse::<cvss::Cvss>().ok())
        .map(|cvss| cvss.score());
    let word = informational.then_some(tollgate_core::Severity::Info);
    let mut found = Found::new(
        &text(advisory, "id")?,
        &text(advisory, "title").unwrap_or_default(),
        Subject::Package(Box::new(package)),
    )?
    .rated(score, word)
    .references(text(advisory, "url"));
    found.help = text(advisory, "description").unwrap_or_default();
    found.confidence = Confidence::High;
    Some(found)
}

/// `pip-audit --format json`.
pub(super) fn pip_audit(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let mut gathering = Gathering::new("pip-audit", None, "https://pypi.org/project/pip-audit/", file);
    let dependencies = match document {
        // The format before version 2.
        Value::Array(dependencies) => dependencies.as_slice(),
        _ => list(document, "dependencies"),
    };
    for dependency in dependencies {
        let name = text(dependency, "name").unwrap_or_default();
        if let Some(reason) = text(dependency, "skip_reason") {
            gathering.warn(format!("{name} was skipped: {reason}"));
            continue;
        }
        gathering.outcome.coverage.examined += 1;
        for flaw in list(dependency, "vulns") {
            gathering.take(pip_entry(&name, dependency, flaw));
        }
    }
    gathering.finish()
}

fn pip_entry(name: &str, dependency: &Value, flaw: &Value) -> Option<Found> {
    let aliases = list(flaw, "aliases").iter().filter_map(Value::as_str).filter_map(rule_id).collect();
    let fixed = list(flaw, "fix_versions").iter().filter_map(as_text).collect();
    let package =
        package("PyPI", "requirements.txt", name.to_owned(), text(dependency, "version")?, aliases, fixed);
    let id = text(flaw, "id")?;
    let description = text(flaw, "description").unwrap_or_default();
    let title = crate::table::headline(&description);
    let mut found = Found::new(&id, &title, Subject::Package(Box::new(package)))?;
    if !description.is_empty() {
        found.message = description;
    }
    Some(found)
}
