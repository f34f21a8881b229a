//! Where one rule leads to in a project, by the words of its ends and the imports between files.

use rustc_hash::FxHashMap;
use tollgate_core::Language;

use super::{Project, imports_say_all};
use crate::prefilter::Need;
use crate::rule::compile::Program;
use crate::scanner::plan::Ready;
use crate::taint::End;

/// Imports from a source's file to a sink's.
pub(super) const MAX_HOPS: u32 = 6;

/// One rule on the files of one family of languages, and the files it is worth looking at.
pub(super) struct Reach<'a> {
    /// The rule's number.
    pub(super) rule: usize,
    pub(super) family: Language,
    pub(super) ready: FxHashMap<Language, &'a Ready>,
    /// Files to begin at, in order: they may hold a source, and lead to a sink.
    pub(super) roots: Vec<usize>,
    /// Files from which a source or a sink can be reached.
    pub(super) worth: Vec<bool>,
    /// Files from which a source can be reached.
    pub(super) gives: Vec<bool>,
}

impl<'a> Reach<'a> {
    /// `None` when no flow of the rule can pass from file to file.
    pub(super) fn of(
        project: &Project<'_>,
        ready: &[&'a Ready],
        (rule, family): (usize, Language),
    ) -> Option<Self> {
        let languages = |own: &'a Ready| own.rule.languages.iter().filter_map(|language| language.code());
        let ready: FxHashMap<Language, &Ready> = ready
            .iter()
            .flat_map(|own| languages(own).map(|language| (language, *own)))
            .filter(|(language, own)| {
                project.across.plan.taint_rules(*language).any(|other| std::ptr::eq(other, *own))
            })
            .collect();
        let files = project.across.files;
        let meets = |at: usize, end: End| {
            let ready = files[at].language.and_then(|language| ready.get(&language));
            let (Some(ready), Some(present)) = (ready, project.present(at)) else { return false };
            ready.need_of(end).is_some_and(|need| present.meets(need))
                && !project.across.lacking[at].lacks(ready.index, end)
        };
        let sinks: Vec<bool> = (0..files.len()).map(|at| meets(at, End::Sink)).collect();
        let sources: Vec<bool> = (0..files.len()).map(|at| meets(at, End::Source)).collect();
        if !sinks.contains(&true) || !sources.contains(&true) {
            return None;
        }
        let queries = || {
            ready.values().filter_map(|ready| match &*ready.program {
                Program::Taint(query) => Some(query),
                Program::Search(_) => None,
            })
        };
        // Flows from parameter to parameter end where the own flow of the last one does.
        if queries().all(|query| query.takes_any_parameter()) {
            return None;
        }
        // Without telling words every file is a source or a sink, and imports lead from all to all.
        let broad = |ready: &&Ready| {
            [End::Source, End::Sink].into_iter().all(|end| ready.need_of(end) == Some(&Need::Always))
        };
        if imports_say_all(family) && ready.values().all(broad) {
            return None;
        }
        let cleans = queries().any(|query| !query.sanitizers.is_empty());
        let to_sinks = leading_to(project, sinks.clone());
        let leads = |at: usize| {
            let (imports, importers) = (&project.imports[at], &project.importers[at]);
            !files[at].language.is_some_and(imports_say_all)
                || imports.iter().chain(importers).any(|other| to_sinks[*other])
                // What it calls by an interface may be done by another file that imports the interface.
                || imports.iter().any(|target| {
                    project.opens(*target) && project.importers[*target].iter().any(|other| to_sinks[*other])
                })
                // What it imports may clean what flows inside of it.
                || sinks[at] && cleans && !imports.is_empty()
        };
        let roots = (0..files.len()).filter(|at| sources[*at] && leads(*at)).collect();
        let ends: Vec<bool> = sinks.iter().zip(&sources).map(|(a, b)| *a || *b).collect();
        let worth = leading_to(project, ends);
        let gives = leading_to(project, sources);
        Some(Self { rule, family, ready, roots, worth, gives })
    }
}

/// The files given, and those that import them over some steps.
fn leading_to(project: &Project<'_>, mut reached: Vec<bool>) -> Vec<bool> {
    let mut open: Vec<usize> = (0..reached.len()).filter(|at| reached[*at]).collect();
    for _ in 0..MAX_HOPS {
        let mut next = Vec::new();
        for at in open {
            for importer in &project.importers[at] {
                if !reached[*importer] {
                    reached[*importer] = true;
                    next.push(*importer);
                }
            }
        }
        open = next;
    }
    reached
}
