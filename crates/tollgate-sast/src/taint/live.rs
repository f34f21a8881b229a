//! Which functions can meet the taint of a source. The others are only walked when a call leads there, not for
//! their own sake: a summary that nobody asks for says nothing.

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::Language;

use super::asks::imported;
use super::engine::Engine;
use super::state::Taints;
use crate::matching::Span;
use crate::project::Link;
use crate::tree::{Kind, NodeId, Role, Symbol};

impl Engine<'_> {
    /// Functions that hold a source, or that name one that does over any number of steps; their classes as a
    /// whole, as methods share an object. Nothing when any function may meet taint.
    pub(super) fn live_functions(&self) -> Option<FxHashSet<NodeId>> {
        if !self.base.places.values().all(Taints::is_empty) {
            return None;
        }
        let tree = self.tree;
        let given = match self.link {
            Some(link) => self.given_from_elsewhere(link)?,
            None => FxHashSet::default(),
        };
        let functions = self.file.index().of_kind(Kind::Func);
        let around = |place: &NodeId| self.function_around(*place).unwrap_or(*place);
        let mut open: Vec<NodeId> = functions
            .iter()
            .copied()
            .filter(|id| {
                let own = self.file.span(*id);
                let meets = |span: Span| span.start < own.end && own.start < span.end;
                self.matches.sources.all.iter().any(|spot| meets(spot.span))
            })
            .collect();
        let mut named: FxHashMap<Symbol, Vec<NodeId>> = FxHashMap::default();
        for id in tree.subtree(NodeId::ROOT) {
            let symbol = tree.node(id).symbol;
            if symbol != 0 {
                named.entry(symbol).or_default().push(id);
            }
        }
        if !given.is_empty() {
            let names = self.file.index().of_kind(Kind::Name).iter();
            let is_given = |id: &&NodeId| {
                self.file.names().definition_of(**id).is_some_and(|definition| given.contains(&definition.0))
            };
            open.extend(names.filter(is_given).map(around));
        }
        let mut asked: FxHashSet<Symbol> = FxHashSet::default();
        let mut live = FxHashSet::default();
        while let Some(start) = open.pop() {
            let mut at = Some(start);
            // What encloses a construct that was seen was seen with it.
            while let Some(outer) = at.filter(|outer| live.insert(*outer)) {
                if tree.node(outer).kind == Kind::Class {
                    open.extend(functions.iter().copied().filter(|other| tree.contains(outer, *other)));
                }
                for name in self.names_given(outer) {
                    if asked.insert(name) {
                        let places = named.get(&name).into_iter().flatten();
                        open.extend(places.map(around));
                    }
                }
                at = tree.parent(outer);
            }
        }
        Some(live)
    }

    /// What is imported from files that may give what comes from a source; nothing when imports do not tell.
    fn given_from_elsewhere(&self, link: &Link<'_>) -> Option<FxHashSet<u32>> {
        if !matches!(
            self.file.language(),
            Language::Python | Language::Javascript | Language::Typescript | Language::Java | Language::Go
        ) {
            return None;
        }
        let mut giving = link.giving();
        let mut given = FxHashSet::default();
        if giving.is_empty() {
            return Some(given);
        }
        if !matches!(self.file.language(), Language::Javascript | Language::Typescript) {
            return None;
        }
        for (id, definition) in self.file.names().definitions() {
            let Some((module, item)) = imported(self.file, definition) else { continue };
            let files = link.module(link.file(), &module, item.as_deref());
            if files.is_empty() || files.iter().any(|own| link.gives(*own)) {
                given.insert(id.0);
            }
            giving.retain(|own| !files.contains(own));
        }
        giving.is_empty().then_some(given)
    }

    fn function_around(&self, id: NodeId) -> Option<NodeId> {
        let mut at = Some(id);
        while let Some(outer) = at {
            if self.tree.node(outer).kind == Kind::Func {
                return Some(outer);
            }
            at = self.tree.parent(outer);
        }
        None
    }

    /// Names under which what a construct holds can be reached.
    fn names_given(&self, id: NodeId) -> Vec<Symbol> {
        let tree = self.tree;
        let role = match tree.node(id).kind {
            Kind::Func | Kind::Class | Kind::Declare => Role::Name,
            Kind::Assign | Kind::AugAssign => Role::Left,
            Kind::Pair | Kind::KwArg => Role::Key,
            _ => return Vec::new(),
        };
        let Some(name) = tree.child(id, role) else { return Vec::new() };
        tree.subtree(name).map(|inner| tree.node(inner).symbol).filter(|symbol| *symbol != 0).collect()
    }
}
