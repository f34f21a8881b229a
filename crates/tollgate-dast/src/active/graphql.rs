//! What a GraphQL interface lets one request ask for.

use serde_json::{Value, json};

use super::settle;
use crate::client::Halt;
use crate::discover::{Schema, introspect, locate, request};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Body, Template};
use crate::passive;
use crate::scope::InScopeUrl;

/// Repetitions that no honest client needs and that harm no server.
const MANY: usize = 60;

/// Turns of a circle of types.
const TURNS: usize = 12;

/// Runs the checks of the interface, where there is one.
pub(crate) async fn run(engine: &Engine) -> Result<(), Halt> {
    let Some(url) = locate(engine).await else { return Ok(()) };
    let schema = introspect(engine, &url).await;
    if schema.is_some() {
        simple(engine, &url, "dast.graphql-introspection", "{__schema{queryType{name}}}", |answer| {
            pointer(answer, "/data/__schema/queryType/name").is_some()
        })
        .await?;
    }
    batching(engine, &url).await?;
    repeated(engine, &url).await?;
    if let Some(schema) = &schema {
        depth(engine, &url, schema).await?;
        suggestions(engine, &url, schema).await?;
    }
    by_get(engine, &url).await?;
    told_errors(engine, &url).await?;
    console(engine).await
}

/// What a query that cannot be answered makes the interface tell of itself.
async fn told_errors(engine: &Engine, url: &InScopeUrl) -> Result<(), Halt> {
    let template = request(url, &format!("{{{}}}", engine.tokens.word()), json!({}));
    if let Some(answer) = ask(engine, &template).await? {
        passive::observe_error(engine, url.url().path(), &template, &answer);
    }
    Ok(())
}

fn pointer(answer: &Answer, path: &str) -> Option<Value> {
    serde_json::from_str::<Value>(&answer.body).ok()?.pointer(path).cloned()
}

fn errors(answer: &Answer) -> bool {
    pointer(answer, "/errors").is_some()
}

async fn ask(engine: &Engine, template: &Template) -> Result<Option<Answer>, Halt> {
    settle(engine.send_as_user(template).await)
}

fn tell(engine: &Engine, rule: &str, exchanges: Vec<(&Template, Option<&Answer>)>, marker: Option<String>) {
    let Some(&(template, _)) = exchanges.first() else { return };
    engine.claim(Claim {
        rule,
        message: None,
        route: template.url.url().path(),
        parameter: None,
        with: engine.session().credentials(&template.url),
        exchanges,
        marker,
    });
}

/// A query whose answer proves it, sent twice.
async fn simple(
    engine: &Engine,
    url: &InScopeUrl,
    rule: &str,
    query: &str,
    proves: impl Fn(&Answer) -> bool,
) -> Result<(), Halt> {
    let template = request(url, query, json!({}));
    let (Some(one), Some(two)) = (ask(engine, &template).await?, ask(engine, &template).await?) else {
        return Ok(());
    };
    if proves(&one) && proves(&two) {
        tell(engine, rule, vec![(&template, Some(&one))], None);
    }
    Ok(())
}

async fn batching(engine: &Engine, url: &InScopeUrl) -> Result<(), Halt> {
    let mut proof = None;
    for count in [3, 12] {
        let one = json!({ "query": "{__typename}" });
        let body = Body::Json(Value::Array(vec![one; count]));
        let template = Template::with_body("POST", url.clone(), body);
        let Some(answer) = ask(engine, &template).await? else { return Ok(()) };
        let all = serde_json::from_str::<Value>(&answer.body).ok();
        let answered = all.as_ref().and_then(Value::as_array).is_some_and(|items| {
            items.len() == count && items.iter().all(|item| item.to_string().contains("__typename"))
        });
        if !answered {
            return Ok(());
        }
        proof = Some((template, answer));
    }
    if let Some((template, answer)) = &proof {
        tell(engine, "dast.graphql-batching", vec![(template, Some(answer))], None);
    }
    Ok(())
}

/// Many aliases, many repeats of a field and many directives in one query, each with a broken twin that
/// the server must refuse.
async fn repeated(engine: &Engine, url: &InScopeUrl) -> Result<(), Halt> {
    let word = engine.tokens.word();
    let aliases: Vec<String> = (0..MANY).map(|idx| format!("{word}{idx}:__typename")).collect();
    let broken = request(url, &format!("{{{} {word}}}", aliases.join(" ")), json!({}));
    let template = request(url, &format!("{{{}}}", aliases.join(" ")), json!({}));
    let last = format!("/data/{word}{}", MANY - 1);
    let refused = ask(engine, &broken).await?.is_some_and(|answer| errors(&answer));
    if let Some(answer) = ask(engine, &template).await?
        && refused
        && pointer(&answer, &last).is_some()
    {
        tell(
            engine,
            "dast.graphql-aliases",
            vec![(&template, Some(&answer))],
            Some(format!("{word}{}", MANY - 1)),
        );
    }
    let template = request(url, &format!("{{{}}}", "__typename ".repeat(MANY * 8)), json!({}));
    if let Some(answer) = ask(engine, &template).await?
        && refused
        && pointer(&answer, "/data/__typename").is_some()
        && !errors(&answer)
    {
        tell(engine, "dast.graphql-duplicate-fields", vec![(&template, Some(&answer))], None);
    }
    let template = request(url, &format!("{{__typename {}}}", "@include(if:true)".repeat(MANY)), json!({}));
    if let Some(answer) = ask(engine, &template).await?
        && refused
        && pointer(&answer, "/data/__typename").is_some()
        && !errors(&answer)
    {
        tell(engine, "dast.graphql-directives", vec![(&template, Some(&answer))], None);
    }
    Ok(())
}

async fn depth(engine: &Engine, url: &InScopeUrl, schema: &Schema) -> Result<(), Halt> {
    let word = engine.tokens.word();
    let (circles, shorts) = (schema.circles(TURNS, &word), schema.circles(1, &word));
    for (circle, short) in circles.iter().zip(&shorts).take(4) {
        let flat = request(url, short, json!({}));
        let Some(usual) = ask(engine, &flat).await? else { return Ok(()) };
        // One turn that meets several objects meets their square on the second.
        if errors(&usual)
            || pointer(&usual, "/data").is_none()
            || usual.body.matches("__typename").count() > 1
        {
            continue;
        }
        let deep = request(url, circle, json!({}));
        let broken = request(url, &circle.replacen("__typename", &engine.tokens.word(), 1), json!({}));
        let Some(answer) = ask(engine, &deep).await? else { return Ok(()) };
        let control = ask(engine, &broken).await?.is_some_and(|answer| errors(&answer));
        if control && !errors(&answer) && pointer(&answer, "/data").is_some() {
            tell(engine, "dast.graphql-depth", vec![(&deep, Some(&answer)), (&flat, Some(&usual))], None);
        }
        return Ok(());
    }
    Ok(())
}

async fn suggestions(engine: &Engine, url: &InScopeUrl, schema: &Schema) -> Result<(), Halt> {
    let Some(field) = schema.any_field() else { return Ok(()) };
    let misspelt = format!("{{{field}x}}");
    simple(engine, url, "dast.graphql-suggestions", &misspelt, |answer| {
        answer.body.contains("Did you mean") && answer.body.contains(field)
    })
    .await
}

/// Queries sent by address can be sent by any other site's link or image.
async fn by_get(engine: &Engine, url: &InScopeUrl) -> Result<(), Halt> {
    let ask_by_get = |query: &str| {
        Template::get(url.clone()).with_query(&engine.scope, &[("query".to_owned(), query.to_owned())])
    };
    let (Some(mutation), Some(query)) = (ask_by_get("mutation{__typename}"), ask_by_get("{__typename}"))
    else {
        return Ok(());
    };
    let (Some(answer), Some(_)) = (ask(engine, &mutation).await?, ask(engine, &query).await?) else {
        return Ok(());
    };
    if pointer(&answer, "/data/__typename").is_some() {
        tell(engine, "dast.graphql-mutation-by-get", vec![(&mutation, Some(&answer))], None);
    }
    Ok(())
}

/// A console for queries that anyone can open.
async fn console(engine: &Engine) -> Result<(), Halt> {
    for path in ["/graphiql", "/playground", "/altair", "/voyager", "/graphql"] {
        let Ok(url) = engine.scope.resolve(&engine.scope.target(), path) else { continue };
        let template = Template::get(url.clone()).header("Accept", "text/html");
        let Some(answer) = ask(engine, &template).await? else { continue };
        let lower = answer.body.to_ascii_lowercase();
        let shows = ["graphiql", "graphql playground", "apollo sandbox", "graphql voyager", "altair"]
            .iter()
            .any(|name| lower.contains(name));
        if answer.is_success() && answer.is_html() && shows && lower.contains("<script") {
            let Ok(nothing) =
                engine.scope.resolve(&engine.scope.target(), &format!("/{}", engine.tokens.word()))
            else {
                continue;
            };
            let control = ask(engine, &Template::get(nothing)).await?;
            if control.is_none_or(|control| control.body != answer.body) {
                tell(engine, "dast.graphql-console", vec![(&template, Some(&answer))], None);
                return told_errors(engine, &url).await;
            }
        }
    }
    Ok(())
}
