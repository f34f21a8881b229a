//! Declared types.

use std::borrow::Cow;

use super::DefId;
use crate::matching::Span;
use crate::tree::{Kind, NodeId, ParsedFile, Role, symbol};
use tollgate_core::Language;

/// The declared type of an expression, as written.
pub(crate) fn declared_type(file: &ParsedFile, id: NodeId) -> Option<String> {
    declared_type_at(file, id).map(|(text, _)| text)
}

/// The declared type of an expression and where it was found.
pub(crate) fn declared_type_at(file: &ParsedFile, id: NodeId) -> Option<(String, Span)> {
    type_of(file, id, 0)
}

fn type_of(file: &ParsedFile, id: NodeId, depth: u8) -> Option<(String, Span)> {
    if depth > 8 {
        return None;
    }
    let tree = file.tree();
    let node = tree.node(id);
    let as_written = |type_node: NodeId| (of_c(file, type_node), file.span(type_node));
    match node.kind {
        Kind::Name => of_definition(file, file.names().definition_of(id)?, depth),
        Kind::Param | Kind::Declare => tree.child(id, Role::Type).map(as_written),
        Kind::Member => match file.names().field_of(file, id) {
            Some(field) => of_definition(file, field, depth),
            None => of_field(file, id, depth),
        },
        Kind::New => tree.child(id, Role::Callee).map(as_written),
        // Elements of a list or table of Java have the type written between its brackets.
        Kind::Call if file.language() == Language::Java => {
            let callee = tree.child(id, Role::Callee)?;
            let method = tree.child(callee, Role::Property)?;
            if file.node_text(method) != "get" {
                return None;
            }
            let (text, span) = type_of(file, tree.child(callee, Role::Object)?, depth + 1)?;
            let (holder, arguments) = text.strip_suffix('>')?.split_once('<')?;
            let held = match last_name(holder) {
                "List" | "ArrayList" | "LinkedList" => arguments,
                "Map" | "HashMap" => arguments.split_once(',')?.1.trim(),
                _ => return None,
            };
            Some((held.to_owned(), span))
        }
        Kind::Cast => tree.child(id, Role::Type).map(as_written),
        Kind::Unary if node.symbol == symbol("&") => {
            let (text, span) = type_of(file, tree.child(id, Role::Operand)?, depth + 1)?;
            Some((format!("*{text}"), span))
        }
        Kind::Unary if node.symbol == symbol("*") => {
            let (text, span) = type_of(file, tree.child(id, Role::Operand)?, depth + 1)?;
            text.strip_prefix('*').map(|text| (text.to_owned(), span))
        }
        _ => None,
    }
}

/// The type a structure of Go gives a field of its own.
fn of_field(file: &ParsedFile, id: NodeId, depth: u8) -> Option<(String, Span)> {
    let tree = file.tree();
    if file.language() != Language::Go {
        return None;
    }
    let name = tree.node(tree.child(id, Role::Property)?).symbol;
    let (owner, _) = type_of(file, tree.child(id, Role::Object)?, depth + 1)?;
    let class = *file.index().of_head(Kind::Class, symbol(owner.trim_start_matches('*'))).first()?;
    let body = tree.child(class, Role::Body)?;
    let own =
        |field: &NodeId| tree.child(*field, Role::Name).is_some_and(|own| tree.node(own).symbol == name);
    let field = tree.children(body).find(own)?;
    let written = tree.child(field, Role::Type)?;
    Some((file.node_text(written).to_owned(), file.span(written)))
}

/// A type as patterns spell it: `char*` for what C declares as `char *name`, `char[]` for an array.
fn of_c(file: &ParsedFile, type_node: NodeId) -> String {
    let tree = file.tree();
    let mut makers = String::new();
    let mut at = type_node;
    while matches!(file.language(), Language::C | Language::Cpp)
        && tree.node(at).kind == Kind::Type
        && let Some(inner) = tree.child(at, Role::Type)
    {
        makers.insert_str(0, if tree.node(at).symbol == symbol("*") { "*" } else { "[]" });
        at = inner;
    }
    format!("{}{makers}", file.node_text(at))
}

fn of_definition(file: &ParsedFile, id: DefId, depth: u8) -> Option<(String, Span)> {
    let definition = file.names().definition(id);
    // What a method of Go belongs to has no type to patterns.
    let receives = |at| file.tree().node(at).role == Role::Receiver;
    if depth == 0
        && file.language() == Language::Go
        && (receives(definition.site) || file.tree().parent(definition.name).is_some_and(receives))
    {
        return None;
    }
    let inferred = |text: &str| matches!(text, "var" | "let" | "auto" | "val");
    if let Some(type_node) = definition.type_node
        && !inferred(file.node_text(type_node))
    {
        return Some((of_c(file, type_node), file.span(type_node)));
    }
    let value = definition.value?;
    if let Some(kind) = literal_types(file, value).first() {
        return Some(((*kind).to_owned(), file.span(value)));
    }
    // What TypeScript takes a value for is no declaration.
    if file.language() == Language::Typescript && file.tree().node(value).kind == Kind::Cast {
        return None;
    }
    type_of(file, value, depth + 1)
}

/// Names of the types that what an operator of Java gives has; of a few methods, too.
fn operation_types(file: &ParsedFile, id: NodeId, depth: u8) -> &'static [&'static str] {
    const TRUTH: &[&str] = &["boolean", "Boolean"];
    const NUMBER: &[&str] = &["int", "Integer"];
    let tree = file.tree();
    let node = tree.node(id);
    if file.language() != Language::Java || depth > 8 {
        return &[];
    }
    let is = |operators: &[&str]| operators.iter().any(|own| symbol(own) == node.symbol);
    let side = |role, wanted: &'static [&'static str]| {
        tree.child(id, role).is_some_and(|own| {
            let own_types = match tree.node(own).kind {
                Kind::Num | Kind::Bool => literal_types(file, own),
                _ => operation_types(file, own, depth + 1),
            };
            own_types.contains(&wanted[0])
                || type_of(file, own, 0).is_some_and(|(text, _)| wanted.contains(&&*text))
        })
    };
    match node.kind {
        Kind::Binary if is(&["==", "!=", "<", "<=", ">", ">=", "&&", "||"]) => TRUTH,
        Kind::Binary if is(&["&", "|", "^"]) && (side(Role::Left, TRUTH) || side(Role::Right, TRUTH)) => {
            TRUTH
        }
        Kind::Binary
            if is(&["+", "-", "*", "/", "%"]) && side(Role::Left, NUMBER) && side(Role::Right, NUMBER) =>
        {
            NUMBER
        }
        Kind::Unary if is(&["!"]) => TRUTH,
        Kind::Call => {
            let method = tree.child(id, Role::Callee).and_then(|callee| tree.child(callee, Role::Property));
            match method.map(|method| file.node_text(method)) {
                Some("equals" | "matches" | "isEmpty") => TRUTH,
                Some("size" | "length") => NUMBER,
                _ => &[],
            }
        }
        _ => &[],
    }
}

/// Names of the types a literal has.
fn literal_types(file: &ParsedFile, id: NodeId) -> &'static [&'static str] {
    match file.tree().node(id).kind {
        Kind::Str | Kind::Template => &["string", "str", "String", "char*", "&str"],
        Kind::Raw
            if file.node_text(id).starts_with('\'')
                && !matches!(file.language(), Language::C | Language::Cpp) =>
        {
            &["char"]
        }
        Kind::Num if matches!(file.language(), Language::Javascript | Language::Typescript) => {
            &["number", "float", "int"]
        }
        // A number of C is no `long` unless it says so.
        Kind::Num
            if matches!(file.language(), Language::C | Language::Cpp)
                && file.node_text(id).bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            &["int"]
        }
        Kind::Num if file.node_text(id).contains('.') => &["float", "double", "Double", "float64", "number"],
        Kind::Num => &["int", "Integer", "number", "long", "Int"],
        Kind::Bool => &["boolean", "bool", "Boolean", "Bool"],
        _ => &[],
    }
}

/// The name that a file with an expression of a type contains; nothing for types that literals have.
pub(crate) fn spelled(wanted: &str) -> Option<&str> {
    const OF_LITERALS: [&str; 18] = [
        "string", "str", "String", "char", "number", "float", "int", "double", "Double", "float64",
        "Integer", "long", "Int", "boolean", "bool", "Boolean", "Bool", "decimal",
    ];
    let Cow::Borrowed(wanted) = bare(wanted) else { return None };
    let name = last_name(wanted.trim_end_matches('?')).trim_start_matches(['*', '&']);
    let is_plain = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_plain && !OF_LITERALS.contains(&name)).then_some(name)
}

/// Whether an expression is known to have one of the types.
pub(crate) fn has_type(file: &ParsedFile, id: NodeId, types: &[String]) -> bool {
    let mut literal = literal_types(file, id);
    if literal.is_empty() {
        literal = operation_types(file, id, 0);
    }
    if !literal.is_empty() && types.iter().any(|wanted| literal.contains(&&*bare(wanted))) {
        return true;
    }
    let Some((declared, _)) = declared_type_at(file, id) else {
        // `Foo.bar()` of Java calls what `Foo` is.
        let node = file.tree().node(id);
        return file.language() == Language::Java
            && node.kind == Kind::Name
            && node.role == Role::Object
            && types.iter().any(|wanted| bare(wanted) == file.node_text(id));
    };
    let declared = unaliased(file, &bare(&declared));
    types.iter().any(|wanted| same_type(file, &bare(wanted), &declared))
}

/// A type without blanks, quotes and `const`.
fn bare(text: &str) -> Cow<'_, str> {
    fn strip(text: &str) -> &str {
        let text = text.trim_matches(['"', '\'']);
        text.strip_prefix("const").unwrap_or(text)
    }
    if text.contains(char::is_whitespace) {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        return Cow::Owned(strip(&text).to_owned());
    }
    Cow::Borrowed(strip(text))
}

/// `h.Request` of Go is `http.Request` after `import h "net/http"`.
fn unaliased(file: &ParsedFile, declared: &str) -> String {
    let stars = declared.len() - declared.trim_start_matches('*').len();
    let Some((prefix, name)) = declared[stars..].split_once('.') else { return declared.to_owned() };
    if file.language() != Language::Go {
        return declared.to_owned();
    }
    let mut definitions = file.names().definitions();
    let package = definitions.find_map(|(_, own)| {
        let path = own.path.as_ref().filter(|_| file.node_text(own.name) == prefix)?;
        path.last().cloned()
    });
    let package = package.unwrap_or_else(|| prefix.to_owned());
    format!("{}{package}.{name}", &declared[..stars])
}

fn last_name(text: &str) -> &str {
    text.rsplit(['.', '\\']).next().unwrap_or(text)
}

/// Java boxes its plain types without being asked.
fn unboxed(text: &str, java: bool) -> &str {
    match text.trim_end_matches('?') {
        "Integer" if java => "int",
        "Boolean" if java => "boolean",
        own => own,
    }
}

fn same_type(file: &ParsedFile, wanted: &str, declared: &str) -> bool {
    let java = file.language() == Language::Java;
    let declared = if java { declared.strip_prefix("java.lang.").unwrap_or(declared) } else { declared };
    let wanted = if java { wanted.strip_prefix("java.lang.").unwrap_or(wanted) } else { wanted };
    let (wanted, declared) = (unboxed(wanted, java), unboxed(declared, java));
    if wanted == declared {
        return true;
    }
    let declared =
        if wanted.contains('<') { declared } else { declared.split('<').next().unwrap_or(declared) };
    if wanted == declared {
        return true;
    }
    let stars = |text: &str| text.chars().take_while(|c| *c == '*').count();
    if last_name(wanted).trim_start_matches('*') != last_name(declared).trim_start_matches('*')
        || (file.language() == Language::Go && stars(wanted) != stars(declared))
    {
        return false;
    }
    if wanted.contains('.') && declared.contains('.') {
        return false;
    }
    if wanted.contains('.') {
        // The import says which one is meant, if it says anything.
        let parts: Vec<&str> = wanted.trim_start_matches('*').split('.').collect();
        let same_name = file
            .names()
            .imports()
            .iter()
            .find(|path| path.last().map(String::as_str) == parts.last().copied());
        // Without one Java may still bring it with a whole package.
        let whole = || {
            let package = &parts[..parts.len() - 1];
            !java
                || file.names().imports().iter().any(|path| {
                    path.split_last().is_some_and(|(last, rest)| {
                        last == "*" && rest.iter().map(String::as_str).eq(package.iter().copied())
                    })
                })
        };
        return same_name
            .map_or_else(whole, |path| path.iter().map(String::as_str).eq(parts.iter().copied()));
    }
    // `Foo` in the pattern is also `a.Foo` in the code.
    file.language() != Language::Go
}
