//! Someone who sends requests, and what requests and answers say about accounts and objects.

use serde_json::{Map, Value};
use tollgate_core::dynamic::{Parameter, ParameterPlace};

use super::settle;
use crate::client::{Credentials, Halt};
use crate::discover::Endpoint;
use crate::engine::Engine;
use crate::insert::{self, Point, Slot};
use crate::message::{Answer, Body, Template};
use crate::session::Session;

/// Someone who sends requests.
pub(super) struct Actor {
    pub(super) with: Credentials,
}

impl Actor {
    pub(super) fn of(engine: &Engine, session: &Session) -> Self {
        Self { with: session.credentials(&engine.scope.target()) }
    }

    pub(super) fn nobody() -> Self {
        Self { with: Credentials::default() }
    }

    pub(super) fn bearer(token: &str) -> Self {
        let headers = vec![("Authorization".into(), format!("Bearer {token}"))];
        Self { with: Credentials { headers, cookies: Vec::new() } }
    }

    pub(super) async fn send(&self, engine: &Engine, template: &Template) -> Result<Option<Answer>, Halt> {
        settle(engine.client.send(template, &self.with).await)
    }
}

/// Whether the request was granted: interfaces that answer everything with success tell errors in the body.
pub(super) fn granted(answer: &Answer) -> bool {
    let told = serde_json::from_str::<Value>(&answer.body).ok();
    let errors = told.as_ref().and_then(|value| value.get("errors")).and_then(Value::as_array);
    answer.is_success() && errors.is_none_or(Vec::is_empty)
}

/// Where in the JSON body of an endpoint its values stand: the variables of a query, and within an object
/// that is all the body holds.
fn values_at(body: &Value) -> String {
    let query = body.get("query").is_some_and(Value::is_string) && body.get("variables").is_some();
    let mut pointer = if query { "/variables".to_owned() } else { String::new() };
    while let Some(map) = body.pointer(&pointer).and_then(Value::as_object)
        && let (1, Some((key, Value::Object(_)))) = (map.len(), map.iter().next())
    {
        pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// The values of the body of a JSON endpoint.
pub(super) fn object(endpoint: &Endpoint) -> Option<&Map<String, Value>> {
    match &endpoint.template.body {
        Body::Json(body) => body.pointer(&values_at(body))?.as_object(),
        _ => None,
    }
}

/// The values of the body, to be changed.
pub(super) fn object_mut(template: &mut Template) -> Option<&mut Map<String, Value>> {
    match &mut template.body {
        Body::Json(body) => {
            let pointer = values_at(body);
            body.pointer_mut(&pointer)?.as_object_mut()
        }
        _ => None,
    }
}

/// The request with every text replaced by a new word; addresses stay addresses.
pub(super) fn with_words(engine: &Engine, endpoint: &Endpoint) -> Option<(Template, Vec<String>)> {
    let mut template = endpoint.template.clone();
    let mut words = Vec::new();
    let mut work: Vec<(&String, &mut Value)> = object_mut(&mut template)?.iter_mut().collect();
    while let Some((key, value)) = work.pop() {
        match value {
            Value::Object(inner) => work.extend(inner.iter_mut()),
            Value::String(_) => {
                let word = engine.tokens.word();
                let mail = key.to_ascii_lowercase().contains("mail");
                *value = Value::from(if mail { format!("{word}@example.org") } else { word.clone() });
                words.push(word);
            }
            _ => {}
        }
    }
    (!words.is_empty()).then_some((template, words))
}

/// Number of the last path segment that is a parameter of the route.
pub(super) fn variable_segment(endpoint: &Endpoint) -> Option<usize> {
    let path = endpoint.route.split('#').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    parts.iter().rposition(|part| part.starts_with('{'))
}

/// The last path parameter of the route.
pub(super) fn path_reference(endpoint: &Endpoint) -> Option<Point> {
    let idx = variable_segment(endpoint)?;
    let part = endpoint.route.trim_start_matches('/').split('/').nth(idx)?;
    let name = part.trim_matches(['{', '}']).to_owned();
    Some(Point { place: ParameterPlace::Path, name, value: String::new(), slot: Slot::Path(idx) })
}

/// The request with another value in its last path parameter.
pub(super) fn at_object(engine: &Engine, endpoint: &Endpoint, value: &str) -> Option<Template> {
    insert::apply(&engine.scope, &endpoint.template, &path_reference(endpoint)?, value)
}

pub(super) fn path_parameter(endpoint: &Endpoint) -> Option<Parameter> {
    path_reference(endpoint).map(|point| point.parameter())
}

/// Whether a key by its name holds what objects are told apart by.
pub(super) fn is_id(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    matches!(lower.as_str(), "id" | "uuid" | "guid" | "uid") || lower.ends_with("_id") || key.ends_with("Id")
}

/// Values of keys that sound like an id.
pub(super) fn ids(answer: &Answer) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(&answer.body) else { return Vec::new() };
    let mut out = Vec::new();
    visit(&value, &mut |map| {
        out.extend(map.iter().filter(|(key, _)| is_id(key)).filter_map(|(_, value)| id_text(value)));
    });
    out.truncate(4);
    out
}

/// An identifier as a text.
pub(super) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Calls `look` with every object in a value.
pub(super) fn visit<'a>(value: &'a Value, look: &mut impl FnMut(&'a Map<String, Value>)) {
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        match value {
            Value::Object(map) => {
                look(map);
                work.extend(map.values());
            }
            Value::Array(items) => work.extend(items),
            _ => {}
        }
    }
}

/// A token that an answer gives out, the one for access first.
pub(super) fn token_of(answer: &Answer) -> Option<String> {
    let value: Value = serde_json::from_str(&answer.body).ok()?;
    let mut found: Option<(bool, String)> = None;
    visit(&value, &mut |map| {
        for (key, value) in map {
            let lower = key.to_ascii_lowercase();
            let Some(text) = value.as_str() else { continue };
            let first = !lower.contains("refresh");
            if (lower.contains("token") || lower == "jwt")
                && found.as_ref().is_none_or(|(best, _)| first && !best)
            {
                found = Some((first, text.to_owned()));
            }
        }
    });
    found.map(|(_, token)| token)
}
