//! The wire format: as lenient as the public data needs, with no meaning yet.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One `<ID>.json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Record {
    #[serde(default)]
    pub(crate) schema_version: Option<String>,
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) modified: Option<String>,
    #[serde(default)]
    pub(crate) published: Option<String>,
    #[serde(default)]
    pub(crate) withdrawn: Option<String>,
    #[serde(default)]
    pub(crate) aliases: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) related: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) upstream: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) summary: Option<String>,
    #[serde(default)]
    pub(crate) details: Option<String>,
    #[serde(default)]
    pub(crate) severity: Option<Vec<Severity>>,
    #[serde(default)]
    pub(crate) affected: Option<Vec<Affected>>,
    #[serde(default)]
    pub(crate) references: Option<Vec<Reference>>,
    #[serde(default)]
    pub(crate) database_specific: Option<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Severity {
    #[serde(default, rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) score: Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    #[serde(default, rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) url: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Affected {
    #[serde(default)]
    pub(crate) package: Option<Package>,
    #[serde(default)]
    pub(crate) severity: Option<Vec<Severity>>,
    #[serde(default)]
    pub(crate) ranges: Option<Vec<Range>>,
    #[serde(default)]
    pub(crate) versions: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) ecosystem_specific: Option<Map<String, Value>>,
    #[serde(default)]
    pub(crate) database_specific: Option<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    #[serde(default)]
    pub(crate) ecosystem: String,
    #[serde(default)]
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Range {
    #[serde(default, rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) events: Vec<Map<String, Value>>,
}
