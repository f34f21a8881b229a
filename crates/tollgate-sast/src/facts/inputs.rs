//! Inputs of a request that a function reads by name.

use tollgate_core::Language;

use super::code::Code;
use super::{Input, Place};
use crate::tree::{Kind, NodeId, Role};

use Place::{Cookie, Form, Header, Json, Multipart, Path, Query, QueryOrForm};

/// Ends of the objects that hold inputs, as in `request.args["q"]`, `request.args.get("q")`, `req.query.q`.
const PYTHON: &[(&str, Place)] = &[
    (".args", Query),
    (".GET", Query),
    (".query_params", Query),
    (".values", QueryOrForm),
    (".form", Form),
    (".POST", Form),
    (".form()", Form),
    (".files", Multipart),
    (".FILES", Multipart),
    (".json", Json),
    (".get_json()", Json),
    (".json()", Json),
    (".data", Json),
    (".cookies", Cookie),
    (".COOKIES", Cookie),
    (".headers", Header),
    (".path_params", Path),
    (".view_args", Path),
    (".matchdict", Path),
];
const JAVASCRIPT: &[(&str, Place)] = &[
    (".query", Query),
    (".params", Path),
    (".body", Json),
    (".cookies", Cookie),
    (".signedCookies", Cookie),
    (".headers", Header),
    (".header", Header),
    (".searchParams", Query),
    (".files", Multipart),
];
const GO: &[(&str, Place)] = &[
    (".URL.Query()", Query),
    (".Form", QueryOrForm),
    (".PostForm", Form),
    (".Header", Header),
    ("mux.Vars(r)", Path),
    ("mux.Vars(req)", Path),
    (".QueryParams()", Query),
];
const RUBY: &[(&str, Place)] = &[
    ("params", QueryOrForm),
    ("cookies", Cookie),
    ("cookies.signed", Cookie),
    ("request.headers", Header),
    ("request.query_parameters", Query),
    ("request.request_parameters", Form),
];
const PHP: &[(&str, Place)] = &[
    ("$_GET", Query),
    ("$_POST", Form),
    ("$_REQUEST", QueryOrForm),
    ("$_COOKIE", Cookie),
    ("$_FILES", Multipart),
    ("$request->query", Query),
    ("$request->request", Form),
    ("$request->cookies", Cookie),
    ("$request->headers", Header),
];
const CSHARP: &[(&str, Place)] = &[
    ("Request.Query", Query),
    ("Request.Form", Form),
    ("Request.Cookies", Cookie),
    ("Request.Headers", Header),
    ("Request.RouteValues", Path),
    ("Request.QueryString", Query),
    ("Request.Params", QueryOrForm),
];

/// Methods that read an input by its name.
const GO_CALLS: &[(&str, Place)] = &[
    ("FormValue", QueryOrForm),
    ("PostFormValue", Form),
    ("PathValue", Path),
    ("Cookie", Cookie),
    ("FormFile", Multipart),
    ("Query", Query),
    ("DefaultQuery", Query),
    ("GetQuery", Query),
    ("QueryArray", Query),
    ("PostForm", Form),
    ("DefaultPostForm", Form),
    ("GetPostForm", Form),
    ("Param", Path),
    ("Params", Path),
    ("GetHeader", Header),
    ("QueryParam", Query),
    ("URLParam", Path),
    ("Cookies", Cookie),
    ("QueryInt", Query),
];
const JAVA_CALLS: &[(&str, Place)] = &[
    ("getParameter", QueryOrForm),
    ("getParameterValues", QueryOrForm),
    ("getHeader", Header),
    ("queryParam", Query),
    ("pathVariable", Path),
];
const PHP_CALLS: &[(&str, Place)] = &[
    ("input", QueryOrForm),
    ("query", Query),
    ("get", QueryOrForm),
    ("post", Form),
    ("cookie", Cookie),
    ("header", Header),
    ("file", Multipart),
    ("route", Path),
    ("string", QueryOrForm),
];
const JAVASCRIPT_CALLS: &[(&str, Place)] = &[("get", Header), ("header", Header), ("param", QueryOrForm)];

/// Annotations of a parameter that say where its value comes from.
const ANNOTATIONS: &[(&str, Place)] = &[
    ("RequestParam", QueryOrForm),
    ("PathVariable", Path),
    ("RequestHeader", Header),
    ("CookieValue", Cookie),
    ("RequestPart", Multipart),
    ("QueryParam", Query),
    ("FormParam", Form),
    ("PathParam", Path),
    ("HeaderParam", Header),
    ("CookieParam", Cookie),
    ("FormDataParam", Multipart),
    ("FromQuery", Query),
    ("FromForm", Form),
    ("FromRoute", Path),
    ("FromHeader", Header),
    ("Query", Query),
    ("Param", Path),
    ("Headers", Header),
];

/// What a function reads, in order of place and name.
pub(super) fn of(code: &Code<'_>, function: NodeId) -> Vec<Input> {
    let mut found = Vec::new();
    annotated(code, function, &mut found);
    let tree = code.file.tree();
    for id in tree.subtree(function) {
        if found.len() >= 200 {
            break;
        }
        match tree.node(id).kind {
            Kind::Call => called(code, id, &mut found),
            Kind::Index => indexed(code, id, &mut found),
            Kind::Member => member(code, id, &mut found),
            Kind::Assign => destructured(code, id, &mut found),
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

fn stems(language: Language) -> &'static [(&'static str, Place)] {
    match language {
        Language::Python => PYTHON,
        Language::Javascript | Language::Typescript => JAVASCRIPT,
        Language::Go => GO,
        Language::Ruby => RUBY,
        Language::Php => PHP,
        Language::Csharp => CSHARP,
        _ => &[],
    }
}

/// The place an object stands for, also through a name that was given it.
fn place_of(code: &Code<'_>, object: NodeId) -> Option<Place> {
    let table = stems(code.language());
    let look = |id: NodeId| -> Option<Place> {
        let text = code.compact(id);
        let text = text.trim_start_matches("(await").trim_start_matches("await").trim_end_matches(['?', '!']);
        let text = text.strip_suffix(')').filter(|text| !text.contains('(')).unwrap_or(text);
        let text = text.split("||").next().unwrap_or(text);
        table
            .iter()
            .find(|(stem, _)| {
                let whole = matches!(code.language(), Language::Ruby | Language::Php);
                if whole { text == *stem } else { text.ends_with(stem) }
            })
            .map(|(_, place)| *place)
    };
    let place =
        look(object).or_else(|| look(code.value_of(object).filter(|_| code.kind(object) == Kind::Name)?))?;
    Some(adjusted(code, place))
}

/// Bodies of JavaScript handlers are forms where the application reads forms only.
fn adjusted(code: &Code<'_>, place: Place) -> Place {
    let script = matches!(code.language(), Language::Javascript | Language::Typescript);
    if script && place == Json && code.has_word("urlencoded") && !code.has_word("json(") {
        Form
    } else {
        place
    }
}

fn push(found: &mut Vec<Input>, place: Place, name: &str) {
    let plain = |c: char| c.is_alphanumeric() || "_-.[]:$".contains(c);
    if !name.is_empty() && name.len() <= 80 && name.chars().all(plain) {
        found.push(Input { place, name: name.to_owned() });
    }
}

fn called(code: &Code<'_>, call: NodeId, found: &mut Vec<Input>) {
    let Some((Some(object), method)) = code.callee(call) else { return };
    let Some(first) = code.positional(call).first().copied().filter(|id| code.kind(*id) == Kind::Str) else {
        return;
    };
    let Some(name) = code.string(first) else { return };
    let getter = matches!(
        method,
        "get"
            | "getlist"
            | "pop"
            | "get_all"
            | "Get"
            | "fetch"
            | "dig"
            | "getAll"
            | "has"
            | "require"
            | "permit"
            | "Values"
            | "TryGetValue"
            | "ContainsKey"
            | "get_list"
    );
    if getter && let Some(place) = place_of(code, object) {
        return push(found, place, &name);
    }
    let owner = code.compact(object);
    let table = match code.language() {
        Language::Go if is_request(&owner) || owner == "chi" => GO_CALLS,
        Language::Java | Language::Kotlin | Language::Scala => JAVA_CALLS,
        Language::Php if owner == "$request" || owner == "request()" || owner == "$this->request" => {
            PHP_CALLS
        }
        Language::Javascript | Language::Typescript if matches!(&*owner, "req" | "request" | "ctx") => {
            JAVASCRIPT_CALLS
        }
        _ => &[],
    };
    if let Some((_, place)) = table.iter().find(|(known, _)| *known == method) {
        push(found, *place, &name);
    } else if owner == "chi"
        && method == "URLParam"
        && let Some(name) = code.positional(call).get(1).and_then(|id| code.string(*id))
    {
        push(found, Path, &name);
    }
}

fn is_request(owner: &str) -> bool {
    matches!(
        owner,
        "r" | "req" | "request" | "c" | "ctx" | "context" | "c.Request" | "ctx.Request" | "c.Request()"
    )
}

fn indexed(code: &Code<'_>, id: NodeId, found: &mut Vec<Input>) {
    let (Some(object), Some(index)) = (code.child(id, Role::Object), code.child(id, Role::Index)) else {
        return;
    };
    if let Some(place) = place_of(code, object)
        && let Some(name) = code.string(index)
    {
        push(found, place, &name);
    }
}

/// `req.query.name`
fn member(code: &Code<'_>, id: NodeId, found: &mut Vec<Input>) {
    if !matches!(code.language(), Language::Javascript | Language::Typescript) {
        return;
    }
    let (Some(object), Some(property)) = (code.child(id, Role::Object), code.child(id, Role::Property))
    else {
        return;
    };
    let name = code.text(property);
    let is_callee = code.file.tree().node(id).role == Role::Callee;
    if !is_callee
        && let Some(place) = place_of(code, object)
            .filter(|_| code.kind(object) == Kind::Member || code.value_of(object).is_some())
    {
        push(found, place, name);
    }
}

/// `const { name, other } = req.query`
fn destructured(code: &Code<'_>, id: NodeId, found: &mut Vec<Input>) {
    let (Some(left), Some(right)) = (code.child(id, Role::Left), code.child(id, Role::Right)) else { return };
    if code.kind(left) != Kind::Dict {
        return;
    }
    let Some(place) = place_of(code, right) else { return };
    for part in code.file.tree().children(left) {
        let name = match code.kind(part) {
            Kind::Name => Some(part),
            Kind::Assign => code.child(part, Role::Left),
            _ => code.child(part, Role::Key),
        };
        if let Some(name) = name {
            push(found, place, code.key(name));
        }
    }
}

/// Parameters whose annotation names an input.
fn annotated(code: &Code<'_>, function: NodeId, found: &mut Vec<Input>) {
    for parameter in code.children(function, Role::Param) {
        for (name, _, call) in code.decorators(parameter) {
            if name == "RequestBody" || name == "FromBody" || name == "Body" {
                body(code, parameter, found);
            }
            let Some((_, place)) = ANNOTATIONS.iter().find(|(known, _)| *known == name) else { continue };
            let stated = call.and_then(|call| {
                let value = code.positional(call).first().copied();
                value.or_else(|| ["value", "name", "Name"].iter().find_map(|key| code.named(call, key)))
            });
            let stated = stated.and_then(|value| code.string(value));
            let own = || code.name_of(parameter).map(str::to_owned);
            if let Some(name) = stated.or_else(own) {
                push(found, *place, &name);
            }
        }
    }
}

/// Fields of the class a body is read into, where this file has it.
pub(super) fn body(code: &Code<'_>, parameter: NodeId, found: &mut Vec<Input>) {
    let Some(written) = code.child(parameter, Role::Type) else { return };
    let name = code.compact(written);
    let tree = code.file.tree();
    let classes = code.file.index().of_kind(Kind::Class);
    let Some(class) = classes.iter().copied().find(|class| code.name_of(*class) == Some(&name)) else {
        return;
    };
    for id in tree.subtree(class).take(400) {
        let node = tree.node(id);
        let field = match node.kind {
            Kind::Declare => code.child(id, Role::Name),
            Kind::Assign if code.class_of(id) == Some(class) => code.child(id, Role::Left),
            Kind::Param if code.language() == Language::Java => code.child(id, Role::Name),
            _ => None,
        };
        if let Some(field) = field.filter(|field| code.kind(*field) == Kind::Name) {
            push(found, Json, code.text(field));
        }
    }
}
