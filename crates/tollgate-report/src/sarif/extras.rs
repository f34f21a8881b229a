//! What SARIF has no word for, kept in `properties.tollgate` so that a stored report can be judged and
//! merged again as if it had just been made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_sarif::sarif;
use tollgate_core as core;
use tollgate_core::Subject;

use super::EXTRAS;
use crate::wire;

/// Facts of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultExtras {
    pub(crate) kind: Kind,
    pub(crate) scanner: String,
    pub(crate) severity: Option<String>,
    pub(crate) score: Option<f64>,
    pub(crate) confidence: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cwes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scope: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) identity: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sensitive: Vec<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) package: Option<wire::PackageParts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<wire::Endpoint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_seen: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) merged_because: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) confirmed_by: Vec<wire::Finding>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) own_suppressions: Vec<wire::Suppression>,
}

/// What is flawed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Code,
    Package,
    Endpoint,
    Nowhere,
}

impl ResultExtras {
    pub(crate) fn of(merged: &core::MergedFinding) -> Self {
        let finding = &merged.finding;
        let mut extras = Self {
            kind: Kind::Nowhere,
            scanner: finding.scanner.to_string(),
            severity: finding.severity.map(|severity| severity.to_string()),
            score: finding.score.map(core::Score::value),
            confidence: finding.confidence.to_string(),
            cwes: finding.cwes.iter().map(ToString::to_string).collect(),
            scope: Vec::new(),
            identity: String::new(),
            sensitive: Vec::new(),
            package: None,
            endpoint: None,
            first_seen: merged.first_seen.clone(),
            merged_because: merged.merged_because.clone(),
            confirmed_by: merged.confirmed_by.iter().map(wire::Finding::from).collect(),
            own_suppressions: finding.suppressions.iter().map(wire::Suppression::from).collect(),
        };
        match &finding.subject {
            Subject::Code(code) => {
                extras.kind = Kind::Code;
                extras.scope.clone_from(&code.scope);
                extras.identity.clone_from(&code.identity);
                extras.sensitive.clone_from(&code.sensitive);
            }
            Subject::Package(package) => {
                extras.kind = Kind::Package;
                extras.package = Some(wire::PackageParts::from(&**package));
            }
            Subject::Endpoint(endpoint) => {
                extras.kind = Kind::Endpoint;
                let endpoint = wire::Endpoint::from(&**endpoint);
                extras.endpoint = Some(wire::Endpoint { source: None, ..endpoint });
            }
            Subject::Nowhere => {}
        }
        extras
    }
}

/// Facts of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuleExtras {
    pub(crate) severity: Option<String>,
    pub(crate) score: Option<f64>,
    pub(crate) confidence: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cwes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) references: Vec<String>,
}

/// Facts of a notification.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NotificationExtras {
    /// The diagnostic's message without its hint; absent for notifications that are no diagnostic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scanner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u32>,
    /// Why a file was skipped, for notifications about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skipped: Option<String>,
}

/// What one scanner did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScannerExtras {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tool: Option<ToolExtras>,
    pub(crate) complete: bool,
    pub(crate) elapsed_ms: u64,
    pub(crate) examined: u64,
    pub(crate) bytes: u64,
    /// Skipped files by reason.
    pub(crate) skipped: BTreeMap<String, u64>,
}

/// The tool behind a scanner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ToolExtras {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

/// Facts of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RunExtras {
    /// Version of this format.
    pub(crate) format: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) plan_digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shard: Option<(u32, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<Revision>,
    /// Results left out to keep the limits of code hosts, by severity.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) omitted: BTreeMap<String, u64>,
    /// Packages the project depends on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) packages: Vec<wire::Package>,
    /// Routes of the sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) routes: Vec<wire::Route>,
}

/// Where the tree stands in version control, as the user's tools spell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Revision {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) branch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remote: Option<String>,
}

/// A broken threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Violation {
    pub(crate) policy: String,
    pub(crate) message: String,
    pub(crate) findings: Vec<String>,
}

/// What was not looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gap {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scanner: Option<String>,
    pub(crate) reason: String,
}

/// A property bag of these entries.
pub(super) fn bag(entries: impl IntoIterator<Item = (&'static str, Value)>) -> sarif::PropertyBag {
    sarif::PropertyBag::builder()
        .additional_properties(
            entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>(),
        )
        .build()
}

/// The bag's entry for the given extras.
pub(super) fn entry<T: Serialize>(extras: &T) -> (&'static str, Value) {
    (EXTRAS, value(extras))
}

/// A value of plain data as JSON.
pub(super) fn value<T: Serialize>(data: &T) -> Value {
    serde_json::to_value(data).expect("data with text keys and finite numbers is always JSON")
}
