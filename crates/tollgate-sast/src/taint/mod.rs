//! Taint tracking: from sources to sinks, through a function and the calls it makes in its file.
//!
//! An abstract interpreter walks the tree of each function once, loops until they settle, and keeps for every
//! variable and field the sources it may carry. Branches are joined, assignments replace. With calls followed,
//! parameters count as taint of their own, so that one walk of a function serves all its callers.

mod arguments;
mod asks;
mod bodies;
mod callbacks;
mod callees;
mod calls;
mod containers;
mod contexts;
mod decide;
mod elements;
mod engine;
mod expressions;
mod flow;
mod foreign;
mod functions;
mod known;
mod live;
mod places;
mod returned;
mod settle;
mod shared;
mod spots;
mod state;
mod summaries;
mod targets;
#[cfg(test)]
mod tests;
mod trail;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tollgate_core::location::StepKind;
use tollgate_core::{RepoPath, SourceLocation, Trace, TraceStep};

use crate::eval::{Found, Scope, joined};
use crate::matching::{Binding, NodeId, ParsedFile, Span};
use crate::project::{Link, Side};
use crate::rule::compile::TaintQuery;
use crate::rule::options::RuleOptions;
use crate::scanner::lines::Lines;
use crate::tree::{Kind, Role};

pub(crate) use asks::{Ask, are_abstract, functions, implementing, passed_on};
use contexts::Contexts;
use engine::{Engine, Reached};
pub(crate) use foreign::Exported;
use foreign::Outside;
pub(crate) use functions::Functions;
use spots::Matches;
pub(crate) use spots::{End, Matches as TaintMatches, has_sink};
use state::Origin;
pub(crate) use state::State;
use summaries::{Called, Summary};
use trail::At;

/// Different sources reported for one sink.
const MAX_SOURCES: usize = 8;
/// Longer source texts are cut in traces.
const MAX_MESSAGE: usize = 120;

/// A flow from a source to a sink.
#[derive(Debug)]
pub(crate) struct Flow {
    /// The sink's range with the metavariables of both ends.
    pub(crate) range: Found,
    /// How taint got there.
    pub(crate) trace: Option<Trace>,
}

/// A flow whose source or sink lies in another file.
#[derive(Debug)]
pub(crate) struct CrossFlow {
    /// The sink's file.
    pub(crate) file: usize,
    pub(crate) range: Found,
    pub(crate) trace: Option<Trace>,
}

/// What walking a file with others gave.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Flows inside of the file.
    pub(crate) flows: Vec<Flow>,
    pub(crate) cross: Vec<CrossFlow>,
    /// Functions that return what a source gave.
    pub(crate) sources: Vec<String>,
}

/// What top-level code and methods leave behind in a file by itself.
fn base(
    parsed: &ParsedFile,
    query: &TaintQuery,
    options: &RuleOptions,
    scope: &Scope<'_>,
    matches: &Matches,
) -> State {
    let mut engine = Engine::new(scope, parsed, query, options, matches);
    engine.run(true);
    engine.base
}

/// What was worked out about the functions of a file for others, to go on from.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    summaries: FxHashMap<Called, Rc<Summary>>,
    contexts: Contexts,
    outside: Outside,
}

/// A function's summary for other files, and what to keep for the next one of the file unless something was
/// left out.
pub(crate) fn exported(
    side: &Side,
    link: &Link<'_>,
    scope: &Scope<'_>,
    (query, options): (&TaintQuery, &RuleOptions),
    (id, constructs): (NodeId, bool),
) -> (Exported, Option<Memory>) {
    let mut engine = Engine::new(scope, &side.parsed, query, options, &side.matches);
    let base = || {
        if side.matches.sources.is_empty() {
            return State::default();
        }
        base(&side.parsed, query, options, scope, &side.matches)
    };
    engine.base = side.base.get_or_init(base).clone();
    engine.functions = Some(Rc::clone(&side.functions));
    engine.frame = engine::Frame::new(false);
    engine.link = Some(link);
    engine.limit = engine.limit.min(link.left());
    let memory = side.memory.take();
    (engine.summaries, engine.contexts, engine.outside) = (memory.summaries, memory.contexts, memory.outside);
    let exported = engine.export(side, id, constructs);
    link.spend(engine.steps);
    let whole = !engine.is_spent();
    let Engine { mut summaries, tentative, contexts, outside, .. } = engine;
    summaries.retain(|called, _| !tentative.contains_key(called));
    (exported, whole.then_some(Memory { summaries, contexts, outside }))
}

/// Walks a file, following calls into others.
pub(crate) fn walk(
    side: &Side,
    link: &Link<'_>,
    scope: &Scope<'_>,
    query: &TaintQuery,
    options: &RuleOptions,
) -> Walked {
    let mut engine = Engine::new(scope, &side.parsed, query, options, &side.matches);
    engine.link = Some(link);
    engine.limit = engine.limit.min(link.left());
    engine.run(true);
    link.spend(engine.steps);
    let mut walked = Walked::default();
    let mut by_sink: BTreeMap<u32, usize> = BTreeMap::new();
    for ((at, origin, _), reached) in &engine.found {
        let (Some(source), Some(sink)) = (engine.source(side, *origin), engine.sink(side, *at)) else {
            continue;
        };
        let count = by_sink.entry(*at).or_default();
        *count += 1;
        if *count > MAX_SOURCES {
            continue;
        }
        if let Origin::Source(source) = origin
            && *at < foreign::FOREIGN_SINKS
        {
            let (from, to) = (side.matches.sources.spot(*source), side.matches.sinks.spot(*at));
            let range = Found::plain(to.span, joined(&to.bindings, &from.bindings), None);
            let mut steps = vec![step_of(side, StepKind::Source, from.span)];
            steps.extend(engine.steps(side, &reached.taint));
            steps.push(step_of(side, StepKind::Sink, to.span));
            walked.flows.push(Flow { range, trace: Trace::new(steps) });
            continue;
        }
        let mut bindings = sink.bindings.clone();
        for (name, text) in &source.bindings {
            if bindings.get(name).is_none() {
                bindings.insert(Arc::clone(name), Binding::text_at(Span { start: 0, end: 0 }, text));
            }
        }
        let mut steps = vec![source.step.clone()];
        steps.extend(engine.steps(side, &reached.taint));
        steps.extend(sink.steps.iter().cloned());
        let range = Found::plain(sink.span, bindings, None);
        walked.cross.push(CrossFlow { file: sink.file, range, trace: Trace::new(steps) });
    }
    let tree = side.parsed.tree();
    for function in side.parsed.index().of_kind(Kind::Func) {
        let Some(summary) = engine.summaries.get(&(function.number(), 0)) else { continue };
        let gives = summary.returns.iter().any(|taint| !matches!(taint.origin, Origin::Param(_)));
        let name = tree.child(*function, Role::Name);
        if let Some(name) = name.filter(|_| gives) {
            walked.sources.push(side.parsed.node_text(name).to_owned());
        }
    }
    walked.sources.sort();
    walked.sources.dedup();
    walked
}

fn step_of(side: &Side, kind: StepKind, span: Span) -> TraceStep {
    step_at(kind, span, side.parsed.text(), &side.path, &side.lines)
}

/// A step of a trace, with the first line of its text as the message.
fn step_at(kind: StepKind, span: Span, text: &str, path: &RepoPath, lines: &Lines) -> TraceStep {
    let whole = span.of(text).lines().next().unwrap_or_default().trim();
    let message = whole[..whole.floor_char_boundary(MAX_MESSAGE)].to_owned();
    TraceStep { kind, location: SourceLocation::new(path.clone(), lines.region(span, text)), message }
}

/// Every flow of a rule in a file.
///
/// # Errors
/// The end that the file lacks.
pub(crate) fn find(
    query: &TaintQuery,
    options: &RuleOptions,
    cross_function: bool,
    scope: &Scope<'_>,
    path: &RepoPath,
    lines: &Lines,
) -> Result<Vec<Flow>, End> {
    let Some(matcher) = scope.matcher else { return Err(End::Sink) };
    let matches = Matches::find(query, scope, false)?;
    let mut engine = Engine::new(scope, matcher.file(), query, options, &matches);
    engine.run(cross_function);
    if cross_function && engine.is_spent() {
        // Too much to follow from function to function: what each function shows by itself still counts.
        scope.troubles.spent();
        let mut plain = Engine::new(scope, matcher.file(), query, options, &matches);
        plain.run(false);
        for (key, reached) in plain.found {
            engine.found.entry(key).or_insert(reached);
        }
    }
    let mut by_sink: BTreeMap<u32, usize> = BTreeMap::new();
    let mut flows = Vec::new();
    for ((sink, origin, _), reached) in &engine.found {
        let Origin::Source(source) = origin else { continue };
        let count = by_sink.entry(*sink).or_default();
        *count += 1;
        if *count > MAX_SOURCES {
            continue;
        }
        let (from, to) = (matches.sources.spot(*source), matches.sinks.spot(*sink));
        let range = Found::plain(to.span, joined(&to.bindings, &from.bindings), None);
        flows.push(Flow { range, trace: trace(reached, from.span, to.span, scope.text, path, lines) });
    }
    Ok(flows)
}

fn trace(
    reached: &Reached,
    from: Span,
    to: Span,
    text: &str,
    path: &RepoPath,
    lines: &Lines,
) -> Option<Trace> {
    let step = |kind: StepKind, span: Span| step_at(kind, span, text, path, lines);
    let mut steps = vec![step(StepKind::Source, from)];
    steps.extend(reached.taint.places().into_iter().filter_map(|at| match at {
        At::Here(span) => Some(step(StepKind::Step, span)),
        At::There(_) => None,
    }));
    steps.push(step(StepKind::Sink, to));
    Trace::new(steps)
}

impl Engine<'_> {
    /// Walks the file: top-level code first, then the functions on what it leaves behind.
    fn run(&mut self, cross_function: bool) {
        self.eval(NodeId::ROOT);
        let mut base = std::mem::take(&mut self.state);
        base.dead = false;
        if !cross_function {
            let mut at = 0;
            while let Some(id) = self.deferred.get(at).copied() {
                at += 1;
                if self.matches.sinks.any_in(self.file.span(id)) {
                    self.state = base.clone();
                    self.function(id, false);
                }
            }
            return;
        }
        // What top-level code stored is known now, so that functions can be summarised and calls followed.
        for _ in 0..2 {
            self.found.clear();
            self.met.clear();
            self.functions = Some(Rc::new(Functions::of(self.file)));
            self.summaries.clear();
            self.base = base.clone();
            self.state = state::State::default();
            self.frame = engine::Frame::new(true);
            self.eval(NodeId::ROOT);
            let live = self.live_functions();
            let mut at = 0;
            while let Some(id) = self.deferred.get(at).copied() {
                at += 1;
                if live.as_ref().is_none_or(|live| live.contains(&id)) {
                    self.summary(id, Vec::new());
                }
            }
            // Methods see what other methods stored in their object.
            let mut next = base.clone();
            let mut shared = self.shared.clone();
            if let Some(functions) = &self.functions {
                functions.relate(&mut shared);
            }
            next.join(&shared);
            if next.same(&base) || self.is_over() {
                break;
            }
            base = next;
        }
    }
}
