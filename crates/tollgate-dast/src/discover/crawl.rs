//! The crawl: breadth first, in scope, bounded by depth, pages, shapes and time.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;

use super::{Endpoint, Origin, SiteMap, form, graphql, har, openapi, postman, route, script};
use crate::client::{Halt, SendError};
use crate::engine::Engine;
use crate::html::{self, Page};
use crate::message::{Answer, Body, Template};
use crate::scope::InScopeUrl;
use crate::worker::Text;

/// Pages of one shape that are fetched.
const PAGES_PER_SHAPE: usize = 5;

/// Longest body that is kept for comparing.
const KEPT_ANSWER: usize = 16 << 10;

/// Pages of one shape that are fetched while each is answered with a status of its own.
const STATUSES_PER_SHAPE: usize = 8;

/// A page to fetch.
#[derive(Clone)]
struct Visit {
    template: Template,
    depth: u32,
}

/// What the crawl knows so far.
struct Crawl<'a> {
    engine: &'a Engine,
    map: SiteMap,
    shapes: BTreeSet<String>,
    seen: BTreeSet<String>,
    visits_of_shape: BTreeMap<String, usize>,
    next: Vec<Visit>,
    fetched: usize,
    statuses: BTreeMap<String, BTreeSet<u16>>,
    /// Paths that were not visited because a visit seems to change something.
    avoided: BTreeSet<String>,
}

/// Finds what there is. A halt ends the crawl; what was found until then is kept and `cut` says so.
pub(crate) async fn crawl(engine: &Engine) -> SiteMap {
    let mut crawl = Crawl {
        engine,
        map: SiteMap::default(),
        shapes: BTreeSet::new(),
        seen: BTreeSet::new(),
        visits_of_shape: BTreeMap::new(),
        next: Vec::new(),
        fetched: 0,
        statuses: BTreeMap::new(),
        avoided: BTreeSet::new(),
    };
    crawl.seed().await;
    while !crawl.next.is_empty() && crawl.map.cut.is_none() {
        crawl.level().await;
    }
    if !crawl.avoided.is_empty() {
        let named: Vec<&str> = crawl.avoided.iter().take(5).map(String::as_str).collect();
        let more = if crawl.avoided.len() > named.len() { ", …" } else { "" };
        engine.note(format!(
            "{} links were not followed because a visit seems to change something: {}{more}",
            crawl.avoided.len(),
            named.join(", ")
        ));
    }
    crawl.map
}

impl Crawl<'_> {
    async fn seed(&mut self) {
        let job = &self.engine.job;
        let scope = &self.engine.scope;
        let target = scope.target();
        self.link(&target, target.as_str(), 0);
        for path in ["/robots.txt", "/sitemap.xml"] {
            self.link(&target, path, 1);
        }
        for endpoint in route::endpoints(scope, &job.routes) {
            self.add(endpoint, 1);
        }
        let mut endpoints = Vec::new();
        if let Some(text) = self.document(job.openapi.as_ref(), "API description").await {
            match openapi::endpoints(scope, &text) {
                Ok(found) => endpoints.extend(found),
                Err(error) => self.engine.warn(format!("API description: {error}")),
            }
        }
        if let Some(text) = self.document(job.har.as_ref(), "traffic recording").await {
            match har::endpoints(scope, &text) {
                Ok(found) => endpoints.extend(found),
                Err(error) => self.engine.warn(format!("traffic recording: {error}")),
            }
        }
        if let Some(text) = self.document(job.postman.as_ref(), "collection").await {
            match postman::endpoints(scope, &text) {
                Ok(found) => endpoints.extend(found),
                Err(error) => self.engine.warn(format!("collection: {error}")),
            }
        }
        if (job.active || job.graphql.is_some())
            && let Some(url) = graphql::locate(self.engine).await
        {
            endpoints.extend(graphql::endpoints(self.engine, &url).await);
        }
        for endpoint in endpoints {
            self.add(endpoint, 1);
        }
    }

    async fn document(&self, document: Option<&Text>, what: &str) -> Option<String> {
        match document? {
            Text::Inline(text) => Some(text.clone()),
            Text::Url(url) => {
                let url = match self.engine.scope.admit(url) {
                    Ok(url) => url,
                    Err(error) => {
                        self.engine.fail(format!("{what} {error}"));
                        return None;
                    }
                };
                match self.engine.get(&Template::get(url.clone())).await {
                    Ok(answer) if answer.is_success() => Some(answer.body),
                    Ok(answer) => {
                        self.engine
                            .fail(format!("{what} `{url}` was answered with status {}", answer.status));
                        None
                    }
                    Err(error) => {
                        self.engine.fail(format!("{what} `{url}`: {error}"));
                        None
                    }
                }
            }
        }
    }

    /// Fetches everything known so far and reads it in that order, so that the map does not depend on
    /// which answer comes first.
    async fn level(&mut self) {
        let room = self.engine.job.max_pages.saturating_sub(self.fetched);
        let mut visits = std::mem::take(&mut self.next);
        if visits.len() > room {
            visits.truncate(room);
            self.map.cut = Some(format!("more than {} pages", self.engine.job.max_pages));
        }
        self.fetched += visits.len();
        let engine = self.engine;
        let answers = futures_util::stream::iter(visits.into_iter().map(|visit| async move {
            let answer = engine.get(&visit.template).await;
            (visit, answer)
        }))
        .buffered(engine.job.concurrency.max(1));
        let answers: Vec<_> = answers.collect().await;
        for (visit, answer) in answers {
            match answer {
                Ok(answer) => self.read(&visit, &answer),
                Err(SendError::Halt(halt)) => self.map.cut = Some(halt.to_string()),
                Err(SendError::TimedOut(_) | SendError::Broken(_)) => {}
            }
        }
        if self.engine.client.halted() == Some(Halt::Dead) {
            self.map.cut = Some(Halt::Dead.to_string());
        }
    }

    fn read(&mut self, visit: &Visit, answer: &Answer) {
        let url = &visit.template.url;
        self.engine.observe(&visit.template, answer);
        let plain = visit.template.method == "GET" && visit.template.body == Body::Empty;
        if plain && answer.body.len() <= KEPT_ANSWER {
            self.map.answers.entry(url.to_string()).or_insert_with(|| answer.clone());
        }
        self.split_shape(&visit.template, answer);
        if let Some(link) = answer.header("location").filter(|_| answer.is_redirect()) {
            self.link(url, link, visit.depth);
            return;
        }
        if visit.template.method == "GET" && answer.status < 400 {
            self.map.pages.push(url.clone());
        }
        let depth = visit.depth + 1;
        let path = url.url().path();
        if path.ends_with("/robots.txt") {
            if answer.is_success() && !answer.body.trim_start().starts_with('<') {
                self.read_robots(url, &answer.body);
            }
        } else if path.ends_with(".xml") && answer.body.contains("<loc>") {
            self.read_sitemap(url, &answer.body);
        } else if answer.is_script() || path.ends_with(".js") && answer.is_success() && !answer.is_html() {
            self.map.scripts.push((url.clone(), answer.body.clone()));
            self.read_script(url, &answer.body, depth);
        } else if answer.is_html() || answer.body.trim_start().starts_with('<') {
            let page = html::parse(&answer.body);
            self.read_page(url, &page, depth);
        } else if answer.is_json()
            && is_description(&answer.body)
            && let Ok(found) = openapi::endpoints(&self.engine.scope, &answer.body)
        {
            for endpoint in found {
                self.add(endpoint, depth);
            }
        }
    }

    /// Pages that only look alike, since each is answered with another status, are endpoints of their own.
    fn split_shape(&mut self, template: &Template, answer: &Answer) {
        let mut endpoint = Endpoint::new(template.clone(), Origin::Link);
        let shape = endpoint.shape();
        let statuses = self.statuses.entry(shape.clone()).or_default();
        let first = statuses.is_empty();
        if !statuses.insert(answer.status) || first || statuses.len() > STATUSES_PER_SHAPE {
            return;
        }
        let room = self.visits_of_shape.get_mut(&shape);
        room.into_iter().for_each(|count| *count = count.saturating_sub(1));
        if answer.status != 404 || !template.query().is_empty() {
            template.url.url().path().clone_into(&mut endpoint.route);
            self.map.endpoints.push(endpoint);
        }
    }

    fn read_page(&mut self, url: &InScopeUrl, page: &Page, depth: u32) {
        let base = page.base.as_deref().and_then(|base| self.engine.scope.resolve(url, base).ok());
        let base = base.unwrap_or_else(|| url.clone());
        for link in &page.links {
            self.link(&base, link, depth);
        }
        for source in &page.script_sources {
            self.link(&base, source, depth);
        }
        for text in &page.scripts {
            self.read_script(&base, text, depth);
        }
        for comment in page.comments.iter().filter(|comment| comment.len() < 20_000) {
            let inner = html::parse(comment);
            for link in &inner.links {
                self.link(&base, link, depth);
            }
            for call in script::calls(&comment.replace([' ', '>', '<'], "\"")) {
                self.link(&base, &call.url, depth);
            }
        }
        for found in &page.forms {
            let Some(endpoint) = form::endpoint(&self.engine.scope, url, &base, found) else { continue };
            if !is_logout_endpoint(&endpoint) {
                self.add(endpoint, depth);
            }
        }
    }

    fn read_script(&mut self, base: &InScopeUrl, text: &str, depth: u32) {
        for call in script::calls(text) {
            if call.method == "GET" {
                self.link(base, &call.url, depth);
            } else if let Ok(url) = self.engine.scope.resolve(base, &call.url) {
                let template = Template::with_body(&call.method, url, Body::Json(serde_json::json!({})));
                self.add(Endpoint::new(template, Origin::Script), depth);
            }
        }
    }

    fn read_robots(&mut self, url: &InScopeUrl, text: &str) {
        for line in text.lines().take(1_000) {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.split('#').next().unwrap_or_default().trim();
            let key = key.trim().to_ascii_lowercase();
            if matches!(key.as_str(), "allow" | "disallow" | "sitemap") && !value.contains('*') {
                self.link(url, value, 1);
            }
        }
    }

    fn read_sitemap(&mut self, url: &InScopeUrl, text: &str) {
        for part in text.split("<loc>").skip(1).take(5_000) {
            let link = part.split("</loc>").next().unwrap_or_default();
            self.link(url, link, 1);
        }
    }

    fn link(&mut self, base: &InScopeUrl, link: &str, depth: u32) {
        let link = link.trim();
        if link.is_empty() || link.starts_with('#') || is_logout(link) {
            return;
        }
        let Ok(url) = self.engine.scope.resolve(base, link) else { return };
        // A page that puts what a form sent into an address leads nowhere.
        if url.url().path().rsplit('/').next() == Some(form::PLAIN_TEXT) {
            return;
        }
        if form::is_stateful(url.url().path()) && url != self.engine.scope.target() {
            self.avoided.insert(url.url().path().to_owned());
            return;
        }
        self.add(Endpoint::new(Template::get(url), Origin::Link), depth);
    }

    /// Keeps an endpoint of a new shape, and visits it where a visit is harmless.
    fn add(&mut self, endpoint: Endpoint, depth: u32) {
        let shape = endpoint.shape();
        let new = self.shapes.insert(shape.clone());
        let max_endpoints = self.engine.job.max_pages.saturating_mul(4);
        let is_get = endpoint.template.method == "GET" && endpoint.template.body == Body::Empty;
        let harmless =
            !endpoint.delicate && (is_get || self.engine.job.active && endpoint.origin == Origin::Form);
        if harmless && depth <= self.engine.job.max_depth {
            let count = self.visits_of_shape.entry(shape).or_default();
            let usual = *count == 0 || is_ordinary(&endpoint.template);
            let body = endpoint.template.encoded_body().map(|(_, bytes)| bytes).unwrap_or_default();
            let key = format!(
                "{} {} {}",
                endpoint.template.method,
                endpoint.template.url,
                String::from_utf8_lossy(&body)
            );
            if *count < PAGES_PER_SHAPE && usual && self.seen.insert(key) {
                *count += 1;
                self.next.push(Visit { template: endpoint.template.clone(), depth });
            }
        }
        if new && self.map.endpoints.len() < max_endpoints {
            self.map.endpoints.push(endpoint);
        }
    }
}

/// Whether the values of a further page of a known shape look like ordinary use: an example of an attack
/// or a huge size on a page is not to be followed.
fn is_ordinary(template: &Template) -> bool {
    template.query().iter().all(|(_, value)| {
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        value.len() <= 64 && !value.contains(['<', '\'', '"', ';', '(', '|']) && !(digits && value.len() > 5)
    })
}

fn is_logout(link: &str) -> bool {
    form::is_logout(link)
}

fn is_logout_endpoint(endpoint: &Endpoint) -> bool {
    form::is_logout(endpoint.template.url.url().path())
}

fn is_description(body: &str) -> bool {
    let start = &body[..body.floor_char_boundary(2_000.min(body.len()))];
    start.contains("\"openapi\"") || start.contains("\"swagger\"")
}
