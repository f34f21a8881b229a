//! The shape in which core types stand in JSON: in the `json` report and, for what SARIF has no word
//! for, in the property bags of a SARIF report.
//!
//! Core types carry no serialisation of their own, so that renaming a field of theirs cannot change a
//! file format by accident. Each type here converts in both directions.

mod package;
mod place;
mod route;

pub(crate) use package::{Package, PackageParts};
pub(crate) use place::{Location, Region, Snippet, Step, step_kind};
pub(crate) use route::Route;

use serde::{Deserialize, Serialize};
use tollgate_core as core;
use tollgate_core::dynamic;

/// Something a JSON report says that no core type can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} `{value}` cannot be read")]
pub(crate) struct Unreadable {
    what: &'static str,
    value: String,
}

impl Unreadable {
    pub(crate) fn new(what: &'static str, value: impl Into<String>) -> Self {
        Self { what, value: value.into() }
    }
}

/// A finding as one scanner reported it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Finding {
    pub(crate) scanner: String,
    pub(crate) rule: String,
    pub(crate) message: String,
    pub(crate) severity: Option<String>,
    pub(crate) score: Option<f64>,
    pub(crate) confidence: String,
    pub(crate) cwes: Vec<String>,
    pub(crate) subject: Subject,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) related: Vec<Related>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fixes: Vec<Fix>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) suppressions: Vec<Suppression>,
}

impl From<&core::Finding> for Finding {
    fn from(finding: &core::Finding) -> Self {
        Self {
            scanner: finding.scanner.to_string(),
            rule: finding.rule.to_string(),
            message: finding.message.clone(),
            severity: finding.severity.map(|severity| severity.to_string()),
            score: finding.score.map(core::Score::value),
            confidence: finding.confidence.to_string(),
            cwes: finding.cwes.iter().map(ToString::to_string).collect(),
            subject: Subject::from(&finding.subject),
            related: finding.related.iter().map(Related::from).collect(),
            fixes: finding.fixes.iter().map(Fix::from).collect(),
            suppressions: finding.suppressions.iter().map(Suppression::from).collect(),
        }
    }
}

impl TryFrom<Finding> for core::Finding {
    type Error = Unreadable;

    fn try_from(finding: Finding) -> Result<Self, Unreadable> {
        let all = |cwes: Vec<String>| -> Result<Vec<core::Cwe>, Unreadable> {
            cwes.into_iter().map(|cwe| cwe.parse().map_err(|_| Unreadable::new("CWE", cwe))).collect()
        };
        Ok(Self {
            scanner: core::ScannerId::new(&finding.scanner),
            rule: rule_id(&finding.rule)?,
            message: finding.message,
            severity: finding.severity.as_deref().map(severity).transpose()?,
            score: finding.score.map(score).transpose()?,
            confidence: confidence(&finding.confidence)?,
            cwes: all(finding.cwes)?,
            subject: finding.subject.try_into()?,
            related: finding.related.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            fixes: finding.fixes.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            suppressions: finding
                .suppressions
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
        })
    }
}

pub(crate) fn rule_id(text: &str) -> Result<core::RuleId, Unreadable> {
    core::RuleId::parse(text).map_err(|_| Unreadable::new("rule id", text))
}

pub(crate) fn severity(text: &str) -> Result<core::Severity, Unreadable> {
    text.parse().map_err(|_| Unreadable::new("severity", text))
}

pub(crate) fn score(value: f64) -> Result<core::Score, Unreadable> {
    core::Score::new(value).ok_or_else(|| Unreadable::new("score", value.to_string()))
}

pub(crate) fn confidence(text: &str) -> Result<core::Confidence, Unreadable> {
    core::Confidence::ALL
        .into_iter()
        .find(|confidence| confidence.as_str() == text)
        .ok_or_else(|| Unreadable::new("confidence", text))
}

/// What is flawed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Subject {
    Code(Box<Code>),
    Package(Box<PackageSubject>),
    Endpoint(Box<Endpoint>),
    Nowhere,
}

impl From<&core::Subject> for Subject {
    fn from(subject: &core::Subject) -> Self {
        match subject {
            core::Subject::Code(code) => Self::Code(Box::new(Code {
                location: Location::from(&code.location),
                scope: code.scope.clone(),
                identity: code.identity.clone(),
                trace: code.trace.as_ref().map(|trace| trace.steps().iter().map(Step::from).collect()),
                sensitive: code.sensitive.clone(),
            })),
            core::Subject::Package(package) => Self::Package(Box::new(PackageSubject {
                location: Location::from(&package.location),
                ecosystem: package.ecosystem.clone(),
                package: package.package.clone(),
                version: package.version.clone(),
                purl: package.purl.clone(),
                aliases: package.aliases.iter().map(ToString::to_string).collect(),
                fixed_versions: package.fixed_versions.clone(),
                epss: package.epss_ppm.map(probability),
                kev: package.kev,
                parts: PackageParts::from(&**package),
            })),
            core::Subject::Endpoint(endpoint) => Self::Endpoint(Box::new(Endpoint::from(&**endpoint))),
            core::Subject::Nowhere => Self::Nowhere,
        }
    }
}

impl TryFrom<Subject> for core::Subject {
    type Error = Unreadable;

    fn try_from(subject: Subject) -> Result<Self, Unreadable> {
        Ok(match subject {
            Subject::Code(code) => Self::Code(Box::new(core::CodeFinding {
                location: code.location.try_into()?,
                scope: code.scope,
                identity: code.identity,
                trace: match code.trace {
                    None => None,
                    Some(steps) => core::Trace::new(
                        steps.into_iter().map(TryInto::try_into).collect::<Result<Vec<_>, _>>()?,
                    ),
                },
                sensitive: code.sensitive,
            })),
            Subject::Package(package) => {
                let location = package.location.try_into()?;
                let mut finding = package.parts.into_finding(location)?;
                finding.ecosystem = package.ecosystem;
                finding.package = package.package;
                finding.version = package.version;
                finding.purl = package.purl;
                finding.aliases =
                    package.aliases.iter().map(|alias| rule_id(alias)).collect::<Result<_, _>>()?;
                finding.fixed_versions = package.fixed_versions;
                finding.epss_ppm = package.epss.and_then(millionths);
                finding.kev = package.kev;
                Self::Package(Box::new(finding))
            }
            Subject::Endpoint(endpoint) => Self::Endpoint(Box::new((*endpoint).try_into()?)),
            Subject::Nowhere => Self::Nowhere,
        })
    }
}

/// A probability from its millionths.
pub(crate) fn probability(ppm: u32) -> f64 {
    f64::from(ppm) / 1_000_000.0
}

/// Millionths of a probability; `None` where the number is none.
pub(crate) fn millionths(probability: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number from 0 to 1, in millionths, fits u32"
    )]
    (0.0..=1.0).contains(&probability).then(|| (probability * 1_000_000.0).round() as u32)
}

/// A flaw in the project's own text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Code {
    pub(crate) location: Location,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scope: Vec<String>,
    #[serde(default)]
    pub(crate) identity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trace: Option<Vec<Step>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sensitive: Vec<(u32, u32)>,
}

/// A flaw in a package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PackageSubject {
    pub(crate) location: Location,
    pub(crate) ecosystem: String,
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) purl: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) fixed_versions: Vec<String>,
    pub(crate) epss: Option<f64>,
    pub(crate) kev: bool,
    #[serde(flatten)]
    pub(crate) parts: PackageParts,
}

/// A flaw of a running endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Endpoint {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) route: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<Parameter>,
    pub(crate) evidence: Vec<Exchange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) marker: Option<String>,
    pub(crate) curl: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<Location>,
}

impl From<&dynamic::EndpointFinding> for Endpoint {
    fn from(endpoint: &dynamic::EndpointFinding) -> Self {
        Self {
            method: endpoint.method.clone(),
            url: endpoint.url.clone(),
            route: endpoint.route.clone(),
            parameter: endpoint.parameter.as_ref().map(Parameter::from),
            evidence: endpoint.evidence.iter().map(Exchange::from).collect(),
            marker: endpoint.marker.clone(),
            curl: endpoint.curl.clone(),
            source: endpoint.source.as_ref().map(Location::from),
        }
    }
}

impl TryFrom<Endpoint> for dynamic::EndpointFinding {
    type Error = Unreadable;

    fn try_from(endpoint: Endpoint) -> Result<Self, Unreadable> {
        Ok(Self {
            method: endpoint.method,
            url: endpoint.url,
            route: endpoint.route,
            parameter: endpoint.parameter.map(TryInto::try_into).transpose()?,
            evidence: endpoint.evidence.into_iter().map(Into::into).collect(),
            marker: endpoint.marker,
            curl: endpoint.curl,
            source: endpoint.source.map(TryInto::try_into).transpose()?,
        })
    }
}

/// An input of an endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) place: String,
    pub(crate) name: String,
}

impl From<&dynamic::Parameter> for Parameter {
    fn from(parameter: &dynamic::Parameter) -> Self {
        Self { place: parameter.place.as_str().to_owned(), name: parameter.name.clone() }
    }
}

impl TryFrom<Parameter> for dynamic::Parameter {
    type Error = Unreadable;

    fn try_from(parameter: Parameter) -> Result<Self, Unreadable> {
        let place = dynamic::ParameterPlace::ALL
            .into_iter()
            .find(|place| place.as_str() == parameter.place)
            .ok_or_else(|| Unreadable::new("parameter place", parameter.place))?;
        Ok(Self { place, name: parameter.name })
    }
}

/// A request and its response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Exchange {
    pub(crate) request: Request,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) response: Option<Response>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Response {
    pub(crate) status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
}

impl From<&dynamic::Exchange> for Exchange {
    fn from(exchange: &dynamic::Exchange) -> Self {
        let request = &exchange.request;
        Self {
            request: Request {
                method: request.method.clone(),
                url: request.url.clone(),
                headers: request.headers.clone(),
                body: request.body.clone(),
            },
            response: exchange.response.as_ref().map(|response| Response {
                status: response.status,
                headers: response.headers.clone(),
                body: response.body.clone(),
            }),
        }
    }
}

impl From<Exchange> for dynamic::Exchange {
    fn from(exchange: Exchange) -> Self {
        let Exchange { request, response } = exchange;
        Self {
            request: dynamic::Request {
                method: request.method,
                url: request.url,
                headers: request.headers,
                body: request.body,
            },
            response: response.map(|response| dynamic::Response {
                status: response.status,
                headers: response.headers,
                body: response.body,
            }),
        }
    }
}

/// A further place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Related {
    pub(crate) location: Location,
    pub(crate) message: String,
}

impl From<&core::Related> for Related {
    fn from(related: &core::Related) -> Self {
        Self { location: Location::from(&related.location), message: related.message.clone() }
    }
}

impl TryFrom<Related> for core::Related {
    type Error = Unreadable;

    fn try_from(related: Related) -> Result<Self, Unreadable> {
        Ok(Self { location: related.location.try_into()?, message: related.message })
    }
}

/// A repair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Fix {
    pub(crate) description: String,
    pub(crate) edits: Vec<Edit>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Edit {
    pub(crate) path: String,
    pub(crate) region: Region,
    pub(crate) replacement: String,
}

impl From<&core::Fix> for Fix {
    fn from(fix: &core::Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| Edit {
            path: edit.path.to_string(),
            region: Region::from(&edit.region),
            replacement: edit.replacement.clone(),
        });
        Self { description: fix.description.clone(), edits: edits.collect() }
    }
}

impl TryFrom<Fix> for core::Fix {
    type Error = Unreadable;

    fn try_from(fix: Fix) -> Result<Self, Unreadable> {
        let edit = |edit: Edit| -> Result<core::Edit, Unreadable> {
            Ok(core::Edit {
                path: place::repo_path(&edit.path)?,
                region: edit.region.into(),
                replacement: edit.replacement,
            })
        };
        Ok(Self {
            description: fix.description,
            edits: fix.edits.into_iter().map(edit).collect::<Result<_, _>>()?,
        })
    }
}

/// A reason not to count a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Suppression {
    pub(crate) kind: String,
    pub(crate) justification: Option<String>,
}

/// The word for a kind of suppression.
pub(crate) const fn suppression_kind(kind: core::SuppressionKind) -> &'static str {
    match kind {
        core::SuppressionKind::Inline => "inline",
        core::SuppressionKind::Waiver => "waiver",
        core::SuppressionKind::Vex => "vex",
        core::SuppressionKind::Imported => "imported",
    }
}

/// The kind of suppression a word names.
pub(crate) fn suppression_of(word: &str) -> Option<core::SuppressionKind> {
    use core::SuppressionKind::{Imported, Inline, Vex, Waiver};
    [Inline, Waiver, Vex, Imported].into_iter().find(|kind| suppression_kind(*kind) == word)
}

impl From<&core::Suppression> for Suppression {
    fn from(suppression: &core::Suppression) -> Self {
        Self {
            kind: suppression_kind(suppression.kind).to_owned(),
            justification: suppression.justification.clone(),
        }
    }
}

impl TryFrom<Suppression> for core::Suppression {
    type Error = Unreadable;

    fn try_from(suppression: Suppression) -> Result<Self, Unreadable> {
        let kind = suppression_of(&suppression.kind)
            .ok_or_else(|| Unreadable::new("suppression kind", suppression.kind))?;
        Ok(Self { kind, justification: suppression.justification })
    }
}
