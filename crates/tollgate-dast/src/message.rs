//! Requests before they are sent and answers after they came.

use std::borrow::Cow;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::scope::{InScopeUrl, Scope};

/// What may stand unencoded in a query or a form: the unreserved characters.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What cannot stand in a cookie as it is.
const COOKIE: &AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%').add(b'+');

/// A request that can be sent, and changed at its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub(crate) method: String,
    pub(crate) url: InScopeUrl,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) body: Body,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Empty,
    Form(Vec<(String, String)>),
    Multipart(Vec<Part>),
    Json(Value),
    Text { content_type: String, text: String },
}

/// A part of a `multipart/form-data` body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Name of the file for file fields.
    pub(crate) file: Option<String>,
    pub(crate) value: String,
}

impl Template {
    pub(crate) fn get(url: InScopeUrl) -> Self {
        Self { method: "GET".into(), url, headers: Vec::new(), cookies: Vec::new(), body: Body::Empty }
    }

    pub(crate) fn with_body(method: &str, url: InScopeUrl, body: Body) -> Self {
        Self { method: method.into(), url, headers: Vec::new(), cookies: Vec::new(), body }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(have, _)| !have.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The query as decoded pairs.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        self.url.url().query_pairs().into_owned().collect()
    }

    /// The same request with another query; `None` where the scope no longer admits it.
    pub(crate) fn with_query(&self, scope: &Scope, pairs: &[(String, String)]) -> Option<Self> {
        let mut url = self.url.url().clone();
        url.set_query((!pairs.is_empty()).then(|| encode_pairs(pairs)).as_deref());
        Some(Self { url: scope.admit(&url).ok()?, ..self.clone() })
    }

    /// The body as bytes, with its content type.
    pub(crate) fn encoded_body(&self) -> Option<(Cow<'_, str>, Vec<u8>)> {
        match &self.body {
            Body::Empty => None,
            Body::Form(pairs) => {
                Some(("application/x-www-form-urlencoded".into(), encode_pairs(pairs).into_bytes()))
            }
            Body::Json(value) => Some(("application/json".into(), value.to_string().into_bytes())),
            Body::Text { content_type, text } => {
                Some((content_type.as_str().into(), text.clone().into_bytes()))
            }
            Body::Multipart(parts) => {
                Some((format!("multipart/form-data; boundary={BOUNDARY}").into(), encode_parts(parts)))
            }
        }
    }
}

const BOUNDARY: &str = "----tollgate-boundary-7f93ab21";

fn encode_parts(parts: &[Part]) -> Vec<u8> {
    let clean = |text: &str| text.replace(['"', '\r', '\n'], "_");
    let mut out = String::new();
    for part in parts {
        out += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"", clean(&part.name));
        if let Some(file) = &part.file {
            out += &format!("; filename=\"{}\"\r\nContent-Type: text/plain", clean(file));
        }
        out += &format!("\r\n\r\n{}\r\n", part.value);
    }
    out += &format!("--{BOUNDARY}--\r\n");
    out.into_bytes()
}

pub(crate) fn encode_pairs(pairs: &[(String, String)]) -> String {
    let encoded: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    encoded.join("&")
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

pub(crate) fn encode_cookie(text: &str) -> String {
    utf8_percent_encode(text, COOKIE).to_string()
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text, invalid bytes replaced.
    pub(crate) body: String,
    /// Whether the body went on past the cap.
    pub(crate) truncated: bool,
    /// Time from sending to the last byte read.
    pub(crate) elapsed: Duration,
}

impl Answer {
    /// A whole answer nobody sent, with status 200.
    pub(crate) fn made_up(headers: &[(&str, &str)], body: &str) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            status: 200,
            headers: headers.iter().map(own).collect(),
            body: body.to_owned(),
            truncated: false,
            elapsed: Duration::ZERO,
        }
    }

    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The media type in lower case, without parameters.
    pub(crate) fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Whether a browser would run markup in it.
    pub(crate) fn is_html(&self) -> bool {
        let media = self.media_type();
        matches!(media.as_str(), "text/html" | "application/xhtml+xml" | "image/svg+xml")
            || media.is_empty() && looks_like_html(&self.body)
    }

    pub(crate) fn is_script(&self) -> bool {
        let media = self.media_type();
        media.contains("javascript") || media.contains("ecmascript")
    }

    pub(crate) fn is_json(&self) -> bool {
        let media = self.media_type();
        media == "application/json" || media.ends_with("+json")
    }

    pub(crate) fn is_text(&self) -> bool {
        let media = self.media_type();
        media.is_empty()
            || media.starts_with("text/")
            || ["json", "xml", "javascript", "yaml", "x-www-form"].iter().any(|part| media.contains(part))
    }

    pub(crate) const fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }

    pub(crate) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

fn looks_like_html(body: &str) -> bool {
    let start: String = body.trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}
