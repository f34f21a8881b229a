//! OpenAPI 2 and 3 as endpoints with sensible values.

use serde_json::{Map, Value};

use super::sample::sample;
use super::{Endpoint, Origin};
use crate::message::{Body, Part, Template};
use crate::scope::Scope;

/// References followed and levels of a schema filled in.
const MAX_DEPTH: usize = 8;

/// Operations taken from one description.
const MAX_OPERATIONS: usize = 2_000;

/// Endpoints of a description in JSON or YAML.
pub(super) fn endpoints(scope: &Scope, text: &str) -> Result<Vec<Endpoint>, String> {
    let root: Value = match serde_json::from_str(text) {
        Ok(root) => root,
        Err(_) => serde_saphyr::from_str(text).map_err(|error| format!("neither JSON nor YAML: {error}"))?,
    };
    let paths = root.get("paths").and_then(Value::as_object).ok_or("it has no `paths`")?;
    let base = base_path(&root);
    let mut out = Vec::new();
    for (path, item) in paths {
        let item = follow(&root, item);
        let shared = list(item.get("parameters"));
        for method in ["get", "post", "put", "patch", "delete", "head", "options"] {
            let Some(operation) = item.get(method) else { continue };
            if out.len() >= MAX_OPERATIONS {
                return Ok(out);
            }
            let parameters: Vec<&Value> =
                shared.iter().copied().chain(list(operation.get("parameters"))).collect();
            out.extend(endpoint(scope, &root, (&base, path, method), operation, &parameters));
        }
    }
    Ok(out)
}

/// The path in front of all others. Hosts in the description are not followed: the target is known.
fn base_path(root: &Value) -> String {
    if let Some(base) = root.get("basePath").and_then(Value::as_str) {
        return base.trim_end_matches('/').to_owned();
    }
    let server = root.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let path = match server.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => server,
    };
    path.trim_end_matches('/').to_owned()
}

fn list(value: Option<&Value>) -> Vec<&Value> {
    value.and_then(Value::as_array).map(|items| items.iter().collect()).unwrap_or_default()
}

/// The value a reference stands for, within the same document.
fn follow<'a>(root: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..MAX_DEPTH {
        let Some(pointer) = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'))
        else {
            return value;
        };
        match root.pointer(pointer) {
            Some(next) => value = next,
            None => return value,
        }
    }
    value
}

fn endpoint(
    scope: &Scope,
    root: &Value,
    (base, path, method): (&str, &str, &str),
    operation: &Value,
    parameters: &[&Value],
) -> Option<Endpoint> {
    let mut filled = path.to_owned();
    let (mut query, mut headers, mut cookies, mut form) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut body = Body::Empty;
    for parameter in parameters {
        let parameter = follow(root, parameter);
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        let value = text_of(&parameter_value(root, parameter, name));
        match parameter.get("in").and_then(Value::as_str).unwrap_or_default() {
            "path" => filled = filled.replace(&format!("{{{name}}}"), &crate::message::encode(&value)),
            "query" => query.push((name.to_owned(), value)),
            "header" if !name.eq_ignore_ascii_case("authorization") => headers.push((name.to_owned(), value)),
            "cookie" => cookies.push((name.to_owned(), value)),
            "formData" => form.push((name.to_owned(), value)),
            "body" => {
                body = Body::Json(example(root, parameter.get("schema").unwrap_or(&Value::Null), name, 0));
            }
            _ => {}
        }
    }
    if !form.is_empty() {
        body = Body::Form(form);
    }
    if let Some(content) =
        operation.get("requestBody").map(|b| follow(root, b)).and_then(|b| b.get("content"))
    {
        body = body_of(root, content).unwrap_or(body);
    }
    let mut url = scope.target().url().clone();
    url.set_path(&format!("{base}{filled}"));
    url.set_query(None);
    let mut template = Template::get(scope.admit(&url).ok()?);
    template.method = method.to_ascii_uppercase();
    if !query.is_empty() {
        template = template.with_query(scope, &query)?;
    }
    template.headers = headers;
    template.cookies = cookies;
    template.body = body;
    let mut endpoint = Endpoint::new(template, Origin::Description);
    endpoint.route = format!("{base}{path}");
    let words =
        format!("{path} {}", operation.get("operationId").and_then(Value::as_str).unwrap_or_default());
    let lower = words.to_ascii_lowercase();
    endpoint.delicate = method == "delete"
        || ["createdb", "reset", "drop", "shutdown"].iter().any(|word| lower.contains(word))
            // A payload that becomes the scanning user's password ends its session for good.
            || method != "get" && lower.contains("password");
    Some(endpoint)
}

fn parameter_value(root: &Value, parameter: &Value, name: &str) -> Value {
    if let Some(value) = parameter.get("example") {
        return value.clone();
    }
    let first = parameter.get("examples").and_then(Value::as_object).and_then(|map| map.values().next());
    if let Some(value) = first.and_then(|example| follow(root, example).get("value")) {
        return value.clone();
    }
    // OpenAPI 2 keeps the schema's keys in the parameter itself.
    example(root, parameter.get("schema").unwrap_or(parameter), name, 0)
}

fn body_of(root: &Value, content: &Value) -> Option<Body> {
    let content = content.as_object()?;
    let value = |media: &Value| -> Value {
        if let Some(value) = media.get("example") {
            return value.clone();
        }
        let first = media.get("examples").and_then(Value::as_object).and_then(|map| map.values().next());
        if let Some(value) = first.and_then(|one| follow(root, one).get("value")) {
            return value.clone();
        }
        example(root, media.get("schema").unwrap_or(&Value::Null), "", 0)
    };
    let find = |part: &str| content.iter().find(|(name, _)| name.contains(part)).map(|(_, media)| media);
    if let Some(media) = find("json") {
        return Some(Body::Json(value(media)));
    }
    let pairs = |value: Value| -> Vec<(String, String)> {
        let map = value.as_object().cloned().unwrap_or_default();
        map.into_iter().map(|(name, value)| (name, text_of(&value))).collect()
    };
    if let Some(media) = find("x-www-form-urlencoded") {
        return Some(Body::Form(pairs(value(media))));
    }
    if let Some(media) = find("multipart") {
        let part = |(name, value): (String, String)| Part { name, file: None, value };
        return Some(Body::Multipart(pairs(value(media)).into_iter().map(part).collect()));
    }
    let media = find("xml")?;
    let text = text_of(&value(media));
    let text = if text.trim_start().starts_with('<') { text } else { "<a>1</a>".into() };
    Some(Body::Text { content_type: "application/xml".into(), text })
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

/// A value that fits a schema. Recursion is bounded by [`MAX_DEPTH`].
fn example(root: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    let schema = follow(root, schema);
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    for key in ["example", "default", "const"] {
        if let Some(value) = schema.get(key) {
            return value.clone();
        }
    }
    if let Some(value) = list(schema.get("examples")).first().or(list(schema.get("enum")).first()) {
        return (*value).clone();
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let parts = list(schema.get(key));
        let Some(first) = parts.first() else { continue };
        if key != "allOf" {
            return example(root, first, name, depth + 1);
        }
        let mut merged = Map::new();
        for part in parts {
            if let Value::Object(map) = example(root, part, name, depth + 1) {
                merged.extend(map);
            }
        }
        return Value::Object(merged);
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().find_map(Value::as_str).unwrap_or("string"),
        Some(Value::String(kind)) => kind,
        _ if properties.is_some() => "object",
        _ => "string",
    };
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "object" => {
            let mut map = Map::new();
            for (key, inner) in properties.into_iter().flatten().take(40) {
                map.insert(key.clone(), example(root, inner, key, depth + 1));
            }
            Value::Object(map)
        }
        "array" => {
            Value::Array(vec![example(root, schema.get("items").unwrap_or(&Value::Null), name, depth + 1)])
        }
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| Value::from(1)),
        "boolean" => Value::from(true),
        _ => Value::from(sample(name, format)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ScopeSettings;

    fn check(text: &str, expected: &[&str]) {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let found: Vec<String> = endpoints(&scope, text)
            .unwrap()
            .iter()
            .map(|e| {
                let body =
                    e.template.encoded_body().map(|(_, b)| String::from_utf8(b).unwrap()).unwrap_or_default();
                format!("{} {} {} {body}", e.template.method, e.template.url, e.route).trim_end().to_owned()
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn both_versions_and_both_notations_are_read() {
        check(
            "openapi: 3.0.1\nservers: [{url: 'https://elsewhere.test/api'}]\npaths:\n  /u/{id}:\n    parameters:\n      \
             - {name: id, in: path, schema: {type: integer}}\n    get:\n      parameters:\n        - {name: q, in: query, \
             example: x y}\n    put:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/U'}}}}\n\
             components: {schemas: {U: {type: object, properties: {name: {type: string, example: ann}, next: {$ref: \
             '#/components/schemas/V'}}}, V: {type: array, items: {type: boolean}}}}\n",
            &[
                "GET http://app.test/api/u/1?q=x%20y /api/u/{id}",
                r#"PUT http://app.test/api/u/1 /api/u/{id} {"name":"ann","next":[true]}"#,
            ],
        );
        check(
            r#"{"swagger":"2.0","basePath":"/v1","paths":{"/a":{"post":{"parameters":[{"name":"n","in":"formData",
            "type":"string","default":"d"}]}}}}"#,
            &["POST http://app.test/v1/a /v1/a n=d"],
        );
    }

    #[test]
    fn schemas_that_refer_to_themselves_end() {
        check(
            r##"{"openapi":"3.1.0","paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":
            {"$ref":"#/x"}}}}}}},"x":{"$ref":"#/x"}}"##,
            &[r#"POST http://app.test/a /a "tollgate""#],
        );
    }
}
