//! `trivy … --format json`.

use serde_json::Value;
use tollgate_core::{Region, Snippet, Subject};

use super::{Found, Gathering, code, place};
use crate::sarif::read::lenient::{as_text, index, list, number, str_of, text};
use crate::sarif::read::package::{ecosystem_of_purl, imported};
use crate::sarif::read::rule::severity_word;
use crate::sarif::read::secret;

pub(super) fn trivy(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let version = document.get("Trivy").and_then(|trivy| text(trivy, "Version"));
    let mut gathering = Gathering::new("Trivy", version, "https://trivy.dev", file);
    for result in results(document) {
        gathering.outcome.coverage.examined += 1;
        let target = text(result, "Target").unwrap_or_default();
        for flaw in list(result, "Vulnerabilities") {
            gathering.take(vulnerability(result, &target, flaw));
        }
        for flaw in
            list(result, "Misconfigurations").iter().filter(|flaw| str_of(flaw, "Status") != Some("PASS"))
        {
            gathering.take(misconfiguration(&target, flaw));
        }
        for secret in list(result, "Secrets") {
            gathering.take(self::leak(&target, secret));
        }
    }
    gathering.finish()
}

/// The results of one target, of the resources of a cluster, or of a version before the schema had one.
fn results(document: &Value) -> Vec<&Value> {
    let groups = ["Resources", "Vulnerabilities", "Misconfigurations"];
    let of_cluster =
        groups.iter().flat_map(|key| list(document, key)).flat_map(|entry| list(entry, "Results"));
    let old = document.as_array().into_iter().flatten();
    list(document, "Results").iter().chain(of_cluster).chain(old).collect()
}

fn vulnerability(result: &Value, target: &str, flaw: &Value) -> Option<Found> {
    let purl = flaw.get("PkgIdentifier").and_then(|id| text(id, "PURL"));
    let ecosystem = purl.as_deref().and_then(ecosystem_of_purl).map(str::to_owned);
    let ecosystem = ecosystem.or_else(|| text(result, "Type")).unwrap_or_default();
    let fixed = text(flaw, "FixedVersion").unwrap_or_default();
    let fixed = fixed.split(',').map(str::trim).filter(|version| !version.is_empty()).map(str::to_owned);
    let path = text(flaw, "PkgPath").filter(|path| !path.is_empty());
    let (name, version) = (text(flaw, "PkgName")?, text(flaw, "InstalledVersion")?);
    let at = place(path.as_deref().unwrap_or(target), 1);
    let package = imported(at, ecosystem, name.clone(), version, purl, Vec::new(), fixed.collect());
    let scores = flaw.get("CVSS").and_then(Value::as_object).into_iter().flat_map(|all| all.values());
    let scores: Vec<f64> =
        scores.filter_map(|one| number(one.get("V3Score").or_else(|| one.get("V40Score"))?)).collect();
    let score = scores.into_iter().reduce(f64::max);
    let title = text(flaw, "Title").unwrap_or_default();
    let mut found = Found::new(&text(flaw, "VulnerabilityID")?, &title, Subject::Package(Box::new(package)))?
        .rated(score, severity(flaw))
        .cwes(list(flaw, "CweIDs").iter().filter_map(as_text))
        .references(
            text(flaw, "PrimaryURL").into_iter().chain(list(flaw, "References").iter().filter_map(as_text)),
        );
    found.help = text(flaw, "Description").unwrap_or_default();
    Some(found)
}

fn severity(flaw: &Value) -> Option<tollgate_core::Severity> {
    severity_word(str_of(flaw, "Severity")?)
}

fn misconfiguration(target: &str, flaw: &Value) -> Option<Found> {
    let cause = flaw.get("CauseMetadata").unwrap_or(&Value::Null);
    let line = index(cause, "StartLine").and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
    let id = text(flaw, "ID").or_else(|| text(flaw, "AVDID"))?;
    let title = text(flaw, "Title").unwrap_or_default();
    let message = text(flaw, "Message").filter(|message| !message.is_empty());
    let identity = message.clone().unwrap_or_default();
    let mut found = Found::new(&id, &title, code(place(target, line.max(1)), identity))?
        .rated(None, severity(flaw))
        .references(text(flaw, "PrimaryURL"));
    if let Some(message) = message {
        found.message = message;
    }
    found.help = [text(flaw, "Description"), text(flaw, "Resolution")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n\n");
    Some(found)
}

fn leak(target: &str, leak: &Value) -> Option<Found> {
    let line = |key: &str| index(leak, key).and_then(|line| u32::try_from(line).ok());
    let start = line("StartLine").unwrap_or(1).max(1);
    let mut at = place(target, start);
    at.region = Region::line(start);
    // The match holds the secret, masked by Trivy or not; it goes no further.
    at.snippet = Some(Snippet { first_line: start, text: "[redacted]".to_owned() });
    let identity = secret::identity(&text(leak, "Match").unwrap_or_default());
    let found =
        Found::new(&text(leak, "RuleID")?, &text(leak, "Title").unwrap_or_default(), code(at, identity))?
            .rated(None, severity(leak))
            .cwes(["CWE-798".to_owned()]);
    Some(found)
}
