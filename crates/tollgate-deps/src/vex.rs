//! OpenVEX in: statements that a flaw does not affect the project suppress findings, with their reason.

use serde_json::Value;
use tollgate_core::dependency::PackageFinding;
use tollgate_core::{RuleId, Suppression, SuppressionKind};

use crate::graph::PackageKey;
use crate::purl::parse_package_url;

/// Why a VEX document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VexError {
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON, but no OpenVEX.
    #[error("no `statements` in it, so it is no OpenVEX document")]
    Shape,
}

/// The statements of all VEX documents, in the order in which they hold: a later one overrides an
/// earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VexStatements {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    timestamp: String,
    ids: Vec<String>,
    /// The packages it speaks of, each with its version where it names one.
    packages: Vec<(PackageKey, Option<String>)>,
    not_affected: bool,
    justification: Option<String>,
}

impl VexStatements {
    /// Adds the statements of a document.
    ///
    /// # Errors
    /// When the text is no OpenVEX document.
    pub fn add(&mut self, text: &str) -> Result<(), VexError> {
        let document: Value = serde_json::from_str(text)?;
        let statements = document.get("statements").and_then(Value::as_array).ok_or(VexError::Shape)?;
        let issued = string(&document, "timestamp").unwrap_or_default();
        self.statements.extend(statements.iter().map(|statement| Statement::read(statement, &issued)));
        // RFC 3339 times of one zone order as text; equal times keep the order of the files.
        self.statements.sort_by(|a, b| a.timestamp.cmp(&b.timestamp));
        Ok(())
    }

    /// The suppression that the last word on this flaw in this package amounts to.
    #[must_use]
    pub fn suppression(&self, rule: &RuleId, package: &PackageFinding) -> Option<Suppression> {
        let (ecosystem, name, _) = parse_package_url(&package.purl)?;
        let key = PackageKey::new(ecosystem, &name);
        let named = |id: &String| {
            id.eq_ignore_ascii_case(rule.as_str())
                || package.aliases.iter().any(|alias| id.eq_ignore_ascii_case(alias.as_str()))
        };
        let speaks_of = |(own, version): &(PackageKey, Option<String>)| {
            *own == key
                && version.as_ref().is_none_or(|version| {
                    version == &package.version
                        || version.trim_start_matches('v') == package.version.trim_start_matches('v')
                })
        };
        let last =
            self.statements.iter().rev().find(|statement| {
                statement.ids.iter().any(named) && statement.packages.iter().any(speaks_of)
            })?;
        last.not_affected
            .then(|| Suppression { kind: SuppressionKind::Vex, justification: last.justification.clone() })
    }
}

impl Statement {
    fn read(statement: &Value, issued: &str) -> Self {
        let mut ids = Vec::new();
        match statement.get("vulnerability") {
            // The first releases of the format had a plain text here.
            Some(Value::String(id)) => ids.push(id.clone()),
            Some(vulnerability) => {
                ids.extend(string(vulnerability, "name"));
                ids.extend(
                    string(vulnerability, "@id").and_then(|id| id.rsplit('/').next().map(str::to_owned)),
                );
                ids.extend(strings(vulnerability.get("aliases")));
            }
            None => {}
        }
        let mut packages = Vec::new();
        for product in statement.get("products").and_then(Value::as_array).into_iter().flatten() {
            let parts = product.get("subcomponents").and_then(Value::as_array);
            match parts.filter(|parts| !parts.is_empty()) {
                // With subcomponents the statement is about them inside the product.
                Some(parts) => packages.extend(parts.iter().filter_map(package)),
                None => packages.extend(package(product)),
            }
        }
        let reason = [string(statement, "justification"), string(statement, "impact_statement")];
        let reason: Vec<String> = reason.into_iter().flatten().collect();
        Self {
            timestamp: string(statement, "last_updated")
                .or_else(|| string(statement, "timestamp"))
                .unwrap_or_else(|| issued.to_owned()),
            ids,
            packages,
            not_affected: string(statement, "status").as_deref() == Some("not_affected"),
            justification: (!reason.is_empty()).then(|| reason.join(": ")),
        }
    }
}

/// The package that a product or subcomponent names.
fn package(product: &Value) -> Option<(PackageKey, Option<String>)> {
    let purl = match product {
        Value::String(id) => id.clone(),
        _ => {
            let identifier = product.get("identifiers").and_then(|identifiers| string(identifiers, "purl"));
            identifier.or_else(|| string(product, "@id"))?
        }
    };
    let (ecosystem, name, version) = parse_package_url(&purl)?;
    Some((PackageKey::new(ecosystem, &name), version))
}

fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned)
}
