//! A report of Tollgate's own, restored as it was written.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tollgate_core::coverage::{Coverage, SkipReason, Skipped};
use tollgate_core::dynamic::EndpointFinding;
use tollgate_core::line_hash::LineHash;
use tollgate_core::location::StepKind;
use tollgate_core::outcome::ToolInfo;
use tollgate_core::report::{Invocation, Revision, ScannerSummary};
use tollgate_core::verdict::Gap;
use tollgate_core::{
    BaselineState, CodeFinding, Diagnostic, DiagnosticLevel, Edit, Finding, Fingerprint, Fix, MergedFinding,
    Position, Region, Related, RepoPath, Report, RuleMeta, ScannerId, Snippet, Source, SourceLocation,
    Subject, Suppression, SuppressionKind, Trace, TraceStep, Verdict, Violation,
};

use super::context::RunContext;
use super::lenient::{int, list, str_of, text};
use super::uri::{Target, Tree, resolve};
use crate::sarif::extras::{
    self, Kind, NotificationExtras, ResultExtras, RuleExtras, RunExtras, ScannerExtras,
};
use crate::sarif::{EXTRAS, FINGERPRINT, LINE_HASH, ROLE, SOURCE_ROOT, STAND_IN};
use crate::wire::{self, Unreadable};

/// Why a result cannot be restored.
type Restored<T> = Result<T, Unreadable>;

fn missing(what: &'static str) -> Unreadable {
    Unreadable::new(what, "")
}

fn extras_of<T: DeserializeOwned>(holder: &Value) -> Option<T> {
    serde_json::from_value(holder.get("properties")?.get(EXTRAS)?.clone()).ok()
}

/// Restores a finding.
pub(super) fn finding(run: &RunContext, result: &Value) -> Restored<MergedFinding> {
    let extras: ResultExtras = extras_of(result).ok_or_else(|| missing("`properties.tollgate`"))?;
    let properties = result.get("properties").unwrap_or(&Value::Null);
    let rule = wire::rule_id(str_of(result, "ruleId").unwrap_or_default())?;
    let prints = result.get("partialFingerprints").unwrap_or(&Value::Null);
    let print = str_of(prints, FINGERPRINT).unwrap_or_default();
    let fingerprint = Fingerprint::parse(print).map_err(|_| Unreadable::new("fingerprint", print))?;
    let primary = list(result, "locations").first();
    let mut location = match primary {
        Some(primary) if !is_marked(primary, STAND_IN) => Some(location(run, primary)?),
        _ => None,
    };
    if let (Some(location), Some(hash)) = (&mut location, str_of(prints, LINE_HASH)) {
        location.line_hash = Some(LineHash::from_report(hash));
    }
    let subject = subject(run, result, &extras, location)?;
    let convert = |suppressions: &[wire::Suppression]| -> Restored<Vec<Suppression>> {
        suppressions.iter().cloned().map(TryInto::try_into).collect()
    };
    let finding = Finding {
        scanner: ScannerId::new(&extras.scanner),
        rule,
        message: result.get("message").and_then(|message| text(message, "text")).unwrap_or_default(),
        severity: extras.severity.as_deref().map(wire::severity).transpose()?,
        score: extras.score.map(wire::score).transpose()?,
        confidence: wire::confidence(&extras.confidence)?,
        cwes: extras
            .cwes
            .iter()
            .map(|cwe| cwe.parse().map_err(|_| Unreadable::new("CWE", cwe)))
            .collect::<Restored<_>>()?,
        subject,
        related: list(result, "relatedLocations")
            .iter()
            .filter(|related| !is_marked(related, ROLE))
            .map(|related| {
                Ok(Related { location: self::location(run, related)?, message: message_of(related) })
            })
            .collect::<Restored<_>>()?,
        fixes: list(result, "fixes").iter().map(|fix| self::fix(run, fix)).collect::<Restored<_>>()?,
        suppressions: convert(&extras.own_suppressions)?,
    };
    let state = str_of(result, "baselineState");
    Ok(MergedFinding {
        finding,
        fingerprint,
        sources: list(properties, "sources").iter().map(source).collect::<Restored<_>>()?,
        confirmed_by: extras.confirmed_by.into_iter().map(TryInto::try_into).collect::<Restored<_>>()?,
        merged_because: extras.merged_because,
        baseline: state.map(baseline).transpose()?,
        first_seen: extras.first_seen,
        suppressions: list(result, "suppressions").iter().map(suppression).collect(),
        rank: rank(result),
    })
}

fn is_marked(location: &Value, mark: &str) -> bool {
    location.get("properties").is_some_and(|properties| properties.get(mark).is_some())
}

fn message_of(location: &Value) -> String {
    location.get("message").and_then(|message| text(message, "text")).unwrap_or_default()
}

fn rank(result: &Value) -> u16 {
    let rank = result.get("rank").and_then(Value::as_f64).unwrap_or(0.0).clamp(0.0, 100.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 100 in tenths fits u16"
    )]
    let tenths = (rank * 10.0).round() as u16;
    tenths
}

fn baseline(state: &str) -> Restored<BaselineState> {
    use BaselineState::{Absent, New, Unchanged, Updated};
    [New, Unchanged, Updated, Absent]
        .into_iter()
        .find(|known| known.as_str() == state)
        .ok_or_else(|| Unreadable::new("baseline state", state))
}

fn source(value: &Value) -> Restored<Source> {
    Ok(Source {
        tool: text(value, "tool").ok_or_else(|| missing("tool of a source"))?,
        rule: wire::rule_id(str_of(value, "rule").unwrap_or_default())?,
        severity: str_of(value, "severity").map(wire::severity).transpose()?,
        message: text(value, "message").unwrap_or_default(),
    })
}

fn suppression(value: &Value) -> Suppression {
    let kind = value.get("properties").and_then(|properties| str_of(properties, "kind"));
    Suppression {
        kind: kind.and_then(wire::suppression_of).unwrap_or(SuppressionKind::Imported),
        justification: text(value, "justification"),
    }
}

fn subject(
    run: &RunContext,
    result: &Value,
    extras: &ResultExtras,
    location: Option<SourceLocation>,
) -> Restored<Subject> {
    let properties = result.get("properties").unwrap_or(&Value::Null);
    let texts = |key: &str| -> Vec<String> {
        list(properties, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Ok(match extras.kind {
        Kind::Nowhere => Subject::Nowhere,
        Kind::Code => Subject::Code(Box::new(CodeFinding {
            location: location.ok_or_else(|| missing("location"))?,
            scope: extras.scope.clone(),
            identity: extras.identity.clone(),
            trace: own_trace(run, result, extras)?,
            sensitive: extras.sensitive.clone(),
        })),
        Kind::Package => {
            let parts = extras.package.clone().ok_or_else(|| missing("facts of a package"))?;
            let mut package = parts.into_finding(location.ok_or_else(|| missing("location"))?)?;
            let own = |key: &str| text(properties, key).unwrap_or_default();
            package.ecosystem = own("ecosystem");
            package.package = own("package");
            package.version = own("version");
            package.purl = own("purl");
            package.aliases = texts("aliases").iter().map(|id| wire::rule_id(id)).collect::<Restored<_>>()?;
            package.fixed_versions = texts("fixedVersions");
            package.epss_ppm = properties.get("epss").and_then(Value::as_f64).and_then(wire::millionths);
            package.kev = properties.get("kev").and_then(Value::as_bool).unwrap_or(false);
            Subject::Package(Box::new(package))
        }
        Kind::Endpoint => {
            let endpoint = extras.endpoint.clone().ok_or_else(|| missing("facts of an endpoint"))?;
            let mut endpoint: EndpointFinding = endpoint.try_into()?;
            endpoint.source = location;
            Subject::Endpoint(Box::new(endpoint))
        }
    })
}

/// The trace of the finding. A code flow that was taken from the code which confirms a finding is not its
/// own.
fn own_trace(run: &RunContext, result: &Value, extras: &ResultExtras) -> Restored<Option<Trace>> {
    let lent = extras
        .confirmed_by
        .iter()
        .any(|finding| matches!(&finding.subject, wire::Subject::Code(code) if code.trace.is_some()));
    let flow = list(result, "codeFlows").first().filter(|_| !lent);
    let Some(thread) = flow.and_then(|flow| list(flow, "threadFlows").first()) else { return Ok(None) };
    let steps = list(thread, "locations").iter().map(|step| {
        let kinds = list(step, "kinds");
        let kind = match kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "taint") {
            Some("source") => StepKind::Source,
            Some("sink") => StepKind::Sink,
            _ => StepKind::Step,
        };
        let place = step.get("location").ok_or_else(|| missing("location of a step"))?;
        Ok(TraceStep { kind, location: location(run, place)?, message: message_of(place) })
    });
    Ok(Trace::new(steps.collect::<Restored<_>>()?))
}

fn location(run: &RunContext, value: &Value) -> Restored<SourceLocation> {
    let physical = value.get("physicalLocation").ok_or_else(|| missing("location"))?;
    let region = physical.get("region").unwrap_or(&Value::Null);
    let mut location = SourceLocation::new(path(run, physical)?, self::region(region));
    let shown = |region: &Value| -> Option<Snippet> {
        Some(Snippet {
            first_line: u32::try_from(int(region, "startLine")?).ok()?,
            text: region.get("snippet").and_then(|snippet| text(snippet, "text"))?,
        })
    };
    let apart = physical.get("properties").and_then(|properties| properties.get("snippet"));
    location.snippet = match (apart, physical.get("contextRegion")) {
        (Some(apart), _) => {
            let apart: Option<wire::Snippet> = serde_json::from_value(apart.clone()).ok();
            apart.map(|apart| Snippet { first_line: apart.first_line, text: apart.text })
        }
        (None, Some(context)) => shown(context),
        (None, None) => shown(region),
    };
    Ok(location)
}

fn path(run: &RunContext, holder: &Value) -> Restored<RepoPath> {
    let artifact = holder.get("artifactLocation").ok_or_else(|| missing("file"))?;
    let uri = text(artifact, "uri").unwrap_or_default();
    match resolve(Tree::default(), &run.bases, &uri, str_of(artifact, "uriBaseId")) {
        Some(Target::File(path) | Target::Outside(path)) => Ok(path),
        _ => Err(Unreadable::new("path", uri)),
    }
}

fn region(value: &Value) -> Region {
    let number = |key: &str| int(value, key).and_then(|n| u32::try_from(n).ok());
    let line = number("startLine").unwrap_or(1);
    let (Some(column), Some(end_column)) = (number("startColumn"), number("endColumn")) else {
        return Region::line(line);
    };
    let end = Position { line: number("endLine").unwrap_or(line), column: end_column };
    let region = Region::new(Position { line, column }, end);
    match (number("byteOffset"), number("byteLength")) {
        (Some(start), Some(length)) => region.with_bytes(start, start.saturating_add(length)),
        _ => region,
    }
}

fn fix(run: &RunContext, value: &Value) -> Restored<Fix> {
    let mut edits = Vec::new();
    for change in list(value, "artifactChanges") {
        let path = path(run, change)?;
        for replacement in list(change, "replacements") {
            let inserted = replacement.get("insertedContent").and_then(|content| text(content, "text"));
            edits.push(Edit {
                path: path.clone(),
                region: region(replacement.get("deletedRegion").unwrap_or(&Value::Null)),
                replacement: inserted.unwrap_or_default(),
            });
        }
    }
    let description = value.get("description").and_then(|message| text(message, "text"));
    Ok(Fix { description: description.unwrap_or_default(), edits })
}

/// Restores the report around the findings.
pub(super) fn report(run: &RunContext, findings: Vec<MergedFinding>) -> Report {
    let none = Value::Null;
    let invocation = run.invocations.first().unwrap_or(&none);
    let extras: RunExtras = run
        .properties
        .get(EXTRAS)
        .and_then(|value| serde_json::from_value(value.clone()).ok())
        .unwrap_or_default();
    let mut scanners = scanners(run, invocation);
    let mut diagnostics = Vec::new();
    for notification in list(invocation, "toolExecutionNotifications") {
        let Some(known) = extras_of::<NotificationExtras>(notification) else { continue };
        let summary = known
            .scanner
            .as_ref()
            .and_then(|name| scanners.iter_mut().find(|summary| summary.scanner.as_str() == name));
        if let Some(message) = known.message {
            let diagnostic = Diagnostic {
                level: level(notification),
                message,
                hint: known.hint,
                path: known.path.and_then(|path| RepoPath::new(path).ok()),
                line: known.line,
                rule: known.rule.and_then(|rule| wire::rule_id(&rule).ok()),
            };
            match summary {
                Some(summary) => summary.diagnostics.push(diagnostic),
                None => diagnostics.push(diagnostic),
            }
        } else if let (Some(summary), Some(reason), Some(path)) = (summary, known.skipped, known.path)
            && let (Some(reason), Ok(path)) = (skip_reason(&reason), RepoPath::new(path))
        {
            summary.coverage.skipped.push(Skipped { path, reason });
        }
    }
    for summary in &mut scanners {
        summary.coverage.skipped.sort();
    }
    if !extras.omitted.is_empty() {
        let parts: Vec<String> =
            extras.omitted.iter().map(|(severity, count)| format!("{count} {severity}")).collect();
        diagnostics.push(
            Diagnostic::new(
                DiagnosticLevel::Error,
                format!("results were left out of the stored report: {}", parts.join(", ")),
            )
            .hint("store the report in full, or judge it where it was made"),
        );
    }
    Report {
        root: root(run),
        findings,
        scanners,
        packages: extras.packages.into_iter().filter_map(|package| package.try_into().ok()).collect(),
        routes: extras.routes.into_iter().filter_map(|route| route.try_into().ok()).collect(),
        diagnostics,
        verdict: verdict(&run.properties),
        invocation: Invocation {
            command_line: text(invocation, "commandLine").unwrap_or_default(),
            started: text(invocation, "startTimeUtc"),
            ended: text(invocation, "endTimeUtc"),
            exit_code: int(invocation, "exitCode").and_then(|code| u8::try_from(code).ok()).unwrap_or(0),
            plan_digest: extras.plan_digest,
            shard: extras.shard,
            revision: extras.revision.map(|revision| Revision {
                commit: revision.commit,
                branch: revision.branch,
                remote: revision.remote,
            }),
        },
    }
}

fn root(run: &RunContext) -> Option<String> {
    let uri = str_of(run.base_ids.get(SOURCE_ROOT)?, "uri")?;
    let decoded = percent_encoding::percent_decode_str(uri.strip_prefix("file://")?).decode_utf8_lossy();
    let path = decoded.trim_end_matches('/');
    // `/C:/…` is how a drive letter stands in a URI.
    let path = match path.as_bytes() {
        [b'/', letter, b':', ..] if letter.is_ascii_alphabetic() => &path[1..],
        _ => path,
    };
    Some(if path.is_empty() { "/".to_owned() } else { path.to_owned() })
}

fn scanners(run: &RunContext, invocation: &Value) -> Vec<ScannerSummary> {
    let properties = invocation.get("properties").unwrap_or(&Value::Null);
    let mut rules: BTreeMap<&str, Vec<RuleMeta>> = BTreeMap::new();
    for component in run.components.iter().skip(1) {
        rules.insert(&component.name, component.raw_rules.iter().filter_map(rule).collect());
    }
    list(properties, "scanners")
        .iter()
        .filter_map(|value| serde_json::from_value::<ScannerExtras>(value.clone()).ok())
        .map(|known| ScannerSummary {
            scanner: ScannerId::new(&known.name),
            tool: known.tool.map(|tool| ToolInfo { name: tool.name, version: tool.version, url: tool.url }),
            rules: rules.remove(known.name.as_str()).unwrap_or_default(),
            coverage: Coverage { examined: known.examined, bytes: known.bytes, skipped: Vec::new() },
            diagnostics: Vec::new(),
            complete: known.complete,
            elapsed: Duration::from_millis(known.elapsed_ms),
        })
        .collect()
}

fn rule(value: &Value) -> Option<RuleMeta> {
    let extras: RuleExtras = extras_of(value)?;
    let mut meta = RuleMeta::bare(wire::rule_id(str_of(value, "id")?).ok()?);
    meta.summary = text(value.get("shortDescription")?, "text")?;
    meta.help = value.get("help").and_then(|help| text(help, "markdown")).unwrap_or_default();
    meta.severity = extras.severity.as_deref().and_then(|word| wire::severity(word).ok());
    meta.score = extras.score.and_then(|score| wire::score(score).ok());
    meta.confidence = wire::confidence(&extras.confidence).ok()?;
    meta.cwes = extras.cwes.iter().filter_map(|cwe| cwe.parse().ok()).collect();
    meta.tags = extras.tags;
    meta.references = extras.references;
    Some(meta)
}

fn level(notification: &Value) -> DiagnosticLevel {
    match str_of(notification, "level") {
        Some("error") => DiagnosticLevel::Error,
        Some("note" | "none") => DiagnosticLevel::Note,
        _ => DiagnosticLevel::Warning,
    }
}

fn skip_reason(words: &str) -> Option<SkipReason> {
    use SkipReason::{Binary, Link, Minified, PartlyParsed, Special, TimedOut, TooLarge, Unreadable};
    [Binary, Minified, TooLarge, Unreadable, Link, Special, TimedOut, PartlyParsed]
        .into_iter()
        .find(|reason| reason.as_str() == words)
}

fn verdict(properties: &Value) -> Verdict {
    let violations = list(properties, "violations")
        .iter()
        .filter_map(|value| serde_json::from_value::<extras::Violation>(value.clone()).ok())
        .map(|violation| Violation {
            policy: violation.policy,
            message: violation.message,
            findings: violation.findings.iter().filter_map(|print| Fingerprint::parse(print).ok()).collect(),
        })
        .collect();
    let mut gaps: Vec<Gap> = list(properties, "gaps")
        .iter()
        .filter_map(|value| serde_json::from_value::<extras::Gap>(value.clone()).ok())
        .map(|gap| Gap { scanner: gap.scanner.as_deref().map(ScannerId::new), reason: gap.reason })
        .collect();
    let said = str_of(properties, "verdict");
    if gaps.is_empty() && !matches!(said, Some("pass" | "fail")) {
        gaps.push(Gap {
            scanner: None,
            reason: "the stored report names no reason for its verdict".to_owned(),
        });
    }
    Verdict::of(violations, gaps)
}
