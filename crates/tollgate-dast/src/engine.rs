//! One scan from start to end: sign in, find what there is, look, probe, report.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tollgate_core::dynamic::{EndpointFinding, Parameter};
use tollgate_core::{
    Cancel, Coverage, Diagnostic, DiagnosticLevel, Event, Events, Finding, ScannerId, ScannerOutcome, Subject,
};

use crate::active;
use crate::browser::{self, Browser};
use crate::checks::{self, Checks};
use crate::client::{Client, ClientOptions, Credentials, Halt, SendError};
use crate::discover::{self, SiteMap};
use crate::error::DastError;
use crate::evidence;
use crate::message::{Answer, Template};
use crate::oob::Listener;
use crate::passive;
use crate::readers::Readers;
use crate::scope::Scope;
use crate::session::Session;
use crate::token::Tokens;
use crate::worker::{Job, source_location};

/// Everything a scan shares.
pub(crate) struct Engine {
    pub(crate) job: Job,
    pub(crate) readers: Readers,
    pub(crate) scope: Scope,
    pub(crate) client: Client,
    pub(crate) tokens: Tokens,
    pub(crate) checks: Checks,
    /// Users signed in, the first one crawls; the anonymous visitor where none is.
    pub(crate) sessions: Vec<Session>,
    pub(crate) anonymous: Session,
    pub(crate) listener: Option<Listener>,
    pub(crate) browser: Option<Browser>,
    events: Events,
    claims: Mutex<BTreeMap<ClaimKey, Kept>>,
    diagnostics: Mutex<Vec<Diagnostic>>,
}

/// Rule, method, route and parameter: what makes two claims one.
type ClaimKey = (String, String, String, Option<Parameter>);

/// A claim as it is reported.
struct Kept {
    /// Length of the replay line and the line itself, by which one of two is chosen.
    replay: (usize, String),
    finding: Finding,
}

/// What a check says it found.
pub(crate) struct Claim<'a> {
    pub(crate) rule: &'a str,
    /// Plain text; the check's own message where absent.
    pub(crate) message: Option<String>,
    pub(crate) route: &'a str,
    pub(crate) parameter: Option<Parameter>,
    /// The decisive exchange first.
    pub(crate) exchanges: Vec<(&'a Template, Option<&'a Answer>)>,
    pub(crate) marker: Option<String>,
    pub(crate) with: Credentials,
}

impl<'a> Claim<'a> {
    /// A claim that one exchange bears out, seen without credentials.
    pub(crate) fn of(
        rule: &'a str,
        route: &'a str,
        template: &'a Template,
        answer: Option<&'a Answer>,
    ) -> Self {
        Self {
            rule,
            message: None,
            route,
            parameter: None,
            exchanges: vec![(template, answer)],
            marker: None,
            with: Credentials::default(),
        }
    }
}

/// Runs a job to its end. Never panics on what the target says; what went wrong is in the diagnostics.
pub(crate) fn run(job: &Job, readers: Readers, events: &Events, cancel: &Cancel) -> ScannerOutcome {
    let started = Instant::now();
    let scanner = ScannerId::new(ScannerId::DAST);
    events.emit(Event::Started { scanner: scanner.clone(), total: None });
    let deadline = started + Duration::from_millis(job.max_time_ms);
    let cancel = cancel.with_deadline(deadline);
    let mut outcome = match scan(job, readers, events, &cancel) {
        Ok(outcome) => outcome,
        Err(error) => {
            let mut outcome = ScannerOutcome::empty(scanner.clone());
            outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, error.to_string()));
            outcome
        }
    };
    outcome.elapsed = started.elapsed();
    events.emit(Event::Finished {
        scanner,
        findings: outcome.findings.len(),
        complete: outcome.is_complete(),
        elapsed: outcome.elapsed,
    });
    outcome
}

fn scan(job: &Job, readers: Readers, events: &Events, cancel: &Cancel) -> Result<ScannerOutcome, DastError> {
    let start = |what| move |error: std::io::Error| DastError::Start { what, reason: error.to_string() };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(start("runtime"))?;
    let outcome = runtime.block_on(async {
        let mut engine = Engine::new(job, readers, events, cancel)?;
        let examined = engine.work().await;
        Ok(engine.outcome(examined))
    });
    runtime.shutdown_background();
    outcome
}

impl Engine {
    fn new(job: &Job, readers: Readers, events: &Events, cancel: &Cancel) -> Result<Self, DastError> {
        let settings = crate::settings::ScopeSettings {
            include: job.include.clone(),
            exclude: job.exclude.clone(),
            extra_hosts: job.extra_hosts.clone(),
        };
        let scope = Scope::new(&job.target, &settings)?;
        let tokens = Tokens::new(job.seed);
        let options = ClientOptions {
            rate: job.rate,
            concurrency: job.concurrency.max(1),
            max_requests: job.max_requests,
            timeout: Duration::from_millis(job.max_answer_ms),
            unix_socket: job.unix_socket.clone(),
            insecure_tls: job.insecure_tls,
            roots: job.roots.clone(),
            authorities: job.authorities.clone(),
            scan_id: tokens.scan_id(),
        };
        Ok(Self {
            client: Client::new(&scope, options, cancel.clone(), events.clone())?,
            checks: checks::load(job)?,
            job: job.clone(),
            readers,
            scope,
            tokens,
            sessions: Vec::new(),
            anonymous: Session::anonymous(),
            listener: None,
            browser: None,
            events: events.clone(),
            claims: Mutex::default(),
            diagnostics: Mutex::default(),
        })
    }

    /// The number of endpoints examined.
    async fn work(&mut self) -> u64 {
        if !self.reach_target().await {
            return 0;
        }
        self.phase("sign in");
        self.sign_in().await;
        if self.job.active {
            self.listener = Listener::start(&self.job).await;
        }
        if self.job.browser {
            self.phase("start the browser");
            match Browser::start(&self.tokens.word()).await {
                Ok(browser) => self.browser = Some(browser),
                Err(error) => self.push(
                    Diagnostic::new(DiagnosticLevel::Error, error.to_string())
                        .hint("install Debian's package chromium, or do without: `dast.browser = false`"),
                ),
            }
        }
        self.phase("crawl");
        let map = discover::crawl(self).await;
        if let Some(reason) = &map.cut {
            self.fail(format!("the crawl was cut short: {reason}"));
        }
        for (level, message) in self.client.hurdles().take() {
            self.push(Diagnostic::new(level, message));
        }
        self.phase("look");
        passive::review(self, &map);
        passive::compare_cached(self, &map).await;
        if self.job.active {
            if let Err(halt) = active::run(self, &map).await {
                self.fail(format!("active checks were cut short: {halt}"));
            }
        } else {
            self.note("active checks did not run: they need consent (`--active`)".to_owned());
        }
        if self.job.active {
            browser::confirm_scripts(self, &map).await;
        }
        if let Some(browser) = self.browser.take() {
            browser.close().await;
        }
        self.check_session(&map).await;
        u64::try_from(map.endpoints.len()).unwrap_or(u64::MAX)
    }

    async fn reach_target(&self) -> bool {
        let template = Template::get(self.scope.target());
        match self.client.send(&template, &Credentials::default()).await {
            Ok(_) => true,
            Err(error) => {
                let message = format!("target `{}` does not answer: {error}", self.scope.target());
                let hint = if message.contains("certificate") {
                    "name a file with the certificate of its authority in `dast.tls.ca-file`, or accept any \
                     certificate with `dast.tls.verify = false`"
                } else {
                    "start the application first, or let `[dast.start]` start it, and check the address"
                };
                self.push(Diagnostic::new(DiagnosticLevel::Error, message).hint(hint));
                false
            }
        }
    }

    async fn sign_in(&mut self) {
        for user in self.job.users.clone() {
            let user = user.resolved();
            let name = user.name.clone();
            match Session::sign_in(&self.client, &self.scope, user).await {
                Ok(session) => self.sessions.push(session),
                Err(error) => self.push(
                    Diagnostic::new(
                        DiagnosticLevel::Error,
                        format!("user `{name}` could not sign in: {error}"),
                    )
                    .hint("check the credentials, the login address and the indicators"),
                ),
            }
        }
    }

    async fn check_session(&self, _map: &SiteMap) {
        for session in &self.sessions {
            match session.is_alive(&self.client, &self.scope).await {
                Ok(true) => {}
                Ok(false) => self.fail(format!("user `{}` was no longer signed in at the end", session.name)),
                Err(error) => self.fail(format!("session of user `{}`: {error}", session.name)),
            }
        }
        if self.client.halted() == Some(Halt::Dead) {
            self.fail(format!("target `{}` stopped answering", self.scope.target()));
        }
    }

    /// The user that crawls and probes.
    pub(crate) fn session(&self) -> &Session {
        self.sessions.first().unwrap_or(&self.anonymous)
    }

    /// Sends as the first user and keeps the cookies of the answer.
    pub(crate) async fn get(&self, template: &Template) -> Result<Answer, SendError> {
        let answer = self.send_as_user(template).await?;
        self.session().learn(&template.url, &answer);
        Ok(answer)
    }

    /// Sends as the first user. Where the session seems to have run out, signs in again and repeats the
    /// request; a session that cannot be renewed makes the scan incomplete.
    pub(crate) async fn send_as_user(&self, template: &Template) -> Result<Answer, SendError> {
        let session = self.session();
        let with = session.credentials(&template.url);
        let answer = self.client.send(template, &with).await?;
        if !session.seems_lost(&answer) {
            return Ok(answer);
        }
        match session.refresh(&self.client, &self.scope).await {
            Ok(true) if session.credentials(&template.url) != with => {
                self.client.send(template, &session.credentials(&template.url)).await
            }
            Ok(_) => Ok(answer),
            Err(error) => {
                self.fail(format!("session of user `{}` could not be renewed: {error}", session.name));
                Ok(answer)
            }
        }
    }

    /// Lets the passive checks see an exchange.
    pub(crate) fn observe(&self, template: &Template, answer: &Answer) {
        passive::observe(self, template, answer);
    }

    /// Keeps a claim. Of two claims that are one, the one with the smaller replay line stays, so that the
    /// report does not depend on which came first.
    pub(crate) fn claim(&self, claim: Claim<'_>) {
        let Some(check) = self.checks.get(claim.rule) else { return };
        let Some(&(template, _)) = claim.exchanges.first() else { return };
        let curl = evidence::curl(template, &claim.with);
        let replay = (curl.len(), curl);
        let key =
            (claim.rule.to_owned(), template.method.clone(), claim.route.to_owned(), claim.parameter.clone());
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if claims.get(&key).is_some_and(|known| known.replay <= replay) {
            return;
        }
        let marker = claim.marker.as_deref();
        let finding = Finding {
            scanner: ScannerId::new(ScannerId::DAST),
            rule: check.meta.id.clone(),
            message: claim.message.unwrap_or_else(|| check.message.clone()),
            severity: check.meta.severity,
            score: None,
            confidence: check.meta.confidence,
            cwes: check.meta.cwes.clone(),
            subject: Subject::Endpoint(Box::new(EndpointFinding {
                method: template.method.clone(),
                url: template.url.to_string(),
                route: claim.route.to_owned(),
                parameter: claim.parameter,
                evidence: claim
                    .exchanges
                    .iter()
                    .map(|(template, answer)| evidence::exchange(template, &claim.with, *answer, marker))
                    .collect(),
                curl: replay.1.clone(),
                marker: claim.marker,
                source: self.job.source.as_ref().and_then(source_location),
            })),
            related: Vec::new(),
            fixes: Vec::new(),
            suppressions: Vec::new(),
        };
        claims.insert(key, Kept { replay, finding });
    }

    /// Takes back what a rule claimed of a route, since another one proved it.
    pub(crate) fn withdraw(&self, rule: &str, route: &str) {
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        claims.retain(|(have, _, at, _), _| have != rule || at != route);
    }

    /// Whether a claim of that rule was made for that route and parameter.
    pub(crate) fn has_claim(&self, rule: &str, route: &str, parameter: Option<&Parameter>) -> bool {
        let claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        claims.keys().any(|(r, _, at, p)| r == rule && at == route && p.as_ref() == parameter)
    }

    pub(crate) fn phase(&self, name: &str) {
        let scanner = ScannerId::new(ScannerId::DAST);
        self.events.emit(Event::Phase { scanner, name: name.to_owned() });
    }

    pub(crate) fn note(&self, message: String) {
        self.push(Diagnostic::new(DiagnosticLevel::Note, message));
    }

    pub(crate) fn warn(&self, message: String) {
        self.push(Diagnostic::new(DiagnosticLevel::Warning, message));
    }

    /// Something was not looked at.
    pub(crate) fn fail(&self, message: String) {
        self.push(Diagnostic::new(DiagnosticLevel::Error, message));
    }

    fn push(&self, diagnostic: Diagnostic) {
        let mut all = self.diagnostics.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&diagnostic) {
            all.push(diagnostic);
        }
    }

    fn outcome(self, examined: u64) -> ScannerOutcome {
        self.note(format!("{} requests were sent", self.client.sent()));
        let mut outcome = ScannerOutcome::empty(ScannerId::new(ScannerId::DAST));
        let claims = self.claims.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.findings = claims.into_values().map(|kept| kept.finding).collect();
        let fired: std::collections::BTreeSet<_> = outcome.findings.iter().map(|f| f.rule.clone()).collect();
        outcome.rules = self
            .checks
            .iter()
            .filter(|check| fired.contains(&check.meta.id))
            .map(|c| c.meta.clone())
            .collect();
        outcome.diagnostics = self.diagnostics.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.diagnostics.sort();
        outcome.coverage = Coverage { examined, ..Coverage::default() };
        outcome
    }
}

/// Runs the futures of a stream with a bound and stops at the first halt.
pub(crate) async fn bounded<T>(
    width: usize,
    items: impl IntoIterator<Item = T>,
    work: impl AsyncFn(T) -> Result<(), Halt>,
) -> Result<(), Halt> {
    use futures_util::StreamExt;
    let halted = Arc::new(Mutex::new(None));
    let (halted, work) = (&halted, &work);
    futures_util::stream::iter(items)
        .for_each_concurrent(width.max(1), |item| async move {
            if halted.lock().is_ok_and(|halt| halt.is_some()) {
                return;
            }
            if let Err(halt) = work(item).await
                && let Ok(mut slot) = halted.lock()
            {
                *slot = Some(halt);
            }
        })
        .await;
    let halt = *halted.lock().unwrap_or_else(PoisonError::into_inner);
    halt.map_or(Ok(()), Err)
}
