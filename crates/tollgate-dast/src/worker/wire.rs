//! Findings and rules in the form in which they cross from the worker to whoever started it.

use serde::{Deserialize, Serialize};
use tollgate_core::dynamic::{EndpointFinding, Exchange, Parameter, ParameterPlace, Request, Response};
use tollgate_core::{
    Confidence, Cwe, Finding, Region, RepoPath, RuleId, RuleMeta, ScannerId, Severity, SourceLocation,
    Subject,
};

/// A rule on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireRule {
    id: String,
    summary: String,
    help: String,
    severity: Option<String>,
    confidence: String,
    cwes: Vec<u32>,
    tags: Vec<String>,
    references: Vec<String>,
}

/// A finding on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireFinding {
    rule: String,
    message: String,
    severity: Option<String>,
    confidence: String,
    cwes: Vec<u32>,
    method: String,
    url: String,
    route: String,
    parameter: Option<(String, String)>,
    evidence: Vec<WireExchange>,
    marker: Option<String>,
    curl: String,
    source: Option<(String, u32)>,
}

/// An exchange on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireExchange {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    response: Option<WireResponse>,
}

/// Status, headers and body on the wire.
type WireResponse = (u16, Vec<(String, String)>, String);

pub(super) fn rule_to_wire(rule: &RuleMeta) -> WireRule {
    WireRule {
        id: rule.id.to_string(),
        summary: rule.summary.clone(),
        help: rule.help.clone(),
        severity: rule.severity.map(|severity| severity.to_string()),
        confidence: rule.confidence.to_string(),
        cwes: rule.cwes.iter().map(|cwe| cwe.0).collect(),
        tags: rule.tags.clone(),
        references: rule.references.clone(),
    }
}

pub(super) fn rule_from_wire(rule: WireRule) -> Option<RuleMeta> {
    Some(RuleMeta {
        id: RuleId::parse(&rule.id).ok()?,
        summary: rule.summary,
        help: rule.help,
        severity: severity(rule.severity.as_deref()),
        score: None,
        confidence: confidence(&rule.confidence),
        cwes: rule.cwes.into_iter().map(Cwe).collect(),
        tags: rule.tags,
        references: rule.references,
    })
}

fn severity(text: Option<&str>) -> Option<Severity> {
    text.and_then(|text| text.parse().ok())
}

fn confidence(text: &str) -> Confidence {
    Confidence::ALL.into_iter().find(|confidence| confidence.as_str() == text).unwrap_or_default()
}

pub(super) fn finding_to_wire(finding: &Finding) -> Option<WireFinding> {
    let Subject::Endpoint(endpoint) = &finding.subject else { return None };
    let exchange = |exchange: &Exchange| WireExchange {
        method: exchange.request.method.clone(),
        url: exchange.request.url.clone(),
        headers: exchange.request.headers.clone(),
        body: exchange.request.body.clone(),
        response: exchange.response.as_ref().map(|r| (r.status, r.headers.clone(), r.body.clone())),
    };
    Some(WireFinding {
        rule: finding.rule.to_string(),
        message: finding.message.clone(),
        severity: finding.severity.map(|severity| severity.to_string()),
        confidence: finding.confidence.to_string(),
        cwes: finding.cwes.iter().map(|cwe| cwe.0).collect(),
        method: endpoint.method.clone(),
        url: endpoint.url.clone(),
        route: endpoint.route.clone(),
        parameter: endpoint.parameter.as_ref().map(|p| (p.place.to_string(), p.name.clone())),
        evidence: endpoint.evidence.iter().map(exchange).collect(),
        marker: endpoint.marker.clone(),
        curl: endpoint.curl.clone(),
        source: endpoint.source.as_ref().map(|s| (s.path.to_string(), s.region.start().line)),
    })
}

pub(super) fn finding_from_wire(wire: WireFinding) -> Option<Finding> {
    let exchange = |wire: WireExchange| Exchange {
        request: Request { method: wire.method, url: wire.url, headers: wire.headers, body: wire.body },
        response: wire.response.map(|(status, headers, body)| Response { status, headers, body }),
    };
    let parameter = wire.parameter.and_then(|(place, name)| {
        let place = ParameterPlace::ALL.into_iter().find(|known| known.as_str() == place)?;
        Some(Parameter { place, name })
    });
    Some(Finding {
        scanner: ScannerId::new(ScannerId::DAST),
        rule: RuleId::parse(&wire.rule).ok()?,
        message: wire.message,
        severity: severity(wire.severity.as_deref()),
        score: None,
        confidence: confidence(&wire.confidence),
        cwes: wire.cwes.into_iter().map(Cwe).collect(),
        subject: Subject::Endpoint(Box::new(EndpointFinding {
            method: wire.method,
            url: wire.url,
            route: wire.route,
            parameter,
            evidence: wire.evidence.into_iter().map(exchange).collect(),
            marker: wire.marker,
            curl: wire.curl,
            source: wire.source.as_ref().and_then(source_location),
        })),
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: Vec::new(),
    })
}

pub(crate) fn source_location(source: &(String, u32)) -> Option<SourceLocation> {
    Some(SourceLocation::new(RepoPath::new(&source.0).ok()?, Region::line(source.1)))
}
