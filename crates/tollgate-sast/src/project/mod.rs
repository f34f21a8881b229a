//! Taint across the files of a project.
//!
//! Files are looked at one by one first. Then, for each taint rule, the files that may hold a source are walked
//! once more, and calls into other files are followed by summaries of the functions called, which are worked
//! out when they are asked for. Which files are worth asking follows from the words of the rule's sources and
//! sinks and from the imports between files. Rules are independent of each other and go through files in order
//! of path, so that results do not depend on the number of threads.

mod link;
mod reach;
pub(crate) mod resolve;
mod run;
mod seen;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tollgate_core::{Cancel, FileEntry, Language};

use crate::facts::FileFacts;
use crate::matching::{Dialect, ParsedFile};
use crate::prefilter::Present;
use crate::scanner::file::CrossFunction;
use crate::scanner::finding::FileFinding;
use crate::scanner::lines;
use crate::scanner::plan::{Ready, RulePlan};
use crate::taint::End;
pub(crate) use link::Link;
use reach::Reach;
use resolve::Paths;
use run::Run;
pub(crate) use run::Side;
use seen::is_wanted;
pub(crate) use seen::{Kept, Seen};

/// Time for one walk, a last net: the steps it may take end it long before.
const WALK: Duration = Duration::from_secs(60);

/// What looking across files needs.
pub(crate) struct Across<'a> {
    pub(crate) plan: &'a RulePlan,
    pub(crate) cancel: &'a Cancel,
    pub(crate) cross_function: CrossFunction,
    pub(crate) files: &'a [&'a FileEntry],
    /// What each file told, in the order of the files.
    pub(crate) facts: &'a [FileFacts],
    /// What each file lacks, in the order of the files.
    pub(crate) lacking: &'a [Lacking],
    pub(crate) kept: &'a Kept,
}

/// Taint rules that have no source or no sink in a file though its words allow for one, so that no other file
/// is walked for the sake of this one. What is not known is not lacking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lacking {
    sources: Vec<usize>,
    sinks: Vec<usize>,
}

impl Lacking {
    pub(crate) fn note(&mut self, rule: usize, end: End) {
        let all = match end {
            End::Source => &mut self.sources,
            End::Sink => &mut self.sinks,
        };
        if let Err(at) = all.binary_search(&rule) {
            all.insert(at, rule);
        }
    }

    pub(crate) fn lacks(&self, rule: usize, end: End) -> bool {
        let all = match end {
            End::Source => &self.sources,
            End::Sink => &self.sinks,
        };
        all.binary_search(&rule).is_ok()
    }
}

/// What looking across files gave.
#[derive(Debug, Default)]
pub(crate) struct Crossed {
    /// Findings by the number of the file they stand in.
    pub(crate) findings: Vec<(usize, FileFinding)>,
    /// Rules and files whose own findings these replace.
    pub(crate) replaced: BTreeSet<(usize, usize)>,
    /// Rules for which not everything was followed.
    pub(crate) unfinished: Vec<usize>,
    /// Rules on which the engine broke down.
    pub(crate) broken: Vec<usize>,
}

struct Project<'a> {
    across: &'a Across<'a>,
    paths: Paths,
    seen: Vec<Option<Seen>>,
    imports: Vec<Vec<usize>>,
    importers: Vec<Vec<usize>>,
    trees: Vec<OnceLock<Option<Arc<ParsedFile>>>>,
}

/// Languages in which a function of one may be called from the other.
fn family(language: Language) -> Language {
    match language {
        Language::Typescript => Language::Javascript,
        Language::Kotlin => Language::Java,
        other => other,
    }
}

/// Whether imports name everything a file of the language uses of others.
const fn imports_say_all(language: Language) -> bool {
    matches!(
        language,
        Language::Python
            | Language::Javascript
            | Language::Typescript
            | Language::Go
            | Language::Java
            | Language::Kotlin
    )
}

const fn is_followed(language: Language) -> bool {
    imports_say_all(language) || matches!(language, Language::Php | Language::Ruby | Language::Csharp)
}

/// Flows of taint rules that pass through several files.
///
/// `seen` is what is known of the files already, in their order.
pub(crate) fn look_across(across: &Across<'_>, seen: Vec<Option<Seen>>) -> Crossed {
    let files = across.files;
    let followed = |file: &FileEntry| file.language.filter(|language| is_followed(*language));
    let mut rules: FxHashMap<(usize, Language), Vec<&Ready>> = FxHashMap::default();
    let languages: BTreeSet<Language> = files.iter().filter_map(|file| followed(file)).collect();
    for language in &languages {
        for ready in across.plan.taint_rules(*language) {
            if across.cross_function.is_on(ready.rule.options.cross_function) {
                rules.entry((ready.index, family(*language))).or_default().push(ready);
            }
        }
    }
    if rules.is_empty() || files.len() < 2 {
        return Crossed::default();
    }
    let paths = Paths::of(files);
    let see = |(file, seen): (&&FileEntry, Option<Seen>)| {
        seen.or_else(|| {
            let bytes = is_wanted(file).then(|| std::fs::read(&file.absolute).ok()).flatten()?;
            Seen::of(file, &bytes, across.plan.present(&bytes))
        })
    };
    let mut seen: Vec<Option<Seen>> = files.par_iter().zip(seen).map(see).collect();
    let imports: Vec<Vec<usize>> =
        seen.par_iter().enumerate().map(|(at, seen)| imports_of(across, &paths, at, seen.as_ref())).collect();
    let mut importers = vec![Vec::new(); files.len()];
    for (at, own) in imports.iter().enumerate() {
        for target in own {
            importers[*target].push(at);
        }
    }
    let trees = seen.iter_mut().map(|seen| seen.as_mut().and_then(|seen| seen.tree.take()));
    let trees =
        trees.map(|tree| tree.map_or_else(OnceLock::new, |tree| OnceLock::from(Some(tree)))).collect();
    let mut project = Project { across, paths, seen, imports, importers, trees };
    let mut keys: Vec<(usize, Language)> = rules.keys().copied().collect();
    keys.sort_unstable();
    let reaches: Vec<Reach<'_>> =
        keys.par_iter().filter_map(|key| Reach::of(&project, &rules[key], *key)).collect();
    project.forget_trees(&reaches);
    let results: Vec<Crossed> = reaches
        .into_par_iter()
        .map(|reach| {
            let rule = reach.rule;
            let run = || Run::new(&project, reach).all();
            let broken = || Crossed { broken: vec![rule], ..Crossed::default() };
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| broken())
        })
        .collect();
    let mut all = Crossed::default();
    for own in results {
        all.findings.extend(own.findings);
        all.replaced.extend(own.replaced);
        all.unfinished.extend(own.unfinished);
        all.broken.extend(own.broken);
    }
    all
}

fn imports_of(across: &Across<'_>, paths: &Paths, at: usize, seen: Option<&Seen>) -> Vec<usize> {
    let Some(language) = across.files[at].language.filter(|language| imports_say_all(*language)) else {
        return Vec::new();
    };
    let passed = seen.map_or(&[][..], |seen| &seen.passed);
    let mut all: Vec<usize> = passed.iter().flat_map(|module| paths.module(at, module, None)).collect();
    for (module, uses) in across.facts[at].imported() {
        all.extend(paths.module(at, module, None));
        if language == Language::Python {
            for name in uses.take(40) {
                let first = name.split('.').next().unwrap_or(name);
                all.extend(paths.module(at, module, Some(first)));
            }
        }
    }
    if matches!(language, Language::Go | Language::Java | Language::Kotlin) {
        all.extend(paths.beside(at));
    }
    all.sort_unstable();
    all.dedup();
    all
}

impl Project<'_> {
    fn tree(&self, at: usize) -> Option<Arc<ParsedFile>> {
        if let Some(known) = self.trees[at].get() {
            return known.clone();
        }
        let parsed = self.parse(at).map(Arc::new);
        let size = self.across.files[at].size;
        if self.across.kept.admits(size) {
            return self.trees[at].get_or_init(|| parsed).clone();
        }
        parsed
    }

    /// Forgets the trees of files that no rule begins at; a call that leads there makes them again.
    fn forget_trees(&mut self, reaches: &[Reach<'_>]) {
        let mut begins = vec![false; self.trees.len()];
        for at in reaches.iter().flat_map(|reach| &reach.roots) {
            begins[*at] = true;
        }
        for (at, tree) in self.trees.iter_mut().enumerate().filter(|(at, _)| !begins[*at]) {
            if tree.take().is_some() {
                self.across.kept.release(self.across.files[at].size);
            }
        }
    }

    fn present(&self, at: usize) -> Option<&Present> {
        self.seen[at].as_ref().map(|seen| &seen.present)
    }

    fn opens(&self, at: usize) -> bool {
        self.seen[at].as_ref().is_some_and(|seen| seen.opens)
    }

    fn parse(&self, at: usize) -> Option<ParsedFile> {
        let file = self.across.files[at];
        let text = lines::text_of(std::fs::read(&file.absolute).ok()?);
        let dialect = if file.path.extension() == Some("tsx") { Dialect::Tsx } else { Dialect::Plain };
        let cancel = self.across.cancel.with_deadline(Instant::now() + WALK);
        ParsedFile::parse(file.language?, dialect, text, &cancel).ok()
    }
}

#[cfg(test)]
mod tests;
