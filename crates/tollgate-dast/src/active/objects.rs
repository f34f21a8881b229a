//! Objects of one user that another reads, or nobody in particular: objects made for the purpose, and those
//! that only one of two users is shown.

use serde_json::Value;

use super::accounts::is_account;
use super::actor::{Actor, id_text, ids, is_id, path_reference, visit, with_words};
use crate::client::Halt;
use crate::discover::{Endpoint, SiteMap};
use crate::engine::{Claim, Engine};
use crate::insert::{self, Point, Slot};
use crate::message::{Answer, Template};

const RULE: &str = "dast.broken-object-authorization";

/// Endpoints that are asked for what they list.
const MAX_LISTS: usize = 30;

/// Objects of a user that another asks for.
const MAX_OWN: usize = 4;

/// Something only its owner should read: what it is asked for by, and a text that shows it was read.
struct Object {
    ids: Vec<String>,
    texts: Vec<String>,
}

/// Compares the first two users.
pub(super) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    let [first, second, ..] = engine.sessions.as_slice() else { return Ok(()) };
    if !engine.checks.enabled(RULE) {
        return Ok(());
    }
    let users = (Actor::of(engine, first), Actor::of(engine, second));
    let readers: Vec<(&Endpoint, Point)> =
        map.endpoints.iter().filter_map(|endpoint| Some((endpoint, reference(endpoint)?))).collect();
    for maker in map.endpoints.iter().filter(|e| e.template.method == "POST" && !e.delicate && !is_account(e))
    {
        let own: Vec<_> = readers.iter().filter(|(reader, point)| reads_from(reader, point, maker)).collect();
        if own.is_empty() {
            continue;
        }
        let Some((template, words)) = with_words(engine, maker) else { continue };
        let Some(made) = users.0.send(engine, &template).await?.filter(Answer::is_success) else { continue };
        let mut names = words.clone();
        names.extend(ids(&made));
        let object = Object { ids: names, texts: words };
        for (reader, point) in own {
            read(engine, &users, reader, point, &object).await?;
        }
    }
    let own = listed(engine, map, &users).await?;
    for (reader, point) in &readers {
        for object in &own {
            if engine.has_claim(RULE, &reader.route, Some(&point.parameter())) {
                break;
            }
            read(engine, &users, reader, point, object).await?;
        }
    }
    Ok(())
}

/// What of a reading request names the object: the last parameter of its path, else one of its query or
/// body that sounds like an id.
fn reference(endpoint: &Endpoint) -> Option<Point> {
    if endpoint.delicate {
        return None;
    }
    let points = insert::points(&endpoint.template);
    let named = |point: &Point| is_id(point.name.rsplit('.').next().unwrap_or_default());
    let by_name = || points.into_iter().find(|p| !matches!(p.slot, Slot::Header | Slot::Cookie) && named(p));
    match endpoint.template.method.as_str() {
        "GET" => path_reference(endpoint).or_else(by_name),
        // A body that is an id alone asks for an object and changes none.
        "POST" => by_name().filter(|_| insert::points(&endpoint.template).len() == 1),
        _ => None,
    }
}

/// Whether the reader may read objects of the collection that `maker` adds to.
fn reads_from(reader: &Endpoint, point: &Point, maker: &Endpoint) -> bool {
    let collection = maker.route.trim_end_matches('/');
    match point.slot {
        Slot::Path(_) => reader.route.split("/{").next().unwrap_or_default() == collection,
        _ => reader.template != maker.template,
    }
}

/// Objects that lists without parameters show to the first user and not to the second.
async fn listed(engine: &Engine, map: &SiteMap, users: &(Actor, Actor)) -> Result<Vec<Object>, Halt> {
    let lists = map.endpoints.iter().filter(|endpoint| {
        endpoint.template.method == "GET"
            && !endpoint.delicate
            && insert::points(&endpoint.template).is_empty()
    });
    let mut out = Vec::new();
    for list in lists.take(MAX_LISTS) {
        if path_reference(list).is_some() {
            continue;
        }
        let Some(mine) = users.0.send(engine, &list.template).await?.filter(Answer::is_success) else {
            continue;
        };
        let Ok(value) = serde_json::from_str::<Value>(&mine.body) else { continue };
        let theirs = users.1.send(engine, &list.template).await?.filter(Answer::is_success);
        let Some(theirs) = theirs.filter(|theirs| theirs.body != mine.body) else { continue };
        visit(&value, &mut |map| {
            let ids: Vec<String> =
                map.iter().filter(|(key, _)| is_id(key)).filter_map(|(_, value)| id_text(value)).collect();
            let texts: Vec<String> = map
                .iter()
                .filter(|(key, _)| !is_id(key))
                .filter_map(|(_, value)| value.as_str())
                .filter(|text| text.len() >= 6 && !theirs.body.contains(*text))
                .map(str::to_owned)
                .collect();
            if !ids.is_empty() && !texts.is_empty() && out.len() < MAX_OWN {
                out.push(Object { ids, texts });
            }
        });
    }
    Ok(out)
}

/// An object of the first user that the second reads, and that nobody reads without a login.
async fn read(
    engine: &Engine,
    (first, second): &(Actor, Actor),
    reader: &Endpoint,
    point: &Point,
    object: &Object,
) -> Result<(), Halt> {
    for id in &object.ids {
        let Some(template) = asking(engine, reader, point, id) else { continue };
        let secret = |answer: &Answer| {
            let inner = object.texts.iter().find(|text| *text != id && answer.body.contains(text.as_str()));
            inner.filter(|_| answer.is_success()).cloned()
        };
        let Some(own) = first.send(engine, &template).await? else { continue };
        let Some(text) = secret(&own) else { continue };
        let Some(foreign) = second.send(engine, &template).await? else { continue };
        let open = Actor::nobody().send(engine, &template).await?;
        let public = open.as_ref().is_none_or(|answer| secret(answer).is_some());
        let nothing = match asking(engine, reader, point, &engine.tokens.word()) {
            Some(template) => second.send(engine, &template).await?,
            None => None,
        };
        let blind = nothing.as_ref().is_some_and(|answer| secret(answer).is_some());
        if secret(&foreign).is_some() && !public && !blind {
            engine.claim(Claim {
                rule: RULE,
                message: None,
                route: &reader.route,
                parameter: Some(point.parameter()),
                exchanges: vec![(&template, Some(&foreign)), (&template, open.as_ref())],
                marker: Some(text),
                with: second.with.clone(),
            });
        }
        return Ok(());
    }
    Ok(())
}

/// The request for that object; numbers stay numbers where the body had one.
fn asking(engine: &Engine, reader: &Endpoint, point: &Point, id: &str) -> Option<Template> {
    let number = matches!(point.slot, Slot::Json(_))
        && id.parse::<u64>().is_ok()
        && point.value.parse::<u64>().is_ok();
    let value = if number { format!("json:{id}") } else { id.to_owned() };
    insert::apply(&engine.scope, &reader.template, point, &value)
}
