//! Results in the tools' own formats, as SARIF.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Format;

/// The result as SARIF. What is SARIF already stays as it is.
pub(super) fn to_sarif(format: Format, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let report = match format {
        Format::Sarif => return Ok(bytes.to_vec()),
        Format::ZapJson => zap(&parse(bytes)?),
        Format::WapitiJson => wapiti(&parse(bytes)?),
        Format::NiktoJson => nikto(&parse(bytes)?),
        Format::SqlmapCsv => sqlmap(bytes),
    }?;
    serde_json::to_vec(&report.into_sarif()).map_err(|error| error.to_string())
}

fn parse(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// What all of them say in the end.
#[derive(Debug, Default)]
struct Report {
    tool: &'static str,
    version: Option<String>,
    homepage: &'static str,
    rules: BTreeMap<String, Rule>,
    results: Vec<Found>,
}

#[derive(Debug, Default)]
struct Rule {
    summary: String,
    help: String,
    cwes: Vec<u32>,
}

#[derive(Debug, Default)]
struct Found {
    rule: String,
    /// On the scale of CVSS.
    score: &'static str,
    message: String,
    url: String,
    method: String,
    parameter: Option<String>,
    evidence: Option<String>,
}

impl Report {
    fn into_sarif(self) -> Value {
        let tags = |cwes: &[u32]| -> Vec<String> {
            std::iter::once("security".to_owned())
                .chain(cwes.iter().map(|cwe| format!("external/cwe/cwe-{cwe:03}")))
                .collect()
        };
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|(id, rule)| {
                json!({
                    "id": id,
                    "shortDescription": {"text": rule.summary},
                    "help": {"text": if rule.help.is_empty() { &rule.summary } else { &rule.help }},
                    "properties": {"tags": tags(&rule.cwes)},
                })
            })
            .collect();
        let results: Vec<Value> = self
            .results
            .iter()
            .map(|found| {
                let level = match found.score {
                    "8.0" | "9.5" => "error",
                    "5.5" => "warning",
                    _ => "note",
                };
                let mut properties = json!({
                    "security-severity": found.score,
                    "url": found.url,
                    "method": found.method,
                });
                if let Some(parameter) = &found.parameter {
                    properties["parameter"] = json!(parameter);
                }
                if let Some(evidence) = &found.evidence {
                    properties["evidence"] = json!(evidence);
                }
                json!({
                    "ruleId": found.rule,
                    "level": level,
                    "message": {"text": found.message},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": found.url}}}],
                    "webRequest": {"method": found.method, "target": found.url},
                    "properties": properties,
                })
            })
            .collect();
        let mut driver = json!({"name": self.tool, "informationUri": self.homepage, "rules": rules});
        if let Some(version) = self.version {
            driver["version"] = json!(version);
        }
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "results": results}],
        })
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// ZAP writes some texts as paragraphs of HTML.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

fn zap(report: &Value) -> Result<Report, String> {
    if !report.get("site").is_some_and(Value::is_array) {
        return Err("it has no `site`".to_owned());
    }
    let mut out = Report {
        tool: "ZAP",
        version: report.get("@version").and_then(Value::as_str).and_then(filled),
        homepage: "https://www.zaproxy.org/",
        ..Report::default()
    };
    for alert in list(report, "site").iter().flat_map(|site| list(site, "alerts")) {
        let id = filled(text(alert, "alertRef")).unwrap_or_else(|| text(alert, "pluginid").to_owned());
        let name = filled(text(alert, "name")).unwrap_or_else(|| text(alert, "alert").to_owned());
        let cwes = text(alert, "cweid").parse().into_iter().filter(|cwe| *cwe > 0).collect();
        let help = format!("{}\n\n{}", plain(text(alert, "desc")), plain(text(alert, "solution")));
        out.rules.insert(id.clone(), Rule { summary: name.clone(), help: help.trim().to_owned(), cwes });
        let score = match text(alert, "riskcode") {
            "3" => "8.0",
            "2" => "5.5",
            "1" => "3.0",
            _ => "0.0",
        };
        // A confidence of 0 is ZAP's word for a false alarm.
        if text(alert, "confidence") == "0" {
            continue;
        }
        for instance in list(alert, "instances") {
            out.results.push(Found {
                rule: id.clone(),
                score,
                message: name.clone(),
                url: text(instance, "uri").to_owned(),
                method: text(instance, "method").to_owned(),
                parameter: filled(text(instance, "param")),
                evidence: filled(text(instance, "evidence")).or_else(|| filled(text(instance, "attack"))),
            });
        }
    }
    Ok(out)
}

fn wapiti(report: &Value) -> Result<Report, String> {
    let (Some(infos), Some(_)) = (report.get("infos"), report.get("vulnerabilities")) else {
        return Err("it has no `infos` or no `vulnerabilities`".to_owned());
    };
    let mut out = Report {
        tool: "Wapiti",
        version: text(infos, "version").split_whitespace().last().and_then(filled),
        homepage: "https://wapiti-scanner.github.io/",
        ..Report::default()
    };
    let target = text(infos, "target").trim_end_matches('/');
    let root = origin(target);
    for kind in ["vulnerabilities", "anomalies"] {
        let groups = report.get(kind).and_then(Value::as_object);
        for (name, flaws) in groups.into_iter().flatten() {
            for flaw in flaws.as_array().into_iter().flatten() {
                let id = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
                let about = report.get("classifications").and_then(|all| all.get(name));
                let help = about.map(|about| format!("{}\n\n{}", text(about, "desc"), text(about, "sol")));
                let help = help.unwrap_or_default().trim().to_owned();
                let cwes = cwes_in(&about.map(Value::to_string).unwrap_or_default());
                out.rules.insert(id.clone(), Rule { summary: name.clone(), help, cwes });
                let score = match flaw.get("level").and_then(Value::as_i64) {
                    Some(4..) => "9.5",
                    Some(3) => "8.0",
                    Some(2) => "5.5",
                    Some(1) => "3.0",
                    _ => "0.0",
                };
                let path = text(flaw, "path");
                out.results.push(Found {
                    rule: id,
                    score,
                    message: filled(text(flaw, "info")).unwrap_or_else(|| name.clone()),
                    url: if path.starts_with('/') { format!("{root}{path}") } else { path.to_owned() },
                    method: text(flaw, "method").to_owned(),
                    parameter: filled(text(flaw, "parameter")),
                    evidence: filled(text(flaw, "curl_command")),
                });
            }
        }
    }
    Ok(out)
}

/// `scheme://host:port` of a URL.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find('/').map_or(url, |end| &url[..start + end])
}

fn cwes_in(text: &str) -> Vec<u32> {
    let mut cwes: Vec<u32> = text
        .match_indices("CWE-")
        .filter_map(|(at, _)| {
            let digits = &text[at + 4..];
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            digits[..end].parse().ok()
        })
        .collect();
    cwes.sort_unstable();
    cwes.dedup();
    cwes
}

fn nikto(report: &Value) -> Result<Report, String> {
    let hosts: Vec<&Value> = match report {
        Value::Array(hosts) => hosts.iter().collect(),
        Value::Object(_) => vec![report],
        _ => return Err("it is no list of hosts".to_owned()),
    };
    let mut out = Report { tool: "Nikto", homepage: "https://cirt.net/Nikto2", ..Report::default() };
    for host in hosts {
        let port = host.get("port").map(|port| port.to_string().replace('"', "")).unwrap_or_default();
        let scheme = if port == "443" { "https" } else { "http" };
        let name = text(host, "host");
        for flaw in list(host, "vulnerabilities") {
            let id = flaw.get("id").map(|id| id.to_string().replace('"', "")).unwrap_or_default();
            let message = text(flaw, "msg").to_owned();
            let references = text(flaw, "references").to_owned();
            out.rules.entry(id.clone()).or_insert_with(|| Rule {
                summary: message.clone(),
                cwes: cwes_in(&references),
                help: references,
            });
            let path = text(flaw, "url");
            let slash = if path.starts_with('/') { "" } else { "/" };
            out.results.push(Found {
                rule: id,
                // Nikto does not say how bad.
                score: "3.0",
                message,
                url: if path.contains("://") {
                    path.to_owned()
                } else {
                    format!("{scheme}://{name}:{port}{slash}{path}")
                },
                method: filled(text(flaw, "method")).unwrap_or_else(|| "GET".to_owned()),
                ..Found::default()
            });
        }
    }
    Ok(out)
}

/// Columns: target URL, place, parameter, techniques, notes.
fn sqlmap(bytes: &[u8]) -> Result<Report, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    if !lines.next().is_some_and(|head| head.starts_with("Target URL,")) {
        return Err("its first line is not the head of sqlmap's table".to_owned());
    }
    let mut out = Report { tool: "sqlmap", homepage: "https://sqlmap.org/", ..Report::default() };
    let rule = "sql-injection".to_owned();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let fields = csv_fields(line);
        let field = |index: usize| fields.get(index).map(String::as_str).unwrap_or_default();
        // A target without a finding has a row without a parameter.
        if field(2).is_empty() {
            continue;
        }
        let summary = "SQL injection".to_owned();
        out.rules.entry(rule.clone()).or_insert_with(|| Rule {
            summary,
            help: String::new(),
            cwes: vec![89],
        });
        out.results.push(Found {
            rule: rule.clone(),
            score: "9.5",
            message: format!(
                "SQL injection in {} parameter `{}`, techniques {}",
                field(1),
                field(2),
                field(3)
            ),
            url: field(0).to_owned(),
            method: if field(1) == "POST" { "POST" } else { "GET" }.to_owned(),
            parameter: filled(field(2)),
            evidence: filled(field(4)),
        });
    }
    Ok(out)
}

fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let last = fields.last_mut().expect("there is always a field");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                last.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => last.push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(rule, severity, URL, parameter)` of each result.
    fn check(format: Format, text: &str, expected: &[(&str, &str, &str, &str)]) {
        let sarif: Value = serde_json::from_slice(&to_sarif(format, text.as_bytes()).unwrap()).unwrap();
        let seen: Vec<(&str, &str, &str, &str)> = list(&sarif["runs"][0], "results")
            .iter()
            .map(|result| {
                let properties = &result["properties"];
                let url =
                    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                let parameter = properties["parameter"].as_str().unwrap_or_default();
                (text_of(result, "ruleId"), text_of(properties, "security-severity"), url, parameter)
            })
            .collect();
        assert_eq!(seen, expected);
    }

    fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
        super::text(value, key)
    }

    #[test]
    fn reports_become_sarif() {
        check(
            Format::ZapJson,
            r#"{"@version": "2.16", "site": [{"alerts": [
                {"pluginid": "40012", "alertRef": "40012", "name": "Reflected", "riskcode": "3", "confidence": "2",
                 "cweid": "79", "desc": "<p>Bad</p>", "instances": [{"uri": "http://app/x", "method": "GET", "param": "q"}]},
                {"pluginid": "1", "name": "Not so", "riskcode": "3", "confidence": "0", "instances": [{"uri": "http://app/"}]}
            ]}]}"#,
            &[("40012", "8.0", "http://app/x", "q")],
        );
        check(
            Format::WapitiJson,
            r#"{"infos": {"target": "http://app:80/base/", "version": "Wapiti 3.2.2"},
                "classifications": {"SQL Injection": {"desc": "d", "sol": "s", "ref": {"CWE-89: x": "http://x"}}},
                "vulnerabilities": {"SQL Injection": [{"method": "GET", "path": "/p", "info": "i", "level": 4, "parameter": "id"}]},
                "anomalies": {"Internal Server Error": [{"method": "GET", "path": "/q", "info": "i", "level": 1}]}}"#,
            &[
                ("sql-injection", "9.5", "http://app:80/p", "id"),
                ("internal-server-error", "3.0", "http://app:80/q", ""),
            ],
        );
        check(
            Format::NiktoJson,
            r#"[{"host": "app", "port": "8080", "vulnerabilities": [{"id": "999", "url": "/x", "method": "GET", "msg": "m"}]}]"#,
            &[("999", "3.0", "http://app:8080/x", "")],
        );
        check(
            Format::SqlmapCsv,
            "Target URL,Place,Parameter,Technique(s),Note(s)\n\"http://app/?a=1,2\",GET,id,BT,\nhttp://app/b,,,,\n",
            &[("sql-injection", "9.5", "http://app/?a=1,2", "id")],
        );
    }

    #[test]
    fn what_is_no_report_is_an_error() {
        for (format, _) in Format::ALL.into_iter().filter(|(format, _)| *format != Format::Sarif) {
            assert!(to_sarif(format, b"").is_err(), "{format:?}");
            assert!(to_sarif(format, b"\"text\"").is_err(), "{format:?}");
        }
    }
}
