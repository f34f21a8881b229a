//! Checks that send payloads. Each reports only what a second, different request confirmed and a negative
//! control did not show.

mod access;
mod callback;
mod expression;
mod graphql;
mod guessing;
mod http;
mod jwt;
mod probe;
mod script;
mod sequence;
mod site;
mod spot;
mod time;
mod upload;
mod xss;

use futures_util::StreamExt;

use crate::baseline::Baseline;
use crate::client::{Credentials, Halt, SendError};
use crate::discover::{Endpoint, SiteMap};
use crate::engine::{Engine, bounded};
use crate::html;
use crate::insert::{self, Point, Slot};
use crate::message::{Answer, Body, Template};
use spot::Spot;
use tollgate_core::dynamic::ParameterPlace;

/// An endpoint with its usual answer.
pub(crate) struct Subject<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) baseline: Baseline,
}

impl Subject<'_> {
    /// Sends as the scanning user; `None` where this one request brought no answer.
    pub(crate) async fn send(&self, template: &Template) -> Result<Option<Answer>, Halt> {
        let template = self.engine.with_fresh_token(self.endpoint, template).await?;
        settle(self.engine.send_as_user(&template).await)
    }
}

impl Engine {
    /// The request with the hidden token of its form fetched anew, where it has one that changes.
    async fn with_fresh_token(&self, endpoint: &Endpoint, template: &Template) -> Result<Template, Halt> {
        let mut template = template.clone();
        let (Some(page), Some(field)) = (&endpoint.page, &endpoint.token_field) else { return Ok(template) };
        let with = self.session().credentials(page);
        let answer = settle(self.client.send(&Template::get(page.clone()), &with).await)?;
        let Some(answer) = answer else { return Ok(template) };
        let parsed = html::parse(&answer.body);
        let fresh = parsed.forms.iter().flat_map(|form| &form.fields).find(|have| have.name == *field);
        let Some(fresh) = fresh.map(|field| field.value.clone()) else { return Ok(template) };
        match &mut template.body {
            Body::Form(pairs) => {
                pairs.iter_mut().filter(|(name, _)| name == field).for_each(|pair| pair.1.clone_from(&fresh));
            }
            Body::Multipart(parts) => {
                parts.iter_mut().filter(|p| p.name == *field).for_each(|p| p.value.clone_from(&fresh));
            }
            _ => {
                let mut query = template.query();
                query.iter_mut().filter(|(name, _)| name == field).for_each(|pair| pair.1.clone_from(&fresh));
                if let Some(changed) = template.with_query(&self.scope, &query) {
                    template = changed;
                }
            }
        }
        Ok(template)
    }
}

/// A request that brought no answer is passed over; only a halt ends the work.
pub(crate) fn settle(outcome: Result<Answer, SendError>) -> Result<Option<Answer>, Halt> {
    match outcome {
        Ok(answer) => Ok(Some(answer)),
        Err(SendError::Halt(halt)) => Err(halt),
        Err(SendError::TimedOut(_) | SendError::Broken(_)) => Ok(None),
    }
}

/// Places beyond which those that never changed an answer get the cheapest payloads only.
const MANY_SPOTS: usize = 150;

/// Seconds an answer may take where dozens of payloads are to follow.
const SLOWEST: f64 = 6.0;

/// Runs every active check.
pub(crate) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    engine.phase("baselines");
    let subjects = baselines(engine, map).await?;
    engine.phase("site checks");
    site::run(engine, &subjects).await?;
    http::run(engine, &subjects).await?;
    graphql::run(engine).await?;
    sequence::run(engine, &subjects).await?;
    upload::run(engine, &subjects).await?;
    guessing::run(engine, &subjects).await?;
    engine.phase("users");
    for session in &engine.sessions {
        if let Err(error) = session.refresh(&engine.client, &engine.scope).await {
            engine.fail(format!("session of user `{}` could not be renewed: {error}", session.name));
        }
    }
    access::run(engine, map).await?;
    jwt::run(engine, map).await?;
    engine.phase("probes");
    let width = engine.job.concurrency;
    let spots = spots(engine, &subjects).await?;
    expression::run(engine, &spots).await?;
    let care = probe::Care::of(&spots);
    bounded(width, &spots, async |spot: &Spot<'_>| {
        xss::run(spot).await?;
        probe::run(spot, care).await
    })
    .await?;
    probe::quick(engine, &subjects, &spots, care).await?;
    engine.phase("stored payloads");
    xss::stored(engine, map, &spots).await?;
    engine.phase("callbacks");
    callback::run(engine, &subjects, &spots, care).await?;
    engine.phase("delays");
    time::run(engine, &spots, care).await
}

async fn baselines<'a>(engine: &'a Engine, map: &'a SiteMap) -> Result<Vec<Subject<'a>>, Halt> {
    let worth = |endpoint: &&Endpoint| !endpoint.delicate && !is_static(endpoint.template.url.url().path());
    let work = map.endpoints.iter().filter(worth).map(|endpoint| baseline(engine, map, endpoint));
    let found: Vec<_> =
        futures_util::stream::iter(work).buffered(engine.job.concurrency.max(1)).collect().await;
    let mut subjects = Vec::new();
    for subject in found {
        subjects.extend(subject?);
    }
    Ok(subjects)
}

async fn baseline<'a>(
    engine: &'a Engine,
    map: &SiteMap,
    endpoint: &'a Endpoint,
) -> Result<Option<Subject<'a>>, Halt> {
    let mut with = engine.session().credentials(&endpoint.template.url);
    let mut template = engine.with_fresh_token(endpoint, &endpoint.template).await?;
    move_page_cookies(engine, &mut template, &mut with);
    let seen = map.answers.get(endpoint.template.url.as_str()).filter(|_| template == endpoint.template);
    let known = seen.filter(|_| template.method == "GET" && template.body == Body::Empty);
    let first = match known {
        Some(answer) => Some(answer.clone()),
        None => settle(engine.send_as_user(&template).await)?,
    };
    let Some(first) = first else {
        engine.warn(format!("`{} {}` was not probed: it brought no answer", template.method, endpoint.route));
        return Ok(None);
    };
    engine.observe(&template, &first);
    if matches!(first.status, 404 | 405 | 501) && template.query().is_empty() && template.body == Body::Empty
    {
        return Ok(None);
    }
    // A page that takes nothing is asked once.
    if known.is_some() && insert::points(&template).is_empty() && route_holes(endpoint, &template).is_empty()
    {
        let second = first.clone();
        return Ok(Some(Subject {
            engine,
            endpoint,
            baseline: Baseline::of(template, with, first, &second),
        }));
    }
    let fresh = engine.with_fresh_token(endpoint, &template).await?;
    let second = settle(engine.send_as_user(&fresh).await)?.unwrap_or_else(|| first.clone());
    Ok(Some(Subject { engine, endpoint, baseline: Baseline::of(template, with, first, &second) }))
}

/// Cookies that the page set are parameters of the request, except those that carry the session.
fn move_page_cookies(engine: &Engine, template: &mut Template, with: &mut Credentials) {
    let session = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["sess", "sid", "auth", "token", "csrf", "jwt"].iter().any(|word| lower.contains(word))
    };
    let signed_in = !engine.session().is_anonymous();
    with.cookies.retain(|(name, value)| {
        let keep = signed_in && session(name) || session(name) && name.len() < 14;
        if !keep && !template.cookies.iter().any(|(have, _)| have == name) {
            template.cookies.push((name.clone(), value.clone()));
        }
        keep
    });
}

fn is_static(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let endings = [
        ".js", ".css", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2", ".ttf", ".map",
        ".pdf", ".mp4", ".webp", ".txt",
    ];
    endings.iter().any(|ending| lower.ends_with(ending))
}

/// Headers that applications read and that are tried everywhere.
const USUAL_HEADERS: [(&str, &str); 3] =
    [("User-Agent", "Mozilla/5.0"), ("Referer", ""), ("X-Forwarded-For", "127.0.0.1")];

/// The places worth probing, with the answers to their first payloads.
async fn spots<'a>(engine: &'a Engine, subjects: &'a [Subject<'a>]) -> Result<Vec<Spot<'a>>, Halt> {
    let work = subjects.iter().map(|subject| spots_of(engine, subject));
    let found: Vec<_> =
        futures_util::stream::iter(work).buffered(engine.job.concurrency.max(1)).collect().await;
    let mut spots = Vec::new();
    for list in found {
        spots.extend(list?);
    }
    Ok(spots)
}

async fn spots_of<'a>(engine: &'a Engine, subject: &'a Subject<'a>) -> Result<Vec<Spot<'a>>, Halt> {
    let mut spots = Vec::new();
    if subject.baseline.slowest > SLOWEST {
        engine.warn(format!(
            "`{} {}` was not probed: it takes {:.0} s to answer",
            subject.baseline.template.method, subject.endpoint.route, subject.baseline.slowest
        ));
        return Ok(spots);
    }
    let mut points = insert::points(&subject.baseline.template);
    let mut holes = route_holes(subject.endpoint, &subject.baseline.template);
    holes.retain(|hole| !points.iter().any(|point| point.slot == hole.slot));
    points.extend(holes);
    for point in points {
        let token = subject.endpoint.token_field.as_deref() == Some(&*point.name);
        let button = is_button(&point);
        if !token && !button {
            spots.extend(Spot::open(engine, subject, point).await?);
        }
    }
    // A file of markup that nothing changes is served as it is.
    let path = subject.baseline.template.url.url().path().to_ascii_lowercase();
    let file =
        subject.baseline.template.method == "GET" && (path.ends_with(".html") || path.ends_with(".htm"));
    if file && spots.iter().all(|spot| spot.inert) {
        return Ok(Vec::new());
    }
    let speculative = speculative_points(subject);
    if group_is_live(engine, subject, &speculative).await? {
        for point in speculative {
            if let Some(spot) = Spot::open(engine, subject, point).await?
                && !spot.inert
            {
                spots.push(spot);
            }
        }
    }
    Ok(spots)
}

/// Path segments that the route names as parameters, whatever their values look like.
fn route_holes(endpoint: &Endpoint, template: &Template) -> Vec<Point> {
    let values = insert::segments(template);
    let names = endpoint.route.trim_start_matches('/').split('/');
    let mut out = Vec::new();
    for (idx, (name, value)) in names.zip(values).enumerate() {
        if name.starts_with('{') {
            let name = name.trim_matches(['{', '}']).to_owned();
            out.push(Point { place: ParameterPlace::Path, name, value, slot: Slot::Path(idx) });
        }
    }
    out
}

fn is_button(point: &Point) -> bool {
    let lower = point.name.to_ascii_lowercase();
    matches!(point.place, ParameterPlace::Query | ParameterPlace::Form)
        && matches!(lower.as_str(), "submit" | "btn" | "button" | "go" | "login" | "max_file_size")
}

/// Places that nothing says are read: usual headers, and for forms that a script sends the names of the
/// fields as headers and as values.
fn speculative_points(subject: &Subject<'_>) -> Vec<Point> {
    let mut out = Vec::new();
    let template = &subject.baseline.template;
    for (name, value) in USUAL_HEADERS {
        if !template.headers.iter().any(|(have, _)| have.eq_ignore_ascii_case(name)) {
            out.push(Point {
                place: ParameterPlace::Header,
                name: name.into(),
                value: value.into(),
                slot: Slot::Header,
            });
        }
    }
    if let (true, Body::Form(pairs)) = (subject.endpoint.scripted, &template.body) {
        for (idx, (name, value)) in pairs.iter().enumerate().take(8) {
            if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_ok() {
                let (place, slot) = (ParameterPlace::Header, Slot::Header);
                out.push(Point { place, name: name.clone(), value: value.clone(), slot });
                let (place, slot) = (ParameterPlace::Header, Slot::HeaderName);
                out.push(Point { place, name: name.clone(), value: String::new(), slot });
            }
            let (place, slot) = (ParameterPlace::Form, Slot::BodyName(idx));
            out.push(Point { place, name: name.clone(), value: name.clone(), slot });
        }
    }
    out
}

/// Whether any of the points changes the answer, found out with one request for all of a kind.
async fn group_is_live(engine: &Engine, subject: &Subject<'_>, points: &[Point]) -> Result<bool, Halt> {
    if points.is_empty() {
        return Ok(false);
    }
    let base = &subject.baseline;
    let mut plain = base.template.clone();
    let mut words = Vec::new();
    for point in points {
        let word = engine.tokens.word();
        if let Some(changed) = insert::apply(&engine.scope, &plain, point, &format!("{word}'\"")) {
            plain = changed;
        } else if let Some(changed) = insert::apply(&engine.scope, &plain, point, &word) {
            plain = changed;
        }
        words.push(word);
    }
    let Some(answer) = subject.send(&plain).await? else { return Ok(true) };
    let reflected = words.iter().any(|word| answer.body.contains(word.as_str()))
        || answer.headers.iter().any(|(_, value)| words.iter().any(|word| value.contains(word.as_str())));
    if reflected || base.view(&answer, &[]).same_but(&base.view(&base.answer, &[]), &[]) {
        return Ok(reflected);
    }
    // A page that is another one every time is not moved by what nothing says it reads.
    let Some(again) = subject.send(&base.template).await? else { return Ok(false) };
    Ok(base.view(&again, &[]).same_but(&base.view(&base.answer, &[]), &[]))
}
