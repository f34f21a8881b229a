//! The crawl: breadth first, in scope, bounded by depth, pages, shapes and time.

mod browse;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hash};

use futures_util::StreamExt;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde_json::Value;
use tollgate_core::dynamic::{ParameterPlace, ScriptCall};

use super::{Endpoint, Origin, SiteMap, form, graphql, har, openapi, postman, route, sample, script};
use crate::client::{Halt, SendError};
use crate::engine::Engine;
use crate::html::{self, Page};
use crate::hurdle::Hurdle;
use crate::message::{Answer, Body, Template};
use crate::readers::Readers;
use crate::scope::InScopeUrl;
use crate::worker::Text;

/// Pages of one shape that are fetched.
const PAGES_PER_SHAPE: usize = 5;

/// Longest body that is kept for comparing.
const KEPT_ANSWER: usize = 16 << 10;

/// Bytes of bodies kept for comparing, in all.
const KEPT_ANSWERS: usize = 32 << 20;

/// Shapes that are told apart for each page of the budget; beyond them only known ones are looked at.
const SHAPES_PER_PAGE: usize = 16;

/// Links that the headers of one answer may name.
const MAX_HEADER_LINKS: usize = 100;

/// Redirects followed in search of a circle.
const MAX_CIRCLE: usize = 10;

/// How often a path may repeat one of its parts before it counts as one without end.
const REPEATS: usize = 3;

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
    /// Visits of each shape, which stands here by its hash.
    visits_of_shape: FxHashMap<u64, usize>,
    /// Hashes of the requests that were queued.
    seen: FxHashSet<u64>,
    next: Vec<Visit>,
    fetched: usize,
    statuses: FxHashMap<u64, BTreeSet<u16>>,
    /// Where pages redirect to.
    redirects: BTreeMap<String, String>,
    /// Bytes of answers that may still be kept.
    room_for_answers: usize,
    /// Pages with scripts, with their depth and the scripts that stand in them.
    scripted: Vec<(InScopeUrl, u32, String)>,
    /// Texts of script files by address, and how many more bytes of them are kept.
    files: BTreeMap<String, String>,
    room_for_scripts: usize,
    /// How many more bytes of scripts within pages are kept.
    room_for_inline: usize,
    /// Pages with scripts that the browser does not get to see.
    unopened: usize,
    /// How many of the pages with scripts were opened in the browser.
    browsed: usize,
    /// Views that scripts show under a fragment, as far as they were opened.
    views: BTreeSet<String>,
    /// Whether there were more shapes than are told apart.
    crowded: bool,
    /// Paths that were not visited because a visit seems to change something.
    avoided: BTreeSet<String>,
}

/// Finds what there is. A halt ends the crawl; what was found until then is kept and `cut` says so.
pub(crate) async fn crawl(engine: &Engine) -> SiteMap {
    let mut crawl = Crawl {
        engine,
        map: SiteMap::default(),
        visits_of_shape: FxHashMap::default(),
        seen: FxHashSet::default(),
        next: Vec::new(),
        fetched: 0,
        statuses: FxHashMap::default(),
        redirects: BTreeMap::new(),
        room_for_answers: KEPT_ANSWERS,
        scripted: Vec::new(),
        files: BTreeMap::new(),
        room_for_scripts: browse::KEPT_SCRIPTS,
        room_for_inline: browse::KEPT_INLINE,
        unopened: 0,
        browsed: 0,
        views: BTreeSet::new(),
        crowded: false,
        avoided: BTreeSet::new(),
    };
    crawl.seed().await;
    loop {
        while !crawl.next.is_empty() && crawl.map.cut.is_none() {
            crawl.level().await;
        }
        if crawl.map.cut.is_some() || !crawl.browse().await {
            break;
        }
    }
    crawl.gather_scripts();
    crawl.tell_unopened();
    if crawl.crowded && crawl.map.cut.is_none() {
        crawl.map.cut = Some("there are too many kinds of addresses".to_owned());
    }
    crawl.tell_circles();
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
        let mut answers = futures_util::stream::iter(visits.into_iter().map(|visit| async move {
            let answer = engine.get(&visit.template).await;
            (visit, answer)
        }))
        .buffered(engine.job.concurrency.max(1));
        while let Some((visit, answer)) = answers.next().await {
            match answer {
                Ok(answer) => self.read(&visit, &answer),
                Err(SendError::Halt(halt)) => self.map.cut = Some(halt.to_string()),
                Err(error) => {
                    let detail = error.to_string();
                    engine.client.hurdles().note(Hurdle::NoAnswer, &visit.template, Some(&detail));
                }
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
        if plain && answer.body.len() <= KEPT_ANSWER.min(self.room_for_answers) {
            self.room_for_answers -= answer.body.len();
            self.map.answers.entry(url.to_string()).or_insert_with(|| answer.clone());
        }
        self.split_shape(&visit.template, answer);
        let depth = visit.depth + 1;
        let named = answer.header_all("refresh").filter_map(html::refresh_target);
        let named = named.chain(answer.header_all("link").flat_map(html::link_targets));
        for link in named.take(MAX_HEADER_LINKS) {
            self.link(url, &link, depth);
        }
        if let Some(link) = answer.header("location").filter(|_| answer.is_redirect()) {
            if let Ok(to) = self.engine.scope.resolve(url, link) {
                self.redirects.insert(url.to_string(), to.to_string());
            }
            self.link(url, link, visit.depth);
            return;
        }
        if visit.template.method == "GET" && answer.status < 400 {
            self.map.pages.push(url.clone());
        }
        let path = url.url().path();
        if path.ends_with("/robots.txt") {
            if answer.is_success() && !answer.body.trim_start().starts_with('<') {
                self.read_robots(url, &answer.body);
            }
        } else if path.ends_with(".xml") && answer.body.contains("<loc>") {
            self.read_sitemap(url, &answer.body);
        } else if answer.is_script() || path.ends_with(".js") && answer.is_success() && !answer.is_html() {
            self.keep_file(url, &answer.body);
            self.read_script(url, &answer.body, depth);
        } else if answer.is_html() || answer.body.trim_start().starts_with('<') {
            let page = html::parse(&answer.body);
            let hurdles = self.engine.client.hurdles();
            if page.more_links {
                hurdles.note(Hurdle::ManyLinks, &visit.template, None);
            }
            if page.cut_short {
                hurdles.note(Hurdle::DeepPage, &visit.template, None);
            }
            if plain && answer.is_success() {
                self.keep_page(url, &page, visit.depth);
            }
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
        let shape = hash(&shape);
        let statuses = self.statuses.entry(shape).or_default();
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
            for call in script::calls(Readers::default(), &comment.replace([' ', '>', '<'], "\"")) {
                self.link(&base, &call.address, depth);
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
        for call in script::calls(self.engine.readers, text) {
            self.read_call(base, &call, depth);
            // Scripts ask relative to the page that they are part of, not to themselves.
            let relative = !call.address.starts_with('/') && !call.address.contains("://");
            let start = self.engine.scope.target();
            if relative && base.url().path().ends_with(".js") {
                self.read_call(&start, &call, depth);
            }
        }
    }

    fn read_call(&mut self, base: &InScopeUrl, call: &ScriptCall, depth: u32) {
        let pairs = || call.fields.iter().map(|name| (name.clone(), sample::sample(name, "").to_owned()));
        let Ok(url) = self.engine.scope.resolve(base, &call.address) else { return };
        if call.method == "GET" || call.method == "HEAD" {
            let mut url = url.url().clone();
            if !call.fields.is_empty() {
                url.query_pairs_mut().extend_pairs(pairs());
            }
            self.link(base, url.as_str(), depth);
            return;
        }
        let body = match call.place {
            ParameterPlace::Form if !call.fields.is_empty() => Body::Form(pairs().collect()),
            ParameterPlace::Query => Body::Empty,
            _ => Body::Json(pairs().map(|(name, value)| (name, Value::from(value))).collect()),
        };
        let mut template = Template::with_body(&call.method, url, body);
        if call.place == ParameterPlace::Query && !call.fields.is_empty() {
            let query: Vec<_> = template.query().into_iter().chain(pairs()).collect();
            let Some(changed) = template.with_query(&self.engine.scope, &query) else { return };
            template = changed;
        }
        let mut endpoint = Endpoint::new(template, Origin::Script);
        endpoint.delicate = call.method == "DELETE" || form::is_stateful(endpoint.template.url.url().path());
        if !is_logout_endpoint(&endpoint) {
            self.add(endpoint, depth);
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
        if url.url().path().rsplit('/').next() == Some(sample::PLAIN_TEXT) {
            return;
        }
        if form::is_stateful(url.url().path()) && url != self.engine.scope.target() {
            self.avoided.insert(url.url().path().to_owned());
            return;
        }
        let template = Template::get(url);
        if repeats_itself(template.url.url().path()) {
            self.engine.client.hurdles().note(Hurdle::EndlessPath, &template, None);
            return;
        }
        self.add(Endpoint::new(template, Origin::Link), depth);
    }

    /// Tells about pages that redirect to each other.
    fn tell_circles(&self) {
        let scope = &self.engine.scope;
        for start in self.redirects.keys() {
            let mut at = start;
            for _ in 0..MAX_CIRCLE {
                let Some(next) = self.redirects.get(at) else { break };
                if next == start {
                    if let Ok(url) = scope.resolve(&scope.target(), start) {
                        self.engine.client.hurdles().note(Hurdle::RedirectCircle, &Template::get(url), None);
                    }
                    break;
                }
                at = next;
            }
        }
    }

    /// Keeps an endpoint of a new shape, and visits it where a visit is harmless.
    fn add(&mut self, endpoint: Endpoint, depth: u32) {
        let shape = hash(&endpoint.shape());
        let new = !self.visits_of_shape.contains_key(&shape);
        let max_pages = self.engine.job.max_pages;
        if new && self.visits_of_shape.len() >= max_pages.saturating_mul(SHAPES_PER_PAGE) {
            self.crowded = true;
            return;
        }
        self.visits_of_shape.entry(shape).or_default();
        let max_endpoints = max_pages.saturating_mul(4);
        // One more than there is room for shows that there are more.
        let queued = self.next.len() <= max_pages.saturating_sub(self.fetched);
        let is_get = endpoint.template.method == "GET" && endpoint.template.body == Body::Empty;
        let harmless =
            !endpoint.delicate && (is_get || self.engine.job.active && endpoint.origin == Origin::Form);
        if harmless && queued && depth <= self.engine.job.max_depth {
            let count = self.visits_of_shape.entry(shape).or_default();
            let usual = *count == 0 || is_ordinary(&endpoint.template);
            let body = endpoint.template.encoded_body().map(|(_, bytes)| bytes).unwrap_or_default();
            let key = hash(&(&endpoint.template.method, endpoint.template.url.as_str(), &body));
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

/// What stands for a value whose equals are looked for: a target that made two of them collide would hide
/// one of its own pages.
fn hash(value: &impl Hash) -> u64 {
    FxBuildHasher.hash_one(value)
}

/// Whether a path repeats one of its parts, as relative links do that lead ever deeper.
fn repeats_itself(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let word = |part: &&&str| part.bytes().any(|b| b.is_ascii_alphabetic());
    let times = |part: &str| parts.iter().filter(|other| **other == part).count();
    parts.len() > REPEATS && parts.iter().filter(word).any(|part| times(part) > REPEATS)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_without_end_are_told_from_long_ones() {
        for (path, endless) in [
            ("/a/b/a/b/a/b/a/", true),
            ("/next/next/next/next", true),
            ("/a/b/c/d/e/f/g/h/i", false),
            ("/1/1/1/1/1", false),
            ("/img/img/img", false),
        ] {
            assert_eq!(repeats_itself(path), endless, "{path}");
        }
    }
}
