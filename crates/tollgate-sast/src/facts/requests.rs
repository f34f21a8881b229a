//! Requests that scripts of web pages make: addresses of calls that send, of navigation and of client-side
//! routes, put together from strings, templates and constants. What is only known at run time is a hole.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;
use tollgate_core::dynamic::{ParameterPlace, ScriptCall};
use tollgate_core::{Cancel, Language, RepoPath};

use super::code::Code;
use crate::matching::{Dialect, ParsedFile};
use crate::tree::{Kind, NodeId, Role, symbol};

/// Longest script that is parsed, in bytes.
const MAX_TEXT: usize = 4 << 20;
/// Time for parsing one script.
const MAX_TIME: Duration = Duration::from_secs(5);
/// Requests of one script that are told.
const MAX_CALLS: usize = 500;
const MAX_DEPTH: usize = 24;
const MAX_ADDRESS: usize = 500;
const MAX_FIELDS: usize = 50;

const VERBS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// The requests of a script, in the order they stand there and without repeats. `None` where the text is
/// no script that can be parsed.
#[must_use]
pub fn script_calls(text: &str) -> Option<Vec<ScriptCall>> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let cancel = Cancel::new().with_deadline(Instant::now() + MAX_TIME);
    let parsed = ParsedFile::parse(Language::Javascript, Dialect::Plain, Arc::from(text), &cancel).ok()?;
    if parsed.has_errors() || parsed.tree().nodes.is_empty() {
        return None;
    }
    let path = RepoPath::new("script.js").ok()?;
    let mut script =
        Script { code: Code::new(&parsed, &path), used: FxHashSet::default(), calls: Vec::new() };
    script.read();
    let mut seen = FxHashSet::default();
    script.calls.sort_by_key(|(at, _)| *at);
    let calls = script.calls.into_iter().map(|(_, call)| call);
    Some(calls.filter(|call| seen.insert(call.clone())).take(MAX_CALLS).collect())
}

struct Script<'f> {
    code: Code<'f>,
    /// Strings that are part of an address already told.
    used: FxHashSet<NodeId>,
    calls: Vec<(NodeId, ScriptCall)>,
}

/// What goes along with a request.
#[derive(Default, Clone)]
struct Sent {
    method: Option<String>,
    place: Option<ParameterPlace>,
    fields: Vec<String>,
}

impl Script<'_> {
    fn read(&mut self) {
        let nodes: Vec<NodeId> = self.code.file.tree().subtree(NodeId::ROOT).collect();
        for id in &nodes {
            match self.code.kind(*id) {
                Kind::Call => self.call(*id),
                Kind::New => self.new_object(*id),
                Kind::Assign | Kind::Pair => self.assignment(*id),
                _ => {}
            }
        }
        for id in nodes {
            if matches!(self.code.kind(id), Kind::Str | Kind::Template) && !self.used.contains(&id) {
                self.plain(id);
            }
        }
    }

    fn call(&mut self, call: NodeId) {
        let Some((object, name)) = self.code.callee(call) else { return };
        let owner = object.map(|object| self.code.compact(object)).unwrap_or_default();
        let arguments = self.code.positional(call);
        let (first, second) = (arguments.first().copied(), arguments.get(1).copied());
        let Some(first) = first else { return };
        let jquery = matches!(owner.as_str(), "$" | "jQuery");
        match name {
            "fetch" | "$fetch" | "ofetch" | "ky" | "request" | "axios" | "ajax" | "$http" => {
                let wrapped = self.code.kind(first) == Kind::New
                    && self
                        .code
                        .child(first, Role::Callee)
                        .is_some_and(|name| self.code.text(name) == "Request");
                if wrapped {
                    return;
                }
                let options = if self.code.kind(first) == Kind::Dict { Some(first) } else { second };
                let sent = options.map(|options| self.options(options)).unwrap_or_default();
                let address = match self.code.kind(first) {
                    Kind::Dict => self.code.entry(first, "url"),
                    _ => Some(first),
                };
                self.tell(call, address, sent);
            }
            "open" if second.is_some() && self.code.string(first).is_some_and(|text| is_method(&text)) => {
                let method = self.code.string(first).map(|text| text.to_ascii_uppercase());
                self.tell(call, second, Sent { method, ..Sent::default() });
            }
            "open" | "assign" | "replace" if is_browser(&owner) || owner.is_empty() => {
                self.tell(call, Some(first), Sent::default());
            }
            "pushState" | "replaceState" => {
                self.tell(call, arguments.get(2).copied(), Sent::default());
            }
            "sendBeacon" => {
                let mut sent = second.map(|body| self.body(body, 0)).unwrap_or_default();
                sent.method = Some("POST".to_owned());
                self.tell(call, Some(first), sent);
            }
            "getJSON" | "getScript" | "load" if jquery || owner.starts_with("$(") => {
                let fields = second.map(|data| self.keys(data)).unwrap_or_default();
                let sent = Sent { method: None, place: Some(ParameterPlace::Query), fields };
                self.tell(call, Some(first), sent);
            }
            "importScripts" | "import" => self.tell(call, Some(first), Sent::default()),
            verb if VERBS.contains(&verb) && !owner.is_empty() => {
                // `app.get("/x", handler)` serves a request rather than sending one.
                let serves = second.is_some_and(|second| self.code.kind(second) == Kind::Func) && !jquery;
                if serves {
                    return;
                }
                let method = verb.to_ascii_uppercase();
                let mut sent = match (method.as_str(), second) {
                    ("POST" | "PUT" | "PATCH", Some(data)) => self.body(data, 0),
                    (_, Some(options)) if !jquery => self.options(options),
                    (_, Some(data)) => Sent { fields: self.keys(data), ..Sent::default() },
                    (_, None) => Sent::default(),
                };
                if jquery && sent.place == Some(ParameterPlace::Json) {
                    sent.place = Some(ParameterPlace::Form);
                }
                sent.method = Some(method);
                self.tell(call, Some(first), sent);
            }
            _ => {}
        }
    }

    fn new_object(&mut self, object: NodeId) {
        let Some(callee) = self.code.child(object, Role::Callee) else { return };
        let arguments = self.code.positional(object);
        let address = arguments.first().copied();
        match self.code.compact(callee).rsplit('.').next().unwrap_or_default() {
            "Request" => {
                let sent = arguments.get(1).map(|options| self.options(*options)).unwrap_or_default();
                self.tell(object, address, sent);
            }
            "WebSocket" | "EventSource" | "Worker" | "SharedWorker" | "URL" => {
                self.tell(object, address, Sent::default());
            }
            _ => {}
        }
    }

    /// `location = x`, `form.action = x`, `{url: x}`: places that take an address.
    fn assignment(&mut self, id: NodeId) {
        let (name, value) = match self.code.kind(id) {
            Kind::Pair => (self.code.child(id, Role::Key), self.code.child(id, Role::Value)),
            _ => (self.code.child(id, Role::Left), self.code.child(id, Role::Right)),
        };
        let (Some(name), Some(value)) = (name, value) else { return };
        let name = self.code.compact(name);
        let last = name.rsplit('.').next().unwrap_or_default().trim_matches(['"', '\'']);
        if matches!(
            last,
            "location" | "href" | "src" | "action" | "url" | "path" | "endpoint" | "templateUrl"
        ) && !self.used.contains(&value)
        {
            self.tell(id, Some(value), Sent::default());
        }
    }

    /// A string that stands alone and looks like an address.
    fn plain(&mut self, id: NodeId) {
        let Some(text) = self.address(id, 0).filter(|text| looks_like_path(text)) else { return };
        self.push(id, text, Sent::default());
    }

    fn tell(&mut self, at: NodeId, address: Option<NodeId>, sent: Sent) {
        let Some(address) = address else { return };
        if self.code.kind(address) == Kind::Ternary {
            for side in [Role::Then, Role::Else] {
                let side = self.code.child(address, side);
                if side.is_some_and(|side| self.code.kind(side) != Kind::Ternary) {
                    self.tell(at, side, sent.clone());
                }
            }
            return;
        }
        let Some(text) = self.address(address, 0).filter(|text| is_address(text)) else { return };
        for part in self.code.file.tree().subtree(address) {
            self.used.insert(part);
            if self.code.kind(part) == Kind::Name {
                self.used.extend(self.code.value_of(part));
            }
        }
        self.push(at, text, sent);
    }

    fn push(&mut self, at: NodeId, address: String, sent: Sent) {
        if self.calls.len() >= MAX_CALLS * 4 {
            return;
        }
        let bare = sent.method.as_deref().is_none_or(|method| matches!(method, "GET" | "HEAD" | "DELETE"));
        let usual = if bare { ParameterPlace::Query } else { ParameterPlace::Json };
        let call = ScriptCall {
            method: sent.method.unwrap_or_else(|| "GET".to_owned()),
            address,
            place: sent.place.unwrap_or(usual),
            fields: sent.fields,
        };
        self.calls.push((at, call));
    }

    /// The options of a request: method, and body or parameters.
    fn options(&self, options: NodeId) -> Sent {
        let options = self.resolved(options);
        let entry = |names: &[&str]| names.iter().find_map(|name| self.code.entry(options, name));
        let method = entry(&["method", "type"]).and_then(|id| self.code.string(id));
        let method = method.filter(|method| is_method(method)).map(|method| method.to_ascii_uppercase());
        let mut sent = match entry(&["body", "data", "json"]) {
            Some(body) => self.body(body, 0),
            None => Sent::default(),
        };
        if let Some(parameters) = entry(&["params", "searchParams", "query"])
            && sent.fields.is_empty()
        {
            sent = Sent { place: Some(ParameterPlace::Query), fields: self.keys(parameters), method: None };
        }
        Sent { method, ..sent }
    }

    /// The fields of a body, and how they are written.
    fn body(&self, body: NodeId, depth: usize) -> Sent {
        let form = |fields| Sent { place: Some(ParameterPlace::Form), fields, method: None };
        let body = self.resolved(body);
        match self.code.kind(body) {
            Kind::Dict => Sent { place: Some(ParameterPlace::Json), fields: self.keys(body), method: None },
            Kind::Call if depth < MAX_DEPTH => {
                let inner = self.code.positional(body).first().copied();
                let name = self.code.callee(body).map_or("", |(_, name)| name);
                match (name, inner) {
                    ("stringify", Some(inner)) => self.body(inner, depth + 1),
                    ("param" | "toString", Some(inner)) => form(self.keys(inner)),
                    _ => Sent::default(),
                }
            }
            Kind::New => {
                let inner = self.code.positional(body).first().map(|inner| self.keys(*inner));
                form(inner.unwrap_or_default())
            }
            Kind::Str | Kind::Template | Kind::Binary => {
                let text = self.address(body, 0).unwrap_or_default();
                let names = text.split('&').filter_map(|pair| Some(pair.split_once('=')?.0.to_owned()));
                form(names.filter(|name| !name.contains(['{', ' '])).take(MAX_FIELDS).collect())
            }
            _ => Sent::default(),
        }
    }

    fn keys(&self, object: NodeId) -> Vec<String> {
        let object = self.resolved(object);
        if self.code.kind(object) != Kind::Dict {
            return Vec::new();
        }
        let key = |pair: NodeId| match self.code.child(pair, Role::Key) {
            Some(key) => self.code.key(key).to_owned(),
            None => self.code.text(pair).to_owned(),
        };
        let fits = |name: &String| {
            !name.is_empty()
                && name.len() <= 60
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
        };
        self.code.children(object, Role::Pair).into_iter().map(key).filter(fits).take(MAX_FIELDS).collect()
    }

    /// The value that a name was first given, else the node itself.
    fn resolved(&self, id: NodeId) -> NodeId {
        match self.code.kind(id) {
            Kind::Name => self.code.value_of(id).unwrap_or(id),
            Kind::Await | Kind::Cast => self.code.child(id, Role::Value).unwrap_or(id),
            _ => id,
        }
    }

    /// The text of an expression, with holes where it is not known. `None` where nothing of it is.
    fn address(&self, id: NodeId, depth: usize) -> Option<String> {
        let mut out = String::new();
        self.write(id, depth, &mut out);
        let known =
            out.split('{').any(|part| part.split('}').next_back().is_some_and(|text| !text.is_empty()));
        (known && !out.is_empty() && out.len() <= MAX_ADDRESS).then(|| out.trim().to_owned())
    }

    fn write(&self, id: NodeId, depth: usize, out: &mut String) {
        if depth > MAX_DEPTH || out.len() > MAX_ADDRESS {
            return;
        }
        let tree = self.code.file.tree();
        match self.code.kind(id) {
            Kind::Str | Kind::StrPart | Kind::Num => match self.code.string(id) {
                Some(text) => out.push_str(&text),
                None => out.push_str(self.code.text(id)),
            },
            Kind::Template => {
                for part in tree.children(id) {
                    match self.code.kind(part) {
                        Kind::StrPart => out.push_str(self.code.text(part)),
                        _ => self.write(part, depth + 1, out),
                    }
                }
            }
            Kind::Interp => match tree.children(id).next() {
                Some(inner) => self.write(inner, depth + 1, out),
                None => hole("", out),
            },
            Kind::Binary if tree.node(id).symbol == symbol("+") => {
                for side in [Role::Left, Role::Right] {
                    if let Some(side) = self.code.child(id, side) {
                        self.write(side, depth + 1, out);
                    }
                }
            }
            Kind::Binary | Kind::Ternary => {
                // `base || "/api"`, `x ? "/a" : "/b"`: one that is written out.
                let sides = [Role::Then, Role::Right, Role::Else, Role::Left];
                let text = sides
                    .into_iter()
                    .filter_map(|role| self.code.child(id, role))
                    .find_map(|side| self.address(side, depth + 1).filter(|text| !text.starts_with('{')));
                out.push_str(text.as_deref().unwrap_or("{value}"));
            }
            Kind::New => {
                let inner = self.code.positional(id).first().copied();
                let of_url =
                    self.code.child(id, Role::Callee).is_some_and(|name| self.code.text(name) == "URL");
                match inner.filter(|_| of_url) {
                    Some(inner) => self.write(inner, depth + 1, out),
                    None => hole("", out),
                }
            }
            Kind::Call => self.write_call(id, depth, out),
            Kind::Name => match (self.code.string(id), self.code.value_of(id)) {
                (Some(text), _) => out.push_str(&text),
                (None, Some(value))
                    if matches!(self.code.kind(value), Kind::Template | Kind::Binary | Kind::Str) =>
                {
                    self.write(value, depth + 1, out);
                }
                _ => hole(self.code.text(id), out),
            },
            Kind::Member | Kind::Index => {
                let text = self.code.compact(id);
                if matches!(text.rsplit('.').next(), Some("origin" | "host" | "baseURI")) {
                    // The page's own place.
                } else if let Some(text) = self.code.string(id) {
                    out.push_str(&text);
                } else {
                    hole(text.rsplit('.').next().unwrap_or_default(), out);
                }
            }
            _ => hole("", out),
        }
    }

    /// `"/a/".concat(id)`, `["/a", id].join("/")`, `encodeURIComponent(id)`.
    fn write_call(&self, call: NodeId, depth: usize, out: &mut String) {
        let arguments = self.code.positional(call);
        match self.code.callee(call) {
            Some((Some(object), "concat")) => {
                self.write(object, depth + 1, out);
                for argument in arguments {
                    self.write(argument, depth + 1, out);
                }
            }
            Some((Some(object), "join")) if self.code.kind(object) == Kind::List => {
                let separator = arguments.first().and_then(|id| self.code.string(*id));
                for (idx, part) in self.code.children(object, Role::Elem).into_iter().enumerate() {
                    if idx > 0 {
                        out.push_str(separator.as_deref().unwrap_or(","));
                    }
                    self.write(part, depth + 1, out);
                }
            }
            Some((Some(object), "toString" | "trim" | "toLowerCase" | "replace")) => {
                self.write(object, depth + 1, out);
            }
            Some((None, "encodeURIComponent" | "encodeURI" | "String")) => match arguments.first() {
                Some(argument) => self.write(*argument, depth + 1, out),
                None => hole("", out),
            },
            _ => hole("", out),
        }
    }
}

fn hole(name: &str, out: &mut String) {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
    out.push('{');
    out.push_str(if name.is_empty() { "value" } else { &name });
    out.push('}');
}

fn is_method(text: &str) -> bool {
    VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(text)) || text.eq_ignore_ascii_case("OPTIONS")
}

fn is_browser(owner: &str) -> bool {
    let last = owner.rsplit('.').next().unwrap_or_default();
    matches!(last, "window" | "location" | "self" | "parent" | "top" | "router" | "history")
}

/// Whether a text in a place that takes an address is one.
fn is_address(text: &str) -> bool {
    let start = text.split(['?', '#']).next().unwrap_or_default();
    !text.contains(char::is_whitespace)
        && !text.starts_with("data:")
        && !text.starts_with("javascript:")
        && (start.contains('/') || start.contains('.') || text.starts_with('?'))
        && text.len() > 1
}

/// Whether a text that stands anywhere is an address: a path from the root, or a page by its ending.
fn looks_like_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '{' | '}' | ':' | '~');
    let rooted = path.len() > 1
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.as_bytes().get(1).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    let endings = ["php", "jsp", "jspx", "asp", "aspx", "do", "action", "json", "cgi"];
    let page = path.rsplit_once('.').is_some_and(|(name, ending)| {
        endings.contains(&ending) && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
    });
    path.chars().all(plain) && !text.contains(char::is_whitespace) && (rooted || page) && path.len() <= 200
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &[&str]) {
        let found: Vec<String> = script_calls(script)
            .expect("the script parses")
            .into_iter()
            .map(|call| {
                let fields = call.fields.join(",");
                let along = if fields.is_empty() { fields } else { format!(" {} {fields}", call.place) };
                format!("{} {}{along}", call.method, call.address)
            })
            .collect();
        assert_eq!(found, expected, "{script}");
    }

    #[test]
    fn calls_that_send_are_told_with_method_and_fields() {
        check(
            "fetch('/api/users', {method: 'POST', body: JSON.stringify({name, mail: m})})",
            &["POST /api/users json name,mail"],
        );
        check(
            "const body = {a: 1}; window.fetch('/x', {method: 'put', body: JSON.stringify(body)})",
            &["PUT /x json a"],
        );
        check("fetch('/f', {method: 'POST', body: new URLSearchParams({q: 1})})", &["POST /f form q"]);
        check("fetch(new Request('/r', {method: 'PATCH'}))", &["PATCH /r"]);
        check("axios.post('/login', {user, password})", &["POST /login json user,password"]);
        check("axios({url: '/a', method: 'delete', params: {id: 1}})", &["DELETE /a query id"]);
        check("api.get('/items', {params: {page: 2}})", &["GET /items query page"]);
        check("var x = new XMLHttpRequest(); x.open('POST', 'save.php')", &["POST save.php"]);
        check("$.ajax({url: '/j', type: 'POST', data: {k: v}})", &["POST /j json k"]);
        check("$.post('/k', {k: v}); $.getJSON('/l', {m: 1})", &["POST /k form k", "GET /l query m"]);
        check(
            "new WebSocket('ws://app.test/live'); new EventSource('/events')",
            &["GET ws://app.test/live", "GET /events"],
        );
        check("navigator.sendBeacon('/beacon', 'a=1&b=2')", &["POST /beacon form a,b"]);
        check(
            "location.href = '/next'; window.open('/new?x=1'); history.pushState({}, '', '/state')",
            &["GET /next", "GET /new?x=1", "GET /state"],
        );
        check("app.get('/served', (req, res) => res.send(1))", &["GET /served"]);
    }

    #[test]
    fn addresses_are_put_together() {
        check("const base = '/api'; fetch(base + '/users/' + id + '/posts')", &["GET /api/users/{id}/posts"]);
        check("fetch(`/u/${user.id}?q=${encodeURIComponent(q)}`)", &["GET /u/{id}?q={q}"]);
        check("fetch('/a/'.concat(id, '/b'))", &["GET /a/{id}/b"]);
        check("fetch(['/a', kind, 'c'].join('/'))", &["GET /a/{kind}/c"]);
        check("fetch(new URL('/rel', location.origin))", &["GET /rel"]);
        check("fetch(location.origin + '/o')", &["GET /o"]);
        check("fetch(`${BASE}/list`)", &["GET {BASE}/list"]);
        check("fetch(local ? '/one' : '/two')", &["GET /one", "GET /two"]);
        check(
            "const routes = [{path: '/users/:id', component: U}, {path: '/about'}]",
            &["GET /users/:id", "GET /about"],
        );
        check(
            "let a = '/just/there'; let b = 'and/or'; let c = '/'; let d = 'text with /x'; r('//')",
            &["GET /just/there"],
        );
        check("fetch(url); axios.get(this.url)", &[]);
    }

    #[test]
    fn what_is_no_script_is_left_to_others() {
        assert_eq!(script_calls("fetch('/x'"), None);
        assert!(
            script_calls(&format!("f({}{})", "(".repeat(5_000), ")".repeat(5_000)))
                .is_none_or(|calls| calls.is_empty())
        );
    }
}
