//! Scanners of running applications.

use serde_json::Value;
use tollgate_core::dynamic::{Exchange, Request, Response};
use tollgate_core::{Confidence, Severity, Subject};

use super::{Found, Gathering};
use crate::sarif::read::lenient::{as_text, list, number, str_of, text};
use crate::sarif::read::result::{endpoint, is_credential};
use crate::sarif::read::rule::severity_word;

/// Instances of one alert that are taken.
const MAX_INSTANCES: usize = 1_000;
/// Bytes of a body that are kept.
const MAX_BODY: usize = 4_000;

/// ZAP's traditional JSON report, with or without requests and responses.
pub(super) fn zap(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let mut gathering = Gathering::new("ZAP", text(document, "@version"), "https://www.zaproxy.org", file);
    let sites = match document.get("site") {
        Some(Value::Array(sites)) => sites.as_slice(),
        Some(site) => std::slice::from_ref(site),
        None => &[],
    };
    for alert in sites.iter().flat_map(|site| list(site, "alerts")) {
        let instances = list(alert, "instances");
        gathering.outcome.coverage.examined += instances.len() as u64;
        if instances.len() > MAX_INSTANCES {
            gathering.warn(format!("only the first {MAX_INSTANCES} instances of an alert are taken"));
        }
        for instance in instances.iter().take(MAX_INSTANCES) {
            gathering.take(zap_instance(alert, instance));
        }
    }
    gathering.finish()
}

fn zap_instance(alert: &Value, instance: &Value) -> Option<Found> {
    let method = text(instance, "method").filter(|m| !m.is_empty()).unwrap_or_else(|| "GET".to_owned());
    let url = text(instance, "uri")?;
    let part = |key: &str| text(instance, key).unwrap_or_default();
    let (_, request_headers) = head(&part("request-header"));
    let (status, response_headers) = head(&part("response-header"));
    let exchange = Exchange {
        request: Request {
            method: method.clone(),
            url: url.clone(),
            headers: request_headers,
            body: cut(part("request-body")),
        },
        response: status.map(|status| Response {
            status,
            headers: response_headers,
            body: cut(part("response-body")),
        }),
    };
    let found = endpoint(method, url, text(instance, "param"), text(instance, "evidence"), exchange);
    let name = text(alert, "name").or_else(|| text(alert, "alert")).unwrap_or_default();
    let id = text(alert, "alertRef").or_else(|| text(alert, "pluginid"))?;
    let risk = text(alert, "riskcode").and_then(|code| {
        Some(match code.as_str() {
            "3" => Severity::High,
            "2" => Severity::Medium,
            "1" => Severity::Low,
            "0" => Severity::Info,
            _ => return None,
        })
    });
    let mut found = Found::new(&id, &name, Subject::Endpoint(Box::new(found)))?
        .rated(None, risk)
        .cwes(text(alert, "cweid"))
        .references(
            unmarked(&text(alert, "reference").unwrap_or_default()).split_whitespace().map(str::to_owned),
        );
    found.confidence = match text(alert, "confidence").as_deref() {
        Some("0" | "1") => Confidence::Low,
        Some("3") => Confidence::High,
        Some("4") => Confidence::Confirmed,
        _ => Confidence::Medium,
    };
    let description = unmarked(&text(alert, "desc").unwrap_or_default());
    found.help = format!("{description}\n\n{}", unmarked(&text(alert, "solution").unwrap_or_default()))
        .trim()
        .to_owned();
    if !description.is_empty() {
        found.message = format!("{}. {description}", found.title.trim_end_matches('.'));
    }
    Some(found)
}

/// Text out of ZAP's paragraphs of HTML.
fn unmarked(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        match rest[open..].find('>') {
            Some(close) => {
                text.push(' ');
                rest = &rest[open + close + 1..];
            }
            None => {
                text.push_str(&rest[open..]);
                rest = "";
            }
        }
    }
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Nuclei's JSON, one object to a line or all in a list.
pub(super) fn nuclei(document: &Value, file: &str) -> tollgate_core::ScannerOutcome {
    let mut gathering = Gathering::new("Nuclei", None, "https://docs.projectdiscovery.io/tools/nuclei", file);
    let entries = match document {
        Value::Array(entries) => entries.as_slice(),
        one => std::slice::from_ref(one),
    };
    for entry in entries.iter().filter(|entry| entry.get("matcher-status") != Some(&Value::Bool(false))) {
        gathering.outcome.coverage.examined += 1;
        gathering.take(nuclei_entry(entry));
    }
    gathering.finish()
}

fn nuclei_entry(entry: &Value) -> Option<Found> {
    let info = entry.get("info").unwrap_or(&Value::Null);
    // Checks that are no request, such as those of a name server, name no place.
    let url =
        ["matched-at", "matched", "host", "url"].iter().find_map(|key| text(entry, key)).unwrap_or_default();
    let (request_head, request_body) = message(&text(entry, "request").unwrap_or_default());
    let (response_head, response_body) = message(&text(entry, "response").unwrap_or_default());
    let method =
        request_head.split(' ').next().filter(|m| !m.is_empty() && m.bytes().all(|b| b.is_ascii_uppercase()));
    let method = method.unwrap_or("GET").to_owned();
    let (status, response_headers) = head(&response_head);
    let exchange = Exchange {
        request: Request {
            method: method.clone(),
            url: url.clone(),
            headers: head(&request_head).1,
            body: cut(request_body),
        },
        response: status.map(|status| Response {
            status,
            headers: response_headers,
            body: cut(response_body),
        }),
    };
    let marker = list(entry, "extracted-results").iter().find_map(as_text);
    let subject = endpoint(method, url, None, marker, exchange);
    let class = info.get("classification").unwrap_or(&Value::Null);
    let cwes = match class.get("cwe-id") {
        Some(Value::Array(cwes)) => cwes.iter().filter_map(as_text).collect(),
        other => other.and_then(as_text).into_iter().collect::<Vec<_>>(),
    };
    let references = match info.get("reference") {
        Some(Value::Array(urls)) => urls.iter().filter_map(as_text).collect(),
        other => other.and_then(as_text).into_iter().collect::<Vec<_>>(),
    };
    let id = text(entry, "template-id").or_else(|| text(entry, "templateID"))?;
    let mut found =
        Found::new(&id, &text(info, "name").unwrap_or_default(), Subject::Endpoint(Box::new(subject)))?
            .rated(class.get("cvss-score").and_then(number), str_of(info, "severity").and_then(severity_word))
            .cwes(cwes)
            .references(references);
    found.confidence = Confidence::High;
    found.help = text(info, "description").unwrap_or_default();
    if let Some(matcher) = text(entry, "matcher-name").filter(|name| !name.is_empty()) {
        found.message = format!("{} ({matcher})", found.message);
    }
    Some(found)
}

/// Head and body of a raw HTTP message.
fn message(raw: &str) -> (String, String) {
    let split = raw.split_once("\r\n\r\n").or_else(|| raw.split_once("\n\n"));
    split.map_or_else(|| (raw.to_owned(), String::new()), |(head, body)| (head.to_owned(), body.to_owned()))
}

/// Status, where the head is that of a response, and headers without credentials.
fn head(raw: &str) -> (Option<u16>, Vec<(String, String)>) {
    let mut lines = raw.lines();
    let first = lines.next().unwrap_or_default();
    let status = first.strip_prefix("HTTP/").and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(':')).map(|(name, value)| {
        let (name, value) = (name.trim(), value.trim());
        (name.to_owned(), if is_credential(name) { "[redacted]".to_owned() } else { value.to_owned() })
    });
    (status, headers.collect())
}

fn cut(mut body: String) -> String {
    if body.len() > MAX_BODY {
        body.truncate(body.floor_char_boundary(MAX_BODY));
        body.push('…');
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        assert_eq!(unmarked("<p>a &lt;b&gt;</p><p>c &amp;lt;</p>"), "a <b> c &lt;");
        assert_eq!(unmarked("a < b"), "a < b");
    }
}
