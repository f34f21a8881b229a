//! Taint across the files of a project.
//!
//! Files are looked at one by one first. Then, for each taint rule, the files that may hold a source are walked
//! once more, and calls into other files are followed by summaries of the functions called, which are worked
//! out when they are asked for. Which files are worth asking follows from the words of the rule's sources and
//! sinks and from the imports between files. Rules are independent of each other and go through files in order
//! of path, so that results do not depend on the number of threads.

mod link;
pub(crate) mod resolve;
mod run;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
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
use resolve::Paths;
use run::Run;
pub(crate) use run::Side;

/// Source text whose trees are kept at the same time.
const MAX_KEPT: u64 = 4 << 20;
/// Larger files are not walked again.
const MAX_FILE: u64 = 400_000;
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

/// Modules a file passes on, and whether it leaves work to others.
type Read = (Vec<String>, bool);

struct Project<'a> {
    across: &'a Across<'a>,
    paths: Paths,
    present: Vec<Option<Present>>,
    imports: Vec<Vec<usize>>,
    importers: Vec<Vec<usize>>,
    /// Files that leave work to those that import them: interfaces and abstract classes.
    opens: Vec<bool>,
    trees: Vec<OnceLock<Option<Arc<ParsedFile>>>>,
    kept: AtomicU64,
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
pub(crate) fn look_across(across: &Across<'_>) -> Crossed {
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
    let wanted = |file: &FileEntry| followed(file).is_some() && file.size <= MAX_FILE && !file.generated;
    let (present, read): (Vec<Option<Present>>, Vec<Read>) = files
        .par_iter()
        .map(|file| {
            let bytes = wanted(file).then(|| std::fs::read(&file.absolute).ok()).flatten();
            let Some(bytes) = bytes else { return (None, (Vec::new(), false)) };
            let scripts = matches!(file.language, Some(Language::Javascript | Language::Typescript));
            let passed = if scripts { named_after_from(&bytes) } else { Vec::new() };
            (Some(across.plan.present(&bytes)), (passed, leaves_open(&bytes)))
        })
        .unzip();
    let (passed, opens): (Vec<Vec<String>>, Vec<bool>) = read.into_iter().unzip();
    let imports: Vec<Vec<usize>> =
        passed.par_iter().enumerate().map(|(at, passed)| imports_of(across, &paths, at, passed)).collect();
    let mut importers = vec![Vec::new(); files.len()];
    for (at, own) in imports.iter().enumerate() {
        for target in own {
            importers[*target].push(at);
        }
    }
    let trees = files.iter().map(|_| OnceLock::new()).collect();
    let project =
        Project { across, paths, present, imports, importers, opens, trees, kept: AtomicU64::new(0) };
    let mut keys: Vec<(usize, Language)> = rules.keys().copied().collect();
    keys.sort_unstable();
    let results: Vec<Crossed> = keys
        .par_iter()
        .map(|key| {
            let run = || Run::new(&project, &rules[key], key.1).all();
            let broken = || Crossed { broken: vec![key.0], ..Crossed::default() };
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

/// Whether a file has methods that others implement.
fn leaves_open(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 4] = [b"interface ", b"abstract", b"NotImplementedError", b"Protocol"];
    WORDS.iter().any(|word| memchr::memmem::find(bytes, word).is_some())
}

/// Modules that scripts import from or pass on, by their text: `export … from './x'`.
fn named_after_from(bytes: &[u8]) -> Vec<String> {
    let mut modules = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"from ").take(200) {
        let rest = &bytes[at + 5..];
        let Some(quote) = rest.first().filter(|quote| matches!(quote, b'\'' | b'"')) else { continue };
        let Some(end) = rest[1..].iter().take(200).position(|byte| byte == quote) else { continue };
        let module = String::from_utf8_lossy(&rest[1..=end]).into_owned();
        if module.starts_with(['.', '@', '~']) {
            modules.push(module);
        }
    }
    modules
}

fn imports_of(across: &Across<'_>, paths: &Paths, at: usize, passed: &[String]) -> Vec<usize> {
    let Some(language) = across.files[at].language.filter(|language| imports_say_all(*language)) else {
        return Vec::new();
    };
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
        if self.kept.fetch_add(size, Ordering::Relaxed) + size <= MAX_KEPT {
            return self.trees[at].get_or_init(|| parsed).clone();
        }
        self.kept.fetch_sub(size, Ordering::Relaxed);
        parsed
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
