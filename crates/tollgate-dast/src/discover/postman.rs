//! Postman collections (v2) as endpoints.

use std::collections::BTreeMap;

use serde_json::Value;

use super::har::body_of;
use super::{Endpoint, Origin};
use crate::message::{Body, Template};
use crate::scope::Scope;

/// Requests taken from one collection.
const MAX_ITEMS: usize = 5_000;

/// Endpoints of the requests in scope. Addresses that begin with a variable of unknown value are taken to
/// lie below the target.
pub(super) fn endpoints(scope: &Scope, text: &str) -> Result<Vec<Endpoint>, String> {
    let root: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let items = root.get("item").and_then(Value::as_array).ok_or("it has no `item`")?;
    let variables: BTreeMap<String, String> = root
        .get("variable")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|one| {
            Some((one.get("key")?.as_str()?.to_owned(), one.get("value")?.as_str()?.to_owned()))
        })
        .collect();
    let mut out = Vec::new();
    let mut work: Vec<&Value> = items.iter().rev().collect();
    while let Some(item) = work.pop() {
        if let Some(inner) = item.get("item").and_then(Value::as_array) {
            work.extend(inner.iter().rev());
        }
        if let Some(request) = item.get("request")
            && out.len() < MAX_ITEMS
        {
            out.extend(endpoint(scope, request, &variables));
        }
    }
    Ok(out)
}

fn endpoint(scope: &Scope, request: &Value, variables: &BTreeMap<String, String>) -> Option<Endpoint> {
    let raw = request.get("url").and_then(|url| url.as_str().or_else(|| url.get("raw")?.as_str()))?;
    let raw = fill(raw, variables);
    let target = scope.target();
    let url = match raw.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        Some((_, path)) => scope.resolve(&target, path).ok()?,
        None => scope.resolve(&target, &raw).ok()?,
    };
    let mut template = Template::get(url);
    template.method = request.get("method").and_then(Value::as_str).unwrap_or("GET").to_ascii_uppercase();
    if let Some(body) = request.get("body") {
        template.body = match body.get("mode").and_then(Value::as_str).unwrap_or_default() {
            "raw" => {
                let text = fill(body.get("raw").and_then(Value::as_str).unwrap_or_default(), variables);
                let kind =
                    if text.trim_start().starts_with(['{', '[']) { "application/json" } else { "text/plain" };
                body_of(kind, &text)
            }
            "urlencoded" => {
                let pairs = body.get("urlencoded").and_then(Value::as_array).into_iter().flatten();
                let text = |one: &Value, key: &str| {
                    one.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
                };
                Body::Form(
                    pairs.map(|one| (text(one, "key"), fill(&text(one, "value"), variables))).collect(),
                )
            }
            "graphql" => {
                let part = body.get("graphql").cloned().unwrap_or_default();
                let query = part.get("query").cloned().unwrap_or_default();
                Body::Json(serde_json::json!({ "query": query }))
            }
            _ => Body::Empty,
        };
    }
    let mut endpoint = Endpoint::new(template, Origin::Recording);
    endpoint.delicate = endpoint.template.method == "DELETE";
    Some(endpoint)
}

fn fill(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, value) in variables {
        out = out.replace(&format!("{{{{{name}}}}}"), value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ScopeSettings;

    #[test]
    fn folders_and_variables_are_followed() {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let found = endpoints(
            &scope,
            r#"{"variable":[{"key":"v","value":"7"}],"item":[{"item":[{"request":{"method":"PUT","url":{"raw":
            "{{base}}/a/{{v}}"},"body":{"mode":"raw","raw":"{\"n\":\"{{v}}\"}"}}}]},{"request":"x"}]}"#,
        )
        .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].template.url.as_str(), "http://app.test/a/7");
        assert_eq!(found[0].template.body, Body::Json(serde_json::json!({"n": "7"})));
    }
}
