//! What `local.x` and `var.x` of Terraform are known to be: locals and defaults that are literals.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::{Constants, Literal, MAX_FOLD, literal};
use crate::tree::{Kind, NodeId, ParsedFile, Role, Symbol, symbol};

/// Locals that name other locals are followed this far.
const MAX_HOPS: u8 = 8;
/// More than this is not looked at in one file.
const MAX_STEPS: u32 = 500_000;

struct Scope<'f> {
    file: &'f ParsedFile,
    /// Values by namespace and name.
    named: FxHashMap<(Symbol, Symbol), NodeId>,
    /// Values looked at: templates of templates multiply.
    steps: Cell<u32>,
}

pub(super) fn extend(file: &ParsedFile, constants: &mut Constants) {
    let scope = Scope { file, named: named(file), steps: Cell::new(0) };
    if scope.named.is_empty() {
        return;
    }
    let tree = file.tree();
    for at in 1..file.names().first_virtual() {
        let id = NodeId(at);
        if matches!(tree.node(id).kind, Kind::Member | Kind::Template)
            && let Some((value, origin)) = scope.value(id, 0)
        {
            constants.values.insert(at, value);
            constants.origins.extend(origin.map(|origin| (at, origin)));
        }
    }
    constants.order = constants.values.keys().copied().collect();
    constants.order.sort_unstable();
}

fn named(file: &ParsedFile) -> FxHashMap<(Symbol, Symbol), NodeId> {
    let tree = file.tree();
    let mut named = FxHashMap::default();
    for block in (1..file.names().first_virtual()).map(NodeId) {
        if tree.node(block).kind != Kind::ConfigBlock {
            continue;
        }
        let Some(name) = tree.child(block, Role::Name) else { continue };
        let entries = tree.children_of(block, Role::Stmt).filter_map(|entry| {
            let sides = (tree.child(entry, Role::Left)?, tree.child(entry, Role::Right)?);
            (tree.node(entry).kind == Kind::Assign).then_some(sides)
        });
        match file.node_text(name) {
            "locals" => {
                named.extend(entries.map(|(left, right)| ((symbol("local"), tree.node(left).symbol), right)));
            }
            "variable" => {
                let Some(label) = tree.child(block, Role::Label) else { continue };
                let default = entries.filter(|(left, _)| file.node_text(*left) == "default").last();
                named.extend(default.map(|(_, right)| ((symbol("var"), tree.node(label).symbol), right)));
            }
            _ => {}
        }
    }
    named
}

impl Scope<'_> {
    /// The value of an expression and the literal it was written as.
    fn value(&self, id: NodeId, hops: u8) -> Option<(Literal, Option<NodeId>)> {
        let tree = self.file.tree();
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS {
            return None;
        }
        match tree.node(id).kind {
            Kind::Member if hops < MAX_HOPS => {
                let (object, property) = (tree.child(id, Role::Object)?, tree.child(id, Role::Property)?);
                let key = (tree.node(object).symbol, tree.node(property).symbol);
                let named = (tree.node(object).kind == Kind::Name).then(|| self.named.get(&key)).flatten()?;
                self.value(*named, hops + 1)
            }
            Kind::Template if hops < MAX_HOPS => {
                let mut text = String::new();
                for part in tree.children_of(id, Role::Part) {
                    if tree.node(part).kind == Kind::StrPart {
                        text.push_str(self.file.node_text(part));
                    } else {
                        match self.value(tree.child(part, Role::Value)?, hops + 1)?.0 {
                            Literal::Str(own) => text.push_str(&own),
                            Literal::Int(own) => text.push_str(&own.to_string()),
                            Literal::Bool(own) => text.push_str(if own { "true" } else { "false" }),
                            Literal::AnyStr | Literal::Float(_) => return None,
                        }
                    }
                    if text.len() > MAX_FOLD {
                        return None;
                    }
                }
                Some((Literal::Str(text.into()), None))
            }
            _ => literal(self.file, id).map(|value| (value, Some(id))),
        }
    }
}
