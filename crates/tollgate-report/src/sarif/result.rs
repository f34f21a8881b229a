//! A merged finding as a SARIF result.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif;
use tollgate_core::dependency::{PackageFinding, Reachability};
use tollgate_core::dynamic::{EndpointFinding, Exchange};
use tollgate_core::location::StepKind;
use tollgate_core::{
    Finding, Fix, MergedFinding, Severity, Source, Subject, Suppression, SuppressionKind, Trace,
};

use super::extras::{ResultExtras, bag, entry};
use super::limits::{MAX_LOCATIONS, MAX_THREAD_FLOW_LOCATIONS};
use super::place;
use super::tool::{RulePlace, security_severity, tags};
use super::{FINGERPRINT, LINE_HASH, ROLE};
use crate::wire;

/// The result for a finding whose rule stands at the given place.
pub(super) fn result(merged: &MergedFinding, rule: &RulePlace) -> sarif::Result {
    let finding = &merged.finding;
    let mut result = sarif::Result::builder().message(message(&finding.message)).build();
    result.rule_id = Some(finding.rule.to_string());
    result.rule = Some(rule.reference(&finding.rule));
    result.level = Some(level(finding.severity));
    result.rank = Some(f64::from(merged.rank) / 10.0);
    result.locations = Some(vec![primary(finding)]);
    result.related_locations = related(merged);
    result.partial_fingerprints = Some(fingerprints(merged));
    result.code_flows = flow(merged).map(|trace| vec![code_flow(trace)]);
    result.fixes = some(finding.fixes.iter().filter(|fix| !fix.edits.is_empty()).map(sarif_fix).collect());
    result.suppressions = some(merged.suppressions.iter().map(suppression).collect());
    result.baseline_state = merged.baseline.map(|state| json!(state.as_str()));
    if let Some(exchange) = endpoint(merged).and_then(|endpoint| endpoint.evidence.first()) {
        let (request, response) = web(exchange);
        result.web_request = Some(request);
        result.web_response = Some(response);
    }
    result.properties = Some(properties(merged));
    result
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// The level that shows a severity. What nobody scored is shown as a warning.
pub(super) const fn level(severity: Option<Severity>) -> sarif::ResultLevel {
    match severity {
        Some(Severity::Critical | Severity::High) => sarif::ResultLevel::Error,
        Some(Severity::Medium) | None => sarif::ResultLevel::Warning,
        Some(Severity::Low | Severity::Info) => sarif::ResultLevel::Note,
    }
}

fn message(text: &str) -> sarif::Message {
    let mut message = sarif::Message::from(text);
    if text.contains('`') {
        message.markdown = Some(text.to_owned());
    }
    message
}

fn primary(finding: &Finding) -> sarif::Location {
    let mut location = match finding.source() {
        Some(source) => place::location(source, ""),
        None => place::stand_in(),
    };
    if let Subject::Code(code) = &finding.subject
        && !code.scope.is_empty()
    {
        let logical = sarif::LogicalLocation::builder().fully_qualified_name(code.scope.join(" > ")).build();
        location.logical_locations = Some(vec![logical]);
    }
    location
}

/// Related places: the finding's own first, then, marked by their role, the places of what confirms it
/// and those that use an affected symbol.
fn related(merged: &MergedFinding) -> Option<Vec<sarif::Location>> {
    let own = merged.finding.related.iter().map(|r| place::location(&r.location, &r.message));
    let confirming = merged.confirmed_by.iter().filter_map(|finding| {
        let source = finding.source()?;
        Some(marked(place::location(source, &finding.message), "confirmed-by"))
    });
    let uses: &[_] = match &merged.finding.subject {
        Subject::Package(package) => match &package.reachability {
            Reachability::Called(uses) => uses,
            _ => &[],
        },
        _ => &[],
    };
    let uses = uses.iter().map(|place| marked(place::location(place, "affected symbol used here"), "use"));
    some(own.chain(confirming).chain(uses).take(MAX_LOCATIONS - 1).collect())
}

fn marked(mut location: sarif::Location, role: &str) -> sarif::Location {
    location.properties = Some(bag([(ROLE, json!(role))]));
    location
}

fn fingerprints(merged: &MergedFinding) -> BTreeMap<String, String> {
    let mut prints = BTreeMap::from([(FINGERPRINT.to_owned(), merged.fingerprint.to_string())]);
    if let Some(hash) = merged.finding.source().and_then(|source| source.line_hash.as_ref()) {
        prints.insert(LINE_HASH.to_owned(), hash.to_string());
    }
    prints
}

/// The data flow of the finding, else that of the code which confirms it.
fn flow(merged: &MergedFinding) -> Option<&Trace> {
    merged.finding.trace().or_else(|| merged.confirmed_by.iter().find_map(Finding::trace))
}

fn code_flow(trace: &Trace) -> sarif::CodeFlow {
    // The sink decides, so a flow that is cut keeps it.
    let steps = trace.steps();
    let cut = steps.len().saturating_sub(MAX_THREAD_FLOW_LOCATIONS);
    let locations = steps
        .iter()
        .enumerate()
        .filter(|(at, _)| *at == 0 || *at > cut)
        .map(|(at, step)| {
            let kinds = match step.kind {
                StepKind::Step => vec!["taint".to_owned()],
                kind => vec!["taint".to_owned(), wire::step_kind(kind).to_owned()],
            };
            let mut written = sarif::ThreadFlowLocation::builder()
                .location(place::location(&step.location, &step.message))
                .kinds(kinds)
                .build();
            written.execution_order = i64::try_from(at + 1).ok();
            if step.kind != StepKind::Step {
                written.importance = Some(json!("essential"));
            }
            written
        })
        .collect::<Vec<_>>();
    let thread = sarif::ThreadFlow::builder().locations(locations).build();
    sarif::CodeFlow::builder().thread_flows(vec![thread]).build()
}

fn sarif_fix(fix: &Fix) -> sarif::Fix {
    let mut changes: Vec<(&tollgate_core::RepoPath, Vec<sarif::Replacement>)> = Vec::new();
    for edit in &fix.edits {
        let mut replacement =
            sarif::Replacement::builder().deleted_region(place::exact_region(&edit.region)).build();
        replacement.inserted_content =
            Some(sarif::ArtifactContent::builder().text(edit.replacement.clone()).build());
        match changes.iter_mut().find(|(path, _)| *path == &edit.path) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((&edit.path, vec![replacement])),
        }
    }
    let changes = changes
        .into_iter()
        .map(|(path, replacements)| {
            sarif::ArtifactChange::builder()
                .artifact_location(place::artifact(path))
                .replacements(replacements)
                .build()
        })
        .collect::<Vec<_>>();
    let mut written = sarif::Fix::builder().artifact_changes(changes).build();
    if !fix.description.is_empty() {
        written.description = Some(fix.description.as_str().into());
    }
    written
}

fn suppression(suppression: &Suppression) -> sarif::Suppression {
    let kind = match suppression.kind {
        SuppressionKind::Inline => "inSource",
        SuppressionKind::Waiver | SuppressionKind::Vex | SuppressionKind::Imported => "external",
    };
    let mut written = sarif::Suppression::builder().kind(json!(kind)).build();
    written.status = Some(json!("accepted"));
    written.justification.clone_from(&suppression.justification);
    written.properties = Some(bag([("kind", json!(wire::suppression_kind(suppression.kind)))]));
    written
}

/// The endpoint of the finding, else that of the probe which confirms it.
fn endpoint(merged: &MergedFinding) -> Option<&EndpointFinding> {
    std::iter::once(&merged.finding).chain(&merged.confirmed_by).find_map(|finding| match &finding.subject {
        Subject::Endpoint(endpoint) => Some(&**endpoint),
        _ => None,
    })
}

fn web(exchange: &Exchange) -> (sarif::WebRequest, sarif::WebResponse) {
    let text = |text: &str| sarif::ArtifactContent::builder().text(text).build();
    let mut request = sarif::WebRequest::builder()
        .protocol("HTTP")
        .version("1.1")
        .method(exchange.request.method.clone())
        .target(exchange.request.url.clone())
        .headers(headers(&exchange.request.headers))
        .build();
    if !exchange.request.body.is_empty() {
        request.body = Some(text(&exchange.request.body));
    }
    let Some(received) = &exchange.response else {
        return (request, sarif::WebResponse::builder().no_response_received(true).build());
    };
    let mut response = sarif::WebResponse::builder()
        .protocol("HTTP")
        .version("1.1")
        .status_code(i64::from(received.status))
        .headers(headers(&received.headers))
        .body(text(&received.body))
        .build();
    response.reason_phrase = reason_phrase(received.status).map(str::to_owned);
    (request, response)
}

/// SARIF holds headers by name, so values of a repeated header are joined as HTTP allows.
fn headers(headers: &[(String, String)]) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        joined
            .entry(name.clone())
            .and_modify(|old| {
                old.push_str(", ");
                old.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    joined
}

fn reason_phrase(status: u16) -> Option<&'static str> {
    Some(match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => return None,
    })
}

fn properties(merged: &MergedFinding) -> sarif::PropertyBag {
    let finding = &merged.finding;
    let mut entries: Vec<(&'static str, Value)> = vec![
        ("security-severity", json!(security_severity(finding.severity, finding.score))),
        ("confidence", json!(finding.confidence.as_str())),
        ("sources", merged.sources.iter().map(source).collect()),
        entry(&ResultExtras::of(merged)),
    ];
    if let Some(severity) = finding.severity {
        entries.push(("severity", json!(severity.as_str())));
    }
    if !merged.confirmed_by.is_empty() {
        entries.push(("confirmed", json!(true)));
    }
    if let Subject::Package(package) = &finding.subject {
        entries.extend(package_properties(package));
    }
    if let Some(endpoint) = endpoint(merged) {
        entries.extend(endpoint_properties(endpoint));
    }
    let mut bag = bag(entries);
    bag.tags = Some(tags(&finding.cwes, &[]));
    bag
}

fn source(source: &Source) -> Value {
    json!({
        "tool": source.tool,
        "rule": source.rule.as_str(),
        "severity": source.severity.map(Severity::as_str),
        "message": source.message,
    })
}

fn package_properties(package: &PackageFinding) -> Vec<(&'static str, Value)> {
    let aliases: Vec<&str> = package.aliases.iter().map(tollgate_core::RuleId::as_str).collect();
    vec![
        ("purl", json!(package.purl)),
        ("ecosystem", json!(package.ecosystem)),
        ("package", json!(package.package)),
        ("version", json!(package.version)),
        ("aliases", json!(aliases)),
        ("fixedVersions", json!(package.fixed_versions)),
        ("dependencyPath", json!(package.dependency_paths.first().cloned().unwrap_or_default())),
        ("reachable", json!(package.reachability.as_bool())),
        ("epss", json!(package.epss_ppm.map(wire::probability))),
        ("kev", json!(package.kev)),
    ]
}

fn endpoint_properties(endpoint: &EndpointFinding) -> Vec<(&'static str, Value)> {
    vec![
        ("url", json!(endpoint.url)),
        ("method", json!(endpoint.method)),
        ("route", json!(endpoint.route)),
        ("parameter", json!(endpoint.parameter.as_ref().map(|parameter| &parameter.name))),
        ("evidence", json!(endpoint.marker)),
        ("curl", json!(endpoint.curl)),
    ]
}
