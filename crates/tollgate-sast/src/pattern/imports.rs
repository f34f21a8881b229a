//! What a file brings in.

use tollgate_core::Language;

use super::binding::{Bound, Env, Envs};
use super::search::Search;
use super::{Meta, PatternNode};
use crate::tree::{Kind, Node, NodeId, Role, flag};

impl Search<'_> {
    /// `import x from "m"` is `import { default as x } from "m"`.
    fn default_import(&self, pattern: &PatternNode, id: NodeId, node: &Node, env: &Env, out: &mut Envs) {
        let (Some(module), [wanted]) = (self.tree.child(id, Role::Module), pattern.group(Role::Module))
        else {
            return;
        };
        let mut envs = Envs::new();
        self.node(*wanted, module, env, &mut envs);
        if pattern.has(flag::FROM) && node.has(flag::DEFAULT) {
            let Some(own) = self.tree.child(id, Role::Alias) else { return };
            let items = pattern.group(Role::Item).iter().map(|pid| self.p(*pid));
            let items: Vec<_> = items.filter(|item| !matches!(item.meta, Meta::Ellipsis)).collect();
            match items[..] {
                [] => {}
                [item] => {
                    let names = item.group(Role::Name).iter().map(|pid| self.p(*pid));
                    for name in names.chain(matches!(item.meta, Meta::Any(_)).then_some(item)) {
                        match &name.meta {
                            Meta::Any(var) => {
                                let default = || Bound::Text("default".into(), self.file.span(own));
                                envs = self.each(&envs, |env, next| self.bind(*var, default(), env, next));
                            }
                            _ if &*name.text == "default" => {}
                            _ => return,
                        }
                    }
                    for pid in item.group(Role::Alias) {
                        envs = self.each(&envs, |env, next| self.node(*pid, own, env, next));
                    }
                }
                _ => return,
            }
            out.append(&mut envs);
        } else if let ([wanted], true) =
            (pattern.group(Role::Alias), pattern.has(flag::DEFAULT) && node.has(flag::FROM))
        {
            for item in self.tree.children_of(id, Role::Item) {
                let name = self.tree.child(item, Role::Name).map(|name| self.file.node_text(name));
                if let (Some("default"), Some(own)) = (name, self.tree.child(item, Role::Alias)) {
                    out.append(&mut self.each(&envs, |env, next| self.node(*wanted, own, env, next)));
                }
            }
        }
    }

    /// What a further step makes of every environment.
    fn each(&self, envs: &Envs, step: impl Fn(&Env, &mut Envs)) -> Envs {
        let mut next = Envs::new();
        envs.iter().for_each(|env| step(env, &mut next));
        next
    }

    pub(super) fn import(&self, pattern: &PatternNode, id: NodeId, node: &Node, env: &Env, out: &mut Envs) {
        let modules = pattern.group(Role::Module);
        let items = pattern.group(Role::Item);
        let alias = pattern.group(Role::Alias);
        let kinds = flag::FROM | flag::WILDCARD | flag::DEFAULT;
        // `import static` of Java.
        if pattern.symbol != 0 && pattern.symbol != node.symbol {
            return;
        }
        let bare = items.is_empty() && alias.is_empty() && !pattern.has(kinds);
        if self.is_javascript() && !bare && pattern.flags & kinds != node.flags & kinds {
            return self.default_import(pattern, id, node, env, out);
        }
        if self.file.language() == Language::Python {
            if pattern.has(flag::FROM) != node.has(flag::FROM) && !bare {
                return;
            }
        } else if pattern.has(flag::WILDCARD) && !node.has(flag::WILDCARD) {
            return;
        }
        let renames = self.file.language() == Language::Csharp && self.tree.child(id, Role::Alias).is_some();
        if renames && alias.is_empty() {
            return;
        }
        let (Some(own), [module]) = (self.tree.child(id, Role::Module), modules) else { return };
        let mut envs = Envs::new();
        self.node(*module, own, env, &mut envs);
        if envs.is_empty()
            && bare
            && (self.is_javascript() || matches!(self.file.language(), Language::Go | Language::Dart))
        {
            let wanted = self.p(*module);
            let contents = wanted.text.trim_matches(['"', '\'', '`']);
            let own_text = self.file.contents(own).of(self.file.text());
            if own_text.strip_prefix(contents).is_some_and(|rest| rest.starts_with('/')) {
                envs.push(env.clone());
            }
        }
        if envs.is_empty() && bare && node.has(flag::FROM) {
            // `import a.b` is also `from a import b`.
            let wanted = &self.p(*module).text;
            let module_text = self.file.node_text(own);
            let named = self.tree.children_of(id, Role::Item).any(|item| {
                self.tree.child(item, Role::Name).is_some_and(|name| {
                    wanted.strip_prefix(module_text).and_then(|rest| rest.strip_prefix('.'))
                        == Some(self.file.node_text(name))
                })
            });
            if named {
                envs.push(env.clone());
            }
        }
        if envs.is_empty() && bare && matches!(self.p(*module).kind, Kind::Member) {
            // `import a.$X` is also `import a.{X}`.
            let wanted = self.p(*module);
            if let ([object], [property]) = (wanted.group(Role::Object), wanted.group(Role::Property)) {
                let mut modules = Envs::new();
                self.node(*object, own, env, &mut modules);
                for item in self.tree.children_of(id, Role::Item) {
                    let Some(name) = self.tree.child(item, Role::Name) else { continue };
                    for env in &modules {
                        self.node(*property, name, env, &mut envs);
                    }
                }
            }
        }
        if envs.is_empty() && bare {
            // `import foo` stands for everything below `foo` as well.
            let mut at = own;
            while let Some(object) = self.tree.child(at, Role::Object) {
                self.node(*module, object, env, &mut envs);
                at = object;
            }
        }
        for (role, pids, free) in [(Role::Item, items, true), (Role::Alias, alias, false)] {
            if pids.is_empty() {
                continue;
            }
            let children: Vec<NodeId> = self.tree.children_of(id, role).collect();
            envs = self.each(&envs, |env, next| self.any_order(pids, &children, free, env, next));
        }
        out.append(&mut envs);
    }
}
