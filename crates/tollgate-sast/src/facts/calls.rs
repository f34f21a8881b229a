//! Routes that calls declare: `app.get("/x", handler)`, `mux.HandleFunc("/x", h)`, `path("x/", view)`.

use tollgate_core::Language;

use super::code::{Code, controller};
use super::{Draft, Mount, Stretch, Target, template};
use crate::matching::NodeId;
use crate::tree::{Kind, Role};

const VERBS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
/// Objects whose `get` and `post` send requests rather than serve them.
const CLIENTS: [&str; 12] = [
    "axios",
    "http",
    "https",
    "client",
    "fetch",
    "request",
    "api",
    "$http",
    "agent",
    "supertest",
    "cy",
    "superagent",
];
const MAX_DEPTH: usize = 12;

/// Routes and mounts of every call.
pub(super) fn routes(code: &mut Code<'_>, out: &mut Vec<Draft>, mounts: &mut Vec<Mount>) {
    let framework = match code.language() {
        Language::Javascript | Language::Typescript => script_framework(code),
        Language::Go => go_framework(code),
        Language::Python => "django",
        Language::Php => "laravel",
        Language::Ruby if code.has_word("routes.draw") => "rails",
        Language::Ruby if code.has_word("sinatra") || code.has_word("Sinatra") => "sinatra",
        Language::Csharp if code.has_word(".Map") => "aspnet",
        _ => return,
    };
    if framework.is_empty() {
        return;
    }
    if code.language() == Language::Php {
        plain_php(code, out);
    }
    for call in code.file.index().of_kind(Kind::Call).to_vec() {
        if out.len() >= super::MAX_ROUTES {
            return;
        }
        match code.language() {
            Language::Javascript | Language::Typescript => script(code, call, framework, out, mounts),
            Language::Go => go(code, call, framework, out, mounts),
            Language::Python => python(code, call, out, mounts),
            Language::Php => laravel(code, call, out),
            Language::Ruby => ruby(code, call, framework, out),
            Language::Csharp => aspnet(code, call, out),
            _ => {}
        }
    }
}

/// A route found at a call.
struct Found<'a> {
    methods: Vec<String>,
    template: String,
    owner: String,
    framework: &'a str,
    handler: Option<NodeId>,
}

fn push(code: &mut Code<'_>, call: NodeId, found: Found<'_>, out: &mut Vec<Draft>) {
    let target =
        found.handler.and_then(|handler| code.target(handler)).map_or(Target::Itself, |(target, _)| target);
    let mut methods = found.methods;
    methods.sort();
    methods.dedup();
    out.push(Draft {
        methods,
        template: found.template,
        owner: found.owner,
        target,
        framework: found.framework.to_owned(),
        inputs: Vec::new(),
        place: code.stretch(call),
    });
}

fn verb(name: &str) -> Option<Vec<String>> {
    if matches!(name, "all" | "any" | "Any" | "All") {
        return Some(Vec::new());
    }
    if name == "del" {
        return Some(vec!["DELETE".to_owned()]);
    }
    VERBS.iter().find(|verb| verb.eq_ignore_ascii_case(name)).map(|verb| vec![(*verb).to_owned()])
}

/// Prefixes of the calls around a call: `r.Route("/x", func(r) {...})`, `namespace :admin do`.
fn around(code: &Code<'_>, call: NodeId, names: &[&str]) -> String {
    let tree = code.file.tree();
    let mut parts = Vec::new();
    let mut at = tree.parent(call);
    while let Some(node) = at {
        if code.kind(node) == Kind::Call
            && let Some((object, name)) = code.callee(node)
            && names.contains(&name)
            && !object.is_some_and(|object| tree.contains(object, call))
        {
            let first = code.positional(node).first().copied();
            if let Some(path) = first.and_then(|first| code.string(first)) {
                parts.push(template::normalise(&path));
            }
            // Laravel: `Route::prefix('x')->group(function () {...})`
            if let Some(object) = object.filter(|_| name == "group")
                && let Some(path) = chained(code, object, "prefix")
            {
                parts.push(template::normalise(&path));
            }
        }
        at = tree.parent(node);
    }
    parts.iter().rev().fold(String::new(), |whole, part| {
        if whole.is_empty() { part.clone() } else { template::below(&whole, part) }
    })
}

/// The first argument of a call with a name in a chain of calls.
fn chained(code: &Code<'_>, from: NodeId, wanted: &str) -> Option<String> {
    let mut at = from;
    for _ in 0..MAX_DEPTH {
        let (object, name) = code.callee(at)?;
        if name == wanted {
            return code.positional(at).first().and_then(|first| code.string(*first));
        }
        at = object?;
    }
    None
}

fn script_framework(code: &Code<'_>) -> &'static str {
    if code.has_word("fastify") {
        "fastify"
    } else if code.has_word("koa") {
        "koa"
    } else if ["express", "router", "Router", "app.", "server."].iter().any(|word| code.has_word(word)) {
        "express"
    } else {
        ""
    }
}

fn script(code: &mut Code<'_>, call: NodeId, framework: &str, out: &mut Vec<Draft>, mounts: &mut Vec<Mount>) {
    let Some((Some(object), name)) = code.callee(call) else { return };
    let arguments = code.positional(call);
    if matches!(name, "use" | "register" | "route")
        && mount(code, object, name, call, &arguments, framework, mounts)
    {
        return;
    }
    if name == "route" && framework == "fastify" {
        let Some(options) = arguments.first().copied() else { return };
        let url = code.entry(options, "url").or_else(|| code.entry(options, "path"));
        let Some(path) = url.and_then(|url| code.string(url)) else { return };
        let methods = code.entry(options, "method").map(|method| code.strings(method)).unwrap_or_default();
        let handler = code.entry(options, "handler");
        let owner = code.compact(object);
        let template = template::normalise(&path);
        return push(code, call, Found { methods, template, owner, framework, handler }, out);
    }
    let Some(methods) = verb(name).filter(|_| name.chars().all(char::is_lowercase)) else { return };
    // `router.route("/x").get(h).post(h)`
    if let Some(path) = chained(code, object, "route") {
        let owner = chain_root(code, object);
        let handler = arguments.last().copied();
        let template = template::normalise(&path);
        return push(code, call, Found { methods, template, owner, framework, handler }, out);
    }
    let owner = code.compact(object);
    let last = owner.rsplit('.').next().unwrap_or(&owner);
    if CLIENTS.contains(&last) || owner.contains('(') {
        return;
    }
    let (Some(first), true) = (arguments.first().copied(), arguments.len() >= 2) else { return };
    let Some(handler) = arguments.last().copied().filter(|handler| is_handler(code, *handler)) else {
        return;
    };
    for path in code.strings(first).into_iter().filter(|path| path.starts_with('/') || path == "*").take(8) {
        let template = template::below(&made_prefix(code, object), &template::normalise(&path));
        let found = Found {
            methods: methods.clone(),
            template,
            owner: owner.clone(),
            framework,
            handler: Some(handler),
        };
        push(code, call, found, out);
    }
}

fn is_handler(code: &Code<'_>, id: NodeId) -> bool {
    matches!(code.kind(id), Kind::Func | Kind::Name | Kind::Member | Kind::Call | Kind::List)
}

fn chain_root(code: &Code<'_>, from: NodeId) -> String {
    let mut at = from;
    for _ in 0..MAX_DEPTH {
        match code.callee(at) {
            Some((Some(object), _)) if code.kind(at) == Kind::Call => at = object,
            _ => break,
        }
    }
    code.compact(at)
}

/// `new Router({ prefix: "/x" })`
fn made_prefix(code: &Code<'_>, object: NodeId) -> String {
    let made = code.value_of(object).filter(|value| matches!(code.kind(*value), Kind::New | Kind::Call));
    let prefix = made.and_then(|made| code.named(made, "prefix")).and_then(|prefix| code.string(prefix));
    prefix.map(|prefix| template::normalise(&prefix)).unwrap_or_default()
}

/// `app.use("/x", router)`, `fastify.register(plugin, { prefix: "/x" })`
fn mount(
    code: &Code<'_>,
    object: NodeId,
    name: &str,
    call: NodeId,
    arguments: &[NodeId],
    framework: &str,
    mounts: &mut Vec<Mount>,
) -> bool {
    let (prefix, below) = match (name, arguments) {
        ("register", [plugin, ..]) => {
            let prefix = code.named(call, "prefix").and_then(|prefix| code.string(prefix));
            (prefix.unwrap_or_default(), *plugin)
        }
        ("use", [first, .., last]) => match code.string(*first) {
            Some(prefix) => (prefix, *last),
            None => (String::new(), *last),
        },
        ("use", [only]) => (String::new(), *only),
        ("route", [first, second]) if framework == "express" => match code.string(*first) {
            Some(prefix) => (prefix, *second),
            None => return false,
        },
        _ => return false,
    };
    let mut below = below;
    // `app.use(router.routes())` of Koa
    if let Some((Some(inner), "routes")) = code.callee(below).filter(|_| code.kind(below) == Kind::Call) {
        below = inner;
    }
    let imported =
        code.import_path(below).filter(|path| path.first().is_some_and(|module| module.starts_with('.')));
    let (module, variable) = match imported {
        Some(path) => (vec![path[0].clone()], path.get(1).cloned().unwrap_or_default()),
        None if code.kind(below) == Kind::Name => (Vec::new(), code.text(below).to_owned()),
        None => return false,
    };
    mounts.push(Mount {
        prefix: template::normalise(&prefix),
        owner: code.compact(object),
        module,
        name: variable,
    });
    true
}

fn go_framework(code: &Code<'_>) -> &'static str {
    let known = [
        ("gin-gonic/gin", "gin"),
        ("labstack/echo", "echo"),
        ("go-chi/chi", "chi"),
        ("gofiber/fiber", "fiber"),
        ("gorilla/mux", "gorilla"),
        ("net/http", "net/http"),
    ];
    known.iter().find(|(word, _)| code.has_word(word)).map_or("", |(_, name)| name)
}

fn go(code: &mut Code<'_>, call: NodeId, framework: &str, out: &mut Vec<Draft>, _: &mut Vec<Mount>) {
    let Some((Some(object), name)) = code.callee(call) else { return };
    let arguments = code.positional(call);
    let [first, .., last] = arguments.as_slice() else { return };
    let Some(path) = code.string(*first) else { return };
    let plain = matches!(name, "HandleFunc" | "Handle");
    let (mut methods, path) = match path.split_once(' ') {
        Some((method, path)) if plain && VERBS.contains(&method) => {
            (vec![method.to_owned()], path.trim().to_owned())
        }
        _ => (Vec::new(), path),
    };
    let mut handler = *last;
    if !plain {
        let is_verb = if matches!(framework, "chi" | "fiber") {
            name != &*name.to_uppercase()
        } else {
            name == name.to_uppercase()
        };
        let Some(verbs) = verb(name).filter(|verbs| is_verb || verbs.is_empty()) else { return };
        methods = verbs;
        // Echo takes its middleware last, the others first.
        if framework == "echo" {
            handler = arguments[1];
        }
    } else if framework == "gin" && arguments.len() >= 3 {
        methods = verb(&path).unwrap_or_default();
    }
    if !path.starts_with('/') && !path.is_empty() {
        // A 1.22 pattern may name a host.
        if !plain || !path.contains('/') {
            return;
        }
    }
    let path = if path.starts_with('/') {
        path
    } else {
        path.find('/').map(|at| path[at..].to_owned()).unwrap_or_default()
    };
    // `r.HandleFunc("/x", h).Methods("GET")` of gorilla
    let tree = code.file.tree();
    if let Some(member) = tree.parent(call).filter(|_| tree.node(call).role == Role::Object)
        && let Some(outer) = tree.parent(member)
        && let Some((_, "Methods")) = code.callee(outer).filter(|_| code.kind(outer) == Kind::Call)
    {
        for argument in code.positional(outer) {
            let text =
                code.string(argument).unwrap_or_else(|| code.compact(argument).replace("http.Method", ""));
            methods.push(text.to_uppercase());
        }
    }
    let prefix =
        template::below(&group_prefix(code, object, MAX_DEPTH), &around(code, call, &["Route", "Group"]));
    let prefix = if prefix == "/" { String::new() } else { prefix };
    let mut path_template = template::normalise(&path);
    // A pattern of net/http that ends in a slash takes all below it.
    if framework == "net/http" && path.len() > 1 && path.ends_with('/') {
        path_template.push_str("{rest*}");
    }
    let template = template::below(&prefix, &path_template);
    let owner = code.compact(object);
    push(code, call, Found { methods, template, owner, framework, handler: Some(handler) }, out);
}

/// `v1 := r.Group("/v1")`, `s := r.PathPrefix("/x").Subrouter()`
fn group_prefix(code: &Code<'_>, object: NodeId, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return String::new() };
    let value = match code.kind(object) {
        Kind::Call => Some(object),
        _ => code.value_of(object).filter(|value| code.kind(*value) == Kind::Call),
    };
    let Some(value) = value else { return String::new() };
    let Some((Some(parent), name)) = code.callee(value) else { return String::new() };
    let above = group_prefix(code, parent, depth);
    if !matches!(name, "Group" | "PathPrefix" | "Route" | "MapGroup") {
        return above;
    }
    let own = code.positional(value).first().and_then(|first| code.string(*first)).unwrap_or_default();
    let whole = template::below(&above, &template::normalise(&own));
    if whole == "/" { String::new() } else { whole }
}

fn python(code: &mut Code<'_>, call: NodeId, out: &mut Vec<Draft>, mounts: &mut Vec<Mount>) {
    let Some((object, name)) = code.callee(call) else { return };
    let arguments = code.positional(call);
    match (object, name) {
        (Some(object), "register_blueprint" | "include_router") => {
            let Some(below) = arguments.first().copied() else { return };
            let prefix = ["url_prefix", "prefix"].iter().find_map(|key| code.named(call, key));
            let prefix = prefix.and_then(|prefix| code.string(prefix)).unwrap_or_default();
            let (module, name) = match code.import_path(below) {
                Some(mut path) => {
                    let name = path.pop().unwrap_or_default();
                    (path, name)
                }
                None => (Vec::new(), code.compact(below)),
            };
            mounts.push(Mount {
                prefix: template::normalise(&prefix),
                owner: code.compact(object),
                module,
                name,
            });
        }
        (Some(object), "add_url_rule" | "add_api_route") => {
            let Some(path) = arguments.first().and_then(|path| code.string(*path)) else { return };
            let handler = ["view_func", "endpoint"].iter().find_map(|key| code.named(call, key));
            let handler = handler.or_else(|| arguments.get(2).copied()).or_else(|| arguments.get(1).copied());
            let methods = code.named(call, "methods").map(|list| code.strings(list));
            let methods = methods.unwrap_or_else(|| vec!["GET".to_owned()]);
            let framework = if name == "add_url_rule" { "flask" } else { "fastapi" };
            let (template, owner) = (template::normalise(&path), code.compact(object));
            push(code, call, Found { methods, template, owner, framework, handler }, out);
        }
        (None, "path" | "re_path" | "url") if code.has_word("django") => {
            let [first, second, ..] = arguments.as_slice() else { return };
            let (first, second) = (*first, *second);
            let Some(path) = code.string(first) else { return };
            let template =
                if name == "path" { template::normalise(&path) } else { template::of_regex(&path) };
            let template = if template.is_empty() { "/".to_owned() } else { template };
            if let Some((_, "include")) = code.callee(second).filter(|_| code.kind(second) == Kind::Call) {
                let below = code.positional(second).first().copied();
                let module = below.and_then(|below| code.string(below));
                let module = module.map(|module| module.split('.').map(str::to_owned).collect::<Vec<_>>());
                if let Some(module) = module.or_else(|| below.and_then(|below| code.import_path(below))) {
                    mounts.push(Mount {
                        prefix: template,
                        owner: "urlpatterns".into(),
                        module,
                        name: "urlpatterns".into(),
                    });
                }
                return;
            }
            let found = Found {
                methods: Vec::new(),
                template,
                owner: "urlpatterns".to_owned(),
                framework: "django",
                handler: Some(second),
            };
            push(code, call, found, out);
        }
        _ => {}
    }
}

fn laravel(code: &mut Code<'_>, call: NodeId, out: &mut Vec<Draft>) {
    let Some((Some(object), name)) = code.callee(call) else { return };
    let root = code.compact(object);
    if root != "Route"
        && !root.starts_with("Route::")
        && !matches!(&*root, "$app" | "$router" | "$group" | "$this->get")
    {
        return;
    }
    let arguments = code.positional(call);
    let (methods, path, handler) = match (name, arguments.as_slice()) {
        ("match", [methods, path, handler, ..]) => {
            (code.strings(*methods).iter().map(|method| method.to_uppercase()).collect(), *path, *handler)
        }
        (name, [path, .., handler]) => match verb(name) {
            Some(methods) => (methods, *path, *handler),
            None if matches!(name, "resource" | "apiResource") => {
                return resource_of(code, call, *path, *handler, out);
            }
            None => return,
        },
        _ => return,
    };
    let Some(path) = code.string(path) else { return };
    let mut prefix = around(code, call, &["group"]);
    if prefix == "/" {
        prefix.clear();
    }
    // Routes of this file are served below `/api`.
    if code.path.as_str() == "routes/api.php" || code.path.as_str().ends_with("/routes/api.php") {
        prefix = format!("/api{prefix}");
    }
    let template = template::below(&prefix, &template::normalise(&path));
    let framework = if root.starts_with("Route") { "laravel" } else { "slim" };
    push(
        code,
        call,
        Found { methods, template, owner: String::new(), framework, handler: Some(handler) },
        out,
    );
}

const RESOURCE: [(&str, &str, bool); 5] = [
    ("index", "GET", false),
    ("store", "POST", false),
    ("show", "GET", true),
    ("update", "PUT", true),
    ("destroy", "DELETE", true),
];

fn resource_of(code: &Code<'_>, call: NodeId, path: NodeId, handler: NodeId, out: &mut Vec<Draft>) {
    let Some(path) = code.string(path) else { return };
    let class = code.compact(handler);
    let class =
        class.trim_end_matches("::class").trim_matches(['\'', '"']).rsplit('\\').next().unwrap_or_default();
    let prefix = around(code, call, &["group"]);
    resource(
        code.stretch(call),
        &template::below(&prefix, &template::normalise(&path)),
        class,
        "laravel",
        out,
    );
}

/// The routes of a resource, as Rails and Laravel lay them out.
fn resource(place: Stretch, base: &str, class: &str, framework: &str, out: &mut Vec<Draft>) {
    for (action, method, single) in RESOURCE {
        let name = if framework == "rails" && action == "store" { "create" } else { action };
        let template = if single { format!("{base}/{{id}}") } else { base.to_owned() };
        out.push(Draft {
            methods: vec![method.to_owned()],
            template,
            owner: String::new(),
            target: Target::Named {
                module: Vec::new(),
                class: Some(class.to_owned()),
                name: name.to_owned(),
            },
            framework: framework.to_owned(),
            inputs: Vec::new(),
            place,
        });
    }
}

/// A page of its own: it is served at its path below the folder that is served.
fn plain_php(code: &Code<'_>, out: &mut Vec<Draft>) {
    let reads = ["$_GET", "$_POST", "$_REQUEST", "$_COOKIE"].iter().any(|word| code.has_word(word));
    let is_class = !code.file.index().of_kind(Kind::Class).is_empty();
    if !reads || is_class || !code.path.as_str().ends_with(".php") {
        return;
    }
    let path = code.path.as_str();
    let served = ["public/", "htdocs/", "www/", "web/", "html/"];
    let below = served.iter().find_map(|folder| path.find(folder).map(|at| &path[at + folder.len()..]));
    let path = below.unwrap_or(path);
    let mut methods = vec!["GET".to_owned()];
    if code.has_word("$_POST") {
        methods.push("POST".to_owned());
    }
    out.push(Draft {
        methods,
        template: format!("/{path}"),
        owner: String::new(),
        target: Target::Itself,
        framework: "php".to_owned(),
        inputs: super::inputs::of(code, NodeId::ROOT),
        place: code.stretch(NodeId::ROOT),
    });
}

fn ruby(code: &mut Code<'_>, call: NodeId, framework: &str, out: &mut Vec<Draft>) {
    let Some((None, name)) = code.callee(call) else { return };
    let arguments = code.positional(call);
    let Some(first) = arguments.first().copied() else { return };
    let prefix = around(code, call, &["namespace", "scope"]);
    let prefix = if prefix == "/" { String::new() } else { prefix };
    if framework == "rails" && matches!(name, "resources" | "resource") {
        for argument in arguments {
            let Some(path) = code.string(argument) else { continue };
            let base = template::below(&prefix, &template::normalise(&path));
            resource(code.stretch(call), &base, &controller(&path), "rails", out);
        }
        return;
    }
    if name == "root" && framework == "rails" {
        let handler = code.named(call, "to").unwrap_or(first);
        let methods = vec!["GET".to_owned()];
        let found =
            Found { methods, template: "/".into(), owner: String::new(), framework, handler: Some(handler) };
        return push(code, call, found, out);
    }
    let Some(mut methods) = verb(name).or_else(|| (name == "match").then(Vec::new)) else { return };
    if let Some(via) = code.named(call, "via") {
        methods = code.strings(via).iter().map(|method| method.to_uppercase()).collect();
    }
    let Some(path) = code.string(first) else { return };
    let template = template::below(&prefix, &template::normalise(&path));
    let handler = match framework {
        "sinatra" => code.child(call, Role::Body),
        _ => code.named(call, "to"),
    };
    push(code, call, Found { methods, template, owner: String::new(), framework, handler }, out);
}

fn aspnet(code: &mut Code<'_>, call: NodeId, out: &mut Vec<Draft>) {
    let Some((Some(object), name)) = code.callee(call) else { return };
    let methods = match name {
        "MapGet" => vec!["GET".to_owned()],
        "MapPost" => vec!["POST".to_owned()],
        "MapPut" => vec!["PUT".to_owned()],
        "MapDelete" => vec!["DELETE".to_owned()],
        "MapPatch" => vec!["PATCH".to_owned()],
        _ => return,
    };
    let arguments = code.positional(call);
    let [first, .., last] = arguments.as_slice() else { return };
    let (handler, Some(path)) = (*last, code.string(*first)) else { return };
    let template = template::below(&group_prefix(code, object, MAX_DEPTH), &template::normalise(&path));
    let owner = code.compact(object);
    push(code, call, Found { methods, template, owner, framework: "aspnet", handler: Some(handler) }, out);
}
