//! Leads from a file that is walked to the functions of others.

use std::rc::Rc;

use super::imports_say_all;
use super::run::Run;
use crate::matching::ParsedFile;
use crate::taint::{self, Ask, Exported};
use crate::tree::{Kind, Role, Symbol};

/// Files looked at for those that implement an interface.
const MAX_IMPLEMENTING: usize = 12;

/// Leads from one file to others.
pub(crate) struct Link<'l> {
    pub(super) run: &'l Run<'l>,
    pub(super) file: usize,
    pub(super) hops: u32,
}

impl Link<'_> {
    /// The number of the file it leads from.
    pub(crate) const fn file(&self) -> usize {
        self.file
    }

    /// Steps that are left for the walk at work.
    pub(crate) fn left(&self) -> u32 {
        self.run.left()
    }

    /// Notes steps that were taken.
    pub(crate) fn spend(&self, steps: u32) {
        self.run.spend(steps);
    }

    /// Whether what a function of a file returns may come from a source.
    pub(crate) fn gives(&self, file: usize) -> bool {
        let (run, project) = (self.run, self.run.project);
        let gives = &run.reach.gives;
        // Who implements an interface imports it.
        gives[file] || project.opens(file) && project.importers[file].iter().any(|own| gives[*own])
    }

    /// Files the one it leads from imports that may give what comes from a source.
    pub(crate) fn giving(&self) -> Vec<usize> {
        self.run.project.imports[self.file].iter().copied().filter(|own| self.gives(*own)).collect()
    }

    pub(crate) fn module(&self, from: usize, module: &str, item: Option<&str>) -> Vec<usize> {
        self.run.project.paths.module(from, module, item)
    }

    pub(crate) fn of_class(&self, from: usize, class: Symbol) -> Vec<usize> {
        self.run.project.paths.of_class(from, class)
    }

    pub(crate) fn beside(&self, from: usize) -> Vec<usize> {
        self.run.project.paths.beside(from)
    }

    /// Files whose whole text a file includes.
    pub(crate) fn included(&self, file: &ParsedFile) -> Vec<usize> {
        let tree = file.tree();
        let mut all = Vec::new();
        for call in file.index().of_kind(Kind::Call) {
            let Some(callee) = tree.child(*call, Role::Callee) else { continue };
            let includes = ["include", "include_once", "require", "require_once", "require_relative"];
            if !includes.contains(&file.node_text(callee)) {
                continue;
            }
            let text = tree.subtree(*call).filter(|id| tree.node(*id).kind == Kind::Str).last();
            if let Some(text) = text {
                let path = file.contents(text).of(file.text()).trim_start_matches('/');
                all.extend(self.module(self.file, path, None));
            }
        }
        all.sort_unstable();
        all.dedup();
        all.truncate(24);
        all
    }

    /// What the functions a call names do, where that is worth knowing.
    pub(crate) fn exported(&self, ask: &Ask) -> Vec<Rc<Exported>> {
        let mut found = Vec::new();
        self.collect(ask, 0, &mut found);
        found
    }

    /// What those do that implement a method which the file of its interface leaves open.
    fn collect_implementations(&self, at: usize, ask: &Ask, found: &mut Vec<Rc<Exported>>) {
        let run = self.run;
        let mut near: Vec<usize> = run.project.importers[at].clone();
        near.extend(self.beside(at));
        near.push(at);
        near.sort_unstable();
        near.dedup();
        for file in near.into_iter().take(MAX_IMPLEMENTING) {
            if run.ready_for(file).is_none() {
                continue;
            }
            let Some(side) = run.side(file) else { continue };
            for id in taint::implementing(&side, ask) {
                if let Some(exported) = run.summary(&side, id, false, self.hops) {
                    run.answered.set(true);
                    found.push(exported);
                }
            }
        }
    }

    fn collect(&self, ask: &Ask, passes: u32, found: &mut Vec<Rc<Exported>>) {
        let run = self.run;
        for at in &ask.files {
            if run.ready_for(*at).is_none() || self.run.deadline.borrow().is_cancelled() {
                continue;
            }
            let says_all = run.project.across.files[*at].language.is_some_and(imports_say_all);
            // A file that leads to no end matters only when it may clean what it is given.
            let cleans = run.program(*at).is_some_and(|(query, _)| !query.sanitizers.is_empty());
            if says_all && !run.reach.worth[*at] && !cleans {
                continue;
            }
            let Some(side) = run.side(*at) else { continue };
            let own = taint::functions(&side, ask);
            if own.is_empty() {
                for next in taint::passed_on(self, &side, ask, passes) {
                    self.collect(&next, passes + 1, found);
                    if !found.is_empty() {
                        return;
                    }
                }
                if run.project.opens(*at) {
                    self.collect_implementations(*at, ask, found);
                    if !found.is_empty() {
                        return;
                    }
                }
                continue;
            }
            let own = if taint::are_abstract(&side, &own) {
                let before = found.len();
                self.collect_implementations(*at, ask, found);
                if found.len() > before {
                    return;
                }
                own
            } else {
                own
            };
            for id in own {
                let constructs = ask.constructs();
                if let Some(exported) = run.summary(&side, id, constructs, self.hops) {
                    run.answered.set(true);
                    found.push(exported);
                }
            }
            if !found.is_empty() {
                return;
            }
        }
    }
}
