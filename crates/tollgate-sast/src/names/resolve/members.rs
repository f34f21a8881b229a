//! Writes to members of classes, which the bare name of the member does not show.

use tollgate_core::Language;

use super::Resolver;
use crate::tree::{Kind, NodeId, Role, Symbol};

/// What a member belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// The class of this node.
    Class(u32),
    /// What has this name.
    Named(Symbol),
}

impl Resolver<'_> {
    /// Notes what is written as a member of this object or of a class, or as a variable of Ruby that its class
    /// holds.
    pub(super) fn note_member(&mut self, target: NodeId) {
        let tree = self.tree;
        let is_held = |name: NodeId| self.language == Language::Ruby && self.text_of(name).starts_with('@');
        let (object, own) = match tree.node(target).kind {
            Kind::Member => (tree.child(target, Role::Object), tree.child(target, Role::Property)),
            Kind::Name if is_held(target) => (None, Some(target)),
            _ => return,
        };
        let Some(own) = own else { return };
        let named = object.filter(|object| {
            !matches!(self.text_of(*object), "this" | "self" | "$this" | "cls" | "static" | "Self")
        });
        let holder = match named {
            Some(object) => Holder::Named(tree.node(object).symbol),
            None => {
                let is_class = |scope: &&(u32, u32)| tree.nodes[scope.0 as usize].kind == Kind::Class;
                let Some((class, _)) = self.scopes.iter().rev().find(is_class) else { return };
                Holder::Class(*class)
            }
        };
        *self.members.entry((holder, tree.node(own).symbol)).or_default() += 1;
    }

    /// Counts what is written through objects for the members of their classes.
    pub(super) fn count_members(&mut self) {
        let tree = self.tree;
        #[expect(clippy::iter_over_hash_type, reason = "each member is counted by itself")]
        for ((scope, symbol), definition) in &self.names.by_scope {
            let class = NodeId(*scope);
            if self.members.is_empty() || tree.node(class).kind != Kind::Class {
                continue;
            }
            let name = tree.child(class, Role::Name).map_or(0, |name| tree.node(name).symbol);
            let written = [Holder::Class(*scope), Holder::Named(name)]
                .iter()
                .filter_map(|holder| self.members.get(&(*holder, *symbol)))
                .sum::<u32>();
            let own = &mut self.names.definitions[*definition as usize];
            // What a class of Ruby holds was counted where it is defined as well.
            own.assignments += written.saturating_sub(u32::from(self.language == Language::Ruby));
        }
    }
}
