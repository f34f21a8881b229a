//! Script injection: the answer is parsed as a browser would, and only a word that lands where script
//! runs counts.

use scraper::Node;

use super::script::{Context, contexts};
use super::settle;
use super::spot::{Shot, Spot, Variables};
use crate::client::Halt;
use crate::discover::SiteMap;
use crate::engine::{Engine, bounded};
use crate::message::{Answer, Template};

const REFLECTED: &str = "dast.xss-reflected";
const STORED: &str = "dast.xss-stored";
const JSONP: &str = "dast.jsonp-injection";
const REDIRECT: &str = "dast.open-redirect";

/// Where the word landed in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Landing {
    Text,
    /// Inside an element whose content is raw text; the number picks its name.
    Raw(&'static str),
    Comment,
    Attribute,
    /// At the start of an address.
    Address,
    /// In the name of a tag or an attribute.
    Name,
    Script(ScriptContext),
}

/// [`Context`] with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ScriptContext {
    Code,
    Single,
    Double,
    Template,
    Comment,
}

/// Payloads that run where markup is parsed.
const MARKUP: [&str; 5] = [
    "<svg onload={word}()>",
    "<img src=x onerror={word}()>",
    "<script>{word}()</script>",
    "<a href=javascript:{word}()>x</a>",
    "<iFrAmE/src=javascript:{word}()>",
];

/// Many ways at once, for filters that let only some through: those that know a few elements, those that
/// look at the first line only.
const MANY_WAYS: &str = "\n<svg onload={word}()><img src=x onerror={word}()><div onmouseover={word}()>x</div>\
    <style onload={word}()></style><iframe onload={word}()></iframe><a href=javascript:{word}()>x</a>\
    <iframe srcdoc=\"<script>{word}()</script>\"></iframe><script src=data:,{word}()></script>\
    <body onload={word}()>";

/// Probes one place for reflected script.
pub(crate) async fn run(spot: &Spot<'_>) -> Result<(), Halt> {
    if !spot.reflected {
        // What refuses the usual value and words alike may take markup.
        let refused = spot.plain.status >= 400 && spot.subject.baseline.answer.status >= 400;
        if refused && spot.engine.checks.enabled(REFLECTED) {
            prove(spot, MANY_WAYS).await?;
        }
        return Ok(());
    }
    redirect(spot).await?;
    if spot.plain.body.contains(&spot.echo) && !spot.plain.is_redirect() {
        if spot.engine.checks.enabled(REFLECTED) && spot.plain.is_html() {
            reflected(spot).await?;
        }
        if spot.engine.checks.enabled(JSONP) && !spot.plain.is_html() {
            jsonp(spot).await?;
        }
    }
    Ok(())
}

async fn reflected(spot: &Spot<'_>) -> Result<(), Halt> {
    let landings = landings(&spot.plain.body, &spot.echo);
    // What comes through unchanged tells which payloads are worth a request.
    let breaker = spot.shoot("{token}'\"<{token}>", &Variables::default()).await?;
    let through = |text: &str| {
        breaker.as_ref().is_none_or(|shot| {
            // An answer without the word refused the whole of it, and tells nothing of its parts.
            !shot.answer.body.contains(&spot.echo)
                || shot.answer.body.contains(&text.replace("{token}", &spot.token))
        })
    };
    let markup = through("<{token}");
    // Where the ends of the value are cut off, letters that do no harm stand there.
    let padding = if spot.echo == spot.token { "" } else { "zz" };
    for landing in landings {
        for payload in payloads(landing, markup) {
            if prove(spot, &format!("{padding}{payload}{padding}")).await? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Sends a payload twice with different words; both must run, and neither where they are asked for as
/// plain text.
async fn prove(spot: &Spot<'_>, payload: &str) -> Result<bool, Halt> {
    let first = spot.draw();
    let Some(shot) = spot.shoot(payload, &first).await? else { return Ok(false) };
    if !shot.answer.is_html() || shot.answer.is_redirect() || !runs(&shot.answer.body, &first.word) {
        return Ok(false);
    }
    let second = spot.draw();
    let Some(again) = spot.shoot(payload, &second).await? else { return Ok(false) };
    if !runs(&again.answer.body, &second.word) || runs(&again.answer.body, &first.word) {
        return Ok(false);
    }
    if let Some(control) = spot.shoot_again(&second.word).await?
        && runs(&control.answer.body, &second.word)
        && !payload.contains('{')
    {
        return Ok(false);
    }
    spot.claim(REFLECTED, &[&shot, &again], Some(shot.payload.clone()));
    Ok(true)
}

fn payloads(landing: Landing, markup: bool) -> Vec<String> {
    let tags = |before: &str| -> Vec<String> { MARKUP.iter().map(|tag| format!("{before}{tag}")).collect() };
    let mut out = Vec::new();
    match landing {
        Landing::Text => out.extend(tags("")),
        Landing::Raw(name) => out.extend(tags(&format!("</{name}>"))),
        Landing::Comment => out.extend(tags("-->")),
        Landing::Attribute => {
            out.extend([
                "\" onfocus={word}() a=\"".into(),
                "' onfocus={word}() a='".into(),
                " onfocus={word}() ".into(),
            ]);
            out.extend(tags("\">").into_iter().take(2));
            out.extend(tags("'>").into_iter().take(2));
            out.extend(tags(">").into_iter().take(1));
        }
        Landing::Address => {
            out.extend(["javascript:{word}()".into(), "data:text/html,<script>{word}()</script>".into()]);
            out.extend(payloads(Landing::Attribute, markup));
        }
        Landing::Name => {
            out.extend([
                " onfocus={word}() ".into(),
                "svg onload={word}() ".into(),
                "onfocus={word}() ".into(),
            ]);
            out.extend(tags(">"));
        }
        Landing::Script(context) => {
            match context {
                ScriptContext::Code => {
                    out.extend(["{word}()".into(), ";{word}();".into(), "\n{word}()\n".into()])
                }
                ScriptContext::Single => out.extend(["'-{word}()-'".into(), "\\'-{word}()//".into()]),
                ScriptContext::Double => out.extend(["\"-{word}()-\"".into(), "\\\"-{word}()//".into()]),
                ScriptContext::Template => out.extend(["${{word}()}".into(), "`-{word}()-`".into()]),
                ScriptContext::Comment => out.extend(["\n{word}()\n".into(), "*/{word}()/*".into()]),
            }
            out.extend(tags("</script>").into_iter().take(2));
        }
    }
    if matches!(landing, Landing::Text | Landing::Raw(_)) {
        out.push(MANY_WAYS.to_owned());
    }
    if !markup {
        out.retain(|payload| !payload.contains('<'));
    }
    out
}

/// Where the word landed, each kind once.
fn landings(body: &str, word: &str) -> Vec<Landing> {
    let document = crate::html::document(body);
    let mut out = Vec::new();
    for node in document.tree.nodes() {
        match node.value() {
            Node::Text(text) if text.contains(word) => {
                let parent = node.parent().and_then(|parent| parent.value().as_element());
                out.extend(match parent.map(|element| element.name()) {
                    Some("script") => in_script(text, word),
                    Some("textarea") => vec![Landing::Raw("textarea")],
                    Some("title") => vec![Landing::Raw("title")],
                    Some("style") => vec![Landing::Raw("style")],
                    Some("noscript") => vec![Landing::Raw("noscript")],
                    Some("iframe") => vec![Landing::Raw("iframe")],
                    Some("xmp") => vec![Landing::Raw("xmp")],
                    Some("noembed") => vec![Landing::Raw("noembed")],
                    Some("noframes") => vec![Landing::Raw("noframes")],
                    Some("template") | None | Some(_) => vec![Landing::Text],
                });
            }
            Node::Comment(comment) if comment.contains(word) => out.push(Landing::Comment),
            Node::Element(element) => {
                if element.name().contains(word) {
                    out.push(Landing::Name);
                }
                for (name, value) in element.attrs() {
                    if name.contains(word) {
                        out.push(Landing::Name);
                    }
                    if !value.contains(word) {
                        continue;
                    }
                    if name.starts_with("on") {
                        out.extend(in_script(value, word));
                    } else if takes_address(element, name) && value.trim_start().starts_with(word) {
                        out.push(Landing::Address);
                    } else if is_address(name)
                        && value.trim_start().to_ascii_lowercase().starts_with("javascript:")
                    {
                        out.extend(in_script(value, word));
                    }
                    out.push(Landing::Attribute);
                }
            }
            _ => {}
        }
    }
    out.sort();
    out.dedup();
    out
}

fn in_script(text: &str, word: &str) -> Vec<Landing> {
    contexts(text, word)
        .into_iter()
        .map(|context| {
            Landing::Script(match context {
                Context::Code | Context::Regex => ScriptContext::Code,
                Context::Single => ScriptContext::Single,
                Context::Double => ScriptContext::Double,
                Context::Template => ScriptContext::Template,
                Context::LineComment | Context::BlockComment => ScriptContext::Comment,
            })
        })
        .collect()
}

fn is_address(name: &str) -> bool {
    matches!(name, "href" | "src" | "action" | "formaction" | "data" | "xlink:href" | "poster" | "background")
}

/// Whether a browser takes the attribute for an address, that of a plug-in's parameter included.
fn takes_address(element: &scraper::node::Element, name: &str) -> bool {
    let plug_in = element.name() == "param"
        && name == "value"
        && element.attr("name").is_some_and(|of| {
            matches!(of.to_ascii_lowercase().as_str(), "src" | "movie" | "url" | "data" | "code" | "href")
        });
    plug_in || is_address(name)
}

/// Whether `word()` stands where a browser runs it.
fn runs(body: &str, word: &str) -> bool {
    let call = format!("{word}()");
    if !body.contains(&call) {
        return false;
    }
    let in_code = |text: &str| {
        contexts(text, word)
            .iter()
            .zip(text.match_indices(word))
            .any(|(context, (at, _))| *context == Context::Code && text[at..].starts_with(&call))
            || text.contains(&format!("${{{call}}}"))
    };
    let document = crate::html::document(body);
    for node in document.tree.nodes() {
        match node.value() {
            Node::Text(text) if text.contains(&call) => {
                let script = node.parent().and_then(|parent| parent.value().as_element()).filter(|element| {
                    let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
                    let runnable = kind.is_empty() || kind.contains("javascript") || kind == "module";
                    element.name() == "script" && runnable
                });
                if script.is_some() && in_code(text) {
                    return true;
                }
            }
            Node::Element(element) => {
                for (name, value) in element.attrs() {
                    if !value.contains(&call) {
                        continue;
                    }
                    let lower = value.trim_start().to_ascii_lowercase();
                    let handler = name.starts_with("on") && name.len() > 4 && in_code(value);
                    let address = takes_address(element, name)
                        && lower.starts_with("javascript:")
                        && in_code(value.trim_start().get(11..).unwrap_or_default());
                    let data = is_address(name)
                        && matches!(element.name(), "iframe" | "object" | "embed" | "frame")
                        && lower.starts_with("data:text/html,");
                    let source = element.name() == "script"
                        && name == "src"
                        && lower
                            .strip_prefix("data:")
                            .and_then(|rest| rest.split_once(','))
                            .is_some_and(|(_, code)| in_code(code));
                    let document = element.name() == "iframe" && name == "srcdoc" && runs(value, word);
                    if handler || address || data || source || document {
                        return true;
                    }
                }
            }
            _ => {}
        }
    }
    false
}

/// A script that calls a function named by the request: other names, other code.
async fn jsonp(spot: &Spot<'_>) -> Result<(), Halt> {
    let starts =
        |answer: &Answer, text: &str| answer.body.trim_start().trim_start_matches("/**/").starts_with(text);
    if spot.plain.is_json() || !starts(&spot.plain, &format!("{}(", spot.token)) {
        return Ok(());
    }
    let mut shots = Vec::new();
    for _ in 0..2 {
        let variables = spot.draw();
        let Some(shot) = spot.shoot("{word}(1);{token}", &variables).await? else { return Ok(()) };
        if !starts(&shot.answer, &format!("{}(1);{}(", variables.word, spot.token)) {
            return Ok(());
        }
        shots.push(shot);
    }
    let marker = shots[0].payload.clone();
    spot.claim(JSONP, &shots.iter().collect::<Vec<_>>(), Some(marker));
    Ok(())
}

/// Where the word comes back as the target of a redirect, a foreign address may too. The address belongs
/// to a name that is reserved and never requested.
async fn redirect(spot: &Spot<'_>) -> Result<(), Halt> {
    if !spot.engine.checks.enabled(REDIRECT) || spot.claimed(REDIRECT) {
        return Ok(());
    }
    let goes = |answer: &Answer| target_of_redirect(answer);
    if !goes(&spot.plain).is_some_and(|target| target.contains(&spot.echo)) {
        return Ok(());
    }
    for payload in
        ["https://{word}.example/", "//{word}.example/", "https:{word}.example", "/\\{word}.example/"]
    {
        let mut shots = Vec::new();
        for _ in 0..2 {
            let variables = spot.draw();
            let Some(shot) = spot.shoot(payload, &variables).await? else { break };
            let away = goes(&shot.answer).is_some_and(|target| leads_to(spot, &target, &variables.word));
            if !away {
                break;
            }
            shots.push(shot);
        }
        if let [first, second] = shots.as_slice() {
            let marker = goes(&first.answer);
            spot.claim(REDIRECT, &[first, second], marker);
            return Ok(());
        }
    }
    Ok(())
}

fn leads_to(spot: &Spot<'_>, target: &str, word: &str) -> bool {
    let base = spot.subject.baseline.template.url.url();
    let host = base.join(target).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| host == format!("{word}.example"))
}

/// The address a browser goes to from here by itself.
fn target_of_redirect(answer: &Answer) -> Option<String> {
    if answer.is_redirect() {
        return answer.header("location").map(str::to_owned);
    }
    if let Some(value) = answer.header("refresh") {
        return crate::html::refresh_target(value);
    }
    if !answer.body.contains("http-equiv") && !answer.body.contains("HTTP-EQUIV") {
        return None;
    }
    let document = crate::html::document(&answer.body);
    document.tree.nodes().find_map(|node| {
        let element = node.value().as_element()?;
        let refresh = element.name() == "meta"
            && element.attr("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"));
        if refresh { crate::html::refresh_target(element.attr("content")?) } else { None }
    })
}

/// Leaves a payload in every place that does not show it at once and looks for it on the pages known.
pub(crate) async fn stored(engine: &Engine, map: &SiteMap, spots: &[Spot<'_>]) -> Result<(), Halt> {
    if !engine.checks.enabled(STORED) {
        return Ok(());
    }
    // The words of the first payloads are already where they are kept; pages that show one lead to the
    // places worth a payload.
    let mut pages: Vec<Template> = map.pages.iter().cloned().map(Template::get).collect();
    pages.truncate(300);
    let found = look_for(engine, &pages, |body| {
        spots.iter().enumerate().filter(|(_, spot)| body.contains(&spot.token)).map(|(idx, _)| idx).collect()
    })
    .await?;
    for (page, hits) in found {
        for idx in hits {
            let spot = &spots[idx];
            if !spot.claimed(STORED) {
                leave(spot, &page).await?;
            }
        }
    }
    Ok(())
}

async fn look_for(
    engine: &Engine,
    pages: &[Template],
    hits: impl Fn(&str) -> Vec<usize>,
) -> Result<Vec<(Template, Vec<usize>)>, Halt> {
    let found = std::sync::Mutex::new(Vec::new());
    bounded(engine.job.concurrency, pages, async |page: &Template| {
        if let Some(answer) = settle(engine.send_as_user(page).await)? {
            let hits = hits(&answer.body);
            if !hits.is_empty() && answer.is_html() {
                found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((page.clone(), hits));
            }
        }
        Ok(())
    })
    .await?;
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by(|a, b| a.0.url.cmp(&b.0.url));
    Ok(found)
}

async fn leave(spot: &Spot<'_>, page: &Template) -> Result<(), Halt> {
    let engine = spot.engine;
    let Some(plain) = settle(engine.send_as_user(page).await)? else { return Ok(()) };
    for landing in landings(&plain.body, &spot.token) {
        for payload in payloads(landing, true).into_iter().take(4) {
            let mut shown: Vec<(Shot, Answer)> = Vec::new();
            for _ in 0..2 {
                let variables = spot.draw();
                let Some(shot) = spot.shoot(&payload, &variables).await? else { break };
                let Some(answer) = settle(engine.send_as_user(page).await)? else { break };
                if !runs(&answer.body, &variables.word) {
                    break;
                }
                shown.push((shot, answer));
            }
            if shown.len() == 2 {
                let (shot, answer) = &shown[0];
                let seen =
                    Shot { payload: shot.payload.clone(), template: page.clone(), answer: answer.clone() };
                spot.claim(STORED, &[shot, &seen], Some(shot.payload.clone()));
                return Ok(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_counts() {
        for (body, expected) in [
            ("<svg onload=w()>", true),
            ("&lt;svg onload=w()&gt;", false),
            ("<textarea><svg onload=w()></textarea>", false),
            ("<!-- <svg onload=w()> -->", false),
            ("<script>var a = 'w()';</script>", false),
            ("<script>var a = ''-w()-'';</script>", true),
            ("<script type=text/template>w()</script>", false),
            ("<a href='javascript:w()'>", true),
            ("<a href='/javascript:w()'>", false),
            ("<input value='w()' onfocus=\"x('w()')\">", false),
            ("<iframe srcdoc='&lt;script>w()&lt;/script>'>", true),
            ("<script src=data:,w()></script>", true),
            ("<script src='/data:,w()'></script>", false),
            ("<div title=\"<img src=x onerror=w()>\">", false),
        ] {
            assert_eq!(runs(body, "w"), expected, "{body}");
        }
    }

    #[test]
    fn landings_are_told_apart() {
        let found = |body: &str| landings(body, "qqq");
        assert_eq!(found("<p>qqq</p>"), [Landing::Text]);
        assert_eq!(found("<title>qqq</title>"), [Landing::Raw("title")]);
        assert_eq!(found("<a href='qqq'>"), [Landing::Attribute, Landing::Address]);
        assert_eq!(found("<script>x=\"qqq\"</script>"), [Landing::Script(ScriptContext::Double)]);
        assert_eq!(found("<!--qqq-->"), [Landing::Comment]);
    }
}
