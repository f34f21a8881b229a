//! Routes that the sources declare, as endpoints.

use serde_json::{Map, Value};

use super::{Endpoint, Origin};
use crate::message::{Body, Template};
use crate::scope::Scope;
use crate::worker::JobRoute;

/// Endpoints of the routes. Catch-alls are left out: they say nothing about what they take.
pub(super) fn endpoints(scope: &Scope, routes: &[JobRoute]) -> Vec<Endpoint> {
    let mut out = Vec::new();
    for route in routes {
        if route.template.contains('*') {
            continue;
        }
        let methods: Vec<&str> = match route.methods.as_slice() {
            [] => vec!["GET"],
            methods => methods.iter().map(String::as_str).collect(),
        };
        for method in methods.into_iter().filter(|method| !matches!(*method, "HEAD" | "OPTIONS" | "DELETE")) {
            out.extend(endpoint(scope, route, method));
        }
    }
    out
}

fn endpoint(scope: &Scope, route: &JobRoute, method: &str) -> Option<Endpoint> {
    let of = |place: &str| -> Vec<String> {
        route.parameters.iter().filter(|(have, _)| have == place).map(|(_, name)| name.clone()).collect()
    };
    let mut url = scope.target().url().clone();
    let base = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{base}{}", fill(&route.template)));
    url.set_query(None);
    let template = Template::get(scope.admit(&url).ok()?);
    let query: Vec<_> = of("query").into_iter().map(|name| (name, "1".to_owned())).collect();
    let mut template = if query.is_empty() { template } else { template.with_query(scope, &query)? };
    template.method = method.to_owned();
    let (form, json) = (of("form"), of("json"));
    if method != "GET" && !json.is_empty() {
        let map: Map<String, Value> = json.into_iter().map(|name| (name, Value::from("1"))).collect();
        template.body = Body::Json(Value::Object(map));
    } else if method != "GET" && !form.is_empty() {
        template.body = Body::Form(form.into_iter().map(|name| (name, "1".to_owned())).collect());
    }
    template.cookies = of("cookie").into_iter().map(|name| (name, "1".to_owned())).collect();
    // What signs a user in comes from the session, and a value of ours would stand in its place.
    let own = ["authorization", "cookie", "host", "content-type", "content-length"];
    for name in of("header").iter().filter(|name| !own.contains(&name.to_ascii_lowercase().as_str())) {
        template = template.header(name, "1");
    }
    let mut endpoint = Endpoint::new(template, Origin::Source);
    endpoint.route = format!("{base}{}", route.template);
    Some(endpoint)
}

/// The template with a value for each hole.
pub(super) fn fill(template: &str) -> String {
    let parts = template.split('/').map(|part| if part.contains('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
