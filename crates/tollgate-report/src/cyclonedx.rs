//! A bill of materials with the known vulnerabilities in it, `CycloneDX` 1.6.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde_json::{Value, json};
use tollgate_core::dependency::{PackageFinding, Reachability, Usage};
use tollgate_core::facts::Package;
use tollgate_core::{MergedFinding, Report, Severity, Subject, SuppressionKind};

use crate::format::WriteError;
use crate::{table, wire};

/// Reference of the project itself.
const PROJECT: &str = "project";

/// Writes the bill of materials.
///
/// # Errors
/// When the writer fails.
pub fn write_cyclonedx(report: &Report, out: &mut dyn Write) -> Result<(), WriteError> {
    let parts = parts(report);
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {"components": [{
                "type": "application",
                "name": "Tollgate",
                "version": env!("CARGO_PKG_VERSION"),
            }]},
            "component": {"type": "application", "bom-ref": PROJECT, "name": project_name(report)},
        },
        "components": parts.values().map(Part::component).collect::<Vec<_>>(),
        "dependencies": dependencies(&parts),
        "vulnerabilities": vulnerabilities(report),
    });
    serde_json::to_writer_pretty(&mut *out, &document).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn project_name(report: &Report) -> String {
    let name = report.root.as_deref().and_then(|root| root.rsplit(['/', '\\']).find(|part| !part.is_empty()));
    name.unwrap_or("project").to_owned()
}

/// A component, from all the lockfiles that name it.
#[derive(Default)]
struct Part {
    purl: String,
    ecosystem: String,
    name: String,
    version: Option<String>,
    usage: Option<Usage>,
    direct: bool,
    licence: Option<String>,
    dependencies: BTreeSet<String>,
    places: BTreeSet<String>,
}

impl Part {
    fn component(&self) -> Value {
        let (group, name) = grouped(&self.ecosystem, &self.name);
        let mut component = json!({
            "type": "library",
            "bom-ref": self.purl,
            "name": name,
            "purl": self.purl,
            "scope": match self.usage {
                Some(Usage::Development) => "excluded",
                Some(Usage::Optional) => "optional",
                Some(Usage::Production) | None => "required",
            },
        });
        if let Some(group) = group {
            component["group"] = json!(group);
        }
        if let Some(version) = &self.version {
            component["version"] = json!(version);
        }
        if let Some(licence) = &self.licence {
            component["licenses"] = json!([{"license": {"name": licence}}]);
        }
        let occurrences: Vec<Value> = self.places.iter().map(|place| json!({"location": place})).collect();
        if !occurrences.is_empty() {
            component["evidence"] = json!({"occurrences": occurrences});
        }
        component
    }
}

/// The group and the name within it, where the ecosystem has groups.
fn grouped<'n>(ecosystem: &str, name: &'n str) -> (Option<&'n str>, &'n str) {
    let split = match ecosystem {
        "Maven" => name.split_once(':'),
        "npm" if name.starts_with('@') => name.split_once('/'),
        _ => None,
    };
    split.map_or((None, name), |(group, name)| (Some(group), name))
}

/// Components by package URL.
fn parts(report: &Report) -> BTreeMap<String, Part> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for package in report.packages.iter().filter(|package| !package.purl.is_empty()) {
        add(parts.entry(package.purl.clone()).or_default(), package);
    }
    // A vulnerability must refer to a component, also when the list of packages is not at hand.
    for package in vulnerable(report).map(|(_, package)| package) {
        let part = parts.entry(reference(package)).or_default();
        if part.purl.is_empty() {
            part.purl = reference(package);
            part.ecosystem.clone_from(&package.ecosystem);
            part.name.clone_from(&package.package);
            part.version = Some(package.version.clone());
            part.usage = Some(package.usage);
            part.direct = package.dependency_paths.iter().any(|path| path.len() <= 1);
        }
        part.places.insert(package.location.path.to_string());
    }
    parts
}

fn add(part: &mut Part, package: &Package) {
    part.purl.clone_from(&package.purl);
    part.ecosystem.clone_from(&package.ecosystem);
    part.name.clone_from(&package.name);
    part.version.clone_from(&package.version);
    // What one lockfile ships is shipped.
    part.usage = Some(part.usage.map_or(package.usage, |usage| usage.min(package.usage)));
    part.direct |= package.direct == Some(true);
    part.licence = part.licence.take().or_else(|| package.licence.clone());
    part.dependencies.extend(package.dependencies.iter().cloned());
    part.places.insert(package.location.path.to_string());
}

fn dependencies(parts: &BTreeMap<String, Part>) -> Vec<Value> {
    let direct: Vec<&str> =
        parts.values().filter(|part| part.direct).map(|part| part.purl.as_str()).collect();
    let project = json!({"ref": PROJECT, "dependsOn": direct});
    let each = parts.values().map(|part| {
        let known: Vec<&String> = part
            .dependencies
            .iter()
            .filter(|purl| parts.contains_key(*purl) && **purl != part.purl)
            .collect();
        json!({"ref": part.purl, "dependsOn": known})
    });
    std::iter::once(project).chain(each).collect()
}

fn vulnerable(report: &Report) -> impl Iterator<Item = (&MergedFinding, &PackageFinding)> {
    report.findings.iter().filter_map(|merged| match &merged.finding.subject {
        Subject::Package(package) => Some((merged, &**package)),
        _ => None,
    })
}

fn reference(package: &PackageFinding) -> String {
    if package.purl.is_empty() {
        format!("{}/{}@{}", package.ecosystem, package.package, package.version)
    } else {
        package.purl.clone()
    }
}

fn vulnerabilities(report: &Report) -> Vec<Value> {
    let mut merged: BTreeMap<(String, String), (&MergedFinding, &PackageFinding)> = BTreeMap::new();
    for (finding, package) in vulnerable(report) {
        let key = (finding.finding.rule.to_string(), reference(package));
        merged.entry(key).or_insert((finding, package));
    }
    merged.into_values().map(|(finding, package)| vulnerability(report, finding, package)).collect()
}

fn vulnerability(report: &Report, merged: &MergedFinding, package: &PackageFinding) -> Value {
    let finding = &merged.finding;
    let source = |id: &tollgate_core::RuleId| {
        let name = match id.as_str().split('-').next().unwrap_or_default() {
            "CVE" => "NVD",
            "GHSA" => "GitHub Advisories",
            "RUSTSEC" => "RustSec",
            _ => "OSV",
        };
        match table::advisory_url(id) {
            Some(url) => json!({"name": name, "url": url}),
            None => json!({"name": name}),
        }
    };
    let mut rating = json!({"severity": match finding.severity {
        None => "unknown",
        Some(severity) => Severity::as_str(severity),
    }});
    if let Some(score) = finding.score {
        rating["score"] = json!(score.value());
        rating["method"] = json!("other");
    }
    let mut value = json!({
        "bom-ref": format!("{}:{}", finding.rule, merged.fingerprint),
        "id": finding.rule.as_str(),
        "source": source(&finding.rule),
        "ratings": [rating],
        "description": finding.message,
        "affects": [{
            "ref": reference(package),
            "versions": [{"version": package.version, "status": "affected"}],
        }],
        "properties": properties(package),
    });
    if !finding.cwes.is_empty() {
        value["cwes"] = json!(finding.cwes.iter().map(|cwe| cwe.0).collect::<Vec<_>>());
    }
    if !package.aliases.is_empty() {
        value["references"] =
            package.aliases.iter().map(|id| json!({"id": id.as_str(), "source": source(id)})).collect();
    }
    if let Some(remedy) = table::remedy(finding) {
        value["recommendation"] = json!(remedy);
    }
    let help = table::rule(report, finding).map(|rule| rule.help.as_str()).filter(|help| !help.is_empty());
    if let Some(help) = help {
        value["detail"] = json!(help);
    }
    if let Some(suppression) = merged.suppressions.first() {
        let state = if suppression.kind == SuppressionKind::Vex { "not_affected" } else { "in_triage" };
        let reason = suppression.justification.as_deref().unwrap_or("suppressed");
        value["analysis"] = json!({"state": state, "detail": reason});
    } else if matches!(package.reachability, Reachability::Called(_)) {
        value["analysis"] = json!({"state": "exploitable", "detail": "an affected symbol is used"});
    }
    value
}

fn properties(package: &PackageFinding) -> Vec<Value> {
    let mut properties = vec![
        json!({"name": "tollgate:reachability", "value": package.reachability.as_str()}),
        json!({"name": "tollgate:kev", "value": package.kev.to_string()}),
    ];
    if let Some(ppm) = package.epss_ppm {
        properties.push(json!({"name": "tollgate:epss", "value": wire::probability(ppm).to_string()}));
    }
    properties
}
