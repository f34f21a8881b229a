//! What a page says: links, forms, scripts, comments.

use scraper::{ElementRef, Html, Node, Selector};

/// The parts of a page that lead on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) base: Option<String>,
    pub(crate) links: Vec<String>,
    pub(crate) forms: Vec<Form>,
    pub(crate) script_sources: Vec<String>,
    pub(crate) scripts: Vec<String>,
    pub(crate) comments: Vec<String>,
    pub(crate) title: String,
    /// Whether it has more links than are looked at.
    pub(crate) more_links: bool,
    /// Whether it nests deeper than is read.
    pub(crate) cut_short: bool,
}

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    /// Upper case.
    pub(crate) method: String,
    pub(crate) multipart: bool,
    pub(crate) fields: Vec<Field>,
    /// Whether it has a control that submits it without a script.
    pub(crate) submits: bool,
}

/// A field of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// `type` of an input, or `textarea`, `select`, `button`.
    pub(crate) kind: String,
    pub(crate) value: String,
}

impl Form {
    pub(crate) fn has_password(&self) -> bool {
        self.fields.iter().any(|field| field.kind == "password")
    }
}

/// Links of one page that are looked at.
const MAX_LINKS: usize = 5_000;

fn selector(text: &'static str) -> Selector {
    Selector::parse(text).expect("the selector is a literal")
}

/// Deepest nesting that is parsed: the time a parser needs grows with its square.
const MAX_DEPTH: usize = 2_000;

/// Elements without an end tag, or whose end tag is often left out.
const OPEN_ENDED: [&str; 24] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option",
    "p", "param", "source", "tbody", "td", "th", "thead", "tr", "track", "wbr",
];

/// The tree of a page, as a browser would see it; the part beyond [`MAX_DEPTH`] is left out.
pub(crate) fn document(text: &str) -> Html {
    Html::parse_document(shallow(text))
}

fn shallow(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
            continue;
        }
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if length > 0 && !OPEN_ENDED.contains(&rest[..length].to_ascii_lowercase().as_str()) {
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return &text[..at];
        }
    }
    text
}

/// Reads a page.
pub(crate) fn parse(text: &str) -> Page {
    let read = shallow(text);
    let document = Html::parse_document(read);
    let mut page = Page { cut_short: read.len() < text.len(), ..Page::default() };
    for node in document.tree.nodes() {
        match node.value() {
            Node::Comment(comment) => page.comments.push(comment.to_string()),
            Node::Element(_) => {
                if let Some(element) = ElementRef::wrap(node) {
                    read_element(element, &mut page);
                }
            }
            _ => {}
        }
    }
    page.more_links = page.links.len() > MAX_LINKS;
    page.links.truncate(MAX_LINKS);
    page
}

fn read_element(element: ElementRef<'_>, page: &mut Page) {
    let value = element.value();
    let attribute = |name: &str| value.attr(name).map(str::to_owned);
    match value.name() {
        "a" | "area" => page.links.extend(attribute("href")),
        "link" => {
            let rel = attribute("rel").unwrap_or_default();
            let follow =
                ["alternate", "next", "prev", "canonical", "manifest"].iter().any(|r| rel.contains(r));
            page.links.extend(attribute("href").filter(|_| follow));
        }
        "iframe" | "frame" | "embed" => page.links.extend(attribute("src")),
        "object" => page.links.extend(attribute("data")),
        "base" => page.base = page.base.take().or_else(|| attribute("href")),
        "title" => page.title = element.text().collect::<String>().trim().chars().take(200).collect(),
        "meta" => {
            let refresh = attribute("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"));
            if refresh && let Some(content) = attribute("content") {
                page.links.extend(refresh_target(&content));
            }
        }
        "script" => {
            if let Some(source) = attribute("src") {
                page.script_sources.push(source);
            } else {
                page.scripts.push(element.text().collect());
            }
        }
        "form" => page.forms.push(read_form(element)),
        _ => {
            for name in ["data-href", "data-url", "data-src", "data-action", "hx-get", "formaction"] {
                page.links.extend(attribute(name));
            }
            if let Some(code) = attribute("onclick") {
                page.scripts.push(code);
            }
        }
    }
}

/// The address in `5; url=/next`; `url=` may be left out.
pub(crate) fn refresh_target(content: &str) -> Option<String> {
    let rest = content.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start().strip_prefix([';', ',']).unwrap_or(rest).trim_start();
    let named = rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("url"));
    let value = rest.get(3..).and_then(|rest| rest.trim_start().strip_prefix('='));
    let target = value.filter(|_| named).unwrap_or(rest).trim().trim_matches(['"', '\'']);
    (!target.is_empty()).then(|| target.to_owned())
}

/// The addresses in a `Link` header that lead to pages: `</next>; rel="next", <https://other>; rel=prev`.
pub(crate) fn link_targets(value: &str) -> Vec<String> {
    let part = |part: &str| {
        let (target, parameters) = part.split_once('>')?;
        let lower = parameters.split('<').next().unwrap_or_default().to_ascii_lowercase();
        let page = ["next", "prev", "first", "last", "alternate", "canonical", "describedby", "service"]
            .iter()
            .any(|rel| lower.contains(rel));
        page.then(|| target.trim().to_owned())
    };
    value.split('<').skip(1).filter_map(part).collect()
}

fn read_form(form: ElementRef<'_>) -> Form {
    let attribute = |name: &str| form.value().attr(name).unwrap_or_default();
    let mut out = Form {
        action: attribute("action").to_owned(),
        method: attribute("method").to_ascii_uppercase(),
        multipart: attribute("enctype").eq_ignore_ascii_case("multipart/form-data"),
        fields: Vec::new(),
        submits: false,
    };
    if out.method != "POST" {
        out.method = "GET".into();
    }
    for element in form.select(&selector("input, textarea, select, button")) {
        let value = element.value();
        let name = value.attr("name").unwrap_or_default().to_owned();
        let mut kind = value.name().to_owned();
        let mut text = value.attr("value").unwrap_or_default().to_owned();
        match kind.as_str() {
            "input" => {
                kind = value.attr("type").unwrap_or("text").to_ascii_lowercase();
                if kind == "file" {
                    out.multipart |= out.method == "POST";
                }
            }
            "textarea" => text = element.text().collect(),
            "select" => text = selected_option(element),
            _ => kind = value.attr("type").unwrap_or("submit").to_ascii_lowercase(),
        }
        out.submits |= matches!(kind.as_str(), "submit" | "image");
        let skip = name.is_empty()
            || matches!(kind.as_str(), "reset" | "button" | "image")
            || kind == "radio" && out.fields.iter().any(|field| field.name == name);
        if !skip {
            out.fields.push(Field { name, kind, value: text });
        }
    }
    out
}

fn selected_option(select: ElementRef<'_>) -> String {
    let value = |option: ElementRef<'_>| {
        let own = option.value().attr("value").map(str::to_owned);
        own.unwrap_or_else(|| option.text().collect::<String>().trim().to_owned())
    };
    let selected = select.select(&selector("option[selected]")).next();
    selected.or_else(|| select.select(&selector("option")).next()).map(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_links_forms_and_scripts() {
        let page = parse(
            r#"<base href="/b/"><meta http-equiv=Refresh content="3; URL='/next'"><a href=x>x</a>
            <!-- /old --><script src=a.js></script><script>go("/api")</script>
            <form action=/save method=post><input name=a value=1><input type=submit name=go value=ok>
            <select name=s><option>one<option value=2 selected>two</select><textarea name=t>hi</textarea>
            <input type=radio name=r value=1><input type=radio name=r value=2></form>"#,
        );
        assert_eq!(page.base.as_deref(), Some("/b/"));
        assert_eq!(page.links, ["/next", "x"]);
        assert_eq!(page.comments, [" /old "]);
        assert_eq!((page.script_sources.len(), page.scripts.len()), (1, 1));
        let fields: Vec<_> = page.forms[0].fields.iter().map(|f| (&*f.name, &*f.value)).collect();
        assert_eq!(fields, [("a", "1"), ("go", "ok"), ("s", "2"), ("t", "hi"), ("r", "1")]);
        assert!(page.forms[0].submits);
    }

    #[test]
    fn refresh_addresses_are_read_as_browsers_do() {
        for (content, target) in [
            ("3; URL='/next'", Some("/next")),
            ("0;/next", Some("/next")),
            ("0, url = /next", Some("/next")),
            ("5", None),
        ] {
            assert_eq!(refresh_target(content).as_deref(), target, "{content}");
        }
    }

    #[test]
    fn links_in_headers_are_read() {
        let value = "</p?page=2>; rel=\"next\", </style.css>; rel=preload, <https://b.test/x>; rel=prev, <";
        assert_eq!(link_targets(value), ["/p?page=2", "https://b.test/x"]);
    }

    #[test]
    fn deep_nesting_does_not_overflow() {
        let text = "<a href=/x>".to_owned() + &"<div>".repeat(100_000);
        assert_eq!(parse(&text).links.len(), 1);
    }
}
