//! The scanner as a process of its own: a job on stdin, events and findings as JSON lines on stdout.
//!
//! A job holds everything the scan needs, documents and secrets included, so that the worker can run
//! where there is neither file system nor environment.

use std::io::{BufRead, Read, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tollgate_core::dynamic::{EndpointFinding, Exchange, Parameter, ParameterPlace, Request, Response};
use tollgate_core::facts::{Facts, Route};
use tollgate_core::{
    Cancel, Confidence, Coverage, Cwe, Diagnostic, DiagnosticLevel, Event, Events, Finding, Region, RepoPath,
    RuleId, RuleMeta, ScannerId, ScannerOutcome, Severity, SourceLocation, Subject,
};
use url::Url;

use crate::checks;
use crate::engine;
use crate::error::DastError;
use crate::readers::Readers;
use crate::roots;
use crate::session::{ResolvedAuth, ResolvedUser};
use crate::settings::{AuthMethod, DastSettings, Document, Secret};

/// Everything a scan needs.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Job {
    #[serde(with = "address")]
    pub(crate) target: Url,
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) extra_hosts: Vec<String>,
    pub(crate) openapi: Option<Text>,
    pub(crate) graphql: Option<String>,
    pub(crate) har: Option<Text>,
    pub(crate) postman: Option<Text>,
    pub(crate) active: bool,
    pub(crate) browser: bool,
    pub(crate) enable: Vec<String>,
    pub(crate) disable: Vec<String>,
    pub(crate) rate: Option<u32>,
    pub(crate) concurrency: usize,
    pub(crate) max_requests: u64,
    pub(crate) max_time_ms: u64,
    pub(crate) max_answer_ms: u64,
    pub(crate) max_depth: u32,
    pub(crate) max_pages: usize,
    pub(crate) users: Vec<JobUser>,
    pub(crate) callback_bind: Option<std::net::SocketAddr>,
    pub(crate) callback_host: Option<String>,
    pub(crate) unix_socket: Option<std::path::PathBuf>,
    pub(crate) insecure_tls: bool,
    /// Certificates that this machine trusts, for a worker that has none of its own.
    pub(crate) roots: Option<String>,
    /// Certificates of authorities that the settings name.
    pub(crate) authorities: Option<String>,
    pub(crate) seed: Option<u64>,
    pub(crate) routes: Vec<JobRoute>,
    /// Check files as `(name, text)`.
    pub(crate) check_files: Vec<(String, String)>,
    /// Path and line of the target's definition.
    pub(crate) source: Option<(String, u32)>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("target", &self.target.as_str()).finish_non_exhaustive()
    }
}

/// A document, or where the scan can get it from the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Text {
    Inline(String),
    Url(#[serde(with = "address")] Url),
}

/// Addresses as text.
mod address {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use url::Url;

    pub(super) fn serialize<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(url.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
        let text = String::deserialize(deserializer)?;
        Url::parse(&text).map_err(D::Error::custom)
    }
}

/// A user with secrets in clear.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct JobUser {
    name: String,
    auth: ResolvedAuth,
    page: Option<String>,
    logged_in: Option<String>,
    logged_out: Option<String>,
}

impl JobUser {
    pub(crate) fn resolved(&self) -> ResolvedUser {
        ResolvedUser {
            name: self.name.clone(),
            auth: self.auth.clone(),
            page: self.page.clone(),
            logged_in: self.logged_in.clone(),
            logged_out: self.logged_out.clone(),
        }
    }
}

/// A route the sources declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct JobRoute {
    pub(crate) methods: Vec<String>,
    pub(crate) template: String,
    /// Place and name.
    pub(crate) parameters: Vec<(String, String)>,
}

impl JobRoute {
    fn of(route: &Route) -> Self {
        let place = |place: ParameterPlace| place.as_str().to_owned();
        Self {
            methods: route.methods.clone(),
            template: route.template.clone(),
            parameters: route.parameters.iter().map(|p| (place(p.place), p.name.clone())).collect(),
        }
    }
}

impl Job {
    /// A job for these settings: reads the documents, check files and secrets they name.
    ///
    /// # Errors
    /// When a file or secret cannot be read or the scope is malformed.
    pub fn from(settings: &DastSettings, facts: &Facts) -> Result<Self, DastError> {
        crate::scope::Scope::new(&settings.target, &settings.scope)?;
        let mut check_files = Vec::new();
        for path in &settings.rules_dirs {
            checks::read_files(path, &mut check_files)?;
        }
        let users = settings.auth.iter().map(|user| {
            Ok(JobUser {
                name: user.name.clone(),
                auth: resolve(&user.method)?,
                page: user.indicators.page.clone(),
                logged_in: user.indicators.logged_in.clone(),
                logged_out: user.indicators.logged_out.clone(),
            })
        });
        // Links may lead to other hosts of the scope in any scheme.
        let is_encrypted = settings.target.scheme() == "https" || !settings.scope.extra_hosts.is_empty();
        Ok(Self {
            target: settings.target.clone(),
            include: settings.scope.include.clone(),
            exclude: settings.scope.exclude.clone(),
            extra_hosts: settings.scope.extra_hosts.clone(),
            openapi: read(settings.openapi.as_ref(), "API description")?,
            graphql: settings.graphql.clone(),
            har: read(settings.har.as_ref(), "traffic recording")?,
            postman: read(settings.postman.as_ref(), "collection")?,
            active: settings.active,
            browser: settings.browser,
            enable: settings.checks.enable.clone(),
            disable: settings.checks.disable.clone(),
            rate: settings.rate,
            concurrency: settings.concurrency,
            max_requests: settings.max_requests,
            max_time_ms: milliseconds(settings.max_time),
            max_answer_ms: milliseconds(settings.max_answer),
            max_depth: settings.max_depth,
            max_pages: settings.max_pages,
            users: users.collect::<Result<_, DastError>>()?,
            callback_bind: settings.callback.bind,
            callback_host: settings.callback.host.clone(),
            unix_socket: settings.unix_socket.clone(),
            insecure_tls: !settings.tls.verify,
            roots: if is_encrypted { roots::read() } else { None },
            authorities: settings.tls.ca_file.as_deref().map(roots::read_file).transpose()?,
            seed: settings.seed,
            routes: facts.routes.iter().map(JobRoute::of).collect(),
            check_files,
            source: settings
                .source
                .as_ref()
                .map(|source| (source.path.to_string(), source.region.start().line)),
        })
    }

    /// The job as one line of JSON.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, DastError> {
        serde_json::to_string(self).map_err(|error| DastError::Job(error.to_string()))
    }

    /// Where the target listens, for whoever relays to it.
    #[must_use]
    pub const fn target(&self) -> &Url {
        &self.target
    }

    /// The same job with the application behind another address or a relay, as the engine room needs it.
    #[must_use]
    pub fn through(mut self, target: Url, unix_socket: Option<std::path::PathBuf>) -> Self {
        self.target = target;
        self.unix_socket = unix_socket;
        self
    }

    /// The same job with a place where the target can call back.
    #[must_use]
    pub fn with_callback(mut self, bind: std::net::SocketAddr, host: &str) -> Self {
        self.callback_bind = Some(bind);
        self.callback_host = Some(host.to_owned());
        self
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn read(document: Option<&Document>, what: &'static str) -> Result<Option<Text>, DastError> {
    match document {
        None => Ok(None),
        Some(Document::Url(url)) => Ok(Some(Text::Url(url.clone()))),
        Some(Document::File(path)) => match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(Text::Inline(text))),
            Err(source) => Err(DastError::Read { what, path: path.clone(), source }),
        },
    }
}

fn reveal(secret: &Secret) -> Result<String, DastError> {
    match secret {
        Secret::Value(value) => Ok(value.clone()),
        Secret::Environment(name) => std::env::var(name).map_err(|_| DastError::Secret(name.clone())),
        Secret::File(path) => std::fs::read_to_string(path)
            .map(|text| text.trim().to_owned())
            .map_err(|source| DastError::Read { what: "secret", path: path.clone(), source }),
    }
}

fn resolve(method: &AuthMethod) -> Result<ResolvedAuth, DastError> {
    let all = |pairs: &[(String, Secret)]| -> Result<Vec<(String, String)>, DastError> {
        pairs.iter().map(|(name, secret)| Ok((name.clone(), reveal(secret)?))).collect()
    };
    Ok(match method {
        AuthMethod::Form { page, username, password, username_field, password_field } => ResolvedAuth::Form {
            page: page.clone(),
            username: reveal(username)?,
            password: reveal(password)?,
            username_field: username_field.clone(),
            password_field: password_field.clone(),
        },
        AuthMethod::Json { url, username, password, username_field, password_field, token, scheme } => {
            ResolvedAuth::Json {
                url: url.clone(),
                username: reveal(username)?,
                password: reveal(password)?,
                username_field: username_field.clone(),
                password_field: password_field.clone(),
                token: token.clone(),
                scheme: scheme.clone(),
            }
        }
        AuthMethod::Bearer(token) => ResolvedAuth::Headers {
            headers: vec![("Authorization".into(), format!("Bearer {}", reveal(token)?))],
        },
        AuthMethod::OAuth2 { url, client_id, client_secret, user, scopes } => ResolvedAuth::Oauth2 {
            url: url.clone(),
            client_id: client_id.clone(),
            client_secret: reveal(client_secret)?,
            user: match user {
                Some((name, password)) => Some((reveal(name)?, reveal(password)?)),
                None => None,
            },
            scopes: scopes.clone(),
        },
        AuthMethod::Headers(headers) => ResolvedAuth::Headers { headers: all(headers)? },
        AuthMethod::Cookies(cookies) => ResolvedAuth::Cookies { cookies: all(cookies)? },
    })
}

/// One line of the worker's output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum WorkerMessage {
    /// A phase began.
    Phase {
        /// Its name.
        name: String,
    },
    /// Requests were sent.
    Progress {
        /// How many.
        units: u64,
    },
    /// A message about the scan.
    Diagnostic {
        /// `note`, `warning` or `error`.
        level: String,
        /// The message.
        message: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A rule that fired.
    Rule(Box<WireRule>),
    /// A finding.
    Finding(Box<WireFinding>),
    /// The end; without it the scan is incomplete.
    Done {
        /// Endpoints examined.
        examined: u64,
        /// Milliseconds it took.
        elapsed_ms: u64,
    },
}

/// A rule on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireRule {
    id: String,
    summary: String,
    help: String,
    severity: Option<String>,
    confidence: String,
    cwes: Vec<u32>,
    tags: Vec<String>,
    references: Vec<String>,
}

/// A finding on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireFinding {
    rule: String,
    message: String,
    severity: Option<String>,
    confidence: String,
    cwes: Vec<u32>,
    method: String,
    url: String,
    route: String,
    parameter: Option<(String, String)>,
    evidence: Vec<WireExchange>,
    marker: Option<String>,
    curl: String,
    source: Option<(String, u32)>,
}

/// An exchange on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireExchange {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    response: Option<WireResponse>,
}

/// Status, headers and body on the wire.
type WireResponse = (u16, Vec<(String, String)>, String);

/// Reads a job from `input`, scans and writes messages to `output`, one JSON document a line. The scan
/// ends when `cancel` says so.
///
/// # Errors
/// When the job is malformed or `output` cannot be written.
pub fn run(
    mut input: impl Read,
    output: impl Write + Send + 'static,
    readers: Readers,
    cancel: &Cancel,
) -> Result<(), DastError> {
    let mut text = String::new();
    input.read_to_string(&mut text).map_err(|error| DastError::Job(error.to_string()))?;
    let job: Job = serde_json::from_str(&text).map_err(|error| DastError::Job(error.to_string()))?;
    let output = Arc::new(Mutex::new(output));
    let sink = Arc::clone(&output);
    let events = Events::new(move |event| {
        let message = match event {
            Event::Phase { name, .. } => WorkerMessage::Phase { name },
            Event::Progress { units, .. } => WorkerMessage::Progress { units },
            Event::Started { .. } | Event::Diagnostic { .. } | Event::Finished { .. } => return,
        };
        // A reader that went away is noticed when the findings are written.
        let _ = write_line(&sink, &message);
    });
    let outcome = engine::run(&job, readers, &events, cancel);
    for message in messages_of(&outcome) {
        write_line(&output, &message).map_err(|error| DastError::Job(error.to_string()))?;
    }
    Ok(())
}

fn write_line(output: &Mutex<impl Write>, message: &WorkerMessage) -> std::io::Result<()> {
    let mut line = serde_json::to_string(message)?;
    line.push('\n');
    let mut output = output.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    output.write_all(line.as_bytes())?;
    output.flush()
}

fn messages_of(outcome: &ScannerOutcome) -> Vec<WorkerMessage> {
    let mut out = Vec::new();
    for diagnostic in &outcome.diagnostics {
        out.push(WorkerMessage::Diagnostic {
            level: match diagnostic.level {
                DiagnosticLevel::Note => "note",
                DiagnosticLevel::Warning => "warning",
                DiagnosticLevel::Error => "error",
            }
            .into(),
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
        });
    }
    out.extend(outcome.rules.iter().map(|rule| WorkerMessage::Rule(Box::new(rule_to_wire(rule)))));
    out.extend(outcome.findings.iter().filter_map(finding_to_wire).map(Box::new).map(WorkerMessage::Finding));
    out.push(WorkerMessage::Done {
        examined: outcome.coverage.examined,
        elapsed_ms: u64::try_from(outcome.elapsed.as_millis()).unwrap_or(u64::MAX),
    });
    out
}

/// Reads what a worker wrote. A line that is no message, or an end that never came, makes the outcome
/// incomplete.
pub fn read_messages(reader: impl BufRead, events: &Events) -> ScannerOutcome {
    let scanner = ScannerId::new(ScannerId::DAST);
    let mut outcome = ScannerOutcome::empty(scanner.clone());
    let mut done = false;
    for line in reader.lines() {
        let Ok(line) = line else { break };
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(&line) {
            Err(error) => outcome.diagnostics.push(Diagnostic::new(
                DiagnosticLevel::Error,
                format!("a line of the dynamic scanner's output is malformed: {error}"),
            )),
            Ok(WorkerMessage::Phase { name }) => {
                events.emit(Event::Phase { scanner: scanner.clone(), name });
            }
            Ok(WorkerMessage::Progress { units }) => {
                events.emit(Event::Progress { scanner: scanner.clone(), units, bytes: 0 });
            }
            Ok(WorkerMessage::Diagnostic { level, message, hint }) => {
                let level = match level.as_str() {
                    "note" => DiagnosticLevel::Note,
                    "warning" => DiagnosticLevel::Warning,
                    _ => DiagnosticLevel::Error,
                };
                outcome.diagnostics.push(Diagnostic { hint, ..Diagnostic::new(level, message) });
            }
            Ok(WorkerMessage::Rule(rule)) => outcome.rules.extend(rule_from_wire(*rule)),
            Ok(WorkerMessage::Finding(finding)) => outcome.findings.extend(finding_from_wire(*finding)),
            Ok(WorkerMessage::Done { examined, elapsed_ms }) => {
                done = true;
                outcome.coverage = Coverage { examined, ..Coverage::default() };
                outcome.elapsed = Duration::from_millis(elapsed_ms);
            }
        }
    }
    if !done {
        outcome.diagnostics.push(
            Diagnostic::new(DiagnosticLevel::Error, "the dynamic scanner ended before it was done")
                .hint("look at the container's log for the reason"),
        );
    }
    outcome
}

fn rule_to_wire(rule: &RuleMeta) -> WireRule {
    WireRule {
        id: rule.id.to_string(),
        summary: rule.summary.clone(),
        help: rule.help.clone(),
        severity: rule.severity.map(|severity| severity.to_string()),
        confidence: rule.confidence.to_string(),
        cwes: rule.cwes.iter().map(|cwe| cwe.0).collect(),
        tags: rule.tags.clone(),
        references: rule.references.clone(),
    }
}

fn rule_from_wire(rule: WireRule) -> Option<RuleMeta> {
    Some(RuleMeta {
        id: RuleId::parse(&rule.id).ok()?,
        summary: rule.summary,
        help: rule.help,
        severity: severity(rule.severity.as_deref()),
        score: None,
        confidence: confidence(&rule.confidence),
        cwes: rule.cwes.into_iter().map(Cwe).collect(),
        tags: rule.tags,
        references: rule.references,
    })
}

fn severity(text: Option<&str>) -> Option<Severity> {
    text.and_then(|text| text.parse().ok())
}

fn confidence(text: &str) -> Confidence {
    Confidence::ALL.into_iter().find(|confidence| confidence.as_str() == text).unwrap_or_default()
}

fn finding_to_wire(finding: &Finding) -> Option<WireFinding> {
    let Subject::Endpoint(endpoint) = &finding.subject else { return None };
    let exchange = |exchange: &Exchange| WireExchange {
        method: exchange.request.method.clone(),
        url: exchange.request.url.clone(),
        headers: exchange.request.headers.clone(),
        body: exchange.request.body.clone(),
        response: exchange.response.as_ref().map(|r| (r.status, r.headers.clone(), r.body.clone())),
    };
    Some(WireFinding {
        rule: finding.rule.to_string(),
        message: finding.message.clone(),
        severity: finding.severity.map(|severity| severity.to_string()),
        confidence: finding.confidence.to_string(),
        cwes: finding.cwes.iter().map(|cwe| cwe.0).collect(),
        method: endpoint.method.clone(),
        url: endpoint.url.clone(),
        route: endpoint.route.clone(),
        parameter: endpoint.parameter.as_ref().map(|p| (p.place.to_string(), p.name.clone())),
        evidence: endpoint.evidence.iter().map(exchange).collect(),
        marker: endpoint.marker.clone(),
        curl: endpoint.curl.clone(),
        source: endpoint.source.as_ref().map(|s| (s.path.to_string(), s.region.start().line)),
    })
}

fn finding_from_wire(wire: WireFinding) -> Option<Finding> {
    let exchange = |wire: WireExchange| Exchange {
        request: Request { method: wire.method, url: wire.url, headers: wire.headers, body: wire.body },
        response: wire.response.map(|(status, headers, body)| Response { status, headers, body }),
    };
    let parameter = wire.parameter.and_then(|(place, name)| {
        let place = ParameterPlace::ALL.into_iter().find(|known| known.as_str() == place)?;
        Some(Parameter { place, name })
    });
    Some(Finding {
        scanner: ScannerId::new(ScannerId::DAST),
        rule: RuleId::parse(&wire.rule).ok()?,
        message: wire.message,
        severity: severity(wire.severity.as_deref()),
        score: None,
        confidence: confidence(&wire.confidence),
        cwes: wire.cwes.into_iter().map(Cwe).collect(),
        subject: Subject::Endpoint(Box::new(EndpointFinding {
            method: wire.method,
            url: wire.url,
            route: wire.route,
            parameter,
            evidence: wire.evidence.into_iter().map(exchange).collect(),
            marker: wire.marker,
            curl: wire.curl,
            source: wire.source.as_ref().and_then(source_location),
        })),
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: Vec::new(),
    })
}

pub(crate) fn source_location(source: &(String, u32)) -> Option<SourceLocation> {
    Some(SourceLocation::new(RepoPath::new(&source.0).ok()?, Region::line(source.1)))
}
