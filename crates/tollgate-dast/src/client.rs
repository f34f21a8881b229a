//! The one place that talks to the target: rate, concurrency, budgets, caps and time limits hold here.
//! It follows no redirect; whoever wants to must take the address through the scope first.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::{Mutex, RwLock};
use tollgate_core::{Cancel, Event, Events, ScannerId};

use crate::error::DastError;
use crate::hurdle::{Hurdle, Hurdles};
use crate::message::{Answer, Template, encode_cookie};
use crate::pace::Pace;
use crate::roots;
use crate::scope::Scope;

/// Bytes of a body that are read; the rest is left on the wire.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Connection failures in a row after which the target counts as dead.
const FAILURES_UNTIL_DEAD: u32 = 8;

/// Time-outs and broken answers in a row after which everything waits for the target to recover.
const TROUBLES_UNTIL_PAUSE: u32 = 12;

/// How often and how long a target in trouble is asked for its start page before it counts as dead.
const RECOVERY: (u32, Duration) = (4, Duration::from_secs(15));

/// How a client sends.
#[derive(Debug, Clone)]
pub(crate) struct ClientOptions {
    pub(crate) rate: Option<u32>,
    pub(crate) concurrency: usize,
    pub(crate) max_requests: u64,
    pub(crate) timeout: Duration,
    pub(crate) unix_socket: Option<PathBuf>,
    pub(crate) insecure_tls: bool,
    /// Certificates in PEM that the machine which planned the scan trusts.
    pub(crate) roots: Option<String>,
    /// Further authorities in PEM that the target's certificates may come from.
    pub(crate) authorities: Option<String>,
    pub(crate) scan_id: String,
}

/// Why nothing more can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Halt {
    #[error("the request budget is spent")]
    Requests,
    #[error("the scan was asked to end or its time is up")]
    Cancelled,
    #[error("the target does not answer any more")]
    Dead,
}

/// Why one request brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    #[error(transparent)]
    Halt(#[from] Halt),
    /// No complete answer within the time limit.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// Anything else: refused, reset, malformed.
    #[error("{0}")]
    Broken(String),
}

/// Why an exchange brought nothing.
enum Unanswered {
    TimedOut,
    Failed(reqwest::Error),
}

/// A client bound to a scope.
pub(crate) struct Client {
    http: reqwest::Client,
    options: ClientOptions,
    pace: Pace,
    /// Held for reading by every request, for writing while the target recovers.
    gate: RwLock<()>,
    start: Template,
    hurdles: Hurdles,
    next_slot: Mutex<Instant>,
    sent: AtomicU64,
    failures: AtomicU32,
    troubles: AtomicU32,
    dead: AtomicBool,
    cancel: Cancel,
    events: Events,
}

/// Credentials that go with a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) cookies: Vec<(String, String)>,
}

impl Client {
    pub(crate) fn new(
        scope: &Scope,
        options: ClientOptions,
        cancel: Cancel,
        events: Events,
    ) -> Result<Self, DastError> {
        let start = |error: &dyn std::fmt::Display| DastError::Start {
            what: "HTTP client",
            reason: error.to_string(),
        };
        let configured = || {
            let mut builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .connect_timeout(Duration::from_secs(5))
                .pool_idle_timeout(Duration::from_secs(10))
                .pool_max_idle_per_host(options.concurrency)
                .tcp_nodelay(true)
                .user_agent(concat!("Tollgate/", env!("CARGO_PKG_VERSION")))
                .tls_danger_accept_invalid_certs(options.insecure_tls)
                .http1_allow_obsolete_multiline_headers_in_responses(true)
                .http1_allow_spaces_after_header_name_in_responses(true)
                .http1_ignore_invalid_headers_in_responses(true)
                .dns_resolver(Arc::new(ScopedResolver { scope: scope.clone() }));
            if let Some(path) = &options.unix_socket {
                builder = builder.unix_socket(path.clone());
            }
            builder
        };
        let authorities = roots::certificates(options.authorities.as_deref());
        let carried = roots::certificates(options.roots.as_deref());
        // A machine without root certificates, such as a container from scratch, trusts those that came
        // with the job, else those that most browsers trust.
        let own = configured().tls_certs_merge(authorities.iter().chain(&carried).cloned());
        let own = if roots::is_bare() { None } else { own.build().ok() };
        let http = match own {
            Some(http) => Ok(http),
            None => {
                let usual = if carried.is_empty() { roots::usual() } else { carried };
                configured().tls_certs_only(authorities.into_iter().chain(usual)).build()
            }
        };
        Ok(Self {
            http: http.map_err(|error| start(&error))?,
            pace: Pace::new(options.concurrency.max(1)),
            gate: RwLock::new(()),
            start: Template::get(scope.target()),
            hurdles: Hurdles::default(),
            next_slot: Mutex::new(Instant::now()),
            options,
            sent: AtomicU64::new(0),
            failures: AtomicU32::new(0),
            troubles: AtomicU32::new(0),
            dead: AtomicBool::new(false),
            cancel,
            events,
        })
    }

    /// Requests sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// What kept answers from being read as a whole.
    pub(crate) const fn hurdles(&self) -> &Hurdles {
        &self.hurdles
    }

    /// Why nothing more can be sent, if so.
    pub(crate) fn halted(&self) -> Option<Halt> {
        if self.dead.load(Ordering::Relaxed) {
            return Some(Halt::Dead);
        }
        if self.cancel.is_cancelled() {
            return Some(Halt::Cancelled);
        }
        (self.sent() >= self.options.max_requests).then_some(Halt::Requests)
    }

    pub(crate) async fn send(&self, template: &Template, with: &Credentials) -> Result<Answer, SendError> {
        self.send_within(template, with, self.options.timeout).await
    }

    /// Sends with a time limit of its own, for probes that make the target wait.
    pub(crate) async fn send_within(
        &self,
        template: &Template,
        with: &Credentials,
        limit: Duration,
    ) -> Result<Answer, SendError> {
        let outcome = {
            let _slot = self.pace.slot().await.ok_or(Halt::Cancelled)?;
            let _open = self.gate.read().await;
            self.wait_for_rate().await;
            match self.attempt(template, with, limit).await {
                // A kept connection that the target closed in the meantime says nothing about the request.
                Err(SendError::Broken(_)) => self.attempt(template, with, limit).await,
                outcome => outcome,
            }
        };
        if outcome.is_err() && self.troubles.load(Ordering::Relaxed) >= TROUBLES_UNTIL_PAUSE {
            self.recover().await;
        }
        outcome
    }

    async fn attempt(
        &self,
        template: &Template,
        with: &Credentials,
        limit: Duration,
    ) -> Result<Answer, SendError> {
        if let Some(halt) = self.halted() {
            return Err(halt.into());
        }
        let count = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(64) {
            let scanner = ScannerId::new(ScannerId::DAST);
            self.events.emit(Event::Progress { scanner, units: 64, bytes: 0 });
        }
        let outcome = tokio::select! {
            outcome = self.exchange(template, with, limit) => outcome,
            () = self.cancelled() => return Err(Halt::Cancelled.into()),
        };
        match outcome {
            Ok((answer, whole)) => {
                self.failures.store(0, Ordering::Relaxed);
                if whole {
                    self.troubles.store(0, Ordering::Relaxed);
                } else {
                    self.note_failure(false);
                }
                Ok(answer)
            }
            Err(Unanswered::Failed(error)) => {
                // Another host that refuses says nothing about the target.
                let home = template.url.url().authority() == self.start.url.url().authority();
                self.note_failure(home && error.is_connect());
                Err(SendError::Broken(innermost(&error)))
            }
            Err(Unanswered::TimedOut) => {
                self.note_failure(false);
                Err(SendError::TimedOut(limit))
            }
        }
    }

    /// Lets the requests under way end, then asks for the start page until the target answers again. A
    /// target that answers one request at a time gets through its queue this way.
    async fn recover(&self) {
        let _closed = self.gate.write().await;
        for _ in 0..RECOVERY.0 {
            if self.troubles.load(Ordering::Relaxed) < TROUBLES_UNTIL_PAUSE || self.halted().is_some() {
                return;
            }
            let _ = self.attempt(&self.start, &Credentials::default(), RECOVERY.1).await;
        }
        if self.troubles.load(Ordering::Relaxed) >= TROUBLES_UNTIL_PAUSE && self.halted().is_none() {
            self.dead.store(true, Ordering::Relaxed);
        }
    }

    /// One request and its answer, and whether that came in time as a whole.
    async fn exchange(
        &self,
        template: &Template,
        with: &Credentials,
        limit: Duration,
    ) -> Result<(Answer, bool), Unanswered> {
        let started = Instant::now();
        let until = tokio::time::Instant::now() + limit;
        let method = reqwest::Method::from_bytes(template.method.as_bytes()).unwrap_or(reqwest::Method::GET);
        let mut request = self.http.request(method, template.url.url().clone());
        let mut named: BTreeSet<String> = BTreeSet::new();
        let body = template.encoded_body();
        let own = template.headers.iter().chain(&with.headers);
        for (name, value) in own {
            let parsed = (HeaderName::from_bytes(name.as_bytes()), header_value(value));
            let (Ok(name), Some(value)) = parsed else { continue };
            if named.insert(name.as_str().to_owned()) {
                request = request.header(name, value);
            }
        }
        request = request.header("x-tollgate-scan", &self.options.scan_id);
        if let Some(cookies) = cookie_header(template, with)
            && !named.contains("cookie")
        {
            request = request.header("cookie", cookies);
        }
        if let Some((content_type, bytes)) = body {
            if !named.contains("content-type") {
                request = request.header("content-type", content_type.as_ref());
            }
            request = request.body(bytes);
        }
        let response = tokio::time::timeout_at(until, request.send()).await;
        let mut response = response.map_err(|_| Unanswered::TimedOut)?.map_err(Unanswered::Failed)?;
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        // What is asked for is unpacked and leaves no such header behind.
        if let Some(encoding) = response.headers().get("content-encoding").map(text)
            && !encoding.trim().is_empty()
            && !encoding.trim().eq_ignore_ascii_case("identity")
        {
            self.hurdles.note(Hurdle::Encoding, template, Some(&encoding));
        }
        let mut body = Vec::new();
        let (mut truncated, mut in_time) = (false, true);
        // Chunks are decompressed already, so the cap also stops a small bomb. A body that breaks off is
        // kept as far as it came.
        loop {
            let chunk = match tokio::time::timeout_at(until, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break,
                Ok(Err(error)) => {
                    self.hurdles.note(Hurdle::BrokenBody, template, Some(&innermost(&error)));
                    break;
                }
                Err(_) => {
                    self.hurdles.note(Hurdle::SlowBody, template, None);
                    (truncated, in_time) = (true, false);
                    break;
                }
            };
            let room = MAX_BODY - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() >= room {
                self.hurdles.note(Hurdle::LongBody, template, None);
                truncated = true;
                break;
            }
        }
        let body = match String::from_utf8(body) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        Ok((Answer { status, headers, body, truncated, elapsed: started.elapsed() }, in_time))
    }

    async fn wait_for_rate(&self) {
        let Some(rate) = self.options.rate.filter(|&rate| rate > 0) else { return };
        let gap = Duration::from_secs(1) / rate;
        let wait = {
            let mut next = self.next_slot.lock().await;
            let now = Instant::now();
            let at = (*next).max(now);
            *next = at + gap;
            at - now
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    async fn cancelled(&self) {
        while !self.cancel.is_cancelled() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn note_failure(&self, connect: bool) {
        self.troubles.fetch_add(1, Ordering::Relaxed);
        let failures = if connect { self.failures.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        if failures >= FAILURES_UNTIL_DEAD {
            self.dead.store(true, Ordering::Relaxed);
        }
    }
}

fn cookie_header(template: &Template, with: &Credentials) -> Option<String> {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (name, value) in template.cookies.iter().chain(&with.cookies) {
        if !pairs.iter().any(|(have, _)| have == name) {
            pairs.push((name, value));
        }
    }
    let joined: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{name}={}", cookie_value(value))).collect();
    (!joined.is_empty()).then(|| joined.join("; "))
}

/// Headers are Latin-1, as far as that holds the text.
fn header_value(text: &str) -> Option<HeaderValue> {
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(latin.as_deref().unwrap_or(text.as_bytes())).ok()
}

/// Values that came from the target are sent back as they are; others are encoded where they must be.
fn cookie_value(value: &str) -> String {
    let plain = value.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b','));
    if plain { value.to_owned() } else { encode_cookie(value) }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(inner) = source.source() {
        source = inner;
    }
    let text = source.to_string();
    // The time of day would make two reports of the same differ.
    text.split(": verification time").next().unwrap_or(&text).to_owned()
}

/// Looks names up with the system's resolver and drops every address the scope does not admit.
struct ScopedResolver {
    scope: Scope,
}

impl Resolve for ScopedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let scope = self.scope.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> =
                found.filter(|address| scope.admits_address(address.ip())).collect();
            if admitted.is_empty() {
                let message = format!("`{}` resolves to no address in scope", name.as_str());
                return Err(message.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}
