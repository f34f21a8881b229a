//! Taint across the files of a project.
//!
//! Files are looked at one by one first. Then, for each taint rule, the files that may hold a source are walked
//! once more, and calls into other files are followed by summaries of the functions called, which are worked
//! out when they are asked for. Which files are worth asking follows from the words of the rule's sources and
//! sinks and from the imports between files. Rules are independent of each other and go through files in order
//! of path, so that results do not depend on the number of threads.

pub(crate) mod resolve;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::{Cancel, FileEntry, Language, RepoPath};

use crate::eval::{Scope, Troubles};
use crate::facts::FileFacts;
use crate::generic::tokens::TokenCache;
use crate::matching::{Dialect, Matcher, NodeId, ParsedFile};
use crate::prefilter::{Need, Present};
use crate::rule::compile::{Program, TaintQuery};
use crate::scanner::file::{CrossFunction, Hit};
use crate::scanner::finding::{self, FileFinding};
use crate::scanner::lines::{self, Lines};
use crate::scanner::plan::{Ready, RulePlan};
use crate::taint::{self, Ask, Exported, Functions, State, TaintMatches};
use crate::tree::{Kind, Role, Symbol};
use resolve::Paths;

/// Imports from a source's file to a sink's.
const MAX_HOPS: u32 = 6;
/// Summaries worked out for one walk.
const MAX_ASKED: u32 = 120;
/// Summaries worked out for one rule.
const MAX_ASKED_IN_ALL: u32 = 1_500;
/// Source text one rule is matched against again.
const MAX_SEEN: u64 = 512 << 10;
/// Source text whose trees are kept at the same time.
const MAX_KEPT: u64 = 6 << 20;
/// Larger files are not walked again.
const MAX_FILE: u64 = 400_000;
/// Files walked for one rule.
const MAX_ROOTS: usize = 400;
/// Time for one walk.
const WALK: Duration = Duration::from_secs(5);

/// What looking across files needs.
pub(crate) struct Across<'a> {
    pub(crate) plan: &'a RulePlan,
    pub(crate) cancel: &'a Cancel,
    pub(crate) cross_function: CrossFunction,
    pub(crate) files: &'a [&'a FileEntry],
    /// What each file told, in the order of the files.
    pub(crate) facts: &'a [FileFacts],
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
    present: Vec<Option<Present>>,
    imports: Vec<Vec<usize>>,
    importers: Vec<Vec<usize>>,
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
    let (present, passed): (Vec<Option<Present>>, Vec<Vec<String>>) = files
        .par_iter()
        .map(|file| {
            let bytes = wanted(file).then(|| std::fs::read(&file.absolute).ok()).flatten();
            let Some(bytes) = bytes else { return (None, Vec::new()) };
            let scripts = matches!(file.language, Some(Language::Javascript | Language::Typescript));
            let passed = if scripts { named_after_from(&bytes) } else { Vec::new() };
            (Some(across.plan.present(&bytes)), passed)
        })
        .unzip();
    let imports: Vec<Vec<usize>> =
        passed.par_iter().enumerate().map(|(at, passed)| imports_of(across, &paths, at, passed)).collect();
    let mut importers = vec![Vec::new(); files.len()];
    for (at, own) in imports.iter().enumerate() {
        for target in own {
            importers[*target].push(at);
        }
    }
    let trees = files.iter().map(|_| OnceLock::new()).collect();
    let project = Project { across, paths, present, imports, importers, trees, kept: AtomicU64::new(0) };
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

/// A file as one rule sees it.
pub(crate) struct Side {
    pub(crate) file: usize,
    pub(crate) path: RepoPath,
    pub(crate) parsed: Arc<ParsedFile>,
    pub(crate) lines: Lines,
    pub(crate) matches: TaintMatches,
    pub(crate) functions: Rc<Functions>,
    pub(crate) base: State,
}

/// One rule on the files of one family of languages.
struct Run<'a> {
    project: &'a Project<'a>,
    ready: FxHashMap<Language, &'a Ready>,
    family: Language,
    /// Files from which a source or a sink can be reached.
    worth: Vec<bool>,
    sides: RefCell<FxHashMap<usize, Option<Rc<Side>>>>,
    known: RefCell<FxHashMap<(usize, NodeId), Rc<Exported>>>,
    open: RefCell<FxHashSet<(usize, NodeId)>>,
    /// Whether something was left out of the summary at work.
    cut: Cell<bool>,
    asked: Cell<u32>,
    asked_in_all: Cell<u32>,
    /// Bytes of the files seen.
    seen: Cell<u64>,
    left_out: Cell<bool>,
    answered: Cell<bool>,
    deadline: RefCell<Cancel>,
}

/// Leads from one file to others.
pub(crate) struct Link<'l> {
    run: &'l Run<'l>,
    file: usize,
    hops: u32,
}

impl<'a> Run<'a> {
    fn new(project: &'a Project<'a>, ready: &[&'a Ready], family: Language) -> Self {
        let ready: FxHashMap<Language, &Ready> = ready
            .iter()
            .flat_map(|own| {
                own.rule.languages.iter().filter_map(|language| language.code().map(|l| (l, *own)))
            })
            .filter(|(language, own)| {
                project.across.plan.taint_rules(*language).any(|other| std::ptr::eq(other, *own))
            })
            .collect();
        Self {
            project,
            ready,
            family,
            worth: Vec::new(),
            sides: RefCell::default(),
            known: RefCell::default(),
            open: RefCell::default(),
            cut: Cell::new(false),
            asked: Cell::new(0),
            asked_in_all: Cell::new(0),
            seen: Cell::new(0),
            left_out: Cell::new(false),
            answered: Cell::new(false),
            deadline: RefCell::new(project.across.cancel.clone()),
        }
    }

    fn ready_ones(&self) -> impl Iterator<Item = &'a Ready> {
        Language::ALL.iter().filter_map(|language| self.ready.get(language).copied())
    }

    fn ready_for(&self, at: usize) -> Option<&'a Ready> {
        self.ready.get(&self.project.across.files[at].language?).copied()
    }

    fn meets(&self, at: usize, sink: bool) -> bool {
        let (Some(ready), Some(present)) = (self.ready_for(at), &self.project.present[at]) else {
            return false;
        };
        ready.ends.as_ref().is_some_and(|(source, own)| present.meets(if sink { own } else { source }))
    }

    /// The files given, and those that import them over some steps.
    fn leading_to(&self, mut reached: Vec<bool>) -> Vec<bool> {
        let mut open: Vec<usize> = (0..reached.len()).filter(|at| reached[*at]).collect();
        for _ in 0..MAX_HOPS {
            let mut next = Vec::new();
            for at in open {
                for importer in &self.project.importers[at] {
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

    fn all(mut self) -> Crossed {
        let files = self.project.across.files;
        let sinks: Vec<bool> = (0..files.len()).map(|at| self.meets(at, true)).collect();
        let sources: Vec<bool> = (0..files.len()).map(|at| self.meets(at, false)).collect();
        if !sinks.contains(&true) || !sources.contains(&true) {
            return Crossed::default();
        }
        // Without telling words every file is a source or a sink, and imports lead from all to all.
        let broad = |ready: &Ready| {
            ready.ends.as_ref().is_none_or(|(source, sink)| *source == Need::Always && *sink == Need::Always)
        };
        if imports_say_all(self.family) && self.ready_ones().all(broad) {
            return Crossed::default();
        }
        let to_sinks = self.leading_to(sinks.clone());
        let ends: Vec<bool> = sinks.iter().zip(&sources).map(|(a, b)| *a || *b).collect();
        self.worth = self.leading_to(ends);
        let cleans = self
            .ready_ones()
            .any(|ready| matches!(&*ready.program, Program::Taint(query) if !query.sanitizers.is_empty()));
        let mut crossed = Crossed::default();
        let mut done = FxHashSet::default();
        let mut named: BTreeSet<String> = BTreeSet::new();
        for at in 0..files.len() {
            let says_all = files[at].language.is_some_and(imports_say_all);
            let leads = !says_all
                || self.project.imports[at].iter().any(|target| to_sinks[*target])
                || self.project.importers[at].iter().any(|importer| to_sinks[*importer])
                // What it imports may clean what flows inside of it.
                || sinks[at] && cleans && !self.project.imports[at].is_empty();
            if !sources[at] || !leads {
                continue;
            }
            if done.len() >= MAX_ROOTS || self.seen.get() >= MAX_SEEN {
                crossed.unfinished.extend(self.ready_for(at).map(|ready| ready.index));
                break;
            }
            let has_source = self.side(at).is_some_and(|side| !side.matches.sources.is_empty());
            if has_source && done.insert(at) {
                named.extend(self.walk(at, &mut crossed));
            }
        }
        // Those that call what returns a source have a source themselves.
        for _ in 0..2 {
            if named.is_empty() {
                break;
            }
            let names: Vec<String> =
                std::mem::take(&mut named).into_iter().filter(|name| name.len() > 2).collect();
            let givers: Vec<usize> = done.iter().copied().collect();
            let mut callers: BTreeSet<usize> = BTreeSet::new();
            for (at, file) in files.iter().enumerate() {
                let says_all = file.language.is_some_and(imports_say_all);
                let near = if says_all {
                    givers.iter().any(|giver| self.project.imports[at].binary_search(giver).is_ok())
                } else {
                    file.language.is_some_and(|language| family(language) == self.family)
                };
                if near
                    && !done.contains(&at)
                    && self.ready_for(at).is_some()
                    && self.project.present[at].is_some()
                {
                    callers.insert(at);
                }
            }
            for at in callers {
                if done.len() >= MAX_ROOTS {
                    break;
                }
                let Ok(bytes) = std::fs::read(&files[at].absolute) else { continue };
                if names.iter().any(|name| memchr::memmem::find(&bytes, name.as_bytes()).is_some()) {
                    done.insert(at);
                    named.extend(self.walk(at, &mut crossed));
                }
            }
        }
        if self.left_out.get() {
            crossed.unfinished.extend(self.ready_ones().map(|ready| ready.index));
        }
        crossed.findings.sort_by(|a, b| (a.0, a.1.span, &a.1.message).cmp(&(b.0, b.1.span, &b.1.message)));
        crossed
    }

    fn walk(&self, at: usize, crossed: &mut Crossed) -> Vec<String> {
        let Some(side) = self.side(at) else { return Vec::new() };
        let Some(ready) = self.ready_for(at) else { return Vec::new() };
        let Program::Taint(query) = &*ready.program else { return Vec::new() };
        self.asked.set(0);
        self.cut.set(false);
        self.answered.set(false);
        *self.deadline.borrow_mut() = self.project.across.cancel.with_deadline(Instant::now() + WALK);
        let cancel = self.deadline.borrow().clone();
        let link = Link { run: self, file: at, hops: 0 };
        let walked = scoped(&side.parsed, &cancel, |scope| {
            taint::walk(&side, &link, scope, query, &ready.rule.options)
        });
        if cancel.is_cancelled() {
            crossed.unfinished.push(ready.index);
            return Vec::new();
        }
        if self.answered.get() && !side.matches.sources.is_empty() {
            crossed.replaced.insert((ready.index, at));
            for flow in walked.flows {
                self.report(&side, Hit { range: flow.range, trace: flow.trace }, crossed);
            }
        }
        for flow in walked.cross {
            if let Some(side) = self.side(flow.file) {
                self.report(&side, Hit { range: flow.range, trace: flow.trace }, crossed);
            }
        }
        walked.sources
    }

    fn report(&self, side: &Side, hit: Hit, crossed: &mut Crossed) {
        let Some(ready) = self.ready_for(side.file) else { return };
        let file = self.project.across.files[side.file];
        if !ready.rule.filter.admits(file.path.as_str()) {
            return;
        }
        let found = scoped(&side.parsed, self.project.across.cancel, |scope| {
            finding::build(ready, hit, scope, file, side.parsed.shared_text(), &side.lines)
        });
        crossed.findings.push((side.file, found));
    }

    fn side(&self, at: usize) -> Option<Rc<Side>> {
        if let Some(known) = self.sides.borrow().get(&at) {
            return known.clone();
        }
        let size = self.project.across.files[at].size;
        let fits = self.seen.get() + size <= MAX_SEEN;
        if fits {
            self.seen.set(self.seen.get() + size);
        } else {
            self.left_out.set(true);
        }
        let side = if fits { self.see(at).map(Rc::new) } else { None };
        self.sides.borrow_mut().insert(at, side.clone());
        side
    }

    fn see(&self, at: usize) -> Option<Side> {
        let ready = self.ready_for(at)?;
        self.project.present[at].as_ref()?;
        let Program::Taint(query) = &*ready.program else { return None };
        let parsed = self.project.tree(at)?;
        let cancel = self.deadline.borrow().clone();
        let options = &ready.rule.options;
        let (matches, base) = scoped(&parsed, &cancel, |scope| {
            let matches = TaintMatches::find(query, scope, true)?;
            let base = if matches.sources.is_empty() {
                State::default()
            } else {
                taint::base(&parsed, query, options, scope, &matches)
            };
            Some((matches, base))
        })?;
        let functions = Rc::new(Functions::of(&parsed));
        let lines = Lines::new(parsed.text());
        let path = self.project.across.files[at].path.clone();
        Some(Side { file: at, path, parsed, lines, matches, functions, base })
    }

    fn program(&self, at: usize) -> Option<(&'a TaintQuery, &'a Ready)> {
        let ready = self.ready_for(at)?;
        match &*ready.program {
            Program::Taint(query) => Some((query, ready)),
            Program::Search(_) => None,
        }
    }

    fn summary(&self, side: &Side, id: NodeId, constructs: bool, hops: u32) -> Option<Rc<Exported>> {
        let key = (side.file, id);
        if let Some(known) = self.known.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        if hops >= MAX_HOPS
            || self.asked.get() >= MAX_ASKED
            || self.asked_in_all.get() >= MAX_ASKED_IN_ALL
            || self.open.borrow().contains(&key)
        {
            self.cut.set(true);
            return None;
        }
        let (query, ready) = self.program(side.file)?;
        self.asked.set(self.asked.get() + 1);
        self.asked_in_all.set(self.asked_in_all.get() + 1);
        self.open.borrow_mut().insert(key);
        let before = self.cut.replace(false);
        let cancel = self.deadline.borrow().clone();
        let link = Link { run: self, file: side.file, hops: hops + 1 };
        let exported = scoped(&side.parsed, &cancel, |scope| {
            taint::exported(side, &link, scope, (query, &ready.rule.options), (id, constructs))
        });
        let exported = Rc::new(exported);
        self.open.borrow_mut().remove(&key);
        if !self.cut.get() && !cancel.is_cancelled() {
            self.known.borrow_mut().insert(key, Rc::clone(&exported));
        }
        self.cut.set(self.cut.get() || before);
        Some(exported)
    }
}

fn scoped<T>(parsed: &ParsedFile, cancel: &Cancel, work: impl FnOnce(&Scope<'_>) -> T) -> T {
    let matcher = Matcher::new(parsed, cancel);
    let (troubles, tokens) = (Troubles::default(), TokenCache::default());
    let scope = Scope::of_file(&matcher, cancel, &troubles, &tokens);
    work(&scope)
}

impl Link<'_> {
    /// The number of the file it leads from.
    pub(crate) const fn file(&self) -> usize {
        self.file
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

    fn collect(&self, ask: &Ask, passes: u32, found: &mut Vec<Rc<Exported>>) {
        let run = self.run;
        for at in &ask.files {
            if run.ready_for(*at).is_none() || self.run.deadline.borrow().is_cancelled() {
                continue;
            }
            let says_all = run.project.across.files[*at].language.is_some_and(imports_say_all);
            // A file that leads to no end matters only when it may clean what it is given.
            let cleans = run.program(*at).is_some_and(|(query, _)| !query.sanitizers.is_empty());
            if says_all && !run.worth[*at] && !cleans {
                continue;
            }
            let Some(side) = run.side(*at) else { continue };
            let own = taint::functions(&side, ask);
            if own.is_empty() {
                for next in taint::passed_on(self, &side, ask, passes) {
                    self.collect(&next, passes + 1, found);
                }
                continue;
            }
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

#[cfg(test)]
mod tests;
