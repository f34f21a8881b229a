//! What the results of a run refer to: tool, rules, files, bases, shared locations.

use std::collections::HashMap;
use std::io::BufRead;

use serde_json::Value;
use tollgate_core::outcome::ToolInfo;

use super::lenient::{index, list, str_of, text};
use super::notes::{Notes, Place};
use super::rule::Rule;
use super::scan::{Next, ScanError, Scanner};
use super::uri::Bases;
use crate::sarif::{DRIVER, EXTRAS};

/// Shared objects of one kind that are held.
const MAX_SHARED: usize = 1_000_000;

/// Whether a run has results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Results {
    #[default]
    Missing,
    Null,
    Listed,
    Elsewhere,
}

/// Everything of a run but its results.
#[derive(Debug, Default)]
pub(super) struct RunContext {
    pub(super) tool: Option<ToolInfo>,
    /// The driver, then the extensions.
    pub(super) components: Vec<Component>,
    pub(super) bases: Bases,
    pub(super) artifacts: Vec<Artifact>,
    pub(super) invocations: Vec<Value>,
    pub(super) logical: Vec<String>,
    pub(super) flow_locations: Vec<Value>,
    pub(super) web_requests: Vec<Value>,
    pub(super) web_responses: Vec<Value>,
    pub(super) properties: Value,
    pub(super) provenance: Value,
    pub(super) base_ids: Value,
    pub(super) results: Results,
}

/// A tool or a part of one.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) rules: Vec<Option<Rule>>,
    pub(super) by_id: HashMap<String, usize>,
    pub(super) messages: Value,
    pub(super) raw_rules: Vec<Value>,
}

/// A file the run names by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Artifact {
    pub(super) uri: String,
    pub(super) base: Option<String>,
}

impl RunContext {
    /// Reads a run, passing over its results. What was read before an error stays.
    pub(super) fn read<R: BufRead>(
        &mut self,
        scanner: &mut Scanner<R>,
        at: Place,
        notes: &mut Notes,
    ) -> Result<(), ScanError> {
        let mut raw = Vec::new();
        scanner.object(|scanner, key| {
            raw.clear();
            match key {
                "results" => {
                    self.results = match scanner.next()? {
                        Next::Array => Results::Listed,
                        _ => Results::Null,
                    };
                    return scanner.skip();
                }
                "artifacts" | "files" => return self.read_artifacts(scanner),
                "tool"
                | "originalUriBaseIds"
                | "invocations"
                | "logicalLocations"
                | "threadFlowLocations"
                | "webRequests"
                | "webResponses"
                | "properties"
                | "versionControlProvenance"
                | "externalPropertyFileReferences" => scanner.value(&mut raw)?,
                _ => return scanner.skip(),
            }
            match serde_json::from_slice::<Value>(&raw) {
                Ok(value) => self.take(key, value),
                Err(_) => notes.add(
                    tollgate_core::DiagnosticLevel::Warning,
                    &format!("`{key}` of the run cannot be read and is passed over"),
                    at,
                ),
            }
            Ok(())
        })
    }

    fn take(&mut self, key: &str, value: Value) {
        let shared = |value: Value| match value {
            Value::Array(list) => list,
            _ => Vec::new(),
        };
        match key {
            "tool" => self.read_tool(&value),
            "originalUriBaseIds" => {
                self.bases = Bases::read(&value);
                self.base_ids = value;
            }
            "invocations" => {
                self.invocations = match value {
                    Value::Array(list) => list,
                    object @ Value::Object(_) => vec![object],
                    _ => Vec::new(),
                };
            }
            "logicalLocations" => {
                let name = |value: &Value| text(value, "fullyQualifiedName").or_else(|| text(value, "name"));
                self.logical = shared(value).iter().map(|value| name(value).unwrap_or_default()).collect();
            }
            "threadFlowLocations" => self.flow_locations = shared(value),
            "webRequests" => self.web_requests = shared(value),
            "webResponses" => self.web_responses = shared(value),
            "properties" => self.properties = value,
            "versionControlProvenance" => self.provenance = value,
            "externalPropertyFileReferences" if !list(&value, "results").is_empty() => {
                self.results = Results::Elsewhere;
            }
            _ => {}
        }
    }

    fn read_artifacts<R: BufRead>(&mut self, scanner: &mut Scanner<R>) -> Result<(), ScanError> {
        if scanner.next()? != Next::Array {
            return scanner.skip();
        }
        let artifacts = &mut self.artifacts;
        scanner.array(|scanner, _| {
            // An artifact may hold the whole text of a file, so only its location is taken.
            let mut found = Artifact::default();
            if scanner.next()? == Next::Object {
                scanner.object(|scanner, key| {
                    if key != "location" && key != "fileLocation" {
                        return scanner.skip();
                    }
                    let mut raw = Vec::new();
                    scanner.value(&mut raw)?;
                    let value: Value = serde_json::from_slice(&raw).unwrap_or_default();
                    found.uri = text(&value, "uri").unwrap_or_default();
                    found.base = text(&value, "uriBaseId");
                    Ok(())
                })?;
            } else {
                scanner.skip()?;
            }
            if artifacts.len() < MAX_SHARED {
                artifacts.push(found);
            }
            Ok(())
        })
    }

    fn read_tool(&mut self, tool: &Value) {
        // Older drafts put name and rules into the tool itself.
        let driver = tool.get("driver").filter(|driver| driver.is_object()).unwrap_or(tool);
        let name = text(driver, "name").filter(|name| !name.trim().is_empty());
        self.tool = name.map(|name| ToolInfo {
            name: name.replace(char::is_control, " ").trim().to_owned(),
            version: text(driver, "semanticVersion").or_else(|| text(driver, "version")),
            url: text(driver, "informationUri").or_else(|| text(driver, "downloadUri")),
        });
        // The raw rules are needed again only where Tollgate's own are restored from them.
        let own = self.tool_name() == DRIVER;
        let parts = std::iter::once(driver).chain(list(tool, "extensions"));
        self.components = parts.map(|part| Component::read(part, own)).collect();
    }

    /// Whether Tollgate wrote the run.
    pub(super) fn is_own(&self) -> bool {
        self.tool.as_ref().is_some_and(|tool| tool.name == DRIVER) && self.properties.get(EXTRAS).is_some()
    }

    /// Name of the tool; some text in any case.
    pub(super) fn tool_name(&self) -> &str {
        self.tool.as_ref().map_or("unknown tool", |tool| &tool.name)
    }

    /// The rule of a result, by whatever the result names it.
    pub(super) fn rule(&self, result: &RuleNames) -> Option<&Rule> {
        let component = self.component(result);
        let by_index = result.index.and_then(|index| component?.rules.get(index)?.as_ref());
        let Some(id) = &result.id else { return by_index };
        // Where id and index disagree, the id is what people see.
        if let Some(rule) = by_index
            && matches_id(rule, id)
        {
            return Some(rule);
        }
        let find = |component: &'_ Component, id: &str| component.by_id.get(id).copied();
        let mut candidate = id.as_str();
        loop {
            for component in component.into_iter().chain(&self.components) {
                if let Some(at) = find(component, candidate) {
                    return component.rules[at].as_ref();
                }
            }
            // The id of a result may be that of its rule with a part of its own behind a slash.
            candidate = candidate.rsplit_once('/')?.0;
        }
    }

    fn component(&self, result: &RuleNames) -> Option<&Component> {
        let extension = |at: usize| self.components.get(at + 1);
        match (&result.component_name, result.component_index) {
            (_, Some(at)) if extension(at).is_some() => extension(at),
            (Some(name), _) => self.components.iter().find(|component| component.name == *name),
            _ => self.components.first(),
        }
    }

    /// The text of a message that the tool, not a rule, shares among results.
    pub(super) fn global_message(&self, id: &str) -> Option<&Value> {
        self.components.iter().find_map(|component| component.messages.get(id))
    }
}

fn matches_id(rule: &Rule, id: &str) -> bool {
    let rule = rule.meta.id.as_str();
    rule == id || id.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/'))
}

impl Component {
    fn read(value: &Value, own: bool) -> Self {
        let mut component = Self {
            name: text(value, "name").unwrap_or_default(),
            messages: value.get("globalMessageStrings").cloned().unwrap_or(Value::Null),
            ..Self::default()
        };
        // A draft of the format held the rules by id.
        let rules: Vec<&Value> = match value.get("rules") {
            Some(Value::Array(rules)) => rules.iter().collect(),
            Some(Value::Object(rules)) => rules.values().collect(),
            _ => Vec::new(),
        };
        for descriptor in rules {
            let rule = Rule::read(descriptor);
            if let Some(rule) = &rule {
                let at = component.rules.len();
                component.by_id.entry(rule.meta.id.to_string()).or_insert(at);
                if let Some(raw) = str_of(descriptor, "id") {
                    component.by_id.entry(raw.to_owned()).or_insert(at);
                }
            }
            component.rules.push(rule);
            if own {
                component.raw_rules.push(descriptor.clone());
            }
        }
        component
    }
}

/// How a result or an override names its rule.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleNames {
    pub(super) id: Option<String>,
    pub(super) index: Option<usize>,
    pub(super) component_index: Option<usize>,
    pub(super) component_name: Option<String>,
}

impl RuleNames {
    /// From a result's `ruleId`, `ruleIndex` and `rule`.
    pub(super) fn of_result(result: &Value) -> Self {
        let reference = result.get("rule").unwrap_or(&Value::Null);
        let mut names = Self::of_reference(reference);
        names.id = text(result, "ruleId")
            .or_else(|| text(result, "ruleKey"))
            .filter(|id| !id.trim().is_empty())
            .or(names.id);
        names.index = names.index.or_else(|| index(result, "ruleIndex"));
        names
    }

    /// From a reference to a descriptor.
    pub(super) fn of_reference(reference: &Value) -> Self {
        let component = reference.get("toolComponent").unwrap_or(&Value::Null);
        Self {
            id: text(reference, "id").filter(|id| !id.trim().is_empty()),
            index: index(reference, "index"),
            component_index: index(component, "index"),
            component_name: text(component, "name"),
        }
    }
}
