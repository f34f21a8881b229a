//! GitLab's security reports, schema 15.2.1. GitLab has a file for each kind of scan; findings that do
//! not fit the asked kind stay out of it.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use tollgate_core::{Finding, MergedFinding, Report, ScannerId, Severity, Subject};
use url::Url;

use crate::format::WriteError;
use crate::table;

const VERSION: &str = "15.2.1";

/// The kind of report GitLab asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GitlabReport {
    /// Flaws in code, and whatever else has a place in a file.
    #[default]
    Sast,
    /// Secrets.
    SecretDetection,
    /// Flaws in packages.
    DependencyScanning,
    /// Flaws of a running application.
    Dast,
}

impl GitlabReport {
    /// The kind that the name of a report file asks for, as `gl-dast-report.json`.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let kinds = [
            ("dependency", Self::DependencyScanning),
            ("secret", Self::SecretDetection),
            ("dast", Self::Dast),
            ("sast", Self::Sast),
        ];
        kinds.into_iter().find(|(part, _)| name.contains(part)).map(|(_, kind)| kind)
    }

    const fn scan_type(self) -> &'static str {
        match self {
            Self::Sast => "sast",
            Self::SecretDetection => "secret_detection",
            Self::DependencyScanning => "dependency_scanning",
            Self::Dast => "dast",
        }
    }

    fn takes(self, finding: &Finding) -> bool {
        let secret = finding.scanner.as_str() == ScannerId::SECRETS;
        match (self, &finding.subject) {
            // Code that a probe confirmed, or that a probe led to, is still code.
            (Self::Sast, _) => finding.source().is_some(),
            (Self::SecretDetection, Subject::Code(_)) => secret,
            (Self::DependencyScanning, Subject::Package(_)) | (Self::Dast, Subject::Endpoint(_)) => true,
            _ => false,
        }
    }
}

/// Writes the findings of one kind.
///
/// # Errors
/// When the writer fails.
pub fn write_gitlab(report: &Report, kind: GitlabReport, out: &mut dyn Write) -> Result<(), WriteError> {
    let vulnerabilities: Vec<Value> = report
        .findings
        .iter()
        .flat_map(|merged| {
            // What confirms a finding belongs into the report of its own kind.
            std::iter::once(&merged.finding).chain(&merged.confirmed_by).map(move |finding| (merged, finding))
        })
        .filter(|(merged, finding)| merged.counts() && kind.takes(finding))
        .map(|(merged, finding)| vulnerability(report, merged, finding, kind))
        .collect();
    let mut document = json!({
        "version": VERSION,
        "scan": scan(report, kind),
        "vulnerabilities": vulnerabilities,
    });
    if kind == GitlabReport::DependencyScanning {
        document["dependency_files"] = dependency_files(report);
    }
    serde_json::to_writer_pretty(&mut *out, &document).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn scan(report: &Report, kind: GitlabReport) -> Value {
    let time = |time: &Option<String>| {
        time.as_deref().and_then(|time| time.get(..19)).unwrap_or("1970-01-01T00:00:00").to_owned()
    };
    let tool = json!({
        "id": "tollgate",
        "name": "Tollgate",
        "url": env!("CARGO_PKG_HOMEPAGE"),
        "version": env!("CARGO_PKG_VERSION"),
        "vendor": {"name": "Tollgate"},
    });
    let complete = report.verdict.gaps().is_empty();
    let mut messages: Vec<Value> = report
        .verdict
        .gaps()
        .iter()
        .filter(|gap| !gap.reason.is_empty())
        .map(|gap| json!({"level": "warn", "value": gap.reason}))
        .collect();
    let left_out =
        report.findings.iter().filter(|merged| merged.counts() && !kind.takes(&merged.finding)).count();
    if left_out > 0 {
        let text = format!("{left_out} findings have no place in a report of this kind");
        messages.push(json!({"level": "info", "value": text}));
    }
    let mut scan = json!({
        "type": kind.scan_type(),
        "status": if complete { "success" } else { "failure" },
        "start_time": time(&report.invocation.started),
        "end_time": time(&report.invocation.ended),
        "analyzer": tool,
        "scanner": tool,
        "messages": messages,
    });
    if kind == GitlabReport::Dast {
        let mut seen: Vec<(String, String)> = report
            .findings
            .iter()
            .filter_map(|merged| match &merged.finding.subject {
                Subject::Endpoint(endpoint) => Some((endpoint.method.clone(), endpoint.url.clone())),
                _ => None,
            })
            .collect();
        seen.sort();
        seen.dedup();
        scan["scanned_resources"] =
            seen.iter().map(|(method, url)| json!({"method": method, "url": url, "type": "url"})).collect();
    }
    scan
}

fn vulnerability(report: &Report, merged: &MergedFinding, finding: &Finding, kind: GitlabReport) -> Value {
    let rule = table::rule(report, finding);
    let name = rule.map_or_else(|| table::headline(&finding.message), |rule| rule.summary.clone());
    let mut value = json!({
        "id": id(merged, finding),
        "name": cut(&name, 255),
        "description": cut(&finding.message, 100_000),
        "severity": severity(finding.severity),
        "identifiers": identifiers(finding),
        "location": location(report, finding, kind),
    });
    if let Some(remedy) = table::remedy(finding) {
        value["solution"] = json!(cut(&remedy, 7_000));
    }
    let links: Vec<Value> = rule
        .iter()
        .flat_map(|rule| &rule.references)
        .filter(|url| url.starts_with("http"))
        .map(|url| json!({"url": url}))
        .collect();
    if !links.is_empty() {
        value["links"] = json!(links);
    }
    if kind == GitlabReport::Dast
        && let Subject::Endpoint(endpoint) = &finding.subject
        && let Some(exchange) = endpoint.evidence.first()
    {
        let headers = |headers: &[(String, String)]| -> Vec<Value> {
            headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
        };
        let mut evidence = json!({
            "summary": endpoint.marker.as_deref().unwrap_or("see request and response"),
            "request": {
                "method": exchange.request.method,
                "url": exchange.request.url,
                "headers": headers(&exchange.request.headers),
                "body": exchange.request.body,
            },
        });
        if let Some(response) = &exchange.response {
            evidence["response"] = json!({
                "status_code": response.status,
                "reason_phrase": "",
                "headers": headers(&response.headers),
                "body": response.body,
            });
        }
        value["evidence"] = evidence;
    } else if kind != GitlabReport::DependencyScanning {
        value["tracking"] = json!({"type": "source", "items": [{
            "file": finding.source().map(|source| source.path.as_str()).unwrap_or_default(),
            "signatures": [{"algorithm": "scope_offset", "value": merged.fingerprint.as_str()}],
        }]});
    }
    value
}

/// The identity of the finding; a confirming one has the identity of what it confirms, told apart.
fn id(merged: &MergedFinding, finding: &Finding) -> String {
    if std::ptr::eq(finding, &merged.finding) {
        merged.fingerprint.to_string()
    } else {
        format!("{}-{}", merged.fingerprint, finding.scanner)
    }
}

const fn severity(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "Critical",
        Some(Severity::High) => "High",
        Some(Severity::Medium) => "Medium",
        Some(Severity::Low) => "Low",
        Some(Severity::Info) => "Info",
        None => "Unknown",
    }
}

fn identifiers(finding: &Finding) -> Vec<Value> {
    let advisory = |id: &tollgate_core::RuleId| {
        let kind = id.as_str().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let mut value = json!({"type": kind, "name": id.as_str(), "value": id.as_str()});
        if let Some(url) = table::advisory_url(id) {
            value["url"] = json!(url);
        }
        value
    };
    let mut identifiers = match &finding.subject {
        Subject::Package(package) => {
            std::iter::once(&finding.rule).chain(&package.aliases).map(advisory).collect()
        }
        _ => vec![json!({
            "type": "tollgate_rule_id",
            "name": format!("{} {}", finding.scanner, finding.rule),
            "value": finding.rule.as_str(),
        })],
    };
    identifiers.extend(finding.cwes.iter().map(
        |cwe| json!({"type": "cwe", "name": cwe.to_string(), "value": cwe.0.to_string(), "url": cwe.url()}),
    ));
    identifiers
}

fn location(report: &Report, finding: &Finding, kind: GitlabReport) -> Value {
    if kind == GitlabReport::Dast
        && let Subject::Endpoint(endpoint) = &finding.subject
    {
        let url = Url::parse(&endpoint.url).ok();
        let origin = url.as_ref().map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        return json!({
            "hostname": origin,
            "method": endpoint.method,
            "param": endpoint.parameter.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
            "path": url.map_or_else(|| endpoint.route.clone(), |url| url.path().to_owned()),
        });
    }
    let Some(source) = finding.source() else { return json!({}) };
    let mut location = json!({
        "file": source.path.as_str(),
        "start_line": source.region.start().line,
        "end_line": source.region.end().line,
    });
    match &finding.subject {
        Subject::Package(package) if kind == GitlabReport::DependencyScanning => {
            location = json!({"file": source.path.as_str(), "dependency": {
                "package": {"name": package.package},
                "version": package.version,
                "direct": package.dependency_paths.iter().any(|path| path.len() <= 1),
            }});
        }
        Subject::Code(code) if kind == GitlabReport::SecretDetection => {
            let commit = report.invocation.revision.as_ref().and_then(|revision| revision.commit.as_deref());
            location["commit"] = json!({"sha": commit.unwrap_or("0000000")});
            location["method"] = json!(code.scope.join(" > "));
        }
        Subject::Code(code) if !code.scope.is_empty() => {
            location["method"] = json!(code.scope.join(" > "));
        }
        _ => {}
    }
    location
}

fn dependency_files(report: &Report) -> Value {
    let mut files: Vec<(&str, &str, Vec<Value>)> = Vec::new();
    for package in &report.packages {
        let path = package.location.path.as_str();
        let Some(version) = &package.version else { continue };
        let dependency = json!({"package": {"name": package.name}, "version": version});
        match files.iter_mut().find(|(known, ..)| *known == path) {
            Some((.., dependencies)) => dependencies.push(dependency),
            None => files.push((path, &package.ecosystem, vec![dependency])),
        }
    }
    files
        .into_iter()
        .map(|(path, ecosystem, dependencies)| {
            json!({"path": path, "package_manager": ecosystem, "dependencies": dependencies})
        })
        .collect()
}

fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}
