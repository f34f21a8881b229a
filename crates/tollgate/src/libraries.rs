//! Client libraries that a dynamic scan saw, looked up in the advisory index. The scanner may run in a
//! container without an index, so this happens where its findings arrive.

use std::path::Path;

use tollgate_core::{Diagnostic, DiagnosticLevel, Finding, ScannerOutcome, Severity, Subject};
use tollgate_dast::LIBRARY_RULE;
use tollgate_deps::graph::Ecosystem;
use tollgate_deps::index::Index;
use tollgate_deps::matching::AdvisoryMatch;

/// Advisories that a message names.
const NAMED: usize = 6;

/// Keeps the findings of libraries with known flaws and says which; those without are dropped.
pub(crate) fn judge(outcome: &mut ScannerOutcome, index_dir: &Path) {
    if !outcome.findings.iter().any(is_library) {
        return;
    }
    let index = Index::open(index_dir).ok().filter(|index| index.covers(Ecosystem::Npm));
    let index = index.unwrap_or_else(|| {
        let message = "client libraries were compared with the few built-in advisories only";
        outcome.diagnostics.push(
            Diagnostic::new(DiagnosticLevel::Note, message)
                .hint("`tollgate advisories update` brings those of the npm registry"),
        );
        Index::builtin()
    });
    let mut failure = None;
    outcome.findings.retain_mut(|finding| {
        if !is_library(finding) {
            return true;
        }
        let Subject::Endpoint(endpoint) = &finding.subject else { return false };
        let Some((name, version)) = endpoint.marker.as_deref().and_then(|marker| marker.rsplit_once('@'))
        else {
            return false;
        };
        match index.matches(Ecosystem::Npm, name, version) {
            Ok(found) => tell(finding, &(name.to_owned(), version.to_owned()), &found),
            Err(error) => {
                failure = Some(format!("could not look up {name} {version}: {error}"));
                false
            }
        }
    });
    outcome.diagnostics.extend(failure.map(|message| Diagnostic::new(DiagnosticLevel::Error, message)));
    if !outcome.findings.iter().any(is_library) {
        outcome.rules.retain(|rule| rule.id.as_str() != LIBRARY_RULE);
    }
}

fn is_library(finding: &Finding) -> bool {
    finding.rule.as_str() == LIBRARY_RULE
}

/// Says what is wrong with a version; `false` where nothing is.
fn tell(finding: &mut Finding, (name, version): &(String, String), advisories: &[AdvisoryMatch]) -> bool {
    let flaws: Vec<&AdvisoryMatch> =
        advisories.iter().filter(|advisory| advisory.informational.is_none()).collect();
    let Some(worst) = flaws.iter().filter_map(|advisory| advisory.severity()).max().or_else(|| {
        // Nobody scored them.
        (!flaws.is_empty()).then_some(Severity::Medium)
    }) else {
        return false;
    };
    let named: Vec<&str> = flaws.iter().take(NAMED).map(|advisory| advisory.id.as_str()).collect();
    let more = if flaws.len() > named.len() { ", …" } else { "" };
    let summary = flaws.iter().map(|advisory| advisory.summary.as_str()).find(|summary| !summary.is_empty());
    let summary = summary.map(|text| format!(" ({text})")).unwrap_or_default();
    finding.message = format!("{name} {version} has known flaws: {}{more}{summary}", named.join(", "));
    finding.severity = Some(worst);
    finding.cwes = flaws.iter().flat_map(|advisory| advisory.cwes.iter().copied()).collect();
    finding.cwes.sort();
    finding.cwes.dedup();
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tollgate_core::dynamic::{EndpointFinding, Exchange, Request};
    use tollgate_core::{Confidence, RuleId, ScannerId};

    fn library(marker: &str) -> Finding {
        let request = Request {
            method: "GET".into(),
            url: "http://app.test/".into(),
            headers: Vec::new(),
            body: String::new(),
        };
        Finding {
            scanner: ScannerId::new(ScannerId::DAST),
            rule: RuleId::parse(LIBRARY_RULE).unwrap(),
            message: String::new(),
            severity: Some(Severity::Medium),
            score: None,
            confidence: Confidence::Medium,
            cwes: Vec::new(),
            subject: Subject::Endpoint(Box::new(EndpointFinding {
                method: "GET".into(),
                url: "http://app.test/".into(),
                route: "/".into(),
                parameter: None,
                evidence: vec![Exchange { request, response: None }],
                marker: Some(marker.into()),
                curl: String::new(),
                source: None,
            })),
            related: Vec::new(),
            fixes: Vec::new(),
            suppressions: Vec::new(),
        }
    }

    #[test]
    fn only_libraries_with_known_flaws_stay() {
        let mut outcome = ScannerOutcome::empty(ScannerId::new(ScannerId::DAST));
        outcome.elapsed = Duration::ZERO;
        outcome.findings = vec![library("lodash@4.17.11"), library("lodash@4.17.99"), library("vue@3.4.0")];
        judge(&mut outcome, Path::new("/nowhere"));
        assert_eq!(outcome.findings.len(), 1);
        let finding = &outcome.findings[0];
        assert!(finding.message.starts_with("lodash 4.17.11 has known flaws: GHSA-"), "{}", finding.message);
        assert!(finding.severity >= Some(Severity::High) && !finding.cwes.is_empty());
        assert_eq!(
            outcome.diagnostics.len(),
            1,
            "without an index it is said once: {:?}",
            outcome.diagnostics
        );
        assert!(outcome.is_complete());
    }
}
