//! What there is to look at: pages, forms, scripts, descriptions and the routes the sources declare.

mod crawl;
mod form;
mod graphql;
mod har;
mod openapi;
mod postman;
mod route;
mod sample;
mod script;

pub(crate) use crawl::crawl;
pub(crate) use form::{is_left_alone, is_logout, is_stateful};
pub(crate) use graphql::{Schema, introspect, locate, request};

use std::collections::BTreeMap;

use crate::insert::{is_variable_segment, segments};
use crate::message::{Answer, Body, Template};
use crate::scope::InScopeUrl;

/// Something that takes requests.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Endpoint {
    pub(crate) template: Template,
    /// The path with its variable parts as `{name}`.
    pub(crate) route: String,
    /// How it became known.
    pub(crate) origin: Origin,
    /// The page its form stands on.
    pub(crate) page: Option<InScopeUrl>,
    /// Hidden field that must be fetched anew before each request.
    pub(crate) token_field: Option<String>,
    /// Whether only a script sends the form, so that names may end up elsewhere in the request.
    pub(crate) scripted: bool,
    /// Whether its description or its looks say that it changes or destroys what cannot be restored.
    pub(crate) delicate: bool,
}

/// How an endpoint became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    Link,
    Form,
    Script,
    Description,
    Recording,
    Source,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct SiteMap {
    /// Endpoints, one for each shape, in the order they were found.
    pub(crate) endpoints: Vec<Endpoint>,
    /// Pages that answered, for looking again.
    pub(crate) pages: Vec<InScopeUrl>,
    /// What pages answered, by address; long ones are not kept.
    pub(crate) answers: BTreeMap<String, Answer>,
    /// Pages with scripts, and the text of those scripts as far as they stand in the page or in the scope.
    pub(crate) scripted: Vec<(InScopeUrl, String)>,
    /// Whether a budget ended the search early.
    pub(crate) cut: Option<String>,
}

impl Endpoint {
    pub(crate) fn new(template: Template, origin: Origin) -> Self {
        let route = route_of(&template);
        let delicate = false;
        Self { template, route, origin, page: None, token_field: None, scripted: false, delicate }
    }

    /// What tells endpoints apart: method, route and the names of the parameters.
    pub(crate) fn shape(&self) -> String {
        let mut names: Vec<String> = self.template.query().into_iter().map(|(name, _)| name).collect();
        match &self.template.body {
            Body::Form(pairs) => names.extend(pairs.iter().map(|(name, _)| format!("b:{name}"))),
            Body::Multipart(parts) => names.extend(parts.iter().map(|part| format!("m:{}", part.name))),
            Body::Json(value) => match (value.as_object(), value.get("query")) {
                (_, Some(query)) => names.push(format!("q:{query}")),
                (Some(map), None) => names.extend(map.keys().map(|name| format!("j:{name}"))),
                (None, None) => names.push("j".into()),
            },
            Body::Text { content_type, .. } => names.push(format!("t:{content_type}")),
            Body::Empty => {}
        }
        names.sort_unstable();
        names.dedup();
        let host = self.template.url.url().authority();
        format!("{} {host}{} {}", self.template.method, self.route, names.join(","))
    }
}

fn route_of(template: &Template) -> String {
    let parts: Vec<String> = segments(template)
        .into_iter()
        .map(|part| if is_variable_segment(&part) { "{id}".to_owned() } else { part })
        .collect();
    format!("/{}", parts.join("/"))
}
