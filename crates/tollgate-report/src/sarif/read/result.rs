//! A result of another tool as a finding.

use serde_json::Value;
use tollgate_core::dynamic::{EndpointFinding, Exchange, Parameter, ParameterPlace, Request, Response};
use tollgate_core::location::StepKind;
use tollgate_core::{
    CodeFinding, Confidence, Edit, Finding, Fix, Related, RuleId, ScannerId, Score, Severity, Subject,
    Suppression, SuppressionKind, Trace, TraceStep,
};
use url::Url;

use super::context::{RuleNames, RunContext};
use super::lenient::{as_text, index, list, str_of, text};
use super::notes::{Notes, Place};
use super::place::{Spot, read_region, snippet_text, spot};
use super::rule::{Rule, confidence_in, cwes_in, rule_id, severity_in};
use super::uri::Tree;
use super::{message, package, secret};
use crate::sarif::limits::{MAX_LOCATIONS, MAX_THREAD_FLOW_LOCATIONS};
use tollgate_core::DiagnosticLevel::{Note, Warning};

/// Characters of an HTTP body that are kept.
const MAX_BODY: usize = 4_000;

/// Levels that the invocations of a run set for single rules.
pub(super) type Overrides = Vec<(RuleNames, String)>;

/// What all results of a run share.
pub(super) struct Reader<'a> {
    pub(super) run: &'a RunContext,
    pub(super) tree: Tree<'a>,
    pub(super) scanner: ScannerId,
    pub(super) overrides: Overrides,
}

/// What became of a result.
pub(super) enum Taken {
    /// A flaw.
    Finding(Box<Finding>),
    /// The result says that there is no flaw, or none any more.
    NoFlaw,
    /// There is no telling what it says.
    Unreadable(&'static str),
}

impl Reader<'_> {
    /// Reads a result.
    pub(super) fn read(&self, result: &Value, at: Place, notes: &mut Notes) -> Taken {
        if !result.is_object() {
            return Taken::Unreadable("a result is not an object");
        }
        self.note_malformed(result, at, notes);
        let names = RuleNames::of_result(result);
        let rule = self.run.rule(&names);
        let kind = str_of(result, "kind").unwrap_or("fail").to_ascii_lowercase();
        let state = str_of(result, "baselineState").unwrap_or_default().to_ascii_lowercase();
        if matches!(kind.as_str(), "pass" | "notapplicable") || state == "absent" {
            return Taken::NoFlaw;
        }
        let text = result
            .get("message")
            .and_then(|value| message::message(value, rule, self.run))
            .or_else(|| rule.map(|rule| rule.text.clone()).filter(|text| !text.is_empty()));
        let id = names.id.as_deref().and_then(rule_id).or_else(|| rule.map(|rule| rule.meta.id.clone()));
        if id.is_none() && text.is_none() && list(result, "locations").is_empty() {
            return Taken::Unreadable("a result has neither rule, message nor place");
        }
        let id = id.unwrap_or_else(|| {
            notes.add(Note, "a result names no rule", at);
            unnamed_rule(self.run.tool_name())
        });
        let text = text.unwrap_or_else(|| {
            notes.add(Note, "a result has no message; the rule's name stands for it", at);
            rule.map_or_else(|| id.to_string(), |rule| rule.meta.summary.clone())
        });
        let (severity, score) = self.severity(result, rule, &names, &kind);
        let mut finding = Finding {
            scanner: self.scanner.clone(),
            rule: id,
            message: text,
            severity,
            score,
            confidence: self.confidence(result, rule, &kind),
            cwes: self.cwes(result, rule),
            subject: Subject::Nowhere,
            related: Vec::new(),
            fixes: self.fixes(result),
            suppressions: suppressions(result),
        };
        self.place(&mut finding, result, at, notes);
        let matched = list(result, "locations")
            .first()
            .and_then(|location| snippet_text(location.get("physicalLocation")?.get("region")?));
        secret::redact(&mut finding, matched);
        if let Some(package) = package::package(&finding, result, rule, self.run.tool_name()) {
            finding.subject = Subject::Package(Box::new(package));
        }
        Taken::Finding(Box::new(finding))
    }

    /// Names optional parts of the wrong shape; each is passed over where it would be read.
    fn note_malformed(&self, result: &Value, at: Place, notes: &mut Notes) {
        const LISTS: [&str; 7] =
            ["locations", "relatedLocations", "codeFlows", "fixes", "suppressions", "stacks", "taxa"];
        for key in LISTS {
            if result.get(key).is_some_and(|value| !value.is_array() && !value.is_null()) {
                notes.add(Warning, &format!("`{key}` is not a list and is passed over"), at);
            }
        }
        let level = result.get("level").filter(|level| !level.is_null());
        if level.is_some_and(|level| level.as_str().and_then(level_severity).is_none()) {
            notes.add(Warning, "`level` is none of SARIF's and is passed over", at);
        }
        for key in ["partialFingerprints", "fingerprints"] {
            let nested = |prints: &Value| {
                prints.as_object().is_none_or(|prints| prints.values().any(|print| !print.is_string()))
            };
            if result.get(key).is_some_and(|prints| !prints.is_null() && nested(prints)) {
                notes.add(Note, &format!("`{key}` does not map names to texts and is passed over"), at);
            }
        }
    }

    fn severity(
        &self,
        result: &Value,
        rule: Option<&Rule>,
        names: &RuleNames,
        kind: &str,
    ) -> (Option<Severity>, Option<Score>) {
        let own = severity_in(result.get("properties").unwrap_or(&Value::Null));
        if own.0.is_some() {
            return own;
        }
        if let Some(rule) = rule.filter(|rule| rule.meta.severity.is_some()) {
            return (rule.meta.severity, rule.meta.score);
        }
        let level = str_of(result, "level").and_then(level_severity);
        let severity = level.unwrap_or_else(|| match kind {
            "informational" => Severity::Info,
            // Somebody must still look at it, so it is no less than a warning.
            "open" | "review" => Severity::Medium,
            _ => self
                .override_level(names, rule)
                .or_else(|| rule?.level.as_deref())
                .and_then(level_severity)
                .unwrap_or(Severity::Medium),
        });
        (Some(severity), None)
    }

    fn override_level(&self, names: &RuleNames, rule: Option<&Rule>) -> Option<&str> {
        let found = self.overrides.iter().find(|(target, _)| {
            let by_id = target.id.as_deref().is_some_and(|id| {
                names.id.as_deref() == Some(id) || rule.is_some_and(|rule| rule.meta.id.as_str() == id)
            });
            let by_index = target.id.is_none()
                && target.index.is_some()
                && target.index == names.index
                && target.component_index == names.component_index;
            by_id || by_index
        });
        found.map(|(_, level)| level.as_str())
    }

    fn confidence(&self, result: &Value, rule: Option<&Rule>, kind: &str) -> Confidence {
        if matches!(kind, "open" | "review") {
            return Confidence::Low;
        }
        confidence_in(result.get("properties").unwrap_or(&Value::Null))
            .or_else(|| rule.map(|rule| rule.meta.confidence))
            .unwrap_or_default()
    }

    fn cwes(&self, result: &Value, rule: Option<&Rule>) -> Vec<tollgate_core::Cwe> {
        let mut cwes = cwes_in(result, result.get("properties").unwrap_or(&Value::Null));
        if let Some(rule) = rule {
            cwes.extend(&rule.meta.cwes);
        }
        cwes.sort_unstable();
        cwes.dedup();
        cwes
    }

    fn fixes(&self, result: &Value) -> Vec<Fix> {
        list(result, "fixes").iter().filter_map(|fix| self.fix(fix)).collect()
    }

    /// A fix of which every edit is understood; a part of a fix could do harm.
    fn fix(&self, fix: &Value) -> Option<Fix> {
        let mut edits = Vec::new();
        let changes = fix.get("artifactChanges").or_else(|| fix.get("fileChanges"))?.as_array()?;
        for change in changes {
            let Some(Spot::File { location, outside: false, .. }) = spot(self.tree, self.run, change) else {
                return None;
            };
            for replacement in list(change, "replacements") {
                let (region, None) = read_region(replacement.get("deletedRegion")?) else { return None };
                let inserted = replacement.get("insertedContent");
                edits.push(Edit {
                    path: location.path.clone(),
                    region,
                    replacement: inserted.and_then(|content| text(content, "text")).unwrap_or_default(),
                });
            }
        }
        let description = fix.get("description").and_then(|message| text(message, "text"));
        (!edits.is_empty()).then(|| Fix { description: description.unwrap_or_default(), edits })
    }

    fn place(&self, finding: &mut Finding, result: &Value, at: Place, notes: &mut Notes) {
        let locations = list(result, "locations");
        let mut spots = locations
            .iter()
            .take(MAX_LOCATIONS)
            .filter_map(|location| spot(self.tree, self.run, location).map(|spot| (spot, location)));
        let first = spots.next();
        let mut related: Vec<Related> =
            spots.filter_map(|(spot, location)| self.related(spot, location)).collect();
        let more = list(result, "relatedLocations").iter().take(MAX_LOCATIONS);
        related.extend(more.filter_map(|location| {
            let spot = spot(self.tree, self.run, location)?;
            self.related(spot, location)
        }));
        finding.related = related;
        match first {
            None => {
                let logical = locations.iter().find_map(|location| self.logical(location));
                if let Some(name) = logical {
                    finding.message = format!("{} (in `{name}`)", finding.message);
                }
                notes.add(Note, "a result names no place in a file", at);
            }
            Some((Spot::Web { url, excerpt }, _)) => {
                finding.subject = Subject::Endpoint(Box::new(self.endpoint(result, url, excerpt)));
            }
            Some((Spot::File { location, outside, flawed }, raw)) => {
                if outside {
                    notes.add_at(Note, "a result lies outside the scanned tree", || {
                        format!("{at}: {}", location.path)
                    });
                }
                if let Some(flawed) = flawed {
                    notes.add(Warning, flawed, at);
                }
                let region = raw.get("physicalLocation").and_then(|physical| physical.get("region"));
                let identity = region.and_then(snippet_text).map(folded).unwrap_or_default();
                finding.subject = Subject::Code(Box::new(CodeFinding {
                    scope: self.logical(raw).into_iter().collect(),
                    identity,
                    trace: self.trace(result),
                    sensitive: Vec::new(),
                    location,
                }));
            }
        }
    }

    fn related(&self, spot: Spot, location: &Value) -> Option<Related> {
        let Spot::File { location: place, .. } = spot else { return None };
        let message = location.get("message").and_then(|value| message::message(value, None, self.run));
        Some(Related { location: place, message: message.unwrap_or_default() })
    }

    fn logical(&self, location: &Value) -> Option<String> {
        let name = |value: &Value| {
            let shared = index(value, "index").and_then(|at| self.run.logical.get(at)).cloned();
            text(value, "fullyQualifiedName").or_else(|| text(value, "name")).or(shared)
        };
        let named = list(location, "logicalLocations").iter().find_map(name);
        named.or_else(|| location.get("logicalLocation").and_then(name)).filter(|name| !name.is_empty())
    }

    fn trace(&self, result: &Value) -> Option<Trace> {
        list(result, "codeFlows").iter().find_map(|flow| {
            list(flow, "threadFlows").iter().find_map(|thread| {
                let listed = list(thread, "locations");
                let steps: Vec<_> = listed
                    .iter()
                    .take(MAX_THREAD_FLOW_LOCATIONS)
                    .filter_map(|step| self.step(step))
                    .collect();
                // A single place is no flow.
                if steps.len() < 2 { None } else { Trace::new(with_ends(steps)) }
            })
        })
    }

    fn step(&self, step: &Value) -> Option<(Option<StepKind>, TraceStep)> {
        let shared = index(step, "index").and_then(|at| self.run.flow_locations.get(at));
        let location = step.get("location").or_else(|| shared?.get("location"))?;
        let Spot::File { location: place, .. } = spot(self.tree, self.run, location)? else { return None };
        let message = location.get("message").and_then(|value| message::message(value, None, self.run));
        let kinds = list(step, "kinds").iter().chain(shared.map_or(&[][..], |shared| list(shared, "kinds")));
        let kind = kinds.filter_map(Value::as_str).find_map(|kind| match kind {
            "source" => Some(StepKind::Source),
            "sink" => Some(StepKind::Sink),
            _ => None,
        });
        let step = TraceStep { kind: StepKind::Step, location: place, message: message.unwrap_or_default() };
        Some((kind, step))
    }

    fn endpoint(&self, result: &Value, url: String, excerpt: Option<String>) -> EndpointFinding {
        let shared = |key: &str, all: &'_ [Value]| -> Value {
            let own = result.get(key).unwrap_or(&Value::Null);
            index(own, "index").and_then(|at| all.get(at)).unwrap_or(own).clone()
        };
        let request = shared("webRequest", &self.run.web_requests);
        let response = shared("webResponse", &self.run.web_responses);
        let properties = result.get("properties").unwrap_or(&Value::Null);
        let method = text(&request, "method")
            .or_else(|| text(properties, "method"))
            .unwrap_or_else(|| "GET".to_owned())
            .to_ascii_uppercase();
        let parameter = ["parameter", "param", "parameterName"].iter().find_map(|key| text(properties, key));
        let answered = response.get("statusCode").is_some() || response.get("body").is_some();
        let exchange = Exchange {
            request: Request {
                method: method.clone(),
                url: url.clone(),
                headers: headers(&request),
                body: body(&request),
            },
            response: answered.then(|| Response {
                status: index(&response, "statusCode").and_then(|n| u16::try_from(n).ok()).unwrap_or(0),
                headers: headers(&response),
                body: body(&response),
            }),
        };
        endpoint(method, url, parameter, excerpt.or_else(|| text(properties, "evidence")), exchange)
    }
}

/// An endpoint finding from what another tool tells of it.
pub(crate) fn endpoint(
    method: String,
    url: String,
    parameter: Option<String>,
    marker: Option<String>,
    exchange: Exchange,
) -> EndpointFinding {
    let parsed = Url::parse(&url).ok();
    let in_query =
        |name: &str| parsed.as_ref().is_some_and(|url| url.query_pairs().any(|(key, _)| key == name));
    let parameter = parameter.filter(|name| !name.is_empty()).map(|name| Parameter {
        place: if method == "GET" || in_query(&name) { ParameterPlace::Query } else { ParameterPlace::Form },
        name,
    });
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut curl = format!("curl -X {method} {}", quoted(&url));
    if !exchange.request.body.is_empty() {
        curl.push_str(&format!(" --data {}", quoted(&exchange.request.body)));
    }
    EndpointFinding {
        route: parsed.map_or_else(|| url.clone(), |url| url.path().to_owned()),
        method,
        url,
        parameter,
        evidence: vec![exchange],
        marker: marker.filter(|marker| !marker.is_empty()),
        curl,
        source: None,
    }
}

/// The name of the rule for results of a tool that name none.
pub(crate) fn unnamed_rule(tool: &str) -> RuleId {
    rule_id(&format!("{tool}: unnamed rule")).expect("the text has visible characters")
}

/// The severity a SARIF level stands for where nothing more is known.
fn level_severity(level: &str) -> Option<Severity> {
    Some(match level.to_ascii_lowercase().as_str() {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "note" => Severity::Low,
        "none" => Severity::Info,
        _ => return None,
    })
}

fn suppressions(result: &Value) -> Vec<Suppression> {
    let accepted =
        |suppression: &&Value| match str_of(suppression, "status").or_else(|| str_of(suppression, "state")) {
            None => suppression.is_object(),
            Some(status) => status.eq_ignore_ascii_case("accepted"),
        };
    let mut all: Vec<Suppression> = list(result, "suppressions")
        .iter()
        .filter(accepted)
        .map(|suppression| Suppression {
            kind: SuppressionKind::Imported,
            justification: text(suppression, "justification").filter(|text| !text.trim().is_empty()),
        })
        .collect();
    // An early draft listed words.
    all.extend(
        list(result, "suppressionStates")
            .iter()
            .filter_map(as_text)
            .map(|state| Suppression { kind: SuppressionKind::Imported, justification: Some(state) }),
    );
    all.sort();
    all.dedup();
    all
}

/// The steps with the first as source and the last as sink where the tool does not say.
fn with_ends(steps: Vec<(Option<StepKind>, TraceStep)>) -> Vec<TraceStep> {
    let last = steps.len() - 1;
    steps
        .into_iter()
        .enumerate()
        .map(|(at, (kind, mut step))| {
            step.kind = kind.unwrap_or(match at {
                0 => StepKind::Source,
                at if at == last => StepKind::Sink,
                _ => StepKind::Step,
            });
            step
        })
        .collect()
}

/// The text with its white space folded.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn headers(message: &Value) -> Vec<(String, String)> {
    let headers = message.get("headers").and_then(Value::as_object).into_iter().flatten();
    headers
        .map(|(name, value)| {
            // Another tool's report may hold what Tollgate would never write.
            let value = if is_credential(name) {
                "[redacted]".to_owned()
            } else {
                as_text(value).unwrap_or_default()
            };
            (name.clone(), value)
        })
        .collect()
}

/// Whether a header of this name carries credentials.
pub(crate) fn is_credential(name: &str) -> bool {
    ["authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

fn body(message: &Value) -> String {
    let mut body = message.get("body").and_then(|body| text(body, "text")).unwrap_or_default();
    if body.len() > MAX_BODY {
        body.truncate(body.floor_char_boundary(MAX_BODY));
        body.push('…');
    }
    body
}

/// The rule of a finding for the report: the tool's own description, else what the finding says.
pub(super) fn fired(rule: Option<&Rule>, finding: &Finding) -> Rule {
    let mut fired = rule.cloned().unwrap_or_else(|| Rule::bare(finding.rule.clone()));
    fired.meta.id = finding.rule.clone();
    if fired.meta.severity.is_none() {
        fired.meta.severity = finding.severity;
    }
    fired
}
