//! Modules a file imports and what it uses of them.

use rustc_hash::FxHashMap;
use tollgate_core::Language;

use super::Imported;
use crate::matching::ParsedFile;
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, flag, symbol};

const MAX_IMPORTS: usize = 2_000;
const MAX_USES: usize = 200;

/// Imports in order of line.
pub(super) fn of(file: &ParsedFile) -> Vec<Imported> {
    let tree = file.tree();
    let mut found: Vec<Imported> = Vec::new();
    // Which import a definition comes from, and which symbol it is, if one.
    let mut origins: FxHashMap<DefId, (usize, Option<String>)> = FxHashMap::default();
    let mut heads: FxHashMap<u64, usize> = FxHashMap::default();
    let mut by_name: FxHashMap<NodeId, DefId> = FxHashMap::default();
    let mut by_site: FxHashMap<NodeId, Vec<DefId>> = FxHashMap::default();
    for (id, definition) in file.names().definitions() {
        by_name.entry(definition.name).or_insert(id);
        by_site.entry(definition.site).or_default().push(id);
    }
    let bound_by = |name: NodeId| by_name.get(&name).copied().or_else(|| file.names().definition_of(name));
    for at in file.index().of_kind(Kind::Import).iter().copied() {
        let Some(module) = tree.child(at, Role::Module) else { continue };
        let text = module_text(file, module);
        if text.is_empty() || found.len() >= MAX_IMPORTS {
            continue;
        }
        let number = found.len();
        let items: Vec<NodeId> = tree.children_of(at, Role::Item).collect();
        let mut uses = Vec::new();
        for item in &items {
            let Some(name) = tree.child(*item, Role::Name) else { continue };
            let bound = tree.child(*item, Role::Alias).unwrap_or(name);
            uses.push((file.node_text(name).to_owned(), line(file, *item)));
            if let Some(definition) = bound_by(bound) {
                origins.insert(definition, (number, Some(file.node_text(name).to_owned())));
            }
        }
        let alias = tree.child(at, Role::Alias);
        if items.is_empty() {
            let bound = alias.or_else(|| tree.child(module, Role::Property)).unwrap_or(module);
            match bound_by(bound) {
                Some(definition) => {
                    origins.insert(definition, (number, None));
                }
                None => {
                    let name = match file.language() {
                        Language::Go => text.rsplit('/').find(|part| !is_version(part)).unwrap_or(&text),
                        Language::Ruby | Language::Csharp => "",
                        _ => text.split(['.', '/', ':', '\\']).next().unwrap_or(&text),
                    };
                    let head = name.trim_start_matches("go-");
                    heads.insert(symbol(head.split(".v").next().unwrap_or(head)), number);
                }
            }
        }
        let wildcard = tree.node(at).has(flag::WILDCARD) && alias.is_none();
        let module = if wildcard && !matches!(file.language(), Language::Python | Language::Go) {
            text.trim_end_matches(['*', '.', ':']).to_owned()
        } else {
            text
        };
        found.push(Imported { line: line(file, at), module, uses });
    }
    for call in file.index().of_kind(Kind::Call).iter().copied() {
        let Some(module) = required(file, call) else { continue };
        if found.len() >= MAX_IMPORTS {
            break;
        }
        let number = found.len();
        found.push(Imported { line: line(file, call), module, uses: Vec::new() });
        // The definition's construct encloses the call: `const x = require("m")`.
        let site = tree.parent(call).filter(|_| tree.node(call).role == Role::Right);
        for id in site.and_then(|site| by_site.get(&site)).into_iter().flatten() {
            let path = file.names().definition(*id).path.as_ref();
            let part = path.filter(|path| path.len() > 1).and_then(|path| path.last());
            origins.insert(*id, (number, part.cloned()));
        }
    }
    uses(file, &origins, &heads, &mut found);
    for import in &mut found {
        import.uses.sort();
        import.uses.dedup();
    }
    found.sort();
    found
}

fn uses(
    file: &ParsedFile,
    origins: &FxHashMap<DefId, (usize, Option<String>)>,
    heads: &FxHashMap<u64, usize>,
    found: &mut [Imported],
) {
    let tree = file.tree();
    for id in file.index().of_kind(Kind::Name).iter().copied() {
        let node = tree.node(id);
        if matches!(node.role, Role::Property | Role::Module | Role::Alias | Role::Label) {
            continue;
        }
        let known = file.names().definition_of(id);
        let origin = match known {
            Some(definition) => origins.get(&definition).map(|(number, part)| (*number, part.clone())),
            None => heads.get(&node.symbol).map(|number| (*number, None)),
        };
        let Some((number, part)) = origin else { continue };
        if found[number].uses.len() >= MAX_USES || is_in_import(file, id) {
            continue;
        }
        let (accessed, top) = members(file, id);
        let symbol = match (part, accessed.is_empty()) {
            (Some(part), true) => part,
            (Some(part), false) => format!("{part}.{accessed}"),
            (None, true) => match file.language() {
                // The import names the class or function itself.
                Language::Javascript
                | Language::Typescript
                | Language::Java
                | Language::Kotlin
                | Language::Rust => file.node_text(id).to_owned(),
                _ => continue,
            },
            (None, false) => accessed,
        };
        found[number].uses.push((symbol, line(file, top)));
    }
}

/// The members read from a name, at most four, and the outermost of them.
fn members(file: &ParsedFile, id: NodeId) -> (String, NodeId) {
    let tree = file.tree();
    let (mut parts, mut at) = (Vec::new(), id);
    while parts.len() < 4
        && tree.node(at).role == Role::Object
        && let Some(parent) = tree.parent(at).filter(|parent| tree.node(*parent).kind == Kind::Member)
        && let Some(property) = tree.child(parent, Role::Property)
    {
        parts.push(file.node_text(property));
        at = parent;
    }
    (parts.join("."), at)
}

fn is_in_import(file: &ParsedFile, id: NodeId) -> bool {
    let tree = file.tree();
    tree.parent(id).is_some_and(|parent| {
        let is_import = |id: NodeId| matches!(tree.node(id).kind, Kind::Import | Kind::ImportItem);
        is_import(parent) || tree.parent(parent).is_some_and(is_import)
    })
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn module_text(file: &ParsedFile, module: NodeId) -> String {
    let text = match file.tree().node(module).kind {
        Kind::Str => file.contents(module).of(file.text()),
        _ => file.node_text(module),
    };
    text.chars().filter(|c| !c.is_whitespace()).take(300).collect()
}

/// The module of `require("m")`, `import("m")` and `require "m"`.
fn required(file: &ParsedFile, call: NodeId) -> Option<String> {
    let tree = file.tree();
    let callee = tree.child(call, Role::Callee)?;
    let name = file.node_text(callee);
    let asks = match file.language() {
        Language::Javascript | Language::Typescript => {
            matches!(name, "require" | "import" | "require.resolve")
        }
        Language::Ruby => matches!(name, "require" | "require_relative"),
        Language::Python => matches!(name, "importlib.import_module" | "import_module" | "__import__"),
        _ => false,
    };
    let argument = tree.child(call, Role::Arg).filter(|id| asks && tree.node(*id).kind == Kind::Str)?;
    Some(module_text(file, argument)).filter(|module| !module.is_empty())
}

fn line(file: &ParsedFile, id: NodeId) -> u32 {
    file.line_of(file.span(id).start)
}
