//! Recordings of traffic (HAR 1.2) as endpoints.

use serde_json::Value;

use super::{Endpoint, Origin};
use crate::message::{Body, Template};
use crate::scope::Scope;

/// Requests taken from one recording.
const MAX_ENTRIES: usize = 5_000;

/// Endpoints of the requests in scope.
pub(super) fn endpoints(scope: &Scope, text: &str) -> Result<Vec<Endpoint>, String> {
    let root: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())?;
    let entries = root.pointer("/log/entries").and_then(Value::as_array).ok_or("it has no `log.entries`")?;
    Ok(entries.iter().take(MAX_ENTRIES).filter_map(|entry| endpoint(scope, entry.get("request")?)).collect())
}

fn endpoint(scope: &Scope, request: &Value) -> Option<Endpoint> {
    let text = |key: &str| request.get(key).and_then(Value::as_str);
    let url = scope.admit(&text("url")?.parse().ok()?).ok()?;
    let mut template = Template::get(url);
    template.method = text("method")?.to_ascii_uppercase();
    if let Some(data) = request.get("postData") {
        let kind = data.get("mimeType").and_then(Value::as_str).unwrap_or_default();
        let body = data.get("text").and_then(Value::as_str).unwrap_or_default();
        template.body = body_of(kind, body);
    }
    for header in request.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let (Some(name), Some(value)) =
            (header.get("name").and_then(Value::as_str), header.get("value").and_then(Value::as_str))
        else {
            continue;
        };
        if name.to_ascii_lowercase().starts_with("x-") {
            template = template.header(name, value);
        }
    }
    let mut endpoint = Endpoint::new(template, Origin::Recording);
    endpoint.delicate = endpoint.template.method == "DELETE";
    Some(endpoint)
}

/// A body by its media type.
pub(super) fn body_of(kind: &str, text: &str) -> Body {
    if kind.contains("json")
        && let Ok(value) = serde_json::from_str(text)
    {
        return Body::Json(value);
    }
    if kind.contains("x-www-form-urlencoded") {
        return Body::Form(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect());
    }
    if text.is_empty() {
        Body::Empty
    } else {
        Body::Text { content_type: kind.to_owned(), text: text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ScopeSettings;

    #[test]
    fn requests_in_scope_are_kept() {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let found = endpoints(
            &scope,
            r#"{"log":{"entries":[{"request":{"method":"POST","url":"http://app.test/a","headers":[{"name":"X-K","value":"v"},
            {"name":"Cookie","value":"s=1"}],"postData":{"mimeType":"application/x-www-form-urlencoded","text":"a=1&b=x+y"}}},
            {"request":{"method":"GET","url":"http://other.test/"}}]}}"#,
        )
        .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].template.headers, [("X-K".to_owned(), "v".to_owned())]);
        assert_eq!(found[0].shape(), "POST app.test/a b:a,b:b");
    }
}
