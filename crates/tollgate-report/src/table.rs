//! What table-like formats say of a finding: each fact in a few words.

use tollgate_core::{BaselineState, Finding, MergedFinding, RuleId, RuleMeta, Severity, Subject};

use tollgate_core::Report;

/// The severity's name, `unknown` where nobody scored it.
pub(crate) const fn severity(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(severity) => severity.as_str(),
        None => "unknown",
    }
}

/// Where the finding is, as `path:line`, the endpoint or nothing.
pub(crate) fn place(finding: &Finding) -> String {
    match (finding.source(), &finding.subject) {
        (Some(source), _) => format!("{}:{}", source.path, source.region.start().line),
        (None, Subject::Endpoint(endpoint)) => format!("{} {}", endpoint.method, endpoint.url),
        _ => String::new(),
    }
}

/// How the finding stands: `suppressed`, its state against the baseline, else `open`.
pub(crate) const fn state(merged: &MergedFinding) -> &'static str {
    match merged.baseline {
        Some(BaselineState::Absent) => "absent",
        _ if !merged.suppressions.is_empty() => "suppressed",
        Some(state) => state.as_str(),
        None => "open",
    }
}

/// What to do about a finding, in a sentence, where that is known.
pub(crate) fn remedy(finding: &Finding) -> Option<String> {
    if let Subject::Package(package) = &finding.subject {
        if let Some(upgrade) = &package.upgrade {
            return Some(format!("Run `{}`.", upgrade.command));
        }
        if let Some(version) = package.fixed_versions.first() {
            return Some(format!("Upgrade {} to {version} or later.", package.package));
        }
    }
    finding.fixes.iter().map(|fix| fix.description.clone()).find(|text| !text.is_empty())
}

/// What the report knows of the finding's rule.
pub(crate) fn rule<'r>(report: &'r Report, finding: &Finding) -> Option<&'r RuleMeta> {
    let rules = |name: &str| {
        report.scanners.iter().find(|summary| summary.scanner.as_str() == name).map(|summary| &summary.rules)
    };
    rules(finding.scanner.as_str())?.iter().find(|rule| rule.id == finding.rule)
}

/// The advisory's page, where the id's kind has one.
pub(crate) fn advisory_url(id: &RuleId) -> Option<String> {
    let id = id.as_str();
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return None;
    }
    if id.starts_with("CVE-") {
        Some(format!("https://nvd.nist.gov/vuln/detail/{id}"))
    } else if id.starts_with("GHSA-") {
        Some(format!("https://github.com/advisories/{id}"))
    } else if ["RUSTSEC-", "PYSEC-", "GO-", "OSV-", "MAL-"].iter().any(|prefix| id.starts_with(prefix)) {
        Some(format!("https://osv.dev/vulnerability/{id}"))
    } else {
        None
    }
}

/// The first sentence of a message, on one line.
pub(crate) fn headline(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.find(". ") {
        Some(end) => line[..=end].to_owned(),
        None => line,
    }
}
