//! One rule on the files of one family of languages: which files are walked, and the summaries they ask for.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};
use tollgate_core::{Cancel, Language, RepoPath};

use super::link::Link;
use super::reach::{MAX_HOPS, Reach};
use super::{Crossed, Project, WALK, family, imports_say_all};
use crate::eval::{Scope, Troubles};
use crate::generic::tokens::TokenCache;
use crate::matching::{Matcher, NodeId, ParsedFile};
use crate::rule::compile::{Program, TaintQuery};
use crate::scanner::file::Hit;
use crate::scanner::finding;
use crate::scanner::lines::Lines;
use crate::scanner::plan::Ready;
use crate::taint::{self, Exported, Functions, Memory, State, TaintMatches};

/// Summaries worked out for one walk.
const MAX_ASKED: u32 = 120;
/// Summaries worked out for one rule.
const MAX_ASKED_IN_ALL: u32 = 1_500;
/// Source text one rule is matched against again.
const MAX_SEEN: u64 = 512 << 10;
/// Steps for one walk, in whatever files it takes them. The same input ends at the same place, however busy the
/// machine is.
const MAX_WORK: u32 = 1_000_000;
/// Files walked for one rule.
const MAX_ROOTS: usize = 400;

/// A file as one rule sees it.
pub(crate) struct Side {
    pub(crate) file: usize,
    pub(crate) path: RepoPath,
    pub(crate) parsed: Arc<ParsedFile>,
    pub(crate) lines: Lines,
    pub(crate) matches: TaintMatches,
    pub(crate) functions: Rc<Functions>,
    /// What the file leaves behind by itself, once a function of it is asked for.
    pub(crate) base: OnceCell<State>,
    /// What is known of its functions already.
    pub(crate) memory: Cell<Memory>,
}

/// One rule on the files of one family of languages.
pub(super) struct Run<'a> {
    pub(super) project: &'a Project<'a>,
    pub(super) reach: Reach<'a>,
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
    pub(super) answered: Cell<bool>,
    /// Steps taken by the walk at work.
    work: Cell<u32>,
    pub(super) deadline: RefCell<Cancel>,
}

impl<'a> Run<'a> {
    pub(super) fn new(project: &'a Project<'a>, reach: Reach<'a>) -> Self {
        Self {
            project,
            reach,
            sides: RefCell::default(),
            known: RefCell::default(),
            open: RefCell::default(),
            cut: Cell::new(false),
            asked: Cell::new(0),
            asked_in_all: Cell::new(0),
            seen: Cell::new(0),
            left_out: Cell::new(false),
            answered: Cell::new(false),
            work: Cell::new(0),
            deadline: RefCell::new(project.across.cancel.clone()),
        }
    }

    fn ready_ones(&self) -> impl Iterator<Item = &'a Ready> {
        Language::ALL.iter().filter_map(|language| self.reach.ready.get(language).copied())
    }

    pub(super) fn ready_for(&self, at: usize) -> Option<&'a Ready> {
        self.reach.ready.get(&self.project.across.files[at].language?).copied()
    }

    pub(super) fn all(self) -> Crossed {
        let files = self.project.across.files;
        let mut crossed = Crossed::default();
        let mut done = FxHashSet::default();
        let mut named: BTreeSet<String> = BTreeSet::new();
        for at in self.reach.roots.iter().copied() {
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
                    file.language.is_some_and(|language| family(language) == self.reach.family)
                };
                if near
                    && !done.contains(&at)
                    && self.ready_for(at).is_some()
                    && self.project.present(at).is_some()
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
        self.work.set(0);
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
        if self.left() == 0 {
            self.left_out.set(true);
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

    pub(super) fn side(&self, at: usize) -> Option<Rc<Side>> {
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
        self.project.present(at)?;
        let Program::Taint(query) = &*ready.program else { return None };
        let parsed = self.project.tree(at)?;
        let cancel = self.deadline.borrow().clone();
        let matches = scoped(&parsed, &cancel, |scope| TaintMatches::find(query, scope, true)).ok()?;
        let functions = Rc::new(Functions::of(&parsed));
        let lines = Lines::new(parsed.text());
        let path = self.project.across.files[at].path.clone();
        let (base, memory) = (OnceCell::new(), Cell::default());
        Some(Side { file: at, path, parsed, lines, matches, functions, base, memory })
    }

    /// Steps that are left for the walk at work.
    pub(super) fn left(&self) -> u32 {
        MAX_WORK.saturating_sub(self.work.get())
    }

    pub(super) fn spend(&self, steps: u32) {
        self.work.set(self.work.get().saturating_add(steps));
    }

    pub(super) fn program(&self, at: usize) -> Option<(&'a TaintQuery, &'a Ready)> {
        let ready = self.ready_for(at)?;
        match &*ready.program {
            Program::Taint(query) => Some((query, ready)),
            Program::Search(_) => None,
        }
    }

    pub(super) fn summary(
        &self,
        side: &Side,
        id: NodeId,
        constructs: bool,
        hops: u32,
    ) -> Option<Rc<Exported>> {
        let key = (side.file, id);
        if let Some(known) = self.known.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        if hops >= MAX_HOPS
            || self.asked.get() >= MAX_ASKED
            || self.asked_in_all.get() >= MAX_ASKED_IN_ALL
            || self.open.borrow().contains(&key)
        {
            let full = self.asked.get() >= MAX_ASKED || self.asked_in_all.get() >= MAX_ASKED_IN_ALL;
            self.left_out.set(self.left_out.get() || full);
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
        let (exported, memory) = scoped(&side.parsed, &cancel, |scope| {
            taint::exported(side, &link, scope, (query, &ready.rule.options), (id, constructs))
        });
        let exported = Rc::new(exported);
        self.open.borrow_mut().remove(&key);
        if !self.cut.get() && !cancel.is_cancelled() {
            self.known.borrow_mut().insert(key, Rc::clone(&exported));
            if let Some(memory) = memory {
                side.memory.set(memory);
            }
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
