//! An endpoint under test: its usual answer, and whether it reads what nothing says it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use futures_util::StreamExt;
use tollgate_core::dynamic::ParameterPlace;

use super::room::Room;
use super::settle;
use crate::baseline::Baseline;
use crate::client::{Credentials, Halt};
use crate::discover::{Endpoint, SiteMap};
use crate::engine::Engine;
use crate::html;
use crate::insert::{self, Point, Slot};
use crate::message::{Answer, Body, Template};

/// An endpoint with its usual answer.
pub(crate) struct Subject<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) baseline: Baseline,
    /// Whether it is the one, of those at the same address, whose headers and cookies are tried.
    pub(crate) leads: bool,
    /// Which of the places that nothing says are read change the answer.
    pub(crate) reads: Reads,
    /// Cookies of the site that get payloads of their own elsewhere.
    cookies: Vec<Point>,
}

/// What an endpoint reads beside what it was found with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    Nothing,
    /// A cookie of the site.
    Cookies,
    /// Anything else, and maybe a cookie.
    More,
}

impl Subject<'_> {
    /// Sends as the scanning user; `None` where this one request brought no answer.
    pub(crate) async fn send(&self, template: &Template) -> Result<Option<Answer>, Halt> {
        let template = self.engine.with_fresh_token(self.endpoint, template).await?;
        settle(self.engine.send_as_user(&template).await)
    }

    /// Places that nothing says are read.
    pub(crate) fn speculative_points(&self) -> Vec<Point> {
        let base = &self.baseline;
        let mut points = speculative_points(self.endpoint, &base.template, &base.answer);
        points.extend(self.cookies.iter().cloned());
        points
    }

    /// Those of them that turned out to be read.
    pub(crate) fn read_points(&self) -> Vec<Point> {
        match self.reads {
            Reads::Nothing => Vec::new(),
            Reads::Cookies => self.cookies.clone(),
            Reads::More => self.speculative_points(),
        }
    }

    /// Whether a request with other values at these places is answered differently.
    async fn heeds(&self, points: &[Point]) -> Result<bool, Halt> {
        let Some(guess) = Guess::at(self.engine, &self.baseline.template, points) else { return Ok(false) };
        let Some(answer) = self.send(&guess.template).await? else { return Ok(false) };
        self.is_moved(&guess, &answer).await
    }

    /// Whether the answer to a guess differs from the usual one by what was guessed.
    async fn is_moved(&self, guess: &Guess, answer: &Answer) -> Result<bool, Halt> {
        let base = &self.baseline;
        let shown = |text: &str| guess.words.iter().any(|word| text.contains(word.as_str()));
        let reflected = shown(&answer.body) || answer.headers.iter().any(|(_, value)| shown(value));
        if reflected || base.view(answer, &[]).same_but(&base.view(&base.answer, &[]), &[]) {
            return Ok(reflected);
        }
        // A page that is another one every time is not moved by what nothing says it reads.
        let Some(again) = self.send(&base.template).await? else { return Ok(false) };
        Ok(base.view(&again, &[]).same_but(&base.view(&base.answer, &[]), &[]))
    }
}

impl Engine {
    /// The request with the hidden token of its form fetched anew, where it has one that changes.
    pub(crate) async fn with_fresh_token(
        &self,
        endpoint: &Endpoint,
        template: &Template,
    ) -> Result<Template, Halt> {
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

/// The usual answers of all endpoints worth it.
pub(super) async fn baselines<'a>(engine: &'a Engine, map: &'a SiteMap) -> Result<Vec<Subject<'a>>, Halt> {
    let worth = |endpoint: &&Endpoint| !endpoint.delicate && !is_static(endpoint.template.url.url().path());
    // What comes with every request is read before the body says what is asked for.
    let mut addresses = BTreeSet::new();
    let work: Vec<_> = map
        .endpoints
        .iter()
        .filter(worth)
        .map(|endpoint| {
            (endpoint, addresses.insert((&endpoint.template.method, endpoint.template.url.as_str())))
        })
        .collect();
    let mut handlers = Handlers::new();
    let work: Vec<_> = work
        .into_iter()
        .map(|(endpoint, leads)| (endpoint, leads.then(|| known_cookies(engine, endpoint, &mut handlers))))
        .collect();
    let work = work.into_iter().map(|(endpoint, known)| baseline(engine, map, endpoint, known));
    let mut found = pin!(futures_util::stream::iter(work).buffered(engine.job.concurrency.max(1)));
    let mut room = Room::new("endpoints");
    let mut subjects = Vec::new();
    while let Some(subject) = found.next().await {
        subjects.extend(subject?.filter(|subject| room.holds(&subject.baseline.answer)));
    }
    room.tell(engine);
    Ok(subjects)
}

/// Handlers on which a cookie of the whole site gets payloads of its own.
const COOKIE_HANDLERS: usize = 5;

/// Methods and routes on which each cookie is tried.
type Handlers<'a> = BTreeMap<String, BTreeSet<(&'a str, &'a str)>>;

/// Names of the cookies that are tried on this very handler already, or on enough others.
fn known_cookies<'a>(
    engine: &Engine,
    endpoint: &'a Endpoint,
    handlers: &mut Handlers<'a>,
) -> BTreeSet<String> {
    let cookies = engine.session().credentials(&endpoint.template.url).cookies;
    let handler = (&*endpoint.template.method, &*endpoint.route);
    let tried = |name: &String| {
        let seen = handlers.entry(name.clone()).or_default();
        (seen.len() >= COOKIE_HANDLERS && !seen.contains(&handler)) || !seen.insert(handler)
    };
    cookies.into_iter().map(|(name, _)| name).filter(tried).collect()
}

/// `known` are cookies to try only all at once; `None` where others of the same address try them.
async fn baseline<'a>(
    engine: &'a Engine,
    map: &SiteMap,
    endpoint: &'a Endpoint,
    known: Option<BTreeSet<String>>,
) -> Result<Option<Subject<'a>>, Halt> {
    let mut with = engine.session().credentials(&endpoint.template.url);
    let mut template = engine.with_fresh_token(endpoint, &endpoint.template).await?;
    let leads = known.is_some();
    let cookies = match &known {
        Some(known) => move_page_cookies(engine, &mut template, &mut with, known),
        None => Vec::new(),
    };
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
    // One request tells of most pages that they are the same every time and read nothing else.
    let leads = leads || endpoint.scripted;
    let mut points = if leads { speculative_points(endpoint, &template, &first) } else { Vec::new() };
    points.extend(cookies.iter().cloned());
    let guess = Guess::at(engine, &template, &points);
    let moved = match &guess {
        Some(guess) => settle(engine.send_as_user(&guess.template).await)?,
        None => None,
    };
    let same =
        moved.as_ref().is_some_and(|answer| answer.status == first.status && answer.body == first.body);
    let takes_nothing = known.is_some()
        && insert::points(&template).is_empty()
        && route_holes(endpoint, &template).is_empty();
    let second = match &moved {
        Some(answer) if same => answer.clone(),
        _ if takes_nothing => first.clone(),
        _ => {
            let fresh = engine.with_fresh_token(endpoint, &template).await?;
            settle(engine.send_as_user(&fresh).await)?.unwrap_or_else(|| first.clone())
        }
    };
    let baseline = Baseline::of(template, with, first, &second);
    let mut subject = Subject { engine, endpoint, baseline, leads, reads: Reads::Nothing, cookies };
    if let (Some(guess), Some(answer)) = (&guess, &moved)
        && subject.is_moved(guess, answer).await?
    {
        points.retain(|point| point.slot != Slot::Cookie);
        let by_cookies = !subject.cookies.is_empty() && !subject.heeds(&points).await?;
        subject.reads = if by_cookies { Reads::Cookies } else { Reads::More };
    }
    Ok(Some(subject))
}

/// Cookies that the page set are parameters of the request, except those that carry the session and those
/// that are known; these are handed back.
fn move_page_cookies(
    engine: &Engine,
    template: &mut Template,
    with: &mut Credentials,
    known: &BTreeSet<String>,
) -> Vec<Point> {
    let session = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["sess", "sid", "auth", "token", "csrf", "jwt"].iter().any(|word| lower.contains(word))
    };
    let signed_in = !engine.session().is_anonymous();
    let mut points = Vec::new();
    with.cookies.retain(|(name, value)| {
        let keep = signed_in && session(name) || session(name) && name.len() < 14;
        let own = template.cookies.iter().any(|(have, _)| have == name);
        if !keep && !own && known.contains(name) {
            let (place, slot) = (ParameterPlace::Cookie, Slot::Cookie);
            points.push(Point { place, name: name.clone(), value: value.clone(), slot });
            return true;
        }
        if !keep && !own {
            template.cookies.push((name.clone(), value.clone()));
        }
        keep
    });
    points
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

/// Path segments that the route names as parameters, whatever their values look like.
pub(super) fn route_holes(endpoint: &Endpoint, template: &Template) -> Vec<Point> {
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

/// Names under which endpoints of data take the function that their answer is to call.
const CALLBACKS: [&str; 2] = ["callback", "jsonp"];

/// Places that nothing says are read: usual headers, the name of a function where the answer is data, and
/// for forms that a script sends the names of the fields as headers and as values.
fn speculative_points(endpoint: &Endpoint, template: &Template, answer: &Answer) -> Vec<Point> {
    let mut out = Vec::new();
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
    let data = template.method == "GET" && (answer.is_json() || answer.is_script()) && answer.is_success();
    let taken = template.query();
    if data && !taken.iter().any(|(name, _)| CALLBACKS.contains(&name.to_ascii_lowercase().as_str())) {
        for name in CALLBACKS {
            let (place, slot) = (ParameterPlace::Query, Slot::NewQuery);
            out.push(Point { place, name: name.into(), value: String::new(), slot });
        }
    }
    if let (true, Body::Form(pairs)) = (endpoint.scripted, &template.body) {
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

/// A request with another value at all of some places.
struct Guess {
    template: Template,
    words: Vec<String>,
}

impl Guess {
    /// `None` where no place takes one.
    fn at(engine: &Engine, template: &Template, points: &[Point]) -> Option<Self> {
        let mut guess = Self { template: template.clone(), words: Vec::new() };
        for point in points {
            let word = engine.tokens.word();
            let quoted = format!("{word}'\"");
            let changed = insert::apply(&engine.scope, &guess.template, point, &quoted)
                .or_else(|| insert::apply(&engine.scope, &guess.template, point, &word));
            guess.template = changed.unwrap_or(guess.template);
            guess.words.push(word);
        }
        (guess.template != *template).then_some(guess)
    }
}
