//! Routes that decorators, annotations and attributes declare.

use tollgate_core::Language;

use super::code::Code;
use super::{Draft, Input, Place, Target, inputs, template};
use crate::tree::{Kind, NodeId, Role};

/// Decorators of functions that declare a route, with the methods they stand for.
const SPRING: &[(&str, &[&str])] = &[
    ("RequestMapping", &[]),
    ("GetMapping", &["GET"]),
    ("PostMapping", &["POST"]),
    ("PutMapping", &["PUT"]),
    ("DeleteMapping", &["DELETE"]),
    ("PatchMapping", &["PATCH"]),
];
const NEST: &[(&str, &[&str])] = &[
    ("Get", &["GET"]),
    ("Post", &["POST"]),
    ("Put", &["PUT"]),
    ("Delete", &["DELETE"]),
    ("Patch", &["PATCH"]),
    ("All", &[]),
];
const ASPNET: &[(&str, &[&str])] = &[
    ("HttpGet", &["GET"]),
    ("HttpPost", &["POST"]),
    ("HttpPut", &["PUT"]),
    ("HttpDelete", &["DELETE"]),
    ("HttpPatch", &["PATCH"]),
];
const VERBS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// Routes of every decorated function.
pub(super) fn routes(code: &mut Code<'_>) -> Vec<Draft> {
    let mut out = Vec::new();
    for function in code.file.index().of_kind(Kind::Func).to_vec() {
        let decorators = code.decorators(function);
        if decorators.is_empty() || out.len() >= super::MAX_ROUTES {
            continue;
        }
        let found = match code.language() {
            Language::Python => python(code, &decorators),
            Language::Java | Language::Kotlin | Language::Scala => java(code, function, &decorators),
            Language::Javascript | Language::Typescript => nest(code, function, &decorators),
            Language::Csharp => aspnet(code, function, &decorators),
            Language::Php => symfony(code, function, &decorators),
            _ => Vec::new(),
        };
        for mut draft in found {
            let Some(number) = code.keep(function) else { continue };
            draft.target = Target::Local(number);
            draft.place = code.stretch(function);
            signature(code, function, &mut draft);
            out.push(draft);
        }
    }
    out
}

type Decorator = (String, NodeId, Option<NodeId>);

fn draft(code: &Code<'_>, framework: &str, methods: &[String], path: &str) -> Draft {
    let mut methods = methods.to_vec();
    methods.sort();
    methods.dedup();
    Draft {
        methods,
        template: template::normalise(path),
        owner: String::new(),
        target: Target::Itself,
        framework: framework.to_owned(),
        inputs: Vec::new(),
        place: code.stretch(NodeId::ROOT),
    }
}

fn upper(methods: &[&str]) -> Vec<String> {
    methods.iter().map(|method| method.to_uppercase()).collect()
}

/// `@app.route("/x", methods=["POST"])`, `@router.get("/x")`
fn python(code: &Code<'_>, decorators: &[Decorator]) -> Vec<Draft> {
    let fast = code.has_word("fastapi") || code.has_word("starlette");
    let mut out = Vec::new();
    for (name, callee, call) in decorators {
        let Some(call) = call else { continue };
        let Some(object) = code.child(*callee, Role::Object) else { continue };
        let single =
            VERBS.iter().find(|verb| verb.eq_ignore_ascii_case(name) && name.chars().all(char::is_lowercase));
        let route = matches!(&**name, "route" | "api_route");
        if single.is_none() && !route {
            continue;
        }
        let path = code.positional(*call).first().copied();
        let path = path.or_else(|| ["rule", "path"].iter().find_map(|key| code.named(*call, key)));
        let Some(path) =
            path.and_then(|path| code.string(path)).filter(|path| path.is_empty() || path.starts_with('/'))
        else {
            continue;
        };
        let methods = match single {
            Some(verb) => vec![(*verb).to_owned()],
            None => match code.named(*call, "methods") {
                Some(list) => code.strings(list).iter().map(|method| method.to_uppercase()).collect(),
                None => vec!["GET".to_owned()],
            },
        };
        let framework = if fast { "fastapi" } else { "flask" };
        let mut own = draft(code, framework, &methods, &path);
        own.owner = code.compact(object);
        own.template = template::below(&router_prefix(code, object), &own.template);
        out.push(own);
    }
    out
}

/// The prefix a router was made with: `Blueprint(..., url_prefix="/x")`, `APIRouter(prefix="/x")`.
fn router_prefix(code: &Code<'_>, object: NodeId) -> String {
    let made = code.value_of(object).filter(|value| code.kind(*value) == Kind::Call);
    let prefix = made.and_then(|call| ["url_prefix", "prefix"].iter().find_map(|key| code.named(call, key)));
    prefix
        .and_then(|prefix| code.string(prefix))
        .map(|prefix| template::normalise(&prefix))
        .unwrap_or_default()
}

/// Paths of an annotation; one empty path where it has none.
fn paths(code: &Code<'_>, call: Option<NodeId>) -> Vec<String> {
    let value = call.and_then(|call| {
        let named = ["value", "path"].iter().find_map(|key| code.named(call, key));
        named.or_else(|| code.positional(call).first().copied())
    });
    let paths = value.map(|value| code.strings(value)).unwrap_or_default();
    if paths.is_empty() { vec![String::new()] } else { paths }
}

fn class_prefixes(code: &Code<'_>, function: NodeId, names: &[&str]) -> Vec<String> {
    let decorators = code.class_of(function).map(|class| code.decorators(class)).unwrap_or_default();
    let own = decorators.into_iter().find(|(name, _, _)| names.contains(&&**name));
    own.map_or_else(|| vec![String::new()], |(_, _, call)| paths(code, call))
}

fn under(
    code: &Code<'_>,
    framework: &str,
    methods: &[String],
    prefixes: &[String],
    paths: &[String],
) -> Vec<Draft> {
    let mut out = Vec::new();
    for prefix in prefixes.iter().take(4) {
        for path in paths.iter().take(8) {
            let full = template::below(&template::normalise(prefix), &template::normalise(path));
            out.push(draft(code, framework, methods, &full));
        }
    }
    out
}

fn java(code: &Code<'_>, function: NodeId, decorators: &[Decorator]) -> Vec<Draft> {
    let mut out = Vec::new();
    for (name, _, call) in decorators {
        let Some((_, methods)) = SPRING.iter().find(|(known, _)| known == name) else { continue };
        let mut methods = upper(methods);
        if let Some(value) = call.and_then(|call| code.named(call, "method")) {
            let text = code.text(value);
            methods =
                VERBS.iter().filter(|verb| text.contains(**verb)).map(|verb| (*verb).to_owned()).collect();
        }
        let prefixes = class_prefixes(code, function, &["RequestMapping"]);
        out.extend(under(code, "spring", &methods, &prefixes, &paths(code, *call)));
    }
    let verbs: Vec<String> = decorators
        .iter()
        .filter(|(name, _, _)| VERBS.contains(&&**name))
        .map(|(name, _, _)| name.clone())
        .collect();
    if !verbs.is_empty() {
        let own = decorators.iter().find(|(name, _, _)| name == "Path");
        let own = own.map_or_else(|| vec![String::new()], |(_, _, call)| paths(code, *call));
        let prefixes = class_prefixes(code, function, &["Path"]);
        out.extend(under(code, "jax-rs", &verbs, &prefixes, &own));
    }
    out
}

fn nest(code: &Code<'_>, function: NodeId, decorators: &[Decorator]) -> Vec<Draft> {
    if !code.has_word("@nestjs") {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (name, _, call) in decorators {
        let Some((_, methods)) = NEST.iter().find(|(known, _)| known == name) else { continue };
        let prefixes = class_prefixes(code, function, &["Controller"]);
        out.extend(under(code, "nest", &upper(methods), &prefixes, &paths(code, *call)));
    }
    out
}

fn aspnet(code: &Code<'_>, function: NodeId, decorators: &[Decorator]) -> Vec<Draft> {
    let mut methods = Vec::new();
    let mut own = Vec::new();
    for (name, _, call) in decorators {
        let verb = ASPNET.iter().find(|(known, _)| known == name);
        if let Some((_, verbs)) = verb {
            methods.extend(upper(verbs));
        }
        if verb.is_some() || name == "Route" {
            own.extend(paths(code, *call).into_iter().filter(|path| !path.is_empty()));
        }
    }
    if methods.is_empty() && own.is_empty() {
        return Vec::new();
    }
    if own.is_empty() {
        own.push(String::new());
    }
    let class = code.class_of(function).and_then(|class| code.name_of(class)).unwrap_or_default();
    let action = code.name_of(function).unwrap_or_default();
    let fill = |path: &String| {
        let controller = class.strip_suffix("Controller").unwrap_or(class);
        path.replace("[controller]", controller).replace("[action]", action)
    };
    let prefixes: Vec<String> = class_prefixes(code, function, &["Route"]).iter().map(fill).collect();
    let mut out = Vec::new();
    for path in own.iter().map(fill) {
        // A path from the root takes no prefix.
        let rooted = path.strip_prefix('~').or(path.starts_with('/').then_some(&path));
        match rooted {
            Some(path) => out.push(draft(code, "aspnet", &methods, path)),
            None => out.extend(under(code, "aspnet", &methods, &prefixes, &[path])),
        }
    }
    out
}

/// `#[Route("/x", methods: ["GET"])]`
fn symfony(code: &Code<'_>, function: NodeId, decorators: &[Decorator]) -> Vec<Draft> {
    let mut out = Vec::new();
    for (name, _, call) in decorators.iter().filter(|(name, _, _)| name == "Route") {
        let _ = name;
        let methods = call.and_then(|call| code.named(call, "methods"));
        let methods: Vec<String> = methods.map(|list| code.strings(list)).unwrap_or_default();
        let prefixes = class_prefixes(code, function, &["Route"]);
        out.extend(under(code, "symfony", &methods, &prefixes, &paths(code, *call)));
    }
    out
}

/// Inputs that the parameters of a handler stand for without saying so.
fn signature(code: &Code<'_>, function: NodeId, draft: &mut Draft) {
    let holes: Vec<&str> = template::holes(&draft.template).collect();
    let is_hole = |name: &str| holes.contains(&name);
    match &*draft.framework {
        "fastapi" => {
            for parameter in code.children(function, Role::Param) {
                let named = code.name_of(parameter);
                let Some(name) = named.filter(|name| !is_hole(name) && *name != "self") else { continue };
                let written =
                    code.child(parameter, Role::Type).map(|id| code.compact(id)).unwrap_or_default();
                let default =
                    code.child(parameter, Role::Value).or_else(|| code.child(parameter, Role::Default));
                let default = default.map(|id| code.compact(id)).unwrap_or_default();
                let says = |word: &str| default.starts_with(word) || written.contains(&format!(",{word}"));
                let place = if says("Depends(") || says("Security(") {
                    None
                } else if says("Form(") {
                    Some(Place::Form)
                } else if says("File(") || written.contains("UploadFile") {
                    Some(Place::Multipart)
                } else if says("Header(") {
                    Some(Place::Header)
                } else if says("Cookie(") {
                    Some(Place::Cookie)
                } else if says("Body(") {
                    Some(Place::Json)
                } else if says("Query(") || is_simple(&written) {
                    Some(Place::Query)
                } else {
                    inputs::body(code, parameter, &mut draft.inputs);
                    None
                };
                if let Some(place) = place {
                    let name = if place == Place::Header { name.replace('_', "-") } else { name.to_owned() };
                    draft.inputs.push(Input { place, name });
                }
            }
        }
        "aspnet" => {
            for parameter in code.children(function, Role::Param) {
                let written =
                    code.child(parameter, Role::Type).map(|id| code.compact(id)).unwrap_or_default();
                let Some(name) = code.name_of(parameter).filter(|name| !is_hole(name)) else { continue };
                if code.decorators(parameter).is_empty() && is_simple(&written) {
                    draft.inputs.push(Input { place: Place::QueryOrForm, name: name.to_owned() });
                }
            }
        }
        _ => {}
    }
}

fn is_simple(written: &str) -> bool {
    let inner =
        ["Optional[", "Annotated[", "list[", "List["].iter().find_map(|open| written.strip_prefix(open));
    let first = inner.unwrap_or(written);
    let first = first.split(['|', ',', ']', '?']).next().unwrap_or(first);
    matches!(
        first,
        "" | "str"
            | "int"
            | "float"
            | "bool"
            | "string"
            | "long"
            | "double"
            | "decimal"
            | "Guid"
            | "date"
            | "datetime"
            | "UUID"
    )
}
