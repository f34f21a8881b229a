//! What a report shows of a request and its answer: shortened to the decisive part, credentials left out.

use tollgate_core::dynamic::{Exchange, Request, Response};

use crate::client::Credentials;
use crate::message::{Answer, Template};

/// Longest excerpt of a body, in characters.
const EXCERPT: usize = 600;

/// Headers whose values are never shown.
const SECRET_HEADERS: [&str; 6] =
    ["authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token", "set-cookie"];

/// An exchange for the report. `marker` is the stretch of the answer that decides.
pub(crate) fn exchange(
    template: &Template,
    with: &Credentials,
    answer: Option<&Answer>,
    marker: Option<&str>,
) -> Exchange {
    let mut headers: Vec<(String, String)> = template.headers.clone();
    let body = template.encoded_body();
    if let Some((content_type, _)) = &body {
        headers.push(("content-type".into(), content_type.to_string()));
    }
    for (name, value) in &template.cookies {
        headers.push(("cookie".into(), format!("{name}={value}")));
    }
    for (name, _) in &with.headers {
        headers.push((name.clone(), "[redacted]".into()));
    }
    for (name, _) in &with.cookies {
        if !template.cookies.iter().any(|(have, _)| have == name) {
            headers.push(("cookie".into(), format!("{name}=[redacted]")));
        }
    }
    let text = body.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    Exchange {
        request: Request {
            method: template.method.clone(),
            url: template.url.to_string(),
            headers,
            body: shorten(&text, None),
        },
        response: answer.map(|answer| Response {
            status: answer.status,
            headers: answer.headers.iter().filter(|(name, _)| shown(name)).cloned().collect(),
            body: shorten(&answer.body, marker),
        }),
    }
}

/// Times and connection details differ between two runs and prove nothing.
fn shown(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !SECRET_HEADERS.contains(&lower.as_str())
        && !matches!(lower.as_str(), "date" | "connection" | "keep-alive" | "content-length" | "etag" | "age")
}

/// The part of a body around the marker.
pub(crate) fn shorten(body: &str, marker: Option<&str>) -> String {
    let at = marker.and_then(|marker| body.find(marker)).unwrap_or(0);
    let start = body.floor_char_boundary(at.saturating_sub(EXCERPT / 3));
    let end = body.floor_char_boundary((start + EXCERPT).min(body.len()));
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    out += &body[start..end];
    if end < body.len() {
        out.push('…');
    }
    out
}

/// A `curl` line that replays the request; credentials become shell variables.
pub(crate) fn curl(template: &Template, with: &Credentials) -> String {
    let mut out = String::from("curl -i --path-as-is");
    if template.method != "GET" {
        out += &format!(" -X {}", template.method);
    }
    for (name, value) in &template.headers {
        out += &format!(" -H {}", quote(&format!("{name}: {value}")));
    }
    for (name, _) in &with.headers {
        out += &format!(" -H \"{name}: ${}\"", variable(name));
    }
    let mut cookies: Vec<String> =
        template.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let secret =
        with.cookies.iter().filter(|(name, _)| !template.cookies.iter().any(|(have, _)| have == name));
    let secret: Vec<String> = secret.map(|(name, _)| format!("{name}=${}", variable(name))).collect();
    if !secret.is_empty() {
        out += &format!(" -b \"{}\"", secret.join("; "));
    }
    if !cookies.is_empty() {
        cookies.sort();
        out += &format!(" -b {}", quote(&cookies.join("; ")));
    }
    if let Some((content_type, bytes)) = template.encoded_body() {
        out += &format!(" -H {}", quote(&format!("Content-Type: {content_type}")));
        out += &format!(" --data-binary {}", quote(&String::from_utf8_lossy(&bytes)));
    }
    out += &format!(" {}", quote(template.url.as_str()));
    out
}

fn variable(name: &str) -> String {
    let word: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("TOLLGATE_{word}")
}

/// The text in single quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Body;
    use crate::scope::Scope;
    use crate::settings::ScopeSettings;

    #[test]
    fn credentials_never_show() {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let template =
            Template::with_body("POST", scope.target(), Body::Form(vec![("q".into(), "it's".into())]));
        let with = Credentials {
            headers: vec![("Authorization".into(), "Bearer hunter2".into())],
            cookies: vec![("sid".into(), "hunter2".into())],
        };
        let line = curl(&template, &with);
        assert_eq!(
            line,
            "curl -i --path-as-is -X POST -H \"Authorization: $TOLLGATE_AUTHORIZATION\" -b \"sid=$TOLLGATE_SID\" \
             -H 'Content-Type: application/x-www-form-urlencoded' --data-binary 'q=it%27s' 'http://app.test/'"
        );
        let shown = format!("{:?}", exchange(&template, &with, None, None));
        assert!(!shown.contains("hunter2"));
    }

    #[test]
    fn the_excerpt_holds_the_marker() {
        let body = "ü".repeat(2_000) + "MARK" + &"x".repeat(2_000);
        assert!(shorten(&body, Some("MARK")).contains("MARK"));
        assert!(shorten(&body, Some("MARK")).len() < 700);
    }
}
