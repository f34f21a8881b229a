//! A GraphQL interface as endpoints, one for each field of the query and mutation types.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sample::sample;
use super::{Endpoint, Origin};
use crate::engine::Engine;
use crate::message::{Body, Template};
use crate::scope::InScopeUrl;

/// What a server tells about its types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    query: Option<String>,
    mutation: Option<String>,
    types: BTreeMap<String, Type>,
}

#[derive(Debug, Clone, Default)]
struct Type {
    kind: String,
    fields: Vec<Field>,
    inputs: Vec<Input>,
    values: Vec<String>,
}

/// A field with its arguments.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    kind: Reference,
    inputs: Vec<Input>,
}

/// An argument or a field of an input object.
#[derive(Debug, Clone)]
struct Input {
    name: String,
    kind: Reference,
}

/// A type with its wrappings.
#[derive(Debug, Clone)]
struct Reference {
    name: String,
    /// As a query writes it, for example `[String!]!`.
    text: String,
    list: bool,
}

/// Where interfaces usually are.
const USUAL_PATHS: [&str; 3] = ["/graphql", "/api/graphql", "/v1/graphql"];

/// Endpoints taken from one interface.
const MAX_FIELDS: usize = 200;

/// Plain fields of a type that a query asks for.
const LEAVES: usize = 4;

const INTROSPECTION: &str = "query{__schema{queryType{name}mutationType{name}types{kind name \
    fields(includeDeprecated:true){name args{name type{...T}}type{...T}}inputFields{name type{...T}}\
    enumValues{name}}}}fragment T on __Type{kind name ofType{kind name ofType{kind name ofType{kind name}}}}";

/// The request for a query.
pub(crate) fn request(url: &InScopeUrl, query: &str, variables: Value) -> Template {
    Template::with_body("POST", url.clone(), Body::Json(json!({ "query": query, "variables": variables })))
}

/// The address of the interface: the one named, else the first usual one that answers like one.
pub(crate) async fn locate(engine: &Engine) -> Option<InScopeUrl> {
    let target = engine.scope.target();
    let named = engine.job.graphql.as_deref();
    let paths: Vec<&str> = named.map_or_else(|| USUAL_PATHS.to_vec(), |path| vec![path]);
    for path in paths {
        let Ok(url) = engine.scope.resolve(&target, path) else { continue };
        let Ok(answer) = engine.get(&request(&url, "{__typename}", json!({}))).await else { continue };
        if answer.body.contains("\"__typename\"") && answer.body.contains("\"data\"") {
            return Some(url);
        }
    }
    if let Some(path) = named {
        engine.fail(format!("no GraphQL interface answers at `{path}`"));
    }
    None
}

/// What the server tells about its types; `None` where it tells nothing.
pub(crate) async fn introspect(engine: &Engine, url: &InScopeUrl) -> Option<Schema> {
    let answer = engine.get(&request(url, INTROSPECTION, json!({}))).await.ok()?;
    let root: Value = serde_json::from_str(&answer.body).ok()?;
    read(root.pointer("/data/__schema")?)
}

/// Endpoints of the interface at that address.
pub(super) async fn endpoints(engine: &Engine, url: &InScopeUrl) -> Vec<Endpoint> {
    match introspect(engine, url).await {
        Some(schema) => schema.endpoints(url),
        None => {
            engine.note("the GraphQL interface does not tell its types".to_owned());
            Vec::new()
        }
    }
}

fn read(root: &Value) -> Option<Schema> {
    let name = |key: &str| root.pointer(&format!("/{key}/name")).and_then(Value::as_str).map(str::to_owned);
    let mut schema =
        Schema { query: name("queryType"), mutation: name("mutationType"), types: BTreeMap::new() };
    for one in root.get("types")?.as_array()? {
        let text =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let items =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let input = |value: &Value| Input {
            name: text(value, "name"),
            kind: reference(value.get("type").unwrap_or(&Value::Null)),
        };
        let listed = items(one, "fields");
        let fields = listed.iter().map(|field| Field {
            name: text(field, "name"),
            kind: reference(field.get("type").unwrap_or(&Value::Null)),
            inputs: items(field, "args").iter().map(input).collect(),
        });
        let kind = Type {
            kind: text(one, "kind"),
            fields: fields.collect(),
            inputs: items(one, "inputFields").iter().map(input).collect(),
            values: items(one, "enumValues").iter().map(|value| text(value, "name")).collect(),
        };
        schema.types.insert(text(one, "name"), kind);
    }
    Some(schema)
}

fn reference(value: &Value) -> Reference {
    let mut wraps = Vec::new();
    let mut at = value;
    while let Some(inner) = at.get("ofType").filter(|inner| inner.is_object()) {
        wraps.push(at.get("kind").and_then(Value::as_str).unwrap_or_default());
        at = inner;
    }
    let name = at.get("name").and_then(Value::as_str).unwrap_or("String").to_owned();
    let mut text = name.clone();
    for wrap in wraps.iter().rev() {
        text = if *wrap == "LIST" { format!("[{text}]") } else { format!("{text}!") };
    }
    Reference { name, text, list: wraps.contains(&"LIST") }
}

impl Schema {
    fn endpoints(&self, url: &InScopeUrl) -> Vec<Endpoint> {
        let mut out = Vec::new();
        for (word, root) in [("query", &self.query), ("mutation", &self.mutation)] {
            let Some(root) = root.as_ref().and_then(|name| self.types.get(name)) else { continue };
            for field in root.fields.iter().take(MAX_FIELDS) {
                let (query, variables) = self.operation(word, field);
                let mut endpoint = Endpoint::new(request(url, &query, variables), Origin::Description);
                endpoint.route = format!("{}#{}", url.url().path(), field.name);
                let lower = field.name.to_ascii_lowercase();
                endpoint.delicate = ["delete", "remove", "drop", "reset", "burn", "shutdown", "update"]
                    .iter()
                    .any(|word| lower.contains(word));
                out.push(endpoint);
            }
        }
        out
    }

    fn operation(&self, word: &str, field: &Field) -> (String, Value) {
        let mut variables = serde_json::Map::new();
        let (mut heads, mut uses) = (Vec::new(), Vec::new());
        for input in &field.inputs {
            heads.push(format!("${}:{}", input.name, input.kind.text));
            uses.push(format!("{0}:${0}", input.name));
            variables.insert(input.name.clone(), self.value(input, 0));
        }
        let heads = if heads.is_empty() { String::new() } else { format!("({})", heads.join(",")) };
        let uses = if uses.is_empty() { String::new() } else { format!("({})", uses.join(",")) };
        let query = format!("{word}{heads}{{{}{uses}{}}}", field.name, self.selection(&field.kind.name, 0));
        (query, Value::Object(variables))
    }

    /// The most telling plain fields of a type, and those of its single objects one level down. Few of
    /// them: each costs the server time, and lists in lists grow with the square of what the probes leave
    /// behind.
    fn selection(&self, name: &str, depth: usize) -> String {
        let Some(kind) = self.types.get(name) else { return String::new() };
        if !matches!(kind.kind.as_str(), "OBJECT" | "INTERFACE" | "UNION") {
            return String::new();
        }
        let bare = |field: &&Field| field.inputs.iter().all(|input| !input.kind.text.ends_with('!'));
        let mut leaves: Vec<&Field> =
            kind.fields.iter().filter(bare).filter(|field| self.is_leaf(&field.kind.name)).collect();
        leaves.sort_by_key(|field| std::cmp::Reverse(interest(&field.name)));
        let mut parts: Vec<String> = leaves.iter().take(LEAVES).map(|field| field.name.clone()).collect();
        if parts.is_empty() && depth < 2 {
            let objects = kind.fields.iter().filter(bare).filter(|field| !self.is_leaf(&field.kind.name));
            for field in objects.take(LEAVES) {
                parts.push(format!("{}{}", field.name, self.selection(&field.kind.name, depth + 1)));
            }
        }
        if parts.is_empty() { "{__typename}".into() } else { format!("{{{}}}", parts.join(" ")) }
    }

    fn is_leaf(&self, name: &str) -> bool {
        self.types.get(name).is_none_or(|kind| matches!(kind.kind.as_str(), "SCALAR" | "ENUM"))
    }

    fn value(&self, input: &Input, depth: usize) -> Value {
        let one = match input.kind.name.as_str() {
            "Int" => json!(1),
            "Float" => json!(1.5),
            "Boolean" => json!(true),
            "ID" => json!("1"),
            "String" => json!(sample(&input.name, "")),
            name => match self.types.get(name) {
                Some(kind) if kind.kind == "ENUM" => json!(kind.values.first()),
                Some(kind) if kind.kind == "INPUT_OBJECT" && depth < 3 => {
                    let pairs =
                        kind.inputs.iter().map(|inner| (inner.name.clone(), self.value(inner, depth + 1)));
                    Value::Object(pairs.collect())
                }
                _ => json!("tollgate"),
            },
        };
        if input.kind.list { json!([one]) } else { one }
    }

    /// Queries that go around in a circle of object types as often as asked for, those first that ask for
    /// an object by a word or number that nothing has: a circle through lists grows with every turn.
    pub(crate) fn circles(&self, turns: usize, word: &str) -> Vec<String> {
        let Some(root) = self.query.as_ref().and_then(|name| self.types.get(name)) else { return Vec::new() };
        let mut out = Vec::new();
        for start in &root.fields {
            let Some(arguments) = unheard_of(start, word) else { continue };
            let Some((there, back)) = self.there_and_back(&start.kind.name) else { continue };
            let mut inner = "__typename".to_owned();
            for _ in 0..turns {
                inner = format!("{there}{{{back}{{{inner}}}}}");
            }
            out.push((arguments.is_empty(), format!("{{{}{arguments}{{{inner}}}}}", start.name)));
        }
        out.sort_by_key(|(bare, _)| *bare);
        out.into_iter().map(|(_, query)| query).collect()
    }

    /// A field of the type that leads to another object type, and one that leads back.
    fn there_and_back(&self, name: &str) -> Option<(&str, &str)> {
        let object = |name: &String| self.types.get(name).filter(|kind| kind.kind == "OBJECT");
        object(&name.to_owned())?.fields.iter().find_map(|there| {
            let other = object(&there.kind.name)?;
            let back = other.fields.iter().find(|field| field.kind.name == name)?;
            Some((there.name.as_str(), back.name.as_str()))
        })
    }

    /// A field name of the query type, for misspelling it.
    pub(crate) fn any_field(&self) -> Option<&str> {
        let root = self.types.get(self.query.as_ref()?)?;
        root.fields.iter().map(|field| field.name.as_str()).max_by_key(|name| name.len())
    }
}

/// Arguments for a field that no object fits; `None` where one cannot be made up.
fn unheard_of(field: &Field, word: &str) -> Option<String> {
    let mut out = Vec::new();
    for input in &field.inputs {
        match input.kind.name.as_str() {
            "String" | "ID" if !input.kind.list => out.push(format!("{}:{}", input.name, Value::from(word))),
            "Int" if !input.kind.list && input.name.to_ascii_lowercase().ends_with("id") => {
                out.push(format!("{}:2147480011", input.name));
            }
            _ if input.kind.text.ends_with('!') => return None,
            _ => {}
        }
    }
    Some(if out.is_empty() { String::new() } else { format!("({})", out.join(",")) })
}

/// How much a field by its name may tell.
fn interest(name: &str) -> u8 {
    let lower = name.to_ascii_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if holds(&["password", "token", "secret"]) {
        3
    } else if lower == "id" || holds(&["result", "content", "text", "body"]) {
        2
    } else {
        u8::from(holds(&["name", "title", "email", "message"]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scope;
    use crate::settings::ScopeSettings;

    #[test]
    fn fields_become_requests() {
        let schema = read(&json!({"queryType": {"name": "Q"}, "mutationType": null, "types": [
            {"kind": "OBJECT", "name": "Q", "fields": [{"name": "items", "args": [{"name": "filter", "type":
                {"kind": "NON_NULL", "ofType": {"kind": "SCALAR", "name": "String"}}}], "type": {"kind": "LIST",
                "ofType": {"kind": "OBJECT", "name": "Item"}}}, {"name": "first", "args": [], "type":
                {"kind": "OBJECT", "name": "Item"}}]},
            {"kind": "OBJECT", "name": "Item", "fields": [{"name": "id", "args": [], "type": {"kind": "SCALAR",
                "name": "ID"}}, {"name": "owner", "args": [], "type": {"kind": "OBJECT", "name": "User"}}]},
            {"kind": "OBJECT", "name": "User", "fields": [{"name": "items", "args": [], "type": {"kind": "LIST",
                "ofType": {"kind": "OBJECT", "name": "Item"}}}]},
            {"kind": "SCALAR", "name": "String"}, {"kind": "SCALAR", "name": "ID"}]}))
        .unwrap();
        let scope =
            Scope::new(&"http://app.test/graphql".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let found = schema.endpoints(&scope.target());
        let Body::Json(body) = &found[0].template.body else { panic!() };
        assert_eq!(body["query"], "query($filter:String!){items(filter:$filter){id}}");
        assert_eq!(body["variables"], json!({"filter": "tollgate"}));
        assert_eq!(found[0].route, "/graphql#items");
        assert_eq!(
            schema.circles(2, "w"),
            [
                "{items(filter:\"w\"){owner{items{owner{items{__typename}}}}}}",
                "{first{owner{items{owner{items{__typename}}}}}}"
            ]
        );
    }
}
