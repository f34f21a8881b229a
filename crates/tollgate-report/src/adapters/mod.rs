//! The native JSON of tools that have no good SARIF: npm audit, cargo audit, pip-audit, Trivy, ZAP, Nuclei
//! and gitleaks.
//!
//! A tool is told by the shape of its output, never by the name of the file. What an entry lacks is left
//! out; an entry that cannot be understood is named and makes the outcome incomplete.

mod gitleaks;
mod packages;
mod trivy;
mod web;

use std::io::{Read, Seek, SeekFrom};

use serde_json::Value;
use tollgate_core::outcome::ToolInfo;
use tollgate_core::{
    CodeFinding, Confidence, Cwe, Diagnostic, DiagnosticLevel, Finding, Region, RepoPath, RuleId, RuleMeta,
    ScannerId, ScannerOutcome, Score, Severity, SourceLocation, Subject,
};

use crate::sarif::read::rule::rule_id;
use crate::sarif::read::{ImportedReport, ReadError, ReadOptions, read_sarif};

/// The largest native report that is read.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// Reads a report of any kind: SARIF, Tollgate's own, or the native JSON of a known tool.
///
/// # Errors
/// When the reader fails or the file is none of these.
pub fn read_report<R: Read + Seek>(
    mut reader: R,
    options: &ReadOptions<'_>,
) -> Result<ImportedReport, ReadError> {
    let io_error = |source| ReadError::Io { name: options.name.to_owned(), source };
    let not_sarif = match read_sarif(&mut reader, options) {
        Err(error @ ReadError::NotSarif { .. }) => error,
        other => return other,
    };
    reader.seek(SeekFrom::Start(0)).map_err(io_error)?;
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES).read_to_end(&mut bytes).map_err(io_error)?;
    let Some(mut outcome) = native(&bytes, options.name) else { return Err(not_sarif) };
    let mut dropped = 0;
    if let Some(keep) = options.keep {
        let before = outcome.findings.len();
        outcome.findings.retain(keep);
        dropped = (before - outcome.findings.len()) as u64;
    }
    Ok(ImportedReport { outcomes: vec![outcome], dropped, ..ImportedReport::default() })
}

/// The outcome in the native output of a known tool; `None` for anything else.
fn native(bytes: &[u8], file: &str) -> Option<ScannerOutcome> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document = match serde_json::from_slice::<Value>(bytes) {
        Ok(document) => document,
        // One JSON object to a line.
        Err(_) => {
            let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
            let values = lines.map(serde_json::from_slice).collect::<Result<Vec<Value>, _>>().ok()?;
            Value::Array((!values.is_empty()).then_some(values)?)
        }
    };
    let has = |key: &str| document.get(key).is_some();
    let first = |key: &str| document.get(0).is_some_and(|entry| entry.get(key).is_some());
    let audited = |entry: &Value| entry.get("vulns").is_some() || entry.get("skip_reason").is_some();
    let is_pip = |dependencies: &Value| dependencies.as_array().is_some_and(|all| all.iter().all(audited));
    if has("auditReportVersion") || has("advisories") && has("metadata") {
        Some(packages::npm_audit(&document, file))
    } else if has("lockfile") && has("vulnerabilities") {
        Some(packages::cargo_audit(&document, file))
    } else if document.get("dependencies").is_some_and(is_pip) || first("vulns") {
        Some(packages::pip_audit(&document, file))
    } else if has("SchemaVersion") && (has("Results") || has("ArtifactName"))
        || has("ClusterName")
        || first("Target")
    {
        Some(trivy::trivy(&document, file))
    } else if has("site") && (has("@version") || has("@programName") || has("@generated")) {
        Some(web::zap(&document, file))
    } else if ["template-id", "templateID"].iter().any(|key| first(key) || has(key)) {
        Some(web::nuclei(&document, file))
    } else if first("RuleID") && first("StartLine") || first("offender") && first("rule") {
        Some(gitleaks::gitleaks(&document, file))
    } else if document.as_array().is_some_and(Vec::is_empty) && !bytes.is_empty() {
        // Some tools write this when they find nothing.
        let mut outcome = ScannerOutcome::empty(ScannerId::new("import"));
        let text = format!("{file}: an empty list, from which no tool can be told");
        outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Warning, text));
        Some(outcome)
    } else {
        None
    }
}

/// An outcome as entries come in.
struct Gathering {
    outcome: ScannerOutcome,
    file: String,
    unread: usize,
}

impl Gathering {
    fn new(tool: &str, version: Option<String>, url: &str, file: &str) -> Self {
        let mut outcome = ScannerOutcome::empty(ScannerId::new(&tool.to_lowercase()));
        outcome.tool = Some(ToolInfo { name: tool.to_owned(), version, url: Some(url.to_owned()) });
        Self { outcome, file: file.to_owned(), unread: 0 }
    }

    fn warn(&mut self, message: String) {
        let message = format!("{}: {message}", self.file);
        self.outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Warning, message));
    }

    /// Takes the finding of an entry, or notes that there was none to be read.
    fn take(&mut self, found: Option<Found>) {
        let Some(found) = found else {
            self.unread += 1;
            return;
        };
        let mut meta = RuleMeta::bare(found.rule.clone());
        meta.summary = found.title.clone();
        meta.help = found.help;
        meta.severity = found.severity;
        meta.score = found.score;
        meta.confidence = found.confidence;
        meta.cwes.clone_from(&found.cwes);
        meta.references = found.references;
        self.outcome.findings.push(Finding {
            scanner: self.outcome.scanner.clone(),
            rule: found.rule,
            message: found.message,
            severity: found.severity,
            score: found.score,
            confidence: found.confidence,
            cwes: found.cwes,
            subject: found.subject,
            related: Vec::new(),
            fixes: Vec::new(),
            suppressions: Vec::new(),
        });
        self.outcome.rules.push(meta);
    }

    fn finish(mut self) -> ScannerOutcome {
        if self.unread > 0 {
            let text = format!("{}: {} entries cannot be read", self.file, self.unread);
            self.outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, text));
        }
        self.outcome.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self.outcome.rules.dedup_by(|a, b| a.id == b.id);
        self.outcome
    }
}

/// What an entry tells.
struct Found {
    rule: RuleId,
    title: String,
    message: String,
    help: String,
    severity: Option<Severity>,
    score: Option<Score>,
    confidence: Confidence,
    cwes: Vec<Cwe>,
    references: Vec<String>,
    subject: Subject,
}

impl Found {
    fn new(rule: &str, title: &str, subject: Subject) -> Option<Self> {
        let rule = rule_id(rule)?;
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = if title.is_empty() { rule.to_string() } else { title };
        Some(Self {
            rule,
            message: title.clone(),
            title,
            help: String::new(),
            severity: None,
            score: None,
            confidence: Confidence::Medium,
            cwes: Vec::new(),
            references: Vec::new(),
            subject,
        })
    }

    /// Severity from a score, else from the word.
    fn rated(mut self, score: Option<f64>, word: Option<Severity>) -> Self {
        // A score of nothing is how tools write that there is none.
        self.score = score.filter(|score| *score > 0.0).and_then(Score::new);
        self.severity = word.or_else(|| self.score.map(Score::severity));
        self
    }

    fn cwes(mut self, cwes: impl IntoIterator<Item = String>) -> Self {
        self.cwes =
            cwes.into_iter().filter_map(|text| text.parse().ok()).filter(|cwe: &Cwe| cwe.0 > 0).collect();
        self.cwes.sort_unstable();
        self.cwes.dedup();
        self
    }

    fn references(mut self, urls: impl IntoIterator<Item = String>) -> Self {
        self.references = urls.into_iter().filter(|url| url.starts_with("http")).take(20).collect();
        self
    }
}

/// A place in a file as a tool names it; absolute paths lose what makes them absolute.
fn place(path: &str, line: u32) -> SourceLocation {
    let path = path.replace('\\', "/");
    let path = RepoPath::new(path.trim_start_matches('/')).or_else(|_| RepoPath::new("unknown"));
    let path = path.expect("a plain name is a path");
    SourceLocation::new(path, Region::line(line))
}

fn code(location: SourceLocation, identity: String) -> Subject {
    Subject::Code(Box::new(CodeFinding {
        location,
        scope: Vec::new(),
        identity,
        trace: None,
        sensitive: Vec::new(),
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;

    use super::*;

    fn read(text: &str) -> ScannerOutcome {
        let mut report =
            read_report(Cursor::new(text), &ReadOptions { name: "f", ..ReadOptions::default() }).unwrap();
        report.outcomes.remove(0)
    }

    /// Tool, rule, severity, place and message of the only finding.
    #[track_caller]
    fn check(document: &str, tool: &str, rule: &str, severity: Option<Severity>, at: &str) -> Finding {
        let outcome = read(document);
        assert_eq!(outcome.scanner.as_str(), tool);
        assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
        let [finding] = outcome.findings.as_slice() else { panic!("one finding: {outcome:?}") };
        assert_eq!((finding.rule.as_str(), finding.severity), (rule, severity));
        assert_eq!(crate::table::place(finding), at);
        assert!(outcome.rules.iter().any(|meta| meta.id == finding.rule));
        finding.clone()
    }

    #[test]
    fn npm() {
        let document = json!({"auditReportVersion": 2, "vulnerabilities": {
            "lodash": {"name": "lodash", "severity": "high", "isDirect": true, "range": "<4.17.19",
                "nodes": ["node_modules/lodash"], "fixAvailable": {"name": "lodash", "version": "4.17.21", "isSemVerMajor": false},
                "via": [{"source": 1523, "title": "Prototype Pollution", "url": "https://github.com/advisories/GHSA-p6mc-m468-83gw",
                         "severity": "high", "cwe": ["CWE-1321"], "cvss": {"score": 7.4}, "range": "<4.17.19"}]},
            "grunt": {"name": "grunt", "severity": "high", "via": ["lodash"], "range": "*"},
        }, "metadata": {}});
        let finding = check(
            &document.to_string(),
            "npm audit",
            "GHSA-p6mc-m468-83gw",
            Some(Severity::High),
            "package-lock.json:1",
        );
        assert_eq!(finding.cwes, [Cwe(1321)]);
        let Subject::Package(package) = finding.subject else { panic!() };
        assert_eq!(
            (package.package.as_str(), package.fixed_versions.as_slice()),
            ("lodash", &["4.17.21".to_owned()][..])
        );

        let old = json!({"advisories": {"1": {"module_name": "lodash", "severity": "critical", "title": "T", "url": "https://x",
            "cves": ["CVE-2020-8203"], "cwe": "CWE-1321", "patched_versions": ">=4.17.19",
            "findings": [{"version": "4.17.15", "paths": ["grunt>lodash"]}]}}, "metadata": {}});
        let finding = check(
            &old.to_string(),
            "npm audit",
            "CVE-2020-8203",
            Some(Severity::Critical),
            "package-lock.json:1",
        );
        let Subject::Package(package) = finding.subject else { panic!() };
        assert_eq!(package.purl, "pkg:npm/lodash@4.17.15");
        assert_eq!(package.dependency_paths, [["grunt".to_owned(), "lodash".to_owned()]]);
    }

    #[test]
    fn cargo() {
        let document = json!({"database": {}, "lockfile": {"dependency-count": 9}, "warnings": {}, "vulnerabilities": {
            "found": true, "count": 1, "list": [{
                "advisory": {"id": "RUSTSEC-2021-0003", "package": "smallvec", "title": "Buffer overflow",
                    "description": "Long.", "aliases": ["CVE-2021-25900"], "cvss": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "url": "https://x"},
                "versions": {"patched": [">=0.6.14, <1.0.0", ">=1.6.1"]}, "package": {"name": "smallvec", "version": "1.6.0"}}]}});
        let finding = check(
            &document.to_string(),
            "cargo audit",
            "RUSTSEC-2021-0003",
            Some(Severity::Critical),
            "Cargo.lock:1",
        );
        let Subject::Package(package) = finding.subject else { panic!() };
        assert_eq!(package.fixed_versions, ["0.6.14", "1.6.1"]);
        assert_eq!(package.aliases[0].as_str(), "CVE-2021-25900");
    }

    #[test]
    fn pip() {
        let document = json!({"dependencies": [
            {"name": "flask", "version": "0.5", "vulns": [{"id": "PYSEC-2019-179", "fix_versions": ["1.0"], "aliases": ["CVE-2019-1010083"], "description": "Bad. More."}]},
            {"name": "fine", "version": "1", "vulns": []}], "fixes": []});
        let finding = check(&document.to_string(), "pip-audit", "PYSEC-2019-179", None, "requirements.txt:1");
        assert_eq!(finding.message, "Bad. More.");
        let skipped = json!({"dependencies": [{"name": "x", "skip_reason": "not on PyPI"}], "fixes": []});
        assert_eq!(read(&skipped.to_string()).diagnostics.len(), 1);
    }

    #[test]
    fn trivy() {
        let results =
            |part: Value| json!({"SchemaVersion": 2, "ArtifactName": ".", "Results": [part]}).to_string();
        let finding = check(
            &results(
                json!({"Target": "web/package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": [{
                "VulnerabilityID": "CVE-2020-8203", "PkgName": "lodash", "InstalledVersion": "4.17.15", "FixedVersion": "4.17.19",
                "PkgIdentifier": {"PURL": "pkg:npm/lodash@4.17.15"}, "Severity": "HIGH", "Title": "T", "CweIDs": ["CWE-1321"],
                "CVSS": {"nvd": {"V3Score": 7.4}}, "PrimaryURL": "https://x"}]}),
            ),
            "trivy",
            "CVE-2020-8203",
            Some(Severity::High),
            "web/package-lock.json:1",
        );
        assert_eq!(finding.score, Score::new(7.4));
        check(
            &results(json!({"Target": "Dockerfile", "Class": "config", "Misconfigurations": [
                {"ID": "DS002", "Title": "root", "Message": "m", "Severity": "LOW", "Status": "FAIL", "CauseMetadata": {"StartLine": 3}},
                {"ID": "DS003", "Status": "PASS"}]})),
            "trivy",
            "DS002",
            Some(Severity::Low),
            "Dockerfile:3",
        );
        let secret = check(
            &results(json!({"Target": "a.env", "Class": "secret", "Secrets": [
                {"RuleID": "aws", "Title": "AWS key", "Severity": "CRITICAL", "StartLine": 2, "EndLine": 2, "Match": "key=hunter2hunter2"}]})),
            "trivy",
            "aws",
            Some(Severity::Critical),
            "a.env:2",
        );
        assert!(!format!("{secret:?}").contains("hunter2"));
    }

    #[test]
    fn web() {
        let zap = json!({"@programName": "ZAP", "@version": "2.15.0", "site": [{"@name": "http://x", "alerts": [{
            "pluginid": "40012", "alertRef": "40012", "name": "Reflected XSS", "riskcode": "3", "confidence": "2", "desc": "<p>Bad &amp; worse</p>",
            "solution": "<p>Escape</p>", "reference": "<p>https://owasp.org/x</p>", "cweid": "79",
            "instances": [{"uri": "http://x/a?q=1", "method": "GET", "param": "q", "attack": "<q>", "evidence": "<q>"}]}]}]});
        let finding = check(&zap.to_string(), "zap", "40012", Some(Severity::High), "GET http://x/a?q=1");
        assert_eq!(finding.message, "Reflected XSS. Bad & worse");
        assert_eq!(finding.cwes, [Cwe(79)]);

        let nuclei = json!({"template-id": "git-config", "info": {"name": "Git Config", "severity": "medium",
            "classification": {"cwe-id": ["cwe-200"], "cvss-score": 5.3}}, "type": "http", "matched-at": "http://x/.git/config",
            "request": "GET /.git/config HTTP/1.1\r\nCookie: s=1\r\n\r\n", "response": "HTTP/1.1 200 OK\r\nA: b\r\n\r\n[core]"});
        let lines = format!("{nuclei}\n{nuclei}\n");
        assert_eq!(read(&lines).findings.len(), 2);
        let finding = check(
            &nuclei.to_string(),
            "nuclei",
            "git-config",
            Some(Severity::Medium),
            "GET http://x/.git/config",
        );
        let Subject::Endpoint(endpoint) = finding.subject else { panic!() };
        assert_eq!(endpoint.evidence[0].response.as_ref().unwrap().body, "[core]");
        assert_eq!(endpoint.evidence[0].request.headers[0].1, "[redacted]");
    }

    #[test]
    fn secrets() {
        let document = json!([{"Description": "AWS key", "RuleID": "aws-key", "File": "a/b.env", "StartLine": 4, "EndLine": 4,
            "StartColumn": 2, "EndColumn": 9, "Match": "k=hunter2hunter2", "Secret": "hunter2hunter2", "Commit": "c0ffee"}]);
        let finding = check(&document.to_string(), "gitleaks", "aws-key", Some(Severity::High), "a/b.env:4");
        assert!(!format!("{finding:?}").contains("hunter2"));
        let Subject::Code(code) = &finding.subject else { panic!() };
        assert_eq!(code.location.snippet.as_ref().unwrap().text, "k=[redacted]");
    }

    #[test]
    fn entries_that_cannot_be_read_are_told() {
        let outcome = read(&json!([{"RuleID": "a", "StartLine": 1, "File": "x"}, 7]).to_string());
        assert_eq!(outcome.findings.len(), 1);
        assert!(!outcome.is_complete());
        assert_eq!(read("[]").diagnostics.len(), 1);
        for text in ["", "{}", "[7]", "7", "x", "{\"a\": 1}\n{\"b\": 2}"] {
            assert!(read_report(Cursor::new(text), &ReadOptions::default()).is_err(), "{text}");
        }
    }
}
