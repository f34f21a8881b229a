//! Variables whose value an in-order walk of one function cannot vouch for.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use crate::names::DefId;
use crate::tree::{Kind, NodeId, ParsedFile, Role, flag};

/// Variables that something other than the statements around a use may write: another function, or whoever
/// got a reference.
pub(super) fn written_elsewhere(file: &ParsedFile) -> FxHashSet<DefId> {
    let tree = file.tree();
    let mut writers: FxHashMap<DefId, u32> = FxHashMap::default();
    let mut doubtful = FxHashSet::default();
    let by_reference = matches!(file.language(), Language::Cpp | Language::Php);
    let mut functions: Vec<(u32, u32)> = Vec::new();
    let mut declared_global = FxHashSet::default();
    for at in 1..file.names().first_virtual() {
        while functions.last().is_some_and(|(_, end)| *end <= at) {
            functions.pop();
        }
        let id = NodeId(at);
        let node = tree.node(id);
        match node.kind {
            Kind::Func => functions.push((at, node.next)),
            Kind::Assign | Kind::AugAssign | Kind::ForEach | Kind::CompFor | Kind::WithItem => {
                let writer = functions.last().map_or(0, |(function, _)| *function);
                let targets = tree.children(id).filter(|child| {
                    matches!(tree.node(*child).role, Role::Left | Role::Target | Role::Alias)
                });
                for target in targets {
                    for inner in tree.subtree(target) {
                        if let Some(definition) = file.names().definition_of(inner)
                            && *writers.entry(definition).or_insert(writer) != writer
                        {
                            doubtful.insert(definition);
                        }
                    }
                }
            }
            Kind::Global => {
                declared_global.extend(tree.children(id).map(|item| tree.node(item).symbol));
            }
            Kind::Unary if file.node_text(id).starts_with('&') => {
                let operand = tree.child(id, Role::Operand).and_then(|own| file.names().definition_of(own));
                doubtful.extend(operand);
            }
            Kind::Name if node.role == Role::Arg && by_reference => {
                doubtful.extend(file.names().definition_of(id));
            }
            Kind::Raw | Kind::KwArg | Kind::Spread
                if node.role == Role::Arg && file.node_text(id).starts_with(['&', 'r', 'o']) =>
            {
                let last = tree.children(id).last().and_then(|own| file.names().definition_of(own));
                doubtful.extend(last);
            }
            _ => {}
        }
    }
    if !declared_global.is_empty() {
        let named = file.names().definitions();
        let named = named.filter(|(_, own)| declared_global.contains(&tree.node(own.name).symbol));
        doubtful.extend(named.map(|(id, _)| id));
    }
    doubtful
}

/// Whether a definition that is assigned once keeps that value: others may set a plain global.
pub(super) fn is_settled(file: &ParsedFile, definition: DefId) -> bool {
    let tree = file.tree();
    let own = file.names().definition(definition);
    let site = tree.node(own.site);
    if site.has(flag::CONST) {
        return true;
    }
    let is_final = || {
        tree.children_of(own.site, Role::Modifier)
            .any(|modifier| matches!(file.node_text(modifier), "final" | "const" | "readonly"))
    };
    let mut at = own.site;
    while let Some(parent) = tree.parent(at) {
        match tree.node(parent).kind {
            Kind::Func => return true,
            Kind::Class => return is_final(),
            _ => at = parent,
        }
    }
    is_final()
}
