//! Checks that send payloads. Each reports only what a second, different request confirmed and a negative
//! control did not show.

mod accounts;
mod actor;
mod callback;
mod expression;
mod graphql;
mod guessing;
mod http;
mod jwt;
mod landing;
mod objects;
mod privilege;
mod probe;
mod redirect;
mod room;
mod script;
mod sequence;
mod site;
mod spot;
mod subject;
mod time;
mod union;
mod upload;
mod xss;

use std::pin::pin;

use futures_util::StreamExt;
use tollgate_core::dynamic::ParameterPlace;

use crate::client::{Halt, SendError};
use crate::discover::SiteMap;
use crate::engine::{Engine, bounded};
use crate::insert::{self, Point, Slot};
use crate::message::Answer;
use room::Room;
use spot::Spot;
pub(crate) use subject::Subject;
use subject::{baselines, route_holes};

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
    objects::run(engine, map).await?;
    privilege::run(engine, map).await?;
    accounts::run(engine, map).await?;
    jwt::run(engine, map).await?;
    engine.phase("probes");
    let width = engine.job.concurrency;
    let spots = spots(engine, &subjects).await?;
    expression::run(engine, &spots).await?;
    let care = probe::Care::of(&spots);
    bounded(width, &spots, async |spot: &Spot<'_>| {
        xss::run(spot).await?;
        let outcome = probe::run(spot, care).await;
        spot.forget().await;
        outcome
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

/// The places worth probing, with the answers to their first payloads.
async fn spots<'a>(engine: &'a Engine, subjects: &'a [Subject<'a>]) -> Result<Vec<Spot<'a>>, Halt> {
    let work = subjects.iter().map(|subject| spots_of(engine, subject));
    let mut found = pin!(futures_util::stream::iter(work).buffered(engine.job.concurrency.max(1)));
    let mut room = Room::new("places");
    let mut spots = Vec::new();
    while let Some(list) = found.next().await {
        spots.extend(list?.into_iter().filter(|spot| room.holds(&spot.plain)));
    }
    room.tell(engine);
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
    if !subject.leads {
        points.retain(|point| !matches!(point.place, ParameterPlace::Header | ParameterPlace::Cookie));
    }
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
    for point in subject.read_points() {
        // A cookie that only counts by being right was tried where it was met first.
        let is_cookie = point.slot == Slot::Cookie;
        if let Some(spot) = Spot::open(engine, subject, point).await?
            && (!spot.inert && !is_cookie || spot.reflected || spot.shaken)
        {
            spots.push(spot);
        }
    }
    Ok(spots)
}

fn is_button(point: &Point) -> bool {
    let lower = point.name.to_ascii_lowercase();
    matches!(point.place, ParameterPlace::Query | ParameterPlace::Form)
        && matches!(lower.as_str(), "submit" | "btn" | "button" | "go" | "login" | "max_file_size")
}
