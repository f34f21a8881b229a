//! Every place of a request where a value goes in.

use serde_json::Value;
use tollgate_core::dynamic::{Parameter, ParameterPlace};

use crate::message::{Body, Template, encode};
use crate::scope::Scope;

/// A place of a request and the value that stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) place: ParameterPlace,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) slot: Slot,
}

/// Where exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Pair number of the query.
    Query(usize),
    /// A query pair that the request does not have.
    NewQuery,
    /// Pair number of the form or part number of the multipart body.
    Body(usize),
    /// The name, not the value, of that form pair.
    BodyName(usize),
    /// The file name of that part.
    FileName(usize),
    /// JSON pointer of the value.
    Json(String),
    /// The whole body.
    Text,
    /// Segment number of the path.
    Path(usize),
    /// A header, sent along where the request has none.
    Header,
    /// The name of a header whose value is fixed.
    HeaderName,
    /// A cookie.
    Cookie,
}

impl Point {
    pub(crate) fn parameter(&self) -> Parameter {
        Parameter { place: self.place, name: self.name.clone() }
    }

    /// Whether the request has nothing there by itself.
    pub(crate) const fn is_added(&self) -> bool {
        matches!(self.slot, Slot::NewQuery | Slot::Header | Slot::HeaderName | Slot::BodyName(_))
    }
}

/// Deepest JSON that is taken apart.
const MAX_JSON_POINTS: usize = 64;

/// The points of a request, in the order of its parts.
pub(crate) fn points(template: &Template) -> Vec<Point> {
    let mut out = Vec::new();
    let point = |place, name: &str, value: &str, slot| Point {
        place,
        name: name.to_owned(),
        value: value.to_owned(),
        slot,
    };
    for (idx, segment) in segments(template).iter().enumerate() {
        if is_variable_segment(segment) {
            out.push(point(ParameterPlace::Path, &format!("segment {}", idx + 1), segment, Slot::Path(idx)));
        }
    }
    for (idx, (name, value)) in template.query().iter().enumerate() {
        out.push(point(ParameterPlace::Query, name, value, Slot::Query(idx)));
    }
    match &template.body {
        Body::Empty => {}
        Body::Form(pairs) => {
            for (idx, (name, value)) in pairs.iter().enumerate() {
                out.push(point(ParameterPlace::Form, name, value, Slot::Body(idx)));
            }
        }
        Body::Multipart(parts) => {
            for (idx, part) in parts.iter().enumerate() {
                out.push(point(ParameterPlace::Multipart, &part.name, &part.value, Slot::Body(idx)));
                if let Some(file) = &part.file {
                    let name = format!("{} filename", part.name);
                    out.push(point(ParameterPlace::Multipart, &name, file, Slot::FileName(idx)));
                }
            }
        }
        Body::Json(value) => json_points(value, &mut out),
        Body::Text { content_type, text } if content_type.contains("xml") => {
            out.push(point(ParameterPlace::Xml, "body", text, Slot::Text));
        }
        Body::Text { .. } => {}
    }
    for (name, value) in &template.cookies {
        out.push(point(ParameterPlace::Cookie, name, value, Slot::Cookie));
    }
    for (name, value) in &template.headers {
        let lower = name.to_ascii_lowercase();
        if !matches!(lower.as_str(), "content-type" | "accept" | "authorization" | "cookie") {
            out.push(point(ParameterPlace::Header, name, value, Slot::Header));
        }
    }
    out
}

/// The request with another value at the point; `None` where that leaves the scope or cannot be sent.
pub(crate) fn apply(scope: &Scope, template: &Template, point: &Point, value: &str) -> Option<Template> {
    let mut changed = template.clone();
    let takes_json = matches!(point.slot, Slot::Query(_) | Slot::Body(_) | Slot::Json(_));
    if value.starts_with("json:") && !takes_json {
        return None;
    }
    match &point.slot {
        Slot::Query(idx) => {
            let mut pairs = template.query();
            *pairs.get_mut(*idx)? = pair(&point.name, value)?;
            return template.with_query(scope, &pairs);
        }
        Slot::NewQuery => {
            let mut pairs = template.query();
            pairs.push((point.name.clone(), value.to_owned()));
            return template.with_query(scope, &pairs);
        }
        Slot::Body(idx) => match &mut changed.body {
            Body::Form(pairs) => *pairs.get_mut(*idx)? = pair(&point.name, value)?,
            Body::Multipart(parts) if !value.starts_with("json:") => {
                parts.get_mut(*idx)?.value = value.to_owned()
            }
            _ => return None,
        },
        Slot::BodyName(idx) => match &mut changed.body {
            // A handler that looks for a name does so by the value it knows: the field's own name.
            Body::Form(pairs) if *idx < pairs.len() => pairs.push((value.to_owned(), point.name.clone())),
            _ => return None,
        },
        Slot::FileName(idx) => match &mut changed.body {
            Body::Multipart(parts) => parts.get_mut(*idx)?.file = Some(value.to_owned()),
            _ => return None,
        },
        Slot::Json(pointer) => match &mut changed.body {
            Body::Json(body) => *body.pointer_mut(pointer)? = json_value(value),
            _ => return None,
        },
        Slot::Text => match &mut changed.body {
            Body::Text { text, .. } => *text = value.to_owned(),
            _ => return None,
        },
        Slot::Path(idx) => {
            let mut parts = segments(template);
            *parts.get_mut(*idx)? = value.to_owned();
            let encoded: Vec<_> = parts.iter().map(|part| encode(part)).collect();
            let mut url = template.url.url().clone();
            url.set_path(&format!("/{}", encoded.join("/")));
            changed.url = scope.admit(&url).ok()?;
        }
        Slot::Header => {
            if value.contains(['\r', '\n', '\0']) {
                return None;
            }
            return Some(changed.header(&point.name, value));
        }
        Slot::HeaderName => {
            reqwest::header::HeaderName::from_bytes(value.as_bytes()).ok()?;
            changed.headers.retain(|(have, _)| *have != point.value);
            changed.headers.push((value.to_owned(), point.name.clone()));
        }
        Slot::Cookie => {
            changed.cookies.retain(|(have, _)| *have != point.name);
            changed.cookies.push((point.name.clone(), value.to_owned()));
        }
    }
    Some(changed)
}

/// Name and value of a pair. A payload that is JSON becomes `name[key]=value`, as servers that read
/// objects from forms take it; `None` where it has no such form.
fn pair(name: &str, value: &str) -> Option<(String, String)> {
    let Some(text) = value.strip_prefix("json:") else { return Some((name.to_owned(), value.to_owned())) };
    let object: serde_json::Map<String, Value> = serde_json::from_str(text).ok()?;
    let (key, inner) = object.into_iter().next()?;
    Some((format!("{name}[{key}]"), inner.as_str().map_or_else(|| inner.to_string(), str::to_owned)))
}

/// A payload of the form `json:…` replaces the value by that JSON, all others by a text.
fn json_value(value: &str) -> Value {
    value
        .strip_prefix("json:")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_else(|| Value::String(value.to_owned()))
}

fn json_points(value: &Value, out: &mut Vec<Point>) {
    let graphql = value.get("query").and_then(Value::as_str).is_some_and(|query| query.contains('{'));
    let place = if graphql { ParameterPlace::Graphql } else { ParameterPlace::Json };
    let mut work = vec![(String::new(), String::new(), value)];
    while let Some((pointer, name, value)) = work.pop() {
        if out.len() >= MAX_JSON_POINTS {
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, inner) in map.iter().rev() {
                    if graphql && name.is_empty() && key != "variables" {
                        continue;
                    }
                    let escaped = key.replace('~', "~0").replace('/', "~1");
                    let dotted = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    work.push((format!("{pointer}/{escaped}"), dotted, inner));
                }
            }
            Value::Array(items) => {
                for (idx, inner) in items.iter().enumerate().take(4).rev() {
                    work.push((format!("{pointer}/{idx}"), format!("{name}[{idx}]"), inner));
                }
            }
            // The types of the interface admit nothing else there.
            Value::Bool(_) | Value::Number(_) if graphql => {}
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let name = name.strip_prefix("variables.").unwrap_or(&name).to_owned();
                out.push(Point { place, name, value: text, slot: Slot::Json(pointer) });
            }
        }
    }
}

pub(crate) fn segments(template: &Template) -> Vec<String> {
    let path = template.url.url().path().trim_start_matches('/');
    path.split('/')
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

/// Whether a path segment looks like a value rather than a name: a number, an id, an address.
pub(crate) fn is_variable_segment(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let hex = segment.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    !segment.is_empty()
        && (digits == segment.len()
            || hex && segment.len() >= 12 && digits > 0
            || segment.contains('@')
            || segment.starts_with('{') && segment.ends_with('}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ScopeSettings;

    fn template(url: &str, body: Body) -> (Scope, Template) {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let url = scope.admit(&url.parse().unwrap()).unwrap();
        (scope, Template::with_body("POST", url, body))
    }

    #[test]
    fn every_place_is_found_and_changed() {
        let body = serde_json::json!({"user": {"tags": ["a", 7]}, "n": null});
        let (scope, template) = template("http://app.test/item/42/edit?q=x&q=y", Body::Json(body));
        let template = Template { cookies: vec![("theme".into(), "dark".into())], ..template };
        let names: Vec<_> = points(&template).iter().map(|p| p.parameter().to_string()).collect();
        assert_eq!(
            names,
            [
                "path segment 2",
                "query q",
                "query q",
                "json user.tags[0]",
                "json user.tags[1]",
                "json n",
                "cookie theme"
            ]
        );
        for point in points(&template) {
            let changed = apply(&scope, &template, &point, "a'/../b").unwrap();
            assert_ne!(changed, template, "{point:?}");
            let again: Vec<_> = points(&changed).into_iter().map(|p| p.value).collect();
            let path = point.place == ParameterPlace::Path;
            assert!(path || again.contains(&"a'/../b".to_owned()), "{point:?}");
        }
    }

    #[test]
    fn a_payload_in_the_path_stays_one_segment() {
        let (scope, template) = template("http://app.test/item/42", Body::Empty);
        let point = &points(&template)[0];
        let changed = apply(&scope, &template, point, "../../etc/passwd").unwrap();
        assert_eq!(changed.url.as_str(), "http://app.test/item/..%2F..%2Fetc%2Fpasswd");
    }

    #[test]
    fn parts_file_names_and_variables_of_queries_are_places() {
        use crate::message::Part;
        let file = Part { name: "photo".into(), file: Some("a.png".into()), value: "x".into() };
        let text = Part { name: "title".into(), file: None, value: "mine".into() };
        let query = serde_json::json!({
            "query": "query($term:String,$page:Int){find(term:$term,page:$page){id}}",
            "variables": {"term": "pen", "page": 1}
        });
        for (body, expected) in [
            (
                Body::Multipart(vec![file, text]),
                vec!["multipart photo", "multipart photo filename", "multipart title"],
            ),
            (Body::Json(query), vec!["graphql term"]),
        ] {
            let (scope, template) = template("http://app.test/send", body);
            let found = points(&template);
            let names: Vec<_> = found.iter().map(|p| p.parameter().to_string()).collect();
            assert_eq!(names, expected);
            for point in &found {
                let changed = apply(&scope, &template, point, "o'\"<x>").unwrap();
                let place = points(&changed).into_iter().find(|p| p.slot == point.slot).unwrap();
                assert_eq!(place.value, "o'\"<x>", "{point:?}");
            }
        }
    }
}
