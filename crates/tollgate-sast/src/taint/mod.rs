//! Taint tracking: from sources to sinks, through a function and the calls it makes in its file.
//!
//! An abstract interpreter walks the tree of each function once, loops until they settle, and keeps for every
//! variable and field the sources it may carry. Branches are joined, assignments replace. With calls followed,
//! parameters count as taint of their own, so that one walk of a function serves all its callers.

mod callbacks;
mod calls;
mod containers;
mod contexts;
mod engine;
mod flow;
mod known;
mod settle;
mod spots;
mod state;
mod targets;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tollgate_core::location::StepKind;
use tollgate_core::{RepoPath, SourceLocation, Trace, TraceStep};

use crate::eval::{Found, Scope, joined};
use crate::matching::{NodeId, Span};
use crate::rule::compile::TaintQuery;
use crate::rule::options::RuleOptions;
use crate::scanner::lines::Lines;

use engine::{Engine, Reached};
use spots::Matches;
use state::Origin;

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

/// Every flow of a rule in a file.
pub(crate) fn find(
    query: &TaintQuery,
    options: &RuleOptions,
    cross_function: bool,
    scope: &Scope<'_>,
    path: &RepoPath,
    lines: &Lines,
) -> Vec<Flow> {
    let Some(matcher) = scope.matcher else { return Vec::new() };
    let Some(matches) = Matches::find(query, scope) else { return Vec::new() };
    let mut engine = Engine::new(scope, matcher.file(), query, options, &matches);
    engine.run(cross_function);
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
    flows
}

fn trace(
    reached: &Reached,
    from: Span,
    to: Span,
    text: &str,
    path: &RepoPath,
    lines: &Lines,
) -> Option<Trace> {
    let step = |kind: StepKind, span: Span| {
        let whole = span.of(text).lines().next().unwrap_or_default().trim();
        let message = whole[..whole.floor_char_boundary(MAX_MESSAGE)].to_owned();
        TraceStep { kind, location: SourceLocation::new(path.clone(), lines.region(span, text)), message }
    };
    let mut steps = vec![step(StepKind::Source, from)];
    steps.extend(reached.taint.places().into_iter().map(|span| step(StepKind::Step, span)));
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
            self.functions = Some(calls::Functions::of(self.file));
            self.summaries.clear();
            self.base = base.clone();
            self.state = state::State::default();
            self.frame = engine::Frame::new(true);
            self.eval(NodeId::ROOT);
            let mut at = 0;
            while let Some(id) = self.deferred.get(at).copied() {
                at += 1;
                self.summary(id, Vec::new());
            }
            // Methods see what other methods stored in their object.
            let mut next = base.clone();
            next.join(&self.shared);
            if next.same(&base) || self.is_over() {
                break;
            }
            base = next;
        }
    }
}
