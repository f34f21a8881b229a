//! The message of a result as plain text.

use serde_json::Value;

use super::context::RunContext;
use super::lenient::{as_text, list, str_of};
use super::rule::Rule;

/// Characters of a message that are kept.
const MAX_MESSAGE: usize = 20_000;

/// The text of a message: its own, or the one it names by id, with its arguments in place.
pub(super) fn message(message: &Value, rule: Option<&Rule>, run: &RunContext) -> Option<String> {
    let plain = |value: &Value| -> Option<String> {
        let text = str_of(value, "text").or_else(|| str_of(value, "markdown")).or_else(|| value.as_str());
        text.filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let template = plain(message).or_else(|| {
        let id = as_text(message.get("id").or_else(|| message.get("messageId"))?)?;
        let own = rule.and_then(|rule| rule.messages.get(&id));
        plain(own.or_else(|| run.global_message(&id))?)
    })?;
    let arguments: Vec<String> =
        list(message, "arguments").iter().map(|value| as_text(value).unwrap_or_default()).collect();
    let mut text = if arguments.is_empty() { template } else { fill(&template, &arguments) };
    if text.contains("](") || text.contains("\\[") {
        text = without_links(&text);
    }
    let mut text = text.trim().to_owned();
    if text.len() > MAX_MESSAGE {
        text.truncate(text.floor_char_boundary(MAX_MESSAGE));
        text.push('…');
    }
    Some(text)
}

/// Puts arguments in the place of `{0}`, `{1}` …; a doubled brace is a brace.
fn fill(template: &str, arguments: &[String]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            text.push_str(&rest[..1]);
            rest = &rest[2..];
            continue;
        }
        let argument =
            rest.strip_prefix('{').and_then(|inner| inner.split_once('}')).and_then(|(name, after)| {
                let argument = arguments.get(name.parse::<usize>().ok()?)?;
                Some((argument, after))
            });
        match argument {
            Some((argument, after)) => {
                text.push_str(argument);
                rest = after;
            }
            None => {
                text.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// Replaces links to related locations, `[text](1)`, by their text; links to pages stay.
fn without_links(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(open) = rest.find('[') {
        let link = rest[open + 1..].find("](").and_then(|close| {
            let label = &rest[open + 1..open + 1 + close];
            let after = &rest[open + 1 + close + 2..];
            let end = after.find(')')?;
            let target = &after[..end];
            let numbered = !target.is_empty() && target.bytes().all(|b| b.is_ascii_digit());
            (numbered && !label.contains('[')).then_some((label, &after[end + 1..]))
        });
        match link {
            Some((label, after)) => {
                text.push_str(&rest[..open]);
                text.push_str(label);
                rest = after;
            }
            None => {
                text.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    text.push_str(rest);
    text.replace("\\[", "[").replace("\\]", "]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_links_become_text() {
        let arguments = ["a".to_owned(), "b{0}".to_owned()];
        assert_eq!(fill("{1} of {0}, {{0}} {2} {x", &arguments), "b{0} of a, {0} {2} {x");
        assert_eq!(
            without_links("see [user input](1) and [docs](https://x.y/) \\[ok\\] [a][b](2)"),
            "see user input and [docs](https://x.y/) [ok] [a]b"
        );
    }
}
