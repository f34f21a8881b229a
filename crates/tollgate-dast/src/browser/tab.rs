//! Tabs: each opens a page, answers its requests and tells what it did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};

use super::BrowserError;
use super::pipe::{Event, Pipe};
use crate::client::SendError;
use crate::discover::is_left_alone;
use crate::engine::Engine;
use crate::message::{Answer, Body, Template};
use crate::scope::InScopeUrl;

/// How long a page must do nothing to count as done, and the longest it may take.
const PATIENT: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(10));

/// The same where a payload runs at once or not at all.
const BRIEF: (Duration, Duration) = (Duration::from_millis(150), Duration::from_secs(6));

/// How long nothing must come from the page before its own clock is asked to measure the rest: the clock
/// of a browser that gets little of the machine is late with everything.
const SILENCE: Duration = Duration::from_millis(50);

/// Requests that one page may make.
const MAX_REQUESTS: usize = 200;

/// Documents that one page may load, itself and its frames included.
const MAX_DOCUMENTS: usize = 12;

/// Scripts that are kept, since every page of an application asks for the same ones.
const KEPT_SCRIPTS: usize = 64;

/// What is pressed where payloads are allowed: controls that lead nowhere by themselves.
const PRESS: &str = "[...document.querySelectorAll('button,[onclick],[role=button],[role=tab],a:not([href]),a[href^=\"#\"]')]\
    .filter(e => !/log.?out|sign.?out|delete|remove|destroy|reset|drop|cancel/i.test((e.innerText||'')+(e.id||'')+\
    (e.getAttribute('onclick')||''))).slice(0,20).forEach(e => { try { e.click() } catch (_) {} })";

/// What the page looks like once its scripts ran.
const LOOK: &str = "document.documentElement ? document.documentElement.outerHTML.slice(0, 1048576) : ''";

/// A page to open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// Address, with its fragment.
    pub(crate) address: String,
    /// A function whose call by the page is noticed; any name.
    pub(crate) watch: Option<String>,
    /// A script that runs before those of the page.
    pub(crate) before: String,
    /// A script that runs once the page is there.
    pub(crate) after: String,
    /// Whether controls are pressed.
    pub(crate) press: bool,
}

/// What a page did.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    /// Requests of its scripts, in order.
    pub(crate) requests: Vec<Template>,
    /// Addresses outside the scope that it asked for, without effect.
    pub(crate) refused: BTreeSet<String>,
    /// The page after its scripts ran.
    pub(crate) html: String,
    /// Whether the watched function was called.
    pub(crate) called: bool,
    /// Documents that it asked for: a page can load itself without end.
    documents: usize,
}

/// Pages that are open side by side: most of the time of a page is waiting.
pub(crate) const TABS: usize = 4;

/// A browser with a few tabs.
pub(crate) struct Browser {
    pipe: Pipe,
    /// Tabs that no page is open in.
    idle: Mutex<Vec<Tab>>,
    leave: Semaphore,
    scripts: Mutex<BTreeMap<String, Answer>>,
    /// Name of the function through which pages reach us.
    binding: String,
}

struct Tab {
    events: mpsc::Receiver<Event>,
    session: String,
    target: String,
}

impl Browser {
    /// Starts the browser. `word` is one that no page knows.
    pub(crate) async fn start(word: &str) -> Result<Self, BrowserError> {
        let pipe = Pipe::start().await?;
        let binding = format!("b{word}");
        let idle = Mutex::new(vec![open_tab(&pipe, &binding).await?]);
        Ok(Self { pipe, idle, leave: Semaphore::new(TABS), scripts: Mutex::default(), binding })
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        self.pipe.close().await;
    }

    /// Opens a page and waits until it does nothing more.
    pub(crate) async fn visit(&self, engine: &Engine, plan: &Plan) -> Result<Visit, BrowserError> {
        let _leave = self.leave.acquire().await.map_err(|_| BrowserError::Gone)?;
        let free = self.idle().pop();
        let mut tab = match free {
            Some(tab) => tab,
            None => open_tab(&self.pipe, &self.binding).await?,
        };
        let outcome = self.visit_in(&mut tab, engine, plan).await;
        if matches!(outcome, Err(BrowserError::Silent(_) | BrowserError::Refused(..))) {
            // A page whose script never ends holds its tab for good.
            self.pipe.ignore(&tab.session);
            let closed = json!({ "targetId": tab.target });
            let _ = self.pipe.call(None, "Target.closeTarget", closed).await;
        } else {
            self.idle().push(tab);
        }
        outcome
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Tab>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scripts(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Answer>> {
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn visit_in(&self, tab: &mut Tab, engine: &Engine, plan: &Plan) -> Result<Visit, BrowserError> {
        let session = tab.session.clone();
        let call = |method, params| self.pipe.call(Some(&session), method, params);
        call("Page.navigate", json!({ "url": "about:blank" })).await?;
        while tab.events.try_recv().is_ok() {}
        let mut prelude = plan.before.clone();
        if let Some(name) = &plan.watch {
            let binding = &self.binding;
            prelude += &format!(
                ";Object.defineProperty(window,'{name}',{{value:()=>window['{binding}']('{name}')}});"
            );
        }
        let added = call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": prelude })).await?;
        let mut visit = Visit::default();
        self.pipe.tell(&session, "Page.navigate", json!({ "url": plan.address })).await?;
        self.attend(tab, engine, plan, &mut visit, None).await?;
        if plan.watch.is_none() {
            visit.html = self.evaluate(&session, LOOK).await?;
        }
        for script in [Some(plan.after.as_str()), plan.press.then_some(PRESS)].into_iter().flatten() {
            if !script.is_empty() && !visit.called {
                self.attend(tab, engine, plan, &mut visit, Some(script)).await?;
            }
        }
        if plan.press {
            visit.html += &self.evaluate(&session, LOOK).await?;
        }
        call("Page.removeScriptToEvaluateOnNewDocument", added).await?;
        Ok(visit)
    }

    async fn evaluate(&self, session: &str, expression: &str) -> Result<String, BrowserError> {
        let params =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true, "timeout": 3000 });
        let mut answer = self.pipe.call(Some(session), "Runtime.evaluate", params).await?;
        match answer.pointer_mut("/result/value").map(Value::take) {
            Some(Value::String(text)) => Ok(text),
            _ => Ok(String::new()),
        }
    }

    /// Runs a script in the page, or waits for a page to load, and answers what it asks for until it is quiet.
    async fn attend(
        &self,
        tab: &mut Tab,
        engine: &Engine,
        plan: &Plan,
        visit: &mut Visit,
        script: Option<&str>,
    ) -> Result<(), BrowserError> {
        let (quiet, longest) = if plan.watch.is_some() { BRIEF } else { PATIENT };
        let until = Instant::now() + longest;
        let mut under_way = FuturesUnordered::new();
        let session = tab.session.clone();
        let pause = format!("new Promise(done => setTimeout(done, {}))", (quiet - SILENCE).as_millis());
        let pause = json!({ "expression": pause, "awaitPromise": true });
        let mut loaded = script.is_some();
        let script = script.map(|script| format!("(async () => {{ {script} }})()"));
        let mut running = FuturesUnordered::new();
        running.extend(script.as_ref().map(|script| self.evaluate(&session, script)));
        // Kept until they are answered, since a command must not be dropped while it is written.
        let mut pauses = FuturesUnordered::new();
        let (mut count, mut awaited) = (0_u32, None);
        let pause = async |number: u32| {
            (number, self.pipe.call(Some(&session), "Runtime.evaluate", pause.clone()).await.is_ok())
        };
        loop {
            let rest = until.saturating_duration_since(Instant::now());
            let idle = loaded && under_way.is_empty() && running.is_empty();
            awaited = awaited.filter(|_| idle);
            let wait = if idle && awaited.is_none() { SILENCE.min(rest) } else { rest };
            tokio::select! {
                event = tab.events.recv() => {
                    let Some(event) = event else { return Err(BrowserError::Gone) };
                    match event.method.as_str() {
                        "Fetch.requestPaused" => {
                            let request = Request::read(event.params);
                            let kept = self.scripts().get(&request.address).cloned();
                            let admitted = self.judge(engine, plan, &request, visit);
                            under_way.push(self.answer(engine, session.clone(), request, admitted, kept));
                        }
                        "Runtime.bindingCalled" => {
                            let called = event.params.get("payload").and_then(Value::as_str);
                            visit.called |= called.is_some() && called == plan.watch.as_deref();
                        }
                        "Page.javascriptDialogOpening" => {
                            let params = json!({ "accept": true, "promptText": "1" });
                            self.pipe.tell(&session, "Page.handleJavaScriptDialog", params).await?;
                        }
                        "Page.loadEventFired" => loaded = true,
                        "Page.frameStoppedLoading" if event.params["frameId"] == tab.target.as_str() => {
                            loaded = true;
                        }
                        "Inspector.targetCrashed" => return Err(BrowserError::Silent("Page.navigate")),
                        _ => {}
                    }
                }
                Some(done) = under_way.next(), if !under_way.is_empty() => {
                    if let Some((address, answer)) = done? {
                        let mut scripts = self.scripts();
                        if scripts.len() < KEPT_SCRIPTS {
                            scripts.insert(address, answer);
                        }
                    }
                }
                Some(done) = running.next(), if !running.is_empty() => match done {
                    // A page that went elsewhere took the script along.
                    Ok(_) | Err(BrowserError::Refused(..)) => {}
                    Err(error) => return Err(error),
                },
                Some((number, passed)) = pauses.next(), if !pauses.is_empty() => {
                    if awaited == Some(number) {
                        if passed {
                            return Ok(());
                        }
                        // A page that went elsewhere took its clock along.
                        awaited = None;
                    }
                }
                () = tokio::time::sleep(wait) => {
                    if idle && awaited.is_none() {
                        count += 1;
                        awaited = Some(count);
                        pauses.push(pause(count));
                    }
                }
            }
            if visit.called || Instant::now() >= until || engine.client.halted().is_some() {
                return Ok(());
            }
        }
    }

    /// Whether a request may be sent, and its record.
    fn judge(
        &self,
        engine: &Engine,
        plan: &Plan,
        request: &Request,
        visit: &mut Visit,
    ) -> Option<InScopeUrl> {
        let url = url::Url::parse(&request.address).ok()?;
        let url = match engine.scope.admit(&url) {
            Ok(url) => url,
            Err(_) => {
                if visit.refused.len() < MAX_REQUESTS {
                    visit.refused.insert(request.address.clone());
                }
                return None;
            }
        };
        let own = plan.address.split('#').next() == Some(url.as_str());
        visit.documents += usize::from(request.kind == "Document");
        if visit.requests.len() >= MAX_REQUESTS || visit.documents > MAX_DOCUMENTS {
            return None;
        }
        if request.is_telling() && !own {
            visit.requests.push(request.template(url.clone()));
        }
        let bare = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let harmless = !is_left_alone(&url) || url == engine.scope.target();
        (request.is_sent() && harmless && (bare || engine.job.active && request.method != "DELETE"))
            .then_some(url)
    }

    /// Sends a request and hands its answer to the page. A script is given back, to be kept.
    async fn answer(
        &self,
        engine: &Engine,
        session: String,
        request: Request,
        admitted: Option<InScopeUrl>,
        kept: Option<Answer>,
    ) -> Result<Option<(String, Answer)>, BrowserError> {
        let refuse = json!({ "requestId": request.id, "errorReason": "BlockedByClient" });
        let Some(url) = admitted else {
            self.pipe.tell(&session, "Fetch.failRequest", refuse).await?;
            return Ok(None);
        };
        let is_script = request.kind == "Script";
        let answer = match kept.filter(|_| is_script) {
            Some(answer) => Ok(answer),
            None => {
                let mut template = request.template(url);
                let known = engine.session().credentials(&template.url).cookies;
                template.cookies = request.cookies();
                template.cookies.retain(|(name, _)| !known.iter().any(|(have, _)| have == name));
                engine.get(&template).await
            }
        };
        match answer {
            Ok(answer) => {
                let params = fulfilled(&request.id, &answer);
                self.pipe.tell(&session, "Fetch.fulfillRequest", params).await?;
                Ok(is_script.then_some((request.address, answer)))
            }
            Err(SendError::Halt(_) | SendError::TimedOut(_) | SendError::Broken(_)) => {
                self.pipe.tell(&session, "Fetch.failRequest", refuse).await?;
                Ok(None)
            }
        }
    }
}

/// A tab whose requests all stop here.
async fn open_tab(pipe: &Pipe, binding: &str) -> Result<Tab, BrowserError> {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let made = pipe.call(None, "Target.createTarget", json!({ "url": "about:blank" })).await?;
    let target = text(&made, "targetId");
    let params = json!({ "targetId": target, "flatten": true });
    let session = text(&pipe.call(None, "Target.attachToTarget", params).await?, "sessionId");
    let events = pipe.listen(&session);
    let on = Some(session.as_str());
    pipe.call(on, "Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] })).await?;
    pipe.call(on, "Page.enable", json!({})).await?;
    pipe.call(on, "Runtime.enable", json!({})).await?;
    pipe.call(on, "Network.enable", json!({})).await?;
    pipe.call(on, "Network.setBypassServiceWorker", json!({ "bypass": true })).await?;
    pipe.call(on, "Runtime.addBinding", json!({ "name": binding })).await?;
    // Only a page in front runs at its usual pace.
    pipe.call(on, "Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await?;
    Ok(Tab { events, session, target })
}

fn fulfilled(id: &str, answer: &Answer) -> Value {
    let unpacked = ["content-encoding", "content-length", "transfer-encoding", "connection"];
    let headers: Vec<Value> = answer
        .headers
        .iter()
        .filter(|(name, _)| !unpacked.contains(&name.as_str()))
        .map(|(name, value)| json!({ "name": name, "value": value.replace(['\r', '\n'], " ") }))
        .collect();
    json!({
        "requestId": id,
        "responseCode": answer.status,
        "responseHeaders": headers,
        "body": BASE64.encode(&answer.body),
    })
}

/// A request that waits for its answer.
struct Request {
    id: String,
    address: String,
    method: String,
    kind: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn read(params: Value) -> Self {
        let text =
            |pointer: &str| params.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let headers = params.pointer("/request/headers").and_then(Value::as_object);
        let pair = |(name, value): (&String, &Value)| {
            (name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned())
        };
        let address = text("/request/url");
        Self {
            id: text("/requestId"),
            address: address.split('#').next().unwrap_or_default().to_owned(),
            method: text("/request/method"),
            kind: text("/resourceType"),
            headers: headers.map(|headers| headers.iter().map(pair).collect()).unwrap_or_default(),
            body: text("/request/postData"),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// Whether it says something about the application rather than about its looks.
    fn is_telling(&self) -> bool {
        matches!(self.kind.as_str(), "XHR" | "Fetch" | "EventSource" | "Ping" | "Document" | "WebSocket")
    }

    /// Whether the page needs the answer: pictures only cost, and streams of events never end.
    fn is_sent(&self) -> bool {
        matches!(self.kind.as_str(), "XHR" | "Fetch" | "Document" | "Script" | "Other" | "Manifest")
    }

    fn cookies(&self) -> Vec<(String, String)> {
        let line = self.header("cookie").unwrap_or_default();
        let pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn template(&self, url: InScopeUrl) -> Template {
        let kind = self.header("content-type").unwrap_or_default();
        let media = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let body = if self.body.is_empty() {
            Body::Empty
        } else if let Some(value) =
            serde_json::from_str::<Value>(&self.body).ok().filter(|value| !value.is_number())
        {
            Body::Json(value)
        } else if media == "application/x-www-form-urlencoded" {
            Body::Form(url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect())
        } else {
            Body::Text { content_type: kind.to_owned(), text: self.body.clone() }
        };
        let own = |name: &str| name == "authorization" || name.starts_with("x-") || name == "accept";
        let mut template = Template::with_body(&self.method, url, body);
        template.headers = self.headers.iter().filter(|(name, _)| own(name)).cloned().collect();
        template.headers.retain(|(name, _)| name != "x-tollgate-scan");
        template
    }
}
